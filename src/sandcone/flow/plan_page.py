"""An inpatient plan as a folder: its page, the plan, and tables that a spreadsheet opens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.core.place import beside
from sandcone.planning import score
from sandcone.planning.explain_words import why_left_out
from sandcone.planning.fairness import Fairness, Spread, fairness
from sandcone.planning.first_come import first_come
from sandcone.planning.planned import Planned
from sandcone.planning.replanned import Replanned
from sandcone.reading import save_inpatient_plan, save_plan_tables
from sandcone.reporting import plan_page, writable


def plan_report(problem: Problem, plan: InpatientPlan, folder: str | Path, *, made: str = "") -> Path:
    """Put a plan into a folder for people who would rather look than read, and say where its page is.

    Writes ``plan.html`` (the page), ``plan.json`` (the plan), ``admissions.csv`` and ``care.csv`` (the same as tables) and ``score.json``.
    ``made`` is a sentence about how the plan was made. Raises ``InputError`` where nothing can be written, ``ProblemError`` where the plan
    does not fit the problem.
    """
    out = writable(Path(folder))
    page = save_plan_page(problem, plan, out / "plan.html", made=made)
    save_inpatient_plan(plan, problem, out / "plan.json")
    save_plan_tables(plan, problem, out)
    with beside(out / "score.json") as unfinished:
        unfinished.write_text(json.dumps(score(problem, plan).as_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return page


def report(done: Planned | Replanned, folder: str | Path, *, made: str = "") -> Path:
    """The same for a plan that was just made."""
    return plan_report(done.problem, done.plan, folder, made=made)


def save_plan_page(problem: Problem, plan: InpatientPlan, path: str | Path, *, made: str = "") -> Path:
    """Write a plan's page alone, with first come, first served beside it, why each patient is left out, and how evenly the costs fall."""
    html = plan_page(
        problem,
        plan,
        score(problem, plan),
        rival=score(problem, first_come(problem)),
        left_out_why=why_left_out(problem, plan),
        fair=tuple(_fair(fairness(problem, plan))),
        made=made,
    )
    with beside(Path(path)) as unfinished:
        unfinished.write_text(html, encoding="utf-8")
    return Path(path)


def _fair(f: Fairness) -> Iterator[tuple[str, str]]:
    """How evenly the costs fall, as (what, how much) in words."""
    nobody = sum(f.on_nobody.values())
    yield "What falls on people", f"{f.borne:,} of {f.borne + nobody:,}; the rest, such as opened theatres, falls on nobody"
    for whom, of in (("Everybody", f.everybody), ("Those in bed", f.in_bed)):
        if of.cost:
            worst = of.worst_tenth
            yield f"{whom}, {_people(of)}", f"{of.mean:,.0f} each on average; the worst-off tenth ({_people(worst)}) {worst.mean:,.0f} each"
            yield f"{whom}, Gini", f"{of.gini:.2f} (0: all bear the same; near 1: one bears all)"
    for name, of in f.groups().items():
        out = sum(p.nurses is None for p in of.people)
        yield f"{name[:1].upper()}{name[1:]}, {_people(of)}", f"{of.mean:,.0f} each on average" + (f", {out:,} left out" if out else "")


def _people(of: Spread) -> str:
    return "1 person" if len(of.people) == 1 else f"{len(of.people):,} people"
