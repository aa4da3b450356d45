"""Booking whole paths on flat arrays: the cheapest path found for one patient among all the others, and the search that moves several.

Compiled by Numba in the style of ``core/jit.py``: all memory comes from Python, and everything the kernel needs stands in this file.
``tables.py`` lays the tables out; ``score.py`` says what has to come out.

Time is in cells of ``GRID`` minutes; a task begins with a cell. What is taken of a resource in a cell is one number: places in the bits
above ``SHIFT``, thousandths of patients expected below. Costs are about one patient each, so a move's cost is exact without any
book-keeping: what the patients cost who were taken out, against what they cost where they are put back.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sandcone.core.jit import helper, kernel

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

PATIENTS, TASKS, RESOURCES, CELLS, A_DAY, GRID, WEEKDAY, SIZES = range(8)
WAIT_W, LENGTH_W, LATE_W, WISH_W, DAY_W, FACE_W, SLACK_W, OUT_W, WEIGHTS = range(9)
ON_DAYS, IN_HOURS, KNOWS, BETWEEN, FEW_DAYS, STAYS = range(6)
MOVES, INSERTED, DELTA, OFFERED, REGISTERS = range(5)
FROM, TO, ME, PAINS, WINDOW = range(5)
LIST, FIRST_COME, SEARCH, TAKE_UP, OFFER, DROP = range(6)
STRING, IN_THE_WAY, KIN, ALONE, KINDS = range(5)
HEAT, MOST, SKIP, VARY, OFTEN = range(5)  # where chances begin, and what stands before them
NAMES = ("a stretch of one resource", "who is in the way", "who came at the same time", "one alone")
PROPOSED, ACCEPTED, BETTER, COUNTS = range(4)
MINDFUL, FAITHFUL, ONE_DAY, MODES = 1, 2, 4, 8

SHIFT = 20
MASK = (1 << SHIFT) - 1
NOWHERE = 1 << 30
NEVER = 1 << 60
NOBODY = -2
MOST_TASKS, MOST_NEEDS = 64, 128  # of one patient
MOST_OUT = 24  # patients taken out at once
TRIES = 40  # times that tasks of one path are put off
ANCHORS = 60  # days at which a path is tried
LUCKS = 1024
PHI = np.uint64(0x9E3779B97F4A7C15)
STIR = np.uint64(0xD1342543DE82EF95)
U32, U29, U54 = np.uint64(32), np.uint64(29), np.uint64(54)


class Given(NamedTuple):
    """The problem as tables. Tasks, needs, links and wishes of a patient stand together; ``x_at`` says where they begin."""

    sizes: Ints
    weights: Ints
    task_at: Small  # by patient, and one more
    need_at: Small  # by task, and one more
    link_at: Small  # by patient, and one more
    wish_at: Small  # by patient, and one more
    ends_at: Small  # by task, and one more: needs kept until then
    release: Ints  # by patient, minutes
    due: Ints
    urgent: Ints
    least: Ints  # by patient: the least length of the journey, minutes
    floor: Ints  # by patient: the least cost but for waiting and lateness
    minutes: Ints  # by task
    span: Small  # by task: cells
    slack: Ints  # by task
    pin: Small  # by task: cell, -1 where it is not pinned
    word: Small  # by need
    until: Small  # by need: the task until whose end it is kept
    hold: Small  # by need: the fewest cells it is kept
    task_of: Small  # by need
    pin_who: Small  # by need
    member_at: Small  # by need, and one more
    member: Small
    face: Small  # by member of a need: the pool of people it is met in, or -1
    able: Small  # by need: so many members, the first ones, suit the links too
    ends: Small  # needs that end with a task
    link_before: Small
    link_after: Small
    link_least: Ints
    link_most: Ints
    link_day: Small
    link_one_before: Small  # need that has to have the same member, or -1
    link_one_after: Small
    wish_kind: Small
    wish_a: Ints
    wish_b: Ints
    wish_weight: Ints
    places: Small  # by resource, overbooking included
    expected: Small  # by resource: most expected, in thousandths
    turn: Ints  # by resource, minutes
    pattern: Ints  # by resource: where its hours begin in ``run``
    run: Small  # cells until closing, 0 where nothing may begin
    opens: Small  # the next cell with a run
    near: Small  # patients in the order of release
    near_at: Small  # by patient: place in that order
    firm: Small  # by patient: 1 where a task is pinned, 2 where all are
    modes: Small  # by patient: which ways of building may differ
    luck: Floats


class State(NamedTuple):
    """The timetable, shared by all cores."""

    start: Small  # by task: cell, -1: left out
    who: Small  # by need
    used: Small  # by resource and cell
    owner: Small  # by resource and cell: the last patient put there
    cost: Ints  # by patient
    whose: Small  # by patient: the core that may move the patient now, -1 where none may


class Mine(NamedTuple):
    """What one core works with."""

    at: Small  # by task of the patient at hand
    low: Small
    order: Small
    by: Small  # by need of the patient at hand
    best_at: Small
    best_by: Small
    out: Small  # patients taken out
    kept_at: Small
    kept_by: Small
    kept_cost: Ints
    queue: Small  # patients for LIST
    window: Ints
    register: Ints
    floats: Floats
    random: Keys
    counts: Ints


@helper
def _next(random):
    x = random[0] + PHI
    random[0] = x
    x = (x ^ (x >> U32)) * STIR
    x = (x ^ (x >> U29)) * STIR
    return x ^ (x >> U32)


@helper
def _under(random, n):
    return np.int64(((_next(random) >> U32) * np.uint64(n)) >> U32)


@helper
def _cells(grid, minutes):
    """Minutes in cells, rounded up."""
    return (minutes + grid - 1) // grid


# ── what is free ────────────────────────────────────────────────────────────────────────────────────────────────────


@helper
def _last_clash(sizes, all_places, all_expected, used, r, a, b, word):
    """The last cell from a up to b in which the resource has no such place, or -1."""
    base = r * sizes[CELLS]
    places, expected = all_places[r], all_expected[r]
    for c in range(base + b - 1, base + a - 1, -1):
        u = used[c] + word
        if (u >> SHIFT) > places or (u & MASK) > expected:
            return c - base
    return np.int64(-1)


@helper
def _first_clash(sizes, all_places, all_expected, used, r, a, b, word):
    """The first cell from a up to b in which the resource has no such place, or -1."""
    base = r * sizes[CELLS]
    places, expected = all_places[r], all_expected[r]
    for c in range(base + a, base + b):
        u = used[c] + word
        if (u >> SHIFT) > places or (u & MASK) > expected:
            return c - base
    return np.int64(-1)


@helper
def _until(g, m, f, q, r):
    """The cell at which a need of the patient at hand gives its place back; NOWHERE if that is not known yet."""
    u = g.until[q]
    a = m.at[u - f]
    if a < 0:
        return np.int64(NOWHERE)
    return a + _cells(g.sizes[GRID], g.minutes[u] + g.turn[r])


@helper
def _own(g, m, f, n0, n1, but, r, a, b):
    """What the patient at hand takes of a resource already, with other needs, from a up to b."""
    found = 0
    for q in range(n0, n1):
        if q != but and m.by[q - n0] == r:
            x = m.at[g.task_of[q] - f]
            if g.task_of[q] == g.task_of[but] or (x >= 0 and x < b and _until(g, m, f, q, r) > a):
                found += g.word[q]
    return found


@helper
def _free_from(g, s, m, f, n0, n1, q, t, r, c, limit):
    """The first cell from c on at which a resource can take a task's need; NOWHERE if that is after the limit."""
    pattern, span, cells, last = g.pattern[r], g.span[t], g.sizes[CELLS], m.window[TO]
    long = _cells(g.sizes[GRID], g.minutes[t] + g.turn[r])
    if g.until[q] != t:
        long = max(g.hold[q] + _cells(g.sizes[GRID], g.turn[r]), span)
    again = False
    for x in range(n0, n1):
        again = again or (x != q and m.by[x - n0] == r)
    while c <= limit:
        run = g.run[pattern + c]
        if run < span:
            c = np.int64(g.opens[pattern + c + run])
            continue
        end = c + long
        if end > last:
            if last < cells:
                return np.int64(NOWHERE)
            end = cells
        word = np.int32(g.word[q])
        if again:
            word += np.int32(_own(g, m, f, n0, n1, q, r, c, end))
        clash = _last_clash(g.sizes, g.places, g.expected, s.used, r, c, end, word)
        if clash < 0:
            return np.int64(c)
        c = clash + 1
    return np.int64(NOWHERE)


# ── what a path costs ───────────────────────────────────────────────────────────────────────────────────────────────


@helper
def _could(member_at, member, q, r):
    found = False
    for x in range(member_at[q], member_at[q + 1]):
        found = found or member[x] == r
    return found


@helper
def _as_wished(g, m, p, w, t, f, a, n0):
    """Whether one task is as one wish has it; ``a`` is its cell."""
    kind, x, y = g.wish_kind[w], g.wish_a[w], g.wish_b[w]
    if kind == ON_DAYS:
        return ((x >> ((g.sizes[WEEKDAY] + a // g.sizes[A_DAY]) % 7)) & 1) == 1
    begins = a * g.sizes[GRID]
    if kind == IN_HOURS:
        clock = begins % 1440
        return x <= clock and clock + g.minutes[t] <= y
    if kind == BETWEEN:
        return x <= begins and begins + g.minutes[t] <= y
    if kind == STAYS:
        return t - f != x or a // g.sizes[A_DAY] == y
    if kind == KNOWS:
        could = False
        for q in range(g.need_at[t], g.need_at[t + 1]):
            if m.by[q - n0] == x:
                return True
            could = could or _could(g.member_at, g.member, q, x)
        return not could
    return True


@helper
def _cost(g, m, p):
    """What the path at hand costs."""
    f, e, grid, day = g.task_at[p], g.task_at[p + 1], g.sizes[GRID], g.sizes[A_DAY]
    n0, n1 = g.need_at[f], g.need_at[e]
    first, last, days, short = np.int64(NEVER), np.int64(0), 0, np.int64(0)
    for t in range(f, e):
        a = np.int64(m.at[t - f])
        ends = a * grid + g.minutes[t]
        first, last = min(first, a * grid), max(last, ends)
        new, gap = 1, np.int64(NEVER)
        for u in range(f, e):
            b = np.int64(m.at[u - f])
            if u < t and b // day == a // day:
                new = 0
            if u != t and b * grid >= ends:
                gap = min(gap, b * grid - ends)
        days += new
        short += max(g.slack[t] - gap, 0)
    faces = 0
    for q in range(n0, n1):
        pool = _face(g.member_at, g.member, g.face, q, m.by[q - n0])
        if pool >= 0:
            new, seen = 1, 0
            for x in range(n0, q):
                if _face(g.member_at, g.member, g.face, x, m.by[x - n0]) == pool:
                    seen = 1
                    if m.by[x - n0] == m.by[q - n0]:
                        new = 0
            faces += new * seen
    missed = np.int64(0)
    for w in range(g.wish_at[p], g.wish_at[p + 1]):
        if g.wish_kind[w] == FEW_DAYS:
            missed += g.wish_weight[w] * max(days - g.wish_a[w], 0)
        else:
            for t in range(f, e):
                if not _as_wished(g, m, p, w, np.int64(t), f, np.int64(m.at[t - f]), n0):
                    missed += g.wish_weight[w]
    found = g.weights[WAIT_W] * g.urgent[p] * max(first - g.release[p], 0) + g.weights[LENGTH_W] * (last - first)
    found += g.weights[LATE_W] * g.urgent[p] * max(last - g.due[p], 0) + g.weights[WISH_W] * missed
    return found + g.weights[DAY_W] * days + g.weights[FACE_W] * faces + g.weights[SLACK_W] * short


@helper
def _face(member_at, member, face, q, r):
    """The pool of people in which a need meets a resource, or -1."""
    for x in range(member_at[q], member_at[q + 1]):
        if member[x] == r:
            return face[x]
    return np.int32(-1)


@helper
def _least(g, p, c):
    """No path of the patient whose first task begins at the cell or later costs less."""
    begins = c * g.sizes[GRID]
    late = max(begins + g.least[p] - g.due[p], 0)
    return g.floor[p] + g.urgent[p] * (g.weights[WAIT_W] * max(begins - g.release[p], 0) + g.weights[LATE_W] * late)


# ── a path for one patient ──────────────────────────────────────────────────────────────────────────────────────────


@helper
def _wanted(g, s, m, p, q, n0, mode):
    """The member a need has to have, or -1: by a link, or, where the way of building says so, whom the patient knows or has met."""
    for k in range(g.link_at[p], g.link_at[p + 1]):
        if g.link_one_after[k] == q:
            one = m.by[g.link_one_before[k] - n0]
            return one if one < 0 or _could(g.member_at, g.member, q, one) else np.int32(NOBODY)
        if g.link_one_before[k] == q:
            a = g.link_one_after[k]
            if g.pin[g.task_of[a]] >= 0:
                return m.by[a - n0] if _could(g.member_at, g.member, q, m.by[a - n0]) else np.int32(NOBODY)
    if mode & MINDFUL:
        for w in range(g.wish_at[p], g.wish_at[p + 1]):
            if g.wish_kind[w] == KNOWS and _could(g.member_at, g.member, q, g.wish_a[w]):
                return np.int32(g.wish_a[w])
    if mode & FAITHFUL:
        pool = g.face[g.member_at[q]] if g.member_at[q] < g.member_at[q + 1] else -1
        if pool >= 0:
            for x in range(n0, q):
                if (
                    m.by[x - n0] >= 0
                    and _face(g.member_at, g.member, g.face, x, m.by[x - n0]) == pool
                    and _could(g.member_at, g.member, q, m.by[x - n0])
                ):
                    return m.by[x - n0]
    return np.int32(-1)


@helper
def _earliest(g, s, m, p, t, c, limit, mode):
    """The first cell from c on at which a task can begin, with its members in ``by``; NOWHERE if that is after the limit."""
    f, e = g.task_at[p], g.task_at[p + 1]
    n0, n1 = g.need_at[f], g.need_at[e]
    span, day = g.span[t], g.sizes[A_DAY]
    while c <= limit:
        before = c
        for u in range(f, e):
            a = np.int64(m.at[u - f])
            if a >= 0 and a < c + span and c < a + g.span[u]:
                c = a + g.span[u]
        if mode & MINDFUL:
            for w in range(g.wish_at[p], g.wish_at[p + 1]):
                kind = g.wish_kind[w]
                if kind != KNOWS and kind != FEW_DAYS and not _as_wished(g, m, p, w, t, f, c, n0):
                    if kind == ON_DAYS:
                        c = (c // day + 1) * day
                    elif kind == IN_HOURS:
                        opens = _cells(g.sizes[GRID], g.wish_a[w])
                        c = c // day * day + opens if c % day < opens else (c // day + 1) * day + opens
                    elif kind == STAYS:
                        if c >= g.wish_b[w] * day:
                            return np.int64(NOWHERE)
                        c = g.wish_b[w] * day
                    elif c * g.sizes[GRID] < g.wish_a[w]:
                        c = _cells(g.sizes[GRID], g.wish_a[w])
                    else:
                        return np.int64(NOWHERE)
                    break
        if c != before:
            continue
        for q in range(g.need_at[t], g.need_at[t + 1]):
            m.by[q - n0] = -1
        for q in range(g.need_at[t], g.need_at[t + 1]):
            soonest, one, wanted = np.int64(NOWHERE), np.int32(-1), _wanted(g, s, m, p, q, n0, mode)
            if wanted == NOBODY:
                return np.int64(NOWHERE)
            x0, many = np.int64(g.member_at[q]), np.int64(g.able[q]) if wanted < 0 else np.int64(1)
            turn = _under(m.random, many) if m.window[PAINS] and many > 1 else 0
            for i in range(many):
                r = wanted if wanted >= 0 else g.member[x0 + (i + turn) % many]
                at = _free_from(g, s, m, f, n0, n1, q, t, r, c, min(limit, soonest))
                if at < soonest:
                    soonest, one = at, r
                    if at == c:
                        break
            if soonest > limit:
                return np.int64(NOWHERE)
            if soonest > c:
                c = soonest
                break
            m.by[q - n0] = one
        if c == before:
            return c
    return np.int64(NOWHERE)


@helper
def _pins_have_room(g, s, m, p):
    """Whether what is pinned of a patient who was taken out still has its place: somebody else who came back before may have got it."""
    f, e, grid, cells = g.task_at[p], g.task_at[p + 1], g.sizes[GRID], g.sizes[CELLS]
    n0, n1 = g.need_at[f], g.need_at[e]
    for t in range(f, e):
        m.at[t - f] = g.pin[t]
    for q in range(n0, n1):
        m.by[q - n0] = g.pin_who[q]
    for q in range(n0, n1):
        h = g.task_of[q]
        if g.pin[h] >= 0:
            r, a = g.pin_who[q], np.int64(g.pin[h])
            end = min(a + max(_cells(grid, g.minutes[h] + g.turn[r]), np.int64(g.hold[q])), cells)
            if _first_clash(g.sizes, g.places, g.expected, s.used, r, a, end, g.word[q] + _own(g, m, f, n0, n1, q, r, a, end)) >= 0:
                return False
    return True


@helper
def _build(g, s, m, p, low, last, mode):
    """A path, every task as early as it can be from ``low`` on, in ``at`` and ``by``; tasks are put off where a later one needs it."""
    f, e, grid, day = g.task_at[p], g.task_at[p + 1], g.sizes[GRID], g.sizes[A_DAY]
    n = e - f
    n0, n1 = g.need_at[f], g.need_at[e]
    for x in range(n):
        m.low[x] = low
        m.at[x] = g.pin[f + x]
    for q in range(n0, n1):
        m.by[q - n0] = g.pin_who[q]
    k, tries = 0, 0
    while k < n:
        i = np.int64(m.order[k])
        t = f + i
        if g.pin[t] >= 0:
            k += 1
            continue
        c, limit, put_off, same_day = np.int64(m.low[i]), np.int64(last - g.span[t]), np.int64(-1), 0
        late = limit
        for x in range(g.link_at[p], g.link_at[p + 1]):
            if g.link_after[x] == t and m.at[g.link_before[x] - f] >= 0:
                j = g.link_before[x] - f
                a = np.int64(m.at[j])
                ends = a * grid + g.minutes[f + j]
                c = max(c, _cells(g.sizes[GRID], ends + g.link_least[x]))
                if g.link_day[x] and (a // day + 1) * day - 1 < late:
                    late, put_off, same_day = (a // day + 1) * day - 1, j, 1
                most = (ends + g.link_most[x]) // grid
                if most < late:
                    late, put_off, same_day = most, j, 0
            elif g.link_before[x] == t and m.at[g.link_after[x] - f] >= 0:
                a = np.int64(m.at[g.link_after[x] - f])
                limit = min(limit, (a * grid - g.link_least[x] - g.minutes[t]) // grid)
                if g.link_most[x] < NOWHERE:
                    c = max(c, _cells(g.sizes[GRID], a * grid - g.link_most[x] - g.minutes[t]))
                if g.link_day[x]:
                    c, limit = max(c, a // day * day), min(limit, (a // day + 1) * day - 1)
        c = _earliest(g, s, m, p, t, c, limit, mode)
        if c > limit:
            return False
        if c > late:
            j = put_off
            wanted = c // day * day if same_day else _cells(g.sizes[GRID], c * grid - _most(g, p, f + j, t) - g.minutes[f + j])
            wanted = max(wanted, np.int64(m.at[j]) + 1)
        else:
            j, wanted = np.int64(-1), np.int64(0)
            m.at[i] = c
            for x in range(g.ends_at[t], g.ends_at[t + 1]):
                q = g.ends[x]
                h = np.int64(g.task_of[q])
                if h != t:
                    r = m.by[q - n0]
                    end = c + _cells(g.sizes[GRID], g.minutes[t] + g.turn[r])
                    if end > m.window[TO]:
                        if m.window[TO] < g.sizes[CELLS]:
                            return False
                        end = g.sizes[CELLS]
                    a = np.int64(m.at[h - f])
                    if g.pin[h] >= 0:
                        a = min(a + g.hold[q], end)  # what a pin takes in any case is taken, right or wrong
                    clash = _first_clash(g.sizes, g.places, g.expected, s.used, r, a, end, g.word[q] + _own(g, m, f, n0, n1, q, r, a, end))
                    if clash >= 0:
                        j, wanted = h - f, _later(g, s, q, a, clash)
                        break
        if j < 0:
            k += 1
            continue
        tries += 1
        if tries > TRIES or g.pin[f + j] >= 0:
            return False
        m.low[j] = wanted
        while True:  # back to the task that is put off
            m.at[i] = -1
            for q in range(g.need_at[f + i], g.need_at[f + i + 1]):
                m.by[q - n0] = -1
            if i == j:
                break
            k -= 1
            while g.pin[f + m.order[k]] >= 0:
                k -= 1
            i = np.int64(m.order[k])
    return True


@helper
def _most(g, p, before, after):
    """The tightest limit between two tasks."""
    found = np.int64(NEVER)
    for x in range(g.link_at[p], g.link_at[p + 1]):
        if g.link_before[x] == before and g.link_after[x] == after:
            found = min(found, g.link_most[x])
    return found


@helper
def _later(g, s, q, a, clash):
    """When a place that clashes could begin to be kept: after the first cell, from its beginning on, in which some member has no place."""
    found = clash + 1
    for x in range(g.member_at[q], g.member_at[q + 1]):
        r = g.member[x]
        c = _first_clash(g.sizes, g.places, g.expected, s.used, r, a, clash + 1, g.word[q])
        if c < 0:
            return a + 1
        while c >= 0 and c < clash and _first_clash(g.sizes, g.places, g.expected, s.used, r, c, c + 1, g.word[q]) >= 0:
            c += 1
        found = min(found, max(c, a + 1))
    return found


@helper
def _tighten(g, s, m, p):
    """Move tasks towards those that follow them, the last ones first, with the same members, so that the journey begins later."""
    f, e, grid, day = g.task_at[p], g.task_at[p + 1], g.sizes[GRID], g.sizes[A_DAY]
    n0, n1 = g.need_at[f], g.need_at[e]
    moved = False
    for k in range(e - f - 2, -1, -1):
        i = np.int64(m.order[k])
        t = f + i
        if g.pin[t] >= 0:
            continue
        kept = False
        for x in range(g.ends_at[t], g.ends_at[t + 1]):
            kept = kept or g.task_of[g.ends[x]] != t
        followed = False
        limit = np.int64(NOWHERE)
        for x in range(g.link_at[p], g.link_at[p + 1]):
            if g.link_before[x] == t:
                a = np.int64(m.at[g.link_after[x] - f])
                limit = min(limit, (a * grid - g.link_least[x] - g.minutes[t]) // grid)
                followed = True
            elif g.link_after[x] == t:
                a = np.int64(m.at[g.link_before[x] - f])
                limit = min(limit, (a * grid + g.minutes[g.link_before[x]] + g.link_most[x]) // grid)
                if g.link_day[x]:
                    limit = min(limit, (a // day + 1) * day - 1)
        if kept or not followed or limit <= m.at[i]:
            continue
        old = np.int64(m.at[i])
        m.at[i] = -1
        c = limit
        while c > old:
            before = c
            for u in range(f, e):
                a = np.int64(m.at[u - f])
                if a >= 0 and a < c + g.span[t] and c < a + g.span[u]:
                    c = a - g.span[t]
            if c <= old:
                break
            for q in range(g.need_at[t], g.need_at[t + 1]):
                r = m.by[q - n0]
                while c > old and g.run[g.pattern[r] + c] < g.span[t]:
                    c -= 1
                if c <= old:
                    break
                if g.until[q] == t:
                    end = c + _cells(g.sizes[GRID], g.minutes[t] + g.turn[r])
                    if end > m.window[TO] and m.window[TO] < g.sizes[CELLS]:
                        c -= 1
                        break
                    end = min(end, g.sizes[CELLS])
                    clash = _first_clash(g.sizes, g.places, g.expected, s.used, r, c, end, g.word[q] + _own(g, m, f, n0, n1, q, r, c, end))
                    if clash >= 0:
                        c = clash - (end - c)
                        break
            if c == before:
                break
        if c > old:
            m.at[i] = c
            moved = True
        else:
            m.at[i] = old
    return moved


@helper
def _remember(g, m, p):
    f, e = g.task_at[p], g.task_at[p + 1]
    n0, n1 = g.need_at[f], g.need_at[e]
    for i in range(e - f):
        m.best_at[i] = m.at[i]
    for q in range(n1 - n0):
        m.best_by[q] = m.by[q]


@helper
def _take(g, s, m, p):
    """The path in the timetable as the one at hand."""
    f, e = g.task_at[p], g.task_at[p + 1]
    n0 = g.need_at[f]
    for t in range(f, e):
        m.at[t - f] = s.start[t]
    for q in range(n0, g.need_at[e]):
        m.by[q - n0] = s.who[q]


@helper
def _shuffle_order(g, m, p):
    """An order of the tasks that the links allow: neighbours without a link may change places."""
    f, e = g.task_at[p], g.task_at[p + 1]
    n = e - f
    for i in range(n):
        m.order[i] = i
    if m.window[PAINS] == 0 or n < 3:
        return
    for _ in range(2):
        k = _under(m.random, n - 1)
        a, b = f + m.order[k], f + m.order[k + 1]
        linked = False
        for x in range(g.link_at[p], g.link_at[p + 1]):
            linked = linked or (g.link_before[x] == a and g.link_after[x] == b)
        if not linked:
            m.order[k], m.order[k + 1] = b - f, a - f


# ── in and out of the timetable ─────────────────────────────────────────────────────────────────────────────────────


@helper
def _mark(g, s, p, sign):
    """Take (1) or give back (-1) what a patient's tasks use."""
    cells, grid = g.sizes[CELLS], g.sizes[GRID]
    for t in range(g.task_at[p], g.task_at[p + 1]):
        for q in range(g.need_at[t], g.need_at[t + 1]):
            r, u = np.int64(s.who[q]), g.until[q]
            a = np.int64(s.start[t])
            b = min((np.int64(s.start[u]) * grid + g.minutes[u] + g.turn[r] + grid - 1) // grid, cells)
            word = np.int32(sign * g.word[q])
            for c in range(r * cells + a, r * cells + b):
                s.used[c] += word
            name = np.int32(p) if sign > 0 else np.int32(-1)
            for c in range(r * cells + a, r * cells + b):
                s.owner[c] = name


@helper
def _take_out(g, s, p):
    """Out of the timetable."""
    f = g.task_at[p]
    if s.start[f] >= 0:
        _mark(g, s, p, np.int64(-1))
        for t in range(f, g.task_at[p + 1]):
            s.start[t] = -1
    s.cost[p] = g.weights[OUT_W] * g.urgent[p]


@helper
def _put_in(g, s, p, at, by, base, needs, cost):
    """Into the timetable, at what stands in ``at`` from ``base`` on and in ``by`` from ``needs`` on."""
    f, e = g.task_at[p], g.task_at[p + 1]
    n0 = g.need_at[f]
    for t in range(f, e):
        s.start[t] = at[base + t - f]
    for q in range(n0, g.need_at[e]):
        s.who[q] = by[needs + q - n0]
    s.cost[p] = cost
    _mark(g, s, p, np.int64(1))


# ── the search ──────────────────────────────────────────────────────────────────────────────────────────────────────


@helper
def _out_cost(g, p):
    """What it costs to leave a patient out; nobody is who has a pinned task."""
    return np.int64(NEVER >> 8) if g.firm[p] else g.weights[OUT_W] * g.urgent[p]


@helper
def _add(g, s, m, p, many):
    """One more patient to take out, if that is allowed and new."""
    if p < 0 or many >= MOST_OUT:
        return many
    for i in range(many):
        if m.out[i] == p:
            return many
    if s.whose[p] != m.window[ME]:
        return many
    m.out[many] = p
    return many + 1


@helper
def _around(g, s, m, r, c, many, most):
    """Those who have a resource around a cell, nearest first."""
    base, cells, day = r * g.sizes[CELLS], g.sizes[CELLS], g.sizes[A_DAY]
    low, high = c, c + 1
    seen_low, seen_high = np.int32(-1), np.int32(-1)
    for _ in range(4 * day):
        if many >= most or (low < m.window[FROM] and high >= m.window[TO]):
            break
        if low >= m.window[FROM] and low >= 0:
            x = s.owner[base + low]
            if x != seen_low and x >= 0:
                many = _add(g, s, m, x, many)
                seen_low = x
            low -= 1
        if many < most and high < m.window[TO] and high < cells:
            x = s.owner[base + high]
            if x != seen_high and x >= 0:
                many = _add(g, s, m, x, many)
                seen_high = x
            high += 1
    return many


@helper
def _choose(g, s, m, kind):
    """Whom to take out, the one the move is about first; 0 where nobody is."""
    people = g.sizes[PATIENTS]
    p = _under(m.random, people)
    many = _add(g, s, m, np.int32(p), np.int64(0))
    if many == 0:
        return 0
    if kind == ALONE:
        return many
    most = 2 + _under(m.random, np.int64(m.floats[MOST]))
    f, e = g.task_at[p], g.task_at[p + 1]
    if kind == KIN:
        for _ in range(3 * most):
            if many >= most:
                break
            x = np.int64(g.near_at[p]) + _under(m.random, 6 * most + 1) - 3 * most
            if x >= 0 and x < people:
                many = _add(g, s, m, g.near[x], many)
        return many
    t = f + _under(m.random, e - f)
    n0, n1 = g.need_at[t], g.need_at[t + 1]
    if n0 == n1:
        return many
    q = n0 + _under(m.random, n1 - n0)
    here = s.start[f] >= 0
    if kind == STRING and here:
        return _around(g, s, m, np.int64(s.who[q]), np.int64(s.start[t]), many, most)
    r = np.int64(g.member[g.member_at[q] + _under(m.random, g.member_at[q + 1] - g.member_at[q])])
    soon = max(_cells(g.sizes[GRID], g.release[p]), m.window[FROM])
    late = np.int64(s.start[t]) if here else min(soon + 21 * g.sizes[A_DAY], m.window[TO] - 1)
    if late <= soon:
        return many
    c = soon + _under(m.random, late - soon + 1)
    run = g.run[g.pattern[r] + c]
    if run == 0:
        c = np.int64(g.opens[g.pattern[r] + c])
        if c >= m.window[TO]:
            return many
        c += _under(m.random, np.int64(g.run[g.pattern[r] + c]))
    return _around(g, s, m, r, min(c, m.window[TO] - 1), many, most)


@helper
def _arrange(m, g, many, kind):
    """In which order those who are out come back."""
    way = _under(m.random, np.int64(4))
    for i in range(1 if kind == IN_THE_WAY else 0, many - 1):
        j = i + _under(m.random, many - i)
        m.out[i], m.out[j] = m.out[j], m.out[i]
    if way >= 2:
        first = 1 if kind == IN_THE_WAY and way == 2 else 0
        for i in range(first + 1, many):  # the urgent before the others, or the short-lived
            x = m.out[i]
            j = i
            while j > first and g.urgent[m.out[j - 1]] < g.urgent[x]:
                m.out[j] = m.out[j - 1]
                j -= 1
            m.out[j] = x


@helper
def _keep(g, s, m, many):
    """Note where those stand who are taken out."""
    total = np.int64(0)
    for i in range(many):
        p = m.out[i]
        f, e = g.task_at[p], g.task_at[p + 1]
        n0 = g.need_at[f]
        for t in range(f, e):
            m.kept_at[i * MOST_TASKS + t - f] = s.start[t]
        for q in range(n0, g.need_at[e]):
            m.kept_by[i * MOST_NEEDS + q - n0] = s.who[q]
        m.kept_cost[i] = s.cost[p]
        total += s.cost[p]
    return total


@helper
def _floor(g, p, c):
    """What a patient costs at least, in the timetable or out, on days from a cell on."""
    return min(_out_cost(g, p), _least(g, p, max(_cells(g.sizes[GRID], g.release[p]), c)))


@kernel
def work(g, s, m, what, many):
    """Do so many things of one kind: LIST and FIRST_COME book ``queue``, DROP takes it out, OFFER only looks, TAKE_UP books the first
    patients as ``start`` says, SEARCH moves: some are taken out and put back otherwise, or as they were.
    """
    day, last, pains, as_is = g.sizes[A_DAY], m.window[TO], m.window[PAINS], what == TAKE_UP
    once = what == FIRST_COME or as_is
    for turn in range(many):
        kind, heat, out = 0, 0.0, np.int64(1)
        if what == SEARCH:
            x = _under(m.random, np.int64(1024))
            while kind < KINDS - 1 and np.int64(m.floats[OFTEN + kind]) <= x:
                kind += 1
            heat = m.floats[HEAT] * g.luck[np.int64(_next(m.random) >> U54)]
            out = _choose(g, s, m, kind)
            m.register[MOVES] += 1
            if out == 0:
                continue
            m.counts[kind * COUNTS + PROPOSED] += 1
            _arrange(m, g, out, kind)
        else:
            m.out[0] = turn if as_is else m.queue[turn]
            if as_is and s.start[g.task_at[turn]] < 0:
                continue
        old = _keep(g, s, m, out)
        most, rest = old + np.int64(heat), np.int64(0)
        for i in range(out):
            p = np.int64(m.out[i])
            if not as_is:
                _take_out(g, s, p)
            rest += _floor(g, p, m.window[FROM])
        if what == DROP:
            continue
        new, back = np.int64(0), 0
        for i in range(out):
            p = np.int64(m.out[i])
            rest -= _floor(g, p, m.window[FROM])
            out_cost = _out_cost(g, p)
            allowed = most - new - rest if what == SEARCH else np.int64(NEVER)
            best, cost = np.int64(NEVER) if as_is else min(out_cost, allowed + 1), np.int64(NEVER)
            firm = as_is or g.firm[p] == 2
            if what == SEARCH and g.firm[p] and not _pins_have_room(g, s, m, p):
                best = np.int64(-1)  # when booking, a pin is a fact; when moving, nobody may have got its place
            c = max(_cells(g.sizes[GRID], g.release[p]), m.window[FROM])
            _shuffle_order(g, m, p)
            for anchor in range(ANCHORS):
                if not firm and (c >= last or _least(g, p, c) >= best):
                    break
                if pains and anchor > 0 and _under(m.random, np.int64(1024)) < np.int64(m.floats[SKIP]):
                    c = (c // day + 1) * day
                    continue
                soonest = np.int64(NOWHERE)
                for mode in range(MODES):
                    if (mode & ~g.modes[p]) != 0 or (once and mode):
                        continue
                    if pains and mode and _under(m.random, np.int64(1024)) >= np.int64(m.floats[VARY]):
                        continue
                    end = last
                    if mode & ONE_DAY:
                        end = min(last, (c // day + 1) * day)
                    if as_is:
                        _take(g, s, m, p)
                    elif not _build(g, s, m, p, c, end, mode):
                        continue  # who is pinned all over is built as is
                    for x in range(g.task_at[p + 1] - g.task_at[p]):
                        soonest = min(soonest, np.int64(m.at[x]))
                    for again in range(2):
                        if again and (once or not _tighten(g, s, m, p)):
                            break
                        x = _cost(g, m, p)
                        if x < best:
                            best, cost = x, x
                            _remember(g, m, p)
                if soonest == NOWHERE or once or firm:
                    break
                c = max(soonest // day + 1, c // day + 1) * day
            m.register[INSERTED] += 1
            if what == OFFER:
                m.register[OFFERED] = cost
                return 0
            if cost >= NEVER:
                if out_cost > allowed:
                    break
                cost = g.weights[OUT_W] * g.urgent[p]
            else:
                _put_in(g, s, p, m.best_at, m.best_by, np.int64(0), np.int64(0), cost)
            new += cost
            back += 1
        if what != SEARCH:
            continue
        if back == out and new <= most:
            m.register[DELTA] += new - old
            m.counts[kind * COUNTS + ACCEPTED] += 1
            if new < old:
                m.counts[kind * COUNTS + BETTER] += 1
            continue
        for i in range(out):
            _take_out(g, s, np.int64(m.out[i]))
        for i in range(out):
            if m.kept_at[i * MOST_TASKS] >= 0:
                _put_in(g, s, np.int64(m.out[i]), m.kept_at, m.kept_by, i * MOST_TASKS, i * MOST_NEEDS, m.kept_cost[i])
    return 0
