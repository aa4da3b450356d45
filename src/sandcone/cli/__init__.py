"""One command a verb. Exit 0: done; 2: refused, with what to do; 1: stopped, or our fault."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import typer

from sandcone.cli import booking, care, exchange, frontier, improve, logs, modules, plans, predict, reasons, twin, verdict
from sandcone.core.errors import SandconeError

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="See whether a hospital's resources and its patients' time are both used better.",
)
for part in (
    logs.app,
    twin.app,
    care.app,
    booking.app,
    exchange.app,
    frontier.app,
    improve.app,
    modules.app,
    plans.app,
    predict.app,
    reasons.app,
    verdict.app,
):
    app.registered_commands += part.registered_commands

INTERRUPTED = 130  # what typer gives back, or raises as Abort, when Ctrl-C was pressed


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
