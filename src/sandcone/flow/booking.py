"""From personal paths to journeys that can be booked: the same steps and lags, with the hospital's people, rooms and hours."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sandcone.core.care import Lag, Path, PathStep, Person
from sandcone.core.journey import FewDays, Journey, Knows, Link, OnDays, Task, Wish
from sandcone.core.journeys import Journeys
from sandcone.core.model import Model, Need
from sandcone.core.route import END, Do, leads_to
from sandcone.core.site import Weekday
from sandcone.personalising.ways import in_turn

WEEK: tuple[Weekday, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def bookable(model: Model, people: Sequence[Person], paths: Sequence[Path], *, days: int, name: str = "") -> Journeys:
    """Everybody's path as a journey to be booked within so many days of the model's beginning; people and paths in the same order.

    Steps take as long as the model has it on average for this person. A stretch of the model's own ways is one task, which keeps the places
    that are given back in it. A place that a patient still keeps is not asked for again. Steps by appointment keep the notice they need.
    ``ModelError`` or ``ProblemError`` where a path cannot be booked at all.
    """
    making = _Making(model)
    journeys = tuple(making.journey(p, path) for p, path in zip(people, paths, strict=True) if path.steps)
    return Journeys(
        name=name or f"{model.name}, booked",
        begin=model.begin,
        days=days,
        resources=model.resources,
        pools=model.pools,
        calendars=model.calendars,
        journeys=journeys,
    )


class _Making:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.inside: dict[str, frozenset[str]] = {}

    def journey(self, person: Person, path: Path) -> Journey:
        """One person's path."""
        path = in_turn(path)
        tasks = self._tasks(person, path)
        place = {t.name: i for i, t in enumerate(tasks)}
        links = [_link(lag) for lag in path.lags if place[lag.before] < place[lag.after]]
        return Journey(
            patient=person.name,
            tasks=tuple(tasks),
            links=tuple(dict.fromkeys([*links, *self._notice(path)])),
            release=math.ceil(person.minute),
            wishes=tuple(self._wishes(person)),
        )

    def _tasks(self, person: Person, path: Path) -> list[Task]:
        attributes = person.attributes
        needs = self._kept_once([self._needs(s.step) for s in path.steps], path.steps)
        return [
            Task(name=s.name, step=s.step, minutes=max(1, round(self._minutes(s, attributes))), needs=tuple(of))
            for s, of in zip(path.steps, needs, strict=True)
        ]

    def _minutes(self, step: PathStep, attributes: Mapping[str, str]) -> float:
        """As planned in the path, else as the hospital's law has it for such patients on average."""
        known = self.model.steps.get(step.step)
        return step.minutes or 1.0 if known is None else known.minutes.law(attributes).mean

    def _needs(self, step: str) -> tuple[Need, ...]:
        return self.model.steps[step].needs if step in self.model.steps else ()

    def _kept_once(self, needs: Sequence[tuple[Need, ...]], steps: Sequence[PathStep]) -> list[list[Need]]:
        """Each step's needs, without those that a place still kept will do for, each kept until a task that comes at or after its own."""
        found: list[list[Need]] = []
        for i, of in enumerate(needs):
            asked = []
            for need in of:
                last = self._until(need, i, steps)
                there = next((k for k in self._keeping(found, i, steps) if set(k.pools) <= set(need.pools)), None)
                if there is None:
                    asked.append(replace(need, blocks=False, until=steps[last].name if last > i else None))
                elif last > _at(steps, there.until):
                    _lengthen(found, there, steps[last].name)
            found.append(asked)
        return found

    def _keeping(self, found: Sequence[Sequence[Need]], i: int, steps: Sequence[PathStep]) -> list[Need]:
        return [n for of in found for n in of if n.until is not None and _at(steps, n.until) >= i]

    def _until(self, need: Need, i: int, steps: Sequence[PathStep]) -> int:
        """The task until whose end a place is kept: the step named, or the stretch in which it lies, or the next task if it blocks."""
        if need.until is None:
            return min(i + 1, len(steps) - 1) if need.blocks else i
        later = range(i, len(steps))
        return next((k for k in later if steps[k].step == need.until or need.until in self._stretch(steps[k].step)), i)

    def _stretch(self, name: str) -> frozenset[str]:
        """The steps of a stretch of the model's own ways; none for a step."""
        if name in self.model.steps:
            return frozenset()
        if name not in self.inside:
            nodes, seen = self.model.route.nodes, [name]
            for here in seen:  # grows while it is walked
                seen += [n for n in leads_to(nodes[here]) if n != END and n not in seen]
            self.inside[name] = frozenset(n.step for n in map(nodes.__getitem__, seen) if isinstance(n, Do))
        return self.inside[name]

    def _notice(self, path: Path) -> list[Link]:
        """Steps by appointment come no sooner after the step before than the notice they need."""
        booked = (
            (a, b, self.model.steps[b.step].booking) for a, b in zip(path.steps, path.steps[1:], strict=False) if b.step in self.model.steps
        )
        return [Link(before=a.name, after=b.name, at_least=math.ceil(k.notice_minutes)) for a, b, k in booked if k is not None]

    def _wishes(self, person: Person) -> list[Wish]:
        days = person.wishes.get("days")
        found: list[Wish] = [OnDays(days=tuple(d for d in WEEK if d in days))] if isinstance(days, tuple) else []
        if person.wishes.get("one_visit") is True:
            found.append(FewDays(most=1))
        who = person.wishes.get("clinician")
        return [*found, Knows(resource=who)] if isinstance(who, str) and who in self.model.resources else found


def _link(lag: Lag) -> Link:
    most = None if lag.at_most is None else math.floor(lag.at_most)
    return Link(
        before=lag.before, after=lag.after, at_least=math.ceil(lag.at_least), at_most=most, same_day=lag.same_day, same_one=lag.same_person
    )


def _at(steps: Sequence[PathStep], name: str | None) -> int:
    return next(i for i, s in enumerate(steps) if s.name == name)


def _lengthen(found: Sequence[list[Need]], need: Need, until: str) -> None:
    for of in found:
        for i, n in enumerate(of):
            if n is need:
                of[i] = replace(need, until=until)
