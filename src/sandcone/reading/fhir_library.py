"""A library of modules from FHIR R4: PlanDefinitions and ActivityDefinitions, Sandcone's own or those of others.

Holds to HL7 FHIR R4 (4.0.1). What a foreign definition says beyond what a library can say is named, and nobody is given more for it:
a condition that is not understood becomes a question that a person has to answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandcone.core.care import Library, Module
from sandcone.core.errors import ModelError
from sandcone.core.fhir import BASE, DO, Element, read_fhir
from sandcone.reading.fhir_actions import Actions, Reading

UNREAD = ("useContext", "subjectCodeableConcept", "subjectReference", "library", "effectivePeriod", "jurisdiction")
"""What of a definition of others is named as left out; who wrote it and its rights are no part of a library."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLibrary:
    """A library, and in words what the file said that the library does not."""

    library: Library
    left_out: tuple[str, ...] = ()


def read_fhir_library(path: str | Path) -> ReadLibrary:
    """Read a library from FHIR (JSON, also .gz): a bundle, or one PlanDefinition.

    A library that ``fhir_library`` wrote is the same again. Of others a PlanDefinition is a module, its actions are parts; one that only
    names others (an order set) gives the order. ``ModelError`` where there is nothing to give, ``InputError`` where it is not FHIR.
    """
    path = Path(path)
    resources = read_fhir(path)
    activities = [r for r in resources if r.said.get("resourceType") == "ActivityDefinition" and r.text("url")]
    never = frozenset(r.text("url") for r in activities if r.said.get("doNotPerform") is True)
    reading = Reading(steps={r.text("url"): _step(r) for r in activities}, never=never)
    plans = _by_address([r for r in resources if r.said.get("resourceType") == "PlanDefinition"], reading)
    if not plans:
        raise ModelError(str(path), "no PlanDefinition", DO)
    reading.plans = frozenset(plans)
    sets = {url: r for url, r in plans.items() if _only_names(r, plans)}
    modules = [m for url in _in_order(sets, plans) if (m := _module(plans[url], reading)) is not None]
    if not modules:
        raise ModelError(str(path), "no PlanDefinition with anything to do in it", DO)
    whole = next(iter(sets.values()), None)
    return ReadLibrary(library=_library(path, whole, _once(modules, reading)), left_out=tuple(dict.fromkeys(reading.left_out)))


def _by_address(plans: list[Element], reading: Reading) -> dict[str, Element]:
    """Definitions by their address, or by where they stand; of two with one address the first."""
    found: dict[str, Element] = {}
    for i, r in enumerate(plans):
        url = r.text("url") or f"{r.where}, {i}"
        if url in found:
            reading.say(r.where, f"a second definition with the address {url!r} is left out")
        else:
            found[url] = r
    return found


def _step(r: Element) -> str:
    return _own_name(r) or r.text("title") or r.text("name") or r.concept("code") or r.text("id") or "a step"


def _own_name(r: Element) -> str:
    """The name that we gave it when we wrote it."""
    return next((i.text("value") for i in r.many("identifier") if i.text("system").startswith(f"{BASE}/")), "")


def _only_names(r: Element, plans: Mapping[str, Element]) -> bool:
    """Whether all that it does is to name other PlanDefinitions of the file."""
    named = [a.text("definitionCanonical").partition("|")[0] for a in r.many("action")]
    return bool(named) and all(n in plans for n in named)


def _in_order(sets: Mapping[str, Element], plans: Mapping[str, Element]) -> list[str]:
    """The PlanDefinitions that are modules, those that a set names in its order first."""
    named = [a.text("definitionCanonical").partition("|")[0] for r in sets.values() for a in r.many("action")]
    return [url for url in dict.fromkeys((*named, *plans)) if url not in sets]


def _library(path: Path, whole: Element | None, modules: list[Module]) -> Library:
    if whole is None:
        return Library(name=path.name.split(".")[0], modules=tuple(modules))
    needs = {}
    for goal in whole.many("goal"):
        words = goal.concept("description")
        needs[next(iter(goal.our_words("need")), words)] = "" if goal.our_yes("without-words") else words
    name = _own_name(whole) or whole.text("title") or whole.text("name") or path.name.split(".")[0]
    return Library(name=name, modules=tuple(modules), needs=needs, most=whole.our_amounts("most"))


def _module(r: Element, reading: Reading) -> Module | None:
    """One PlanDefinition as a module; None, with a word, where there is nothing to do in it."""
    own, name = _own_name(r), _own_name(r) or r.text("title") or r.text("name") or r.text("id") or "a module"
    actions = Actions(reading, name)
    reading.asks = frozenset(r.our_words("asks"))
    if (why := _not_for_use(r)) is None:
        actions.walk(r)
    if not actions.parts:
        reading.say(name, f"{why or 'nothing to do in it'}: the module is left out")
        return None
    for key in UNREAD:
        if key in r.said:
            reading.say(name, f"{key} is not read")
    as_listed = r.our_yes("as-listed") and actions.chained()
    whole = actions.whole
    return Module(
        name=name,
        title=r.text("title") if own else r.text("description") or r.text("subtitle"),
        meets=_meets(r, name, reading),
        parts=tuple(actions.parts),
        lags=() if as_listed else tuple(actions.lags()),
        when=actions.when,
        unless=actions.unless,
        takes=_data(whole, "input"),
        gives=_data(whole, "output"),
        after=r.our_words("after"),
        instead_of=r.our_words("instead-of"),
        against=r.our_words("against"),
        apart=r.our_amounts("apart"),
        uses=r.our_amounts("uses"),
        within=next((reading.minutes(e.one("valueDuration"), name) for e in r.ours("within")), None),
        standard=r.our_yes("standard"),
        source=_source(r),
        seen=next((int(e.number("valueInteger") or 0) for e in r.ours("seen")), None),
    )


def _not_for_use(r: Element) -> str | None:
    """Why a definition may not be used at all: it is withdrawn, or says something that changes its meaning and is not known here."""
    if r.text("status") == "retired":
        return "retired"
    return "an extension that changes what it means" if _modified(r.said) else None


def _modified(of: object) -> bool:
    inner = of.values() if isinstance(of, dict) else of if isinstance(of, list) else ()
    return (isinstance(of, dict) and bool(of.get("modifierExtension"))) or any(_modified(x) for x in inner)


def _source(r: Element) -> str:
    """Where it comes from: what is cited first, else its address if it is not ours."""
    cited = [a.text("citation") or a.text("display") or a.text("url") for a in r.many("relatedArtifact")]
    return next((c for c in cited if c), "" if r.text("url").startswith(BASE) else r.text("url"))


def _meets(r: Element, name: str, reading: Reading) -> dict[str, float]:
    """What it is for: our amounts; a goal of others is met by 1, which is said."""
    found: dict[str, float] = {}
    for goal in r.many("goal"):
        target = next(iter(goal.many("target")), Element({}, goal.where))
        what = (target.concept("measure") if _own_name(r) else "") or goal.concept("description")
        much = target.one("detailQuantity").number("value") if _own_name(r) else None
        if what and much is None:
            reading.say(name, f"how much of the goal {what!r} it meets is not said; 1 is taken")
        if what:
            found[what] = 1.0 if much is None else much
    return found


def _data(whole: Element, key: str) -> tuple[str, ...]:
    """What is taken or given: the words of the first code, else the kind of data."""
    found = []
    for d in whole.many(key):
        codes = [c.text("display") or c.text("code") for f in d.many("codeFilter") for c in f.many("code")]
        found.append(next((c for c in codes if c), d.text("type")))
    return tuple(f for f in found if f)


def _once(modules: list[Module], reading: Reading) -> list[Module]:
    """Two modules of one name would be one: the later ones are left out, with a word."""
    found: dict[str, Module] = {}
    for m in modules:
        if m.name in found:
            reading.say(m.name, "a second module of this name is left out")
        else:
            found[m.name] = m
    return list(found.values())
