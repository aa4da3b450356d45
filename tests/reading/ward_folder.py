"""A tiny ward as a folder of tables: four days from a Thursday, two shifts, numbers that differ."""

from __future__ import annotations

from pathlib import Path

TOML = """
name = "Tiny"
first_date = 2026-03-05
days = 4
shifts = ["day", "night"]

[ages]
adult = 18
aged = 70

[weights]
delay = 9
"""
TABLES = {
    "patients.csv": "patient,gender,age,nights,load,skill,first_day,last_day,minutes,surgeon,unfit_rooms\n"
    "Ann,F,69,2,3;1,1,2026-03-05,2026-03-07,90,Sen,R2\n"
    "Bo,M,aged,1,4,2;0,2026-03-06,,60,Rao,\n",
    "occupants.csv": "patient,gender,age,nights,load,skill,room\nOlu,M,70,2,1;2;3;4,0,R2\n",
    "rooms.csv": "room,beds\nR1,1\nR2,3\n",
    "theatres.csv": "theatre,weekday,day,minutes\nT1,Thu;Fri,,300\nT1,,2026-03-06,200\nT2,,,100;0;0;250\n",
    "surgeons.csv": "surgeon,minutes\nSen,120\nRao,0;240;0;0\n",
    "nurses.csv": "nurse,skill,most\nNia,2,7\nOwen,1,\n",
    "roster.csv": "nurse,day,weekday,shift,most\nNia,,,day,\nNia,,Sat,night,5\nOwen,2026-03-05,,night,6\n",
}


def folder(where: Path, toml: str = TOML, **tables: str | None) -> Path:
    """The tiny ward, with some tables written otherwise, or not at all (None)."""
    (where / "ward.toml").write_text(toml, encoding="utf-8")
    for name, text in (TABLES | {f"{t}.csv": said for t, said in tables.items()}).items():
        if text is not None:
            (where / name).write_text(text, encoding="utf-8")
    return where


def changed(table: str, old: str, new: str) -> dict[str, str]:
    """One table of the tiny ward with a piece of text replaced."""
    text = TABLES[f"{table}.csv"]
    assert old in text
    return {table: text.replace(old, new)}
