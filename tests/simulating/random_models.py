"""Small hospitals made up at random, with everything a model can say: to hold two engines against each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from sandcone.core.arrivals import Arrivals, Gaps, Kind, Listed, Patient, Rate, Slots
from sandcone.core.law import Exponential, Fixed, Law, LawWhen, Lognormal, Minutes, Seen, Uniform
from sandcone.core.model import Booking, Model, Need, Pool, Resource, Step
from sandcone.core.pace import Pace
from sandcone.core.plan import Booked, ByClass, ByStep, DueDate, FirstCome, NobodyOver, Plan, Queue, ShortestFirst, Slack
from sandcone.core.present import Between, Kept, Present, SideBySide, UnderWay, Waiting
from sandcone.core.route import END, Choose, Do, Node, Route, Split, Way, WaysWhen
from sandcone.core.site import Calendar, Condition, Shift

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
COLOURS = ("red", "amber", "green")


def law(luck: Random, mean: float) -> Law:
    """Some law with about this mean; whole minutes now and then, so that things happen at the same moment."""
    return luck.choice(
        [
            Fixed(minutes=float(round(mean))),
            Uniform(low=mean / 2, high=mean * 1.5),
            Exponential(mean=mean),
            Lognormal(median=mean, sigma=0.5),
            Seen(minutes=(0.0, float(round(mean)), float(round(2 * mean)))),
        ]
    )


def maybe(luck: Random, share: float, made: Law) -> Law | None:
    """The law, or none."""
    return made if luck.random() < share else None


def calendar(luck: Random) -> Calendar:
    """Opening hours on most days, sometimes with a break, a closed day, or nights."""
    open_days = tuple(d for d in DAYS if luck.random() < 0.8) or DAYS
    opens = luck.choice([0, 6, 8])
    shifts = [Shift.model_validate({"days": open_days, "from": f"{opens:02d}:00", "to": f"{opens + 8:02d}:30"})]
    if luck.random() < 0.5:
        shifts.append(Shift.model_validate({"days": DAYS[:3], "from": "17:00", "to": luck.choice(["20:15", "24:00"])}))
    closed = ("2024-01-04",) if luck.random() < 0.4 else ()
    return Calendar(shifts=tuple(shifts), closed=closed)


def resource(luck: Random, calendars: list[str]) -> Resource:
    """A resource, plain or with some of what a resource can have."""
    setup = luck.random() < 0.3
    return Resource(
        capacity=luck.choice([1, 1, 2, 3]),
        calendar=luck.choice([None, *calendars]),
        at_close=luck.choice(["finish", "hand over", "go home"]),
        last_start_minutes=luck.choice([0.0, 0.0, 45.0]),
        turnover_minutes=luck.choice([0.0, 0.0, 7.0]),
        setup_minutes=11.0 if setup else 0.0,
        setup_by="colour" if setup else None,
    )


def need(luck: Random, pools: list[str], sizes: dict[str, int], steps: list[str]) -> Need:
    """One need, perhaps of several units, with alternatives, blocking or kept."""
    which = tuple(luck.sample(pools, luck.choice([1, 1, 2])))
    rule = luck.random()
    return Need(
        pools=which,
        units=2 if luck.random() < 0.2 and max(sizes[p] for p in which) > 1 else 1,
        blocks=rule < 0.15,
        until=luck.choice(steps) if 0.15 <= rule < 0.3 else None,
    )


def step(luck: Random, needs: tuple[Need, ...], resources: list[str]) -> Step:
    """One step."""
    cases = []
    if luck.random() < 0.4:
        cases.append(LawWhen(law=law(luck, 12), when=(Condition(attribute="colour", values=("red", "green")),)))
    if luck.random() < 0.4:
        cases.insert(luck.choice([0, len(cases)]), LawWhen(law=law(luck, 31), resource=luck.choice(resources)))
    booking = None
    if luck.random() < 0.2:
        booking = Booking(
            slots=(600.0, 660.5, 3000.0, 7000.0),
            places=2,
            notice_minutes=luck.choice([0.0, 500.0]),
            unpunctual=maybe(luck, 0.7, law(luck, 10)),
            early_minutes=luck.choice([0.0, 15.0]),
            no_show=0.2,
            cancel=0.2,
            again=luck.random() < 0.5,
        )
    return Step(
        minutes=Minutes(otherwise=law(luck, 22), cases=tuple(cases)),
        needs=needs,
        before=maybe(luck, 0.2, law(luck, 9)),
        after=maybe(luck, 0.2, law(luck, 8)),
        patience=maybe(luck, 0.2, law(luck, 150)),
        booking=booking,
    )


def route(luck: Random, steps: list[str]) -> Route:
    """A graph with choices that may go back, or with parallel parts: with both, patients could multiply without end."""
    size, back = luck.randint(3, 8), luck.random() < 0.5
    names = [f"n{i}" for i in range(size)]
    nodes: dict[str, Node] = {}
    for i, name in enumerate(names):
        on = [*names[i + 1 :], END]
        kind = luck.random()
        if kind < 0.6 or i == 0:
            nodes[name] = Do(
                step=luck.choice(steps), then=luck.choice(on[:2]), lag=maybe(luck, 0.3, law(luck, 15)), pace=luck.choice([None, "office"])
            )
        elif kind < 0.8 or back or len(on) < 3:
            ways = (Way(to=luck.choice(on), share=0.5), Way(to=luck.choice(names if back else on), share=0.25), Way(to=END, share=0.25))
            other = (
                WaysWhen(
                    when=(Condition(attribute="colour", values=("amber",)),),
                    ways=(Way(to=luck.choice(on), share=1.0), Way(to=END, share=0.0)),
                ),
            )
            nodes[name] = Choose(otherwise=ways, cases=other if luck.random() < 0.5 else ())
        else:
            nodes[name] = Split(branches=tuple(luck.choice(on) for _ in range(luck.randint(1, 3))), then=luck.choice(on))
    return Route(first=names[0], nodes=nodes)


def queue(luck: Random, steps: list[str], deep: bool = True) -> Queue:
    """Some discipline."""
    within = {"red": 30.0, "amber": 120.0}
    plain: list[Queue] = [
        FirstCome(),
        ByClass(attribute="colour", order=("red", "amber")),
        ByStep(order=tuple(luck.sample(steps, len(steps) // 2))),
        DueDate(attribute="colour", within_minutes=within, otherwise_minutes=400.0),
        Slack(attribute="colour", within_minutes=within, otherwise_minutes=400.0),
        ShortestFirst(),
    ]
    return NobodyOver(minutes=60.0, otherwise=queue(luck, steps, deep=False)) if deep and luck.random() < 0.3 else luck.choice(plain)


def arrivals(luck: Random, nodes: list[str]) -> tuple[Arrivals, ...]:
    """One to three streams."""
    kinds = (Kind(share=0.25, attributes={"colour": "red"}), Kind(share=0.25, attributes={"colour": "amber"}), Kind(share=0.5))
    known = tuple(Patient(name=f"p{i}", minute=float(90 * i), attributes={"colour": COLOURS[i % 3], "age": str(i)}) for i in range(20))
    every: list[Arrivals] = [
        Rate(per_hour=(2.0,), kinds=kinds),
        Rate(per_hour=(0.0,) * 8 + (3.0,) * 160, growth_per_week=0.1, party=Seen(minutes=(1.0, 1.0, 3.0)), kinds=kinds),
        Gaps(gap=law(luck, 45), kinds=kinds, first=luck.choice(nodes)),
        Gaps(gap=Fixed(minutes=30), open=calendar(luck), kinds=kinds),
        Slots(
            slots=(500.0, 500.0, 1900.0, 5000.0), filled=0.9, no_show=0.1, unpunctual=Uniform(low=0, high=30), early_minutes=20, kinds=kinds
        ),
        Listed(patients=known),
    ]
    return tuple(luck.sample(every, luck.randint(1, 3)))


def random_world(seed: int) -> tuple[Model, Plan]:
    """A hospital and a plan; equal seeds give equal ones."""
    luck = Random(seed)
    calendars = {f"c{i}": calendar(luck) for i in range(luck.randint(0, 3))}
    resources = {f"r{i}": resource(luck, list(calendars)) for i in range(luck.randint(2, 6))}
    pools = {
        f"p{i}": Pool(
            members=tuple(luck.sample(list(resources), luck.randint(1, len(resources)))),
            pick=luck.choice(["listed", "random", "longest idle"]),
        )
        for i in range(luck.randint(2, 4))
    }
    sizes = {name: sum(resources[m].capacity for m in pool.members) for name, pool in pools.items()}
    names = [f"s{i}" for i in range(luck.randint(2, 5))]
    needs = {n: tuple(need(luck, list(pools), sizes, names) for _ in range(luck.choice([0, 1, 1, 2, 3]))) for n in names}
    way = route(luck, names)
    model = Model(
        name=f"random {seed}",
        begin=date(2024, 1, 1) + timedelta(days=luck.randint(0, 6)),
        steps={n: step(luck, needs[n], list(resources)) for n in names},
        route=way,
        arrivals=arrivals(luck, list(way.nodes)),
        resources=resources,
        pools=pools,
        calendars=calendars,
        paces={"office": Pace(by_hour=tuple(168 / 40 if 8 <= h % 24 < 16 and h < 120 else 0.0 for h in range(168)))},
        queue=queue(luck, names),
    )
    booked = tuple(
        Booked(patient=p, step=luck.choice(names), minute=luck.uniform(0, 5000)) for p in ("1", "7", "p3") if luck.random() < 0.5
    )
    queues = {luck.choice(names): queue(luck, names)} if luck.random() < 0.5 else {}
    return model, Plan(name="random", queue=queue(luck, names) if luck.random() < 0.5 else None, queues=queues, booked=booked)


def random_present(seed: int, model: Model) -> tuple[Present, ...]:
    """Up to six patients already there: waiting, or under way at places that are left."""
    luck = Random(seed + 1)
    left = {name: r.capacity for name, r in model.resources.items()}
    nodes = [(name, node) for name, node in model.route.nodes.items() if isinstance(node, Do)]
    people: list[Present] = []
    for i in range(luck.randint(0, 6)):
        name, node = luck.choice(nodes)
        who = {"colour": luck.choice(COLOURS)}
        keeps: tuple[Kept, ...] = ()
        spare = [r for r, n in left.items() if n > 0]
        if spare and luck.random() < 0.4:
            keeps = (Kept(resource=luck.choice(spare), until=luck.choice([None, *model.steps])),)
            left[keeps[0].resource] -= 1
        since = -float(luck.randint(0, 50))
        taken: list[str] = []
        for need in model.steps[node.step].needs:
            for _ in range(need.units):
                free = [m for m in model.pools[need.pools[0]].members if left[m] - taken.count(m) > 0]
                taken += free[:1]
        every = len(taken) == sum(n.units for n in model.steps[node.step].needs)
        stands = random_stand(luck, f"here {i}", name, since, taken if every else [])
        if isinstance(stands, UnderWay):
            for r in taken:
                left[r] -= 1
        if luck.random() < 0.3:
            beside = Between(name=f"here {i}", node=luck.choice(nodes)[0], since=since - 1)
            then = luck.choice([END, *model.route.nodes])
            people.append(SideBySide(name=f"here {i}", parts=(stands, beside), then=then, attributes=who, keeps=keeps))
        else:
            people.append(replace(stands, attributes=who, keeps=keeps, arrived=since - 5))
    return tuple(people)


def random_stand(luck: Random, name: str, node: str, since: float, taken: list[str]) -> UnderWay | Waiting | Between:
    """Under way where all that is needed is left, else waiting, or not yet needed."""
    if taken and luck.random() < 0.6:
        return UnderWay(name=name, node=node, since=since, resources=tuple(taken))
    if luck.random() < 0.3:
        return Waiting(name=name, node=node, since=since, booked=float(luck.randint(-30, 900)))
    return luck.choice((Waiting, Between))(name=name, node=node, since=since)
