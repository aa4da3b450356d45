"""Hospitals as files: made up by Sandcone itself, to try things on and to learn with."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from sandcone.scenarios.nh import nh_fortnight, nh_hospital, nh_library, nh_people, nh_site

__all__ = ["Scenario", "nh_fortnight", "nh_hospital", "nh_library", "nh_people", "nh_site", "small_hospital"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A made-up hospital: its log, and the map that says what the log's columns mean."""

    log: Path
    columns: Path


def small_hospital() -> Scenario:
    """The small hospital that `make demo` measures: clinics, two theatres, two wards, an ICU and an emergency door."""
    folder = Path(str(files("sandcone.scenarios.example")))
    return Scenario(log=folder / "small_hospital.csv.gz", columns=folder / "small_hospital.toml")
