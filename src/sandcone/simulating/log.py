"""From the rows of a run to an event log that ``measure`` takes unchanged, with the site that the model describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sandcone.core.clock import MINUTE, as_utc
from sandcone.core.log import Account, EventLog
from sandcone.core.model import Model
from sandcone.core.rows import Rows
from sandcone.core.site import Calendar, Pool, Shift, Site
from sandcone.simulating.setting import Setting

ALWAYS = "always open"
MICROS = pa.timestamp("us")


def event_log(model: Model, source: Any, rows: int, attributes: tuple[str, ...], run: int) -> EventLog:
    """The log of one run: a table of Arrow, or the path of a Parquet file."""
    return EventLog(
        table=ibis.read_parquet(source) if isinstance(source, Path) else ibis.memtable(source),
        attributes=attributes,
        starts="seen",
        has_ready=True,
        zone=model.zone,
        source=f"{model.name}, run {run}",
        site=site_of_model(model),
        account=Account(rows_in=rows, rows_kept=rows),
    )


def save_rows(table: Any, path: Path) -> Path:
    """Keep a table on disk."""
    pq.write_table(table, path, compression="zstd", compression_level=1)
    return path


def attributes_of(setting: Setting) -> tuple[str, ...]:
    """The names of all attributes that some patient has."""
    people: Sequence[Mapping[str, str]] = (*setting.coming.people, *(h.noun.attributes for h in setting.here))
    return tuple(dict.fromkeys(name for who in people for name in who))


def arrow(rows: Rows, setting: Setting, attributes: tuple[str, ...]) -> Any:
    """The rows as an Arrow table with the columns of ``core.log.ROLES`` and the attributes."""
    model, n = setting.model, len(rows)
    names = pa.array(setting.names, pa.string())
    times = {name: _moments(getattr(rows, name), model) for name in ("ready", "planned", "start", "end")}
    columns: dict[str, Any] = {
        "row": np.arange(n, dtype=np.int64),
        "case": names.take(pa.array(rows.patient)),
        "step": _named(tuple(model.steps), rows.step),
        **times,
        "resource": _named(tuple(model.resources), rows.first),
        "others": _others(rows, tuple(model.resources)),
        "estimated": np.zeros(n, dtype=bool),
    }
    return pa.table({**columns, **_attributes(rows, setting, attributes)})


def _attributes(rows: Rows, setting: Setting, attributes: tuple[str, ...]) -> dict[str, Any]:
    people: Sequence[Mapping[str, str]] = (*(h.noun.attributes for h in setting.here), *setting.coming.people)
    here = len(setting.here)
    person = np.concatenate([np.arange(here), here + setting.coming.person])[rows.patient]
    return {name: pa.array([who.get(name) for who in people], pa.string()).take(pa.array(person)) for name in attributes}


def _named(names: tuple[str, ...], codes: NDArray[np.int32]) -> Any:
    return pa.array(names, pa.string()).take(pa.array(codes, mask=codes < 0))


def _others(rows: Rows, resources: tuple[str, ...]) -> Any:
    there = rows.also >= 0
    offsets = np.concatenate([[0], np.cumsum(there.sum(axis=1))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), _named(resources, rows.also[there]))


def _moments(minutes: NDArray[np.float64], model: Model) -> Any:
    absent = np.isnan(minutes)
    begin = round(datetime(model.begin.year, model.begin.month, model.begin.day, tzinfo=UTC).timestamp()) * 1_000_000
    wall = begin + np.rint(np.where(absent, 0.0, minutes) * MINUTE).astype(np.int64)
    return pa.array(as_utc(wall, model.zone), pa.int64(), mask=absent).cast(MICROS)


def site_of_model(model: Model) -> Site:
    """What the model says of its hospital, in a site's words: pools, calendars, capacity and value classes."""
    calendars = dict(model.calendars)
    pools: dict[str, Pool] = {}
    seen: set[str] = set()
    for name, pool in model.pools.items():
        for calendar, members in _by_calendar(model, [m for m in dict.fromkeys(pool.members) if m not in seen]).items():
            pools[name if name not in pools else f"{name} ({calendar})"] = _pool(model, members, calendar)
            seen.update(members)
    if any(pool.calendar == ALWAYS for pool in pools.values()):
        calendars[ALWAYS] = _always()
    capacity = {name: resource.capacity for name, resource in model.resources.items()}
    values = {name: step.value for name, step in model.steps.items()}
    return Site(name=model.name, steps=values, pools=pools, calendars=calendars, capacity=capacity)


def _by_calendar(model: Model, members: list[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for m in members:
        groups.setdefault(model.resources[m].calendar or ALWAYS, []).append(m)
    return groups


def _pool(model: Model, members: list[str], calendar: str) -> Pool:
    nouns = [model.resources[m] for m in members]
    costs, grades = {r.cost_per_hour for r in nouns}, {r.grade for r in nouns}
    return Pool(
        resources=tuple(members),
        calendar=calendar,
        cost_per_hour=costs.pop() if len(costs) == 1 else None,
        grade=grades.pop() if len(grades) == 1 else None,
    )


def _always() -> Calendar:
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return Calendar(shifts=(Shift.model_validate({"days": days, "from": "00:00", "to": "24:00"}),))
