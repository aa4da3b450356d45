"""What written and read FHIR have in common (HL7 FHIR R4, 4.0.1): the addresses of Sandcone's own extensions, and reading an element.

Everything under ``BASE`` is Sandcone's own; ``.example`` is a name that nobody can own (RFC 2606), so nothing is fetched from there.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import uuid
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandcone.core.errors import InputError, ModelError

BASE = "https://sandcone.example/fhir"
UCUM = "http://unitsofmeasure.org"
FHIRPATH = "text/fhirpath"
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
DO = "Give FHIR R4 as JSON; see docs/fhir.md for what is read."
Json = dict[str, Any]


def address(name: str) -> str:
    """The address of one of Sandcone's extensions."""
    return f"{BASE}/StructureDefinition/{name}"


def word(name: str, value: str) -> Json:
    """An extension of ours that says a word."""
    return {"url": address(name), "valueString": said(value, name)}


def yes(name: str) -> Json:
    """An extension of ours that says yes."""
    return {"url": address(name), "valueBoolean": True}


def amount(name: str, of: str, value: float) -> Json:
    """An extension of ours that says how much of something."""
    inner = [{"url": "name", "valueString": said(of, name)}, {"url": "amount", "valueDecimal": value}]
    return {"url": address(name), "extension": inner}


def said(text: str, what: str) -> str:
    """A text for FHIR, which has none that is empty."""
    if not text.strip():
        raise ModelError(f"{what} for FHIR", "a name without a letter", "Give everything a name; FHIR has no empty words.")
    return text


def extended(element: Json, extensions: Iterable[Json]) -> Json:
    """The element with these extensions, if there are any."""
    found = list(extensions)
    return element | {"extension": found} if found else element


def minutes_of(value: float) -> Json:
    """So many minutes, as FHIR says an amount."""
    return {"value": value, "unit": "min", "system": UCUM, "code": "min"}


def patient(name: str) -> Json:
    """Who it is for, by the name that was given and nothing else: as an id where it can be one."""
    if ID.fullmatch(name):
        return {"reference": f"Patient/{name}"}
    return {"identifier": {"system": f"{BASE}/patient", "value": said(name, "a patient")}}


def own_id(*of: str) -> str:
    """An id that is the same whenever it is made from the same words, which do not stand in it (who knows them can make it too)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{BASE}/" + json.dumps(of)))


def urn(*of: str) -> str:
    """The address of a resource inside a bundle, the same whenever it is made from the same words."""
    return f"urn:uuid:{own_id(*of)}"


def resource(kind: str, url: str) -> Json:
    """The head of a resource that has this address inside a bundle."""
    return {"resourceType": kind, "id": url.removeprefix("urn:uuid:")}


def proposed(kind: str, url: str) -> Json:
    """The head of one that is a draft and a proposal: nothing is ordered until a person confirms it."""
    return resource(kind, url) | {"status": "draft", "intent": "proposal"}


def bundle(entries: Iterable[tuple[str, Json]]) -> Json:
    """A bundle of resources, each with its full address."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": url, "resource": r} for url, r in entries]}


def fhir_text(of: Json) -> str:
    """A resource as the text of a file."""
    try:
        return json.dumps(of, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    except ValueError:
        raise ModelError("FHIR", "a number without end", "Give every number a value; leave a limit out where there is none.") from None


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a FHIR resource, and where it stands; what is not of the kind asked for is refused, and never shown."""

    said: Json
    where: str

    def text(self, key: str) -> str:
        """A word; empty where there is none."""
        value = self.said.get(key)
        if value is not None and not isinstance(value, str):
            raise self._wrong(key, value, "a word")
        return value or ""

    def number(self, key: str) -> float | None:
        """A number, None where there is none."""
        value = self.said.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._wrong(key, value, "a number")
        return float(value)

    def one(self, key: str) -> Element:
        """An element inside; one without anything where there is none."""
        value = self.said.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, value, "an element")
        return Element(value, f"{self.where}, {key}")

    def many(self, key: str) -> list[Element]:
        """Elements inside, in order."""
        value = self.said.get(key, [])
        if not isinstance(value, list) or any(not isinstance(v, dict) for v in value):
            raise self._wrong(key, value, "a list of elements")
        return [Element(v, f"{self.where}, {key} {i + 1}") for i, v in enumerate(value)]

    def words(self, key: str) -> list[str]:
        """A list of words."""
        value = self.said.get(key, [])
        if not isinstance(value, list) or any(not isinstance(v, str) for v in value):
            raise self._wrong(key, value, "a list of words")
        return value

    def concept(self, key: str) -> str:
        """What a coded concept says in words: its text, else the words of its first code, else the code."""
        of = self.one(key)
        codes = [c.text("display") or c.text("code") for c in of.many("coding")]
        return of.text("text") or next((c for c in codes if c), "")

    def codes(self, key: str) -> set[str]:
        """The codes of a coded concept."""
        return {c.text("code") for c in self.one(key).many("coding")}

    def ours(self, name: str) -> list[Element]:
        """Our extensions of that name."""
        return [e for e in self.many("extension") if e.text("url") == address(name)]

    def our_words(self, name: str) -> tuple[str, ...]:
        """What our extensions of that name say."""
        return tuple(e.text("valueString") for e in self.ours(name))

    def our_amounts(self, name: str) -> dict[str, float]:
        """How much of what our extensions of that name say."""
        found: dict[str, float] = {}
        for e in self.ours(name):
            inner = {i.text("url"): i for i in e.many("extension")}
            of, much = (inner.get(key, Element({}, e.where)) for key in ("name", "amount"))
            value = much.number("valueDecimal")
            if value is None or not of.text("valueString"):
                raise InputError(e.where, "no name or no amount", DO)
            found[of.text("valueString")] = value
        return found

    def our_yes(self, name: str) -> bool:
        """Whether one of our extensions of that name says yes."""
        return any(e.said.get("valueBoolean") is True for e in self.ours(name))

    def _wrong(self, key: str, value: object, wanted: str) -> InputError:
        is_a = {bool: "a yes or no", int: "a number", float: "a number", str: "a word", list: "a list", dict: "an element"}
        return InputError(f"{self.where}, {key}", f"{is_a.get(type(value), 'nothing')} instead of {wanted}", DO)


def read_fhir(path: Path) -> list[Element]:
    """The resources of a file (JSON, also .gz): those of a bundle, or the one it is. ``InputError`` where it is none."""
    try:
        raw = path.read_bytes()
        found = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as e:
        raise InputError(str(path), f"cannot be read ({type(e).__name__})", DO) from None
    if not isinstance(found, dict) or not isinstance(found.get("resourceType"), str):
        raise InputError(str(path), "this is no FHIR resource", DO)
    whole = Element(found, path.name)
    if found["resourceType"] != "Bundle":
        return [Element(found, f"{path.name}, {_named(found, '')}")]
    inner = [e.one("resource") for e in whole.many("entry") if "resource" in e.said]
    return [Element(r.said, f"{path.name}, {_named(r.said, f', entry {i + 1}')}") for i, r in enumerate(inner)]


def _named(resource: Json, place: str) -> str:
    """What a resource is called in a refusal: a definition by its id, what is about a patient by its place."""
    kind = str(resource.get("resourceType", "a resource"))
    return f"{kind} {str(resource.get('id', ''))[:64]}".strip() if kind.endswith("Definition") else f"{kind}{place}"
