"""Cells of a ward's tables: text → days, numbers, names and lists, each refused in words a planner can act on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, cast

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from sandcone.core.clock import WEEKDAYS
from sandcone.core.inpatient import LONGEST
from sandcone.reading.ward_file import Ward, near

WHOLE = re.compile(r"([+-]?)(\d{1,9})(?:\.0*)?")
SEVERAL = re.compile(r"\s*[;|]\s*|\s+")
MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?$")
ORDERS = {"iso": "%Y-%m-%d", "dmy": "%d-%m-%Y", "mdy": "%m-%d-%Y"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What cells are held against: the ward's file, and the names that are there (what → names; not there: not looked at)."""

    ward: Ward
    names: dict[str, list[str]] = field(default_factory=dict)


def held(info: ValidationInfo) -> Known:
    """What a cell that is being read is held against."""
    return cast(Known, info.context)


def _whole(text: str) -> int:
    found = WHOLE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no whole number")
    if found[1] == "-" and int(found[2]):
        raise ValueError(f"{text} is below 0")
    return int(found[2])


def _from_one(number: int) -> int:
    if number < 1:
        raise ValueError(f"{number} is below 1")
    return number


def _nights(number: int) -> int:
    if number > LONGEST:
        raise ValueError(f"{number} is above {LONGEST}")
    return number


def _numbers(text: str) -> tuple[int, ...]:
    """One number, or several as ``1;2;3``, ``1|2|3``, ``1 2 3`` or ``[1, 2, 3]``."""
    inside = text[1:-1].strip().replace(",", " ") if text[:1] + text[-1:] == "[]" else text
    return tuple(_whole(part) for part in SEVERAL.split(inside))


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


def _day(text: str, info: ValidationInfo) -> int:
    ward = held(info).ward
    if ward.first_date is None or ward.last_date is None:
        day, said = _whole(text), f"{ward.days} days from 0"
    else:
        day, said = (_date(text, ward.dates) - ward.first_date).days, f"{ward.first_date} to {ward.last_date}"
    if not 0 <= day < ward.days:
        raise ValueError(f"{text} is outside the horizon ({said})")
    return day


def _date(text: str, dates: str) -> date:
    plain, form = MIDNIGHT.sub("", text), ORDERS.get(dates, dates)
    if dates in ORDERS:
        plain = re.sub(r"[/.]", "-", plain) if dates != "iso" else plain
    try:
        return datetime.strptime(plain, form).date()
    except ValueError:
        raise ValueError(f"{text!r} is no date written as {form} (ward.toml can say another way: dates)") from None


def _weekdays(text: str, info: ValidationInfo) -> tuple[int, ...]:
    if held(info).ward.first_date is None:
        raise ValueError("weekdays need the first_date in ward.toml")
    short = {d.lower(): i for i, d in enumerate(WEEKDAYS)}
    found = tuple(short.get(part[:3].lower(), -1) for part in _names(text))
    if -1 in found or not found:
        raise ValueError(f"{text!r} is no weekday such as Mon, or several such as Mon;Tue")
    return found


def _age(text: str, info: ValidationInfo) -> int:
    """The place of an age group: its name, or the age in years where ward.toml says from which age each group is."""
    ages = held(info).ward.ages
    if text in ages:
        return list(ages).index(text)
    if not isinstance(ages, dict):
        raise ValueError(f"no age group is called {text!r}{near(text, list(ages))}")
    group = sum(_whole(text) >= youngest for youngest in ages.values()) - 1
    if group < 0:
        raise ValueError(f"age {text} is below that of every age group")
    return group


def _known(what: str) -> Callable[[str, ValidationInfo], str]:
    def known(name: str, info: ValidationInfo) -> str:
        names = held(info).names.get(what)
        if names is not None and name not in names:
            raise ValueError(f"no {what} is called {name!r}{near(name, names)}")
        return name

    return known


def _all_known(what: str) -> Callable[[tuple[str, ...], ValidationInfo], tuple[str, ...]]:
    one = _known(what)
    return lambda names, info: tuple(one(n, info) for n in names)


def _shift(text: str, info: ValidationInfo) -> int:
    shifts = held(info).ward.shifts
    if text not in shifts:
        raise ValueError(f"no shift is called {text!r}{near(text, list(shifts))}")
    return shifts.index(text)


Whole = Annotated[int, BeforeValidator(_whole)]
Nights = Annotated[Whole, AfterValidator(_from_one), AfterValidator(_nights)]
Numbers = Annotated[tuple[int, ...], BeforeValidator(_numbers)]
Day = Annotated[int, BeforeValidator(_day)]
Weekdays = Annotated[tuple[int, ...], BeforeValidator(_weekdays)]
Age = Annotated[int, BeforeValidator(_age)]
ShiftName = Annotated[int, BeforeValidator(_shift)]
ARoom = Annotated[str, AfterValidator(_known("room"))]
ATheatre = Annotated[str, AfterValidator(_known("theatre"))]
ASurgeon = Annotated[str, AfterValidator(_known("surgeon"))]
ANurse = Annotated[str, AfterValidator(_known("nurse"))]
APatient = Annotated[str, AfterValidator(_known("patient"))]
Rooms = Annotated[tuple[str, ...], BeforeValidator(_names), AfterValidator(_all_known("room"))]
