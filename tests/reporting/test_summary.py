from dataclasses import replace

from sandcone.core.estimate import Measures, Missing
from sandcone.core.log import EventLog
from sandcone.reporting import summary


def test_the_summary_says_the_main_things_in_about_fifteen_lines(log: EventLog, measures: Measures) -> None:
    lines = summary(log, measures).splitlines()
    assert 12 <= len(lines) <= 18
    assert lines[0] == "small_hospital.csv.gz: 1,204 journeys, 8,029 steps, 87 unfinished, from 3 March to 20 July 2025"
    assert lines[1] == "8,029 of 8,120 rows used, 91 left out (most often: the same row twice)"
    assert "Resource efficiency         68 % (67 to 70 %, n=1,204)" in lines
    assert any(line.startswith("Biggest wait") and "before Operation, 31 % of all waiting, mostly because" in line for line in lines)
    assert "Could not be measured: 3 numbers" in lines


def test_a_number_that_is_missing_says_why_in_its_place(log: EventLog) -> None:
    why = "The log names no resource."
    said = summary(log, Measures(items=(), missing=(Missing(name="resource_efficiency", why=why),)))
    assert f"Resource efficiency         not measured: {why}" in said


def test_estimated_starts_are_said_in_the_summary(log: EventLog, measures: Measures) -> None:
    assert "start times are estimated" in summary(replace(log, starts="partly"), measures)
    assert "no start times" in summary(replace(log, starts="none"), measures)
