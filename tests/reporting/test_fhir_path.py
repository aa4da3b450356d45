"""A path as a care plan: valid, proposed and never ordered, with its reasons, and naming nobody."""

from __future__ import annotations

from sandcone.core.care import Conflict, Lag, Part, Path, PathStep, Person, Reason
from sandcone.core.fhir import fhir_text
from sandcone.reporting.fhir_path import fhir_paths
from tests.fhir_check import holds, of_kind, resources
from tests.personalising.libraries import module, path

ANN = Path(
    person="ann-1",
    modules=("scan", "talk"),
    steps=(
        PathStep(name="call", step="Call", modules=("talk",), remote=True, minutes=20.0),
        PathStep(name="scan", step="CT", modules=("scan", "talk"), minutes=45.0, low=30.0, high=70.0),
        PathStep(name="rest", step="Recovery", modules=("scan",)),
    ),
    lags=(
        Lag(before="call", after="scan", at_least=1440.0),
        Lag(before="scan", after="rest", at_most=60.0),
        Lag(before="call", after="rest"),
    ),
    reasons=(
        Reason(module="scan", chosen=True, why="angina is yes"),
        Reason(module="talk", chosen=True, why="the patient asked", by="person"),
        Reason(module="stress test", chosen=False, why="'scan' has the same function", by="conflict"),
    ),
    conflicts=(
        Conflict(kind="duplicate", modules=("scan", "talk"), why="each has 'CT'", done="done once"),
        Conflict(kind="unknown", modules=("scan",), why="contrast allergy not known"),
    ),
    fit=0.625,
)


def test_care_plans_are_valid_fhir() -> None:
    holds(fhir_paths([ANN, Path(person="nothing for them", modules=(), steps=())]))


def test_nothing_is_ordered_until_a_person_confirms() -> None:
    for r in resources(fhir_paths([ANN])):
        assert (r["status"], r["intent"]) == ("draft", "proposal")


def test_each_step_is_asked_for_once_and_each_open_conflict_is_a_task() -> None:
    bundle = fhir_paths([ANN])
    (plan,), steps, (task,) = of_kind(bundle, "CarePlan"), of_kind(bundle, "ServiceRequest"), of_kind(bundle, "Task")
    assert [s["code"]["text"] for s in steps] == ["Call", "CT", "Recovery"]
    assert ["locationCode" in s for s in steps] == [True, False, False]
    assert [a["reference"]["reference"] for a in plan["activity"]] == [f"urn:uuid:{r['id']}" for r in [*steps, task]]
    assert task["description"] == "To decide, unknown (scan): contrast allergy not known"


def test_reasons_and_what_was_settled_are_notes() -> None:
    (plan,) = of_kind(fhir_paths([ANN]), "CarePlan")
    assert [n["text"] for n in plan["note"]] == [
        "scan: given, angina is yes (rule)",
        "talk: given, the patient asked (person)",
        "stress test: not given, 'scan' has the same function (conflict)",
        "duplicate, scan, talk: each has 'CT'. done once",
    ]
    assert "Fit to what the person needs: 62%" in plan["description"]


def test_what_comes_before_what_is_said() -> None:
    (group,) = of_kind(fhir_paths([ANN]), "RequestGroup")
    call, scan, rest = group["action"]
    assert call["timingDuration"]["value"] == 20.0
    assert (scan["timingRange"]["low"]["value"], scan["timingRange"]["high"]["value"]) == (30.0, 70.0)
    assert scan["relatedAction"][0]["offsetRange"] == {
        "low": {"value": 1440.0, "unit": "min", "system": "http://unitsofmeasure.org", "code": "min"}
    }
    assert [(r["actionId"], "offsetRange" in r) for r in rest["relatedAction"]] == [("step-2", True), ("step-1", False)]


def test_a_person_is_named_by_the_id_that_was_given_and_nothing_else() -> None:
    (plan,) = of_kind(fhir_paths([ANN]), "CarePlan")
    assert plan["subject"] == {"reference": "Patient/ann-1"}
    (other,) = of_kind(fhir_paths([Path(person="Ann Ö", modules=(), steps=())]), "CarePlan")
    assert other["subject"] == {"identifier": {"system": "https://sandcone.example/fhir/patient", "value": "Ann Ö"}}


def test_a_path_keeps_its_ids_when_it_is_written_again() -> None:
    assert fhir_text(fhir_paths([ANN])) == fhir_text(fhir_paths([ANN]))


def test_a_composed_path_is_valid_fhir() -> None:
    composed = path(
        Person(name="p"), module("a", "x", Part(name="y", step="y", times=2), standard=True), module("b", "x", standard=True, takes=("t",))
    )
    holds(fhir_paths([composed]))
    assert len(of_kind(fhir_paths([composed]), "Task")) == 1
