"""A library as FHIR: valid, the same again when it is read, and its conditions say what Sandcone says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandcone.core.care import Lag, Library, Module, Part, Person
from sandcone.core.errors import ModelError
from sandcone.core.fhir import FHIRPATH, address, fhir_text
from sandcone.personalising.paths import Composer
from sandcone.reading.fhir_library import read_fhir_library
from sandcone.reporting.fhir_library import fhir_library
from tests.fhir_check import holds, of_kind

SCAN = Module(
    name="scan",
    title="Scan with contrast",
    meets={"knowledge": 0.75, "comfort": 0.2},
    parts=(
        Part(name="talk", step="Talk", remote=True, shared=False),
        Part(name="the scan itself", step="CT", times=2, when="%age >= 40", minutes=45.5),
        Part(name="rest", step="Recovery", may_end=True, minutes=0.0),
    ),
    lags=(
        Lag(before="the scan itself", after="rest", at_least=10.0, at_most=60.0),
        Lag(before="talk", after="the scan itself", at_least=1440.0, same_day=False, same_person="doctors"),
        Lag(before="talk", after="rest", at_least=30.0, at_most=30.0, same_day=True),
    ),
    when="%angina = true and %age < 85",
    unless="%`contrast allergy` = true",
    takes=("consent", "kidney values"),
    gives=("images",),
    after=("ECG",),
    instead_of=("stress test",),
    against=("ECG",),
    apart={"stress test": 2880.0},
    uses={"contrast": 80.0},
    within=4000.0,
    standard=True,
    source="ESC 2024, section 5",
    seen=312,
)
HEART = Library(
    name="Heart & vessels",
    modules=(
        SCAN,
        Module(name="stress test", parts=(Part(name="ECG and echo", step="ECG and echo"), Part(name="CT", step="CT"))),
        Module(name="ECG", parts=(Part(name="ECG", step="ECG"),)),
        Module(name="Gespräch Ü", parts=(Part(name="a", step="Talk"), Part(name="b", step="Talk")), lags=(Lag(before="b", after="a"),)),
    ),
    needs={"knowledge": "the state of the vessels is known", "comfort": "", "calm": "calm"},
    most={"contrast": 120.0},
)


def again(library: Library, tmp_path: Path) -> Library:
    """A library written as FHIR and read back, nothing being left out."""
    file = tmp_path / "library.json"
    file.write_text(fhir_text(fhir_library(library)), encoding="utf-8")
    found = read_fhir_library(file)
    assert found.left_out == ()
    return found.library


def test_a_library_is_the_same_again(tmp_path: Path) -> None:
    assert again(HEART, tmp_path) == HEART


STAY = Module(
    name="stay",
    parts=(
        Part(name="come", step="Come in", done_by=("clerks", "Ann")),
        Part(name="stay", step="Stay", minutes=900.0),
        Part(name="ICU", step="Intensive care", during="stay"),
        Part(name="leave", step="Leave"),
    ),
)


@pytest.mark.parametrize("lags", [(), (Lag(before="stay", after="leave", at_least=20.0),)], ids=["as listed", "lags"])
def test_what_goes_on_during_what_and_who_did_it_is_the_same_again(lags: tuple[Lag, ...], tmp_path: Path) -> None:
    library = Library(name="l", modules=(replace(STAY, lags=lags),))
    holds(fhir_library(library))
    assert again(library, tmp_path) == library
    _, stay = of_kind(fhir_library(library), "PlanDefinition")
    assert {"actionId": "part-2", "relationship": "concurrent"} in stay["action"][0]["action"][2]["relatedAction"]


def test_a_library_is_valid_fhir() -> None:
    holds(fhir_library(HEART))


def test_others_can_read_what_a_module_is(tmp_path: Path) -> None:
    whole, scan, *_ = of_kind(fhir_library(HEART), "PlanDefinition")
    assert [a["title"] for a in whole["action"]] == ["scan", "stress test", "ECG", "Gespräch Ü"]
    action = scan["action"][0]
    said = [c["expression"]["expression"] for c in action["condition"]]
    assert said == ["%angina = true and %age < 85", "(%`contrast allergy` = true).not()"]
    rest = action["action"][2]
    assert rest["relatedAction"][0]["offsetRange"]["high"]["value"] == 60.0
    assert rest["relatedAction"][1]["offsetDuration"]["value"] == 30.0
    assert action["action"][1]["timingTiming"] == {"repeat": {"count": 2, "duration": 45.5, "durationUnit": "min"}}
    assert scan["goal"][0]["target"][0]["detailQuantity"] == {"value": 0.75}
    asked = [e["valueString"] for e in scan["extension"] if e["url"] == address("asks")]
    assert asked == ["angina", "age", "contrast allergy"]


def test_nothing_written_is_in_force() -> None:
    assert {r["status"] for r in of_kind(fhir_library(HEART), "PlanDefinition")} == {"draft"}
    assert {r["intent"] for r in of_kind(fhir_library(HEART), "ActivityDefinition")} == {"proposal"}


def test_equal_libraries_give_the_same_file() -> None:
    assert fhir_text(fhir_library(HEART)) == fhir_text(fhir_library(HEART))


def test_a_name_without_a_letter_is_refused() -> None:
    nameless = Library(name="l", modules=(Module(name=" ", parts=(Part(name="a", step="a"),)),))
    with pytest.raises(ModelError, match="no empty words"):
        fhir_library(nameless)


def test_a_limit_without_end_is_refused() -> None:
    endless = Module(name="m", parts=(Part(name="a", step="a"),), within=float("inf"))
    with pytest.raises(ModelError, match="without end"):
        fhir_text(fhir_library(Library(name="l", modules=(endless,))))


names = st.sampled_from(["scan", "Scan", "talk: at home", "ü", "a b", "1"])
amounts = st.dictionaries(st.sampled_from(["knowledge", "calm", "x y"]), st.sampled_from([0.25, 1.0, 80.0]), max_size=2)
conditions = st.sampled_from(
    [None, "%age > 60", "%angina = true or %`home town` = 'Ulm'", "(%age > 3).not()", "%a.exists().not()", "%patient = true"]
)
part = st.builds(
    Part,
    name=names,
    step=names,
    times=st.integers(1, 3),
    when=conditions,
    remote=st.booleans(),
    shared=st.booleans(),
    minutes=st.sampled_from([None, 0.0, 12.5]),
    may_end=st.booleans(),
)
limits = st.sampled_from([(0.0, None), (0.0, 0.0), (0.0, 90.0), (15.0, None), (15.0, 15.0), (15.0, 20.5)])


@st.composite
def modules(draw: Any, name: str, others: list[str]) -> Module:
    parts = tuple(draw(st.lists(part, min_size=1, max_size=4, unique_by=lambda p: p.name)))
    pairs = [(a.name, b.name) for a in parts for b in parts if a is not b]
    lags = []
    for before, after in draw(st.lists(st.sampled_from(pairs), max_size=3)) if pairs else []:
        least, most = draw(limits)
        person = draw(st.sampled_from([None, "doctors"]))
        lags.append(Lag(before=before, after=after, at_least=least, at_most=most, same_day=draw(st.booleans()), same_person=person))
    few = st.lists(st.sampled_from(others), max_size=2, unique=True).map(tuple)
    return Module(
        name=name,
        title=draw(st.sampled_from(["", "A title", name])),
        meets=draw(amounts),
        parts=parts,
        lags=tuple(lags),
        when=draw(conditions),
        unless=draw(conditions),
        takes=draw(few),
        gives=draw(few),
        after=draw(few),
        instead_of=draw(few),
        against=draw(few),
        apart=dict.fromkeys(draw(few), 60.0),
        uses=draw(amounts),
        within=draw(st.sampled_from([None, 5000.0])),
        standard=draw(st.booleans()),
        source=draw(st.sampled_from(["", "a guideline"])),
        seen=draw(st.sampled_from([None, 0, 17])),
    )


@st.composite
def libraries(draw: Any) -> Library:
    called = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    return Library(
        name=draw(names), modules=tuple(draw(modules(n, called)) for n in called), needs={"calm": draw(st.sampled_from(["", "calm"]))}
    )


@settings(max_examples=40)
@given(library=libraries())
def test_any_library_is_valid_fhir_and_the_same_again(library: Library, tmp_path_factory: pytest.TempPathFactory) -> None:
    holds(fhir_library(library))
    assert again(library, tmp_path_factory.mktemp("again")) == library


FACTS = ("age", "angina", "home town", "a", "patient")  # all of them have to be said to fhirpathpy, as nothing where they are not known
people = st.fixed_dictionaries(
    {},
    optional={
        "age": st.sampled_from([2.0, 50.0, 70.0]),
        "angina": st.booleans(),
        "home town": st.sampled_from(["Ulm", "Kiel"]),
        "a": st.booleans(),
        "patient": st.booleans(),
    },
)


@settings(max_examples=60)
@given(facts=people, when=conditions.filter(bool), unless=conditions, inner=conditions)
def test_the_written_conditions_choose_as_sandcone_does(facts: dict[str, Any], when: str, unless: str | None, inner: str | None) -> None:
    evaluate = pytest.importorskip("fhirpathpy").evaluate
    parts = (Part(name="always", step="a"), Part(name="for some", step="b", when=inner))
    library = Library(name="l", modules=(Module(name="m", parts=parts, when=when, unless=unless),))
    action = json.loads(fhir_text(of_kind(fhir_library(library), "PlanDefinition")[1]))["action"][0]
    known = {f: facts.get(f, []) for f in FACTS}

    def answers(of: dict[str, Any]) -> list[bool | None]:
        assert all(c["expression"]["language"] == FHIRPATH for c in of.get("condition", []))
        found = [evaluate({}, c["expression"]["expression"], known) for c in of.get("condition", [])]
        return [f[0] if f else None for f in found]

    path = Composer(library=library).path(Person(name="p", facts=facts))
    called, barred = answers(action)[0], answers(action)[1:]
    assert (path.modules == ("m",)) == (called is True and barred != [False])
    assert any(c.kind == "unknown" for c in path.conflicts) == (called is True and barred == [None])
    if path.modules:
        assert ("for some" in [s.name for s in path.steps]) == (answers(action["action"][1]) != [False])
