"""People as a table that ``read_people`` reads again: CSV, one row a person."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sandcone.core.care import Person
from sandcone.core.errors import InputError
from sandcone.core.place import beside
from sandcone.reading.people import KINDS

OWN = ("patient", "arrives")


def save_people(people: Iterable[Person], path: str | Path) -> Path:
    """Write people as CSV; the file is whole or not there at all.

    ``InputError`` where nothing can be written, or a fact has the name of a column that the table needs for something else.
    """
    people = list(people)
    for name in {name for p in people for name in p.facts if _reserved(name)}:
        raise InputError(str(path), f"one of the facts is called {name!r}", "Call it something else; the table has a column of that name.")
    rows = [dict(_cells(p)) for p in people]
    heads = [*OWN, *dict.fromkeys(h for row in rows for h in row if h not in OWN)]
    text = io.StringIO()
    writer = csv.DictWriter(text, heads, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with beside(Path(path)) as unfinished:
        unfinished.write_text(text.getvalue(), encoding="utf-8")
    return Path(path)


def _reserved(name: str) -> bool:
    """Whether a column of this name would be read as something else than a fact."""
    kind, _, rest = name.lower().partition(":")
    return kind.strip() in (KINDS if rest else OWN)


def _cells(p: Person) -> Iterator[tuple[str, str]]:
    """What stands in the row of one person, by column."""
    yield "patient", p.name
    yield "arrives", repr(float(p.minute))
    yield from ((name, _said(v)) for name, v in p.facts.items())
    tables: tuple[tuple[str, Mapping[str, object]], ...] = (
        ("need", p.needs),
        ("weight", p.weights),
        ("wish", p.wishes),
        ("limit", p.limits),
    )
    for kind, of in tables:
        yield from ((f"{kind}: {name}", _said(v)) for name, v in of.items())


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (
        ";".join(value) if isinstance(value, tuple) else repr(float(value)).removesuffix(".0") if isinstance(value, float) else str(value)
    )
