"""A plan as a folder: the page with its reasons and rival, the plan, its tables and its score."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandcone.core.errors import InputError
from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.flow import check
from sandcone.flow.plan_page import plan_report, save_plan_page
from sandcone.planning import score
from sandcone.planning.first_come import first_come
from sandcone.reading import read_inpatient_plan, read_problem
from tests.planning.wards import patient, plan, ward
from tests.reporting.reader import taken_apart

ROOT = Path(__file__).resolve().parents[2]


def given() -> tuple[Problem, InpatientPlan]:
    return ward(patient("Ann", minutes=70), patient("Bo", gender="B"), patient("Cy", minutes=900)), plan(("Ann", 1, "R1", "T2"))


def test_a_folder_has_the_page_the_plan_its_tables_and_its_score(tmp_path: Path) -> None:
    problem, made = given()
    page = plan_report(problem, made, tmp_path / "out", made="Planned by hand.")
    assert page == tmp_path / "out" / "plan.html"
    assert sorted(p.name for p in page.parent.iterdir()) == ["admissions.csv", "care.csv", "plan.html", "plan.json", "score.json"]
    for again in (page.parent / "plan.json", page.parent):
        assert score(problem, read_inpatient_plan(again, problem)) == score(problem, made)
    assert json.loads((page.parent / "score.json").read_text())["cost"] == score(problem, made).cost


def test_the_page_says_why_somebody_is_left_out_and_what_first_come_first_served_costs(tmp_path: Path) -> None:
    read = taken_apart(save_plan_page(*given(), tmp_path / "plan.html", made="Planned by hand.").read_text(encoding="utf-8"))
    assert "No place while everybody else stays as they are" in read.sections["left-out"]  # Cy, for whom no day is long enough
    assert "would cost" in read.sections["left-out"]  # Bo, who has a place
    assert "first come, first served" in read.sections["costs"]
    assert "Everybody, 3 people" in read.sections["fairness"]
    assert "Planned by hand." in read.sections["made"]


def test_a_folder_that_takes_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        plan_report(*given(), tmp_path / "file")


def test_the_example_ward_can_be_planned_written_changed_and_scored_as_tables(tmp_path: Path) -> None:
    problem = read_problem(ROOT / "examples" / "ward")
    made = first_come(problem)
    folder = plan_report(problem, made, tmp_path).parent
    assert check(ROOT / "examples" / "ward", folder).cost == score(problem, made).cost
    text = (folder / "admissions.csv").read_text(encoding="utf-8")
    last = [line for line in text.splitlines() if ",2026-03-" in line][-1]
    (folder / "admissions.csv").write_text(text.replace(last, last.split(",")[0] + ",,,,"), encoding="utf-8")
    changed = check(ROOT / "examples" / "ward", folder)
    assert changed.line("left_out").by + changed.line("must_come_and_does_not").by == len(problem.patients) - len(made.admissions) + 1
