"""The general engine, compiled: the same events in the same order as ``plain.py``, which says what they mean.

In the style of ``jit.py``: all memory comes from Python (``compiled.py``), everything the kernel needs stands in this file, and ``run``
returns why it stopped. Large pieces stand once, in the loop of ``run``; small ones are helpers. Luck is that of ``luck.py``, written
out again here. Nodes, steps, resources, pools, needs, lines and laws are numbers in the order of ``tables.py``; -1 is none or the end.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sandcone.core.jit import helper, kernel

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

DONE, GROW, LOG_FULL, TIME, CALENDAR, BROKEN = 0, 1, 2, 3, 4, 5
DO, CHOOSE, SPLIT = 0, 1, 2
FIXED, UNIFORM, EXPONENTIAL, LOGNORMAL, SEEN = 0, 1, 2, 3, 4
LISTED, RANDOM, IDLE = 0, 1, 2
FINISH, GO_HOME, HAND_OVER = 0, 1, 2
BY_READY, BY_DUE, BY_LENGTH = 0, 1, 2
ENDS, CHANGES, DELAYS, ARRIVALS, PATIENCES = map(np.int64, range(5))
GOES_ON, WAITS, WORKS = 0, 1, 2  # the state of a token
NOT_USED, IN_USE, TO_HAND_OVER = 0, 1, 2  # the state of one resource of a step under way
E_END, E_FREED, E_CHANGE, E_NEEDED, E_GO, E_COMES, E_MISSED, E_LEAVE, E_QUIET = map(np.int64, range(9))
NONE, BLOCKED, TO_THE_END = np.int64(-1), np.int64(-1), np.int64(-2)  # the last two: until when a place is kept, where not until a step
BY_KEY, BY_WAIT = np.int64(0), np.int64(3)  # the two heaps of a line (numbers of a set size, so that nothing is compiled once for each)
GIVE_UP = 400 * 1440.0
WEEK = 10080.0
SLOWEST = 1e-9
WHAT = 48  # bits of an event that say whom it is for
MARGIN = 64  # rows of the log left before it is full

# registers that outlive a call
SERIAL, EVENTS_N, FREE_TOKEN, TOKENS_FREE, ALIVE, NEXT, LOGGED, HOT, BACK, FREE_KEPT, KEPT_FREE, HANDED, HANDED_LAST = range(13)
EVENTS, STOP_AT, BROKE, REGISTERS = 13, 14, 15, 16
NOW, MOVED, HORIZON, MONDAY, CLOCKS = 0, 1, 2, 3, 4
N_KINDS, N_PLACES, MOST, FIRST_NUMBER = 0, 1, 2, 3

# columns of the tables; x_A and x_Z say where the entries of x begin and where they end
N_TYPE, N_STEP, N_THEN, N_LAG, N_PACE, N_BRANCH_A, N_BRANCH_Z = range(7)
S_BEFORE, S_AFTER, S_PATIENCE, S_BOOKING, S_ORDER, S_KEEPABLE, S_LINE, S_NEED_A, S_NEED_Z = range(9)
RANKED, WITHIN = 0, 1
D_UNITS, D_BLOCKS, D_UNTIL, D_BIT, D_POOL_A, D_POOL_Z = range(6)
P_PICK, P_EXACT, P_MEMBER_A, P_MEMBER_Z, P_WORD_A, P_WORD_Z = range(6)
B_SLOT_A, B_SLOT_Z, B_PLACES, B_LAW, B_AGAIN, B_ROOM_A, B_ROOM_Z = range(7)
NOTICE, EARLY, NO_SHOW, CANCEL = range(4)
L_KIND, L_AT, L_N = range(3)
C_KIND, C_FIRST = 0, 1
R_FREE, R_OPEN, R_LAST, R_USERS, R_USERS_LAST, R_SPOKEN, R_AT_CLOSE, R_SETUP_BY, R_LINE_A, R_LINE_Z, R_CALENDAR = range(11)
R_CLOSES, R_FREED_AT, R_LAST_START, R_TURNOVER, R_SETUP = range(5)
Q_HEAD, Q_LONGEST, Q_N, Q_IS_HOT, Q_STEP, Q_NEED_A, Q_NEED_Z, Q_SIMPLE = range(8)
H_NEXT, H_OPEN, H_LAST, H_PLACE_A, H_PLACE_Z = range(5)
U_LOG, U_PLACE, U_NEED, U_POOL, U_STATE, U_AFTER, U_BEFORE = range(7)
GIVEN, SKIP = 0, 1
T_PLACE, T_POOL, T_MATCHED = range(3)

# a token's whole numbers; those of a patient as a whole stand with its first token, the root
ROOT, PARENT, NODE, STEP, VISITS, VISIT, STATE, LINE, JOINED, BOOKINGS, SLOT, PAUSES, BRANCHES, REJOINS = range(14)
EVENT, PATIENCE, USES, KIND, NUMBER, AFTER_IT, BEFORE_IT, LAST, KEPT, KEPT_LAST = range(14, 24)
CHILD, SIBLING, UP, W_CHILD, W_SIBLING, W_UP, WORDS = range(24, 31)
READY, PLANNED, START, END, LEFT, RANK, MINUTE, ARRIVED, FLOATS = range(9)
K_PLACE, K_UNTIL, K_TOKEN, K_AFTER, K_BEFORE, K_USED, K_WORDS = range(7)


class Net(NamedTuple):
    """The model and who comes, as arrays that do not change."""

    size: Ints
    node: Ints  # N_
    node_ways: Ints  # by node and kind: the first of its ways
    pace: Floats  # by pace: minutes passed at the start of each hour of the week, and at its end
    way_share: Floats  # added up; from the last one on above 1
    way_to: Ints
    branch: Ints
    step: Ints  # S_
    step_limit: Floats
    step_law: Ints  # by step and kind: a law, or -2 - a row of law_by
    law_by: Ints  # by row and resource + 1
    step_key: Floats  # by step and kind: RANKED, WITHIN (minutes from arriving until due, or the mean minutes)
    need: Ints  # D_; D_BIT: which bit of its line says that it is met by a place kept (-1: cannot be)
    need_pool: Ints
    pool: Ints  # P_; P_EXACT: who is open and free can begin, whatever the time
    member: Ints
    pool_word: Ints
    pool_bits: Keys
    within: NDArray[np.uint8]  # by pool and resource
    attribute: Ints  # by attribute and kind: a number for its value
    line_need: Ints
    tangled: Ints  # lines with needs that share resources: taking one may free the way for another
    place_line: Ints
    calendar_minute: Floats
    calendar_place: Ints
    booking: Ints  # B_
    booking_minutes: Floats  # NOTICE …
    booking_slot: Floats
    law: Ints  # L_
    law_minutes: Floats
    seen: Floats
    come_minute: Floats
    come_key: Keys
    come: Ints  # C_
    planned_at: Ints  # by number of patient (empty: nobody is booked by the plan)
    planned_step: Ints
    planned_minute: Floats


class State(NamedTuple):
    """Everything that changes, and what does not but is read beside it."""

    register: Ints
    clock: Floats
    token: Ints  # (tokens, WORDS)
    minute: Floats  # (tokens, FLOATS)
    key: Keys
    use: Ints  # U_, by token and use; AFTER and BEFORE are among the uses of a place that closes, or of those to hand over
    kept: Ints  # K_
    event_minute: Floats
    event_order: Ints
    event_of: Ints
    place: Ints  # R_
    timing: Floats  # R_
    available: Keys  # a bit for each place that is open and free
    line: Ints  # Q_
    hot: Ints  # lines in which somebody may be able to start
    back: Ints  # places given back since the last look
    stack: Ints  # (tokens, 2): tokens still to go on, and to which node
    calendar: Ints  # H_
    slot: Ints  # GIVEN, and the next that may be free
    got: Ints  # T_


class Rows(NamedTuple):
    """A chunk of the log."""

    patient: NDArray[np.int32]
    step: NDArray[np.int32]
    ready: Floats
    planned: Floats
    start: Floats
    end: Floats
    first: NDArray[np.int32]
    also: NDArray[np.int32]


# ── luck ────────────────────────────────────────────────────────────────────────────────────────────────────────────

G = np.uint64(0x9E3779B97F4A7C15)
M1, M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
S6, S11, S27, S30, S31 = np.uint64(6), np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31)
ONE, ALL6 = np.uint64(1), np.uint64(63)


@helper
def mix(z):
    """Every bit of the number moves every bit of the answer."""
    z = (z ^ (z >> S30)) * M1
    z = (z ^ (z >> S27)) * M2
    return z ^ (z >> S31)


@helper
def chance(key, i):
    """The i-th number of a stream, above 0 and below 1."""
    return (np.float64(np.int64(mix(key + (np.uint64(i) + ONE) * G) >> S11)) + 0.5) * 1.1102230246251565e-16


@helper
def branch_key(key, visits, branch):
    """The key of one branch of a parallel part."""
    return mix((key + np.uint64(8 * visits + 7) * G) ^ mix(np.uint64(branch + 1)))


@kernel
def normal(u):
    """How many standard deviations above the mean a share u of people lie below (AS 241)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        a = (((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r + 4.5921953931549871457e4) * r
        a = (((a + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r + 1.3314166789178437745e2) * r + 3.3871328727963666080e0
        b = (((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4) * r + 2.1213794301586595867e4) * r
        b = (((b + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r + 4.2313330701600911252e1) * r + 1.0
        return q * (a / b)
    r = math.sqrt(-math.log(u if q < 0 else 1.0 - u))
    if r <= 5.0:
        r = r - 1.6
        a = ((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r
        a = (a + 1.27045825245236838258e0) * r
        a = (((a + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r + 4.63033784615654529590e0) * r + 1.42343711074968357734e0
        b = ((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r
        b = (b + 1.48103976427480074590e-1) * r
        b = (((b + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r + 2.05319162663775882187e0) * r + 1.0
    else:
        r = r - 5.0
        a = ((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
        a = (a + 2.65321895265761230930e-2) * r
        a = (((a + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r + 5.46378491116411436990e0) * r + 6.65790464350110377720e0
        b = ((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r
        b = (b + 7.86869131145613259100e-4) * r
        b = (((b + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r + 5.99832206555887937690e-1) * r + 1.0
    return -(a / b) if q < 0 else a / b


@kernel
def drawn(kind, a, b, at, n, seen, u):
    """The minutes of a law at this luck."""
    if kind == SEEN:
        return seen[at + np.int64(u * n)]
    if kind == EXPONENTIAL:
        return -a * math.log(u)
    if kind == LOGNORMAL:
        return a * math.exp(b * normal(u))
    if kind == UNIFORM:
        return a + u * b
    return a


@helper
def minutes_of(law, law_minutes, seen, i, u):
    """The minutes of the i-th law at this luck."""
    return drawn(law[i, L_KIND], law_minutes[i, 0], law_minutes[i, 1], law[i, L_AT], law[i, L_N], seen, u)


@kernel
def paced(passed, first, minute, delay):
    """When a delay of a pace's own minutes is over; ``minute`` counts from a Monday, ``first`` is where the pace begins."""
    week_long = passed[first + 168]
    week = math.floor(minute / WEEK)
    within = minute - week * WEEK
    hour = np.int64(min(within / 60.0, 167.0))
    speed = (passed[first + hour + 1] - passed[first + hour]) / 60.0
    shown = week * week_long + passed[first + hour] + speed * (within - hour * 60.0) + delay
    week = math.floor(shown / week_long)
    within = shown - week * week_long
    low, high = 0, 169
    while low < high:
        middle = (low + high) >> 1
        if passed[first + middle] < within:
            low = middle + 1
        else:
            high = middle
    over = min(max(low - 1, 0), 167)
    speed = max((passed[first + over + 1] - passed[first + over]) / 60.0, SLOWEST)
    return max(minute, week * WEEK + over * 60.0 + min(max((within - passed[first + over]) / speed, 0.0), 60.0))


# ── events: a binary heap by minute, then kind and serial number ────────────────────────────────────────────────────


@helper
def foresee(register, minutes, orders, ofs, minute, kind, what, of):
    """Foresee an event; gives its serial number."""
    register[SERIAL] += 1
    serial = register[SERIAL]
    order = (kind << 58) | serial
    i = register[EVENTS_N]
    register[EVENTS_N] = i + 1
    while i > 0:
        up = (i - 1) >> 1
        if minutes[up] < minute or (minutes[up] == minute and orders[up] < order):
            break
        minutes[i], orders[i], ofs[i] = minutes[up], orders[up], ofs[up]
        i = up
    minutes[i], orders[i], ofs[i] = minute, order, (what << WHAT) | of
    return serial


@kernel
def forget_first(register, minutes, orders, ofs):
    """Take the first event off the heap."""
    n = register[EVENTS_N] - 1
    register[EVENTS_N] = n
    minute, order, of = minutes[n], orders[n], ofs[n]
    i = 0
    while True:
        low = 2 * i + 1
        if low >= n:
            break
        right = low + 1
        if right < n and (minutes[right] < minutes[low] or (minutes[right] == minutes[low] and orders[right] < orders[low])):
            low = right
        if minute < minutes[low] or (minute == minutes[low] and order < orders[low]):
            break
        minutes[i], orders[i], ofs[i] = minutes[low], orders[low], ofs[low]
        i = low
    minutes[i], orders[i], ofs[i] = minute, order, of


# ── lines: pairing heaps of tokens, by key and by who has waited longest ────────────────────────────


@helper
def before(token, minute, a, b, w):
    """Whether a goes before b."""
    if w == BY_KEY:
        if minute[a, RANK] != minute[b, RANK]:
            return minute[a, RANK] < minute[b, RANK]
        if minute[a, MINUTE] != minute[b, MINUTE]:
            return minute[a, MINUTE] < minute[b, MINUTE]
    if minute[a, READY] != minute[b, READY]:
        return minute[a, READY] < minute[b, READY]
    return token[a, JOINED] < token[b, JOINED]


@helper
def melded(token, minute, a, b, w):
    """Two heaps made one: the root."""
    if before(token, minute, b, a, w):
        a, b = b, a
    first = token[a, CHILD + w]
    token[b, SIBLING + w] = first
    if first >= 0:
        token[first, UP + w] = b
    token[b, UP + w] = a
    token[a, CHILD + w] = b
    return a


@kernel
def put_in(token, minute, root, t, w):
    """The root of the heap with t."""
    token[t, CHILD + w] = -1
    token[t, SIBLING + w] = -1
    token[t, UP + w] = -1
    if root < 0:
        return t
    root = melded(token, minute, root, t, w)
    token[root, SIBLING + w] = -1
    token[root, UP + w] = -1
    return root


@kernel
def taken_out(token, minute, root, t, w):
    """The root of the heap without t."""
    if t != root:
        up, after = token[t, UP + w], token[t, SIBLING + w]
        if token[up, CHILD + w] == t:
            token[up, CHILD + w] = after
        else:
            token[up, SIBLING + w] = after
        if after >= 0:
            token[after, UP + w] = up
    c, pairs = token[t, CHILD + w], NONE
    while c >= 0:
        one, other = c, token[c, SIBLING + w]
        c = NONE
        if other >= 0:
            c = token[other, SIBLING + w]
            one = melded(token, minute, one, other, w)
        token[one, SIBLING + w] = pairs
        pairs = one
    made = NONE
    while pairs >= 0:
        following = token[pairs, SIBLING + w]
        made = pairs if made < 0 else melded(token, minute, made, pairs, w)
        pairs = following
    if t != root:
        made = root if made < 0 else melded(token, minute, root, made, w)
    if made >= 0:
        token[made, SIBLING + w] = -1
        token[made, UP + w] = -1
    return made


@helper
def make_hot(g, lines, hot, line):
    """Look at a line the next time somebody may start."""
    if lines[line, Q_IS_HOT] == 0:
        lines[line, Q_IS_HOT] = 1
        hot[g[HOT]] = line
        g[HOT] += 1


@helper
def into_line(g, token, minute, lines, hot, t, line, limited):
    """Stand in a line."""
    token[t, LINE] = line
    lines[line, Q_HEAD] = put_in(token, minute, lines[line, Q_HEAD], t, BY_KEY)
    if limited:
        lines[line, Q_LONGEST] = put_in(token, minute, lines[line, Q_LONGEST], t, BY_WAIT)
    lines[line, Q_N] += 1
    make_hot(g, lines, hot, line)


@helper
def out_of_line(token, minute, lines, t, limited):
    """Leave the line."""
    line = token[t, LINE]
    token[t, LINE] = -1
    lines[line, Q_HEAD] = taken_out(token, minute, lines[line, Q_HEAD], t, BY_KEY)
    if limited:
        lines[line, Q_LONGEST] = taken_out(token, minute, lines[line, Q_LONGEST], t, BY_WAIT)
    lines[line, Q_N] -= 1


# ── places ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@helper
def show(place, available, r):
    """Set the bit that says whether a place is open and free."""
    bit = ONE << (np.uint64(r) & ALL6)
    if place[r, R_FREE] > 0 and place[r, R_OPEN] == 1:
        available[r >> 6] |= bit
    else:
        available[r >> 6] &= ~bit


@helper
def wake(g, place, place_line, lines, hot, r):
    """Look at all lines that a place may serve."""
    for i in range(place[r, R_LINE_A], place[r, R_LINE_Z]):
        if lines[place_line[i], Q_N] > 0:
            make_hot(g, lines, hot, place_line[i])


@helper
def freed(g, place, timing, available, place_line, lines, hot, r, now):
    """A place is free again."""
    place[r, R_FREE] += 1
    timing[r, R_FREED_AT] = now
    show(place, available, r)
    wake(g, place, place_line, lines, hot, r)


@helper
def occupy(place, available, attribute, r, kind):
    """Take a place."""
    place[r, R_FREE] -= 1
    show(place, available, r)
    if place[r, R_SETUP_BY] >= 0:
        place[r, R_LAST] = attribute[place[r, R_SETUP_BY], kind]


@helper
def give_back(g, back, r):
    """Note that a place is given back."""
    back[g[BACK]] = r
    g[BACK] += 1


@helper
def in_use(use, place, u, r, pool):
    """A step under way uses a place; who uses a place whose closing concerns them is remembered there."""
    use[u, U_PLACE] = r
    use[u, U_POOL] = pool
    use[u, U_STATE] = IN_USE
    if place[r, R_AT_CLOSE] != FINISH:
        last = place[r, R_USERS_LAST]
        use[u, U_BEFORE] = last
        use[u, U_AFTER] = -1
        if last >= 0:
            use[last, U_AFTER] = u
        else:
            place[r, R_USERS] = u
        place[r, R_USERS_LAST] = u


@helper
def stop_using(g, use, place, u):
    """Take a use off its place: the place, or -1 where it waited to be handed over."""
    state, r, a, b = use[u, U_STATE], use[u, U_PLACE], use[u, U_BEFORE], use[u, U_AFTER]
    use[u, U_STATE] = NOT_USED
    if state == TO_HAND_OVER:
        if a >= 0:
            use[a, U_AFTER] = b
        else:
            g[HANDED] = b
        if b >= 0:
            use[b, U_BEFORE] = a
        else:
            g[HANDED_LAST] = a
        return -1
    if place[r, R_AT_CLOSE] != FINISH:
        if a >= 0:
            use[a, U_AFTER] = b
        else:
            place[r, R_USERS] = b
        if b >= 0:
            use[b, U_BEFORE] = a
        else:
            place[r, R_USERS_LAST] = a
    return r


@helper
def hand_on(g, use, u):
    """Stand in the line of work to hand over."""
    last = g[HANDED_LAST]
    use[u, U_STATE] = TO_HAND_OVER
    use[u, U_BEFORE] = last
    use[u, U_AFTER] = -1
    if last >= 0:
        use[last, U_AFTER] = u
    else:
        g[HANDED] = u
    g[HANDED_LAST] = u


@helper
def any_of(pools, member, pool_word, pool_bits, available, place, timing, pool, units, now):
    """Whether so many units of a pool can be had."""
    if units == 1 and pools[pool, P_EXACT] == 1:
        for w in range(pools[pool, P_WORD_A], pools[pool, P_WORD_Z]):  # noqa: SIM110
            if available[pool_word[w]] & pool_bits[w]:
                return True
        return False
    n = 0
    for i in range(pools[pool, P_MEMBER_A], pools[pool, P_MEMBER_Z]):
        r = member[i]
        if place[r, R_OPEN] == 1 and timing[r, R_CLOSES] - now >= timing[r, R_LAST_START]:
            n += place[r, R_FREE]
            if n >= units:
                return True
    return False


@helper
def one_of(pools, member, place, timing, pool, now, u):
    """The place that a pool's pick comes to first, of those that can begin; -1 if there is none."""
    first, pick = pools[pool, P_MEMBER_A], pools[pool, P_PICK]
    size, best, longest = pools[pool, P_MEMBER_Z] - first, -1, math.inf
    begin = np.int64(u * size) if pick == RANDOM else 0
    for i in range(begin, begin + size):
        r = member[first + (i - size if i >= size else i)]
        if place[r, R_FREE] > 0 and place[r, R_OPEN] == 1 and timing[r, R_CLOSES] - now >= timing[r, R_LAST_START]:
            if pick != IDLE:
                return r
            if timing[r, R_FREED_AT] < longest:
                best, longest = r, timing[r, R_FREED_AT]
    return best


@kernel
def from_pool(place, timing, got, member, first_member, size, pick, units, now, u, n, pool):
    """Take units from a pool in the order of its pick; gives how many were taken, which is units or 0."""
    first = np.int64(u * size) if pick == RANDOM else 0
    left, i, old, gone = units, 0, -math.inf, -1
    while left > 0 and i < size:
        j = first + i
        if j >= size:
            j -= size
        if pick == IDLE:
            j = -1
            for c in range(size):
                r = member[first_member + c]
                if place[r, R_FREE] > place[r, R_SPOKEN] and place[r, R_OPEN] == 1:
                    x = timing[r, R_FREED_AT]
                    if (x > old or (x == old and c > gone)) and (j < 0 or x < timing[member[first_member + j], R_FREED_AT]):
                        j = c
            if j < 0:
                break
            old, gone = timing[member[first_member + j], R_FREED_AT], j
        r = member[first_member + j]
        i += 1
        if place[r, R_OPEN] == 1 and timing[r, R_CLOSES] - now >= timing[r, R_LAST_START]:
            there = place[r, R_FREE] - place[r, R_SPOKEN]
            while there > 0 and left > 0:
                got[n + units - left, T_PLACE] = r
                got[n + units - left, T_POOL] = pool
                place[r, R_SPOKEN] += 1
                there -= 1
                left -= 1
    if left > 0:
        for j in range(units - left):
            place[got[n + j, T_PLACE], R_SPOKEN] -= 1
        return 0
    return units


@kernel
def allotted(line_need, needs, need_pool, pools, member, pool_word, pool_bits, available, place, timing, got, a, z, now, u, by_pick):
    """Take places for all open needs of a line into ``got``; gives how many, -1 if they cannot be met."""
    n, ok = 0, True
    for i in range(a, z):
        need, took = line_need[i], 0
        units = needs[need, D_UNITS]
        for j in range(needs[need, D_POOL_A], needs[need, D_POOL_Z]):
            pool = need_pool[j]
            if any_of(pools, member, pool_word, pool_bits, available, place, timing, pool, units, now):
                first, pick = pools[pool, P_MEMBER_A], pools[pool, P_PICK] if by_pick == 1 else LISTED
                took = from_pool(place, timing, got, member, first, pools[pool, P_MEMBER_Z] - first, pick, units, now, u, n, pool)
                if took > 0:
                    break
        if took == 0:
            ok = False
            break
        n += took
    for i in range(n):
        place[got[i, T_PLACE], R_SPOKEN] = 0
    return n if ok else -1


# ── places kept beyond a step ───────────────────────────────────────────────────────────────────────────────────────


@kernel
def keep(g, token, kept, root, r, until, t):
    """Keep a place beyond the step."""
    k, last = g[FREE_KEPT], token[root, KEPT_LAST]
    g[FREE_KEPT] = kept[k, K_AFTER]
    g[KEPT_FREE] -= 1
    kept[k, K_PLACE] = r
    kept[k, K_UNTIL] = until
    kept[k, K_TOKEN] = t
    kept[k, K_USED] = 0
    kept[k, K_BEFORE] = last
    kept[k, K_AFTER] = -1
    if last >= 0:
        kept[last, K_AFTER] = k
    else:
        token[root, KEPT] = k
    token[root, KEPT_LAST] = k


@kernel
def keep_no_more(g, token, kept, root, k):
    """Forget a place kept."""
    a, b = kept[k, K_BEFORE], kept[k, K_AFTER]
    if a >= 0:
        kept[a, K_AFTER] = b
    else:
        token[root, KEPT] = b
    if b >= 0:
        kept[b, K_BEFORE] = a
    else:
        token[root, KEPT_LAST] = a
    kept[k, K_AFTER] = g[FREE_KEPT]
    g[FREE_KEPT] = k
    g[KEPT_FREE] += 1


@kernel
def given_up(g, token, kept, back, root, until, t):
    """Give back what is kept until a step (``until``), what is blocked by a token (BLOCKED), or everything (TO_THE_END)."""
    k = token[root, KEPT]
    while k >= 0:
        following = kept[k, K_AFTER]
        if until == TO_THE_END or (kept[k, K_UNTIL] == until and (until != BLOCKED or kept[k, K_TOKEN] == t)):
            give_back(g, back, kept[k, K_PLACE])
            keep_no_more(g, token, kept, root, k)
        k = following


@kernel
def met_by_kept(token, kept, needs, need_pool, within, got, a, z, t):
    """Which needs of a step are met by places kept, as bits; ``got`` has the places, need by need, each once."""
    root = token[t, ROOT]
    met, n = 0, 0
    if token[root, KEPT] < 0:
        return met
    for need in range(a, z):
        bit, units, found, k = needs[need, D_BIT], needs[need, D_UNITS], 0, token[root, KEPT]
        while bit >= 0 and k >= 0 and found < units:
            if kept[k, K_USED] == 0 and (kept[k, K_UNTIL] != BLOCKED or kept[k, K_TOKEN] == t):
                for j in range(needs[need, D_POOL_A], needs[need, D_POOL_Z]):
                    if within[need_pool[j], kept[k, K_PLACE]]:
                        got[n + found, T_MATCHED] = k
                        found += 1
                        break
            k = kept[k, K_AFTER]
        if bit >= 0 and found == units:
            for j in range(found):
                kept[got[n + j, T_MATCHED], K_USED] = 1
            n += found
            met |= 1 << bit
    for j in range(n):
        kept[got[j, T_MATCHED], K_USED] = 0
    return met


@kernel
def kept_changed(g, token, minute, kept, lines, hot, steps, limit, needs, need_pool, within, got, root):
    """Whoever keeps more or fewer places than before may stand in another line."""
    t = root
    while t >= 0:
        line, step = token[t, LINE], token[t, STEP]
        if line >= 0 and steps[step, S_KEEPABLE] == 1:
            met = met_by_kept(token, kept, needs, need_pool, within, got, steps[step, S_NEED_A], steps[step, S_NEED_Z], t)
            if steps[step, S_LINE] + met != line:
                out_of_line(token, minute, lines, t, limit[step] < math.inf)
                into_line(g, token, minute, lines, hot, t, steps[step, S_LINE] + met, limit[step] < math.inf)
        t = token[t, AFTER_IT]


# ── tokens ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@helper
def new_token(g, token, keys, root, parent, key, kind):
    """A new token, at the end of its patient's; -1 as root: the first of a patient."""
    t = g[FREE_TOKEN]
    g[FREE_TOKEN] = token[t, AFTER_IT]
    g[TOKENS_FREE] -= 1
    root = t if root < 0 else root
    keys[t] = key
    token[t, ROOT] = root
    token[t, PARENT] = parent
    token[t, VISITS] = 0
    token[t, STATE] = GOES_ON
    token[t, LINE] = -1
    token[t, USES] = 0
    token[t, KIND] = kind
    token[t, PAUSES] = 0
    token[t, AFTER_IT] = -1
    if root == t:
        token[t, BEFORE_IT] = -1
        token[t, KEPT] = -1
        token[t, KEPT_LAST] = -1
    else:
        last = token[root, LAST]
        token[t, BEFORE_IT] = last
        token[last, AFTER_IT] = t
    token[root, LAST] = t
    return t


@helper
def drop_token(g, token, t):
    """A token is no more."""
    root = token[t, ROOT]
    if t != root:
        a, b = token[t, BEFORE_IT], token[t, AFTER_IT]
        token[a, AFTER_IT] = b
        if b >= 0:
            token[b, BEFORE_IT] = a
        else:
            token[root, LAST] = a
    token[t, EVENT] = -1
    token[t, PATIENCE] = -1
    token[t, STATE] = GOES_ON
    token[t, ROOT] = -1
    token[t, AFTER_IT] = g[FREE_TOKEN]
    g[FREE_TOKEN] = t
    g[TOKENS_FREE] += 1


@helper
def write(g, token, minute, use, patients, steps, readies, planneds, starts, ends, firsts, also, t, end, most):
    """Write one row of the log."""
    n = g[LOGGED]
    if n >= patients.size:
        g[BROKE] = 1
        return
    g[LOGGED] = n + 1
    patients[n] = token[token[t, ROOT], NUMBER]
    steps[n] = token[t, STEP]
    readies[n] = minute[t, READY]
    planneds[n] = minute[t, PLANNED]
    works = token[t, STATE] == WORKS
    starts[n] = minute[t, START] if works else math.nan
    ends[n] = end
    uses = token[t, USES] if works else 0
    firsts[n] = use[t * most, U_LOG] if uses > 0 else -1
    for j in range(1, most):
        also[n, j - 1] = use[t * most + j, U_LOG] if j < uses else -1


# ── for Python, which settles who is present when a run begins (helpers have no door of their own) ──────────────────


@kernel
def settle_token(g, token, keys, root, parent, key, kind):
    """``new_token``."""
    return new_token(g, token, keys, root, parent, key, kind)


@kernel
def settle_event(register, minutes, orders, ofs, minute, kind, what, of):
    """``foresee``."""
    return foresee(register, minutes, orders, ofs, minute, kind, what, of)


@kernel
def settle_place(place, available, attribute, r, kind):
    """``occupy``."""
    occupy(place, available, attribute, r, kind)


@kernel
def settle_use(use, place, u, r, pool):
    """``in_use``."""
    in_use(use, place, u, r, pool)


@kernel
def settle_hand_on(g, use, place, u):
    """``stop_using`` and ``hand_on``."""
    stop_using(g, use, place, u)
    hand_on(g, use, u)


# ── the run ─────────────────────────────────────────────────────────────────────────────────────────────────────────

NOTHING, GO, NEEDED, BOOK, JOIN, LEAVE = 0, 1, 2, 3, 4, 5


@kernel
def run(m, s, rows):
    """Go on until there is nothing more to do, or Python has something to do."""
    g, clock, token, minutes, keys, use, kept = s.register, s.clock, s.token, s.minute, s.key, s.use, s.kept
    e_minute, e_order, e_of, place, timing, available = s.event_minute, s.event_order, s.event_of, s.place, s.timing, s.available
    lines, hot, back, stack, calendar, slot_of, got = s.line, s.hot, s.back, s.stack, s.calendar, s.slot, s.got
    size, nodes, node_ways, way_share, way_to, branch = m.size, m.node, m.node_ways, m.way_share, m.way_to, m.branch
    steps, limit, step_law, law_by, step_key = m.step, m.step_limit, m.step_law, m.law_by, m.step_key
    needs, need_pool, pools, member, pool_word, pool_bits = m.need, m.need_pool, m.pool, m.member, m.pool_word, m.pool_bits
    within, attribute, line_need, place_line, tangled, pace = m.within, m.attribute, m.line_need, m.place_line, m.tangled, m.pace
    calendar_minute, calendar_place, law, law_minutes, seen = m.calendar_minute, m.calendar_place, m.law, m.law_minutes, m.seen
    booking, booking_minutes, booking_slot = m.booking, m.booking_minutes, m.booking_slot
    come_minute, come_key, come = m.come_minute, m.come_key, m.come
    planned_at, planned_step, planned_minute = m.planned_at, m.planned_step, m.planned_minute
    l_patient, l_step, l_ready, l_planned = rows.patient, rows.step, rows.ready, rows.planned
    l_start, l_end, l_first, l_also = rows.start, rows.end, rows.first, rows.also
    kinds, most = size[N_KINDS], size[MOST]
    n_tokens, comers = keys.size, come_minute.size
    horizon, monday = clock[HORIZON], clock[MONDAY]
    while True:
        # ── what happens next
        if g[BROKE] == 1:
            return BROKEN
        if g[NEXT] >= comers and g[ALIVE] == 0:
            return DONE
        if g[LOGGED] + MARGIN > l_patient.size:
            return LOG_FULL
        if g[TOKENS_FREE] < MARGIN or g[EVENTS_N] + 4 * n_tokens + MARGIN > e_minute.size or g[KEPT_FREE] < most * n_tokens:
            return GROW
        if g[EVENTS] >= g[STOP_AT]:
            return TIME
        now, kind = math.inf, ARRIVALS
        if g[EVENTS_N] > 0:
            now, kind = e_minute[0], e_order[0] >> 58
        elif g[NEXT] >= comers:
            return DONE
        comes = g[NEXT] < comers and (come_minute[g[NEXT]] < now or (come_minute[g[NEXT]] == now and kind >= ARRIVALS))
        if comes:
            now, kind = come_minute[g[NEXT]], ARRIVALS
        if now >= horizon or (kind == CHANGES and g[NEXT] >= comers and now - clock[MOVED] > GIVE_UP):
            return DONE
        act, t, node, pending, serve = NOTHING, NONE, NONE, 0, True
        g[EVENTS] += 1
        if kind != CHANGES:
            clock[MOVED] = now
        if comes:
            i = g[NEXT]
            g[NEXT] = i + 1
            g[ALIVE] += 1
            t = new_token(g, token, keys, NONE, NONE, come_key[i], come[i, C_KIND])
            token[t, NUMBER] = size[FIRST_NUMBER] + i
            minutes[t, ARRIVED] = now
            act, node = GO, come[i, C_FIRST]
        else:
            of, serial = e_of[0], e_order[0] & ((1 << 58) - 1)
            what = of >> WHAT
            of &= (1 << WHAT) - 1
            if what == E_CHANGE and calendar[of, H_NEXT] >= calendar[of, H_LAST]:
                return CALENDAR
            forget_first(g, e_minute, e_order, e_of)
            if what == E_CHANGE:
                # ── a calendar opens or closes
                upcoming = calendar_minute[calendar[of, H_NEXT]]
                calendar[of, H_NEXT] += 1
                foresee(g, e_minute, e_order, e_of, upcoming, CHANGES, E_CHANGE, of)
                opens = 1 - calendar[of, H_OPEN]
                calendar[of, H_OPEN] = opens
                for i in range(calendar[of, H_PLACE_A], calendar[of, H_PLACE_Z]):
                    r = calendar_place[i]
                    place[r, R_OPEN] = opens
                    timing[r, R_CLOSES] = upcoming
                    show(place, available, r)
                    if opens == 1:
                        wake(g, place, place_line, lines, hot, r)
                for i in range(calendar[of, H_PLACE_A], calendar[of, H_PLACE_Z]):
                    r = calendar_place[i]
                    u = place[r, R_USERS]
                    while u >= 0:
                        following, t = use[u, U_AFTER], u // most
                        if opens == 0:
                            token[t, PAUSES] += 1
                            if token[t, PAUSES] == 1:
                                minutes[t, LEFT] = minutes[t, END] - now
                                token[t, EVENT] = -1
                            if place[r, R_AT_CLOSE] == HAND_OVER:
                                stop_using(g, use, place, u)
                                place[r, R_FREE] += 1
                                timing[r, R_FREED_AT] = now
                                hand_on(g, use, u)
                        elif place[r, R_AT_CLOSE] == GO_HOME:
                            token[t, PAUSES] -= 1
                            if token[t, PAUSES] == 0:
                                minutes[t, END] = now + minutes[t, LEFT]
                                token[t, EVENT] = foresee(g, e_minute, e_order, e_of, minutes[t, END], ENDS, E_END, t)
                        u = following
            elif what == E_FREED:
                freed(g, place, timing, available, place_line, lines, hot, of, now)
            elif serial == token[of, PATIENCE if what == E_LEAVE else EVENT]:
                t = of
                if what == E_END:
                    # ── a step is done
                    write(g, token, minutes, use, l_patient, l_step, l_ready, l_planned, l_start, l_end, l_first, l_also, t, now, most)
                    root, step = token[t, ROOT], token[t, STEP]
                    for u in range(t * most, t * most + token[t, USES]):
                        if use[u, U_STATE] != NOT_USED:
                            r = stop_using(g, use, place, u)
                            if r >= 0 and needs[use[u, U_NEED], D_BLOCKS] == 1:
                                keep(g, token, kept, root, r, BLOCKED, t)
                            elif r >= 0:
                                give_back(g, back, r)
                    if token[root, KEPT] >= 0:
                        given_up(g, token, kept, back, root, step, t)
                    token[t, STATE] = GOES_ON
                    if token[root, LAST] != root:
                        kept_changed(g, token, minutes, kept, lines, hot, steps, limit, needs, need_pool, within, got, root)
                    i = steps[step, S_AFTER]
                    delay = minutes_of(law, law_minutes, seen, i, chance(keys[t], 8 * token[t, VISIT] + 4)) if i >= 0 else 0.0
                    if delay > 0:
                        token[t, EVENT] = foresee(g, e_minute, e_order, e_of, now + delay, DELAYS, E_GO, t)
                    else:
                        act, node = GO, nodes[token[t, NODE], N_THEN]
                elif what == E_NEEDED:
                    act = NEEDED
                elif what == E_GO:
                    act, node = GO, nodes[token[t, NODE], N_THEN]
                elif what == E_COMES:
                    act = JOIN
                elif what == E_QUIET:
                    act, serve = JOIN, False
                elif what == E_MISSED and booking[steps[token[t, STEP], S_BOOKING], B_AGAIN] == 1:
                    token[t, BOOKINGS] += 1
                    act = BOOK
                else:
                    act = LEAVE
        # ── a token goes on, until a delay or a line is in its way; then the next branch
        while act != NOTHING:
            if act == GO and node < 0:
                act = NOTHING
                root, parent = token[t, ROOT], token[t, PARENT]
                if token[root, KEPT] >= 0:
                    given_up(g, token, kept, back, root, TO_THE_END if parent < 0 else BLOCKED, t)
                drop_token(g, token, t)
                if parent < 0:
                    g[ALIVE] -= 1
                else:
                    token[parent, BRANCHES] -= 1
                    if token[parent, BRANCHES] == 0:
                        act, t, node = GO, parent, token[parent, REJOINS]
            elif act == GO and nodes[node, N_TYPE] == CHOOSE:
                luck = chance(keys[t], 8 * token[t, VISITS])
                token[t, VISITS] += 1
                i = node_ways[node * kinds + token[t, KIND]]
                while luck >= way_share[i]:
                    i += 1
                node = way_to[i]
            elif act == GO and nodes[node, N_TYPE] == SPLIT:
                act = NOTHING
                visits, first, branches = token[t, VISITS], nodes[node, N_BRANCH_A], nodes[node, N_BRANCH_Z] - nodes[node, N_BRANCH_A]
                if g[TOKENS_FREE] < branches + 1:
                    return BROKEN
                token[t, VISITS] = visits + 1
                token[t, BRANCHES] = branches
                token[t, REJOINS] = nodes[node, N_THEN]
                for b in range(branches):
                    i = pending + branches - 1 - b
                    stack[i, 0] = new_token(g, token, keys, token[t, ROOT], t, branch_key(keys[t], visits, b), token[t, KIND])
                    stack[i, 1] = branch[first + b]
                pending += branches
                k = token[token[t, ROOT], KEPT]
                while k >= 0:
                    if kept[k, K_UNTIL] == BLOCKED and kept[k, K_TOKEN] == t:
                        kept[k, K_TOKEN] = stack[pending - 1, 0]
                    k = kept[k, K_AFTER]
            elif act == GO:
                step, visit = nodes[node, N_STEP], token[t, VISITS]
                token[t, NODE] = node
                token[t, STEP] = step
                token[t, VISIT] = visit
                token[t, VISITS] = visit + 1
                token[t, STATE] = GOES_ON
                token[t, BOOKINGS] = 0
                token[t, SLOT] = -1
                token[t, USES] = 0
                token[t, PATIENCE] = -1
                minutes[t, PLANNED] = math.nan
                i, j = nodes[node, N_LAG], steps[step, S_BEFORE]
                delay = minutes_of(law, law_minutes, seen, i, chance(keys[t], 8 * visit + 1)) if i >= 0 else 0.0
                over = now + delay
                if nodes[node, N_PACE] >= 0 and delay > 0:
                    over = paced(pace, nodes[node, N_PACE] * 169, now - monday, delay) + monday
                if j >= 0:
                    over += minutes_of(law, law_minutes, seen, j, chance(keys[t], 8 * visit + 3))
                act = NEEDED
                if over > now:
                    token[t, EVENT] = foresee(g, e_minute, e_order, e_of, over, DELAYS, E_NEEDED, t)
                    act = NOTHING
            elif act == NEEDED:
                token[t, STATE] = WAITS
                minutes[t, READY] = now
                step, comes_at = token[t, STEP], -1.0
                act = BOOK if steps[step, S_BOOKING] >= 0 else JOIN
                if planned_at.size > 0:
                    number = token[token[t, ROOT], NUMBER]
                    for i in range(planned_at[number], planned_at[number + 1]):
                        if planned_step[i] == step:
                            comes_at = planned_minute[i]
                            minutes[t, PLANNED] = comes_at
                            act = JOIN
                if comes_at > now:
                    token[t, EVENT] = foresee(g, e_minute, e_order, e_of, comes_at, DELAYS, E_COMES, t)
                    act = NOTHING
            elif act == BOOK:
                b = steps[token[t, STEP], S_BOOKING]
                first, slots = booking[b, B_SLOT_A], booking[b, B_SLOT_Z] - booking[b, B_SLOT_A]
                base, room, places = booking[b, B_ROOM_A], booking[b, B_ROOM_Z] - booking[b, B_ROOM_A], booking[b, B_PLACES]
                earliest = now + booking_minutes[b, NOTICE]
                week = np.int64(math.floor((earliest - monday) / WEEK))
                low, high = 0, slots
                while low < high:
                    middle = (low + high) >> 1
                    if monday + (week * WEEK + booking_slot[first + middle]) < earliest:
                        low = middle + 1
                    else:
                        high = middle
                i = max(week * slots + low, token[t, SLOT] + 1)
                while i < room - 1 and slot_of[base + i, GIVEN] >= places:
                    following = slot_of[base + i, SKIP]
                    if following < room - 1 and slot_of[base + following, GIVEN] >= places:
                        slot_of[base + i, SKIP] = slot_of[base + following, SKIP]
                    i = following
                if i >= room - 1:
                    return BROKEN
                token[t, SLOT] = i
                minute = monday + ((i // slots) * WEEK + booking_slot[first + i % slots])
                minutes[t, PLANNED] = minute
                draw = 8 * token[t, VISIT] + (token[t, BOOKINGS] << 32)
                luck, misses = chance(keys[t], draw + 6), booking_minutes[b, NO_SHOW] + booking_minutes[b, CANCEL]
                if luck < booking_minutes[b, NO_SHOW] or luck >= misses:
                    slot_of[base + i, GIVEN] += 1
                act, what = NOTHING, E_MISSED
                if luck >= misses:
                    i = booking[b, B_LAW]
                    late = minutes_of(law, law_minutes, seen, i, chance(keys[t], draw + 7)) if i >= 0 else 0.0
                    minute, what = minute + (late - booking_minutes[b, EARLY]), E_COMES
                if minute > now or what == E_MISSED:
                    token[t, EVENT] = foresee(g, e_minute, e_order, e_of, minute, DELAYS, what, t)
                else:
                    act = JOIN
            elif act == JOIN:
                act = NOTHING
                g[SERIAL] += 1
                step = token[t, STEP]
                i, order = step * kinds + token[t, KIND], steps[step, S_ORDER]
                token[t, JOINED] = g[SERIAL]
                token[t, EVENT] = -1
                minutes[t, RANK] = step_key[i, RANKED]
                if order == BY_READY:
                    minutes[t, MINUTE] = minutes[t, READY]
                elif order == BY_DUE:
                    minutes[t, MINUTE] = minutes[token[t, ROOT], ARRIVED] + step_key[i, WITHIN]
                else:
                    minutes[t, MINUTE] = step_key[i, WITHIN]
                met = 0
                if steps[step, S_KEEPABLE] == 1:
                    met = met_by_kept(token, kept, needs, need_pool, within, got, steps[step, S_NEED_A], steps[step, S_NEED_Z], t)
                into_line(g, token, minutes, lines, hot, t, steps[step, S_LINE] + met, limit[step] < math.inf)
                i = steps[step, S_PATIENCE]
                if i >= 0:
                    minute = now + minutes_of(law, law_minutes, seen, i, chance(keys[t], 8 * token[t, VISIT] + 5))
                    token[t, PATIENCE] = foresee(g, e_minute, e_order, e_of, minute, PATIENCES, E_LEAVE, t)
            else:
                # ── a patient goes home for good
                act = NOTHING
                root = token[t, ROOT]
                t = root
                while t >= 0:
                    state = token[t, STATE]
                    if state != GOES_ON:
                        end = now if state == WORKS else math.nan
                        write(g, token, minutes, use, l_patient, l_step, l_ready, l_planned, l_start, l_end, l_first, l_also, t, end, most)
                    if token[t, LINE] >= 0:
                        out_of_line(token, minutes, lines, t, limit[token[t, STEP]] < math.inf)
                    for u in range(t * most, t * most + (token[t, USES] if state == WORKS else 0)):
                        if use[u, U_STATE] != NOT_USED:
                            r = stop_using(g, use, place, u)
                            if r >= 0:
                                give_back(g, back, r)
                    t = token[t, AFTER_IT]
                given_up(g, token, kept, back, root, TO_THE_END, root)
                while token[root, LAST] != root:
                    drop_token(g, token, token[root, LAST])
                drop_token(g, token, root)
                g[ALIVE] -= 1
            if act == NOTHING and pending > 0:
                pending -= 1
                act, t, node = GO, stack[pending, 0], stack[pending, 1]
        # ── whoever can start, starts
        while serve:
            for i in range(g[BACK]):
                if timing[back[i], R_TURNOVER] > 0:
                    foresee(g, e_minute, e_order, e_of, now + timing[back[i], R_TURNOVER], ENDS, E_FREED, back[i])
                else:
                    freed(g, place, timing, available, place_line, lines, hot, back[i], now)
            g[BACK] = 0
            u = g[HANDED]
            while u >= 0:
                following, t, i = use[u, U_AFTER], u // most, use[u, U_POOL]
                for j in range(pools[i, P_MEMBER_A], pools[i, P_MEMBER_Z]):
                    r = member[j]
                    if place[r, R_OPEN] == 1 and place[r, R_FREE] > 0:
                        stop_using(g, use, place, u)
                        occupy(place, available, attribute, r, token[t, KIND])
                        in_use(use, place, u, r, i)
                        token[t, PAUSES] -= 1
                        if token[t, PAUSES] == 0:
                            minutes[t, END] = now + minutes[t, LEFT]
                            token[t, EVENT] = foresee(g, e_minute, e_order, e_of, minutes[t, END], ENDS, E_END, t)
                        break
                u = following
            for i in range(tangled.size):
                if lines[tangled[i], Q_N] > 0:
                    make_hot(g, lines, hot, tangled[i])
            best, best_overdue, h = NONE, False, 0
            while h < g[HOT]:
                line = hot[h]
                a, z, can = lines[line, Q_NEED_A], lines[line, Q_NEED_Z], lines[line, Q_N] > 0
                if can and lines[line, Q_SIMPLE] == 0:
                    took = g[BROKE]  # 0, but for the compiler any number
                    took = allotted(
                        line_need,
                        needs,
                        need_pool,
                        pools,
                        member,
                        pool_word,
                        pool_bits,
                        available,
                        place,
                        timing,
                        got,
                        a,
                        z,
                        now,
                        0.0,
                        took,
                    )
                    can = took >= 0
                elif can:
                    for i in range(a, z):
                        can = False
                        for j in range(needs[line_need[i], D_POOL_A], needs[line_need[i], D_POOL_Z]):
                            if any_of(pools, member, pool_word, pool_bits, available, place, timing, need_pool[j], 1, now):
                                can = True
                                break
                        if not can:
                            break
                if not can:
                    g[HOT] -= 1
                    hot[h] = hot[g[HOT]]
                    lines[line, Q_IS_HOT] = 0
                    continue
                h += 1
                head, longest, overdue = lines[line, Q_HEAD], lines[line, Q_LONGEST], False
                if longest >= 0 and now - minutes[longest, READY] > limit[lines[line, Q_STEP]]:
                    head, overdue = longest, True
                if best < 0 or (overdue and not best_overdue):
                    best, best_overdue = head, overdue
                elif overdue == best_overdue and before(token, minutes, head, best, BY_WAIT if overdue else BY_KEY):
                    best = head
            if best < 0:
                break
            # ── a step begins
            t = best
            line, root, step, kind = token[t, LINE], token[t, ROOT], token[t, STEP], token[t, KIND]
            a, z, n = lines[line, Q_NEED_A], lines[line, Q_NEED_Z], 0
            met = line - steps[step, S_LINE]
            luck = chance(keys[t], 8 * token[t, VISIT] + 7)
            if lines[line, Q_SIMPLE] == 1:
                for i in range(a, z):
                    need = line_need[i]
                    for j in range(needs[need, D_POOL_A], needs[need, D_POOL_Z]):
                        pool = need_pool[j]
                        r = one_of(pools, member, place, timing, pool, now, luck)
                        if r >= 0:
                            got[n, T_PLACE] = r
                            got[n, T_POOL] = pool
                            n += 1
                            break
            else:
                by_pick = 1
                while True:
                    n = allotted(
                        line_need,
                        needs,
                        need_pool,
                        pools,
                        member,
                        pool_word,
                        pool_bits,
                        available,
                        place,
                        timing,
                        got,
                        a,
                        z,
                        now,
                        luck,
                        by_pick,
                    )
                    if n >= 0:
                        break
                    by_pick = 0
            out_of_line(token, minutes, lines, t, limit[step] < math.inf)
            if met > 0:
                met_by_kept(token, kept, needs, need_pool, within, got, steps[step, S_NEED_A], steps[step, S_NEED_Z], t)
            setup, took, used, uses, change = 0.0, 0, 0, 0, False
            for i in range(n):
                r = got[i, T_PLACE]
                j = place[r, R_SETUP_BY]
                if j >= 0 and place[r, R_LAST] >= 0 and place[r, R_LAST] != attribute[j, kind]:
                    setup = max(setup, timing[r, R_SETUP])
            for need in range(steps[step, S_NEED_A], steps[step, S_NEED_Z]):
                until, bit = needs[need, D_UNTIL], needs[need, D_BIT]
                is_met = bit >= 0 and (met >> bit) & 1 == 1
                for _ in range(needs[need, D_UNITS]):
                    u = t * most + uses
                    uses += 1
                    use[u, U_STATE] = NOT_USED
                    use[u, U_NEED] = need
                    if is_met:
                        k = got[used, T_MATCHED]
                        used += 1
                        r = kept[k, K_PLACE]
                        if until >= 0:
                            kept[k, K_UNTIL] = until
                            change = True
                        elif kept[k, K_UNTIL] == BLOCKED:
                            keep_no_more(g, token, kept, root, k)
                            j = needs[need, D_POOL_A]
                            while not within[need_pool[j], r]:
                                j += 1
                            in_use(use, place, u, r, need_pool[j])
                    else:
                        r = got[took, T_PLACE]
                        occupy(place, available, attribute, r, kind)
                        if until >= 0:
                            keep(g, token, kept, root, r, until, t)
                            change = True
                        else:
                            in_use(use, place, u, r, got[took, T_POOL])
                        took += 1
                    use[u, U_LOG] = r
            token[t, USES] = uses
            token[t, STATE] = WORKS
            token[t, PATIENCE] = -1
            token[t, PAUSES] = 0
            i = step_law[step * kinds + kind]
            if i < 0:
                i = np.int64(law_by[(-2 - i) * (size[N_PLACES] + 1) + (use[t * most, U_LOG] + 1 if uses > 0 else 0)])
            minutes[t, START] = now
            minutes[t, END] = now + (setup + minutes_of(law, law_minutes, seen, i, chance(keys[t], 8 * token[t, VISIT] + 2)))
            token[t, EVENT] = foresee(g, e_minute, e_order, e_of, minutes[t, END], ENDS, E_END, t)
            if token[root, KEPT] >= 0:
                given_up(g, token, kept, back, root, BLOCKED, t)
            if change and token[root, LAST] != root:
                kept_changed(g, token, minutes, kept, lines, hot, steps, limit, needs, need_pool, within, got, root)
