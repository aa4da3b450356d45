"""The bench at which sets of levers are tried: today's hospital, what may be changed, and how a run is counted."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from sandcone.core.arrangement import Arrangement, Care
from sandcone.core.care import Path
from sandcone.core.errors import SandconeError
from sandcone.core.lever import Course, Levers, LeverSet, arranged
from sandcone.core.model import Model
from sandcone.core.outcome import Outcome
from sandcone.core.site import Site
from sandcone.flow.improve_people import Cared, Crowd
from sandcone.flow.site_after import site_after
from sandcone.improving.search.look import short_course
from sandcone.measuring.tally import tally
from sandcone.simulating.engines import Engine
from sandcone.simulating.job import Job

KEPT = 4  # sets of levers laid out at once in a process
Scale = tuple[Callable[[Model, float], Model], float]
"""What makes a hospital so many times as busy or as large, and how many times."""


Key = tuple[LeverSet, Scale | None, int | None]
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Some runs of one set of levers; a run is a number of luck and whether it is short. ``keep`` keeps their periods."""

    levers: LeverSet
    runs: tuple[tuple[int, bool], ...]
    keep: bool = False
    scale: Scale | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """One arrangement with its engine laid out, and the site by which it is counted."""

    arrangement: Arrangement
    engine: Engine
    site: Site


class Bench:
    """Today's hospital, what may be changed, and how a run is counted. It can be sent to another process, where it lays out anew."""

    def __init__(self, today: Arrangement, levers: Levers, site: Site | None, seed: int, cared: Cared | None = None) -> None:
        self.today, self.levers, self.site, self.seed, self.cared = today, levers, site, seed, cared
        self.laid: OrderedDict[Key, Laid] = OrderedDict()
        self.crowds: OrderedDict[int, Crowd] = OrderedDict()  # by number of luck
        self.paths: OrderedDict[tuple[int, Care], list[Path]] = OrderedDict()
        self.works: dict[bytes, Mapping[str, float]] = {}  # work that comes to each pool, by what makes it

    def __reduce__(self) -> tuple[object, ...]:
        return Bench, (self.today, self.levers, self.site, self.seed, self.cared)

    def arranged(self, levers: LeverSet) -> Arrangement:
        """The hospital with these levers set; ``ModelError`` where that cannot be."""
        return arranged(self.levers.levers, levers, self.today)

    def lay(self, levers: LeverSet, scale: Scale | None = None, replication: int = 0) -> Laid:
        """The hospital with these levers set, ready to run; the last few are kept. Only where people are known it hangs on the luck."""
        who = None if self.cared is None else replication
        return _kept(self.laid, (levers, scale, who), lambda: self._lay(levers, scale, who))

    def _lay(self, levers: LeverSet, scale: Scale | None, who: int | None) -> Laid:
        at = self.arranged(levers)
        site, changed = site_after(self.site, self.today.model, at.model), at
        if self.cared is not None and who is not None:
            changed = replace(at, model=self.cared.model(at, self.crowd(who), self._paths(self.cared, who, at.care)))
        if scale is not None:
            changed = replace(changed, model=scale[0](changed.model, scale[1]))
            site = site_after(self.site, self.today.model, changed.model)
        return Laid(changed, self.job(changed, self.levers.course).ready(lambda _words: None), site)

    def crowd(self, replication: int) -> Crowd:
        """The people of a run, where they are known."""
        assert self.cared is not None
        cared = self.cared
        return _kept(self.crowds, replication, lambda: cared.crowd(replication))

    def _paths(self, cared: Cared, who: int, care: Care) -> list[Path] | None:
        return None if care == "as today" else _kept(self.paths, (who, care), lambda: cared.paths(self.crowd(who), care))

    def job(self, at: Arrangement, course: Course) -> Job:
        """A run of an arrangement."""
        return Job(model=at.model, plan=at.plan, seed=self.seed, days=course.total_days, patients=None, present=(), engine="fast")

    def outcome(self, laid: Laid, replication: int, *, short: bool, keep: bool) -> Outcome:
        """One run in numbers, with what the levers cost; where people are known, fit is to what they truly need."""
        course = short_course(self.levers.course) if short else self.levers.course
        passed = self.job(laid.arrangement, course).passed(laid.engine, replication)
        facts = laid.site.segment if keep else ()
        found = tally(passed, laid.site, course, staff=self.levers.limits.staff, facts=facts, keep=keep)
        if self.cared is not None:
            found = replace(found, fit=self.cared.fit(passed, self.crowd(replication), course))
        return replace(found, cost=found.cost + laid.arrangement.money_per_week)


def _kept(among: OrderedDict[K, V], key: K, make: Callable[[], V]) -> V:
    """What is among the last few, or else made and kept."""
    found = among.pop(key) if key in among else make()
    among[key] = found
    while len(among) > KEPT:
        among.popitem(last=False)
    return found


def run(bench: Bench, asked: Runs) -> list[Outcome | str]:
    """What each of these runs came to; a sentence where it cannot be."""
    found: list[Outcome | str] = []
    try:
        for replication, short in asked.runs:
            laid = bench.lay(asked.levers, asked.scale, replication)
            found.append(bench.outcome(laid, replication, short=short, keep=asked.keep))
    except SandconeError as refusal:
        return [*found, *[str(refusal)] * (len(asked.runs) - len(found))]
    return found
