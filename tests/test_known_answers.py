"""The whole chain on real and public logs, held to the answers their publishers and an independent count give."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path

import pytest

from sandcone.core.estimate import Measures
from sandcone.flow import measure, read, run
from sandcone.reporting import write
from tests.measuring.comparing import different, values
from tests.public_logs import LOGS

DURATIONS = ("patients_ed_artificial", "LoanApp", "P2P", "Production", "BPIC_2012_W", "BPIC_2017_W")


def measured(root: Path, shared: Path, log: str, name: str, out: Path, *, plain: bool = False) -> Measures:
    """Read, measure and report with the map of a log; plain: without end steps and activity table, as the independent count was made."""
    columns = tomllib.loads((root / f"examples/maps/{name}.toml").read_text())
    if plain and "site" in columns:
        columns["site"] = {k: v for k, v in columns["site"].items() if k not in ("end_steps", "steps", "default_value", "cancelled_steps")}
    found = read(shared / log, columns=columns)
    measures = measure(found, seed=1, draws=20)
    page = write(measures, found, out)
    assert page.stat().st_size > 20_000
    assert {m.name for m in measures if not m.group} & {x.name for x in measures.missing} == set()
    return measures


@pytest.mark.parametrize("log", ["LoanApp", "Production"])
def test_the_whole_chain_runs_on_a_real_log_and_says_how_true_its_twin_is(log: str, root: Path, shared: Path, tmp_path: Path) -> None:
    file, name = LOGS[log]
    _log, _measures, page = run(shared / "data" / file, tmp_path, columns=root / f"examples/maps/{name}.toml", seed=1, draws=20)
    verdicts = json.loads((tmp_path / "truth.json").read_text())["counts"]
    assert sum(verdicts.values()) > 20
    assert verdicts["true within noise"] > 0
    assert "The twin beside what was seen" in page.read_text()
    assert (tmp_path / "model.json").exists()


def test_a_log_whose_publisher_moved_the_dates_gets_no_twin_but_the_reason(root: Path, shared: Path, tmp_path: Path) -> None:
    file, name = LOGS["sepsis"]
    _log, _measures, page = run(shared / "data" / file, tmp_path, columns=root / f"examples/maps/{name}.toml", seed=1, draws=20)
    assert "dates were moved case by case" in page.read_text()
    assert not (tmp_path / "truth.json").exists()


def reference(shared: Path, log: str) -> dict[str, float]:
    rows = csv.DictReader((shared / "benchmarks/logs/reference_stats.csv").read_text().splitlines())
    row = next(r for r in rows if r["log"] == log)
    return {k: float(v) for k, v in row.items() if k not in ("log", "first", "last") and v}


@pytest.mark.parametrize("log", LOGS)
def test_a_public_log_gives_the_counts_and_times_of_an_independent_count(log: str, root: Path, shared: Path, tmp_path: Path) -> None:
    file, name = LOGS[log]
    found, known = measured(root, shared, f"data/{file}", name, tmp_path, plain=True), reference(shared, log)
    blank = (
        1 if log == "hospital_billing_10k" else 0
    )  # one event has no case: it is left out, and with it one case, one step and one resource
    assert (found["cases"].value, found["steps"].value) == (known["cases"] - blank, known["events"] - blank)
    assert (found["step_kinds"].value, found["resource_kinds"].value) == (known["activities"], known["resources"] - blank)
    assert found["variants"].value == pytest.approx(known["variants"], abs=blank)
    edges = [m for m in found.by("edge.count", "from", "to") if "(start)" not in m.group.values() and "(end)" not in m.group.values()]
    assert len(edges) == known["dfg_edges"]
    near = {"hospital_billing_10k": 1e-3, "sepsis": 2e-4}.get(log, 1e-9)  # sepsis: we know of summer time, the count did not
    assert found["throughput_time.mean"].value == pytest.approx(known["throughput_h_mean"], rel=near)
    assert found["throughput_time.median"].value == pytest.approx(known["throughput_h_median"], rel=near)
    assert found["throughput_time.p95"].value == pytest.approx(known["throughput_h_p95"], rel=near)


@pytest.mark.parametrize("log", DURATIONS)
def test_flow_efficiency_is_that_of_an_independent_count(log: str, root: Path, shared: Path, tmp_path: Path) -> None:
    file, name = LOGS[log]
    found, known = measured(root, shared, f"data/{file}", name, tmp_path, plain=True), reference(shared, log)
    assert found["flow_efficiency.from_start"].value == pytest.approx(known["flow_eff_ratio_of_sums"], rel=1e-9)
    assert found["flow_efficiency_mean.from_start"].value == pytest.approx(known["flow_eff_mean_of_ratios"], rel=1e-9)
    assert found["flow_efficiency_median.from_start"].value == pytest.approx(known["flow_eff_median"], rel=1e-9)


def test_sepsis_antibiotics_within_an_hour_and_patients_who_return(root: Path, shared: Path, tmp_path: Path) -> None:
    found = measured(root, shared, "data/sepsis/sepsis.csv.gz", "sepsis", tmp_path)
    median, within = (found.get(f"promise.{x}", promise="antibiotics within 1 hour") for x in ("median", "within"))
    assert (round(median.value, 3), round(within.value, 3), within.n) == (1.534, 0.416, 823)
    lactic = found.get("promise.within", promise="lactic acid within 3 hours")
    assert (round(lactic.value, 3), lactic.n) == (0.987, 859)
    assert found.get("step_cases", step="Return ER").value == 294
    assert "one time for each step" in found.why_missing("flow_efficiency.from_start")
    assert "one time for each step" in found.why_missing("wait_cause.hours")
    assert "one time for each step" in (tmp_path / "report.html").read_text()


def test_sepsis_as_xes_gives_the_same_numbers_as_csv(root: Path, shared: Path, tmp_path: Path) -> None:
    csv_ = measured(root, shared, "data/sepsis/sepsis.csv.gz", "sepsis", tmp_path / "csv")
    xes = measured(root, shared, "data/sepsis/Sepsis.xes.gz", "sepsis_xes", tmp_path / "xes")
    assert different(values(csv_), values(xes)) == []
    assert len(csv_) == len(xes) > 300


def test_theatres_have_their_known_hours_turnover_and_starts(root: Path, shared: Path, tmp_path: Path) -> None:
    file = "data/or_utilization_q1_2022/2022_Q1_OR_Utilization.csv"
    found = measured(root, shared, file, "or_utilization_q1_2022", tmp_path)
    assert found.get("busy_hours", pool="Theatres").value == pytest.approx(2885.03, abs=0.005)
    assert found["resource_efficiency.overall"].value == pytest.approx(0.7271, abs=5e-5)
    assert found["flow_efficiency.from_start"].value == pytest.approx(0.5706, abs=5e-5)
    assert found["turnover.median"].value * 60 == pytest.approx(29)
    # over all 1,676 gaps, the 8 where two cases overlap counted as negative; without those 8 the mean would be 30.10
    assert (found["turnover.mean"].value * 60, found["turnover.mean"].n) == (pytest.approx(29.87, abs=0.005), 1676)
    starts = found["first_start.within_5_min"].value, found["first_start.within_15_min"].value
    assert starts == (pytest.approx(0.464, abs=5e-4), pytest.approx(0.964, abs=5e-4))
    assert found["lateness.mean"].value * 60 == pytest.approx(35.5, abs=0.05)


def test_admissions_from_three_tables_are_one_log_and_name_no_resource(root: Path, shared: Path, tmp_path: Path) -> None:
    found = measured(root, shared, "data/mimic3_demo", "mimic3_demo", tmp_path)
    assert (found["cases"].value, found.get("step_cases", step="Emergency department").value) == (129, 92)
    assert found.get("service_time.mean", step="Emergency department").value == pytest.approx(5.8, abs=0.05)
    assert found.why_missing("resource_efficiency.overall") == "the log names no resource"
    assert "The log names no resource" in (tmp_path / "report.html").read_text()


def test_one_physicians_clinic_has_its_known_service_time(root: Path, shared: Path, tmp_path: Path) -> None:
    found = measured(root, shared, "data/hangu_outpatient", "hangu_outpatient", tmp_path)
    service = found.get("service_time.mean", step="Consultation"), found.get("service_time.median", step="Consultation")
    assert [e.value * 3600 for e in service] == pytest.approx([801.9, 725], abs=0.05)


@pytest.mark.parametrize(
    ("file", "name"), [("hospital.csv", "hospital_dirty_small"), ("hospital_events.csv", "hospital_dirty_small_events")]
)
def test_the_dirty_log_is_measured_and_every_row_is_accounted_for(file: str, name: str, root: Path, shared: Path, tmp_path: Path) -> None:
    columns = str(root / f"examples/maps/{name}.toml")
    log, measures, _page = run(shared / "data/hospital_dirty_small" / file, tmp_path, columns=columns, seed=1, draws=20)
    assert log.account.rows_in == log.account.rows_kept + sum(x.rows for x in log.account.left_out)
    assert {x.reason for x in log.account.left_out} >= {"end before start"}
    assert measures["cases"].value > 15
