"""The command about units beside the best of them: frontier."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from sandcone.cli.options import names

app = typer.Typer()


@app.command()
def frontier(
    units: Annotated[Path, typer.Argument(help="A CSV or Parquet table, one row a unit; see docs/frontier.md.", show_default=False)],
    outputs: Annotated[str, typer.Option(help="Columns of what the units make, e.g. treated,flow.")],
    inputs: Annotated[str, typer.Option(help="Columns of what they use, e.g. beds,staff.")] = "",
    bads: Annotated[str, typer.Option(help="Columns of what nobody wants of it, e.g. 'throughput time'.")] = "",
    method: Annotated[
        Literal["dea", "fdh", "order-m", "bod", "ddf", "malmquist", "sfa"], typer.Option(help="How the best is made of the units.")
    ] = "dea",
    name: Annotated[str | None, typer.Option(help="The column of their names; else the first that is no amount.")] = None,
    towards: Annotated[Literal["inputs", "outputs"], typer.Option(help="Use less, or make more.")] = "inputs",
    returns: Annotated[
        Literal["constant", "variable"] | None, typer.Option(help="Returns to scale; dea: variable, ddf: constant if not said.")
    ] = None,
    m: Annotated[int, typer.Option(help="order-m: beside the best of how many.")] = 25,
    cost: Annotated[bool, typer.Option("--cost", help="sfa: the input is a cost, explained by the outputs.")] = False,
    period: Annotated[str | None, typer.Option(help="malmquist: the column of the periods.")] = None,
    seed: Annotated[int | None, typer.Option(help="The seed of the draws that intervals are made from; none without.")] = None,
    draws: Annotated[int, typer.Option(min=0, help="How many draws for the intervals.")] = 400,
    as_json: Annotated[bool, typer.Option("--json", help="All units as JSON.")] = False,
) -> None:
    """Say how far each of several hospitals, wards or months is from the best of them."""
    from sandcone.flow.frontiers import frontier as ask

    found = ask(
        units,
        inputs=names(inputs),
        outputs=names(outputs),
        bads=names(bads),
        method=method,
        name=name,
        towards=towards,
        returns=returns,
        m=m,
        cost=cost,
        period=period,
        seed=seed,
        draws=draws,
    )
    typer.echo(json.dumps(found.as_json(), indent=1, ensure_ascii=False) if as_json else str(found))
