"""Is the twin true? Learn from the past, simulate the time after it, and hold both against what really came."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from sandcone.core.clock import local_date, local_moment
from sandcone.core.errors import EmptyError, SandconeError
from sandcone.core.estimate import Measures
from sandcone.core.log import EventLog
from sandcone.core.model import Model
from sandcone.core.truth import Tried
from sandcone.measuring import measure
from sandcone.measuring.distances import rows
from sandcone.measuring.holdout import halves, until
from sandcone.measuring.replaying import all_over, cut, replayed, since, span, without, without_needs
from sandcone.measuring.truth import apart, judge, told_as
from sandcone.modelling import model as learn
from sandcone.modelling import standing
from sandcone.simulating import simulate

Told = Callable[[str], None]
House = Literal["filled", "standing"]
SHARE = 0.8
MOST_TESTED = 50_000  # steps: of a large log, a shorter time is tested
SETTLE = (7, 90)  # days that the house may fill up before the time that is tested, at least and at most
HALVES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Test:
    """What the twin is held against: the cases that came from ``at`` on, as the log tells of them at ``last``."""

    past: EventLog
    test: EventLog
    at: datetime
    last: datetime
    over: bool  # only journeys that are over are in the log


def validate(
    log: EventLog,
    model: Model | None = None,
    *,
    seed: int,
    runs: int = 10,
    draws: int = 400,
    house: House = "filled",
    told: Told | None = None,
) -> Tried:
    """Say of every number whether the twin has it right, by a time that it did not learn from.

    Without a ``model`` one is learnt from the first 80 % of the steps, and simulated ``runs`` times through the time after; with one, that
    is held against the same time. The runs begin with a house that some days before have filled, or with the one that was ``standing``
    at the cut. Beside them stand the past replayed, and the noise between two real halves. ``EmptyError`` where the log is too short to
    be parted, or cannot support a twin.
    """
    say: Told = told or (lambda _words: None)
    if log.site.dates_shifted:
        raise EmptyError(log.source, "its dates were moved case by case", "No calendar, queue or arrival can be learnt from such a log.")
    test = _parted(log)
    learnt = model or learn(test.past, seed=seed, told=say)
    seen = measure(test.test, seed=seed, draws=draws, told=say)
    if house == "standing":
        made, said = _from_the_house(learnt, log, test, seed, runs, say)
    else:
        made, said = _filled(learnt, test, seen, seed, runs, say), ()
    say("holding the twin against what really came")
    naive = without_needs(replayed(test.past, test.test))
    real = [halves(test.test, seed=seed, draw=d) for d in range(HALVES)]
    truth = judge(
        seen,
        [_measured(m, seed) for m in made],
        naive=[_measured(naive, seed)],
        floor=[(_measured(a, seed), _measured(b, seed)) for a, b in real],
        distances=apart(rows(test.test), [rows(m) for m in made], naive=[rows(naive)], floor=[(rows(a), rows(b)) for a, b in real]),
    )
    said = (*said, *_in_sample(model, test, log))
    cases = _cases(test.past), _cases(test.test)
    return Tried(cases_learnt=cases[0], cases_tested=cases[1], notes=learnt.notes, said=said, model=learnt, truth=truth)


def tried(log: EventLog, *, seed: int, runs: int = 5, told: Told | None = None) -> Tried:
    """The same for the main job: a log that cannot support a twin gives the reason, not a refusal."""
    try:
        return validate(log, seed=seed, runs=runs, draws=100, told=told)
    except SandconeError as e:
        return Tried(why=str(e))


def _parted(log: EventLog) -> _Test:
    steps = int(log.table.count().to_pyarrow().as_py())
    at, last, over = cut(log, max(SHARE, 1 - MOST_TESTED / max(steps, 1))), span(log)[1], all_over(log)
    return _Test(past=until(log, at, only_over=over), test=without_needs(since(log, at)), at=at, last=last, over=over)


def _filled(learnt: Model, test: _Test, seen: Measures, seed: int, runs: int, say: Told) -> list[EventLog]:
    """The time of the test, again and again, after days in which the house fills up."""
    begin = _begin(test, seen)
    midnight = datetime(begin.year, begin.month, begin.day)
    days = (test.last - midnight) / timedelta(days=1) + 1
    warm_up = (test.at - midnight) / timedelta(minutes=1)
    made = simulate(replace(learnt, begin=begin), seed=seed, replications=runs, days=days, warm_up=max(warm_up, 0), told=say)
    return [told_as(until(one, test.last, only_over=test.over), test.test) for one in made.logs]


def _from_the_house(learnt: Model, log: EventLog, test: _Test, seed: int, runs: int, say: Told) -> tuple[list[EventLog], tuple[str, ...]]:
    """The time of the test, again and again, from the house as it stood at the cut; who was there is not judged, as in the test."""
    stands = standing(learnt, log, local_moment(test.at, log.zone), seed=seed)
    days = (test.last - test.at) / timedelta(days=1) + 1
    made = simulate(
        stands.model, seed=seed, replications=runs, days=days, present=stands.present, first_minute=stands.first_minute, told=say
    )
    new = (without(until(one, test.last, only_over=test.over), [p.name for p in stands.present]) for one in made.logs)
    return [told_as(one, test.test) for one in new], stands.notes


def _begin(test: _Test, seen: Measures) -> date:
    stay = seen.get("throughput_time.p90")
    days = 3 * stay.value / 24 if stay is not None and stay.known else 0
    return local_date(test.at, test.test.zone) - timedelta(days=min(max(math.ceil(days), SETTLE[0]), SETTLE[1]))


def _measured(log: EventLog, seed: int) -> Measures:
    return measure(log, seed=seed, draws=0)


def _cases(log: EventLog) -> int:
    return int(log.table.select("case").distinct().count().to_pyarrow().as_py())


def _in_sample(model: Model | None, test: _Test, log: EventLog) -> tuple[str, ...]:
    if model is None or model.begin <= local_date(test.at, log.zone) + timedelta(days=1):
        return ()
    return (
        "The model was learnt from the very time it is held against here, so this flatters it. Learn one from the past alone to be sure.",
    )
