"""Chances come as near as the law allows, sets hold what comes as often as they say, and a log says who did not come."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from typer.testing import CliRunner

from sandcone.cli import app
from sandcone.core.errors import EmptyError, InputError, ModelError
from sandcone.core.log import Account, EventLog, LeftOut
from sandcone.flow.foretelling import foretell, save_foreseen
from sandcone.personalising.chances import best_power, mapped, shares, tempered
from sandcone.personalising.conformal import margins
from sandcone.personalising.drift import watch
from sandcone.personalising.foretelling import OTHER, foreteller
from sandcone.personalising.history import Questions
from sandcone.personalising.judging import judge
from sandcone.personalising.outcomes import Outcomes, following, shows
from sandcone.personalising.reliability import brier, off, reliability
from sandcone.personalising.sets import depths, inside, of_what_came
from tests.measuring.worlds import log_of, step

ENDS = {"name": "clinic", "end_steps": ["leave"]}
LAW = {"talk": (0.6, 0.3, 0.1), "scan": (0.25, 0.05, 0.7)}  # of scan, test and leave, by the last step


def asked(n: int, seed: int, *, what: Any = "next", law: dict[str, tuple[float, ...]] = LAW) -> Outcomes:
    """One question a case, an hour apart, known after ten minutes; what comes follows the law of the last step."""
    luck, begin = np.random.default_rng(seed), np.arange(n) * 60.0
    last = np.array([list(law)[i] for i in luck.integers(0, len(law), n)], dtype=object)
    words = ("scan", "test", "leave") if what == "next" else ("came", "missed")
    drawn = (np.cumsum([law[s] for s in last], axis=1) < luck.random(n)[:, None]).sum(axis=1)
    came = np.array(words, dtype=object)[np.minimum(drawn, len(words) - 1)]
    ten = np.full(n, 10.0)
    case = np.array([f"c{seed}-{i}" for i in range(n)], dtype=object)
    known = {"last step": last, "noise": np.array(luck.random(n).tolist(), dtype=object)}
    questions = Questions(what=what, case=case, begin=begin, moment=begin, answer=ten, whole=ten, least=ten, known=known)
    return Outcomes(asked=questions, came=came)


# ── what is asked ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_next_step_is_the_next_to_end_and_after_the_last_one_comes_the_end() -> None:
    rows = [step("Ann", "talk", 1, 1.5), step("Ann", "scan", 3, 3.25), step("Ann", "leave", 4, 4), step("Bo", "talk", 2, 2.75)]
    found = following(log_of([*rows, step("Cy", "talk", 5, 6), step("Cy", "scan", 7, None)], site=ENDS))
    assert found.came.tolist() == ["scan", "leave", "the end", None, None]
    assert found.asked.answer[:3].tolist() == [105.0, 45.0, 0.0]
    assert found.asked.known["last step"].tolist() == ["talk", "scan", "leave", "talk", "talk"]


def visits() -> list[dict[str, Any]]:
    """Ann comes, stays away and comes again, Bo cancels, Cy is still to come; the log ends at hour 205."""
    ann = [
        step("1", "Visit", 9, 9.5, planned=9),
        step("2", "Visit", None, None, planned=57, ready=33),
        step("3", "Visit", 101, 205, planned=101),
    ]
    others = [step("4", "Cancelled", 4, 4, planned=10), step("5", "Visit", None, None, planned=204)]
    return [r | {"who": w} for r, w in zip([*ann, *others], ["Ann", "Ann", "Ann", "Bo", "Cy"], strict=True)]


def test_who_was_booked_and_never_began_a_day_before_the_end_did_not_come() -> None:
    found = shows(log_of(visits(), site={"cancelled_steps": ["Cancelled"]}), person="who")
    assert found.asked.case.tolist() == ["Ann", "Ann", "Ann", "Cy"]
    assert found.came.tolist() == ["came", "missed", "came", None]
    assert found.asked.known["missed before"].tolist() == [0.0, 0.0, 1.0, 0.0]
    assert found.asked.known["appointments before"].tolist() == [0.0, 1.0, 2.0, 0.0]
    assert found.asked.known["days ahead"].tolist() == [None, 1.0, None, None]
    assert "who" not in found.asked.known


def test_a_step_can_be_what_is_written_down_when_somebody_did_not_come_and_tells_nothing_else() -> None:
    rows = [step("Ann", "Missed", 10, 10), step("Ann", "Visit", 80, 81, planned=80), step("Bo", "Scan", 7, 190, planned=7)]
    found = shows(log_of(rows), ["Visit"], ["Missed"])
    assert (found.came.tolist(), found.asked.moment[1] - found.asked.moment[0]) == (["missed", "came"], 70 * 60)
    assert not {"step", "days ahead", "hour", "weekday"} & set(found.asked.known)
    booked = shows(log_of([rows[0] | {"planned": rows[0]["start"]}, *rows[1:]]), ["Visit"], ["Missed"])
    assert booked.asked.known["hour"].tolist() == [10.0, 8.0]


def test_what_is_still_to_come_is_no_miss_before_a_later_one_and_who_came_too_lately_is_no_evidence() -> None:
    """Dora has two bookings ahead; Ed came an hour before the log ends, when nobody could be said yet to have stayed away."""
    ahead = [step(c, "Visit", None, None, planned=at, ready=200) | {"who": "Dora"} for c, at in (("6", 300), ("7", 400))]
    late = step("8", "Visit", 204, 205, planned=204) | {"who": "Ed"}
    found = shows(log_of([*visits()[:3], *ahead, late]), person="who")
    assert found.asked.case.tolist() == ["Ann", "Ann", "Ann", "Dora", "Dora"]
    assert found.came.tolist() == ["came", "missed", "came", None, None]
    assert found.asked.known["missed before"].tolist() == [0.0, 0.0, 1.0, 0.0, 0.0]
    assert found.asked.known["appointments before"].tolist() == [0.0, 1.0, 2.0, 0.0, 0.0]


def test_those_of_whom_it_is_not_known_who_they_are_are_not_one_person() -> None:
    rows = [step(f"v{i}", "Visit", None, None, planned=50.0 * i, ready=0) | {"who": None} for i in range(3)]
    found = shows(log_of([*rows, step("x", "Visit", 200, 201, planned=900) | {"who": "Ann"}]), person="who")
    assert found.asked.known["missed before"].tolist() == [0.0, 0.0, 0.0]
    assert len(set(found.asked.case)) == 3


def test_where_a_step_says_who_did_not_come_a_log_need_not_keep_what_never_began() -> None:
    rows = [step("Ann", "Missed", 10, 10), step("Ann", "Visit", 80, 81, planned=80), step("Bo", "Scan", 7, 190, planned=7)]
    gone = Account(rows_in=7, rows_kept=5, left_out=(LeftOut(reason="no time at all", rows=2),))
    found = shows(replace(log_of(rows), account=gone), ["Visit"], ["Missed"])
    assert found.came.tolist() == ["missed", "came"]


def test_a_step_that_is_not_in_the_log_is_refused_not_left_out() -> None:
    for more in ({"steps": ["Visit", "Dance"]}, {"missed": ["Dance"]}):
        with pytest.raises(ModelError, match="no step 'Dance'"):
            shows(log_of(visits()), person="who", **more)


def test_a_log_that_does_not_tell_who_stayed_away_is_refused() -> None:
    with pytest.raises(EmptyError, match="no booked times"):
        shows(log_of([step("Ann", "Visit", 1, 2)]))
    with pytest.raises(EmptyError, match="nobody in it was booked and did not come"):
        shows(log_of([step("Ann", "Visit", 1, 2, planned=1)]))
    with pytest.raises(ModelError, match="no attribute 'name'"):
        shows(log_of(visits()), person="name")
    gone = Account(rows_in=7, rows_kept=5, left_out=(LeftOut(reason="request without a start in the middle of a case", rows=2),))
    with pytest.raises(EmptyError, match="2 rows that never began were left out"):
        shows(replace(log_of(visits()), account=gone))


# ── chances ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_shares_are_counted_with_one_case_more_so_that_nothing_is_impossible() -> None:
    some = asked(3, 1)
    came, last = np.array(["scan", "scan", "leave"], dtype=object), np.array(["a", "a", "b"], dtype=object)
    known = replace(some.asked, known={"last step": last})
    found = shares(known, came, np.ones(3), ("scan", "leave", OTHER), ["last step"], enough=2)
    everybody = np.array([2 + 1 / 3, 1 + 1 / 3, 1 / 3]) / 4
    assert found.everybody == pytest.approx(everybody)
    assert found.segments["a"] == pytest.approx((np.array([2.0, 0, 0]) + everybody) / 3)
    assert list(found.segments) == ["a"]


def test_chances_that_are_too_sure_are_made_less_sure_by_the_power_that_made_them_so() -> None:
    luck, n = np.random.default_rng(3), 4000
    true = luck.dirichlet([1.0, 1.0, 1.0], n)
    place = np.array([luck.choice(3, p=p) for p in true])
    assert best_power(tempered(true, 2.0), place, np.ones(n)) == pytest.approx(0.5, abs=0.05)


class Said:
    """Chances that are what the question says they are."""

    def of(self, asked: Questions) -> np.ndarray:
        second = asked.known["noise"].astype(float)
        return np.column_stack([1 - second, second])


@pytest.mark.parametrize("n", [300, 6000])
def test_chances_twice_too_high_come_out_right_by_a_curve_of_few_and_by_steps_of_many(n: int) -> None:
    luck = np.random.default_rng(4)
    said = luck.random(n)
    line = mapped(Said(), said, (luck.random(n) < said / 2).astype(float))
    new = asked(2000, 9).asked
    assert np.abs(line.of(new)[:, 1] - new.known["noise"].astype(float) / 2).mean() < 0.06
    assert len(line.said) == 1001 or n > 300


def test_where_what_was_said_is_the_wrong_way_round_the_curve_says_how_often_it_came_of_all() -> None:
    said = np.array([0.1] * 90 + [0.2] * 10)
    came = np.array([1.0] * 18 + [0.0] * 82)  # 20 % of those said to be 10 % sure, none of the others
    line = mapped(Said(), said, came)
    assert np.interp([0.1, 0.2], line.said, line.came) == pytest.approx(18 / 100, abs=0.01)


def test_bins_hold_about_as_many_each_and_never_part_what_was_said_to_be_equal() -> None:
    found = reliability(np.array([0.1] * 6 + [0.5] * 4), np.array([True] + [False] * 5 + [True] * 3 + [False]), bins=5)
    assert [(b.said, b.came.value, b.came.n) for b in found] == [(pytest.approx(0.1), 1 / 6, 6), (0.5, 0.75, 4)]
    assert off(found) == pytest.approx(0.6 * (1 / 6 - 0.1) + 0.4 * 0.25)
    assert brier(np.array([0.2, 0.9]), np.array([False, True])) == pytest.approx((0.04 + 0.01) / 2)


# ── sets ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_word_lies_as_deep_as_all_likelier_ones_and_a_part_of_its_own_the_likeliest_at_nought() -> None:
    deep = depths(np.array([[0.3, 0.5, 0.2]]), np.array([0.5]))
    assert deep[0] == pytest.approx([0.65, 0.0, 0.9])
    assert inside(deep, np.array([0.7])).tolist() == [[True, True, False]]
    assert inside(deep, np.array([-1.0 + 1.0])).tolist() == [[False, True, False]]
    assert of_what_came(deep, np.array([2])) == pytest.approx([0.9])


def test_sets_hold_what_comes_as_often_as_is_said_also_where_chances_are_tied() -> None:
    """400 draws of 99 to learn from, of three words as likely: (n + 1) · share of n + 1, within four standard errors of the draws."""
    luck, held = np.random.default_rng(6), list[float]()
    flat, everybody = np.full((99, 3), 1 / 3), np.full(99, "all", dtype=object)
    for _ in range(400):
        limit = margins(of_what_came(depths(flat, luck.random(99)), luck.integers(0, 3, 99)), everybody, 0.8).everybody
        sets = inside(depths(flat, luck.random(99)), np.full(99, limit))
        held.append(float(of_what_came(sets, luck.integers(0, 3, 99)).mean()))
    assert np.mean(held) == pytest.approx(0.8, abs=4 * np.std(held) / math.sqrt(400))


def test_sets_hold_in_each_segment_and_more_only_where_the_likeliest_alone_does() -> None:
    """Mean over 12 logs: 90 % of talk, whose likeliest holds 60 %; of seldom, whose likeliest holds 97 %, one step alone."""
    law = {"talk": LAW["talk"], "seldom": (0.02, 0.01, 0.97)}
    inside_: dict[str, list[float]] = {name: [] for name in law}
    for seed in range(12):
        said, later = foreteller(asked(1200, seed, law=law), ["last step"], seed=seed, of="segment"), asked(900, seed + 50, law=law)
        for name, held in inside_.items():
            some = later.only(later.asked.known["last step"] == name)
            found = judge(said, said.of(some), some)
            held.append(found.covered)
            assert found.least == pytest.approx(0.9 if name == "talk" else 0.97, abs=0.03)
    error = 4 * np.std(inside_["talk"]) / math.sqrt(12)
    assert np.mean(inside_["talk"]) == pytest.approx(0.9, abs=error)
    assert np.mean(inside_["seldom"]) == pytest.approx(0.97, abs=0.01)


# ── what is said, and what came of it ───────────────────────────────────────────────────────────────────────────────


def test_what_is_known_is_used_where_it_tells_more_than_the_segment_and_comes_near_the_law() -> None:
    said, later = foreteller(asked(1500, 3)), asked(2000, 4)
    found = judge(said, said.of(later), later)
    at_best = float(np.mean([-sum(p * math.log(p) for p in law) for law in LAW.values()]))
    assert set(said.of(later).basis) == {"person"} and "log loss" in said.notes[0]
    assert found.ours.log_loss == pytest.approx(at_best, abs=0.06) and found.ours.log_loss < found.usual.log_loss - 0.1
    assert (found.off < 0.05, found.drift.alarm) == (True, None)


def test_few_cases_get_what_is_usual_and_where_the_law_changes_there_is_an_alarm() -> None:
    few = foreteller(asked(120, 3), ["last step"])
    assert "Only" in few.notes[0] and set(few.of(asked(9, 2)).basis) <= {"segment", "everybody"}
    said = foreteller(asked(900, 3), ["last step"], of="segment")
    turned = asked(900, 8, law={"talk": LAW["talk"][::-1], "scan": LAW["scan"][::-1]})
    found = judge(said, said.of(turned), turned)
    assert found.misses is not None and found.misses.alarm is not None and found.covered < 0.85
    never = replace(asked(60, 5), came=np.full(60, "dance", dtype=object))
    assert judge(said, said.of(never), never).covered < 0.5
    with pytest.raises(EmptyError, match="3 finished cases"):
        foreteller(asked(3, 1))
    with pytest.raises(ModelError, match="share 9"):
        foreteller(asked(60, 1), share=9)


def test_two_sums_that_watch_give_no_more_false_alarms_together_than_one_alone() -> None:
    said, later = foreteller(asked(300, 3), ["last step"], of="segment"), asked(80, 4)
    found = judge(said, said.of(later), later)
    none = np.zeros(80, dtype=bool)
    assert found.misses is not None and found.misses.limit == watch(none, 0.1, said.calibrated, 0.025).limit
    assert found.drift.limit == found.misses.limit > watch(none, 0.1, said.calibrated).limit


def test_the_chance_of_a_miss_is_made_calibrated_and_no_sets_are_made() -> None:
    law = {"talk": (0.9, 0.1), "scan": (0.5, 0.5)}
    said, later = foreteller(asked(3000, 3, what="no-show", law=law)), asked(3000, 4, what="no-show", law=law)
    found = judge(said, said.of(later), later)
    assert said.margins is None and found.misses is None
    assert found.ours.brier == pytest.approx((0.09 + 0.25) / 2, abs=0.012) and found.ours.brier < found.usual.brier - 0.02
    assert found.off < 0.03


# ── the verb and the command ────────────────────────────────────────────────────────────────────────────────────────


def clinic(n: int = 90) -> EventLog:
    """Every five hours one comes: a talk, then a scan, but every third leaves at once; the last has only talked."""
    rows: list[dict[str, Any]] = []
    for i in range(n):
        rows.append(step(f"p{i}", "talk", 5.0 * i, 5.0 * i + 0.5))
        if i < n - 1:
            rows += [step(f"p{i}", "scan", 5.0 * i + 1, 5.0 * i + 2)] if i % 3 else []
            rows.append(step(f"p{i}", "leave", 5.0 * i + 3, 5.0 * i + 3))
    return log_of(rows, site=ENDS)


def test_open_cases_are_told_their_next_step_with_a_set_that_holds_it(tmp_path: Path) -> None:
    found = foretell(clinic())
    assert (found.asked.asked.case.tolist(), found.said.likeliest.tolist(), found.judged) == (["p89"], ["scan"], None)
    save_foreseen(found, tmp_path / "said.csv")
    with (tmp_path / "said.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["likeliest"], row["usual"], row["basis"], row["was"]) == ("scan", "scan", "segment", "")
    assert row["set"].split(" | ")[0] == "scan" and float(row["chance"]) == pytest.approx(2 / 3, abs=0.1)
    with pytest.raises(InputError, match="not a name that ends in"):
        save_foreseen(found, tmp_path / "said.xlsx")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match="it is a folder"):
        save_foreseen(found, tmp_path / "folder.csv")


def test_what_a_question_makes_no_use_of_is_refused_not_left_out(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="person says nothing about next"):
        foretell(clinic(), person="who")
    with pytest.raises(ModelError, match="'throughput'"):
        foretell(clinic(), what=cast(Any, "throughput"))
    for given in (["--step", "talk"], ["--missed", "talk"], ["--what", "next", "--person", "who"]):
        done = CliRunner().invoke(app, ["predict", str(tmp_path / "none.csv"), "-o", str(tmp_path / "said.csv"), *given])
        assert isinstance(done.exception, ModelError) and "says nothing about" in str(done.exception)
    done = CliRunner().invoke(app, ["predict", str(tmp_path / "none.csv"), "-o", str(tmp_path / "said.xlsx")])
    assert "ends in .csv" in str(done.exception)


def test_where_dates_are_shifted_nothing_is_judged_that_was_learnt_from() -> None:
    """The 60th has talked before the date and leaves after it; learnt from in hindsight, it is not asked again."""
    rows = replace(clinic(), site=clinic().site.model_copy(update={"dates_shifted": True}))
    found = foretell(rows, until=datetime(2024, 1, 1) + timedelta(hours=5 * 60 - 3.5))
    assert "p59" not in found.asked.asked.case and len(set(found.asked.asked.case)) == 30


def test_next_steps_after_a_date_are_judged_and_told() -> None:
    found = foretell(clinic(), until=datetime(2024, 1, 1) + timedelta(hours=5 * 60 - 1))
    assert found.judged is not None and found.judged.known == len(found.asked) - 1 == 30 * 2 + 20 - 3
    told = str(found)
    assert "The likeliest came in" in told and "Promised: 90%" in told
    assert {"covered", "set_size", "reliability", "usual_log_loss"} <= set(found.as_json())
    with pytest.raises(EmptyError, match="nobody to say it of"):
        foretell(clinic(), until=datetime(2025, 1, 1))


def test_the_command_says_who_may_not_come_and_refuses_a_log_that_does_not_tell(tmp_path: Path) -> None:
    lines = ["visit,step,booked,start,end,age"]
    for i in range(200):
        at, age = datetime(2024, 1, 1) + timedelta(hours=5 * i), "young" if i % 2 else "old"
        came = (i % 4 != 1) and i < 190
        lines.append(f"v{i},Visit,{at},{at if came else ''},{at + timedelta(minutes=20) if came else ''},{age}")
    (tmp_path / "log.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    asked_for = ["predict", str(tmp_path / "log.csv"), "-o", str(tmp_path / "said.csv")]
    asked_for += ["--columns", "case=visit,step=step,planned=booked,start=start,end=end,attributes=age", "--by", "age"]
    lost = CliRunner().invoke(app, [*asked_for, "--what", "no-show"])
    assert isinstance(lost.exception, EmptyError) and "Name a column for the role ready" in str(lost.exception)
    asked_for[5] = f"{asked_for[5]},ready=booked"
    done = CliRunner().invoke(app, [*asked_for, "--what", "no-show", "--until", "2024-02-01", "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert (said["what"], said["by"], said["asked"]) == ("no-show", ["age"], 47)
    with (tmp_path / "said.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["segment"]: round(float(r["chance"]), 1) for r in rows} == {"young": 0.5, "old": 0.0}
    refused = CliRunner().invoke(app, [*asked_for, "--what", "no-show", "--step", "Dance"])
    assert isinstance(refused.exception, ModelError) and "no step 'Dance'" in str(refused.exception)
