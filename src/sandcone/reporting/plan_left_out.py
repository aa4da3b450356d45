"""Who is left out of a plan and why, and how evenly its costs fall."""

from __future__ import annotations

from collections.abc import Sequence

from sandcone.core.inpatient import Inpatient
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.plan_seen import Seen
from sandcone.reporting.tables import folded, note, table

SHOWN = 20
HEAD = ["Patient", "Why", "Could come", "Surgeon", "Minutes", "Nights"]


def left_out(seen: Seen, why: Sequence[tuple[str, str]]) -> Html:
    """Each patient who is left out, with the reason where one was worked out; ``why`` is rows of (patient, words)."""
    if not seen.left_out:
        return tag("p", "Nobody is left out.")
    reasons = dict(why)
    rows = [_row(seen, p, reasons.get(p.name, "")) for p in seen.left_out]
    zero = note(f"The reasons count days from 0, which is {seen.day(0)}.") if reasons and seen.problem.first_date else None
    others = folded(f"The other {len(rows) - SHOWN:,}", table("The others who are left out", HEAD, rows[SHOWN:], texts=(1, 2, 3)))
    first = table("Who is left out", HEAD, rows[:SHOWN], texts=(1, 2, 3))
    return join([_said(seen), first, others if len(rows) > SHOWN else None, zero])


def _said(seen: Seen) -> Html:
    n, must = len(seen.left_out), sum(p.mandatory for p in seen.left_out)
    said = f"{words.count(n, 'patient')} of {len(seen.problem.patients):,} {words.plural(n, 'is', 'are')} left out"
    wait = "who may wait" if n == 1 else "all of whom may wait"
    return tag("p", said, f", {must:,} of them although they must be treated." if must else f", {wait}.")


def _row(seen: Seen, p: Inpatient, why: str) -> list[str]:
    may = "Must be treated, and is not." if p.mandatory else "May wait."
    days = f"{seen.day(p.release)} to {seen.day(seen.problem.last_day(p))}" if p.mandatory else f"from {seen.day(p.release)}"
    return [p.name, why or may, days, p.surgeon, f"{p.minutes:,}", f"{p.nights:,}"]


def fairness(rows: Sequence[tuple[str, str]]) -> Html:
    """How evenly the costs fall on patients, as (what, how much) in words."""
    return table("Cost by person", ["What", "How much"], [list(r) for r in rows], texts=(1,))
