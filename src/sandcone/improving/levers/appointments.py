"""Levers of appointments: for which steps there are some, how many and when, and how many more are given than can be kept."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import reduce
from operator import and_, or_

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import ModelError
from sandcone.core.model import ALL_WEEK, WEEK, Booking, Model, Step
from sandcone.improving.levers.naming import matching, some

DAY = 1440


def appointments(
    at: Arrangement,
    *,
    steps: tuple[str, ...],
    notice_days: float | None = None,
    every_minutes: int | None = None,
    no_show_times: float = 1.0,
    places: int | None = None,
) -> Arrangement:
    """Some steps are done by appointment, or by other appointments than today; the wait still counts from when the need arose.

    ``every_minutes``: one time after the other while all who are needed are there and may begin, with ``places`` each (not said: for a step
    with appointments as many as leave no fewer places a week than today; for one without, as many patients as can begin at once).
    ``places`` alone gives the times of today so many places each. ``notice_days`` is the shortest time from need to appointment.
    ``no_show_times`` says how many times as many people fail to come (reminders; below 1). ``ModelError`` where a step without appointments
    gets no times, or nothing changes.
    """
    _can_be(notice_days, every_minutes, no_show_times, places)
    model = at.model
    made = {n: model.steps[n] for n in matching(steps, model.steps, "step")}
    booked = {n: replace(s, booking=_booking(n, s, model, every_minutes, places)) for n, s in made.items()}
    done = {n: replace(s, booking=_kept(s.booking, notice_days, no_show_times)) for n, s in booked.items() if s.booking is not None}
    if done == made:
        raise ModelError("appointments", f"those of {some(made)} stay as they are", "Say what is to be otherwise.")
    return replace(at, model=replace(model, steps={**model.steps, **done}))


def _can_be(notice_days: float | None, every_minutes: int | None, no_show_times: float, places: int | None) -> None:
    if not 0 <= no_show_times < math.inf or not 0 <= (notice_days or 0) < math.inf:
        raise ModelError("appointments", "a notice or a share of people that cannot be", "Give 0 or more.")
    if (every_minutes is not None and not 1 <= every_minutes <= DAY) or (places is not None and places < 1):
        raise ModelError("appointments", "times or places that cannot be", f"Give 1 to {DAY} minutes, and 1 place or more.")


def _booking(name: str, step: Step, model: Model, every: int | None, places: int | None) -> Booking:
    """The times and places."""
    now = step.booking
    if every is None:
        if now is None:
            raise ModelError(f"step {name!r}", "there are no appointments for it", "Say every how many minutes: every_minutes = 20.")
        return now if places is None else replace(now, slots=tuple(dict.fromkeys(now.slots)), places=places)
    slots = _every(every, model, step)
    if not slots:
        raise ModelError(f"step {name!r}", "all who are needed are never there at once", "Let their hours overlap.")
    if now is not None:
        return replace(now, slots=slots, places=places or math.ceil(len(now.slots) * now.places / len(slots)))
    return Booking(slots=slots, places=places or _at_once(step, model))


def _kept(booking: Booking | None, notice_days: float | None, no_show_times: float) -> Booking | None:
    """The notice, and who comes."""
    assert booking is not None
    notice = booking.notice_minutes if notice_days is None else DAY * notice_days
    return replace(booking, notice_minutes=notice, no_show=booking.no_show * no_show_times)


def _at_once(step: Step, model: Model) -> int:
    """How many patients can begin at once, if nobody else is there."""
    each = (max(sum(model.resources[m].capacity for m in model.pools[p].members) for p in n.pools) // n.units for n in step.needs)
    return max(1, min(each, default=1))


def _every(minutes: int, model: Model, step: Step) -> tuple[float, ...]:
    """Minutes of the week, one after the other from each opening on, at which the step can begin."""
    asked = [n for n in step.needs if not n.blocks and n.until is None]
    each = (reduce(or_, (model.can_begin(m) for p in n.pools for m in model.pools[p].members)) for n in asked)
    week = format(reduce(and_, each, ALL_WEEK), f"0{WEEK}b")[::-1]  # one sign a minute, Monday 00:00 the first
    return tuple(float(m) for spell in re.finditer("1+", week) for m in range(spell.start(), spell.end(), minutes))


def overbook(at: Arrangement, *, steps: tuple[str, ...], share: float) -> Arrangement:
    """A share of appointments has one place more than today, for some people do not come.

    The fuller ones lie evenly between the others. ``ModelError`` where a step has no appointments, or the share of none is a whole one.
    """
    if not 0 < share <= 1:
        raise ModelError("overbook", f"a share of {share:g}", "Give a share above 0, 1 at most.")
    model = at.model
    made = {n: _fuller(n, model.steps[n], share) for n in matching(steps, model.steps, "step")}
    if all(s == model.steps[n] for n, s in made.items()):
        raise ModelError("overbook", f"a share of {share:g} of the times of {some(made)} is none", "Give a larger share.")
    return replace(at, model=replace(model, steps={**model.steps, **made}))


def _fuller(name: str, step: Step, share: float) -> Step:
    booking = step.booking
    if booking is None:
        raise ModelError(f"step {name!r}", "it is not done by appointment", "Name one that is, or use appointments first.")
    times = sorted(dict.fromkeys(booking.slots))
    more = [t for i, t in enumerate(times) if math.floor((i + 1) * share + 1e-9) > math.floor(i * share + 1e-9)]
    if not more:
        return step
    slots = tuple(sorted([*(s for s in booking.slots for _ in range(booking.places)), *more]))
    return replace(step, booking=replace(booking, slots=slots, places=1))
