"""A file of levers: what may be changed in a hospital, within what limits, and how long it is tried."""

from __future__ import annotations

import hashlib
import inspect
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError, create_model
from pydantic_core import to_json

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import MapError, ModelError
from sandcone.core.lever import Course, Lever, Levers, Limits, Setting
from sandcone.core.refused import refused
from sandcone.improving.levers import KINDS

SEE = "See docs/levers.md for what a file of levers can say."
STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
Table = dict[str, JsonValue]
B = TypeVar("B", bound=BaseModel)


class _Said(BaseModel):
    """One lever as the file has it; what is extra are the parameters of its kind."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    name: str
    use: str
    words: str | None = None
    optional: bool = False
    money_per_week: float = 0.0
    settings: tuple[Table, ...] = ()


class _File(BaseModel):
    model_config = STRICT
    optional: bool = False
    limits: Limits = Limits()
    course: Course = Course()
    lever: tuple[_Said, ...]


def read_levers(path: str | Path, today: Arrangement) -> Levers:
    """The levers of a TOML file, each setting of them tried once on the hospital of today, without a run.

    ``MapError`` says what in the file cannot be, where, and what to do. A lever that this hospital cannot have is refused too, unless it is
    ``optional``: then it is named in ``not_here``, with why.
    """
    try:
        raw = Path(path).read_bytes()
        table = tomllib.loads(raw.decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise MapError(str(path), f"cannot be read ({e})", "Give a TOML file; see docs/levers.md.") from None
    return replace(levers_of(table, str(path), today), sha256=hashlib.sha256(raw).hexdigest())


def levers_of(table: Mapping[str, Any], where: str, today: Arrangement) -> Levers:
    """The levers of a TOML table that was read already; ``where`` names it in refusals, which are as for a file."""
    file = _checked(_File, table, where)
    _can_be(file, where)
    _each_once(where, "lever", [said.name for said in file.lever])
    levers: list[Lever] = []
    not_here: dict[str, str] = {}
    for said in file.lever:
        lever, cannot = _tried(_lever(said, where), today)
        if cannot and not (said.optional or file.optional):
            name, why = next(iter(cannot.items()))
            raise MapError(f"{where}, lever {name!r}", _found(why), f"{why.do} Or take the lever out, or say optional = true.")
        not_here |= {name: _found(why) for name, why in cannot.items()}
        levers += [lever] if lever.settings else []
    return Levers(levers=tuple(levers), limits=file.limits, course=file.course, not_here=not_here)


def _checked(form: type[B], table: Mapping[str, Any], where: str) -> B:
    """What a table says, strictly: lists become tuples, nothing else is changed into anything else."""
    try:
        return form.model_validate_json(to_json(table))
    except ValidationError as e:
        refusal = refused(Path(where), e, SEE)
        raise MapError(refusal.where, refusal.found, refusal.do) from None


def _can_be(file: _File, where: str) -> None:
    limits, course = file.limits, file.course
    if any(x is not None and not x > 0 for x in (limits.cost, limits.staff_cost)):
        raise MapError(f"{where}, limits", "a cost of 0 times today's or less", "Give a number above 0, such as 1.0.")
    if course.days < 1 or course.settle_days < 0 or course.follow_days < 0:
        raise MapError(f"{where}, course", "days that cannot be", "Count 1 day or more; settle and follow for 0 or more.")
    if not file.lever:
        raise MapError(where, "it has no levers", "Give at least one [[lever]].")


def _each_once(where: str, what: str, names: list[str]) -> None:
    twice = [n for i, n in enumerate(names) if n in names[:i]]
    if twice:
        raise MapError(where, f"two {what}s are called {twice[0]!r}", "Give each a name of its own.")


def _lever(said: _Said, where: str) -> Lever:
    here = f"{where}, lever {said.name!r}"
    if said.use not in KINDS:
        raise MapError(here, f"there is no kind {said.use!r}", f"Use one of {', '.join(KINDS)}.")
    settings = tuple(_setting(said, which, here) for which in said.settings or ({"name": "on"},))
    _each_once(here, "setting", [s.name for s in settings])
    words = said.words or (inspect.getdoc(KINDS[said.use]) or "").splitlines()[0]
    return Lever(name=said.name, use=said.use, words=words, settings=settings)


def _setting(said: _Said, which: Table, here: str) -> Setting:
    """One setting: the lever's parameters, and over them the setting's own."""
    own = {key: value for key, value in which.items() if key not in ("name", "money_per_week")}
    price = _checked(_Price, {"money_per_week": said.money_per_week, **{k: v for k, v in which.items() if k not in own}}, here)
    given = _checked(_form(said.use), {**(said.model_extra or {}), **own}, here)
    change = partial(KINDS[said.use], **{key: getattr(given, key) for key in given.model_fields_set})
    name = price.name or ", ".join(f"{key} {_in_words(value)}" for key, value in own.items()) or "as said"
    return Setting(name=name, change=change, money_per_week=price.money_per_week)


class _Price(BaseModel):
    model_config = STRICT
    name: str = ""
    money_per_week: float


@cache
def _form(use: str) -> type[BaseModel]:
    """The parameters of a kind, as its function names them."""
    function = KINDS[use]
    types = get_type_hints(function, include_extras=True)
    _, *parameters = inspect.signature(function).parameters.values()
    fields: dict[str, Any] = {p.name: (types[p.name], ... if p.default is p.empty else p.default) for p in parameters}
    return create_model(use, __config__=STRICT, **fields)


def _in_words(value: JsonValue) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case list():
            return ", ".join(map(_in_words, value))
        case dict():
            return str(value.get("kind", "as said"))
        case _:
            return str(value)


def _tried(lever: Lever, today: Arrangement) -> tuple[Lever, Mapping[str, ModelError]]:
    """The lever with the settings that this hospital can have, and why it cannot have the others."""
    cannot = {s.name: why for s in lever.settings if (why := _cannot(s.change, today)) is not None}
    if len(cannot) == len(lever.settings):
        return replace(lever, settings=()), {lever.name: next(iter(cannot.values()))}
    can = tuple(s for s in lever.settings if s.name not in cannot)
    return replace(lever, settings=can), {f"{lever.name}, {name}": why for name, why in cannot.items()}


def _found(why: ModelError) -> str:
    return why.found if why.where == "lever" else f"{why.where}: {why.found}"


def _cannot(change: Callable[[Arrangement], Arrangement], today: Arrangement) -> ModelError | None:
    try:
        changed = change(today)
    except ModelError as e:
        return e
    return ModelError("lever", "it changes nothing here", "Set it otherwise.") if changed == today else None
