"""The verbs about plans for whichever problem there is: inpatients, or whole paths. What a file holds is seen here, and once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias

from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.core.journeys import Journeys, Timetable
from sandcone.core.place import not_over
from sandcone.flow.kinds import kind_of
from sandcone.flow.watching import Words
from sandcone.planning import Score
from sandcone.planning.changes_file import Changes
from sandcone.planning.keep import Disturbance
from sandcone.planning.planned import Planned, Seen
from sandcone.planning.replanned import Replanned
from sandcone.planning.until import Until

if TYPE_CHECKING:  # the search for whole paths is compiled, which who has inpatients need not wait for
    from sandcone.planning.compare import Compared
    from sandcone.planning.explain import Explained
    from sandcone.planning.journeys.changes_file import JourneyChanges
    from sandcone.planning.journeys.compared import ComparedJourneys, ReplannedJourneys
    from sandcone.planning.journeys.explain import WhyNotEarlier
    from sandcone.planning.journeys.planned import PlannedJourneys
    from sandcone.planning.journeys.price import Price

File: TypeAlias = "str | Path"
AnyProblem: TypeAlias = "Problem | Journeys | File"
AnyPlan: TypeAlias = "InpatientPlan | Timetable | File"


def verbs_for(problem: AnyProblem) -> ModuleType:
    """The module whose verbs hold for a problem: ``flow.inpatients`` or ``flow.journeys``, which have the same ones."""
    if kind_of(problem) == "whole paths":
        from sandcone.flow import journeys

        return journeys
    from sandcone.flow import inpatients

    return inpatients


def plan(
    problem: AnyProblem,
    *,
    stop: str | Iterable[str] | Until,
    seed: int,
    cores: int = 2,
    out: File | None = None,
    start: AnyPlan | None = None,
    bound: float | None = None,
    weights: File | None = None,
    told: Words | None = None,
    watched: Callable[[Seen], None] | None = None,
) -> Planned | PlannedJourneys:
    """The best plan found before it is time to stop: of inpatients their day, room, theatre and nurses, of whole paths every appointment.

    ``stop`` is such as "600s", "10m", "1000000 moves", "2%" (of the gap to a lower bound) or several of them, whichever is first. The best
    plan so far is in ``out`` at all times; Ctrl-C ends the search with it. ``start`` is a plan to begin with, ``bound`` how many seconds to
    look for a lower bound first, ``weights`` (inpatients only) a file of weights in words. ``told`` hears words, ``watched`` about once a
    second what was come to. The same seed, cores and moves give the same plan.

    ``ProblemError`` where the problem or ``start`` is damaged, an option means nothing for it, and where nothing was found that can be
    carried out.
    """
    _not_over(out, problem, weights)
    asked = {"stop": stop, "seed": seed, "cores": cores, "out": out, "start": start, "bound": bound, "weights": weights}
    found: Planned | PlannedJourneys = verbs_for(problem).plan(problem, **asked, told=told, watched=watched)
    return found


def _not_over(out: File | None, *made_from: object) -> None:
    if out is not None:
        not_over(Path(out), *made_from)


def check(problem: AnyProblem, plan: AnyPlan, *, changes: File | None = None) -> Score:
    """Score a plan by every rule, apart from whatever made it: what it breaks that it may not, and what it costs.

    Inpatient problems and plans are files in the form of the IHTC-2024 competition or folders of tables, whole paths and timetables files
    that sandcone wrote; ``changes`` is a file of changes, after which the plan is to hold. ``ProblemError`` where one is damaged.
    """
    found: Score = verbs_for(problem).check(problem, plan, changes=changes)
    return found


def compare(
    problem: AnyProblem, first: AnyPlan, second: AnyPlan | None = None, *, changes: File | None = None
) -> Compared | ComparedJourneys:
    """Two plans of one problem side by side: by rule, and for whom they differ; without a second, first come, first served is the other.

    Files and errors are those of ``check``.
    """
    found: Compared | ComparedJourneys = verbs_for(problem).compare(problem, first, second, changes=changes)
    return found


def replan(
    problem: AnyProblem,
    plan: AnyPlan,
    *,
    stop: str | Iterable[str] | Until,
    seed: int,
    changes: Changes | JourneyChanges | File | None = None,
    cores: int = 2,
    frozen_until: int | None = None,
    price: Disturbance | Price | str | None = None,
    out: File | None = None,
    told: Words | None = None,
    watched: Callable[[Seen], None] | None = None,
) -> Replanned | ReplannedJourneys:
    """A new plan after something changed: as good as can be found, with little moved, and who was.

    ``changes`` says what changed and what is fixed. What is before day ``frozen_until`` stays as it is, and nothing else comes before it.
    ``price`` is what a change of the plan costs, in words ("day=50,room=10" for inpatients, "day=2,hour=0.1" for whole paths) or a value.
    The best plan so far is in ``out`` at all times.

    ``ProblemError`` where a file is damaged, a change or a pin impossible, and where nothing was found that can be carried out.
    """
    _not_over(out, problem, changes)
    asked = {"stop": stop, "seed": seed, "changes": changes, "cores": cores, "frozen_until": frozen_until, "price": price, "out": out}
    found: Replanned | ReplannedJourneys = verbs_for(problem).replan(problem, plan, **asked, told=told, watched=watched)
    return found


def explain(
    problem: AnyProblem, plan: AnyPlan, patient: str, *, weights: File | None = None, changes: File | None = None
) -> Explained | WhyNotEarlier:
    """Why a plan has a patient where it does: for inpatients every other place by what it would cost, for whole paths why not earlier.

    ``weights`` is a file of weights in words (inpatients only), ``changes`` a file of changes after which the plan was made.
    ``ProblemError`` where a file is damaged, and where the problem has no such patient.
    """
    found: Explained | WhyNotEarlier = verbs_for(problem).explain(problem, plan, patient, weights=weights, changes=changes)
    return found


def left_out(
    problem: AnyProblem, plan: AnyPlan, *, weights: File | None = None, changes: File | None = None
) -> tuple[tuple[str, str], ...]:
    """Every patient a plan leaves out, each with a sentence that says why; files and errors are those of ``explain``."""
    found: tuple[tuple[str, str], ...] = verbs_for(problem).left_out(problem, plan, weights=weights, changes=changes)
    return found


def report(done: Planned | Replanned | PlannedJourneys | ReplannedJourneys, folder: File, *, made: str = "") -> Path:
    """Put a plan into a folder for people who would rather look than read: its page, the plan, tables; says where the page is."""
    found: Path = verbs_for(done.problem).report(done, folder, made=made)
    return found
