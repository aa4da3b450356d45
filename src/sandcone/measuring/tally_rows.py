"""The steps of a run on one clock: who needed what from when, when it was done, and who was there when the run was stopped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandcone.core.clock import DAY, as_utc, local, shifts
from sandcone.core.rows import Passed
from sandcone.measuring.periods import EPOCH
from sandcone.measuring.tally_pauses import Spells, micros, without_pauses

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The hospital's wall clock beside true time, both in µs from the midnight at which the model begins.

    They run alike unless the clock is put forward or back during the run (``shifts``).
    """

    begin: int  # µs since 1970 on the wall clock
    zone: str | None
    shifts: bool

    @classmethod
    def of(cls, passed: Passed, low: Ints, high: Ints) -> Clock:
        """The clock of a run, all of whose moments lie between these."""
        model = passed.model
        begin = (model.begin.toordinal() - EPOCH) * DAY
        first, last = (begin + int(x) // DAY * DAY for x in (low.min(initial=0), high.max(initial=0)))
        return cls(begin=begin, zone=model.zone, shifts=len(shifts(model.zone, first - DAY, last + 2 * DAY)) > 1)

    def true(self, wall: Ints) -> Ints:
        """True time of moments of the wall clock."""
        return as_utc(wall + self.begin, self.zone) - self._zero if self.shifts else wall

    def wall(self, true: Ints) -> Ints:
        """What the wall clock showed at moments of true time."""
        return local(true + self._zero, self.zone) - self.begin if self.shifts else true

    @property
    def _zero(self) -> int:
        return int(as_utc(np.array([self.begin]), self.zone)[0])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Acts:
    """Every step that somebody needed (rows,): patient and step by number, moments in µs of true time.

    ``until`` is the end, or the moment up to which the step kept the patient there: the run was stopped (``here``), or the patient left
    before the end (neither ``here`` nor ``ended``). ``spells``: when steps were under way.
    """

    patient: Ints
    step: Ints
    ready: Ints
    until: Ints
    ended: Bools
    here: Bools
    spells: Spells
    clock: Clock
    stop: int  # µs, when the run was stopped

    @property
    def left(self) -> Bools:
        """Steps for which nobody waited to the end."""
        return ~(self.ended | self.here)


def acts(passed: Passed, *, pauses: bool) -> Acts:
    """The steps of a run; with ``pauses`` a step rests while a resource that goes home at closing is closed."""
    rows = passed.rows
    begun, ended = ~np.isnan(rows.start), ~np.isnan(rows.end)
    ready = np.fmin(rows.ready, rows.start)  # of one that is not known, the other
    here, until, stop = _until(passed, ready, ended)
    of = np.flatnonzero(begun)
    spells = Spells(of=of, begin=micros(rows.start[of]), over=micros(until[of]))
    if pauses:
        spells = without_pauses(passed.model, rows, spells)
    need, last = micros(ready), micros(until)
    clock = Clock.of(passed, need, last)
    return Acts(
        patient=rows.patient.astype(np.int64),
        step=rows.step.astype(np.int64),
        ready=clock.true(need),
        until=clock.true(last),
        ended=ended,
        here=here,
        spells=Spells(of=spells.of, begin=clock.true(spells.begin), over=clock.true(spells.over)),
        clock=clock,
        stop=int(clock.true(micros(np.array([stop])))[0]),
    )


def _until(passed: Passed, ready: Floats, ended: Bools) -> tuple[Bools, Floats, float]:
    """Which steps were waited for or under way when the run was stopped, up to which minute each kept its patient, and when it was stopped.

    Rows come in order of the ends, those of patients who left before theirs at the moment they left, those still open when the run was
    stopped last of all. So who left did so between the end before their row and the one after it; the middle is taken.
    """
    rows = passed.rows
    known, least = np.flatnonzero(ended), np.fmax(ready, rows.start)
    here = np.arange(len(rows)) > (known[-1] if known.size else -1)
    seen = max(float(least.max(initial=-np.inf)), float(rows.end[ended].max(initial=-np.inf)))
    stop = passed.horizon if np.isfinite(passed.horizon) or not len(rows) else seen
    until = np.where(ended, rows.end, stop)
    left = np.flatnonzero(~(ended | here))
    if left.size:
        after = np.searchsorted(known, left)
        before = np.where(after > 0, np.maximum.accumulate(rows.end[known])[after - 1], -np.inf)
        until[left] = (np.maximum(before, least[left]) + rows.end[known[after]]) / 2
    return here, np.where(ended, until, np.maximum(until, least)), stop
