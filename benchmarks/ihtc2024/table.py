"""The benchmark's table: cost, gap to the best known, and how soon a plan was within 5, 2 and 1 % of it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

NEAR = (5, 2, 1)
HEAD = ("instance", "seed", "asked", "cores", "cost", "best known", "gap %", *(f"s to {n} %" for n in NEAR), "s", "M tried/s", "violations")


def best_known(path: Path) -> dict[str, int]:
    """Best known cost by instance."""
    with path.open(encoding="utf-8", newline="") as f:
        return {row["instance"]: int(row["best_known_cost"]) for row in csv.DictReader(f)}


def gap(cost: int, best: int) -> float:
    """Per cent above the best known."""
    return 100 * (cost / best - 1)


def soon(better: Sequence[tuple[float, int]], best: int, percent: int) -> str:
    """Seconds until a plan was within so many per cent, or a dash."""
    times = [seconds for seconds, cost in better if gap(cost, best) <= percent]
    return f"{times[0]:.0f}" if times else "–"


def page(rows: list[dict[str, Any]], known: dict[str, int]) -> str:
    """All runs as a table, and below it, for each length of run, the mean, the worst, and who is better: wins and losses alike."""
    rows = sorted(rows, key=lambda r: (asked(r), r["instance"], r["seed"]))
    lines = ["| " + " | ".join(HEAD) + " |", "|" + " --- |" * len(HEAD)]
    lines += ["| " + " | ".join(str(c) for c in _cells(r, known.get(r["instance"]))) + " |" for r in rows]
    for length in dict.fromkeys(asked(r) for r in rows):
        some = [r for r in rows if asked(r) == length and r["instance"] in known]
        if some:
            lines.append("\n" + _sum(length, some, known))
    return "\n".join(lines) + "\n"


def asked(row: dict[str, Any]) -> str:
    """How long a run was to last."""
    return str(row["asked"]) if "asked" in row else f"{row['asked_seconds']:g} s"


def _cells(r: dict[str, Any], best: int | None) -> list[object]:
    near = [soon(r["better"], best, n) for n in NEAR] if best else ["–"] * len(NEAR)
    shown = f"{gap(r['cost'], best):.2f}" if best else "–"
    speed = f"{r['tried'] / r['seconds'] / 1e6:.1f}"
    cells = [r["instance"], r["seed"], asked(r), r["cores"], r["cost"], best or "–", shown, *near]
    return [*cells, f"{r['seconds']:.0f}", speed, r["violations"]]


def _sum(length: str, rows: list[dict[str, Any]], known: dict[str, int]) -> str:
    gaps = [gap(r["cost"], known[r["instance"]]) for r in rows]
    broken = sum(1 for r in rows if r["violations"])
    words = f"{length}: mean gap {mean(gaps):.2f} %, worst {max(gaps):.2f} %, n={len(gaps)}; {broken} cannot be carried out."
    for what, good in (
        ("Better than the best known", [g < 0 for g in gaps]),
        ("Equal", [g == 0 for g in gaps]),
        ("Worse", [g > 0 for g in gaps]),
    ):
        names = dict.fromkeys(r["instance"] for r, yes in zip(rows, good, strict=True) if yes)
        words += f" {what}: {sum(good)}" + (f" ({', '.join(names)})." if names else ".")
    return words
