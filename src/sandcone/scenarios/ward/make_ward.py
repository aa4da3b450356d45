"""Make the example ward again: ``python -m sandcone.scenarios.ward.make_ward examples/ward``.

The same seed gives the same tables to the byte, on any machine. Nothing in them comes from a real hospital: figures are what people who
know such wards would not laugh at. The tables use what the format allows, such as ages in years, weekdays and exceptions to them.
"""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

SEED = 2
FIRST, DAYS = date(2026, 3, 2), 14  # a Monday
Rows = list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A kind of operation: minutes, usual nights, who does it, and how much care follows.

    ``first`` is load and skill in the shifts of the first two days, ``then`` in those of every later day.
    """

    name: str
    minutes: tuple[int, ...]
    nights: tuple[int, ...]
    surgeons: tuple[str, ...]
    share: int
    first: tuple[str, str]
    then: tuple[str, str]
    monitored: bool = False


OPERATIONS = (
    Operation(
        name="bypass",
        minutes=(210, 240, 270),
        nights=(6, 7, 8),
        surgeons=("Dr Adler", "Dr Boone"),
        share=6,
        first=("4;3;3", "2;2;2"),
        then=("2;2;1", "1;1;1"),
        monitored=True,
    ),
    Operation(
        name="valve",
        minutes=(240, 270),
        nights=(7, 8),
        surgeons=("Dr Boone",),
        share=3,
        first=("4;4;3", "2;2;2"),
        then=("2;2;2", "1;1;1"),
        monitored=True,
    ),
    Operation(
        name="valve by catheter",
        minutes=(90, 120),
        nights=(3, 4),
        surgeons=("Dr Celik",),
        share=4,
        first=("3;2;2", "2;1;1"),
        then=("1;1;1", "1;0;0"),
        monitored=True,
    ),
    Operation(
        name="ablation",
        minutes=(120, 150, 180),
        nights=(1, 2),
        surgeons=("Dr Dijk",),
        share=6,
        first=("2;1;1", "1;1;1"),
        then=("1;1;1", "0;0;0"),
    ),
    Operation(
        name="pacemaker",
        minutes=(60, 75),
        nights=(1, 2),
        surgeons=("Dr Celik", "Dr Dijk"),
        share=6,
        first=("1", "0"),
        then=("1", "0"),
    ),
)
ROOMS = [["Room 1", "1"], ["Room 2", "1"], ["Room 3", "2"], ["Room 4", "2"], ["Room 5", "2"], ["Room 6", "2"]]
WITHOUT_MONITOR = "Room 5;Room 6"
THEATRES = [
    ["Theatre 1", "", "Mon;Tue;Wed;Thu;Fri", "480", ""],
    ["Hybrid room", "", "Mon;Wed;Fri", "420", ""],
    ["Theatre 1", "2026-03-10", "", "240", "air filters are changed in the morning"],
    ["Hybrid room", "2026-03-13", "", "0", "closed for training"],
]
SURGEONS = [
    ["Dr Adler", "", "Mon;Wed", "480"],
    ["Dr Boone", "", "Tue;Thu", "480"],
    ["Dr Celik", "", "Wed;Fri", "300"],
    ["Dr Dijk", "", "Mon;Fri", "360"],
    ["Dr Adler", "2026-03-11", "", "0"],
]
NURSES = [
    ["Aziz", "2", "12"],
    ["Bakker", "2", "12"],
    ["Chen", "1", "10"],
    ["Diallo", "1", "10"],
    ["Evans", "2", "12"],
    ["Fuchs", "1", "10"],
    ["Garcia", "0", "10"],
    ["Hansen", "2", "14"],
]
WEEKS = (  # a letter a day for each nurse: early, late, night, off
    "EEE--LLLL--EEE",
    "LL--EEEE--LLLL",
    "--EEELL--EEEL-",
    "E-LLL--EEE--LL",
    "NNN---NNN---NN",
    "-LL--EEELLL--E",
    "EE-EE--LL-EEE-",
    "---NNN---NNN--",
)
OCCUPANTS = [
    ["Q01", "F", "71", "3", "2;2;1", "1;1;1", "Room 3"],
    ["Q02", "M", "66", "5", "3;2;2", "2;1;1", "Room 4"],
    ["Q03", "M", "79", "2", "1", "0", "Room 6"],
]
TOML = """# A small cardiac ward, made up. What each table and column holds: docs/inpatients.md.
name = "Cardiac ward"
first_date = 2026-03-02
days = 14
shifts = ["early", "late", "night"]

# From which age somebody belongs to a group: the tables give ages in years.
[ages]
"under 60" = 0
"60 to 74" = 60
"75 and over" = 75

# What one unit of each cost weighs against the others.
[weights]
delay = 8          # a day that a patient waits
left_out = 250     # a patient who may wait and is not admitted in these two weeks
open_theatre = 30  # a theatre opened for a day
surgeon_moves = 5  # a surgeon who changes theatre on a day
nurses_met = 2     # a nurse that a person meets
skill_short = 5    # a level of skill that is short, for a person and a shift
overload = 5       # a unit of load above what a nurse can bear
mixed_ages = 1     # neighbours who are an age group apart, for a day

# The tables' own names for two of their columns.
[columns.patients]
minutes = "operating minutes"
unfit_rooms = "not in"
"""


def patients(luck: Random) -> Rows:
    """The waiting list, in the order in which people were put on it."""
    kinds = [o for o in OPERATIONS for _ in range(o.share)]
    luck.shuffle(kinds)
    return [_patient(number, kind, luck) for number, kind in enumerate(kinds, 1)]


def _patient(number: int, kind: Operation, luck: Random) -> list[str]:
    nights, age = luck.choice(kind.nights), min(max(round(luck.gauss(68, 10)), 41), 88)
    release = luck.choice((0, 0, 0, 1, 2, 3, 4, 6, 7, 8))
    last = min(release + luck.choice((4, 5, 6, 7)), DAYS - 1) if luck.random() < 0.4 else None
    who = [f"P{number:02}", luck.choice("FM"), str(age), str(nights), _shifts(nights, kind, 0), _shifts(nights, kind, 1)]
    when = [_date(release), "" if last is None else _date(last)]
    return [*who, *when, str(luck.choice(kind.minutes)), luck.choice(kind.surgeons), WITHOUT_MONITOR if kind.monitored else "", kind.name]


def _shifts(nights: int, kind: Operation, which: int) -> str:
    """Load (0) or skill (1) as the tables say it: one number, a day's shifts, or every shift of the stay."""
    first, then = kind.first[which], kind.then[which]
    return first if first == then or nights <= 2 else ";".join([first] * 2 + [then] * (nights - 2))


def _date(day: int) -> str:
    return (FIRST + timedelta(days=day)).isoformat()


def roster() -> Rows:
    """Who works which shift; the most load is the nurse's own, but for nights, when more is borne."""
    names = {"E": "early", "L": "late", "N": "night"}
    worked = ((nurse[0], day, letters[day]) for nurse, letters in zip(NURSES, WEEKS, strict=True) for day in range(DAYS))
    return [[nurse, _date(day), names[letter], "16" if letter == "N" else ""] for nurse, day, letter in worked if letter in names]


def tables(seed: int) -> dict[str, str]:
    """Every file of the ward: its name, and its text."""
    person = ["patient", "gender", "age", "nights", "load", "skill"]
    listed = [*person, "first_day", "last_day", "operating minutes", "surgeon", "not in", "operation"]
    return {
        "ward.toml": TOML,
        "patients.csv": _text(listed, patients(Random(f"{seed}/patients"))),
        "occupants.csv": _text([*person, "room"], OCCUPANTS),
        "rooms.csv": _text(["room", "beds"], ROOMS),
        "theatres.csv": _text(["theatre", "day", "weekday", "minutes", "remark"], THEATRES),
        "surgeons.csv": _text(["surgeon", "day", "weekday", "minutes"], SURGEONS),
        "nurses.csv": _text(["nurse", "skill", "most"], NURSES),
        "roster.csv": _text(["nurse", "day", "shift", "most"], roster()),
    }


def _text(head: list[str], rows: Rows) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *rows])
    return out.getvalue()


def main() -> None:
    """Write the ward into the folder that is named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables(SEED).items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
