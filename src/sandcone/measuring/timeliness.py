"""Whether patients are seen when promised: due times, booked times, first cases of the day, cancellations (FIELD.md §1)."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
from ibis import _

from sandcone.core.clock import HOUR, MINUTE
from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.core.site import Promise
from sandcone.measuring.counting import gathered, mean_of, share_of
from sandcone.measuring.flow import completed
from sandcone.measuring.prepare import Prepared, kept, micros, row


def timeliness(prepared: Prepared) -> Measures:
    """How often the promised times are kept, how late booked steps begin, and how many cases are cancelled.

    What is promised is the site's to say (``promised_hours``, ``promises``, ``cancelled_steps``); booked times come with the log.
    """
    return gathered([*_door_to_door(prepared), *_promises(prepared), *_lateness(prepared), *_cancelled(prepared)])


def _door_to_door(prepared: Prepared) -> Iterator[Measure | Missing]:
    hours = prepared.site.promised_hours
    if hours is None:
        yield Missing(name="timeliness.within_promise", why="the site file gives no promised_hours")
        return
    counted = row(completed(prepared).aggregate(n=_.count(), hits=(_.leave - _.need <= int(hours * HOUR)).sum()))
    if counted["n"]:
        within = share_of(int(counted["hits"]), int(counted["n"]), f"need to last step within {hours:g} h")
        yield Measure(name="timeliness.within_promise", estimate=within)


def _promises(prepared: Prepared) -> Iterator[Measure | Missing]:
    if not prepared.site.promises:
        yield Missing(name="promise.within", why="the site file makes no promises between steps")
    for promise in prepared.site.promises:
        unknown = [name for name in (promise.start, promise.end) if name not in prepared.step_names]
        if unknown:
            yield Missing(name="promise.within", why=f"{promise.name}: the log has no step called {unknown[0]!r}")
        else:
            yield from _promise(prepared, promise)


def _promise(prepared: Prepared, promise: Promise) -> Iterator[Measure]:
    between = _first(prepared, promise.start, "t0").inner_join(_first(prepared, promise.end, "t0").rename(then="first"), "c")
    taken = between.select(h=(_.then - _.first) / HOUR)
    found = row(taken.aggregate(n=_.count(), hits=(_.h <= promise.within_hours).sum(), mid=_.h.quantile(0.5), before=(_.h < 0).sum()))
    if not found["n"]:
        return
    group, n = {"promise": promise.name}, int(found["n"])
    method = f"first {promise.start!r} to first {promise.end!r}, cases with both"
    note = f"in {int(found['before'])} cases the second came before the first" if found["before"] else ""
    yield Measure(name="promise.median", group=group, estimate=Estimate(value=found["mid"], n=n, unit="h", method=method), note=note)
    within = share_of(int(found["hits"]), n, f"{method}, within {promise.within_hours:g} h")
    yield Measure(name="promise.within", group=group, estimate=within, note=note)


def _first(prepared: Prepared, name: str, column: str) -> ir.Table:
    number = prepared.step_names.index(name)
    return prepared.done.filter(_.s == number).group_by("c").aggregate(first=_[column].min())


def _booked(prepared: Prepared) -> ir.Table:
    """Booked steps that began and ended, straight from the log."""
    table = prepared.log.table.filter(_.planned.notnull(), _.start.notnull(), _.end.notnull())
    return kept(table.select("case", "resource", t0=micros(table.start), late=micros(table.start) - micros(table.planned)))


def _lateness(prepared: Prepared) -> Iterator[Measure | Missing]:
    booked = _booked(prepared)
    hours = booked.select(h=_.late / HOUR)
    found = row(hours.aggregate(n=_.count(), x=_.h.sum(), xx=(_.h * _.h).sum(), mid=_.h.quantile(0.5)))
    if not found["n"]:
        yield Missing(name="lateness.mean", why="the log has no booked times (planned)")
        return
    n, method = int(found["n"]), "start after booked time; early counts as negative"
    yield Measure(name="lateness.mean", estimate=mean_of(n, found["x"], found["xx"], "h", method))
    yield Measure(name="lateness.median", estimate=Estimate(value=found["mid"], n=n, unit="h", method=method))
    first = _first_of_days(prepared, booked)
    counted = row(first.aggregate(n=_.count(), a=(_.late <= 5 * MINUTE).sum(), b=(_.late <= 15 * MINUTE).sum()))
    for minutes, hits in ((5, counted["a"]), (15, counted["b"])):
        if counted["n"]:
            on_time = share_of(int(hits), int(counted["n"]), f"first booked start of a resource's day, at most {minutes} minutes late")
            yield Measure(name=f"first_start.within_{minutes}_min", estimate=on_time)


def _first_of_days(prepared: Prepared, booked: ir.Table) -> ir.Table:
    """The first booked step of each resource's day; of several that begin together, that of the case named first."""
    named = booked.filter(_.resource.notnull())
    begins = named.mutate(day=prepared.local_day(_.t0)).group_by("resource", "day").aggregate(t0=_.t0.min())
    together = named.inner_join(begins.select("resource", "t0"), ["resource", "t0"])
    place = ibis.row_number().over(ibis.window(group_by=["resource", "t0"], order_by="case"))
    return together.mutate(rank=place).filter(_["rank"] == 0)


def _cancelled(prepared: Prepared) -> Iterator[Measure | Missing]:
    names = [i for i, name in enumerate(prepared.step_names) if name in prepared.site.cancelled_steps]
    if not names:
        yield Missing(name="cancellation.share", why="the site file names no cancelled_steps that the log has")
        return
    cases = row(prepared.cases.aggregate(n=_.count()))["n"]
    hits = row(prepared.steps.filter(_.s.isin(names)).aggregate(n=_.c.nunique()))["n"]
    yield Measure(name="cancellation.share", estimate=share_of(int(hits), int(cases), "cases with a step that means cancelled"))
