"""What is learnt from a log whose making is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from sandcone.core.arrivals import Kind, Rate
from sandcone.core.law import Exponential, Fixed, Law, Minutes, Uniform
from sandcone.core.log import EventLog
from sandcone.core.model import Model, Need, Pool, Resource, Step
from sandcone.core.model_file import as_text
from sandcone.core.route import Choose, Do, Node, Route, Way
from sandcone.core.site import Calendar, Shift
from sandcone.modelling import model as learn
from sandcone.simulating import simulate
from tests.measuring.worlds import log_of, step

DAY = Calendar(shifts=(Shift.model_validate({"days": ["Mon", "Tue", "Wed", "Thu", "Fri"], "from": "08:00", "to": "16:00"}),))


def of(law: Law, *needs: Need) -> Step:
    return Step(minutes=Minutes(otherwise=law), needs=needs)


def house(steps: Mapping[str, Step], nodes: Mapping[str, Node], resources: Mapping[str, Resource], rate: float = 2.0) -> Model:
    """A hospital in which each resource is a pool of its own."""
    return Model(
        name="known",
        begin=date(2024, 1, 1),
        steps=steps,
        route=Route(first="a", nodes=nodes),
        arrivals=(
            Rate(per_hour=(rate,), kinds=(Kind(share=0.3, attributes={"age": "old"}), Kind(share=0.7, attributes={"age": "young"}))),
        ),
        resources=resources,
        pools={name: Pool(members=(name,)) for name in resources},
        calendars={"day": DAY},
    )


def need(*pools: str, units: int = 1) -> Need:
    return Need(pools=pools, units=units)


def log(model: Model, days: int = 60, seed: int = 4) -> EventLog:
    return simulate(model, seed=seed, days=days).logs[0]


def again(model: Model, days: int = 60) -> EventLog:
    """A log of the model that was learnt from a log of this one."""
    return log(learn(log(model, days), seed=1), days, seed=9)


def share(found: EventLog, name: str) -> float:
    cases = found.table.case.nunique().to_pyarrow().as_py()
    return float(found.table.filter(found.table.step == name).case.nunique().to_pyarrow().as_py() / cases)


CLINIC = house(
    {"Visit": of(Exponential(mean=9), need("Dr A")), "Scan": of(Uniform(low=10, high=20), need("Scanner")), "Talk": of(Fixed(minutes=5))},
    {
        "a": Do(step="Visit", then="c"),
        "c": Choose(otherwise=(Way(to="s", share=0.25), Way(to="t", share=0.75))),
        "s": Do(step="Scan", then="t", lag=Fixed(minutes=90)),
        "t": Do(step="Talk"),
    },
    {"Dr A": Resource(), "Scanner": Resource()},
)


def test_a_choice_and_a_rate_come_back_within_a_tenth() -> None:
    found = again(CLINIC)
    assert share(found, "Scan") == pytest.approx(0.25, abs=0.03)
    assert found.table.case.nunique().to_pyarrow().as_py() == pytest.approx(60 * 48, rel=0.1)


def test_times_of_steps_come_back() -> None:
    learnt = learn(log(CLINIC), seed=1)
    assert learnt.steps["Visit"].minutes.otherwise.mean == pytest.approx(9, rel=0.1)
    assert learnt.steps["Scan"].minutes.otherwise.mean == pytest.approx(15, rel=0.05)
    assert learnt.steps["Talk"].needs == ()


def test_a_delay_that_no_busy_resource_explains_becomes_a_lag() -> None:
    learnt = learn(log(CLINIC), seed=1)
    lags = [n.lag.mean for n in learnt.route.nodes.values() if isinstance(n, Do) and n.step == "Scan" and n.lag is not None]
    assert lags
    assert min(lags) == pytest.approx(90, rel=0.05)


def test_a_wait_in_line_does_not_become_a_lag() -> None:
    busy = house({"Visit": of(Exponential(mean=24), need("Dr A"))}, {"a": Do(step="Visit")}, {"Dr A": Resource()})
    learnt = learn(log(busy), seed=1)
    lags = [n.lag.mean for n in learnt.route.nodes.values() if isinstance(n, Do) and n.lag is not None]
    assert sum(lags) < 5  # the mean wait in line is 96 minutes


def test_whoever_works_by_day_is_learnt_to_work_by_day() -> None:
    model = house({"Visit": of(Exponential(mean=9), need("Dr A"))}, {"a": Do(step="Visit")}, {"Dr A": Resource(calendar="day")}, rate=1.0)
    learnt = learn(log(model, days=120), seed=1)
    name = learnt.resources["Dr A"].calendar
    assert name is not None
    hours = sum((s.minutes()[1] - s.minutes()[0]) / 60 * len(s.days) for s in learnt.calendars[name].shifts)
    assert hours == pytest.approx(40, abs=5)
    assert not any(day in s.days for s in learnt.calendars[name].shifts for day in ("Sat", "Sun"))


def test_places_are_learnt_also_of_a_group_that_is_named_beside_another_and_twice() -> None:
    nurses = {"Theatre 1": Resource(), "Theatre 2": Resource(), "Nurses": Resource(capacity=6)}
    both = Need(pools=("Theatre 1", "Theatre 2"))
    model = house({"Cut": of(Uniform(low=50, high=70), both, need("Nurses", units=2))}, {"a": Do(step="Cut")}, nurses, rate=1.7)
    learnt = learn(log(model), seed=1)
    assert learnt.resources["Nurses"].capacity == 4
    assert learnt.resources["Theatre 1"].capacity == 1
    assert sorted((n.units, len(learnt.pools[n.pools[0]].members)) for n in learnt.steps["Cut"].needs) == [(1, 2), (2, 1)]


def test_a_bed_never_closes() -> None:
    beds = house(
        {"Stay": of(Uniform(low=1500, high=4000), need("Beds"))}, {"a": Do(step="Stay")}, {"Beds": Resource(capacity=99)}, rate=0.5
    )
    assert learn(log(beds), seed=1).resources["Beds"].calendar is None


def test_who_still_waits_at_the_end_has_not_gone_home() -> None:
    """Everybody is scanned; in the log, whoever came after the 400th still waits for it."""
    model = house(
        {"Visit": of(Fixed(minutes=5)), "Scan": of(Fixed(minutes=7))},
        {"a": Do(step="Visit", then="s"), "s": Do(step="Scan")},
        {},
    )
    whole = log(model, days=28)
    late = whole.table.mutate(open=whole.table.case.cast("int64") > 400)
    cut = late.filter(~(late.open & (late.step == "Scan")))
    waiting = late.filter(late.open & (late.step == "Scan")).mutate(start=None, end=None)
    both = cut.union(waiting.cast(dict(cut.schema().items()))).drop("open")
    learnt = learn(replace(whole, table=both), seed=1)
    assert share(log(learnt, days=20), "Scan") > 0.97


def test_a_log_of_one_time_a_step_says_that_nothing_is_known_of_durations() -> None:
    rows = [step(str(i // 2), "AB"[i % 2], None, 3.0 * i + i % 2) for i in range(80)]
    learnt = learn(log_of(rows, starts="none"), seed=1)
    assert all(s.minutes.otherwise.mean == 0 for s in learnt.steps.values())
    assert any("one time for each step" in note for note in learnt.notes)


def test_a_log_without_resources_says_so() -> None:
    rows = [step(str(i // 2), "AB"[i % 2], 3.0 * i, 3.0 * i + 1) for i in range(80)]
    learnt = learn(log_of(rows), seed=1)
    assert all(s.needs == () for s in learnt.steps.values())
    assert any("names no resources" in note for note in learnt.notes)


def test_the_same_log_and_seed_give_the_same_model_and_no_case_is_named() -> None:
    seen = log(CLINIC, days=20)
    one, two = (as_text(learn(seen, seed=3)) for _ in range(2))
    assert one == two
    assert '"case"' not in one
