"""The verb replan, joined to the readers of its files: a new plan after something changed, close to the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.core.presence import Presence
from sandcone.flow.best import Best
from sandcone.flow.files import frozen, problem_of, with_emergencies
from sandcone.flow.plans import COMPILING, nothing_found
from sandcone.flow.watching import Words, watching
from sandcone.planning import score
from sandcone.planning.changes import PatientCancels, changed
from sandcone.planning.changes_file import Changes, read_changes
from sandcone.planning.found import Stop
from sandcone.planning.keep import Disturbance, Keep, still
from sandcone.planning.moved import why
from sandcone.planning.planned import Seen
from sandcone.planning.price import price as price_of
from sandcone.planning.price import usual_price
from sandcone.planning.replanned import Replanned
from sandcone.planning.searchable import drawable, searchable
from sandcone.planning.until import Until, until
from sandcone.reading import read_inpatient_plan


def replan(
    problem: Problem | str | Path,
    plan: InpatientPlan | str | Path,
    *,
    stop: str | Iterable[str] | Until,
    seed: int,
    changes: Changes | str | Path | None = None,
    cores: int = 2,
    frozen_until: int | None = None,
    price: Disturbance | str | None = None,
    out: str | Path | None = None,
    told: Words | None = None,
    watched: Callable[[Seen], None] | None = None,
) -> Replanned:
    """A new plan after something changed: as good as can be found, with few patients and nurses moved, and why each was.

    ``changes`` says what changed and what is fixed (a file, or ``Changes``). Admissions before day ``frozen_until`` stay as they are, and
    nobody else comes before it; ``price`` says in units of cost what each change of the plan costs: both as in the file if not said here,
    and a price in proportion to the problem's weights if nowhere. The best plan so far is in ``out`` at all times.

    ``ProblemError`` where a file is damaged, a change or a pin impossible, and where no plan was found that can be carried out.
    """
    stops = stop_of(stop)
    drawable(seed, cores)
    given = problem_of(problem)
    said = changes if isinstance(changes, Changes) else Changes() if changes is None else read_changes(changes, given)
    before = plan if isinstance(plan, InpatientPlan) else read_inpatient_plan(plan, with_emergencies(given, said.changes))
    until_day = said.frozen_until if frozen_until is None else frozen_until
    now = changed(given, said.changes, staying=frozen(before, until_day))
    cost = (price_of(price) if isinstance(price, str) else price) or said.price or usual_price(given.weights)
    keep = Keep(before=before, pins=said.pins, nurse_pins=said.nurse_pins, price=cost, frozen_until=until_day)
    searchable(now)
    keep.possible(now)
    best = Best(now, None if out is None else Path(out), keep)
    if not keep.pins and not keep.nurse_pins:
        best.offer(still(now, before))  # where it can still be carried out, it is there from the first moment
    (told or (lambda words: None))(COMPILING)
    from sandcone.planning.search import plan_inpatients

    listener = watching(best, watched)
    found = plan_inpatients(now, stop=stops, seed=seed, cores=cores, told=listener, kept=best.offer, keep=keep)
    best.offer(found.plan)
    if best.plan is None or best.score is None:
        raise nothing_found(now, found)
    nurses, ill = _nurses(now, before, best.plan)
    gone = [c.patient for c in said.changes if isinstance(c, PatientCancels)]
    moved = why(now, keep, best.plan, said.changes, cancelled=gone)
    was = score(with_emergencies(given, said.changes), before)
    return Replanned(
        problem=now, plan=best.plan, before=was, score=best.score, moved=moved, nurses=nurses, ill=ill, price=cost, found=found
    )


def stop_of(said: str | Iterable[str] | Until) -> Stop:
    """When planning again stops; ``ProblemError`` where a gap is asked for."""
    asked = until(said)
    if asked.gap is not None:
        raise ProblemError("stop", "a gap", "Planning again has no lower bound to be near to: say a time or a number of moves.")
    return asked.stop(bound=None)


def _nurses(problem: Problem, before: InpatientPlan, after: InpatientPlan) -> tuple[int, int]:
    """Rooms and shifts with somebody in them that have another nurse than before, and those of them whose nurse is no longer on duty."""
    seen = Presence(problem, after)
    used = {(room, shift) for room, day in seen.in_room for shift in seen.shifts_of(day)}
    other = [at for at in used if before.care.get(at) not in (None, after.care[at])]
    gone = [(r, s) for r, s in other if (n := before.care[r, s]) not in problem.nurse or s not in problem.nurse[n].most]
    return len(other), len(gone)
