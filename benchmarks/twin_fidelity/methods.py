"""Ways to make a log that could follow the training log. All are scored by the same code.

A method learns from a split (its training log only) and gives back a maker: so many cases, from this moment on, with this seed → a log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from importlib import import_module

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from benchmarks.twin_fidelity.splits import Split, log_of
from ibis import _

from sandcone.core.clock import WEEK
from sandcone.core.log import EventLog

Maker = Callable[[int, datetime, int], EventLog]
Method = Callable[[Split, int], Maker]


def naive(split: Split, _seed: int) -> Maker:
    """The last N cases of training, moved by whole weeks, as they were."""
    table, cases, first, micros = _cases(split.train_as_is)

    def make(n: int, start: datetime, _seed: int) -> EventLog:
        last = np.argsort(first, kind="stable")[-n:]
        weeks = (_micros(start) - first[last].min()) // WEEK
        chosen = np.isin(cases, last)
        return _moved(table.filter(pa.array(chosen)), micros[chosen] + weeks * WEEK, None)

    return make


def resample(split: Split, _seed: int) -> Maker:
    """Cases of training drawn with equal chance; they come when the last N cases came, moved by whole weeks."""
    table, cases, first, micros = _cases(split.train)
    rows_of = np.split(np.argsort(cases, kind="stable"), np.cumsum(np.bincount(cases))[:-1])

    def make(n: int, start: datetime, seed: int) -> EventLog:
        arrivals = np.sort(first)[-n:]
        arrivals = arrivals + (_micros(start) - arrivals.min()) // WEEK * WEEK
        drawn = np.random.default_rng(seed).integers(len(first), size=n)
        rows = np.concatenate([rows_of[c] for c in drawn])
        number = np.repeat(np.arange(n), [len(rows_of[c]) for c in drawn])
        moved = micros[rows] + (arrivals - first[drawn])[number][:, None]
        return _moved(table.take(pa.array(rows)), moved, number)

    return make


def ours(split: Split, seed: int) -> Maker:
    """Sandcone: a model learnt from the training log, simulated from the first day of the test on.

    The model begins on that day: its rates must be those of the end of training.
    """
    return ours_from(_simulated(split, seed))


def ours_over(split: Split, seed: int) -> Maker:
    """The same, but of those who come, the N who are first to be over: so the test log was made too.

    A case is in the test only if it ended before the log did, so whoever stays long is less often there. No test data is used for this.
    """
    return first_over(ours_from(_simulated(split, seed)))


Simulated = Callable[[date, int, int], EventLog]


def _simulated(split: Split, seed: int) -> Simulated:
    from sandcone.modelling import model
    from sandcone.simulating import simulate

    learnt = model(split.train, seed=seed)
    return lambda begin, n, seed: simulate(replace(learnt, begin=begin), seed=seed, patients=n).logs[0]


def first_over(make: Maker) -> Maker:
    """The first N cases to be over, of as many as come until then."""

    def made(n: int, start: datetime, seed: int) -> EventLog:
        more = n
        while True:
            more = more * 3 // 2 + 1
            log = make(more, start, seed)
            spans = log.table.group_by("case").aggregate(came=log.table.start.min(), over=log.table.end.max())
            last = (
                spans.order_by("over")
                .limit(n)
                .aggregate(over=_.over.max(), all_come=spans.came.max().as_scalar())
                .to_pyarrow()
                .to_pylist()[0]
            )
            if last["all_come"] >= last["over"] or more > 20 * n:
                return replace(log, table=log.table.semi_join(spans.order_by("over", "came").limit(n), "case"))

    return made


def ours_from(simulated: Simulated) -> Maker:
    """A maker from a simulation that begins at midnight: who comes before the start is left out, and so many more are simulated."""

    def make(n: int, start: datetime, seed: int) -> EventLog:
        log = simulated(start.date(), n, seed)
        early = _early(log, start)
        return log if early == 0 else _without_early(simulated(start.date(), n + early, seed), start)

    return make


def _arrived(log: EventLog) -> ir.Table:
    return log.table.group_by("case").aggregate(came=ibis.coalesce(log.table.ready.min(), log.table.start.min()))


def _early(log: EventLog, start: datetime) -> int:
    return int(_arrived(log).filter(_.came < start).count().to_pyarrow().as_py())


def _without_early(log: EventLog, start: datetime) -> EventLog:
    return replace(log, table=log.table.semi_join(_arrived(log).filter(_.came >= start), "case"))


def named(name: str) -> Method:
    """A method by its name here, or by ``module:function``."""
    if ":" in name:
        module, function = name.split(":")
        found: Method = getattr(import_module(module), function)
        return found
    return METHODS[name]


def _cases(log: EventLog) -> tuple[pa.Table, np.ndarray, np.ndarray, np.ndarray]:
    """The rows; the case number of each; the first start of each case; start and end of each row in µs."""
    table = log.table.order_by("row").select("case", "step", "resource", "start", "end").to_pyarrow().combine_chunks()
    cases = pc.dictionary_encode(table["case"]).combine_chunks().indices.to_numpy().astype(np.int64)
    micros = np.stack([table[c].cast(pa.timestamp("us")).cast(pa.int64()).to_numpy() for c in ("start", "end")], axis=1)
    first = np.full(cases.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, cases, micros[:, 0])
    return table, cases, first, micros


def _moved(table: pa.Table, micros: np.ndarray, number: np.ndarray | None) -> EventLog:
    case = table["case"] if number is None else pa.array(number).cast(pa.string())
    start, end = (pa.array(micros[:, i]).cast(pa.timestamp("us")) for i in (0, 1))
    return log_of(pa.table({"case": case, "step": table["step"], "resource": table["resource"], "start": start, "end": end}), "made")


def _micros(moment: datetime) -> int:
    return int(np.datetime64(moment, "us").astype(np.int64))


METHODS: dict[str, Method] = {"ours": ours, "ours-over": ours_over, "naive": naive, "resample": resample}
