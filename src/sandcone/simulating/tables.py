"""A model and a plan as arrays: names become numbers, and everything that depends on who the patient is is settled for each kind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandcone.core.law import Minutes, holds
from sandcone.core.model import Model, Need, Step
from sandcone.core.opening import DAY
from sandcone.core.plan import DueDate, NobodyOver, Plan, Queue, ShortestFirst, Slack
from sandcone.core.present import Present
from sandcone.core.route import END, Choose, Do, Split
from sandcone.simulating import kernel as k
from sandcone.simulating.columns import Ints, Laws, columns, columns_of_minutes, flat, floats, ints, places_of, spans
from sandcone.simulating.kinds import Kinds, Who
from sandcone.simulating.opening import changes
from sandcone.simulating.queues import limit_of, queue_of, rank_of, within_of
from sandcone.simulating.rows import most_also
from sandcone.simulating.timetable import LAST_DAY

CLOSINGS = {"finish": k.FINISH, "go home": k.GO_HOME, "hand over": k.HAND_OVER}
PICKS = {"listed": k.LISTED, "random": k.RANDOM, "longest idle": k.IDLE}


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """What the kernel reads, and the first columns of what it writes."""

    net: k.Net
    place: Ints
    timing: NDArray[np.float64]
    line: Ints
    calendar: Ints


def tables(model: Model, plan: Plan, kinds: Kinds, days: int, present: Sequence[Present] = (), first: float = 0.0) -> Tables:
    """The whole model for the kernel, with nobody coming yet and calendars for so many days."""
    laws, people = Laws(), kinds.each()
    lines = Lines(model, {kept.resource for p in present for kept in p.keeps})
    place, timing, attribute = _resources(model, people, lines, first)
    calendar, hours = calendars(model, days, first)
    parts = _route(model, laws, people) | _steps(model, plan, laws, people, lines) | _needs(model, lines) | _pools(model)
    parts |= hours | _bookings(model, laws)
    net = k.Net(
        size=ints([len(people), len(model.resources), most_also(model) + 1, 0]),
        **parts,
        **laws.arrays(),
        attribute=attribute,
        line_need=flat(lines.needs),
        tangled=ints(lines.tangled),
        place_line=flat(lines.of_place),
        come_minute=floats([]),
        come_key=np.empty(0, dtype=np.uint64),
        come=columns([], []),
        planned_at=ints([]),
        planned_step=ints([]),
        planned_minute=floats([]),
    )
    none = [-1] * len(lines.steps)
    zero = [0] * len(lines.steps)
    line = columns(none, none, zero, zero, lines.steps, *spans(lines.needs), lines.simple)
    return Tables(net, place, timing, line, calendar)


def node_numbers(model: Model) -> dict[str, int]:
    """Nodes as numbers; the end is -1."""
    return {**places_of(model.route.nodes), END: -1}


def _route(model: Model, laws: Laws, people: list[Who]) -> dict[str, Any]:
    nodes, number, step, pace = list(model.route.nodes.values()), node_numbers(model), places_of(model.steps), places_of(model.paces)
    sets: dict[tuple[tuple[float, int], ...], int] = {}
    ways = [sets.setdefault(_ways(n, who, number), len(sets)) if isinstance(n, Choose) else 0 for n in nodes for who in people]
    begin = ints([*spans(list(sets))[0], 0])
    branches = [[number[b] for b in n.branches] if isinstance(n, Split) else [] for n in nodes]
    return {
        "node": columns(
            (k.DO if isinstance(n, Do) else k.CHOOSE if isinstance(n, Choose) else k.SPLIT for n in nodes),
            (step[n.step] if isinstance(n, Do) else -1 for n in nodes),
            (-1 if isinstance(n, Choose) else number[n.then] for n in nodes),
            (laws(n.lag) if isinstance(n, Do) else -1 for n in nodes),
            (pace[n.pace] if isinstance(n, Do) and n.pace is not None else -1 for n in nodes),
            *spans(branches),
        ),
        "pace": np.concatenate([*(p.passed for p in model.paces.values()), np.empty(0)]),
        "node_ways": begin[ints(ways)],
        "way_share": floats(share for s in sets for share, _ in s),
        "way_to": ints(to for s in sets for _, to in s),
        "branch": flat(branches),
    }


def _ways(choice: Choose, who: Who, number: Mapping[str, int]) -> tuple[tuple[float, int], ...]:
    ways = choice.ways(who)
    last = max(i for i, w in enumerate(ways) if w.share > 0)
    passed, found = 0.0, []
    for i, way in enumerate(ways):
        passed += way.share
        found.append((2.0 if i >= last else passed, number[way.to]))
    return tuple(found)


def _steps(model: Model, plan: Plan, laws: Laws, people: list[Who], lines: Lines) -> dict[str, Any]:
    steps = model.steps
    by: dict[tuple[int, ...], int] = {}
    queue = {name: queue_of(name, model, plan) for name in steps}
    booked = places_of(n for n, s in steps.items() if s.booking is not None)
    law = [_law(s.minutes, who, laws, by, model) for s in steps.values() for who in people]
    limits = [limit_of(q) for q in queue.values()]
    return {
        "step": columns(
            (laws(s.before) for s in steps.values()),
            (laws(s.after) for s in steps.values()),
            (laws(s.patience) for s in steps.values()),
            (booked.get(n, -1) for n in steps),
            (_order(q) for q in queue.values()),
            (int(any(b >= 0 for b in bits)) for bits in lines.bits),
            lines.first,
            *spans([s.needs for s in steps.values()]),
        ),
        "step_limit": floats(math.inf if x is None else x for x in limits),
        "step_law": ints(law),
        "law_by": flat(by),
        "step_key": columns_of_minutes(
            (rank_of(queue[n], n, who) for n in steps for who in people),
            (_within(queue[n], s, who) for n, s in steps.items() for who in people),
        ),
    }


def _law(minutes: Minutes, who: Who, laws: Laws, by: dict[tuple[int, ...], int], model: Model) -> int:
    cases = [c for c in minutes.cases if holds(c.when, who)]
    if not cases or cases[0].resource is None:
        return laws(minutes.law(who))
    named = {c.resource for c in cases}
    plain = laws(minutes.law(who))
    row = (plain, *(laws(minutes.law(who, r)) if r in named else plain for r in model.resources))
    return -2 - by.setdefault(row, len(by))


def _order(queue: Queue) -> int:
    queue = queue.otherwise if isinstance(queue, NobodyOver) else queue
    return k.BY_DUE if isinstance(queue, DueDate | Slack) else k.BY_LENGTH if isinstance(queue, ShortestFirst) else k.BY_READY


def _within(queue: Queue, step: Step, who: Who) -> float:
    queue = queue.otherwise if isinstance(queue, NobodyOver) else queue
    if isinstance(queue, DueDate | Slack):
        return within_of(queue, step, who)
    return step.minutes.law(who).mean if isinstance(queue, ShortestFirst) else 0.0


def _needs(model: Model, lines: Lines) -> dict[str, Any]:
    pool, number = places_of(model.pools), places_of(model.steps)
    needs = [n for s in model.steps.values() for n in s.needs]
    return {
        "need": columns(
            (n.units for n in needs),
            (int(n.blocks) for n in needs),
            (-1 if n.until is None else number[n.until] for n in needs),
            flat(lines.bits),
            *spans([n.pools for n in needs]),
        ),
        "need_pool": ints(pool[p] for n in needs for p in n.pools),
    }


def _pools(model: Model) -> dict[str, Any]:
    number, pools = places_of(model.resources), list(model.pools.values())
    members = [[number[m] for m in p.members] for p in pools]
    words = [sorted({m // 64 for m in row}) for row in members]
    bits = [sum(1 << (m % 64) for m in set(row) if m // 64 == w) for row, ws in zip(members, words, strict=True) for w in ws]
    within = np.zeros((len(members), len(number)), dtype=np.uint8)
    for i, row in enumerate(members):
        within[i, row] = 1
    return {
        "pool": columns(
            (PICKS[p.pick] for p in pools),
            (int(all(model.resources[m].last_start_minutes == 0 for m in p.members)) for p in pools),
            *spans(members),
            *spans(words),
        ),
        "member": flat(members),
        "pool_word": flat(words),
        "pool_bits": np.array(bits, dtype=np.uint64),
        "within": within,
    }


def _resources(model: Model, people: list[Who], lines: Lines, first: float) -> tuple[Ints, NDArray[np.float64], Ints]:
    rs, calendar = list(model.resources.values()), places_of(model.calendars)
    setups = places_of(dict.fromkeys(r.setup_by for r in rs if r.setup_by is not None))
    opens = {name: changes(c, model.begin, int(first // DAY) + 1, first)[0] for name, c in model.calendars.items()}
    is_open = [r.calendar is None or opens[r.calendar] for r in rs]
    none, zero = [-1] * len(rs), [0] * len(rs)
    place = columns(
        (r.capacity for r in rs),
        map(int, is_open),
        none,
        none,
        none,
        zero,
        (CLOSINGS[r.at_close] for r in rs),
        (-1 if r.setup_by is None else setups[r.setup_by] for r in rs),
        *spans(lines.of_place),
        (-1 if r.calendar is None else calendar[r.calendar] for r in rs),
    )
    last, turn, setup = [r.last_start_minutes for r in rs], [r.turnover_minutes for r in rs], [r.setup_minutes for r in rs]
    timing = columns_of_minutes([math.inf] * len(rs), [-1.0] * len(rs), last, turn, setup)
    values = [places_of(dict.fromkeys(who.get(a, "") for who in people)) for a in setups]
    attribute = np.array([[v[who.get(a, "")] for who in people] for a, v in zip(setups, values, strict=True)], dtype=np.int64)
    return place, timing, attribute.reshape(len(setups), len(people))


class Lines:
    """The lines of each step: one for each set of its needs that may be met by places the patient has kept."""

    def __init__(self, model: Model, kept_before: set[str]) -> None:
        number, steps = places_of(model.resources), list(model.steps.values())
        kept = kept_before | kept_resources(model)
        self.bits = [need_bits(model, s, kept) for s in steps]
        self.steps: list[int] = []
        self.needs: list[list[int]] = []
        self.simple: list[int] = []
        self.tangled: list[int] = []
        self.first: list[int] = []
        uses = []
        for i, (step, begin) in enumerate(zip(steps, spans([s.needs for s in steps])[0], strict=True)):
            self.first.append(len(self.steps))
            for met in range(1 << sum(b >= 0 for b in self.bits[i])):
                still = [j for j, b in enumerate(self.bits[i]) if b < 0 or not met >> b & 1]
                members = [_members(model, step.needs[j]) for j in still]
                apart = sum(map(len, members)) == len(set().union(*members))
                self.tangled += [] if apart else [len(self.steps)]
                self.steps.append(i)
                self.needs.append([begin + j for j in still])
                self.simple.append(int(apart and all(step.needs[j].units == 1 for j in still)))
                uses.append({number[m] for ms in members for m in ms})
        self.of_place: list[list[int]] = [[] for _ in number]
        for line, used in enumerate(uses):
            for r in sorted(used):
                self.of_place[r].append(line)


def kept_resources(model: Model) -> set[str]:
    """Everything that a patient may keep beyond a step."""
    return {m for s in model.steps.values() for n in s.needs if n.blocks or n.until is not None for m in _members(model, n)}


def need_bits(model: Model, step: Step, kept: set[str]) -> list[int]:
    """A bit for each need that a place kept by the patient may meet; -1 for the others."""
    can = [bool(kept & _members(model, need)) for need in step.needs]
    return [sum(can[:j]) if c else -1 for j, c in enumerate(can)]


def _members(model: Model, need: Need) -> set[str]:
    return {m for p in need.pools for m in model.pools[p].members}


def calendars(model: Model, days: int, first: float = 0.0) -> tuple[Ints, dict[str, Any]]:
    """When the calendars change from the minute ``first`` on, and which resources follow each; after the last day of all, never again."""
    made = [changes(c, model.begin, days, first) for c in model.calendars.values()]
    minutes = [np.append(m, math.inf) if days > LAST_DAY else m for _, m in made]
    follow = [[i for i, r in enumerate(model.resources.values()) if r.calendar == name] for name in model.calendars]
    begin, end = spans(minutes)
    calendar = columns(begin, (int(is_open) for is_open, _ in made), end, *spans(follow))
    return calendar, {"calendar_minute": np.concatenate([*minutes, np.empty(0)]), "calendar_place": flat(follow)}


def _bookings(model: Model, laws: Laws) -> dict[str, Any]:
    those = [s.booking for s in model.steps.values() if s.booking is not None]
    none = [0] * len(those)
    return {
        "booking": columns(
            *spans([b.slots for b in those]),
            (b.places for b in those),
            (laws(b.unpunctual) for b in those),
            (int(b.again) for b in those),
            none,
            none,
        ),
        "booking_minutes": columns_of_minutes(
            (b.notice_minutes for b in those), (b.early_minutes for b in those), (b.no_show for b in those), (b.cancel for b in those)
        ),
        "booking_slot": floats(x for b in those for x in b.slots),
    }
