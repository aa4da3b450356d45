"""The command about how long patients take: predict."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from sandcone.cli.options import Columns, Log, Patients, SiteFile, names, site_of, telling

app = typer.Typer()


@app.command()
def predict(
    log: Log,
    out: Annotated[Path, typer.Option("-o", "--out", help="Where to keep what is said of each (CSV).")],
    what: Annotated[
        Literal["throughput", "remaining", "step"],
        typer.Option(help="How long in all, how long still after each step, or how long a step takes."),
    ] = "throughput",
    until: Annotated[
        datetime | None, typer.Option(help="Learn from what was known by then, say it of everybody later; else of open cases.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="What makes a segment, e.g. 'age group,last step'; else as the site says.")] = None,
    step: Annotated[list[str] | None, typer.Option(help="With --what step: of this step; may be given several times.")] = None,
    share: Annotated[float, typer.Option(help="How often the truth shall lie in the interval.")] = 0.9,
    columns: Columns = None,
    patients: Patients = None,
    site: SiteFile = None,
    seed: Annotated[int, typer.Option(help="The seed by which cases are kept for the intervals.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="What it rests on and whether it holds as JSON.")] = False,
) -> None:
    """Say how long each patient will take, with an interval that holds as often as it says."""
    from sandcone.flow import read
    from sandcone.flow.predicting import predict as ask
    from sandcone.flow.predicting import save_predictions

    with telling() as tell:
        found = read(log, columns=columns, patients=patients, site=site_of(site), progress=tell)
        kept = None if by is None else names(by)
        said = ask(found, what=what, until=until, by=kept, steps=tuple(step or ()), share=share, seed=seed, told=tell)
    save_predictions(said, out)
    typer.echo(json.dumps(said.as_json(), indent=1, ensure_ascii=False) if as_json else f"{said}\nIt is in {out}")
