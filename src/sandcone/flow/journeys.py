"""The verbs about plans, for whole paths: plan, check, compare, replan, explain; ``flow.verbs`` chooses between these and inpatients'."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from sandcone.core.errors import ProblemError
from sandcone.core.journeys import DAY, Journeys, Timetable
from sandcone.core.score import Score
from sandcone.flow.best_timetable import BestTimetable
from sandcone.flow.journeys_page import report
from sandcone.flow.plans import COMPILING, both_names, for_the_bound, name_of, not_carried_out
from sandcone.flow.replans import stop_of
from sandcone.flow.watching import Words, watching
from sandcone.planning.bounds import Bound
from sandcone.planning.found import Progress, Stop
from sandcone.planning.journeys.again import begin_again, still
from sandcone.planning.journeys.bounds import bound as share_bound
from sandcone.planning.journeys.bounds import boundable, least_cost
from sandcone.planning.journeys.calm import calmed
from sandcone.planning.journeys.changes import held_to
from sandcone.planning.journeys.changes_file import JourneyChanges, read_journey_changes
from sandcone.planning.journeys.compared import ComparedJourneys, ReplannedJourneys, compare_journeys, replanned
from sandcone.planning.journeys.explain import WhyNotEarlier, why_not_earlier
from sandcone.planning.journeys.explain import why_left_out as each_left_out
from sandcone.planning.journeys.first import first_come
from sandcone.planning.journeys.planned import PlannedJourneys
from sandcone.planning.journeys.price import Price, price_of
from sandcone.planning.journeys.score import score_journeys
from sandcone.planning.journeys.search import FoundJourneys, plan_journeys
from sandcone.planning.planned import Seen
from sandcone.planning.searchable import drawable
from sandcone.planning.until import Until, until
from sandcone.reading.journeys import read_journeys, read_timetable

__all__ = ["check", "compare", "explain", "left_out", "plan", "replan", "report"]

File = str | Path
Given = Journeys | str | Path
Booked = Timetable | str | Path
Said = JourneyChanges | str | Path | None
Watched = Callable[[Seen], None] | None


def plan(
    problem: Given,
    *,
    stop: str | Iterable[str] | Until,
    seed: int,
    cores: int = 2,
    out: File | None = None,
    start: Booked | None = None,
    bound: float | None = None,
    weights: File | None = None,
    told: Words | None = None,
    watched: Watched = None,
) -> PlannedJourneys:
    """Book every patient's whole path: the best timetable that is found before it is time to stop; see ``flow.verbs.plan``."""
    _no_weights(weights)
    asked = until(stop)
    drawable(seed, cores)
    seconds, given = for_the_bound(asked, bound), read_problem(problem)
    if seconds:
        boundable(given)
    begun = None if start is None else _timetable(start, given)
    say = told or _silent
    say(COMPILING)
    best = BestTimetable(given, None if out is None else Path(out))
    plainest, least = first_come(given), least_cost(given)
    if begun is not None:  # before first come, as ``out`` may be the file of ``start``
        begun = begin_again(given, begun)
        best.offer(begun)
    best.offer(plainest)
    shared, found = None, None
    try:
        shared = _bound(given, seconds, say)
        lower, spent = (least.cost, 0.0) if shared is None else (max(shared.value, least.cost), shared.seconds)
        found = _searched(best, asked.stop(bound=lower, spent=spent), seed, cores, begun, lower, watched)
    except KeyboardInterrupt:
        if best.plan is None:
            raise
    if best.plan is None or best.score is None:
        raise _nothing_found(given, found)
    return PlannedJourneys(
        problem=given, timetable=best.plan, score=best.score, rival=score_journeys(given, plainest), least=least, shared=shared, found=found
    )


def _bound(problem: Journeys, seconds: float | None, say: Words) -> Bound | None:
    """The bound that knows that people and rooms are shared, looked for in so many seconds; None where nobody asked for it."""
    if not seconds:
        return None
    say(f"looking for a lower bound ({seconds:.0f} s)")
    found = share_bound(problem, seconds)
    say(f"no timetable can cost less than {found.value:,}")
    return found


def _searched(
    best: BestTimetable, stop: Stop, seed: int, cores: int, start: Timetable | None, lower: int | None, watched: Watched
) -> FoundJourneys:
    """What the search found; the best of it is kept."""
    listener = watching(best, watched)

    def told(progress: Progress) -> None:
        if listener is not None:
            listener(replace(progress, bound=lower))

    found = plan_journeys(best.problem, stop=stop, seed=seed, cores=cores, start=start, told=told, kept=best.offer)
    if found.timetable != best.plan:  # what Ctrl-C kept from the disk
        best.offer(found.timetable)
    return found


def check(problem: Given, plan: Booked, *, changes: Said = None) -> Score:
    """Score a timetable by every rule, apart from whatever made it; ``changes`` is a file of changes, after which it is to hold."""
    given, (timetable,) = _both(problem, changes, plan)
    return score_journeys(given, timetable)


def compare(problem: Given, first: Booked, second: Booked | None = None, *, changes: Said = None) -> ComparedJourneys:
    """Two timetables of one problem side by side; without a second, first come, first served is the other, and stands first."""
    given, found = _both(problem, changes, *([first] if second is None else [first, second]))
    if second is None:
        return compare_journeys(given, first_come(given), found[0], names=("first come", _called(first, "timetable")))
    names = ("A", "B") if isinstance(first, Timetable) or isinstance(second, Timetable) else both_names(first, second)
    return compare_journeys(given, *found, names=names)


def replan(
    problem: Given,
    plan: Booked,
    *,
    stop: str | Iterable[str] | Until,
    seed: int,
    changes: Said = None,
    cores: int = 2,
    frozen_until: int | None = None,
    price: Price | str | None = None,
    out: File | None = None,
    told: Words | None = None,
    watched: Watched = None,
) -> ReplannedJourneys:
    """A new timetable after something changed, close to the one before; see ``flow.verbs.replan``.

    ``price`` is what each task on another day than told costs, and what one at another hour or with somebody else has to save.
    """
    stops = stop_of(stop)
    drawable(seed, cores)
    given = read_problem(problem)
    said, before = _changes(changes, given), _timetable(plan, given)
    day = said.frozen_until if frozen_until is None else frozen_until
    if not 0 <= day <= given.days:
        raise ProblemError("frozen_until", f"day {day}", f"Give a day from 0 to {given.days}.")
    cost = (price_of(price) if isinstance(price, str) else price) or said.price or Price()
    now = said.after(given)
    told_days = still(now, before)
    held = held_to(now, told_days, frozen_until=DAY * day, price=cost.day)
    (told or _silent)(COMPILING)
    best = BestTimetable(held, None if out is None else Path(out))
    start = begin_again(held, told_days)
    best.offer(start)
    found = _searched(best, stops, seed, cores, start, None, watched)
    if best.plan is None or best.score is None:
        raise _nothing_found(held, found)
    best.settle(calmed(held, start, best.plan, least=cost.hour * held.weights.wish))
    free = score_journeys(held_to(now, told_days, frozen_until=DAY * day), best.plan)
    score, was = score_journeys(now, best.plan), score_journeys(given, before)
    known = {"before": was, "score": score, "price": cost, "disturbance": best.score.cost - free.cost, "found": found}
    return replanned(now, told_days, best.plan, **known)


def explain(problem: Given, plan: Booked, patient: str, *, weights: File | None = None, changes: Said = None) -> WhyNotEarlier:
    """Why a patient does not begin earlier: day by day what is full, or what a path from that day would cost."""
    _no_weights(weights)
    given, (timetable,) = _both(problem, changes, plan)
    return why_not_earlier(given, timetable, patient)


def left_out(problem: Given, plan: Booked, *, weights: File | None = None, changes: Said = None) -> tuple[tuple[str, str], ...]:
    """Every patient who is left out, each with a sentence that says why."""
    _no_weights(weights)
    given, (timetable,) = _both(problem, changes, plan)
    return tuple((w.patient, w.why_left_out()) for w in each_left_out(given, timetable))


def read_problem(problem: Given) -> Journeys:
    """A problem, from its file where it is one."""
    return problem if isinstance(problem, Journeys) else read_journeys(problem)


def _timetable(plan: Booked, problem: Journeys) -> Timetable:
    return plan.fits(problem) if isinstance(plan, Timetable) else read_timetable(plan, problem)


def _both(problem: Given, changes: Said, *plans: Booked) -> tuple[Journeys, list[Timetable]]:
    """The problem as it is after changes, and of the timetables what there still is."""
    given = read_problem(problem)
    after = _changes(changes, given).after(given)
    return after, [still(after, _timetable(p, given)) for p in plans]


def _changes(said: Said, problem: Journeys) -> JourneyChanges:
    if said is None or isinstance(said, JourneyChanges):
        return said or JourneyChanges()
    return read_journey_changes(said, problem)


def _called(plan: Booked, otherwise: str) -> str:
    return otherwise if isinstance(plan, Timetable) else name_of(plan)


def _no_weights(weights: File | None) -> None:
    if weights is not None:
        raise ProblemError(str(weights), "weights in words are for inpatients", 'Change "weights" in the file of whole paths.')


def _silent(words: str) -> None:
    """Nobody listens."""


def _nothing_found(problem: Journeys, found: FoundJourneys | None) -> ProblemError:
    """The refusal where no timetable can be carried out: what the nearest one breaks."""
    nearest = None if found is None else score_journeys(problem, found.timetable)
    return not_carried_out(problem.name, "timetable", nearest, "Look at what is pinned or frozen, and at what is closed then.")
