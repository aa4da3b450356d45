"""One command a verb: ``sandcone read``, ``measure``, ``run``. Exit 0: done; 2: refused, with what to do; 1: our fault."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from sandcone.core.errors import SandconeError

if TYPE_CHECKING:
    from sandcone.core.site import Site

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="See whether a hospital's resources and its patients' time are both used better.",
)

Log = Annotated[Path, typer.Argument(help="The log: CSV, Parquet, XES (also .gz, .zst), or a folder of tables.", show_default=False)]
Columns = Annotated[
    str | None, typer.Option(help="Which column is what: a TOML file, or case=…,step=…,start=…,end=…; see docs/columns.md.")
]
Patients = Annotated[Path | None, typer.Option(help="A file with one row a case: its attributes.")]
SiteFile = Annotated[Path | None, typer.Option("--site", help="What the hospital says about itself (TOML); see docs/site.md.")]
Seed = Annotated[int, typer.Option(help="The seed of the draws that intervals are made from.")]
Draws = Annotated[int, typer.Option(min=0, help="How many draws for the intervals; 0 for none.")]

INTERRUPTED = 130  # what typer gives back, or raises as Abort, when Ctrl-C was pressed


@app.command()
def read(
    log: Log,
    out: Annotated[Path, typer.Option("-o", "--out", help="Where to keep the log that was read (Parquet).")],
    columns: Columns = None,
    patients: Patients = None,
    site: SiteFile = None,
) -> None:
    """Read a log, keep it as Parquet, and say what was odd in it and what was left out."""
    from sandcone.flow import read as read_log
    from sandcone.flow import save
    from sandcone.reporting import quality

    with _telling() as tell:
        found = read_log(log, columns=columns, patients=patients, site=_site(site), progress=tell)
        tell("writing the log")
        save(found, out)
    typer.echo(quality(found))
    typer.echo(f"The log is in {out}")


@app.command()
def measure(
    log: Log,
    columns: Columns = None,
    patients: Patients = None,
    site: SiteFile = None,
    seed: Seed = 1,
    draws: Draws = 400,
    as_json: Annotated[bool, typer.Option("--json", help="Every measure as JSON: name → value, low, high, n, unit, method.")] = False,
) -> None:
    """Measure how well patients' time and resources are used, and how varied and personal the care is."""
    from sandcone.flow import measure as measure_log
    from sandcone.flow import read as read_log
    from sandcone.reporting import as_json as to_json
    from sandcone.reporting import summary

    with _telling() as tell:
        found = read_log(log, columns=columns, patients=patients, site=_site(site), progress=tell)
        measures = measure_log(found, seed=seed, draws=draws, told=tell)
    typer.echo(json.dumps(to_json(measures), indent=1, ensure_ascii=False) if as_json else summary(found, measures))


@app.command()
def run(
    log: Log,
    out: Annotated[Path, typer.Option("-o", "--out", help="The folder for the page and the numbers.")],
    columns: Columns = None,
    patients: Patients = None,
    site: SiteFile = None,
    seed: Seed = 1,
    draws: Draws = 400,
) -> None:
    """Read a log, measure it and write the page: the whole chain."""
    from sandcone.flow import run as run_all
    from sandcone.reporting import summary

    with _telling() as tell:
        found, measures, page = run_all(log, out, columns=columns, patients=patients, site=_site(site), seed=seed, draws=draws, told=tell)
    typer.echo(summary(found, measures))
    typer.echo(f"The report is in {page}")


@app.command()
def demo(
    out: Annotated[Path, typer.Option("-o", "--out", help="The folder for the page and the numbers.")] = Path("demo"), seed: Seed = 1
) -> None:
    """Run the whole chain on the small made-up hospital that ships with Sandcone."""
    from sandcone.scenarios import small_hospital

    hospital = small_hospital()
    run(hospital.log, out, columns=str(hospital.columns), seed=seed)


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


def _site(path: Path | None) -> Site | None:
    from sandcone.core.site import read_site

    return None if path is None else read_site(path)


@contextmanager
def _telling() -> Iterator[Callable[[str], None]]:
    """Progress: one line that changes on a terminal, plain lines elsewhere; always on stderr."""
    if not sys.stderr.isatty():
        yield lambda words: typer.echo(words, err=True)
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status("starting") as status:
        yield lambda words: status.update(escape(words))


def main() -> None:
    """Run the command line; refusals become one line and exit 2."""
    try:
        code = app(sys.argv[1:] or ["--help"], prog_name="sandcone", standalone_mode=False)
    except SandconeError as refusal:
        _end(" ".join(str(refusal).split()), 2)
    except typer.Exit as done:
        sys.exit(done.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        _end("stopped", 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as fault:
        _fault(fault)
    else:
        if code == INTERRUPTED:
            _end("stopped", 1)
        sys.exit(code)


def _end(words: str, code: int) -> NoReturn:
    typer.echo(f"sandcone: {words}", err=True)
    sys.exit(code)


def _fault(fault: Exception) -> None:
    said = getattr(fault, "format_message", None)  # a wrong option; typer has had click's errors under more than one name
    if said is not None:
        _end(f"{' '.join(said().split()).rstrip('.')}. Try sandcone --help.", 2)
    if isinstance(fault, RuntimeError) and "interrupted" in str(fault).lower():  # as DuckDB says that Ctrl-C was pressed
        _end("stopped", 1)
    if os.environ.get("SANDCONE_DEBUG"):
        raise fault
    _end(f"a fault of ours, not yours ({type(fault).__name__}). Run again with SANDCONE_DEBUG=1 and tell us.", 1)
