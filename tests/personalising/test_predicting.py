"""What is asked of a log, what is said of each, on what it rests, and that it holds where the law is known."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from sandcone.cli import app
from sandcone.core.care import Person
from sandcone.core.errors import EmptyError, InputError, ModelError
from sandcone.core.log import EventLog
from sandcone.flow.predicting import predict, save_predictions
from sandcone.personalising.coding import coder
from sandcone.personalising.following import covered, follow
from sandcone.personalising.history import Questions, questions, questions_of
from sandcone.personalising.predicting import learnt
from tests.measuring.worlds import log_of, step

ANN_AND_BO = [
    step("Ann", "talk", 1.0, 1.5, age="80"),
    step("Ann", "scan", 3.0, 3.25, age="80"),
    step("Ann", "leave", 4.0, 4.0, age="80"),
    step("Bo", "talk", 2.0, 2.75, age="20"),
]
ENDS = {"name": "clinic", "end_steps": ["leave"]}


def asked(n: int, seed: int = 1, *, segments: bool = False, long: float = 1.0) -> Questions:
    """One question a case: minutes exponential with mean 10 by "x", ten times as long where it is large; every hour one begins."""
    luck = np.random.default_rng(seed)
    large = luck.random(n) < 0.5
    answer = luck.exponential(size=n) * np.where(large & segments, 100.0, 10.0) * long
    begin = np.arange(n) * 60.0
    case = np.array([f"c{seed}-{i}" for i in range(n)], dtype=object)
    size = np.array(["large" if x else "small" for x in large], dtype=object)
    known = {"size": size, "noise": np.array(luck.random(n).tolist(), dtype=object)}
    return Questions(what="throughput", case=case, begin=begin, moment=begin, answer=answer, whole=answer, least=answer, known=known)


# ── what is asked ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_case_that_is_not_over_is_kept_as_open() -> None:
    found = questions(log_of(ANN_AND_BO, site=ENDS), "throughput")
    assert found.case.tolist() == ["Ann", "Bo"]
    assert found.answer[0] == 180.0
    assert math.isnan(found.answer[1])
    assert found.least.tolist() == [180.0, 120.0]
    assert found.told[1] == math.inf
    assert found.known["age"].tolist() == ["80", "20"]


def test_in_hindsight_all_that_was_asked_of_those_who_began_before_is_learnt_from() -> None:
    """After the date those who are slow are asked again, each 40 hours before the end: without these questions 10 would be usual."""
    n = 200
    some = replace(asked(2 * n), what="remaining")
    begin, late = np.tile(np.arange(n) * 60.0, 2), np.repeat([False, True], n)
    answer = np.where(late, 2400.0, 10.0)
    moment = begin + np.where(late, 1e6, 0.0)
    case = np.tile(np.array([f"c{i}" for i in range(n)], dtype=object), 2)
    which = np.array(["late" if x else "early" for x in late], dtype=object)
    some = replace(some, case=case, begin=begin, moment=moment, answer=answer, whole=moment - begin + answer, known={"asked": which})
    said = learnt(some, ["asked"], until=5e5, hindsight=True, of="segment").of(some)
    assert said.value[[0, -1]] == pytest.approx([10.0, 2400.0])
    assert learnt(some, ["asked"], until=5e5, of="segment").of(some).value[-1] == pytest.approx(10.0)


def test_what_remains_is_asked_after_each_step_but_the_last_with_the_path_so_far() -> None:
    found = questions(log_of(ANN_AND_BO, site=ENDS), "remaining")
    assert found.known["last step"].tolist() == ["talk", "scan", "talk"]
    assert found.answer[:2].tolist() == [150.0, 45.0]
    assert found.known["minutes so far"].tolist() == [30.0, 135.0, 45.0]
    assert found.known["times talk"].tolist() == [1.0, 1.0, 1.0]
    assert found.known["times scan"].tolist() == [0.0, 1.0, 0.0]
    assert found.share.tolist() == [0.5, 0.5, 1.0]


def test_how_long_a_step_takes_is_asked_of_that_step() -> None:
    found = questions(log_of(ANN_AND_BO), "step", ["talk"])
    assert found.answer.tolist() == [30.0, 45.0]
    assert found.known["minutes so far"].tolist() == [0.0, 0.0]
    with pytest.raises(EmptyError, match="nothing in it to learn step from"):
        questions(log_of([step("Ann", "talk", None, 1)]), "step")
    with pytest.raises(ModelError, match="Say one of throughput"):
        questions(log_of(ANN_AND_BO), "weather")  # type: ignore[arg-type]


def test_words_and_numbers_are_told_apart_and_what_never_varies_is_left_out() -> None:
    known = {"age": ["80", "20"], "ward": ["a", "b"], "same": ["x", "x"], "some": [None, "x"]}
    made = coder({k: np.array(v, dtype=object) for k, v in known.items()})
    assert dict(made.words) == {"age": None, "ward": ("a", "b"), "some": ("x",)}
    row = made.matrix({"ward": np.array(["never seen"], dtype=object), "age": np.array(["31"], dtype=object)}, 1)
    assert row[0, 0] == 31.0 and np.isnan(row[0, 1:]).all()


# ── what is said, and that it holds ─────────────────────────────────────────────────────────────────────────────────


def test_intervals_hold_as_often_as_they_say_and_in_each_segment() -> None:
    """Mean over 12 logs of 900 cases; one standard error is about 0.6 points."""
    inside: dict[str, list[float]] = {"small": [], "large": []}
    for seed in range(12):
        said = learnt(asked(900, seed, segments=True), ["size"], seed=seed, of="segment")
        later = asked(3000, seed + 100, segments=True)
        for name, shares in inside.items():
            some = later.only(later.known["size"] == name)
            shares.append(covered(said.of(some), some)[0])
    assert [float(np.mean(x)) for x in inside.values()] == pytest.approx([0.9, 0.9], abs=0.025)


def test_what_is_known_of_a_person_is_used_where_it_tells_more_than_the_segment() -> None:
    said = learnt(asked(900, 3, segments=True))
    people = said.of_people([Person(name="p", facts={"size": "large"}), Person(name="q", facts={"size": "small"})])
    assert people.basis == ("person", "person")
    assert people.value[0] > 4 * people.value[1] > 0
    assert (people.low <= people.value).all() and (people.value <= people.high).all()
    later = asked(3000, 4, segments=True)
    assert covered(said.of(later), later)[0] == pytest.approx(0.9, abs=0.04)


def test_where_nothing_tells_or_people_are_few_what_is_usual_is_said() -> None:
    later = asked(5, 9)
    assert set(learnt(asked(100, 3, segments=True), ["size"]).of(later).basis) == {"everybody"}
    assert set(learnt(asked(140, 3, segments=True), ["size"]).of(later).basis) == {"segment"}
    assert "Only" in learnt(asked(100, 3)).notes[0]
    with pytest.raises(EmptyError, match="3 finished cases"):
        learnt(asked(3))


def test_what_is_always_the_same_is_known_to_the_minute() -> None:
    same = asked(240)
    same = replace(same, answer=np.full(240, 45.0), whole=np.full(240, 45.0))
    for of in ("best", "segment", "person"):
        said = learnt(same, of=of).of(same)
        assert said.low == pytest.approx(np.full(240, 45.0))
        assert said.high == pytest.approx(np.full(240, 45.0))


def test_no_limit_goes_beyond_twice_the_longest_that_was_learnt_from() -> None:
    some = asked(300)
    said = learnt(some, of="segment")
    assert said.answered(some, np.full(300, 50.0)).high == pytest.approx(np.full(300, 2 * some.answer.max()))


def test_a_number_that_the_log_has_can_be_the_guess() -> None:
    some = asked(300)
    booked = replace(some, known={**some.known, "booked": np.array([str(x) for x in some.answer], dtype=object)})
    assert learnt(booked, of="booked").of(booked).value == pytest.approx(some.answer)
    with pytest.raises(ModelError, match="nothing by the name 'nobody'"):
        learnt(booked, of="nobody")
    with pytest.raises(ModelError, match="share 90"):
        learnt(booked, share=90)


def test_nobody_over_two_thirds_enough_gives_an_interval_without_end() -> None:
    assert learnt(asked(30), share=0.99).of(asked(2)).high.tolist() == [math.inf, math.inf]


def test_long_answers_that_are_not_known_yet_are_made_up_for() -> None:
    """Half take 1 hour, half 600: of those known after 1,000 hours fewer are long, and the middle would be too short."""
    luck, n = np.random.default_rng(2), 1000
    whole = np.where(luck.random(n) < 0.6, 600.0 * 60, 60.0)
    some = replace(asked(n), answer=whole, whole=whole, least=whole)
    until = 1000 * 60.0
    open_yet = replace(some, answer=np.where(some.told < until, whole, np.nan), whole=np.where(some.told < until, whole, np.nan))
    said = learnt(open_yet, until=until, of="segment")
    assert np.median(whole[some.told < until]) == 60.0
    assert said.of(some).value[0] == pytest.approx(600 * 60)
    assert any("still open" in note for note in said.notes)


# ── what came of it ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_open_cases_leave_coverage_between_two_shares_and_those_beyond_the_high_end_are_missed() -> None:
    said = learnt(asked(600), of="segment").of(asked(4, 7))
    some = replace(asked(4, 7), answer=np.array([5.0, 1e6, np.nan, np.nan]), least=np.array([5.0, 1e6, 1.0, 1e6]))
    assert covered(said, some) == (0.25, 0.5)


def test_where_times_change_intervals_that_go_on_learning_hold_and_an_alarm_is_given() -> None:
    """Everything takes three times as long later: as learnt about 63 % lie inside at 90 %."""
    later = asked(1500, 12, long=3.0)
    found = follow(learnt(asked(600, 11), of="segment"), replace(later, begin=later.begin + 1e6, moment=later.moment + 1e6))
    assert found.covered < 0.75
    assert found.adaptive_covered == pytest.approx(0.9, abs=0.03)
    assert found.drift.alarm is not None and found.slower.alarm is not None


def test_where_nothing_changes_both_hold_and_there_is_no_alarm() -> None:
    later = asked(1500, 14)
    found = follow(learnt(asked(900, 13), of="segment"), replace(later, begin=later.begin + 1e6, moment=later.moment + 1e6))
    assert [found.covered, found.adaptive_covered] == pytest.approx([0.9, 0.9], abs=0.04)
    assert (found.drift.alarm, found.slower.alarm, found.known, found.still_open) == (None, None, 1500, 0)


def test_too_few_people_for_a_limit_stay_without_one_as_time_goes_on() -> None:
    found = follow(learnt(asked(30), share=0.99), asked(50, 2))
    assert found.adaptive.high.tolist() == [math.inf] * 50


def test_people_can_only_be_asked_how_long_they_take_in_all() -> None:
    assert questions_of([Person(name="a", facts={"smoker": True})]).known["smoker"].tolist() == ["true"]
    remaining = learnt(replace(asked(60), what="remaining"))
    with pytest.raises(ModelError, match="asked on the way"):
        remaining.of_people([Person(name="a")])


# ── the verb and the command ────────────────────────────────────────────────────────────────────────────────────────


def clinic(n: int = 120) -> EventLog:
    """Every five hours one comes: a talk of half an hour, a scan 1 to 3 hours later; the last two have not left."""
    rows: list[dict[str, Any]] = []
    for i in range(n):
        at, later = 5.0 * i, 1.0 + i % 3
        rows += [step(f"p{i}", "talk", at, at + 0.5), step(f"p{i}", "scan", at + later, at + later + 0.25)]
        rows += [step(f"p{i}", "leave", at + later + 1, at + later + 1)] if i < n - 2 else []
    return log_of(rows, site=ENDS)


def test_open_cases_are_told_how_long_they_have_still_to_go(tmp_path: Path) -> None:
    found = predict(clinic(), what="remaining")
    assert found.asked.case.tolist() == ["p118", "p119"]
    assert found.asked.known["last step"].tolist() == ["scan", "scan"]
    assert found.said.value == pytest.approx([45.0, 45.0])
    assert found.followed is None and "learnt from" in str(found)
    save_predictions(found, tmp_path / "said.csv")
    with (tmp_path / "said.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["case"] for r in rows] == ["p118", "p119"]
    assert (rows[0]["minutes"], rows[0]["basis"], rows[0]["was"]) == ("45.0", "segment", "")
    with pytest.raises(InputError, match="not a name that ends in"):
        save_predictions(found, tmp_path / "said.xlsx")
    kept = (tmp_path / "said.csv").read_text(encoding="utf-8")
    with pytest.raises(IndexError):  # half of it only: what was there before stays
        save_predictions(replace(found, said=replace(found.said, basis=found.said.basis[:1])), tmp_path / "said.csv")
    assert (tmp_path / "said.csv").read_text(encoding="utf-8") == kept
    assert [p.name for p in tmp_path.iterdir()] == ["said.csv"]


def test_where_dates_are_shifted_only_those_are_asked_who_begin_later() -> None:
    rows = replace(clinic(), site=clinic().site.model_copy(update={"dates_shifted": True}))
    found = predict(rows, what="remaining", until=datetime(2024, 1, 1) + timedelta(hours=5 * 90 - 4))
    assert "p89" not in found.asked.case and len(set(found.asked.case)) == 30
    assert found.predictor.fitted + found.predictor.calibrated == 90


def test_steps_that_are_not_in_the_log_or_not_asked_about_are_refused() -> None:
    with pytest.raises(ModelError, match="no step 'dance'"):
        predict(clinic(), what="step", steps=["talk", "dance"])
    with pytest.raises(ModelError, match="steps says nothing about remaining"):
        predict(clinic(), what="remaining", steps=["talk"])


def test_those_who_come_after_a_date_are_said_and_followed() -> None:
    until = datetime(2024, 1, 1) + timedelta(hours=5 * 90 - 1)
    found = predict(clinic(), until=until)
    assert (len(found.asked), found.predictor.fitted + found.predictor.calibrated) == (30, 89)  # the 90th leaves at that very moment
    assert found.followed is not None and (found.followed.known, found.followed.still_open) == (28, 2)
    assert {"covered", "mean_absolute_error_minutes", "alarm_misses"} <= set(found.as_json())
    with pytest.raises(EmptyError, match="nobody to say it of"):
        predict(clinic(), until=datetime(2025, 1, 1))


def test_the_command_says_how_long_each_takes_and_refuses_what_is_not_known(tmp_path: Path) -> None:
    lines = ["case,step,start,end"]
    for i in range(60):
        at = datetime(2024, 1, 1) + timedelta(hours=5 * i)
        lines.append(f"p{i},talk,{at},{at + timedelta(minutes=30 + i % 7)}")
    (tmp_path / "log.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    asked_for = [
        "predict",
        str(tmp_path / "log.csv"),
        "-o",
        str(tmp_path / "said.csv"),
        "--columns",
        "case=case,step=step,start=start,end=end",
    ]
    done = CliRunner().invoke(app, [*asked_for, "--what", "step", "--step", "talk", "--until", "2024-01-11", "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert (said["what"], said["by"], said["asked"], said["known"]) == ("step", ["step"], 12, 12)
    refused = CliRunner().invoke(app, [*asked_for, "--until", "2024-01-11", "--by", "age"])
    assert isinstance(refused.exception, ModelError) and "'age'" in str(refused.exception)
