"""A timetable changed: what has begun or is near stays, what was told moves only for a price, and what two timetables differ in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sandcone.core.errors import ProblemError
from sandcone.core.journey import Journey, Stays
from sandcone.core.journeys import DAY, Journeys, Pinned, Timetable
from sandcone.planning.journeys.states import state_of
from sandcone.planning.journeys.tables import tables


def held_to(problem: Journeys, before: Timetable, *, frozen_until: int = 0, price: int = 0) -> Journeys:
    """The problem of tomorrow: tasks that begin before a minute are pinned, and to move any other to another day costs ``price`` wishes.

    Nothing else begins before that minute: journeys may begin then at the soonest, which takes a wait off all timetables alike. ``price``
    is the weight of a wish to keep each told day; 0 lets all else move freely. Plan it with ``start=before``. ``ProblemError`` where a
    task is pinned and begins elsewhere before that minute.
    """
    names = [j for j in problem.journeys if j.patient in before.starts]
    pinned = {(p.patient, p.task): p for p in problem.pinned}
    for j in names:
        for task, slot in before.starts[j.patient].items():
            if slot.minute < frozen_until:
                stays = Pinned(patient=j.patient, task=task, slot=slot)
                if pinned.setdefault((j.patient, task), stays) != stays:
                    where = f"pin of {task!r} of patient {j.patient!r}"
                    raise ProblemError(where, "fixed twice, and not alike", "Take the pin out, or freeze fewer days.")
    kept = {j.patient: _told(j, before, price) for j in names} if price else {}
    held = (kept.get(j.patient, j) for j in problem.journeys)
    later = tuple(replace(j, release=max(j.release, frozen_until)) for j in held)
    return replace(problem, journeys=later, pinned=tuple(pinned.values()))


def _told(j: Journey, before: Timetable, price: int) -> Journey:
    stays = tuple(Stays(task=t, day=slot.minute // DAY, weight=price) for t, slot in before.starts[j.patient].items())
    return replace(j, wishes=j.wishes + stays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changes for one patient: which tasks are on another day or at another hour, with somebody else; and the costs."""

    patient: str
    other_day: tuple[str, ...]
    other_hour: tuple[str, ...]
    other_one: tuple[str, ...]
    before: int
    after: int


def changes(problem: Journeys, before: Timetable, after: Timetable) -> tuple[Change, ...]:
    """What two timetables differ in, patient by patient, the most harmed first; patients for whom nothing changes are not named.

    A patient who is in one of them only has all tasks named under ``other_day``. Costs are in minutes of waiting.
    """
    given = tables(problem)
    costs = [state_of(problem, given, t.fits(problem)).cost.tolist() for t in (before, after)]
    found = [_change(j, before, after, old, new) for j, old, new in zip(problem.journeys, *costs, strict=True)]
    return tuple(sorted((c for c in found if c.other_day or c.other_hour or c.other_one), key=lambda c: c.before - c.after))


def _change(j: Journey, before: Timetable, after: Timetable, old: int, new: int) -> Change:
    was, will = before.starts.get(j.patient), after.starts.get(j.patient)
    day, hour, one = [], [], []
    for t in (t.name for t in j.tasks):
        if was is None or will is None:
            day += [t] if was is not will else []
            continue
        if was[t].minute // DAY != will[t].minute // DAY:
            day.append(t)
        elif was[t].minute != will[t].minute:
            hour.append(t)
        if was[t].resources != will[t].resources:
            one.append(t)
    return Change(patient=j.patient, other_day=tuple(day), other_hour=tuple(hour), other_one=tuple(one), before=old, after=new)
