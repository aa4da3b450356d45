"""A search for better ways, for a terminal: a short table and a few sentences."""

from __future__ import annotations

from collections.abc import Sequence

from sandcone.core.estimate import Estimate
from sandcone.core.improved import Improved, Tried
from sandcone.reporting import words
from sandcone.reporting.improve_order import BOTH, numbers, others, ranked
from sandcone.reporting.improve_rest import found_by
from sandcone.reporting.improve_short import all_levers, sentences
from sandcone.reporting.improve_words import BY_NAME, bare_gap, gap, said, said_gap, short_name, value

ROWS, WIDE = 6, 44
LAST = "It holds for the twin, and for these levers; the page says what a board may conclude, and what it may not."


def told(i: Improved) -> str:
    """What was found in a few plain lines: today and the best sets, what came of it, and what it rests on."""
    rows = [["", "in use, points", "flow, points", "cost", "verdict"], _today(i), *(_row(i, t) for t in ranked(i)[:ROWS])]
    table = _laid(rows) if others(i) else []
    lines = [f"{i.name}: {', '.join(found_by(i))}", *table, *sentences(i), *filter(None, [all_levers(i)]), LAST]
    return "\n".join(lines).replace(words.NBSP, " ")


def _today(i: Improved) -> list[str]:
    return ["  as today", *(said(value(i.today, o.name)) for o in BOTH), "", ""]


def _row(i: Improved, t: Tried) -> list[str]:
    name, gaps = short_name(t.levers), [gap(i, t, o.name) for o in (*BOTH, BY_NAME["cost"])]
    cut = name if len(name) <= WIDE else f"{name[: WIDE - 1]}…"
    word = next((j.judged.headline for j in i.judged if j.tried.levers == t.levers), "")
    return [f"{numbers(i).get(t.levers, ''):<2}{cut}", _points(gaps[0]), _points(gaps[1]), bare_gap(gaps[2]), word]


def _points(e: Estimate | None) -> str:
    """A difference of a share, whose unit is in the heading."""
    return said_gap(e).replace(f"{words.NBSP}points", "")


def _laid(rows: Sequence[Sequence[str]]) -> list[str]:
    wide = [max(len(r[k]) for r in rows) for k in range(len(rows[0]))]
    ends = (0, len(wide) - 1)
    return ["  ".join(c.ljust(w) if k in ends else c.rjust(w) for k, (c, w) in enumerate(zip(r, wide, strict=True))).rstrip() for r in rows]
