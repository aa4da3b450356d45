"""What everybody asks of the same people, rooms and beds, day by day, and how much of that there is: rows of the linear program."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from sandcone.core.journey import Journey
from sandcone.core.journeys import DAY, Journeys
from sandcone.planning.daily import Rows, Terms
from sandcone.planning.journeys.visits import thousandths

if TYPE_CHECKING:
    from sandcone.planning.journeys.relaxed import Begun

Members = frozenset[str]


class Pressed:
    """Demands by the resources that can meet them. Whoever can be met by some of a group only counts for the whole group too.

    ``add`` each patient, then ``bind``: a row for each group and day on minutes, one for each group and midnight on kept places; where
    overbooking is allowed, the same again with the patients who are expected.
    """

    def __init__(self, problem: Journeys) -> None:
        self.problem = problem
        self.begin: dict[tuple[Members, int], list[tuple[int, int, int, Terms]]] = defaultdict(list)  # units, minutes, shows, how much
        self.over_night: dict[tuple[Members, int], list[tuple[int, int, Terms]]] = defaultdict(list)  # units, shows, how much

    def add(self, journey: Journey, begun: list[Begun]) -> None:
        """One patient's tasks."""
        shows = thousandths(journey)
        for task, one in zip(journey.tasks, begun, strict=True):
            for need in task.needs:
                who = frozenset(self.problem.members(need))
                for i in range(len(one.columns)):
                    self.begin[who, int(one.days.day[i])].append((need.units, task.minutes, shows, one.on(i)))
                if need.until is not None:
                    self._stays(who, need.units, shows, one, begun[journey.place(need.until)])

    def _stays(self, who: Members, units: int, shows: int, one: Begun, until: Begun) -> None:
        """Whoever has come by a midnight and not begun the task until which the place is kept, is there at midnight."""
        if one.columns and one is not until:
            last = one.days.day[len(one.columns)]
            for day in range(int(one.days.day[0]) + 1, int(last) + 1):
                there = one.by(DAY * day - 1) + [(c, -x) for c, x in until.by(DAY * day - 1)]
                self.over_night[who, day].append((units, shows, there))

    def bind(self, rows: Rows) -> None:
        """The rows."""
        for group in dict.fromkeys(who for who, _ in [*self.begin, *self.over_night]):
            least = min(self._turn(r) for r in group)
            for day in range(self.problem.days):
                wanted = [x for who in self._parts(group) for x in self.begin.get((who, day), ())]
                if wanted:
                    longest = max(minutes for _, minutes, _, _ in wanted)
                    open_for = {r: self._open(r, day, longest, least) for r in sorted(group)}
                    self._row(rows, group, open_for, [(n, n * shows, (m + least) / DAY, t) for n, m, shows, t in wanted], DAY)
                there = [x for who in self._parts(group) for x in self.over_night.get((who, day), ())]
                if there:
                    self._row(rows, group, dict.fromkeys(sorted(group), 1), [(n, n * shows, 1.0, t) for n, shows, t in there], 1)

    def _row(self, rows: Rows, group: Members, open_for: dict[str, int], wanted: list[tuple[int, int, float, Terms]], unit: int) -> None:
        """No more places than there are, nor more patients expected; ``unit`` minutes are one."""
        places = sum(open_for[r] * (self.problem.resources[r].capacity + self.problem.places_over[r]) for r in open_for) / unit
        rows.row(_summed((c, n * minutes * x) for n, _, minutes, terms in wanted for c, x in terms), places)
        if any(self.problem.places_over[r] for r in group):
            expected = sum(open_for[r] * self.problem.resources[r].capacity for r in open_for) / unit
            rows.row(_summed((c, shows / 1000 * minutes * x) for _, shows, minutes, terms in wanted for c, x in terms), expected)

    def _parts(self, group: Members) -> list[Members]:
        return [who for who in self._groups if who <= group]

    @cached_property
    def _groups(self) -> list[Members]:
        return list(dict.fromkeys(who for who, _ in [*self.begin, *self.over_night]))

    def _turn(self, resource: str) -> int:
        return round(self.problem.resources[resource].turnover_minutes)

    def _open(self, resource: str, day: int, longest: int, turn: int) -> int:
        """For how many minutes tasks that begin on a day can have a resource, the last one's end and getting ready included."""
        found = 0
        for start, end in self._hours[resource]:
            first, last = max(start, DAY * day), min(end, DAY * (day + 1) + longest, self.problem.minutes)
            if first < min(end, DAY * (day + 1)):
                found += last - first + turn
        return found

    @cached_property
    def _hours(self) -> dict[str, list[tuple[int, int]]]:
        return {r: self.problem.open_hours(r) for r in self.problem.resources}


def _summed(terms: Iterator[tuple[int, float]]) -> Terms:
    """Terms with each column once."""
    found: dict[int, float] = {}
    for column, x in terms:
        found[column] = found.get(column, 0.0) + x
    return [(c, x) for c, x in found.items() if x]
