"""The linear programs of a frontier, solved for all units at once.

Each unit asks how far it can move towards the frontier:

    max b   so that   Σ λ x ≤ x₀ − b gx,   Σ λ y ≥ y₀ + b gy,   Σ λ z = z₀ − b gz,   λ ≥ 0   (variable returns: Σ λ = 1)

The programs differ in their right-hand sides only, so that one step of the revised simplex method is a few products of matrices for all
of them (Dantzig 1963, ch. 9; the direction: Chambers, Chung & Färe 1996). Each answer is checked for being allowed and best; where it
cannot be shown to be, HiGHS is asked (``exact``). Right-hand sides are shifted by about 10⁻⁷ while searching, so that it never circles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sandcone.core.units import Floats
from sandcone.improving.exact import Solved, solve

Returns = Literal["constant", "variable", "falling"]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Worth = Callable[[Ints], Floats]  # the columns of a basis → what each adds to the aim
NEAR = 1e-9
SHIFT = 1e-7
CHUNK = 4_000_000  # numbers in one table of prices
MOST = 60  # steps of the simplex method for each row, before HiGHS is asked


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Amounts:
    """What units used, made and did not want: (units, inputs), (units, outputs), (units, bads)."""

    used: Floats
    made: Floats
    bad: Floats = field(default_factory=lambda: np.empty((0, 0)))

    @property
    def stacked(self) -> Floats:
        """One column a unit, one row an amount; outputs below zero, so that less is better everywhere."""
        bad = self.bad if len(self.bad) else np.empty((len(self.used), 0))
        return np.vstack([self.used.T, -self.made.T, bad.T])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """For each unit how far it can go (``step``, NaN where nothing is in its reach), and by what mixture of whom.

    ``weights`` is (units, columns of the reference), ``slack`` (units, amounts), both empty unless asked for.
    """

    step: Floats
    weights: Floats
    slack: Floats


@dataclass(slots=True, kw_only=True, eq=False)
class Programs:
    """Programs of one reference: ``columns`` (rows, n) of the reference and then of slacks; ``bound`` says which rows have none."""

    columns: Floats
    reference: int
    bound: Bools
    at: Floats  # (units, rows): right-hand sides
    towards: Floats  # (units, rows): the column of the step


def answers(of: Amounts, beside: Amounts, towards: Amounts, returns: Returns, *, own: bool = False, mixtures: bool = False) -> Answers:
    """How far each unit of ``of`` can move in its own direction ``towards`` before it meets the frontier of ``beside``.

    ``own`` says that the two are the same units, ``mixtures`` that weights and largest slacks are wanted (the second phase of Cooper,
    Seiford & Tone 2007, ch. 3).
    """
    p = _programs(of, beside, towards, returns)
    scale = np.abs(p.columns[:, : p.reference]).mean(axis=1)
    scale[scale == 0] = 1.0
    p.columns[:, : p.reference] /= scale[:, None]
    sizes, own_size = np.abs(p.columns[:, : p.reference]).max(axis=0), np.abs(p.at / scale).max(axis=1, keepdims=True)
    p.columns[:, : p.reference] /= sizes  # so that a small unit is seen from a large one
    p.at, p.towards = p.at / scale / own_size, p.towards / scale / own_size
    several = max(1, CHUNK // p.columns.shape[1])
    parts = [_some(p, slice(i, i + several), own, mixtures) for i in range(0, len(p.at), several)]
    step, weights, slack = (np.concatenate(x) for x in zip(*parts, strict=True))
    if mixtures:
        amounts = of.stacked.shape[0]
        weights, slack = weights * own_size / sizes, (slack * scale * own_size)[:, :amounts]
    return Answers(step=step, weights=weights, slack=slack)


def _programs(of: Amounts, beside: Amounts, towards: Amounts, returns: Returns) -> Programs:
    table, at, go = beside.stacked, of.stacked.T, np.abs(towards.stacked).T
    bads = beside.bad.shape[1]
    bound = np.zeros(len(table), dtype=bool)
    bound[len(table) - bads :] = True
    if returns == "variable" and bads:  # what is thrown away of an activity is its goods and bads together (Kuosmanen 2005)
        table = np.hstack([table, np.vstack([beside.used.T, np.zeros((table.shape[0] - beside.used.shape[1], len(beside.used)))])])
    if returns != "constant":
        one = np.ones((len(at), 1))
        table, at, go = np.vstack([table, np.ones(table.shape[1])]), np.hstack([at, one]), np.hstack([go, one * 0])
        bound = np.append(bound, returns == "variable")
    columns = np.hstack([table, np.eye(len(table))])
    return Programs(columns=columns, reference=table.shape[1], bound=bound, at=at, towards=go)


def _some(p: Programs, part: slice, own: bool, mixtures: bool) -> tuple[Floats, Floats, Floats]:
    at, towards = p.at[part], p.towards[part]
    first = np.arange(len(p.at))[part] if own else None
    search = Search(p=p, at=at, towards=towards, own=first)
    search.run()
    if mixtures:
        search.widen()
    step, value = search.finish()
    rows = np.arange(len(at))
    weights, slack = np.zeros((len(at), p.reference if mixtures else 0)), np.zeros((len(at), at.shape[1] if mixtures else 0))
    if mixtures:
        everything = np.zeros((len(at), p.columns.shape[1] + 2))
        for row in range(at.shape[1]):
            np.add.at(everything, (rows, search.basis[:, row]), value[:, row])
        weights, slack = everything[:, : p.reference], everything[:, p.reference : p.columns.shape[1]]
    for i in search.doubtful:
        found: Solved = solve(p.columns, p.reference, p.bound, at[i], towards[i], mixtures=mixtures)
        step[i] = found.step
        if mixtures:
            weights[i], slack[i] = found.weights, found.slack
    return step, weights, slack


class Search:
    """The simplex method on all programs of one part; ``basis`` (units, rows) names each row's column, after them step and start."""

    def __init__(self, *, p: Programs, at: Floats, towards: Floats, own: Ints | None) -> None:
        self.p, self.at, self.towards = p, at, towards
        units, self.rows = at.shape
        self.step, self.start = p.columns.shape[1], p.columns.shape[1] + 1
        self.own = own
        self.basis: Ints = np.tile(np.arange(p.reference, p.reference + self.rows), (units, 1))
        self.inverse: Floats = np.tile(np.eye(self.rows), (units, 1, 1))
        self.doubtful: Ints = np.empty(0, dtype=np.int64)
        self.lost = np.zeros(units, dtype=bool)
        self._begin()

    def _begin(self) -> None:
        """Every unit begins as its own and only peer, the step at 0: the step and the unit take the places of two slacks."""
        units = np.arange(len(self.at))
        self._enter(units, np.argmax(self.towards, axis=1), self.towards, np.full(len(units), self.step))
        own = np.full(len(units), self.start) if self.own is None else self.own
        ahead = np.einsum("krs,ks->kr", self.inverse, self.at)
        self._enter(units, np.argmax(np.where(self.basis == self.step, -1, np.abs(ahead)), axis=1), self.at, own)
        uneven = 1 + np.modf(np.arange(1, self.rows + 1) * 0.618034)[0]  # so that no two rows are used up at once
        size = np.abs(self.at)
        shift = SHIFT * uneven * np.where(size > 0, size, size.mean(axis=1, keepdims=True))
        slacks = (self.basis >= self.p.reference) & (self.basis < self.step)
        fixed = self._fixed(self.basis)
        base = np.einsum("krs,ks->kr", self.inverse, self.at)
        self.value = np.where(slacks & ~fixed, np.maximum(base, 0) + shift, base)

    def _fixed(self, basis: Ints) -> Bools:
        """Slacks of rows that must be met exactly stay at 0."""
        slack = (basis >= self.p.reference) & (basis < self.step)
        return np.asarray(slack & self.p.bound[np.clip(basis - self.p.reference, 0, self.rows - 1)])

    def _enter(self, who: Ints, row: Ints, column: Floats, name: Ints) -> None:
        """Bring a column into the basis of some units, at a row of each."""
        ahead = np.einsum("krs,ks->kr", self.inverse[who], column)
        self._pivot(who, row, ahead, name)

    def _pivot(self, who: Ints, row: Ints, ahead: Floats, name: Ints) -> None:
        able = np.abs(ahead[np.arange(len(who)), row]) >= NEAR
        self.lost[who[~able]] = True
        who, row, ahead, name = who[able], row[able], ahead[able], name[able]
        each = np.arange(len(who))
        inverse = self.inverse[who]
        line = inverse[each, row] / ahead[each, row][:, None]
        inverse -= ahead[:, :, None] * line[:, None, :]
        inverse[each, row] = line
        self.inverse[who], self.basis[who, row] = inverse, name

    def run(self) -> None:
        """First until nothing of the start is needed (where it is not a unit of the reference), then as far as the step goes."""
        if self.own is None:
            self._climb(lambda basis: -(basis == self.start).astype(float))
        self._climb(lambda basis: (basis == self.step).astype(float))

    def widen(self) -> None:
        """With the step held, the largest sum of slacks, each as a share of the mean amount."""
        keep = self._prices(np.arange(len(self.at)), (self.basis == self.step).astype(float))
        free = np.abs(self._gains(keep)) <= NEAR
        self._climb(lambda basis: ((basis >= self.p.reference) & (basis < self.step)).astype(float), free)

    def _prices(self, who: Ints, worth: Floats) -> Floats:
        return np.asarray(np.einsum("kr,krs->ks", worth, self.inverse[who]))

    def _gains(self, prices: Floats, slack: float = 0.0) -> Floats:
        """What each column would add to the aim (units, columns)."""
        gains = slack - prices @ self.p.columns
        gains[:, : self.p.reference] -= slack
        gains[:, self.p.reference :][:, self.p.bound] = -1.0
        return gains

    def _climb(self, worth: Worth, free: Bools | None = None) -> None:
        active = np.flatnonzero(~self.lost)
        for _ in range(MOST * self.rows):
            if not len(active):
                return
            active = active[self._one_step(active, worth, free)]
            active = active[~self.lost[active]]
        self.lost[active] = True

    def _one_step(self, who: Ints, worth: Worth, free: Bools | None) -> Bools:
        """One column into the basis of each unit that gains by one; says which did."""
        basis = self.basis[who]
        gains = self._gains(self._prices(who, worth(basis)), 0.0 if free is None else 1.0)
        if free is not None:
            gains[~free[who]] = -1.0
        enters = np.argmax(gains, axis=1)
        going = gains[np.arange(len(who)), enters] > NEAR
        who, enters = who[going], enters[going]
        ahead = np.einsum("krs,ks->kr", self.inverse[who], self.p.columns[:, enters].T)
        row, far = self._leaves(who, ahead)
        self.lost[who[~np.isfinite(far)]] = True
        able = np.isfinite(far)
        who, enters, ahead, row, far = who[able], enters[able], ahead[able], row[able], far[able]
        self.value[who] -= far[:, None] * ahead
        self.value[who, row] = far
        self._pivot(who, row, ahead, enters)
        going[going] = able
        return np.asarray(going)

    def _leaves(self, who: Ints, ahead: Floats) -> tuple[Ints, Floats]:
        """The row whose column is used up first; the step may go below 0, what is fixed may not move at all."""
        basis, value = self.basis[who], np.maximum(self.value[who], 0)
        still = self._fixed(basis) | ((basis == self.start) & (value <= NEAR))
        with np.errstate(divide="ignore", invalid="ignore"):
            far = np.where(ahead > NEAR, value / ahead, np.inf)
        far[still & (np.abs(ahead) > NEAR)] = 0.0
        far[basis == self.step] = np.inf
        row = np.argmin(far, axis=1)
        return row, far[np.arange(len(who)), row]

    def finish(self) -> tuple[Floats, Floats]:
        """Steps and values of the unshifted programs, from each basis anew; what cannot be shown to be right is doubtful."""
        units = len(self.at)
        everything = np.vstack([self.p.columns.T, np.zeros((2, self.rows))])
        square = everything[self.basis]
        stepping, started = self.basis == self.step, self.basis == self.start
        square[stepping], square[started] = self.towards[np.nonzero(stepping)[0]], self.at[np.nonzero(started)[0]]
        good = np.abs(np.linalg.det(square)) > 0
        self.inverse[good] = np.linalg.inv(square[good].transpose(0, 2, 1))
        value = np.einsum("krs,ks->kr", self.inverse, self.at)
        below = np.where(stepping, 0, value).min(axis=1, initial=0)
        stuck = np.where(self._fixed(self.basis) | started, np.abs(value), 0).max(axis=1, initial=0)
        prices = self._prices(np.arange(units), stepping.astype(float))
        best = self._gains(prices).max(axis=1) <= 10 * NEAR
        sure = good & ~self.lost & best & (below > -NEAR) & (stuck < NEAR) & stepping.any(axis=1)
        self.doubtful = np.flatnonzero(~sure)
        return np.where(stepping, value, 0).sum(axis=1), np.maximum(value, 0)
