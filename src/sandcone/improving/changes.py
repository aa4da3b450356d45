"""Differences with their intervals, between two stretches of days or between pairs of runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sandcone.core.estimate import Estimate
from sandcone.core.period import Floats
from sandcone.core.registered import Registered
from sandcone.core.verdict import Change, Differences, Guard, Kind
from sandcone.improving import har
from sandcone.improving.beyond import NAME
from sandcone.improving.har import Series, Sure
from sandcone.improving.sums import (
    Statistic,
    Sums,
    by_row,
    difference,
    flow,
    plain_flow,
    plain_resource,
    quotient,
    resource,
    series,
    usable,
    variability,
)

Z = 1.959963984540054
BY_DAYS = "days, neighbours alike (equal-weighted cosines, t interval)"
BY_RUNS = "pairs of runs, t interval"
STEPPED = "interrupted time series: a step beside one straight line, " + BY_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Both sides of a comparison, and whether their rows are pairs of runs (else they are days)."""

    before: Sums
    after: Sums
    runs: bool
    extract: bool = False  # of some patients only, so that resource efficiency is not the house's
    own: float = 1.0  # the spread of help that the mix after makes, over that of the mix before

    @property
    def stages(self) -> tuple[dict[str, int], dict[str, int]] | str:
        """The units that V* is known of, with their places before and after; or why it is not known."""
        return "only some of the patients are in the log" if self.extract else usable(self.before, self.after)

    def of(self, statistic: Statistic, other: Statistic | None = None) -> tuple[Sure, Sure, Sure]:
        """Before, after, and the difference; ``other`` where the number after is made in another way."""
        later = other or statistic
        if self.runs:
            a, b = by_row(self.before, statistic), by_row(self.after, later)
            return har.paired(a), har.paired(b), har.paired(b - a)
        one, two = series(self.before, statistic), series(self.after, later)
        return har.of_one(one), har.of_one(two), har.gap(one, two)

    def both(self, statistic: Statistic, other: Statistic) -> tuple[Series, Series]:
        """The daily series of a number on both sides."""
        return series(self.before, statistic), series(self.after, other)


def change(name: str, unit: str, sides: Sides, statistic: Statistic, n: tuple[int, int]) -> Change:
    """One number before and after."""
    one, two, gap = sides.of(statistic)
    method = BY_RUNS if sides.runs else BY_DAYS
    return _change(name, unit, (one, two, gap), n, method)


def differences(
    sides: Sides, registered: Registered, cases: tuple[int, int], groups: Sequence[str], fit: Change | None = None
) -> Differences:
    """All differences that a verdict looks at."""
    rows = (len(sides.before.at), len(sides.after.at))
    frontier, stepped = _frontier(sides, rows)
    has_control = "t of control" in sides.before.names
    used = _either("resource efficiency", sides, plain_resource, resource, rows)
    return Differences(
        resource=replace(used, p=1.0) if sides.extract else used,
        flow=_either("flow efficiency", sides, flow, plain_flow, cases),
        frontier=frontier,
        stepped=stepped,
        control=change("flow efficiency against the control", "share", sides, difference, cases) if has_control else None,
        guards=tuple(_guards(sides, registered, cases, groups, fit)),
    )


def _either(name: str, sides: Sides, shown: Statistic, beside: Statistic, n: tuple[int, int]) -> Change:
    """A change that counts only if it is there with the mix held and with the mix as it was: the larger p of both, 1 where they part.

    Held, patients are weighed, but their waits are those of the house as it really was; so each alone could be made by the mix. Resource
    efficiency is shown as it was, flow efficiency with the mix held.
    """
    one, two = (change(name, "share", sides, of, n) for of in (shown, beside))
    return replace(one, p=max(one.p, two.p) if one.gap.value * two.gap.value > 0 else 1.0)


def _frontier(sides: Sides, n: tuple[int, int]) -> tuple[Change | None, Change | None]:
    stages = sides.stages
    if isinstance(stages, str):
        return None, None
    old, new = variability(stages[0]), variability(stages[1], sides.own)
    plain = _logs("V*", sides.of(old, new), n, BY_RUNS if sides.runs else BY_DAYS)
    if sides.runs or not math.isfinite(plain.gap.value):
        return (plain if math.isfinite(plain.gap.value) else None), None
    one, two = sides.both(old, new)
    step = har.level_step(one, two)
    return plain, _logs("V*, beside a trend", (har.of_one(one), har.of_one(two), step), n, STEPPED)


def beside(ratios: Floats) -> Change:
    """The change of the place beside a simulated old curve, from the ratio of each run (``beyond.OldCurve``): a fall lies beyond it."""
    logs, none = np.log(ratios), np.zeros(len(ratios))
    found = (har.paired(none), har.paired(logs), har.paired(logs))
    return _logs(NAME, found, (len(ratios), len(ratios)), BY_RUNS)


def _logs(name: str, found: tuple[Sure, Sure, Sure], n: tuple[int, int], method: str) -> Change:
    """A number kept as its logarithm: the number before and after, and the gap as a share of before."""
    before, after = (_estimate(s, "ratio", k, method, math.exp) for s, k in zip(found[:2], n, strict=True))
    gap = _estimate(found[2], "share of before", min(n), method, math.expm1)
    return Change(name=name, before=before, after=after, gap=gap, p=_p(found[2]))


def _guards(sides: Sides, r: Registered, cases: tuple[int, int], groups: Sequence[str], fit: Change | None) -> Iterator[Guard]:
    for name in (x.removeprefix("harm ") for x in sides.before.names if x.startswith("harm ")):
        if _watched(sides, name):
            yield _guard("quality", name, "share", sides, quotient(f"harm {name}", f"seen {name}"), cases, lambda _: r.margins.quality)
    if fit is not None:
        yield fit_guard(fit, r)
    if not any(_some(s, "wait") for s in (sides.before, sides.after)):
        return
    yield _guard("waiting", "wait of the worst-off tenth", "h", sides, quotient("tail", "n"), cases, lambda w: _allowed(w, r))
    for name in groups if len(groups) > 1 else ():
        n = (round(_total(sides.before, f"n of {name}")), round(_total(sides.after, f"n of {name}")))
        of = quotient(f"wait of {name}", f"n of {name}")
        yield _guard("group", f"wait of {name}", "h", sides, of, n, lambda w: _allowed(w, r))


def _guard(kind: Kind, name: str, unit: str, sides: Sides, of: Statistic, n: tuple[int, int], margin: Callable[[float], float]) -> Guard:
    one, two, gap = sides.of(of)
    method = BY_RUNS if sides.runs else BY_DAYS
    allowed = margin(one.value)
    return Guard(kind=kind, change=_change(name, unit, (one, two, gap), n, method), margin=allowed, harm=gap.above(allowed))


def _watched(sides: Sides, harm: str) -> bool:
    """Whether a harm could be known in both, and was ever seen: one that never is may be a wrong name, and would always hold."""
    both = (sides.before, sides.after)
    return all(_some(s, f"seen {harm}") for s in both) and any(_some(s, f"harm {harm}") for s in both)


def _allowed(wait: float, r: Registered) -> float:
    return max(r.margins.wait_share * wait, r.margins.wait_hours)


def fit_guard(lack: Change, r: Registered) -> Guard:
    """Fit to needs as a guard: ``lack`` is the change of one less fit, so that more is worse."""
    e = lack.gap
    half = (e.high - e.value) / Z if e.high is not None else math.inf
    sure = Sure(value=e.value, error=half, freedom=1e9)
    return Guard(kind="fit", change=lack, margin=r.margins.fit, harm=sure.above(r.margins.fit))


def lack_of_fit(before: Estimate, after: Estimate) -> Change:
    """The change of one less the mean fit, from both fits with their intervals (over cases, independent)."""
    errors = [(e.high - e.low) / (2 * Z) if e.high is not None and e.low is not None else math.inf for e in (before, after)]
    sure = Sure(value=before.value - after.value, error=math.hypot(*errors), freedom=1e9)
    parts = [Sure(value=1 - e.value, error=x, freedom=1e9) for e, x in zip((before, after), errors, strict=True)]
    return _change("lack of fit", "share", (parts[0], parts[1], sure), (before.n, after.n), "cases, normal interval")


def paired_change(name: str, unit: str, before: Sequence[float], after: Sequence[float]) -> Change:
    """The change of a number known for each of several paired runs."""
    a, b = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    return _change(name, unit, (har.paired(a), har.paired(b), har.paired(b - a)), (len(a), len(b)), BY_RUNS)


def mean_of_runs(values: Sequence[float] | Floats, unit: str, of: Callable[[float], float] = float) -> Estimate:
    """The mean over independent runs with its t interval; ``of`` turns a number kept as its logarithm back."""
    x = np.asarray(values, dtype=np.float64)
    return _estimate(har.paired(x), unit, len(x), "mean over runs, t interval", of)


def _change(name: str, unit: str, found: tuple[Sure, Sure, Sure], n: tuple[int, int], method: str) -> Change:
    before, after = (_estimate(s, unit, k, method) for s, k in zip(found[:2], n, strict=True))
    return Change(name=name, before=before, after=after, gap=_estimate(found[2], unit, min(n), method), p=_p(found[2]))


def _estimate(s: Sure, unit: str, n: int, method: str, of: Callable[[float], float] = float) -> Estimate:
    low, high = s.limits()
    if not (math.isfinite(low) and math.isfinite(high) and math.isfinite(s.value)):
        return Estimate(value=of(s.value) if math.isfinite(s.value) else math.nan, n=n, unit=unit, method=method)
    return Estimate(value=of(s.value), low=of(low), high=of(high), n=n, unit=unit, method=method)


def _p(s: Sure) -> float:
    return s.p if math.isfinite(s.value) else 1.0


def _some(s: Sums, name: str) -> bool:
    return name in s.names and _total(s, name) > 0


def _total(s: Sums, name: str) -> float:
    return float(s.values[:, s.names.index(name)].sum())
