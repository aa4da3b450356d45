"""The verb offer: whole-path options for new patients, what each costs them and the others, and the booking of the one that is taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sandcone.core.errors import ProblemError
from sandcone.core.journey import Slot
from sandcone.core.journeys import DAY, Journeys, Timetable
from sandcone.core.place import put_all
from sandcone.core.saying import many
from sandcone.flow.journeys import read_problem
from sandcone.planning.journeys.offers import Desk, Offer
from sandcone.reading.journeys import journeys_text, read_timetable

MOST = 3  # options for each patient
HOUSE = ("begin", "grid", "resources", "pools", "calendars")  # what is the same in two problems of one house


@dataclass(frozen=True, kw_only=True)
class Offered:
    """Options for new patients, one after the other, each in the timetable as the ones before left it.

    ``taken`` is which option was taken (from 1), None where nothing was booked; ``problem`` and ``timetable`` are as they are after that.
    Printed words name nobody; ``as_json`` does.
    """

    problem: Journeys = field(repr=False)
    timetable: Timetable = field(repr=False)
    options: Mapping[str, tuple[Offer, ...]] = field(repr=False)
    taken: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Everybody's options as plain values: slots, costs, who would move where."""
        patients = [{"patient": who, "options": [_offer(o) for o in options]} for who, options in self.options.items()]
        return {"schema": 1, "taken": self.taken, "patients": patients}

    def __str__(self) -> str:
        return "\n".join(line for i, options in enumerate(self.options.values(), 1) for line in self._one(i, options))

    def _one(self, number: int, options: tuple[Offer, ...]) -> Iterator[str]:
        yield f"New patient {number} of {len(self.options)}: {many(len(options), 'option')}"
        for i, o in enumerate(options, 1):
            taken = " — taken" if i == self.taken else ""
            yield f"  {i}. {self._when(o.slots)}: costs the patient {o.cost:,}, the others {o.to_others:,}; {_moves(o)}{taken}"
        if not options:
            yield "  No whole path has room" + ("; left out." if self.taken else ".")

    def _when(self, slots: Mapping[str, Slot]) -> str:
        minutes = sorted(s.minute for s in slots.values())
        first, last = (datetime.combine(self.problem.begin, time()) + timedelta(minutes=minutes[i]) for i in (0, -1))
        begins = f"{first:%a} {first.day} {first:%b %H:%M}"
        to = "" if first.date() == last.date() else f" to {last:%a} {last.day} {last:%b}"
        days = len({m // DAY for m in minutes})
        return f"{begins}{to}, {many(len(slots), 'appointment')} on {many(days, 'day')}"


def offer(
    problem: Journeys | str | Path,
    timetable: Timetable | str | Path,
    more: Journeys | str | Path,
    *,
    take: int | None = None,
) -> Offered:
    """Up to three whole-path options for each new patient in ``more``, the cheapest for everybody first.

    ``more`` is a problem of the same house with the new patients in it; its days, weights and closures do not matter. With
    ``take`` that option is booked for each, before the next patient is asked for; whoever has no option is left out. Costs are in
    minutes of waiting.

    ``ProblemError`` where a file is damaged, ``more`` is of another house, somebody is in the problem already, or an option that is to be
    taken is not there.
    """
    given, new = read_problem(problem), read_problem(more)
    table = timetable.fits(given) if isinstance(timetable, Timetable) else read_timetable(timetable, given)
    if take is not None and not 1 <= take <= MOST:
        raise ProblemError("take", f"option {take}", f"Give a number from 1 to {MOST}.")
    _same_house(given, new, new.name if isinstance(more, Journeys) else str(more))
    whole = given if take is None else replace(given, journeys=given.journeys + new.journeys)
    desk, options = Desk(whole, table), dict[str, tuple[Offer, ...]]()
    for number, journey in enumerate(new.journeys, 1):
        found = options[journey.patient] = desk.options(journey, MOST)
        if take is not None and found:
            desk.take(_taken(found, take, number))
    return Offered(problem=whole, timetable=desk.timetable, options=options, taken=take)


def save_offered(offered: Offered, problem: str | Path, timetable: str | Path) -> None:
    """Write the problem with the new patients, and the timetable with what was taken: both, or none.

    ``InputError`` where one cannot be written, or both are to have one name.
    """
    put_all([(problem, journeys_text(offered.problem)), (timetable, journeys_text(offered.timetable))])


def _taken(found: tuple[Offer, ...], take: int, number: int) -> Offer:
    if take > len(found):
        say = f"new patient {number} has {many(len(found), 'option')}"
        raise ProblemError("take", f"{say}, and option {take} was to be taken", "Take one that is there.")
    return found[take - 1]


def _same_house(given: Journeys, new: Journeys, where: str) -> None:
    differs = [what for what in HOUSE if getattr(given, what) != getattr(new, what)]
    if differs:
        raise ProblemError(where, f"this is of another house: {', '.join(differs)} differ", "Make it from the same model.")
    if new.pinned:
        raise ProblemError(where, f"{many(len(new.pinned), 'task')} pinned", "New patients have nothing booked yet: take the pins out.")
    twice = sum(j.patient in given.journey for j in new.journeys)
    if twice:
        found = f"{many(twice, 'patient is', 'patients are')} in the problem already"
        raise ProblemError(where, found, "Give new patients only, or names of their own.")
    if not new.journeys:
        raise ProblemError(where, "nobody is in it", "Give at least one new patient.")


def _moves(o: Offer) -> str:
    return "nobody moves" if not o.moved else f"{many(len(o.moved), 'patient moves', 'patients move')}"


def _offer(o: Offer) -> dict[str, Any]:
    moved = {who: _slots(slots) for who, slots in o.moved.items()}
    return {"slots": _slots(o.slots), "cost": o.cost, "to_others": o.to_others, "moved": moved}


def _slots(slots: Mapping[str, Slot]) -> dict[str, Any]:
    return {task: {"minute": s.minute, "resources": list(s.resources)} for task, s in slots.items()}
