"""The command about personal paths: personalise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sandcone.cli.options import names, telling

app = typer.Typer()


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
    groups: Annotated[str | None, typer.Option(help="Facts by which fit is compared, e.g. sex,tier.")] = None,
    paths: Annotated[Path | None, typer.Option(help="Where to keep the paths: steps, reasons, conflicts, fit (JSON).")] = None,
    page: Annotated[Path | None, typer.Option(help="Where to put a page about them (HTML).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
) -> None:
    """Give every patient a path of their own, composed from the modules of a library, and put them into the hospital."""
    from sandcone.flow.personal import personalise as compose
    from sandcone.flow.personal import save_personal

    with telling() as tell:
        found = compose(
            model,
            people,
            library=library,
            overrules=overrules,
            keep=keep or (),
            like=names(like),
            groups=None if groups is None else names(groups),
            told=tell,
        )
        save_personal(found, out, paths, page, made=f"From {people.name} and {library.name}.")
    typer.echo(json.dumps(found.summary.as_json(), indent=1, ensure_ascii=False) if as_json else f"{found}\nThe hospital is in {out}")
