"""An explanation in a planner's words: why here, why not earlier or later, why not in another room or theatre."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sandcone.core.inpatient import Admission, InpatientPlan, Problem
from sandcone.core.saying import many
from sandcone.planning.explain import Alternative, Explained, explain
from sandcone.planning.others import Forbids
from sandcone.planning.saying import listed, named, spans

ROOM_SAYS = {
    "room_does_not_suit": "not suitable",
    "more_people_than_beds": "too full",
    "genders_share_a_room": "taken by the other gender",
    "room_without_nurse": "without a nurse on duty",
}
"""Why a room is no place, the first that holds."""
MOST_NAMES = 6  # people in the way to name
MOST_LINES = 8  # rooms that are no place: more lines than this, and the days are left out


def words(e: Explained) -> str:
    """The whole explanation: where the patient is and at what cost, the best other place, then groups of places, the shortest first."""
    here = () if e.now is None else (_rooms(e), _theatres(e))
    groups = sorted((g for g in (*here, *_days(e)) if len(g) > 1), key=len)
    return "\n".join([*_first(e), *(line for group in groups for line in group)])


def why_left_out(problem: Problem, plan: InpatientPlan) -> tuple[tuple[str, str], ...]:
    """For every patient a plan leaves out, one sentence that says why: no place, or what the cheapest place would cost more."""
    out = (p.name for p in plan.left_out(problem))
    return tuple((name, in_short(explain(problem, plan, name))) for name in out)


def in_short(e: Explained) -> str:
    """One sentence: what the cheapest other place would cost more than now, or why there is none, everybody else as they are."""
    best = e.best()
    if best is not None:
        return f"The cheapest {'place' if e.now is None else 'other place'}, {_at(best)}, would cost {_more(best.cost)}."
    why = Counter(_why_in_short(e, day) for day in range(e.problem.days) if not _outside(e, day))
    said = "; ".join(f"{reason} on {many(times, 'day')}" for reason, times in why.most_common())
    return f"No {'' if e.now is None else 'other '}place while everybody else stays as they are: {said}."


def _first(e: Explained) -> list[str]:
    return [_where(e), *_cost(e), _best(e), *_left_out(e)]


def _where(e: Explained) -> str:
    who, first, last = e.patient, _day(e, e.patient.release), _day(e, e.problem.last_day(e.patient))
    days = f"may come from {first} to {last}" if who.mandatory else f"may wait, and can come from {first}"
    if e.now is None:
        return f"{who.name} is left out; {days}."
    return f"{who.name} comes on {_day(e, e.now.day)}, to {_in(e.now)}; {days}."


def _cost(e: Explained) -> list[str]:
    if e.present.forbids:
        return [f"That breaks rules: {forbidden(e.present.forbids)}."]
    by_rule = ", ".join(f"{rule.replace('_', ' ')} {cost:,}" for rule, cost in sorted(e.present.costs, key=lambda c: -c[1]))
    return [f"Cost as it is: {e.present.cost:,} ({by_rule})." if by_rule else "It costs nothing as it is."]


def _best(e: Explained) -> str:
    best = e.best()
    if best is None or (e.now is not None and best.cost >= 0 and not e.present.forbids):
        return in_short(e) if best is None else f"Nothing is cheaper while everybody else stays. {in_short(e)}"
    return f"{in_short(e)} {costs(best.costs).capitalize()}{_given(best)}." if best.costs else in_short(e)


def _left_out(e: Explained) -> list[str]:
    if e.now is None or e.patient.mandatory:
        return [f"{e.patient.name} must be treated, and cannot be left out."] if e.patient.mandatory else []
    return [f"Left out instead: {_said(e.alternative(None))}."]


# ── other rooms and theatres on the same day ────────────────────────────────────────────────────────────────────────


def _rooms(e: Explained) -> list[str]:
    assert e.now is not None
    other = [e.alternative(_moved(e, room=r)) for r in e.problem.room if r != e.now.room]
    return _group(f"In another room from {_day(e, e.now.day)}:", [(a.admission.room, a) for a in other if a.admission is not None])


def _theatres(e: Explained) -> list[str]:
    assert e.now is not None
    other = [e.alternative(_moved(e, theatre=t)) for t in e.problem.theatre if t != e.now.theatre]
    return _group(f"In another theatre on {_day(e, e.now.day)}:", [(a.admission.theatre, a) for a in other if a.admission is not None])


def _moved(e: Explained, **to: str) -> Admission:
    assert e.now is not None
    return replace(e.now, **to)  # type: ignore[arg-type]  # names only


def _group(title: str, found: Sequence[tuple[str, Alternative]]) -> list[str]:
    able = sorted((x for x in found if x[1].possible), key=lambda x: x[1].cost)
    barred = [x for x in found if not x[1].possible]
    lines = _alike((name, _said(a)) for name, a in able)
    exact = _alike((name, _short(name, a.forbids)) for name, a in barred)
    brief = exact if len(exact) <= MOST_LINES else _alike((name, _short(name, a.forbids, days=False)) for name, a in barred)
    return [title, *lines, *brief]


def _alike(found: Iterable[tuple[str, str]]) -> list[str]:
    """A line for each thing to say, with all it is said of."""
    said: dict[str, list[str]] = {}
    for name, what in found:
        said.setdefault(what, []).append(name)
    return [f"  {', '.join(names)}: {what}" for what, names in said.items()]


def _short(what: str, forbids: Iterable[Forbids], *, days: bool = True) -> str:
    """Why a room or a theatre is no place, without its name: the first rule of the list that it breaks itself, and the days.

    In a plan that breaks rules it may be the day, or the other of the two: that is said in full.
    """
    found = list(forbids)
    for rule, says in ROOM_SAYS.items():
        when = sorted({f.day for f in found if f.rule == rule and f.day is not None})
        if any(f.rule == rule and f.what == what for f in found):
            return f"not possible, {says}{f' on {spans(when)}' if days and when else ''}"
    theatre = next((f for f in found if f.rule == "theatre_over_time" and f.what == what), None)
    if theatre is None:
        return f"not possible, {forbidden(found)}"
    return "not possible, closed" if theatre.closed else f"not possible, {many(theatre.by, 'minute')} over"


# ── other days ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _days(e: Explained) -> list[list[str]]:
    window = [d for d in range(e.problem.days) if not _outside(e, d)]
    if e.now is None:
        return [_lines(e, "By day:", window)]
    earlier, later = [d for d in window if d < e.now.day], [d for d in window if d > e.now.day]
    return [_lines(e, f"Earlier than {_day(e, e.now.day)}:", earlier), _lines(e, f"Later than {_day(e, e.now.day)}:", later)]


def _lines(e: Explained, title: str, days: Sequence[int]) -> list[str]:
    able: list[str] = []
    not_able: dict[str, list[int]] = {}
    for day in days:
        best = e.best_on(day)
        if best is None:
            not_able.setdefault(f"{_why_not(e, day)}{_in_the_way(e, day)}", []).append(day)
        elif best.admission is not None:
            able.append(f"  {_day(e, day)}: {_said(best)}; {_in(best.admission)}")
    return [title, *able, *(f"  {spans(when)}: not possible, {why}" for why, when in not_able.items())]


def _in_the_way(e: Explained, day: int) -> str:
    names = e.in_the_way(day)
    return f"; there would be a place without {listed(names, 'or', MOST_NAMES)}" if names else ""


def _outside(e: Explained, day: int) -> bool:
    return not e.patient.release <= day <= e.problem.last_day(e.patient)


def _why_not(e: Explained, day: int) -> str:
    """Why there is no place on a day, whatever the room and theatre: the surgeon, else every theatre, else every room."""
    hours = next((f for f in e.parts.day(day).forbids if f.rule == "surgeon_over_time"), None)
    if hours is not None:
        over = f"would be {many(hours.by, 'minute')} over"
        return f"{named('surgeon', hours.what)} {'does not operate' if hours.closed else over}"
    theatres = [e.parts.theatre(day, t).forbids for t in e.problem.theatre]
    if all(theatres):
        over = ", ".join(f"{f.what} by {many(f.by, 'minute')}" for (f,) in sorted(theatres, key=lambda f: f[0].by) if not f.closed)
        return f"every theatre would be over, {over}" if over else "no theatre is open"
    rooms = Counter(_short_rule(e.parts.room(day, r).forbids) for r in e.problem.room if e.parts.room(day, r).forbids)
    return f"no room is free: {', '.join(f'{n} {why}' for why, n in rooms.most_common())}"


def _why_in_short(e: Explained, day: int) -> str:
    """The same without figures."""
    if e.places_on(day):
        return "no other room or theatre is free"
    hours = next((f for f in e.parts.day(day).forbids if f.rule == "surgeon_over_time"), None)
    if hours is not None:
        return f"{named('surgeon', hours.what)} {'does not operate' if hours.closed else 'has no time left'}"
    full = all(e.parts.theatre(day, t).forbids for t in e.problem.theatre)
    return "no theatre has the time" if full else "no room is free"


def _short_rule(forbids: tuple[Forbids, ...]) -> str:
    return next(says for rule, says in ROOM_SAYS.items() if any(f.rule == rule for f in forbids))


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def forbidden(forbids: Iterable[Forbids]) -> str:
    """What rules a place breaks, in words: "theatre t1 is 35 minutes over on day 3"."""
    grouped: dict[tuple[str, str], list[Forbids]] = {}
    for f in forbids:
        grouped.setdefault((f.rule, f.what), []).append(f)
    return "; ".join(_broken(rule, what, found) for (rule, what), found in grouped.items())


def _broken(rule: str, what: str, found: Sequence[Forbids]) -> str:
    days = spans(sorted({f.day for f in found if f.day is not None}))
    who = {"surgeon_over_time": "surgeon", "theatre_over_time": "theatre"}.get(rule, "room")
    if rule in ("surgeon_over_time", "theatre_over_time"):
        shut = "does not operate" if who == "surgeon" else "is closed"
        over = f"would be {many(sum(f.by for f in found), 'minute')} over"
        return f"{named(who, what)} {shut if found[0].closed else over} on {days}"
    others = {"must_come_and_does_not": f"{what} must be treated", "too_early_or_too_late": f"{what} may not come on {days}"}
    return others.get(rule) or f"{named('room', what)} is {ROOM_SAYS[rule]}{f' on {days}' if days else ''}"


def costs(by_rule: Iterable[tuple[str, int]]) -> str:
    """Costs by rule, the largest first, signs kept."""
    return ", ".join(f"{rule.replace('_', ' ')} {_signed(cost)}" for rule, cost in sorted(by_rule, key=lambda c: (-abs(c[1]), c[0])))


def _said(a: Alternative) -> str:
    if not a.possible:
        return f"not possible, {forbidden(a.forbids)}"
    because = f" ({costs(a.costs)})" if a.costs else ""
    return f"{_more(a.cost)}{because}{_given(a)}"


def _given(a: Alternative) -> str:
    shifts = len(a.nurses)
    return f", with nurses given to the empty room for {many(shifts, 'shift')}" if shifts else ""


def _at(a: Alternative) -> str:
    assert a.admission is not None
    return f"day {a.admission.day} in {_in(a.admission)}"


def _day(e: Explained, day: int) -> str:
    """A day, with its date where the problem knows it: "day 3 (5 March)"."""
    date = e.problem.date_of(day)
    return f"day {day}" if date is None else f"day {day} ({date.day} {calendar.month_name[date.month]})"


def _in(a: Admission) -> str:
    return f"{named('room', a.room)}, {named('theatre', a.theatre)}"


def _more(cost: int) -> str:
    return f"{cost:,} more" if cost > 0 else f"{-cost:,} less" if cost < 0 else "the same"


def _signed(cost: int) -> str:
    return f"{cost:+,}".replace("-", "−")
