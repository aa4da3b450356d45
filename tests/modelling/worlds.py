"""Made-up logs with known answers; times are hours after a Monday midnight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from sandcone.core.clock import WEEKDAYS
from sandcone.core.log import ROLES, Account, EventLog
from sandcone.core.model import Model
from sandcone.core.route import END, Choose, Do, Route, Split
from sandcone.core.site import site_of

MONDAY = datetime(2024, 1, 1)
Row = dict[str, Any]


def did(case: str, step: str, start: float | None, end: float | None, by: str | None = None, **more: Any) -> Row:
    """One step."""
    times = {"start": start, "end": end, "ready": more.pop("ready", None), "planned": None}
    at = {k: None if t is None else MONDAY + timedelta(hours=t) for k, t in times.items()}
    return {"case": case, "step": step, "resource": by, "others": list(more.pop("others", ())), "estimated": False} | at | more


def log_of(rows: Sequence[Row], *, site: dict[str, object] | None = None, **facts: Any) -> EventLog:
    """A log from steps; further keywords of the steps are attributes."""
    attributes = tuple(sorted({key for row in rows for key in row} - set(ROLES)))
    columns = {name: [row.get(name) for row in rows] for name in (*ROLES, *attributes) if name != "row"}
    schema = ibis.schema(ROLES | dict.fromkeys(attributes, "string")).to_pyarrow()
    table = ibis.memtable(pa.table({"row": list(range(len(rows)))} | columns, schema=schema))
    facts.setdefault("has_ready", any(row["ready"] for row in rows))
    account = Account(rows_in=len(rows), rows_kept=len(rows))
    return EventLog(table=table, attributes=attributes, site=site_of(site or {}, "test"), account=account, **facts)


def office_day(i: int, per_day: int) -> float:
    """The hour of the i-th of so many a working day: evenly from 8 to 16 o'clock."""
    day, within = divmod(i, per_day)
    week, weekday = divmod(day, 5)
    return 24 * (7 * week + weekday) + 8 + 8 * within / per_day


def clinic(n: int = 400, per_day: int = 8, lag: float = 0.0, seed: int = 3) -> EventLog:
    """Patients come at fixed hours; Ann or Bo talk to them for 12 or 24 minutes; ``lag`` hours later Cy sees 3 of 4 for 6 minutes."""
    luck, rows = np.random.default_rng(seed), list[Row]()
    for i in range(n):
        at = office_day(i, per_day)
        end = at + (0.2 if i % 2 else 0.4)
        rows.append(did(f"p{i}", "Talk", at, end, "Ann" if i % 2 else "Bo", kind="old" if i % 3 else "new"))
        if luck.random() < 0.75:
            rows.append(did(f"p{i}", "Look", end + lag, end + lag + 0.1, "Cy", kind="old" if i % 3 else "new"))
    return log_of(rows)


def visits(route: Route, *, nodes: bool = False) -> dict[str, float]:
    """How often a patient comes to each step of a route on average, or to each of its nodes."""
    names = list(route.nodes)
    at = {name: i for i, name in enumerate(names)}
    onward = np.zeros((len(names), len(names)))
    for name, node in route.nodes.items():
        ways = [(node.then, 1.0)] if isinstance(node, Do) else [(w.to, w.share) for w in node.otherwise] if isinstance(node, Choose) else []
        ways += [(to, 1.0) for to in (*node.branches, node.then)] if isinstance(node, Split) else []
        for to, share in ways:
            if to != END:
                onward[at[name], at[to]] += share
    first = np.eye(len(names))[at[route.first]]
    n = dict(zip(names, np.linalg.solve(np.eye(len(names)) - onward.T, first).tolist(), strict=True))
    if nodes:
        return n
    out: Counter[str] = Counter()
    for name, node in route.nodes.items():
        if isinstance(node, Do):
            out[node.step] += n[name]  # type: ignore[assignment]
    return dict(out)


def open_hours(m: Model, resource: str) -> np.ndarray:
    """Of the 168 hours of the week those in which a resource works."""
    name = m.resources[resource].calendar
    hours = np.full(168, name is None)
    for shift in m.calendars[name].shifts if name is not None else ():
        a, b = shift.minutes()
        for day in shift.days:
            hours[24 * WEEKDAYS.index(day) + a // 60 : 24 * WEEKDAYS.index(day) + b // 60] = True
    return hours


def mean_lags(m: Model) -> dict[str, float]:
    """By step the mean minutes of lag before it."""
    n, time = visits(m.route, nodes=True), Counter[str]()
    for k, node in m.route.nodes.items():
        if isinstance(node, Do) and node.lag is not None:
            time[node.step] += n[k] * node.lag.mean  # type: ignore[assignment]
    return {s: time[s] / v for s, v in visits(m.route).items()}
