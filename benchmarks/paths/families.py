"""Families of made-up patients: 100 to 10,000 journeys of about 4.5 tasks on 5 to 40 pools, at a chosen load; a seed makes the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from sandcone.core.journey import Between, FewDays, InHours, Journey, Knows, Link, OnDays, Task, Wish
from sandcone.core.journeys import DAY, Closed, Journeys
from sandcone.core.model import Need, Pool, Resource
from sandcone.core.site import Calendar, Shift

POOLS = {100: 5, 300: 10, 1_000: 15, 3_000: 25, 10_000: 40}
SPAN = {100: 14, 300: 21, 1_000: 28, 3_000: 42, 10_000: 56}  # days over which patients come; the plan may reach six weeks further
TAIL = 42
WEEK, WORK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), ("Mon", "Tue", "Wed", "Thu", "Fri")
SOME = {5: WORK, 3: ("Mon", "Wed", "Fri"), 2: ("Tue", "Thu"), 1: ("Wed",)}


def family(patients: int, load: float, seed: int) -> Journeys:
    """So many patients on their pools; the load is what they need over what is open while they come."""
    luck = np.random.default_rng([seed, patients, round(1000 * load)])
    size = min(POOLS, key=lambda n: (n < patients, abs(n - patients)))
    span, departments = SPAN[size], POOLS[size] // 5
    drawn = [_journey(luck, i, departments, span) for i in range(patients)]
    pools, resources, calendars = _house(drawn, departments, span, load)
    closed = tuple(
        Closed(resource=r, start=DAY * d, end=DAY * (d + 1))
        for r, it in resources.items()
        if it.calendar is not None
        for d in np.flatnonzero(luck.random(span + TAIL) < 0.04).tolist()
    )
    return Journeys(
        name=f"{patients} patients, load {load:.0%}, seed {seed}",
        begin=date(2030, 1, 7),  # a Monday
        days=span + TAIL,
        resources=resources,
        pools=pools,
        calendars=calendars,
        closed=closed,
        overbooking={p: 1 for p in pools if p.startswith("nurses")},
        people=tuple(p for p in pools if p.startswith(("doctors", "surgeons"))),
        journeys=tuple(_wishing(luck, j, pools) for j in drawn),
    )


def _journey(luck: np.random.Generator, number: int, departments: int, span: int) -> Journey:
    home = int(luck.integers(departments))
    tasks, links = [_task("visit", 30, f"doctors {home}")], []
    for i in range(int(luck.choice([1, 2, 3], p=[0.45, 0.4, 0.15]))):
        where = home if luck.random() < 0.7 else int(luck.integers(departments))
        tasks.append(_task(f"test {i}", int(luck.choice([15, 20, 30])), f"nurses {where}"))
        links.append(Link(before="visit", after=f"test {i}", at_least=int(luck.choice([0, 10])), same_day=bool(luck.random() < 0.15)))
    if luck.random() < 0.3:
        _procedure(luck, home, tasks, links)
    else:
        _results(luck, home, tasks, links)
    release = DAY * int(luck.integers(span)) + 5 * int(luck.integers(90, 190))
    nominal = sum(k.at_least for k in links) + 7 * DAY
    due = release + nominal + DAY * int(luck.integers(2, 12)) if luck.random() < 0.4 else None
    return Journey(
        patient=f"P{number:05d}",
        tasks=tuple(tasks),
        links=tuple(links),
        release=release,
        due=due,
        weight=int(luck.choice([1, 2, 4], p=[0.7, 0.2, 0.1])),
        no_show=float(luck.choice([0.0, 0.05, 0.1, 0.3, 0.5])),
    )


def _task(name: str, minutes: int, *pools: str, until: str | None = None, slack: int = 0) -> Task:
    needs = tuple(Need(pools=(p,), until=until if p.startswith("beds") else None) for p in pools)
    return Task(name=name, step=name.split()[0], minutes=minutes, needs=needs, booked_slack=slack)


def _results(luck: np.random.Generator, home: int, tasks: list[Task], links: list[Link]) -> None:
    """Results with a doctor, often the same one, and for some a control a week or three later."""
    known = f"doctors {home}" if luck.random() < 0.6 else None
    wait = int(luck.choice([60, 120, 1440]))
    links += [Link(before=t.name, after="results", at_least=wait) for t in tasks[1:]]
    links.append(Link(before="visit", after="results", same_one=known))
    tasks.append(_task("results", int(luck.choice([15, 20])), f"doctors {home}", slack=15))
    if luck.random() < 0.5:
        tasks.append(_task("control", 15, f"doctors {home}"))
        links.append(Link(before="results", after="control", at_least=7 * DAY, at_most=21 * DAY, same_one=known))


def _procedure(luck: np.random.Generator, home: int, tasks: list[Task], links: list[Link]) -> None:
    """A bed, then the procedure on the same day, then home after a night or two, with the bed kept all the while."""
    nights = int(luck.choice([1, 2], p=[0.6, 0.4]))
    links += [Link(before=t.name, after="admit", at_least=DAY) for t in tasks[1:]]
    tasks.append(_task("admit", 15, f"beds {home}", until="leave"))
    tasks.append(_task("procedure", int(luck.choice([60, 90, 120])), f"rooms {home}", f"surgeons {home}", slack=30))
    tasks.append(_task("leave", 10, f"nurses {home}"))
    links.append(Link(before="admit", after="procedure", at_least=30, at_most=360, same_day=True))
    links.append(Link(before="procedure", after="leave", at_least=DAY * nights - 480, at_most=DAY * nights + 240))


def _house(
    drawn: list[Journey], departments: int, span: int, load: float
) -> tuple[dict[str, Pool], dict[str, Resource], dict[str, Calendar]]:
    """As many members and open hours in each pool as make the load."""
    need: dict[str, int] = {}
    for j in drawn:
        for t in j.tasks:
            for n in t.needs:
                kept = (
                    sum(k.at_least for k in j.links if k.after == "leave") + 480
                    if n.until
                    else t.minutes + (_TURNOVER["rooms"] if n.pools[0].startswith("rooms") else 0)
                )
                need[n.pools[0]] = need.get(n.pools[0], 0) + kept
    pools: dict[str, Pool] = {}
    resources: dict[str, Resource] = {}
    calendars: dict[str, Calendar] = {}
    for d in range(departments):
        for kind in ("doctors", "nurses", "rooms", "surgeons", "beds"):
            name, wanted = f"{kind} {d}", max(need.get(f"{kind} {d}", 0), 60) / load
            if kind == "beds":
                wards = [f"ward {d}.{i}" for i in range(2)]
                resources |= {w: Resource(capacity=max(round(wanted / (DAY * span * 0.75) / 2), 1), turnover_minutes=60) for w in wards}
                pools[name] = Pool(members=tuple(wards))
                continue
            places = 2 if kind == "nurses" else 1
            members, calendars[name] = _hours(wanted / places / 0.96, span, weekends=kind == "nurses")
            one = Resource(capacity=places, calendar=name, turnover_minutes=_TURNOVER.get(kind, 0))
            made = {f"{kind[:-1]} {d}.{i}": one for i in range(members)}
            resources |= made
            pools[name] = Pool(members=tuple(made))
    return pools, resources, calendars


_TURNOVER = {"rooms": 20}


def _hours(wanted: float, span: int, *, weekends: bool) -> tuple[int, Calendar]:
    """Members, and hours in which together they are open for so many minutes while patients come."""
    for days in (7,) if weekends else (5, 3, 2, 1):
        members = max(int(np.ceil(wanted / (span * days / 7 * 540))), 1)
        length = min(wanted / (span * days / 7 * members), 540)
        if length >= 240 or days in (1, 7):
            break
    closes = 480 + max(15 * round(length / 15), 180)
    shown = {"days": WEEK if weekends else SOME[days], "from": "08:00", "to": f"{closes // 60:02d}:{closes % 60:02d}"}
    return members, Calendar(shifts=(Shift.model_validate(shown),))


def _wishing(luck: np.random.Generator, j: Journey, pools: dict[str, Pool]) -> Journey:
    """Four in ten wish for something: days, hours, somebody they know, not before a date, or to come on few days."""
    if luck.random() >= 0.4:
        return j
    doctors = pools[next(p for t in j.tasks for n in t.needs for p in n.pools)].members
    wishes: tuple[Wish, ...] = (
        OnDays(days=tuple(sorted({str(x) for x in luck.choice(WORK, 3)}, key=WORK.index))),  # type: ignore[arg-type]
        InHours(start=600, end=960, weight=2),
        Knows(resource=str(luck.choice(doctors)), weight=2),
        Between(first=j.release + DAY * int(luck.integers(1, 5))),
        FewDays(most=2),
    )
    chosen = tuple(wishes[i] for i in sorted(luck.choice(len(wishes), int(luck.integers(1, 3)), replace=False).tolist()))
    return replace(j, wishes=chosen)
