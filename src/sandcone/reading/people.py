"""People from a table: one row a person, with what is known of them, what they need, what they wish and what they cannot do."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import cast

from sandcone.core.care import Person
from sandcone.core.condition import Fact
from sandcone.core.errors import InputError, ModelError
from sandcone.core.saying import many
from sandcone.reading.columns import MISSING, ColumnMap
from sandcone.reading.opening import found, load_file
from sandcone.reading.scratch import Scratch
from sandcone.reading.source import Source

SEE = "See docs/personal.md for the columns."
YES, NO = {"yes", "true"}, {"no", "false"}
KINDS = ("need", "weight", "wish", "limit")
Said = Fact | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: which of a person's lists it belongs to, under which name, and its cells as what they are."""

    kind: str
    name: str
    cells: list[Said | None]


def read_people(source: str | Path, begin: date, columns: str | None = None) -> tuple[Person, ...]:
    """Read people from a CSV or Parquet table, in order of arrival.

    ``patient`` names each person (or the column that ``columns`` says), ``arrives`` is when the need arises: a date and time, or minutes
    since ``begin`` (not there: minute 0). ``need: x``, ``weight: x``, ``wish: x`` and ``limit: x`` are what the person needs of x and so
    on; every other column is a fact. A column of numbers is numbers, of yes and no (or true and false) is that; "Mon;Tue" is a list.
    ``InputError`` says which row cannot be, and never what stands in it.
    """
    path = found(source)
    scratch = Scratch.on(None)
    table = load_file(path, scratch, "people", ColumnMap())
    who, when = table.column("patient", columns or "patient"), next((c for c in table.columns if c.lower().strip() == "arrives"), None)
    texts = texts_of(scratch, table)
    names = _names(table, texts[who])
    minutes = [0.0] * len(names) if when is None else [_minute(table, i, t, begin) for i, t in enumerate(texts[when])]
    known = [_column(table, c, cells) for c, cells in texts.items() if c not in (who, when)]
    people = [_person(table, i, n, m, known) for i, (n, m) in enumerate(zip(names, minutes, strict=True))]
    return tuple(sorted(people, key=lambda p: p.minute))


def texts_of(scratch: Scratch, table: Source) -> dict[str, list[str | None]]:
    """Each column's cells as text, in the order of the rows; None where nothing is said."""
    if table.broken:
        found = f"{many(table.broken, 'row')} cannot be split into the {len(table.columns)} columns of the header"
        raise InputError(table.where, found, "Mend them, or take them out.")
    rows = scratch.run(f"SELECT {', '.join(map(table.as_text, table.columns))} FROM {table.relation} ORDER BY rowid")
    return {c: [_cell(cast("str | None", row[i])) for row in rows] for i, c in enumerate(table.columns)}


def _cell(text: str | None) -> str | None:
    return None if text is None or text.strip() in MISSING else text.strip()


def _row(table: Source, i: int) -> str:
    return f"{table.where}, row {i + table.first_row}"


def _names(table: Source, names: Sequence[str | None]) -> list[str]:
    seen: dict[str, int] = {}
    for i, name in enumerate(names):
        if name is None:
            raise InputError(_row(table, i), "nobody is named", f"Give each person a name of their own. {SEE}")
        if name in seen:
            first = f"the same name stands in row {seen[name] + table.first_row}"
            raise InputError(_row(table, i), first, "Give each person a name of their own.")
        seen[name] = i
    return list(seen)


def _minute(table: Source, i: int, text: str | None, begin: date) -> float:
    if text is None:
        raise InputError(f"{_row(table, i)}, arrives", "nothing is said", "Give a date and time, or minutes since the model begins.")
    minute = _number(text)
    if minute is None:
        try:
            at = datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            found = "what stands there is no time"
            raise InputError(f"{_row(table, i)}, arrives", found, "Write it as 2026-03-01 08:30, or in minutes.") from None
        minute = (at - datetime.combine(begin, datetime.min.time())).total_seconds() / 60
    if minute < 0:
        raise InputError(f"{_row(table, i)}, arrives", f"it lies before {begin.isoformat()}, when the model begins", "Take the row out.")
    return minute


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _column(table: Source, column: str, texts: Sequence[str | None]) -> _Column:
    """A column of one type throughout: numbers, yes and no, or words."""
    kind, _, name = column.partition(":")
    kind = kind.strip().lower() if name else ""
    if kind not in KINDS:
        kind, name = "fact", column
    name = name.strip()
    if kind in ("need", "weight"):
        return _Column(kind, name, [_amount(table, i, column, t) for i, t in enumerate(texts)])
    read = _reader(kind, name, [t for t in texts if t is not None])
    return _Column(kind, name, [None if t is None else read(t) for t in texts])


def _reader(kind: str, name: str, said: Sequence[str]) -> Callable[[str], Said | None]:
    """How the cells of a column are to be read, from all that they say."""
    if (kind, name) == ("wish", "days"):
        return _listed
    if kind != "fact" and name == "clinician":
        return str
    if all(t.lower() in YES | NO for t in said):
        return lambda t: t.lower() in YES
    if all(_number(t) is not None for t in said):
        return _number
    return str if kind == "fact" else lambda t: _listed(t) if ";" in t else t


def _listed(text: str) -> tuple[str, ...]:
    return tuple(t.strip() for t in text.split(";") if t.strip())


def _amount(table: Source, i: int, column: str, text: str | None) -> float | None:
    amount = None if text is None else _number(text)
    if text is not None and (amount is None or amount < 0):
        raise InputError(f"{_row(table, i)}, {column}", "what stands there is no amount", "Give a number, 0 or more.")
    return amount


def _person(table: Source, i: int, name: str, minute: float, columns: Sequence[_Column]) -> Person:
    def of(kind: str) -> Iterator[tuple[str, Said]]:
        return ((c.name, cell) for c in columns if c.kind == kind and (cell := c.cells[i]) is not None)

    try:
        return Person(
            name=name,
            minute=minute,
            facts=cast("Mapping[str, Fact]", dict(of("fact"))),
            needs=cast("Mapping[str, float]", dict(of("need"))),
            weights=cast("Mapping[str, float]", dict(of("weight"))),
            wishes=dict(of("wish")),
            limits=dict(of("limit")),
        )
    except ModelError as e:
        raise InputError(f"{_row(table, i)}, {e.where.removeprefix('a person, ')}", e.found, e.do) from None
