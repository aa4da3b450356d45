"""What a step is taken for when the next one is foretold: its name, its delay, and how often it came; chosen by held-out likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from sandcone.modelling.chain import Chain
from sandcone.modelling.contexts import Order, held_out
from sandcone.modelling.facts import EPS, Bools, Facts, Floats, Ints
from sandcone.modelling.weighing import Weights, cut_in_two

ORDERS: list[Order] = [(1, 20), (2, 20), (3, 10), (3, 30), (4, 10), (4, 20), (4, 50), (6, 10), (6, 30), (8, 20)]
TRIED: Order = (3, 20)
FINE = 12
DELAYS = ("at once", "after a delay", "after a long delay")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Alphabet:
    """How steps become symbols: ``splits`` are delays (minutes) that part short from long, ``most`` the highest count that matters."""

    splits: tuple[float, ...]
    most: int

    def symbols(self, f: Facts, chain: Chain, waited: Floats) -> Ints:
        """The symbol of each step, numbered from 1; equal symbols are equal in step, delay class, overlap and count."""
        delay = np.searchsorted(np.array(self.splits), waited, side="left") if self.splits else np.zeros(len(waited), dtype=np.int64)
        delay = np.where(f.is_first, 0, delay)
        times = np.minimum(chain.times, self.most) - 1
        key = ((f.step * 4 + delay) * 2 + chain.overlapped) * self.most + times
        return np.asarray(np.unique(key, return_inverse=True)[1] + 1)

    def delay_of(self, waited: float) -> str:
        """The class of a delay in words; nothing where classes are not told apart."""
        if not self.splits:
            return ""
        names = DELAYS if len(self.splits) > 1 else ("soon", DELAYS[2])
        return names[int(np.searchsorted(np.array(self.splits), waited, side="left"))]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """The alphabet and the order that foretell held-out cases best, and how well: nats a step, and those of the last step alone."""

    alphabet: Alphabet
    order: Order
    nats: float
    plain_nats: float


def choose(f: Facts, chain: Chain, waited: Floats, weight: Floats) -> Chosen:
    """Try alphabets, then orders, on cases that were held out."""
    old, new = held_cases(f)
    bins = _bins(waited, f)
    scored = [(_likelihood(f, a, chain, waited, weight, old, new, bins, [TRIED])[0], i, a) for i, a in enumerate(_alphabets(waited, f))]
    best = max(scored, key=lambda x: (round(x[0], 3), -x[1]))[2]
    scores = _likelihood(f, best, chain, waited, weight, old, new, bins, ORDERS)
    chosen = int(np.argmax(np.round(scores, 3)))
    plain = _likelihood(f, Alphabet(splits=(), most=1), chain, waited, weight, old, new, bins, [(1, 1)])[0]
    return Chosen(alphabet=best, order=ORDERS[chosen], nats=scores[chosen], plain_nats=plain)


def steadied(f: Facts, chain: Chain, delay: Floats, w: Weights) -> Weights:
    """Weights without fading where with them the steps and the delays of held-out cases are foretold as well.

    Stays may grow only because a line does, which a model has to bring about by itself.
    """
    old, new = held_cases(f)
    if np.isinf(w.half_life_weeks) or not (old.any() and new.any()):
        return w
    step, bins = Alphabet(splits=(), most=1), _bins(delay, f)
    faded, alike = (_likelihood(f, step, chain, delay, x, old, new, bins, [(1, 1)])[0] for x in (w.case, w.alike))
    return w.all_alike() if alike >= faded else w


def held_cases(f: Facts) -> tuple[Bools, Bools]:
    """The papers' cut inside the log; every fifth case where that leaves too few."""
    old, new, _at = cut_in_two(f)
    if min(old.sum(), new.sum()) >= 15:
        return old, new
    fifth = np.arange(f.n) % 5 == 4
    return ~fifth, fifth


def _alphabets(waited: Floats, f: Facts) -> list[Alphabet]:
    late = waited[(waited > EPS) & ~f.is_first]
    splits: list[tuple[float, ...]] = [()]
    if len(late) > 200 and len(late) > 0.02 * len(waited):
        middle, low, high = np.quantile(late, [0.5, 0.33, 0.67])
        splits += [(float(middle),), (float(low), float(high))] if low < high else [(float(middle),)]
    return [Alphabet(splits=s, most=m) for s, m in product(splits, (1, 2, 3))]


def _bins(waited: Floats, f: Facts) -> Ints:
    """Delays in classes fine enough to tell laws apart."""
    late = waited[(waited > EPS) & ~f.is_first]
    edges = np.unique(np.quantile(late, np.linspace(0, 1, FINE)[1:-1])) if len(late) > FINE else np.array([])
    return np.where(waited > EPS, np.searchsorted(edges, waited) + 1, 0)


def _likelihood(
    f: Facts, a: Alphabet, chain: Chain, waited: Floats, weight: Floats, old: Bools, new: Bools, bins: Ints, orders: list[Order]
) -> list[float]:
    """Mean log-likelihood a step of what comes next and of its delay."""
    symbol = a.symbols(f, chain, waited)
    what = held_out(f, symbol, weight, old, new, orders)
    when = held_out(f, symbol, weight, old, new, orders, of=bins)
    return [x + y for x, y in zip(what, when, strict=True)]
