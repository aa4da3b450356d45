"""The verb personalise: people, modules and a hospital in, a hospital with everybody on their own path out."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import sandcone
from sandcone.cli import main
from sandcone.core.care import Person
from sandcone.core.care_file import save_library
from sandcone.core.errors import ModelError, SandconeError
from sandcone.core.model_file import read_model, save_model
from sandcone.flow.personal import page_of, personalise, save_personal
from sandcone.personalising.paths_file import read_paths
from sandcone.reading.people import read_people
from sandcone.reading.people_file import save_people
from sandcone.scenarios import nh_hospital, nh_library, nh_people
from tests.personalising.libraries import library, module
from tests.personalising.test_ways import clinic

CARE = library(
    module("talk", "Talk", when="%afraid = true", meets={"calm": 1.0}),
    module("operation", "Operation", standard=True, after=("talk",)),
)
TABLE = "patient,arrives,afraid,sex,need: calm\nZq7731,60,yes,f,1\nYq7731,30,no,m,\nXq7731,2024-01-01 02:00,,f,1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A hospital, a library and a table of three people."""
    save_model(clinic(), tmp_path / "model.json")
    save_library(CARE, tmp_path / "library.toml")
    (tmp_path / "people.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def command(monkeypatch: pytest.MonkeyPatch, folder: Path, *more: str) -> int:
    monkeypatch.chdir(folder)
    words = ["sandcone", "personalise", "model.json", "people.csv", "--library", "library.toml", "-o", "personal.json", *more]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def test_people_from_a_table_get_their_paths_and_the_hospital_can_be_simulated(folder: Path) -> None:
    found = sandcone.personalise(folder / "model.json", folder / "people.csv", library=folder / "library.toml")
    assert [p.modules for p in found.paths] == [("operation",), ("talk", "operation"), ("operation",)]
    log = sandcone.simulate(found.model, seed=1).logs[0]
    steps = log.table.order_by(["case", "start"]).to_pyarrow().to_pydict()
    assert [*zip(steps["case"], steps["step"], strict=True)] == [
        ("Xq7731", "Operation"),
        ("Yq7731", "Operation"),
        ("Zq7731", "Talk"),
        ("Zq7731", "Operation"),
    ]


def test_what_patients_alike_had_in_a_log_stands_in_where_something_is_not_known(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 30 women in the log 20 talked: so does the one of whom it is not known whether she is afraid."""
    rows = [
        f"{i},{name},2024-01-{i + 1:02} 0{8 + k}:00,f" for i in range(30) for k, name in enumerate(["Operation", "Talk"][: 1 + (i < 20)])
    ]
    (folder / "log.csv").write_text("\n".join(["case,step,end,sex", *rows]) + "\n", encoding="utf-8")
    columns = "case=case,step=step,end=end,attributes=sex"
    assert command(monkeypatch, folder, "--log", "log.csv", "--columns", columns, "--like", "sex", "--paths", "paths.json") == 0
    last = read_paths(folder / "paths.json")[-1]
    assert (last.modules, last.basis) == (("talk", "operation"), "segment")
    assert "67% of 30 patients like this one had it" in last.reasons[0].why


def test_the_command_writes_the_hospital_the_paths_and_the_page_and_says_what_came_of_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(monkeypatch, folder, "--paths", "paths.json", "--page", "page.html", "--keep", "emergencies", "--groups", "sex") == 0
    said = capsys.readouterr().out
    assert "3 people, 2 different packages from 2 modules (1.0 for each)" in said
    assert "1 path rests in part on the standard, for want of data" in said
    model, paths = read_model(folder / "personal.json"), read_paths(folder / "paths.json")
    assert [a.name for a in model.arrivals] == ["personal paths", "emergencies"]
    assert [p.person[:1] for p in paths] == ["Y", "Z", "X"]
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert "7731" not in page + said and not re.search("https?://", page.replace("http://www.w3.org", ""))


def test_the_summary_can_be_had_as_json(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(monkeypatch, folder, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["people"], said["packages"], said["used"]) == (3, 2, {"talk": 1, "operation": 3})


def test_an_overrule_is_followed_and_its_reason_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[[overrule]]\npatient = "Yq7731"\nmodule = "talk"\nchosen = true\nwhy = "the family asked"\n'
    (folder / "overrules.toml").write_text(text, encoding="utf-8")
    assert command(monkeypatch, folder, "--overrules", "overrules.toml", "--paths", "paths.json") == 0
    path = read_paths(folder / "paths.json")[0]
    assert path.modules == ("talk", "operation") and path.reasons[0].why == "the family asked"


def test_what_is_usual_for_patients_like_them_stands_in_where_something_is_not_known(folder: Path) -> None:
    many = [Person(name=f"P{i}", facts={"afraid": i < 25, "sex": "f"}) for i in range(30)] + [Person(name="x", facts={"sex": "f"})]
    found = personalise(clinic(), many, library=CARE, like=("sex",))
    assert (found.paths[-1].modules, found.paths[-1].basis) == (("talk", "operation"), "segment")
    assert found.summary.basis == {"person": 30, "segment": 1}


@pytest.mark.parametrize(
    ("file", "text", "more", "found"),
    [
        ("library.toml", '[modules.x]\nparts = ["Dance"]\n', (), "module 'x': 'Dance' is no step of 'clinic'"),
        ("library.toml", '[modules.x]\nwhen = "%a >"\nparts = ["Talk"]\n', (), "library.toml, module 'x', when"),
        ("people.csv", TABLE + "Zq7731,5,,,\n", (), "row 5: the same name stands in row 2"),
        ("people.csv", TABLE.replace("2024-01-01 02:00", "soon"), (), "row 4, arrives: what stands there is no time"),
        ("people.csv", TABLE.replace("yes", "2").replace("no,", "3,"), (), "a number and a yes or no are compared"),
        ("model.json", "{}", (), "this is not a model file"),
        ("overrules.toml", '[[overrule]]\npatient = "Zq7731"\n', ("--overrules", "overrules.toml"), "overrule 1"),
        ("x", "", ("--keep", "visitors"), "no stream of patients is called 'visitors'"),
        ("x", "", ("--like", "hair,sex"), "nobody has a fact 'hair'"),
        ("x", "", ("--groups", "hair"), "nobody has a fact 'hair'"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place_and_nothing_is_written(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    file: str,
    text: str,
    more: tuple[str, ...],
    found: str,
) -> None:
    (folder / file).write_text(text, encoding="utf-8")
    there = sorted(p.name for p in folder.iterdir())
    assert command(monkeypatch, folder, "--paths", "paths.json", "--page", "page.html", *more) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert found in last and "7731" not in last
    assert sorted(p.name for p in folder.iterdir()) == there


def test_where_one_file_cannot_be_written_none_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "page.html").mkdir()
    (folder / "page.html" / "full").touch()
    assert command(monkeypatch, folder, "--paths", "paths.json", "--page", "page.html") == 2
    assert not (folder / "personal.json").exists() and not (folder / "paths.json").exists()


def test_a_folder_in_the_place_of_the_hospital_leaves_neither_paths_nor_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "personal.json").mkdir()
    assert command(monkeypatch, folder, "--paths", "paths.json", "--page", "page.html") == 2
    assert not (folder / "paths.json").exists() and not (folder / "page.html").exists()


def test_two_files_of_one_name_are_refused_and_none_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(monkeypatch, folder, "--paths", "paths.json", "--page", "./paths.json") == 2
    assert "two of the files are to have this name" in capsys.readouterr().err
    assert not (folder / "paths.json").exists() and not (folder / "personal.json").exists()


def test_text_from_a_library_is_escaped_on_the_page() -> None:
    evil = library(module("<script>alert(1)</script>", "Talk", standard=True))
    page = page_of(personalise(clinic(), [Person(name="Zq7731")], library=evil), made="<b>")
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert" in page and "7731" not in page


def test_every_elective_patient_of_a_month_of_the_hospital_gets_a_path_from_the_library(tmp_path: Path) -> None:
    hospital = nh_hospital("ward", personal=True)
    people = nh_people(hospital, days=40, seed=2).known
    found = personalise(hospital, people, library=nh_library(), keep=("emergencies",), like=("age", "procedure"))
    assert found.summary.without == 0 and len(found.paths) == len(people)
    assert found.summary.packages > len(found.summary.used) > 25
    assert not {c.kind for p in found.paths for c in p.conflicts} & {"order", "circular", "too far", "too close", "missing", "contradict"}
    save_personal(found, tmp_path / "personal.json")
    log = sandcone.simulate(read_model(tmp_path / "personal.json"), seed=1, days=60).logs[0]
    assert {p.name for p in people if p.minute < 86_000} <= set(log.table.case.to_pyarrow().to_pylist())


def test_people_come_back_from_their_file_as_they_were(tmp_path: Path) -> None:
    hospital = nh_hospital("ward", personal=True)
    people = nh_people(hospital, days=12, seed=2).known
    again = read_people(save_people(people, tmp_path / "people.csv"), hospital.begin)
    assert [p.needs for p in again] == [p.needs for p in people] and [p.wishes for p in again] == [p.wishes for p in people]
    assert [replace(p, facts={}) for p in again] == [replace(p, facts={}) for p in people]
    one, other = (personalise(hospital, them, library=nh_library()) for them in (people, again))
    assert one.paths == other.paths


def test_refusals_are_of_the_family_of_sandcone() -> None:
    with pytest.raises(SandconeError):
        personalise(clinic(), [], library=CARE)
    with pytest.raises(ModelError, match="nobody has a single step"):
        personalise(clinic(), [Person(name="x")], library=library(module("talk", "Talk", when="%a = true")))
