"""The rules of a timetable of whole paths, one function each. The two lists at the end are the table of contents.

Each rule reads the timetable alone and says where it broke, who, when and by how much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from sandcone.core.journeys import JourneyWeights
from sandcone.core.score import Broken
from sandcone.planning.journeys.visits import Use, Visit, Visits
from sandcone.planning.journeys.wishes import wishes_missed

Rule = Callable[[Visits], Iterator[Broken]]


def in_two_places_at_once(b: Visits) -> Iterator[Broken]:
    """A patient has two tasks at the same time, in minutes of both."""
    for visits in b.of.values():
        for one, other in combinations(visits, 2):
            both = min(one.end, other.end) - max(one.start, other.start)
            if both > 0:
                yield Broken("in_two_places_at_once", f"{one.where}, and {other.task.name}", both)


def more_patients_than_places(b: Visits) -> Iterator[Broken]:
    """A resource has more patients than places, and than may be overbooked, in places times minutes."""
    for r, uses in b.uses.items():
        most = b.problem.resources[r].capacity + b.problem.places_over[r]
        over = sum(max(sum(u.places for u in now) - most, 0) * minutes for minutes, now in moments(uses))
        if over:
            yield Broken("more_patients_than_places", f"resource {r}", over)


def more_expected_than_places(b: Visits) -> Iterator[Broken]:
    """More patients are expected to come to a resource than it has places, in thousandths of a place times minutes."""
    for r, uses in b.uses.items():
        if b.problem.places_over[r]:
            places = 1000 * b.problem.resources[r].capacity
            over = sum(max(sum(u.shows for u in now) - places, 0) * minutes for minutes, now in moments(uses))
            if over:
                yield Broken("more_expected_than_places", f"resource {r}", over)


def moments(uses: list[Use]) -> Iterator[tuple[int, list[Use]]]:
    """Stretches in which nothing changes: how many minutes, and what is taken."""
    now: list[Use] = []
    at = 0
    for time, begins, use in sorted([(u.start, True, i) for i, u in enumerate(uses)] + [(u.end, False, i) for i, u in enumerate(uses)]):
        if now and time > at:
            yield time - at, list(now)
        at = time
        if begins:
            now.append(uses[use])
        else:
            now.remove(uses[use])


def outside_open_hours(b: Visits) -> Iterator[Broken]:
    """A task is done when one of its resources is closed or away, in minutes."""
    for v in b.all:
        for r in v.resources:
            closed = b.closed_minutes(v, r)
            if closed:
                yield Broken("outside_open_hours", f"{v.where}, {r}", closed)


def too_near_closing(b: Visits) -> Iterator[Broken]:
    """A task begins so late that its resource would not begin it any more."""
    for v in b.all:
        for r in v.resources:
            latest = (
                end - b.problem.resources[r].last_start_minutes for start, end in b.hours[r] if start <= v.start < end < b.problem.minutes
            )
            if v.start > next(latest, v.start):
                yield Broken("too_near_closing", f"{v.where}, {r}", 1)


def outside_the_days(b: Visits) -> Iterator[Broken]:
    """A task lies before the first day or after the last."""
    for v in b.all:
        if v.start < 0 or v.end > b.problem.minutes:
            yield Broken("outside_the_days", v.where, 1)


def too_soon_after(b: Visits) -> Iterator[Broken]:
    """A task begins before the one it follows has ended, or sooner after it than is allowed, in minutes."""
    for k, one, other in b.links:
        short = one.end + k.at_least - other.start
        if short > 0:
            yield Broken("too_soon_after", f"{other.where}, after {one.task.name}", short)


def too_long_after(b: Visits) -> Iterator[Broken]:
    """A task begins later after the one it follows than is allowed, in minutes."""
    for k, one, other in b.links:
        if k.at_most is not None and other.start > one.end + k.at_most:
            yield Broken("too_long_after", f"{other.where}, after {one.task.name}", other.start - one.end - k.at_most)


def not_on_the_same_day(b: Visits) -> Iterator[Broken]:
    """Two tasks that belong on one day are on two."""
    for k, one, other in b.links:
        if k.same_day and one.day != other.day:
            yield Broken("not_on_the_same_day", f"{other.where}, and {one.task.name}", 1)


def not_with_the_same_one(b: Visits) -> Iterator[Broken]:
    """Two tasks that the same member of a pool has to do are done by two."""
    for k, one, other in b.links:
        if k.same_one is not None and _given(one, k.same_one) != _given(other, k.same_one):
            yield Broken("not_with_the_same_one", f"{other.where}, and {one.task.name}", 1)


def _given(v: Visit, pool: str) -> str | None:
    """Who meets the first need that this pool can meet."""
    return next((r for need, r in zip(v.task.needs, v.resources, strict=True) if pool in need.pools), None)


def before_release(b: Visits) -> Iterator[Broken]:
    """A task begins before the patient's journey may, in minutes; what is pinned may."""
    pinned = {(p.patient, p.task) for p in b.problem.pinned}
    for v in b.all:
        if v.start < v.journey.release and (v.journey.patient, v.task.name) not in pinned:
            yield Broken("before_release", v.where, v.journey.release - v.start)


def not_of_the_pool(b: Visits) -> Iterator[Broken]:
    """A task has a resource that cannot meet its need."""
    for v in b.all:
        for need, r in zip(v.task.needs, v.resources, strict=True):
            if r not in b.problem.members(need):
                yield Broken("not_of_the_pool", f"{v.where}, {r}", 1)


def pinned_and_moved(b: Visits) -> Iterator[Broken]:
    """A task that was booked already is elsewhere, or not at all."""
    for p in b.problem.pinned:
        if b.timetable.starts.get(p.patient, {}).get(p.task) != p.slot:
            yield Broken("pinned_and_moved", f"patient {p.patient}, {p.task}", 1)


def waiting(b: Visits) -> Iterator[Broken]:
    """From the day and hour a journey may begin to its first task, in minutes, times the patient's weight."""
    for who, visits in b.of.items():
        wait = min(v.start for v in visits) - visits[0].journey.release
        if wait > 0:
            yield Broken("waiting", f"patient {who}", visits[0].journey.weight * wait)


def journey_length(b: Visits) -> Iterator[Broken]:
    """From the beginning of the first task to the end of the last, nights included, in minutes."""
    for who, visits in b.of.items():
        yield Broken("journey_length", f"patient {who}", max(v.end for v in visits) - min(v.start for v in visits))


def lateness(b: Visits) -> Iterator[Broken]:
    """How long after it was due the last task ends, in minutes, times the patient's weight."""
    for who, visits in b.of.items():
        j = visits[0].journey
        late = max(v.end for v in visits) - j.due if j.due is not None else 0
        if late > 0:
            yield Broken("lateness", f"patient {who}", j.weight * late)


def days_of_visits(b: Visits) -> Iterator[Broken]:
    """On how many days the patient has to come."""
    for who, visits in b.of.items():
        yield Broken("days_of_visits", f"patient {who}", len({v.day for v in visits}))


def new_faces(b: Visits) -> Iterator[Broken]:
    """How many people of a pool the patient meets beyond one."""
    for who, visits in b.of.items():
        met = set().union(*(set(_met(b, v)) for v in visits))
        more = len(met) - len({pool for pool, _ in met})
        if more:
            yield Broken("new_faces", f"patient {who}", more)


def _met(b: Visits, v: Visit) -> Iterator[tuple[str, str]]:
    """The people met at a visit, each with the pool they stand in for there."""
    for need, r in zip(v.task.needs, v.resources, strict=True):
        pool = next((p for p in need.pools if r in b.problem.pools[p].members), None)
        if pool in b.problem.people:
            yield str(pool), r


def slack_missing(b: Visits) -> Iterator[Broken]:
    """How much sooner the patient's next task begins than the slack of an uncertain one allows, in minutes."""
    for visits in b.of.values():
        for v in visits:
            after = [o.start for o in visits if o is not v and o.start >= v.end]
            short = v.end + v.task.booked_slack - min(after) if after else 0
            if short > 0:
                yield Broken("slack_missing", v.where, short)


def left_out(b: Visits) -> Iterator[Broken]:
    """A patient has no place at all, times the patient's weight."""
    for who in b.timetable.left_out(b.problem):
        yield Broken("left_out", f"patient {who}", b.problem.journey[who].weight)


MUST: tuple[Rule, ...] = (
    in_two_places_at_once,
    more_patients_than_places,
    more_expected_than_places,
    outside_open_hours,
    too_near_closing,
    outside_the_days,
    too_soon_after,
    too_long_after,
    not_on_the_same_day,
    not_with_the_same_one,
    before_release,
    not_of_the_pool,
    pinned_and_moved,
)

SHOULD: tuple[tuple[Rule, Callable[[JourneyWeights], int]], ...] = (
    (waiting, lambda w: w.waiting),
    (journey_length, lambda w: w.length),
    (lateness, lambda w: w.lateness),
    (wishes_missed, lambda w: w.wish),
    (days_of_visits, lambda w: w.visit_day),
    (new_faces, lambda w: w.new_face),
    (slack_missing, lambda w: w.slack),
    (left_out, lambda w: w.left_out),
)
