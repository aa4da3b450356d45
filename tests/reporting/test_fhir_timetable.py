"""A timetable as FHIR appointments: valid, proposed, at the right time, and with a word for who has no place."""

from __future__ import annotations

from datetime import date

import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.journeys import Timetable
from sandcone.reporting.fhir_timetable import fhir_timetable
from tests.booked_clinic import clinic
from tests.fhir_check import holds, of_kind


def test_a_timetable_is_valid_fhir() -> None:
    holds(fhir_timetable(*clinic(), zone="Europe/Berlin"))


def test_appointments_are_proposed_at_the_right_time_and_nobody_has_accepted() -> None:
    meetings = of_kind(fhir_timetable(*clinic(), zone="Europe/Berlin"), "Appointment")
    times = [(m["description"], m["start"], m["end"], m["minutesDuration"]) for m in meetings]
    assert times == [
        ("talk, first", "2030-01-07T08:00:00Z", "2030-01-07T08:30:00Z", 30),
        ("talk", "2030-01-07T09:15:00Z", "2030-01-07T09:35:00Z", 20),
        ("scan", "2030-01-08T06:00:00Z", "2030-01-08T07:30:00Z", 90),
    ]
    assert {m["status"] for m in meetings} == {"proposed"}
    assert {p["status"] for m in meetings for p in m["participant"]} == {"needs-action"}
    assert [p["actor"] for p in meetings[0]["participant"]] == [{"reference": "Patient/ann"}, {"display": "Dr Eve"}]


def test_what_a_person_has_confirmed_is_booked_and_only_who_has_no_place_is_still_a_task() -> None:
    bundle = fhir_timetable(*clinic(), zone="Europe/Berlin", confirmed=True)
    holds(bundle)
    meetings = of_kind(bundle, "Appointment")
    assert {(m["status"], p["status"]) for m in meetings for p in m["participant"]} == {("booked", "accepted")}
    assert {(r["status"], r["intent"]) for r in of_kind(bundle, "ServiceRequest")} == {("active", "plan")}
    assert [t["description"] for t in of_kind(bundle, "Task")] == ["No place was found for this patient; a person has to decide"]


def test_each_patient_is_a_task_for_a_person_also_who_has_no_place() -> None:
    tasks = of_kind(fhir_timetable(*clinic(), zone="UTC"), "Task")
    assert [t["description"] for t in tasks] == [
        "Confirm 2 appointments",
        "Confirm 1 appointment",
        "No place was found for this patient; a person has to decide",
    ]


def test_it_can_be_that_of_one_patient_or_resource() -> None:
    problem, table = clinic()
    of = {w: fhir_timetable(problem, table, zone="UTC", whose=w) for w in ("ann", "Dr Fay", "cy")}
    assert [m["description"] for m in of_kind(of["ann"], "Appointment")] == ["talk, first", "scan"]
    assert [m["description"] for m in of_kind(of["Dr Fay"], "Appointment")] == ["talk"]
    assert [r["resourceType"] for r in (e["resource"] for e in of["cy"]["entry"])] == ["Task"]
    with pytest.raises(ProblemError, match="no patient and no resource"):
        fhir_timetable(problem, table, zone="UTC", whose="Dr Who")


def test_an_appointment_keeps_its_id_when_it_moves() -> None:
    early, late = (of_kind(fhir_timetable(*clinic(first=m), zone="UTC"), "Appointment")[0] for m in (480, 540))
    assert (early["id"], early["start"] < late["start"]) == (late["id"], True)


def test_clocks_go_forward_and_an_appointment_still_ends_after_it_begins() -> None:
    problem, table = clinic(date(2030, 3, 31), first=150)  # 2:30 is passed over that night in Berlin
    night = of_kind(fhir_timetable(problem, table, zone="Europe/Berlin"), "Appointment")[0]
    assert (night["start"], night["end"]) == ("2030-03-31T01:30:00Z", "2030-03-31T02:00:00Z")


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(ProblemError, match="'Mars/Base'"):
        fhir_timetable(*clinic(), zone="Mars/Base")


def test_a_timetable_of_somebody_else_is_refused() -> None:
    problem, _ = clinic()
    with pytest.raises(ProblemError, match="no such patient"):
        fhir_timetable(problem, Timetable(starts={"Dee": {}}), zone="UTC")
