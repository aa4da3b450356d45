"""The weeks ahead, planned patient by patient: what the plan comes to beside first come, first served; its own page has the rest."""

from __future__ import annotations

from dataclasses import dataclass

from sandcone.core.score import Score
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.plan_costs import rule
from sandcone.reporting.tables import because, table


@dataclass(frozen=True, slots=True, kw_only=True)
class NextWeeks:
    """A plan for the weeks ahead: for how many patients and days, its score and that of first come, first served, and where its page is."""

    name: str
    patients: int
    days: int
    score: Score
    rival: Score
    link: str


def next_weeks(planned: NextWeeks | None) -> Html:
    """The plan's costs beside the rival's, rule by rule; why there is none where there is none."""
    if planned is None:
        return because("The weeks ahead", "A log tells who came, not who waits; give the problem to sandcone plan (docs/planning.md).")
    ours, theirs = planned.score, planned.rival
    rows = [[rule(line.rule), f"{line.by:,}", f"{line.cost:,}", f"{theirs.line(line.rule).cost:,}"] for line in ours.should]
    rows.append(["Together", "", f"{ours.cost:,}", f"{theirs.cost:,}"])
    said = (
        f"{planned.name}: {planned.patients} patients who wait for an operation, over {planned.days} days, each with a day, a room, "
        "a theatre and nurses. "
        f"The plan costs {ours.cost:,}; first come, first served costs {theirs.cost:,}"
        + (" and cannot be carried out." if theirs.violations else ".")
    )
    link = tag("p", tag("a", "The plan itself", href=planned.link), ": rooms, theatres, nurses, who is left out and why.")
    return join([tag("p", said), table("What the plan costs", ["Rule", "How much", "Costs", "First come"], rows), link])
