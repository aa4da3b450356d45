"""The rival from scheduling: PyJobShop, where it is installed. It knows flow time and lateness; the other costs it cannot be told.

A place that is kept is a task of its own that may be drawn out; a patient is a machine, so that nobody is in two places at once. Links of
the same day are limits of ten hours; there is no overbooking. Building the model is not counted in the seconds.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from pyjobshop import Model

from sandcone.core.journey import Journey, Slot, Task
from sandcone.core.journeys import Journeys, Timetable

NIGHT = 600  # minutes between two tasks that cannot then be on two days


class JobShop:
    """A PyJobShop model of a problem; minutes are divided by the grid."""

    def __init__(self, problem: Journeys) -> None:
        self.problem, self.grid, self.model = problem, problem.grid, Model()
        w = problem.weights
        self.model.set_objective(weight_total_flow_time=w.length, weight_total_tardiness=w.lateness)
        self.made = {r: self._resource(r) for r in problem.resources}
        self.name = {id(made): r for r, made in self.made.items()}
        self.modes: list[tuple[str, ...]] = []
        self.tasks: dict[tuple[str, str], tuple[int, Any]] = {}
        self.kept: dict[tuple[str, str, int], int] = {}
        self.count = 0
        for j in problem.journeys:
            self._journey(j)

    def solve(self, seconds: float, cores: int) -> Timetable | None:
        """The best timetable found in time, or None."""
        found = self.model.solve(time_limit=seconds, num_workers=cores, display=False)
        if not found.best.tasks:
            return None
        starts = {j.patient: {t.name: self._slot(found.best.tasks, j, t) for t in j.tasks} for j in self.problem.journeys}
        return Timetable(starts=starts)

    def _slot(self, tasks: Any, j: Journey, t: Task) -> Slot:
        mine = tasks[self.tasks[j.patient, t.name][0]]
        chosen = dict(zip([i for i, n in enumerate(t.needs) if n.until is None], self.modes[mine.mode], strict=True))
        for i, n in enumerate(t.needs):
            if n.until is not None:
                chosen[i] = self.modes[tasks[self.kept[j.patient, t.name, i]].mode][0]
        return Slot(minute=self.grid * mine.start, resources=tuple(chosen[i] for i in range(len(t.needs))))

    def _resource(self, name: str) -> Any:
        it = self.problem.resources[name]
        breaks, at = [], 0
        for start, end in [*self.problem.open_hours(name), (self.problem.minutes, self.problem.minutes)]:
            if start > at:
                breaks.append((-(-at // self.grid), start // self.grid))
            at = end
        return self.model.add_renewable(it.capacity, breaks=breaks) if it.capacity > 1 else self.model.add_machine(breaks=breaks)

    def _journey(self, j: Journey) -> None:
        m, g = self.model, self.grid
        release, end = -(-j.release // g), self.problem.minutes // g
        job = m.add_job(weight=j.weight, release_date=release, due_date=end if j.due is None else -(-j.due // g))
        body = m.add_machine()
        for t in j.tasks:
            task = m.add_task(job, earliest_start=release, latest_end=end)
            self.tasks[j.patient, t.name] = (self._next(), task)
            self._modes(task, [n for n in t.needs if n.until is None], t.minutes, body)
        for t in j.tasks:
            for i, n in enumerate(t.needs):
                if n.until is not None:
                    kept = m.add_task(earliest_start=release, allow_idle=True, allow_breaks=True)
                    self.kept[j.patient, t.name, i] = self._next()
                    turn = round(max(self.problem.resources[r].turnover_minutes for r in self.problem.members(n)))
                    self._modes(kept, [n], t.minutes, None)
                    m.add_start_at_start(kept, self.tasks[j.patient, t.name][1])
                    last = self.tasks[j.patient, j.tasks[j.place(n.until)].name][1]
                    m.add_end_at_end(last, kept, -(-turn // g))
        for k in j.every_link():
            one, other = (self.tasks[j.patient, j.tasks[j.place(x)].name][1] for x in (k.before, k.after))
            m.add_end_before_start(one, other, -(-k.at_least // g))
            most = min(k.at_most if k.at_most is not None else 10**9, NIGHT if k.same_day else 10**9)
            if most < 10**9:
                m.add_start_before_end(other, one, -(most // g))
            if k.same_one is not None:
                m.add_identical_resources(one, other)

    def _next(self) -> int:
        self.count += 1
        return self.count - 1

    def _modes(self, task: Any, needs: list[Any], minutes: int, body: Any) -> None:
        for ones in product(*(self.problem.members(n) for n in needs)):
            resources = [self.made[r] for r in ones] + ([body] if body is not None else [])
            turn = max((round(self.problem.resources[r].turnover_minutes) for r in ones), default=0) if body is not None else 0
            demands = [n.units if self.problem.resources[r].capacity > 1 else 0 for n, r in zip(needs, ones, strict=True)]
            demands += [0] if body is not None else []
            self.model.add_mode(task, resources, -(-(minutes + turn) // self.grid), demands)
            self.modes.append(tuple(ones))
