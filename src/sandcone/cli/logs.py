"""The commands that begin with a log: read, measure, run, demo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from sandcone.cli.options import Columns, Draws, Log, Patients, Seed, SiteFile, site_of, telling

app = typer.Typer()


@app.command()
def read(
    log: Log,
    out: Annotated[Path, typer.Option("-o", "--out", help="Where to keep the log that was read (Parquet).")],
    columns: Columns = None,
    patients: Patients = None,
    site: SiteFile = None,
) -> None:
    """Read a log, keep it as Parquet, and say what was odd in it and what was left out."""
    from sandcone.flow import read as read_log
    from sandcone.flow import save
    from sandcone.reporting import quality

    with telling() as tell:
        found = read_log(log, columns=columns, patients=patients, site=site_of(site), progress=tell)
        tell("writing the log")
        save(found, out)
    typer.echo(quality(found))
    typer.echo(f"The log is in {out}")


@app.command()
def measure(
    log: Log,
    columns: Columns = None,
    patients: Patients = None,
    site: SiteFile = None,
    seed: Seed = 1,
    draws: Draws = 400,
    as_json: Annotated[bool, typer.Option("--json", help="Every measure as JSON: name → value, low, high, n, unit, method.")] = False,
) -> None:
    """Measure how well patients' time and resources are used, and how varied and personal the care is."""
    from sandcone.flow import measure as measure_log
    from sandcone.flow import read as read_log
    from sandcone.reporting import as_json as to_json
    from sandcone.reporting import summary

    with telling() as tell:
        found = read_log(log, columns=columns, patients=patients, site=site_of(site), progress=tell)
        measures = measure_log(found, seed=seed, draws=draws, told=tell)
    typer.echo(json.dumps(to_json(measures), indent=1, ensure_ascii=False) if as_json else summary(found, measures))


@app.command()
def run(
    log: Log,
    out: Annotated[Path, typer.Option("-o", "--out", help="The folder for the page and the numbers.")],
    columns: Columns = None,
    patients: Patients = None,
    site: SiteFile = None,
    seed: Seed = 1,
    draws: Draws = 400,
) -> None:
    """Read a log, measure it and write the page: the whole chain."""
    from sandcone.flow import run as run_all
    from sandcone.reporting import summary

    with telling() as tell:
        found, measures, page = run_all(log, out, columns=columns, patients=patients, site=site_of(site), seed=seed, draws=draws, told=tell)
    typer.echo(summary(found, measures))
    typer.echo(f"The report is in {page}")


@app.command()
def demo(
    out: Annotated[Path, typer.Option("-o", "--out", help="The folder for the page, the numbers and the made-up log.")] = Path("demo"),
    size: Annotated[
        Literal["small", "ward", "hospital", "network"], typer.Option(help="The small example, a ward, a hospital, or 20 of them.")
    ] = "hospital",
    days: Annotated[int, typer.Option(min=30, help="How many days of it to make up.")] = 365,
    seed: Seed = 1,
    draws: Draws = 400,
) -> None:
    """Make up a year of a cardiac hospital from public figures, and run the whole chain on it."""
    from sandcone.flow import demo as run_demo
    from sandcone.reporting import summary

    with telling() as tell:
        found, measures, page = run_demo(out, size=size, days=days, seed=seed, draws=draws, told=tell)
    typer.echo(summary(found, measures))
    typer.echo(f"The report is in {page}")
