"""A made-up clinic whose patients stay away by a law that is known, so that chances can be held against the true ones."""

from __future__ import annotations

import math
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from sandcone import read
from sandcone.core.log import EventLog
from sandcone.personalising.outcomes import Outcomes

PATIENTS, MOST = 3000, 5  # appointments of one patient
BASE, YOUNG, AHEAD, AGAIN, MONDAY = -3.2, 1.1, 0.03, 1.3, 0.4  # in the logarithm of the odds; ahead by day, again by a miss before
COLUMNS = "case=visit,step=step,ready=asked,planned=booked,start=start,end=end,attributes=age group+patient"


def clinic(seed: int) -> EventLog:
    """Two years of appointments, half an hour each; who stays away has a row without a start."""
    luck = np.random.default_rng(seed)
    rows = ["visit,patient,step,asked,booked,start,end,age group"]
    for i in range(PATIENTS):
        young, day, missed = luck.random() < 0.3, int(luck.integers(0, 600)), False
        for _ in range(int(luck.integers(1, MOST + 1))):
            ahead = int(luck.integers(2, 60))
            asked = datetime(2024, 1, 1, 8) + timedelta(days=day)
            booked = asked + timedelta(days=ahead, minutes=30 * int(luck.integers(0, 16)))
            away = luck.random() < true_chance(young, ahead, missed, booked.weekday() == 0)
            times = "," if away else f"{booked},{booked + timedelta(minutes=30)}"
            rows.append(f"v{len(rows)},p{i},Visit,{asked},{booked},{times},{'young' if young else 'older'}")
            missed, day = missed or away, day + ahead + 7
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clinic.csv"
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return read(path, columns=COLUMNS)


def true_chance(young: bool, ahead: float, missed: bool, monday: bool) -> float:
    """The law by which patients of this clinic stay away."""
    return 1 / (1 + math.exp(-(BASE + YOUNG * young + AHEAD * ahead + AGAIN * missed + MONDAY * monday)))


def truth(asked: Outcomes) -> np.ndarray:
    """The true chance of each appointment."""
    known = asked.asked.known
    names = ("age group", "days ahead", "missed before", "weekday")
    rows = zip(*(known[n] for n in names), strict=True)
    return np.array([true_chance(a == "young", math.floor(d), m > 0, w == 0) for a, d, m, w in rows])
