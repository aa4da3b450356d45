"""A small timetable for tests of what is made from one: two patients who are booked, one who has no place."""

from __future__ import annotations

from datetime import date

from sandcone.core.journey import Journey, Slot, Task
from sandcone.core.journeys import Journeys, Timetable
from sandcone.core.model import Need, Pool, Resource

NEED = (Need(pools=("doctors",)),)


def clinic(begin: date = date(2030, 1, 7), first: int = 540) -> tuple[Journeys, Timetable]:
    """Ann has a talk of 30 minutes at minute ``first`` and a scan of 90 the day after at 7; Bo; a talk at 10:15; Cy; nothing."""
    ann = Journey(patient="ann", tasks=(Task(name="talk, first", step="Talk", minutes=30, needs=NEED), Task(name="scan", minutes=90)))
    bo = Journey(patient="Bo; Ö", tasks=(Task(name="talk", step="Talk", minutes=20, needs=NEED),))
    cy = Journey(patient="cy", tasks=(Task(name="talk", minutes=20, needs=NEED),))
    problem = Journeys(
        name="clinic",
        begin=begin,
        days=5,
        resources={"Dr Eve": Resource(), "Dr Fay": Resource()},
        pools={"doctors": Pool(members=("Dr Eve", "Dr Fay"))},
        journeys=(ann, bo, cy),
    )
    starts = {
        "ann": {"talk, first": Slot(minute=first, resources=("Dr Eve",)), "scan": Slot(minute=1860)},
        "Bo; Ö": {"talk": Slot(minute=615, resources=("Dr Fay",))},
    }
    return problem, Timetable(starts=starts)
