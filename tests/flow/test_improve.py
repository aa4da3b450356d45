"""The search for better ways, from a model and a file of levers to a verdict and a folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import sandcone
from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import InputError, MapError, ModelError
from sandcone.core.improved import Improved
from sandcone.core.model_file import read_model, save_model
from sandcone.flow.after_search import After
from sandcone.flow.improve_files import plain, put
from sandcone.flow.tried import Memory
from sandcone.improving.levers.reading import read_levers
from tests.flow.improve_world import LEVERS, clinic, levers_file

Called = Callable[..., tuple[int, str, str]]
BUDGET = "480 runs"
CHILDREN_FIRST = """
[[lever]]
name = "Children first"
use = "queue"
rule = { kind = "by class", attribute = "age", order = ["child"] }
"""


def improved(out: Path | None, folder: Path, *, seed: int = 1, cores: int = 1, budget: str = BUDGET) -> Improved:
    return sandcone.improve(clinic(), levers_file(folder), budget=budget, seed=seed, out=out, cores=cores)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Improved, Path]:
    """The clinic improved once, and its folder."""
    folder = tmp_path_factory.mktemp("clinic")
    return improved(folder / "out", folder), folder / "out"


def answer(found: Improved) -> dict[str, object]:
    """All of it but for how long it took."""
    return {k: v for k, v in plain(found.as_json()).items() if k != "seconds"}


def test_the_set_that_breaks_the_trade_off_is_found_and_named(found: tuple[Improved, Path]) -> None:
    best = found[0].best
    assert best is not None
    assert best.judged.verdict.word == "broken"
    assert {lever for lever, _ in best.tried.levers} == {"One room for both doctors", "Nurses"}
    assert ("Nurses", "two go home") in best.tried.levers
    assert (best.tried.gaps["resource efficiency"].low or 0) > 0
    assert (best.tried.gaps["flow efficiency"].low or 0) > 0
    assert best.tried.gaps["cost"].value == pytest.approx(-2 * 30 * 168)


def test_each_lever_gets_its_share_and_they_add_up_to_what_the_set_does(found: tuple[Improved, Path]) -> None:
    best = found[0].best
    assert best is not None
    of = {(s.lever, s.measure): s.value.value for s in best.shares}
    assert of["Nurses", "cost"] == pytest.approx(-2 * 30 * 168)
    assert of["One room for both doctors", "cost"] == pytest.approx(0.0, abs=1e-6)
    assert of["One room for both doctors", "flow efficiency"] > 10 * abs(of["Nurses", "flow efficiency"])
    assert of["Nurses", "resource efficiency"] > 10 * abs(of["One room for both doctors", "resource efficiency"])


def test_a_set_with_too_much_work_is_left_out_and_says_how_much(found: tuple[Improved, Path]) -> None:
    why = {n.levers: n.why for n in found[0].not_tried}
    assert "work for 'nurses' comes 1.60 times as fast as it can be done" in why[(("Nurses", "four go home"),)]
    assert not any(("Nurses", "four go home") in t.levers for t in found[0].tried)


def test_a_set_that_is_dearer_than_allowed_is_left_out_and_says_by_how_much(found: tuple[Improved, Path]) -> None:
    why = {n.levers: n.why for n in found[0].not_tried}
    assert "dearer than allowed: cost 1.086 times today's" in why[(("Nurses", "one more comes"),)]  # 350 + 30 an hour


def test_the_sets_are_judged_on_luck_that_the_search_did_not_see(found: tuple[Improved, Path]) -> None:
    improved, out = found
    lines = [json.loads(line) for line in (out / "tried.jsonl").read_text(encoding="utf-8").splitlines()[1:]]
    whole = [t for t in improved.tried if t.levers == improved.judged[0].tried.levers]
    assert {line["replication"] for line in lines if line["replication"] < 1_000_000} == set(range(improved.today.runs))
    assert whole[0].values["flow efficiency"].value != improved.judged[0].tried.values["flow efficiency"].value


def test_the_level_of_error_is_parted_among_the_sets_that_are_judged(found: tuple[Improved, Path]) -> None:
    judged = found[0].judged
    assert {j.alpha for j in judged} == {0.05 / len(judged)}
    assert {j.judged.registered.alpha for j in judged} == {0.05 / len(judged)}


def test_the_curves_of_today_and_of_the_best_set_are_drawn(found: tuple[Improved, Path]) -> None:
    old, new = found[0].lines
    assert old.name == "as today"
    at = {times: (u.value, fe.value) for times, u, fe in old.points}
    assert at[0.6][0] < at[1.0][0]
    assert at[0.6][1] > at[1.0][1]
    assert {times: fe.value for times, _, fe in new.points}[1.0] > at[1.0][1]


def test_the_folder_holds_the_page_the_numbers_the_levers_and_the_changed_model(found: tuple[Improved, Path]) -> None:
    improved, out = found
    assert sorted(p.name for p in out.iterdir()) == ["best.json", "improve.html", "improve.json", "levers.toml", "tried.jsonl"]
    assert json.loads((out / "improve.json").read_text(encoding="utf-8"))["sets"] == improved.sets
    best = read_model(out / "best.json")
    assert best.resources["Nurse"].capacity == 3
    assert (out / "levers.toml").read_text(encoding="utf-8") == LEVERS


def test_two_processes_give_the_same_answer_as_one(found: tuple[Improved, Path], tmp_path: Path) -> None:
    assert answer(improved(None, tmp_path, cores=2)) == answer(found[0])


def test_a_search_that_was_killed_goes_on_and_comes_to_the_same_answer(found: tuple[Improved, Path], tmp_path: Path) -> None:
    first, out = found
    (tmp_path / "out").mkdir()
    lines = (out / "tried.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "out" / "tried.jsonl").write_bytes(b"".join(lines[: len(lines) // 2]) + lines[-1][:25])
    assert answer(improved(tmp_path / "out", tmp_path)) == answer(first)
    whole = (tmp_path / "out" / "tried.jsonl").read_bytes().splitlines(keepends=True)
    assert sorted(whole) == sorted(lines)


def test_what_was_tried_with_another_seed_is_not_taken_for_this_one(found: tuple[Improved, Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="another seed"):
        improved(found[1], tmp_path, seed=2)


def test_without_levers_some_are_suggested_and_left_for_a_planner_to_edit(tmp_path: Path) -> None:
    sandcone.improve(clinic(per_hour=1.0), budget="8 runs", seed=1, out=tmp_path, cores=1)
    levers = read_levers(tmp_path / "levers.toml", Arrangement(model=clinic()))
    assert any(lever.use == "pool" for lever in levers.levers)
    (tmp_path / "levers.toml").write_text(LEVERS, encoding="utf-8")
    with pytest.raises(InputError, match="is not what would be suggested"):
        sandcone.improve(clinic(per_hour=1.0), budget="8 runs", seed=1, out=tmp_path, cores=1)


def test_a_hospital_that_cannot_keep_up_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"work for 'doctor of adults' comes 1.05 times as fast"):
        sandcone.improve(clinic(per_hour=5.0), levers_file(tmp_path), budget=BUDGET, seed=1)


@pytest.mark.parametrize("budget", ["", "soon", "0 runs", "10 parsecs", "-5s"])
def test_a_budget_that_is_none_is_refused(tmp_path: Path, budget: str) -> None:
    with pytest.raises(InputError, match="600s"):
        sandcone.improve(clinic(), levers_file(tmp_path), budget=budget, seed=1)


def test_a_lever_that_cannot_be_is_refused_with_its_place(tmp_path: Path) -> None:
    path = levers_file(tmp_path, LEVERS.replace('"doctor of children"', '"doctor of animals"'))
    with pytest.raises((MapError, ModelError), match="doctor of animals"):
        sandcone.improve(clinic(), path, budget=BUDGET, seed=1)


def test_ctrl_c_in_the_search_leaves_what_was_found_judged_briefly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep, kept = Memory.keep, list[object]()

    def stopping(self: Memory, *what: object) -> None:
        keep(self, *what)  # type: ignore[arg-type]
        kept.append(what)
        if len(kept) == 30:
            raise KeyboardInterrupt

    monkeypatch.setattr(Memory, "keep", stopping)
    found = improved(tmp_path / "out", tmp_path)
    assert "stopped" in found.ended
    assert 1 <= len(found.judged) <= 2
    assert found.lines == ()
    assert (tmp_path / "out" / "improve.html").exists()


def test_ctrl_c_after_the_search_leaves_what_was_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(self: After, best: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(After, "_share", stop)
    found = improved(None, tmp_path)
    assert found.judged
    assert "stopped" in found.notes[-1]


def test_the_command_says_what_the_function_finds(
    found: tuple[Improved, Path], tmp_path: Path, called: Callable[..., tuple[int, str, str]]
) -> None:
    save_model(clinic(), tmp_path / "model.json")
    words = ("improve", tmp_path / "model.json", "--levers", levers_file(tmp_path), "--budget", BUDGET, "--seed", 1, "--cores", 1)
    code, out, err = called(*words, "--out", tmp_path / "out", "--json")
    assert code == 0
    said = json.loads(out)
    assert {**said, "seconds": 0} == {**json.loads((found[1] / "improve.json").read_text(encoding="utf-8")), "seconds": 0}
    assert "improve.html" in err


def test_the_command_refuses_with_2(tmp_path: Path, called: Called) -> None:
    save_model(clinic(per_hour=5.0), tmp_path / "model.json")
    words = ("improve", tmp_path / "model.json", "--seed", 1, "--out", tmp_path / "out")
    assert called(*words)[0] == 2
    assert called(*words, "--budget", "soon")[0] == 2
    assert called(*words, "--levers", tmp_path / "none.toml")[0] == 2
    assert not (tmp_path / "out").exists()


def test_what_a_lever_costs_a_week_counts(tmp_path: Path) -> None:
    dear = LEVERS.replace('use = "pool"', 'use = "pool"\nmoney_per_week = 500.0')
    found = sandcone.improve(clinic(), levers_file(tmp_path, dear), budget="12 runs", seed=1, cores=1)
    assert any("cost 1.009 times today's" in n.why for n in found.not_tried)  # 500 on 168 × 350


def test_a_house_whose_plan_is_changed_keeps_the_plan_beside_the_model(tmp_path: Path) -> None:
    text = (
        LEVERS + '\n[[lever]]\nname = "Children first"\nuse = "queue"\nrule = { kind = "by class", attribute = "age", order = ["child"] }\n'
    )
    today = Arrangement(model=clinic())
    levers = read_levers(levers_file(tmp_path, text), today)
    changed = levers.levers[-1].settings[0].change(today)
    found = sandcone.improve(today, levers, budget="8 runs", seed=1, cores=1)
    put(found, changed, today, tmp_path / "put")
    assert {"best.json", "best_plan.json"} <= {p.name for p in (tmp_path / "put").iterdir()}
    put(replace(found, judged=()), None, today, tmp_path / "put")
    assert not {"best.json", "best_plan.json"} & {p.name for p in (tmp_path / "put").iterdir()}
