"""The same expressions on another engine: where a hospital's data already is (needs Java and the extra ``spark``)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq
import pytest

from sandcone.core.log import EventLog
from sandcone.measuring import measure
from sandcone.reading import read
from sandcone.scenarios import small_hospital
from tests.measuring.comparing import different, values
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
    assert different(values(measure(log, seed=1, draws=20)), values(elsewhere)) == []


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
    assert different(values(measure(log, seed=1, draws=0)), values(other)) != []
