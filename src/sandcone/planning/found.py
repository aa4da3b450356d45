"""When a search stops, how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import InpatientPlan
from sandcone.core.saying import many


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """When to stop: after so many seconds, so many moves (of all cores together), or at a gap to a known lower bound; whichever is first.

    ``gap`` is a share (0.02: 2 % above ``bound``). Seconds begin when the compiled search is ready.
    """

    seconds: float | None = None
    moves: int | None = None
    gap: float | None = None
    bound: int | None = None

    def __post_init__(self) -> None:
        if self.seconds is None and self.moves is None:
            raise ProblemError("stop", "neither seconds nor moves", "Give one of them, such as seconds=60: a gap may never be reached.")
        for what, most in (("seconds", self.seconds), ("moves", self.moves)):
            if most is not None and not most > 0:
                raise ProblemError("stop", f"{most} {what}", "Give more than 0.")
        if self.gap is not None and (self.bound is None or not self.gap >= 0):
            raise ProblemError("stop", f"a gap of {self.gap} to the bound {self.bound}", "Give a gap of 0 or more, and the bound it is to.")

    def over(self, seconds: float, moves: int) -> float:
        """The share of the run that is over, 1 or more when it is time to stop."""
        by_time = seconds / self.seconds if self.seconds is not None else 0.0
        return max(by_time, moves / self.moves if self.moves is not None else 0.0)

    def reached(self, cost: int) -> bool:
        """Whether a cost is within the gap."""
        return self.gap is not None and self.bound is not None and cost <= self.bound * (1 + self.gap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pays:
    """One kind of move: how often it was proposed, accepted, and gave the best plan so far."""

    move: str
    proposed: int
    accepted: int
    better: int


def pays(names: Sequence[str], counts: Iterable[Sequence[int]]) -> tuple[Pays, ...]:
    """What each kind of move did, from a kernel's counts: proposed, accepted and better for each."""
    return tuple(
        Pays(move=name, proposed=int(proposed), accepted=int(accepted), better=int(better))
        for name, (proposed, accepted, better) in zip(names, counts, strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a search is: the share of the run that is over, the best cost, what is still broken in it (0: can be carried out), moves.

    ``tried`` counts the moves worked out, ``pays`` what each kind of move did; ``bound`` is a cost that no plan is below, if one is known.
    """

    over: float
    seconds: float
    cost: int
    broken: int
    moves: int
    heat: float
    tried: int = 0
    pays: tuple[Pays, ...] = ()
    bound: int | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """The best plan of a search, and how it was found.

    ``broken`` is 0 for a plan that can be carried out, else units of broken rules. ``better`` is (seconds, cost) whenever a better plan
    was seen, the cost with what it disturbs; ``disturbance`` is what the changes against the plan before cost (see ``Keep``), which is not
    part of ``cost``; ``tried`` counts the moves that were worked out, ``moves`` all that were drawn; ``bound`` is a cost
    that no plan is below, if one is known.
    """

    plan: InpatientPlan
    cost: int
    broken: int
    seconds: float
    moves: int
    tried: int
    seed: int
    cores: int
    interrupted: bool = False
    disturbance: int = 0
    better: tuple[tuple[float, int], ...] = ()
    pays: tuple[Pays, ...] = field(default=(), repr=False)
    bound: int | None = None

    @property
    def pace(self) -> str:
        """How many moves a second were tried, in words."""
        return f"{self.tried / max(self.seconds, 1e-9) / 1e6:.1f} million moves a second"

    def __str__(self) -> str:
        can = "can be carried out" if self.broken == 0 else "cannot be carried out"
        how = f"{self.seconds:.0f} s, {many(self.cores, 'core')}, seed {self.seed}, {self.pace}"
        lines = [f"Cost {self.cost:,}, {can}; {how}."]
        rows = sorted((p for p in self.pays if p.proposed), key=lambda p: -p.better)
        lines += [f"  {p.move:<24}{p.proposed:>14,} tried{p.accepted:>13,} done{p.better:>9,} better" for p in rows]
        return "\n".join(lines)
