"""Each case by itself: its segment and its operating mode."""

from sandcone.measuring.kinds_of_cases import kinds_of_cases
from tests.measuring.journeys import journeys
from tests.measuring.worlds import world

URGENT = {"urgent": {"attribute": "colour", "values": ["red"]}, "severe": {"attribute": "ill", "values": ["very"]}}
PATHS = {"zoe": "ab", "abe": "a", "moe": "b"}


def test_every_case_has_its_segment_and_its_mode_by_name() -> None:
    log = journeys(PATHS, colour={"zoe": "red", "abe": "red", "moe": "green"}, ill={"zoe": "very", "abe": "hardly", "moe": "very"})
    table, why = kinds_of_cases(world(log, site={"mode": URGENT, "segment": ["colour"]}))
    assert table.to_pylist() == [
        {"case": "abe", "segment": "red", "mode": "CURE"},
        {"case": "moe", "segment": "green", "mode": "PROJECT"},
        {"case": "zoe", "segment": "red", "mode": "EMERGENCY"},
    ]
    assert why == {}


def test_a_case_of_which_nothing_is_recorded_that_modes_ask_for_has_none() -> None:
    log = journeys(PATHS, colour={"zoe": "red"}, ill={"zoe": "very", "moe": "very"})
    table, _why = kinds_of_cases(world(log, site={"mode": URGENT}))
    assert table["mode"].to_pylist() == [None, "PROJECT", "EMERGENCY"]


def test_what_the_site_file_does_not_say_is_empty_and_has_a_reason() -> None:
    table, why = kinds_of_cases(world(journeys(PATHS)))
    assert table["segment"].null_count == table["mode"].null_count == 3
    assert set(why) == {"segment", "mode"}
