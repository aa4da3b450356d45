"""Files between Sandcone and other systems, on the command line and from Python."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sandcone
from sandcone.cli import app
from sandcone.core.care import Path as CarePath
from sandcone.core.care import PathStep
from sandcone.core.care_file import read_library, save_library
from sandcone.core.errors import InputError
from sandcone.personalising.paths_file import paths_text
from sandcone.reading.journeys import save_journeys
from tests.booked_clinic import clinic
from tests.fhir_check import holds
from tests.personalising.libraries import library, module


def run(*words: str | Path) -> str:
    """What the command prints."""
    done = CliRunner().invoke(app, ["exchange", *map(str, words)])
    if done.exception is not None:
        raise done.exception
    return done.output


def test_a_library_goes_to_fhir_and_back(tmp_path: Path) -> None:
    mine = library(module("a", "x", "y", standard=True), module("b", when="%age > 3"))
    source = save_library(mine, tmp_path / "mine.toml")
    assert run(source, "-o", tmp_path / "mine.json") == f"A library of 2 modules as FHIR is in {tmp_path / 'mine.json'}\n"
    holds(json.loads((tmp_path / "mine.json").read_text(encoding="utf-8")))
    run(tmp_path / "mine.json", "-o", tmp_path / "again.toml")
    assert read_library(tmp_path / "again.toml") == mine
    assert (tmp_path / "again.toml").read_bytes() == source.read_bytes()


def test_what_a_foreign_plan_says_beyond_a_library_is_printed(tmp_path: Path) -> None:
    (tmp_path / "k.json").write_text('{"resourceType": "PlanDefinition", "title": "K", "action": [{"title": "t", "trigger": []}]}')
    said = run(tmp_path / "k.json", "-o", tmp_path / "k.toml")
    assert said == f"A library of 1 module is in {tmp_path / 'k.toml'}\nLeft out: K: trigger of 't' is not read\n"


def test_a_folder_of_patients_becomes_a_table_of_people(tmp_path: Path) -> None:
    folder = tmp_path / "fhir"
    folder.mkdir()
    for who, born in (("p1", "1950-01-01"), ("p2", "1960-01-01")):
        (folder / f"{who}.json").write_text(json.dumps({"resourceType": "Patient", "id": who, "birthDate": born}))
    run(folder, "-o", tmp_path / "people.csv", "--begin", "2030-01-01", "--complete")
    assert (tmp_path / "people.csv").read_text().splitlines() == ["patient,arrives,age", "p1,0.0,80", "p2,0.0,70"]
    with pytest.raises(InputError, match="no day is said"):
        sandcone.exchange(folder, tmp_path / "people.csv")


def test_paths_become_care_plans_of_all_or_of_one(tmp_path: Path) -> None:
    paths = [CarePath(person=p, modules=("m",), steps=(PathStep(name="s", step="s", modules=("m",)),)) for p in ("a", "b")]
    (tmp_path / "paths.json").write_text(paths_text(paths), encoding="utf-8")
    assert "Care plans of 2 people" in run(tmp_path / "paths.json", "-o", tmp_path / "plans.json")
    holds(json.loads((tmp_path / "plans.json").read_text(encoding="utf-8")))
    sandcone.exchange(tmp_path / "paths.json", tmp_path / "one.json", whose="b")
    assert "Patient/a" not in (tmp_path / "one.json").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="no path of 'c'"):
        sandcone.exchange(tmp_path / "paths.json", tmp_path / "one.json", whose="c")


def test_a_timetable_becomes_fhir_a_calendar_and_a_table(tmp_path: Path) -> None:
    problem, table = clinic()
    source, of = save_journeys(table, tmp_path / "table.json"), save_journeys(problem, tmp_path / "problem.json")
    zone = ("--problem", of, "--zone", "Europe/Berlin")
    run(source, "-o", tmp_path / "t.json", *zone)
    holds(json.loads((tmp_path / "t.json").read_text(encoding="utf-8")))
    assert run(source, "-o", tmp_path / "t.ics", *zone).endswith(
        "Left out: 1 patient without a place; sandcone explain says who, and why\n"
    )
    assert b"DTSTART:20300107T080000Z\r\n" in (tmp_path / "t.ics").read_bytes()
    run(source, "-o", tmp_path / "t.csv", "--problem", of, "--whose", "ann")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8").count("\n") == 3
    with pytest.raises(InputError, match="no time zone"):
        sandcone.exchange(source, tmp_path / "t.ics", problem=of)
    with pytest.raises(InputError, match="problem: none is named"):
        sandcone.exchange(source, tmp_path / "t.ics", zone="UTC")


def test_nothing_is_written_over_what_it_is_made_from(tmp_path: Path) -> None:
    problem, table = clinic()
    source, of = save_journeys(table, tmp_path / "table.json"), save_journeys(problem, tmp_path / "problem.json")
    before = source.read_bytes(), of.read_bytes()
    for out in (source, of, tmp_path / "sub" / ".." / "table.json"):
        with pytest.raises(InputError, match="written over what it is made from"):
            sandcone.exchange(source, out, problem=of, zone="UTC")
    assert (source.read_bytes(), of.read_bytes()) == before


@pytest.mark.parametrize(
    ("name", "text", "out", "found"),
    [
        ("l.toml", "", "l.ics", "a library does not go into .ics"),
        ("p.json", '{"resourceType": "Patient"}', "p.json", "does not go into .json"),
        ("m.json", '{"sandcone": "model"}', "x.json", "a file of model"),
        ("o.json", '{"resourceType": "Observation"}', "x.csv", r"nothing that is read \(Observation\)"),
        ("x.json", "{", "x.csv", "cannot be read"),
        ("deep.json", "[" * 100_000, "x.csv", r"cannot be read \(RecursionError\)"),
        ("p.json", '{"sandcone": "paths", "version": 1, "paths": [], "people": []}', "x.json", "no paths are in it"),
        ("x.txt", "hello", "x.csv", "cannot be read"),
    ],
)
def test_what_cannot_be_turned_is_refused(name: str, text: str, out: str, found: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=found):
        sandcone.exchange(tmp_path / name, tmp_path / out, begin=date(2030, 1, 1))
    assert not (tmp_path / out).exists() or out == name


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for name in ("no.json", "no.toml", "no.gz"):
        with pytest.raises(InputError, match="cannot be read"):
            sandcone.exchange(tmp_path / name, tmp_path / ("o.json" if name.endswith("toml") else "o.toml"))
