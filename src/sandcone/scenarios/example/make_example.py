"""Make the example log again: ``python -m sandcone.scenarios.example.make_example``.

The same seed gives the same file to the byte, on any machine. Nothing in it comes from a real hospital. A few rows are
spoiled on purpose (twice the same, ended before it began, no patient, no such time), so that one can see them counted.
"""

from __future__ import annotations

import csv
import gzip
import io
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sandcone.scenarios.example.engine import Hospital
from sandcone.scenarios.example.hospital import WEEK, Stay
from sandcone.scenarios.example.people import WEEKS, Patient, patients

SEED = 20
FIRST_MONDAY = datetime(2025, 1, 6)
HERE = Path(__file__).parent
HEADER = ["patient", "activity", "unit", "requested", "booked", "started", "finished", "resources"]
ATTRIBUTES = ["age group", "sex", "urgency", "diagnosis", "insurance"]
Row = list[str]


def rows(seed: int) -> list[Row]:
    """Every row of the log, in the order in which things were asked for."""
    people = patients(seed)
    hospital = Hospital(seed, WEEKS * WEEK)
    for p in people:
        hospital.admit(p)
    register = {p.number: p for p in people}
    stays = sorted(hospital.run(), key=lambda s: (s.ready, s.patient, s.start or 0, s.step))
    return spoiled([_row(s, register[s.patient]) for s in stays], Random(f"{seed}/spoiled"))


def _row(s: Stay, p: Patient) -> Row:
    times = [_clock(t) for t in (s.ready, s.booked, s.start, s.end)]
    decade = f"{p.age // 10 * 10} to {p.age // 10 * 10 + 9}"
    return [f"P{p.number:04}", s.step, s.unit, *times, " + ".join(s.units), decade, p.sex, p.urgency, p.diagnosis, p.insurance]


def _clock(t: int | None) -> str:
    return "" if t is None else (FIRST_MONDAY + timedelta(minutes=t)).strftime("%Y-%m-%d %H:%M")


def spoiled(good: list[Row], luck: Random) -> list[Row]:
    """The same rows with the kinds of fault that every real log has."""
    kinds = {"resource": 30, "twice": 7, "backwards": 5, "nobody": 3, "no such time": 2}
    whole = [i for i, row in enumerate(good) if all(row[3:8:2]) and row[5] != row[6] and row[6] and row[7]]
    places = iter(sorted(range(len(whole)), key=lambda _: luck.random()))
    out = [list(row) for row in good]
    again = []
    for kind, n in kinds.items():
        for i in (whole[next(places)] for _ in range(n)):
            _spoil(out[i], kind)
            again += [i] if kind == "twice" else []
    return [copy for i, row in enumerate(out) for copy in ([row, row] if i in again else [row])]


def _spoil(row: Row, kind: str) -> None:
    if kind == "resource":
        row[7] = ""
    elif kind == "backwards":
        row[5], row[6] = row[6], row[5]
    elif kind == "nobody":
        row[0] = ""
    elif kind == "no such time":
        row[5] = row[6] = f"{row[5][:8]}32 25:61"


def text(seed: int) -> str:
    """The log as CSV text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER + ATTRIBUTES)
    writer.writerows(rows(seed))
    return out.getvalue()


def main() -> None:
    """Write the log beside this script."""
    (HERE / "small_hospital.csv.gz").write_bytes(gzip.compress(text(SEED).encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main()
