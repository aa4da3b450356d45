"""Personal paths tried on the twin beside one size for all: the same people, the same luck, first come, first served."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import ibis
import numpy as np
from ibis import _

from sandcone.core.care import Library, Path, Person
from sandcone.core.chance import Luck
from sandcone.core.errors import EmptyError
from sandcone.core.estimate import Measures
from sandcone.core.journeys import DAY
from sandcone.core.log import EventLog
from sandcone.core.model import Model
from sandcone.core.personal import Guard
from sandcone.core.plan import AS_TODAY, Plan
from sandcone.core.site import Site
from sandcone.core.trial import Better, Compared, Trial
from sandcone.flow.personal import composer
from sandcone.flow.replications import over_runs
from sandcone.measuring.flow import flow
from sandcone.measuring.prepare import Prepared, prepare
from sandcone.measuring.resources import resources, worked
from sandcone.measuring.roster import profile, roster
from sandcone.measuring.usage import usage
from sandcone.measuring.waits import walked
from sandcone.personalising.fitting import Fit, delivered, fit
from sandcone.personalising.guard import guard
from sandcone.personalising.one_size import one_size
from sandcone.personalising.twin import personal_model
from sandcone.personalising.usual import compose
from sandcone.scenarios import nh_hospital, nh_library, nh_people, nh_site
from sandcone.scenarios.nh.coming import emergencies
from sandcone.scenarios.nh.persons import NhPeople
from sandcone.simulating import simulate

Told = Callable[[str], None]
SETTLE = 30  # days in which the house fills up, left out
Values = dict[str, float]
LAST = ("Discharge", "Recovery after catheterisation")
"""After the last of these a patient is treated and goes home; what comes then is aftercare."""
GROUPS = ("sex", "tier", "years", "language")
MEASURED: tuple[tuple[str, str, Better], ...] = (
    ("flow efficiency, from need", "share", "more"),
    ("resource efficiency, by cost", "share", "more"),
    ("resource efficiency, of what is used", "share", "more"),
    ("time from need to the end", "h", "less"),
    ("time of the slowest tenth", "h", "less"),
    ("time from need to going home", "h", "less"),
    ("waited", "h", "less"),
    ("waited, the worst-off tenth", "h", "less"),
    ("fit to true needs", "share", "more"),
    ("fit of the worst-off tenth", "share", "more"),
    ("unmet", "share", "less"),
    ("excess", "share", "less"),
    ("steps a patient", "steps", "neither"),
    ("packages", "", "neither"),
)
"""What is compared, its unit, and which is better. Times, fit and steps are of elective patients who need treatment."""


class Hours(NamedTuple):
    """Hours of one patient: from need to the end of the path, waited for steps, and from need to going home treated (NaN: was not)."""

    took: float
    waited: float
    treated: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to care for the people: its paths, and what it comes to on the twin."""

    paths: Sequence[Path]
    hours: Mapping[str, Hours]
    measures: Measures


def nh_trial(
    size: Literal["ward", "hospital"] = "ward", *, days: int = 365, runs: int = 10, seed: int, year: int = 2004, told: Told | None = None
) -> Trial:
    """Try personal paths beside one size for all in an NH-like hospital with a personal-care team, so many times, each with new people.

    One size for all is the standard way with every further module that at least half of the patients with a procedure have in their
    personal paths. The people are known to the hospital in part only; fit is to what they truly need. Emergencies come as they do, the
    same for both.
    """
    hospital, library, found = nh_hospital(size, year, personal=True), nh_library(), list[tuple[Values, Values]]()
    people = [nh_people(hospital, days=SETTLE + days, seed=seed + i) for i in range(runs)]
    for i, them in enumerate(people):
        (told or (lambda _words: None))(f"run {i + 1} of {runs}: {len(them.known):,} people")
        found.append(_run(hospital, library, them, _ways(hospital, library, them, seed + i, days)))
    return over_all(found, len(people[0].known), "personal", "one size", MEASURED)


def nh_groups(size: Literal["ward", "hospital"] = "ward", *, days: int = 365, seed: int, year: int = 2004) -> tuple[Guard, Guard]:
    """Whether some group (sex, price tier, age, language) fits worse or waits longer: on personal paths, and on one size for all.

    One run of ``nh_trial``: fit is to true needs, waits are those on the twin, of elective patients who need treatment.
    """
    hospital, library = nh_hospital(size, year, personal=True), nh_library()
    people = nh_people(hospital, days=SETTLE + days, seed=seed)
    one, other = (_groups(w, people, library) for w in _ways(hospital, library, people, seed, days))
    return one, other


def _groups(way: Way, people: NhPeople, library: Library) -> Guard:
    seen = [(p, path) for p, path in zip(people.truly, way.paths, strict=True) if p.facts["procedure"] != "none" and p.name in way.hours]
    true = [replace(path, fit=_fit(p, path, library).fit) for p, path in seen]
    return guard([p for p, _ in seen], true, GROUPS, {name: hours.waited for name, hours in way.hours.items()})


def _ways(hospital: Model, library: Library, people: NhPeople, seed: int, days: int) -> list[Way]:
    """Both ways to care for the people, tried with the same luck."""
    site, (personal, same) = nh_site(hospital), paths_of(hospital, library, people)
    ways = []
    for paths, beside in ((personal, same), (same, personal)):
        log = passed(hospital, people, paths, beside, seed=seed, days=SETTLE + days)
        ways.append(Way(paths=paths, hours=dict(hours(log)), measures=measured(log, site)))
    return ways


def paths_of(hospital: Model, library: Library, people: NhPeople) -> tuple[list[Path], list[Path]]:
    """Everybody's personal path, and the one that they have where one size is for all; both from what is known of them."""
    made = composer(hospital, library)
    personal = compose(made, people.known, ("age", "procedure"))
    return personal, one_size(made, people.known, personal, ("procedure",))


def passed(
    hospital: Model, people: NhPeople, paths: Sequence[Path], beside: Sequence[Path], plan: Plan = AS_TODAY, *, seed: int, days: int
) -> EventLog:
    """The log of so many days of these people on these paths, those left out in which the house fills up."""
    model = personal_model(hospital, people.known, paths, emergencies(hospital), beside)
    return simulate(model, plan, seed=seed, days=days, warm_up=SETTLE * DAY).logs[0]


def _run(hospital: Model, library: Library, people: NhPeople, ways: Sequence[Way]) -> tuple[Values, Values]:
    both = ways[0].hours.keys() & ways[1].hours.keys()
    cost = {name: r.cost_per_hour or 0.0 for name, r in hospital.resources.items()}
    treated = [i for i, p in enumerate(people.truly) if p.facts["procedure"] != "none" and p.name in both]
    one, other = (values(w, [people.truly[i] for i in treated], treated, library) for w in ways)
    one["resource efficiency, by cost"], other["resource efficiency, by cost"] = by_cost([w.measures for w in ways], cost)
    return one, other


def measured(log: EventLog, site: Site) -> Measures:
    """Flow and resource efficiency of a log, without intervals."""
    prepared = prepare(log.with_site(site))
    return flow(prepared, Luck(1, 0)) + resourced(prepared)


def resourced(prepared: Prepared) -> Measures:
    """Resource efficiency, without intervals."""
    used = usage(prepared)
    seen = profile(used)
    hours = roster(used, seen)
    found, done = walked(used, hours), worked(used, hours)
    return resources(used, hours, found.capacity, seen, done, Luck(1, 0))


def hours(log: EventLog) -> Iterator[tuple[str, Hours]]:
    """The hours of everybody who has left."""
    t = log.table
    left = t.group_by("case").aggregate(open=_.end.isnull().any())
    t = t.anti_join(left.filter(_.open), "case").filter(_.start.notnull())
    cases = t.group_by("case").aggregate(
        hours=(_.end.max().epoch_seconds() - ibis.coalesce(_.ready, _.start).min().epoch_seconds()) / 3600,
        waited=(_.start.epoch_seconds() - ibis.coalesce(_.ready, _.start).epoch_seconds()).sum() / 3600,
        home=_.end.max(where=_.step.isin(LAST)).epoch_seconds() / 3600 - ibis.coalesce(_.ready, _.start).min().epoch_seconds() / 3600,
    )
    for row in cases.to_pyarrow().to_pylist():
        yield row["case"], Hours(row["hours"], row["waited"], math.nan if row["home"] is None else row["home"])


def values(way: Way, truly: Sequence[Person], which: Sequence[int], library: Library) -> Values:
    """Every measure of one way over these people, ``which`` being the places of their paths; but for resource efficiency by cost."""
    if not truly:
        raise EmptyError("the trial", "nobody who needs treatment came to the end", "Try more days, or a larger hospital.")
    fits = [_fit(p, way.paths[i], library) for p, i in zip(truly, which, strict=True)]
    took, waited, treated = np.array([way.hours[p.name] for p in truly]).T
    fitted = np.array([f.fit for f in fits])
    return {
        "flow efficiency, from need": way.measures["flow_efficiency.from_need"].value,
        "resource efficiency, of what is used": way.measures["resource_efficiency.overall"].value,
        "time from need to the end": float(took.mean()),
        "time of the slowest tenth": _tenth(-took) * -1,
        "time from need to going home": float(np.nanmean(treated)),
        "waited": float(waited.mean()),
        "waited, the worst-off tenth": _tenth(-waited) * -1,
        "fit to true needs": float(fitted.mean()),
        "fit of the worst-off tenth": _tenth(fitted),
        "unmet": float(np.mean([f.unmet for f in fits])),
        "excess": float(np.mean([f.excess for f in fits])),
        "steps a patient": float(np.mean([len(way.paths[i].steps) for i in which])),
        "packages": float(len({p.modules for p in way.paths})),
    }


def _fit(person: Person, path: Path, library: Library) -> Fit:
    modules = library.module
    return fit(person, delivered(modules[m] for m in path.modules))


def _tenth(values: np.ndarray) -> float:
    """The mean of the tenth with the least."""
    return float(np.sort(values)[: math.ceil(len(values) / 10)].mean())


def by_cost(ways: Sequence[Measures], cost: Mapping[str, float]) -> tuple[float, ...]:
    """Of each way, busy over open hours of all resources that any of them uses, weighted by what they cost an hour."""
    opened: dict[str, float] = {}
    for of in ways:
        for m in of.by("available_hours", "resource"):
            opened[m.group["resource"]] = max(opened.get(m.group["resource"], 0.0), m.estimate.value)
    paid = sum(cost.get(r, 0.0) * open_ for r, open_ in opened.items())
    busy = (sum(cost.get(m.group["resource"], 0.0) * m.estimate.value for m in of.by("busy_hours", "resource")) for of in ways)
    return tuple(worth / paid for worth in busy)


def over_all(
    found: Sequence[tuple[Values, Values]], people: int, one: str, other: str, measured: Sequence[tuple[str, str, Better]]
) -> Trial:
    """Two ways over all paired runs: both means, their difference with its interval, and the values run by run."""
    measures = tuple(_compared(name, unit, better, found) for name, unit, better in measured)
    by_run = {name: [(a[name], b[name]) for a, b in found] for name, _, _ in measured}
    return Trial(one=one, other=other, runs=len(found), people=people, measures=measures, values=by_run)


def _compared(name: str, unit: str, better: Better, found: Sequence[tuple[Values, Values]]) -> Compared:
    one, other = (np.array([pair[k][name] for pair in found]) for k in (0, 1))
    return Compared(
        name=name, unit=unit, better=better, one=over_runs(one, unit), other=over_runs(other, unit), gap=over_runs(one - other, unit)
    )
