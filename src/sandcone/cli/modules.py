"""The command about the modules of care: modules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sandcone.cli.options import Columns, Log, Patients, Seed, SiteFile, site_of, telling

app = typer.Typer()


@app.command()
def modules(
    log: Log,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Where to keep the library that was learnt (TOML).")] = None,
    library: Annotated[Path | None, typer.Option(help="A library to hold against the log, instead of learning one (TOML).")] = None,
    columns: Columns = None,
    patients: Patients = None,
    site: SiteFile = None,
    seed: Seed = 1,
    as_json: Annotated[bool, typer.Option("--json", help="What was found as JSON.")] = False,
) -> None:
    """Learn modules of care from a log, as a library that a clinician can edit, and show how patients used them."""
    from sandcone.core.care_file import read_library, save_library
    from sandcone.flow import read as read_log
    from sandcone.flow.modules import modules as find

    with telling() as tell:
        given = None if library is None else read_library(library)
        found = read_log(log, columns=columns, patients=patients, site=site_of(site), progress=tell)
        learnt, seen = find(found, given, seed=seed, told=tell)
        if out is not None:
            save_library(learnt, out)
    typer.echo(json.dumps(seen.as_json(), indent=1, ensure_ascii=False) if as_json else str(seen))
    if out is not None and not as_json:
        typer.echo(f"The library is in {out}")
