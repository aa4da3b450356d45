"""The logs that simulations are scored on, and the scores others have published."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.csv as pa_csv

from sandcone import read
from sandcone.core.log import ROLES, Account, EventLog

HERE = Path(__file__).resolve().parents[3] / "shared" / "benchmarks" / "twin"
LOGS = ("LoanApp", "P2P", "Production", "BPI12W", "BPI17W")
SCORED = ("NGD", "AEDD", "CEDD", "REDD", "CTDD")
MAIN_CELLS = (5, 8, 11, 14, 17, 20, 23, 26, 29)  # of the notebook: the papers' own table; later cells are variants of AgentSimulator
NOTEBOOK = "evaluation_significance.ipynb cell "
COLUMNS = {"case": "case_id", "step": "activity", "start": "start_time", "end": "end_time", "resource": "resource"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """A log cut in two by the papers' rule: what may be learnt from, and what the simulation is held against."""

    name: str
    train: EventLog  # as Sandcone reads it
    test: EventLog
    train_as_is: EventLog  # every row of the file, also those that reading leaves out
    test_file: Path
    cases: int  # of the test log
    start: datetime  # its first start


def split_named(name: str) -> Split:
    """One of the five logs."""
    train, test = (HERE / "splits" / f"{name}_{half}.csv.gz" for half in ("train", "test"))
    held = read(test, columns=COLUMNS)
    facts = held.table.aggregate(cases=held.table.case.nunique(), start=held.table.start.min()).to_pyarrow().to_pylist()[0]
    return Split(name=name, train=read(train, columns=COLUMNS), test=held, train_as_is=as_is(train), test_file=test, **facts)


def as_is(path: Path) -> EventLog:
    """A file of the splits with every row it has, nothing mended."""
    moment = pa.timestamp("us", "UTC")
    types = {"case_id": pa.string(), "resource": pa.string(), "start_time": moment, "end_time": moment}
    options = pa_csv.ConvertOptions(column_types=types, strings_can_be_null=True)
    table = pa_csv.read_csv(path, convert_options=options)
    plain = {role: table[column] for role, column in COLUMNS.items()}
    for role in ("start", "end"):
        plain[role] = plain[role].cast(pa.timestamp("us"))
    return log_of(pa.table(plain), path.stem)


def log_of(plain: pa.Table, source: str) -> EventLog:
    """A log from a table of case, step, resource, start and end."""
    n = plain.num_rows
    schema = ibis.schema(ROLES).to_pyarrow()
    given = {name: plain[name] for name in plain.column_names} | {"row": pa.array(range(n)), "estimated": pa.array([False] * n)}
    full = [given[f.name].cast(f.type) if f.name in given else pa.nulls(n, f.type) for f in schema]
    return EventLog(table=ibis.memtable(pa.table(full, schema=schema)), source=source, account=Account(rows_in=n, rows_kept=n))


def write_split(log: EventLog, path: Path) -> Path:
    """A log as a file like those of the splits."""
    table = log.table.order_by("row").select("case", "step", "resource", "start", "end").to_pyarrow()
    for role in ("start", "end"):
        i = table.column_names.index(role)
        table = table.set_column(i, role, table[role].cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC")))
    pa_csv.write_csv(table.rename_columns([COLUMNS[name] for name in table.column_names]), path)
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one method got on one log by one distance."""

    value: float
    sd: float | None


Scores = dict[str, dict[str, dict[str, Score]]]  # log, method, distance


def published() -> tuple[Scores, Scores]:
    """The papers' main table, and the further variants of AgentSimulator (six kinds, of which one may take the best)."""
    main: Scores = defaultdict(lambda: defaultdict(dict))
    variants: Scores = defaultdict(lambda: defaultdict(dict))
    for row in _rows("published.csv"):
        if NOTEBOOK in row["source"] and row["log"] in LOGS and row["metric"] in SCORED:
            where = main if int(row["source"].split(NOTEBOOK)[1]) in MAIN_CELLS else variants
            where[row["log"]][row["method"]][row["metric"]] = _score(row)
    return main, variants


def measured_here() -> Scores:
    """Simod and the naive replay, run on these splits."""
    found: Scores = defaultdict(lambda: defaultdict(dict))
    for row in _rows("measured_here.csv"):
        if row["log"] in LOGS:
            found[row["log"]][row["method"]][row["metric"]] = _score(row)
    return found


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _score(row: dict[str, str]) -> Score:
    return Score(value=float(row["value"]), sd=float(row["sd"]) if row["sd"] else None)
