"""Between Sandcone's files and those of others: FHIR R4, calendars and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path as File

from sandcone.core.care_file import read_library, save_library
from sandcone.core.errors import InputError
from sandcone.core.fhir import fhir_text, read_fhir
from sandcone.core.place import beside, not_over
from sandcone.core.saying import many
from sandcone.flow.kinds import says_it_is
from sandcone.personalising.paths_file import read_paths
from sandcone.reading.fhir_library import read_fhir_library
from sandcone.reading.fhir_people import read_fhir_people
from sandcone.reading.journeys import read_journeys, read_timetable
from sandcone.reading.people_file import save_people
from sandcone.reporting.calendar import ics_text, timetable_csv
from sandcone.reporting.fhir_library import fhir_library
from sandcone.reporting.fhir_path import fhir_paths
from sandcone.reporting.fhir_timetable import fhir_timetable

KNOWN = "Give a library (TOML, or FHIR), FHIR patients, the paths that personalise wrote, or a timetable. See docs/fhir.md."


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """What was written, where, and in words what could not be carried over."""

    what: str
    out: File
    left_out: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = [f"{self.what} in {self.out}"]
        return "\n".join(said + [f"Left out: {words}" for words in self.left_out])


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person said beside the two files."""

    begin: date | None
    problem: File | None
    zone: str | None
    whose: str | None
    complete: bool
    confirmed: bool


Way = Callable[[File, File, Asked], Exchanged]
"""How one kind of file becomes another."""


def exchange(
    source: str | File,
    out: str | File,
    *,
    begin: date | None = None,
    problem: str | File | None = None,
    zone: str | None = None,
    whose: str | None = None,
    complete: bool = False,
    confirmed: bool = False,
) -> Exchanged:
    """Turn one file into another that other systems read, or that Sandcone reads of theirs; what it is, is seen from the file.

    A library (``.toml``) becomes FHIR (``.json``), and FHIR PlanDefinitions a library. FHIR patients (a bundle or a folder) become a table
    of people as they are on the day ``begin`` (``complete``: what is not recorded of them is not so). Paths become care plans, a timetable
    for a ``problem`` becomes FHIR, a calendar (``.ics``) or a table (``.csv``), of one patient or resource if ``whose`` names one; ``zone``
    is the time zone of the hospital, and ``confirmed`` says that a person has confirmed the appointments. Raises ``SandconeError`` with
    what to do.
    """
    given, to = File(source), File(out)
    of = None if problem is None else File(problem)
    asked = Asked(begin=begin, problem=of, zone=zone, whose=whose, complete=complete, confirmed=confirmed)
    kind = _kind(given)
    ways = WAYS[kind]
    if to.suffix not in ways:
        raise InputError(
            str(to), f"a {kind} does not go into {to.suffix or 'a file without an ending'}", f"End it with {' or '.join(ways)}."
        )
    not_over(to, given, asked.problem)
    if confirmed and (kind, to.suffix) not in (("timetable", ".json"), ("timetable", ".ics")):
        do = "It is for a timetable as FHIR (.json) or as a calendar (.ics)."
        raise InputError("confirmed", f"a {kind} as {to.suffix} has no word for it", do)
    return ways[to.suffix](given, to, asked)


def _kind(path: File) -> str:
    """What a file is, by what stands in it."""
    if path.is_dir():
        return "patients"
    if path.suffix == ".toml":
        return "library"
    said = says_it_is(path)
    if said in ("paths", "timetable"):
        return said
    if said is not None:
        raise InputError(str(path), f"a file of {said}", KNOWN)
    kinds = {str(r.said.get("resourceType")) for r in read_fhir(path)}
    if "PlanDefinition" in kinds:
        return "definition"
    if "Patient" in kinds:
        return "patients"
    raise InputError(str(path), f"nothing that is read ({', '.join(sorted(kinds)) or 'an empty bundle'})", KNOWN)


def _write(text: str, to: File) -> None:
    with beside(to) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="")


def _library(given: File, to: File, _: Asked) -> Exchanged:
    library = read_library(given)
    _write(fhir_text(fhir_library(library)), to)
    return Exchanged(what=f"A library of {many(len(library.modules), 'module')} as FHIR is", out=to)


def _definition(given: File, to: File, _: Asked) -> Exchanged:
    found = read_fhir_library(given)
    save_library(found.library, to)
    return Exchanged(what=f"A library of {many(len(found.library.modules), 'module')} is", out=to, left_out=found.left_out)


def _patients(given: File, to: File, asked: Asked) -> Exchanged:
    if asked.begin is None:
        raise InputError("begin", "no day is said", "Say on which day these people are seen: --begin 2026-03-01.")
    found = read_fhir_people(given, asked.begin, complete=asked.complete)
    save_people(found.people, to)
    return Exchanged(what=f"A table of {many(len(found.people), 'person', 'people')} is", out=to, left_out=found.left_out)


def _paths(given: File, to: File, asked: Asked) -> Exchanged:
    paths = [p for p in read_paths(given) if asked.whose in (None, p.person)]
    if not paths:
        if asked.whose is None:
            raise InputError(str(given), "no paths are in it", "Give the paths of at least one person.")
        raise InputError("whose", f"{str(given)!r} has no path of {asked.whose!r}", "Name a person who has one.")
    _write(fhir_text(fhir_paths(paths)), to)
    return Exchanged(what=f"Care plans of {many(len(paths), 'person', 'people')}, each to be confirmed, are", out=to)


def _timetable(form: str) -> Way:
    def write(given: File, to: File, asked: Asked) -> Exchanged:
        if asked.problem is None:
            raise InputError("problem", "none is named", "Say for which problem the timetable is: --problem problem.json.")
        journeys = read_journeys(asked.problem)
        table, zone = read_timetable(given, journeys), _zone(asked, needed=form != ".csv")
        if form == ".json":
            text = fhir_text(fhir_timetable(journeys, table, zone=zone, whose=asked.whose, confirmed=asked.confirmed))
        elif form == ".ics":
            text = ics_text(journeys, table, zone=zone, stamp=datetime.now(UTC), whose=asked.whose, confirmed=asked.confirmed)
        else:
            text = timetable_csv(journeys, table, asked.whose)
        _write(text, to)
        out = sum(asked.whose in (None, who) for who in table.left_out(journeys)) if form == ".ics" else 0
        left = (f"{many(out, 'patient')} without a place; sandcone explain says who, and why",) if out else ()
        return Exchanged(what="The timetable is", out=to, left_out=left)

    return write


def _zone(asked: Asked, *, needed: bool) -> str:
    if asked.zone is None and needed:
        raise InputError("zone", "no time zone is said", "Say in which the hospital's clocks are: --zone Europe/Berlin.")
    return asked.zone or "UTC"


WAYS: Mapping[str, Mapping[str, Way]] = {
    "library": {".json": _library},
    "definition": {".toml": _definition},
    "patients": {".csv": _patients},
    "paths": {".json": _paths},
    "timetable": {form: _timetable(form) for form in (".json", ".ics", ".csv")},
}
"""What becomes of what, by what the source is and how the other file's name ends."""
