"""The log that the speed of measuring is tried on: a plausible log, the same for the same seed."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from sandcone.core.log import ROLES

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "measuring" / "generate.py"


def made(folder: Path, seed: int) -> Path:
    """A log of about forty thousand steps."""
    out = folder / f"{seed}.parquet"
    subprocess.run([sys.executable, str(SCRIPT), "--events", "4e4", "--seed", str(seed), "-o", str(out)], check=True, capture_output=True)
    return out


def one(log: Path, query: str) -> tuple[float, ...]:
    """The first row of a query on the log, called ``l``."""
    row = duckdb.connect().execute(f"with l as (from '{log}') {query}").fetchone()
    assert row is not None
    return tuple(row)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of seed 1."""
    return made(tmp_path_factory.mktemp("log"), 1)


def test_the_log_has_the_columns_of_a_log_and_says_what_it_is(log: Path) -> None:
    schema = pq.read_schema(log)
    said = json.loads(schema.metadata[b"sandcone"])
    assert set(ROLES) | set(said["attributes"]) == set(schema.names)
    assert said["account"]["rows_in"] == pq.ParquetFile(log).metadata.num_rows


def test_the_log_has_about_as_many_steps_as_were_asked_for_and_eight_a_case(log: Path) -> None:
    steps, cases, kinds, resources = one(
        log, 'select count(*), count(distinct "case"), count(distinct step), count(distinct resource) from l'
    )
    assert 28_000 < steps < 52_000
    assert 5.5 < steps / cases < 10.5
    assert kinds == 16
    assert 90 <= resources <= 110


def test_no_resource_of_the_log_serves_two_at_once_and_no_step_begins_before_its_need(log: Path) -> None:
    early, together = one(
        log,
        """select count(*) filter (start < ready or "end" < start), (select count(*) from (
             select start < lag("end") over (partition by resource order by start, "end") as x from l) where x) from l""",
    )
    assert (early, together) == (0, 0)


def test_some_habits_are_far_more_common_than_others(log: Path) -> None:
    most, kinds, cases = one(
        log,
        """select max(n), count(*), sum(n) from (select v, count(*) as n from (
             select string_agg(step, '>' order by "row") as v from l group by "case") group by v)""",
    )
    assert most > 10 * cases / kinds


def test_the_same_seed_gives_the_same_log(log: Path, tmp_path: Path) -> None:
    again, other = made(tmp_path, 1), made(tmp_path, 2)
    digests = [hashlib.sha256(p.read_bytes()).hexdigest() for p in (log, again, other)]
    assert digests[0] == digests[1] != digests[2]
