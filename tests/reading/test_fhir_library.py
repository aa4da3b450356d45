"""PlanDefinitions of others: what a library can say is read, what it cannot is named, and nobody is given more for it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from sandcone.core.care import Lag, Module, Part, Person
from sandcone.core.errors import InputError, ModelError
from sandcone.personalising.paths import Composer
from sandcone.reading.fhir_library import ReadLibrary, read_fhir_library

KNEE = {
    "resourceType": "PlanDefinition",
    "id": "knee",
    "url": "http://hospital.example/PlanDefinition/knee",
    "title": "Knee replacement",
    "description": "Before and after a new knee",
    "status": "active",
    "useContext": [{"code": {"code": "age"}, "valueCodeableConcept": {"text": "adult"}}],
    "relatedArtifact": [{"type": "citation", "citation": "NICE NG157"}],
    "goal": [{"description": {"text": "walk again"}}],
    "action": [
        {"id": "x", "title": "X-ray", "code": [{"coding": [{"code": "168537006", "display": "Plain X-ray"}]}]},
        {
            "id": "op",
            "title": "Operation",
            "trigger": [{"type": "named-event", "name": "theatre free"}],
            "timingTiming": {"repeat": {"duration": 1.5, "durationUnit": "h", "frequency": 1}},
            "condition": [
                {"kind": "applicability", "expression": {"language": "text/cql", "expression": "Pain > 7", "description": "Severe pain"}},
                {"kind": "stop", "expression": {"language": "text/cql", "expression": "Fever"}},
            ],
            "relatedAction": [{"actionId": "x", "relationship": "after-end", "offsetRange": {"low": {"value": 1, "code": "d"}}}],
        },
        {
            "title": "Afterwards",
            "selectionBehavior": "exactly-one",
            "condition": [{"kind": "applicability", "expression": {"language": "text/fhirpath", "expression": "%age < 80"}}],
            "action": [
                {
                    "id": "home",
                    "title": "Physiotherapy",
                    "definitionCanonical": "http://hospital.example/ActivityDefinition/physio|2.0",
                    "timingTiming": {"repeat": {"count": 6}},
                    "condition": [{"kind": "applicability", "expression": {"expression": "%lives_alone.not()"}}],
                    "relatedAction": [{"actionId": "op", "relationship": "concurrent-with-start"}],
                },
                {
                    "id": "stay",
                    "title": "Physiotherapy",
                    "relatedAction": [
                        {"actionId": "home", "relationship": "before-start", "offsetDuration": {"value": 2, "code": "mo"}},
                        {"actionId": "x", "relationship": "after", "offsetDuration": {"value": 3, "unit": "h"}},
                    ],
                },
            ],
        },
    ],
}
PHYSIO = {"resourceType": "ActivityDefinition", "url": "http://hospital.example/ActivityDefinition/physio", "title": "Physio session"}


def read(tmp_path: Path, *resources: Any) -> ReadLibrary:
    """What is read of a bundle of these."""
    file = tmp_path / "theirs.json"
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}))
    return read_fhir_library(file)


def test_a_plan_of_others_is_a_module(tmp_path: Path) -> None:
    (knee,) = read(tmp_path, KNEE, PHYSIO).library.modules
    assert knee == Module(
        name="Knee replacement",
        title="Before and after a new knee",
        source="NICE NG157",
        meets={"walk again": 1.0},
        parts=(
            Part(name="X-ray", step="Plain X-ray"),
            Part(name="Operation", step="Operation", minutes=90.0, when="%`Severe pain`.exists() and %`Severe pain`"),
            Part(name="Physiotherapy", step="Physio session", times=6, when="(%age < 80) and (%lives_alone.not())"),
            Part(name="Physiotherapy 2", step="Physiotherapy", when="%age < 80"),
        ),
        lags=(
            Lag(before="X-ray", after="Operation", at_least=1440.0),
            Lag(before="Physiotherapy 2", after="Physiotherapy"),
            Lag(before="X-ray", after="Physiotherapy 2", at_least=180.0, at_most=180.0),
        ),
    )


def test_what_is_not_read_of_it_is_named(tmp_path: Path) -> None:
    assert [w.removeprefix("Knee replacement: ") for w in read(tmp_path, KNEE, PHYSIO).left_out] == [
        "the condition 'Pain > 7' is not understood; it is asked of a person as 'Severe pain'",
        "a condition on its stop is not read",
        "selectionBehavior 'exactly-one' of 'Afterwards' is not read; everything in it is a part",
        "trigger of 'Operation' is not read",
        "frequency in the timing of 'Operation' is not read",
        "concurrent-with-start from 'Physiotherapy' to 'op' is not read",
        "a time of 2 mo is not read",
        "useContext is not read",
        "how much of the goal 'walk again' it meets is not said; 1 is taken",
    ]


def test_a_condition_that_is_not_understood_is_asked_of_a_person(tmp_path: Path) -> None:
    plan = {
        "resourceType": "PlanDefinition",
        "title": "thinner",
        "action": [
            {
                "condition": [{"kind": "applicability", "expression": {"language": "text/cql", "expression": "`On` warfarin"}}],
                "action": [{"title": "INR"}],
            }
        ],
    }
    library = read(tmp_path, plan).library
    assert library.modules[0].when == "%`'On' warfarin`"
    composer = Composer(library=library)
    assert composer.path(Person(name="nobody asked")).modules == ()
    assert composer.path(Person(name="asked", facts={"'On' warfarin": True})).modules == ("thinner",)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("%patient.exists()", "%`%patient.exists()`.exists() and %`%patient.exists()`"),
        ("%age > 3", "%age > 3"),
        ("today()", "%`today()`.exists() and %`today()`"),
    ],
)
def test_a_resource_is_no_fact_of_a_person(text: str, when: str, tmp_path: Path) -> None:
    action = {"title": "t", "condition": [{"kind": "applicability", "expression": {"language": "text/fhirpath", "expression": text}}]}
    plan = {"resourceType": "PlanDefinition", "title": "p", "action": [action]}
    assert read(tmp_path, plan).library.modules[0].parts[0].when == when


def test_a_part_whose_condition_is_not_understood_is_done_once_a_person_says_yes(tmp_path: Path) -> None:
    library = read(tmp_path, KNEE, PHYSIO).library
    composer = Composer(library=library)
    need: dict[str, Any] = {"needs": {"walk again": 1.0}}
    steps = [
        [s.step for s in composer.path(Person(name="p", facts=facts, **need)).steps]
        for facts in ({}, {"Severe pain": False}, {"Severe pain": True})
    ]
    assert ["Operation" in s for s in steps] == [False, False, True]
    assert all("Plain X-ray" in s for s in steps)


def test_a_set_of_plans_gives_their_order_and_an_empty_one_is_named(tmp_path: Path) -> None:
    plans = [{"resourceType": "PlanDefinition", "url": f"urn:{n}", "name": n, "action": [{"title": f"do {n}"}]} for n in "ab"]
    empty = {"resourceType": "PlanDefinition", "url": "urn:c", "name": "c"}
    both = {
        "resourceType": "PlanDefinition",
        "title": "ward",
        "action": [{"definitionCanonical": "urn:b|1"}, {"definitionCanonical": "urn:a"}],
    }
    found = read(tmp_path, *plans, empty, both)
    assert found.library.name == "ward"
    assert [m.name for m in found.library.modules] == ["b", "a"]
    assert [m.parts[0].step for m in found.library.modules] == ["do b", "do a"]
    assert found.left_out == ("c: nothing to do in it: the module is left out",)


def test_what_is_not_to_be_done_is_no_part(tmp_path: Path) -> None:
    never = {"resourceType": "ActivityDefinition", "url": "urn:never", "title": "MRI", "doNotPerform": True}
    plan = {
        "resourceType": "PlanDefinition",
        "title": "pacemaker",
        "action": [{"title": "X-ray"}, {"title": "scan", "definitionCanonical": "urn:never"}],
    }
    found = read(tmp_path, never, plan)
    assert [p.name for p in found.library.modules[0].parts] == ["X-ray"]
    assert found.left_out == ("pacemaker: 'scan' is not to be done: it is no part",)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"status": "retired"}, "retired"),
        ({"action": [{"title": "t", "modifierExtension": [{"url": "urn:x"}]}]}, "an extension that changes what it means"),
    ],
)
def test_what_may_not_be_used_is_left_out(more: dict[str, Any], why: str, tmp_path: Path) -> None:
    good = {"resourceType": "PlanDefinition", "title": "good", "action": [{"title": "t"}]}
    found = read(tmp_path, good, {"resourceType": "PlanDefinition", "title": "bad", "action": [{"title": "t"}], **more})
    assert [m.name for m in found.library.modules] == ["good"]
    assert found.left_out == (f"bad: {why}: the module is left out",)


def test_a_plan_inside_a_plan_is_named(tmp_path: Path) -> None:
    inner = {"resourceType": "PlanDefinition", "url": "urn:in", "title": "inner", "action": [{"title": "a"}]}
    outer = {
        "resourceType": "PlanDefinition",
        "title": "outer",
        "action": [{"title": "b", "requiredBehavior": "could"}, {"title": "c", "definitionCanonical": "urn:in"}],
    }
    found = read(tmp_path, inner, outer)
    assert [(m.name, [p.step for p in m.parts]) for m in found.library.modules] == [("inner", ["a"]), ("outer", ["b", "c"])]
    assert found.left_out == (
        "outer: requiredBehavior 'could' of 'b' is not read; everything in it is a part",
        "outer: 'c' is a plan of its own, which is not looked into",
    )


def test_of_two_definitions_with_one_address_the_first_is_kept_and_those_without_stay_apart(tmp_path: Path) -> None:
    plans = [{"resourceType": "PlanDefinition", "url": "urn:one", "version": v, "name": v, "action": [{"title": v}]} for v in ("1", "2")]
    without = [{"resourceType": "PlanDefinition", "name": n, "action": [{"title": f"{n}, {i}"} for i in range(2)]} for n in "ab"]
    nameless = {"resourceType": "ActivityDefinition", "title": "defined nowhere", "doNotPerform": True}
    found = read(tmp_path, *plans, *without, nameless)
    assert [(m.name, [p.step for p in m.parts]) for m in found.library.modules] == [
        ("1", ["1"]),
        ("a", ["a, 0", "a, 1"]),
        ("b", ["b, 0", "b, 1"]),
    ]
    assert found.left_out == ("theirs.json, PlanDefinition: a second definition with the address 'urn:one' is left out",)


def test_of_two_modules_of_one_name_the_first_is_kept(tmp_path: Path) -> None:
    twice = [{"resourceType": "PlanDefinition", "name": "a", "url": f"urn:{i}", "action": [{"title": f"t{i}"}]} for i in range(2)]
    found = read(tmp_path, *twice)
    assert [m.parts[0].name for m in found.library.modules] == ["t0"]
    assert found.left_out == ("a: a second module of this name is left out",)


def test_a_relation_is_of_the_action_that_says_it_also_where_two_have_one_title_and_no_id(tmp_path: Path) -> None:
    after = {"relatedAction": [{"actionId": "op", "relationship": "after-end"}]}
    actions = [{"title": "blood"}, {"id": "op", "title": "operation"}, {"title": "blood"} | after]
    (found,) = read(tmp_path, {"resourceType": "PlanDefinition", "title": "a", "action": actions}).library.modules
    assert [p.name for p in found.parts] == ["blood", "operation", "blood 2"]
    assert found.lags == (Lag(before="operation", after="blood 2"),)


def test_times_that_cannot_be_are_named_and_not_read(tmp_path: Path) -> None:
    low, high = ({"value": x, "code": "h"} for x in (3, 2))
    offsets = [{"offsetDuration": {"value": -5, "code": "min"}}, {"offsetRange": {"low": low, "high": high}}]
    relations = [{"actionId": "x", "relationship": "after-end", **of} for of in offsets]
    actions = [{"id": "x", "title": "x"}, *({"title": t, "relatedAction": [r]} for t, r in zip("yz", relations, strict=True))]
    found = read(tmp_path, {"resourceType": "PlanDefinition", "title": "a", "action": actions})
    assert found.library.modules[0].lags == (Lag(before="x", after="y"), Lag(before="x", after="z"))
    assert found.left_out == ("a: a time of -5 min is not read", "a: times from 180 to 120 minutes are not read")


def test_one_plan_alone_is_read_packed_or_not(tmp_path: Path) -> None:
    file = tmp_path / "knee.json.gz"
    file.write_bytes(gzip.compress(json.dumps(KNEE).encode()))
    found = read_fhir_library(file).library
    assert (found.name, [m.name for m in found.modules]) == ("knee", ["Knee replacement"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{", "cannot be read"),
        ("[]", "no FHIR resource"),
        ('{"a": 1}', "no FHIR resource"),
        ('{"resourceType": "Patient"}', "no PlanDefinition"),
        ('{"resourceType": "PlanDefinition", "title": "t"}', "no PlanDefinition with anything to do"),
        ('{"resourceType": "PlanDefinition", "action": {"title": "t"}}', "instead of a list of elements"),
        ('{"resourceType": "PlanDefinition", "action": [{"title": 7}]}', "instead of a word"),
        ('{"resourceType": "PlanDefinition", "title": "t", "action": [{"timingTiming": []}]}', "instead of an element"),
        (
            '{"resourceType": "PlanDefinition", "title": "t", "action": [{"timingTiming": {"repeat": {"count": "2"}}}]}',
            "instead of a number",
        ),
        ('{"resourceType": "Bundle", "entry": [{"resource": 3}]}', "instead of an element"),
        ("[" * 100_000, "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, found: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    file.write_text(text)
    with pytest.raises(InputError, match=found):
        read_fhir_library(file)


def test_a_packed_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "cut.json.gz"
    file.write_bytes(gzip.compress(json.dumps(KNEE).encode())[:60])
    with pytest.raises(InputError, match="cannot be read"):
        read_fhir_library(file)


@pytest.mark.parametrize("kept", [[], ["name"], ["amount"]])
def test_an_amount_of_nothing_or_without_a_number_is_refused(kept: list[str], tmp_path: Path) -> None:
    both = {"name": {"url": "name", "valueString": "contrast"}, "amount": {"url": "amount", "valueDecimal": 80.0}}
    uses = {"url": "https://sandcone.example/fhir/StructureDefinition/uses", "extension": [both[k] for k in kept]}
    with pytest.raises(InputError, match="no name or no amount"):
        read(tmp_path, {"resourceType": "PlanDefinition", "name": "a", "action": [{"title": "t"}], "extension": [uses]})


def test_a_module_that_names_one_that_is_not_there_is_refused(tmp_path: Path) -> None:
    url = "https://sandcone.example/fhir/StructureDefinition/against"
    plan = {"resourceType": "PlanDefinition", "name": "a", "action": [{"title": "t"}], "extension": [{"url": url, "valueString": "b"}]}
    with pytest.raises(ModelError, match="'b' is no module"):
        read(tmp_path, plan)


def related(first: str, *, to: str, how: str) -> dict[str, Any]:
    return {"id": first, "title": first, "relatedAction": [{"actionId": to, "relationship": how}]}


@pytest.mark.parametrize(
    ("actions", "within", "left_out"),
    [
        ([{"id": "a", "title": "a"}, related("b", to="a", how="concurrent")], {"b": "a"}, 0),
        ([related("a", to="b", how="concurrent"), related("b", to="a", how="concurrent")], {"a": "b"}, 1),
        ([related("a", to="b", how="concurrent"), related("b", to="a", how="after-end")], {"a": "b"}, 1),
        ([related("a", to="b", how="before-start"), related("b", to="a", how="concurrent")], {}, 1),
        ([{"id": "a", "title": "a"}, related("b", to="b", how="concurrent")], {}, 1),
    ],
    ids=["one during the other", "each during the other", "during and after", "before and during", "itself"],
)
def test_a_concurrent_action_goes_on_during_the_other_unless_something_else_is_said_of_the_two(
    actions: list[dict[str, Any]], within: dict[str, str], left_out: int, tmp_path: Path
) -> None:
    found = read(tmp_path, {"resourceType": "PlanDefinition", "title": "p", "status": "draft", "action": actions})
    assert {p.name: p.during for p in found.library.modules[0].parts if p.during} == within
    assert len(found.left_out) == left_out
