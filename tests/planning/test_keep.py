"""Planning again: what is fixed holds, what changes has its exact price, and what cannot be is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Hours, InpatientPlan, Problem
from sandcone.planning.begin import first_nurses, nobody
from sandcone.planning.cooling import OFTEN, chances, floats
from sandcone.planning.keep import Disturbance, Keep, NursePin, Pin, disturbance, starting
from sandcone.planning.kernel import ANYBODY, BEST, BEST_HARD, COST, HARD, State, search
from sandcone.planning.narrow import narrowed
from sandcone.planning.numbers import Numbers, numbers_of, plan_of
from sandcone.planning.score import score
from sandcone.planning.search import Found, Stop, plan_inpatients
from sandcone.planning.tables import BROKEN, settled, tables
from sandcone.reading.inpatients import read_problem
from tests.planning.test_score import IHTC, needs_ihtc
from tests.planning.test_search_exact import UNITS, made_up
from tests.planning.wards import nurse, occupant, patient, plan, ward

PRICE = Disturbance(day=23, room=7, theatre=3, left_out=101, nurse=2)
SHORT = Stop(moves=400_000)


def again(problem: Problem, keep: Keep, stop: Stop = SHORT, **more: object) -> Found:
    return plan_inpatients(problem, stop=stop, seed=4, cores=1, keep=keep, **more)  # type: ignore[arg-type]


def counted(problem: Problem, before: InpatientPlan, now: InpatientPlan, price: Disturbance) -> int:
    """What changed, counted from the two plans alone, person by person and room by room."""
    found, k = 0, len(problem.shifts)
    for p in problem.patients:
        a, b = before.admitted.get(p.name), now.admitted.get(p.name)
        if a and not b:
            found += price.left_out
        if a and b:
            found += sum(
                cost
                for what, cost in (("day", price.day), ("room", price.room), ("theatre", price.theatre))
                if getattr(a, what) != getattr(b, what)
            )
    for room in problem.rooms:
        for s in range(problem.days * k):
            people = [o for o in problem.occupants if o.room == room.name and s // k < o.nights]
            stays = [x for x in now.admissions if x.room == room.name and x.day <= s // k < x.day + problem.patient[x.patient].nights]
            was = before.care.get((room.name, s))
            if (people or stays) and was is not None and now.care[room.name, s] != was:
                found += price.nurse
    return found


def wandered(problem: Problem, seed: int) -> InpatientPlan:
    """Some plan to be the plan before; where the problem is impossible, it breaks rules."""
    given = tables(problem)
    found = settled(problem, given, nobody(given), seed)
    found.chance[:], found.floats[:] = chances(OFTEN), floats(100.0, 1e6)
    search(given, found, 3_000, ANYBODY)
    n = len(problem.patients)
    return plan_of(problem, Numbers(found.day[:n], found.room[:n], found.theatre[:n], found.care))


def random_keep(problem: Problem, seed: int) -> Keep:
    """A plan before with pins on some of its places, some nurses fixed, some days frozen."""
    luck = np.random.default_rng(seed)
    before = wandered(problem, seed)
    frozen = int(luck.integers(0, 2))
    pins = [
        Pin(patient=a.patient, day=a.day, room=a.room if luck.random() < 0.5 else None, theatre=a.theatre if luck.random() < 0.5 else None)
        for a in before.admissions
        if a.day >= frozen and luck.random() < 0.2
    ]
    pins += [Pin(patient=p.name, out=True) for p in problem.patients if p.name not in before.admitted and not p.mandatory][:1]
    nurses = [NursePin(room=r, shift=s, nurse=n) for (r, s), n in before.care.items() if luck.random() < 0.1]
    return Keep(before=before, pins=tuple(pins), nurse_pins=tuple(nurses), price=PRICE, frozen_until=frozen)


def check(problem: Problem, keep: Keep, found: State) -> None:
    """The running cost is the scorer's plus what is disturbed, and everything fixed holds."""
    n = len(problem.patients)
    assert keep.before is not None
    now = Numbers(found.day[:n], found.room[:n], found.theatre[:n], found.care)
    best = Numbers(found.best_day[:n], found.best_room[:n], found.best_theatre[:n], found.best_care)
    for numbers, cost, hard in ((now, COST, HARD), (best, BEST, BEST_HARD)):
        made = plan_of(problem, numbers)
        scored = score(problem, made)
        changed = counted(problem, keep.before, made, PRICE)
        assert changed == disturbance(problem, keep, made)
        assert found.register[cost] == scored.cost + changed
        wanted = sum(
            1 for pin in keep.pins if not pin.out and not problem.patient[pin.patient].mandatory and pin.patient not in made.admitted
        )
        broken = {line.rule: line.by for line in scored.must}
        assert found.register[hard] == sum(u * broken[r] for r, u in UNITS.items()) + wanted * BROKEN[4]
        holds(problem, keep, made)


def holds(problem: Problem, keep: Keep, made: InpatientPlan) -> None:
    """Pins hold for whoever is in, frozen days are as before."""
    assert keep.before is not None
    for pin in keep.pins:
        a = made.admitted.get(pin.patient)
        assert not (pin.out and a)
        for what in ("day", "room", "theatre"):
            assert a is None or getattr(pin, what) is None or getattr(a, what) == getattr(pin, what)
    for nurse_pin in keep.nurse_pins:
        assert made.care.get((nurse_pin.room, nurse_pin.shift), nurse_pin.nurse) == nurse_pin.nurse
    early = {a for a in made.admissions if a.day < keep.frozen_until}
    assert early <= {a for a in keep.before.admissions if a.day < keep.frozen_until}
    for (room, s), who in made.care.items():
        if s < keep.frozen_until * len(problem.shifts):
            assert keep.before.care.get((room, s), who) == who


@pytest.mark.parametrize("seed", range(30))
def test_the_running_cost_is_the_scorers_plus_what_is_disturbed_after_any_moves(seed: int) -> None:
    problem = made_up(seed)
    keep = random_keep(problem, seed)
    try:
        given = narrowed(problem, tables(problem), keep)
    except ProblemError:
        assert score(problem, keep.before or InpatientPlan()).violations  # what was impossible before cannot be kept
        return
    found = settled(problem, given, numbers_of(problem, given, starting(problem, keep, None), first_nurses(given)), seed)
    check(problem, keep, found)
    found.chance[:] = chances(OFTEN)
    for heat, price in ((500.0, 0.1), (50.0, 2.0), (5.0, 1e6)):
        found.floats[:] = floats(heat, price)
        for _ in range(8):
            search(given, found, 200, ANYBODY)
            check(problem, keep, found)


def test_a_state_made_from_a_plan_stands_at_that_plan_with_its_disturbance() -> None:
    problem = made_up(5)
    keep = Keep(before=wandered(problem, 5), price=PRICE)
    given = narrowed(problem, tables(problem), keep)
    other = wandered(problem, 6)
    stood = settled(problem, given, numbers_of(problem, given, other, first_nurses(given)), 1)
    assert stood.register[COST] == score(problem, other).cost + counted(problem, keep.before, other, PRICE)  # type: ignore[arg-type]


def test_a_change_must_save_more_than_its_price() -> None:
    here = ward(patient("Ann", release=0))
    late = plan(("Ann", 3, "R2", "T2"))  # three days late: 3 * 17 = 51
    assert again(here, Keep(before=late, price=Disturbance(day=52, left_out=999))).plan.admitted["Ann"].day == 3
    moved = again(here, Keep(before=late, price=Disturbance(day=50, left_out=999)))
    assert moved.plan.admitted["Ann"].day == 0
    assert (moved.cost, moved.disturbance) == (5 + 11, 50)


def test_an_unchanged_problem_and_a_high_price_change_nothing() -> None:
    here = made_up(2)
    before = plan_inpatients(here, stop=SHORT, seed=1, cores=1).plan
    found = again(here, Keep(before=before, price=Disturbance(day=9999, room=9999, theatre=9999, left_out=9999, nurse=9999)))
    assert found.disturbance == 0
    assert [a for a in before.admissions if found.plan.admitted[a.patient] != a] == []


def test_who_is_in_may_be_put_out_only_for_more_than_its_price() -> None:
    here = ward(patient("Ann", nights=2), weights=replace(ward().weights, left_out=1))
    before = plan(("Ann", 0, "R1", "T1"))  # costs 5 + 11, left out 1
    assert again(here, Keep(before=before, price=Disturbance(left_out=14))).plan.admissions == ()
    kept = again(here, Keep(before=before, price=Disturbance(left_out=16)))
    assert (len(kept.plan.admissions), kept.cost, kept.disturbance) == (1, 16, 0)


def test_a_nurse_changes_only_where_somebody_lies_and_only_for_more_than_the_price() -> None:
    wise = nurse("Wyn", skill=2)
    here = ward(patient("Ann", nights=1, skill=(2, 2)), nurses=(nurse(), wise))  # Nia lacks one level, 3 a shift
    before = plan(("Ann", 0, "R1", "T1"))
    keep = Keep(before=before, pins=(Pin(patient="Ann", day=0, room="R1", theatre="T1"),), price=Disturbance(nurse=4))
    assert {again(here, keep).plan.care["R1", s] for s in (0, 1)} == {"Nia"}
    changed = again(here, replace(keep, price=Disturbance(nurse=2)))
    assert ({changed.plan.care["R1", s] for s in (0, 1)}, changed.disturbance) == ({"Wyn"}, 4)


def test_a_pin_brings_in_who_would_be_left_out_and_an_out_pin_leaves_out_who_would_come() -> None:
    here = ward(patient("Ann"), patient("Bea"), weights=replace(ward().weights, left_out=15))  # in costs 16
    assert [a.patient for a in again(here, Keep(pins=(Pin(patient="Bea", day=3),))).plan.admissions] == ["Bea"]
    dear = replace(here, weights=replace(here.weights, left_out=99))
    found = again(dear, Keep(pins=(Pin(patient="Bea", out=True),)))
    assert [a.patient for a in found.plan.admissions] == ["Ann"]
    assert found.cost == 5 + 11 + 99


def test_pins_on_day_room_theatre_and_nurse_hold() -> None:
    here = ward(patient("Ann"), patient("Bea"), nurses=(nurse(), nurse("Wyn", skill=2)))
    pins = (Pin(patient="Ann", day=3, room="R2", theatre="T2"), Pin(patient="Bea", theatre="T1"))
    found = again(here, Keep(pins=pins, nurse_pins=(NursePin(room="R2", shift=7, nurse="Wyn"),)))
    ann, bea = found.plan.admitted["Ann"], found.plan.admitted["Bea"]
    assert (ann.day, ann.room, ann.theatre, bea.theatre) == (3, "R2", "T2", "T1")
    assert found.plan.care["R2", 7] == "Wyn"
    assert score(here, found.plan).violations == 0


def test_frozen_days_stay_as_they_were_and_nobody_else_comes_on_them() -> None:
    here = ward(patient("Ann"), patient("Bea", release=2, surgeon="Rao"), patient("Cat", due=4))
    before = plan(("Ann", 1, "R2", "T2"), ("Bea", 3, "R1", "T1"))  # Ann would come a day earlier, were it not frozen
    found = again(here, Keep(before=before, frozen_until=2))
    assert found.plan.admitted["Ann"] == before.admitted["Ann"]
    assert found.plan.admitted["Bea"].day == 2
    assert found.plan.admitted["Cat"].day == 3  # Sen is away on day 2


@pytest.mark.parametrize(
    ("pins", "says"),
    [
        ((Pin(patient="Zoe", day=1),), "'Zoe'.*no patient"),
        ((Pin(patient="Ann", day=9),), "'Ann'.*day 9.*days 0 to 4"),
        ((Pin(patient="Ann", day=2),), "'Ann'.*needs 60 minutes; surgeon 'Sen'.*have 0 on day 2"),
        ((Pin(patient="Ann", day=1, theatre="T1"),), "theatre 'T1' together have 0"),
        ((Pin(patient="Ann", room="R9"),), "no room is called 'R9'"),
        ((Pin(patient="Ann", theatre="T9"),), "no operating theatre is called 'T9'"),
        ((Pin(patient="Bob", room="R1"),), "'Bob'.*does not suit"),
        ((Pin(patient="Flo", day=3),), "'Flo'.*no room suits"),
        ((Pin(patient="Dot", out=True),), "'Dot'.*must be treated"),
        ((Pin(patient="Ann", out=True, day=1),), "left out, and given a place"),
        ((Pin(patient="Ann", day=1), Pin(patient="Ann", day=3)), "'Ann'.*fixed twice"),
        ((Pin(patient="Ann", day=0), Pin(patient="Dot", day=0)), "surgeon 'Sen', day 0.*need 120 minutes, and there are 100: Ann, Dot"),
        (
            (Pin(patient="Ann", day=1, room="R2"), Pin(patient="Bob", day=2, room="R2")),
            "room 'R2', day 2.*men and women together: Ann, Bob",
        ),
        (
            (Pin(patient="Ann", day=0, room="R1"), Pin(patient="Eva", day=1, room="R1")),
            "room 'R1', day 1.*3 people and 2 beds: Olu, Ann, Eva",
        ),
    ],
)
def test_an_impossible_pin_is_refused_with_who_and_what(pins: tuple[Pin, ...], says: str) -> None:
    bob = patient("Bob", gender="B", surgeon="Rao", unfit_rooms=frozenset({"R1"}))
    flo = patient("Flo", unfit_rooms=frozenset({"R1", "R2"}))
    here = ward(patient("Ann"), bob, patient("Dot", due=4), patient("Eva", surgeon="Rao"), flo, occupants=(occupant(),))
    with pytest.raises(ProblemError, match=says):
        again(here, Keep(pins=pins))


@pytest.mark.parametrize("frozen", [0, 1])
def test_who_had_a_room_that_suits_no_more_is_left_out_and_the_others_stay(frozen: int) -> None:
    here = ward(patient("Ann", unfit_rooms=frozenset({"R1", "R2"})), patient("Bea", minutes=20))
    found = again(here, Keep(before=plan(("Ann", 3, "R1", "T2"), ("Bea", 3, "R2", "T2")), frozen_until=frozen, price=PRICE))
    assert set(found.plan.admitted) <= {"Bea"}
    assert (found.broken, score(here, found.plan).violations) == (0, 0)


def test_impossible_nurse_pins_are_refused() -> None:
    here = ward(patient("Ann"), nurses=(nurse(), replace(nurse("Wyn"), most={3: 5})))
    for pin, says in (
        (NursePin(room="R1", shift=4, nurse="Wyn"), "'Wyn' is not on duty in shift 4.*On duty there: Nia"),
        (NursePin(room="R1", shift=4, nurse="Zac"), "no nurse is called 'Zac'"),
        (NursePin(room="R7", shift=4, nurse="Nia"), "no room is called 'R7'"),
    ):
        with pytest.raises(ProblemError, match=says):
            again(here, Keep(nurse_pins=(pin,)))
    both = (NursePin(room="R1", shift=3, nurse="Wyn"), NursePin(room="R1", shift=3, nurse="Nia"))
    with pytest.raises(ProblemError, match="fixed twice"):
        again(here, Keep(nurse_pins=both))


def test_who_must_come_on_a_frozen_day_and_a_price_below_nothing_are_refused() -> None:
    with pytest.raises(ProblemError, match=r"'Ann'.*must come by day 1, and days before 2 are frozen"):
        again(ward(patient("Ann", due=1)), Keep(before=InpatientPlan(), frozen_until=2))
    with pytest.raises(ProblemError, match="day: -1"):
        Disturbance(day=-1)
    with pytest.raises(ProblemError, match="up to 1,000,000,000,000"):
        Disturbance(day=10**19)


def test_a_plan_before_may_name_what_is_no_longer_there() -> None:
    here = ward(patient("Ann"), patient("Bea", release=1))
    before = plan(("Ann", 0, "R9", "T1"), ("Gus", 0, "R1", "T1"), ("Bea", 1, "R1", "T9"), care={("R1", 2): "Gone", ("R9", 2): "Nia"})
    found = again(here, Keep(before=before, price=PRICE))
    assert score(here, found.plan).violations == 0
    assert found.disturbance == counted(here, before, found.plan, PRICE)


def test_a_start_whose_theatre_closes_and_whose_nurse_is_gone_is_mended() -> None:
    here = ward(patient("Ann", due=4), patient("Bea", surgeon="Rao"))
    shut = replace(here, theatres=(Hours(name="T1", minutes=(0,) * 5), here.theatres[1]), nurses=(nurse("Wyn"),))
    found = plan_inpatients(shut, stop=SHORT, seed=1, cores=1, start=plan(("Ann", 0, "R1", "T1"), ("Bea", 0, "R1", "T1")))
    assert score(shut, found.plan).violations == 0
    assert {a.theatre for a in found.plan.admissions} == {"T2"}


@needs_ihtc
def test_the_largest_ward_is_planned_again_around_a_closed_theatre() -> None:
    here = read_problem(IHTC / "instances" / "i26.json")
    before = plan_inpatients(here, stop=Stop(moves=1_000_000), seed=1, cores=1).plan
    first = here.theatres[0]
    shut = replace(here, theatres=(replace(first, minutes=(*first.minutes[:8], 0, *first.minutes[9:])), *here.theatres[1:]))
    found = again(shut, Keep(before=before, price=Disturbance(day=20, room=10, theatre=5, left_out=50, nurse=1), frozen_until=5))
    scored = score(shut, found.plan)
    assert (scored.violations, scored.cost) == (0, found.cost)
    assert [a for a in before.admissions if a.day < 5 and found.plan.admitted[a.patient] != a] == []
