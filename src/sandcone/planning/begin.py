"""A first plan: nurses in turn, then the patients who must come, those with the least choice first."""

from __future__ import annotations

import numpy as np

from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.planning.cooling import ALWAYS, CERTAIN, OFTEN, chances, floats, legs_for
from sandcone.planning.kernel import ANYBODY, DAYS, HARD, ROOMS, SHIFTS, Given, Small, State, search
from sandcone.planning.numbers import Numbers, numbers_of
from sandcone.planning.tables import settled

TRIES = 400  # places looked at for each patient
MOVING = frozenset({"another room", "another day", "another theatre", "swap places", "swap rooms", "swap days", "leave out"})
ROUNDS, STEPS, MOVES_EACH, FEW = 6, 25, 10_000, 200  # FEW: moves for each patient, where that is less
FREE = 1.0e7  # a temperature at which no cost counts
EASED, EASY = 40, 2.0  # steps while easing, and how far beyond the usual the price of broken rules rises
HOTTEST, COLDEST = 200.0, 5.0  # in units of broken rule, while mending


def first_nurses(given: Given) -> Small:
    """A nurse for every room and shift: those on duty take the rooms in turn, in the same order on every day."""
    rooms, shifts = int(given.sizes[ROOMS]), int(given.sizes[DAYS] * given.sizes[SHIFTS])
    care = np.zeros((rooms, shifts), dtype=np.int32)
    for shift in range(shifts):
        there = given.duty[given.duty_at[shift] : given.duty_at[shift + 1]]
        care[:, shift] = there[np.arange(rooms) * len(there) // rooms]
    return care.reshape(-1)


def first_state(problem: Problem, given: Given, seed: int, start: InpatientPlan | None = None) -> State:
    """A state to search from: the plan given, or an empty one, with everybody in who must come."""
    found = settled(problem, given, numbers_of(problem, given, start or InpatientPlan(), first_nurses(given)), seed)
    found.floats[:] = floats(0.0, CERTAIN)
    for p in np.argsort(given.day_count * given.room_count / (1 + given.nights[: len(given.must)]), kind="stable").tolist():
        if given.must[p] and found.day[p] < 0:
            search(given, found, TRIES, p)
    if start is not None:
        ease(given, found)
    mend(given, found)
    return found


def ease(given: Given, found: State) -> None:
    """Mend a plan that is mostly good: cool, with a price on broken rules that rises from little to more than anything."""
    found.chance[:] = ALWAYS
    cooling = legs_for(given).first[-1]
    for step in range(EASED):
        if found.register[HARD] == 0:
            return
        found.floats[:] = floats(5 * cooling.cold, cooling.price(step / (EASED - 1) * EASY))
        search(given, found, MOVES_EACH, ANYBODY)


def mend(given: Given, found: State) -> None:
    """Move those who are in until no rule is broken that may not be, whatever else it costs; tried with more and more patience."""
    found.chance[:] = chances({name: often for name, often in OFTEN.items() if name in MOVING})
    each = min(MOVES_EACH, FEW * (1 + len(given.must)))
    for patience in range(ROUNDS):
        for step in range(STEPS):
            if found.register[HARD] == 0:
                return
            found.floats[:] = floats(FREE, FREE / HOTTEST * (HOTTEST / COLDEST) ** (step / (STEPS - 1)))
            search(given, found, each << patience, ANYBODY)


def nobody(given: Given) -> Numbers:
    """Nobody admitted."""
    none = np.full(len(given.must), -1, dtype=np.int32)
    return Numbers(none, none.copy(), none.copy(), first_nurses(given))


def as_numbers(problem: Problem, found: State) -> Numbers:
    """The best plan of a state."""
    n = len(problem.patients)
    return Numbers(found.best_day[:n].copy(), found.best_room[:n].copy(), found.best_theatre[:n].copy(), found.best_care.copy())
