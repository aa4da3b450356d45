"""One run of the twin as the few numbers that arrangements are chosen by, and some of its days as a period, straight from its arrays.

The same numbers as ``periods`` gives of the log of the same run, but for what a run knows and a log does not:

- **Nobody is left out.** Who had not left when the run was stopped counts with the hours so far, and work under way until then; who left
  before the end counts up to when they left. A log's periods leave both out, so that keeping people waiting would look like a gain.
- **Overtime is open time too**: who stays late is there and is paid. Else shorter hours would make resources look busier by definition.
- **Idle resources count**: those of any pool, with their open hours, also if they were never used (``idle=False``: as in a log).
- **Steps rest while someone who goes home at closing is away**, who then is neither in use nor helping.
- What the site does not say of a resource (hours, places, cost) is the model's word and not inferred from work.
- Fit to needs is of all patients counted, without looking for signs that a journey is not over.

Every step goes by its plain name (``core.lever.plain``) in all that the site says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from sandcone.core.clock import DAY, HOUR
from sandcone.core.errors import EmptyError
from sandcone.core.estimate import Estimate
from sandcone.core.lever import Course, plain
from sandcone.core.outcome import Outcome
from sandcone.core.period import Period, Stage, worst_off
from sandcone.core.rows import Passed
from sandcone.core.site import Site
from sandcone.measuring.counting import gathered
from sandcone.measuring.fit import fits
from sandcone.measuring.periods import STOPPED
from sandcone.measuring.roster import spread_over
from sandcone.measuring.tally_house import Days, House, Uses, days, house, in_pools, overtime, staff_of, uses, weights
from sandcone.measuring.tally_patients import Journeys, facts_of, journeys, met
from sandcone.measuring.tally_pauses import Spells
from sandcone.measuring.tally_rows import Acts, Bools, Floats, Ints, acts
from sandcone.measuring.tally_stages import stages

LEFT = "left before the end"
Counted = Literal["who came", "who left"]


def tally(
    passed: Passed, site: Site, course: Course, *, staff: Sequence[str] = ("*",), facts: Sequence[str] = (), keep: bool = False
) -> Outcome:
    """One run in numbers: how busy resources were, how much of patients' time helped them, who waited longest, what it cost.

    ``passed`` is a run of the course's days, ``site`` what ``measure`` would take for its log. Counted are the ``course.days`` days after
    those in which the house fills up. ``cost`` is money a week for open hours (times places) and overtime, which is work outside open hours
    unless others take over at closing; what a set of levers costs beside that is not in it. ``staff_cost`` is the part of resources in a
    pool whose name fits one of the patterns of ``staff``. Where nobody says what an hour costs, each counts 1. With ``keep`` the outcome
    has its period, with these ``facts`` of each patient. Raises ``EmptyError`` where nobody came or nothing was open in these days.
    """
    first, last = course.settle_days, course.settle_days + course.days
    run = _Run(passed=passed, site=site, first=first, last=last, idle=True, counted="who came")
    p = run.period("", facts=facts, whole=keep)
    there = int(np.count_nonzero(run.journeys.here[run.mine]))
    spent = run.spent
    return Outcome(
        resource=float(p.busy.sum() / p.open.sum()),
        flow=float(p.va.sum() / p.t.sum()) if p.t.sum() > 0 else float("nan"),
        fit=float("nan") if p.fit is None else p.fit.value,
        worst_wait=float(worst_off(p.wait, np.ones(p.cases)).mean()),
        cost=float(spent.sum()),
        staff_cost=float(spent[staff_of(passed.model, staff)].sum()),
        wait=float(p.wait.mean()),
        throughput=float(p.t.mean()),
        patients=p.cases,
        unfinished=there / p.cases,
        growth=run.growth,
        period=p if keep else None,
    )


def period_of(
    passed: Passed, site: Site, first_day: int, last_day: int, *, facts: Sequence[str] = (), name: str = "", idle: bool = True
) -> Period:
    """The model's days from ``first_day`` up to, but not with, ``last_day`` of one run as a period, for a verdict.

    Patients are those whose need arose in these days, followed to the end of the run; use of resources is that of all patients. What it
    has that a log's period has not, and ``idle``, are said above; ``unfinished`` counts those who had not left, who are in the arrays too,
    and the harm "left before the end" is 1 for who did. Raises ``EmptyError`` where nobody came or nothing was open in these days.
    """
    run = _Run(passed=passed, site=site, first=first_day, last=last_day, idle=idle, counted="who came")
    return run.period(name, facts=facts, whole=True)


def _as_in_a_log(passed: Passed, site: Site, first_day: int, last_day: int, *, facts: Sequence[str] = ()) -> Period:
    """The period that ``measuring.periods`` makes of the same run's log: for the test that holds one to the other."""
    run = _Run(passed=passed, site=site, first=first_day, last=last_day, idle=False, counted="who left")
    return run.period("", facts=facts, whole=True)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Run:
    """One run, and which of its days and patients count; everything is worked out once, when it is asked for."""

    passed: Passed
    site: Site
    first: int
    last: int
    idle: bool
    counted: Counted

    def __post_init__(self) -> None:
        if not 0 <= self.first < self.last:
            found = f"days {self.first} up to {self.last}"
            raise EmptyError(self.passed.model.name, found, "Give a first day of 0 or more, and a later last one.")
        if self.last * DAY > self.acts.clock.wall(np.array([self.acts.stop]))[0] and np.isfinite(self.passed.horizon):
            found = f"the run was stopped before the end of day {self.last}"
            raise EmptyError(self.passed.model.name, found, "Run it for longer, or count fewer days.")

    @cached_property
    def acts(self) -> Acts:
        return acts(self.passed, pauses=self.counted == "who came")

    @cached_property
    def spells(self) -> Spells:
        every = self.acts.spells
        return every if self.counted == "who came" else every.chosen(self.acts.ended[every.of])

    @cached_property
    def uses(self) -> Uses:
        return uses(self.passed, self.spells)

    @cached_property
    def house(self) -> House:
        return house(self.passed.model, self.site)

    @cached_property
    def days(self) -> Days:
        """The days of the resources that count, overtime being open hours too; the others are as if they were never open."""
        found = days(self.house, self.acts, self.uses, self.first, self.last)
        more = overtime(self.passed.model, self.house, found) if self.counted == "who came" else 0.0
        return replace(found, open=(found.open + more) * self.among[:, None])

    @cached_property
    def journeys(self) -> Journeys:
        return journeys(self.passed, self.site, self.acts, self.first, self.last)

    @cached_property
    def mine(self) -> Ints:
        """The numbers of the patients who count."""
        j = self.journeys
        return np.flatnonzero(j.came & ((self.counted == "who came") | ~(j.here | j.left)))

    @cached_property
    def among(self) -> Bools:
        """Resources that count at all (resources,): those of some pool, or those that were ever used."""
        model = self.passed.model
        return in_pools(model, [*model.pools]) if self.idle else np.bincount(self.uses.r, minlength=len(model.resources)) > 0

    @cached_property
    def weight(self) -> Floats:
        """What an hour of each resource counts (resources,)."""
        return weights(self.house, self.among)

    @cached_property
    def known(self) -> Bools:
        """Resources whose hours count: open, and in use unless idle ones count too (resources,)."""
        opened, used = self.days.open.sum(axis=1) > 0, self.days.busy.sum(axis=1) > 0
        return np.asarray(opened & (used | self.idle))

    @property
    def spent(self) -> Floats:
        """Money a week for open hours and overtime (resources,)."""
        return np.asarray(self.weight * self.days.open.sum(axis=1) * 7 / self.days.count)

    @property
    def growth(self) -> float:
        """How many more patients a day were there in the last quarter of the days than in the first, as a share of the mean."""
        j, clock = self.journeys, self.acts.clock
        low, high = self.first * DAY, self.last * DAY
        begin, end = (np.clip(clock.wall(x[j.seen]), low, high) - low for x in (j.need, j.leave))
        there = spread_over(np.zeros(len(begin), dtype=np.int64), begin / DAY, end / DAY, 1, self.days.count)[0]
        quarter = max(1, self.days.count // 4)
        return float((there[-quarter:].mean() - there[:quarter].mean()) / there.mean()) if there.sum() > 0 else 0.0

    def period(self, name: str, *, facts: Sequence[str], whole: bool) -> Period:
        """The days as a period; without its stages and facts unless it is wanted ``whole``."""
        j, mine = self.journeys, self.mine
        if not (self.known.any() and mine.size):
            found = f"days {self.first} to {self.last - 1}: no resource open, or nobody whose need arose then"
            raise EmptyError(self.passed.model.name, found, "Run it for longer, or count more days.")
        t = (j.leave[mine] - j.need[mine]) / HOUR
        weight = self.weight * self.known
        return Period(
            name=name or self.passed.model.name,
            days=np.arange(self.first, self.last) + self.acts.clock.begin // DAY,
            busy=weight @ self.days.busy,
            open=weight @ self.days.open,
            day=j.day[mine] - self.first,
            t=t,
            va=j.helped[mine] / HOUR,
            wait=np.maximum(t - j.active[mine] / HOUR, 0.0),
            work=self._work[mine],
            stages=self._stages if whole else {},
            facts=facts_of(self.passed, facts, mine) if whole else {},
            harms=self._harms,
            fit=self._fit,
            unfinished=int(np.count_nonzero(j.came & (j.here if self.counted == "who came" else j.here | j.left))),
            extract=self._extract,
        )

    @property
    def _work(self) -> Floats:
        """Hours of resources used, weighted (patients,)."""
        who, n = self.acts.patient[self.uses.of], len(self.passed.arrived)
        return np.bincount(who, weights=self.uses.hours * self.weight[self.uses.r], minlength=n).astype(np.float64)

    @property
    def _stages(self) -> Mapping[str, Stage]:
        return stages(self.passed, self.site, self.acts, self.spells, self.uses, self.house, self.days, self.known)

    @property
    def _harms(self) -> dict[str, Floats]:
        harms = {}
        if self.site.cancelled_steps:
            steps = [i for i, s in enumerate(self.passed.model.steps) if plain(s) in self.site.cancelled_steps]
            harms["cancelled"] = np.isin(self.mine, self.acts.patient[np.isin(self.acts.step, steps)]).astype(np.float64)
        if self.counted == "who came":
            harms[LEFT] = self.journeys.left[self.mine].astype(np.float64)
        return harms

    @property
    def _fit(self) -> Estimate | None:
        found = met(self.passed, self.site, self.acts, self.mine)
        return None if found is None else gathered(fits(found)).get("fit.mean")

    @property
    def _extract(self) -> bool:
        """Whether nobody came in the last part of the run."""
        a, j = self.acts, self.journeys
        seen = (a.until[a.ended], a.ready, a.spells.begin)
        last = max(int(a.clock.wall(x).max(initial=0)) // DAY for x in seen)
        return last + 1 - int(j.day[j.seen].max(initial=-1)) > STOPPED
