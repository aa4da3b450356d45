"""Who has another place in a new plan, and why: because of a change, to make room for somebody, or for a lower cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from sandcone.core.inpatient import Admission, Inpatient, InpatientPlan, Problem
from sandcone.planning.changes import Change
from sandcone.planning.compare import Moved, moved_as_json
from sandcone.planning.keep import Keep, Pin, disturbance
from sandcone.planning.score import score

NAMED = 4  # of those who took a place
So = Callable[[Inpatient, Admission], bool]
"""Whether somebody uses something, such as a theatre on a day, with an admission."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One patient whose place differs from the plan before, and why, in words; ``forced`` if the old place is not there any more."""

    moved: Moved
    because: str
    forced: bool

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return {**moved_as_json(self.moved), "because": self.because, "forced": self.forced}

    def __str__(self) -> str:
        return f"{self.moved.patient}: {_from_to(self.moved)}: {self.because}"


def why(problem: Problem, keep: Keep, after: InpatientPlan, changes: Sequence[Change], *, cancelled: Iterable[str] = ()) -> tuple[Why, ...]:
    """Every patient whose place differs from ``keep.before``, in the order of the problem, those ``cancelled`` last.

    ``problem`` is the problem after ``changes``. A change or a pin that takes the old place away is named; else who now has it; else,
    since the old place is still free, what going back would cost, everything else as it is now.
    """
    before = keep.before or InpatientPlan()
    asked = _Asked(problem, keep, before, after, changes)
    pairs = ((p.name, before.admitted.get(p.name), after.admitted.get(p.name)) for p in problem.patients)
    here = [asked.why(Moved(patient=name, before=a, after=b)) for name, a, b in pairs if a != b]
    gone = [Moved(patient=name, before=a, after=None) for name in cancelled if (a := before.admitted.get(name)) is not None]
    return (*here, *(Why(moved=m, because="cancelled", forced=True) for m in gone))


@dataclass(frozen=True)
class _Asked:
    """A new plan beside the one before, with the questions that are asked of the two."""

    problem: Problem
    keep: Keep
    before: InpatientPlan
    after: InpatientPlan
    changes: Sequence[Change]
    pinned: dict[str, Pin] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pinned", {pin.patient: pin for pin in self.keep.pins})

    def why(self, m: Moved) -> Why:
        """One patient's reason."""
        who = self.problem.patient[m.patient]
        if m.before is None:
            return Why(moved=m, because=self._comes(who), forced=who.mandatory)
        direct = [said for change in self.changes if (said := change.takes(who, m.before))]
        if self._pinned_away(m.before):
            direct.append("so pinned")
        if direct:
            return Why(moved=m, because=", ".join(direct), forced=True)
        taken = self._taken(who, m.before)
        return Why(moved=m, because=taken or self._back(who, m.before), forced=False)

    def _comes(self, who: Inpatient) -> str:
        if who.name in self.pinned:
            return "so pinned"
        return "must come" if who.mandatory else "comes now, at a lower cost than leaving them out"

    def _pinned_away(self, place: Admission) -> bool:
        """Whether a pin takes a place away: its patient is to be left out, or on another day, in another room or theatre."""
        pin = self.pinned.get(place.patient)
        fixed = () if pin is None else ((pin.day, place.day), (pin.room, place.room), (pin.theatre, place.theatre))
        return pin is not None and (pin.out or any(asked not in (None, was) for asked, was in fixed))

    def _taken(self, who: Inpatient, place: Admission) -> str:
        """Who has the old place by now; empty where it is still free."""
        found = [words for words in self._full(who, place) if words]
        return "; ".join(found)

    def _full(self, who: Inpatient, place: Admission) -> Iterator[str]:
        problem, day = self.problem, place.day

        def by_surgeon(p: Inpatient, a: Admission) -> bool:
            return a.day == day and p.surgeon == who.surgeon

        def in_theatre(p: Inpatient, a: Admission) -> bool:
            return a.day == day and a.theatre == place.theatre

        if self._minutes(who, by_surgeon) > problem.surgeon[who.surgeon].minutes[day]:
            yield self._to(f"surgeon {who.surgeon} on day {day}", who, by_surgeon)
        if self._minutes(who, in_theatre) > problem.theatre[place.theatre].minutes[day]:
            yield self._to(f"theatre {place.theatre} on day {day}", who, in_theatre)
        yield self._bed(who, place)

    def _minutes(self, who: Inpatient, so: So) -> int:
        return who.minutes + sum(p.minutes for p, _ in self._who(who, so))

    def _bed(self, who: Inpatient, place: Admission) -> str:
        """The first day of the stay on which the room is full, or has the other gender in it."""
        for day in range(place.day, min(place.day + who.nights, self.problem.days)):

            def here(p: Inpatient, a: Admission, day: int = day) -> bool:
                return a.room == place.room and a.day <= day < a.day + p.nights

            there = [p.gender for p, _ in self._who(who, here)]
            there += [o.gender for o in self.problem.occupants if o.room == place.room and day < o.nights]
            if len(there) >= self.problem.room[place.room].beds or set(there) - {who.gender}:
                return self._to(f"room {place.room} on day {day}", who, here)
        return ""

    def _who(self, me: Inpatient, so: So) -> list[tuple[Inpatient, Admission]]:
        """Everybody else in the new plan for whom this holds."""
        return [(p, a) for p, a in self._treated if p.name != me.name and so(p, a)]

    @cached_property
    def _treated(self) -> list[tuple[Inpatient, Admission]]:
        return [(self.problem.patient[a.patient], a) for a in self.after.admissions]

    def _to(self, what: str, who: Inpatient, so: So) -> str:
        """In words: what is full, and who of those there has come to it since the plan before."""
        was = self.before.admitted
        new = [p.name for p, _ in self._who(who, so) if p.name not in was or not so(p, was[p.name])]
        if not new:
            return f"{what} has no place left"
        more = f" and {len(new) - NAMED} more" if len(new) > NAMED else ""
        return f"to make room for {', '.join(new[:NAMED])}{more} ({what})"

    def _back(self, who: Inpatient, place: Admission) -> str:
        """What it would cost to go back, everything else as it is now."""
        others = tuple(a for a in self.after.admissions if a.patient != who.name)
        k = len(self.problem.shifts)
        stay = range(place.day * k, min(place.day + who.nights, self.problem.days) * k)
        care = {(place.room, s): self._nurse(place.room, s) for s in stay if (place.room, s) not in self.after.care}
        back = replace(self.after, admissions=(*others, place), care={**self.after.care, **care})
        more = self._cost(back) - self._now
        if more > 0:
            return f"for a lower cost: going back would cost {more:,} more"
        return "in exchange with others: alone, going back would cost no more"

    def _nurse(self, room: str, shift: int) -> str:
        duty = [n.name for n in self.problem.nurses if shift in n.most]
        was = self.before.care.get((room, shift), "")
        return was if was in duty else duty[0]

    @cached_property
    def _now(self) -> int:
        return self._cost(self.after)

    def _cost(self, plan: InpatientPlan) -> int:
        """The score's cost with the price of what changed."""
        return score(self.problem, plan).cost + disturbance(self.problem, self.keep, plan)


def _from_to(m: Moved) -> str:
    """Both places: only what differs, days always."""
    if m.before is None and m.after is not None:
        return f"comes on day {m.after.day}, room {m.after.room}, theatre {m.after.theatre}"
    if m.after is None or m.before is None:
        return f"no longer comes on day {m.before.day}" if m.before is not None else "left out"
    differs = [f"day {m.before.day} → {m.after.day}" if m.days else f"day {m.before.day}"]
    differs += [f"room {m.before.room} → {m.after.room}"] if m.before.room != m.after.room else []
    differs += [f"theatre {m.before.theatre} → {m.after.theatre}"] if m.before.theatre != m.after.theatre else []
    return ", ".join(differs)
