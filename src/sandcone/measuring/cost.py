"""What a patient's time with the hospital's resources costs, and who does the work that a senior could do (FIELD.md §2)."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis import _

from sandcone.core.chance import Luck
from sandcone.core.clock import HOUR
from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.measuring import intervals
from sandcone.measuring.counting import gathered
from sandcone.measuring.intervals import estimate, table_of, unit_of
from sandcone.measuring.prepare import Prepared, row


def cost(prepared: Prepared, luck: Luck) -> Measures:
    """Cost per case by time-driven activity costing, and the share of shiftable work done below the senior grade.

    Cost of a case is the sum over its steps of hours times the pool's ``cost_per_hour`` (site file). Downshift share is hours done
    by juniors over hours of the steps a senior may do (``senior_steps``). Sources: Kaplan & Anderson 2007; Erhun et al. 2020.
    """
    return gathered([*_per_case(prepared, luck), *_downshift(prepared)])


def _rates(prepared: Prepared) -> ir.Table:
    """Cost an hour and grade of each resource by number."""
    pools = [prepared.site.pools.get(prepared.site.pool_of(name)) for name in prepared.resource_names]
    rate = [(pool.cost_per_hour or 0.0) if pool else 0.0 for pool in pools]
    junior = [pool is not None and pool.grade == "junior" for pool in pools]
    numbers = np.arange(len(pools), dtype=np.int32)
    return ibis.memtable(pa.table({"r": numbers, "rate": pa.array(rate, pa.float64()), "junior": pa.array(junior, pa.bool_())}))


def _per_case(prepared: Prepared, luck: Luck) -> Iterator[Measure | Missing]:
    if not any(pool.cost_per_hour for pool in prepared.site.pools.values()):
        yield Missing(name="cost.per_case", why="the site file gives no pool a cost_per_hour")
        return
    unit = unit_of(prepared)
    spent = prepared.uses.inner_join(_rates(prepared), "r").group_by("c").aggregate(money=((_.t1 - _.t0) / HOUR * _.rate).sum())
    each = prepared.cases.left_join(spent, "c").mutate(unit=unit.expression, money=_.money.fill_null(0.0))
    sums = table_of(each, money=_.money.sum(), n=_.count())
    n = int(sums[:, 1].sum())
    yield Measure(name="cost.per_case", estimate=estimate(sums, intervals.ratio, "currency", n, unit.word, luck))


def _downshift(prepared: Prepared) -> Iterator[Measure | Missing]:
    steps = [i for i, name in enumerate(prepared.step_names) if name in prepared.site.senior_steps]
    graded = any(pool.grade for pool in prepared.site.pools.values())
    if not steps or not graded:
        yield Missing(name="task_shifting.downshift_share", why="the site file names no senior_steps, or no pool's grade")
        return
    done = prepared.uses.filter(_.s.isin(steps)).inner_join(_rates(prepared), "r").mutate(h=(_.t1 - _.t0) / HOUR)
    found = row(done.aggregate(h=_.h.sum(), low=_.h.sum(where=_.junior), n=_.count()))
    if found["h"]:
        share = Estimate(value=(found["low"] or 0.0) / found["h"], n=int(found["n"]), unit="share", method="hours done by juniors")
        yield Measure(name="task_shifting.downshift_share", estimate=share)
