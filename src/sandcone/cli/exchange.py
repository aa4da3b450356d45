"""The command about other systems: exchange."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def exchange(
    source: Annotated[
        Path,
        typer.Argument(
            help="A library, FHIR (a file or a folder of patients), paths, or a timetable; see docs/fhir.md.", show_default=False
        ),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where to write it; the ending says as what: .json, .toml, .csv, .ics.")],
    begin: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day on which FHIR patients are seen.")] = None,
    complete: Annotated[bool, typer.Option("--complete", help="Take a condition that is not recorded of a patient as not there.")] = False,
    problem: Annotated[Path | None, typer.Option(help="The problem that a timetable is for (JSON).")] = None,
    zone: Annotated[str | None, typer.Option(help="The time zone of the hospital's clocks, e.g. Europe/Berlin.")] = None,
    whose: Annotated[str | None, typer.Option(help="Only what is of this patient or resource.")] = None,
    confirmed: Annotated[bool, typer.Option("--confirmed", help="A person has confirmed the appointments: booked, not proposed.")] = False,
) -> None:
    """Turn a library, patients, paths or a timetable into FHIR, a calendar or a table, and FHIR into a library or people."""
    from sandcone.flow.exchanging import exchange as turn

    day = None if begin is None else begin.date()
    said = turn(source, out, begin=day, problem=problem, zone=zone, whose=whose, complete=complete, confirmed=confirmed)
    typer.echo(str(said))
