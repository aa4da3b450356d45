"""Who comes when: every arrival of one run, made before the run, since it does not depend on how the house is doing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sandcone.core.arrivals import HOURS_OF_A_WEEK, Gaps, Listed, Rate, Slots
from sandcone.core.law import Exponential, Fixed, Law, Lognormal, Seen, Uniform
from sandcone.core.model import WEEK, Model
from sandcone.core.opening import DAY, open_spells
from sandcone.simulating.luck import MASK, SHOWS_UP, G, normal, run_key, stream_key

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
N = TypeVar("N")
Sums = Callable[[int], Floats]
LONGEST = 5_000  # weeks: nobody is looked for beyond a century
GAP, KIND, PARTY, EARLY = range(4)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coming:
    """The patients of one run in order of arrival: when, who, their own stream of luck, and where they begin.

    ``person`` points into ``people``, the different sets of attributes; ``first`` into ``firsts``, names of nodes.
    ``names`` are those of known patients, by their place in the order.
    """

    minute: Floats
    key: Keys
    person: Ints
    first: Ints
    people: tuple[Mapping[str, str], ...]
    firsts: tuple[str, ...]
    names: Mapping[int, str]

    def __len__(self) -> int:
        return len(self.minute)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Stream:
    minute: Floats
    number: Ints  # n, counted from 0 in the stream; gives the luck
    attributes: tuple[Mapping[str, str], ...]
    who: Ints  # into attributes
    first: tuple[str, ...]
    begins: Ints  # into first
    names: tuple[str, ...] = ()


def coming(model: Model, seed: int, replication: int, days: float | None, patients: int | None) -> Coming:
    """Everyone who comes within so many days, or the first so many patients; all there are if neither is given."""
    run = run_key(seed, replication)
    streams = [_stream(model, i, stream_key(run, i), days, patients) for i in range(len(model.arrivals))]
    return _merged(streams, [stream_key(run, i) for i in range(len(streams))], patients)


def coming_from(model: Model, seed: int, replication: int, days: float | None, patients: int | None, first: float) -> Coming:
    """Those who come at the minute ``first`` or later. Without ``days`` only where all who come are listed."""
    come = coming(model, seed, replication, days, None)
    past = int(np.searchsorted(come.minute, first, side="left"))
    kept = slice(past, None if patients is None else past + patients)
    names = {i - past: name for i, name in come.names.items() if i >= past}
    return replace(come, minute=come.minute[kept], key=come.key[kept], person=come.person[kept], first=come.first[kept], names=names)


def _merged(streams: list[_Stream], keys: list[int], patients: int | None) -> Coming:
    people: dict[tuple[tuple[str, str], ...], int] = {}
    firsts: dict[str, int] = {}
    minute = np.concatenate([s.minute for s in streams]) if streams else np.empty(0)
    of = np.repeat(np.arange(len(streams)), [len(s.minute) for s in streams])
    person = [_numbered([tuple(sorted(a.items())) for a in s.attributes], people)[s.who] for s in streams]
    first = [_numbered(list(s.first), firsts)[s.begins] for s in streams]
    luck = [patient_keys(k, s.number) for k, s in zip(keys, streams, strict=True)]
    listed = [(len_before + i, name) for len_before, s in _offsets(streams) for i, name in enumerate(s.names)]
    order = np.lexsort((of, minute))[:patients]
    place = {int(o): i for i, o in enumerate(order)} if listed else {}
    return Coming(
        minute=minute[order],
        key=_joined(luck, np.uint64)[order],
        person=_joined(person, np.int64)[order],
        first=_joined(first, np.int64)[order],
        people=tuple(dict(p) for p in people),
        firsts=tuple(firsts),
        names={place[at]: name for at, name in listed if at in place},
    )


def _offsets(streams: list[_Stream]) -> list[tuple[int, _Stream]]:
    before = np.cumsum([0, *(len(s.minute) for s in streams)])
    return [(int(b), s) for b, s in zip(before, streams, strict=False)]


def _joined(parts: list[Any], kind: type) -> Any:
    return np.concatenate(parts) if parts else np.empty(0, dtype=kind)


def _numbered(names: list[N], known: dict[N, int]) -> Ints:
    return np.array([known.setdefault(n, len(known)) for n in names], dtype=np.int64)


def _stream(model: Model, i: int, key: int, days: float | None, patients: int | None) -> _Stream:
    stream = model.arrivals[i]
    first = stream.first or model.route.first
    if isinstance(stream, Listed):
        return _listed(stream, first, days, patients)
    match stream:
        case Rate():
            minute, number = _by_rate(stream, key, model.begin.weekday(), days, patients)
        case Gaps():
            minute, number = _by_gaps(stream, key, model, days, patients)
        case Slots():
            minute, number = _by_slots(stream, key, model.begin.weekday(), days, patients)
    shares = np.cumsum([k.share for k in stream.kinds])
    last = max(j for j, k in enumerate(stream.kinds) if k.share > 0)
    who = np.minimum(np.searchsorted(shares, uniforms(key, 4 * number + KIND), side="right"), last)
    people = tuple(k.attributes for k in stream.kinds)
    return _Stream(minute=minute, number=number, attributes=people, who=who, first=(first,), begins=np.zeros_like(who))


def _listed(stream: Listed, first: str, days: float | None, patients: int | None) -> _Stream:
    here = [p for p in stream.patients if days is None or p.minute < days * DAY][:patients]
    n = np.arange(len(here))
    starts = tuple(p.first or first for p in here)
    return _Stream(
        minute=np.array([p.minute for p in here], dtype=np.float64),
        number=n,
        attributes=tuple(p.attributes for p in here),
        who=n,
        first=starts,
        begins=n,
        names=tuple(p.name for p in here),
    )


def _by_rate(stream: Rate, key: int, weekday: int, days: float | None, patients: int | None) -> tuple[Floats, Ints]:
    weeks = LONGEST if days is None else int(days // 7) + 1
    expected = _expected(stream, weekday, min(weeks, 8))
    while days is None and expected[-1] < _most(patients) and len(expected) < LONGEST * HOURS_OF_A_WEEK:
        expected = _expected(stream, weekday, 2 * (len(expected) // HOURS_OF_A_WEEK))
    if days is not None:
        expected = _expected(stream, weekday, weeks)
    hours = np.arange(len(expected)) * 60.0
    total = float(expected[-1]) if days is None else float(np.interp(days * DAY, hours, expected))
    unit = _until(lambda n: np.cumsum(-np.log(uniforms(key, 4 * np.arange(n) + GAP))), total, patients)
    minute = np.interp(unit, expected, hours)
    return _in_parties(stream.party, key, minute, patients)


def _most(patients: int | None) -> float:
    return 0.0 if patients is None else patients + 8.0 * patients**0.5 + 20.0


def _expected(stream: Rate, weekday: int, weeks: int) -> Floats:
    """How many are expected before each hour, over so many weeks."""
    hour = np.arange(weeks * HOURS_OF_A_WEEK)
    week = np.roll(np.resize(np.array(stream.per_hour, dtype=np.float64), HOURS_OF_A_WEEK), -24 * weekday)
    rate = week[hour % HOURS_OF_A_WEEK] * (1.0 + stream.growth_per_week) ** (hour // HOURS_OF_A_WEEK)
    return np.concatenate([[0.0], np.cumsum(rate)])


def _until(sums: Sums, total: float, patients: int | None) -> Floats:
    """As many of a rising row as lie below a total, or the first so many."""
    n = int(total + 6 * total**0.5) + 20 if patients is None else patients
    made: Floats = sums(n)
    while patients is None and made[-1] < total:
        n *= 2
        made = sums(n)
    return made[made < total]


def _in_parties(party: Law | None, key: int, minute: Floats, patients: int | None) -> tuple[Floats, Ints]:
    if party is not None:
        size = np.maximum(1, np.rint(drawn_all(party, uniforms(key, 4 * np.arange(len(minute)) + PARTY)))).astype(np.int64)
        minute = np.repeat(minute, size)
    minute = minute[:patients]
    return minute, np.arange(len(minute))


def _by_gaps(stream: Gaps, key: int, model: Model, days: float | None, patients: int | None) -> tuple[Floats, Ints]:
    def sums(n: int) -> Floats:
        return np.cumsum(drawn_all(stream.gap, uniforms(key, 4 * np.arange(n) + GAP)))

    if stream.open is None:
        minute = _until_minute(sums, days, patients, stream.gap.mean)
        return minute, np.arange(len(minute))
    span = int(days) + 1 if days is not None else 56
    starts, ends = open_spells(stream.open, model.begin, span)
    while days is None and float((ends - starts).sum()) < sums(int(patients or 0))[-1] and span < 7 * LONGEST:
        span *= 2
        starts, ends = open_spells(stream.open, model.begin, span)
    passed = np.cumsum(ends - starts)
    minute = _until_minute(sums, float(passed[-1]) / DAY if passed.size else 0.0, patients, stream.gap.mean)
    spell = np.searchsorted(passed, minute, side="left")
    minute = starts[spell] + (minute - (passed - (ends - starts))[spell])
    minute = minute if days is None else minute[minute < days * DAY]
    return minute, np.arange(len(minute))


def _until_minute(sums: Sums, days: float | None, patients: int | None, mean: float) -> Floats:
    if days is None:
        return sums(int(patients or 0))
    n = int(days * DAY / mean * 1.2) + 20
    made: Floats = sums(n)
    while made[-1] < days * DAY:
        n *= 2
        made = sums(n)
    return made[made < days * DAY][:patients]


def _by_slots(stream: Slots, key: int, weekday: int, days: float | None, patients: int | None) -> tuple[Floats, Ints]:
    come_a_week = stream.filled * (1 - stream.no_show) * len(stream.slots)
    weeks = int(days // 7) + 3 if days is not None else int((patients or 0) / come_a_week * 2) + 9
    offset = DAY * weekday
    slot = (np.arange(weeks)[:, None] * float(WEEK) + np.array(stream.slots, dtype=np.float64)[None, :]).ravel() - offset
    slot = slot[slot >= 0]
    n = np.arange(len(slot))
    come = uniforms(key, 4 * n + PARTY) < stream.filled
    come &= uniforms(patient_keys(key, n), np.array(SHOWS_UP)) >= stream.no_show
    late = drawn_all(stream.unpunctual, uniforms(key, 4 * n + EARLY)) if stream.unpunctual is not None else np.zeros(len(n))
    minute = np.maximum(0.0, slot + (late - stream.early_minutes))
    come &= (minute < days * DAY) if days is not None else True
    order = np.argsort(minute[come], kind="stable")[:patients]
    return minute[come][order], n[come][order]


# ── luck for many at once ───────────────────────────────────────────────────────────────────────────────────────────


def mixed(z: Keys) -> Keys:
    """``luck.mix`` of many keys."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def patient_keys(stream: int, n: Ints) -> Keys:
    """``luck.patient_key`` of many patients of one stream."""
    return mixed(np.uint64(stream) ^ mixed((n.astype(np.uint64) + np.uint64(1)) * np.uint64(G)))


def uniforms(key: int | Keys, i: Ints) -> Floats:
    """``luck.uniform`` for many numbers of one stream, or one number of many streams."""
    at = np.atleast_1d(np.asarray(i).astype(np.uint64) + np.uint64(1)) * np.uint64(G)
    base = np.uint64(key & MASK) if isinstance(key, int) else key
    return ((mixed(at + base) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def drawn_all(law: Law, u: Floats) -> Floats:
    """``luck.drawn`` at many lucks."""
    match law:
        case Fixed():
            return np.full(len(u), float(law.minutes))
        case Uniform():
            return law.low + u * (law.high - law.low)
        case Exponential():
            return -law.mean * np.log(u)
        case Lognormal():
            return law.median * np.exp(law.sigma * np.array([normal(x) for x in u], dtype=np.float64))
        case Seen():
            return np.array(law.minutes, dtype=np.float64)[(u * len(law.minutes)).astype(np.int64)]
