"""How long patients' journeys take, and how much of that time does something for them (FIELD.md §1)."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
from ibis import _

from sandcone.core.chance import Luck
from sandcone.core.clock import HOUR
from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.measuring import intervals
from sandcone.measuring.intervals import Floats, Unit, estimate, table_of, unit_of
from sandcone.measuring.prepare import Prepared, row

ONE_TIME = "the log has one time for each step and nothing to estimate its start from, so no step has a duration"
NO_LENGTH = "every complete journey ends the moment it begins, so there is no time of which a part could help"
NO_READY = "the log has no time of need (ready), so the journey is counted from its first step"


def completed(prepared: Prepared) -> ir.Table:
    """Cases that came to an end inside the log: no step left open and, where end steps are declared, ended by one."""
    ends = prepared.site.end_steps
    cases = prepared.cases.filter(~_.open)
    if not ends:
        return cases
    numbers = [i for i, name in enumerate(prepared.step_names) if name in ends]
    return cases.filter(_.last.isin(numbers))


def flow(prepared: Prepared, luck: Luck) -> Measures:
    """Throughput time, value-adding time and flow efficiency of the patients whose journey is complete.

    Flow efficiency is value-adding time over throughput time: ``flow_efficiency`` weighs by time (sum over sum),
    ``flow_efficiency_mean`` is the mean of each patient's ratio; they differ. ``from_start`` counts from the first step's
    start, ``from_need`` from the time of need. Source: Modig & Åhlström 2012; FIELD.md §1.
    """
    unit = unit_of(prepared)
    cases = completed(prepared)
    sums = _sums(cases, unit)
    if sums.shape[0] == 0:
        return Measures(items=(), missing=(Missing(name="throughput_time.mean", why="no case came to an end inside the log"),))
    items = [*_throughput(cases, sums, unit, luck)]
    if prepared.log.starts == "none":
        return Measures(items=tuple(items), missing=tuple(Missing(name=n, why=ONE_TIME) for n in _NEEDS_STARTS))
    items += _efficiency(prepared, cases, sums, unit, luck)
    return Measures(items=tuple(items), missing=tuple(_not_known(prepared, sums)))


def _not_known(prepared: Prepared, sums: Floats) -> Iterator[Missing]:
    if not sums[:, T].sum() > 0:
        yield Missing(name="flow_efficiency.from_start", why=NO_LENGTH)
    if not prepared.log.has_ready:
        yield Missing(name="flow_efficiency.from_need", why=NO_READY)
    elif not sums[:, NEED].sum() > 0:
        yield Missing(name="flow_efficiency.from_need", why=NO_LENGTH)


_NEEDS_STARTS = ("flow_efficiency.from_start", "value_adding_time.mean", "necessary_time.mean", "waiting_time.mean")


def _sums(cases: ir.Table, unit: Unit) -> Floats:
    """Sums by unit, in hours, in the order N, T, TT, …."""
    t, need = (_.leave - _.arrive) / HOUR, (_.leave - _.need) / HOUR
    each = cases.mutate(unit=unit.expression, t=t, need_t=need, fe=ibis.ifelse(_.leave > _.arrive, _.va / (_.leave - _.arrive), None))
    each = each.mutate(fe_need=ibis.ifelse(_.leave > _.need, _.va / (_.leave - _.need), None))
    return table_of(
        each,
        n=_.count(),
        t=_.t.sum(),
        tt=(_.t * _.t).sum(),
        va=(_.va / HOUR).sum(),
        vn=(_.vn / HOUR).sum(),
        act=(_.act / HOUR).sum(),
        need=_.need_t.sum(),
        fe=_.fe.sum().fill_null(0.0),
        fe_n=_.fe.count(),
        fe_need=_.fe_need.sum().fill_null(0.0),
        fe_need_n=_.fe_need.count(),
    )


N, T, TT, VA, VN, ACT, NEED, FE, FE_N, FEN, FEN_N = range(11)


def _throughput(cases: ir.Table, sums: Floats, unit: Unit, luck: Luck) -> Iterator[Measure]:
    n = int(sums[:, N].sum())
    yield Measure(name="throughput_time.mean", estimate=estimate(sums[:, [T, N]], intervals.ratio, "h", n, unit.word, luck))
    effect = intervals.design_effect(sums[:, [N, T, TT]], luck)
    for name, q in (("median", 0.5), ("p90", 0.9), ("p95", 0.95)):
        yield Measure(name=f"throughput_time.{name}", estimate=quantile(cases, (_.leave - _.arrive) / HOUR, q, n, effect, luck))


def quantile(table: ir.Table, value: ir.Value, q: float, n: int, effect: float, luck: Luck) -> Estimate:
    """The q-quantile of a value in hours, its interval from the order of the data, widened where cases depend on each other."""
    low, high = intervals.levels(q, n, effect)
    found = row(table.select(x=value).aggregate(mid=_.x.quantile(q), low=_.x.quantile(low), high=_.x.quantile(high)))
    if luck.draws == 0:
        return Estimate(value=found["mid"], n=n, unit="h", method="no interval asked for")
    method = f"order statistics, design effect {effect:.1f}"
    low, high = sorted((found["low"], found["high"]))  # engines round between equal values, up or down
    return Estimate(value=found["mid"], low=low, high=high, n=n, unit="h", method=method)


def _efficiency(prepared: Prepared, cases: ir.Table, sums: Floats, unit: Unit, luck: Luck) -> Iterator[Measure]:
    n, note = int(sums[:, N].sum()), value_note(prepared)

    def one(name: str, columns: list[int], statistic: intervals.Statistic, of: str, count: int = n) -> Measure:
        return Measure(name=name, estimate=estimate(sums[:, columns], statistic, of, count, unit.word, luck), note=note)

    yield one("value_adding_time.mean", [VA, N], intervals.ratio, "h")
    yield one("necessary_time.mean", [VN, VA, N], lambda s: (s[..., 0] - s[..., 1]) / s[..., 2], "h")
    yield one("waiting_time.mean", [T, VN, N], lambda s: (s[..., 0] - s[..., 1]) / s[..., 2], "h")
    if sums[:, T].sum() > 0:
        yield one("flow_efficiency.from_start", [VA, T], intervals.ratio, "share")
        yield one("flow_efficiency_mean.from_start", [FE, FE_N], intervals.ratio, "share", int(sums[:, FE_N].sum()))
        median = quantile(cases.filter(_.leave > _.arrive), _.va / (_.leave - _.arrive), 0.5, int(sums[:, FE_N].sum()), 1.0, luck)
        yield Measure(name="flow_efficiency_median.from_start", estimate=_as_share(median), note=note)
    if prepared.log.has_ready:
        yield one("throughput_time.from_need", [NEED, N], intervals.ratio, "h")
    if prepared.log.has_ready and sums[:, NEED].sum() > 0:
        yield one("flow_efficiency.from_need", [VA, NEED], intervals.ratio, "share")
        yield one("flow_efficiency_mean.from_need", [FEN, FEN_N], intervals.ratio, "share", int(sums[:, FEN_N].sum()))


def _as_share(e: Estimate) -> Estimate:
    return Estimate(value=e.value, low=e.low, high=e.high, n=e.n, unit="share", method=e.method)


def value_note(prepared: Prepared) -> str:
    """What numbers on value-adding time rest on: the activity table, and estimated starts."""
    declared = "" if prepared.site.steps else f"no activity table given, so every step counts as {prepared.site.default_value}"
    estimated = "starts are estimated, so this is the most it can be" if prepared.log.starts in ("estimated", "partly") else ""
    return "; ".join(x for x in (declared, estimated) if x)
