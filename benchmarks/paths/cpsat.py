"""The rival from constraint programming: the whole problem in one CP-SAT model, with or without a first timetable as a hint.

All rules are in the model, and all costs but that of missing slack. Building the model is not counted in the seconds.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ortools.sat.python import cp_model

from sandcone.core.journey import Between, FewDays, InHours, Journey, Knows, OnDays, Slot, Stays, Task, Wish
from sandcone.core.journeys import DAY, Journeys, Timetable

Spans = list[tuple[int, int]]


class Booking:
    """A CP-SAT model of a problem; minutes are divided by the grid. ``everybody``: nobody may be left out, which helps it along."""

    def __init__(self, problem: Journeys, *, everybody: bool = True) -> None:
        self.everybody = everybody
        self.problem, self.grid, self.model = problem, problem.grid, cp_model.CpModel()
        self.end = problem.minutes // self.grid
        self.day = DAY // self.grid
        self.hours = {r: problem.open_hours(r) for r in problem.resources}
        self.uses: dict[str, list[tuple[Any, int, int]]] = defaultdict(list)
        self.start: dict[tuple[str, str], Any] = {}
        self.given: dict[tuple[str, str, int], dict[str, Any]] = {}
        self.days: dict[tuple[str, str], Any] = {}
        self.there: dict[str, Any] = {}
        self.cost: list[Any] = []
        for j in problem.journeys:
            self._journey(j)
        self._capacity()
        self.model.minimize(sum(self.cost))

    def solve(self, seconds: float, cores: int, hint: Timetable | None = None) -> Timetable | None:
        """The best timetable found in time, or None."""
        if hint is not None:
            self._hint(hint)
            self._whole_hint(cores)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = cores
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        starts: dict[str, dict[str, Slot]] = {}
        for j in self.problem.journeys:
            if solver.boolean_value(self.there[j.patient]):
                starts[j.patient] = {t.name: self._slot(solver, j, t) for t in j.tasks}
        return Timetable(starts=starts)

    def _whole_hint(self, cores: int) -> None:
        """A hint that says something of every variable: the hint carried out, which is not counted in the seconds."""
        solver = cp_model.CpSolver()
        solver.parameters.fix_variables_to_their_hinted_value = True
        solver.parameters.num_workers = cores
        solver.parameters.max_time_in_seconds = 60
        if solver.solve(self.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            values = list(solver.response_proto.solution)
            self.model.clear_hints()
            for i, value in enumerate(values):
                self.model.add_hint(self.model.get_int_var_from_proto_index(i), value)

    def _slot(self, solver: Any, j: Journey, t: Task) -> Slot:
        chosen = (self.given[j.patient, t.name, i] for i in range(len(t.needs)))
        ones = tuple(next(r for r, lit in members.items() if solver.boolean_value(lit)) for members in chosen)
        return Slot(minute=self.grid * solver.value(self.start[j.patient, t.name]), resources=ones)

    def _cells(self, minutes: int) -> int:
        return -(-minutes // self.grid)

    def _domain(self, spans: Spans, minutes: int) -> Any:
        """Cells at which a task of so many minutes can begin in these spans."""
        kept = [(self._cells(a), (b - minutes) // self.grid) for a, b in spans]
        return cp_model.Domain.from_intervals([[a, b] for a, b in kept if a <= b])

    def _journey(self, j: Journey) -> None:
        m, w, who = self.model, self.problem.weights, j.patient
        there = self.there[who] = m.new_bool_var("")
        if self.everybody:
            m.add(there == 1)
        release = self._cells(j.release)
        for t in j.tasks:
            self.start[who, t.name] = m.new_int_var(min(release, self.end - 1), self.end - self._cells(t.minutes), "")
        for t in j.tasks:
            for i, need in enumerate(t.needs):
                self._need(j, t, i, need.until)
        own = [m.new_optional_fixed_size_interval_var(self.start[who, t.name], self._cells(t.minutes), there, "") for t in j.tasks]
        m.add_no_overlap(own)
        first, last = m.new_int_var(0, self.end, ""), m.new_int_var(0, self.end, "")
        for t in j.tasks:
            m.add(first <= self.start[who, t.name])
            m.add(last >= self.start[who, t.name] + self._cells(t.minutes))
        m.add_min_equality(first, [self.start[who, t.name] for t in j.tasks])
        self._links(j, there)
        cost = m.new_int_var(0, 10**9, "")
        late = m.new_int_var(0, self.end, "")
        if j.due is not None:
            m.add(late >= last - self._cells(j.due)).only_enforce_if(there)
        g, wait = self.grid, w.waiting * j.weight
        m.add(cost >= g * (wait * (first - release) + w.length * (last - first) + w.lateness * j.weight * late)).only_enforce_if(there)
        self.cost += [cost, w.left_out * j.weight * (1 - there)]
        self._soft(j, there)

    def _need(self, j: Journey, t: Task, i: int, until: str | None) -> None:
        m, need, start = self.model, t.needs[i], self.start[j.patient, t.name]
        chosen = self.given[j.patient, t.name, i] = {}
        last = t if until is None else j.tasks[j.place(until)]
        end = self.start[j.patient, last.name]
        for r in self.problem.members(need):
            lit = chosen[r] = m.new_bool_var("")
            turn = round(self.problem.resources[r].turnover_minutes)
            stop = end + self._cells(last.minutes + turn)
            size: Any = self._cells(t.minutes + turn)
            if last is not t:
                size = m.new_int_var(0, self.end, "")
            interval = m.new_optional_interval_var(start, size, stop, lit, "")
            self.uses[r].append((interval, need.units, need.units * (1000 - int(1000 * j.no_show))))
            m.add_linear_expression_in_domain(start, self._domain(self.hours[r], t.minutes)).only_enforce_if(lit)
        m.add(sum(chosen.values()) == self.there[j.patient])

    def _links(self, j: Journey, there: Any) -> None:
        m = self.model
        for k in j.every_link():
            one, other = j.tasks[j.place(k.before)], j.tasks[j.place(k.after)]
            a, b = self.start[j.patient, one.name], self.start[j.patient, other.name]
            m.add(self.grid * b >= self.grid * a + one.minutes + k.at_least).only_enforce_if(there)
            if k.at_most is not None:
                m.add(self.grid * b <= self.grid * a + one.minutes + k.at_most).only_enforce_if(there)
            if k.same_day:
                m.add(self._day(j, one) == self._day(j, other)).only_enforce_if(there)
            if k.same_one is not None:
                i, n = (next(x for x, need in enumerate(t.needs) if k.same_one in need.pools) for t in (one, other))
                first, second = self.given[j.patient, one.name, i], self.given[j.patient, other.name, n]
                for r in first.keys() | second.keys():
                    m.add(first.get(r, 0) == second.get(r, 0))

    def _day(self, j: Journey, t: Task) -> Any:
        key = (j.patient, t.name)
        if key not in self.days:
            self.days[key] = self.model.new_int_var(0, self.problem.days, "")
            self.model.add_division_equality(self.days[key], self.start[key], self.day)
        return self.days[key]

    def _soft(self, j: Journey, there: Any) -> None:
        m, w = self.model, self.problem.weights
        new = []
        for i, t in enumerate(j.tasks):
            same = []
            for u in j.tasks[:i]:
                lit = m.new_bool_var("")
                m.add(self._day(j, t) == self._day(j, u)).only_enforce_if(lit)
                same.append(lit)
            first = m.new_bool_var("")
            m.add(first + sum(same) >= there)
            new.append(first)
        self.cost.append(w.visit_day * sum(new))
        for pool in self.problem.people:
            met = [g for t in j.tasks for i, n in enumerate(t.needs) if pool in n.pools for g in [self.given[j.patient, t.name, i]]]
            if len(met) > 1:
                seen = []
                for r in self.problem.pools[pool].members:
                    seen.append(m.new_bool_var(""))
                    for g in met:
                        m.add_implication(g[r], seen[-1])
                self.cost.append(w.new_face * (sum(seen) - there))
        for wish in j.wishes:
            self.cost.append(w.wish * wish.weight * self._missed(j, wish, there, new))

    def _missed(self, j: Journey, wish: Wish, there: Any, new: list[Any]) -> Any:
        m, p = self.model, self.problem
        if isinstance(wish, FewDays):
            over = m.new_int_var(0, len(new), "")
            m.add(over >= sum(new) - wish.most)
            return over
        missed = []
        for t in j.tasks:
            if isinstance(wish, Stays) and wish.task != t.name:
                continue
            if isinstance(wish, Knows):
                lits = [self.given[j.patient, t.name, i].get(wish.resource) for i in range(len(t.needs))]
                could = [x for x in lits if x is not None]
                if could:
                    missed.append(m.new_bool_var(""))
                    m.add(missed[-1] + sum(could) >= there)
                continue
            missed.append(m.new_bool_var(""))
            fits = self._domain(spans_of(p, wish), t.minutes)
            if isinstance(wish, OnDays | Stays):  # only the beginning counts
                fits = self._domain(spans_of(p, wish), 0)
            kept = m.new_bool_var("")
            m.add_linear_expression_in_domain(self.start[j.patient, t.name], fits).only_enforce_if(kept)
            m.add_bool_or(kept, missed[-1], there.negated())
        return sum(missed)

    def _capacity(self) -> None:
        for r, uses in self.uses.items():
            places, over = self.problem.resources[r].capacity, self.problem.places_over[r]
            intervals = [x for x, _, _ in uses]
            if places + over == 1:
                self.model.add_no_overlap(intervals)
                continue
            self.model.add_cumulative(intervals, [u for _, u, _ in uses], places + over)
            if over:
                self.model.add_cumulative(intervals, [shows for _, _, shows in uses], 1000 * places)

    def _hint(self, hint: Timetable) -> None:
        for j in self.problem.journeys:
            slots = hint.starts.get(j.patient)
            self.model.add_hint(self.there[j.patient], slots is not None)
            for t in j.tasks if slots else ():
                slot = slots[t.name]  # type: ignore[index]
                self.model.add_hint(self.start[j.patient, t.name], slot.minute // self.grid)
                for i, one in enumerate(slot.resources):
                    for r, lit in self.given[j.patient, t.name, i].items():
                        self.model.add_hint(lit, r == one)


def spans_of(problem: Journeys, wish: Wish) -> Spans:
    """The minutes a wish leaves."""
    match wish:
        case OnDays():
            return [(DAY * d, DAY * (d + 1) - 1) for d in range(problem.days) if problem.weekday(d) in wish.days]
        case InHours():
            return [(DAY * d + wish.start, DAY * d + wish.end) for d in range(problem.days)]
        case Stays():
            return [(DAY * wish.day, DAY * (wish.day + 1) - 1)]
        case Between():
            return [(wish.first, problem.minutes if wish.last is None else wish.last)]
        case _:
            return []
