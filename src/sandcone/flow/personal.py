"""Personal paths from files or values: people, a library of modules and a hospital in, a hospital with everybody on their own path out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as File

from sandcone.core.care import Library, Path, Person
from sandcone.core.care_file import read_library
from sandcone.core.errors import ModelError
from sandcone.core.journeys import Journeys
from sandcone.core.log import EventLog
from sandcone.core.model import Model
from sandcone.core.model_file import as_text, read_model
from sandcone.core.personal import Guard, Summary
from sandcone.core.place import put_all
from sandcone.personalising.asking import Overrule
from sandcone.personalising.guard import guard
from sandcone.personalising.overrules import read_overrules
from sandcone.personalising.paths import Composer
from sandcone.personalising.paths_file import paths_text
from sandcone.personalising.summary import summary
from sandcone.personalising.twin import personal_model
from sandcone.personalising.usual import compose, usual_of_log
from sandcone.reading.journeys import journeys_text
from sandcone.reading.people import read_people
from sandcone.reporting.personal_page import personal_page

Told = Callable[[str], None]
Said = Mapping[str, tuple[Overrule, ...]]
WATCHED = ("sex", "tier", "age", "years")
"""Facts whose groups are compared where people have them and nobody names others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """A hospital with everybody on their own path, the paths, what they come to, and whether some group is worse off.

    ``hospital`` is the hospital as it was before, ``model`` the one with everybody in it.
    """

    hospital: Model
    model: Model
    people: tuple[Person, ...]
    paths: tuple[Path, ...]
    library: Library
    summary: Summary
    guard: Guard

    def __str__(self) -> str:
        return "\n".join(filter(None, (str(self.summary), str(self.guard))))


def personalise(
    model: Model | str | File,
    people: Sequence[Person] | str | File,
    *,
    library: Library | str | File,
    overrules: Said | str | File | None = None,
    keep: Sequence[str] = (),
    like: Sequence[str] = (),
    groups: Sequence[str] | None = None,
    log: EventLog | None = None,
    told: Told | None = None,
) -> Personal:
    """Give every patient a path of their own, composed from the modules of a library, and the hospital with all of them on it.

    ``overrules`` is what people decided otherwise, by patient. ``keep`` names streams of the model that come as before. Patients are alike
    who agree in the facts named by ``like``: what is usual among them, or among those alike in a ``log``, stands in where something is not
    known. ``groups`` are the facts by which fit is compared (None: sex, tier, age, years, as far as they are there). Raises
    ``SandconeError`` with what to do.
    """
    say: Told = told or (lambda _words: None)
    hospital = model if isinstance(model, Model) else read_model(model)
    offered = library if isinstance(library, Library) else read_library(library)
    known_steps(hospital, offered)
    kept = [_stream(hospital, name) for name in keep]
    them = tuple(read_people(people, hospital.begin) if isinstance(people, str | File) else people)
    facts = {name for p in them for name in p.facts}
    _known_facts((*like, *(groups or ())), facts)
    seen = None if log is None else usual_of_log(log, offered, like)
    say(f"composing paths for {len(them):,} people")
    paths = tuple(compose(composer(hospital, offered), them, like, _said(overrules, them, offered), seen))
    say("putting them into the hospital")
    return Personal(
        hospital=hospital,
        model=personal_model(hospital, them, paths, kept),
        people=them,
        paths=paths,
        library=offered,
        summary=summary(offered, them, paths),
        guard=guard(them, paths, [g for g in (WATCHED if groups is None else groups) if g in facts]),
    )


def composer(model: Model, library: Library) -> Composer:
    """Who composes paths for a hospital: steps take as long as its laws have it on average, and its people do what they can do."""
    minutes = {name: step.minutes.otherwise.mean for name, step in model.steps.items()}
    doers = {name: frozenset(_who(model, name)) for name, step in model.steps.items() if step.needs}
    return Composer(library=library, minutes=lambda name: minutes.get(name, 0.0), doers=doers)


def _who(model: Model, step: str) -> list[str]:
    return [m for need in model.steps[step].needs for pool in need.pools for m in model.pools[pool].members]


def known_steps(model: Model, library: Library) -> None:
    """Refuse a library with a step that the hospital does not have."""
    for module in library.modules:
        for part in module.parts:
            if part.step not in model.steps and part.step not in model.route.nodes:
                near = ", ".join(sorted(model.steps)[:8])
                found = f"{part.step!r} is no step of {model.name!r}"
                raise ModelError(f"library {library.name!r}, module {module.name!r}", found, f"Name one it has: {near}, …")


def save_personal(
    personal: Personal,
    model: str | File,
    paths: str | File | None = None,
    page: str | File | None = None,
    made: str = "",
    booked: tuple[str | File, Journeys] | None = None,
) -> None:
    """Write the model, and the paths (JSON), the page (HTML) and what is to be booked (JSON) where they are asked for: all, or none.

    ``InputError`` where one cannot be written, or two are to have one name.
    """
    texts = [(model, as_text(personal.model))]
    texts += [] if paths is None else [(paths, paths_text(personal.paths))]
    texts += [] if page is None else [(page, page_of(personal, made))]
    texts += [] if booked is None else [(booked[0], journeys_text(booked[1]))]
    put_all(texts)


def page_of(personal: Personal, made: str = "") -> str:
    """The page of personal paths, which names no patient."""
    return personal_page(personal.model.name, personal.library, personal.paths, personal.summary, personal.guard, made)


def _said(overrules: Said | str | File | None, people: Sequence[Person], library: Library) -> dict[str, tuple[Overrule, ...]]:
    if isinstance(overrules, str | File):
        return read_overrules(overrules, {p.name for p in people}, set(library.module))
    return dict(overrules or {})


def _stream(model: Model, name: str) -> int:
    names = [stream.name for stream in model.arrivals]
    if name not in names:
        raise ModelError(f"model {model.name!r}", f"no stream of patients is called {name!r}", f"There are {', '.join(names)}.")
    return names.index(name)


def _known_facts(asked: Sequence[str], facts: set[str]) -> None:
    for name in asked:
        if name not in facts:
            found = f"nobody has a fact {name!r}"
            raise ModelError("people", found, f"Name a column of the table: {', '.join(sorted(facts)[:8]) or 'there is none'}.")
