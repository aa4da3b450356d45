"""The commands about plans: check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def check(
    problem: Annotated[Path, typer.Argument(help="The inpatient problem (JSON); see docs/inpatients.md.", show_default=False)],
    plan: Annotated[Path, typer.Argument(help="The plan to score (JSON).", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="The score as JSON: by rule, how much, where.")] = False,
) -> None:
    """Score an inpatient plan by every rule: what it breaks that it may not, and what it costs."""
    from sandcone.flow import check as check_plan

    found = check_plan(problem, plan)
    typer.echo(json.dumps(found.as_json(), indent=1, ensure_ascii=False) if as_json else str(found))
