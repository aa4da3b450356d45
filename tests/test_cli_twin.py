"""The commands about the twin: model, simulate, validate, warmup."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

import sandcone
from sandcone.core.arrivals import Rate
from sandcone.core.law import Exponential, Minutes
from sandcone.core.model import Model, Need, Pool, Resource, Step
from sandcone.core.plan import Plan, ShortestFirst
from sandcone.core.route import Do, Route

Called = Callable[..., tuple[int, str, str]]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Two patients an hour at one doctor, 15 minutes each."""
    visit = Step(minutes=Minutes(otherwise=Exponential(mean=15)), needs=(Need(pools=("doctors",)),))
    clinic = Model(
        name="clinic",
        begin=date(2024, 1, 1),
        steps={"Visit": visit},
        route=Route(first="v", nodes={"v": Do(step="Visit")}),
        arrivals=(Rate(per_hour=(2.0,)),),
        resources={"Dr A": Resource()},
        pools={"doctors": Pool(members=("Dr A",))},
    )
    return sandcone.save_model(clinic, tmp_path / "clinic.json")


def test_a_simulated_log_is_measured_like_any_other(called: Called, model: Path, tmp_path: Path) -> None:
    code, said, _ = called("simulate", model, "--days", "5", "--replications", "2", "--seed", "3", "-o", tmp_path / "runs")
    assert code == 0
    assert "2 runs of 'clinic'" in said
    assert sorted(p.name for p in (tmp_path / "runs").iterdir()) == ["run1.parquet", "run2.parquet"]
    code, said, _ = called("measure", tmp_path / "runs" / "run1.parquet", "--json", "--draws", "0")
    assert code == 0
    assert json.loads(said)["measures"]["resource_efficiency.overall"]["value"] == pytest.approx(0.5, abs=0.15)


def test_both_engines_and_a_plan_are_asked_for_by_name(called: Called, model: Path, tmp_path: Path) -> None:
    plan = sandcone.save_model(Plan(name="short first", queue=ShortestFirst()), tmp_path / "plan.json")
    for engine in ("fast", "plain"):
        words = ("simulate", model, "--arrivals", "30", "--seed", "3", "--plan", plan, "--engine", engine, "-o", tmp_path / engine)
        code, said, _ = called(*words)
        assert code == 0
        assert "plan 'short first'" in said


def test_a_model_is_learnt_and_held_against_a_log(called: Called, model: Path, tmp_path: Path) -> None:
    called("simulate", model, "--days", "20", "--seed", "3", "-o", tmp_path / "runs")
    log = tmp_path / "runs" / "run1.parquet"
    code, said, _ = called("model", log, "-o", tmp_path / "learnt.json")
    assert code == 0
    assert "The model is in" in said
    assert set(sandcone.read_model(tmp_path / "learnt.json").steps) == {"Visit"}
    code, said, _ = called("validate", model, log, "--runs", "3", "--json")
    assert code == 0
    assert json.loads(said)["runs"] == 3
    code, said, _ = called("validate", tmp_path / "learnt.json", log, "--runs", "3")
    assert code == 0
    assert "flatters it" in said  # it was learnt from the whole log


def test_runs_are_added_until_the_mean_is_known_narrowly_enough(called: Called, model: Path, tmp_path: Path) -> None:
    code, said, told = called("simulate", model, "--days", "30", "--within", "0.05", "--seed", "3", "-o", tmp_path / "runs")
    assert code == 0
    runs = len(list((tmp_path / "runs").iterdir()))
    assert runs > 5
    assert f"{runs} runs should do" in told
    low, high = map(float, re.search(r"h \(([\d.]+) to ([\d.]+), n=", said).groups())  # type: ignore[union-attr]
    assert low < 0.5 < high  # M/M/1 at half load: 15 / (1 - 0.5) minutes
    assert (high - low) / (high + low) < 0.055


def test_a_seed_is_asked_for_and_an_end(called: Called, model: Path, tmp_path: Path) -> None:
    code, _, said = called("simulate", model, "--days", "5", "-o", tmp_path / "runs")
    assert code == 2
    assert "--seed" in said
    code, _, said = called("simulate", model, "--seed", "1", "-o", tmp_path / "runs")
    assert code == 2
    assert "never ends" in said


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('"capacity": 1', '"capacity": 0', "capacity 0"),
        ('"step": "Visit"', '"step": "Vizit"', "'Vizit' is not there"),
        ('"mean": 15.0', '"mean": -15.0', "-15.0"),
        ('"members": [\n    "Dr A"\n   ]', '"members": []', "no members"),
        ('"version": 1', '"version": 99', "version 99"),
        ("{", "", "cannot be read"),
        ('"units"', '"unit"', "unit"),
    ],
)
def test_a_model_that_cannot_be_is_refused_in_one_line(called: Called, model: Path, was: str, becomes: str, says: str) -> None:
    text = model.read_text()
    assert was in text
    model.write_text(text.replace(was, becomes, 1))
    code, out, said = called("simulate", model, "--days", "1", "--seed", "1", "-o", model.parent / "runs")
    assert (code, out) == (2, "")
    assert says in said
    assert len(said.splitlines()) == 1
    assert not (model.parent / "runs").exists()


@pytest.mark.parametrize("warm_up", ["soon", "-1"])
def test_a_warm_up_that_cannot_be_is_refused(called: Called, model: Path, warm_up: str) -> None:
    code, _, said = called("simulate", model, "--days", "1", "--seed", "1", f"--warm-up={warm_up}", "-o", model.parent / "runs")
    assert code == 2
    assert "warm" in said


def test_the_days_go_on_from_the_house_as_it_stood(called: Called, model: Path, tmp_path: Path) -> None:
    called("simulate", model, "--days", "20", "--seed", "3", "-o", tmp_path / "runs")
    log = tmp_path / "runs" / "run1.parquet"
    words = ("simulate", model, "--from", log, "--seed", "3", "--days", "2", "-o", tmp_path / "on")
    code, said, _ = called(*words, "--at", "2024-01-15 09:30", "--within", "0.5")
    assert code == 0
    assert "The house as it stood on 2024-01-15 at 09:30:" in said
    first, last = span(sandcone.read(tmp_path / "on" / "run1.parquet"))
    assert first.isoformat() < "2024-01-15T09:40"
    assert "2024-01-17T08:00" < last.isoformat() < "2024-01-17T09:30"
    code, said, _ = called(*words)
    assert code == 0
    assert "The house as it stood on 2024-01-20 at 23:" in said


def span(log: sandcone.EventLog) -> tuple[datetime, datetime]:
    """When the first step was needed and when the last thing happened."""
    rows = log.table.to_pyarrow().to_pylist()
    return min(r["ready"] for r in rows), max(r["end"] for r in rows if r["end"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--at", "2024-01-15"), "--from LOG"),
        (("--from", "LOG", "--at", "monday"), "'monday' is not a moment"),
        (("--from", "LOG", "--at", "2024-01-15T09:00+01:00"), "names a zone"),
        (("--from", "LOG", "--at", "2031-01-01 08:00"), "is not within the log, which runs from 2024-01-01"),
        (("--from", "LOG", "--warm-up", "auto"), "needs no days to fill up"),
        (("--from", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_a_house_that_cannot_be_found_is_refused_in_one_line(
    called: Called, model: Path, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    called("simulate", model, "--days", "3", "--seed", "3", "-o", tmp_path / "runs")
    log = str(tmp_path / "runs" / "run1.parquet")
    asked = [log if w == "LOG" else w for w in words]
    code, out, said = called("simulate", model, *asked, "--days", "2", "--seed", "3", "-o", tmp_path / "on")
    assert (code, out) == (2, "")
    assert says in said
    assert len([line for line in said.splitlines() if line.startswith("sandcone:")]) == 1


def test_a_model_is_held_against_a_log_from_the_house_as_it_stood(called: Called, model: Path, tmp_path: Path) -> None:
    called("simulate", model, "--days", "20", "--seed", "3", "-o", tmp_path / "runs")
    code, said, _ = called("validate", model, tmp_path / "runs" / "run1.parquet", "--runs", "3", "--standing")
    assert code == 0
    assert "The house as it stood on 2024-01-1" in said


def test_warming_up_says_when_it_is_done(called: Called) -> None:
    code, said, _ = called("warmup")
    assert (code, said) == (0, "The fast engine is ready.\n")
