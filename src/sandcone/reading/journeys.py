"""Whole paths to be booked, and timetables for them, as files that a person can read: JSON with the version of its form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from sandcone.core.errors import ProblemError
from sandcone.core.journeys import Journeys, Timetable
from sandcone.core.place import beside

VERSION = 1
N = TypeVar("N", Journeys, Timetable)


def save_journeys(noun: Journeys | Timetable, path: str | Path) -> Path:
    """Write a problem or a timetable as JSON; the file is whole or not there at all."""
    with beside(Path(path)) as unfinished:
        unfinished.write_text(journeys_text(noun), encoding="utf-8")
    return Path(path)


def journeys_text(noun: Journeys | Timetable) -> str:
    """The file's text."""
    said = TypeAdapter(type(noun)).dump_python(noun, mode="json", by_alias=True)
    whole = {"sandcone": type(noun).__name__.lower(), "version": VERSION, **said}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def read_journeys(path: str | Path) -> Journeys:
    """Read a problem; ``ProblemError`` says what in it cannot be, where, and what to do."""
    return _read_one(Path(path), Journeys)


def read_timetable(path: str | Path, problem: Journeys) -> Timetable:
    """Read a timetable for a problem; ``ProblemError`` where it is not one, or names what the problem does not have."""
    return _read_one(Path(path), Timetable).fits(problem)


def _read_one(path: Path, noun: type[N]) -> N:
    name = noun.__name__.lower()
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as e:
        raise ProblemError(str(path), f"cannot be read ({e})", f"Give a {name} file that sandcone wrote.") from None
    if not isinstance(said, dict) or said.pop("sandcone", None) != name or said.pop("version", None) != VERSION:
        raise ProblemError(str(path), f"this is not a {name} file of version {VERSION}", f"Give a {name} file that this Sandcone wrote.")
    try:
        return TypeAdapter(noun).validate_python(said)
    except ProblemError as e:
        raise ProblemError(f"{path}, {e.where}", e.found, e.do) from None
    except ValidationError as e:
        first = e.errors(include_url=False)[0]
        place = ", ".join(str(x) for x in first["loc"])
        raise ProblemError(str(path), f"{place}: {first['msg']}", "See docs/paths.md for what the file can say.") from None
