"""Walk a route without a hospital: cases with their steps and times where nobody ever has to queue. For choosing between routes only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sandcone.core.law import Exponential, Fixed, Law, Lognormal, Minutes, Uniform
from sandcone.core.pace import Pace, later
from sandcone.core.route import END, Choose, Do, Route, Split

MANY = 400  # nodes after which a walk is given up


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Walked:
    """Steps of made cases, by case and start."""

    case: np.ndarray
    step: list[str]
    start: np.ndarray
    end: np.ndarray


def walk(route: Route, minutes: Mapping[str, Minutes], paces: Mapping[str, Pace], begin: np.ndarray, rng: np.random.Generator) -> Walked:
    """One case for each minute in ``begin``."""
    walker = _Walker(route, minutes, {k: p.passed for k, p in paces.items()}, rng)
    rows: list[tuple[int, float, float, str]] = []
    for c, at in enumerate(begin):
        walker.rows, walker.left = [], MANY
        walker.go(route.first, float(at))
        rows += [(c, a, b, s) for a, b, s in sorted(walker.rows)]
    return Walked(
        case=np.array([r[0] for r in rows]),
        step=[r[3] for r in rows],
        start=np.array([r[1] for r in rows]),
        end=np.array([r[2] for r in rows]),
    )


class _Walker:
    def __init__(self, route: Route, minutes: Mapping[str, Minutes], passed: Mapping[str, np.ndarray], rng: np.random.Generator) -> None:
        self.route, self.minutes, self.passed, self.rng = route, minutes, passed, rng
        self.rows: list[tuple[float, float, str]] = []
        self.left = MANY

    def go(self, node: str, at: float) -> float:
        """From a node on; gives the moment of the end."""
        while node != END and self.left > 0:
            self.left -= 1
            match self.route.nodes[node]:
                case Choose() as it:
                    node = self._way(it)
                case Split() as it:
                    at = max(self.go(b, at) for b in it.branches)
                    node = it.then
                case Do() as it:
                    at = self._do(it, at)
                    node = it.then
        return at

    def _way(self, it: Choose) -> str:
        u = self.rng.random()
        for way in it.otherwise:
            u -= way.share
            if u < 0:
                return way.to
        return it.otherwise[-1].to

    def _do(self, it: Do, at: float) -> float:
        lag = 0.0 if it.lag is None else self._drawn(it.lag)
        start = at + lag if it.pace is None else later(self.passed[it.pace], at, lag)
        end = start + self._drawn(self.minutes[it.step].otherwise)
        self.rows.append((start, end, it.step))
        return end

    def _drawn(self, law: Law) -> float:
        match law:
            case Fixed():
                return law.minutes
            case Uniform():
                return float(self.rng.uniform(law.low, law.high))
            case Exponential():
                return float(self.rng.exponential(law.mean))
            case Lognormal():
                return float(law.median * np.exp(law.sigma * self.rng.standard_normal()))
        return law.minutes[int(self.rng.integers(len(law.minutes)))]
