"""The cardiac hospital as a model: a ward for tests, one hospital of a year, or a network of twenty."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from sandcone.core.errors import ModelError
from sandcone.core.model import Model
from sandcone.core.plan import ByClass
from sandcone.scenarios.marked import counted
from sandcone.scenarios.nh.care import with_team
from sandcone.scenarios.nh.network import network
from sandcone.scenarios.nh.parameters import House, Parameters, figures, parameters
from sandcone.scenarios.nh.people import streams
from sandcone.scenarios.nh.routes import route
from sandcone.scenarios.nh.staff import calendars, means
from sandcone.scenarios.nh.steps import steps

Size = Literal["ward", "hospital", "network"]
YEARS = (2004, 2008, 2013)


def nh_hospital(size: Size = "hospital", year: int = 2004, *, personal: bool = False) -> Model:
    """The cardiac hospital in the manner of Narayana Hrudayalaya: nothing in it depends on chance.

    ``year`` is 2004 (500 beds), 2008 (1,000 beds, about 10^6 steps a year) or 2013 (30 operations a day); it matters for "hospital"
    only. "ward" is a twelfth of 2004, and "network" one hub of 2008 with nineteen low-cost hospitals of 300 beds.
    ``personal`` adds a small personal-care team, for the steps of the modules in ``nh_library`` (one hospital only).
    ``ModelError`` where there are no figures for the year.
    """
    p = parameters()
    if personal:
        return with_team(nh_hospital(size, year), p.houses[_house(size, year)])
    if size == "ward":
        return one_hospital(p, p.houses["ward"], "NH-like ward")
    if size == "network":
        spoke = one_hospital(p, p.houses["spoke"], "NH-like spoke")
        return network(p, one_hospital(p, p.houses[p.network.hub], "NH-like hub", p.houses["spoke"].year), spoke)
    if str(year) not in p.houses:
        raise ModelError("NH-like hospital", f"there are no figures for {year}", f"Choose {', '.join(map(str, YEARS))}.")
    return one_hospital(p, p.houses[str(year)], f"NH-like {year}")


def _house(size: Size, year: int) -> str:
    if size == "network":
        raise ModelError("NH-like hospital", "a personal-care team for the whole network", 'Choose "ward" or "hospital".')
    return "ward" if size == "ward" else str(year)


def one_hospital(p: Parameters, house: House, name: str, year: int | None = None) -> Model:
    """A hospital of this size, from the first Monday of its year on."""
    new_year = date(year or house.year, 1, 1)
    begin = new_year + timedelta(days=-new_year.weekday() % 7)
    hours = calendars(p, begin)
    it = means(p, house)
    return Model(
        name=name,
        begin=begin,
        steps=steps(p, house),
        route=route(p),
        arrivals=streams(p, house, hours["clinic"], begin),
        resources=it.resources,
        pools=it.pools,
        calendars=hours,
        queue=ByClass(attribute="urgency", order=("urgent", "elective")),
        zone="Asia/Kolkata",
        notes=_notes(),
    )


def _notes() -> tuple[str, ...]:
    said = f"Its figures: {counted(figures())}; see nh.toml."
    return ("A synthetic hospital from public figures; it is not Narayana Hrudayalaya.", said)
