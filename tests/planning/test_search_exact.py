"""The search's running cost is the scorer's cost, move after move: on tiny made-up wards and on the competition's instances."""

from __future__ import annotations

import numpy as np
import pytest

from sandcone.core.inpatient import Hours, Inpatient, Nurse, Occupant, Problem, Room, Weights
from sandcone.planning import kernel
from sandcone.planning.begin import first_state
from sandcone.planning.cooling import OFTEN, chances, floats
from sandcone.planning.kernel import ANYBODY, BEST, BEST_HARD, COST, HARD, NAMES, PROPOSED, State, search
from sandcone.planning.numbers import Numbers, plan_of
from sandcone.planning.score import score
from sandcone.planning.tables import BROKEN, settled, tables
from sandcone.reading.inpatients import read_problem
from tests.planning.test_score import IHTC, needs_ihtc

UNITS = dict(
    zip(
        ("genders_share_a_room", "more_people_than_beds", "surgeon_over_time", "theatre_over_time", "must_come_and_does_not"),
        BROKEN,
        strict=True,
    )
)


def made_up(seed: int) -> Problem:
    """A small ward drawn at random: 1 to 3 shifts a day, nurses who may work twice a day, weights that differ."""
    luck = np.random.default_rng(seed)
    days, shifts, levels = int(luck.integers(3, 8)), int(luck.integers(1, 4)), int(luck.integers(1, 5))
    rooms, ages = int(luck.integers(1, 5)), int(luck.integers(1, 6))
    beds = [int(luck.integers(1, 5)) for _ in range(rooms)]
    free = beds[:]

    def person(nights: int) -> dict[str, object]:
        return {
            "age": int(luck.integers(ages)),
            "nights": nights,
            "load": tuple(int(x) for x in luck.integers(0, 4, nights * shifts)),
            "skill": tuple(int(x) for x in luck.integers(0, levels, nights * shifts)),
        }

    occupants = []
    for i in range(int(luck.integers(0, 4))):
        r = int(luck.integers(rooms))
        if free[r] > 0:
            free[r] -= 1
            occupants.append(Occupant(name=f"o{i}", gender="AB"[r % 2], room=f"r{r}", **person(int(luck.integers(1, days + 1)))))  # type: ignore[arg-type]
    surgeons = [Hours(name=f"s{i}", minutes=tuple(int(x) for x in luck.choice([0, 120, 240, 360], days))) for i in range(2)]
    theatres = [
        Hours(name=f"t{i}", minutes=tuple(int(x) for x in luck.choice([0, 180, 480], days))) for i in range(int(luck.integers(1, 4)))
    ]
    patients = []
    for i in range(int(luck.integers(1, 16))):
        release = int(luck.integers(days))
        due = int(luck.integers(release, days)) if luck.random() < 0.4 else None
        unfit = frozenset(f"r{r}" for r in range(1, rooms) if luck.random() < 0.2)
        patients.append(
            Inpatient(
                name=f"p{i}",
                gender="AB"[int(luck.integers(2))],
                release=release,
                due=due,
                minutes=int(luck.choice([30, 60, 90, 120])),
                surgeon=f"s{luck.integers(2)}",
                unfit_rooms=unfit,
                **person(int(luck.integers(1, days + 2))),  # type: ignore[arg-type]
            )
        )
    nurses = [Nurse(name="always", skill=0, most=dict.fromkeys(range(days * shifts), 3))]
    for i in range(int(luck.integers(1, 6))):
        on = [s for s in range(days * shifts) if luck.random() < 0.5]
        nurses.append(Nurse(name=f"n{i}", skill=int(luck.integers(levels)), most={s: int(luck.integers(1, 9)) for s in on}))
    weights = Weights(mixed_ages=2, skill_short=3, nurses_met=5, overload=7, open_theatre=11, surgeon_moves=13, delay=17, left_out=190)
    return Problem(
        days=days,
        shifts=("early", "late", "night")[:shifts],
        ages=("a", "b", "c", "d", "e")[:ages],
        weights=weights,
        occupants=tuple(occupants),
        patients=tuple(patients),
        surgeons=tuple(surgeons),
        theatres=tuple(theatres),
        rooms=tuple(Room(name=f"r{i}", beds=b) for i, b in enumerate(beds)),
        nurses=tuple(nurses),
        name=f"made up {seed}",
    )


def same_as_the_scorer(problem: Problem, found: State) -> None:
    """The running cost and what is broken, of the plan as it stands and of the best so far."""
    n = len(problem.patients)
    now = Numbers(found.day[:n], found.room[:n], found.theatre[:n], found.care)
    best = Numbers(found.best_day[:n], found.best_room[:n], found.best_theatre[:n], found.best_care)
    for numbers, cost, hard in ((now, COST, HARD), (best, BEST, BEST_HARD)):
        scored = score(problem, plan_of(problem, numbers))
        broken = {line.rule: line.by for line in scored.must}
        assert scored.cost == found.register[cost]
        assert sum(units * broken[rule] for rule, units in UNITS.items()) == found.register[hard]
        assert sum(by for rule, by in broken.items() if rule not in UNITS) == 0


def walk(problem: Problem, *, seed: int, moves: int, looks: int) -> State:
    """A walk that is hot and lenient, then warm, then strict and cold, with the scorer asked on the way."""
    given = tables(problem)
    found = first_state(problem, given, seed)
    same_as_the_scorer(problem, found)
    found.chance[:] = chances(OFTEN)
    for heat, price in ((500.0, 0.1), (50.0, 2.0), (5.0, 1e6)):
        found.floats[:] = floats(heat, price)
        for _ in range(looks):
            search(given, found, moves // (3 * looks), ANYBODY)
            same_as_the_scorer(problem, found)
    return found


@pytest.mark.parametrize("seed", range(30))
def test_on_a_made_up_ward_the_running_cost_is_the_scorers_after_any_moves(seed: int) -> None:
    walk(made_up(seed), seed=seed, moves=6_000, looks=10)


def test_on_a_made_up_ward_single_accepted_moves_are_exact() -> None:
    problem = made_up(3)
    given = tables(problem)
    found = first_state(problem, given, 5)
    found.chance[:] = chances(OFTEN)
    found.floats[:] = floats(1000.0, 0.1)
    for _ in range(300):
        search(given, found, 1, ANYBODY)
        same_as_the_scorer(problem, found)


@pytest.mark.parametrize("seed", range(10))
def test_a_state_made_from_a_plan_stands_at_that_plan(seed: int) -> None:
    problem = made_up(seed)
    found, given, n = walk(problem, seed=seed, moves=3_000, looks=1), tables(problem), len(problem.patients)
    again = settled(problem, given, Numbers(found.day[:n], found.room[:n], found.theatre[:n], found.care), 9)
    for one, other in ((found.day, again.day), (found.room, again.room), (found.theatre[:n], again.theatre[:n]), (found.met, again.met)):
        assert one.tolist() == other.tolist()
    assert again.register[[COST, HARD]].tolist() == found.register[[COST, HARD]].tolist()
    same_as_the_scorer(problem, again)


@needs_ihtc
@pytest.mark.parametrize("name", ["test03", "i01", "i08", "i16", "i24"])
def test_on_the_competitions_instances_the_running_cost_is_the_scorers_after_many_moves(name: str) -> None:
    problem = read_problem(IHTC / "instances" / f"{name}.json")
    found = walk(problem, seed=1, moves=150_000, looks=1)
    tried = found.counts.reshape(len(NAMES), -1)[:, PROPOSED]
    assert [n for n, times in zip(NAMES, tried, strict=True) if times == 0] == []


def test_the_search_is_compiled_so_that_no_references_are_counted() -> None:
    compiled = [f for f in vars(kernel).values() if hasattr(f, "targetoptions")]
    assert len(compiled) > 30
    assert all(f.targetoptions["_nrt"] is False and f.targetoptions["nogil"] for f in compiled)
    assert [f.__name__ for f in compiled if not f.targetoptions.get("forceinline")] == ["search"]  # all else is part of it
