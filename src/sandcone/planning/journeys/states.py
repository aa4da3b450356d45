"""A timetable as the numbers the kernel works on, there and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

import numpy as np

from sandcone.core.journey import Slot
from sandcone.core.journeys import Journeys, Timetable
from sandcone.planning.journeys.kernel import (
    CELLS,
    COUNTS,
    FROM,
    GRID,
    KINDS,
    MASK,
    ME,
    MOST_NEEDS,
    MOST_OUT,
    MOST_TASKS,
    OFTEN,
    OUT_W,
    PAINS,
    REGISTERS,
    RESOURCES,
    SHIFT,
    TAKE_UP,
    TO,
    WINDOW,
    Given,
    Mine,
    Small,
    State,
    work,
)


def empty(given: Given) -> State:
    """Nobody booked."""
    cells = int(given.sizes[RESOURCES] * given.sizes[CELLS])
    tasks, needs = len(given.minutes), len(given.word)
    return State(
        start=np.full(tasks, -1, dtype=np.int32),
        who=np.full(needs, -1, dtype=np.int32),
        used=np.zeros(cells, dtype=np.int32),
        owner=np.full(cells, -1, dtype=np.int32),
        cost=given.weights[OUT_W] * given.urgent,
        whose=np.where(given.firm == 2, -1, 0).astype(np.int32),
    )


def copied(state: State) -> State:
    """A state of its own with the same timetable."""
    start, who, used, owner = (x.copy() for x in (state.start, state.who, state.used, state.owner))
    return State(start=start, who=who, used=used, owner=owner, cost=state.cost.copy(), whose=state.whose.copy())


def alone(given: Given) -> Given:
    """The tables of a house in which nobody is in anybody's way."""
    return given._replace(places=np.full_like(given.places, 2**10), expected=np.full_like(given.expected, MASK))


def full(given: Given, state: State, resource: int, part: slice, word: int) -> np.ndarray:
    """In which of these cells a resource has no place for what ``word`` takes."""
    used = state.used[part] + word
    return np.asarray((used >> SHIFT > given.places[resource]) | (used & MASK > given.expected[resource]))


def hands(given: Given, key: int, *, me: int = 0, pains: bool = True) -> Mine:
    """What one core works with: all days its own. ``pains``: chance has a part in how paths are built."""
    window = np.zeros(WINDOW, dtype=np.int64)
    window[FROM], window[TO], window[ME], window[PAINS] = 0, given.sizes[CELLS], me, pains
    one, needs, out = (np.full(n, -1, dtype=np.int32) for n in (MOST_TASKS, MOST_NEEDS, MOST_OUT))
    return Mine(
        at=one,
        low=one.copy(),
        order=one.copy(),
        by=needs,
        best_at=one.copy(),
        best_by=needs.copy(),
        out=out,
        kept_at=np.full(MOST_OUT * MOST_TASKS, -1, dtype=np.int32),
        kept_by=np.full(MOST_OUT * MOST_NEEDS, -1, dtype=np.int32),
        kept_cost=np.zeros(MOST_OUT, dtype=np.int64),
        queue=np.zeros(len(given.release), dtype=np.int32),
        window=window,
        register=np.zeros(REGISTERS, dtype=np.int64),
        floats=np.zeros(OFTEN + KINDS),
        random=np.array([key], dtype=np.uint64),
        counts=np.zeros(KINDS * COUNTS, dtype=np.int64),
    )


def book(given: Given, state: State, mine: Mine, what: int, queue: Sequence[int] | Small) -> None:
    """Let the kernel book some patients, in this order; what is pinned of those whose turn is still to come has its place meanwhile."""
    turns = [int(p) for p in queue]
    kept = {p: tuple(pinned_places(given, p)) for p in turns if given.firm[p] and state.start[given.task_at[p]] < 0}
    for part, word in chain.from_iterable(kept.values()):
        state.used[part] += word
    for _, some in groupby(turns, key=lambda p: (int(given.firm[p]), p if given.firm[p] == 1 else -1)):
        several = list(some)  # one by one, those of whom a part is pinned: what is free of one must not take what is pinned of the next
        for part, word in chain.from_iterable(kept.get(p, ()) for p in several):
            state.used[part] -= word
        mine.queue[: len(several)] = several
        work(given, state, mine, what, len(several))


def pinned_places(given: Given, p: int) -> Iterator[tuple[slice, int]]:
    """The cells that what is pinned of a patient takes at least, and what it takes of each."""
    for q in range(given.need_at[given.task_at[p]], given.need_at[given.task_at[p + 1]]):
        r, begin = int(given.pin_who[q]), int(given.pin[given.task_of[q]])
        if begin >= 0:
            yield cells_of(given, r, begin, pinned_until(given, q, r)), int(given.word[q])


def pinned_until(given: Given, q: int, r: int) -> int:
    """The cell at which a pinned need gives its place back at the soonest."""
    t, grid = int(given.task_of[q]), int(given.sizes[GRID])
    minutes = int(given.minutes[t]) if given.until[q] == t else int(given.hold[q]) * grid
    return int(given.pin[t]) - (-(minutes + int(given.turn[r])) // grid)


def cells_of(given: Given, r: int, begin: int, end: int) -> slice:
    """The cells of a resource from one up to another, within the days."""
    cells = int(given.sizes[CELLS])
    return slice(r * cells + min(begin, cells), r * cells + min(end, cells))


def taken_up(given: Given, start: Small, who: Small) -> State:
    """The state in which everybody is where these numbers say."""
    found = empty(given)
    found.start[:], found.who[:] = start, who
    work(given, found, hands(given, 0, pains=False), TAKE_UP, len(given.release))
    return found


def state_of(problem: Journeys, given: Given, timetable: Timetable) -> State:
    """A timetable as a state; whatever is not a multiple of the grid is moved down to one."""
    return taken_up(given, *numbers_of(problem, given, timetable))


def numbers_of(problem: Journeys, given: Given, timetable: Timetable) -> tuple[Small, Small]:
    """A timetable as a cell by task and a resource by need, -1 for who is left out; what is outside the days begins as they end."""
    number = {r: i for i, r in enumerate(problem.resources)}
    start, who = np.full(len(given.minutes), -1, dtype=np.int32), np.full(len(given.word), -1, dtype=np.int32)
    for i, j in enumerate(problem.journeys):
        for t, task in enumerate(j.tasks, int(given.task_at[i])):
            if j.patient in timetable.starts:
                slot = timetable.starts[j.patient][task.name]
                start[t] = slot.minute // problem.grid if 0 <= slot.minute < problem.minutes else problem.minutes // problem.grid
                who[given.need_at[t] : given.need_at[t + 1]] = [number[r] for r in slot.resources]
    return start, who


def timetable_of(problem: Journeys, given: Given, start: Small, who: Small, only: Iterable[int] | None = None) -> Timetable:
    """Numbers as a timetable, of all patients or of some."""
    names, cells, ones = list(problem.resources), start.tolist(), who.tolist()
    tasks, needs = given.task_at.tolist(), given.need_at.tolist()
    starts: dict[str, dict[str, Slot]] = {}
    for i in range(len(problem.journeys)) if only is None else only:
        if cells[tasks[i]] >= 0:
            j = problem.journeys[i]
            starts[j.patient] = {
                task.name: Slot(minute=cells[t] * problem.grid, resources=tuple(names[r] for r in ones[needs[t] : needs[t + 1]]))
                for t, task in enumerate(j.tasks, tasks[i])
            }
    return Timetable(starts=starts)


def whose(given: Given, state: State, cuts: Sequence[int]) -> Small:
    """Which core may move each patient, where core i has the cells from cut i up to cut i + 1: the one in whose days all of them lie.

    Patients who are left out go round; -1 is for those who lie in the days of two, and those whose tasks are all pinned.
    """
    grid, begins = given.sizes[GRID], given.task_at[:-1]
    until = np.asarray(given.until)
    ends = state.start + given.span
    kept = state.start[until] + -(-(given.minutes[until] + given.turn[state.who]) // grid)
    np.maximum.at(ends, given.task_of, kept.astype(np.int32))
    first, last = np.minimum.reduceat(state.start, begins), np.maximum.reduceat(ends, begins)
    found = np.searchsorted(cuts, first, side="right") - 1
    inside = np.minimum(last, cuts[-1]) <= np.asarray(cuts)[found + 1]
    out = np.where(given.firm == 0, np.arange(len(begins)) % (len(cuts) - 1), _of_the_pins(given, cuts))
    out = np.where((given.firm > 0) | (given.release < np.asarray(cuts)[out + 1] * grid), out, -1)
    return np.where(given.firm == 2, -1, np.where(first < 0, out, np.where(inside, found, -1))).astype(np.int32)


def _of_the_pins(given: Given, cuts: Sequence[int]) -> np.ndarray:
    """The core in whose days all pinned tasks of each patient lie, -1 where they lie in the days of two."""
    begins, pinned = given.task_at[:-1], given.pin >= 0
    first = np.minimum.reduceat(np.where(pinned, given.pin, cuts[-1]), begins)
    most = -(-(given.minutes + given.turn.max(initial=0)) // given.sizes[GRID])
    last = np.minimum(np.maximum.reduceat(np.where(pinned, given.pin + most, 0), begins), cuts[-1])
    found = np.clip(np.searchsorted(cuts, first, side="right") - 1, 0, len(cuts) - 2)
    return np.where(last <= np.asarray(cuts)[found + 1], found, -1)
