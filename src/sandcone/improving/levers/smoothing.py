"""The lever that spreads appointments over the week and makes groups of arrivals smaller."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sandcone.core.arrangement import Arrangement
from sandcone.core.arrivals import Arrivals, Rate, Slots
from sandcone.core.errors import ModelError
from sandcone.core.law import longer
from sandcone.core.model import DAYS, Step
from sandcone.core.site import Weekday
from sandcone.improving.levers.naming import matching, some
from sandcone.improving.levers.parties import mean_party

DAY = 1440.0
TINY = 1e-300


def smooth(
    at: Arrangement,
    *,
    steps: tuple[str, ...] = (),
    streams: tuple[str, ...] = (),
    by: float = 1.0,
    party_times: float = 1.0,
    days: tuple[Weekday, ...] = (),
) -> Arrangement:
    """As many patients a week as today, spread more evenly over its days, and in smaller groups.

    Of ``steps`` with appointments as many slots a week as today are spread over the ``days`` (none named: those that have slots now):
    ``by`` 1 wholly even, 0.5 half-way there; within a day they lie as slots do today. ``streams`` of arrivals are spread alike, those by
    appointment by their slots and others by their rates, and parties become ``party_times`` as large and as much more frequent, so that
    the mean of patients a week is the same. Name streams only of patients whom the hospital itself calls in: outreach clinics, batches of
    referrals, not emergencies; it is the one lever that moves when a need arises. ``ModelError`` where nothing would be smoother.
    """
    if not 0 < by <= 1 or not 0 < party_times < math.inf:
        raise ModelError("smooth", f"by {by:g}, party_times {party_times:g}", "by is above 0 and at most 1, party_times above 0.")
    model, even = at.model, _Even(days=tuple(map(DAYS.index, days)), by=by)
    booked = {n: _booked(n, model.steps[n], even) for n in matching(steps, model.steps, "step")}
    which = matching(streams, [s.name for s in model.arrivals], "stream")
    arrivals = tuple(_coming(s, even, party_times) if s.name in which else s for s in model.arrivals)
    if all(s == model.steps[n] for n, s in booked.items()) and arrivals == model.arrivals:
        raise ModelError("smooth", f"{some((*steps, *streams))}: as even as it can be", "Name appointments or parties that are not.")
    return replace(at, model=replace(model, steps={**model.steps, **booked}, arrivals=arrivals))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Even:
    """Over which days of the week (0 is Monday; none: those in use), and how far of the way to wholly even."""

    days: tuple[int, ...]
    by: float

    def totals(self, now: Sequence[float]) -> list[float]:
        """How many on each day of the week, as many in all as now."""
        over = self.days or [d for d, n in enumerate(now) if n > 0]
        even = math.fsum(now) / len(over)
        return [n + self.by * ((even if d in over else 0.0) - n) for d, n in enumerate(now)]

    def slots(self, slots: tuple[float, ...]) -> tuple[float, ...]:
        """As many minutes of the week, spread over its days; those of a day at times at which there are slots now."""
        now = [sum(s // DAY == d for s in slots) for d in range(7)]
        times = sorted(s % DAY for s in slots)
        then = _whole(self.totals(now))
        moved = [DAY * d + times[k * len(times) // n] for d, n in enumerate(then) if n != now[d] for k in range(n)]
        return tuple(sorted([*moved, *(s for s in slots if then[int(s // DAY)] == now[int(s // DAY)])]))

    def rates(self, per_hour: tuple[float, ...]) -> tuple[float, ...]:
        """Rates by the hour of the week, as many patients in all; a day that had none takes the hours that all days together have."""
        hours = np.resize(per_hour, (7, 24))
        now = hours.sum(axis=1)
        then = np.array(self.totals(now.tolist()))
        if np.allclose(then, now):
            return per_hour
        of_day = np.where(now[:, None] > 0, hours / np.maximum(now, TINY)[:, None], hours.sum(axis=0) / now.sum())
        return tuple((then[:, None] * of_day).ravel().tolist())


def _whole(shares: Sequence[float]) -> list[int]:
    """Whole numbers with the same sum, the largest remainders rounded up."""
    down = [math.floor(x + 1e-9) for x in shares]
    last = sorted(range(len(shares)), key=lambda d: (down[d] - shares[d], d))
    up = set(last[: round(math.fsum(shares)) - sum(down)])
    return [n + (d in up) for d, n in enumerate(down)]


def _booked(name: str, step: Step, even: _Even) -> Step:
    if step.booking is None:
        raise ModelError(f"step {name!r}", "it is not done by appointment", "Name one that is, or use appointments first.")
    return replace(step, booking=replace(step.booking, slots=even.slots(step.booking.slots)))


def _coming(stream: Arrivals, even: _Even, party_times: float) -> Arrivals:
    match stream:
        case Slots():
            return replace(stream, slots=even.slots(stream.slots))
        case Rate():
            return _smaller(replace(stream, per_hour=even.rates(stream.per_hour)), party_times)
        case _:
            raise ModelError(f"arrivals {stream.name!r}", "they come one after the other as they come", "Name one with slots or rates.")


def _smaller(stream: Rate, times: float) -> Rate:
    """Parties so many times as large, and as many more that as many people come."""
    if stream.party is None or times == 1:
        return stream
    party = longer(stream.party, times)
    more = mean_party(stream.party) / mean_party(party)
    return stream if more == 1 else replace(stream, party=party, per_hour=tuple(r * more for r in stream.per_hour))
