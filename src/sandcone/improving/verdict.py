"""Hold two periods, or two ways in simulated runs, against each other, and say what became of the trade-off."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sandcone.core.errors import EmptyError
from sandcone.core.judged import MUCH, Compared, Judged
from sandcone.core.period import Floats, Ints, Period, Stage
from sandcone.core.registered import DEFAULTS, Registered
from sandcone.core.saying import many
from sandcone.core.verdict import Change, Differences, Verdict, verdict, weaker
from sandcone.improving.beyond import OldCurve
from sandcone.improving.changes import Sides, beside, differences, lack_of_fit
from sandcone.improving.curve import beyond, curve
from sandcone.improving.mix import Mix, grouped, mix, own_spread
from sandcone.improving.runs import joined, of_runs
from sandcone.improving.sums import Statistic, flow, plain_resource, resource, series, sums, variability

FEWEST_DAYS, FEWEST_RUNS = 28, 2
MOST_OTHER = 0.1  # of days in other months of the year, and the season is another
APART = 0.01  # unfinished shares that differ by more are worth a remark
WHOLE = "the whole"
Touched = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """All that stays the same when one week is left out."""

    registered: Registered
    cases: tuple[int, int]
    groups: tuple[str, ...]
    fit: Change | None
    old: OldCurve | None = None

    def judge(self, sides: Sides) -> tuple[Differences, Verdict]:
        found = differences(sides, self.registered, self.cases, self.groups, self.fit)
        if self.old is not None:
            found = replace(found, frontier=beside(self.old.ratio[sides.before.at]))
        return found, verdict(found, self.registered.as_margins())


def judge(
    before: Period, after: Period, registered: Registered = DEFAULTS, *, by: Sequence[str] = (), control: Touched | None = None
) -> Judged:
    """Say what became of the trade-off between two real periods.

    ``by`` names the facts that the mix of patients is held by, ``control`` a fact and its values of patients whom the change did not
    touch. The day is the unit of dependence. Raises ``EmptyError`` where a period has fewer than 28 days, or nobody to compare.
    """
    for p in (before, after):
        _enough(p.name, len(p.days), FEWEST_DAYS, "day")
    before, after = _alike(before, after)
    mixed = _mixed(before, after, by)
    groups = grouped(mixed, registered.least_patients, by)
    parts = [sums(p, mixed.of(k), (groups[0], groups[1][k]), _touched(p, control)) for k, p in enumerate((before, after))]
    sides = Sides(before=parts[0], after=parts[1], runs=False, own=_own((before, after), mixed), extract=before.extract or after.extract)
    fit = lack_of_fit(before.fit, after.fit) if before.fit is not None and after.fit is not None else None
    case = _Case(registered=registered, cases=(before.cases, after.cases), groups=groups[0], fit=fit)
    return _judged(case, sides, (before, after), mixed, tuple(by), (before.weeks, after.weeks))


def judge_runs(
    before: Sequence[Period],
    after: Sequence[Period],
    registered: Registered = DEFAULTS,
    *,
    by: Sequence[str] = (),
    fit: Change | None = None,
    old: OldCurve | None = None,
) -> Judged:
    """The same for two ways in simulated runs: run by run with the same luck, so the pair of runs is what is counted.

    Quality is taken as unchanged, for a twin does nothing to it; ``fit`` is the change of one less fit (``changes.paired_change``).
    ``old`` is the old curve as the twin has it (``beyond.old_curve``); then it decides what lies beyond, and not V*. Raises ``EmptyError``
    where the runs are no pairs.
    """
    if len(before) != len(after):
        raise EmptyError(
            "verdict", f"{len(before)} runs before and {len(after)} after", "Give the same runs of both ways, made with one seed."
        )
    _enough("the runs", len(before), FEWEST_RUNS, "run")
    agreed = registered.model_copy(update={"quality": "assumed"})
    one, two = (joined(runs) for runs in (before, after))
    whole = _alike(one.period, two.period)
    mixed = _mixed(*whole, by)
    groups = grouped(mixed, registered.least_patients, by)
    parts = [
        of_runs(sums(p, mixed.of(k), (groups[0], groups[1][k])), arm.run) for k, (p, arm) in enumerate(zip(whole, (one, two), strict=True))
    ]
    sides = Sides(before=parts[0], after=parts[1], runs=True, own=_own(whole, mixed))
    case = _Case(registered=agreed, cases=(whole[0].cases, whole[1].cases), groups=groups[0], fit=fit, old=old)
    return _judged(case, sides, whole, mixed, tuple(by), (parts[0].at, parts[1].at))


def _judged(case: _Case, sides: Sides, periods: tuple[Period, Period], mixed: Mix, by: tuple[str, ...], weeks: tuple[Ints, Ints]) -> Judged:
    found, first = case.judge(sides)
    compared = _compared(periods, sides, mixed, by)
    final, rests_on = _without_one(case, sides, first, weeks)
    line = _curve(case, sides)
    return Judged(
        verdict=final,
        at_first=first,
        rests_on=rests_on,
        differences=found,
        otherwise=_otherwise(periods, sides),
        compared=compared,
        registered=case.registered,
        curve=line,
        beyond=beyond(line, found.resource.after.value, found.flow.after.value),
        remarks=tuple(_remarks(periods, compared, found, sides, simulated=case.old is not None)),
    )


def _curve(case: _Case, sides: Sides) -> tuple[tuple[float, float], ...]:
    if case.old is not None:
        return case.old.points
    return () if isinstance(sides.stages, str) else curve(sides.before, sides.after, sides.stages[0])


def _without_one(case: _Case, sides: Sides, first: Verdict, weeks: tuple[Ints, Ints]) -> tuple[Verdict, str]:
    """The verdict again without each of the weeks (or runs) that pull most; the weakest word stands, and the week is named."""
    final, rests_on = first, ""
    if first.word == "no change" or (sides.runs and len(sides.before.at) <= 2 * FEWEST_RUNS):
        return final, rests_on
    most = [] if case.old is None else [(0, int(np.argmin(case.old.ratio))), (0, int(np.argmax(case.old.ratio)))]
    for k, week in dict.fromkeys([*_pulling(sides, weeks), *most]):
        left = _less(sides, weeks, k, week)
        if min(len(left.before.at), len(left.after.at)) < FEWEST_RUNS:
            continue
        again = case.judge(left)[1]
        if weaker(final, again) is not final:
            final, rests_on = replace(again, guards=first.guards), _named(k, week, runs=sides.runs)
    return final, rests_on


def _pulling(sides: Sides, weeks: tuple[Ints, Ints]) -> list[tuple[int, int]]:
    """(side, week) of the week that does most for the rise of each efficiency, for their fall, and for V* either way."""
    found: dict[tuple[int, int], None] = {}
    for one, two in _watched(sides):
        value = series(sides.before, one), series(sides.after, two)
        up = 1 if value[1].value >= value[0].value else -1
        best = max(
            (
                (up * (2 * k - 1) * float(value[k].pull[weeks[k] == w].sum()) / len(weeks[k]), k, int(w))
                for k in (0, 1)
                for w in np.unique(weeks[k])
            ),
            default=None,
        )
        if best is not None and math.isfinite(best[0]):
            found[best[1], best[2]] = None
    return list(found)


def _watched(sides: Sides) -> list[tuple[Statistic, Statistic]]:
    stages = sides.stages
    extra = [] if isinstance(stages, str) else [(variability(stages[0]), variability(stages[1], sides.own))]
    return [(plain_resource, plain_resource), (flow, flow), *extra]


def _less(sides: Sides, weeks: tuple[Ints, Ints], k: int, week: int) -> Sides:
    """Without a week of one side; of runs the pair goes."""
    keep = [(w != week) if sides.runs or i == k else np.ones(len(w), dtype=bool) for i, w in enumerate(weeks)]
    return replace(sides, before=sides.before.kept(keep[0]), after=sides.after.kept(keep[1]))


def _named(k: int, week: int, *, runs: bool) -> str:
    if runs:
        return f"run {week + 1}"
    monday = np.datetime64("1970-01-01") + int(7 * week - 3)
    return f"the week of {monday} ({'after' if k else 'before'})"


def _alike(before: Period, after: Period) -> tuple[Period, Period]:
    """Both by the same stages; where their units have other names, the whole hospital is one stage."""
    if before.stages.keys() == after.stages.keys():
        return before, after
    return _as_one(before), _as_one(after)


def _as_one(p: Period) -> Period:
    s = list(p.stages.values())
    if not s:
        return p
    total = {name: np.sum([getattr(x, name) for x in s], axis=0) for name in ("busy", "open", "va", "t")}
    return replace(p, stages={WHOLE: Stage(places=sum(x.places for x in s), **total)})


def _mixed(before: Period, after: Period, by: Sequence[str]) -> Mix:
    mixed = mix(before, after, by)
    if not any(w.sum() > 0 for w in mixed.weights) or min(before.cases, after.cases) == 0:
        raise EmptyError("verdict", "the two periods have no kind of patient in common", "Name other attributes under segment.")
    return mixed


def _own(periods: tuple[Period, Period], mixed: Mix) -> float:
    before, after = own_spread(periods, mixed)
    return after / before


def _touched(p: Period, control: Touched | None) -> Floats | None:
    if control is None:
        return None
    name, values = control
    if name not in p.facts:
        raise EmptyError(p.name, f"no attribute {name!r}", f"Give one of {', '.join(p.facts) or 'none'} to control.")
    other = np.isin(p.facts[name].astype(str), values)
    if other.all() or not other.any():
        raise EmptyError(
            p.name, f"{'all' if other.all() else 'none'} of the patients are of the control", "Name other values for the control."
        )
    return np.asarray(~other, dtype=np.float64)


def _enough(name: str, n: int, least: int, what: str) -> None:
    if n < least:
        raise EmptyError(name, f"{many(n, what)} {'is' if n == 1 else 'are'} too few for a verdict", f"Give at least {many(least, what)}.")


def _otherwise(periods: tuple[Period, Period], sides: Sides) -> Mapping[str, tuple[float, float]]:
    """Resource efficiency had the mix been that of both, and flow efficiency with the mix as it was."""
    whole = [s.of(s.values.sum(axis=0)) for s in (sides.before, sides.after)]
    help_ = [float(p.va.sum() / p.t.sum()) if p.t.sum() > 0 else math.nan for p in periods]
    return {
        "resource efficiency of so many patients of the mix of both": (resource(whole[0]), resource(whole[1])),
        "flow efficiency, the mix as it was": (help_[0], help_[1]),
    }


def _compared(periods: tuple[Period, Period], sides: Sides, mixed: Mix, by: tuple[str, ...]) -> Compared:
    one, two = periods
    open_ = [p.unfinished / max(p.cases + p.unfinished, 1) for p in periods]
    return Compared(
        names=(one.name, two.name),
        rows=(len(sides.before.at), len(sides.after.at)),
        unit="runs" if sides.runs else "days",
        cases=(one.cases, two.cases),
        unfinished=(open_[0], open_[1]),
        left_out=mixed.left_out,
        by=by,
        moved=mixed.moved,
        same_months=sides.runs or float(np.abs(_months(one) - _months(two)).sum()) / 2 <= MOST_OTHER,
        demand=(one.cases / len(one.days), two.cases / len(two.days)),
    )


def _remarks(periods: tuple[Period, Period], c: Compared, found: Differences, sides: Sides, *, simulated: bool) -> list[str]:
    one, two = periods
    said = [*dict.fromkeys((*one.notes, *two.notes))]
    guarded = {g.change.name for g in found.guards}
    said += [
        f"'{h}' is never seen, or cannot be known in both, so it guards nothing." for h in {**one.harms, **two.harms} if h not in guarded
    ]
    if not c.by:
        said.append("No attribute was named to hold the mix of patients by, so it is not held.")
    if c.lost > 0:
        much = ", too many to hold the mix" if c.lost > MUCH else ""
        said.append(f"{sum(c.left_out):,} patients ({c.lost:.1%}) are of kinds that only one period has; they are left out{much}.")
    if abs(c.unfinished[0] - c.unfinished[1]) > APART:
        shares = " and ".join(f"{x:.1%} {when}" for x, when in zip(c.unfinished, ("before", "after"), strict=True))
        said.append(f"Of the patients {shares} had not left; they are long journeys, and not counted.")
    if isinstance(sides.stages, str) and not simulated:
        said.append(f"V* cannot be known: {sides.stages}.")
    if WHOLE in one.stages:
        said.append("The units have other names after than before, so the whole hospital is taken as one stage for V*.")
    return said


def _months(p: Period) -> Floats:
    """Which share of a period's days lies in each month of the year (12,)."""
    months = (np.datetime64("1970-01-01") + p.days.astype("timedelta64[D]")).astype("datetime64[M]").astype(np.int64) % 12
    return np.bincount(months, minlength=12) / len(p.days)
