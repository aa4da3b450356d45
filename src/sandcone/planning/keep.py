"""What a new plan must keep and what it should keep of the plan before: pins, a frozen horizon, and a price on what changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Admission, InpatientPlan, Problem
from sandcone.planning.pins import alone, known, together

DEAREST = 10**12  # what the sums of a search can hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One patient's day, room or theatre is fixed (what is None is free), or the patient is left out; a pin on a place brings them in."""

    patient: str
    day: int | None = None
    room: str | None = None
    theatre: str | None = None
    out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NursePin:
    """One room's nurse in one shift (days times shifts a day, from 0) is fixed."""

    room: str
    shift: int
    nurse: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """What it costs to change the plan before, in whole units of cost: what a change must at least save to be worth it.

    ``day``, ``room`` and ``theatre``: for each patient who is in both plans and whose day, room or theatre differs; ``left_out``: for each
    who was in and now is not; ``nurse``: for each room and shift with somebody in it, in the new plan, whose nurse differs from the one the
    plan before named there. Who was left out and now comes costs nothing.
    """

    day: int = 0
    room: int = 0
    theatre: int = 0
    left_out: int = 0
    nurse: int = 0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not 0 <= getattr(self, name) <= DEAREST:
                raise ProblemError(f"price of a change of {name}", f"{getattr(self, name)}", f"Give 0 or more, up to {DEAREST:,}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """What is kept of ``before``: ``pins`` and ``nurse_pins`` must hold, changes have their ``price``, and days are frozen.

    Before day ``frozen_until`` admissions stay as they are in ``before``, nobody else is admitted, and rooms keep the nurses that
    ``before`` names, so far as they are still on duty. ``before`` may name people, rooms and theatres that the problem no longer has.
    """

    before: InpatientPlan | None = None
    pins: tuple[Pin, ...] = ()
    nurse_pins: tuple[NursePin, ...] = ()
    price: Disturbance = field(default_factory=Disturbance)
    frozen_until: int = 0

    def all_pins(self, problem: Problem) -> dict[str, Pin]:
        """Every patient's pin, those of the frozen days included; ``ProblemError`` where one is impossible, or two together are."""
        found: dict[str, Pin] = {}
        for pin in (*self._frozen(problem), *self.pins):
            known(f"pin of patient {pin.patient!r}", "patient", pin.patient, problem.patient)
            if pin.patient in found and found[pin.patient] != pin:
                raise ProblemError(f"pin of patient {pin.patient!r}", "fixed twice, and not alike", "Take one out, or freeze fewer days.")
            found[pin.patient] = pin
        for pin in found.values():
            alone(problem, pin)
        together(problem, found.values())
        self._late(problem, found)
        return found

    def all_nurse_pins(self, problem: Problem) -> dict[tuple[str, int], str]:
        """The nurse of every room and shift that is fixed, those of the frozen days included; ``ProblemError`` where one is off duty."""
        found = {(r, s): n for (r, s), n in self.known_care(problem).items() if s < self.frozen_until * len(problem.shifts)}
        for pin in self.nurse_pins:
            where = f"pin of the nurse of room {pin.room!r}"
            known(where, "room", pin.room, problem.room)
            known(where, "nurse", pin.nurse, problem.nurse)
            if pin.shift not in problem.nurse[pin.nurse].most:
                on = [n.name for n in problem.nurses if pin.shift in n.most]
                raise ProblemError(
                    where, f"{pin.nurse!r} is not on duty in shift {pin.shift}", f"On duty there: {', '.join(on) or 'nobody'}."
                )
            if found.setdefault((pin.room, pin.shift), pin.nurse) != pin.nurse:
                raise ProblemError(where, f"fixed twice for shift {pin.shift}, and not alike", "Take one pin out, or freeze fewer days.")
        return found

    def possible(self, problem: Problem) -> None:
        """``ProblemError`` where a pin is impossible, or two together are."""
        self.all_pins(problem)
        self.all_nurse_pins(problem)

    def known_care(self, problem: Problem) -> dict[tuple[str, int], str]:
        """The nurses of the plan before, where room, nurse and duty are still there."""
        return still(problem, self.before).care if self.before is not None else {}

    def _frozen(self, problem: Problem) -> Iterator[Pin]:
        for a in self.before.admissions if self.before is not None else ():
            if a.day < self.frozen_until and a.patient in problem.patient:
                yield Pin(patient=a.patient, day=a.day, room=a.room, theatre=a.theatre)

    def _late(self, problem: Problem, pins: dict[str, Pin]) -> None:
        for p in problem.patients:
            pin = pins.get(p.name)
            comes = p.mandatory if pin is None else pin.day is None and not pin.out
            if comes and problem.last_day(p) < self.frozen_until:
                found = f"must come by day {problem.last_day(p)}, and days before {self.frozen_until} are frozen"
                raise ProblemError(f"patient {p.name!r}", found, "Freeze fewer days.")


def still(problem: Problem, plan: InpatientPlan) -> InpatientPlan:
    """What of a plan the problem still has: patients, rooms, theatres and nurses that exist, days of the horizon, nurses on duty."""
    admissions = tuple(
        a
        for a in plan.admissions
        if a.patient in problem.patient and a.room in problem.room and a.theatre in problem.theatre and 0 <= a.day < problem.days
    )
    return InpatientPlan(admissions=admissions, care=on_duty(problem, plan.care))


def on_duty(problem: Problem, care: dict[tuple[str, int], str]) -> dict[tuple[str, int], str]:
    """The nurses who still are on duty where a plan has them."""
    return {(r, s): n for (r, s), n in care.items() if r in problem.room and n in problem.nurse and s in problem.nurse[n].most}


def starting(problem: Problem, keep: Keep, start: InpatientPlan | None) -> InpatientPlan:
    """The plan to begin with: ``start``, or else the plan before, with everything that is fixed as it must be."""
    start = start or still(problem, keep.before or InpatientPlan())
    admitted = dict(start.admitted)
    for name, pin in keep.all_pins(problem).items():
        now = admitted.pop(name, None)
        day = pin.day if pin.day is not None or now is None else now.day
        room, theatre = pin.room or (now.room if now else None), pin.theatre or (now.theatre if now else None)
        if not pin.out and day is not None and room is not None and theatre is not None:
            admitted[name] = Admission(patient=name, day=day, room=room, theatre=theatre)
    return InpatientPlan(admissions=tuple(admitted.values()), care={**start.care, **keep.all_nurse_pins(problem)})


def disturbance(problem: Problem, keep: Keep, plan: InpatientPlan) -> int:
    """What a plan changes against the one before, at the price of each change, in units of cost."""
    if keep.before is None:
        return 0
    price, found = keep.price, 0
    for was in keep.before.admissions:
        now = plan.admitted.get(was.patient)
        if now is not None:
            found += price.day * (now.day != was.day) + price.room * (now.room != was.room) + price.theatre * (now.theatre != was.theatre)
        elif was.patient in problem.patient:
            found += price.left_out
    return found + price.nurse * sum(1 for _ in _other_nurses(problem, keep, plan))


def _other_nurses(problem: Problem, keep: Keep, plan: InpatientPlan) -> Iterator[tuple[str, int]]:
    before, k = keep.before, len(problem.shifts)
    stays = [(o.room, 0, o.nights) for o in problem.occupants]
    stays += [(a.room, a.day, problem.patient[a.patient].nights) for a in plan.admissions]
    used = {(room, s) for room, day, nights in stays for s in range(day * k, min(day + nights, problem.days) * k)}
    for at in used:
        was = before.care.get(at) if before is not None else None
        if was is not None and plan.care.get(at) != was:
            yield at
