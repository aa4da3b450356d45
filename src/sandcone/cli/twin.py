"""The commands about the twin: model, validate, simulate, warmup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from sandcone.cli.options import Columns, Log, Patients, Seed, SiteFile, site_of, telling
from sandcone.core.errors import ModelError

app = typer.Typer()

ModelFile = Annotated[Path, typer.Argument(help="The model (JSON); see docs/model.md.", show_default=False)]


@app.command()
def model(
    log: Log,
    out: Annotated[Path, typer.Option("-o", "--out", help="Where to keep the model (JSON).")],
    columns: Columns = None,
    patients: Patients = None,
    site: SiteFile = None,
    seed: Seed = 1,
) -> None:
    """Learn a hospital's model from its log: pathways, durations, arrivals, calendars, who can do what."""
    from sandcone.core.model_file import save_model
    from sandcone.flow import model as learn
    from sandcone.flow import read

    with telling() as tell:
        found = read(log, columns=columns, patients=patients, site=site_of(site), progress=tell)
        learnt = learn(found, seed=seed, told=tell)
    save_model(learnt, out)
    typer.echo("\n".join(learnt.notes))
    typer.echo(f"The model is in {out}")


@app.command()
def simulate(
    model: ModelFile,
    out: Annotated[Path, typer.Option("-o", "--out", help="The folder for the logs of the runs (Parquet), one each.")],
    seed: Annotated[int, typer.Option(help="The seed of all chance in the runs.", show_default=False)],
    days: Annotated[float | None, typer.Option(help="How many days to run.")] = None,
    arrivals: Annotated[int | None, typer.Option("--arrivals", help="How many patients come; the run ends when all have left.")] = None,
    replications: Annotated[int, typer.Option(min=1, help="How many runs.")] = 1,
    within: Annotated[
        float | None,
        typer.Option(help="Make as many runs as it takes until the mean throughput time is known within this share, e.g. 0.05."),
    ] = None,
    warm_up: Annotated[str, typer.Option(help="Days to leave out while the house fills up, or auto (MSER-5).")] = "0",
    plan: Annotated[Path | None, typer.Option(help="A plan (JSON): who goes first where, who is booked when.")] = None,
    engine: Annotated[Literal["fast", "plain"], typer.Option(help="The compiled engine or the plain one; both give the same.")] = "fast",
) -> None:
    """Let a hospital's days pass on the twin, and keep the logs that it would have written."""
    from sandcone.core.model_file import read_model, read_plan
    from sandcone.core.plan import AS_TODAY
    from sandcone.flow import save, simulate_within, writable
    from sandcone.flow import simulate as run_twin

    found, chosen = read_model(model), read_plan(plan) if plan else AS_TODAY
    writable(out)
    asked: dict[str, Any] = {"seed": seed, "days": days, "patients": arrivals, "warm_up": _warm_up(warm_up), "engine": engine}
    with telling() as tell:
        if within is None:
            runs, known = run_twin(found, chosen, replications=replications, told=tell, **asked), None
        else:
            runs, known = simulate_within(found, chosen, within=within, told=tell, **asked)
        for i, one in enumerate(runs.logs, 1):
            tell(f"writing run {i} of {len(runs.logs)}")
            save(one, out / f"run{i}.parquet")
    typer.echo(str(runs))
    if known is not None:
        typer.echo(f"Throughput time, mean over runs: {known}")
    typer.echo(f"The logs are in {out}")


@app.command()
def validate(
    model: ModelFile,
    log: Log,
    columns: Columns = None,
    patients: Patients = None,
    site: SiteFile = None,
    seed: Seed = 1,
    runs: Annotated[int, typer.Option(min=2, help="How many times to simulate the time that is tested.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Every verdict as JSON.")] = False,
) -> None:
    """Hold a model against the last fifth of a log: what it has right, what it has not, beside the past plainly replayed."""
    from sandcone.core.model_file import read_model
    from sandcone.flow import read
    from sandcone.flow import validate as hold

    found = read_model(model)
    with telling() as tell:
        seen = read(log, columns=columns, patients=patients, site=site_of(site), progress=tell)
        tried = hold(seen, found, seed=seed, runs=runs, told=tell)
    assert tried.truth is not None
    typer.echo(json.dumps(tried.truth.as_json(), indent=1, ensure_ascii=False) if as_json else "\n".join((str(tried.truth), *tried.said)))


@app.command()
def warmup() -> None:
    """Compile the fast engine now, so that the first simulation need not."""
    from sandcone.flow import warmup as compile_now

    with telling() as tell:
        compile_now(tell)
    typer.echo("The fast engine is ready.")


def _warm_up(said: str) -> float | Literal["auto"]:
    if said == "auto":
        return "auto"
    try:
        days = float(said)
    except ValueError:
        raise ModelError("--warm-up", f"{said!r} is neither a number of days nor auto", "Give days, such as 30, or auto.") from None
    return days * 24 * 60
