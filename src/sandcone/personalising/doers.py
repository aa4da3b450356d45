"""Who did each step, as the log has it: by pool, or by name where somebody is in none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import ibis
import pyarrow as pa
from ibis import _

from sandcone.core.log import EventLog

MUCH = 0.05  # share of a step's times, from which a doer is named
MOST = 8  # doers named


@dataclass(frozen=True, slots=True, kw_only=True)
class Doers:
    """By step: how often each pool (or resource in none) took part, and how often anybody was named at all."""

    times: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    of: Mapping[str, int] = field(default_factory=dict)

    def shares(self, step: str) -> dict[str, float]:
        """Who took part in at least a twentieth of the times in which anybody is named, most often first; at most 8."""
        total, found = self.of.get(step, 0), self.times.get(step, {})
        often = sorted(((n, who) for who, n in found.items() if n >= MUCH * total), key=lambda x: (-x[0], x[1]))
        return {who: n / total for n, who in often[:MOST]}


def doers(log: EventLog) -> Doers:
    """Count who took part in each step, also those whom a step has besides its first resource; one use of a pool counts once."""
    t = log.table.filter(log.table.start.notnull() | log.table.end.notnull())
    pairs = t.select("row", "step", who="resource")
    if t.aggregate(n=t.others.length().max()).to_pyarrow()["n"][0].as_py():
        pairs = pairs.union(t.select("row", "step", who=_.others.unnest()))
    pairs = _by_pool(log, pairs.filter(_.who.notnull()))
    counted = pairs.group_by("step", "who").aggregate(n=_.row.nunique()).order_by("step", "who").to_pyarrow().to_pylist()
    whole = pairs.group_by("step").aggregate(n=_.row.nunique()).to_pyarrow().to_pylist()
    times = dict[str, dict[str, int]]()
    for found in counted:
        times.setdefault(found["step"], {})[found["who"]] = found["n"]
    return Doers(times=times, of={x["step"]: x["n"] for x in whole})


def _by_pool(log: EventLog, pairs: ibis.Table) -> ibis.Table:
    pool = {name: p for p, said in log.site.pools.items() for name in said.resources}
    if not pool:
        return pairs
    known = ibis.memtable(pa.table({"one": pa.array(list(pool), pa.string()), "pool": pa.array(list(pool.values()), pa.string())}))
    return pairs.left_join(known, pairs.who == known.one).select("row", "step", who=ibis.coalesce(_.pool, _.who))
