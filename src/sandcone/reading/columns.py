"""The column map: which column of a foreign file plays which role, said once and the same for every verb."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sandcone.core.errors import MapError
from sandcone.core.site import Site, site_of

HELP = "See docs/columns.md for what a column map can say."
MISSING = ("", "NA", "N/A", "NULL", "null", "NaN", "nan", "NaT", "None")
SPOKEN = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}  # how a separator may be said beside the character itself
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


def _joined(value: object) -> object:
    return "/".join(map(str, value)) if isinstance(value, list | tuple) else value


def _named(value: object) -> object:
    return {str(v): v for v in _listed(value)} if isinstance(value, str | list | tuple) else value


def _listed(value: str | list[object] | tuple[object, ...]) -> list[object]:
    return [value] if isinstance(value, str) else list(value)


def _values(value: object) -> object:
    return {k: _several(v) for k, v in value.items()} if isinstance(value, Mapping) else value


def _known_zone(value: str) -> str:
    if value not in available_timezones():
        near = difflib.get_close_matches(value, available_timezones(), 1)
        raise ValueError(f"{value!r} is no time zone" + (f" (did you mean {near[0]!r})" if near else "; write it as Europe/Amsterdam"))
    return value


def _separator(value: str) -> str:
    mark = SPOKEN.get(value, value)
    if len(mark) != 1 or mark in '"\r\n\0':
        raise ValueError(f"{value!r} cannot stand between columns; give one character, such as ';', or one of {', '.join(SPOKEN)}")
    return mark


Separator = Annotated[str, AfterValidator(_separator)]
Several = Annotated[tuple[str, ...], BeforeValidator(_several)]
Joined = Annotated[str, BeforeValidator(_joined)]
Named = Annotated[dict[str, str], BeforeValidator(_named)]
Conditions = Annotated[dict[str, Several], BeforeValidator(_values)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Unit = Literal["seconds", "minutes", "hours", "days"]
Order = Literal["iso", "dmy", "mdy"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Lifecycle(_Strict):
    """The column that says whether a row is a start or a completion, and the words it uses."""

    column: str
    start: Several = ("start", "started", "begin")
    complete: Several = ("complete", "completed", "end", "ended", "finish", "finished", "autoskip", "manualskip")
    ready: Several = ("schedule", "scheduled", "enqueue", "request", "requested", "ready", "assign", "assigned")


class Dates(_Strict):
    """How dates are written, or made where the file has none."""

    order: Order | None = None
    format: str | None = None  # as strptime reads it
    date: str | None = None  # the column with the date, where the others hold a time of day
    day_number: str | None = None  # the column that numbers the days or sessions of a file without dates
    weekday: str | None = None  # the column with their weekday
    overnight: bool = False  # an end earlier in the day than its start is on the next day


def _dates(value: object) -> object:
    return {"format" if "%" in value else "order": value} if isinstance(value, str) else value


def _lifecycle(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


class Times(_Strict):
    """The columns that say when and with what: for a whole file or for one step of it."""

    start: str | None = None
    end: str | None = None
    time: str | None = None
    ready: str | None = None
    planned: str | None = None
    duration: str | None = None
    duration_in: Unit = "minutes"
    resource: Several = ()

    @property
    def timed(self) -> bool:
        """Whether any column says when."""
        return any((self.start, self.end, self.time, self.ready))


class Step(Times):
    """One step of a file that has several steps to a row."""

    name: str
    when: Conditions = {}


class Rows(Times):
    """The roles of one table."""

    case: Joined | None = None
    step: Joined | None = None
    instance: Joined | None = None
    lifecycle: Annotated[Lifecycle, BeforeValidator(_lifecycle)] | None = None
    attributes: Named = {}
    steps: tuple[Step, ...] = Field(default=(), strict=False)

    @property
    def has_steps(self) -> bool:
        """Whether this table tells what happened, and not only who the patients are."""
        return bool(self.steps) or self.step is not None


class Table(Rows):
    """One file of several."""

    file: str
    on: str | None = None  # the column of an earlier table that ``case`` answers to; the case itself if not said


class ColumnMap(Rows):
    """Which column plays which role, and how the file writes things."""

    tables: tuple[Table, ...] = Field(default=(), strict=False)
    dates: Annotated[Dates, BeforeValidator(_dates)] = Dates()
    zone: Zone | None = None
    separator: Separator | None = None
    encoding: Literal["utf-8", "latin-1", "utf-16"] | None = None
    resource_separator: str | None = None
    missing: Several | Conditions = MISSING
    duplicates: Literal["leave out", "keep"] = "leave out"
    site: Site = Site()


INLINE = ("case", "step", "start", "end", "time", "ready", "planned", "duration", "duration_in", "resource", "instance",
          "lifecycle", "attributes", "dates", "zone", "separator", "encoding", "resource_separator", "duplicates")  # fmt: skip


def column_map(columns: str | Path | Mapping[str, object] | None) -> ColumnMap:
    """The map somebody gave: a TOML file, ``case=A,step=B`` or a mapping; an empty one if nobody gave any."""
    if columns is None:
        return ColumnMap()
    if isinstance(columns, Mapping):
        return _checked(dict(columns), "columns")
    if isinstance(columns, Path) or "=" not in columns:
        return _checked(_toml(Path(columns)), str(columns))
    return _checked(_inline(columns), "--columns")


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        reason = e.strerror if isinstance(e, OSError) and e.strerror else str(e)
        raise MapError(str(path), f"the column map cannot be read ({reason})", HELP) from None


def _inline(text: str) -> dict[str, object]:
    said: dict[str, object] = {}
    for part in _parts(text):
        key, _, value = (p.strip() for p in part.partition("="))
        said[key] = value.split("+") if key in ("resource", "attributes") else value
    return said


def _parts(text: str) -> list[str]:
    """Split at commas; a piece without ``=`` belongs to the name before it (``case=Name, first``)."""
    parts: list[str] = []
    for piece in text.split(","):
        if "=" in piece or not parts:
            parts.append(piece)
        else:
            parts[-1] += "," + piece
    return parts


def _checked(said: dict[str, object], where: str) -> ColumnMap:
    site = said.pop("site", {})
    if not isinstance(site, Mapping | Site):
        raise MapError(where, "[site] is not a table", HELP)
    try:
        made = ColumnMap.model_validate(said)
    except ValidationError as e:
        raise _refusal(e.errors(include_url=False)[0], where) from None
    return made.model_copy(update={"site": site if isinstance(site, Site) else site_of(dict(site), where)})


def _refusal(error: Any, where: str) -> MapError:
    place = [str(p) for p in error["loc"] if not isinstance(p, str) or "[" not in p]
    if error["type"] != "extra_forbidden":
        return MapError(where, f"{'.'.join(place) or 'map'}: {error['msg'].removeprefix('Value error, ')}", HELP)
    near = difflib.get_close_matches(place[-1], _keys(place[:-1]), 1, 0.5)
    hint = f"did you mean {near[0]!r}" if near else f"it can be one of {', '.join(sorted(_keys(place[:-1])))}"
    return MapError(where, f"there is no key {'.'.join(place)!r} ({hint})", HELP)


def _keys(place: list[str]) -> list[str]:
    inside: dict[str, type[BaseModel]] = {"steps": Step, "tables": Table, "dates": Dates, "lifecycle": Lifecycle}
    model = next((inside[p] for p in reversed(place) if p in inside), ColumnMap)
    return [*model.model_fields]
