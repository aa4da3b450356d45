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

VERSION = 1
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
        raise _plain(path, e) from None


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) < len(pairs):
        twice = next(name for i, (name, _) in enumerate(pairs) if name in {n for n, _ in pairs[:i]})
        raise ValueError(f"{twice!r} is said twice in one place")
    return said


def _plain(path: Path, e: ValidationError) -> ModelError:
    """The first thing that is wrong, in plain words: a misspelt name before what is missing for want of it."""
    errors = sorted(e.errors(include_url=False), key=lambda x: x["type"] not in ("unexpected_keyword_argument", "extra_forbidden"))
    first: Any = errors[0]
    place = [str(p) for p in first["loc"]]
    context = first.get("ctx", {})
    inner = context.get("error")
    see = "See docs/model.md for what a model can say."
    if isinstance(inner, ModelError):
        return ModelError(_where(path, place, inner.where), inner.found, inner.do)
    match first["type"]:
        case "unexpected_keyword_argument" | "extra_forbidden":
            return ModelError(
                _where(path, place[:-1]), f"{place[-1]!r} is not something it can say", f"Mend the name or take it out. {see}"
            )
        case "missing" | "missing_argument" | "missing_keyword_only_argument":
            return ModelError(_where(path, place[:-1]), f"{place[-1]!r} is missing", f"Give it. {see}")
        case "union_tag_invalid":
            return ModelError(_where(path, place), f"there is no kind {context['tag']!r}", f"Use one of {context['expected_tags']}.")
        case "union_tag_not_found":
            return ModelError(_where(path, place), "'kind' is missing", f"Say which kind it is. {see}")
    found = str(inner if inner is not None else first["msg"]).rstrip(".")
    return ModelError(_where(path, place), found[:1].lower() + found[1:], see)


def _where(path: Path, place: list[str], inside: str = "") -> str:
    """The file and the way to the place in it, with the place's own words for itself where they say more."""
    if not place or inside.startswith(place[0]):  # "route, choice 'x'" says more than "route"
        return f"{path}, {inside or '.'.join(place)}" if inside or place else str(path)
    return ", ".join([str(path), ".".join(place)])
