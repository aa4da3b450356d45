"""The units of a house in a run, day by day: patients' time in them beside the use of their resources."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sandcone.core.clock import DAY, HOUR
from sandcone.core.lever import plain
from sandcone.core.period import Stage
from sandcone.core.rows import Passed
from sandcone.core.site import Site
from sandcone.measuring.matrix import MOST_UNITS
from sandcone.measuring.tally_house import Days, House, Uses, uses
from sandcone.measuring.tally_patients import adding
from sandcone.measuring.tally_pauses import Spells
from sandcone.measuring.tally_rows import Acts, Bools, Floats, Ints
from sandcone.measuring.usage import total_by

Parts = tuple[tuple[str, ...], Ints, Ints, Floats, Floats]  # names; unit, day, hours that help and hours in it of each part


def stages(passed: Passed, site: Site, acts: Acts, spells: Spells, used: Uses, house: House, days: Days, known: Bools) -> dict[str, Stage]:
    """The units with open hours and patients' time in these days, as ``measuring.periods`` has them: those with most time first."""
    of_resource = units_of_resources(passed, site, used, house)
    names, unit, day, va, t = _by_step(passed, site, acts, spells) if site.units else _by_resource(passed, site, acts, spells, house)
    whole = np.bincount(unit, weights=t, minlength=len(names))
    order = np.argsort(-whole, kind="stable")[:MOST_UNITS]
    here = (day >= days.first) & (day < days.first + days.count)
    at, size = unit[here] * days.count + day[here] - days.first, len(names) * days.count
    of_day = [total_by(at, x[here], size).reshape(len(names), days.count) for x in (va, t)]
    return dict(_stages([(names[u], of_day[0][u], of_day[1][u]) for u in order], of_resource, house, days, known))


def _stages(
    units: list[tuple[str, Floats, Floats]], of_resource: list[str], house: House, days: Days, known: Bools
) -> Iterator[tuple[str, Stage]]:
    of = np.array(of_resource, dtype=object)
    for name, va, t in units:
        mine = of == name
        busy, opened, places = days.busy[mine].sum(axis=0), days.open[mine].sum(axis=0), int(house.capacity[mine & known].sum())
        if opened.sum() > 0 and t.sum() > 0 and places > 0:
            yield name, Stage(busy=busy, open=opened, va=va, t=t, places=places)


def units_of_resources(passed: Passed, site: Site, used: Uses, house: House) -> list[str]:
    """The unit that each resource works in: that of most of its uses where steps have units, else its pool.

    One that was never used works where most of its pool do.
    """
    if not site.units:
        return [*house.pools]
    labels, place = _steps(passed)
    many = np.bincount(used.r * len(labels) + place[passed.rows.step[used.of]], minlength=len(house.pools) * len(labels))
    many = many.reshape(len(house.pools), len(labels))
    units = [site.units.get(label, label) for label in labels]
    by_pool = {p: many[[r for r, q in enumerate(house.pools) if q == p]].sum(axis=0) for p in dict.fromkeys(house.pools)}
    counts = [own if own.any() else by_pool[p] for own, p in zip(many, house.pools, strict=True)]
    return [units[int(np.argmax(c))] if c.any() else name for c, name in zip(counts, passed.model.resources, strict=True)]


def _steps(passed: Passed) -> tuple[tuple[str, ...], Ints]:
    """The plain names of all steps in order, and the place of each of the model's steps in them."""
    names = [plain(s) for s in passed.model.steps]
    labels = tuple(sorted(set(names)))
    return labels, np.array([labels.index(n) for n in names], dtype=np.int64)


def _by_step(passed: Passed, site: Site, acts: Acts, spells: Spells) -> Parts:
    """Each step of a patient belongs to its unit; a step that has none is a unit of its own."""
    labels = [site.units.get(plain(s), plain(s)) for s in passed.model.steps]
    names = tuple(sorted(set(labels)))
    unit_of = np.array([names.index(label) for label in labels], dtype=np.int64)
    rows, day, va, t = _whole(passed, site, acts, spells)
    return names, unit_of[acts.step[rows]], day[rows], va[rows], t[rows]


def _by_resource(passed: Passed, site: Site, acts: Acts, spells: Spells, house: House) -> Parts:
    """A step with several resources counts in the pool of each."""
    names = tuple(sorted(set(house.pools)))
    unit_of = np.array([names.index(p) for p in house.pools], dtype=np.int64)
    rows, day, va, t = _whole(passed, site, acts, spells)
    used = uses(passed, Spells(of=rows, begin=rows, over=rows))  # each once, however often the step was paused
    return names, unit_of[used.r], day[used.of], va[used.of], t[used.of]


def _whole(passed: Passed, site: Site, acts: Acts, spells: Spells) -> tuple[Ints, Ints, Floats, Floats]:
    """The rows that have spells; and of every row (rows,) the model's day it began on, hours that help, hours from its need to its end."""
    begin = np.full(len(acts.step), np.iinfo(np.int64).max)
    np.minimum.at(begin, spells.of, spells.begin)
    rows = np.flatnonzero(begin < np.iinfo(np.int64).max)
    begin[begin == np.iinfo(np.int64).max] = 0
    hours = np.bincount(spells.of, weights=(spells.over - spells.begin) / HOUR, minlength=len(begin)).astype(np.float64)
    va = hours * adding(passed, site)[acts.step].astype(np.float64)
    return rows, acts.clock.wall(begin) // DAY, va, (acts.until - acts.ready) / HOUR
