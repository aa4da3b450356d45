"""The plainest plan: first come, first served. The rival that every other plan is printed beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sandcone.core.inpatient import Admission, Inpatient, InpatientPlan, Problem

AGAIN = 40  # times the queue is tried again with those at its head who must come and found no place


def first_come(problem: Problem) -> InpatientPlan:
    """Everybody comes on the earliest day that has a surgeon, a theatre and a bed for them, in the order in which they became ready.

    Ties go by the order of the file, theatres and rooms too; a bed must be free, with the right gender, for the whole stay within the
    horizon. Who must come and finds no place goes to the head of the queue, and the queue is tried again, forty times: after that they
    are left out, and the score says so. Nurses on duty take the rooms in turn, in the same order in every shift.
    """
    queue = sorted(problem.patients, key=lambda p: p.release)
    best = served = _served(problem, queue)
    for _ in range(AGAIN):
        missed = [p for p in queue if p.mandatory and p.name not in served]
        if not missed:
            break
        queue = missed + [p for p in queue if p not in missed]
        served = _served(problem, queue)
        best = max(best, served, key=lambda found: sum(problem.patient[name].mandatory for name in found))
    return InpatientPlan(admissions=tuple(best.values()), care=_in_turn(problem, best))


@dataclass(slots=True)
class _Left:
    """What is still free: minutes of surgeons and theatres, beds, and which gender a room has on a day."""

    problem: Problem
    surgeon: dict[str, list[int]] = field(init=False)
    theatre: dict[str, list[int]] = field(init=False)
    beds: dict[str, list[int]] = field(init=False)
    gender: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        p = self.problem
        self.surgeon = {s.name: list(s.minutes) for s in p.surgeons}
        self.theatre = {t.name: list(t.minutes) for t in p.theatres}
        self.beds = {r.name: [r.beds] * p.days for r in p.rooms}
        self.gender = {r.name: [""] * p.days for r in p.rooms}
        for o in p.occupants:
            self.lay(o.room, o.gender, range(min(o.nights, p.days)))

    def lay(self, room: str, gender: str, days: range) -> None:
        """Somebody takes a bed for these days."""
        for day in days:
            self.beds[room][day] -= 1
            self.gender[room][day] = gender

    def place(self, p: Inpatient) -> Admission | None:
        """The earliest place there is for a patient, now taken; None where there is none."""
        for day in range(p.release, self.problem.last_day(p) + 1):
            if self.surgeon[p.surgeon][day] < p.minutes:
                continue
            theatre = next((t for t, left in self.theatre.items() if left[day] >= p.minutes), None)
            room = self._room(p, range(day, min(day + p.nights, self.problem.days))) if theatre is not None else None
            if theatre is not None and room is not None:
                return self._taken(p, Admission(patient=p.name, day=day, room=room, theatre=theatre))
        return None

    def _room(self, p: Inpatient, stay: range) -> str | None:
        for room, beds in self.beds.items():
            genders = self.gender[room]
            if room not in p.unfit_rooms and all(beds[d] > 0 and genders[d] in ("", p.gender) for d in stay):
                return room
        return None

    def _taken(self, p: Inpatient, place: Admission) -> Admission:
        self.surgeon[p.surgeon][place.day] -= p.minutes
        self.theatre[place.theatre][place.day] -= p.minutes
        self.lay(place.room, p.gender, range(place.day, min(place.day + p.nights, self.problem.days)))
        return place


def _served(problem: Problem, queue: Sequence[Inpatient]) -> dict[str, Admission]:
    left = _Left(problem)
    return {p.name: place for p in queue if (place := left.place(p)) is not None}


def _in_turn(problem: Problem, served: dict[str, Admission]) -> dict[tuple[str, int], str]:
    """A nurse for every room with somebody in it: those on duty share out the rooms, each a run of neighbouring ones."""
    stays = [(o.room, 0, o.nights) for o in problem.occupants]
    stays += [(a.room, a.day, problem.patient[a.patient].nights) for a in served.values()]
    used = {(room, d) for room, day, nights in stays for d in range(day, min(day + nights, problem.days))}
    care, k = {}, len(problem.shifts)
    for shift in range(problem.days * k):
        duty = [n.name for n in problem.nurses if shift in n.most]
        rooms = [r.name for r in problem.rooms if (r.name, shift // k) in used] if duty else []
        care.update({(room, shift): duty[i * len(duty) // len(rooms)] for i, room in enumerate(rooms)})
    return care
