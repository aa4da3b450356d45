"""The log made ready for counting: names as small numbers, times as µs, every step beside the one before it.

Everything measured starts from these two tables, so the one costly ordering of the log happens once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis import _
from numpy.typing import NDArray

from sandcone.core.clock import DAY, shifts
from sandcone.core.errors import EmptyError
from sandcone.core.log import EventLog
from sandcone.core.site import Site

CLASSES = ("value-adding", "necessary", "waiting")
Steps = tuple[tuple[str, ...], tuple[int, ...]]  # names, and the value class of each
NO = ibis.literal(False)  # noqa: FBT003


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """A log ready to be measured.

    ``steps``: one row a step, ``c`` case number, ``s`` step number, ``r`` resource number (null: none named), ``k`` place
    in the case from 0, ``ps``, ``pr`` step and resource of the step before, ``tr`` ready, ``t0`` start, ``t1`` end
    (µs; null: unknown or still open), ``pe`` latest end of the case's earlier steps, ``inside`` whether one of these has begun and
    has no end yet, ``v`` value class (0 value-adding, 1 necessary, 2 waiting), ``estimated``, ``wait`` µs waited before the step
    (null for a first step without a time of need, none inside a step still open).

    ``cases``: one row a case, ``c``, ``need`` when the need arose, ``arrive`` first start, ``leave`` last end (µs),
    ``n`` steps, ``va``, ``vn``, ``act`` µs with a value-adding / a value-adding or necessary / any step running (overlaps
    counted once), ``day`` of arrival (days since 1970, hospital clock), ``open`` whether a step has no end yet, ``last`` the
    last step, ``variant`` a number that two cases share only if they have the same steps in the same order, and one column
    ``a0, a1, …`` for each attribute of the log.
    """

    log: EventLog
    steps: ir.Table
    cases: ir.Table
    step_names: tuple[str, ...]
    resource_names: tuple[str, ...]
    first: int  # µs, the first moment in the log
    last: int  # µs, the last moment in the log
    several: bool  # whether some step has more than one resource

    @property
    def site(self) -> Site:
        """What the hospital says about itself."""
        return self.log.site

    @cached_property
    def done(self) -> ir.Table:
        """Steps that began and ended."""
        return self.steps.filter(_.t0.notnull(), _.t1.notnull())

    @cached_property
    def uses(self) -> ir.Table:
        """One row for each resource of each finished step: ``c, k, s, r, tr, t0, t1, v, wait``."""
        plain = self.done.filter(_.r.notnull()).select("c", "k", "s", "r", "tr", "t0", "t1", "v", "wait")
        if not self.several:
            return plain
        _names, codes = numbered(self.resource_names, "also", "r2")
        more = self.done.drop("r").mutate(also=_.others.unnest()).inner_join(codes, "also")
        return kept(plain.union(more.select("c", "k", "s", r=_.r2, tr=_.tr, t0=_.t0, t1=_.t1, v=_.v, wait=_.wait)))

    def local_day(self, micros: ir.Value) -> ir.Value:
        """The calendar day of a moment on the hospital's clock, in days since 1970."""
        branches = shifts(self.log.zone, self.first // DAY * DAY, self.last)
        return ((micros + _offset(micros, branches)) / DAY).floor().cast("int32")


def arrays(table: ir.Table, *columns: str) -> list[NDArray[Any]]:
    """Columns of a table as arrays, in one fetch; a number that is null becomes NaN."""
    return [column.to_numpy() for column in table.select(*columns).to_pyarrow().columns]


def kept(table: ir.Table) -> ir.Table:
    """A table worked out once and kept by its engine for as long as it is used.

    Spark keeps a table without first bringing it the small tables of names it is joined with (Ibis 12); looking at no row of it does.
    """
    if table.get_backend().name != "duckdb":
        table.limit(0).to_pyarrow()
    return table.cache()


def row(table: ir.Table) -> dict[str, Any]:
    """The single row of a table."""
    return dict(table.to_pyarrow().to_pylist()[0])


_epoch_us = ibis.udf.scalar.builtin(lambda time: None, name="epoch_us", signature=((dt.timestamp,), dt.int64))  # DuckDB's own


def micros(time: ir.Value) -> ir.Value:
    """A time as µs since 1970, exact on every engine."""
    if time.get_backend().name == "duckdb":
        return _epoch_us(time)
    return time.delta(ibis.timestamp("1970-01-01 00:00:00"), unit="microsecond").cast("int64")


def numbered(names: tuple[str, ...], column: str, code: str) -> tuple[tuple[str, ...], ir.Table]:
    """Names beside small numbers, as a table to join with."""
    return names, ibis.memtable(pa.table({column: pa.array(names, pa.string()), code: np.arange(len(names), dtype=np.int32)}))


@dataclass(frozen=True, slots=True)
class _Has:
    """What a log makes use of; what it does not is not carried through its ordering."""

    ready: bool
    unended: bool
    several: bool
    estimated: bool
    classes: tuple[int, ...]  # the value classes that its steps have

    @staticmethod
    def of(log: EventLog, classes: tuple[int, ...]) -> _Has:
        t = log.table
        found = row(
            t.aggregate(
                ready=t.ready.count(),
                unended=t.count() - ibis.least(t.start.count(), t.end.count()),
                several=t.others.length().max(),
                estimated=t.estimated.sum(),
            )
        )
        return _Has(classes=tuple(sorted(set(classes))), **{name: bool(count) for name, count in found.items()})


def prepare(log: EventLog) -> Prepared:
    """Order the log once, number its names, and set each step beside what came before it.

    Ties in start are settled by end, then by the order of the source. Raises ``EmptyError`` for a log with no times.
    """
    steps = _distinct(log.table.select("step"))
    classes = tuple(CLASSES.index(log.site.steps.get(name, log.site.default_value)) for name in steps)
    has = _Has.of(log, classes)
    resources = _distinct(_resources(log.table, has.several))
    people = kept(_people(log))
    beside = _whole(kept(_beside(_coded(log, people, (steps, classes), resources, has), has)), has)
    first, last = _span(beside, log.source)
    cases = kept(_cases(beside, people.drop("case"), has, (first, last), log.zone))
    return Prepared(
        log=log, steps=beside, cases=cases, step_names=steps, resource_names=resources, first=first, last=last, several=has.several
    )


def _distinct(column: ir.Table) -> tuple[str, ...]:
    values = column.distinct().to_pyarrow().column(0).to_pylist()
    return tuple(sorted(v for v in values if v is not None))


def _resources(table: ir.Table, several: bool) -> ir.Table:
    named = table.select("resource")
    return named.union(table.select(resource=_.others.unnest())) if several else named


def _people(log: EventLog) -> ir.Table:
    """One row a case: its number, in the order of the names, and its attributes."""
    attributes = {f"a{i}": _[name].arbitrary() for i, name in enumerate(log.attributes)}
    return log.table.group_by("case").aggregate(**attributes).mutate(c=ibis.row_number().over(order_by="case").cast("int64"))


def _coded(log: EventLog, people: ir.Table, steps: Steps, resources: tuple[str, ...], has: _Has) -> ir.Table:
    """The log with numbers for names; the value class comes with the step's number."""
    names, classes = pa.array(steps[0], pa.string()), np.array(steps[1], dtype=np.int32)
    step_codes = ibis.memtable(pa.table({"step": names, "s": np.arange(len(names), dtype=np.int32), "v": classes}))
    _names, resource_codes = numbered(resources, "resource", "r")
    coded = log.table.inner_join(people.select("case", "c"), "case").inner_join(step_codes, "step")
    coded = coded.left_join(resource_codes, "resource")
    optional = (("others", has.several), ("estimated", has.estimated), ("v", len(has.classes) > 1))
    keep = {name: coded[name] for name in ("c", "s", "r", "row", *(n for n, needed in optional if needed))}
    times = {"t0": micros(coded.start), "t1": micros(coded.end)}
    return coded.select(**keep, **times, **({"ready": micros(coded.ready)} if has.ready else {}))


def _beside(coded: ir.Table, has: _Has) -> ir.Table:
    """Each step beside the case's steps before it, by start, then end, then the order of the source."""
    ready = _.ready if has.ready else ibis.null("int64")
    began = ibis.coalesce(_.t0, ready)
    order = [ibis.coalesce(_.t0, ready, _.t1), ibis.coalesce(_.t1, _.t0, ready), _.row] if has.unended else [_.t0, _.t1, _.row]
    within = ibis.window(group_by="c", order_by=order)
    before = ibis.window(group_by="c", order_by=order, preceding=(None, 1))
    ends = {"pe": _.t1}
    if len(has.classes) > 1:
        ends |= {"pe_va": ibis.ifelse(_.v == 0, _.t1, None), "pe_vn": ibis.ifelse(_.v <= 1, _.t1, None)}
    if has.unended:
        ends |= {"inside": _.t0.notnull() & _.t1.isnull()}
    latest = {name: end.max().over(before) for name, end in ends.items()}
    placed = coded.mutate(k=ibis.row_number().over(within).cast("int32"), ps=_.s.lag().over(within), pr=_.r.lag().over(within), **latest)
    return _waited(placed, ready, began, has).drop("row")


def _waited(placed: ir.Table, ready: ir.Value, began: ir.Value, has: _Has) -> ir.Table:
    """When each step could have begun, and the wait from then; inside a step still open that is when it did begin."""
    inside = _.inside.fill_null(NO) if has.unended else NO
    since = ibis.coalesce(ready, ibis.ifelse(inside, began, _.pe), _.t0)
    placed = placed.mutate(tr=ibis.coalesce(ibis.least(since, began), began), inside=inside)
    return placed.mutate(wait=ibis.ifelse(ready.isnull() & _.pe.isnull() & ~_.inside, None, _.t0 - _.tr))


def _whole(steps: ir.Table, has: _Has) -> ir.Table:
    """The columns that were not carried, back as what they are throughout."""
    absent = {
        "ready": (has.ready, ibis.null("int64")),
        "v": (len(has.classes) > 1, ibis.literal(has.classes[0] if has.classes else 0, "int32")),
        "estimated": (has.estimated, NO),
    }
    return steps.mutate(**{name: value for name, (carried, value) in absent.items() if not carried})


def _span(steps: ir.Table, source: str) -> tuple[int, int]:
    begins = ibis.least(_.t0.min(), _.tr.min(), _.t1.min())
    ends = ibis.greatest(_.t1.max(), _.t0.max(), _.tr.max())
    first, last = row(steps.aggregate(a=begins, b=ends)).values()
    if first is None or last is None:
        raise EmptyError(source, "no step with a time", "Check the column map: start, end or time must name a column with times.")
    return int(first), int(last)


def _cases(steps: ir.Table, people: ir.Table, has: _Has, span: tuple[int, int], zone: str | None) -> ir.Table:
    covered = {"act": _whole_sum(_added("pe"))}
    if len(has.classes) > 1:
        named = {"va": ibis.ifelse(_.v == 0, _added("pe_va"), 0), "vn": ibis.ifelse(_.v <= 1, _added("pe_vn"), 0)}
        covered |= {name: _whole_sum(added) for name, added in named.items()}
    cases = (
        steps.inner_join(_fingerprints(steps), ["s", "k"])
        .group_by("c")
        .aggregate(
            need=_.tr.min(),
            arrive=ibis.coalesce(_.t0.min(), _.tr.min()) if has.unended else _.t0.min(),
            leave=_.t1.max(),
            n=_.count(),
            open=(_.count() > _.t1.count()) if has.unended else NO,
            last=(_.k.cast("int64") * 2**31 + _.s).max(),
            print1=_whole_sum(_.print1),
            print2=_whole_sum(_.print2),
            **covered,
        )
    )
    day = ((_.arrive + _offset(_.arrive, shifts(zone, span[0] // DAY * DAY, span[1]))) / DAY).floor().cast("int32")
    variant = (_.print1 % _BITS * _BITS + _.print2 % _BITS).cast("int64")
    cases = cases.mutate(day=day, last=(_["last"] % 2**31).cast("int32"), variant=variant).drop("print1", "print2")
    return _alike(cases, people, has)


def _alike(cases: ir.Table, people: ir.Table, has: _Has) -> ir.Table:
    """Where every step has one value class, time in it is all time with a step running or none; attributes come last."""
    if len(has.classes) == 1:
        cases = cases.mutate(
            **{name: _.act if has.classes[0] <= most else ibis.literal(0, "int64") for name, most in (("va", 0), ("vn", 1))}
        )
    return cases.inner_join(people, "c")


def _whole_sum(value: ir.Value) -> ir.Value:
    """A sum of whole numbers that stays below 2^53, where a float is exact and quicker than a wide integer."""
    return value.cast("float64").sum().fill_null(0.0).cast("int64")


_BITS = 2**31


def _fingerprints(steps: ir.Table) -> ir.Table:
    """Two random-looking numbers for each step in each place; their sums tell sequences apart (62 bits) without spelling them."""
    seen = steps.select("s", "k").distinct().to_pyarrow()
    key = seen["s"].to_numpy().astype(np.uint64) << np.uint64(32) | seen["k"].to_numpy().astype(np.uint64)
    prints = {f"print{i}": (_mixed(key + np.uint64(i << 60)) >> np.uint64(33)).astype(np.int64) for i in (1, 2)}
    return ibis.memtable(pa.table({"s": seen["s"], "k": seen["k"], **prints}))


def _mixed(key: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Splitmix64: every bit of the key moves every bit of the answer (Steele, Lea & Flood 2014)."""
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))


def _added(before: str) -> ir.Value:
    """µs of a step that no earlier step of its case already covers."""
    return ibis.greatest(_.t1 - ibis.greatest(_.t0, ibis.coalesce(_[before], _.t0)), 0)


def _offset(moment: ir.Value, branches: tuple[tuple[int, int], ...]) -> ir.Value:
    offset: ir.Value = ibis.literal(branches[0][1])
    for begins, shift in branches[1:]:
        offset = ibis.ifelse(moment >= begins, shift, offset)
    return offset
