"""The commands about plans: plan, check, compare, replan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandcone.cli.watch import watch

if TYPE_CHECKING:
    from sandcone.core.inpatient import Problem

app = typer.Typer()

ProblemFile = Annotated[
    Path, typer.Argument(help="The inpatient problem: JSON, or a folder of tables; see docs/inpatients.md.", show_default=False)
]
PlanFile = Annotated[Path, typer.Argument(help="The plan: JSON, or a folder of tables.", show_default=False)]
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
    """Plan every inpatient's day, room, theatre and nurses; Ctrl-C ends it with the best plan so far."""
    from sandcone.flow import plan as make_plan

    with watch() as seen:
        given = _problem(problem, weights)
        done = make_plan(given, stop=stop, seed=seed, cores=cores, out=out, start=start, bound=bound, told=seen.told, watched=seen.watched)
    typer.echo(str(done))
    typer.echo(f"The plan is in {out}")
    if report is not None:
        from sandcone.flow.plan_page import plan_report

        made = f"sandcone plan, {' or '.join(stop)}, seed {seed}, {cores} cores"
        typer.echo(f"The page is in {plan_report(done.problem, done.plan, report, made=made)}")


def _problem(path: Path, weights: Path | None) -> Problem | Path:
    if weights is None:
        return path
    from sandcone.flow.reasons import problem_of

    return problem_of(path, weights)


@app.command()
def check(
    problem: ProblemFile,
    plan: Annotated[Path, typer.Argument(help="The plan to score: JSON, or a folder of tables.", show_default=False)],
    changes: Changes = None,
    as_json: Annotated[bool, typer.Option("--json", help="The score as JSON: by rule, how much, where.")] = False,
) -> None:
    """Score an inpatient plan by every rule: what it breaks that it may not, and what it costs."""
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
    """Put two plans side by side: what each costs by rule, and who has another day, room or theatre."""
    from sandcone.flow import compare as compare_plans

    found = compare_plans(problem, first, second, changes=changes)
    typer.echo(json.dumps(found.as_json(), indent=1, ensure_ascii=False) if as_json else str(found))


@app.command()
def replan(
    problem: ProblemFile,
    plan: Annotated[Path, typer.Argument(help="The plan before: JSON, or a folder of tables.", show_default=False)],
    stop: Stop,
    seed: Seed,
    out: Out,
    changes: Changes = None,
    frozen_until: Annotated[
        int | None, typer.Option(min=0, help="Admissions before this day stay as they are, and nobody else comes before it.")
    ] = None,
    price: Annotated[
        str | None, typer.Option(help="What a change of the plan costs: day=50,room=10,theatre=5,left_out=100,nurse=1.")
    ] = None,
    cores: Cores = 2,
    report: Report = None,
    as_json: AsJson = False,
) -> None:
    """Plan again after something changed, close to the plan before, and say what moved and why."""
    from sandcone.flow import replan as make_again
    from sandcone.planning.price import price as price_of

    cost = None if price is None else price_of(price)
    with watch() as seen:
        done = make_again(
            problem,
            plan,
            stop=stop,
            seed=seed,
            changes=changes,
            cores=cores,
            frozen_until=frozen_until,
            price=cost,
            out=out,
            told=seen.told,
            watched=seen.watched,
        )
    typer.echo(json.dumps(done.as_json(), indent=1, ensure_ascii=False) if as_json else str(done))
    typer.echo(f"The plan is in {out}", err=as_json)
    if report is not None:
        from sandcone.flow.plan_page import plan_report

        typer.echo(f"The page is in {plan_report(done.problem, done.plan, report, made='sandcone replan')}", err=as_json)
