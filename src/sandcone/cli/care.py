"""The command about personal paths: personalise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sandcone.cli.options import Columns, names, telling
from sandcone.core.errors import ProblemError
from sandcone.core.place import not_over

app = typer.Typer()

DAYS = 28  # to book, where nobody says how many


@app.command()
def personalise(
    model: Annotated[Path, typer.Argument(help="The model (JSON); see docs/model.md.", show_default=False)],
    people: Annotated[
        Path, typer.Argument(help="The people: a CSV or Parquet table, one row each; see docs/personal.md.", show_default=False)
    ],
    library: Annotated[Path, typer.Option(help="The modules that are offered (TOML).")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where to keep the hospital with everybody on their own path (JSON).")],
    overrules: Annotated[Path | None, typer.Option(help="What people decided otherwise, with reasons (TOML).")] = None,
    keep: Annotated[list[str] | None, typer.Option(help="A stream of the model that comes as before; may be given several times.")] = None,
    like: Annotated[str, typer.Option(help="Patients are alike who agree in these facts, e.g. age,procedure.")] = "",
    log: Annotated[Path | None, typer.Option(help="A log: what patients alike had in it stands in where something is not known.")] = None,
    columns: Columns = None,
    groups: Annotated[str | None, typer.Option(help="Facts by which fit is compared, e.g. sex,tier.")] = None,
    paths: Annotated[Path | None, typer.Option(help="Where to keep the paths: steps, reasons, conflicts, fit (JSON).")] = None,
    page: Annotated[Path | None, typer.Option(help="Where to put a page about them (HTML).")] = None,
    journeys: Annotated[
        Path | None, typer.Option(help="Where to keep their paths as a problem to be booked by sandcone plan (JSON).")
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=1, help="With --journeys: how many days from the model's beginning there are to book; 28 if not said.")
    ] = None,
    coming: Annotated[
        int | None, typer.Option(min=1, help="With --journeys: book only who comes on the first so many of those days; else whoever comes.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
) -> None:
    """Give every patient a path of their own, composed from the modules of a library, and put them into the hospital."""
    from sandcone.flow import read
    from sandcone.flow.booking import to_book
    from sandcone.flow.personal import personalise as compose
    from sandcone.flow.personal import save_personal

    if journeys is None and (days or coming):
        raise ProblemError("personalise", "--days and --coming are for --journeys", "Say --journeys FILE too, or leave them out.")
    for made in (out, paths, page, journeys):
        if made is not None:
            not_over(made, model, people, library, overrules, log)
    with telling() as tell:
        found = compose(
            model,
            people,
            library=library,
            overrules=overrules,
            keep=keep or (),
            like=names(like),
            log=None if log is None else read(log, columns=columns, progress=tell),
            groups=None if groups is None else names(groups),
            told=tell,
        )
        told = None if journeys is None else to_book(found.hospital, found.people, found.paths, days=days or DAYS, coming=coming)
        booked = None if journeys is None or told is None else (journeys, told.problem)
        save_personal(found, out, paths, page, made=f"From {people.name} and {library.name}.", booked=booked)
    typer.echo(json.dumps(found.summary.as_json(), indent=1, ensure_ascii=False) if as_json else f"{found}\nThe hospital is in {out}")
    if told is not None:
        typer.echo(f"{told}; they are in {journeys}", err=as_json)
