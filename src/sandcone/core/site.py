"""What a hospital says about itself that its log does not: who belongs to which pool, when it is open, what counts.

All of it is optional. Where it is silent, a measure uses a default that says it is a default.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from sandcone.core.errors import MapError

Value = Literal["value-adding", "necessary", "waiting"]
Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def _clock_time(text: str) -> str:
    hours, _, minutes = text.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(hours) * 60 + int(minutes) <= 24 * 60 and int(minutes) < 60):
        raise ValueError(f"{text!r} is not a time of day such as 07:30")
    return text


def _iso_date(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date such as 2024-12-25") from None
    return text


ClockTime = Annotated[str, AfterValidator(_clock_time)]
IsoDate = Annotated[str, AfterValidator(_iso_date)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Shift(_Strict):
    """Open hours on some days of the week, wall-clock time; ``to`` may be 24:00."""

    days: tuple[Weekday, ...] = Field(strict=False, min_length=1)
    start: ClockTime = Field(alias="from")
    end: ClockTime = Field(alias="to")

    def minutes(self) -> tuple[int, int]:
        """Minutes after midnight at which it opens and closes."""
        h0, m0 = map(int, self.start.split(":"))
        h1, m1 = map(int, self.end.split(":"))
        return 60 * h0 + m0, 60 * h1 + m1

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        opens, closes = self.minutes()
        if closes <= opens:
            raise ValueError(f"a shift from {self.start} to {self.end} never opens; write it as two shifts if it passes midnight")
        return self


class Calendar(_Strict):
    """When a resource or a pool works: weekly shifts, less the closed days."""

    shifts: tuple[Shift, ...] = Field(strict=False, min_length=1)
    closed: tuple[IsoDate, ...] = Field(default=(), strict=False)
    only_days_used: bool = False  # count a day only if the resource was used at all on it


class Pool(_Strict):
    """Resources that stand in for each other."""

    resources: tuple[str, ...] = Field(strict=False, min_length=1)
    calendar: str | None = None
    cost_per_hour: float | None = Field(default=None, gt=0)
    grade: Literal["senior", "junior"] | None = None


class Promise(_Strict):
    """A step due within some time of another, e.g. antibiotics within one hour of triage."""

    name: str
    start: str = Field(alias="from")
    end: str = Field(alias="to")
    within_hours: float = Field(gt=0)


class Condition(_Strict):
    """True of a patient whose attribute has one of these values."""

    attribute: str
    values: tuple[str, ...] = Field(strict=False, min_length=1)


class Need(_Strict):
    """Patients with this attribute value need this step."""

    attribute: str
    values: tuple[str, ...] = Field(strict=False, min_length=1)
    step: str
    weight: float = Field(default=1.0, ge=0)


class Site(_Strict):
    """A hospital's own words for its log: everything a measure may need that no log holds."""

    name: str = ""
    steps: dict[str, Value] = {}  # the activity table: step → value class
    default_value: Value = "value-adding"  # for steps the table does not name
    units: dict[str, str] = {}  # step → unit (ward, clinic, theatre block)
    pools: dict[str, Pool] = {}
    calendars: dict[str, Calendar] = {}
    capacity: dict[str, int] = {}  # resource → how many patients at once
    end_steps: tuple[str, ...] = Field(default=(), strict=False)
    cancelled_steps: tuple[str, ...] = Field(default=(), strict=False)
    agreed_step: str | None = None  # the step at which the plan is agreed with the patient
    senior_steps: tuple[str, ...] = Field(default=(), strict=False)  # steps a senior may do
    segment: tuple[str, ...] = Field(default=(), strict=False)  # attributes that make a segment
    promises: tuple[Promise, ...] = Field(default=(), strict=False)
    promised_hours: float | None = Field(default=None, gt=0)  # door to door
    needs: tuple[Need, ...] = Field(default=(), strict=False)
    mode: dict[str, Condition] = {}  # flags of FIELD's operating-mode rule, each by an attribute
    dates_shifted: bool = False  # dates moved per case by the publisher: only gaps inside a case are true

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        for pool in self.pools.values():
            if pool.calendar is not None and pool.calendar not in self.calendars:
                raise ValueError(f"calendar {pool.calendar!r} is not among {sorted(self.calendars)}")
        unknown = set(self.mode) - set(MODE_FLAGS)
        if unknown:
            raise ValueError(f"mode flag {sorted(unknown)[0]!r} is not among {', '.join(MODE_FLAGS)}")
        if any(c < 1 for c in self.capacity.values()):
            raise ValueError("a capacity must be 1 or more")
        return self

    def pool_of(self, resource: str) -> str:
        """The pool a resource belongs to; a resource in no pool is its own pool."""
        return next((name for name, pool in self.pools.items() if resource in pool.resources), resource)

    def joined(self, other: Site) -> Site:
        """This site with everything the other one says on top."""
        return Site.model_validate(
            {**self.model_dump(by_alias=True, exclude_unset=True), **other.model_dump(by_alias=True, exclude_unset=True)}
        )


MODE_FLAGS = ("risk_only", "urgent", "severe", "open_ended", "clear", "one_contact", "schedulable", "standard", "several_causes")


def site_of(table: dict[str, object], where: str) -> Site:
    """A site from a parsed TOML table; ``MapError`` names the line that cannot be."""
    try:
        return Site.model_validate(table)
    except ValidationError as e:
        first = e.errors(include_url=False)[0]
        place = ".".join(str(p) for p in first["loc"]) or "site"
        raise MapError(where, f"{place}: {first['msg']}", "See docs/site.md for what a site file can say.") from None


def read_site(path: str | Path) -> Site:
    """A site from a TOML file."""
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise MapError(str(path), f"cannot be read ({e})", "Give a TOML file; see docs/site.md.") from None
    return site_of(table.get("site", table), str(path))
