"""The tally against a twin that knows nothing but minutes: it looks at every minute of every step and asks who was there."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandcone.core.errors import EmptyError
from sandcone.core.lever import Course, plain
from sandcone.core.model import Need, Pool, Resource
from sandcone.core.rows import Passed
from sandcone.core.site import Calendar, Site
from sandcone.measuring.tally import LEFT, tally
from tests.measuring.tallied import Did, passed
from tests.simulating.worlds import hospital, hours, known, step

DAYS, COURSE = 5, Course(settle_days=1, days=3, follow_days=1)
END = 1440 * DAYS
STAFF = ("n*", "doctors")

POOLS = {
    "nurses": Pool(members=("Ann",)),
    "doctors": Pool(members=("Cy", "Di")),
    "beds": Pool(members=("bed",)),
    "drivers": Pool(members=("Ed",)),
}
MODEL = hospital(
    {
        "see": step(9.0, "nurses"),
        "treat": step(9.0, "doctors", "nurses"),
        "treat · at home": step(9.0, "doctors"),
        "lie": step(9.0, Need(pools=("beds",), units=2)),
        "stay": step(9.0, Need(pools=("doctors",), until="lie"), "beds"),
        "report": step(9.0),
        "drive": step(9.0, "drivers"),
    },
    known(("a", 0.0)),
    resources={
        "Ann": Resource(calendar="day", cost_per_hour=30.0),
        "Cy": Resource(calendar="split", at_close="go home", cost_per_hour=90.0),
        "Di": Resource(calendar="day", at_close="go home", cost_per_hour=70.0),
        "bed": Resource(capacity=3, cost_per_hour=7.0),
        "Ed": Resource(calendar="day", at_close="hand over", cost_per_hour=11.0),
        "nobody's": Resource(cost_per_hour=500.0),
    },
    pools=POOLS,
    calendars={"day": hours("08:00", "16:00", closed=("2024-01-03",)), "split": hours("09:00", "12:00", ("Mon", "Tue", "Thu"))},
)
MODEL = replace(MODEL, pools=POOLS)  # without one for each resource, so that nobody's is in none
SITE = Site.model_validate(
    {
        "steps": {"see": "necessary", "lie": "waiting"},
        "pools": {"sisters": {"resources": ["Ann"], "cost_per_hour": 20.0}},
        "capacity": {"Ann": 2},
        "needs": [
            {"attribute": "kind", "values": ["x"], "step": "treat", "weight": 3.0},
            {"attribute": "kind", "values": ["x", "y"], "step": "see", "weight": 1.0},
        ],
    }
)
PEOPLE = ({"kind": "x"}, {"kind": "y"}, {"kind": "z"})
BY: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "see": (("Ann",),),
    "treat": (("Cy", "Ann"), ("Di", "Ann")),
    "treat · at home": (("Cy",), ("Di",)),
    "lie": (("bed", "bed"),),
    "stay": (("Cy", "bed"), ("Di", "bed")),
    "report": ((),),
    "drive": (("Ed",),),
}


@st.composite
def happened(draw: st.DrawFn) -> list[Did]:
    """What may have happened to some patients, in order of the ends; who left early stands between them, who is there at the end last."""
    done, there = [], []
    for _ in range(draw(st.integers(1, 14))):
        name = draw(st.sampled_from(list(BY)))
        ready = 2 * draw(st.integers(0, END // 2 - 1))  # even minutes, so that the middle of two is a minute
        start = min(ready + draw(st.sampled_from([0, 0, 6, 130, 1500])), END - 2)
        end = min(start + draw(st.sampled_from([0, 8, 60, 334, 1700])), END - 2)
        who, by = draw(st.integers(0, 5)), draw(st.sampled_from(BY[name]))
        match draw(st.sampled_from(["done", "done", "done", "under way", "waits"])):
            case "done":
                done.append(Did(who, name, ready / 60, start / 60, end / 60, by))
            case "under way":
                there.append(Did(who, name, ready / 60, start / 60, None, by))
            case _:
                there.append(Did(who, name, ready / 60, None, None))
    gone = [Did(d.patient, d.step, d.ready, None, None) for d in there if draw(st.booleans())]
    rows = sorted([*done, *gone], key=lambda d: d.ready if d.end is None else d.end)
    while rows and rows[-1].end is None:
        there.append(rows.pop())
    return [*rows, *sorted(there, key=lambda d: d.patient)]


@dataclass
class Patient:
    """One patient of the twin: the minutes in which something helped or was under way, and what is known."""

    need: int
    leave: int
    helped: set[int]
    active: set[int]
    done: set[str]
    here: bool = False
    left: bool = False


def is_open(calendar: Calendar | None, minute: int) -> bool:
    """Whether a calendar is open in the minute that begins now."""
    day = MODEL.begin + timedelta(days=minute // 1440)
    if calendar is None:
        return True
    if day.isoformat() in calendar.closed:
        return False
    at = minute % 1440
    return any(day.strftime("%a") in s.days and s.minutes()[0] <= at < s.minutes()[1] for s in calendar.shifts)


CALENDARS = {name: None if r.calendar is None else MODEL.calendars[r.calendar] for name, r in MODEL.resources.items()}
OPEN = {name: [is_open(calendar, m) for m in range(END)] for name, calendar in CALENDARS.items()}


def told(run: Passed) -> Iterator[tuple[Did, int, bool]]:
    """The rows with names, the minute up to which each kept its patient, and whether the patient was there when the run was stopped."""
    steps, resources, rows = list(MODEL.steps), list(MODEL.resources), run.rows
    ends = [None if math.isnan(x) else round(x) for x in rows.end]
    for i, end in enumerate(ends):
        by = tuple(resources[r] for r in (rows.first[i], *rows.also[i]) if r >= 0)
        start = None if math.isnan(rows.start[i]) else float(rows.start[i])
        least = round(max(rows.ready[i], start or 0))
        before = max([least, *(e for e in ends[:i] if e is not None)])
        after = next((e for e in ends[i:] if e is not None), None)
        until = end if end is not None else END if after is None else max((before + after) // 2, least)
        yield Did(int(rows.patient[i]), steps[rows.step[i]], float(rows.ready[i]), start, end, by), until, after is None


def resting(did: Did, minute: int) -> bool:
    """Whether somebody whom the step needs, and who goes home, is at home."""
    needs = [n for n in MODEL.steps[did.step].needs for _ in range(n.units)]
    return any(
        need.until is None and MODEL.resources[r].at_close == "go home" and not OPEN[r][minute]
        for need, r in zip(needs, did.by, strict=False)
    )


def twin(run: Passed) -> dict[str, float]:
    """The outcome of a run, minute by minute."""
    people: dict[int, Patient] = {}
    use: Counter[tuple[str, int]] = Counter()
    for did, until, here in told(run):
        p = people.setdefault(did.patient, Patient(END, 0, set(), set(), set()))
        p.need, p.leave, p.here = min(p.need, round(did.ready)), max(p.leave, until), p.here or here
        p.left |= did.end is None and not here
        if did.end is not None:
            p.done.add(plain(did.step))
        if did.start is None:
            continue
        minutes = {m for m in range(round(did.start), until) if not resting(did, m)}
        p.active |= minutes
        if SITE.steps.get(plain(did.step), "value-adding") == "value-adding":
            p.helped |= minutes
        use.update((r, m) for r in did.by for m in minutes)
    return counted(people, use)


def counted(people: Mapping[int, Patient], use: Mapping[tuple[str, int], int]) -> dict[str, float]:
    """Patients of the days that count, and what resources did in them."""
    first, last = 1440 * COURSE.settle_days, 1440 * (COURSE.settle_days + COURSE.days)
    mine = {i: p for i, p in people.items() if first <= p.need < last}
    if not mine:
        return {}
    cost = {n: r.cost_per_hour or 0.0 for n, r in MODEL.resources.items() if n != "nobody's"} | {"Ann": 20.0}
    places = {n: MODEL.resources[n].capacity for n in cost} | {"Ann": 2}
    opened = {n: places[n] * sum(OPEN[n][first:last]) / 60 for n in cost}
    busy = {n: sum(use.get((n, m), 0) for m in range(first, last)) / 60 for n in cost}
    over = {n: sum(use.get((n, m), 0) for m in range(first, last) if not OPEN[n][m]) / 60 for n in cost} | {"Ed": 0.0}
    spent = {n: cost[n] * (opened[n] + over[n]) * 7 / COURSE.days for n in cost}
    t, va = [(p.leave - p.need) / 60 for p in mine.values()], [len(p.helped) / 60 for p in mine.values()]
    wait = sorted((p.leave - p.need - len(p.active)) / 60 for p in mine.values())
    by_day = [sum(p.need <= m < p.leave for p in people.values() for m in range(d, d + 1440)) / 1440 for d in range(first, last, 1440)]
    fits = [x for i, p in mine.items() if (x := fit(i, p)) is not None]
    return {
        "resource": sum(cost[n] * busy[n] for n in cost) / sum(cost[n] * (opened[n] + over[n]) for n in cost),
        "flow": sum(va) / sum(t) if sum(t) else math.nan,
        "fit": sum(fits) / len(fits) if fits else math.nan,
        "worst_wait": worst_tenth(wait),
        "cost": sum(spent.values()),
        "staff_cost": spent["Ann"] + spent["Cy"] + spent["Di"],
        "wait": sum(wait) / len(wait),
        "throughput": sum(t) / len(t),
        "patients": len(mine),
        "unfinished": sum(p.here for p in mine.values()) / len(mine),
        "growth": (by_day[-1] - by_day[0]) / (sum(by_day) / len(by_day)) if sum(by_day) else 0.0,
        "left": sum(p.left for p in mine.values()),
    }


def fit(i: int, p: Patient) -> float | None:
    """Weight of what was needed and done over that of what was either, for one patient."""
    kind = PEOPLE[min(i, len(PEOPLE) - 1)]["kind"]
    weight = {"treat": 3.0, "see": 1.0}
    needs = {"x": {"treat", "see"}, "y": {"see"}, "z": set[str]()}[kind]
    had = p.done & weight.keys()
    either = sum(weight[s] for s in needs | had)
    return sum(weight[s] for s in needs & had) / either if either else None


def worst_tenth(wait: list[float]) -> float:
    """The mean of the longest tenth of waits (in order), the last of them counting for a part of a patient."""
    left, total = len(wait) / 10, 0.0
    for w in reversed(wait):
        total, left = total + w * min(1.0, left), left - min(1.0, left)
    return total / (len(wait) / 10)


@given(happened())
@settings(max_examples=50)
def test_a_run_comes_to_what_a_look_at_every_minute_comes_to(did: list[Did]) -> None:
    run = passed(MODEL, did, PEOPLE, until=24 * DAYS)
    expected = twin(run)
    if not expected:
        with pytest.raises(EmptyError, match="nobody whose need arose then"):
            tally(run, SITE, COURSE, staff=STAFF)
        return
    found = tally(run, SITE, COURSE, staff=STAFF, keep=True)
    assert found.period is not None
    mine = {name: getattr(found, name) for name in expected if name != "left"} | {"left": float(found.period.harms[LEFT].sum())}
    assert mine == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)


def test_the_twin_is_given_all_that_can_happen() -> None:
    ways = {r for uses in BY.values() for by in uses for r in by}
    assert ways == {n for pool in MODEL.pools.values() for n in pool.members}
    assert {MODEL.resources[r].at_close for r in ways} == {"finish", "go home", "hand over"}
    assert np.mean(OPEN["Cy"]) == pytest.approx(9 / (24 * DAYS))
