"""The efficiency matrix: how well resources and patients' time are used, side by side (FIELD.md §3; Modig & Åhlström 2012).

Flow efficiency of a unit is value-adding time over the time patients wait for it and spend in it. Resource efficiency of a unit is
busy over open time of its resources. A segment or a mode has no resources of its own: its resource efficiency is that of the
resources it uses, weighted by its hours on each [P].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
from ibis import _

from sandcone.core.chance import Luck
from sandcone.core.clock import DAY, HOUR, day_name
from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.core.queueing import implied_variability
from sandcone.measuring import intervals
from sandcone.measuring.flow import completed, value_note
from sandcone.measuring.intervals import Floats, estimate, spread, unit_of
from sandcone.measuring.operating_modes import mode
from sandcone.measuring.paths import segment
from sandcone.measuring.prepare import Prepared, arrays
from sandcone.measuring.resources import NO_LENGTH, NO_RESOURCE, Worked
from sandcone.measuring.roster import Roster
from sandcone.measuring.usage import Ints, Usage, total_by

MOST_UNITS = 30
LONG = 92  # days from which periods are months, not weeks
FEW_PERIODS = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Units:
    """The units of a hospital: ``names``, the unit of each use by step or by resource, hours by unit and day.

    ``busy``, ``open`` (units, days); ``va`` value-adding hours, ``t`` hours waited for and spent in the unit (units, days);
    ``places`` patients at once.
    """

    names: tuple[str, ...]
    busy: Floats
    open: Floats
    va: Floats
    t: Floats
    places: Ints
    uses: Ints


def matrix(usage: Usage, roster: Roster, capacity: Ints, done: Worked, luck: Luck) -> Measures:
    """Resource efficiency beside flow efficiency for each unit, segment, operating mode and period, and V* for each unit.

    V* is the variability that would explain a unit's utilization together with its flow efficiency; lower is better and moving
    along the trade-off leaves it alone. Cut points between high and low are the medians over the units [P].
    """
    prepared = usage.prepared
    if usage.resources == 0 or prepared.log.starts == "none":
        why = NO_RESOURCE if usage.resources == 0 else NO_LENGTH
        return Measures(items=(), missing=tuple(Missing(name=n, why=why) for n in ("matrix.re", "matrix.fe", "v_star")))
    units = units_of(usage, roster, capacity, done)
    items = [*_by_unit(units, luck, value_note(prepared)), *_cuts(units), *_by_period(usage, units, luck)]
    missing = []
    for key, found in (("segment", segment(prepared)), ("mode", mode(prepared))):
        if isinstance(found, str):
            missing.append(Missing(name=f"matrix by {key}", why=found))
        else:
            items += _by_cases(usage, units, key, found, luck)
    return Measures(items=tuple(items), missing=tuple(missing))


def unit_of_resource(usage: Usage) -> list[str]:
    """The unit each resource works in: that of most of its uses where steps have units, else its pool."""
    site, names = usage.prepared.site, usage.prepared.resource_names
    if not site.units:
        return [site.pool_of(name) for name in names]
    most: dict[int, tuple[int, str]] = {}
    found = arrays(usage.prepared.uses.group_by("r", "s").aggregate(n=_.count()).order_by("r", "s"), "r", "s", "n")
    for r, s, n in zip(*found, strict=True):
        unit = site.units.get(usage.prepared.step_names[int(s)], usage.prepared.step_names[int(s)])
        if int(n) > most.get(int(r), (0, ""))[0]:
            most[int(r)] = (int(n), unit)
    return [most[r][1] if r in most else name for r, name in enumerate(names)]


def units_of(usage: Usage, roster: Roster, capacity: Ints, done: Worked) -> Units:
    """The units of a hospital day by day, those with most of patients' time first."""
    of_resource = unit_of_resource(usage)
    names, va, t, uses = _times_by_step(usage) if usage.prepared.site.units else _times_by_resource(usage, of_resource, done)
    place = {name: u for u, name in enumerate(names)}
    busy, opened, places = np.zeros(va.shape), np.zeros(va.shape), np.zeros(len(names), dtype=np.int64)
    hours = roster.open_by_day() / HOUR * capacity[:, None]
    for r, unit in enumerate(of_resource):
        if unit in place:
            busy[place[unit]] += done.by_day[r]
            opened[place[unit]] += hours[r]
            places[place[unit]] += capacity[r]
    order = np.argsort(-t.sum(axis=1), kind="stable")[:MOST_UNITS]
    return Units(
        names=tuple(names[i] for i in order),
        busy=busy[order],
        open=opened[order],
        va=va[order],
        t=t[order],
        places=places[order],
        uses=uses[order],
    )


Times = tuple[tuple[str, ...], Floats, Floats, Ints]  # units, value-adding hours and hours waited and spent (units, days), uses


def _times_by_resource(usage: Usage, of_resource: list[str], done: Worked) -> Times:
    """A step with several resources counts in the unit of each."""
    names = tuple(sorted(set(of_resource)))
    member = np.array([[unit == name for unit in of_resource] for name in names], dtype=np.float64)
    return names, member @ done.value, member @ done.time, (member @ usage.counts).astype(np.int64)


def _times_by_step(usage: Usage) -> Times:
    """A step without a unit in the site file is a unit of its own."""
    prepared, units = usage.prepared, usage.prepared.site.units
    labels = [units.get(name, name) for name in prepared.step_names]
    names = tuple(sorted(set(labels)))
    codes = np.array([names.index(label) for label in labels])
    placed = prepared.done.mutate(day=prepared.local_day(_.t0) - usage.origin // DAY, h=(_.t1 - _.t0) / HOUR)
    waited = (_.wait / HOUR).sum().fill_null(0.0)
    summed = placed.group_by("s", "day").aggregate(va=_.h.sum(where=_.v == 0).fill_null(0.0), h=_.h.sum(), w=waited, n=_.count())
    s, day, va, h, w, n = arrays(summed.order_by("s", "day"), "s", "day", "va", "h", "w", "n")
    at, size = codes[s] * usage.days + day.astype(np.int64), len(names) * usage.days
    value, time = (total_by(at, x, size).reshape(len(names), -1) for x in (va, h + w))
    return names, value, time, total_by(codes[s], n, len(names)).astype(np.int64)


def _by_unit(units: Units, luck: Luck, note: str) -> Iterator[Measure]:
    for u, name in enumerate(units.names):
        group, n = {"unit": name}, int(units.uses[u])
        yield from _pair(group, n, (units.busy[u], units.open[u]), (units.va[u], units.t[u]), luck, note)
        if units.open[u].sum() > 0 and units.t[u].sum() > 0:
            yield Measure(name="v_star", group=group, estimate=_v_star(units, u, luck))


def _pair(
    group: dict[str, str], n: int, re: tuple[Floats, Floats], fe: tuple[Floats, Floats], luck: Luck, note: str = ""
) -> Iterator[Measure]:
    for name, (above, below), words in (("matrix.re", re, ""), ("matrix.fe", fe, note)):
        used = (above > 0) | (below > 0)
        if below.sum() > 0:
            value = estimate(np.column_stack([above[used], below[used]]), intervals.ratio, "share", n, "days", luck)
            yield Measure(name=name, group=group, estimate=value, note=words)


def _v_star(units: Units, u: int, luck: Luck) -> Estimate:
    sums = np.column_stack([units.busy[u], units.open[u], units.va[u], units.t[u]])
    sums = sums[sums.any(axis=1)]
    places = max(int(units.places[u]), 1)

    def statistic(s: Floats) -> Floats:
        flat = s.reshape(-1, 4)
        values = [_implied(b / o, va / t, places) if o > 0 and t > 0 else np.nan for b, o, va, t in flat]
        return np.asarray(values).reshape(s.shape[:-1])

    value = float(statistic(sums.sum(axis=0)))
    low, high = spread(sums, statistic, luck)
    method = f"V* for {places} places (Sakasegawa), bootstrap over days, {luck.draws} draws, seed {luck.seed}"
    return Estimate(value=value, low=low, high=high, n=int(units.uses[u]), unit="ratio", method=method)


def _implied(u: float, fe: float, places: int) -> float:
    return implied_variability(u, min(1.0, fe), places) if 0 < u < 1 and fe > 0 else float("nan")


def _cuts(units: Units) -> Iterator[Measure]:
    with np.errstate(divide="ignore", invalid="ignore"):
        both = {"re": units.busy.sum(axis=1) / units.open.sum(axis=1), "fe": units.va.sum(axis=1) / units.t.sum(axis=1)}
    for key, values in both.items():
        known = values[np.isfinite(values)]
        if known.size:
            low, middle, high = np.quantile(known, [0.4, 0.5, 0.6])
            method = "median over the units of this log; low and high are its 40th and 60th percentile"
            cut = Estimate(value=float(middle), low=float(low), high=float(high), n=len(known), unit="share", method=method)
            yield Measure(name=f"matrix.cut_{key}", estimate=cut)


def periods(usage: Usage) -> tuple[list[str], Ints]:
    """The months (or weeks, in a short log) of a log, and the one that each day is in; months cut by its edges are left out (-1)."""
    days = [day_name(usage.origin + d * DAY) for d in range(usage.days)]
    if usage.days >= LONG:
        labels = [day[:7] for day in days]
    else:
        weekday = (usage.origin // DAY + 3) % 7
        labels = [days[max(0, d - (d + weekday) % 7)] for d in range(usage.days)]
    length = {label: labels.count(label) for label in dict.fromkeys(labels)}
    whole = [label for label, n in length.items() if n >= (28 if usage.days >= LONG else 7)]
    return whole, np.array([whole.index(label) if label in whole else -1 for label in labels])


def _by_period(usage: Usage, units: Units, luck: Luck) -> Iterator[Measure]:
    if usage.prepared.site.dates_shifted:
        return
    names, of_day = periods(usage)
    if len(names) < FEW_PERIODS:
        return
    for p, period in enumerate(names):
        days = of_day == p
        n = int(days.sum())
        totals = [x[:, days].sum(axis=0) for x in (units.busy, units.open, units.va, units.t)]
        yield from _pair({"period": period}, n, (totals[0], totals[1]), (totals[2], totals[3]), luck)
        for u, unit in enumerate(units.names):
            own = [x[u, days] for x in (units.busy, units.open, units.va, units.t)]
            if own[1].sum() > 0 and own[3].sum() > 0:
                yield from _pair({"unit": unit, "period": period}, n, (own[0], own[1]), (own[2], own[3]), Luck(luck.seed, 0))


def _by_cases(usage: Usage, units: Units, key: str, label: ir.Value, luck: Luck) -> Iterator[Measure]:
    """For segments and modes: flow efficiency of their cases, and the efficiency of the resources they use."""
    prepared, unit = usage.prepared, unit_of(usage.prepared)
    sums = (
        _labelled(prepared, label)
        .mutate(unit=unit.expression)
        .group_by("label", "unit")
        .aggregate(va=(_.va / HOUR).sum(), t=((_.leave - _.arrive) / HOUR).sum(), n=_.count())
    )
    labels, va, t, n = arrays(sums.order_by("label", "unit"), "label", "va", "t", "n")
    shares = dict(_resource_efficiency(usage, units, label))
    for name in dict.fromkeys(labels.tolist()):
        own = labels == name
        count = int(n[own].sum())
        if t[own].sum() <= 0:
            continue
        fe = estimate(np.column_stack([va[own], t[own]]), intervals.ratio, "share", count, unit.word, luck)
        yield Measure(name="matrix.fe", group={key: str(name)}, estimate=fe, note=value_note(prepared))
        if name in shares:
            re = Estimate(value=shares[name], n=count, unit="share", method="efficiency of the resources used, weighted by hours of use")
            yield Measure(name="matrix.re", group={key: str(name)}, estimate=re)


def _labelled(prepared: Prepared, label: ir.Value) -> ir.Table:
    whole = completed(prepared).select("c")
    return prepared.cases.mutate(label=label).semi_join(whole, "c").filter(_.label.notnull())


def _resource_efficiency(usage: Usage, units: Units, label: ir.Value) -> Iterator[tuple[str, float]]:
    prepared = usage.prepared
    people = prepared.cases.mutate(label=label).select("c", "label").filter(_.label.notnull())
    hours = prepared.uses.inner_join(people, "c").group_by("label", "r").aggregate(h=((_.t1 - _.t0) / HOUR).sum())
    labels, r, h = arrays(hours, "label", "r", "h")
    of_unit = {name: u for u, name in enumerate(units.names)}
    unit = np.array([of_unit.get(name, -1) for name in unit_of_resource(usage)])
    with np.errstate(divide="ignore", invalid="ignore"):
        efficiency = units.busy.sum(axis=1) / units.open.sum(axis=1)
    for name in np.unique(labels.astype(str)):
        own = (labels == name) & (unit[r.astype(np.int64)] >= 0)
        value = efficiency[unit[r[own].astype(np.int64)]]
        known = np.isfinite(value)
        if h[own][known].sum() > 0:
            yield str(name), float(np.average(value[known], weights=h[own][known]))
