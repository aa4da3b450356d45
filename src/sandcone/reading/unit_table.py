"""A table of hospitals, wards or months, one row each, as columns of text."""

from __future__ import annotations

from pathlib import Path

from sandcone.reading.columns import ColumnMap
from sandcone.reading.opening import found, load_file
from sandcone.reading.people import texts_of
from sandcone.reading.scratch import Scratch


def read_columns(source: str | Path) -> dict[str, list[str | None]]:
    """The columns of a CSV or Parquet table as text, None where a cell says nothing; ``InputError`` where it cannot be read."""
    scratch = Scratch.on(None)
    return texts_of(scratch, load_file(found(source), scratch, "units", ColumnMap()))
