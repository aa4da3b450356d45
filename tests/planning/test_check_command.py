"""`sandcone check`: a score in words and as JSON, and refusals."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from sandcone.cli import main
from tests.planning.small_files import PLAN


def check(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["sandcone", "check", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def test_the_score_is_said_in_words(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(monkeypatch, *files) == 0
    assert "can be carried out.\nCost 256:" in capsys.readouterr().out  # 200 left out, 30 theatre, 10 delay, 7 load, 5 nurse, 4 skill


def test_the_score_as_json_says_where(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(monkeypatch, *files, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["cost"], said["violations"]) == (256, 0)
    overload = next(r for r in said["rules"] if r["rule"] == "overload")
    assert overload["broken"] == [{"where": "nurse n0, day 1 early", "by": 1}]


def test_a_plan_for_another_problem_is_refused_in_one_line(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files[1].write_text(json.dumps(PLAN).replace('"p0"', '"p7"'))
    assert check(monkeypatch, *files) == 2
    said = capsys.readouterr().err
    assert "no patient is called 'p7'" in said
    assert "Traceback" not in said


def test_a_patient_who_comes_and_is_left_out_is_refused(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files[1].write_text(json.dumps({**PLAN, "patients": [*PLAN["patients"], {"id": "p0", "admission_day": "none"}]}))  # type: ignore[misc]
    assert check(monkeypatch, *files) == 2
    assert "admission 'p0': named twice" in capsys.readouterr().err
