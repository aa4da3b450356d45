"""The small hospital's staff, rooms and beds, and when each of them is there.

Times are whole minutes since Monday midnight of the first week.
"""

from __future__ import annotations

from dataclasses import dataclass

HOUR = 60
DAY = 24 * HOUR
WEEK = 7 * DAY
WORKING_DAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Open from ``start`` to ``end`` (hours of the day) on these days of the week; Monday is 0."""

    days: frozenset[int] = EVERY_DAY
    start: int = 0
    end: int = 24

    def open_at(self, t: int) -> bool:
        """Whether it is open at this minute."""
        return t // DAY % 7 in self.days and self.start * HOUR <= t % DAY < self.end * HOUR

    def next_open(self, t: int) -> int:
        """The first minute, from this one on, at which it is open."""
        while not self.open_at(t):
            midnight = t // DAY * DAY
            t = midnight + self.start * HOUR if t < midnight + self.start * HOUR else midnight + DAY
            if t % DAY == 0 and t // DAY % 7 in self.days:
                t += self.start * HOUR
        return t


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """People, rooms or beds that stand in for each other. ``shared``: one unit serves all who come at once."""

    units: tuple[str, ...]
    hours: Hours = Hours()
    slot: int = HOUR  # minutes that a booking takes
    shared: bool = False


def _numbered(name: str, n: int) -> tuple[str, ...]:
    return tuple(f"{name} {i}" for i in range(1, n + 1))


CLINIC_HOURS = Hours(days=WORKING_DAYS, start=8, end=16)
THEATRE_HOURS = Hours(days=WORKING_DAYS, start=8, end=17)

POOLS: dict[str, Pool] = {
    "Booking office": Pool(units=("Booking office",), hours=CLINIC_HOURS),
    "Clinic doctors": Pool(units=_numbered("Clinic doctor", 2), hours=CLINIC_HOURS, slot=45),
    "Pre-assessment": Pool(units=("Pre-assessment nurse",), hours=Hours(days=WORKING_DAYS, start=8, end=13), slot=45),
    "Sampling": Pool(units=("Sampling nurse",), hours=Hours(days=WORKING_DAYS, start=7, end=15)),
    "Laboratory": Pool(units=("Analyser",), shared=True),
    "CT": Pool(units=("CT scanner",), hours=Hours(days=WORKING_DAYS, start=8, end=18), slot=30),
    "MRI": Pool(units=("MRI scanner",), hours=Hours(days=frozenset({1}), start=8, end=17), slot=40),
    "Theatres": Pool(units=_numbered("Theatre", 2), hours=THEATRE_HOURS, slot=180),
    "Bone surgeons": Pool(units=("Surgeon A", "Surgeon B"), hours=THEATRE_HOURS),
    "Belly surgeons": Pool(units=("Surgeon C", "Surgeon D"), hours=THEATRE_HOURS),
    "Anaesthetists": Pool(units=_numbered("Anaesthetist", 2), hours=THEATRE_HOURS),
    "Recovery": Pool(units=_numbered("Recovery bay", 2), hours=Hours(days=WORKING_DAYS, start=8, end=20)),
    "Ward A": Pool(units=_numbered("Ward A bed", 10)),
    "Ward B": Pool(units=_numbered("Ward B bed", 8)),
    "ICU": Pool(units=_numbered("ICU bed", 2)),
    "Physiotherapists": Pool(units=("Physiotherapist",), hours=Hours(days=frozenset(range(6)), start=8, end=13)),
    "Ward doctors": Pool(units=("Ward doctor",), hours=Hours(start=9, end=12)),
    "Triage": Pool(units=("Triage nurse",)),
    "Emergency doctors": Pool(units=("Emergency doctor",)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """A step that a patient needs next: what, where, with whom, for how long.

    ``due`` is how many minutes after the step before it the need arises; ``delay`` is the way there. ``book``: the
    patient comes by appointment, at least that many minutes after the need. ``batch``: the step begins only at
    full multiples of so many minutes. ``inside``: a step that falls within this one. ``on_call``: also outside hours.
    """

    step: str
    unit: str
    pools: tuple[str, ...]
    minutes: int
    due: int = 0
    delay: int = 0
    book: int | None = None
    batch: int = 1
    inside: Want | None = None
    on_call: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """What was written down about one step; None where it had not happened when the log ends."""

    patient: int
    step: str
    unit: str
    ready: int
    booked: int | None
    start: int | None
    end: int | None
    units: tuple[str, ...]
