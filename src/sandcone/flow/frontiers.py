"""Units beside the best of them: one question, and one answer for each method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, cast, get_args

from sandcone.core.chance import Luck
from sandcone.core.errors import InputError
from sandcone.core.frontiers import FittedFrontier, UnitFrontier, UnitProgress
from sandcone.core.units import Units, labels, one_length, units
from sandcone.improving.benefit import benefit
from sandcone.improving.dea import Towards, dea
from sandcone.improving.directional import directional
from sandcone.improving.fdh import fdh
from sandcone.improving.malmquist import malmquist
from sandcone.improving.order_m import order_m
from sandcone.improving.sfa import sfa
from sandcone.reading.unit_table import read_columns

Method = Literal["dea", "fdh", "order-m", "bod", "ddf", "malmquist", "sfa"]
Columns = Mapping[str, Sequence[object]]


def frontier(
    table: str | Path | Any,
    *,
    outputs: Sequence[str],
    inputs: Sequence[str] = (),
    bads: Sequence[str] = (),
    method: Method = "dea",
    name: str | None = None,
    towards: Towards = "inputs",
    returns: Literal["constant", "variable"] | None = None,
    m: int = 25,
    cost: bool = False,
    period: str | None = None,
    seed: int | None = None,
    draws: int = 400,
) -> UnitFrontier | UnitProgress | FittedFrontier:
    """How far each of several hospitals, wards or months is from the best of them.

    ``table``: a CSV or Parquet file, or columns by name (a dict, a data frame), one row a unit. ``inputs`` are columns of what is used,
    ``outputs`` of what is made, ``bads`` of what nobody wants; ``name`` is the column of names. ``method``: dea (mixtures of others),
    fdh (single others), order-m (the best of ``m``), bod (outputs alone), ddf (with bads), malmquist (between periods, ``period`` names
    their column), sfa (a fitted line; ``cost`` where the input is a cost). With a ``seed`` there are intervals, from ``draws`` draws.
    ``InputError`` and ``EmptyError`` say what cannot be. Sources stand with each method; see docs/frontier.md.
    """
    _sensible(method, towards, returns, cost, seed, draws)
    where, columns = _columns(table)
    luck = None if seed is None else Luck(seed=seed, draws=draws)
    named: dict[str, Any] = {"inputs": inputs, "outputs": outputs, "bads": bads, "where": where}
    if method == "malmquist":
        return malmquist(_periods(columns, name, period, where, named), luck=luck)
    if period is not None:
        raise InputError(where, f"{method} compares units of one period", "Leave out --period, or use the method malmquist.")
    given = units(columns, names=_names(columns, name, where), **named)
    return _asked(given, method, towards, returns, m, cost, luck)


def _sensible(method: str, towards: str, returns: str | None, cost: bool, seed: int | None, draws: int) -> None:
    """``InputError`` where there is no such choice, or the method asked for does not look at it."""
    choices = {"method": (method, get_args(Method)), "direction": (towards, get_args(Towards))}
    if returns is not None:
        choices["returns to scale"] = (returns, ("constant", "variable"))
        if method not in ("dea", "ddf"):
            raise InputError(method, "it has no choice of returns to scale", "Leave out --returns, or use dea or ddf.")
    for what, (given, among) in choices.items():
        if given not in among:
            raise InputError(what, f"there is no {what} {given!r}", f"Choose one of {', '.join(among)}.")
    if cost and method != "sfa":
        raise InputError(method, "it has no frontier of costs", "Leave out --cost, or use sfa.")
    if draws < 0 or (seed or 0) < 0:
        raise InputError("the draws", "a seed or a number of draws is below zero", "Give 0 or more.")


def _asked(
    given: Units, method: Method, towards: Towards, returns: Any, m: int, cost: bool, luck: Luck | None
) -> UnitFrontier | FittedFrontier:
    match method:
        case "fdh":
            return fdh(given, towards=towards)
        case "order-m":
            return order_m(given, m=m, towards=towards, luck=luck)
        case "bod":
            return benefit(given, luck=luck)
        case "ddf":
            return directional(given, returns=returns or "constant")
        case "sfa":
            return sfa(given, cost=cost)
        case _:
            return dea(given, towards=towards, returns=returns or "variable", luck=luck)


def _columns(table: str | Path | Any) -> tuple[str, Columns]:
    """Where the units are from, and their columns."""
    if isinstance(table, str | Path):
        return Path(table).name, read_columns(table)
    if hasattr(table, "to_pydict"):  # an Arrow table
        return "the table", cast("Columns", table.to_pydict())
    if not isinstance(table, Mapping) and not hasattr(table, "columns"):
        raise InputError("the units", f"a {type(table).__name__} is no table", "Give a file, a dict of columns, or a data frame.")
    return "the table", {str(c): list(table[c]) for c in getattr(table, "columns", table)}


def _names(columns: Columns, name: str | None, where: str) -> Sequence[object] | None:
    if name is not None and name not in columns:
        raise InputError(where, f"there is no column {name!r}; there are {', '.join(map(repr, columns))}", "Name one of these.")
    return None if name is None else columns[name]


def _periods(columns: Columns, name: str | None, period: str | None, where: str, named: Mapping[str, Any]) -> dict[str, Units]:
    """The units of each period, periods in the order of their names; numbers in the order of numbers."""
    if period is None:
        raise InputError(where, "malmquist asks how units moved, and no column of periods is named", "Name it with --period.")
    one_length(columns.values(), where)
    when = labels(_names(columns, period, where) or (), "periods", where)
    found: dict[str, Units] = {}
    for p in sorted(set(when), key=_order):
        rows = [i for i, w in enumerate(when) if w == p]
        part = {c: [cells[i] for i in rows] for c, cells in columns.items() if c != period}
        found[p] = units(part, names=_names(part, name, where), **{**named, "where": f"{where}, {p}"})
    return found


def _order(period: str) -> tuple[float, str]:
    try:
        return float(period), period
    except ValueError:
        return float("inf"), period
