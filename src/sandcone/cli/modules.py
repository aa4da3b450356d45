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
    cases: Annotated[
        Path | None, typer.Option(help="Where to keep one row a case: segment, process type, operating mode, its modules (CSV).")
    ] = None,
    columns: Columns = None,
    patients: Patients = None,
    site: SiteFile = None,
    seed: Seed = 1,
    as_json: Annotated[bool, typer.Option("--json", help="What was found as JSON.")] = False,
) -> None:
    """Learn modules of care from a log, as a library that a clinician can edit, and show how patients used them."""
    from sandcone.core.care_file import read_library, save_library
    from sandcone.core.place import csv_name
    from sandcone.flow import read as read_log
    from sandcone.flow.kinds_of_cases import cases as each
    from sandcone.flow.kinds_of_cases import save_cases
    from sandcone.flow.modularising import modules as find

    unsaid: tuple[str, ...] = ()
    with telling() as tell:
        if cases is not None:
            csv_name(cases)
        given = None if library is None else read_library(library)
        found = read_log(log, columns=columns, patients=patients, site=site_of(site), progress=tell)
        learnt, seen = find(found, given, seed=seed, told=tell)
        if out is not None:
            save_library(learnt, out)
        if cases is not None:
            table, unsaid = each(found, learnt, seen)
            save_cases(table, cases)
    typer.echo(json.dumps(seen.as_json(), indent=1, ensure_ascii=False) if as_json else str(seen))
    if as_json:
        return
    if out is not None:
        typer.echo(f"The library is in {out}")
    if cases is not None:
        typer.echo(" ".join((f"Each case is in {cases}.", *unsaid)))
