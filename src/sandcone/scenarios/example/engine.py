"""Twenty weeks in the small hospital: whoever is most urgent, then whoever came first, goes in when all that is needed is free."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random

from sandcone.scenarios.example.hospital import DAY, POOLS, Stay, Want
from sandcone.scenarios.example.people import Luck, Patient, about, journey


@dataclass(slots=True, kw_only=True)
class _Request:
    """One step asked for, and where it stands."""

    patient: Patient
    want: Want
    ready: int
    booked: int | None
    comes: int  # when the patient is there
    leaves: int | None = None  # when a step inside another one is too late
    goes_on: bool = True  # whether the next step follows from this one


@dataclass(slots=True)
class Hospital:
    """The hospital at one moment: who waits, what is in use, what is booked, and all that has been written down."""

    seed: int
    end: int
    now: int = 0
    log: list[Stay] = field(default_factory=list)
    _journeys: dict[int, Iterator[Want]] = field(default_factory=dict)
    _lucks: dict[int, Luck] = field(default_factory=dict)
    _waiting: list[_Request] = field(default_factory=list)
    _busy: dict[str, int] = field(default_factory=dict)  # unit → busy until
    _booked: Counter[tuple[str, int]] = field(default_factory=Counter)
    _agenda: list[tuple[int, int, _Request | None]] = field(default_factory=list)
    _ticket: Iterator[int] = field(default_factory=count)

    def admit(self, p: Patient) -> None:
        """Let a patient's journey begin when they arrive."""
        self._lucks[p.number] = Random(f"{self.seed}/steps/{p.number}")
        self._journeys[p.number] = journey(p, Random(f"{self.seed}/journey/{p.number}"))
        self._follow(p, p.arrives)

    def run(self) -> list[Stay]:
        """Go from event to event until the log ends; what is still waited for then is written down as such."""
        self._agenda += [(t, next(self._ticket), None) for t in range(0, self.end, 60)]
        heapq.heapify(self._agenda)
        while self._agenda and self._agenda[0][0] < self.end:
            self.now, _, request = heapq.heappop(self._agenda)
            if request is not None:
                self._waiting.append(request)
            self._serve()
        for r in self._waiting + [r for _, _, r in self._agenda if r is not None and r.ready < self.end]:
            self._write(r, None, None, ())
        return self.log

    def _follow(self, p: Patient, t: int) -> None:
        want = next(self._journeys[p.number], None)
        if want is not None and t + want.due < self.end:
            self._ask(p, want, t + want.due)

    def _ask(self, p: Patient, want: Want, ready: int, leaves: int | None = None) -> None:
        booked = None if want.book is None else self._book(want, ready + want.book)
        early = about(self._lucks[p.number], 12) - 10
        comes = ready + want.delay if booked is None else max(booked - early, ready)
        comes += -comes % want.batch
        r = _Request(patient=p, want=want, ready=ready, booked=booked, comes=comes, leaves=leaves, goes_on=leaves is None)
        heapq.heappush(self._agenda, (comes, next(self._ticket), r))

    def _book(self, want: Want, earliest: int) -> int:
        name = want.pools[0]
        pool = POOLS[name]
        t = earliest // DAY * DAY + pool.hours.start * 60
        while t < earliest or not pool.hours.open_at(t + pool.slot - 1) or not pool.hours.open_at(t) or self._full(name, t):
            t += pool.slot
            if not pool.hours.open_at(t):
                t = (t // DAY + (t % DAY >= pool.hours.start * 60)) * DAY + pool.hours.start * 60
        self._booked[name, t] += 1
        return t

    def _full(self, name: str, t: int) -> bool:
        return self._booked[name, t] >= len(POOLS[name].units)

    def _serve(self) -> None:
        for r in sorted(self._waiting, key=lambda r: (r.patient.priority, r.booked or r.comes, r.patient.number)):
            if r.leaves is not None and self.now + r.want.minutes > r.leaves:
                self._waiting.remove(r)
                continue
            units = [self._free(name, r.want.on_call) for name in r.want.pools]
            if None not in units:
                self._waiting.remove(r)
                self._begin(r, tuple(u for u in units if u is not None))

    def _free(self, name: str, on_call: bool) -> str | None:
        pool = POOLS[name]
        if not (on_call or pool.hours.open_at(self.now)):
            return None
        free = [u for u in pool.units if pool.shared or self._busy.get(u, 0) <= self.now]
        return min(free, key=lambda u: self._busy.get(u, 0), default=None)  # whoever has been free longest

    def _begin(self, r: _Request, units: tuple[str, ...]) -> None:
        end = self.now + r.want.minutes
        clean = 20 if r.want.step == "Surgery" else 0
        for u in units:
            self._busy[u] = end + (clean if u.startswith("Theatre") else 0)
        heapq.heappush(self._agenda, (end + clean, next(self._ticket), None))
        heapq.heappush(self._agenda, (end, next(self._ticket), None))
        self._write(r, self.now, end if end < self.end else None, units)
        if r.want.inside is not None:
            self._ask(r.patient, r.want.inside, self.now + r.want.inside.due, end)
        if r.goes_on:
            self._follow(r.patient, end)

    def _write(self, r: _Request, start: int | None, end: int | None, units: tuple[str, ...]) -> None:
        w = r.want
        stay = Stay(patient=r.patient.number, step=w.step, unit=w.unit, ready=r.ready, booked=r.booked, start=start, end=end, units=units)
        self.log.append(stay)
