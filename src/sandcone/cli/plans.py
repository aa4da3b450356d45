"""The commands about plans of inpatients and timetables of whole paths: plan, check, compare, replan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sandcone.cli.watch import watch

app = typer.Typer()

ProblemFile = Annotated[
    Path,
    typer.Argument(
        help="The problem: inpatients (JSON, or a folder of tables; docs/inpatients.md) or whole paths (JSON; docs/paths.md).",
        show_default=False,
    ),
]
PlanFile = Annotated[Path, typer.Argument(help="The plan or timetable: JSON, or a folder of tables.", show_default=False)]
Stop = Annotated[
    list[str], typer.Option(help='When to stop: 600s, 10m, "1000000 moves" or 2% above the bound; said more than once, the first reached.')
]
Seed = Annotated[int, typer.Option(help="The seed of all chance in the search.", show_default=False)]
Cores = Annotated[int, typer.Option(min=1, help="How many cores to use.")]
Out = Annotated[Path, typer.Option("-o", "--out", help="The file for the plan (JSON); the best so far is in it at all times.")]
Report = Annotated[Path | None, typer.Option(help="A folder for a page that shows the plan, and for the plan as tables.")]
Changes = Annotated[Path | None, typer.Option(help="What changed since, what is fixed, and at what price (TOML).")]
AsJson = Annotated[bool, typer.Option("--json", help="The same as JSON.")]


@app.command()
def plan(
    problem: ProblemFile,
    stop: Stop,
    seed: Seed,
    out: Out,
    cores: Cores = 2,
    start: Annotated[Path | None, typer.Option(help="A plan to begin with (JSON, or a folder of tables).")] = None,
    bound: Annotated[
        float | None, typer.Option(min=0, help="Seconds to look for a lower bound of the cost first, so that the gap can be shown.")
    ] = None,
    weights: Annotated[Path | None, typer.Option(help="Weights in words (TOML) that hold instead of the problem's own.")] = None,
    report: Report = None,
) -> None:
    """Plan inpatients (day, room, theatre, nurses) or book whole paths; Ctrl-C ends it with the best plan so far."""
    from sandcone.flow import verbs, writable

    if report is not None:
        writable(report)
    with watch() as seen:
        done = verbs.plan(
            problem,
            stop=stop,
            seed=seed,
            cores=cores,
            out=out,
            start=start,
            bound=bound,
            weights=weights,
            told=seen.told,
            watched=seen.watched,
        )
    typer.echo(str(done))
    typer.echo(f"The plan is in {out}")
    if report is not None:
        made = f"sandcone plan, {' or '.join(stop)}, seed {seed}, {cores} cores"
        typer.echo(f"The page is in {verbs.report(done, report, made=made)}")


@app.command()
def check(
    problem: ProblemFile,
    plan: Annotated[Path, typer.Argument(help="The plan or timetable to score: JSON, or a folder of tables.", show_default=False)],
    changes: Changes = None,
    as_json: Annotated[bool, typer.Option("--json", help="The score as JSON: by rule, how much, where.")] = False,
) -> None:
    """Score a plan or a timetable by every rule: what it breaks that it may not, and what it costs."""
    from sandcone.flow import check as check_plan

    found = check_plan(problem, plan, changes=changes)
    typer.echo(json.dumps(found.as_json(), indent=1, ensure_ascii=False) if as_json else str(found))


@app.command()
def compare(
    problem: ProblemFile,
    first: PlanFile,
    second: Annotated[Path | None, typer.Argument(help="The other plan; without it, first come, first served.", show_default=False)] = None,
    changes: Changes = None,
    as_json: AsJson = False,
) -> None:
    """Put two plans or timetables side by side: what each costs by rule, and for whom something differs."""
    from sandcone.flow import compare as compare_plans

    found = compare_plans(problem, first, second, changes=changes)
    typer.echo(json.dumps(found.as_json(), indent=1, ensure_ascii=False) if as_json else str(found))


@app.command()
def replan(
    problem: ProblemFile,
    plan: Annotated[Path, typer.Argument(help="The plan or timetable before: JSON, or a folder of tables.", show_default=False)],
    stop: Stop,
    seed: Seed,
    out: Out,
    changes: Changes = None,
    frozen_until: Annotated[
        int | None, typer.Option(min=0, help="What is before this day stays as it is, and nobody else comes before it.")
    ] = None,
    price: Annotated[
        str | None,
        typer.Option(
            help="What a change of the plan costs: day=50,room=10,theatre=5,left_out=100,nurse=1; for whole paths day=2,hour=0.1."
        ),
    ] = None,
    cores: Cores = 2,
    report: Report = None,
    as_json: AsJson = False,
) -> None:
    """Plan again after something changed, close to the plan before, and say what moved and why."""
    from sandcone.flow import verbs, writable

    if report is not None:
        writable(report)
    with watch() as seen:
        done = verbs.replan(
            problem,
            plan,
            stop=stop,
            seed=seed,
            changes=changes,
            cores=cores,
            frozen_until=frozen_until,
            price=price,
            out=out,
            told=seen.told,
            watched=seen.watched,
        )
    typer.echo(json.dumps(done.as_json(), indent=1, ensure_ascii=False) if as_json else str(done))
    typer.echo(f"The plan is in {out}", err=as_json)
    if report is not None:
        typer.echo(f"The page is in {verbs.report(done, report, made='sandcone replan')}", err=as_json)
