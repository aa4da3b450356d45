"""The commands about the twin: model, validate, simulate, warmup."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sandcone.cli.options import Columns, Log, Patients, Seed, SiteFile, site_of, telling
from sandcone.core.errors import ModelError

if TYPE_CHECKING:
    from sandcone.core.model import Model
    from sandcone.core.present import Standing

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
    plan: Annotated[
        Path | None, typer.Option(help="A plan (JSON): who goes first where, who is booked when; or a timetable of whole paths.")
    ] = None,
    journeys: Annotated[Path | None, typer.Option(help="With a timetable as --plan: the problem it was made for (JSON).")] = None,
    engine: Annotated[Literal["fast", "plain"], typer.Option(help="The compiled engine or the plain one; both give the same.")] = "fast",
    log: Annotated[
        Path | None, typer.Option("--from", help="A log: begin with the house as it stood in it, not with an empty one.")
    ] = None,
    at: Annotated[str | None, typer.Option(help="With --from: when, as in '2026-03-01 08:00'; else where the log ends.")] = None,
    columns: Columns = None,
    patients: Patients = None,
    site: SiteFile = None,
) -> None:
    """Let a hospital's days pass on the twin, and keep the logs that it would have written."""
    from sandcone.core.model_file import read_model
    from sandcone.core.plan import AS_TODAY
    from sandcone.flow import save, simulate_within, writable
    from sandcone.flow import simulate as run_twin
    from sandcone.flow.booked_plan import read_plan_or_timetable

    if journeys is not None and plan is None:
        raise ModelError("--journeys", "there is no timetable", "Name it: --plan timetable.json.")
    found = read_model(model)
    chosen = AS_TODAY if plan is None else read_plan_or_timetable(plan, journeys, found)
    moment = _from(log, at, warm_up)
    writable(out)
    asked: dict[str, Any] = {"seed": seed, "days": days, "patients": arrivals, "warm_up": _warm_up(warm_up), "engine": engine}
    with telling() as tell:
        if log is not None:
            stands = _standing(found, log, moment, seed, tell, columns=columns, patients=patients, site=site)
            found, asked = stands.model, asked | {"present": stands.present, "first_minute": stands.first_minute}
        if within is None:
            runs, known = run_twin(found, chosen, replications=replications, told=tell, **asked), None
        else:
            runs, known = simulate_within(found, chosen, within=within, told=tell, **asked)
        for i, one in enumerate(runs.logs, 1):
            tell(f"writing run {i} of {len(runs.logs)}")
            save(one, out / f"run{i}.parquet")
    typer.echo("\n".join((*(stands.notes if log is not None else ()), str(runs))))
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
    standing: Annotated[bool, typer.Option("--standing", help="Begin with the house as it stood, not with one that fills up.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Every verdict as JSON.")] = False,
) -> None:
    """Hold a model against the last fifth of a log: what it has right, what it has not, beside the past plainly replayed."""
    from sandcone.core.model_file import read_model
    from sandcone.flow import read
    from sandcone.flow import validate as hold

    found = read_model(model)
    with telling() as tell:
        seen = read(log, columns=columns, patients=patients, site=site_of(site), progress=tell)
        tried = hold(seen, found, seed=seed, runs=runs, house="standing" if standing else "filled", told=tell)
    assert tried.truth is not None
    typer.echo(json.dumps(tried.truth.as_json(), indent=1, ensure_ascii=False) if as_json else "\n".join((str(tried.truth), *tried.said)))


@app.command()
def warmup() -> None:
    """Compile the fast engine now, so that the first simulation need not."""
    from sandcone.flow import warmup as compile_now

    with telling() as tell:
        compile_now(tell)
    typer.echo("The fast engine is ready.")


def _from(log: Path | None, at: str | None, warm_up: str) -> datetime | None:
    """The moment at which the runs begin, if one was said."""
    if log is not None and warm_up != "0":
        raise ModelError("--warm-up", "a house that stands needs no days to fill up", "Leave --warm-up out, or --from.")
    if at is None:
        return None
    if log is None:
        raise ModelError("--at", "there is no log to tell who was there", "Name the log: --from LOG.")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise ModelError("--at", f"{at!r} is not a moment", "Give a date and a time, such as '2026-03-01 08:00'.") from None
    if moment.tzinfo is not None:
        raise ModelError("--at", f"{at!r} names a zone", "Give the time by the hospital's own clock, without a zone.")
    return moment


def _standing(
    model: Model,
    log: Path,
    at: datetime | None,
    seed: int,
    tell: Callable[[str], None],
    *,
    columns: str | None,
    patients: Path | None,
    site: Path | None,
) -> Standing:
    from sandcone.flow import read, standing

    seen = read(log, columns=columns, patients=patients, site=site_of(site), progress=tell)
    tell("finding who is there, and where")
    return standing(model, seen, at, seed=seed)


def _warm_up(said: str) -> float | Literal["auto"]:
    if said == "auto":
        return "auto"
    try:
        days = float(said)
    except ValueError:
        raise ModelError("--warm-up", f"{said!r} is neither a number of days nor auto", "Give days, such as 30, or auto.") from None
    return days * 24 * 60
