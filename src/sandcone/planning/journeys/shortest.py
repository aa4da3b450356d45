"""How short a journey can be, however empty the house: in minutes from its first task to its last, and in days of visits."""

from __future__ import annotations

from sandcone.core.journey import Journey
from sandcone.core.journeys import DAY


def shortest(journey: Journey) -> int:
    """The fewest minutes from the first beginning to the last end: its links in a row, and no two tasks at once."""
    ends: list[int] = []
    for x, task in enumerate(journey.tasks):
        before = [ends[journey.place(k.before)] + k.at_least for k in journey.every_link() if journey.place(k.after) == x]
        ends.append(max(before, default=0) + task.minutes)
    return max(*ends, sum(t.minutes for t in journey.tasks))


def fewest_days(journey: Journey) -> int:
    """On how many days the patient has to come at least: a link of a day or more leads to another day."""
    days, links = [1] * len(journey.tasks), journey.every_link()
    for x in range(len(journey.tasks)):
        for k in links:
            if journey.place(k.after) == x:
                days[x] = max(days[x], days[journey.place(k.before)] + (k.at_least >= DAY))
    return max(days)
