"""Two rows, one step: starts and completions find each other."""

from __future__ import annotations

from collections import defaultdict, deque
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandcone.reading import read
from tests.reading.files import reasons, rows, written

MAP = "case=no,step=act,time=t,lifecycle=state"


def test_a_start_and_its_completion_are_one_step_and_two_rows(tmp_path: Path) -> None:
    text = """
        no, act,  state,    t,                who
        A,  Scan, start,    2024-01-13 08:00, Ann
        A,  Scan, COMPLETE, 2024-01-13 08:30, Bo
    """
    log = read(written(tmp_path, text), columns=MAP + ",resource=who")
    assert rows(log, "step", "start", "end", "resource") == [("Scan", "13 08:00", "13 08:30", "Ann")]
    assert (log.account.rows_in, log.account.rows_kept, log.starts) == (2, 2, "seen")


def test_a_step_begun_again_before_it_ended_pairs_first_in_first_out(tmp_path: Path) -> None:
    text = """
        no, act,  state,    t
        A,  Scan, start,    2024-01-13 08:00
        A,  Scan, start,    2024-01-13 08:10
        A,  Scan, complete, 2024-01-13 08:15
        A,  Scan, start,    2024-01-13 08:20
        A,  Scan, complete, 2024-01-13 08:40
        A,  Scan, complete, 2024-01-13 09:05
    """
    assert rows(read(written(tmp_path, text), columns=MAP), "start", "end") == [
        ("13 08:00", "13 08:15"),
        ("13 08:10", "13 08:40"),
        ("13 08:20", "13 09:05"),
    ]


def test_an_instance_number_pairs_whatever_the_order(tmp_path: Path) -> None:
    text = """
        no, act,  state,    t,                nr
        A,  Scan, start,    2024-01-13 08:00, 1
        A,  Scan, start,    2024-01-13 08:10, 2
        A,  Scan, complete, 2024-01-13 08:15, 2
        A,  Scan, complete, 2024-01-13 08:40, 1
        B,  Scan, start,    2024-01-13 08:50, 3
        B,  Scan, complete, 2024-01-13 08:45, 3
    """
    log = read(written(tmp_path, text), columns=MAP + ",instance=nr")
    assert rows(log, "start", "end") == [("13 08:00", "13 08:40"), ("13 08:10", "13 08:15")]
    assert reasons(log) == {"end before start": 2}


def test_a_completion_without_a_start_takes_no_start_from_a_later_step(tmp_path: Path) -> None:
    text = """
        no, act,  state,    t
        A,  Scan, complete, 2024-01-13 07:00
        A,  Scan, start,    2024-01-13 08:00
        A,  Scan, complete, 2024-01-13 08:30
    """
    log = read(written(tmp_path, text), columns=MAP)
    assert rows(log, "start", "end") == [("13 07:00", "13 07:00"), ("13 08:00", "13 08:30")]
    assert log.starts == "partly"


def test_states_that_are_neither_start_nor_end_are_left_out_by_name(tmp_path: Path) -> None:
    text = """
        no, act,  state,    t
        A,  Scan, start,    2024-01-13 08:00
        A,  Scan, suspend,  2024-01-13 08:10
        A,  Scan, resume,   2024-01-13 08:20
        A,  Scan, ,         2024-01-13 08:25
        A,  Scan, complete, 2024-01-13 08:30
    """
    log = read(written(tmp_path, text), columns=MAP)
    assert reasons(log) == {f"lifecycle state not used ({s})": 1 for s in ("suspend", "resume", "none")}
    assert rows(log, "start", "end") == [("13 08:00", "13 08:30")]


def test_a_start_left_hanging_is_open_last_and_left_out_before(tmp_path: Path) -> None:
    text = """
        no, act,   state,    t
        A,  Scan,  start,    2024-01-13 08:00
        A,  Visit, start,    2024-01-13 08:20
        A,  Visit, complete, 2024-01-13 08:30
        A,  Op,    start,    2024-01-13 09:00
    """
    log = read(written(tmp_path, text), columns=MAP)
    assert rows(log, "step", "end") == [("Visit", "13 08:30"), ("Op", None)]
    assert reasons(log) == {"start without completion in the middle of a case": 1}


STAYS = """
    no, act,    state,    t
    A,  Ward,   start,    2024-01-01 08:00
    A,  Ward,   complete, 2024-01-05 08:00
    B,  Ward,   start,    2024-01-09 09:00
    B,  Physio, start,    2024-01-10 10:00
    B,  Physio, complete, 2024-01-10 11:00
    C,  Ward,   start,    2024-01-08 07:00
    C,  Physio, start,    2024-01-09 10:00
    C,  Physio, complete, 2024-01-09 10:40
    D,  Physio, start,    2024-01-12 09:00
    D,  Physio, complete, 2024-01-12 09:30
"""


def test_a_stay_with_steps_inside_it_stays_open_while_it_may_still_last(tmp_path: Path) -> None:
    """A ward stay lasted four days at most; when the log ends, B's has run for three, C's for more than four."""
    log = read(written(tmp_path, STAYS), columns=MAP)
    assert rows(log, "case", "step", "start", "end")[1:3] == [("B", "Ward", "09 09:00", None), ("B", "Physio", "10 10:00", "10 11:00")]
    assert reasons(log) == {"start without completion in the middle of a case": 1}
    assert log.account.rows_kept == 9


@pytest.mark.parametrize(
    ("more", "site"),
    [
        ("B,Ward,start,2024-01-10 12:00", {}),  # B's ward stay begins again
        ("B,Leave,complete,2024-01-11 12:00", {"end_steps": ["Leave"]}),
        ("", {"dates_shifted": True}),  # nobody knows when the log of B ends
    ],
)
def test_a_stay_that_its_case_has_left_behind_is_left_out(tmp_path: Path, more: str, site: dict[str, object]) -> None:
    columns = {"case": "no", "step": "act", "time": "t", "lifecycle": "state", "site": site}
    log = read(written(tmp_path, STAYS + more), columns=columns)
    firsts = [r for r in rows(log, "case", "step", "start") if r[2] == "09 09:00"]
    assert firsts == []
    assert reasons(log) == {"start without completion in the middle of a case": 2}


def test_a_scheduled_row_is_the_time_of_need_of_the_next_start(tmp_path: Path) -> None:
    text = """
        no, act,  state,    t
        A,  Scan, schedule, 2024-01-13 07:00
        A,  Scan, assign,   2024-01-13 07:30
        A,  Scan, start,    2024-01-13 08:00
        A,  Scan, complete, 2024-01-13 08:30
        A,  Scan, start,    2024-01-13 09:00
        A,  Scan, complete, 2024-01-13 09:30
        A,  Op,   schedule, 2024-01-13 10:00
    """
    log = read(written(tmp_path, text), columns=MAP)
    assert sorted(rows(log, "step", "ready", "start"), key=str) == [
        ("Op", "13 10:00", None),
        ("Scan", "13 07:00", "13 08:00"),
        ("Scan", None, "13 09:00"),
    ]
    assert log.has_ready
    assert (log.account.rows_kept, reasons(log)) == (6, {"lifecycle state not used (assign)": 1})


def test_a_hospital_may_use_its_own_words(tmp_path: Path) -> None:
    text = "no,act,state,t\nA,Scan,begonnen,2024-01-13 08:00\nA,Scan,klaar,2024-01-13 08:30\n"
    lifecycle = {"column": "state", "start": ["Begonnen"], "complete": "klaar"}
    log = read(written(tmp_path, text), columns={"case": "no", "step": "act", "time": "t", "lifecycle": lifecycle})
    assert rows(log, "start", "end") == [("13 08:00", "13 08:30")]


def by_hand(events: list[tuple[str, str, int]]) -> list[tuple[str, int | None, int | None]]:
    """Pairs of one queue a step: a completion takes the oldest start, or stands alone."""
    waiting: dict[str, deque[int]] = defaultdict(deque)
    pairs: list[tuple[str, int | None, int | None]] = []
    for step, state, t in sorted(events, key=lambda e: (e[2], e[1] != "start")):
        if state == "start":
            waiting[step].append(t)
        else:
            pairs.append((step, waiting[step].popleft() if waiting[step] else None, t))
    last = max((t for _, _, t in pairs if t is not None), default=-1)
    lasted = {step: max([b - a for s, a, b in pairs if s == step and a is not None and b is not None], default=-1) for step in waiting}
    return pairs + [
        (step, t, None)
        for step, queue in waiting.items()
        for t in queue
        if t >= last or (t == queue[-1] and max(t for _, _, t in events) - t <= lasted[step])
    ]


EVENT = st.tuples(st.sampled_from("xy"), st.sampled_from(["start", "complete"]), st.integers(0, 12))


@settings(max_examples=40)
@given(st.lists(EVENT, min_size=1, max_size=12, unique=True))
def test_pairing_agrees_with_a_queue_kept_by_hand(tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, str, int]]) -> None:
    lines = "".join(f"A,{step},{state},2024-01-13 {t:02}:00\n" for step, state, t in events)
    log = read(written(tmp_path_factory.mktemp("any"), ("no,act,state,t\n" + lines).encode()), columns=MAP)
    got = [(s, a and int(a[3:5]), b and int(b[3:5])) for s, a, b in rows(log, "step", "start", "end")]
    want = [(s, b if a is None else a, b) for s, a, b in by_hand(events)]
    assert sorted(got, key=str) == sorted(want, key=str)
