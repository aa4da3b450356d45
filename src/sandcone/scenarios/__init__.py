"""Hospitals as files: made up by Sandcone itself, to try things on and to learn with."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

from sandcone.scenarios.emergency import emergency_department, emergency_department_site
from sandcone.scenarios.medical_ward import medical_ward, medical_ward_site
from sandcone.scenarios.nh import nh_fortnight, nh_hospital, nh_library, nh_people, nh_site

__all__ = [
    "Hospital",
    "Scenario",
    "emergency_department",
    "emergency_department_site",
    "levers_file",
    "medical_ward",
    "medical_ward_site",
    "nh_fortnight",
    "nh_hospital",
    "nh_library",
    "nh_people",
    "nh_site",
    "small_hospital",
]

Hospital = Literal["nh", "emergency department", "medical ward"]
FOLDERS: dict[Hospital, str] = {"nh": "nh", "emergency department": "emergency", "medical ward": "medical_ward"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A made-up hospital: its log, and the map that says what the log's columns mean."""

    log: Path
    columns: Path


def small_hospital() -> Scenario:
    """The small hospital that `make demo` measures: clinics, two theatres, two wards, an ICU and an emergency door."""
    folder = Path(str(files("sandcone.scenarios.example")))
    return Scenario(log=folder / "small_hospital.csv.gz", columns=folder / "small_hospital.toml")


def levers_file(hospital: Hospital) -> Path:
    """What a planner of this hospital could change, as a file for `sandcone improve`; that of "nh" fits every size of it."""
    return Path(str(files(f"sandcone.scenarios.{FOLDERS[hospital]}"))) / "levers.toml"
