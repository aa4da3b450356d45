"""Make a large event log: ``python benchmarks/measuring/generate.py --events 1e7 -o log.parquet``.

A network of hospitals that do not exist. Each hospital (at most ten million steps) has 100 resources in 12 pools, nine of
them open from eight to six on working days and three around the clock. A resource serves who comes first, first: its queue
is exact (Lindley's recursion as a running maximum), so waits, busy hours and closed hours belong together. Cases
follow one of 60 habits, some far more often than others, and stray from them; about eight steps each, sixteen kinds of step,
three attributes. Where the log ends, whoever is still on the way stays unfinished.

DuckDB does the work, one hospital at a time, so 10^8 steps need little memory. The file is a saved log: ``sandcone.read``
opens it as it is.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

PER_HOSPITAL = 10_000_000
STEPS_A_CASE = 8
RESOURCES = 100
SECONDS_OPEN_A_DAY = 10 * 3600
HABITS = 60
BUSY = 0.72  # share of open hours that are asked for

# step, pool, minutes on average, how often it is part of a habit
STEPS = (
    ("Triage", "Triage nurses", 6, 0),
    ("Register", "Front desk", 4, 9),
    ("Consultation", "Clinic doctors", 18, 14),
    ("Nurse check", "Clinic nurses", 11, 9),
    ("Blood sample", "Sampling", 6, 10),
    ("Blood result", "Laboratory", 9, 10),
    ("X-ray", "Radiography", 12, 6),
    ("CT scan", "Scanners", 19, 4),
    ("MRI scan", "Scanners", 32, 3),
    ("Ultrasound", "Radiography", 16, 4),
    ("Pre-assessment", "Clinic nurses", 28, 4),
    ("Surgery", "Theatres", 74, 3),
    ("Recovery", "Recovery", 45, 3),
    ("Physiotherapy", "Therapists", 27, 6),
    ("Medication review", "Ward doctors", 10, 6),
    ("Discharge", "Ward doctors", 14, 0),
)
ALWAYS_OPEN = ("Triage nurses", "Laboratory", "Recovery")
ATTRIBUTES = ("age", "urgency", "insurance")
MONDAY = "TIMESTAMP '2015-01-05 00:00:00'"

MACROS = f"""
create or replace macro u(a, b, tag) as (hash(a, b, tag) >> 11)::double / 9007199254740992.0;
create or replace macro opened(t) as
  (t // 604800) * {5 * SECONDS_OPEN_A_DAY}
  + case when (t % 604800) // 86400 >= 5 then {5 * SECONDS_OPEN_A_DAY}
         else ((t % 604800) // 86400) * {SECONDS_OPEN_A_DAY} + greatest(0, least({SECONDS_OPEN_A_DAY}, t % 86400 - 28800)) end;
create or replace macro wall(o) as
  (o // {5 * SECONDS_OPEN_A_DAY}) * 604800 + ((o % {5 * SECONDS_OPEN_A_DAY}) // {SECONDS_OPEN_A_DAY}) * 86400
  + o % {SECONDS_OPEN_A_DAY} + 28800;
create or replace macro clock(t) as {MONDAY} + to_seconds(t);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hospital:
    """One hospital to make: its number, its first case and how many there are."""

    number: int
    first: int
    cases: int
    seed: int


def steps_table(db: duckdb.DuckDBPyConnection) -> None:
    """The kinds of step, and the habits: which step a habit has at which place."""
    db.execute("""
    create or replace table kinds
      (kind integer, step varchar, pool varchar, minutes double, open_always boolean, low double, high double)""")
    total, low = sum(w for *_, w in STEPS), 0.0
    for i, (step, pool, minutes, weight) in enumerate(STEPS):
        db.execute(
            "insert into kinds values (?, ?, ?, ?, ?, ?, ?)", [i, step, pool, minutes, pool in ALWAYS_OPEN, low, low + weight / total]
        )
        low += weight / total


def journeys(db: duckdb.DuckDBPyConnection, h: Hospital) -> None:
    """Each case's steps in order: the habit's step, or now and then another one."""
    db.execute(f"""
    create or replace table visits as
    with cases as (
      select k, floor({HABITS} * pow(u(k, {h.seed}, 'habit'), 2.5))::int as habit from range({h.first}, {h.first + h.cases}) t(k)
    ), long as (
      select k, habit, 4 + floor(9.0 * u(habit, {h.seed}, 'long') + 4.0 * pow(u(k, {h.seed}, 'longer'), 6))::int
        + (u(k, {h.seed}, 'more') < 0.2)::int as n
      from cases
    ), places as (
      select k, habit, n, unnest(range(n)) as i from long
    ), chosen as (
      select k, i, n, case when u(k, i, 'stray{h.seed}') < 0.06 then u(k, i, 'other') else u(habit, i, 'kind{h.seed}') end as x from places
    )
    select k, i, n, case when i = 0 then 0 when i = n - 1 then {len(STEPS) - 1} else kinds.kind end as kind
    from chosen join kinds on x >= kinds.low and x < kinds.high
    """)


def staffing(db: duckdb.DuckDBPyConnection) -> float:
    """Share the resources out by the work there is; gives how many weeks the work takes (a short log: 26)."""
    load = db.execute("""
    select pool, bool_or(open_always), sum(minutes) / 60 from visits join kinds using (kind) group by pool order by pool""").fetchall()
    need = {pool: hours / (168 if always else 50) for pool, always, hours in load}
    size = {pool: max(1, round(RESOURCES * n / sum(need.values()))) for pool, n in need.items()}
    db.execute("create or replace table pools (pool varchar, size integer)")
    db.executemany("insert into pools values (?, ?)", list(size.items()))
    return max(26.0, *(float(need[pool] / size[pool] / BUSY) for pool in need))


def times(db: duckdb.DuckDBPyConnection, h: Hospital, weeks: float) -> None:
    """When each step is asked for, and by the exact queue of its resource when it begins and ends (seconds)."""
    span = int(weeks * 604800)
    db.execute(f"""
    create or replace table served as
    with asked as (
      select k, i, kind, pool, open_always, size,
        ({span} * ((k - {h.first}) / {h.cases}::double) + 43200 * u(k, i, 'come')
         + sum(case when i = 0 then 0 when u(k, i, 'far') < 0.15 then 3600 - 5400 * ln(1 - u(k, i, 'near'))
                    else 86400 * (1 - 1.2 * ln(1 - u(k, i, 'days'))) end) over (partition by k order by i))::bigint as ready,
        greatest(60, minutes * 60 * (0.4 - 0.6 * ln(1 - u(k, i, 'work'))))::bigint as work,
        1 + (hash(k, i, 'who') % size)::int as number
      from visits join kinds using (kind) join pools using (pool)
    ), axis as (
      select * replace (case when open_always or u(k, i, 'night') < 0.15 then ready else wall(opened(ready)) end as ready),
        case when open_always then ready else opened(ready) end as a
      from asked
    ), summed as (
      select *, sum(work) over w as done from axis window w as (partition by pool, number order by a, k, i rows unbounded preceding)
    ), queued as (
      select *, done - work + max(a - (done - work)) over w as begins
      from summed window w as (partition by pool, number order by a, k, i rows unbounded preceding)
    ), placed as (
      select k, i, kind, pool, number, ready, work, case when open_always then begins else wall(begins) end as began from queued
    )
    select k, i, kind, pool, number, work, began,
      greatest(ready, least(began, coalesce(lag(began + work) over (partition by k order by i), ready))) as ready
    from placed
    """)


def write(db: duckdb.DuckDBPyConnection, h: Hospital, weeks: float, hospitals: int, out: Path) -> None:
    """The hospital's log in the columns of a saved log."""
    end = int(weeks * 604800)
    name = f"'H{h.number:02} ' || " if hospitals > 1 else ""
    db.execute(f"""
    copy (
      select k * 100 + i as "row", 'C' || lpad(k::varchar, 9, '0') as "case", step,
        clock(ready) as ready,
        case when began is not null and not open_always and hash(k, i, 'plan') % 4 = 0 then clock(began // 900 * 900) end as planned,
        clock(began) as start, case when began + work < {end} then clock(began + work) end as "end",
        {name}pool || ' ' || number as resource, []::varchar[] as others, false as estimated,
        (18 + floor(8 * u(k, 1, 'age')) * 10)::int::varchar as age,
        case when u(k, 2, 'urgency') < 0.2 then 'emergency' when u(k, 2, 'urgency') < 0.4 then 'urgent' else 'elective' end as urgency,
        case when u(k, 3, 'insurance') < 0.6 then 'basic' when u(k, 3, 'insurance') < 0.9 then 'extended' else 'private' end as insurance
      from (select served.* exclude (pool), served.pool, step, open_always from served join kinds using (kind) where began < {end})
      order by k, i
    ) to '{out}' (format parquet, compression zstd)
    """)


def hospitals_of(events: int, seed: int) -> list[Hospital]:
    """As many hospitals as the steps need, of equal size."""
    n = -(-events // PER_HOSPITAL)
    cases = events // STEPS_A_CASE // n
    return [Hospital(number=i + 1, first=i * cases, cases=cases, seed=seed) for i in range(n)]


def described(rows: int) -> str:
    """What a saved log says about itself beside its rows."""
    account = {"rows_in": rows, "rows_kept": rows, "left_out": []}
    said = {
        "schema": 1,
        "left_out": None,
        "source": "generated",
        "attributes": list(ATTRIBUTES),
        "starts": "seen",
        "has_ready": True,
        "zone": None,
    }
    return json.dumps(said | {"site": {}, "account": account, "findings": [], "notes": ["made by benchmarks/measuring/generate.py"]})


def generate(events: int, seed: int, out: Path, memory: str) -> int:
    """Write the log; gives how many steps it has."""
    with TemporaryDirectory(dir=out.parent, prefix=".making-") as folder:
        db = duckdb.connect(config={"memory_limit": memory, "temp_directory": folder, "preserve_insertion_order": "true"})
        db.execute(MACROS)
        steps_table(db)
        hospitals = hospitals_of(events, seed)
        for h in hospitals:
            journeys(db, h)
            weeks = staffing(db)
            times(db, h, weeks)
            write(db, h, weeks, len(hospitals), Path(folder) / f"{h.number:04}.parquet")
        return _together(db, Path(folder), out)


def _together(db: duckdb.DuckDBPyConnection, folder: Path, out: Path) -> int:
    parts = f"read_parquet('{folder}/[0-9]*.parquet')"
    found = db.execute(f"select count(*) from {parts}").fetchone()
    rows = int(found[0]) if found else 0
    beside = out.with_name(f".{out.name}.part")
    db.execute(f"copy (from {parts}) to '{beside}' (format parquet, compression zstd, kv_metadata {{sandcone: '{described(rows)}'}})")
    os.replace(beside, out)
    return rows


def main() -> None:
    """Read the command line, write the log, say what was written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=lambda s: int(float(s)), default=1_000_000, help="about how many steps (1e6)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory", default="6GB", help="DuckDB's limit")
    parser.add_argument("-o", "--out", type=Path, required=True)
    args = parser.parse_args()
    rows = generate(args.events, args.seed, args.out.resolve(), args.memory)
    print(f"{args.out}: {rows:,} steps, {args.out.stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
