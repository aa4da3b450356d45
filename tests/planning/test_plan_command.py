"""`sandcone plan`, `compare` and `replan`: what they say, what is on disk whenever they are stopped, and refusals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import sandcone
from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.flow import best as on_disk
from sandcone.flow import bounding
from sandcone.flow.best import Best
from sandcone.planning.ahead import Answer
from sandcone.planning.score import score
from sandcone.reading import read_inpatient_plan, read_problem, save_inpatient_plan
from tests.planning.small_files import PROBLEM
from tests.planning.wards import patient, plan, ward

Called = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--stop", "400000 moves", "--seed", "3", "--cores", "1")


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    """Two patients: p0 must come by day 1, p1 may wait and is worth 200; leaving p0's theatre day shut is worth 30."""
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(PROBLEM))
    return path


def impossible(problem: Path) -> Path:
    """The same with the surgeon away."""
    problem.write_text(json.dumps(PROBLEM | {"surgeons": [{"id": "s0", "max_surgery_time": [0, 0]}]}))
    return problem


# ── plan ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_best_plan_is_written_and_said_by_rule_beside_first_come_first_served(called: Called, problem: Path, tmp_path: Path) -> None:
    code, said, told = called("plan", problem, *SHORT, "-o", tmp_path / "plan.json")
    assert code == 0
    assert "making the search ready" in told
    assert "cost 92" in told  # each comes on the first day: theatres 2 × 30, overload 2 × 7, nurses met 2 × 5, skill short 2 × 4
    assert said.startswith("A plan for problem: cost 92.")
    given = read_problem(problem)
    found = score(given, read_inpatient_plan(tmp_path / "plan.json", given))
    assert (found.cost, found.violations) == (92, 0)
    assert "first come" in said
    assert "1 core, seed 3" in said
    assert f"The plan is in {tmp_path / 'plan.json'}" in said


def test_the_same_seed_cores_and_moves_give_the_same_file(called: Called, tmp_path: Path) -> None:
    example = ROOT / "examples" / "ward"
    for name in ("one", "two"):
        words = ("--stop", "400000 moves", "--seed", "3", "--cores", "2", "-o", tmp_path / f"{name}.json")
        assert called("plan", example, *words)[0] == 0
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_python_says_what_the_shell_says(problem: Path, tmp_path: Path, called: Called) -> None:
    code, said, _ = called("plan", problem, *SHORT, "-o", tmp_path / "plan.json")
    found = sandcone.plan(problem, stop="400000 moves", seed=3, cores=1)
    assert code == 0
    assert said.splitlines()[:-3] == str(found).splitlines()[:-2]  # but for the time it took, and where the file is
    given = read_problem(problem)
    assert read_inpatient_plan(tmp_path / "plan.json", given).admitted == found.plan.admitted


def test_a_gap_is_to_the_bound_that_was_looked_for_before(
    called: Called, problem: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def bound_of(given: Problem, seconds: float) -> Answer:
        asked.append((given.name, seconds))
        return Answer(bound=80, days={"p0": 0})

    monkeypatch.setattr(bounding, "bound_of", bound_of)
    code, said, told = called("plan", problem, "--stop", "900s", "--stop", "50%", "--seed", "1", "--cores", "1", "-o", tmp_path / "p.json")
    assert code == 0
    assert asked == [("problem", 60.0)]  # a tenth of the time, 60 seconds at most
    assert "no plan can cost less than 80" in told
    assert "% above 80, which no plan can be below" in said
    asked.clear()
    called("plan", problem, *SHORT, "--bound", "7", "-o", tmp_path / "p.json")
    called("plan", problem, *SHORT, "-o", tmp_path / "p.json")
    assert asked == [("problem", 7.0)]


def test_the_bound_is_worked_out_in_a_process_of_its_own_and_there_is_none_where_there_is_no_plan(problem: Path) -> None:
    found = bounding.bound_of(read_problem(problem), 2.0)
    assert found is not None
    assert 0 < found.bound <= 92
    assert bounding.bound_of(read_problem(impossible(problem)), 2.0) is None


def test_a_plan_to_begin_with_is_bettered_or_kept(called: Called, problem: Path, tmp_path: Path) -> None:
    called("plan", problem, *SHORT, "-o", tmp_path / "one.json")
    code, said, _ = called("plan", problem, *SHORT, "--start", tmp_path / "one.json", "-o", tmp_path / "two.json")
    assert code == 0
    assert said.splitlines()[0] == str(sandcone.plan(problem, stop="400000 moves", seed=3, cores=1)).splitlines()[0]


def test_a_page_and_weights_in_words_are_asked_for_by_name(called: Called, problem: Path, tmp_path: Path) -> None:
    wishes = tmp_path / "wishes.toml"
    wishes.write_text("[weights]\nopen_theatre = 31\n")
    words = ("--weights", wishes, "--report", tmp_path / "page", "-o", tmp_path / "plan.json")
    code, said, _ = called("plan", problem, *SHORT, *words)
    assert code == 0
    assert said.startswith("A plan for problem: cost 94.")  # two theatre days at 31
    assert "first come, first served" in (tmp_path / "page" / "plan.html").read_text(encoding="utf-8").lower()


def test_where_no_plan_can_be_carried_out_what_breaks_is_said_and_no_file_is_left(called: Called, problem: Path, tmp_path: Path) -> None:
    code, _, told = called("plan", impossible(problem), *SHORT, "-o", tmp_path / "plan.json")
    assert code == 2
    assert "no plan was found that can be carried out; the nearest breaks: must come and does not (1)" in told
    assert not (tmp_path / "plan.json").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--stop", "soon", "--seed", "1"), "'soon'"),
        (("--stop", "5s"), "seed"),
        (("--seed", "1"), "stop"),
        (("--stop", "5s", "--seed", "1", "--cores", "0"), "cores"),
        (("--stop", "5s", "--seed", "1", "--start", "nowhere.json"), "nowhere.json"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(
    called: Called, problem: Path, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    code, _, told = called("plan", problem, *words, "-o", tmp_path / "plan.json")
    assert code == 2
    assert says in told.splitlines()[-1]


@pytest.mark.parametrize("genders", ["AB", "ABC"])
def test_what_the_search_refuses_leaves_the_file_of_before_as_it_was(called: Called, tmp_path: Path, genders: str) -> None:
    out, problem, moves = tmp_path / "plan.json", tmp_path / "three.json", "1 moves"
    people = [{**PROBLEM["patients"][1], "id": f"p{i}", "gender": g} for i, g in enumerate(genders)]  # type: ignore[index]
    problem.write_text(json.dumps(PROBLEM | {"patients": people, "rooms": [{"id": f"r{i}", "capacity": 1} for i in range(3)]}))
    given = read_problem(problem)
    old = save_inpatient_plan(plan(care={(f"r{i}", s): "n0" for i in range(3) for s in range(4)}), given, tmp_path / "old.json")
    out.write_text("of before")
    seeds, says = (["-1"], "seed -1") if genders == "AB" else (["1"], "3 genders")
    for words in (("plan", problem), ("replan", problem, old)):
        code, _, told = called(*words, "--stop", moves, "--seed", *seeds, "-o", out)
        assert (code, out.read_text()) == (2, "of before")
        assert says in told.splitlines()[-1]


@pytest.mark.parametrize("bound", [-1.0, float("nan")])
def test_seconds_for_a_bound_that_are_none_are_refused_before_anything_is_written(problem: Path, tmp_path: Path, bound: float) -> None:
    with pytest.raises(ProblemError, match="bound"):
        sandcone.plan(problem, stop="1 moves", seed=1, bound=bound, out=tmp_path / "plan.json")
    assert not (tmp_path / "plan.json").exists()


# ── whenever it is stopped ──────────────────────────────────────────────────────────────────────────────────────────


def begun(problem: Path, out: Path) -> subprocess.Popen[str]:
    """A plan being made in a process of its own, without end, its search begun and its first plan on disk."""
    words = ["plan", str(problem), "--stop", "1000000000000 moves", "--seed", "1", "--cores", "1", "-o", str(out)]
    code = "from sandcone.cli import main; main()"
    running = subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert running.stderr is not None
    for line in running.stderr:
        if line.startswith("0 s (0 %)"):
            return running
    raise AssertionError(f"the search did not begin: {running.wait()}")


def can_be_carried_out(problem: Path, out: Path) -> bool:
    given = read_problem(problem)
    return score(given, read_inpatient_plan(out, given)).violations == 0


def test_killed_in_the_middle_it_leaves_a_plan_that_can_be_carried_out(problem: Path, tmp_path: Path) -> None:
    running = begun(problem, tmp_path / "plan.json")
    os.kill(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    running.communicate()
    assert can_be_carried_out(problem, tmp_path / "plan.json")


def test_asked_to_stop_it_gives_the_best_so_far_and_says_so(problem: Path, tmp_path: Path) -> None:
    running = begun(problem, tmp_path / "plan.json")
    running.send_signal(signal.SIGTERM)  # becomes what Ctrl-C is
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "stopped early" in said
    assert can_be_carried_out(problem, tmp_path / "plan.json")


def test_stopped_before_the_search_begins_it_gives_first_come_first_served(problem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(given: Problem, seconds: float) -> Answer:
        raise KeyboardInterrupt

    monkeypatch.setattr(bounding, "bound_of", pressed)
    found = sandcone.plan(problem, stop="5s", seed=1, bound=3)
    assert found.interrupted
    assert found.score == found.rival
    assert "The search was stopped before it began." in str(found)
    with pytest.raises(KeyboardInterrupt):
        sandcone.plan(impossible(problem), stop="5s", seed=1, bound=3)


def test_only_a_better_plan_that_can_be_carried_out_takes_the_place_of_the_one_on_disk(tmp_path: Path) -> None:
    here, out = ward(patient("Ann"), patient("Bea", gender="B")), tmp_path / "plan.json"
    best = Best(here, out)
    best.offer(plan(("Ann", 0, "R1", "T1"), ("Bea", 0, "R1", "T1")))
    assert not out.exists()
    for offered, left in (((3,), 3), ((4,), 3), ((1,), 1)):
        best.offer(plan(("Ann", offered[0], "R1", "T2")))
        assert read_inpatient_plan(out, here).admitted["Ann"].day == left


def test_ctrl_c_while_a_plan_is_written_leaves_the_one_before_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, out = ward(patient("Ann")), tmp_path / "plan.json"
    best, better = Best(here, out), plan(("Ann", 1, "R1", "T2"))
    best.offer(plan(("Ann", 3, "R1", "T2")))

    def pressed(plan: InpatientPlan, problem: Problem, path: Path) -> None:
        path.write_text("half")
        raise KeyboardInterrupt

    with monkeypatch.context() as halfway:
        halfway.setattr(on_disk, "save_inpatient_plan", pressed)
        with pytest.raises(KeyboardInterrupt):
            best.offer(better)
    assert read_inpatient_plan(out, here).admitted["Ann"].day == 3
    assert [p.name for p in tmp_path.iterdir()] == ["plan.json"]
    best.offer(better)
    assert read_inpatient_plan(out, here).admitted["Ann"].day == 1


# ── compare and replan ──────────────────────────────────────────────────────────────────────────────────────────────

CLOSED = '[[theatre_closes]]\ntheatre = "t0"\ndays = [0]\n'


def test_two_plans_are_compared_in_words_and_as_json(called: Called, problem: Path, tmp_path: Path) -> None:
    given = read_problem(problem)
    for name, day in (("old", 0), ("new", 1)):
        care = {("r0", s): "n0" for s in range(4)}
        one = plan(("p0", day, "r0", "t0"), care=care)
        save_inpatient_plan(one, given, tmp_path / f"{name}.json")
    code, said, _ = called("compare", problem, tmp_path / "old.json", tmp_path / "new.json")
    assert code == 0
    assert "new costs 10 more than old" in said
    code, said, _ = called("compare", problem, tmp_path / "old.json", tmp_path / "new.json", "--json")
    found = json.loads(said)
    assert found["plans"] == ["old", "new"]
    assert [(p["patient"], p["what"], p["days"]) for p in found["patients"]] == [("p0", ["later"], 1)]
    code, said, _ = called("compare", problem, tmp_path / "new.json")
    assert code == 0
    assert "than first come" in said


def test_after_a_change_the_new_plan_the_reasons_and_the_score_agree(called: Called, problem: Path, tmp_path: Path) -> None:
    changes, old, new = tmp_path / "changes.toml", tmp_path / "old.json", tmp_path / "new.json"
    changes.write_text(CLOSED)
    given = read_problem(problem)
    save_inpatient_plan(plan(("p0", 0, "r0", "t0"), care={("r0", s): "n0" for s in range(2)}), given, old)
    words = ("--changes", changes, "--price", "day=5,nurse=1")
    code, said, _ = called("replan", problem, old, *SHORT, *words, "-o", new)
    assert code == 0
    assert "p0: day 0 → 1: theatre t0 is closed on day 0" in said
    assert "and 5 for what is disturbed" in said
    code, said, told = called("replan", problem, old, *SHORT, *words, "--json", "-o", new)
    found = json.loads(said)
    assert (found["disturbance"], found["violations"]) == (5, 0)
    assert [(m["patient"], m["because"], m["forced"]) for m in found["moved"]] == [("p0", "theatre t0 is closed on day 0", True)]
    assert f"The plan is in {new}" in told
    _, said, _ = called("check", problem, new, "--changes", changes, "--json")
    assert json.loads(said)["cost"] == found["cost"]
    _, said, _ = called("check", problem, old, "--changes", changes, "--json")
    assert json.loads(said)["violations"] == 60  # minutes in a closed theatre
    _, said, _ = called("compare", problem, old, new, "--changes", changes)
    assert "old cannot be carried out" in said


def test_frozen_days_and_a_price_on_the_command_line_go_before_those_in_the_file(called: Called, problem: Path, tmp_path: Path) -> None:
    changes, old = tmp_path / "changes.toml", tmp_path / "old.json"
    changes.write_text("frozen_until = 0\n[price]\nday = 1\n")
    save_inpatient_plan(plan(("p0", 1, "r0", "t0"), care={("r0", s): "n0" for s in (2, 3)}), read_problem(problem), old)
    words = ("replan", problem, old, *SHORT, "--changes", changes, "-o", tmp_path / "new.json")
    assert "p0: day 1 → 0" in called(*words)[1]  # so that p1 can come too: the cost falls from 256 to 92
    assert "Every patient keeps" in called(*words, "--frozen-until", "1")[1]
    assert "Every patient keeps" in called(*words, "--price", "day=165")[1]
    assert "p0: day 1 → 0" in called(*words, "--price", "day=163")[1]
    assert called(*words, "--price", "beds=11")[0] == 2


def test_comparing_plans_does_not_wait_for_the_compiler(problem: Path, tmp_path: Path) -> None:
    given = read_problem(problem)
    save_inpatient_plan(plan(care={}), given, tmp_path / "a.json")
    words = ["sandcone", "compare", str(problem), str(tmp_path / "a.json")]
    code = f"import sys; sys.argv = {words!r}\nfrom sandcone.cli import main\ntry: main()\nfinally: print('LOADED', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "numba" not in done.stdout.partition("LOADED")[2].split()
