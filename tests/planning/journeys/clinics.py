"""Tiny clinics for tests: one made by hand, others drawn at random."""

from __future__ import annotations

from datetime import date

import numpy as np

from sandcone.core.journey import Between, FewDays, InHours, Journey, Knows, Link, OnDays, Slot, Stays, Task, Wish
from sandcone.core.journeys import DAY, Closed, Journeys, JourneyWeights, Pinned, Timetable
from sandcone.core.model import Need, Pool, Resource
from sandcone.core.site import Calendar, Shift

WEIGHTS = JourneyWeights(waiting=2, length=3, lateness=5, wish=7, visit_day=11, new_face=13, slack=17, left_out=100_000)


def need(*pools: str, until: str | None = None, units: int = 1) -> Need:
    return Need(pools=pools, until=until, units=units)


def calendar(start: str, end: str, *days: str) -> Calendar:
    return Calendar(shifts=(Shift.model_validate({"days": days or ("Mon", "Tue", "Wed", "Thu", "Fri"), "from": start, "to": end}),))


def clinic(*journeys: Journey, **more: object) -> Journeys:
    """Two doctors from 8 to 12 on weekdays, a scanner that is always there, a ward of two beds; it begins on a Monday."""
    given: dict[str, object] = {
        "name": "clinic",
        "begin": date(2030, 1, 7),
        "days": 14,
        "resources": {
            "Ann": Resource(calendar="mornings"),
            "Bo": Resource(calendar="mornings"),
            "scanner": Resource(turnover_minutes=10),
            "ward": Resource(capacity=2),
        },
        "pools": {
            "doctors": Pool(members=("Ann", "Bo")),
            "scans": Pool(members=("scanner",)),
            "beds": Pool(members=("ward",)),
        },
        "calendars": {"mornings": calendar("08:00", "12:00")},
        "people": ("doctors",),
        "weights": WEIGHTS,
        "journeys": journeys,
    }
    return Journeys(**(given | more))  # type: ignore[arg-type]


def visit(patient: str = "Cy", **more: object) -> Journey:
    """A visit of 30 minutes to a doctor, then a scan of 20."""
    given: dict[str, object] = {
        "tasks": (
            Task(name="visit", minutes=30, needs=(need("doctors"),)),
            Task(name="scan", minutes=20, needs=(need("scans"),)),
        ),
        "links": (Link(before="visit", after="scan"),),
    }
    return Journey(patient=patient, **(given | more))  # type: ignore[arg-type]


def booked(**starts: dict[str, tuple[int, str]]) -> Timetable:
    """A timetable of tasks with one resource each."""
    return Timetable(starts={p: {t: Slot(minute=m, resources=(r,)) for t, (m, r) in slots.items()} for p, slots in starts.items()})


def at(day: int, clock: str) -> int:
    """The minute of a day and a time of day."""
    return DAY * day + 60 * int(clock[:2]) + int(clock[3:])


def drawn(seed: int, *, pins: bool = False) -> Journeys:
    """A clinic drawn at random, with everything in it that the rules know."""
    luck = np.random.default_rng(seed)
    grid, days = int(luck.choice([5, 10, 15])), int(luck.integers(8, 16))
    hours = {"early": calendar("08:00", "13:00"), "late": calendar("11:30", "18:00", "Mon", "Tue", "Thu", "Sat", "Sun")}
    resources: dict[str, Resource] = {}
    pools: dict[str, Pool] = {}
    for i in range(4):
        members = [f"r{i}{c}" for c in "abc"[: int(luck.integers(1, 4))]]
        for m in members:
            resources[m] = Resource(
                capacity=int(luck.choice([1, 1, 2])),
                calendar=str(luck.choice(["early", "late"])) if luck.random() < 0.8 else None,
                turnover_minutes=float(luck.choice([0, 0, 7, 20])),
                last_start_minutes=float(luck.choice([0, 0, 45])),
            )
        pools[f"p{i}"] = Pool(members=tuple(members))
    resources["beds"] = Resource(capacity=int(luck.integers(1, 4)), turnover_minutes=15)
    pools["beds"] = Pool(members=("beds",))
    journeys = tuple(_drawn_journey(luck, i, resources) for i in range(int(luck.integers(4, 22))))
    closed = tuple(Closed(resource=r, start=DAY * int(d), end=DAY * int(d) + 700) for r in resources for d in luck.integers(0, days, 1))
    pinned = tuple(_pin(luck, j, days, grid, pools) for j in journeys[:2]) if pins else ()
    return Journeys(
        name=f"drawn {seed}",
        begin=date(2030, 1, 7 + int(luck.integers(7))),
        days=days,
        grid=grid,
        resources=resources,
        pools=pools,
        calendars=hours,
        closed=closed,
        overbooking={"p0": 1, "p1": 2},
        people=("p1", "p2"),
        weights=WEIGHTS,
        journeys=journeys,
        pinned=pinned,
    )


def _drawn_journey(luck: np.random.Generator, number: int, resources: dict[str, Resource]) -> Journey:
    tasks: list[Task] = []
    links: list[Link] = []
    n = int(luck.integers(1, 6))
    for i in range(n):
        chosen = luck.choice(4, int(luck.integers(0, 3)), replace=False)
        wanted = [need(f"p{x}", *([f"p{(x + 1) % 4}"] if luck.random() < 0.3 else [])) for x in chosen]
        if i < n - 1 and luck.random() < 0.25:
            wanted.append(need("beds", until=f"t{int(luck.integers(i + 1, n))}"))
        minutes, slack = int(luck.choice([10, 25, 40, 95])), int(luck.choice([0, 30]))
        tasks.append(Task(name=f"t{i}", minutes=minutes, needs=tuple(wanted), booked_slack=slack))
        if i and luck.random() < 0.8:
            links.append(_drawn_link(luck, tasks, int(luck.integers(i))))
    release = int(luck.integers(0, 4 * DAY))
    wishes: tuple[Wish, ...] = (
        OnDays(days=("Mon", "Wed", "Thu"), weight=2),
        InHours(start=600, end=900),
        Knows(resource=str(luck.choice(list(resources))), weight=3),
        Between(first=release + 1000, last=release + 9000),
        FewDays(most=1, weight=4),
        Stays(task="t0", day=3, weight=5),
    )
    return Journey(
        patient=f"P{number}",
        tasks=tuple(tasks),
        links=tuple(links),
        release=release,
        due=release + int(luck.integers(500, 8000)) if luck.random() < 0.5 else None,
        weight=int(luck.integers(1, 4)),
        wishes=tuple(w for w in wishes if luck.random() < 0.25),
        no_show=float(luck.choice([0.0, 0.35, 0.6])),
    )


def _drawn_link(luck: np.random.Generator, tasks: list[Task], before: int) -> Link:
    one, other, least = tasks[before], tasks[-1], int(luck.choice([0, 20, 1500]))
    shared = {p for n in one.needs for p in n.pools} & {p for n in other.needs for p in n.pools} - {"beds"}
    return Link(
        before=one.name,
        after=other.name,
        at_least=least,
        at_most=int(luck.choice([200, 3000, 9000])) + least if luck.random() < 0.5 else None,
        same_day=not least and bool(luck.random() < 0.3),
        same_one=min(shared) if shared and luck.random() < 0.7 else None,
    )


def _pin(luck: np.random.Generator, j: Journey, days: int, grid: int, pools: dict[str, Pool]) -> Pinned:
    t = j.tasks[0]
    minute = grid * int(luck.integers(0, (days * DAY // 2) // grid))
    return Pinned(patient=j.patient, task=t.name, slot=Slot(minute=minute, resources=tuple(pools[n.pools[0]].members[0] for n in t.needs)))
