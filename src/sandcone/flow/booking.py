"""From personal paths to journeys that can be booked: the same steps and lags, with the hospital's people, rooms and hours."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sandcone.core.care import Lag, Path, PathStep, Person
from sandcone.core.errors import ProblemError
from sandcone.core.journey import FewDays, Journey, Knows, Link, OnDays, Task, Wish
from sandcone.core.journeys import DAY, Journeys
from sandcone.core.model import Model, Need
from sandcone.core.route import steps_from
from sandcone.core.saying import many
from sandcone.core.site import Weekday
from sandcone.personalising.ways import in_turn

SOON = 60  # minutes within which the next task begins where a place is kept until then
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ToBook:
    """Whole paths to be booked, and how many people are not among them: they come later, have nothing to do, or too much to be planned."""

    problem: Journeys
    later: int
    without: int
    too_long: int

    def __str__(self) -> str:
        n, days = len(self.problem.journeys), self.problem.days
        said = [f"{many(n, 'person', 'people')} to be booked within {many(days, 'day')}"]
        said += [f"{many(self.later, 'person comes', 'people come')} later"] * (self.later > 0)
        said += [f"{many(self.without, 'person has', 'people have')} no step to do"] * (self.without > 0)
        said += [f"{many(self.too_long, 'person has', 'people have')} more steps than can be planned"] * (self.too_long > 0)
        return "; ".join(said)


def to_book(model: Model, people: Sequence[Person], paths: Sequence[Path], *, days: int, coming: int | None = None) -> ToBook:
    """Everybody's path as a problem for ``sandcone plan``, without those who come too late or cannot be planned for.

    There are ``days`` to book. Who comes after the first ``coming`` of them (None: after the last) is left for another time.
    ``ProblemError`` where nobody is left, or the days are not at least one.
    """
    from sandcone.planning.journeys.kernel import MOST_NEEDS, MOST_TASKS  # compiled, which who books nothing need not wait for

    last = days if coming is None else coming
    if not 1 <= last <= days:
        raise ProblemError("days", f"{days} days, {last} on which people come", "Give 1 day or more, and no more to come on than to book.")
    there = [(p, path) for p, path in zip(people, paths, strict=True) if math.ceil(p.minute) < DAY * last]
    whole = bookable(model, [p for p, _ in there], [path for _, path in there], days=days)
    fits = tuple(j for j in whole.journeys if len(j.tasks) <= MOST_TASKS and sum(len(t.needs) for t in j.tasks) <= MOST_NEEDS)
    if not fits:
        raise ProblemError("journeys", f"nobody has a path that can be booked within {days} days", "Give more days, or other people.")
    without, too_long = sum(not path.steps for _, path in there), len(whole.journeys) - len(fits)
    return ToBook(problem=replace(whole, journeys=fits), later=len(people) - len(there), without=without, too_long=too_long)


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
        links += self._soon(path)
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
        """The task until whose end a place is kept: the step named, or the stretch in which it lies."""
        if need.until is None:
            return i  # one that blocks is given back as the next task begins, which is soon
        later = range(i, len(steps))
        return next((k for k in later if steps[k].step == need.until or need.until in self._stretch(steps[k].step)), i)

    def _stretch(self, name: str) -> frozenset[str]:
        """The steps of a stretch of the model's own ways; none for a step."""
        if name in self.model.steps:
            return frozenset()
        if name not in self.inside:
            self.inside[name] = steps_from(self.model.route.nodes, name)
        return self.inside[name]

    def _notice(self, path: Path) -> list[Link]:
        """Steps by appointment come no sooner after the step before than the notice they need."""
        booked = (
            (a, b, self.model.steps[b.step].booking) for a, b in zip(path.steps, path.steps[1:], strict=False) if b.step in self.model.steps
        )
        return [Link(before=a.name, after=b.name, at_least=math.ceil(k.notice_minutes)) for a, b, k in booked if k is not None]

    def _soon(self, path: Path) -> list[Link]:
        """What comes after a step whose places are kept until then comes soon, unless the path itself has time between the two."""
        apart = {(g.before, g.after) for g in path.lags if g.at_least > 0}
        pairs = ((a.name, b.name) for a, b in zip(path.steps, path.steps[1:], strict=False) if any(n.blocks for n in self._needs(a.step)))
        return [Link(before=a, after=b, at_most=SOON) for a, b in pairs if (a, b) not in apart]

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
