"""People from a table: one row a person, with what is known of them, what they need, what they wish and what they cannot do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import cast

from sandcone.core.care import Person
from sandcone.core.condition import Fact
from sandcone.core.errors import InputError
from sandcone.reading.columns import MISSING, ColumnMap
from sandcone.reading.opening import found, load_file
from sandcone.reading.scratch import Scratch, ident

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
    ``InputError`` says which row cannot be.
    """
    path = found(source)
    scratch = Scratch.on(None)
    table = load_file(path, scratch, "people", ColumnMap())
    who, when = table.column("patient", columns or "patient"), next((c for c in table.columns if c.lower().strip() == "arrives"), None)
    rows = _rows(scratch, table.relation, list(table.columns))
    names = _names(path, [r[list(table.columns).index(who)] for r in rows])
    texts = {c: [r[i] for r in rows] for i, c in enumerate(table.columns)}
    minutes = [0.0] * len(rows) if when is None else [_minute(path, i, t, begin) for i, t in enumerate(texts[when])]
    known = [_column(path, c, cells) for c, cells in texts.items() if c not in (who, when)]
    people = [_person(path, i, n, m, known) for i, (n, m) in enumerate(zip(names, minutes, strict=True))]
    return tuple(sorted(people, key=lambda p: p.minute))


def _rows(scratch: Scratch, relation: str, columns: Sequence[str]) -> list[list[str | None]]:
    sql = f"SELECT {', '.join(f'{ident(c)}::VARCHAR' for c in columns)} FROM {relation} ORDER BY rowid"
    return [[_cell(cast("str | None", c)) for c in row] for row in scratch.run(sql)]


def _cell(text: str | None) -> str | None:
    return None if text is None or text.strip() in MISSING else text.strip()


def _row(path: Path, i: int) -> str:
    return f"{path.name}, row {i + 2}"


def _names(path: Path, names: Sequence[str | None]) -> list[str]:
    seen: dict[str, int] = {}
    for i, name in enumerate(names):
        if name is None:
            raise InputError(_row(path, i), "nobody is named", f"Give each person a name of their own. {SEE}")
        if name in seen:
            raise InputError(_row(path, i), f"the same name stands in row {seen[name] + 2}", "Give each person a name of their own.")
        seen[name] = i
    return list(seen)


def _minute(path: Path, i: int, text: str | None, begin: date) -> float:
    if text is None:
        raise InputError(f"{_row(path, i)}, arrives", "nothing is said", "Give a date and time, or minutes since the model begins.")
    minute = _number(text)
    if minute is None:
        try:
            at = datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            raise InputError(f"{_row(path, i)}, arrives", f"{text!r} is no time", "Write it as 2026-03-01 08:30, or in minutes.") from None
        minute = (at - datetime.combine(begin, datetime.min.time())).total_seconds() / 60
    if minute < 0:
        raise InputError(f"{_row(path, i)}, arrives", f"it lies before {begin.isoformat()}, when the model begins", "Take the row out.")
    return minute


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _column(path: Path, column: str, texts: Sequence[str | None]) -> _Column:
    """A column of one type throughout: numbers, yes and no, or words."""
    kind, _, name = column.partition(":")
    kind = kind.strip().lower() if name else ""
    if kind not in KINDS:
        kind, name = "fact", column
    said = [t for t in texts if t is not None]
    if kind in ("need", "weight"):
        return _Column(kind, name.strip(), [_amount(path, i, column, t) for i, t in enumerate(texts)])
    if said and all(t.lower() in YES | NO for t in said):
        return _Column(kind, name.strip(), [None if t is None else t.lower() in YES for t in texts])
    if said and all(_number(t) is not None for t in said):
        return _Column(kind, name.strip(), [None if t is None else _number(t) for t in texts])
    return _Column(kind, name.strip(), [_words(t, kind) for t in texts])


def _words(text: str | None, kind: str) -> Said | None:
    if text is None or ";" not in text or kind == "fact":
        return text
    return tuple(t.strip() for t in text.split(";") if t.strip())


def _amount(path: Path, i: int, column: str, text: str | None) -> float | None:
    amount = None if text is None else _number(text)
    if text is not None and (amount is None or amount < 0):
        raise InputError(f"{_row(path, i)}, {column}", f"{text!r} is no amount", "Give a number, 0 or more.")
    return amount


def _person(path: Path, i: int, name: str, minute: float, columns: Sequence[_Column]) -> Person:
    def of(kind: str) -> Iterator[tuple[str, Said]]:
        return ((c.name, cell) for c in columns if c.kind == kind and (cell := c.cells[i]) is not None)

    return Person(
        name=name,
        minute=minute,
        facts=cast("Mapping[str, Fact]", dict(of("fact"))),
        needs=cast("Mapping[str, float]", dict(of("need"))),
        weights=cast("Mapping[str, float]", dict(of("weight"))),
        wishes=dict(of("wish")),
        limits=dict(of("limit")),
    )
