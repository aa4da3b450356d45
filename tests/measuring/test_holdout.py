"""Cutting a log into the past and the test, and into two real halves."""

from __future__ import annotations

import pytest

from sandcone.core.errors import EmptyError, InputError
from sandcone.core.log import EventLog
from sandcone.measuring.holdout import halves, split, until
from tests.measuring.worlds import at, log_of, step


def cases(log: EventLog) -> list[str]:
    found: list[str] = log.table.select("case").distinct().order_by("case").to_pyarrow()["case"].to_pylist()
    return found


def test_the_first_steps_by_their_end_are_the_past_and_who_is_astride_of_the_cut_is_in_neither() -> None:
    steps = [
        step("Ann", "a", 0, 1),
        step("Ann", "b", 1, 2),
        step("Bo", "a", 2, 3),
        step("Cy", "a", 0, 4),  # ends fourth, though it began first: the last of the past
        step("Bo", "b", 3, 5),  # astride
        step("Dan", "a", 6, 7),
        step("Dan", "b", 6, 8),
    ]
    past, test = split(log_of(steps), share=4 / 7)
    assert (cases(past), cases(test)) == (["Ann", "Cy"], ["Dan"])
    assert (past.account.rows_in, past.account.rows_kept, test.account.rows_kept) == (7, 3, 2)


def test_the_cut_is_by_rows_rounded_down_and_ties_stand_as_in_the_source() -> None:
    log = log_of([step(name, "a", 0, 1) for name in ("Bo", "Ann", "Cy", "Dan", "Eve")])
    past, test = split(log, share=0.5)  # 2 of 5
    assert (cases(past), cases(test)) == (["Ann", "Bo"], ["Cy", "Dan", "Eve"])


def test_a_step_that_has_not_ended_comes_after_the_cut() -> None:
    log = log_of(
        [step("Ann", "a", 0, 1), step("Bo", "a", 0, None), step("Cy", "a", 0, 3), step("Cy", "b", 3, None), step("Dan", "a", 5, 6)]
    )
    past, test = split(log, share=0.5)
    assert (cases(past), cases(test)) == (["Ann"], ["Bo", "Dan"])


def test_attributes_site_and_zone_stay() -> None:
    log = log_of([step("Ann", "a", 0, 1, ward="x"), step("Bo", "a", 2, 3, ward="y")], site={"name": "Clinic"}, zone="Europe/Helsinki")
    past, test = split(log, share=0.5)
    assert (past.attributes, past.site.name, test.zone, past.source) == (("ward",), "Clinic", "Europe/Helsinki", "log, past")


def test_a_part_without_a_case_is_refused_and_so_is_a_share_that_cannot_be() -> None:
    with pytest.raises(EmptyError, match="nothing lies whole in the test"):
        split(log_of([step("Ann", "a", 0, 1), step("Bo", "a", 2, 3), step("Bo", "b", 4, 5)]), share=0.9)
    with pytest.raises(EmptyError, match="nothing lies whole in the past"):
        split(log_of([step("Ann", "a", 0, 1), step("Ann", "b", 2, 3), step("Bo", "a", 4, 5)]), share=0.4)
    with pytest.raises(InputError, match=r"a share of 1\.2"):
        split(log_of([step("Ann", "a", 0, 1)]), share=1.2)


def test_two_halves_share_no_case_and_leave_none_out() -> None:
    log = log_of([step(f"{i:02}", "a", i, i + 1) for i in range(9)])
    one, other = halves(log, seed=1)
    assert sorted(cases(one) + cases(other)) == cases(log)
    assert (len(cases(one)), len(cases(other))) == (4, 5)


def test_the_same_seed_deals_the_same_halves_and_another_draw_others() -> None:
    log = log_of([step(f"{i:02}", "a", i, i + 1) for i in range(30)])
    assert cases(halves(log, seed=1)[0]) == cases(halves(log, seed=1)[0])
    assert cases(halves(log, seed=1)[0]) != cases(halves(log, seed=1, draw=1)[0])
    assert cases(halves(log, seed=1)[0]) != cases(halves(log, seed=2)[0])


def test_one_case_has_no_halves() -> None:
    with pytest.raises(EmptyError, match="fewer than two cases"):
        halves(log_of([step("Ann", "a", 0, 1)]), seed=1)


def test_a_log_that_ended_earlier_does_not_know_what_came_after() -> None:
    log = log_of(
        [
            step("Ann", "a", 0, 1),
            step("Ann", "b", 4, 7),  # under way at six
            step("Bo", "a", 8, 9, ready=5),  # waiting
            step("Bo", "b", 10, 11, ready=9),  # not needed yet
            step("Cy", "a", 6, 6),  # over at six sharp
            step("Dan", "a", 6.5, 7),  # not come
        ]
    )
    then = until(log, at(6))  # type: ignore[arg-type]
    told = then.table.order_by("row").select("case", "step", "start", "end").to_pyarrow().to_pylist()
    assert [tuple(r.values()) for r in told] == [
        ("Ann", "a", at(0), at(1)),
        ("Ann", "b", at(4), None),
        ("Bo", "a", None, None),
        ("Cy", "a", at(6), at(6)),
    ]
    assert (then.account.rows_in, then.account.rows_kept) == (6, 4)


def test_a_log_of_the_discharged_has_only_those_who_were_over_by_then() -> None:
    log = log_of([step("Ann", "a", 0, 1), step("Ann", "b", 4, 7), step("Bo", "a", 2, 3), step("Cy", "a", 2, 3), step("Cy", "b", 3, None)])
    assert cases(until(log, at(6), only_over=True)) == ["Bo"]  # type: ignore[arg-type]
    assert cases(until(log, at(7), only_over=True)) == ["Ann", "Bo"]  # type: ignore[arg-type]
    with pytest.raises(EmptyError, match="nothing lies whole in the time until 2024-01-01 02:00"):
        until(log, at(2), only_over=True)  # type: ignore[arg-type]
