"""Personal paths as a file: steps, lags, reasons, conflicts and fit, as JSON with the version of its form.

``paths`` are the different ones, ``people`` who has which: pairs of a name and the number of the path, counted from 0.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path as File
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sandcone.core.care import Path
from sandcone.core.errors import ModelError
from sandcone.core.refused import refused

VERSION = 1
DO = "Give a file that sandcone personalise wrote with --paths."
PATHS = TypeAdapter(tuple[Path, ...])
PEOPLE = TypeAdapter(list[tuple[str, int]])


def paths_text(paths: Iterable[Path]) -> str:
    """The file's text, a line for each different path and one for each person."""
    number: dict[tuple[object, ...], int] = {}
    everybody, kept, people = tuple(paths), list[Path](), list[tuple[str, int]]()
    for p in everybody:
        i = number.setdefault(_same(p), len(kept))
        if i == len(kept):
            kept.append(p)
        people.append((p.person, i))
    different = PATHS.dump_python(tuple(replace(p, person="") for p in kept), mode="json")
    return f'{{"sandcone": "paths", "version": {VERSION}, "people": {_lines(people)}, "paths": {_lines(different)}}}\n'


def _same(p: Path) -> tuple[object, ...]:
    """Equal for paths of people who are alike, who share their parts; told apart without looking into them."""
    return (*(id(of) for of in (p.modules, p.steps, p.lags, p.reasons, p.conflicts)), p.fit, p.unmet, p.excess, p.basis)


def _lines(of: Iterable[Any]) -> str:
    return "[\n" + ",\n".join(json.dumps(x, ensure_ascii=False) for x in of) + "\n]"


def read_paths(path: str | File) -> tuple[Path, ...]:
    """Read personal paths, in the order in which they were written; ``ModelError`` where the file is none of ours."""
    path = File(path)
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as e:
        raise ModelError(str(path), f"cannot be read ({type(e).__name__})", DO) from None
    if not isinstance(said, dict) or said.get("sandcone") != "paths" or said.get("version") != VERSION:
        raise ModelError(str(path), "this is not a file of paths, or not of this version", DO)
    try:
        different, people = PATHS.validate_python(said.get("paths")), PEOPLE.validate_python(said.get("people"))
    except ValidationError as e:
        raise refused(path, e, DO) from None
    if any(not 0 <= i < len(different) for _, i in people):
        raise ModelError(f"{path}, people", "the number of a path that is not there", DO)
    for i, p in enumerate(different):
        _checked(f"{path}, path {i}", p)
    return tuple(replace(different[i], person=name) for name, i in people)


def _checked(where: str, p: Path) -> None:
    """Refuse a path in which two steps have one name, or a lag is about a step that is not there."""
    names = [s.name for s in p.steps]
    if len(set(names)) < len(names):
        raise ModelError(where, "two steps of one name", DO)
    if any(end not in names for lag in p.lags for end in (lag.before, lag.after)):
        raise ModelError(where, "a lag from or to a step that is not there", DO)
