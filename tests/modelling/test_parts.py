from __future__ import annotations

import numpy as np
import pytest

from sandcone.core.errors import ModelError
from sandcone.core.pace import Pace, later, on_clock, when_it_shows
from sandcone.modelling.chain import chain, laws_bins
from sandcone.modelling.contexts import settled
from sandcone.modelling.delays import line_of
from sandcone.modelling.durations import durations
from sandcone.modelling.facts import facts
from sandcone.modelling.hours import calendar_of, hours
from sandcone.modelling.pacing import clocks
from sandcone.modelling.staff import staff
from sandcone.modelling.tree import Block, Leaf, mine, rounds
from sandcone.modelling.weighing import earth_mover, lynden_bell
from tests.modelling.worlds import clinic, did, log_of

OFFICE = tuple(2.0 if 8 <= h % 24 < 16 and h < 120 else 0.0 for h in range(168))


def test_a_pace_stands_still_at_night_and_its_inverse_finds_the_minute_again() -> None:
    passed = Pace(by_hour=OFFICE).passed
    assert later(passed, 15 * 60, 30) == 15 * 60 + 15  # the clock goes twice as fast as the wall's
    assert later(passed, 15 * 60 + 45, 60) == 24 * 60 + 8 * 60 + 15
    assert later(passed, 4 * 1440 + 16 * 60, 2) == 10080 + 8 * 60 + 1  # over the weekend
    assert later(passed, 3 * 60, 0) == 3 * 60
    at = np.array([500.0, 800.5, 10080 + 955.0])
    assert when_it_shows(passed, on_clock(passed, at)) == pytest.approx(at)


@pytest.mark.parametrize("speeds", [(1.0,) * 167, (0.0,) * 168, (-1.0,) + (1.0,) * 167])
def test_a_pace_that_cannot_be_is_refused(speeds: tuple[float, ...]) -> None:
    with pytest.raises(ModelError, match="pace"):
        Pace(by_hour=speeds)


def test_truncation_is_made_up_for() -> None:
    """Stays of 1 and of 5 days, as many of each; who began less than 5 days before the end is seen only with a short stay."""
    luck = np.random.default_rng(7)
    room = luck.uniform(0, 10, 20_000)
    took = np.where(luck.random(20_000) < 0.5, 1.0, 5.0)
    seen = took <= room
    mass, share = lynden_bell(took[seen], room[seen])
    assert (took[seen] == 5).mean() == pytest.approx(0.36, abs=0.02)
    assert mass[took[seen] == 5].sum() == pytest.approx(0.5, abs=0.02)
    assert share[room[seen] < 5].mean() == pytest.approx(0.5, abs=0.02)


def test_a_law_of_few_numbers_keeps_the_mean_and_weights_count() -> None:
    values = np.array([1.0, 2.0, 3.0, 10.0])
    assert laws_bins(values, np.ones(4), 2) == pytest.approx([1.5, 6.5])
    assert laws_bins(values, np.array([1.0, 1, 1, 3]), 2) == pytest.approx([2.0, 10.0])


def test_earth_is_moved_by_hand() -> None:
    assert earth_mover(np.array([0.0, 10.0]), np.array([0.0, 4.0]), None, None) == 3
    assert earth_mover(np.array([0.0, 10.0]), np.array([0.0]), np.array([3.0, 1.0]), None) == 2.5


def test_an_anchor_is_the_end_before_or_the_anchor_before_where_two_overlap() -> None:
    f = facts(log_of([did("p", "A", 1, 2), did("p", "B", 3, 6), did("p", "C", 4, 5), did("p", "D", 7, 8)]))
    links = chain(f)
    assert (links.anchor / 60).tolist() == [1, 2, 2, 5]
    assert links.overlapped.tolist() == [False, True, False, False]


def test_a_context_is_as_long_as_it_was_seen_often_enough() -> None:
    symbol = np.array([1, 2, 3] * 4 + [2, 2, 3])
    first = np.arange(15) % 3 == 0
    found = settled(symbol, first, 3, 3)
    assert found.order[found.node].tolist() == [3, 3, 3] * 4 + [
        1,
        1,
        2,
    ]  # the start of a case counts as a step; 3 after 2 after 2 was seen once


def test_the_miner_finds_sequence_choice_parallel_and_loop() -> None:
    assert mine({(0, 1): 5.0}, 0.0) == Block("sequence", (Leaf(0), Leaf(1)))
    assert mine({(0,): 5.0, (1,): 2.0}, 0.0) == Block("choice", (Leaf(0), Leaf(1)))
    assert mine({(0, 1): 5.0, (1, 0): 2.0}, 0.0) == Block("parallel", (Leaf(0), Leaf(1)))
    assert mine({(0,): 5.0, (0, 1, 0): 2.0, (0, 1, 0, 1, 0): 1.0}, 0.0) == Block("loop", (Leaf(0), Leaf(1)))
    assert mine({(0,): 5.0, (): 2.0}, 0.0) == Block("choice", (Leaf(0),), skippable=True)


def test_noise_is_overlooked_only_above_the_threshold() -> None:
    traces = {(0, 1): 97.0, (1, 0): 3.0}
    assert mine(traces, 0.1) == Block("sequence", (Leaf(0), Leaf(1)))
    assert mine(traces, 0.0) == Block("parallel", (Leaf(0), Leaf(1)))


def test_rounds_of_a_loop_begin_and_end_with_its_body() -> None:
    assert rounds((0, 1, 0), [{0}, {1}]) == [(0, 0, 1), (1, 1, 2), (0, 2, 3)]
    assert rounds((1,), [{0}, {1}]) == [(0, 0, 0), (1, 0, 1), (0, 1, 1)]


def test_hours_of_a_week_become_shifts_and_days_alike_stand_together() -> None:
    row = np.zeros(168, dtype=bool)
    for day in (0, 1, 4):
        row[24 * day + 8 : 24 * day + 16] = True
    row[24 * 4 + 20 : 24 * 5] = True
    shifts = calendar_of(row).shifts
    assert [(s.days, s.start, s.end) for s in shifts] == [(("Mon", "Tue", "Fri"), "08:00", "16:00"), (("Fri",), "20:00", "24:00")]


def test_who_works_from_eight_to_four_on_working_days_has_these_hours() -> None:
    f = facts(clinic(n=800, per_day=16))
    found = hours(f, staff(f, np.ones(len(f.case))))
    ann = found.calendars[str(found.of[f.resources.index("Ann")])]
    assert [(s.days, s.start, s.end) for s in ann.shifts] == [(("Mon", "Tue", "Wed", "Thu", "Fri"), "08:00", "16:00")]


@pytest.mark.parametrize(("pauses", "at_close", "mean"), [(True, "go home", 120.0), (False, "finish", 180.0)])
def test_work_that_pauses_overnight_is_told_from_work_that_is_finished(pauses: bool, at_close: str, mean: float) -> None:
    """Every eighth step of a day runs over closing time at 16:00: either for 18 hours instead of 2, or only for as long as all others."""
    rows = []
    for i in range(1200):
        start = 24.0 * (7 * (i // 40) + i % 40 // 8) + 8 + i % 8
        over = i % 8 == 7
        took = (18.0 if over else 2.0) if pauses else 3.0
        rows.append(did(f"p{i}", "Write", start, start + took, f"n{i % 3}"))
    f = facts(log_of(rows))
    weight = np.ones(len(f.case))
    who = staff(f, weight)
    open_ = hours(f, who)
    open_.open[:] = False
    for day in range(5):
        open_.open[:, 24 * day + 8 : 24 * day + 16] = True
    found = durations(f, who, open_, weight)
    if pauses:
        assert found.at_close == at_close
        assert found.worked.mean() == pytest.approx(mean, rel=0.1)
    else:
        assert found.at_close == at_close
        assert found.worked.mean() == pytest.approx(mean, rel=0.1)


def test_delays_by_the_houses_hours_are_told_from_timers() -> None:
    """After a first step come 5 hours of office time, or 5 hours of the wall's clock until the desk opens again."""
    luck, by_office, by_wall = np.random.default_rng(2), [], []
    for i in range(900):
        day, at = 24.0 * (7 * (i // 60) + i // 12 % 5), float(luck.uniform(8, 16))
        done = at + luck.uniform(1, 6)
        night = (24 if i // 12 % 5 < 4 else 72) - 8
        office = day + (done if done < 16 else done + night)
        wall = day + (done if done < 16 else 24 * (1 if i // 12 % 5 < 4 else 3) + 8)
        first = did(f"p{i}", "Come", day + at, day + at)
        by_office.append([first, did(f"p{i}", "See", office, office + 0.02)])
        by_wall.append([first, did(f"p{i}", "See", wall, wall + 0.02)])
    for cases, paced in ((by_office, True), (by_wall, False)):
        f = facts(log_of([row for case in cases for row in case]))
        who = staff(f, np.ones(len(f.case)))
        links = chain(f)
        queued = line_of(f, who, hours(f, who)).queued(f, links.anchor)
        assert bool(clocks(f, links.waited(f), queued).by_pace[f.steps.index("See")]) is paced
