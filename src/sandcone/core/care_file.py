"""A library of modules as a file that a clinician can read and change: TOML, one table a module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import TypeAdapter, ValidationError

from sandcone.core.care import Library, Module, Part
from sandcone.core.condition_text import condition
from sandcone.core.errors import ModelError
from sandcone.core.place import beside
from sandcone.core.refused import refused

SEE = "See docs/personal.md for what a library can say."


def read_library(path: str | Path) -> Library:
    """Read a library of modules; ``ModelError`` says what in it cannot be, where, and what to do."""
    path = Path(path)
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise ModelError(str(path), f"cannot be read ({e})", f"Give a library (TOML). {SEE}") from None
    return library_from(said, path)


def library_from(said: Mapping[str, Any], path: Path) -> Library:
    """The library that a table says; ``path`` is named where it cannot be."""
    modules = said.get("modules", {})
    if not isinstance(modules, dict) or not modules:
        raise ModelError(str(path), "no modules", f"Give at least one table [modules.NAME]. {SEE}")
    named = {"name": path.stem, **said, "modules": [_named(path, name, of) for name, of in modules.items()]}
    try:
        library = TypeAdapter(Library).validate_python(named)
    except ValidationError as e:
        raise _by_name(path, e, list(modules)) from None
    except ModelError as e:
        raise ModelError(f"{path}, {e.where}", e.found, e.do) from None
    for m in library.modules:
        _conditions(path, m)
    return library


def _named(path: Path, name: str, of: Any) -> dict[str, Any]:
    """A module's table with its name; a part that is only a word is the step of that name."""
    if not isinstance(of, dict):
        raise ModelError(f"{path}, module {name!r}", f"{of!r} instead of a table", f"Write [modules.{name}]. {SEE}")
    parts = of.get("parts", [])
    if not isinstance(parts, list):
        raise ModelError(f"{path}, module {name!r}", "parts that are no list", f"Give a list of steps. {SEE}")
    return {**of, "name": name, "parts": [_part(p) for p in parts]}


def _part(said: Any) -> Any:
    if isinstance(said, str):
        return {"name": said, "step": said}
    return {"name": said["step"], **said} if isinstance(said, dict) and "step" in said else said


def _by_name(path: Path, e: ValidationError, names: list[str]) -> ModelError:
    """The refusal, with the module's name in the place of its number."""
    found = refused(path, e, SEE)
    where = found.where
    for i in reversed(range(len(names))):
        where = where.replace(f"modules.{i}.", f"module {names[i]!r}, ").replace(f"modules.{i}", f"module {names[i]!r}")
    return ModelError(where, found.found, found.do)


def _conditions(path: Path, m: Module) -> None:
    for what, text in (("when", m.when), ("unless", m.unless), *((f"part {p.name!r}, when", p.when) for p in m.parts)):
        if text is not None:
            try:
                condition(text)
            except ModelError as e:
                raise ModelError(f"{path}, module {m.name!r}, {what}: {e.where}", e.found, e.do) from None


def save_library(library: Library, path: str | Path) -> Path:
    """Write a library as TOML; the file is whole or not there at all."""
    with beside(Path(path)) as unfinished:
        unfinished.write_text(library_text(library), encoding="utf-8")
    return Path(path)


def library_text(library: Library) -> str:
    """The file's text, the same for equal libraries; what is as by default is left out."""
    said = _said(library, but=("modules",)) | {"modules": {m.name: _said(m, but=("name",)) for m in library.modules}}
    return tomli_w.dumps(said)


def _said(noun: Any, but: tuple[str, ...] = ()) -> dict[str, Any]:
    plain = {f.name: f for f in fields(noun) if f.name not in but}
    values = {name: getattr(noun, name) for name in plain}
    return {name: _value(v) for name, v in values.items() if not _default(plain[name], v)}


def _default(of: Any, value: Any) -> bool:
    return value is None or value in ((), {}) or value == of.default


def _value(value: Any) -> Any:
    if isinstance(value, Part) and _said(value) == {"name": value.step, "step": value.step}:
        return value.step
    if isinstance(value, tuple):
        return [_value(v) for v in value]
    if isinstance(value, Mapping):
        return dict(value)
    return _said(value) if hasattr(value, "__dataclass_fields__") else value
