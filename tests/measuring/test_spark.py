"""The same expressions on another engine: where a hospital's data already is (needs Java and the extra ``spark``)."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq
import pytest

from sandcone.core.estimate import Measures
from sandcone.core.log import EventLog
from sandcone.measuring import measure
from sandcone.reading import read
from sandcone.scenarios import small_hospital
from tests.measuring.worlds import log_of, step

pytest.importorskip("pyspark", reason="Spark is left out: the extra `spark` is not installed")
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark is left out: it needs Java, and none is here"),
    pytest.mark.filterwarnings("ignore"),  # Spark 4 warns of pandas 3 and of its own sockets
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("sandcone")
    settings = {"spark.ui.enabled": "false", "spark.sql.session.timeZone": "UTC", "spark.sql.shuffle.partitions": "2"}
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield ibis.pyspark.connect(session)
    session.stop()


def assert_same_on_spark(log: EventLog, spark: Any, folder: Path) -> None:
    pq.write_table(log.table.to_pyarrow(), folder / "log.parquet")
    elsewhere = measure(replace(log, table=spark.read_parquet(str(folder / "log.parquet"))), seed=1, draws=20)
    here, there = numbers(measure(log, seed=1, draws=20)), numbers(elsewhere)
    assert here.keys() == there.keys()
    different = [key for key, values in here.items() if not all(map(same, values, there[key]))]
    assert different == []


def numbers(measures: Measures) -> dict[tuple[str, ...], tuple[float | None, ...]]:
    found = {}
    for m in measures:
        key = (m.name, *(f"{k}={v}" for k, v in sorted(m.group.items())))
        found[key] = (m.estimate.value, m.estimate.low, m.estimate.high, m.estimate.n)
    return found


def same(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) or (math.isnan(a) and math.isnan(b))


def test_spark_measures_the_small_hospital_as_duckdb_does(spark: Any, tmp_path: Path) -> None:
    hospital = small_hospital()
    log = read(hospital.log, columns=hospital.columns)
    some = replace(log, table=log.table.filter(log.table.row % 4 == 0))
    assert_same_on_spark(some, spark, tmp_path)


def test_spark_measures_a_log_of_points_without_resources_as_duckdb_does(spark: Any, tmp_path: Path) -> None:
    rows = [step(f"p{i}", name, 7 * i + k, 7 * i + k, kind="ab"[i % 2]) for i in range(30) for k, name in enumerate(("in", "see", "out"))]
    assert_same_on_spark(log_of(rows, starts="none"), spark, tmp_path)


def test_the_check_notices_a_single_step_that_differs(spark: Any, tmp_path: Path) -> None:
    rows = [step(f"p{i}", "see", 3 * i, 3 * i + 1, "nurse") for i in range(30)]
    log = log_of(rows)
    pq.write_table(log_of([*rows[:-1], step("p29", "see", 87, 88.5, "nurse")]).table.to_pyarrow(), tmp_path / "log.parquet")
    other = measure(replace(log, table=spark.read_parquet(str(tmp_path / "log.parquet"))), seed=1, draws=0)
    assert numbers(other) != numbers(measure(log, seed=1, draws=0))
