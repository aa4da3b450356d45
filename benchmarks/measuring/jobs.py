"""What each process of ``run.py`` does: one job on one log. ``python benchmarks/measuring/jobs.py JOB LOG``."""

from __future__ import annotations

import sys
from collections.abc import Callable


def raw(log: str) -> str:
    """The least one can do: count directly-follows pairs and take each case's time, in plain DuckDB."""
    import duckdb

    db = duckdb.connect()
    pairs = db.execute(f"""
    select count(*) from (
      select step, next, count(*) from (
        select step, lead(step) over (partition by "case" order by start, "row") as next from '{log}'
      ) where next is not null group by all)""").fetchone()
    spans = db.execute(f"""
    select count(*), avg(h), median(h) from (
      select (epoch_us(max("end")) - epoch_us(min(start))) / 3.6e9 as h from '{log}' group by "case")""").fetchone()
    return f"pairs {pairs}, cases, mean and median hours {spans}"


def points(log: str) -> str:
    """The whole measure set, without drawing again."""
    return _measured(log, 0)


def intervals(log: str) -> str:
    """The whole measure set with its bootstrap intervals."""
    return _measured(log, 400)


def _measured(log: str, draws: int) -> str:
    from sandcone import measure, read

    found = measure(read(log), seed=1, draws=draws)
    return f"{len(found)} measures, {len(found.missing)} missing"


def shared(log: str) -> str:
    """What pm4py computes too: the directly-follows graph with times, and each resource's busy hours."""
    import ibis
    from ibis import _

    from sandcone import read
    from sandcone.core.clock import HOUR
    from sandcone.measuring.prepare import micros

    steps = read(log).table.filter(_.end.notnull()).select("row", "case", "step", "resource", "start", "end")
    steps = steps.select("row", "case", "step", "resource", start=micros(steps.start), end=micros(steps.end))
    each = ibis.window(group_by="case", order_by=["start", "row"])
    beside = steps.mutate(next_step=_.step.lead().over(each), gap=_.start.lead().over(each) - _.end).filter(_.next_step.notnull())
    pairs = beside.group_by("step", "next_step").aggregate(n=_.count(), mean=_.gap.mean() / HOUR, median=_.gap.median() / HOUR)
    busy = steps.group_by("resource").aggregate(hours=(_.end - _.start).sum() / HOUR)
    pairs, busy = pairs.to_pyarrow(), busy.to_pyarrow()
    return f"{pairs.num_rows} pairs, {busy.num_rows} resources"


JOBS: dict[str, Callable[[str], str]] = {"raw": raw, "points": points, "intervals": intervals, "shared": shared}

if __name__ == "__main__":
    print(JOBS[sys.argv[1]](sys.argv[2]))
