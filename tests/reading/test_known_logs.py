"""Real logs, where they are beside the repository: the counts that others found, and the traps their notes name."""

from __future__ import annotations

import csv
from pathlib import Path

import ibis
import pytest

from sandcone.core.log import EventLog
from sandcone.reading import read
from tests.public_logs import LOGS
from tests.reading.files import findings, reasons


def of(shared: Path, root: Path, log: str, columns: str) -> EventLog:
    return read(shared / "data" / log, columns=root / "examples" / "maps" / f"{columns}.toml")


def count(log: EventLog, column: str) -> int:
    return int(log.table.aggregate(n=log.table[column].nunique()).to_pyarrow().to_pylist()[0]["n"])


@pytest.mark.parametrize("name", LOGS)
def test_counts_are_those_that_others_found(shared: Path, root: Path, name: str) -> None:
    with (shared / "benchmarks/logs/reference_stats.csv").open() as lines:
        known = next(r for r in csv.DictReader(lines) if r["log"] == name)
    log = of(shared, root, *LOGS[name])
    blank = name == "hospital_billing_10k"  # the reference counts the event without a case as a case, with its resource
    assert log.table.count().to_pyarrow().as_py() == int(known["events"]) - blank
    assert count(log, "case") == int(known["cases"]) - blank
    assert count(log, "step") == int(known["activities"])
    assert count(log, "resource") == int(float(known["resources"])) - blank
    assert log.account.rows_in == int(known["events"]) * (2 if name == "patients_ed_artificial" else 1)


@pytest.mark.parametrize(("name", "first"), [("P2P", "2011-01-01 05:00:00"), ("Production", "2012-01-02 07:00:00")])
def test_the_first_start_is_where_it_should_be(shared: Path, root: Path, name: str, first: str) -> None:
    log = of(shared, root, *LOGS[name])
    assert str(log.table.start.min().to_pyarrow().as_py()) == first


def test_the_billing_event_without_a_case_is_left_out(shared: Path, root: Path) -> None:
    assert reasons(of(shared, root, *LOGS["hospital_billing_10k"])) == {"no case": 1}


def test_the_case_called_na_keeps_its_24_events(shared: Path, root: Path) -> None:
    log = of(shared, root, *LOGS["sepsis"])
    assert log.table.filter(log.table.case == "NA").count().to_pyarrow().as_py() == 24


def test_the_theatres_room_hours_and_turnovers(shared: Path, root: Path) -> None:
    log = of(shared, root, "or_utilization_q1_2022/2022_Q1_OR_Utilization.csv", "or_utilization_q1_2022")
    t = log.table
    hours = ((t.end.epoch_seconds() - t.start.epoch_seconds()).sum() / 3600).to_pyarrow().as_py()
    assert hours == pytest.approx(2885.03, abs=0.005)
    assert (count(log, "case"), count(log, "resource"), log.account.rows_kept) == (2172, 8, 2172)
    assert log.site.calendars["theatre day"].only_days_used


def test_the_clinic_without_dates_keeps_its_weekdays_and_sessions(shared: Path, root: Path) -> None:
    log = of(shared, root, "hangu_outpatient", "hangu_outpatient")
    assert (count(log, "case"), log.starts) == (6637, "seen")
    visits = log.table.filter(log.table.step == "Consultation")
    seconds = (visits.end.epoch_seconds() - visits.start.epoch_seconds()).mean().to_pyarrow().as_py()
    assert seconds == pytest.approx(801.9, abs=0.05)
    local = visits.start + ibis.interval(hours=8)
    assert set(visits.mutate(d=local.day_of_week.full_name()).d.to_pyarrow().to_pylist()) == {"Tuesday", "Wednesday", "Friday", "Saturday"}
    assert findings(log, "still in another") == []


def test_three_tables_make_the_admissions(shared: Path, root: Path) -> None:
    log = of(shared, root, "mimic3_demo", "mimic3_demo")
    counts = {r["step"]: r["n"] for r in log.table.group_by("step").aggregate(n=log.table.count()).to_pyarrow().to_pylist()}
    assert counts == {"Emergency department": 92, "Hospital stay": 129, "Intensive care": 136}
    assert (count(log, "case"), log.account.rows_in) == (129, 265)
    assert log.table.gender.notnull().all().to_pyarrow().as_py()
    assert findings(log, "in the future") == [357]
    assert findings(log, "years apart") == [1]


def test_the_dirty_log_is_the_same_in_both_its_forms(shared: Path, root: Path) -> None:
    one = of(shared, root, "hospital_dirty_small/hospital.csv", "hospital_dirty_small")
    two = of(shared, root, "hospital_dirty_small/hospital_events.csv", "hospital_dirty_small_events")
    names = ("case", "step", "start", "end", "Triage code")
    assert sorted(map(str, one.table.select(*names).to_pyarrow().to_pylist())) == sorted(
        map(str, two.table.select(*names).to_pyarrow().to_pylist())
    )
    assert (one.account.rows_in, reasons(one)) == (53, {"end before start": 4})
    assert (two.account.rows_in, reasons(two)) == (106, {"end before start": 8, "no time at all": 1})
    assert any("Triaga / Triage" in f.example for f in one.findings)
