"""What can be had for what: plans made with different weights, and what each costs in resources, in patients' time, and in personal fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sandcone.core.inpatient import InpatientPlan, Weights

GROUPS = {
    "resource": ("open_theatre", "surgeon_moves", "overload"),
    "flow": ("delay", "left_out"),
    "personal": ("mixed_ages", "skill_short", "nurses_met"),
}
"""Which rules' costs are of the resources, of the flow of patients, and of what is personal to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One plan, and what it costs by group, in the problem's own weights.

    ``times`` says by how much the weights of each group (resource, flow, personal) were multiplied to get it. ``broken`` is 0 for a plan
    that can be carried out.
    """

    number: int
    times: tuple[int, int, int]
    costs: tuple[int, int, int]
    broken: int
    plan: InpatientPlan = field(repr=False)

    @property
    def cost(self) -> int:
        """All three together."""
        return sum(self.costs)

    @property
    def name(self) -> str:
        """What was weighed more, in words."""
        more = [f"{group} × {times}" for group, times in zip(GROUPS, self.times, strict=True) if times > 1]
        return ", ".join(more) or "as it is"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """Plans made with different weights; print it for the table."""

    points: tuple[Point, ...]

    @property
    def best(self) -> tuple[Point, ...]:
        """Those that can be carried out and that no other beats: better in one group, and no worse in the others."""
        able = [p for p in self.points if not p.broken]
        return tuple(p for p in able if not any(beats(q.costs, p.costs) for q in able))

    def __str__(self) -> str:
        head = f"  {'':>3}  {'weights':<32}{'resource':>10}{'flow':>10}{'personal':>10}{'together':>10}"
        rows = [f"{_mark(p, self)} {p.number:>3}  {p.name:<32}{_costs(p)}" for p in self.points]
        key = "Costs in the problem's own weights. *: no other plan is better in one and no worse in the others."
        return "\n".join([head, *rows, key])

    def as_json(self) -> dict[str, object]:
        """The points as plain values, without the plans."""
        best = {p.number for p in self.best}
        return {"schema": 1, "groups": GROUPS, "points": [_as_json(p, p.number in best) for p in self.points]}


def beats(a: Sequence[int], b: Sequence[int]) -> bool:
    """Whether costs are nowhere above others, and below them somewhere."""
    return all(x <= y for x, y in zip(a, b, strict=True)) and tuple(a) != tuple(b)


def multiplied(weights: Weights, times: tuple[int, int, int]) -> Weights:
    """Weights with each group's multiplied by so much."""
    by_rule = {rule: n for rules, n in zip(GROUPS.values(), times, strict=True) for rule in rules}
    return Weights(**{rule: getattr(weights, rule) * n for rule, n in by_rule.items()})


def _mark(p: Point, f: Frontier) -> str:
    return "*" if p in f.best else "!" if p.broken else " "


def _costs(p: Point) -> str:
    said = "".join(f"{c:>10,}" for c in (*p.costs, p.cost))
    return f"{said}  cannot be carried out" if p.broken else said


def _as_json(p: Point, best: bool) -> dict[str, object]:
    times, costs = (dict(zip(GROUPS, x, strict=True)) for x in (p.times, p.costs))
    return {"number": p.number, "times": times, "costs": costs, "cost": p.cost, "broken": p.broken, "best": best}
