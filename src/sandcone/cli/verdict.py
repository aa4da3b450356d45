"""The command that holds two periods, or two ways, against each other: verdict."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from sandcone.cli.options import Columns, Patients, SiteFile, site_of, telling
from sandcone.core.errors import InputError
from sandcone.core.place import not_over

app = typer.Typer()

Before = Annotated[
    str, typer.Argument(help="The log of before, or a folder of simulated runs; with --at the only log.", show_default=False)
]
After = Annotated[
    str | None, typer.Argument(help="The log of after, or the folder with the same runs of the other way.", show_default=False)
]


@app.command()
def verdict(
    before: Before,
    after: After = None,
    at: Annotated[datetime | None, typer.Option("--at", formats=["%Y-%m-%d"], help="Part one log at this day.")] = None,
    columns: Columns = None,
    patients: Patients = None,
    site: SiteFile = None,
    registered: Annotated[
        Path | None, typer.Option("--registered", help="The measures and margins that were agreed beforehand (TOML); docs/verdict.md.")
    ] = None,
    control: Annotated[
        str | None, typer.Option("--control", help="Patients whom the change did not touch: attribute=value, or attribute=one|other.")
    ] = None,
    page: Annotated[Path | None, typer.Option("--page", help="Write the verdict as a page (HTML) too.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON.")] = False,
) -> None:
    """Say whether the trade-off between busy resources and short journeys was broken, moved along, or not touched."""
    from sandcone.core.registered import DEFAULTS, read_registered
    from sandcone.flow import verdict as judge
    from sandcone.reporting.verdict_page import write_verdict
    from sandcone.reporting.verdict_words import told

    if page is not None:
        not_over(page, before, after, registered, columns, patients, site)
    agreed = DEFAULTS if registered is None else read_registered(registered)
    with telling() as tell:
        found = judge(
            before,
            after,
            at=_day(at),
            columns=columns,
            patients=patients,
            site=site_of(site),
            registered=agreed,
            control=_control(control),
            told=tell,
        )
    typer.echo(json.dumps(found.as_json(), indent=1, ensure_ascii=False) if as_json else told(found))
    if page is not None:
        write_verdict(found, page)
        if not as_json:
            typer.echo(f"The page is in {page}")


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.date()


def _control(said: str | None) -> tuple[str, tuple[str, ...]] | None:
    if said is None:
        return None
    name, sign, values = said.partition("=")
    if not (name and sign and values):
        raise InputError("--control", "no attribute=value", "Say which patients the change did not touch, such as ward=B2 or ward=B2|B3.")
    return name.strip(), tuple(v.strip() for v in values.split("|"))
