"""The made-up hospitals that searches are tried on, each with its levers and its site."""

from __future__ import annotations

from typing import Literal, get_args

from sandcone.core.arrangement import Arrangement
from sandcone.core.model import Model
from sandcone.core.site import Site
from sandcone.flow.bench import Bench
from sandcone.improving.levers.reading import read_levers
from sandcone.scenarios import (
    Hospital,
    emergency_department,
    emergency_department_site,
    levers_file,
    medical_ward,
    medical_ward_site,
    nh_hospital,
    nh_site,
)

Name = Literal["medical ward", "emergency department", "nh", "nh ward", "nh network"]
NAMES: tuple[Name, ...] = get_args(Name)


def hospital(name: Name) -> tuple[Model, Site | None]:
    """A hospital, and what it says about itself (None: of the network no more is said than its model does)."""
    match name:
        case "medical ward":
            return medical_ward(), medical_ward_site()
        case "emergency department":
            return emergency_department(), emergency_department_site()
        case "nh network":
            return nh_hospital("network"), None
        case _:
            model = nh_hospital("ward" if name == "nh ward" else "hospital")
            return model, nh_site(model)


def levers_of(name: Name) -> Hospital:
    """Whose levers file it has."""
    return "nh" if name.startswith("nh") else name  # type: ignore[return-value]


def world(name: Name, seed: int) -> Bench:
    """A hospital at the bench where sets of its levers are tried."""
    model, site = hospital(name)
    today = Arrangement(model=model)
    return Bench(today, read_levers(levers_file(levers_of(name)), today), site, seed)
