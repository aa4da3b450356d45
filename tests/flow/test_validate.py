"""A twin held against the time after the one that it learnt from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from sandcone.core.arrivals import Rate
from sandcone.core.errors import EmptyError
from sandcone.core.law import Exponential, Fixed, Minutes
from sandcone.core.log import EventLog
from sandcone.core.model import Model, Need, Pool, Resource, Step
from sandcone.core.route import Do, Route
from sandcone.core.site import Site
from sandcone.flow import simulate, validate
from sandcone.flow.truth import tried
from sandcone.measuring.replaying import all_over, cut, replayed, since, span, without_needs
from tests.measuring.worlds import log_of as told
from tests.measuring.worlds import step


def clinic(visit_minutes: float = 12.0) -> Model:
    """Three patients an hour see one of two doctors, then have blood drawn."""
    steps = {
        "Visit": Step(minutes=Minutes(otherwise=Exponential(mean=visit_minutes)), needs=(Need(pools=("doctors",)),)),
        "Blood": Step(minutes=Minutes(otherwise=Fixed(minutes=4)), needs=(Need(pools=("nurse",)),)),
    }
    return Model(
        name="clinic",
        begin=date(2024, 1, 1),
        steps=steps,
        route=Route(first="v", nodes={"v": Do(step="Visit", then="b"), "b": Do(step="Blood")}),
        arrivals=(Rate(per_hour=(3.0,)),),
        resources={"Dr A": Resource(), "Dr B": Resource(), "Nurse": Resource()},
        pools={"doctors": Pool(members=("Dr A", "Dr B")), "nurse": Pool(members=("Nurse",))},
    )


def log_of(model: Model, days: int = 42, seed: int = 6) -> EventLog:
    return simulate(model, seed=seed, days=days).logs[0]


def test_the_true_model_is_called_true_of_its_own_log() -> None:
    found = validate(log_of(clinic()), clinic(), seed=1, runs=6, draws=50)
    assert found.truth is not None
    assert found.truth.counts["off"] <= len(found.truth.judged) // 10
    assert found.truth["throughput_time.mean"].verdict == "true within noise"


def test_a_model_with_doctors_twice_as_slow_is_called_off_where_it_is() -> None:
    found = validate(log_of(clinic()), clinic(visit_minutes=24.0), seed=1, runs=6, draws=50)
    assert found.truth is not None
    verdicts = {j.group["step"]: j.verdict for j in found.truth.by("service_time.mean")}
    assert verdicts == {"Visit": "off", "Blood": "true within noise"}


def test_a_model_learnt_without_being_told_is_true_of_a_simple_clinic() -> None:
    found = validate(log_of(clinic()), seed=1, runs=5, draws=50)
    assert found.truth is not None
    assert found.model is not None
    assert found.truth["throughput_time.mean"].verdict in ("true within noise", "close")
    assert found.truth["arrivals_per_day"].verdict in ("true within noise", "close")
    assert found.said == ()


def test_a_model_that_begins_after_the_test_is_said_to_have_seen_it() -> None:
    found = validate(log_of(clinic()), replace(clinic(), begin=date(2024, 2, 19)), seed=1, runs=3, draws=0)
    assert len(found.said) == 1
    assert "flatters" in found.said[0]


def test_the_true_model_is_called_true_from_the_house_as_it_stood_at_the_cut() -> None:
    log = log_of(clinic())
    found = validate(log, clinic(), seed=1, runs=4, draws=20, house="standing")
    assert found.truth is not None
    assert found.truth.counts["off"] <= len(found.truth.judged) // 10
    assert "The house as it stood on" in found.said[0]


def test_equal_seeds_give_equal_verdicts() -> None:
    one, two = (validate(log_of(clinic()), clinic(), seed=3, runs=3, draws=20).truth for _ in range(2))
    assert one is not None
    assert two is not None
    assert [(j.name, j.words) for j in one.judged] == [(j.name, j.words) for j in two.judged]


def test_a_log_that_cannot_be_parted_gives_the_reason_and_the_main_job_goes_on() -> None:
    short = log_of(clinic(), days=1)
    few = replace(short, table=short.table.filter(short.table.case.cast("int64") <= 9))
    with pytest.raises(EmptyError, match="fewer than 20 journeys"):
        validate(few, seed=1)
    assert "fewer than 20 journeys" in tried(few, seed=1).why


def test_a_log_with_moved_dates_has_no_twin() -> None:
    moved = log_of(clinic()).with_site(Site(dates_shifted=True))
    assert "moved case by case" in tried(moved, seed=1).why


def steps_of(*rows: tuple[str, str, int, int | None]) -> EventLog:
    """Rows of (case, step, start hour, end hour)."""
    return told([step(c, s, a, b) for c, s, a, b in rows])


def test_the_cut_is_where_the_share_of_steps_has_ended() -> None:
    log = steps_of(*((str(i), "A", i, i + 1) for i in range(10)))
    assert (cut(log, 0.7) - cut(log, 0.2)).total_seconds() == 5 * 3600


def test_who_came_at_the_cut_or_later_is_tested_and_nobody_else() -> None:
    log = steps_of(*((str(i), "A", i, i + 1) for i in range(40)))
    first, last = span(log)
    moment = first + (last - first) / 40 * 15
    assert since(log, moment).table.count().to_pyarrow().as_py() == 25


def test_the_past_is_replayed_by_whole_weeks_and_only_its_last_cases() -> None:
    past = steps_of(("a", "A", 1, 2), ("b", "A", 30, 32), ("b", "B", 33, 34))
    test = steps_of(("x", "A", 24 * 7 * 3 + 31, 24 * 7 * 3 + 32))
    moved = replayed(past, test).table.order_by("start").to_pyarrow().to_pylist()
    assert [r["case"] for r in moved] == ["b", "b"]
    was = past.table.order_by("start").to_pyarrow().to_pylist()[1]
    assert (moved[0]["start"] - was["start"]).days == 21


def test_a_log_of_discharged_patients_has_no_open_step() -> None:
    assert all_over(steps_of(("a", "A", 1, 2)))
    assert not all_over(steps_of(("a", "A", 1, 2), ("b", "A", 1, None)))


def test_without_needs_who_only_waits_is_not_seen() -> None:
    log = log_of(clinic(), days=2)
    waiting = log.table.filter(log.table.start.isnull()).count().to_pyarrow().as_py()
    bare = without_needs(log)
    assert not bare.has_ready
    assert bare.table.ready.count().to_pyarrow().as_py() == 0
    assert bare.table.count().to_pyarrow().as_py() == log.table.count().to_pyarrow().as_py() - waiting


def test_spans_are_moments_without_a_zone() -> None:
    first, last = span(log_of(clinic(), days=2))
    assert isinstance(first, datetime)
    assert first.tzinfo is None
    assert first < last
