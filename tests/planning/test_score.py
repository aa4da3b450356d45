"""The score as a whole: weights, the organisers' own figures, and refusals."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sandcone.core.errors import ProblemError
from sandcone.planning.score import score
from sandcone.reading.inpatients import read_inpatient_plan, read_problem, save_inpatient_plan
from tests.planning.wards import patient, plan, ward

IHTC = Path(__file__).resolve().parents[3] / "shared" / "benchmarks" / "ihtc2024"
needs_ihtc = pytest.mark.skipif(not IHTC.is_dir(), reason="the competition's files do not lie beside the repository")
SAID = {
    "Unscheduled": "left_out",
    "Delay": "delay",
    "OpenOT": "open_theatre",
    "AgeMix": "mixed_ages",
    "Skill": "skill_short",
    "Excess": "overload",
    "Continuity": "nurses_met",
    "SurgeonTransfer": "surgeon_moves",
}


def test_each_cost_is_weighed_by_its_own_weight() -> None:
    here = ward(patient("Ann", release=1), patient("Bo"))
    found = score(here, plan(("Ann", 3, "R1", "T2")))
    assert {line.rule: line.cost for line in found.should if line.cost} == {
        "nurses_met": 5,
        "open_theatre": 11,
        "delay": 34,
        "left_out": 19,
    }
    assert (found.cost, found.violations) == (69, 0)


def test_the_printed_score_says_whether_the_plan_can_be_carried_out() -> None:
    assert "can be carried out" in str(score(ward(patient("Ann")), plan()))
    printed = str(score(ward(patient("Ann", due=1)), plan()))
    assert "cannot be carried out" in printed
    assert re.search(r"must come and does not +1", printed)


@needs_ihtc
@pytest.mark.parametrize("number", range(1, 11))
def test_the_organisers_own_plans_cost_what_they_say(number: int, tmp_path: Path) -> None:
    problem = read_problem(IHTC / "instances" / f"test{number:02d}.json")
    path = IHTC / "solutions" / f"sol_test{number:02d}.json"
    ours, theirs = score(problem, read_inpatient_plan(path, problem)), json.loads(path.read_text())["costs"][0]
    figures = {k: int(v) for k, v in re.findall(r"(\w+): ?(\d+)", theirs)}
    assert figures.pop("Cost") == ours.cost
    costs = {line.rule: line.cost for line in ours.should}
    assert {k: costs[SAID[k]] for k in figures} == figures
    assert ours.violations == 0
    again = save_inpatient_plan(read_inpatient_plan(path, problem), problem, tmp_path / "plan.json")
    assert score(problem, read_inpatient_plan(again, problem)) == ours


@needs_ihtc
def test_every_instance_of_the_competition_can_be_read() -> None:
    found = sorted((IHTC / "instances").glob("*.json"))
    assert len(found) == 40
    assert all(read_problem(f).patients for f in found)


@needs_ihtc
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda s: s["patients"].append(dict(s["patients"][0])), "named twice"),
        (lambda s: s["patients"].append({"id": s["patients"][0]["id"], "admission_day": "none"}), "named twice"),
        (lambda s: s["patients"][0].update(id="nobody"), "no patient is called"),
        (lambda s: s["patients"][0].update(admission_day=21), "day 21"),
        (lambda s: s["patients"][0].update(admission_day=-1), "day -1"),
        (lambda s: s["patients"][0].update(admission_day=2.5), "admission_day"),
        (lambda s: s["patients"][0].update(admission_day=None), "admission_day"),
        (lambda s: s["patients"][0].update(admission_day="None"), "admission_day"),
        (lambda s: s["patients"][0].update(room="r99"), "no room is called"),
        (lambda s: s["patients"][0].update(operating_theater="t99"), "no operating theatre is called"),
        (lambda s: s["patients"][0].pop("room"), "no room or no operating_theater"),
        (lambda s: s["nurses"][0].update(id="n99"), "no nurse is called"),
        (lambda s: s.update(nurses=[{"id": "n00", "assignments": [{"day": 3, "shift": "early", "rooms": ["r0"]}]}]), "not on duty"),
        (lambda s: s["nurses"][1].update(assignments=s["nurses"][0]["assignments"]), "given twice"),
        (lambda s: s["nurses"][0]["assignments"].append({"day": 3, "shift": "noon", "rooms": ["r0"]}), "no shift is called"),
        (lambda s: s["nurses"][0]["assignments"].append({"day": 30, "shift": "early", "rooms": []}), "day 30"),
        (lambda s: s.pop("nurses"), "nurses"),
    ],
)
def test_a_damaged_plan_is_refused_with_the_place(change: object, says: str, tmp_path: Path) -> None:
    problem = read_problem(IHTC / "instances" / "test01.json")
    said = json.loads((IHTC / "solutions" / "sol_test01.json").read_text())
    change(said)  # type: ignore[operator]
    (tmp_path / "plan.json").write_text(json.dumps(said))
    with pytest.raises(ProblemError, match=re.escape(says)):
        read_inpatient_plan(tmp_path / "plan.json", problem)


@needs_ihtc
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda i: i.update(days=0), "days"),
        (lambda i: i["patients"][0].update(surgeon_id="s99"), "no surgeon is called"),
        (lambda i: i["patients"][0].update(age_group="ancient"), "no age group is called"),
        (lambda i: i["patients"][0]["workload_produced"].pop(), "8 numbers for its workload"),
        (lambda i: i["patients"][0].update(surgery_release_day=40), "first day 40"),
        (lambda i: i["patients"][0].update(incompatible_room_ids=["r77"]), "no room is called"),
        (lambda i: i["patients"][1].update(id=i["patients"][0]["id"]), "named twice"),
        (lambda i: i["patients"][0].update(mandatory=True), "no last day"),
        (lambda i: i["occupants"][0].update(room_id="r77"), "no room is called"),
        (lambda i: i["surgeons"][0]["max_surgery_time"].pop(), "20 numbers for its minutes"),
        (lambda i: i["nurses"][0]["working_shifts"][0].update(shift="noon"), "no shift is called"),
        (lambda i: i["weights"].pop("patient_delay"), "patient_delay"),
    ],
)
def test_a_damaged_problem_is_refused_with_the_place(change: object, says: str, tmp_path: Path) -> None:
    said = json.loads((IHTC / "instances" / "test01.json").read_text())
    change(said)  # type: ignore[operator]
    (tmp_path / "problem.json").write_text(json.dumps(said))
    with pytest.raises(ProblemError, match=re.escape(says)):
        read_problem(tmp_path / "problem.json")


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{")
    with pytest.raises(ProblemError, match="JSON"):
        read_problem(tmp_path / "x.json")
    with pytest.raises(ProblemError, match="cannot be read"):
        read_problem(tmp_path / "y.json")
