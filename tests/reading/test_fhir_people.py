"""Patients in FHIR as people: what is known of them on a day, who is left out, and what cannot be."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sandcone.core.errors import InputError
from sandcone.reading.fhir_people import ReadPeople, read_fhir_people
from sandcone.reading.people import read_people
from sandcone.reading.people_file import save_people

DAY = date(2020, 6, 1)


def patient(name: str, born: str = "1950-06-02", **more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": name, "gender": "female", "birthDate": born, "name": [{"family": "Secret"}], **more}


def condition(who: str, words: str, clinical: str = "active", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "code": {"coding": [{"display": words}]},
        "clinicalStatus": {"coding": [{"code": clinical}]},
        "subject": {"reference": who},
        **more,
    }


def read(tmp_path: Path, *resources: Any, complete: bool = False) -> ReadPeople:
    file = tmp_path / "people.json"
    file.write_text(json.dumps({"resourceType": "Bundle", "entry": [{"resource": r} for r in resources]}))
    return read_fhir_people(file, DAY, complete=complete)


def test_a_patient_is_known_by_age_sex_and_what_they_have(tmp_path: Path) -> None:
    allergy = {"resourceType": "AllergyIntolerance", "code": {"text": "Peanut allergy"}, "patient": {"reference": "Patient/p1"}}
    found = read(
        tmp_path, patient("p1"), condition("Patient/p1", "Asthma"), allergy, condition("urn:uuid:p2", "Gout"), patient("p2", "2010")
    )
    one, two = found.people
    assert (one.name, one.facts) == ("p1", {"age": 69.0, "sex": "female", "Asthma": True, "Peanut allergy": True})
    assert (two.name, two.facts) == ("p2", {"sex": "female", "Gout": True})
    assert found.left_out == ("p2: the age is not known (no full date of birth)",)


def test_a_birthday_counts_on_the_day(tmp_path: Path) -> None:
    found = read(tmp_path, patient("a", "1950-06-01"), patient("b", "1950-05-31"), patient("c", "2020-06-01")).people
    assert [p.facts["age"] for p in found] == [70.0, 70.0, 0.0]


def test_only_what_is_there_on_the_day_counts(tmp_path: Path) -> None:
    (one,) = read(
        tmp_path,
        patient("p"),
        condition("Patient/p", "over by status", "resolved"),
        condition("Patient/p", "over by then", abatementDateTime="2020-06-01T08:00:00+02:00"),
        condition("Patient/p", "over later", "resolved", abatementDateTime="2021-01-01"),
        condition("Patient/p", "not yet", onsetDateTime="2020-06-02"),
        condition("Patient/p", "since that year", onsetDateTime="2019"),
        condition("Patient/p", "a mistake", verificationStatus={"coding": [{"code": "entered-in-error"}]}),
        condition("Patient/p", "recorded later", recordedDate="2020-07-01"),
        condition("Patient/somebody else", "theirs"),
    ).people
    assert [k for k in one.facts if k not in ("age", "sex")] == ["over later", "since that year"]


def test_what_is_not_recorded_is_not_known_unless_records_are_whole(tmp_path: Path) -> None:
    them = [patient("a"), patient("b"), condition("Patient/a", "Asthma"), condition("Patient/b", "Gout")]
    assert "Gout" not in read(tmp_path, *them).people[0].facts
    first, second = read(tmp_path, *them, complete=True).people
    assert first.facts == {"age": 69.0, "sex": "female", "Asthma": True, "Gout": False}
    assert second.facts == {"age": 69.0, "sex": "female", "Asthma": False, "Gout": True}


def test_what_was_refuted_is_not_so_and_what_is_not_sure_is_not_known(tmp_path: Path) -> None:
    def status(code: str) -> dict[str, Any]:
        return {"verificationStatus": {"coding": [{"code": code}]}}

    them = [
        patient("a"),
        condition("Patient/a", "Asthma", **status("refuted")),
        condition("Patient/a", "Gout", **status("provisional")),
        condition("Patient/a", "Cough", **status("refuted")),
        condition("Patient/a", "Cough", **status("confirmed")),
        patient("b"),
        condition("Patient/b", "Gout"),
        condition("Patient/b", "Asthma"),
    ]
    known = {"age": 69.0, "sex": "female", "Asthma": False, "Cough": True}
    assert read(tmp_path, *them).people[0].facts == known
    first, second = read(tmp_path, *them, complete=True).people
    assert first.facts == known
    assert second.facts == {"age": 69.0, "sex": "female", "Gout": True, "Asthma": True, "Cough": False}


def test_who_has_died_is_left_out_and_said(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        patient("a", deceasedDateTime="2020-05-31"),
        patient("b", deceasedDateTime="2020-06-02"),
        patient("c", deceasedBoolean=True),
    )
    assert [p.name for p in found.people] == ["b"]
    assert found.left_out == ("a: had died by 2020-06-01", "c: had died by 2020-06-01")


def test_what_is_recorded_and_cannot_be_a_fact_of_anybody_is_counted(tmp_path: Path) -> None:
    odd = {"resourceType": ["Condition"]}
    wordless = {"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/a"}}
    found = read(tmp_path, patient("a"), condition("Patient/b", "Gout"), condition("Patient?name=c", "Gout"), wordless, odd)
    assert found.people[0].facts == {"age": 69.0, "sex": "female"}
    assert found.left_out == ("2 conditions and allergies of patients who are not here", "1 condition or allergy without words")


def test_a_reference_to_one_version_of_a_patient_is_to_the_patient_and_one_condition_has_one_spelling(tmp_path: Path) -> None:
    found = read(tmp_path, patient("a"), patient("b"), condition("Patient/a/_history/3", "Asthma"), condition("Patient/b", "asthma"))
    assert [p.facts["Asthma"] for p in found.people] == [True, True] and found.left_out == ()


@pytest.mark.parametrize(
    ("them", "found"),
    [
        ([], "no patient who is alive"),
        ([patient("a"), patient("a")], "Patient, entry 2: its id is there before"),
        ([{"resourceType": "Patient"}], "no id"),
        ([patient("a", "1950-02-30")], "Patient, entry 1, birthDate: what stands there is no date"),
        ([patient("a", "2020-06-02")], "born after 2020-06-01"),
        (
            [patient("a"), condition("Patient/a", "x", onsetDateTime="soon")],
            "Condition, entry 2, onsetDateTime: what stands there is no date",
        ),
    ],
)
def test_what_cannot_be_is_refused(them: list[Any], found: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=found):
        read(tmp_path, *them)


def test_a_folder_without_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no file of JSON"):
        read_fhir_people(tmp_path, DAY)


def test_made_up_patients_of_others_are_read_and_keep_as_a_table(shared: Path, tmp_path: Path) -> None:
    source = shared / "data" / "synthea_fhir_r4"
    if not source.is_dir():
        pytest.skip("no ../shared/data/synthea_fhir_r4")
    few = tmp_path / "few"
    few.mkdir()
    for file in sorted(source.glob("*.json.gz"))[:8]:
        (few / file.name).symlink_to(file)
    found = read_fhir_people(few, DAY, complete=True)
    assert len(found.people) + len(found.left_out) == 8
    assert {p.facts["sex"] for p in found.people} == {"male", "female"}
    assert any("Hypertension" in p.facts for p in found.people)
    again = read_people(save_people(found.people, tmp_path / "people.csv"), DAY)
    assert {p.name: p.facts for p in again} == {p.name: p.facts for p in found.people}
