"""The next two weeks of the heart hospital's surgical wards, to be planned: who waits for an operation, who lies there, who works when.

Numbers of operations, theatre times and stays are those of ``nh.toml``. What it does not have is below, all of it assumed: a planner's
problem needs rooms, rosters and due days, of which nothing is known in public.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Literal

from sandcone.core.inpatient import Hours, Inpatient, Nurse, Occupant, Problem, Room, Weights
from sandcone.scenarios.nh.hospital import nh_hospital
from sandcone.scenarios.nh.parameters import House, Parameters, Procedure, parameters

DAYS, WEEK = 14, 7
SHIFTS = ("early", "late", "night")
AGES = ("child", "adult", "elderly")
DEMAND = 1.15  # waiting patients for each operation that is made in two weeks
MUST, DUE = 0.25, (7, 10)  # share who must be operated within so many days of being ready; the others may wait
READY = {True: 4, False: 12}  # half are ready now, the others within so many days, by whether they must be operated
ELDERLY, WOMEN, PRIVATE = 0.35, 0.42, 0.2  # shares
LEAD_SURGEONS, SURGEON_DAYS, SURGEON_MINUTES = 0.5, 4, 540  # of all surgeons; days a week; minutes a day
FILL, SMALL, SIZES = 1.25, 0.3, {"child": 4, "adult": 6}  # beds for each busy one; the share of beds in small rooms; beds of the others
BEDS_PER_NURSE = {"early": 5, "late": 6, "night": 9}
WORKED, SKILLS, NURSE_LOAD = 5, 3, 14  # days a week that a nurse works; levels; what she can bear in a shift
FIRST_DAYS, AT_FIRST, LATER = 3, 3, 1  # what a patient asks of a nurse in the first days after an operation, and later
WEIGHTS = Weights(mixed_ages=2, skill_short=5, nurses_met=2, overload=5, open_theatre=30, surgeon_moves=5, delay=8, left_out=250)


def nh_fortnight(size: Literal["ward", "hospital"] = "hospital", year: int = 2004, *, seed: int) -> Problem:
    """Two weeks of the hospital's planned operations as a problem for ``plan``: patients, beds, theatres, surgeons and nurses.

    Emergencies keep their own theatre and are not in it. The same seed gives the same problem; sizes and years are those of
    ``nh_hospital``, without the network.
    """
    p, model = parameters(), nh_hospital(size, year)
    house = p.houses["ward" if size == "ward" else str(year)]
    made = _Ward(p, house, Random(seed))
    rooms = made.rooms()
    return Problem(
        name=f"{model.name}, two weeks",
        days=DAYS,
        first_date=model.begin + timedelta(days=4 * WEEK),
        shifts=SHIFTS,
        ages=AGES,
        weights=WEIGHTS,
        occupants=tuple(made.occupants(rooms)),
        patients=tuple(made.patients(rooms)),
        surgeons=tuple(made.surgeons()),
        theatres=tuple(made.theatres()),
        rooms=tuple(rooms),
        nurses=tuple(made.nurses(rooms)),
        skill_levels=SKILLS,
    )


@dataclass(slots=True)
class _Ward:
    p: Parameters
    house: House
    luck: Random

    def _fortnight(self, name: str) -> float:
        """Planned operations of one kind in two weeks."""
        return self.p.operations(self.house, name) * (1 - self.p.people.urgent_operations) * DAYS / 365

    def _busy(self, age: str) -> float:
        """Beds that are busy on a mean day."""
        return math.fsum(self._fortnight(n) * it.postop_days[0] / DAYS for n, it in self.p.procedures.items() if it.age == age)

    def rooms(self) -> list[Room]:
        """Rooms for children and for adults; the small ones are private."""
        found: list[Room] = []
        for age, size in SIZES.items():
            beds = max(4.0, self._busy(age) * FILL)
            small = round(beds * SMALL / 2)
            found += [Room(name=f"{age} private {i + 1}", beds=2) for i in range(small)]
            found += [Room(name=f"{age} {i + 1}", beds=size) for i in range(max(1, round((beds - 2 * small) / size)))]
        return found

    def theatres(self) -> Iterator[Hours]:
        """Open six days a week."""
        for i in range(self.house.adult_theatres + self.house.child_theatres):
            yield Hours(name=f"theatre {i + 1}", minutes=tuple(600 if d % WEEK != WEEK - 1 else 0 for d in range(DAYS)))

    def surgeons(self) -> Iterator[Hours]:
        """Those who lead operations, for children or for adults, each on some days of the week."""
        for age, n in self._leads().items():
            for i in range(n):
                away = {(i * 2 + k) % (WEEK - 1) for k in range(WEEK - 1 - SURGEON_DAYS)} | {WEEK - 1}
                yield Hours(name=f"{age} surgeon {i + 1}", minutes=tuple(0 if d % WEEK in away else SURGEON_MINUTES for d in range(DAYS)))

    def _leads(self) -> dict[str, int]:
        work = {age: self.house.adult_operations if age == "adult" else self.house.child_operations for age in SIZES}
        return {age: max(2, round(self.house.surgeons * LEAD_SURGEONS * n / sum(work.values()))) for age, n in work.items()}

    def patients(self, rooms: Sequence[Room]) -> Iterator[Inpatient]:
        """Those who wait, of each kind as many as come in two weeks and some more."""
        leads, number = self._leads(), 0
        for name, it in self.p.procedures.items():
            for _ in range(max(1, round(self._fortnight(name) * DEMAND))):
                number += 1
                yield self._patient(f"p{number:03}", it, rooms, number % leads[it.age] + 1)

    def _patient(self, name: str, it: Procedure, rooms: Sequence[Room], surgeon: int) -> Inpatient:
        nights = self._nights(it)
        must = self.luck.random() < MUST
        release = self.luck.randrange(READY[must]) if self.luck.random() < 0.5 else 0
        due = min(DAYS - 1, release + self.luck.randint(*DUE)) if must else None
        minutes = round(self.luck.lognormvariate(math.log(it.theatre[0]), it.theatre[1]) / 5) * 5
        return Inpatient(
            name=name, gender=self._gender(), age=self._age(it.age), nights=nights, load=self._load(nights), skill=self._skill(nights),
            release=release, due=due, minutes=min(minutes, SURGEON_MINUTES), surgeon=f"{it.age} surgeon {surgeon}",
            unfit_rooms=self._unfit(it.age, rooms),
        )  # fmt: skip

    def _unfit(self, age: str, rooms: Sequence[Room]) -> frozenset[str]:
        """Children lie with children; who pays for a private room has one, and the others do not."""
        private = self.luck.random() < PRIVATE
        return frozenset(r.name for r in rooms if not r.name.startswith(age) or ("private" in r.name) != private)

    def _nights(self, it: Procedure) -> int:
        return max(2, min(DAYS, round(self.luck.lognormvariate(math.log(it.postop_days[0]), it.postop_days[1]))))

    def _gender(self) -> str:
        return "woman" if self.luck.random() < WOMEN else "man"

    def _age(self, age: str) -> int:
        return AGES.index(age) if age == "child" or self.luck.random() >= ELDERLY else AGES.index("elderly")

    def _load(self, nights: int, before: int = 0) -> tuple[int, ...]:
        return tuple(AT_FIRST if d + before < FIRST_DAYS else LATER for d in range(nights) for _ in SHIFTS)

    def _skill(self, nights: int) -> tuple[int, ...]:
        need = self.luck.choice((0, 1, 1, 2))
        return tuple(need if d < FIRST_DAYS else max(0, need - 1) for d in range(nights) for _ in SHIFTS)

    def occupants(self, rooms: Sequence[Room]) -> Iterator[Occupant]:
        """Those who were operated in the days before and lie there still: half of the beds, men and women apart."""
        number = 0
        for room in rooms:
            gender, age = self._gender(), room.name.split()[0]
            for _ in range(sum(self.luck.random() < 0.5 for _ in range(room.beds))):
                number, nights = number + 1, self.luck.randint(1, 6)
                load, skill = self._load(nights, FIRST_DAYS), self._skill(nights)
                yield Occupant(
                    name=f"o{number:03}", gender=gender, age=self._age(age), nights=nights, load=load, skill=skill, room=room.name
                )  # fmt: skip

    def nurses(self, rooms: Sequence[Room]) -> Iterator[Nurse]:
        """Enough for the beds in each shift of each day; each works one kind of shift, five days a week."""
        beds, number = sum(r.beds for r in rooms), 0
        for s, shift in enumerate(SHIFTS):
            for i in range(math.ceil(beds / BEDS_PER_NURSE[shift] * WEEK / WORKED)):
                number += 1
                on = [d for d in range(DAYS) if (d + i) % WEEK < WORKED]
                yield Nurse(name=f"n{number:02}", skill=i % SKILLS, most={d * len(SHIFTS) + s: NURSE_LOAD for d in on})
