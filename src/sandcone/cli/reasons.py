"""The commands that give reasons for a plan: explain, fairness, weights, sweep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sandcone.cli.options import telling
from sandcone.cli.plans import AsJson, Changes, Cores, PlanFile, ProblemFile, Seed, Stop
from sandcone.core.errors import ProblemError

app = typer.Typer()

Wishes = Annotated[Path | None, typer.Option("--weights", help="Weights in words (TOML) that hold instead of the problem's own.")]


@app.command()
def explain(
    problem: ProblemFile,
    plan: Annotated[
        Path | None, typer.Argument(help="The plan: JSON, or a folder of tables; not needed with --conflict.", show_default=False)
    ] = None,
    patient: Annotated[str | None, typer.Option(help="Whom to explain; without it, everybody who is left out.")] = None,
    conflict: Annotated[bool, typer.Option("--conflict", help="Why no plan at all can be carried out, if none can.")] = False,
    seconds: Annotated[float, typer.Option(min=0, help="With --conflict: how long to look at most.")] = 60.0,
    weights: Wishes = None,
    changes: Changes = None,
    as_json: AsJson = False,
) -> None:
    """Say why a patient is where a plan has them, why others are left out, or why no plan can be carried out."""
    if conflict and (patient is not None or weights is not None):
        raise ProblemError("explain", "--conflict is about no patient and no weights", "Leave --patient and --weights out.")
    if conflict:
        _conflict(problem, seconds, changes, as_json=as_json)
        return
    if plan is None:
        raise ProblemError(str(problem), "no plan was named", "Name the plan (JSON) after the problem, or ask for --conflict.")
    from sandcone.flow import verbs

    if patient is None:
        out = verbs.left_out(problem, plan, weights=weights, changes=changes)
        _show(dict(out), "\n".join(f"{name}: {why}" for name, why in out) or "Nobody is left out.", as_json=as_json)
        return
    found = verbs.explain(problem, plan, patient, weights=weights, changes=changes)
    _show(found.as_json(), str(found), as_json=as_json)


@app.command()
def fairness(problem: ProblemFile, plan: PlanFile, weights: Wishes = None, changes: Changes = None, as_json: AsJson = False) -> None:
    """Say how a plan's cost is spread over the people in it: who bears most, the worst-off tenth, groups."""
    from sandcone.flow.reasons import fairness as spread

    found = spread(problem, plan, weights=weights, changes=changes)
    _show(found.as_json(), str(found), as_json=as_json)


@app.command()
def weights(problem: ProblemFile, wishes: Wishes = None) -> None:
    """Say what each cost weighs in a problem, or with weights in words."""
    from sandcone.core.wishes import in_words
    from sandcone.flow.files import problem_of

    typer.echo(in_words(problem_of(problem, wishes).weights))


@app.command()
def sweep(
    problem: ProblemFile,
    out: Annotated[Path, typer.Option("-o", "--out", help="The folder for the picture, the figures and the plans.")],
    stop: Stop,
    seed: Seed,
    points: Annotated[int, typer.Option(min=2, max=19, help="How many plans, each with other weights.")] = 9,
    cores: Cores = 2,
    weights: Wishes = None,
    as_json: AsJson = False,
) -> None:
    """Plan with weights tilted to resources, flow and personal fit, and draw what can be had for what."""
    from sandcone.flow import writable
    from sandcone.flow.files import problem_of
    from sandcone.flow.reasons import save_frontier
    from sandcone.flow.reasons import sweep as tilt

    given = problem_of(problem, weights)
    writable(out)
    with telling() as tell:
        found = tilt(given, stop=stop, seed=seed, points=points, cores=cores, told=tell)
    save_frontier(found, given, out)
    _show(found.as_json(), f"{found}\nThe picture is {out / 'frontier.svg'}; the plans lie beside it.", as_json=as_json)


def _conflict(problem: Path, seconds: float, changes: Path | None, *, as_json: bool) -> None:
    from sandcone.flow.reasons import conflict

    with telling() as tell:
        found = conflict(problem, seconds=seconds, changes=changes, told=tell)
    if found is None:
        _show({"schema": 1, "possible": True}, "There is a plan that can be carried out.", as_json=as_json)
    else:
        _show(found.as_json(), str(found), as_json=as_json)


def _show(values: object, words: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(values, indent=1, ensure_ascii=False) if as_json else words)
