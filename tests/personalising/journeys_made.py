"""Made-up logs whose modules are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from sandcone.core.log import ROLES, Account, EventLog
from sandcone.core.site import site_of

MONDAY = datetime(2024, 1, 1)
Row = dict[str, Any]


def did(case: str, step: str, start: float | None, end: float | None = None, by: str | None = None, **facts: str | None) -> Row:
    """One step; times are minutes after a Monday midnight, a step without an end is a moment."""
    times = {"start": start, "end": start if end is None else end, "ready": None, "planned": None}
    at = {k: None if t is None else MONDAY + timedelta(minutes=t) for k, t in times.items()}
    return {"case": case, "step": step, "resource": by, "others": [], "estimated": False} | at | facts


def log_of(rows: Sequence[Row], site: Mapping[str, object] | None = None) -> EventLog:
    """A log of these steps; whatever they say besides is known of their patient."""
    facts = tuple(sorted({key for row in rows for key in row} - set(ROLES)))
    columns = {name: [row.get(name) for row in rows] for name in (*ROLES, *facts) if name != "row"}
    schema = ibis.schema(ROLES | dict.fromkeys(facts, "string")).to_pyarrow()
    table = ibis.memtable(pa.table({"row": list(range(len(rows)))} | columns, schema=schema))
    account = Account(rows_in=len(rows), rows_kept=len(rows))
    return EventLog(table=table, attributes=facts, account=account, site=site_of(dict(site or {}), "test"))


def sequences(*paths: str, times: int = 1) -> EventLog:
    """A log in which each of these strings is so many cases, each letter a step, 10 minutes apart."""
    ways = [path for path in paths for _ in range(times)]
    return log_of([did(f"p{i}", letter, 10.0 * k) for i, path in enumerate(ways) for k, letter in enumerate(path)])


TRUE_MODULES: dict[str, tuple[str, ...]] = {
    "come in": ("Register", "Triage", "First talk"),
    "heart": ("Consent", "Prepare", "Catheter", "Recover"),
    "scan": ("Scan book", "Scan", "Scan read"),
    "blood": ("Draw blood", "Analyse", "Blood result"),
    "go home": ("Final talk", "Letter", "Bill"),
}


def composed(n: int = 600, seed: int = 5) -> EventLog:
    """Everybody comes in and goes home; between, those with angina get the heart module, those of 60 and more a scan, 40 % blood tests,

    in any order. Women have "Recover" of the heart module twice as long; only smokers get "Lungs" after the "Scan".
    """
    luck, rows = np.random.default_rng(seed), list[Row]()
    for i in range(n):
        age, angina, smoker = float(luck.integers(30, 90)), bool(luck.random() < 0.4), bool(luck.random() < 0.5)
        sex = "w" if luck.random() < 0.5 else "m"
        wanted = ["heart"] * angina + ["scan"] * (age >= 60) + ["blood"] * bool(luck.random() < 0.4)
        order = ["come in", *luck.permutation(wanted).tolist(), "go home"]
        rows += _way(f"p{i}", order, luck, age=f"{age:g}", angina="yes" if angina else "no", smoker="yes" if smoker else "no", sex=sex)
    return log_of(rows)


def _way(case: str, order: list[str], luck: np.random.Generator, **facts: str) -> list[Row]:
    now, rows = float(luck.integers(0, 500_000)), list[Row]()
    for module in order:
        for step in TRUE_MODULES[module]:
            lasts = float(luck.uniform(9, 11)) * (20 if step == "Recover" and facts["sex"] == "w" else 1)
            rows.append(did(case, step, now, now + lasts, f"{module} team", **facts))
            now += lasts + float(luck.uniform(20, 40))
            if step == "Scan" and facts["smoker"] == "yes":
                rows.append(did(case, "Lungs", now, now + 5, "scan team", **facts))
                now += 30
        now += 300
    return rows
