import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandcone.core.estimate import Estimate
from sandcone.reporting import words


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0, "0 minutes"),
        (0.2 / 60, "less than a minute"),
        (1 / 60, "1 minute"),
        (2 / 60, "2 minutes"),
        (41 / 60, "41 minutes"),
        (59.4 / 60, "59 minutes"),
        (59.6 / 60, "1 hour"),
        (1.5, "1 hour 30 minutes"),
        (61 / 60, "1 hour 1 minute"),
        (9.99, "9 hours 59 minutes"),
        (10.4, "10 hours"),
        (36, "36 hours"),
        (47.6, "2 days"),
        (49, "2 days 1 hour"),
        (52, "2 days 4 hours"),
        (239.8, "10 days"),
        (288, "12 days"),
        (24 * 1234, "1,234 days"),
        (-0.5, "minus 30 minutes"),
        (math.nan, "not known"),
        (math.inf, "not known"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(hours: float, said: str) -> None:
    assert words.duration(hours) == said


@pytest.mark.parametrize(
    ("hours", "spread", "said"),
    [
        (1.534, 0.02, "1 hour 32 minutes"),
        (1.534, 0.1, "1 hour 30 minutes"),
        (7.3, 1.2, "7 hours"),
        (60, 30, "2 days 12 hours"),
        (200, 30, "8 days"),
        (0.5, 4, "30 minutes"),
    ],
)
def test_a_wider_interval_leaves_fewer_digits_but_never_none(hours: float, spread: float, said: str) -> None:
    assert words.duration(hours, spread) == said


@pytest.mark.parametrize(
    ("hours", "said"),
    [(0.005, "<1 min"), (41 / 60, "41 min"), (1.5, "1 h 30 min"), (52, "2 d 4 h"), (288, "12 d"), (-2, "−2 h"), (math.nan, "?")],
)
def test_a_chart_has_a_shorter_way_to_say_it(hours: float, said: str) -> None:
    assert words.compact(hours).replace(words.NBSP, " ") == said


@pytest.mark.parametrize(
    ("part", "spread", "said"),
    [
        (0, None, "0 %"),
        (0.173, None, "17 %"),
        (0.0732, None, "7.3 %"),
        (0.173, 0.002, "17.3 %"),
        (0.0732, 0.02, "7 %"),
        (1, None, "100 %"),
        (1, 0.002, "100 %"),
        (0.9999, None, "more than 99.9 %"),
        (0.996, 0.02, "99.6 %"),
        (0.0004, None, "less than 0.1 %"),
        (0.002, 0.02, "0.2 %"),
        (-0.002, 0.02, "0 %"),
        (-0.04, 0.02, "−4 %"),
        (math.nan, None, "not known"),
    ],
)
def test_a_share_is_a_percentage_with_the_digits_it_supports(part: float, spread: float | None, said: str) -> None:
    assert words.share(part, spread).replace(words.NBSP, " ") == said


@pytest.mark.parametrize(("part", "said"), [(0, "0 %"), (0.001, "<1 %"), (0.173, "17 %"), (0.999, ">99 %"), (1, "100 %")])
def test_a_share_in_a_chart_is_short(part: float, said: str) -> None:
    assert words.compact_share(part).replace(words.NBSP, " ") == said


def test_a_remark_is_said_as_a_sentence() -> None:
    assert words.sentence("the log has no resource") == "The log has no resource."
    assert words.sentence("Why?") == "Why?"
    assert words.sentence("") == ""


@pytest.mark.parametrize(
    ("n", "one", "many", "said"),
    [
        (0, "step", "", "0 steps"),
        (1, "step", "", "1 step"),
        (1204, "journey", "", "1,204 journeys"),
        (2, "man", "men", "2 men"),
        (7, "", "", "7"),
    ],
)
def test_a_count_agrees_with_its_noun(n: float, one: str, many: str, said: str) -> None:
    assert words.count(n, one, many) == said


@pytest.mark.parametrize(
    ("x", "spread", "said"),
    [
        (3, None, "3"),
        (3.14159, None, "3.14"),
        (0.04567, None, "0.046"),
        (123.4, None, "123"),
        (40.8, 2.1, "41"),
        (40.83, 0.21, "40.8"),
        (0.71234, 0.004, "0.712"),
        (12345.6, None, "12,346"),
        (-1.25, 0.03, "−1.25"),
        (math.nan, None, "not known"),
    ],
)
def test_a_plain_number_shows_the_digits_of_its_spread(x: float, spread: float | None, said: str) -> None:
    assert words.number(x, spread) == said


@pytest.mark.parametrize(
    ("x", "unit", "said"),
    [
        (1, "cases", "1 journey"),
        (5.25, "steps", "5.25 steps"),
        (2, "nats", "2 nats"),
        (8.61, "cases/day", "8.61 a day"),
        (1.5, "ratio", "1.50"),
        (1200, "currency", "1,200"),
        (3, "days", "3 days"),
        (math.nan, "cases", "not known"),
    ],
)
def test_each_unit_has_its_words(x: float, unit: str, said: str) -> None:
    assert words.in_unit(x, unit) == said


def estimate(value: float, low: float | None, high: float | None, unit: str = "h", n: int = 312) -> Estimate:
    return Estimate(value=value, low=low, high=high, unit=unit, n=n)


def test_an_interval_says_its_unit_once_where_it_is_the_same() -> None:
    assert words.interval(estimate(41 / 60, 37 / 60, 45 / 60)) == "37 to 45 minutes"
    assert words.interval(estimate(1, 50 / 60, 70 / 60)) == "50 minutes to 1 hour 10 minutes"
    assert words.interval(estimate(0.68, 0.67, 0.7, "share")) == f"67 to 70{words.NBSP}%"


def test_a_number_without_an_interval_says_none() -> None:
    assert words.interval(estimate(41, None, None)) == ""
    assert words.interval(estimate(41, -math.inf, math.inf)) == ""


def test_what_a_number_rests_on_is_said_with_its_noun() -> None:
    assert words.support(estimate(41 / 60, 37 / 60, 45 / 60), "patient") == "between 37 and 45 minutes, 312 patients"
    assert words.support(estimate(3, None, None, "cases", n=1), "patient") == "1 patient"


def test_days_and_weeks_have_names() -> None:
    assert words.week("2025-W07") == "week 7 of 2025"
    assert words.week("2025-03-03") == "week of 3 March 2025"
    assert words.week("first") == "first"


def test_things_are_listed_as_in_a_sentence() -> None:
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b"]) == "a and b"
    assert words.listed(["a", "b", "c"]) == "a, b and c"


def _minutes(said: str) -> float:
    size = {"day": 1440, "hour": 60, "minute": 1}
    parts = said.replace(",", "").split(" ")
    return sum(float(n) * size[unit.rstrip("s")] for n, unit in zip(parts[::2], parts[1::2], strict=True))


@given(st.floats(min_value=1 / 60, max_value=1e5), st.none() | st.floats(min_value=0, max_value=1e4))
def test_what_is_said_of_a_time_is_never_far_from_it(hours: float, spread: float | None) -> None:
    said = _minutes(words.duration(hours, spread))
    assert abs(said - 60 * hours) <= max(0.12 * 60 * hours, 0.5) + 1e-6
