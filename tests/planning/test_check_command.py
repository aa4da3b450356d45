"""`sandcone check`: a score in words and as JSON, and refusals."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from sandcone.cli import main

PERSON = {"gender": "A", "age_group": "adult", "length_of_stay": 1, "workload_produced": [3, 1], "skill_level_required": [2, 0]}
PROBLEM = {
    "days": 2,
    "shift_types": ["early", "night"],
    "age_groups": ["child", "adult"],
    "weights": {
        "room_mixed_age": 1,
        "room_nurse_skill": 4,
        "continuity_of_care": 5,
        "nurse_eccessive_workload": 7,
        "open_operating_theater": 30,
        "surgeon_transfer": 1,
        "patient_delay": 10,
        "unscheduled_optional": 200,
    },
    "occupants": [],
    "patients": [
        {
            "id": "p0",
            **PERSON,
            "mandatory": True,
            "surgery_release_day": 0,
            "surgery_due_day": 1,
            "surgery_duration": 60,
            "surgeon_id": "s0",
        },
        {"id": "p1", **PERSON, "mandatory": False, "surgery_release_day": 1, "surgery_duration": 90, "surgeon_id": "s0"},
    ],
    "surgeons": [{"id": "s0", "max_surgery_time": [100, 100]}],
    "operating_theaters": [{"id": "t0", "availability": [480, 480]}],
    "rooms": [{"id": "r0", "capacity": 2}],
    "nurses": [
        {
            "id": "n0",
            "skill_level": 1,
            "working_shifts": [{"day": d, "shift": s, "max_load": 2} for d in (0, 1) for s in ("early", "night")],
        }
    ],
}
PLAN = {
    "patients": [{"id": "p0", "admission_day": 1, "room": "r0", "operating_theater": "t0"}],
    "nurses": [{"id": "n0", "assignments": [{"day": 1, "shift": "early", "rooms": ["r0"]}, {"day": 1, "shift": "night", "rooms": ["r0"]}]}],
}


def check(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["sandcone", "check", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(json.dumps(PROBLEM))
    plan.write_text(json.dumps(PLAN))
    return problem, plan


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
