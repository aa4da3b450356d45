"""Whether a place is free is asked in three ways (the kernel, the scorer, who of a timetable can stay), and all three agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.journey import Journey, Link, Slot, Stays, Task
from sandcone.core.journeys import DAY, Closed, Journeys, Pinned, Timetable
from sandcone.core.model import Need, Resource
from sandcone.planning.journeys.again import begin_again
from sandcone.planning.journeys.first import first_come, list_plan
from sandcone.planning.journeys.kernel import CELLS, FIRST_COME, NOWHERE, SEARCH, work
from sandcone.planning.journeys.score import score_journeys
from sandcone.planning.journeys.search import Cooling, plan_journeys
from sandcone.planning.journeys.standing import standing
from sandcone.planning.journeys.states import book, empty, hands, state_of, timetable_of, whose
from sandcone.planning.journeys.tables import tables
from sandcone.planning.search import Stop
from tests.planning.journeys.clinics import at, booked, clinic, drawn, need, visit


def in_fives(seed: int) -> Journeys:
    """A drawn clinic in which every time is a multiple of the grid, so that nothing is rounded."""
    problem = drawn(seed)
    house = {r: replace(it, turnover_minutes=5 * round(it.turnover_minutes / 5)) for r, it in problem.resources.items()}
    return replace(problem, grid=5, resources=house)


@pytest.mark.parametrize("seed", range(10))
def test_the_soonest_place_the_kernel_finds_is_the_soonest_that_breaks_no_rule(seed: int) -> None:
    others = in_fives(seed)
    timetable = list_plan(others)
    luck = np.random.default_rng(seed)
    task = Task(name="t", minutes=25, needs=(need("p0"),) if seed % 3 else (need("p1"), need("p0", "p3")))
    new = Journey(patient="New", tasks=(task,), release=5 * int(luck.integers(0, 500)), no_show=float(luck.choice([0.0, 0.6])))
    problem = replace(others, journeys=(*others.journeys, new))
    given = tables(problem)
    state = state_of(problem, given, timetable)
    book(given, state, hands(given, 0, pains=False), FIRST_COME, [len(others.journeys)])
    found = timetable_of(problem, given, state.start, state.who).starts["New"]["t"]
    ways: list[tuple[str, ...]] = [(a,) for a in problem.members(task.needs[0])]
    ways = [(a, b) for (a,) in ways for b in problem.members(task.needs[1])] if len(task.needs) > 1 else ways
    for minute in range(max(new.release, found.minute - 240), found.minute + 1, 5):
        slots = [Slot(minute=minute, resources=way) for way in ways]
        can = [s for s in slots if score_journeys(problem, Timetable(starts={**timetable.starts, "New": {"t": s}})).violations == 0]
        assert bool(can) == (minute == found.minute)
    assert found in can


@pytest.mark.parametrize("seed", range(16))
def test_only_those_who_would_break_a_rule_are_booked_anew(seed: int) -> None:
    problem = drawn(seed)
    good, given, luck = list_plan(problem), tables(problem), np.random.default_rng(seed)
    state = standing(problem, given, good)
    assert timetable_of(problem, given, state.start, state.who) == good

    def moved(slot: Slot) -> Slot:
        return replace(slot, minute=max(slot.minute + problem.grid * int(luck.integers(-60, 60)), 0)) if luck.random() < 0.3 else slot

    spoilt = Timetable(starts={p: {t: moved(s) for t, s in slots.items()} for p, slots in good.starts.items()})
    state = standing(problem, given, spoilt)
    mended = timetable_of(problem, given, state.start, state.who)
    score = score_journeys(problem, mended)
    assert (score.violations, score.cost) == (0, int(state.cost.sum()))
    if score_journeys(problem, spoilt).violations == 0:
        assert mended == spoilt


@pytest.mark.parametrize("seed", range(8))
def test_a_search_that_begins_with_a_timetable_that_breaks_rules_ends_with_one_that_does_not(seed: int) -> None:
    problem = drawn(seed)
    everybody_at_once = Timetable(
        starts={
            j.patient: {t.name: Slot(minute=0, resources=tuple(problem.members(n)[0] for n in t.needs)) for t in j.tasks}
            for j in problem.journeys
        }
    )
    found = plan_journeys(problem, stop=Stop(moves=1_000), seed=1, cores=1, start=everybody_at_once)
    assert score_journeys(problem, found.timetable).violations == 0


def test_whoever_is_pinned_and_was_left_out_gets_the_place_that_somebody_booked_anew_would_like() -> None:
    """Cy cannot stay on the first day, when Ann is away; her next hour is Di's, who is pinned there and whom the timetable forgot."""
    here = Pinned(patient="Di", task="visit", slot=Slot(minute=at(1, "08:00"), resources=("Ann",)))
    away = (Closed(resource="Ann", start=0, end=at(0, "23:00")), Closed(resource="Bo", start=0, end=14 * DAY))
    problem = clinic(visit("Cy"), visit("Di"), pinned=(here,), closed=away)
    before = booked(Cy={"visit": (at(0, "08:00"), "Ann"), "scan": (at(0, "08:30"), "scanner")})
    found = begin_again(problem, before)
    assert score_journeys(problem, found).violations == 0
    assert {p: slots["visit"].minute for p, slots in found.starts.items()} == {"Di": at(1, "08:00"), "Cy": at(1, "08:30")}


def test_a_search_begins_with_those_too_who_were_left_out_of_its_timetable() -> None:
    problem = clinic(visit("Cy"), visit("Di"))
    cy = booked(Cy={"visit": (at(2, "08:00"), "Ann"), "scan": (at(2, "08:30"), "scanner")})
    found = plan_journeys(problem, stop=Stop(moves=1), seed=1, cores=1, start=cy)
    both = begin_again(problem, cy)
    assert both.starts.keys() == {"Cy", "Di"}
    assert (both.starts["Cy"], found.first_cost) == (cy.starts["Cy"], score_journeys(problem, both).cost)


def test_a_start_that_names_what_is_not_there_is_refused() -> None:
    with pytest.raises(ProblemError, match="Book every task"):
        plan_journeys(clinic(visit("Cy")), stop=Stop(moves=1), seed=1, start=booked(Cy={"visit": (at(0, "08:00"), "Ann")}))


def stay(patient: str, **more: object) -> Journey:
    tasks = (Task(name="come", minutes=10, needs=(need("beds", until="go"),)), Task(name="go", minutes=5))
    return Journey(patient=patient, tasks=tasks, links=(Link(before="come", after="go", at_least=600),), **more)  # type: ignore[arg-type]


def test_a_bed_that_is_pinned_is_not_kept_longer_than_there_is_room() -> None:
    """Cy, pinned since noon, would rather go on the third day; but the one bed is Di's on the second."""
    here = Pinned(patient="Cy", task="come", slot=Slot(minute=at(0, "12:00"), resources=("ward",)))
    booked_too = tuple(
        Pinned(patient="Di", task=t, slot=Slot(minute=at(1, m), resources=("ward",) * (t == "come")))
        for t, m in (("come", "08:00"), ("go", "20:00"))
    )
    one_bed = {**clinic().resources, "ward": Resource()}
    cy = stay("Cy", wishes=(Stays(task="go", day=2, weight=5_000),))
    free, full = (clinic(cy, *more, pinned=pins, resources=one_bed) for more, pins in (((), (here,)), ((stay("Di"),), (here, *booked_too))))
    assert plan_journeys(free, stop=Stop(moves=200), seed=1, cores=1).timetable.starts["Cy"]["go"].minute == at(2, "00:00")
    found = plan_journeys(full, stop=Stop(moves=200), seed=1, cores=1).timetable
    assert score_journeys(full, found).violations == 0
    assert found.starts["Cy"]["go"].minute + 5 <= at(1, "08:00")


def test_whoever_is_pinned_and_left_out_belongs_to_the_core_in_whose_days_the_pins_are() -> None:
    late, early = (Pinned(patient=p, task="visit", slot=Slot(minute=at(d, "08:00"), resources=("Ann",))) for p, d in (("Cy", 9), ("Di", 1)))
    problem = clinic(*(visit(p) for p in ("Cy", "Di", "Ed", "Fa")), pinned=(late, early))
    given = tables(problem)
    middle, cells = 7 * DAY // problem.grid, int(given.sizes[CELLS])
    assert whose(given, empty(given), [0, middle, cells]).tolist() == [1, 0, 0, 1]
    edge = at(9, "08:15") // problem.grid  # in the middle of what is pinned
    assert whose(given, empty(given), [0, edge, cells]).tolist() == [-1, 0, 0, 1]


def test_a_wish_may_name_a_task_by_its_step() -> None:
    tasks = tuple(Task(name=n, step=s, minutes=20, needs=(need("doctors"),)) for n, s in (("a1", "visit"), ("a2", "control")))
    problem = clinic(Journey(patient="Cy", tasks=tasks, wishes=(Stays(task="control", day=1, weight=6),)))
    slots = booked(Cy={"a1": (at(0, "08:00"), "Ann"), "a2": (at(0, "09:00"), "Ann")})
    assert score_journeys(problem, slots).line("wishes_missed").by == 6
    given = tables(problem)
    assert int(state_of(problem, given, slots).cost.sum()) == score_journeys(problem, slots).cost


def test_a_bed_given_back_before_it_was_taken_is_still_taken_for_the_task_itself() -> None:
    problem = clinic(stay("Cy"))
    backwards = Timetable(starts={"Cy": {"come": Slot(minute=2000, resources=("ward",)), "go": Slot(minute=100)}})
    assert score_journeys(problem, backwards).line("too_soon_after").by == 2010 + 600 - 100
    both = clinic(stay("Cy"), stay("Di"), stay("Ed"))
    slots = dict.fromkeys(("Cy", "Di", "Ed"), backwards.starts["Cy"])
    assert score_journeys(both, Timetable(starts=slots)).line("more_patients_than_places").by == 10


def test_more_places_at_once_than_the_search_can_count_are_refused() -> None:
    large = {**clinic().resources, "ward": Resource(capacity=5_000)}
    journeys = tuple(
        Journey(patient=p, tasks=(Task(name="t", minutes=5, needs=(Need(pools=("beds",), units=n),)),))
        for p, n in (("Cy", 600), ("Di", 401))
    )
    few = clinic(*journeys[:1], resources=large)
    assert first_come(few).left_out(few) == ()
    with pytest.raises(ProblemError, match="1001 places wanted"):
        first_come(clinic(*journeys, resources=large))


@pytest.mark.parametrize("seed", range(10))
def test_pins_slack_kept_places_and_overbooking_together_break_nothing_that_can_be_kept(seed: int) -> None:
    """What is pinned comes from a timetable without faults, so that all of it can be kept, whatever the search does with the rest."""
    problem = drawn(seed)
    before, luck = list_plan(problem), np.random.default_rng(seed)
    pins = tuple(Pinned(patient=p, task=t, slot=s) for p, slots in before.starts.items() for t, s in slots.items() if luck.random() < 0.3)
    held = replace(problem, pinned=pins)
    given = tables(held)
    state, mine = standing(held, given, before), hands(given, seed)
    assert timetable_of(held, given, state.start, state.who) == before
    for over in (0.0, 0.6):
        mine.floats[:] = Cooling(hot=20_000.0, cold=10.0).at(over)
        work(given, state, mine, SEARCH, 200)
        timetable = timetable_of(held, given, state.start, state.who)
        score = score_journeys(held, timetable)
        assert score.violations == 0, str(score)
        assert score.cost == int(state.cost.sum()) < NOWHERE
