"""A problem as flat tables for the kernel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from sandcone.core.errors import ProblemError
from sandcone.core.journey import Between, FewDays, InHours, Journey, Knows, OnDays, Stays, Wish
from sandcone.core.journeys import DAY, Journeys
from sandcone.core.model import DAYS, Need
from sandcone.planning.journeys.columns import Rows
from sandcone.planning.journeys.kernel import (
    BETWEEN,
    FAITHFUL,
    FEW_DAYS,
    IN_HOURS,
    KNOWS,
    LUCKS,
    MASK,
    MINDFUL,
    MOST_NEEDS,
    MOST_TASKS,
    NEVER,
    NOWHERE,
    ON_DAYS,
    ONE_DAY,
    SHIFT,
    SIZES,
    STAYS,
    WEIGHTS,
    Given,
    Ints,
    Small,
)
from sandcone.planning.journeys.visits import thousandths

MOST_PLACES = 1_000  # of one resource in one cell: what the words of the kernel have bits for


def tables(problem: Journeys, house: Given | None = None) -> Given:
    """The problem as tables; ``ProblemError`` where it is beyond what the search can hold.

    ``house``: tables of a problem with the same resources and days, whose hours need not be worked out again.
    """
    return _Tables(problem).given(house)


class _Tables:
    def __init__(self, problem: Journeys) -> None:
        self.problem, self.grid = problem, problem.grid
        self.cells = problem.minutes // problem.grid
        self.number = {r: i for i, r in enumerate(problem.resources)}
        self.pool = {p: i for i, p in enumerate(problem.pools)}
        self.pins = {(p.patient, p.task): p.slot for p in problem.pinned}
        self.asked: dict[tuple[Need, tuple[Need, ...]], tuple[list[int], list[int], int]] = {}

    def given(self, house: Given | None) -> Given:
        """Everything, in one pass over the journeys."""
        p, rows = self.problem, Rows()
        self._countable()
        for j in p.journeys:
            self._journey(rows, j)
        w = p.weights
        sizes = [len(p.journeys), len(rows.minutes), len(p.resources), self.cells, DAY // self.grid, self.grid, p.begin.weekday()]
        assert len(sizes) == SIZES
        weights = [w.waiting, w.length, w.lateness, w.wish, w.visit_day, w.new_face, w.slack, w.left_out]
        assert len(weights) == WEIGHTS
        near = sorted(range(len(p.journeys)), key=lambda i: p.journeys[i].release)
        begins, run, opens = self._hours() if house is None else (house.pattern.tolist(), house.run, house.opens)
        ends, ends_at = self._ends(rows)
        return Given(
            sizes=_long(sizes),
            weights=_long(weights),
            task_at=_at(rows.tasks),
            need_at=_at(rows.needs),
            link_at=_at(rows.links),
            wish_at=_at(rows.wishes),
            ends_at=ends_at,
            release=_long(j.release for j in p.journeys),
            due=_long(NEVER if j.due is None else j.due for j in p.journeys),
            urgent=_long(j.weight for j in p.journeys),
            least=_long(rows.least),
            floor=_long(w.length * least + w.visit_day for least in rows.least),
            minutes=_long(rows.minutes),
            span=_small(-(-m // self.grid) for m in rows.minutes),
            slack=_long(rows.slack),
            pin=_small(rows.pin),
            word=_small(rows.word),
            until=_small(rows.until),
            hold=_small(rows.hold),
            task_of=_small(rows.task_of),
            pin_who=_small(rows.pin_who),
            member_at=_at(rows.members),
            member=_small(rows.member),
            face=_small(rows.face),
            able=_small(rows.able),
            ends=ends,
            link_before=_small(rows.before),
            link_after=_small(rows.after),
            link_least=_long(rows.link_least),
            link_most=_long(rows.link_most),
            link_day=_small(rows.link_day),
            link_one_before=_small(rows.one_before),
            link_one_after=_small(rows.one_after),
            wish_kind=_small(rows.wish_kind),
            wish_a=_long(rows.wish_a),
            wish_b=_long(rows.wish_b),
            wish_weight=_long(rows.wish_weight),
            places=_small(r.capacity + p.places_over[name] for name, r in p.resources.items()),
            expected=_small(1000 * r.capacity if p.places_over[name] else MASK for name, r in p.resources.items()),
            turn=_long(round(r.turnover_minutes) for r in p.resources.values()),
            pattern=_long(begins),
            run=run,
            opens=opens,
            near=_small(near),
            near_at=_small(np.argsort(near, kind="stable")),
            firm=_small(rows.firm),
            modes=_small(rows.modes),
            luck=-np.log((np.arange(LUCKS) + 0.5) / LUCKS),
        )

    def _journey(self, rows: Rows, j: Journey) -> None:
        where, first, links = f"patient {j.patient!r}", len(rows.minutes), j.every_link()
        if len(j.tasks) > MOST_TASKS or sum(len(t.needs) for t in j.tasks) > MOST_NEEDS:
            raise ProblemError(where, f"{len(j.tasks)} tasks", f"The search can hold {MOST_TASKS} with {MOST_NEEDS} needs in all.")
        place = {k: (j.place(k.before), j.place(k.after)) for k in links}
        ahead = [self._ahead(j, [(*place[k], k.at_least) for k in links], i) for i in range(len(j.tasks))]
        need_of: list[list[int]] = []
        for i, t in enumerate(j.tasks):
            pin = self.pins.get((j.patient, t.name))
            need_of.append(list(range(len(rows.word), len(rows.word) + len(t.needs))))
            for x, need in enumerate(t.needs):
                until = i if need.until is None else j.place(need.until)
                self._need(rows, j, need, self._partners(j, i, need, x))
                rows.until.append(first + until)
                rows.hold.append(-(-ahead[i][until] // self.grid))
                rows.task_of.append(first + i)
                rows.pin_who.append(-1 if pin is None else self.number[pin.resources[x]])
            rows.minutes.append(t.minutes)
            rows.slack.append(t.booked_slack)
            rows.pin.append(-1 if pin is None else pin.minute // self.grid)
            rows.needs.append(len(t.needs))
        for k in links:
            b, a = place[k]
            rows.before.append(first + b)
            rows.after.append(first + a)
            rows.link_least.append(k.at_least)
            rows.link_most.append(NOWHERE if k.at_most is None else k.at_most)
            rows.link_day.append(int(k.same_day))
            for into, i in ((rows.one_before, b), (rows.one_after, a)):
                same = [q for q, n in zip(need_of[i], j.tasks[i].needs, strict=True) if k.same_one in n.pools]
                into.append(same[0] if k.same_one is not None and same else -1)
        for wish in j.wishes:
            self._wish(rows, j, wish)
        pinned = sum((j.patient, t.name) in self.pins for t in j.tasks)
        rows.firm.append(0 if not pinned else 2 if pinned == len(j.tasks) else 1)
        rows.least.append(max(max(row) for row in ahead))
        rows.tasks.append(len(j.tasks))
        rows.links.append(len(links))
        rows.wishes.append(len(j.wishes))
        rows.modes.append(self._modes(j, rows.least[-1]))

    def _countable(self) -> None:
        """``ProblemError`` where more of one resource could be taken at once than the kernel's words have bits for."""
        wanted: Counter[str] = Counter()
        large = {name for name, r in self.problem.resources.items() if r.capacity + self.problem.places_over[name] > MOST_PLACES}
        for need in (n for j in self.problem.journeys if large for t in j.tasks for n in t.needs):
            wanted.update(dict.fromkeys(large & set(self.problem.members(need)), need.units))
        for name, units in wanted.items():
            if units > MOST_PLACES:
                raise ProblemError(
                    f"resource {name!r}", f"{units} places wanted", f"The search can count {MOST_PLACES}: make several resources of it."
                )

    def _ahead(self, j: Journey, links: Sequence[tuple[int, int, int]], i: int) -> list[int]:
        """The fewest minutes from the beginning of one task to the end of each that follows it."""
        ends = [-1] * len(j.tasks)
        ends[i] = j.tasks[i].minutes
        for x in range(i + 1, len(j.tasks)):
            before = [ends[b] + least for b, a, least in links if a == x and ends[b] >= 0]
            if before:
                ends[x] = max(before) + j.tasks[x].minutes
        return ends

    def _partners(self, j: Journey, i: int, need: Need, x: int) -> tuple[Need, ...]:
        """The needs that have to be met by the same one as this one."""
        found = []
        for k in j.links:
            if k.same_one is not None and i in (ends := (j.place(k.before), j.place(k.after))):
                mine, other = (next((n for n in j.tasks[e].needs if k.same_one in n.pools), None) for e in (i, sum(ends) - i))
                if mine is j.tasks[i].needs[x] and other is not None:
                    found.append(other)
        return tuple(found)

    def _need(self, rows: Rows, j: Journey, need: Need, partners: tuple[Need, ...]) -> None:
        key = (need, partners)
        if key not in self.asked:
            able = [m for m in self.problem.members(need) if all(m in self.problem.members(n) for n in partners)]
            members = list(dict.fromkeys([*able, *self.problem.members(need)]))
            pools = [next(p for p in need.pools if m in self.problem.pools[p].members) for m in members]
            faces = [self.pool[p] if p in self.problem.people else -1 for p in pools]
            self.asked[key] = ([self.number[m] for m in members], faces, len(able))
        numbers, faces, able_count = self.asked[key]
        rows.word.append((need.units << SHIFT) + need.units * thousandths(j))
        rows.member += numbers
        rows.able.append(able_count)
        rows.face += faces
        rows.members.append(len(numbers))

    def _wish(self, rows: Rows, j: Journey, wish: Wish) -> None:
        kind, a, b = self._as_numbers(j, wish)
        rows.wish_kind.append(kind)
        rows.wish_a.append(a)
        rows.wish_b.append(b)
        rows.wish_weight.append(wish.weight)

    def _as_numbers(self, j: Journey, wish: Wish) -> tuple[int, int, int]:
        match wish:
            case OnDays():
                return ON_DAYS, sum(1 << DAYS.index(d) for d in set(wish.days)), 0
            case InHours():
                return IN_HOURS, wish.start, wish.end
            case Knows():
                return KNOWS, self.number[wish.resource], 0
            case Between():
                return BETWEEN, wish.first, NEVER if wish.last is None else wish.last
            case FewDays():
                return FEW_DAYS, wish.most, 0
            case Stays():
                return STAYS, j.place(wish.task), wish.day

    def _modes(self, j: Journey, least: int) -> int:
        """Which ways of building a path may differ for this patient."""
        people = [p for t in j.tasks for n in t.needs for p in n.pools[:1] if p in self.problem.people]
        wishes = any(not isinstance(w, FewDays) for w in j.wishes)
        faithful = len(people) > len(set(people))
        return MINDFUL * wishes + FAITHFUL * faithful + ONE_DAY * (len(j.tasks) > 1 and least < DAY)

    def _hours(self) -> tuple[list[int], Small, Small]:
        """Where each resource's hours begin, how long each cell's run is to closing, and when it next opens."""
        known: dict[tuple[object, ...], int] = {}
        begins, runs, opens = [], [], []
        for name, r in self.problem.resources.items():
            hours = tuple(self.problem.open_hours(name))
            if (hours, r.last_start_minutes) not in known:
                known[hours, r.last_start_minutes] = len(known)
                run = self._run(hours, r.last_start_minutes)
                runs.append(run)
                after = np.where(run > 0, np.arange(len(run)), NOWHERE)
                opens.append(np.minimum.accumulate(after[::-1])[::-1])
            begins.append(known[hours, r.last_start_minutes] * (self.cells + 1))
        return begins, np.concatenate(runs).astype(np.int32), np.concatenate(opens).astype(np.int32)

    def _run(self, hours: Sequence[tuple[int, int]], last: float) -> Ints:
        run = np.zeros(self.cells + 1, dtype=np.int64)
        for start, end in hours:
            a, b = -(-start // self.grid), min(end, self.problem.minutes) // self.grid
            run[a:b] = np.arange(b - a, 0, -1)
            if last > 0 and end < self.problem.minutes:
                run[max(int((end - last) // self.grid) + 1, a) : b] = 0
        return run

    def _ends(self, rows: Rows) -> tuple[Small, Small]:
        """Needs by the task with which they end."""
        order = np.argsort(rows.until, kind="stable")
        return _small(order), _at(np.bincount(np.asarray(rows.until, dtype=np.int64), minlength=len(rows.minutes)))


def _small(numbers: Iterable[int]) -> Small:
    return np.fromiter(numbers, dtype=np.int32)


def _long(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, dtype=np.int64)


def _at(counts: Iterable[int]) -> Small:
    """Where each group begins, and one more."""
    return np.concatenate([[0], np.cumsum(np.fromiter(counts, dtype=np.int64))]).astype(np.int32)
