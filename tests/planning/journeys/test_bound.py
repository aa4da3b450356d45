"""A bound that knows that people, rooms and beds are shared: known by hand, never above a timetable, and proved by prices alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest
from scipy.optimize import OptimizeResult

from sandcone.core.errors import ProblemError
from sandcone.core.journey import FewDays, InHours, Journey, Link, OnDays, Slot, Task
from sandcone.core.journeys import Closed, Journeys, Pinned, Timetable
from sandcone.core.model import Pool, Resource
from sandcone.planning.journeys import bounds, proof
from sandcone.planning.journeys.bounds import bound, least_cost
from sandcone.planning.journeys.score import score_journeys
from sandcone.planning.journeys.search import plan_journeys
from sandcone.planning.search import Stop
from tests.planning.journeys.clinics import WEIGHTS, at, calendar, clinic, drawn, need, visit

FIVE = "Cy", "Di", "Ed", "Fa", "Gil"


def long_visits(**more: object) -> tuple[Journey, ...]:
    """Five visits of two hours each."""
    return tuple(Journey(patient=p, tasks=(Task(name="visit", minutes=120, needs=(need("doctors"),)),), **more) for p in FIVE)  # type: ignore[arg-type]


def one_doctor(*journeys: Journey, **more: object) -> Journeys:
    """Ann alone, from 8 to 12."""
    return clinic(*journeys, closed=(Closed(resource="Bo", start=0, end=14 * 1440),), **more)


def test_a_doctor_who_has_time_for_two_a_day_sees_the_fifth_on_the_third_day() -> None:
    problem = one_doctor(*long_visits())
    each = 3 * 120 + 11
    assert least_cost(problem).cost == 5 * (2 * 480 + each)
    found = bound(problem, 20)
    assert (found.value, found.done) == (2 * (480 + 480 + 1920 + 1920 + 3360) + 5 * each, True)
    best = plan_journeys(problem, stop=Stop(moves=2_000), seed=1, cores=1)
    assert found.gap(best.cost) == pytest.approx(2 * 2 * 120 / found.value)  # of two on a day, one has to wait until ten


def test_as_many_are_booked_as_are_expected_to_come() -> None:
    come, stay_away = (one_doctor(*long_visits(no_show=x), overbooking={"doctors": 1}) for x in (0.0, 0.5))
    assert bound(come, 20).value == bound(one_doctor(*long_visits()), 20).value
    assert bound(stay_away, 20).value == 2 * (4 * 480 + 1920) + 5 * (3 * 120 + 11)


def test_beds_are_counted_at_midnight() -> None:
    tasks = (Task(name="come", minutes=10, needs=(need("beds", until="go"),)), Task(name="go", minutes=5))
    stays = [Journey(patient=p, tasks=tasks, links=(Link(before="come", after="go", at_least=1440),)) for p in FIVE]
    assert bound(clinic(*stays), 20).value == 2 * (1440 + 1440 + 2880) + 5 * (3 * 1455 + 2 * 11)  # two beds, a night each


def test_who_is_pinned_counts_as_nothing_and_takes_nothing() -> None:
    problem = one_doctor(*long_visits())
    pinned = (Pinned(patient="Cy", task="visit", slot=Slot(minute=at(0, "08:00"), resources=("Ann",))),)
    assert bound(replace(problem, pinned=pinned), 20).value == 2 * (480 + 480 + 1920 + 1920) + 4 * (3 * 120 + 11)


def test_who_has_no_place_at_all_is_left_out_in_the_bound_too() -> None:
    problem = clinic(visit("Cy", weight=3), visit("Di"), closed=(Closed(resource="scanner", start=0, end=14 * 1440),))
    assert bound(problem, 20).value == least_cost(problem).cost == 4 * 100_000


@pytest.mark.parametrize("seed", range(12))
def test_no_timetable_costs_less_than_the_bound_which_is_never_below_the_weaker_one(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = drawn(seed)
    found = plan_journeys(problem, stop=Stop(moves=2_000), seed=1, cores=1)
    whole = bound(problem, 20)
    assert least_cost(problem).cost <= whole.value <= score_journeys(problem, found.timetable).cost
    monkeypatch.setattr(bounds, "COLUMNS", (40,))  # too few for all days
    few = bound(problem, 20)
    assert least_cost(problem).cost <= few.value <= whole.value
    assert whole.done is True
    assert few.done is False or few.value == whole.value


def test_any_prices_prove_a_bound_and_the_solvers_prove_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = one_doctor(*long_visits())
    best = bound(problem, 20).value
    luck = np.random.default_rng(5)
    monkeypatch.setattr(bounds, "least_cost", lambda _: bounds.Least(cost=-(10**9), by_patient=()))

    def disturbed(said: OptimizeResult, rows: int) -> np.ndarray:
        return np.maximum(-np.asarray(said.ineqlin.marginals) * luck.uniform(0.5, 1.5, rows), 0)

    monkeypatch.setattr(proof, "_prices", disturbed)
    assert all(bound(problem, 20).value < best for _ in range(5))


def test_without_prices_in_time_the_weaker_bound_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = one_doctor(*long_visits())
    monkeypatch.setattr(proof, "_prices", lambda *_: None)
    found = bound(problem, 20)
    assert (found.value, found.done) == (least_cost(problem).cost, False)


def test_rewards_have_no_bound() -> None:
    with pytest.raises(ProblemError, match="a weight of -1"):
        bound(clinic(visit(), weights=replace(WEIGHTS, slack=-1)), 1)
    with pytest.raises(ProblemError, match="a weight of -2"):
        bound(clinic(visit(wishes=(FewDays(most=1, weight=-2),))), 1)


@pytest.mark.parametrize("seed", range(5))
def test_the_best_of_all_timetables_of_a_tiny_clinic_is_not_below_the_bound(seed: int) -> None:
    problem = tiny(seed)
    best = min(score_journeys(problem, t).cost for t in every_timetable(problem))
    found = bound(problem, 20)
    assert least_cost(problem).cost <= found.value <= best
    assert plan_journeys(problem, stop=Stop(moves=1_000), seed=1, cores=1).cost == best


def tiny(seed: int) -> Journeys:
    """Two or three patients who see one doctor twice, within three days of three or four hours."""
    luck = np.random.default_rng(seed)
    journeys = tuple(
        Journey(
            patient=p,
            tasks=(Task(name="one", minutes=60, needs=(need("doctors"),)), Task(name="two", minutes=60, needs=(need("doctors"),))),
            links=(Link(before="one", after="two", at_least=int(luck.choice([0, 60, 1000])), same_day=False),),
            release=int(luck.integers(0, 700)),
            due=int(luck.integers(700, 3000)) if luck.random() < 0.6 else None,
            weight=int(luck.integers(1, 4)),
            wishes=((OnDays(days=("Tue", "Wed")), InHours(start=540, end=720, weight=9), FewDays(most=1))[int(luck.integers(3))],),
        )
        for p in FIVE[: 2 + seed % 2]
    )
    return Journeys(
        name="tiny",
        begin=date(2030, 1, 7),
        days=3,
        grid=60,
        resources={"Ann": Resource(calendar="mornings")},
        pools={"doctors": Pool(members=("Ann",))},
        calendars={"mornings": calendar("08:00", "11:00" if seed % 2 else "12:00")},
        weights=replace(WEIGHTS, left_out=3000),
        journeys=journeys,
    )


def every_timetable(problem: Journeys) -> list[Timetable]:
    """All timetables that break no rule."""
    minutes = [m for a, b in problem.open_hours("Ann") for m in range(a, b, 60)]
    paths: list[list[dict[str, Slot] | None]] = []
    for j in problem.journeys:
        slots = [Slot(minute=m, resources=("Ann",)) for m in minutes]
        pairs = [{"one": a, "two": b} for a, b in product(slots, slots)]
        alone = replace(problem, journeys=(j,))
        paths.append([None, *(x for x in pairs if score_journeys(alone, Timetable(starts={j.patient: x})).violations == 0)])
    made = (dict(zip([j.patient for j in problem.journeys], chosen, strict=True)) for chosen in product(*paths) if apart(chosen))
    return [Timetable(starts={p: x for p, x in starts.items() if x is not None}) for starts in made]


def apart(chosen: tuple[dict[str, Slot] | None, ...]) -> bool:
    """Whether no two tasks are in the same hour."""
    hours = [s.minute for x in chosen if x is not None for s in x.values()]
    return len(hours) == len(set(hours))
