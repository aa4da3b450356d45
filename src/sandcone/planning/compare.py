"""Two plans of one problem side by side: by rule, and by patient."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sandcone.core.inpatient import Admission, InpatientPlan, Problem
from sandcone.core.presence import Presence
from sandcone.core.score import Line, Score
from sandcone.planning.compare_words import words
from sandcone.planning.score import score

What = Literal["earlier", "later", "another room", "another theatre", "left out now", "comes now"]
KINDS: tuple[What, ...] = ("earlier", "later", "another room", "another theatre", "left out now", "comes now")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One patient whose place differs: where the one plan has them, and where the other; None: left out."""

    patient: str
    before: Admission | None
    after: Admission | None

    @property
    def days(self) -> int:
        """Days later in the second plan, below 0 for earlier; 0 where one of the plans leaves the patient out."""
        return 0 if self.before is None or self.after is None else self.after.day - self.before.day

    @property
    def what(self) -> tuple[What, ...]:
        """Everything that differs for the patient, in the words of ``KINDS``."""
        if self.before is None:
            return ("comes now",)
        if self.after is None:
            return ("left out now",)
        differs = (self.days < 0, self.days > 0, self.before.room != self.after.room, self.before.theatre != self.after.theatre)
        return tuple(kind for kind, so in zip(KINDS, differs, strict=False) if so)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two plans side by side. ``rules`` has each rule's line in both, ``moved`` every patient whose place differs, in the problem's order.

    ``nurses`` counts the rooms and shifts with somebody in them in both plans that have another nurse, of ``shifts`` such. Print it for
    the words.
    """

    first: str
    second: str
    before: Score = field(repr=False)
    after: Score = field(repr=False)
    moved: tuple[Moved, ...]
    nurses: int
    shifts: int

    @property
    def rules(self) -> tuple[tuple[Line, Line], ...]:
        """Each rule's line in the first plan and in the second."""
        return tuple(zip((*self.before.must, *self.before.should), (*self.after.must, *self.after.should), strict=True))

    def with_what(self, kind: What) -> tuple[Moved, ...]:
        """The patients for whom this differs, such as those who come "later"."""
        return tuple(m for m in self.moved if kind in m.what)

    def as_json(self) -> dict[str, object]:
        """Plain values: both costs, each rule in both plans, every patient whose place differs, and the nurses."""
        rules = [{"rule": a.rule, "by": [a.by, b.by], "weight": a.weight, "cost": [a.cost, b.cost]} for a, b in self.rules]
        return {
            "schema": 1,
            "plans": [self.first, self.second],
            "cost": [self.before.cost, self.after.cost],
            "violations": [self.before.violations, self.after.violations],
            "rules": rules,
            "patients": [moved_as_json(m) for m in self.moved],
            "nurses": {"another": self.nurses, "of": self.shifts},
        }

    def __str__(self) -> str:
        return words(self)


def moved_as_json(m: Moved) -> dict[str, object]:
    """One patient whose place differs, as plain values."""
    return {"patient": m.patient, "what": list(m.what), "days": m.days, "before": place_as_json(m.before), "after": place_as_json(m.after)}


def place_as_json(a: Admission | None) -> dict[str, object] | None:
    """A patient's place as plain values; None for who is left out."""
    return None if a is None else {"day": a.day, "room": a.room, "theatre": a.theatre}


def compare(problem: Problem, before: InpatientPlan, after: InpatientPlan, *, names: tuple[str, str] = ("A", "B")) -> Compared:
    """What two plans cost, by rule, and who has another day, room or theatre in the second; ``names`` are what the plans are called.

    ``ProblemError`` where a plan names what the problem does not have.
    """
    scores = score(problem, before), score(problem, after)
    pairs = ((p.name, before.admitted.get(p.name), after.admitted.get(p.name)) for p in problem.patients)
    moved = tuple(Moved(patient=name, before=a, after=b) for name, a, b in pairs if a != b)
    both = _in_use(problem, before) & _in_use(problem, after)
    other = sum(before.care.get(at) != after.care.get(at) for at in both)
    first, second = names
    return Compared(first=first, second=second, before=scores[0], after=scores[1], moved=moved, nurses=other, shifts=len(both))


def _in_use(problem: Problem, plan: InpatientPlan) -> set[tuple[str, int]]:
    seen = Presence(problem, plan)
    return {(room, shift) for room, day in seen.in_room for shift in seen.shifts_of(day)}
