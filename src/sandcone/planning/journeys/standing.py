"""Who of a timetable can stay where they are when the house or the pins are no longer those it was made for; the rest are booked anew."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sandcone.core.journeys import Journeys, Timetable
from sandcone.planning.journeys.kernel import CELLS, GRID, LIST, NOWHERE, Given, Small, State
from sandcone.planning.journeys.states import book, cells_of, empty, full, hands, numbers_of, pinned_places, pinned_until, taken_up

Taken = tuple[int, slice, int]  # resource, cells, what is taken of each


def standing(problem: Journeys, given: Given, timetable: Timetable) -> State:
    """The timetable as a state, but for those who would break a rule in it: they are booked anew, one by one, where there is room.

    What is pinned stays. Of two patients in one place, who was released first keeps it. Whoever was left out is tried too; who has a
    pinned task comes first, as nobody else may have its place. ``ProblemError`` where the timetable names what the problem does not have.
    """
    start, who = numbers_of(problem, given, timetable.fits(problem))
    seen, out = empty(given), []
    for p in np.flatnonzero(given.firm).tolist():
        for part, word in pinned_places(given, p):
            seen.used[part] += word
    for p in np.lexsort((given.release, -given.firm)).tolist():
        if start[given.task_at[p]] < 0 or not _stays(given, seen, p, start, who):
            out.append(p)
    for p in out:
        start[given.task_at[p] : given.task_at[p + 1]] = -1
    found = taken_up(given, start, who)
    book(given, found, hands(given, 0, pains=False), LIST, out)
    return found


def _stays(given: Given, seen: State, p: int, start: Small, who: Small) -> bool:
    """Whether a patient breaks no rule beside those seen before; if so, what the patient takes beyond what is pinned is noted."""
    if not _by_itself(given, p, start, who) or (given.firm[p] < 2 and not _together(given, p, start, who)):
        return False
    noted: list[Taken] = []
    for r, part, word in _taken(given, p, start, who):
        if full(given, seen, r, part, word).any():
            for _, back, less in noted:
                seen.used[back] -= less
            return False
        seen.used[part] += word
        noted.append((r, part, word))
    return True


def _taken(given: Given, p: int, start: Small, who: Small) -> Iterator[Taken]:
    """What each need takes, of a pinned one only what it is kept longer than it has to be."""
    grid = int(given.sizes[GRID])
    for q in range(given.need_at[given.task_at[p]], given.need_at[given.task_at[p + 1]]):
        r, u, t = int(who[q]), int(given.until[q]), int(given.task_of[q])
        end = -(-(int(start[u]) * grid + int(given.minutes[u]) + int(given.turn[r])) // grid)
        begin = pinned_until(given, q, r) if given.pin[t] >= 0 else int(start[t])
        if begin < end:
            yield r, cells_of(given, r, begin, end), int(given.word[q])


def _by_itself(given: Given, p: int, start: Small, who: Small) -> bool:
    """Whether each task is where its pin says, or else within the days, after release, with open members of its pools."""
    grid, cells = int(given.sizes[GRID]), int(given.sizes[CELLS])
    for t in range(given.task_at[p], given.task_at[p + 1]):
        a, needs = int(start[t]), range(given.need_at[t], given.need_at[t + 1])
        if given.pin[t] >= 0:
            if a != given.pin[t] or any(who[q] != given.pin_who[q] for q in needs):
                return False
        elif not -(-int(given.release[p]) // grid) <= a <= cells - given.span[t] or not all(_open(given, q, int(who[q]), a) for q in needs):
            return False
    return True


def _open(given: Given, q: int, r: int, a: int) -> bool:
    """Whether a resource can meet a need at all, and is open long enough from a cell on."""
    can = r in given.member[given.member_at[q] : given.member_at[q + 1]]
    return bool(can and given.run[given.pattern[r] + a] >= given.span[given.task_of[q]])


def _together(given: Given, p: int, start: Small, who: Small) -> bool:
    """Whether no two tasks are at once, and every link holds."""
    f, e, grid, day = int(given.task_at[p]), int(given.task_at[p + 1]), int(given.sizes[GRID]), 1440
    order = np.argsort(start[f:e], kind="stable") + f
    if (start[order[:-1]] + given.span[order[:-1]] > start[order[1:]]).any():
        return False
    for k in range(given.link_at[p], given.link_at[p + 1]):
        b, a = int(given.link_before[k]), int(given.link_after[k])
        one, other = int(start[b]) * grid, int(start[a]) * grid
        gap = other - one - int(given.minutes[b])
        if gap < given.link_least[k] or (given.link_most[k] < NOWHERE and gap > given.link_most[k]):
            return False
        if given.link_day[k] and one // day != other // day:
            return False
        x, y = int(given.link_one_before[k]), int(given.link_one_after[k])
        if x >= 0 and y >= 0 and who[x] != who[y]:
            return False
    return True
