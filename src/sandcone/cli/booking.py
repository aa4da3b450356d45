"""The command at the desk: offer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sandcone.core.errors import ProblemError
from sandcone.core.place import not_over

app = typer.Typer()


@app.command()
def offer(
    problem: Annotated[Path, typer.Argument(help="The whole paths that are booked (JSON); see docs/paths.md.", show_default=False)],
    timetable: Annotated[Path, typer.Argument(help="Their timetable (JSON).", show_default=False)],
    more: Annotated[Path, typer.Argument(help="New patients of the same house, as personalise --journeys writes it.", show_default=False)],
    take: Annotated[int | None, typer.Option(min=1, help="Book this option for each new patient; without it, only show.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="With --take: the file for the timetable (JSON).")] = None,
    journeys: Annotated[Path | None, typer.Option(help="With --take: the file for the problem, new patients in it (JSON).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The options as JSON: slots, costs, who would move where.")] = False,
) -> None:
    """Offer new patients up to three whole paths, with what each costs them and the others; book the one that is taken."""
    from sandcone.flow.offering import offer as ask
    from sandcone.flow.offering import save_offered

    if (take is None) != (out is None):
        raise ProblemError("offer", "--take and --out go together", "Say both to book, or neither to see what could be had.")
    if out is None and journeys is not None:
        raise ProblemError("offer", "--journeys is for what is booked", "Say --take and --out too, or leave it out.")
    whole = journeys or (out and out.with_name(f"{out.stem}-journeys.json"))
    if out is not None and whole is not None:
        not_over(out, problem, more)
        not_over(whole, timetable, more)
    found = ask(problem, timetable, more, take=take)
    if out is not None and whole is not None:
        save_offered(found, whole, out)
    typer.echo(json.dumps(found.as_json(), indent=1, ensure_ascii=False) if as_json else str(found))
    if out is not None:
        typer.echo(f"The timetable is in {out}, the problem it is for in {whole}", err=as_json)
