"""People from FHIR R4: each Patient with age, sex, conditions and allergies as facts. Names, addresses and numbers are not read.

HL7 FHIR R4 (4.0.1), Patient, Condition, AllergyIntolerance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sandcone.core.care import Person
from sandcone.core.condition import Fact
from sandcone.core.errors import InputError
from sandcone.core.fhir import Element, read_fhir
from sandcone.core.saying import many

SEX = {"male": "male", "female": "female", "other": "other"}
MISTAKE, REFUTED, UNSURE = "entered-in-error", "refuted", {"unconfirmed", "provisional", "differential"}
OVER = {"inactive", "remission", "resolved"}
OF_WHOM = {"Condition": "subject", "AllergyIntolerance": "patient"}
SEE = "See docs/fhir.md for what is read of a patient."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPeople:
    """People, and in words who or what was left out."""

    people: tuple[Person, ...]
    left_out: tuple[str, ...] = ()


def read_fhir_people(source: str | Path, begin: date, *, complete: bool = False) -> ReadPeople:
    """Read people from a bundle (JSON, also .gz), or from every one in a folder, as they are on the day ``begin``.

    Each is named by the id of their Patient. Facts are ``age`` (whole years), ``sex``, and each condition or allergy that is there on that
    day, under its words (``false`` where it was refuted). What is not recorded or not sure is not known. With ``complete`` the records are
    trusted to be whole: a condition that anybody has is ``false`` for those of whom it is not recorded. Who has died by then is left out
    and said. ``InputError`` where a patient or a date cannot be.
    """
    path, left_out = Path(source), list[str]()
    resources = [r for file in _files(path) for r in read_fhir(file)]
    recorded = _recorded(resources, begin)
    left_out += _lost(resources)
    found: dict[str, Person] = {}
    for r in (r for r in resources if r.said.get("resourceType") == "Patient"):
        name = r.text("id")
        if not name or name in found:
            raise InputError(r.where, "its id is there before" if name else "no id", f"Give each patient one id of their own. {SEE}")
        if _dead(r, begin):
            left_out.append(f"{name}: had died by {begin.isoformat()}")
        else:
            sure = {k: v for k, v in recorded.get(name, {}).items() if v is not None}
            found[name] = Person(name=name, facts={**dict(_facts(r, begin, left_out)), **sure})
    if not found:
        raise InputError(str(path), "no patient who is alive", f"Give bundles with Patient resources. {SEE}")
    return ReadPeople(people=tuple(_whole(found.values(), recorded) if complete else found.values()), left_out=tuple(left_out))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(p for p in path.iterdir() if p.name.endswith((".json", ".json.gz")))
    if not found:
        raise InputError(str(path), "no file of JSON", f"Give a folder of bundles (.json or .json.gz). {SEE}")
    return found


def _whole(people: Iterable[Person], recorded: Mapping[str, Mapping[str, bool | None]]) -> Iterator[Person]:
    """Each person with every condition that anybody has, as so or not so; what is not sure of them stays not known."""
    everybody = tuple(people)
    kinds = dict.fromkeys(k for p in everybody for k, v in p.facts.items() if v is True)
    for p in everybody:
        lacks = {k: False for k in kinds if k not in p.facts and k not in recorded.get(p.name, {})}
        yield replace(p, facts={**p.facts, **lacks})


def _facts(r: Element, begin: date, left_out: list[str]) -> Iterator[tuple[str, Fact]]:
    born, name = r.text("birthDate"), r.text("id")
    if len(born) == len("2026-03-01"):
        day = _day(r, "birthDate")
        assert day is not None
        if day > begin:
            raise InputError(f"{r.where}, birthDate", f"born after {begin.isoformat()}", "Give the day on which these people are seen.")
        yield "age", float(begin.year - day.year - ((begin.month, begin.day) < (day.month, day.day)))
    else:
        left_out.append(f"{name}: the age is not known ({'no full date of birth' if born else 'no date of birth'})")
    if (sex := r.text("gender")) in SEX:
        yield "sex", SEX[sex]


def _day(r: Element, key: str) -> date | None:
    """The day of a date or a time; of a month or a year its first. None where there is none."""
    text = r.text(key)
    if not text:
        return None
    try:
        return date.fromisoformat((text[:10] + "-01-01")[: len("2026-03-01")])
    except ValueError:
        raise InputError(f"{r.where}, {key}", "what stands there is no date", f"Write it as 2026-03-01. {SEE}") from None


def _dead(r: Element, begin: date) -> bool:
    if r.said.get("deceasedBoolean") is True:
        return True
    day = _day(r, "deceasedDateTime")
    return day is not None and day <= begin


def _recorded(resources: Sequence[Element], begin: date) -> dict[str, dict[str, bool | None]]:
    """What each patient has on the day: conditions under their words, allergies as they are called there; None where it is not sure."""
    found, spelt = dict[str, dict[str, bool | None]](), dict[str, str]()
    for r in _records(resources):
        words = _words(r)
        if words and _there(r, begin):
            words = spelt.setdefault(words.lower(), words)
            of, sure = found.setdefault(_whose(r), {}), _sure(r)
            of[words] = sure if words not in of or sure else of[words]
    return found


def _lost(resources: Sequence[Element]) -> Iterator[str]:
    """What is recorded, and cannot be a fact of anybody."""
    here = {r.text("id") for r in resources if r.said.get("resourceType") == "Patient"}
    nobody, nothing = (sum(map(of, _records(resources))) for of in (lambda r: _whose(r) not in here, lambda r: not _words(r)))
    if nobody:
        yield f"{many(nobody, 'condition or allergy', 'conditions and allergies')} of patients who are not here"
    if nothing:
        yield f"{many(nothing, 'condition or allergy', 'conditions and allergies')} without words"


def _records(resources: Sequence[Element]) -> list[Element]:
    return [r for r in resources if str(r.said.get("resourceType")) in OF_WHOM]


def _words(r: Element) -> str:
    return r.concept("code").replace("`", "'").strip()


def _whose(r: Element) -> str:
    """The id of the patient of whom it is recorded."""
    return _tail(r.one(OF_WHOM[str(r.said.get("resourceType"))]).text("reference"))


def _sure(r: Element) -> bool | None:
    """Whether it is so, is known not to be so, or is not sure."""
    status = r.codes("verificationStatus")
    return False if REFUTED in status else None if status & UNSURE else True


def _there(r: Element, begin: date) -> bool:
    """Whether it is recorded of the patient on that day."""
    if MISTAKE in r.codes("verificationStatus"):
        return False
    since, over = _day(r, "onsetDateTime") or _day(r, "recordedDate"), _day(r, "abatementDateTime")
    if since is not None and since > begin:
        return False
    return over > begin if over is not None else not r.codes("clinicalStatus") & OVER


def _tail(reference: str) -> str:
    """The id in a reference, whether it is written Patient/x, as a whole address, with its version or as urn:uuid:x."""
    return reference.partition("/_history/")[0].replace(":", "/").rpartition("/")[2]
