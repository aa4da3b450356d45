"""What moved for little goes back: after a search, told hours and people are kept where another gains next to nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sandcone.core.journeys import DAY, Journeys, Timetable
from sandcone.planning.journeys.states import state_of
from sandcone.planning.journeys.tables import tables
from sandcone.planning.journeys.visits import Use, Visits


def calmed(problem: Journeys, before: Timetable, after: Timetable, *, least: float) -> Timetable:
    """The timetable after, in which those whose moves do not save enough are back where they were before.

    Patients whose old places others have taken go back together with those, or not at all, so what could be carried out still can: at
    each moment a resource has old uses alone or new uses alone. A group goes back where it saves no more than ``least`` minutes of waiting
    for each task that is on the day it was on, at another hour or with somebody else.
    """
    given = tables(problem)
    was, will = (state_of(problem, given, t).cost.tolist() for t in (before, after))
    saved = {j.patient: old - new for j, old, new in zip(problem.journeys, was, will, strict=True)}
    starts = dict(after.starts)
    for group in _groups(problem, before, after):
        if sum(saved[who] for who in group) <= least * sum(_moved(before, after, who) for who in group):
            for who in group:
                starts.pop(who, None)
                if who in before.starts:
                    starts[who] = before.starts[who]
    return Timetable(starts=starts)


def _moved(before: Timetable, after: Timetable, who: str) -> int:
    """How many tasks of one patient stay on their day and are at another hour or with somebody else."""
    old, new = before.starts.get(who, {}), after.starts.get(who, {})
    return sum(old[t] != new[t] and old[t].minute // DAY == new[t].minute // DAY for t in old.keys() & new.keys())


def _groups(problem: Journeys, before: Timetable, after: Timetable) -> list[list[str]]:
    """Who has moved, in groups in which one's old place is another's new one."""
    moved = [j.patient for j in problem.journeys if before.starts.get(j.patient) != after.starts.get(j.patient)]
    lead = {who: who for who in moved}

    def leader(who: str) -> str:
        while lead[who] != who:
            lead[who] = lead[lead[who]]
            who = lead[who]
        return who

    old, new = Visits(problem, before).uses, Visits(problem, after).uses
    for r in old.keys() & new.keys():
        ours = ([u for u in uses[r] if u.patient in lead] for uses in (old, new))
        for a, b in _overlapping(*ours):
            lead[leader(a)] = leader(b)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for who in moved:
        found[leader(who)].append(who)
    return list(found.values())


def _overlapping(old: list[Use], new: list[Use]) -> Iterator[tuple[str, str]]:
    """Pairs of patients of whom one had a resource when the other has it now; both lists are in order of their beginnings."""
    open_now: list[Use] = []
    at = 0
    for a in old:
        while at < len(new) and new[at].start < a.end:
            open_now.append(new[at])
            at += 1
        open_now = [b for b in open_now if b.end > a.start]
        yield from ((a.patient, b.patient) for b in open_now if b.start < a.end)
