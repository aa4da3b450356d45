"""The fast lane: networks of queues where each step takes one place of one resource that is always open.

Compiled by Numba in the style of ``jit.py``: all memory comes from Python, everything the kernel needs stands in this file, and it returns
why it stopped, so that Python can give it more room, take the log away, or stop the run. ``lean.py`` lays the tables out; ``plain.py`` says
what has to come out. Luck is the contract of ``luck.py``, written out again here so that nothing compiled lies in another file.

Who ends next is found in a tournament tree with one leaf for each place: one leaf changes at a time, and the way up has no branch that
a processor could guess wrongly. Patients are rows of eight words (one line of cache); a queue is a chain through those rows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sandcone.core.jit import helper, kernel

DONE, GROW, LOG_FULL, TIME = 0, 1, 2, 3
AHEAD = 64  # arrivals of a stream made at once: enough for the processor's vectors, few enough to stay in its cache

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

FIXED, UNIFORM, EXPONENTIAL, LOGNORMAL, SEEN = 0, 1, 2, 3, 4
EVEN, HOURLY, BY_GAPS, GIVEN = 0, 1, 2, 3  # streams: one rate, 168 rates, gaps, arrivals that Python made

# a patient's row of words. WHO is number and kind, GOES_TO visit and node in one; START takes the place of NEXT when a step begins.
KEY, WHO, READY, NODE, VISIT, NEXT, MINUTES, GOES_TO, WORDS = 0, 1, 2, 3, 4, 5, 6, 7, 8
START = NEXT
BITS, KIND_MASK, NODE_MASK = 16, 2**16 - 1, 2**32 - 1

# registers that outlive a call
SERIAL, IN_HEAP, FREE_ROW, ARRIVED, WANTED, EVENTS, STOP_AT, LOGGED, SKIP, REGISTERS = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9


class Laws(NamedTuple):
    """Laws of chance, by number."""

    kind: Ints
    a: Floats
    b: Floats
    begin: Ints  # where its seen times begin, and one more
    seen: Floats


class Net(NamedTuple):
    """The model as tables; node 0 is the end. Tables by node and kind are at ``node * kinds + kind``; -1 is no law, no line."""

    kinds: Ints  # one number: how many kinds of patients
    kind_first: Ints  # by kind: the node where they begin
    step: Ints  # by node: the step, -1 for a choice
    station: Ints  # by node: the resource
    then: Ints  # by node
    lag: Ints  # by node: a law
    before: Ints
    after: Ints
    minutes: Ints  # by node and kind: a law
    line: Ints  # by node and kind
    line_rank: Ints  # by line: the class
    line_minute: Floats  # by line: what is compared within the class; below 0: the time of need
    ways: Ints  # by node and kind: where its ways begin in the next two
    way_share: Floats  # added up, the last one above 1
    way_to: Ints
    lines: Ints  # by station: where its lines begin, the best first, and one more
    places: Ints  # by station: where its places begin, and one more
    laws: Laws


class Streams(NamedTuple):
    """Who comes, as tables by stream."""

    ahead: Ints  # one number: how many arrivals are made at once
    how: Ints  # EVEN, HOURLY, BY_GAPS or GIVEN
    key: Keys
    law: Ints
    kinds: Ints  # where its kinds begin, and one more
    share: Floats  # by kind, added up within a stream
    rate: Floats  # 168 a stream: patients a minute
    exponential: Ints  # 1 if the first step surely takes an exponential time
    laws: Laws


class State(NamedTuple):
    """Everything that changes."""

    register: Ints
    clock: Floats  # now, and the horizon
    row: Ints  # three views of the same memory
    row_float: Floats
    row_key: Keys
    tree: Floats  # by place, from the middle on: when it ends; before: the earlier of two
    tree_bits: Ints  # the same memory
    tree_place: Ints
    place_row: Ints
    place_serial: Ints
    free: Ints  # by station, from its first place on: a stack of free places
    free_count: Ints
    head: Ints
    tail: Ints
    heap: Floats  # delays under way: when they are over
    heap_serial: Ints
    heap_row: Ints
    ahead_minute: Floats  # arrivals made ahead
    ahead_drawn: Floats
    ahead_key: Keys
    ahead_kind: Ints
    ahead_at: Ints  # by stream: the next one
    ahead_number: Ints  # by stream: how many were made
    ahead_sum: Floats  # by stream: the last one's minute, or unit exponentials so far
    ahead_hour: Ints  # by stream: whole hours passed
    ahead_mass: Floats  # by stream: patients expected up to then
    begun: Ints  # by step
    waited: Floats  # by step: minutes


class Rows(NamedTuple):
    """A chunk of the log; ``end`` may lie beyond the horizon. Of length 0: nothing is written."""

    patient: NDArray[np.int32]
    step: NDArray[np.int16]
    kind: NDArray[np.int16]
    ready: Floats
    start: Floats
    end: Floats


# ── luck ───────────────────────────────────────────────────────────────────────────────────────────────────────────

G = np.uint64(0x9E3779B97F4A7C15)
M1 = np.uint64(0xBF58476D1CE4E5B9)
M2 = np.uint64(0x94D049BB133111EB)
S11, S27, S30, S31 = np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31)
ONE, FOUR, EIGHT = np.uint64(1), np.uint64(4), np.uint64(8)
ROOT = 0x3FE6A09E00000000  # the square root of a half, as bits
LIFT = 0x3FF0000000000000 - ROOT


@helper
def mix(z):
    """Every bit of the number moves every bit of the answer."""
    z ^= z >> S30
    z *= M1
    z ^= z >> S27
    z *= M2
    return z ^ (z >> S31)


@helper
def chance(key, i):
    """A number between 0 and 1; by way of int64, because a processor turns those into floats faster."""
    return (np.float64(np.int64(mix(key + (np.uint64(i) + ONE) * G) >> S11)) + 0.5) * 1.1102230246251565e-16


@helper
def ln(x):
    """The natural logarithm to the last bit or so, without a branch, so that eight are made at once (FreeBSD's e_log.c)."""
    bits = np.float64(x).view(np.int64) + LIFT
    k = np.float64((bits >> 52) - 0x3FF)
    f = np.int64((bits & 0x000FFFFFFFFFFFFF) + ROOT).view(np.float64) - 1.0
    half = 0.5 * f * f
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332))
    odd = z * (0.6666666666666735130 + w * (0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591)))
    return s * (half + even + odd) + k * 1.90821492927058770002e-10 - half + f + k * 6.93147180369123816490e-01


@kernel
def normal(p):
    """The inverse of the normal distribution, to the last digits (Wichura 1988, Applied Statistics 37, algorithm AS 241)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = ((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                  + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
               + 133.14166789178437745) * r + 3.387132872796366608  # fmt: skip
        low = ((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                  + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
               + 42.313330701600911252) * r + 1.0  # fmt: skip
        return q * top / low
    r = np.sqrt(-ln(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        r -= 1.6
        top = ((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                  + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
               + 4.6303378461565452959) * r + 1.42343711074968357734  # fmt: skip
        low = ((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                  + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
               + 2.05319162663775882187) * r + 1.0  # fmt: skip
    else:
        r -= 5.0
        top = ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                  + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
               + 5.4637849111641143699) * r + 6.6579046435011037772  # fmt: skip
        low = ((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                  + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
               + 0.59983220655588793769) * r + 1.0  # fmt: skip
    return -top / low if q < 0.0 else top / low


@helper
def draw(laws, law, key, i, drawn):
    """A time by this law; ``drawn`` is its unit exponential where one was made ahead, else below 0."""
    kind = laws.kind[law]
    if kind == EXPONENTIAL:
        return laws.a[law] * (drawn if drawn >= 0.0 else -ln(chance(key, i)))
    if kind == FIXED:
        return laws.a[law]
    u = chance(key, i)
    if kind == UNIFORM:
        return laws.a[law] + u * laws.b[law]
    if kind == LOGNORMAL:
        return laws.a[law] * np.exp(laws.b[law] * normal(u))
    return laws.seen[laws.begin[law] + np.int64(u * laws.b[law])]


# ── arrivals ───────────────────────────────────────────────────────────────────────────────────────────────────────


@kernel
def make_ahead(streams, st, s):
    """The next arrivals of one stream: when, who, and the first draw of each."""
    at, n, key, total, how = s * AHEAD, st.ahead_number[s], streams.key[s], st.ahead_sum[s], streams.how[s]
    if how == BY_GAPS:
        for j in range(AHEAD):
            total += draw(streams.laws, streams.law[s], key, FOUR * np.uint64(n + j), -1.0)
            st.ahead_minute[at + j] = total
    else:
        for j in range(AHEAD):
            st.ahead_minute[at + j] = -ln(chance(key, FOUR * np.uint64(n + j)))
        for j in range(AHEAD):
            total += st.ahead_minute[at + j]
            st.ahead_minute[at + j] = total / streams.rate[s * 168] if how == EVEN else by_the_hour(streams, st, s, total)
    for j in range(AHEAD):
        st.ahead_key[at + j] = mix(key ^ mix(np.uint64(n + j + 1) * G))
    for j in range(AHEAD):
        st.ahead_kind[at + j] = kind_of(streams, s, key, n + j)
    if streams.exponential[s] == 1:
        for j in range(AHEAD):
            st.ahead_drawn[at + j] = -ln(chance(st.ahead_key[at + j], np.uint64(2)))
    st.ahead_sum[s], st.ahead_number[s], st.ahead_at[s] = total, n + AHEAD, 0


@helper
def by_the_hour(streams, st, s, total):
    """The minute by which so many patients were expected."""
    hour, mass = st.ahead_hour[s], st.ahead_mass[s]
    rate = streams.rate[s * 168 + hour % 168]
    while mass + 60.0 * rate < total:
        mass += 60.0 * rate
        hour += 1
        rate = streams.rate[s * 168 + hour % 168]
    st.ahead_hour[s], st.ahead_mass[s] = hour, mass
    return 60.0 * hour + (total - mass) / rate


@helper
def kind_of(streams, s, key, n):
    """The kind of a stream's n-th patient."""
    kind = streams.kinds[s]
    if streams.share[kind] < 2.0:
        u = chance(key, FOUR * np.uint64(n) + ONE)
        while u >= streams.share[kind]:
            kind += 1
    return kind


@helper
def next_stream(streams, st):
    """The stream whose patient comes next; the first of several at one moment."""
    ahead, best = streams.ahead[0], 0
    for s in range(streams.how.size):
        if st.ahead_at[s] == ahead:
            make_ahead(streams, st, s)
        if st.ahead_minute[s * ahead + st.ahead_at[s]] < st.ahead_minute[best * ahead + st.ahead_at[best]]:
            best = s
    return best


# ── the tree of ends, and the heap of delays ───────────────────────────────────────────────────────────────────────


@helper
def set_end(st, half, place, minute):
    """Say when this place's work ends, and mend the way up: the earlier of two; of two at one minute, the one begun first.

    Minutes are compared as bits, which sort as the numbers do where none is below 0, and chosen by a mask: anything simpler the compiler
    turns into branches, which a processor guesses wrongly half of the time (measured, 2.5 times slower).
    """
    i, mine = half + place, np.float64(minute).view(np.int64)
    st.tree_bits[i] = mine
    while i > 1:
        theirs, their = st.tree_bits[i ^ 1], st.tree_place[i ^ 1]
        first = theirs - mine
        if first == 0:
            first = st.place_serial[their] - st.place_serial[place]
        mask = first >> 63  # all ones if theirs is first
        mine += (theirs - mine) & mask
        place ^= (their ^ place) & mask
        i >>= 1
        st.tree_bits[i] = mine
        st.tree_place[i] = place


@helper
def push(st, n, minute, serial, row):
    """Put a delay on the heap of ``n``."""
    i = n
    while i > 0 and minute < st.heap[(i - 1) >> 1]:  # a later one never goes before one of the same minute
        up = (i - 1) >> 1
        st.heap[i], st.heap_serial[i], st.heap_row[i] = st.heap[up], st.heap_serial[up], st.heap_row[up]
        i = up
    st.heap[i], st.heap_serial[i], st.heap_row[i] = minute, serial, row


@helper
def pop(st, n):
    """Take the first delay off the heap of ``n``; gives its row."""
    first = st.heap_row[0]
    n -= 1
    minute, serial, row = st.heap[n], st.heap_serial[n], st.heap_row[n]
    i, down = 0, 1
    while down < n:
        if down + 1 < n and sooner(st.heap[down + 1], st.heap_serial[down + 1], st.heap[down], st.heap_serial[down]):
            down += 1
        if not sooner(st.heap[down], st.heap_serial[down], minute, serial):
            break
        st.heap[i], st.heap_serial[i], st.heap_row[i] = st.heap[down], st.heap_serial[down], st.heap_row[down]
        i, down = down, 2 * down + 1
    st.heap[i], st.heap_serial[i], st.heap_row[i] = minute, serial, row
    return first


@helper
def sooner(a, a_serial, b, b_serial):
    """Whether the first of two moments comes first; at one moment, the one foreseen first."""
    return a < b or (a == b and a_serial < b_serial)


# ── patients ───────────────────────────────────────────────────────────────────────────────────────────────────────


@helper
def walk(net, kind, key, node, visit):
    """Through the choices to the next step or the end (node 0); gives visit and node in one."""
    while net.step[node] < 0 < node:
        way = net.ways[node * net.kinds[0] + kind]
        if net.way_share[way] < 2.0:
            u = chance(key, EIGHT * np.uint64(visit))
            while u >= net.way_share[way]:
                way += 1
        node = net.way_to[way]
        visit += 1
    return (visit << 32) | node


@helper
def minutes_of(net, kind, key, goes_to, drawn):
    """How long the step at the end of a walk will take."""
    law = net.minutes[(goes_to & NODE_MASK) * net.kinds[0] + kind]
    return draw(net.laws, law, key, EIGHT * np.uint64(goes_to >> 32) + np.uint64(2), drawn) if law >= 0 else 0.0


@kernel
def delay(laws, law, key, i):
    """A delay by this law; none without a law."""
    return 0.0 if law < 0 else draw(laws, law, key, i, -1.0)


@helper
def join(net, st, row, line):
    """Go to the end of a line."""
    st.row[row * WORDS + NEXT] = -1
    if st.head[line] < 0:
        st.head[line] = row
    else:
        st.row[st.tail[line] * WORDS + NEXT] = row
    st.tail[line] = row


@helper
def first_in_line(net, st, station):
    """The line of whoever goes next at this station; -1 if nobody waits."""
    for line in range(net.lines[station], net.lines[station + 1]):
        if st.head[line] >= 0:
            return line
    return -1


@helper
def goes_first(net, st, line, row, other_line, other_row):
    """Whether the first of two who begin at one moment at two stations is the first of them by the key of its line."""
    if net.line_rank[line] != net.line_rank[other_line]:
        return net.line_rank[line] < net.line_rank[other_line]
    ready, other_ready = st.row_float[row * WORDS + READY], st.row_float[other_row * WORDS + READY]
    a = net.line_minute[line] if net.line_minute[line] >= 0.0 else ready
    b = net.line_minute[other_line] if net.line_minute[other_line] >= 0.0 else other_ready
    return a < b or (a == b and ready < other_ready)


@helper
def begin(net, st, half, skip, place, row, now, serial):
    """Begin a step at a place; then foresee where the patient goes next and for how long, while the way up the tree is being mended."""
    at = row * WORDS
    node, who, key = st.row[at + NODE], st.row[at + WHO], st.row_key[at + KEY]
    st.place_row[place] = row
    st.place_serial[place] = serial
    set_end(st, half, place, now + st.row_float[at + MINUTES])
    st.row_float[at + START] = now
    if (who >> BITS) >= skip:
        st.begun[net.step[node]] += 1
        st.waited[net.step[node]] += now - st.row_float[at + READY]
    kind = who & KIND_MASK
    goes_to = walk(net, kind, key, net.then[node], st.row[at + VISIT] + 1)
    st.row[at + GOES_TO] = goes_to
    st.row_float[at + MINUTES] = minutes_of(net, kind, key, goes_to, -1.0)


@kernel
def run(net, streams, st, log):
    """Go on until nobody is left or the horizon is reached (DONE), or there is no room (GROW, LOG_FULL) or no time (TIME)."""
    reg, half, kinds, horizon = st.register, st.tree.size // 2, net.kinds[0], st.clock[1]
    serial, in_heap, free_row, arrived, events, logged = reg[SERIAL], reg[IN_HEAP], reg[FREE_ROW], reg[ARRIVED], reg[EVENTS], reg[LOGGED]
    ahead = streams.ahead[0]
    wanted, stop_at, skip, room = reg[WANTED], reg[STOP_AT], reg[SKIP], log.patient.size
    stream = next_stream(streams, st)
    arrival = st.ahead_minute[stream * ahead + st.ahead_at[stream]] if arrived < wanted else np.inf
    over = st.heap[0] if in_heap > 0 else np.inf
    while True:
        end = st.tree[1]
        now = min(end, over, arrival)
        if now >= horizon:  # of inf too: nobody is left
            status = DONE
            break
        if free_row < 0:
            status = GROW
            break
        if logged >= room > 0:
            status = LOG_FULL
            break
        if events >= stop_at:
            status = TIME
            break
        freed, place, goes_to = -1, -1, -1
        if end == now:  # a step ends
            place = st.tree_place[1]
            row = st.place_row[place]
            at = row * WORDS
            events += 1
            node, who, goes_to = st.row[at + NODE], st.row[at + WHO], st.row[at + GOES_TO]
            freed = net.station[node]
            if room > 0:
                log.patient[logged], log.step[logged], log.kind[logged] = who >> BITS, net.step[node], who & KIND_MASK
                log.ready[logged], log.start[logged], log.end[logged] = st.row_float[at + READY], st.row_float[at + START], now
                logged += 1
            if net.after[node] >= 0:
                then = delay(net.laws, net.after[node], st.row_key[at + KEY], EIGHT * np.uint64(st.row[at + VISIT]) + FOUR)
                if then > 0.0:
                    st.row[at + NODE] = -1
                    push(st, in_heap, now + then, serial, row)
                    in_heap += 1
                    serial += 1
                    over = st.heap[0]
                    row = -1
        elif over == now:  # a delay is over
            row = pop(st, in_heap)
            at = row * WORDS
            in_heap -= 1
            over = st.heap[0] if in_heap > 0 else np.inf
            if st.row[at + NODE] < 0:  # the one after a step
                goes_to = st.row[at + GOES_TO]
        else:  # a patient comes
            row = free_row
            at = row * WORDS
            free_row = st.row[at + NEXT]
            events += 1
            a = stream * ahead + st.ahead_at[stream]
            kind, key = st.ahead_kind[a], st.ahead_key[a]
            goes_to = walk(net, kind, key, net.kind_first[kind], 0)
            drawn = st.ahead_drawn[a] if streams.exponential[stream] == 1 else -1.0
            st.row_key[at + KEY], st.row[at + WHO] = key, (arrived << BITS) | kind
            st.row_float[at + MINUTES] = minutes_of(net, kind, key, goes_to, drawn)
            st.ahead_at[stream] += 1
            arrived += 1
            stream = next_stream(streams, st)
            arrival = st.ahead_minute[stream * ahead + st.ahead_at[stream]] if arrived < wanted else np.inf
        if row >= 0 and goes_to >= 0:  # on to the next step, or home
            node, visit = goes_to & NODE_MASK, goes_to >> 32
            if node == 0:
                st.row[at + NEXT] = free_row
                free_row = row
                row = -1
            else:
                st.row[at + NODE], st.row[at + VISIT] = node, visit
                if net.lag[node] >= 0 or net.before[node] >= 0:
                    i, key = EIGHT * np.uint64(visit), st.row_key[at + KEY]
                    then = delay(net.laws, net.lag[node], key, i + ONE) + delay(net.laws, net.before[node], key, i + np.uint64(3))
                    if then > 0.0:
                        push(st, in_heap, now + then, serial, row)
                        in_heap += 1
                        serial += 1
                        over = st.heap[0]
                        row = -1
        joined, taken = -1, -1
        if row >= 0:  # the step is needed
            st.row_float[at + READY] = now
            node = st.row[at + NODE]
            station = net.station[node]
            joined = net.line[node * kinds + (st.row[at + WHO] & KIND_MASK)]
            count = st.free_count[station]
            if count > 0:  # then nobody waits
                st.free_count[station] = count - 1
                taken = st.free[net.places[station] + count - 1]
            else:
                join(net, st, row, joined)
                row = -1
        other = -1
        if freed >= 0:
            line = first_in_line(net, st, freed)
            if line >= 0:
                other = st.head[line]
                st.head[line] = st.row[other * WORDS + NEXT]
                if row < 0 or not goes_first(net, st, joined, row, line, other):
                    row, other, taken, place = other, row, place, taken
            else:
                set_end(st, half, place, np.inf)
                st.free[net.places[freed] + st.free_count[freed]] = place
                st.free_count[freed] += 1
        while row >= 0:
            begin(net, st, half, skip, taken, row, now, serial)
            serial += 1
            row, other, taken = other, -1, place
    reg[SERIAL], reg[IN_HEAP], reg[FREE_ROW], reg[ARRIVED], reg[EVENTS], reg[LOGGED] = serial, in_heap, free_row, arrived, events, logged
    return status
