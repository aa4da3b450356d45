"""What the commands have in common: the options they share, how progress is told, and how a file of words is read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sandcone.core.site import Site

Log = Annotated[Path, typer.Argument(help="The log: CSV, Parquet, XES (also .gz, .zst), or a folder of tables.", show_default=False)]
Columns = Annotated[
    str | None, typer.Option(help="Which column is what: a TOML file, or case=…,step=…,start=…,end=…; see docs/columns.md.")
]
Patients = Annotated[Path | None, typer.Option(help="A file with one row a case: its attributes.")]
SiteFile = Annotated[Path | None, typer.Option("--site", help="What the hospital says about itself (TOML); see docs/site.md.")]
Seed = Annotated[int, typer.Option(help="The seed of the draws that intervals are made from.")]
Draws = Annotated[int, typer.Option(min=0, help="How many draws for the intervals; 0 for none.")]


def names(said: str) -> tuple[str, ...]:
    """A list of names as it is written on the command line, with commas."""
    return tuple(name.strip() for name in said.split(",") if name.strip())


def site_of(path: Path | None) -> Site | None:
    """What a site file says, if one was named."""
    from sandcone.core.site import read_site

    return None if path is None else read_site(path)


@contextmanager
def telling() -> Iterator[Callable[[str], None]]:
    """Progress: one line that changes on a terminal, plain lines elsewhere; always on stderr."""
    if not sys.stderr.isatty():
        yield lambda words: typer.echo(words, err=True)
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status("starting") as status:
        yield lambda words: status.update(escape(words))
