"""A model or a plan as a file that a person can read, compare and change: JSON with the version of its form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from sandcone.core.errors import ModelError
from sandcone.core.model import Model
from sandcone.core.place import beside
from sandcone.core.plan import Plan
from sandcone.core.refused import refused

VERSION = 1
SEE = "See docs/model.md for what a model can say."
T = TypeVar("T", Model, Plan)


def as_text(noun: Model | Plan) -> str:
    """The file's text, the same for equal models."""
    what = TypeAdapter(type(noun)).dump_python(noun, mode="json", by_alias=True, exclude_defaults=False)
    return json.dumps({"sandcone": type(noun).__name__.lower(), "version": VERSION, **what}, indent=1, ensure_ascii=False) + "\n"


def save_model(noun: Model | Plan, path: str | Path) -> Path:
    """Write a model or a plan as JSON; the file is whole or not there at all."""
    with beside(Path(path)) as unfinished:
        unfinished.write_text(as_text(noun), encoding="utf-8")
    return Path(path)


def read_model(path: str | Path) -> Model:
    """Read a model; ``ModelError`` says what in it cannot be, where, and what to do."""
    return _read(Path(path), Model)


def read_plan(path: str | Path) -> Plan:
    """Read a plan; ``ModelError`` says what in it cannot be, where, and what to do."""
    return _read(Path(path), Plan)


def _read(path: Path, noun: type[T]) -> T:
    name = noun.__name__.lower()
    try:
        said = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_each_name_once)
    except (OSError, ValueError) as e:
        raise ModelError(str(path), f"cannot be read ({e})", f"Give a {name} file that sandcone wrote.") from None
    if not isinstance(said, dict) or said.pop("sandcone", None) != name:
        raise ModelError(str(path), f"this is not a {name} file", f"Give a {name} file that sandcone wrote.")
    version = said.pop("version", None)
    if version != VERSION:
        raise ModelError(str(path), f"its form has version {version!r}, this Sandcone reads {VERSION}", "Make it again with this Sandcone.")
    try:
        return TypeAdapter(noun).validate_python(said)
    except ValidationError as e:
        raise refused(path, e, SEE) from None


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) < len(pairs):
        twice = next(name for i, (name, _) in enumerate(pairs) if name in {n for n, _ in pairs[:i]})
        raise ValueError(f"{twice!r} is said twice in one place")
    return said
