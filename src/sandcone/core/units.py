"""Units that are compared: hospitals, wards or months, each with what it used, what came of it, and what nobody wanted of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandcone.core.errors import EmptyError, InputError
from sandcone.core.saying import many

Floats = NDArray[np.float64]
APART = 1e9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Units:
    """Units with their amounts, checked once: every number is known, no input is zero, no output is below zero, no column says nothing.

    ``used`` is (units, inputs), ``made`` (units, outputs), ``bad`` (units, unwanted outputs), each in the unit of its column.
    ``InputError`` says which column or unit cannot be; amounts are never quoted.
    """

    where: str
    names: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    bads: tuple[str, ...] = ()
    used: Floats = field(repr=False)
    made: Floats = field(repr=False)
    bad: Floats = field(repr=False)

    def __post_init__(self) -> None:
        _named_once(self)
        _sized(self)
        for names, amounts, least in ((self.inputs, self.used, "zero or below"), (self.outputs + self.bads, self._came, "below zero")):
            for name, column in zip(names, amounts.T, strict=True):
                _sound(self, name, column, column <= 0 if least == "zero or below" else column < 0, least)
        if (bare := np.flatnonzero(~(self.made > 0).any(axis=1))).size:
            found = f"{many(bare.size, 'unit')} made nothing at all, the first is unit number {bare[0] + 1}"
            raise InputError(self.where, found, "Leave such units out, or name another output.")

    @property
    def _came(self) -> Floats:
        return np.hstack([self.made, self.bad])

    def __len__(self) -> int:
        return len(self.names)

    def only(self, rows: Sequence[int]) -> Units:
        """Some of the units, in this order."""
        take = np.asarray(rows, dtype=np.int64)
        names = tuple(self.names[i] for i in take)
        parts: dict[str, Any] = {"used": self.used[take], "made": self.made[take], "bad": self.bad[take]}
        return Units(where=self.where, names=names, inputs=self.inputs, outputs=self.outputs, bads=self.bads, **parts)


def units(
    columns: Mapping[str, Sequence[object]],
    *,
    inputs: Sequence[str],
    outputs: Sequence[str],
    bads: Sequence[str] = (),
    names: Sequence[object] | None = None,
    where: str = "the units",
) -> Units:
    """Units from columns of a table; without ``names`` the first column that is no amount names them, else their number does.

    ``InputError`` where a column is not there, is no column of numbers, or stands for two things.
    """
    if not columns:
        raise EmptyError(where, "there are no units and no columns", "Give a table with one row a unit.")
    asked = [*inputs, *outputs, *bads]
    if twice := sorted({c for c in asked if asked.count(c) > 1}):
        raise InputError(where, f"{twice[0]!r} stands for two things", "Name each column once: as an input, an output or a bad.")
    numbers = {c: _numbers(columns, c, where) for c in asked}
    rows = one_length([*columns.values(), *([] if names is None else [names])], where)
    called = tuple(labels(_naming(columns, asked, rows) if names is None else names, "names", where))
    used, made, bad = (np.array([numbers[c] for c in part]).reshape(len(part), rows).T for part in (inputs, outputs, bads))
    cast = {"inputs": tuple(inputs), "outputs": tuple(outputs), "bads": tuple(bads)}
    return Units(where=where, names=called, used=used, made=made, bad=bad, **cast)


def one_length(columns: Collection[Sequence[object]], where: str) -> int:
    """How many units there are; ``InputError`` where columns differ in that."""
    lengths = sorted({len(c) for c in columns})
    if len(lengths) > 1:
        found = f"columns are of different lengths, {lengths[0]} and {lengths[-1]}"
        raise InputError(where, found, "Give each unit one cell in every column.")
    return lengths[0]


def labels(cells: Sequence[object], what: str, where: str) -> list[str]:
    """Names or periods as text; ``InputError`` where a cell says nothing."""
    said = ["" if cell is None or str(cell) in ("nan", "NaT", "<NA>") else str(cell).strip() for cell in cells]
    if (bare := said.count("")) > 0:
        found = f"{many(bare, 'cell')} in the column of {what} say nothing, the first at unit number {said.index('') + 1}"
        raise InputError(where, found, "Fill them in, or leave those units out.")
    return said


def _naming(columns: Mapping[str, Sequence[object]], asked: Sequence[str], rows: int) -> Sequence[object]:
    return next((columns[c] for c in columns if c not in asked), [f"unit {i + 1}" for i in range(rows)])


def _numbers(columns: Mapping[str, Sequence[object]], name: str, where: str) -> Floats:
    if name not in columns:
        raise InputError(where, f"there is no column {name!r}; there are {', '.join(map(repr, columns))}", "Name one of these.")
    found = np.array([_number(cell) for cell in columns[name]])
    if (odd := np.flatnonzero(~np.isfinite(found))).size:
        said = f"{many(odd.size, 'cell')} of column {name!r} hold no number, the first at unit number {odd[0] + 1}"
        raise InputError(where, said, "Fill them in, or leave those units out.")
    return found


def _number(cell: Any) -> float:
    try:
        return float("nan") if cell is None or isinstance(cell, bool) else float(cell)
    except (TypeError, ValueError):
        return float("nan")


def _named_once(u: Units) -> None:
    seen: dict[str, int] = {}
    for i, name in enumerate(u.names):
        if name in seen:
            found = f"units number {seen[name] + 1} and {i + 1} have the same name"
            raise InputError(u.where, found, "Give each unit one row, or name another column (--name, and --period for several periods).")
        seen[name] = i


def _sized(u: Units) -> None:
    if not u.outputs:
        raise InputError(u.where, "no output is named", "Name at least one column of what the units make (--outputs).")
    wide = len(u.inputs) + len(u.outputs) + len(u.bads)
    if len(u) <= wide:
        found = f"{many(len(u), 'unit')} with {many(wide, 'amount')} each are too few: nearly all of them would look best"
        raise EmptyError(u.where, found, f"Give more than {wide} units, or name fewer columns.")


def _sound(u: Units, name: str, column: Floats, wrong: NDArray[np.bool_], least: str) -> None:
    if (odd := np.flatnonzero(wrong)).size:
        found = f"column {name!r} is {least} at {many(odd.size, 'unit')}, the first is unit number {odd[0] + 1}"
        raise InputError(u.where, found, "Leave those units out, or measure it from another zero.")
    if (some := column[column > 0]).size and some.max() > APART * some.min():
        found = f"column {name!r} holds amounts more than {APART:.0e} times apart, too far to be weighed against each other"
        raise InputError(u.where, found, "Look for a wrong unit or a typing error, or leave those units out.")
    if column.min() == column.max():
        found = f"column {name!r} is the same for all units, so it tells none from another"
        raise InputError(u.where, found, "Leave it out; to compare outputs alone use the method bod.")
