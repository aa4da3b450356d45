"""What usually comes before what: of parts within a module, and of modules among each other; and how much time lies between."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sandcone.core.care import Lag, Part
from sandcone.personalising.journeys import Bools, Floats, Ints, Reached
from sandcone.personalising.timing import Rule, times

FIRM = 0.9  # share of patients with both, from which the one comes before the other
SUPPORT = 30  # patients with both, below which nothing is said
SECOND = 1 / 60  # minutes
SHORT = 1.0  # minutes: a least below it says nothing
WIDE = 10.0  # a most that is so many times the usual gap says nothing


def usual_order(place: Floats) -> Ints:
    """The columns in the order in which patients mostly come to them; ``place``: cases × things, inf where not had."""
    there = np.isfinite(place)
    both = there.T.astype(float) @ there
    before = np.array([[float((place[:, a] < place[:, b]).sum(where=there[:, a] & there[:, b])) for b in _all(place)] for a in _all(place)])
    ahead = np.where(both > 0, before / np.maximum(both, 1), 0.5)
    np.fill_diagonal(ahead, 0.5)
    mean = np.array([place[there[:, a], a].mean() if there[:, a].any() else np.inf for a in _all(place)])
    return np.lexsort((mean, -np.round(ahead.mean(axis=1), 9)))


def _all(place: Floats) -> range:
    return range(place.shape[1])


def firmly(reached: Reached, order: Sequence[int] | Ints) -> Bools:
    """[a, b]: a is over before b begins in nearly all patients with both; only forwards in ``order``, so that nothing goes round."""
    n, had = len(order), reached.had
    out = np.zeros((n, n), dtype=np.bool_)
    for i, a in enumerate(order):
        for b in order[i + 1 :]:
            both = had[:, a] & had[:, b]
            if np.count_nonzero(both) >= SUPPORT:
                out[a, b] = float(_over_before(reached, a, b)[both].mean()) >= FIRM
    return out


def _over_before(reached: Reached, a: int, b: int) -> Bools:
    return np.asarray((reached.last_place[:, a] < reached.place[:, b]) & (reached.end[:, a] <= reached.start[:, b] + SECOND))


def without_detours(before: Bools, always: Bools) -> Bools:
    """The same order with fewer pairs: a before c goes without saying where a is before b and b before c, and b is ``always`` there."""
    out = before.copy()
    for b in np.flatnonzero(always):
        out &= ~np.outer(before[:, b], before[b])
    return out


def lags(parts: Sequence[Part], columns: Sequence[int], reached: Reached) -> tuple[Lag, ...]:
    """What comes before what among the parts, with the 5 and 95 % points of the times seen between them, where those mean something.

    ``columns`` are the parts' steps among the journeys'. Nothing, where patients have them in no firm order: then they are done as listed.
    """
    at = list(columns)
    firm = firmly(reached.only(at), range(len(at)))
    pairs = np.argwhere(without_detours(firm, np.array([p.when is None for p in parts])))
    found = [_lag(parts[a], parts[b], _gaps(reached, at[a], at[b])) for a, b in pairs]
    return _kept(parts, found)


def _gaps(reached: Reached, a: int, b: int) -> Floats:
    both = reached.had[:, a] & reached.had[:, b] & _over_before(reached, a, b)
    return np.asarray(np.maximum(reached.start[both, b] - reached.end[both, a], 0.0))


def _lag(before: Part, after: Part, gaps: Floats) -> Lag:
    low, usual, high = (float(x) for x in np.quantile(gaps, [0.05, 0.5, 0.95]))
    least = rounded(low) if low >= SHORT else 0.0
    most = max(rounded(high), least) if high >= SHORT and high <= WIDE * max(usual, SHORT) else None
    return Lag(before=before.name, after=after.name, at_least=least, at_most=most)


def rounded(minutes: float) -> float:
    """Minutes to three digits: more the log does not know."""
    return float(f"{minutes:.3g}")


def _kept(parts: Sequence[Part], found: list[Lag]) -> tuple[Lag, ...]:
    """The lags that can all be kept at once; where they cannot, the most of one is given up."""
    at = {p.name: i for i, p in enumerate(parts)}
    rules, of = list[Rule](), dict[int, Lag]()
    for lag in found:
        a, b, lasts = at[lag.before], at[lag.after], parts[at[lag.before]].minutes or 0.0
        rules.append(Rule(before=a, after=b, minutes=lasts + lag.at_least, why="follows", modules=(), words=""))
        if lag.at_most is not None:
            rules.append(Rule(before=b, after=a, minutes=-lasts - lag.at_most, why="at most", modules=(), words=""))
            of[id(rules[-1])] = lag
    gone = {of[id(rule)] for rule, _circle in times(len(parts), rules).given_up if id(rule) in of}
    return tuple(Lag(before=x.before, after=x.after, at_least=x.at_least) if x in gone else x for x in found)
