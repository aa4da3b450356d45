"""Distances between two logs, in worlds whose distance can be counted by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sandcone.core.errors import EmptyError
from sandcone.measuring.distances import (
    DISTANCES,
    Rows,
    absolute_events,
    case_arrivals,
    circadian_events,
    circadian_workforce,
    cycle_times,
    distances,
    earth_mover,
    n_gram,
    relative_events,
    rows,
    work_in_progress,
)
from tests.measuring.journeys import journeys
from tests.measuring.worlds import log_of, step

FRIDAY = 96.0


def seen(steps: list[dict[str, Any]], **facts: Any) -> Rows:
    return rows(log_of(steps, **facts))


def paths(*paths: str) -> Rows:
    return seen(journeys({str(i): path for i, path in enumerate(paths)}))


def test_a_log_is_at_no_distance_from_itself() -> None:
    log = seen([step("Ann", "a", 9, 11, "Mia"), step("Ann", "b", 12, 12.5), step("Bo", "a", 30, 31, "Lea")])
    assert distances(log, log) == dict.fromkeys(DISTANCES, 0.0)


def test_no_distance_depends_on_which_log_comes_first() -> None:
    a = seen([step("Ann", "a", 9, 11, "Mia"), step("Ann", "b", 12, 60), step("Bo", "a", 30, 31, "Lea")])
    b = seen([step("Cy", "b", 5, 6, "Lea"), step("Cy", "a", 40, 41, "Mia")])
    assert distances(a, b) == pytest.approx(distances(b, a))


def test_carrying_a_heap_costs_weight_times_way_per_unit_of_weight() -> None:
    assert earth_mover(np.array([0, 0, 4]), np.array([1, 1, 1])) == pytest.approx((1 + 1 + 3) / 3)
    assert earth_mover(np.array([0]), np.array([2, 8])) == pytest.approx((2 + 8) / 2)  # a heap of one counts as much as one of two
    assert earth_mover(np.array([0, 5]), np.array([5, 0]), np.array([3, 1]), np.array([1, 3])) == 0.0


@pytest.mark.parametrize("seed", range(20))
def test_the_area_between_cumulative_shares_is_the_cheapest_way_to_pair_equal_heaps(seed: int) -> None:
    luck = np.random.default_rng(seed)
    a, b = luck.integers(-9, 9, 5), luck.integers(-9, 9, 5)
    cheapest = min(np.abs(a - np.array(p)).sum() for p in itertools.permutations(b)) / 5
    assert earth_mover(a, b) == pytest.approx(cheapest)


def test_runs_of_three_reach_over_the_edges_of_a_case() -> None:
    # ab: --a, -ab, ab-, b--; ac: --a, -ac, ac-, c--. Six of the eight differ.
    assert n_gram(paths("ab"), paths("ac")) == 6 / 8
    # a second case like the first is three more runs on one side only: --a, -a-, a--
    assert n_gram(paths("a"), paths("a", "a")) == 3 / 9
    assert n_gram(paths("ab"), paths("cd")) == 1.0
    assert n_gram(paths("ab"), paths("ba"), n=1) == 0.0


def test_runs_of_one_case_do_not_reach_into_the_next() -> None:
    assert n_gram(paths("ab", "cd"), paths("cd", "ab")) == 0.0


def test_steps_have_the_same_name_in_both_logs_or_differ() -> None:
    assert n_gram(paths("ba", "c"), paths("c", "ba")) == 0.0


def test_steps_are_in_order_of_start_then_end_then_place_in_the_log() -> None:
    written = seen([step("Ann", "b", 3, 5), step("Ann", "a", 3, 4), step("Ann", "z", 6, 7), step("Ann", "y", 6, 7)])
    assert n_gram(written, paths("abzy")) == 0.0
    assert n_gram(written, paths("abyz")) > 0.0


def test_starts_and_ends_that_lie_three_hours_later_are_three_hours_off() -> None:
    early, late = seen([step("Ann", "a", 9, 10)]), seen([step("Ann", "a", 12, 13)])
    assert absolute_events(early, late) == 3.0
    assert case_arrivals(early, late) == 3.0
    assert relative_events(early, late) == 0.0
    assert cycle_times(early, late) == 0.0


def test_only_whole_hours_count_from_the_full_hour_in_which_the_first_log_starts() -> None:
    a = seen([step("Ann", "a", 9.5, 9.75)])
    assert absolute_events(a, seen([step("Ann", "a", 9.9, 9.95)])) == 0.0
    assert absolute_events(a, seen([step("Ann", "a", 9.9, 10.0)])) == 0.5  # its end is an hour on, its start is not


def test_hours_since_the_case_began_are_counted_from_its_own_minute() -> None:
    a = seen([step("Ann", "a", 9.5, 10.25), step("Ann", "b", 11, 12)])  # 0, 0 | 1, 2
    b = seen([step("Bo", "a", 20.0, 20.75), step("Bo", "b", 21.0, 23)])  # 0, 0 | 1, 3
    assert relative_events(a, b) == 0.25


def test_the_time_of_a_case_is_counted_in_hours_above_the_shortest_case_of_both_logs() -> None:
    a = seen([step("Ann", "a", 0, 1.5)])  # the shortest: 0
    b = seen([step("Bo", "a", 0, 2.4), step("Cy", "a", 5, 6), step("Cy", "b", 7, 9.6)])  # 0.9 more, 3.1 more
    assert cycle_times(a, b) == (0 + 3) / 2


def test_arrivals_are_first_starts() -> None:
    a = seen([step("Ann", "a", 9, 10), step("Ann", "b", 50, 51), step("Bo", "a", 11, 12)])
    b = seen([step("Ann", "b", 9, 30), step("Bo", "a", 15, 16)])
    assert case_arrivals(a, b) == (0 + 4) / 2


def test_hours_of_the_day_are_compared_weekday_by_weekday() -> None:
    monday = seen([step("Ann", "a", 9, 10)])
    assert circadian_events(monday, seen([step("Ann", "a", 11, 11.5)])) == pytest.approx((2 + 1) / 2 / 7)
    assert circadian_events(monday, seen([step("Ann", "a", 9 + 168, 10 + 168)])) == 0.0  # a week later
    assert circadian_events(monday, seen([step("Ann", "a", 9 + FRIDAY, 10 + FRIDAY)])) == pytest.approx(2 * 23 / 7)


def test_hours_of_the_day_are_those_of_the_hospitals_clock() -> None:
    late = [step("Ann", "a", 23.25, 23.5)]  # in Helsinki it is Tuesday, a quarter past one
    here = seen([step("Ann", "a", 25.25, 25.5)])
    assert circadian_events(seen(late, zone="Europe/Helsinki"), here) == 0.0
    assert circadian_events(seen(late), here) == pytest.approx(2 * 23 / 7)
    assert absolute_events(seen(late, zone="Europe/Helsinki"), here) == 2.0


def test_a_resource_counts_once_an_hour_however_much_it_does() -> None:
    a = seen([step("Ann", "a", 9, 9.2, "Mia"), step("Bo", "a", 9.3, 9.4, "Mia"), step("Cy", "a", 14, 14.1, "Mia")])
    b = seen([step("Ann", "a", 9, 9.2, "Mia"), step("Cy", "a", 14, 14.1, "Mia")])
    assert circadian_workforce(a, b) == 0.0
    c = seen([step("Ann", "a", 9, 9.2, "Mia"), step("Bo", "a", 9.3, 9.4, "Lea"), step("Cy", "a", 14, 14.1, "Mia")])
    assert circadian_workforce(a, c) == pytest.approx(abs(1 / 2 - 2 / 3) * 5 / 7)


def test_those_without_a_name_count_as_one_more() -> None:
    a = seen([step("Ann", "a", 9, 9.2, "Mia"), step("Bo", "a", 9.3, 9.4), step("Bo", "a", 9.5, 9.6), step("Cy", "a", 14, 14.1, "Mia")])
    b = seen([step("Ann", "a", 9, 9.2, "Mia"), step("Bo", "a", 9.3, 9.4, "Lea"), step("Cy", "a", 14, 14.1, "Mia")])
    assert circadian_workforce(a, b) == 0.0


def test_work_in_progress_is_the_part_of_each_hour_that_cases_are_under_way() -> None:
    a = seen([step("Ann", "a", 9, 10)])  # all of the hour from 9
    b = seen([step("Ann", "a", 9.5, 10.5)])  # half of it, and half of the next
    assert work_in_progress(a, b) == pytest.approx(0.5 / 10)  # hour 10 is the last with anybody
    two = seen([step("Ann", "a", 9.25, 9.5), step("Bo", "a", 9.75, 9.85), step("Bo", "a", 9.9, 10.0)])  # another weight, same place
    assert work_in_progress(a, two) == 0.0


def test_gaps_between_steps_are_work_in_progress_too() -> None:
    assert work_in_progress(seen([step("Ann", "a", 2, 3), step("Ann", "b", 8, 9)]), seen([step("Ann", "a", 2, 9)])) == 0.0


def test_steps_that_have_not_begun_or_not_ended_are_left_out() -> None:
    whole = [step("Ann", "a", 9, 10)]
    assert distances(seen(whole), seen([*whole, step("Ann", "b", 11, None), step("Bo", "a", None, None)])) == dict.fromkeys(DISTANCES, 0.0)


def test_a_log_without_times_is_refused() -> None:
    with pytest.raises(EmptyError, match="no step that began and ended"):
        rows(log_of([step("Ann", "a", None, None)]))


def test_many_cases_over_many_years_do_not_run_over() -> None:
    one = seen([step("Ann", "a", 9, 10)])
    n, year = 200_000, 365 * 24 * 3600 * 10**6
    start = np.sort(one.start[0] + np.random.default_rng(1).integers(0, 20 * year, n))
    many = replace(
        one, case=np.arange(n), step=np.zeros(n, np.int64), resource=np.zeros(n, np.int64), start=start, end=start + 3600 * 10**6
    )
    later = replace(many, start=many.start + 24 * 3600 * 10**6, end=many.end + 24 * 3600 * 10**6)
    hours = 20 * 365 * 24
    assert work_in_progress(many, later) == pytest.approx(24 / hours, rel=0.02)
    assert absolute_events(many, later) == 24.0
