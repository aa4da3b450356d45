"""The command about what will come of patients: how long they take, which step is next, and whether they come."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Protocol

import typer

from sandcone.cli.options import Columns, Log, Patients, SiteFile, names, site_of, telling

app = typer.Typer()


class Shown(Protocol):
    """A result that shows itself, in words and as figures."""

    def as_json(self) -> dict[str, object]:
        """The figures by name."""
        ...


@app.command()
def predict(
    log: Log,
    out: Annotated[Path, typer.Option("-o", "--out", help="Where to keep what is said of each (CSV).")],
    what: Annotated[
        Literal["throughput", "remaining", "step", "next", "no-show"],
        typer.Option(
            help="How long in all, how long still after each step, how long a step takes, which step is next, or who does not come."
        ),
    ] = "throughput",
    until: Annotated[
        datetime | None, typer.Option(help="Learn from what was known by then, say it of everybody later; else of open cases.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="What makes a segment, e.g. 'age group,last step'; else as the site says.")] = None,
    step: Annotated[list[str] | None, typer.Option(help="With --what step or no-show: of this step; may be given several times.")] = None,
    missed: Annotated[
        list[str] | None, typer.Option(help="With --what no-show: the step that is written down when somebody did not come.")
    ] = None,
    person: Annotated[
        str | None, typer.Option(help="With --what no-show: the attribute that says who it is, where a case is one visit.")
    ] = None,
    share: Annotated[float, typer.Option(help="How often the truth shall lie in the interval, or in the set of next steps.")] = 0.9,
    columns: Columns = None,
    patients: Patients = None,
    site: SiteFile = None,
    seed: Annotated[int, typer.Option(help="The seed by which cases are kept for the intervals.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="What it rests on and whether it holds as JSON.")] = False,
) -> None:
    """Say how long each patient will take, which step is next, or whether they come, and how sure that is."""
    from sandcone.core.place import csv_name
    from sandcone.flow import read
    from sandcone.flow.asked import check_options
    from sandcone.flow.foretelling import foretell, save_foreseen
    from sandcone.flow.predicting import predict as ask
    from sandcone.flow.predicting import save_predictions

    csv_name(out)
    check_options(what, steps=step, missed=missed, person=person)
    with telling() as tell:
        found = read(log, columns=columns, patients=patients, site=site_of(site), progress=tell)
        kept = None if by is None else names(by)
        of = tuple(step or ())
        said: Shown
        if what == "next" or what == "no-show":
            said = foreseen = foretell(
                found,
                what=what,
                until=until,
                by=kept,
                steps=of,
                missed=tuple(missed or ()),
                person=person,
                share=share,
                seed=seed,
                told=tell,
            )
            save_foreseen(foreseen, out)
        else:
            said = predicted = ask(found, what=what, until=until, by=kept, steps=of, share=share, seed=seed, told=tell)
            save_predictions(predicted, out)
    say(said, out, as_json)


def say(said: Shown, out: Path, as_json: bool) -> None:
    """What it rests on and whether it holds, in words or as JSON."""
    typer.echo(json.dumps(said.as_json(), indent=1, ensure_ascii=False) if as_json else f"{said}\nIt is in {out}")
