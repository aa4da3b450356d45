"""What could be changed, on the page of a log: only a twin that has right what a change would move is asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sandcone.core.errors import EmptyError
from sandcone.core.estimate import Estimate
from sandcone.core.improved import Improved
from sandcone.core.log import EventLog
from sandcone.core.truth import Judged, Tried, Truth, Verdict
from sandcone.flow import better_ways as page_of_ways
from sandcone.flow.better_ways import better_ways, not_to_be_asked
from sandcone.simulating import simulate
from tests.flow.improve_world import clinic

NUMBERS = ("throughput_time.mean", "flow_efficiency.from_need", "resource_efficiency.overall", "arrivals_per_day")


def twin(**verdicts: Verdict) -> Tried:
    """A twin that is right in all, but for these numbers (dots written as two lines)."""
    said = {**dict.fromkeys(NUMBERS, "close"), **{name.replace("__", "."): v for name, v in verdicts.items()}}
    seen, made = Estimate(value=0.5, n=9, unit="share"), Estimate(value=0.6, n=5, unit="share")
    judged = tuple(Judged(name=n, seen=seen, simulated=made, verdict=v, why="too few") for n, v in said.items())  # type: ignore[arg-type]
    return Tried(model=clinic(), truth=Truth(judged=judged, runs=5))


def without(tried: Tried, name: str) -> Tried:
    assert tried.truth is not None
    return replace(tried, truth=replace(tried.truth, judged=tuple(j for j in tried.truth.judged if j.name != name)))


def log() -> EventLog:
    return simulate(clinic(), seed=1, days=2).logs[0]


def test_a_twin_that_is_right_may_be_asked() -> None:
    assert not_to_be_asked(twin()) == ""
    assert not_to_be_asked(twin(steps="off")) == ""  # nothing that a change is judged by


@pytest.mark.parametrize(
    ("name", "verdict", "words"),
    [
        ("resource_efficiency__overall", "off", "resource efficiency (off by +20%)"),
        ("throughput_time__mean", "cannot say", "how long journeys take (cannot say: too few)"),
        ("arrivals_per_day", "off", "how many patients come (off by +20%)"),
    ],
)
def test_a_twin_that_is_wrong_is_not_asked_and_it_is_said_in_what(name: str, verdict: Verdict, words: str) -> None:
    assert words in not_to_be_asked(twin(**{name: verdict}))


def test_without_a_time_of_need_flow_efficiency_from_the_start_will_do_and_without_either_nothing_will() -> None:
    needless = without(twin(), "flow_efficiency.from_need")
    assert "flow efficiency (not in the log)" in not_to_be_asked(needless)
    assert not_to_be_asked(without(twin(flow_efficiency__from_start="close"), "flow_efficiency.from_need")) == ""


def test_without_a_twin_the_reason_stands_where_the_ways_would(tmp_path: Path) -> None:
    found = better_ways(log(), Tried(why="log: too short."), tmp_path, seed=1, told=print)
    assert found == "There is no twin to try changes on: log: too short."
    assert not (tmp_path / "improve").exists()


def test_a_refusal_is_said_on_the_page_and_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*what: object, **asked: object) -> None:
        raise EmptyError("levers", "none", "Give one.")

    monkeypatch.setattr(page_of_ways, "improve", refuses)
    assert better_ways(log(), twin(), tmp_path, seed=1, told=print) == "Nothing was tried: levers: none. Give one."


def test_the_folder_of_an_earlier_page_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_of_ways, "RUNS", 8)
    (tmp_path / "improve").mkdir()
    (tmp_path / "improve" / "tried.jsonl").write_text("of another log\n", encoding="utf-8")
    (tmp_path / "improve" / "levers.toml").write_text("# others\n", encoding="utf-8")
    small = replace(twin(), model=clinic(per_hour=0.5))
    found = better_ways(log(), small, tmp_path, seed=1, told=print)
    assert isinstance(found, Improved)
    assert {"improve.html", "improve.json", "levers.toml", "tried.jsonl"} <= {p.name for p in (tmp_path / "improve").iterdir()}


def test_ctrl_c_while_ways_are_tried_stops_the_whole_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_of_ways, "RUNS", 8)
    monkeypatch.setattr("sandcone.flow.after_search.judge_sets", stopping)
    with pytest.raises(KeyboardInterrupt):
        better_ways(log(), replace(twin(), model=clinic(per_hour=0.5)), tmp_path, seed=1, told=print)


def stopping(*what: object, **asked: object) -> None:
    raise KeyboardInterrupt
