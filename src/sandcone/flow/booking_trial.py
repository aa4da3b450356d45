"""Personal paths booked whole, tried on the twin beside first come, first served and beside one size for all: same people, same luck."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from ibis import _

from sandcone.core.care import Library, Path
from sandcone.core.chance import Luck
from sandcone.core.estimate import Measures
from sandcone.core.journeys import DAY, Journeys, JourneyWeights, Timetable
from sandcone.core.log import EventLog
from sandcone.core.model import Model
from sandcone.core.plan import AS_TODAY, Plan
from sandcone.core.trial import Better, Trial
from sandcone.flow.booked_plan import booked, in_turn
from sandcone.flow.booking import to_book
from sandcone.flow.on_the_day import on_the_day
from sandcone.flow.personal_trial import MEASURED, SETTLE, Values, Way, by_cost, hours, over_all, passed, paths_of, resourced, values
from sandcone.measuring.flow import flow
from sandcone.measuring.prepare import prepare
from sandcone.planning.journeys.first import list_plan
from sandcone.planning.journeys.search import plan_journeys
from sandcone.planning.search import Stop
from sandcone.scenarios import nh_hospital, nh_library, nh_people, nh_site
from sandcone.scenarios.nh.coming import emergencies
from sandcone.scenarios.nh.persons import NhPeople
from sandcone.simulating import simulate

Told = Callable[[str], None]
TAIL = 45  # days that go on behind those that count, so that people come to the end of their paths in a house that is as full as before
LATEST = 60  # days beyond, within which the last of them have to be booked
WATCHED = 120  # days of nothing but emergencies, from which is known what they take
BOOKED: tuple[tuple[str, str, Better], ...] = (
    *MEASURED,
    ("waited on the day", "h", "less"),
    ("days with a step", "days", "less"),
    ("told a time", "times", "neither"),
    ("of these, begun within 15 min", "share", "neither"),
)
"""What is compared: as for personal paths, and what patients see of a booking."""
MINUTES_ALIKE = JourneyWeights(waiting=1, length=1, visit_day=0)
"""A minute from need to the end of the path counts once, before the first step as much as behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingTrial:
    """Personal paths booked whole beside the same paths first come, first served, and beside one size for all, first come, first served.

    ``known_all`` is the booking that knew all who would come beside the one that did not (None: not tried).
    """

    first_come: Trial
    one_size: Trial
    known_all: Trial | None = None
    left_out: int = 0  # of all runs: people without a booking, who came as before
    not_ended: int = 0  # of all runs: people who would count, but had not come to the end on every way

    def as_json(self) -> dict[str, Any]:
        """All tables for a file, run by run too."""
        trials = {"first_come": self.first_come, "one_size": self.one_size, "known_all": self.known_all}
        tables = {k: t.as_json() for k, t in trials.items() if t is not None}
        return {"schema": 1, "left_out": self.left_out, "not_ended": self.not_ended, **tables}

    def __str__(self) -> str:
        trials = [t for t in (self.first_come, self.one_size, self.known_all) if t is not None]
        booked = f"Of all people in all runs, {self.left_out} could not be booked, and came as before."
        ended = f"Of those who would count, {self.not_ended} had not come to the end on every way, and are in no table."
        return "\n\n".join([*map(str, trials), f"{booked}\n{ended}"])


def booking_trial(
    size: Literal["ward", "hospital"] = "ward",
    *,
    days: int = 28,
    runs: int = 10,
    seed: int,
    year: int = 2004,
    moves: int = 0,
    told: Told | None = None,
) -> BookingTrial:
    """Try personal paths booked whole in an NH-like hospital with a personal-care team, so many times, each with new people.

    Whoever comes is given the whole path that costs them least among what is left; nobody knows who comes later. With ``moves`` it is tried
    too what a search of so many moves makes of it that knows everybody beforehand. Patients of ``days`` days count who need treatment
    and come to the end in every way; the house fills up before and goes on behind. All who have an admission booked come to it, in every
    way, since a booked timetable has no no-shows in it. Emergencies come as they do, first served; beds are left for them.
    """
    say: Told = told or (lambda _words: None)
    hospital, library, found = _all_come(nh_hospital(size, year, personal=True)), nh_library(), list[tuple[Values, ...]]()
    spare, left_out, not_ended, counted = taken_by(hospital, emergencies(hospital)), 0, 0, list[int]()
    for i in range(runs):
        them = nh_people(hospital, days=SETTLE + days + TAIL, seed=seed + i)
        run = _Run(hospital, library, them, spare, seed + i, days)
        say(f"run {i + 1} of {runs}: {len(them.known):,} people")
        ways = [run.one_size(), run.first_come(), run.booked(0), *([run.booked(moves)] if moves else [])]
        come, which = run.come(), run.ended(ways)
        found.append(run.values(ways, which))
        left_out, not_ended, counted = left_out + run.left_out, not_ended + len(come) - len(which), [*counted, len(which)]
    return _compared(found, counted[0], left_out, not_ended)


def _compared(found: Sequence[tuple[Values, ...]], people: int, left_out: int, not_ended: int) -> BookingTrial:
    def beside(one: int, other: int, names: tuple[str, str]) -> Trial:
        return over_all([(v[one], v[other]) for v in found], people, *names, BOOKED)

    more = beside(3, 2, ("knew all", "booked")) if len(found[0]) > 3 else None
    return BookingTrial(
        first_come=beside(2, 1, ("booked", "first come")),
        one_size=beside(2, 0, ("booked", "one size")),
        known_all=more,
        left_out=left_out,
        not_ended=not_ended,
    )


def _all_come(hospital: Model) -> Model:
    """The hospital if nobody misses or cancels an appointment."""
    steps = {
        name: step if step.booking is None else replace(step, booking=replace(step.booking, no_show=0.0, cancel=0.0))
        for name, step in hospital.steps.items()
    }
    return replace(hospital, steps=steps)


def taken_by(hospital: Model, streams: Sequence[int]) -> dict[str, int]:
    """Of each group of places, how many to keep free for patients of these streams, who are not booked: their mean use and its root more.

    So the places suffice on about five days of six, if they come by chance. People and single rooms are not kept free: emergencies have
    some of their own, and go first everywhere else.
    """
    only = replace(hospital, arrivals=tuple(hospital.arrivals[i] for i in streams))
    log = simulate(only, seed=0, days=WATCHED + SETTLE, warm_up=SETTLE * DAY).logs[0].table
    used = log.filter(_.end.notnull() & _.resource.notnull())
    rows = used.group_by("resource").aggregate(hours=((_.end.epoch_seconds() - _.start.epoch_seconds()) / 3600).sum())
    mean = {r["resource"]: r["hours"] / 24 / WATCHED for r in rows.to_pyarrow().to_pylist()}
    return {r: math.ceil(m + math.sqrt(m)) for r, m in mean.items() if hospital.resources[r].capacity > 1}


def with_room(problem: Journeys, spare: dict[str, int]) -> Journeys:
    """The problem with so many places less; half of what there is can always be booked."""
    resources = {
        name: r if name not in spare else replace(r, capacity=max(r.capacity - spare[name], (r.capacity + 1) // 2))
        for name, r in problem.resources.items()
    }
    return replace(problem, resources=resources)


class _Run:
    """One run: the same people on three ways or four."""

    def __init__(self, hospital: Model, library: Library, people: NhPeople, spare: dict[str, int], seed: int, days: int) -> None:
        self.hospital, self.library, self.people, self.spare, self.seed, self.days = hospital, library, people, spare, seed, days
        self.personal, self.same = paths_of(hospital, library, people)
        self.left_out = 0  # by the booking that knew nobody beforehand

    def one_size(self) -> tuple[list[Path], EventLog]:
        """One size for all, first come, first served."""
        return self.same, self._tried(self.same, self.personal, AS_TODAY)

    def first_come(self) -> tuple[list[Path], EventLog]:
        """Personal paths, first come, first served."""
        return self.personal, self._tried(self.personal, self.same, AS_TODAY)

    def booked(self, moves: int) -> tuple[list[Path], EventLog]:
        """Personal paths, booked whole: one by one as people come, or by a search that knows everybody."""
        problem = self.problem()
        timetable = self._timetable(problem, moves)
        if not moves:
            self.left_out = len(self.people.known) - len(timetable.starts)
        return self.personal, self._tried(self.personal, self.same, booked(timetable, problem, self.hospital, "visits"))

    def problem(self) -> Journeys:
        """Everybody's path, to be booked in the order in which the twin does it; no wishes, as first come knows none."""
        whole = to_book(self.hospital, self.people.known, self.personal, days=SETTLE + self.days + TAIL + LATEST).problem
        plain = replace(whole, weights=MINUTES_ALIKE, journeys=tuple(replace(j, wishes=()) for j in whole.journeys))
        return in_turn(with_room(plain, self.spare))

    def _timetable(self, problem: Journeys, moves: int) -> Timetable:
        if not moves:
            return list_plan(problem)
        return plan_journeys(problem, stop=Stop(moves=moves), seed=self.seed, cores=1).timetable

    def _tried(self, paths: Sequence[Path], beside: Sequence[Path], plan: Plan) -> EventLog:
        return passed(self.hospital, self.people, paths, beside, plan, seed=self.seed, days=SETTLE + self.days + TAIL)

    def come(self) -> list[int]:
        """Who comes in the days that count and needs treatment."""
        begin, until = SETTLE * DAY, (SETTLE + self.days) * DAY
        return [i for i, p in enumerate(self.people.truly) if begin <= p.minute < until and p.facts["procedure"] != "none"]

    def ended(self, ways: Sequence[tuple[list[Path], EventLog]]) -> list[int]:
        """Who of them came to the end on every way: they count."""
        ended = set.intersection(*({name for name, _ in hours(log)} for _, log in ways))
        return [i for i in self.come() if self.people.truly[i].name in ended]

    def values(self, ways: Sequence[tuple[list[Path], EventLog]], which: Sequence[int]) -> tuple[Values, ...]:
        """Every measure of every way, of those who count."""
        site = nh_site(self.hospital)
        whole = [resourced(prepare(log.with_site(site))) for _, log in ways]
        cost = {name: r.cost_per_hour or 0.0 for name, r in self.hospital.resources.items()}
        worth = by_cost(whole, cost)
        return tuple(
            self._values(paths, log, of, which) | {"resource efficiency, by cost": by}
            for (paths, log), of, by in zip(ways, whole, worth, strict=True)
        )

    def _values(self, paths: list[Path], log: EventLog, whole: Measures, which: Sequence[int]) -> Values:
        truly = [self.people.truly[i] for i in which]
        theirs = replace(log, table=log.table.filter(_.case.isin([p.name for p in truly])))
        flowed = flow(prepare(theirs.with_site(nh_site(self.hospital))), Luck(1, 0))
        way = Way(paths=[paths[i] for i in which], hours=dict(hours(theirs)), measures=flowed + whole)
        seen = on_the_day(theirs)
        told, kept = (sum(getattr(s, what) for s in seen.values()) for what in ("told", "in_time"))
        return values(way, truly, range(len(which)), self.library) | {
            "waited on the day": float(np.mean([s.waited for s in seen.values()])),
            "days with a step": float(np.mean([s.days for s in seen.values()])),
            "told a time": told / len(which),
            "of these, begun within 15 min": kept / max(told, 1),
        }
