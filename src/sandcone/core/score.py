"""What a plan costs, by rule: the values that scoring gives and that pages and comparisons read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Broken:
    """One place where a rule is broken, and by how much, in the rule's own units."""

    rule: str
    where: str
    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One rule of the score: how often and by how much it is broken, what a unit weighs, and where.

    ``weight`` is None for a rule that may not be broken at all.
    """

    rule: str
    says: str
    by: int
    weight: int | None
    broken: tuple[Broken, ...]

    @property
    def cost(self) -> int:
        """What it adds to the cost; nothing for a rule that may not be broken."""
        return self.by * (self.weight or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A plan's score: what it breaks that it may not, and what each cost comes to."""

    must: tuple[Line, ...]
    should: tuple[Line, ...]

    @property
    def violations(self) -> int:
        """How much the rules that may not be broken are broken, in their own units; 0 for a plan that can be carried out."""
        return sum(line.by for line in self.must)

    @property
    def cost(self) -> int:
        """The weighted sum of the costs."""
        return sum(line.cost for line in self.should)

    def line(self, rule: str) -> Line:
        """The line of one rule; ``KeyError`` where there is no such rule."""
        return {x.rule: x for x in (*self.must, *self.should)}[rule]

    def as_json(self) -> dict[str, object]:
        """The score as plain values: by rule, how much, what it costs, and every place where it is broken."""
        return {"schema": 1, "cost": self.cost, "violations": self.violations, "rules": [_as_json(x) for x in (*self.must, *self.should)]}

    def __str__(self) -> str:
        shown = [f"  {line.rule.replace('_', ' '):<24}{line.by:>8} × {line.weight:<5}= {line.cost:>8,}" for line in self.should]
        bad = [f"  {line.rule.replace('_', ' '):<24}{line.by:>8}" for line in self.must if line.by]
        can = "The plan can be carried out." if not bad else f"The plan cannot be carried out; broken by {self.violations}:"
        return "\n".join([can, *bad, f"Cost {self.cost:,}:", *shown])


def _as_json(line: Line) -> dict[str, object]:
    places = [{"where": b.where, "by": b.by} for b in line.broken]
    return {"rule": line.rule, "says": line.says, "by": line.by, "weight": line.weight, "cost": line.cost, "broken": places}
