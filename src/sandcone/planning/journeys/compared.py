"""Two timetables of one problem side by side, and a timetable made again after something changed: costs by rule, and who is concerned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sandcone.core.journeys import Journeys, Timetable
from sandcone.core.saying import many
from sandcone.core.score import Score
from sandcone.planning.compare_words import table
from sandcone.planning.journeys.changes import Change, changes
from sandcone.planning.journeys.price import Price
from sandcone.planning.journeys.score import score_journeys
from sandcone.planning.journeys.search import FoundJourneys
from sandcone.planning.planned import search_words


@dataclass(frozen=True, kw_only=True)
class ComparedJourneys:
    """Two timetables side by side: each score, and for whom something differs, the most harmed first. Words name no patient; JSON does.

    ``gone`` and ``new`` are who has a place in the first alone, and in the second alone.
    """

    names: tuple[str, str]
    before: Score = field(repr=False)
    after: Score = field(repr=False)
    moved: tuple[Change, ...]
    gone: frozenset[str]
    new: frozenset[str]

    def as_json(self) -> dict[str, Any]:
        """Plain values: both costs, each rule in both, and every patient for whom something differs."""
        lines = zip((*self.before.must, *self.before.should), (*self.after.must, *self.after.should), strict=True)
        return {
            "schema": 1,
            "plans": list(self.names),
            "cost": [self.before.cost, self.after.cost],
            "violations": [self.before.violations, self.after.violations],
            "rules": [{"rule": a.rule, "by": [a.by, b.by], "weight": a.weight, "cost": [a.cost, b.cost]} for a, b in lines],
            "patients": [moved_as_json(c, self.gone, self.new) for c in self.moved],
        }

    def __str__(self) -> str:
        return "\n".join([self._verdict(), *table(self.names, (self.before, self.after)), *moved_words(self.moved, self.gone, self.new)])

    def _verdict(self) -> str:
        (one, two), less = self.names, self.before.cost - self.after.cost
        cannot = [n for n, s in zip(self.names, (self.before, self.after), strict=True) if s.violations]
        broken = f" {' and '.join(cannot)} cannot be carried out." if cannot else ""
        if not less:
            return f"{one} and {two} cost the same, {self.after.cost:,}.{broken}"
        how = "less" if less > 0 else "more"
        return f"{two} costs {abs(less):,} {how} than {one}: {self.after.cost:,} against {self.before.cost:,}.{broken}"


def compare_journeys(problem: Journeys, before: Timetable, after: Timetable, *, names: tuple[str, str] = ("A", "B")) -> ComparedJourneys:
    """What two timetables cost, by rule, and for whom they differ; ``names`` are what they are called.

    ``ProblemError`` where one names what the problem does not have.
    """
    one, two = score_journeys(problem, before), score_journeys(problem, after)
    return ComparedJourneys(names=names, before=one, after=two, **_who(problem, before, after))


def _who(problem: Journeys, before: Timetable, after: Timetable) -> dict[str, Any]:
    was, will = set(before.starts), set(after.starts)
    return {"moved": changes(problem, before, after), "gone": frozenset(was - will), "new": frozenset(will - was)}


def moved_as_json(c: Change, gone: frozenset[str], new: frozenset[str]) -> dict[str, Any]:
    """One patient for whom something differs, as plain values; costs are in minutes of waiting."""
    what = "left out now" if c.patient in gone else "comes now" if c.patient in new else "moved"
    return {**asdict(c), "what": what}


def moved_words(moved: Sequence[Change], gone: frozenset[str], new: frozenset[str]) -> Iterator[str]:
    """How many are concerned and how, and what the most harmed bears; no names."""
    if not moved:
        yield "Every patient has the same times and the same people."
        return
    both = [c for c in moved if c.patient not in gone | new]
    for found, said in (
        ([c for c in both if c.other_day], "on another day"),
        ([c for c in both if c.other_hour and not c.other_day], "on the same days, at another hour"),
        ([c for c in both if c.other_one and not (c.other_day or c.other_hour)], "with somebody else only"),
        ([c for c in moved if c.patient in gone], "left out now"),
        ([c for c in moved if c.patient in new], "with a place now"),
    ):
        if found:
            yield f"{many(len(found), 'patient')} {said}."
    worse = [c.after - c.before for c in moved if c.after > c.before]
    if worse:
        yield f"{many(len(worse), 'patient')} worse off, the most harmed by {worse[0]:,} minutes of waiting; --json names them."
    else:
        yield "Nobody is worse off."


@dataclass(frozen=True, kw_only=True)
class ReplannedJourneys:
    """The new timetable for the changed problem, its score, and for whom it differs from the one before.

    ``before`` is the score of the timetable before in the problem before; ``disturbance`` is what other days than those told cost at their
    ``price``. Print it for the words, which name no patient.
    """

    problem: Journeys = field(repr=False)
    timetable: Timetable = field(repr=False)
    before: Score = field(repr=False)
    score: Score
    moved: tuple[Change, ...]
    gone: frozenset[str]
    new: frozenset[str]
    price: Price
    disturbance: int
    found: FoundJourneys | None

    def as_json(self) -> dict[str, Any]:
        """Plain values: costs, disturbance, and everybody for whom something differs."""
        return {
            "schema": 1,
            "cost": self.score.cost,
            "violations": self.score.violations,
            "cost_before": self.before.cost,
            "disturbance": self.disturbance,
            "moved": [moved_as_json(c, self.gone, self.new) for c in self.moved],
        }

    def __str__(self) -> str:
        disturbed = f", and {self.disturbance:,} for told days that are others now" if self.disturbance else ""
        head = f"Cost {self.score.cost:,} (before the change {self.before.cost:,}){disturbed}."
        return "\n".join([head, *moved_words(self.moved, self.gone, self.new), *search_words(self.found, "timetable")])


def replanned(problem: Journeys, old: Timetable, new: Timetable, **known: Any) -> ReplannedJourneys:
    """What came of planning again: the timetable before and after, in the changed problem; ``known`` are the rest of the result."""
    return ReplannedJourneys(problem=problem, timetable=new, **_who(problem, old, new), **known)
