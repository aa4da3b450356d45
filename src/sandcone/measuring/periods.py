"""A log as one period or two, day by day and patient by patient, for a verdict (FIELD.md §4).

Patients belong to the period in which their need arose, resources to the day on which they were in use. Hours and places that the site
does not declare are inferred from the whole log, the same for both periods.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import ibis
import numpy as np
import pyarrow as pa
from ibis import _
from numpy.typing import NDArray

from sandcone.core.clock import DAY, HOUR
from sandcone.core.errors import EmptyError
from sandcone.core.estimate import Estimate
from sandcone.core.log import EventLog
from sandcone.core.period import Floats, Ints, Period, Stage, Texts
from sandcone.core.registered import Registered
from sandcone.measuring.counting import gathered
from sandcone.measuring.fit import fit
from sandcone.measuring.flow import ONE_TIME, completed
from sandcone.measuring.matrix import Units, unit_of_resource, units_of
from sandcone.measuring.prepare import Prepared, arrays, prepare
from sandcone.measuring.process import SHIFTED
from sandcone.measuring.resources import NO_RESOURCE, Worked, cost_weights, worked
from sandcone.measuring.roster import Roster, profile, roster
from sandcone.measuring.usage import Usage, usage
from sandcone.measuring.waits import walked

FOLLOWED = 0.95  # of all journeys are over by the time that patients are followed up
MOST_CUT = 0.5  # of the last period, at most, is too near the end of the log to be followed up
EPOCH = date(1970, 1, 1).toordinal()
STOPPED = 14  # days without anybody coming before the log ends
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Seen:
    """A log as arrays: of resources by day (resources or units, days), of patients whose journey is complete (cases,)."""

    usage: Usage
    done: Worked
    opened: Floats
    capacity: Ints
    units: Units
    inferred: bool
    c: Ints
    day: Ints  # since 1970
    values: Mapping[str, Floats]
    facts: Mapping[str, Texts]
    harms: Mapping[str, Floats]
    open_days: Ints  # the days of those who have not left
    never: tuple[str, ...]  # steps agreed to be bad that the log does not have

    @property
    def first(self) -> int:
        return self.usage.origin // DAY

    @property
    def extract(self) -> bool:
        """Whether patients stop coming well before the log ends."""
        return self.first + self.usage.days - self.came_until > STOPPED

    @property
    def came_until(self) -> int:
        """The last day on which somebody's need arose."""
        return int(max(self.day.max(initial=-1), self.open_days.max(initial=-1)))


def periods(
    log: EventLog, registered: Registered, *, at: date | None = None, facts: Sequence[str] = (), name: str = ""
) -> tuple[Period, ...]:
    """A log as one period, or as two parted by a date (its first day belongs to the second).

    ``facts`` are the attributes to keep of each patient. The last days of a log are left out, for of those who came then only the short
    journeys are over: as many as 95 % of journeys take, or as was agreed. Raises ``EmptyError`` where either efficiency cannot be measured.
    """
    seen = _seen(log, registered, facts)
    last = min(seen.first + seen.usage.days - _follow_up(seen, registered), seen.came_until + 1)
    if at is None:
        return (_period(log, seen, seen.first, last, name or log.source),)
    cut = at.toordinal() - EPOCH
    if not seen.first < cut < last:
        first, end = (date.fromordinal(d + EPOCH) for d in (seen.first + 1, last - 1))
        do = f"Give a day from {first} to {end}." if first <= end else "Give a longer log."
        raise EmptyError(log.source, f"no days on both sides of {at} that can be followed up", do)
    return _period(log, seen, seen.first, cut, f"before {at}"), _period(log, seen, cut, last, f"from {at}")


def _seen(log: EventLog, registered: Registered, facts: Sequence[str]) -> _Seen:
    prepared = _measurable(log)
    used = usage(prepared)
    looked = profile(used)
    hours = roster(used, looked)
    capacity, done = walked(used, hours).capacity, worked(used, hours)
    cases = completed(prepared).mutate(on=prepared.local_day(_.need))
    kept = [name for name in facts if name in log.attributes]
    columns = {name: f"a{log.attributes.index(name)}" for name in {*kept, *_who(log, registered)}}
    found = cases.select("c", "on", "need", "leave", "va", "act", *columns.values()).order_by("c").to_pyarrow()
    get = {n: found[n].to_numpy() for n in ("c", "on", "need", "leave", "va", "act")}
    texts = {name: np.array(found[column].to_pylist(), dtype=object) for name, column in columns.items()}
    over = prepared.cases.anti_join(cases.select("c"), "c").mutate(on=prepared.local_day(_.need))
    return _Seen(
        usage=used,
        done=done,
        opened=hours.open_by_day() / HOUR * capacity[:, None],
        capacity=capacity,
        units=units_of(used, hours, capacity, done),
        inferred=_inferred(hours),
        c=get["c"].astype(np.int64),
        day=get["on"].astype(np.int64),
        values=_hours(prepared, get),
        facts={name: texts[name] for name in kept},
        harms=dict(_harms(prepared, registered, get, texts)),
        open_days=arrays(over, "on")[0].astype(np.int64),
        never=tuple(name for name in registered.bad_steps if name not in prepared.step_names),
    )


def _measurable(log: EventLog) -> Prepared:
    prepared = prepare(log)
    do = "A verdict needs both efficiencies: give a log with starts, ends and resources; docs/columns.md says how."
    if log.starts == "none":
        raise EmptyError(log.source, ONE_TIME, do)
    if not prepared.resource_names:
        raise EmptyError(log.source, NO_RESOURCE, do)
    if log.site.dates_shifted:
        raise EmptyError(log.source, SHIFTED, do)
    return prepared


def _inferred(hours: Roster) -> bool:
    return any(kind != "declared" for kind in hours.kind)


def _who(log: EventLog, registered: Registered) -> tuple[str, ...]:
    who = registered.returns_of
    if who is not None and who not in log.attributes:
        do = f"Its attributes are {', '.join(log.attributes) or 'none'}: name one of them as returns_of."
        raise EmptyError(log.source, f"no attribute {who!r} to tell who came back", do)
    return () if who is None else (who,)


def _hours(prepared: Prepared, get: Mapping[str, NDArray[np.int64]]) -> dict[str, Floats]:
    t = (get["leave"] - get["need"]) / HOUR
    weight, _weighted = cost_weights(prepared.site, prepared.resource_names)
    costs = ibis.memtable(pa.table({"r": np.arange(len(weight), dtype=np.int32), "cost": weight}))
    spent = prepared.uses.inner_join(costs, "r").group_by("c").aggregate(h=(_.cost * (_.t1 - _.t0)).sum() / HOUR)
    work = np.zeros(int(get["c"].max(initial=-1)) + 1)
    c, h = arrays(spent, "c", "h")
    inside = c < len(work)
    work[c[inside].astype(np.int64)] = h[inside]
    return {"t": t, "va": get["va"] / HOUR, "wait": np.maximum(t - get["act"] / HOUR, 0.0), "work": work[get["c"].astype(np.int64)]}


def _harms(
    prepared: Prepared, registered: Registered, get: Mapping[str, NDArray[np.int64]], texts: Mapping[str, Texts]
) -> Iterator[tuple[str, Floats]]:
    """1 for each patient to whom something happened that should not have, by what it was."""
    named = {"cancelled": prepared.site.cancelled_steps, " or ".join(registered.bad_steps): registered.bad_steps}
    for what, names in named.items():
        if names:  # where the step never came, it happened to nobody
            numbers = [i for i, name in enumerate(prepared.step_names) if name in names]
            hit = arrays(prepared.steps.filter(_.s.isin(numbers)).select("c").distinct(), "c")[0]
            yield what, np.isin(get["c"], hit).astype(np.float64)
    if registered.returns_of is not None:
        yield f"returned within {registered.return_days} days", _returned(prepared, registered, get, texts[registered.returns_of])


def _returned(prepared: Prepared, registered: Registered, get: Mapping[str, NDArray[np.int64]], who: Texts) -> Floats:
    """Whether the same person's next need arose so soon; NaN where the log ends before that can be known."""
    known, window = np.array([w is not None for w in who.tolist()]), registered.return_days * DAY
    person = np.unique(who.astype(str), return_inverse=True)[1]
    order = np.lexsort((get["need"], person))
    again = np.zeros(len(order))
    same = person[order][1:] == person[order][:-1]
    soon = get["need"][order][1:] - get["leave"][order][:-1] <= window
    again[order[:-1]] = same & soon
    followed = get["leave"] + window <= prepared.last  # else only those would be known who did come back
    return np.where(known & followed, again, np.nan)


def _follow_up(seen: _Seen, registered: Registered) -> int:
    if registered.follow_up_days is not None:
        return registered.follow_up_days
    if not len(seen.day):
        raise EmptyError(seen.usage.prepared.log.source, "nobody has come to an end of their journey", "Give a longer log.")
    needed = int(np.ceil(np.quantile(seen.values["t"], FOLLOWED) / 24))
    return min(needed if needed > 1 else 0, int(MOST_CUT * seen.usage.days))


def _period(log: EventLog, seen: _Seen, first: int, last: int, name: str) -> Period:
    days, mine = slice(first - seen.first, last - seen.first), (seen.day >= first) & (seen.day < last)
    weight, _weighted = cost_weights(log.site, seen.usage.prepared.resource_names)
    known = (seen.opened[:, days].sum(axis=1) > 0) & (seen.done.by_day[:, days].sum(axis=1) > 0)
    if not (known.any() and mine.any()):
        raise EmptyError(log.source, f"{name}: no resource in use, or no journey that is over", "Give a longer log, or another date.")
    weight = weight * known
    return Period(
        name=name,
        days=np.arange(first, last),
        busy=weight @ seen.done.by_day[:, days],
        open=weight @ seen.opened[:, days],
        day=seen.day[mine] - first,
        stages=dict(_stages(seen, days, known)),
        facts={k: v[mine] for k, v in seen.facts.items()},
        harms={k: v[mine] for k, v in seen.harms.items()},
        fit=_fit(log, seen, mine),
        unfinished=int(((seen.open_days >= first) & (seen.open_days < last)).sum()),
        extract=seen.extract,
        notes=tuple(_notes(log, seen)),
        t=seen.values["t"][mine],
        va=seen.values["va"][mine],
        wait=seen.values["wait"][mine],
        work=seen.values["work"][mine],
    )


def _stages(seen: _Seen, days: slice, known: Bools) -> Iterator[tuple[str, Stage]]:
    """The units with open hours and patients' time in these days; places are those of resources in use then."""
    units, of_resource = seen.units, np.array(unit_of_resource(seen.usage), dtype=object)
    for u, name in enumerate(units.names):
        busy, opened, va, t = (x[u, days] for x in (units.busy, units.open, units.va, units.t))
        places = int(seen.capacity[(of_resource == name) & known].sum())
        if opened.sum() > 0 and t.sum() > 0 and places > 0:
            yield name, Stage(busy=busy, open=opened, va=va, t=t, places=places)


def _fit(log: EventLog, seen: _Seen, mine: Bools) -> Estimate | None:
    """How well care fitted needs in this period; None where the site names no needs."""
    if not log.site.needs or not mine.any():
        return None
    names = log.table.select("case").distinct().order_by("case").to_pyarrow()["case"]
    chosen = ibis.memtable(pa.table({"case": names.take(pa.array(seen.c[mine]))}))
    prepared = prepare(replace(log, table=log.table.semi_join(chosen, "case")))
    return gathered(fit(prepared)).get("fit.mean")


def _notes(log: EventLog, seen: _Seen) -> Iterator[str]:
    yield from (f"{said[:1].upper()}{said[1:]}{'' if said.endswith('.') else '.'}" for said in log.notes)
    yield from (f"No step is called '{name}' in {log.source}, so it counts as not having happened." for name in seen.never)
    if seen.extract:
        yield (
            "Nobody comes in the last part of the log, so it is an extract of patients: what its resources do fills up and dies away, "
            "and their efficiency is not that of the house. No change of it counts."
        )
    if seen.inferred:
        yield "Open hours of some resources are inferred from their work, over the whole log: a change of hours itself is not seen."
    if not log.site.steps:
        yield f"No activity table is given, so every step counts as {log.site.default_value}."
    if log.starts in ("estimated", "partly"):
        yield "Some starts are estimated, and both efficiencies rest on them."
    if not log.has_ready:
        yield "The log has no time of need, so waiting before the first step is not seen."
