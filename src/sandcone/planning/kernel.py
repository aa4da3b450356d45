"""The planner's local search: moves of patients and nurses on flat arrays, each with its exact cost, most of them refused early.

Compiled by Numba in the style of ``jit.py``: all memory comes from Python, everything the kernel needs stands in this file, and it returns
after so many moves, so that Python can cool, save the best plan, exchange plans or stop. ``tables.py`` lays the tables out; ``score.py``
says what has to come out.

A move of patients is a list of new places (day, room, theatre; day -1 is left out), a move of nurses a list of new nurses for (room,
shift). Both are tried in place: what is given up is a gain, known first; what is taken on is a cost, added up until it is too much, hard
rules first and nurses last; then the move is taken back. So a chain of any length is as exact as a single step.
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

# sizes
DAYS, SHIFTS, PATIENTS, PEOPLE, ROOMS, THEATRES, SURGEONS, NURSES, LEVELS, AGES, CELL, FEWEST, KEPT, SIZES = range(14)
# weights of what should be kept low, prices of what changes against the plan before, and weights of what must not be
AGE_W, SKILL_W, MEET_W, LOAD_W, OPEN_W, MOVE_W, DELAY_W, LEFT_W, DAY_P, ROOM_P, THEATRE_P, OUT_P, NURSE_P, WEIGHTS = range(14)
MIX_H, BEDS_H, SURGEON_H, THEATRE_H, MUST_H, HARDS = range(6)
# registers that outlive a call
COST, HARD, OUT, TOKEN, BEST, BEST_HARD, FRESH, MOVES, MARKED, REGISTERS = range(10)
HEAT, PRICE, FLOATS = range(3)  # the temperature, and what one unit of a broken hard rule costs

(
    NEW_ROOM,
    NEW_DAY,
    NEW_THEATRE,
    NEW_PLACE,
    DROP,
    SWAP_PLACES,
    SWAP_ROOMS,
    SWAP_DAYS,
    REPLACE,
    PUSH,
    SWAP_THEATRES,
    MERGE_THEATRES,
    SWAP_WARDS,
    INSERT,
    TWO_FOR_ONE,
    MAKE_ROOM,
    ANY_NURSE,
    KNOWN_NURSE,
    SWAP_NURSES,
    NURSE_STAYS,
    NURSE_FOR_NURSE,
    KINDS,
) = range(22)
NAMES = (
    "another room",
    "another day",
    "another theatre",
    "another place",
    "leave out",
    "swap places",
    "swap rooms",
    "swap days",
    "replace",
    "push out of the room",
    "swap theatres",
    "empty a theatre",
    "swap two rooms",
    "take in",
    "two for one",
    "make room",
    "any nurse",
    "a nurse already met",
    "swap nurses",
    "a nurse for a stay",
    "one nurse for another",
)
PROPOSED, ACCEPTED, BETTER, COUNTS = range(4)

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST_MIX, SECOND_MIX = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
U30, U27, U31, U32, U54 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32), np.uint64(54)
LUCKS = 1024  # how finely -log(u) is tabled
MOST = 96  # people or shifts in one move
NEVER = 1.0e30
GOOD = -2  # in a proposal: a room or theatre that fits, to be found
ANYBODY, TAKE_UP = -1, -2  # what a call is for: search, or put everybody where the best plan has them; a patient: move only that one


class Given(NamedTuple):
    """The problem as tables. People are patients, then occupants; ``word`` counts one in a cell: a byte a gender, then a byte an age."""

    sizes: Ints
    weights: Ints
    hard: Ints
    nights: Small  # by person
    word: Ints  # by person
    age: Small  # by person
    begins: Small  # by person: where load and skill begin
    load: Small
    skill: Small
    total_load: Ints  # by person
    release: Small  # by patient
    first: Small  # the first and the last day that are allowed
    last: Small
    must: Small  # 1: must be treated, 2: could be left out, were it not that somebody wants them in
    tied: Small  # 1: somebody fixed something, so that each place is looked at before it is tried
    only_theatre: Small  # the theatre fixed, or -1
    old_day: Small  # in the plan before; -1: left out, or no plan before
    old_room: Small
    old_theatre: Small
    old_care: Small  # by room and shift: the nurse in the plan before, or -1
    held: Small  # by room and shift: 1: the nurse is fixed
    minutes: Small
    surgeon: Small
    fits: Small  # by patient and room
    rooms_of: Small  # by patient: rooms that suit, ``room_count`` of them
    room_count: Small
    days_of: Small  # by patient: days that may do, ``day_count`` of them
    day_count: Small
    of_surgeon: Small  # patients by surgeon
    of_surgeon_at: Small  # where they begin, and one more
    surgeon_minutes: Small  # by surgeon and day
    theatre_minutes: Small  # by theatre and day
    beds: Small  # by room
    level: Small  # by nurse
    duty: Small  # nurses by shift
    duty_at: Small
    shifts_of: Small  # shifts by nurse
    shifts_at: Small
    on: Small  # by shift and nurse: 1 on duty
    luck: Floats  # -log(u), tabled


class Move(NamedTuple):
    """What is proposed: patients and their new places, or new nurses for rooms and shifts."""

    who: Small
    to_day: Small
    to_room: Small
    to_theatre: Small
    new_met: Small
    new_short: Small
    at_room: Small
    at_shift: Small
    new_nurse: Small
    old_nurse: Small


class State(NamedTuple):
    """Everything that changes."""

    day: Small  # by person; -1: left out
    room: Small
    theatre: Small
    care: Small  # by room and shift: the nurse
    cell: Ints  # by room and day: who is there, counted by gender and age
    here: Small  # by room and day, ``CELL`` places
    heads: Small  # by room and day
    surgeon_used: Small  # by surgeon and day: minutes
    theatre_used: Small  # by theatre and day: minutes
    theatre_cases: Small  # by theatre and day
    pair_cases: Small  # by surgeon, day and theatre
    pairs: Small  # by surgeon and day: theatres used
    slack: Small  # by shift and nurse: most minus load
    strange: Small  # by room and day: shifts with another nurse than in the plan before
    room_load: Small  # by room and shift
    room_short: Small  # by room, shift and level of the nurse: levels missing
    cared: NDArray[np.int16]  # by person and nurse: shifts
    met: Small  # by person: nurses
    short: Small  # by person: levels missing
    out: Small  # patients left out
    out_at: Small  # by patient: place in ``out``
    mark: Ints  # by nurse
    move: Move
    best_day: Small
    best_room: Small
    best_theatre: Small
    best_care: Small
    register: Ints
    floats: Floats
    random: Keys
    chance: Ints  # by kind of move: chances out of 1024, added up
    counts: Ints  # by kind of move: proposed, accepted, better


@helper
def _draw(random):
    z = random[0] + GOLDEN
    random[0] = z
    z = (z ^ (z >> U30)) * FIRST_MIX
    z = (z ^ (z >> U27)) * SECOND_MIX
    return z ^ (z >> U31)


@helper
def _below(random, n):
    return np.int64(((_draw(random) >> U32) * np.uint64(n)) >> U32)


@helper
def _over(x):
    return x if x > 0 else 0


@helper
def _mixed(word):
    a = word & 255
    b = (word >> 8) & 255
    return a if a < b else b


@helper
def _count(word):
    return (word & 255) + ((word >> 8) & 255)


@helper
def _spread(word):
    """Age groups between the youngest and the oldest in a cell."""
    x = word >> 16
    if x == 0:
        return 0
    low = 0
    while (x & 255) == 0:
        x >>= 8
        low += 1
    high = low
    x >>= 8
    a = low + 1
    while x != 0:
        if (x & 255) != 0:
            high = a
        x >>= 8
        a += 1
    return high - low


@helper
def _after(nights, sizes, p, d):
    end = d + nights[p]
    days = sizes[DAYS]
    return end if end < days else days


# ── one patient's theatre and surgeon, bed and nurses: on (sign 1) or off (-1) ──────────────────────────────────────


@helper
def _theatre(g, s, p, d, t, sign):
    """What changes in broken hard rules and in cost."""
    days, theatres = g.sizes[DAYS], g.sizes[THEATRES]
    minutes = sign * g.minutes[p]
    i = g.surgeon[p] * days + d
    j = t * days + d
    used = s.surgeon_used[i]
    spare = used - g.surgeon_minutes[i]
    s.surgeon_used[i] = used + minutes
    hard = g.hard[SURGEON_H] * (_over(spare + minutes) - _over(spare))
    used = s.theatre_used[j]
    spare = used - g.theatre_minutes[j]
    s.theatre_used[j] = used + minutes
    hard += g.hard[THEATRE_H] * (_over(spare + minutes) - _over(spare))
    cases = s.theatre_cases[j]
    s.theatre_cases[j] = cases + sign
    opened = (1 if cases + sign > 0 else 0) - (1 if cases > 0 else 0)
    k = i * theatres + t
    cases = s.pair_cases[k]
    s.pair_cases[k] = cases + sign
    pairs = s.pairs[i]
    more = pairs + (1 if cases + sign > 0 else 0) - (1 if cases > 0 else 0)
    s.pairs[i] = more
    moves = _over(more - 1) - _over(pairs - 1)
    return hard, sign * g.weights[DELAY_W] * (d - g.release[p]) + g.weights[OPEN_W] * opened + g.weights[MOVE_W] * moves


@helper
def _bed(g, s, p, d, r, sign):
    """What changes in broken hard rules and in cost."""
    word, base, beds = sign * g.word[p], r * g.sizes[DAYS], g.beds[r]
    hard, wide = 0, 0
    for i in range(base + d, base + _after(g.nights, g.sizes, p, d)):
        old = s.cell[i]
        new = old + word
        s.cell[i] = new
        if (old if sign > 0 else new) != 0:
            hard += g.hard[MIX_H] * (_mixed(new) - _mixed(old))
            wide += g.weights[AGE_W] * (_spread(new) - _spread(old))
        elif g.sizes[KEPT]:
            wide += sign * g.weights[NURSE_P] * s.strange[i]
        hard += g.hard[BEDS_H] * (_over(_count(new) - beds) - _over(_count(old) - beds))
    return hard, wide


@helper
def _changed(g, p, d, r, t):
    """What it costs that a patient's place is another than in the plan before."""
    if g.old_day[p] < 0:
        return 0
    if d < 0:
        return g.weights[OUT_P]
    day = g.weights[DAY_P] if d != g.old_day[p] else 0
    room = g.weights[ROOM_P] if r != g.old_room[p] else 0
    return day + room + (g.weights[THEATRE_P] if t != g.old_theatre[p] else 0)


@helper
def _allowed(g, p, d, r, t):
    """Whether a place is within what somebody fixed."""
    if d < 0:
        return True
    theatre = g.only_theatre[p]
    return g.first[p] <= d <= g.last[p] and g.fits[p * g.sizes[ROOMS] + r] != 0 and (theatre < 0 or theatre == t)


@helper
def _crowd(g, s, p, d, r):
    """The most people on any day of the stay."""
    base, most = r * g.sizes[DAYS], 0
    for i in range(base + d, base + _after(g.nights, g.sizes, p, d)):
        most = max(most, _count(s.cell[i]))
    return most


@helper
def _load(g, s, p, d, r, sign):
    """What changes in overload as the patient's work goes to or from the nurses of the stay."""
    k, nurses = g.sizes[SHIFTS], g.sizes[NURSES]
    first = d * k
    base, at = r * g.sizes[DAYS] * k, g.begins[p] - first
    found = 0
    for shift in range(first, _after(g.nights, g.sizes, p, d) * k):
        i = shift * nurses + s.care[base + shift]
        x = s.slack[i]
        y = x - sign * g.load[at + shift]
        s.slack[i] = y
        found += _over(-y) - _over(-x)
    return g.weights[LOAD_W] * found


@helper
def _meets(g, s, p, d, r):
    """How many nurses a patient would meet, and how many levels of skill would be missing."""
    k = g.sizes[SHIFTS]
    first = d * k
    base, at = r * g.sizes[DAYS] * k, g.begins[p] - first
    token = s.register[TOKEN] + 1
    s.register[TOKEN] = token
    met, short = 0, 0
    for shift in range(first, _after(g.nights, g.sizes, p, d) * k):
        n = s.care[base + shift]
        met += 1 if s.mark[n] != token else 0
        s.mark[n] = token
        short += _over(g.skill[at + shift] - g.level[n])
    return met, short


@helper
def _list(g, s, p, d, r, sign):
    """Put a person on the lists of the room, or take them off."""
    k, nurses, levels, places, days = g.sizes[SHIFTS], g.sizes[NURSES], g.sizes[LEVELS], g.sizes[CELL], g.sizes[DAYS]
    after = _after(g.nights, g.sizes, p, d)
    for i in range(r * days + d, r * days + after):
        heads = s.heads[i]
        at = i * places
        if sign > 0:
            s.here[at + heads] = p
        else:
            last = s.here[at + heads - 1]
            while s.here[at] != p:
                at += 1
            s.here[at] = last
        s.heads[i] = heads + sign
    base, at = r * days * k, g.begins[p] - d * k
    for shift in range(d * k, after * k):
        i = base + shift
        s.room_load[i] += sign * g.load[at + shift]
        need = g.skill[at + shift]
        for level in range(min(need, levels)):
            s.room_short[i * levels + level] += sign * (need - level)
        s.cared[p * nurses + s.care[i]] += sign


# ── keeping the best ────────────────────────────────────────────────────────────────────────────────────────────────


@helper
def _keep(g, s):
    """Copy the plan as it stands, the best so far."""
    for p in range(g.sizes[PATIENTS]):
        s.best_day[p] = s.day[p]
        s.best_room[p] = s.room[p]
        s.best_theatre[p] = s.theatre[p]
    for i in range(g.sizes[ROOMS] * g.sizes[DAYS] * g.sizes[SHIFTS]):
        s.best_care[i] = s.care[i]
    s.register[FRESH] = 0


@helper
def _settle(g, s, hard, soft):
    """Write an accepted move's cost down; a best plan is copied only when it is about to be left, so this stands before the commit."""
    if s.register[FRESH] and (soft > 0 or hard > 0):
        _keep(g, s)
    s.register[COST] += soft
    s.register[HARD] += hard


@helper
def _best(s):
    cost, hard = s.register[COST], s.register[HARD]
    if hard < s.register[BEST_HARD] or (hard == s.register[BEST_HARD] and cost < s.register[BEST]):
        s.register[BEST] = cost
        s.register[BEST_HARD] = hard
        s.register[FRESH] = 1
        return 1
    return 0


# ── trying ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@helper
def _stays(s, i):
    """Whether the i-th patient of the move keeps the bed."""
    p = s.move.who[i]
    return s.move.to_day[i] == s.day[p] and (s.move.to_day[i] < 0 or s.move.to_room[i] == s.room[p])


@helper
def _take_back(g, s, m, theatres, beds, loads):
    """Take a move back: so many theatres, beds and loads were done, those left first (0 to m), then those taken."""
    days, k, nurses = g.sizes[DAYS], g.sizes[SHIFTS], g.sizes[NURSES]
    for j in range(theatres):
        i = j if j < m else j - m
        p = s.move.who[i]
        if p < g.sizes[PATIENTS] and (s.move.to_day[i] != s.day[p] or s.move.to_theatre[i] != s.theatre[p]):
            d, t = (s.day[p], s.theatre[p]) if j < m else (s.move.to_day[i], s.move.to_theatre[i])
            if d >= 0:
                _theatre(g, s, p, d, t, 1 if j < m else -1)
    for j in range(beds):
        i = j if j < m else j - m
        if _stays(s, i):
            continue
        p = s.move.who[i]
        d, r = (s.day[p], s.room[p]) if j < m else (s.move.to_day[i], s.move.to_room[i])
        if d < 0:
            continue
        word = g.word[p] if j < m else -g.word[p]
        base, after = r * days, _after(g.nights, g.sizes, p, d)
        for c in range(base + d, base + after):
            s.cell[c] += word
        if j < loads:
            sign = -1 if j < m else 1
            base, at = r * days * k, g.begins[p] - d * k
            for shift in range(d * k, after * k):
                s.slack[shift * nurses + s.care[base + shift]] += sign * g.load[at + shift]


@helper
def _try_patients(g, s, m, most):
    """Move ``m`` patients if that costs no more than ``most``; 0 if not, 1 if it was done, 2 if this is the best plan so far."""
    price = s.floats[PRICE]
    hard, soft = 0, 0
    hope, gain, least = 0, 0, 0  # what beds and loads may yet give back; what nurses surely do; what the new nurses cost at least
    for j in range(2 * m):
        i = j if j < m else j - m
        p = s.move.who[i]
        d, t = (s.day[p], s.theatre[p]) if j < m else (s.move.to_day[i], s.move.to_theatre[i])
        if g.sizes[KEPT] and p < g.sizes[PATIENTS]:
            soft += -_changed(g, p, d, s.room[p], t) if j < m else _changed(g, p, d, s.move.to_room[i], t)
        if p < g.sizes[PATIENTS] and (s.move.to_day[i] != s.day[p] or s.move.to_theatre[i] != s.theatre[p]):
            sign = -1 if j < m else 1
            if d >= 0:
                h, c = _theatre(g, s, p, d, t, sign)
                hard += h
                soft += c
            else:
                hard += sign * g.hard[MUST_H] if g.must[p] else 0
                soft += sign * g.weights[LEFT_W] if g.must[p] != 1 else 0
        if d >= 0 and not _stays(s, i):
            if j < m:
                gain += g.weights[MEET_W] * s.met[p] + g.weights[SKILL_W] * s.short[p]
                hope += g.weights[LOAD_W] * g.total_load[p]
                hope += (g.weights[AGE_W] * (g.sizes[AGES] - 1) + g.weights[NURSE_P] * g.sizes[SHIFTS]) * g.nights[p]
            else:
                least += g.weights[MEET_W] * g.sizes[FEWEST]
    beds, loads, on = 0, 0, 2 * m
    soft += least - gain
    if soft - hope + price * (hard - s.register[HARD]) <= most:
        for j in range(2 * m):
            i = j if j < m else j - m
            p = s.move.who[i]
            d, r = (s.day[p], s.room[p]) if j < m else (s.move.to_day[i], s.move.to_room[i])
            if d >= 0 and not _stays(s, i):
                if j >= m and _crowd(g, s, p, d, r) >= g.sizes[CELL]:
                    break
                h, c = _bed(g, s, p, d, r, -1 if j < m else 1)
                hard += h
                soft += c
            beds = j + 1
            if j >= m and soft - hope + price * hard > most:
                break
        bar = most - price * hard
        if beds == on and soft - hope <= bar:
            for j in range(2 * m):
                i = j if j < m else j - m
                p = s.move.who[i]
                d, r = (s.day[p], s.room[p]) if j < m else (s.move.to_day[i], s.move.to_room[i])
                if d >= 0 and not _stays(s, i):
                    if j >= m:
                        met, short = _meets(g, s, p, d, r)
                        s.move.new_met[i], s.move.new_short[i] = met, short
                        soft += g.weights[MEET_W] * (met - g.sizes[FEWEST]) + g.weights[SKILL_W] * short
                        if soft > bar:
                            break
                    soft += _load(g, s, p, d, r, -1 if j < m else 1)
                loads = j + 1
                if j >= m - 1 and soft > bar:
                    break
            if loads == on and soft <= bar:
                _settle(g, s, np.int64(hard), np.int64(soft))
                _commit(g, s, m)
                return 1 + _best(s)
    _take_back(g, s, m, 2 * m, beds, loads)
    return 0


@helper
def _commit(g, s, m):
    for j in range(2 * m):
        i = j if j < m else j - m
        if not _stays(s, i):
            p = s.move.who[i]
            d, r = (s.day[p], s.room[p]) if j < m else (s.move.to_day[i], s.move.to_room[i])
            if d >= 0:
                _list(g, s, p, d, r, -1 if j < m else 1)
    for i in range(m):
        p = s.move.who[i]
        d, r = s.move.to_day[i], s.move.to_room[i]
        if not _stays(s, i):
            s.met[p], s.short[p] = (s.move.new_met[i], s.move.new_short[i]) if d >= 0 else (0, 0)
        if d < 0 and s.day[p] >= 0:
            last = s.register[OUT]
            s.out[last] = p
            s.out_at[p] = last
            s.register[OUT] = last + 1
        elif d >= 0 and s.day[p] < 0 and p < g.sizes[PATIENTS]:
            last = s.register[OUT] - 1
            s.register[OUT] = last
            at, moved = s.out_at[p], s.out[last]
            s.out[at] = moved
            s.out_at[moved] = at
        s.day[p], s.room[p], s.theatre[p] = d, r, s.move.to_theatre[i]


@helper
def _nurse_loads(g, s, i, new, old):
    """Give the load of the i-th room and shift of the move to ``new``; what overload and skill then change."""
    nurses, levels = g.sizes[NURSES], g.sizes[LEVELS]
    shift = s.move.at_shift[i]
    at = s.move.at_room[i] * g.sizes[DAYS] * g.sizes[SHIFTS] + shift
    load = s.room_load[at]
    a, b = shift * nurses + old, shift * nurses + new
    x = s.slack[a]
    found = _over(-(x + load)) - _over(-x)
    s.slack[a] = x + load
    x = s.slack[b]
    found += _over(load - x) - _over(-x)
    s.slack[b] = x - load
    skill = s.room_short[at * levels + g.level[new]] - s.room_short[at * levels + g.level[old]]
    return g.weights[LOAD_W] * found + g.weights[SKILL_W] * skill


@helper
def _nurse_meets(g, s, i, new, old):
    nurses, k = g.sizes[NURSES], g.sizes[SHIFTS]
    c = s.move.at_room[i] * g.sizes[DAYS] + s.move.at_shift[i] // k
    found = 0
    for j in range(c * g.sizes[CELL], c * g.sizes[CELL] + s.heads[c]):
        p = s.here[j]
        a, b = p * nurses + old, p * nurses + new
        had = s.cared[a] - 1
        s.cared[a] = had
        has = s.cared[b]
        s.cared[b] = has + 1
        change = (1 if has == 0 else 0) - (1 if had == 0 else 0)
        s.met[p] += change
        found += change
    return g.weights[MEET_W] * found


@helper
def _stranger(g, s, i):
    """How many more room-shifts have another nurse than before, once the i-th of the move has its new one."""
    was = g.old_care[s.move.at_room[i] * g.sizes[DAYS] * g.sizes[SHIFTS] + s.move.at_shift[i]]
    if was < 0:
        return 0
    return (1 if s.move.new_nurse[i] != was else 0) - (1 if s.move.old_nurse[i] != was else 0)


@helper
def _try_nurses(g, s, m, most):
    """Give ``m`` (room, shift) other nurses if that costs no more than ``most``; 0 if not, 1 if done, 2 if this is the best plan so far."""
    k, days, levels = g.sizes[SHIFTS], g.sizes[DAYS], g.sizes[LEVELS]
    soft, heads = np.int64(0), np.int64(0)
    for i in range(m):
        r, shift = s.move.at_room[i], s.move.at_shift[i]
        s.move.old_nurse[i] = s.care[r * days * k + shift]
        here = s.heads[r * days + shift // k]
        heads += here
        if g.sizes[KEPT]:
            if g.held[r * days * k + shift]:
                return 0
            if here > 0:
                soft += g.weights[NURSE_P] * _stranger(g, s, i)
    for turn in range(2):  # there, and back if it was too much
        for i in range(m):
            new, old = (s.move.old_nurse[i], s.move.new_nurse[i]) if turn else (s.move.new_nurse[i], s.move.old_nurse[i])
            soft += _nurse_loads(g, s, i, new, old)
        if turn:
            return 0
        if soft - g.weights[MEET_W] * heads <= most:
            before = soft
            for way in range(2):
                for i in range(m):
                    new, old = (s.move.old_nurse[i], s.move.new_nurse[i]) if way else (s.move.new_nurse[i], s.move.old_nurse[i])
                    soft += _nurse_meets(g, s, i, new, old)
                if soft <= most or way:
                    break
            if way == 0:
                break
            soft = before
    _settle(g, s, np.int64(0), np.int64(soft))
    for i in range(m):
        r, shift = s.move.at_room[i], s.move.at_shift[i]
        new, old = g.level[s.move.new_nurse[i]], g.level[s.move.old_nurse[i]]
        s.care[r * days * k + shift] = s.move.new_nurse[i]
        if g.sizes[KEPT]:
            s.strange[r * days + shift // k] += _stranger(g, s, i)
        if new != old and s.room_short[(r * days * k + shift) * levels] > 0:
            c = (r * days + shift // k) * g.sizes[CELL]
            for j in range(c, c + s.heads[r * days + shift // k]):
                p = s.here[j]
                need = g.skill[g.begins[p] + shift - s.day[p] * k]
                s.short[p] += _over(need - new) - _over(need - old)
    return 1 + _best(s)


# ── proposing ───────────────────────────────────────────────────────────────────────────────────────────────────────


@helper
def _put(move, i, p, d, r, t):
    move.who[i], move.to_day[i], move.to_room[i], move.to_theatre[i] = p, d, r, t


@helper
def _in(g, s):
    """Somebody admitted, or -1."""
    for _ in range(4):
        p = _below(s.random, g.sizes[PATIENTS])
        if s.day[p] >= 0:
            return p
    return -1


@helper
def _some_day(g, s, p):
    return g.days_of[p * g.sizes[DAYS] + _below(s.random, g.day_count[p])]


@helper
def _some_room(g, s, p):
    return g.rooms_of[p * g.sizes[ROOMS] + _below(s.random, g.room_count[p])]


@helper
def _fits_beds(g, s, p, d, r):
    word, base, beds = g.word[p], r * g.sizes[DAYS], g.beds[r]
    for i in range(base + d, base + _after(g.nights, g.sizes, p, d)):
        new = s.cell[i] + word
        if _count(new) > beds or _mixed(new) > 0:
            return False
    return True


@helper
def _good_room(g, s, p, d, tries):
    """A room that suits and has a bed among gender fellows, if one is found soon; else any that suits."""
    n = g.room_count[p]
    base = p * g.sizes[ROOMS]
    at = _below(s.random, n)
    first = g.rooms_of[base + at]
    for _ in range(min(n, tries)):
        r = g.rooms_of[base + at]
        if _fits_beds(g, s, p, d, r):
            return r
        at = at + 1 if at + 1 < n else 0
    return first


@helper
def _good_theatre(g, s, p, d):
    """A theatre with time left on the day, mostly one that is open already; else any; the one that is fixed if one is."""
    if g.only_theatre[p] >= 0:
        return np.int64(g.only_theatre[p])
    days, theatres = g.sizes[DAYS], g.sizes[THEATRES]
    start = _below(s.random, theatres)
    opened = _below(s.random, 8) > 0
    t, spare = start, -1
    for _ in range(theatres):
        j = t * days + d
        if s.theatre_used[j] + g.minutes[p] <= g.theatre_minutes[j]:
            if not opened or s.pair_cases[(g.surgeon[p] * days + d) * theatres + t] > 0:
                return t
            if spare < 0 or (s.theatre_cases[j] > 0 and s.theatre_cases[spare * days + d] == 0):
                spare = t
        t = t + 1 if t + 1 < theatres else 0
    return spare if spare >= 0 else start


@helper
def _may(g, p, d):
    return g.first[p] <= d <= g.last[p]


@helper
def _neighbour(g, s, p, d, r):
    """A patient who is in room ``r`` on a day of p's stay from ``d``, or -1."""
    i = r * g.sizes[DAYS] + d + _below(s.random, _after(g.nights, g.sizes, p, d) - d)
    if s.heads[i] == 0:
        return -1
    q = s.here[i * g.sizes[CELL] + _below(s.random, s.heads[i])]
    return q if q < g.sizes[PATIENTS] and q != p else -1


@helper
def _swap_wards(g, s):
    """Everybody admitted on or after some day changes places between two rooms, for a while."""
    days = g.sizes[DAYS]
    a, b = _below(s.random, g.sizes[ROOMS]), _below(s.random, g.sizes[ROOMS])
    if a == b:
        return 0
    begin = _below(s.random, days)
    end = begin + 1 + _below(s.random, days - begin)
    m = 0
    for r, other in ((a, b), (b, a)):
        for d in range(begin, end):
            i = r * days + d
            for j in range(i * g.sizes[CELL], i * g.sizes[CELL] + s.heads[i]):
                p = s.here[j]
                if p < g.sizes[PATIENTS] and s.day[p] == d:
                    if m >= MOST or g.fits[p * g.sizes[ROOMS] + other] == 0:
                        return 0
                    _put(s.move, m, p, d, other, s.theatre[p])
                    m += 1
    return m


@helper
def _merge_theatres(g, s):
    """All surgery of a theatre and day, or of one surgeon there, goes to another theatre."""
    days = g.sizes[DAYS]
    p = _in(g, s)
    if p < 0 or g.sizes[THEATRES] < 2:
        return 0
    d, a = s.day[p], s.theatre[p]
    b = _below(s.random, g.sizes[THEATRES])
    if a == b:
        return 0
    one = _below(s.random, 2)
    both = _below(s.random, 2)
    m = 0
    surgeons = g.sizes[SURGEONS]
    first = g.surgeon[p] if one else 0
    for surgeon in range(first, first + 1 if one else surgeons):
        at = (surgeon * days + d) * g.sizes[THEATRES]
        if s.pair_cases[at + a] == 0 and s.pair_cases[at + b] == 0:
            continue
        for j in range(g.of_surgeon_at[surgeon], g.of_surgeon_at[surgeon + 1]):
            q = g.of_surgeon[j]
            if s.day[q] == d and (s.theatre[q] == a or (both and s.theatre[q] == b)):
                if m >= MOST:
                    return 0
                _put(s.move, m, q, d, s.room[q], b if s.theatre[q] == a else a)
                m += 1
    return m


@helper
def _replace(g, s):
    """Somebody left out comes in, and somebody admitted who may wait goes out."""
    if s.register[OUT] == 0:
        return 0
    p = s.out[_below(s.random, s.register[OUT])]
    q = -1
    if _below(s.random, 4) > 0:
        surgeon = g.surgeon[p]
        first = g.of_surgeon_at[surgeon]
        for _ in range(4):
            x = g.of_surgeon[first + _below(s.random, g.of_surgeon_at[surgeon + 1] - first)]
            if s.day[x] >= 0 and not g.must[x]:
                q = x
                break
    else:
        q = _in(g, s)
        if q >= 0 and g.must[q]:
            return 0
    if q < 0:
        return 0
    d = s.day[q]
    if not _may(g, p, d) or _below(s.random, 8) == 0:
        d = _some_day(g, s, p)
    t = s.theatre[q]
    if d != s.day[q]:
        t = GOOD
    r = s.room[q]
    if g.fits[p * g.sizes[ROOMS] + r] == 0 or _below(s.random, 3) == 0:
        r = GOOD
    _put(s.move, 0, q, -1, -1, -1)
    _put(s.move, 1, p, d, r, t)
    return 2


@helper
def _two_for_one(g, s):
    """One who may wait goes out, two come in; or two go out and one comes in."""
    m = 0
    if s.register[OUT] < 2:
        return 0
    q = _in(g, s)
    if q < 0 or g.must[q]:
        return 0
    _put(s.move, m, q, -1, -1, -1)
    m += 1
    d = s.day[q]
    a = s.out[_below(s.random, s.register[OUT])]
    b = s.out[_below(s.random, s.register[OUT])]
    if a == b:
        return 0
    for p in (a, b):
        e = d
        if not _may(g, p, d) or _below(s.random, 3) == 0:
            e = _some_day(g, s, p)
        r = s.room[q]
        if g.fits[p * g.sizes[ROOMS] + r] == 0 or _below(s.random, 2) == 0:
            r = GOOD
        _put(s.move, m, p, e, r, s.theatre[q] if e == d and _below(s.random, 4) > 0 else GOOD)
        m += 1
    return m


@helper
def _push(g, s):
    """Somebody takes a bed, and somebody who lies there goes to another room, or to the bed left."""
    p = _below(s.random, g.sizes[PATIENTS])
    old = s.day[p]
    d = _some_day(g, s, p) if old < 0 or _below(s.random, 2) == 0 else old
    r = _some_room(g, s, p)
    if old >= 0 and r == s.room[p]:
        return 0
    q = _neighbour(g, s, p, d, r)
    if q < 0:
        return 0
    t = s.theatre[p] if d == old else GOOD
    e = s.day[q]
    u = s.theatre[q]
    if _below(s.random, 3) == 0:
        e = _some_day(g, s, q)
        if e != s.day[q]:
            u = GOOD
    if old >= 0 and _below(s.random, 2) == 0:
        x = s.room[p]
        if g.fits[q * g.sizes[ROOMS] + x] == 0:
            return 0
    else:
        x = GOOD
    _put(s.move, 0, p, d, r, t)
    _put(s.move, 1, q, e, x, u)
    return 2


@helper
def _chosen(s, q, m):
    """Whether a patient is among the first ``m`` of the move."""
    for i in range(m):  # noqa: SIM110
        if s.move.who[i] == q:
            return True
    return False


@helper
def _there(g, s, q, r, day):
    return s.room[q] == r and s.day[q] <= day < s.day[q] + g.nights[q]


@helper
def _make_room(g, s):
    """Somebody comes to a day and a room whatever stands in the way; all who do go elsewhere, or out if they may wait."""
    days, patients = g.sizes[DAYS], g.sizes[PATIENTS]
    p = _below(s.random, patients)
    if s.register[OUT] > 0 and _below(s.random, 2) == 0:
        p = np.int64(s.out[_below(s.random, s.register[OUT])])
    d = np.int64(s.day[p])
    if d < 0 or _below(s.random, 3) > 0:
        d = np.int64(_some_day(g, s, p))
    r = np.int64(_some_room(g, s, p))
    if d == s.day[p] and r == s.room[p]:
        return 0
    m = 1
    _put(s.move, 0, p, d, r, s.theatre[p] if d == s.day[p] else GOOD)
    if d != s.day[p]:
        surgeon = g.surgeon[p]
        over = s.surgeon_used[surgeon * days + d] + g.minutes[p] - g.surgeon_minutes[surgeon * days + d]
        if over > 0:
            first = g.of_surgeon_at[surgeon]
            n = g.of_surgeon_at[surgeon + 1] - first
            at = _below(s.random, n)
            for _ in range(n):
                q = g.of_surgeon[first + at]
                if s.day[q] == d and g.minutes[q] >= over:
                    s.move.who[1] = q
                    m = 2
                    break
                at = at + 1 if at + 1 < n else 0
            if m == 1:
                return 0
    by_surgeon = m
    mine, beds = g.word[p], g.beds[r]
    for day in range(d, _after(g.nights, g.sizes, p, d)):
        c = r * days + day
        word = s.cell[c] + mine
        for i in range(m):
            q = s.move.who[i]
            if _there(g, s, q, r, day):
                word -= g.word[q]
        while _count(word) > beds or _mixed(word) > 0:
            heads = s.heads[c]
            at = _below(s.random, heads)
            q = np.int64(-1)
            for _ in range(heads):
                x = np.int64(s.here[c * g.sizes[CELL] + at])
                if x < patients and not _chosen(s, x, m) and (_mixed(word) == 0 or (g.word[x] & 255) != (mine & 255)):
                    q = x
                    break
                at = at + 1 if at + 1 < heads else 0
            if q < 0 or m > 4:
                return 0
            s.move.who[m] = q
            m += 1
            word -= g.word[q]
    for i in range(1, m):
        q = np.int64(s.move.who[i])
        if g.must[q] == 0 and _below(s.random, 2) == 0:
            _put(s.move, i, q, np.int64(-1), np.int64(-1), np.int64(-1))
            continue
        e = np.int64(s.day[q])
        if i < by_surgeon or _below(s.random, 3) == 0:
            e = np.int64(_some_day(g, s, q))
        x = np.int64(GOOD)
        if m == 2 and s.day[p] >= 0 and g.fits[q * g.sizes[ROOMS] + s.room[p]] and _below(s.random, 2) == 0:
            x = np.int64(s.room[p])
        _put(s.move, i, q, e, x, np.int64(s.theatre[q]) if e == s.day[q] else np.int64(GOOD))
    return m


@helper
def _swap(g, s, kind):
    """Two admitted patients change places, rooms, days or theatres."""
    p = _in(g, s)
    if p < 0:
        return 0
    if kind == SWAP_ROOMS:
        r = _some_room(g, s, p)
        if r == s.room[p]:
            return 0
        q = _neighbour(g, s, p, s.day[p], r)
        if q < 0 or g.fits[q * g.sizes[ROOMS] + s.room[p]] == 0:
            return 0
        _put(s.move, 0, p, s.day[p], r, s.theatre[p])
        _put(s.move, 1, q, s.day[q], s.room[p], s.theatre[q])
        return 2
    q = -1
    if _below(s.random, 2) == 0:
        surgeon = g.surgeon[p]
        first = g.of_surgeon_at[surgeon]
        q = g.of_surgeon[first + _below(s.random, g.of_surgeon_at[surgeon + 1] - first)]
    else:
        q = _below(s.random, g.sizes[PATIENTS])
    if s.day[q] < 0 or p == q:
        return 0
    if kind == SWAP_THEATRES:
        if s.day[p] != s.day[q] or s.theatre[p] == s.theatre[q]:
            return 0
        _put(s.move, 0, p, s.day[p], s.room[p], s.theatre[q])
        _put(s.move, 1, q, s.day[q], s.room[q], s.theatre[p])
        return 2
    if s.day[p] == s.day[q] and (kind == SWAP_DAYS or s.room[p] == s.room[q]):
        return 0
    if not (_may(g, p, s.day[q]) and _may(g, q, s.day[p])):
        return 0
    a, b = s.room[p], s.room[q]
    if kind == SWAP_PLACES:
        a, b = b, a
        if g.fits[p * g.sizes[ROOMS] + a] == 0 or g.fits[q * g.sizes[ROOMS] + b] == 0:
            return 0
    elif _below(s.random, 2) == 0:
        a, b = GOOD, GOOD
    _put(s.move, 0, p, s.day[q], a, s.theatre[q])
    _put(s.move, 1, q, s.day[p], b, s.theatre[p])
    return 2


@helper
def _one(g, s, kind):
    """One patient: another room, day, theatre or all of it, in or out."""
    if kind == INSERT:
        if s.register[OUT] == 0:
            return 0
        p = s.out[_below(s.random, s.register[OUT])]
    elif kind == NEW_PLACE:
        p = _below(s.random, g.sizes[PATIENTS])
    else:
        p = _in(g, s)
        if p < 0:
            return 0
    d, r, t = s.day[p], s.room[p], s.theatre[p]
    if kind == NEW_ROOM:
        r = _some_room(g, s, p)
        if r == s.room[p]:
            return 0
    elif kind == NEW_DAY:
        d = _some_day(g, s, p)
        if d == s.day[p]:
            return 0
        t = GOOD
        if _below(s.random, 3) == 0:
            r = GOOD
    elif kind == NEW_THEATRE:
        t = _below(s.random, g.sizes[THEATRES])
        if t == s.theatre[p]:
            return 0
    elif kind == DROP:
        if g.must[p]:
            return 0
        d, r, t = -1, -1, -1
    else:
        d = _some_day(g, s, p)
        t = GOOD
        r = GOOD
        if d == s.day[p] and r == s.room[p] and t == s.theatre[p]:
            return 0
    _put(s.move, 0, p, d, r, t)
    return 1


@helper
def _propose_patients(g, s, kind):
    if kind <= DROP or kind == INSERT:
        return _one(g, s, kind)
    if kind == REPLACE:
        return _replace(g, s)
    if kind == PUSH:
        return _push(g, s)
    if kind == MERGE_THEATRES:
        return _merge_theatres(g, s)
    if kind == SWAP_WARDS:
        return _swap_wards(g, s)
    if kind == TWO_FOR_ONE:
        return _two_for_one(g, s)
    if kind == MAKE_ROOM:
        return _make_room(g, s)
    return _swap(g, s, kind)


@helper
def _give(move, i, r, shift, n):
    move.at_room[i], move.at_shift[i], move.new_nurse[i] = r, shift, n


@helper
def _propose_nurses(g, s, kind):
    """One (room, shift), two rooms of one shift, or a nurse's or two nurses' shifts over a stay."""
    k, days = g.sizes[SHIFTS], g.sizes[DAYS]
    shifts = days * k
    cells = g.sizes[ROOMS] * days
    c = _below(s.random, cells)
    if s.heads[c] == 0:
        c = _below(s.random, cells)
        if s.heads[c] == 0:
            return 0
    r, d = c // days, c % days
    if kind in (ANY_NURSE, SWAP_NURSES):
        shift = d * k + _below(s.random, k)
        now = s.care[r * shifts + shift]
        if kind == ANY_NURSE:
            first = g.duty_at[shift]
            n = g.duty[first + _below(s.random, g.duty_at[shift + 1] - first)]
            if n == now:
                return 0
            _give(s.move, 0, r, shift, n)
            return 1
        other = _below(s.random, g.sizes[ROOMS])
        n = s.care[other * shifts + shift]
        if n == now or s.heads[other * days + d] == 0:
            return 0
        _give(s.move, 0, r, shift, n)
        _give(s.move, 1, other, shift, now)
        return 2
    p = s.here[c * g.sizes[CELL] + _below(s.random, s.heads[c])]
    first = s.day[p] * k
    end = _after(g.nights, g.sizes, p, s.day[p]) * k
    n = s.care[r * shifts + first + _below(s.random, end - first)]
    if kind == KNOWN_NURSE:
        lo, hi = g.shifts_at[n], g.shifts_at[n + 1]
        while lo < hi and g.shifts_of[lo] < first:
            lo += 1
        mid = lo
        while mid < hi and g.shifts_of[mid] < end:
            mid += 1
        if mid <= lo:
            return 0
        shift = g.shifts_of[lo + _below(s.random, mid - lo)]
        if s.care[r * shifts + shift] == n:
            return 0
        _give(s.move, 0, r, shift, n)
        return 1
    m = 0
    if kind == NURSE_STAYS:
        if _below(s.random, 2) == 0:
            shift = first + _below(s.random, end - first)
            n = g.duty[g.duty_at[shift] + _below(s.random, g.duty_at[shift + 1] - g.duty_at[shift])]
        for j in range(g.shifts_at[n], g.shifts_at[n + 1]):
            shift = g.shifts_of[j]
            if first <= shift < end and s.care[r * shifts + shift] != n and m < MOST:
                _give(s.move, m, r, shift, n)
                m += 1
        return m
    shift = first + _below(s.random, end - first)
    new = g.duty[g.duty_at[shift] + _below(s.random, g.duty_at[shift + 1] - g.duty_at[shift])]
    n = s.care[r * shifts + shift]
    if n == new:
        return 0
    nurses = g.sizes[NURSES]
    for x in range(first, end):
        now = s.care[r * shifts + x]
        if now == n and g.on[x * nurses + new] and m < MOST:
            _give(s.move, m, r, x, new)
            m += 1
        elif now == new and g.on[x * nurses + n] and m < MOST:
            _give(s.move, m, r, x, n)
            m += 1
    return m


@kernel
def search(g, s, moves, whom):
    """Try so many moves at the temperature and the price that stand in ``floats``, of anybody or as ``whom`` says."""
    heat = s.floats[HEAT]
    for turn in range(moves):
        luck = _draw(s.random)
        x = np.int64(luck & np.uint64(1023))
        kind, most = 0, heat * g.luck[np.int64(luck >> U54)]
        if whom == ANYBODY:
            while s.chance[kind] <= x:
                kind += 1
        if kind < ANY_NURSE:
            if whom == ANYBODY:
                m = _propose_patients(g, s, kind)
            elif whom == TAKE_UP:
                m, most = 1, NEVER
                _put(s.move, 0, turn, s.best_day[turn], s.best_room[turn], s.best_theatre[turn])
                if s.best_day[turn] < 0:
                    continue
            else:
                m, most = 1, (-1.0 if s.day[whom] >= 0 else NEVER)
                _put(s.move, 0, whom, _some_day(g, s, whom), GOOD, GOOD)
            for i in range(m):
                if s.move.to_theatre[i] == GOOD:
                    s.move.to_theatre[i] = _good_theatre(g, s, s.move.who[i], s.move.to_day[i])
                if s.move.to_room[i] == GOOD:
                    s.move.to_room[i] = _good_room(g, s, s.move.who[i], s.move.to_day[i], 6)
                p = s.move.who[i]
                if p < g.sizes[PATIENTS] and g.tied[p] and not _allowed(g, p, s.move.to_day[i], s.move.to_room[i], s.move.to_theatre[i]):
                    m = 0
                    break
            if m == 0 or (m == 1 and _stays(s, 0) and s.move.to_theatre[0] == s.theatre[s.move.who[0]]):
                continue
            done = _try_patients(g, s, m, most)
        else:
            m = _propose_nurses(g, s, kind)
            if m == 0:
                continue
            done = _try_nurses(g, s, m, most)
        s.register[MOVES] += 1
        s.counts[kind * COUNTS + PROPOSED] += 1
        if done:
            s.counts[kind * COUNTS + ACCEPTED] += 1
            if done == 2:
                s.counts[kind * COUNTS + BETTER] += 1
    if s.register[FRESH]:
        _keep(g, s)
    return 0
