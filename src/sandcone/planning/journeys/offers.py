"""Whole-path offers for a new patient, each with what it costs the others: the question at the desk while the patient waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sandcone.core.errors import ProblemError
from sandcone.core.journey import Journey, Slot
from sandcone.core.journeys import DAY, Journeys, Timetable
from sandcone.planning.journeys.kernel import (
    CELLS,
    DROP,
    FIRST_COME,
    FROM,
    GRID,
    LIST,
    NEVER,
    OFFER,
    OFFERED,
    Given,
    Mine,
    Small,
    State,
)
from sandcone.planning.journeys.states import alone, book, copied, empty, full, hands, state_of, timetable_of
from sandcone.planning.journeys.tables import tables

ROUNDS = 20  # how often somebody more is found in the way


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A whole path for one patient: what it costs the patient, what it costs the others, and where those would go who make room.

    Costs are in minutes of waiting. ``moved`` maps the others to their new slots; nobody is asked before a person has agreed.
    """

    patient: str
    slots: Mapping[str, Slot]
    cost: int
    to_others: int = 0
    moved: Mapping[str, Mapping[str, Slot]]

    def taken(self, timetable: Timetable) -> Timetable:
        """The timetable if the offer is taken. ``ProblemError`` where the patient has a path in it already."""
        if self.patient in timetable.starts:
            raise ProblemError("offer", "the patient is in the timetable already", "Take the old path out first.")
        return Timetable(starts={**timetable.starts, **self.moved, self.patient: self.slots})


class Desk:
    """A timetable made ready for questions: build it once, ask for each new patient."""

    def __init__(self, problem: Journeys, timetable: Timetable) -> None:
        self.problem, self.timetable, self.given = problem, timetable.fits(problem), tables(problem)
        self.state = state_of(problem, self.given, timetable)

    def take(self, offer: Offer) -> None:
        """Book an offer, and go on from there; the patient is in the problem. ``ProblemError`` as for ``Offer.taken``."""
        self.timetable = offer.taken(self.timetable).fits(self.problem)
        self.state = state_of(self.problem, self.given, self.timetable)

    def options(self, journey: Journey, n: int = 3) -> tuple[Offer, ...]:
        """Up to ``n`` whole paths for a new patient, the cheapest for everybody together first.

        They are taken from the soonest path, the cheapest on each of some first days and, if others can make room, one path where they do;
        that one never pushes out the cheapest that moves nobody. ``ProblemError`` where the journey is beyond what the problem or the
        search can hold.
        """
        one = replace(self.problem, journeys=(journey,), pinned=())
        given = tables(one, self.given)
        room = list(self._with_room(one, given))
        unlike = {tuple((t, s.minute, s.resources) for t, s in o.slots.items()): o for o in self._without_moving(one, given, n)}
        best = sorted(unlike.values(), key=lambda o: o.cost)[: max(n - len(room), 1)] + room
        return tuple(sorted(best, key=lambda o: o.cost + o.to_others)[: max(n, 0)])

    def _without_moving(self, one: Journeys, given: Given, n: int) -> Iterator[Offer]:
        """The soonest path, then the cheapest on each of some first days."""
        state, mine = self._beside(given, self.state), hands(given, 0, pains=False)
        book(given, state, mine, FIRST_COME, [0])
        if state.start[0] >= 0:
            yield _offer(one, given, state.start, state.who, int(state.cost[0]))
            book(given, state, mine, DROP, [0])
        for _ in range(n):
            if not _looked(given, state, mine):
                return
            start, who = mine.best_at[: len(given.minutes)], mine.best_by[: len(given.word)]
            yield _offer(one, given, start, who, int(mine.register[OFFERED]))
            mine.window[FROM] = (int(start.min()) * one.grid // DAY + 1) * DAY // one.grid

    def _with_room(self, one: Journeys, given: Given) -> Iterator[Offer]:
        """The path the patient would have alone in the house, if those who are in the way can go elsewhere."""
        empty_house = alone(given)
        mine = hands(given, 0, pains=False)
        if not _looked(empty_house, empty(empty_house), mine):
            return
        start, who = mine.best_at[: len(given.minutes)].copy(), mine.best_by[: len(given.word)].copy()
        others = copied(self.state)
        moved = self._make_room(given, others, start, who)
        if not moved or len(moved) > ROUNDS:
            return
        before, cost = int(self.state.cost[moved].sum()), int(mine.register[OFFERED])
        newcomer = self._beside(given, others)
        pinned = given._replace(pin=start, pin_who=who, firm=np.full_like(given.firm, 2))
        book(pinned, newcomer, hands(given, 0, pains=False), LIST, [0])
        book(self.given, others, hands(self.given, 0, pains=False), LIST, moved)
        if any(others.start[self.given.task_at[p]] < 0 <= self.state.start[self.given.task_at[p]] for p in moved):
            return
        slots = timetable_of(self.problem, self.given, others.start, others.who, moved).starts
        yield replace(_offer(one, given, start, who, cost), to_others=int(others.cost[moved].sum()) - before, moved=slots)

    def _make_room(self, given: Given, others: State, start: Small, who: Small) -> list[int]:
        """Take out those who are in the way; who they are, or more than ``ROUNDS`` where somebody cannot be moved."""
        moved: list[int] = []
        mine = hands(self.given, 0, pains=False)
        while len(moved) <= ROUNDS:
            p = self._in_the_way(given, others, start, who)
            if p is None:
                return moved
            if p < 0 or self.given.firm[p]:
                break
            book(self.given, others, mine, DROP, [p])
            moved.append(p)
        return [*moved, *[-1] * (ROUNDS + 1)]

    def _in_the_way(self, given: Given, others: State, start: Small, who: Small) -> int | None:
        """Somebody who has a place that the path needs; None where it is free, -1 where it is not known who."""
        cells, grid = int(given.sizes[CELLS]), int(given.sizes[GRID])
        for q, r in enumerate(who.tolist()):
            u = int(given.until[q])
            end = min(-(-(int(start[u]) * grid + int(given.minutes[u]) + int(given.turn[r])) // grid), cells)
            part = slice(r * cells + int(start[given.task_of[q]]), r * cells + end)
            taken = full(given, others, r, part, int(given.word[q]))
            if taken.any():
                names = others.owner[part][taken]
                return int(max(names.max(), -1))
        return None

    def _beside(self, given: Given, others: State) -> State:
        """A state for the newcomer alone, in the house as the others use it."""
        fresh = empty(given._replace(sizes=np.where(np.arange(len(given.sizes)) == CELLS, 0, given.sizes)))
        return fresh._replace(used=others.used, owner=np.empty_like(others.owner))


def options(problem: Journeys, timetable: Timetable, journey: Journey, n: int = 3) -> tuple[Offer, ...]:
    """Up to ``n`` whole-path offers for one new patient; for several, build a ``Desk`` once and ask it."""
    return Desk(problem, timetable).options(journey, n)


def _looked(given: Given, state: State, mine: Mine) -> bool:
    """Whether there is a path; it stands in ``best_at`` and ``best_by``."""
    mine.register[OFFERED] = NEVER
    book(given, state, mine, OFFER, [0])
    return bool(mine.register[OFFERED] < NEVER)


def _offer(one: Journeys, given: Given, start: Small, who: Small, cost: int) -> Offer:
    (patient, slots), *_ = timetable_of(one, given, start, who).starts.items()
    return Offer(patient=patient, slots=slots, cost=cost, moved={})
