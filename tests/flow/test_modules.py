import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sandcone
from sandcone.cli import app
from sandcone.core.care import Library, Module, Part
from sandcone.core.care_file import read_library
from sandcone.flow.kinds_of_cases import cases
from sandcone.flow.modularising import modules, modules_or_why
from sandcone.measuring import measure
from sandcone.reading import read
from sandcone.reporting.library import library
from tests.personalising.journeys_made import composed, did, log_of, sequences
from tests.public_logs import LOGS

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT.parent / "shared" / "data"


def test_modules_come_with_the_decoupling_point_and_with_why_there_are_no_modes() -> None:
    _learnt, seen = modules(composed(n=100), seed=1)
    assert seen.measured["decoupling.position"].known
    assert seen.measured.why_missing("mode.cases") is not None
    assert "Operating modes: not known" in str(seen)


def test_measures_at_hand_are_not_made_again() -> None:
    log = composed(n=60)
    measures = measure(log, seed=1, draws=0)
    _learnt, seen = modules(log, seed=1, measures=measures)
    assert seen.measured["decoupling.position"] == measures["decoupling.position"]


def test_a_log_that_shows_no_modules_says_why_and_so_does_the_page() -> None:
    log = sequences("ab", "ba")
    found = modules_or_why(log, seed=1, measures=measure(log, seed=1, draws=0))
    assert isinstance(found, str)
    assert "no step that 5 cases have" in found
    assert "no step that 5 cases have" in library(found)
    assert "without looking" in library(None)


def test_the_page_names_each_module_once_and_escapes_what_the_log_says() -> None:
    _learnt, seen = modules(sequences("a<b", "a<b", "acb", times=9), seed=1)
    html = library(seen)
    assert "&lt;" in html
    assert "<b," not in html
    assert html.count("<tr>") == len(seen.modules) + 1


def test_the_command_writes_a_library_that_can_be_held_against_another_log(tmp_path: Path) -> None:
    rows = ["case,step,start,end"] + [
        f"p{i},{s},2024-01-0{1 + i % 7} 0{8 + k}:00,2024-01-0{1 + i % 7} 0{8 + k}:30"
        for i in range(9)
        for k, s in enumerate(("Ask", "See"))
    ]
    log = tmp_path / "log.csv"
    log.write_text("\n".join(rows), encoding="utf-8")
    done = CliRunner().invoke(app, ["modules", str(log), "-o", str(tmp_path / "library.toml")])
    assert done.exit_code == 0, done.output
    assert "9 cases, 1 different package from 1 module" in done.output
    assert [p.step for p in read_library(tmp_path / "library.toml").modules[0].parts] == ["Ask", "See"]
    again = CliRunner().invoke(app, ["modules", str(log), "--library", str(tmp_path / "library.toml"), "--json"])
    assert again.exit_code == 0, again.output
    assert '"packages": 1' in again.output


@pytest.mark.skipif(not PUBLIC.is_dir(), reason="needs the public logs in ../shared/data")
def test_sepsis_falls_into_arrival_laboratory_and_treatment() -> None:
    file, columns = LOGS["sepsis"]
    learnt, seen = modules(read(PUBLIC / file, columns=ROOT / "examples" / "maps" / f"{columns}.toml"), seed=1)
    together = [{p.step for p in m.parts} for m in learnt.modules]
    assert {"ER Registration", "ER Triage", "ER Sepsis Triage"} in together
    assert {"CRP", "Leucocytes", "LacticAcid"} in together
    assert {"IV Liquid", "IV Antibiotics", "Admission NC"} in together
    assert seen.cases == 1050


SITE = """
segment = ["kind"]
mode = { urgent = { attribute = "kind", values = ["red"] }, severe = { attribute = "kind", values = ["red"] } }
"""


def test_the_command_keeps_one_row_a_case_and_says_what_it_cannot_tell(tmp_path: Path) -> None:
    rows = ["patient,step,start,end,kind"]
    rows += [
        f"{i:02},{s},2024-01-01 0{8 + k}:00,2024-01-01 0{8 + k}:30,{_kind(i)}" for i in range(24) for k, s in enumerate(("Ask", "See"))
    ]
    (tmp_path / "log.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")
    asked = ["modules", str(tmp_path / "log.csv"), "--columns", "case=patient,step=step,start=start,end=end,attributes=kind"]
    done = CliRunner().invoke(app, [*asked, "--site", str(tmp_path / "site.toml"), "--cases", str(tmp_path / "cases.csv")])
    assert done.exit_code == 0, done.output
    with (tmp_path / "cases.csv").open(encoding="utf-8", newline="") as file:
        kept = list(csv.DictReader(file))
    assert [r["case"] for r in kept] == [f"{i:02}" for i in range(24)]
    assert kept[0] == {"case": "00", "segment": "red", "process_type": "", "mode": "EMERGENCY", "modules": "Ask"}
    assert kept[9] == {"case": "09", "segment": "green", "process_type": "standard", "mode": "CURE", "modules": "Ask"}
    assert kept[23]["mode"] == ""
    assert "The process type of 4 of 24 cases is not known: 2 segments have fewer than 20 cases" in done.output
    assert "The operating mode of 1 of 24 cases is not known: nothing is recorded" in done.output


def _kind(i: int) -> str:
    return "red" if i < 3 else "" if i == 23 else "green"


def test_a_name_that_is_no_csv_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["modules", str(tmp_path / "none.csv"), "--cases", str(tmp_path / "cases.xlsx")])
    assert done.exit_code != 0
    assert "ends in .csv" in str(done.exception)


def test_without_a_site_file_the_cases_have_their_modules_alone() -> None:
    log = sequences("ab", "ab", times=5)
    library, seen = sandcone.modules(log, seed=1)
    table, why = cases(log, library, seen)
    assert table["modules"].to_pylist() == ["a"] * 10
    assert table["segment"].null_count == table["process_type"].null_count == table["mode"].null_count == 10
    assert [w.split(" is not known")[0] for w in why] == ["The segment and process type of any case", "The operating mode of any case"]


def test_the_page_says_who_did_each_step_what_goes_on_during_what_and_what_is_not_covered() -> None:
    site = {"needs": [{"attribute": "kind", "values": ["x"], "step": "Talk"}, {"attribute": "kind", "values": ["x"], "step": "Stay"}]}
    rows = [r for i in range(30) for r in (did(f"p{i}", "Stay", 0, 90, "Ann", kind="x"), did(f"p{i}", "Look", 20, 30, kind="x"))]
    unused = Module(name="Never", parts=(Part(name="q", step="q"),))
    library_, _ = modules(log_of(rows, site), seed=1)
    _, seen = modules(log_of(rows, site), Library(name="l", modules=(*library_.modules, unused)), seed=1)
    html = library(seen).replace("\N{NO-BREAK SPACE}", " ")
    assert "Ann 100 %" in html
    assert "Goes on during" in html
    assert "Never (the log knows no step of it)" in html
    assert "Some module is there for 50 % of patients" in html
    assert "Talk (30 journeys)" in html
