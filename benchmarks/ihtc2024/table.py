"""The benchmark's table: cost, gap to the best known, and how soon a plan was within 5, 2 and 1 % of it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

NEAR = (5, 2, 1)


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
    """All runs as a table, a mean line for each length of run."""
    head = ["instance", "seed", "s", "cores", "cost", "best known", "gap %", *(f"s to {n} %" for n in NEAR), "M tried/s", "violations"]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for r in sorted(rows, key=lambda r: (r["asked_seconds"], r["instance"], r["seed"])):
        best = known.get(r["instance"])
        near = [soon(r["better"], best, n) for n in NEAR] if best else ["–"] * len(NEAR)
        shown = f"{gap(r['cost'], best):.2f}" if best else "–"
        speed = f"{r['tried'] / r['seconds'] / 1e6:.1f}"
        cells = [
            r["instance"],
            r["seed"],
            f"{r['asked_seconds']:g}",
            r["cores"],
            r["cost"],
            best or "–",
            shown,
            *near,
            speed,
            r["violations"],
        ]
        lines.append("| " + " | ".join(str(c) for c in cells) + " |")
    for seconds in sorted({r["asked_seconds"] for r in rows}):
        gaps = [gap(r["cost"], known[r["instance"]]) for r in rows if r["asked_seconds"] == seconds and r["instance"] in known]
        if gaps:
            lines.append(f"\n{seconds:g} s: mean gap {mean(gaps):.2f} %, worst {max(gaps):.2f} %, n={len(gaps)}.")
    return "\n".join(lines) + "\n"
