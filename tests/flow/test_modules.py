from pathlib import Path

import pytest
from typer.testing import CliRunner

from sandcone.cli import app
from sandcone.core.care_file import read_library
from sandcone.flow.modules import modules, modules_or_why
from sandcone.measuring import measure
from sandcone.reading import read
from sandcone.reporting.library import library
from tests.personalising.journeys_made import composed, sequences
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
