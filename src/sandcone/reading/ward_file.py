"""ward.toml: what a folder of tables leaves unsaid, such as the first date, the shifts, the age groups and what each cost weighs."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Weights
from sandcone.reading.columns import Separator

HELP = "See docs/inpatients.md for what ward.toml can say."
FILE = "ward.toml"
LAST_YEAR = 9000  # so that every day of a plan is a date
Table = Literal["patients", "occupants", "rooms", "theatres", "surgeons", "nurses", "roster", "admissions", "care"]
Count = Annotated[int, Field(ge=0)]


def _date(value: object) -> object:
    if isinstance(value, datetime):
        raise ValueError("give a date without a time of day, such as 2026-03-02")
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r} is no date such as 2026-03-02") from None


def _soon(value: date | None) -> date | None:
    if value is not None and value.year > LAST_YEAR:
        raise ValueError(f"{value} is too far ahead")
    return value


def _several(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _says_a_date(form: str) -> bool:
    """Whether a date written in a form can be read back."""
    one = date(2027, 11, 30)
    try:
        return datetime.strptime(one.strftime(form), form).date() == one
    except (ValueError, re.error):
        return False


class Ward(BaseModel):
    """What is the same for the whole ward: its days, shifts and age groups, the weights, and how the tables are written.

    ``ages`` is the groups' names, youngest first, or for each group the age in years from which somebody belongs to it.
    Without ``first_date`` the tables number the days from 0. ``columns`` maps table → what a column holds → the file's own name for it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = ""
    days: Annotated[int, Field(ge=1, le=366)]
    first_date: Annotated[date | None, BeforeValidator(_date), AfterValidator(_soon)] = None
    shifts: Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
    ages: Annotated[tuple[str, ...] | dict[str, Count], BeforeValidator(_several), Field(min_length=1)]
    skill_levels: Count | None = None
    weights: dict[str, Count] = {}
    dates: str = "iso"
    separator: Separator | None = None
    encoding: Literal["utf-8", "latin-1", "utf-16"] | None = None
    files: dict[Table, str] = {}
    columns: dict[Table, dict[str, str]] = {}

    @field_validator("shifts", "ages")
    @classmethod
    def _unlike(cls, value: tuple[str, ...] | dict[str, int]) -> tuple[str, ...] | dict[str, int]:
        if any(not n.strip() or n != n.strip() for n in value) or len(set(value)) < len(value):
            raise ValueError("every one needs a name of its own, without spaces around it")
        if isinstance(value, dict) and list(value.values()) != sorted(set(value.values())):
            raise ValueError("write the youngest group first, each from a higher age than the one before")
        return value

    @field_validator("weights")
    @classmethod
    def _weights(cls, value: dict[str, int]) -> dict[str, int]:
        known = [f.name for f in fields(Weights)]
        for name in value:
            if name not in known:
                raise ValueError(f"{name!r} is no cost{near(name, known)}")
        return value

    @field_validator("dates")
    @classmethod
    def _order(cls, value: str) -> str:
        if value not in ("iso", "dmy", "mdy") and "%" not in value:
            raise ValueError(f"{value!r} is no way to write dates; give iso, dmy, mdy, or a form such as %d.%m.%y")
        if "%" in value and not _says_a_date(value):
            raise ValueError(f"{value!r} does not say day, month and year, each once; give a form such as %d.%m.%y")
        return value

    @property
    def last_date(self) -> date | None:
        """The date of the last day, where dates are known."""
        return None if self.first_date is None else self.first_date + timedelta(days=self.days - 1)


def near(name: str, known: list[str]) -> str:
    """A hint at what was meant: the nearest name, or the first few there are."""
    close = difflib.get_close_matches(name, known, 1, 0.6)
    close = close or [k for k in known if k.lower() == name.lower()]
    return f"; did you mean {close[0]!r}" if close else f"; there are {len(known)}, such as {', '.join(known[:3])}" if known else ""


def read_ward_file(folder: Path) -> Ward:
    """The ward.toml of a folder; ``ProblemError`` says what in it cannot be."""
    path = folder / FILE
    try:
        return Ward.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as e:
        raise ProblemError(str(path), f"cannot be read ({e.strerror})", f"A ward is a folder of tables with a {FILE}. {HELP}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise ProblemError(str(path), f"is no TOML ({e})", HELP) from None
    except ValidationError as e:
        raise _refusal(e, path) from None


def _refusal(wrong: ValidationError, path: Path) -> ProblemError:
    all_of_them = wrong.errors(include_url=False)
    first = next((e for e in all_of_them if e["type"] == "extra_forbidden"), all_of_them[0])  # a misspelt key is missing too
    place = [str(p) for p in first["loc"] if str(p) not in ("tuple[str, ...]", "dict[str,constrained-int]", "[key]")]
    if first["type"] == "extra_forbidden":
        return ProblemError(str(path), f"there is no key {place[-1]!r}{near(place[-1], list(Ward.model_fields))}", HELP)
    if first["type"] == "missing":
        return ProblemError(str(path), f"it does not say {place[-1]!r}", HELP)
    return ProblemError(str(path), f"{'.'.join(place)}: {first['msg'].removeprefix('Value error, ')}", HELP)
