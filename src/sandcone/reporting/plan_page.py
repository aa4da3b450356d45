"""The page of an inpatient plan: what it comes to, who lies where, and what it costs beside the plainest plan."""

from __future__ import annotations

from collections.abc import Sequence

from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.core.score import Score
from sandcone.reporting.frame import Part, drawn_once, framed, heading
from sandcone.reporting.made import release
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.plan_costs import costs
from sandcone.reporting.plan_headline import headline
from sandcone.reporting.plan_left_out import fairness, left_out
from sandcone.reporting.plan_nurses import nurses
from sandcone.reporting.plan_rooms import rooms
from sandcone.reporting.plan_seen import Seen
from sandcone.reporting.plan_theatres import theatres
from sandcone.reporting.tables import note

RIVAL = "first come, first served"
Rows = Sequence[tuple[str, str]]


def plan_page(
    problem: Problem,
    plan: InpatientPlan,
    score: Score,
    *,
    rival: Score | None = None,
    rival_name: str = RIVAL,
    left_out_why: Rows = (),
    fair: Rows = (),
    made: str = "",
) -> str:
    """An inpatient plan as one HTML page: boards of rooms, theatres and nurses over the days, what it costs, and who is left out and why.

    ``score`` is the plan's own, ``rival`` that of the plainest plan; ``left_out_why`` is rows of (patient, words), ``fair`` of (what, how
    much) about how evenly costs fall, and ``made`` says how the plan was made. The page needs no other file and no network, and names
    nobody and nothing that the plan does not. All of it is escaped.
    """
    seen = Seen(problem, plan.fits(problem), score)
    parts = [
        Part("headline", "In short", headline(seen, rival, rival_name)),
        Part("costs", "What it costs", costs(score, rival, rival_name)),
        Part("rooms", "Rooms", rooms(seen)),
        Part("theatres", "Theatres", theatres(seen)),
        Part("nurses", "Nurses", nurses(seen)),
        Part("left-out", "Who is left out, and why", left_out(seen, left_out_why)),
        *([Part("fairness", "How evenly the costs fall", fairness(fair))] if fair else []),
        Part("made", "How the numbers were made", _made(problem, made)),
    ]
    top = heading("Sandcone plan", problem.name, f"Who is admitted when, where and with whom: {seen.period()}")
    return framed(f"{problem.name}: inpatient plan", top, parts, drawn_once(), ("style.css", "plan.css"))


def _made(problem: Problem, made: str) -> Html:
    how = "Every number here is worked out from the plan alone, apart from whatever made it; nothing is estimated. "
    cut = f"Stays are cut at the end of the {problem.days} days. A cost is how much a rule is missed, times its weight."
    return join([tag("p", how, cut), tag("p", made) if made else None, note(f"Made by Sandcone {release()} from {problem.name}.")])
