"""The command that looks for better ways to run a hospital: improve."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sandcone.cli.options import SiteFile, names, site_of
from sandcone.cli.watch import watch

app = typer.Typer()


@app.command()
def improve(
    model: Annotated[Path, typer.Argument(help="The model (JSON); see docs/model.md.", show_default=False)],
    seed: Annotated[int, typer.Option(help="The seed of all chance in the search and in the runs.", show_default=False)],
    out: Annotated[Path, typer.Option("-o", "--out", help="The folder for the page, the numbers and all that was tried.")],
    levers: Annotated[
        Path | None, typer.Option("--levers", help="What may be changed (TOML); see docs/levers.md. Without it, levers are suggested.")
    ] = None,
    site: SiteFile = None,
    budget: Annotated[str, typer.Option("--budget", help='How long to look: 600s, 10min or "2000 runs".')] = "600s",
    registered: Annotated[
        Path | None, typer.Option("--registered", help="The measures and margins that were agreed beforehand (TOML); docs/verdict.md.")
    ] = None,
    library: Annotated[Path | None, typer.Option("--library", help="Modules of care (TOML), for --people.")] = None,
    people: Annotated[
        Path | None, typer.Option("--people", help="Known people (a table; docs/personal.md), whose paths are a lever.")
    ] = None,
    keep: Annotated[list[str] | None, typer.Option(help="With --people: a stream that comes as before; several times.")] = None,
    like: Annotated[str, typer.Option(help="With --people: the facts of an illness, e.g. age,procedure.")] = "",
    cores: Annotated[int | None, typer.Option(min=1, help="How many cores to use; without it, all of them.", show_default=False)] = None,
    ray: Annotated[bool, typer.Option("--ray", help="Spread the runs over the Ray cluster that this machine belongs to.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON.")] = False,
) -> None:
    """Find sets of levers that lift resource and flow efficiency together; Ctrl-C ends it with what was found."""
    from sandcone.core.registered import DEFAULTS, read_registered
    from sandcone.flow.hands import on_ray
    from sandcone.flow.improve_files import PAGE, plain
    from sandcone.flow.improvement import improve as search
    from sandcone.reporting.improve_told import told

    agreed = DEFAULTS if registered is None else read_registered(registered)
    with watch() as seen:
        found = search(
            model,
            levers,
            site=site_of(site),
            registered=agreed,
            budget=budget,
            seed=seed,
            out=out,
            library=library,
            people=people,
            keep=keep or (),
            like=names(like),
            cores=cores,
            machines=on_ray if ray else None,
            told=seen.told,
        )
    typer.echo(json.dumps(plain(found.as_json()), indent=1, ensure_ascii=False) if as_json else told(found))
    typer.echo(f"The page is in {out / PAGE}", err=as_json)
