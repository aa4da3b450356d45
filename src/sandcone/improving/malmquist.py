"""Malmquist index: how each unit moved between two periods, split into catching up with the best and the best moving on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sandcone.core.chance import Luck
from sandcone.core.errors import InputError
from sandcone.core.estimate import Estimate
from sandcone.core.frontiers import Moved, UnitProgress
from sandcone.core.saying import many
from sandcone.core.units import Floats, Units
from sandcone.improving.dea import amounts, direction
from sandcone.improving.programs import Amounts, answers

PARTS = ("total", "catching_up", "shift")
TIMES = "times"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Distances:
    """Scores under constant returns: ``new_old`` are those of the new period beside the old frontier, and so on."""

    old_old: Floats
    new_old: Floats
    old_new: Floats
    new_new: Floats

    @property
    def parts(self) -> Floats:
        """Total, catching up and shift (3, units)."""
        caught = self.new_new / self.old_old
        shift = np.sqrt(self.new_old / self.new_new * self.old_old / self.old_new)
        return np.stack([caught * shift, caught, shift])


def malmquist(periods: Mapping[str, Units], *, luck: Luck | None = None) -> UnitProgress:
    """How much more each unit makes of what it uses than the period before: above 1 is better (Färe, Grosskopf, Norris & Zhang 1994).

    Catching up is how much nearer it is to its own period's frontier, shift how far the frontier moved where the unit is; total is one
    times the other (American Economic Review 84, 66–83; constant returns). ``periods`` in their order, each beside the next; units that
    are not in both are left out and counted. With ``luck``, intervals by drawing pairs of inefficiencies again (``_drawn``).
    ``InputError`` where there are fewer than two periods, or no inputs, or bads.
    """
    names = list(periods)
    if len(names) < 2:
        raise InputError("the units", f"{many(len(names), 'period')} shows no change", "Give two periods or more (--period).")
    if any(u.bads or not u.inputs for u in periods.values()):
        raise InputError(periods[names[0]].where, "malmquist needs inputs and outputs, and no bads", "Name --inputs; leave out --bads.")
    pairs = [_pair(periods, a, b, luck) for a, b in pairwise(names)]
    notes = tuple(note for _, found in pairs for note in found)
    return UnitProgress(method="Malmquist index, constant returns", moves=tuple(m for moves, _ in pairs for m in moves), notes=notes)


def _pair(periods: Mapping[str, Units], before: str, after: str, luck: Luck | None) -> tuple[list[Moved], list[str]]:
    a, b = _both(periods[before], periods[after], f"{before} to {after}")
    old, new = amounts(a), amounts(b)
    seen = distances(old, new, old, new)
    parts, drawn = seen.parts, np.empty((0, 3, len(a)))
    if luck is not None and luck.draws:
        drawn = _drawn(old, new, seen, luck, f"{before}/{after}")
    told = [_estimates(parts[:, i], drawn[:, :, i], len(a), luck) for i in range(len(a))]
    moves = [Moved(unit=n, before=before, after=after, **dict(zip(PARTS, t, strict=True))) for n, t in zip(a.names, told, strict=True)]
    lost = len(periods[before]) + len(periods[after]) - 2 * len(a)
    said = [f"{before} to {after}: {many(lost, 'unit is', 'units are')} in one of the two only, and left out."] if lost else []
    return moves, said


def _both(old: Units, new: Units, where: str) -> tuple[Units, Units]:
    """The units that are in both, in the order of the first."""
    place = {name: i for i, name in enumerate(new.names)}
    rows = [i for i, name in enumerate(old.names) if name in place]
    if not rows:
        raise InputError(where, "no unit is in both periods", "Give units the same name in each period.")
    return old.only(rows), new.only([place[old.names[i]] for i in rows])


def distances(old: Amounts, new: Amounts, old_frontier: Amounts, new_frontier: Amounts) -> Distances:
    """The four scores of each unit beside the frontiers of two periods."""

    def score(of: Amounts, beside: Amounts) -> Floats:
        return 1 - answers(of, beside, direction(of, "inputs"), "constant", own=of is beside).step

    return Distances(
        old_old=score(old, old_frontier),
        new_old=score(new, old_frontier),
        old_new=score(old, new_frontier),
        new_new=score(new, new_frontier),
    )


def _drawn(old: Amounts, new: Amounts, seen: Distances, luck: Luck, name: str) -> Floats:
    """Parts of the index beside drawn units (draws, 3, units) (Simar & Wilson 1999, Eur. J. Operational Research 115, 459–471)."""
    far = np.column_stack([1 / seen.old_old, 1 / seen.new_new])
    chance = luck.stream("frontier", "malmquist", name)
    return np.array([_again(old, new, far, paired(far, chance)) for _ in range(luck.draws)])


def _again(old: Amounts, new: Amounts, far: Floats, drawn: Floats) -> Floats:
    by = drawn / far
    old_drawn = Amounts(used=old.used * by[:, :1], made=old.made)
    new_drawn = Amounts(used=new.used * by[:, 1:], made=new.made)
    return distances(old, new, old_drawn, new_drawn).parts


def paired(far: Floats, chance: np.random.Generator) -> Floats:
    """New pairs of distances (units, 2), each 1 or more, that hang together over time as the old ones do.

    Drawn from the old pairs with a normal kernel of their own spread about 1 and the width (4 / 5n) to the power of 1/6, mirrored at 1.
    What the kernel adds is taken off about 1; Simar & Wilson do so about the mean of what was drawn mirrored, which is 1 but for luck.
    """
    n = len(far)
    width = (4 / (5 * n)) ** (1 / 6)
    noise = chance.multivariate_normal([0.0, 0.0], (far - 1).T @ (far - 1) / n, n, method="svd")
    beyond = (far - 1)[chance.integers(0, n, n)] + width * noise
    return np.asarray(1 + np.abs(beyond) / np.sqrt(1 + width**2))


def _estimates(parts: Floats, drawn: Floats, n: int, luck: Luck | None) -> list[Estimate]:
    """Each part with its interval, on the scale of logarithms: what draws differ from what was seen, that differs from the truth."""
    if luck is None or not len(drawn):
        return [Estimate(value=float(p), n=n, unit=TIMES, method="none: no draws were asked for") for p in parts]
    less = np.quantile(np.log(drawn) - np.log(parts), [0.975, 0.025], axis=0)
    low, high = parts * np.exp(-less)
    method = f"bootstrap of pairs (Simar & Wilson 1999), {luck.draws} draws, seed {luck.seed}"
    cast = zip(parts, low, high, strict=True)
    return [Estimate(value=float(p), low=float(a), high=float(b), n=n, unit=TIMES, method=method) for p, a, b in cast]
