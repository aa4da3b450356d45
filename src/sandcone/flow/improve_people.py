"""Known people in the search for better ways: whose paths they get is a lever too, and fit is to what they truly need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as File

import numpy as np

from sandcone.core.arrangement import Arrangement, Care
from sandcone.core.arrivals import Listed, Patient
from sandcone.core.care import Library, Path, Person
from sandcone.core.care_file import read_library
from sandcone.core.errors import ModelError
from sandcone.core.lever import Course, Lever, Levers, plain
from sandcone.core.model import Model
from sandcone.core.rows import Passed
from sandcone.flow.personal import composer, known_steps
from sandcone.personalising.fitting import delivered, fit
from sandcone.personalising.having import had_by
from sandcone.personalising.one_size import one_size
from sandcone.personalising.twin import personal_model
from sandcone.personalising.usual import compose
from sandcone.reading.people import read_people

DAY = 1440.0
WITH_PEOPLE = ("care", "decoupling", "booking")
"""Kinds of levers that have an effect on known people only."""
WITHOUT = "it needs known people and a library of modules (people and library)"
NOT_YET = {
    "decoupling": "a path that is the segment's up to a step and personal behind it is not tried on the twin",
    "booking": "a timetable of everybody for every run takes far longer than the run; sandcone plan books whole paths",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """The people of one run, twice in the same order: as they are known, and as they truly are."""

    known: tuple[Person, ...]
    truly: tuple[Person, ...]


People = Callable[[int], Crowd]
"""From the number of a run to who comes in it; can be sent to another process."""


@dataclass(frozen=True, slots=True)
class Always:
    """The same people in every run, of whom all is known that there is to know."""

    people: tuple[Person, ...]

    def __call__(self, replication: int) -> Crowd:
        """Whatever the run."""
        return Crowd(known=self.people, truly=self.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cared:
    """Known people with a library of modules: who they are in each run, and which streams of the model come as before.

    ``like`` are the facts of an illness, ``segment`` those of a segment: who agrees in them gets one package where care is by them.
    """

    hospital: Model
    library: Library
    people: People
    keep: tuple[int, ...] = ()
    like: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()

    def crowd(self, replication: int) -> Crowd:
        """The people of a run, in the order in which they come."""
        found = self.people(replication)
        order = sorted(range(len(found.known)), key=lambda i: found.known[i].minute)
        return Crowd(known=tuple(found.known[i] for i in order), truly=tuple(found.truly[i] for i in order))

    def paths(self, crowd: Crowd, care: Care) -> list[Path]:
        """Everybody's path with this care, composed from what is known of them."""
        made = composer(self.hospital, self.library)
        personal = compose(made, crowd.known, self.like)
        if care == "personal":
            return personal
        return one_size(made, crowd.known, personal, self.like if care == "one size" else self.segment)

    def model(self, at: Arrangement, crowd: Crowd, paths: Sequence[Path] | None) -> Model:
        """The hospital with these people in it, on these paths; on the model's own ways where there are none."""
        if paths is not None:
            return personal_model(at.model, crowd.known, paths, self.keep)
        streams = tuple(replace(at.model.arrivals[i], first=at.model.arrivals[i].first or at.model.route.first) for i in self.keep)
        patients = tuple(
            Patient(name=p.name, minute=p.minute, attributes=p.attributes, first=first_of(at.model, p.attributes, self.keep))
            for p in crowd.known
        )
        return replace(at.model, arrivals=(Listed(patients=patients, name="people"), *streams))

    def fit(self, passed: Passed, crowd: Crowd, course: Course) -> float:
        """How well what people had in a run fits what they truly need, of those whose need arose in the days that count."""
        truly = {p.name: p for p in crowd.truly}
        mine = {n: truly[name] for n, name in passed.names.items() if name in truly}
        begin, end = course.settle_days * DAY, (course.settle_days + course.days) * DAY
        who = [n for n, p in mine.items() if begin <= p.minute < end and p.needs]
        if not who:
            return float("nan")
        steps = tuple(dict.fromkeys(map(plain, passed.model.steps)))
        of = np.array([steps.index(plain(s)) for s in passed.model.steps])
        done = np.isfinite(passed.rows.end)
        pairs = np.unique(passed.rows.patient[done].astype(np.int64) * len(steps) + of[passed.rows.step[done]])
        had = had_by(self.library, pairs // len(steps), pairs % len(steps), len(passed.arrived), steps)
        return _mean_fit(self.library, had, who, mine)


def _mean_fit(library: Library, had: np.ndarray, who: Sequence[int], people: Mapping[int, Person]) -> float:
    packages, which = np.unique(had[who], axis=0, return_inverse=True)
    given = [delivered(m for m, yes in zip(library.modules, row, strict=True) if yes) for row in packages]
    found = [fit(people[n], given[k]).fit for n, k in zip(who, np.ravel(which).tolist(), strict=True)]
    known = [x for x in found if x is not None]
    return float(np.mean(known)) if known else float("nan")


def first_of(model: Model, who: Mapping[str, str], keep: Sequence[int]) -> str | None:
    """Where somebody begins: as the stream has it whose kinds they are one of, else as the first stream that does not come by itself."""
    others = [s for i, s in enumerate(model.arrivals) if i not in keep]
    for stream in others:
        if any(k.attributes.items() <= who.items() for k in getattr(stream, "kinds", ())):
            return stream.first
    return others[0].first if others else None


def cared_for(
    hospital: Model,
    library: Library | str | File,
    people: Sequence[Person] | People | str | File,
    *,
    keep: Sequence[str] = (),
    like: Sequence[str] = (),
    segment: Sequence[str] = (),
) -> Cared:
    """People and library from files or values; ``ModelError`` where a step or a stream is not there."""
    offered = library if isinstance(library, Library) else read_library(library)
    known_steps(hospital, offered)
    names = [s.name for s in hospital.arrivals]
    absent = [name for name in keep if name not in names]
    if absent:
        raise ModelError("keep", f"no stream of patients is called {absent[0]!r}", f"There are {', '.join(names)}.")
    return Cared(
        hospital=hospital,
        library=offered,
        people=_who(people, hospital),
        keep=tuple(names.index(name) for name in keep),
        like=tuple(like),
        segment=tuple(dict.fromkeys((*like, *segment))),
    )


def _who(people: Sequence[Person] | People | str | File, hospital: Model) -> People:
    if callable(people):
        return people
    return Always(read_people(people, hospital.begin) if isinstance(people, str | File) else tuple(people))


def that_can_be(levers: Levers, cared: Cared | None) -> Levers:
    """The levers without those that nothing comes of here; ``not_here`` says why."""
    why = {lever.name: _why_not(lever, cared) for lever in levers.levers}
    kept = tuple(lever for lever in levers.levers if not why[lever.name])
    return replace(levers, levers=kept, not_here={**levers.not_here, **{name: w for name, w in why.items() if w}})


def _why_not(lever: Lever, cared: Cared | None) -> str:
    if lever.use not in WITH_PEOPLE:
        return ""
    return WITHOUT if cared is None else NOT_YET.get(lever.use, "")
