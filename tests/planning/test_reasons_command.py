"""`sandcone explain`, `fairness`, `weights` and `sweep`: words, JSON, refusals in one line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from sandcone.cli import main
from tests.planning.small_files import PLAN, PROBLEM


class Shell:
    """Runs a command and keeps what it says."""

    def __init__(self, patch: pytest.MonkeyPatch, caught: pytest.CaptureFixture[str]) -> None:
        self.patch, self.caught, self.code = patch, caught, 0

    def __call__(self, *words: object) -> str:
        """What the command says, on both streams."""
        self.patch.setattr(sys, "argv", ["sandcone", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        self.code = int(end.value.code or 0)
        said = self.caught.readouterr()
        return said.out if self.code == 0 else said.err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


def test_a_patient_is_explained(files: tuple[Path, Path], run: Shell) -> None:
    said = run("explain", *files, "--patient", "p0")
    assert said.startswith("p0 comes on day 1, to room r0, theatre t0; may come from day 0 to day 1.\n")
    assert "The cheapest other place, day 0 in room r0, theatre t0, would cost 10 less." in said
    assert json.loads(run("explain", *files, "--patient", "p0", "--json"))["now"] == {"day": 1, "room": "r0", "theatre": "t0"}


def test_without_a_patient_those_left_out_are_explained(files: tuple[Path, Path], run: Shell) -> None:
    expected = "p1: No place while everybody else stays as they are: surgeon s0 has no time left on 1 day.\n"
    assert run("explain", *files) == expected
    files[1].write_text(json.dumps(PLAN).replace('"id": "p0", "admission_day": 1', '"id": "p0", "admission_day": 0'))
    assert run("explain", *files).startswith("p1: The cheapest place, day 1 in room r0, theatre t0, would cost ")
    assert json.loads(run("explain", *files, "--json")).keys() == {"p1"}


def test_without_a_plan_or_with_an_unknown_patient_it_is_refused(files: tuple[Path, Path], run: Shell) -> None:
    assert "no plan was named. Name the plan (JSON) after the problem, or ask for --conflict." in run("explain", files[0])
    assert run.code == 2
    assert "patient 'p9': not in the problem" in run("explain", *files, "--patient", "p9")
    assert run.code == 2


def test_a_plan_made_after_a_change_is_explained_by_the_problem_as_it_then_was(
    files: tuple[Path, Path], run: Shell, tmp_path: Path
) -> None:
    changes = tmp_path / "changes.toml"
    changes.write_text('[[surgeon_away]]\nsurgeon = "s0"\ndays = [0]\n')
    assert "day 0: not possible, surgeon s0 does not operate" in run("explain", *files, "--patient", "p0", "--changes", changes)
    assert run("fairness", *files, "--changes", changes).startswith("Cost 256:")
    assert run("explain", files[0], "--conflict", "--changes", changes) == "There is a plan that can be carried out.\n"
    changes.write_text('[[surgeon_away]]\nsurgeon = "s0"\ndays = [0, 1]\n')
    assert "Surgeon s0 has 0 minutes at most on days 0–1; p0 needs 60." in run("explain", files[0], "--conflict", "--changes", changes)


def test_a_conflict_is_said_and_so_is_that_there_is_none(files: tuple[Path, Path], run: Shell) -> None:
    assert run("explain", files[0], "--conflict") == "There is a plan that can be carried out.\n"
    assert json.loads(run("explain", files[0], "--conflict", "--json")) == {"schema": 1, "possible": True}
    files[0].write_text(json.dumps(PROBLEM).replace('"surgery_duration": 60', '"surgery_duration": 101'))
    assert "Surgeon s0 has 100 minutes at most on days 0–1; p0 needs 101." in run("explain", files[0], "--conflict")
    said = json.loads(run("explain", files[0], "--conflict", "--json"))
    assert (said["possible"], said["minimal"], len(said["demands"])) == (False, True, 3)


def test_fairness_is_said_with_weights_of_ones_own(files: tuple[Path, Path], run: Shell, tmp_path: Path) -> None:
    wishes = tmp_path / "wishes.toml"
    wishes.write_text('[weights]\nleft_out = "3 days of delay"\n')
    assert run("fairness", *files).startswith("Cost 256: 226 falls on 2 people, 30 on nobody (open theatre 30).")
    assert run("fairness", *files, "--weights", wishes).startswith("Cost 86: 56 falls on 2 people")
    assert json.loads(run("fairness", *files, "--json"))["on_nobody"] == {"open_theatre": 30, "surgeon_moves": 0}


def test_the_weights_are_said_as_they_are_and_as_wished_for(files: tuple[Path, Path], run: Shell, tmp_path: Path) -> None:
    assert "patient left out             200             20\n" in run("weights", files[0])
    wishes = tmp_path / "wishes.toml"
    wishes.write_text('delay = "twice the usual"')
    assert "patient left out             200             10\n" in run("weights", files[0], "--weights", wishes)
    wishes.write_text('delay = "a fortnight"')
    assert "wishes.toml, delay: 'a fortnight' is not understood" in run("weights", files[0], "--weights", wishes)
    assert run.code == 2


def test_a_sweep_keeps_the_picture_the_figures_and_the_plans(files: tuple[Path, Path], run: Shell, tmp_path: Path) -> None:
    out = tmp_path / "swept"
    said = run("sweep", files[0], "--stop", "2000 moves", "--seed", 3, "--points", 3, "--cores", 1, "-o", out)
    assert "The picture is" in said
    assert sorted(p.name for p in out.iterdir()) == ["frontier.json", "frontier.svg", "plan1.json", "plan2.json", "plan3.json"]
    assert [p["number"] for p in json.loads((out / "frontier.json").read_text())["points"]] == [1, 2, 3]
    assert "p0 comes on day 0" in run("explain", files[0], out / "plan1.json", "--patient", "p0")


def test_a_stop_that_is_none_is_refused(files: tuple[Path, Path], run: Shell, tmp_path: Path) -> None:
    said = run("sweep", files[0], "--stop", "soon", "--seed", 3, "-o", tmp_path)
    assert "stop: 'soon'. Say a time" in said
    assert run.code == 2
    said = run("sweep", files[0], "--stop", "2%", "--seed", 3, "-o", tmp_path)
    assert "stop: a gap to a bound, which differs from weights to weights" in said
