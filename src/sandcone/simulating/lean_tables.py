"""The fast lane's tables: which models it can run, and the model laid out as ``lean_kernel.py`` reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from sandcone.core.arrivals import Arrivals, Gaps, Listed, Patient, Rate
from sandcone.core.law import Exponential, Fixed, Law, Lognormal, Seen, Uniform
from sandcone.core.model import Model, Step
from sandcone.core.plan import ByClass, ByStep, FirstCome, Plan, ShortestFirst
from sandcone.core.route import END, Choose, Do, Split
from sandcone.simulating import lean_kernel as lk
from sandcone.simulating.queues import queue_of

MOST_PLACES = 2**20
MOST_KINDS = 2**12  # of patients; tables are by node and kind
SURELY = 2.0  # a share that no luck reaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Patients who are alike: their attributes, and the node where they begin."""

    attributes: Mapping[str, str]
    first: str


def matter(model: Model, plan: Plan) -> frozenset[str]:
    """The attributes that make a difference to a patient's way, times or place in a line."""
    conditions = [c for s in model.steps.values() for case in s.minutes.cases for c in case.when]
    conditions += [c for n in model.route.nodes.values() if isinstance(n, Choose) for case in n.cases for c in case.when]
    queues = [queue_of(name, model, plan) for name in model.steps]
    return frozenset([*(c.attribute for c in conditions), *(q.attribute for q in queues if isinstance(q, ByClass))])


# ── what fits ───────────────────────────────────────────────────────────────────────────────────────────────────────


def why_not(model: Model, plan: Plan) -> str | None:
    """What keeps this model and plan off the fast lane, in words; None if nothing does."""
    return next(_obstacles(model, plan), None)


def why_not_arrivals(model: Model) -> str | None:
    """What keeps the fast lane from making the arrivals itself, in words; None if nothing does. It can always be given them."""
    for stream in model.arrivals:
        match stream:
            case Rate(growth_per_week=0, party=None) | Gaps(open=None):
                pass
            case _:
                return f"arrivals {stream.name!r}: {stream.kind} of this kind"
    return None


def _obstacles(model: Model, plan: Plan) -> Iterator[str]:
    if plan.booked:
        yield "booked patients"
    if any(isinstance(n, Split) for n in model.route.nodes.values()):
        yield "parallel parts"
    if any(isinstance(n, Do) and n.pace is not None for n in model.route.nodes.values()):
        yield "delays at a pace of their own"
    used = sorted({n.step for n in model.route.nodes.values() if isinstance(n, Do)})
    for name in used:
        yield from (f"step {name!r}: {what}" for what in _of_step(model, model.steps[name]))
    yield from _of_queues(model, plan, used)
    if _kinds(model, matter(model, plan)) > MOST_KINDS:
        yield "too many kinds of patients"
    if sum(model.resources[r].capacity for r in {_resource(model, s) for s in used}) > MOST_PLACES:
        yield "more than a million places"


def _kinds(model: Model, attributes: frozenset[str]) -> int:
    kinds = set()
    for stream in model.arrivals:
        for who in stream.patients if isinstance(stream, Listed) else stream.kinds:
            first = (who.first if isinstance(who, Patient) else None) or stream.first or model.route.first
            kinds.add((first, tuple(who.attributes.get(a) for a in sorted(attributes))))
    return len(kinds)


def _of_step(model: Model, step: Step) -> Iterator[str]:
    members = [m for need in step.needs for p in need.pools for m in model.pools[p].members]
    if len(step.needs) != 1 or len(members) != 1 or step.needs[0].units != 1:
        yield "not one place of one resource"
        return
    if step.needs[0].blocks or step.needs[0].until is not None:
        yield "places kept after the step"
    if step.booking is not None or step.patience is not None:
        yield "appointments or patience"
    if any(c.resource is not None for c in step.minutes.cases):
        yield "minutes that depend on the resource"
    r = model.resources[members[0]]
    if r.calendar is not None or r.turnover_minutes > 0 or r.setup_minutes > 0:
        yield "a resource that closes or takes time between patients"


def _of_queues(model: Model, plan: Plan, used: list[str]) -> Iterator[str]:
    kinds: dict[str, set[str]] = {}
    for name in used:
        queue = queue_of(name, model, plan)
        if not isinstance(queue, FirstCome | ByClass | ByStep | ShortestFirst):
            yield f"step {name!r}: queue {queue.kind}"
        kinds.setdefault(_resource(model, name), set()).add(queue.kind)
    for resource, here in kinds.items():
        if len(here) > 1 and "shortest first" in here:
            yield f"resource {resource!r}: shortest first beside another kind of queue"


def _resource(model: Model, step: str) -> str:
    return model.pools[model.steps[step].needs[0].pools[0]].members[0]


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def net_of(model: Model, plan: Plan, who: Sequence[Who]) -> lk.Net:
    """The model as tables, for these kinds of patients."""
    nodes, laws = [*model.route.nodes.values()], _Laws()
    number = {END: 0, **{name: i + 1 for i, name in enumerate(model.route.nodes)}}
    steps, resources = [*model.steps], [*model.resources]
    do = [n if isinstance(n, Do) else None for n in nodes]
    step = [model.steps[n.step] if n else None for n in do]
    station = [resources.index(_resource(model, n.step)) if n else -1 for n in do]
    key = [_line_key(model, plan, n.step, w) if n else None for n in do for w in who]
    lines = [*_lines(station, key, len(who), len(resources))]
    of = {line: i for i, line in enumerate(lines)}
    ways = [n.ways(w.attributes) if isinstance(n, Choose) else () for n in nodes for w in who]
    end = [-1] * len(who)
    return lk.Net(
        kinds=ints([len(who)]),
        kind_first=ints(number[w.first] for w in who),
        step=ints([-1, *(steps.index(n.step) if n else -1 for n in do)]),
        station=ints([-1, *station]),
        then=ints([0, *(number[n.then] if n else 0 for n in do)]),
        lag=ints([-1, *(laws.number(n.lag) if n else -1 for n in do)]),
        before=ints([-1, *(laws.number(s.before) if s else -1 for s in step)]),
        after=ints([-1, *(laws.number(s.after) if s else -1 for s in step)]),
        minutes=ints([*end, *(laws.number(s.minutes.law(w.attributes)) if s else -1 for s in step for w in who)]),
        line=ints([*end, *(of[station[i // len(who)], k] if k else -1 for i, k in enumerate(key))]),
        line_rank=ints(rank for _, (rank, _) in lines),
        line_minute=floats(minute for _, (_, minute) in lines),
        ways=ints([*end, *_begin(ways)[:-1]]),
        way_share=floats(x for w in ways for x in added_up(way.share for way in w)),
        way_to=ints(number[way.to] for w in ways for way in w),
        lines=ints(sum(s < r for s, _ in lines) for r in range(len(resources) + 1)),
        places=ints([0, *accumulate(r.capacity if i in station else 0 for i, r in enumerate(model.resources.values()))]),
        laws=laws.tables(),
    )


def _lines(station: list[int], key: list[tuple[int, float] | None], kinds: int, resources: int) -> Iterator[tuple[int, tuple[int, float]]]:
    """Each resource's lines: one for each key that a patient may have there, the least first."""
    for r in range(resources):
        yield from ((r, k) for k in sorted({k for i, k in enumerate(key) if k and station[i // kinds] == r}))


def _line_key(model: Model, plan: Plan, step: str, who: Who) -> tuple[int, float]:
    """Rank, and the minute compared within a rank: -1 where that is the time of need, which is the order of the line itself."""
    match queue_of(step, model, plan):
        case ByClass(attribute=attribute, order=order):
            value = who.attributes.get(attribute)
            return (order.index(value) if value in order else len(order), -1.0)
        case ByStep(order=order):
            return (order.index(step) if step in order else len(order), -1.0)
        case ShortestFirst():
            return (0, model.steps[step].minutes.law(who.attributes).mean)
        case _:
            return (0, -1.0)


def kinds_of(model: Model) -> list[Who]:
    """The kinds of patients of all streams, one after the other, where the fast lane makes the arrivals itself."""
    return [Who(attributes=k.attributes, first=s.first or model.route.first) for s in _simple(model.arrivals) for k in s.kinds]


def streams_of(model: Model, net: lk.Net) -> lk.Streams:
    """The streams of arrivals as tables, all but the luck: the keys are those of no run yet."""
    streams, laws = _simple(model.arrivals), _Laws()
    kinds = _begin(s.kinds for s in streams)
    first = [[net.minutes[net.kind_first[k] * net.kinds[0] + k] for k in range(a, b)] for a, b in pairwise(kinds)]
    return lk.Streams(
        ahead=ints([lk.AHEAD]),
        how=ints(lk.BY_GAPS if isinstance(s, Gaps) else lk.EVEN if len(s.per_hour) == 1 else lk.HOURLY for s in streams),
        key=np.zeros(len(streams), dtype=np.uint64),
        law=ints(laws.number(s.gap) if isinstance(s, Gaps) else -1 for s in streams),
        kinds=ints(kinds),
        share=floats(x for s in streams for x in added_up(k.share for k in s.kinds)),
        rate=floats(x for s in streams for x in _a_week(s, model.begin.weekday())),
        exponential=ints(all(x >= 0 and net.laws.kind[x] == lk.EXPONENTIAL for x in laws_of) for laws_of in first),
        laws=laws.tables(),
    )


def given(count: int) -> lk.Streams:
    """One stream whose arrivals, so many, are all there from the beginning."""
    return lk.Streams(
        ahead=ints([count + 1]),
        how=ints([lk.GIVEN]),
        key=np.zeros(1, dtype=np.uint64),
        law=ints([-1]),
        kinds=ints([0, 0]),
        share=floats(()),
        rate=floats(()),
        exponential=ints([0]),
        laws=_Laws().tables(),
    )


def _simple(arrivals: Iterable[Arrivals]) -> list[Rate | Gaps]:
    return [s for s in arrivals if isinstance(s, Rate | Gaps)]


def _a_week(stream: Rate | Gaps, weekday: int) -> list[float]:
    """Patients a minute in each hour of a week that begins at minute 0."""
    hours = np.resize(stream.per_hour if isinstance(stream, Rate) else (0.0,), 168) / 60
    return [*map(float, np.roll(hours, -24 * weekday))]


class _Laws:
    """Laws of chance, each kept once."""

    def __init__(self) -> None:
        self.known: dict[Law, int] = {}

    def number(self, law: Law | None) -> int:
        return -1 if law is None else self.known.setdefault(law, len(self.known))

    def tables(self) -> lk.Laws:
        seen = [law.minutes if isinstance(law, Seen) else () for law in self.known]
        rows = [_law(law) for law in self.known]
        return lk.Laws(
            kind=ints(kind for kind, _, _ in rows),
            a=floats(a for _, a, _ in rows),
            b=floats(b for _, _, b in rows),
            begin=ints(_begin(seen)),
            seen=floats(x for s in seen for x in s),
        )


def _law(law: Law) -> tuple[int, float, float]:
    match law:
        case Fixed():
            return lk.FIXED, law.minutes, 0.0
        case Uniform():
            return lk.UNIFORM, law.low, law.high - law.low
        case Exponential():
            return lk.EXPONENTIAL, law.mean, 0.0
        case Lognormal():
            return lk.LOGNORMAL, law.median, law.sigma
        case Seen():
            return lk.SEEN, 0.0, float(len(law.minutes))


def added_up(shares: Iterable[float]) -> list[float]:
    """Shares added up; the last one above 0 takes all that is left."""
    each = [*shares]
    last = max((i for i, s in enumerate(each) if s > 0), default=-1)
    return [SURELY if i >= last else x for i, x in enumerate(accumulate(each))]


def _begin(of: Iterable[Sequence[object]]) -> list[int]:
    """Where each of several lists begins when they are put one behind the other, and where the last one ends."""
    return [0, *accumulate(map(len, of))]


def ints(of: Iterable[int]) -> lk.Ints:
    """An array of whole numbers."""
    return np.array([*of], dtype=np.int64)


def floats(of: Iterable[float]) -> lk.Floats:
    """An array of numbers."""
    return np.array([*of], dtype=np.float64)
