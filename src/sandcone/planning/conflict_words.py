"""A conflict in a planner's words: one sentence that says what cannot be, then every demand in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from sandcone.core.inpatient import Hours, Inpatient
from sandcone.core.saying import many
from sandcone.planning.conflict import Conflict
from sandcone.planning.crowded import nights_at_least
from sandcone.planning.possible import Kind
from sandcone.planning.saying import listed, named, spans

MOST = 10  # people to name in one sentence
LIMITS: dict[str, set[Kind]] = {
    "surgeons' hours": {"surgeon"},
    "theatres' hours": {"theatre"},
    "rooms": {"beds", "genders", "suits", "already there"},
    "nurses on duty": {"nurses"},
}


def words(c: Conflict) -> str:
    """The conflict: what cannot be, each demand, and whether any of them could be spared."""
    proved = (
        "Without any one of these there is a way." if c.minimal else "Some of these may not matter: there was no time to leave out each."
    )
    return "\n".join(["No plan can be carried out.", _headline(c), *(f"  {line}" for line in _lines(c)), proved])


def _headline(c: Conflict) -> str:
    kinds = {d.kind for d in c.demands}
    if kinds == {"must come", "surgeon"} and len(c.names("surgeon")) == 1:
        return _hours(c, "surgeon", c.problem.surgeon)
    if kinds == {"must come", "theatre"}:
        return _hours(c, "theatre", c.problem.theatre)
    return _nights(c) or _in_general(c, kinds)


def _in_general(c: Conflict, kinds: set[Kind]) -> str:
    needs = listed(c.names("must come"), most=MOST) or "Those already there"
    limits = [says for says, some in LIMITS.items() if kinds & some]
    if not limits:
        return f"{needs} cannot come at all."
    return f"{needs} cannot all have what they need: {listed(limits)} do not suffice{' together' if len(limits) > 1 else ''}."


def _hours(c: Conflict, kind: Kind, hours: Mapping[str, Hours]) -> str:
    limits = [(d.day, hours[d.name].minutes[d.day]) for d in c.demands if d.kind == kind and d.day is not None]
    names, days, patients = c.names(kind), spans(sorted({day for day, _ in limits})), _patients(c)
    need, has = sum(p.minutes for p in patients), sum(m for _, m in limits)
    who = named(kind.capitalize(), names[0]) if len(names) == 1 else f"{kind.capitalize()}s {listed(names)}"
    have = "has" if len(names) == 1 else "have"
    if len(patients) == 1:
        return f"{who} {have} {max(m for _, m in limits)} minutes at most on {days}; {patients[0].name} needs {need}."
    window = f"{who} {have} {has} minutes on {days}; {listed([p.name for p in patients], most=MOST)} need {need} there"
    return f"{window}." if need > has else f"{window}, and no way to share them out fits."


def _nights(c: Conflict) -> str | None:
    """Days on which all beds together are too few, the shortest span first; None where the sums do not say it."""
    patients, beds = _patients(c), sum(c.problem.room[r].beds for r in c.names("beds"))
    if not patients or len(c.names("beds")) < len(c.problem.rooms):
        return None
    for first, last in sorted(combinations(range(c.problem.days + 1), 2), key=lambda span: span[1] - span[0]):
        days = range(first, last)
        need = sum(nights_at_least(p, first, last - 1) for p in patients)
        taken = sum(o.nights > day for o in c.problem.occupants if o.name in c.names("already there") for day in days)
        if need > beds * len(days) - taken:
            who = listed([p.name for p in patients if nights_at_least(p, first, last - 1)], most=MOST)
            return f"All rooms have {many(beds * len(days) - taken, 'night')} free on {spans(days)}; {who} need {need} there at least."
    return None


def _patients(c: Conflict) -> list[Inpatient]:
    return [c.problem.patient[name] for name in c.names("must come")]


def _lines(c: Conflict) -> Iterator[str]:
    for p in _patients(c):
        window = spans(range(p.release, c.problem.last_day(p) + 1))
        unfit = f", not in {listed(sorted(p.unfit_rooms), 'or')}" if p.name in c.names("suits") else ""
        work = f"{p.minutes} minutes by {named('surgeon', p.surgeon)}"
        yield f"{p.name} ({p.gender}) must come on {window}: {work}, {many(p.nights, 'night')}{unfit}"
    for name in c.names("already there"):
        o = next(o for o in c.problem.occupants if o.name == name)
        yield f"{o.name} ({o.gender}) is in {named('room', o.room)} until day {min(o.nights, c.problem.days) - 1}"
    for name in c.names("surgeon"):
        yield f"{named('surgeon', name)} has {_by_day(c, name, c.problem.surgeon[name].minutes, 'surgeon')}"
    for name in c.names("theatre"):
        yield f"{named('theatre', name)} has {_by_day(c, name, c.problem.theatre[name].minutes, 'theatre')}"
    yield from _rooms(c)
    for d in c.demands:
        if d.kind == "nurses":
            yield f"no nurse is on duty on {d.name}"


def _by_day(c: Conflict, name: str, minutes: Sequence[int], kind: str) -> str:
    by_minutes: dict[int, list[int]] = {}
    for d in c.demands:
        if d.kind == kind and d.name == name and d.day is not None:
            by_minutes.setdefault(minutes[d.day], []).append(d.day)
    return ", ".join(f"{m} minutes on {spans(sorted(days))}" for m, days in by_minutes.items())


def _rooms(c: Conflict) -> Iterator[str]:
    both = [r for r in c.names("beds") if r in c.names("genders")]
    for room in c.names("beds"):
        beds = c.problem.room[room].beds
        yield f"{named('room', room)} has {many(beds, 'bed')}{', for one gender at a time' if room in both else ''}"
    for room in c.names("genders"):
        if room not in both:
            yield f"{named('room', room)} is for one gender at a time"
