"""A library of modules as FHIR R4: a PlanDefinition for each module, an ActivityDefinition for each step, and one for the whole.

Holds to HL7 FHIR R4 (4.0.1), PlanDefinition and ActivityDefinition. What FHIR has no word for is said in extensions (docs/fhir.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from sandcone.core.care import Lag, Library, Module, Part
from sandcone.core.condition_text import condition
from sandcone.core.fhir import BASE, FHIRPATH, Json, address, amount, bundle, extended, minutes_of, said, word, yes
from sandcone.core.listed import as_listed

TYPES = "http://terminology.hl7.org/CodeSystem/plan-definition-type"


def fhir_library(library: Library) -> Json:
    """The library as a bundle that other systems can read, and that gives the same library again when it is read back.

    Status is draft throughout: a person has to take it on. ``ModelError`` where a name is empty, which FHIR does not have.
    """
    steps = _addresses("ActivityDefinition", library.name, dict.fromkeys(p.step for m in library.modules for p in m.parts))
    modules = _addresses("PlanDefinition", library.name, [m.name for m in library.modules])
    entries = [(_address("PlanDefinition", _slug(library.name)), _whole(library, modules))]
    entries += [(modules[m.name], _module(m, modules[m.name], steps)) for m in library.modules]
    entries += [(url, _step(step, url)) for step, url in steps.items()]
    return bundle(entries)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", said(name, "a library").lower()).strip("-")[:24] or "x"


def _address(kind: str, tail: str) -> str:
    return f"{BASE}/{kind}/{tail}"


def _addresses(kind: str, library: str, names: Iterable[str]) -> dict[str, str]:
    """An address of its own for each name, in the same way each time."""
    return {n: _address(kind, f"{_slug(library)}-{i + 1}-{_slug(n)}") for i, n in enumerate(names)}


def _head(kind: str, name: str, url: str, what: str) -> Json:
    plain = "".join(w.capitalize() for w in re.findall(r"[A-Za-z0-9]+", name))
    known = {"identifier": [{"system": f"{BASE}/{what}", "value": said(name, what)}], "name": f"{what.capitalize()}{plain}"[:255]}
    return {"resourceType": kind, "id": url.rsplit("/", 1)[1], "url": url, **known, "status": "draft"}


def _whole(library: Library, modules: Mapping[str, str]) -> Json:
    head = _head("PlanDefinition", library.name, _address("PlanDefinition", _slug(library.name)), "library")
    goals = [_need(name, words) for name, words in library.needs.items()]
    actions = [{"title": name, "definitionCanonical": url} for name, url in modules.items()]
    whole = head | {"type": _type("order-set")} | ({"goal": goals} if goals else {}) | ({"action": actions} if actions else {})
    return extended(whole, (amount("most", name, most) for name, most in library.most.items()))


def _type(code: str) -> Json:
    return {"coding": [{"system": TYPES, "code": code}]}


def _need(name: str, words: str) -> Json:
    goal = {"description": {"text": words if words.strip() else name}}
    return extended(goal, [word("need", name), *([] if words.strip() else [yes("without-words")])])


def _step(step: str, url: str) -> Json:
    head = _head("ActivityDefinition", step, url, "step")
    return head | {"title": step, "kind": "ServiceRequest", "code": {"text": step}, "intent": "proposal"}


def _module(m: Module, url: str, steps: Mapping[str, str]) -> Json:
    made = _head("PlanDefinition", m.name, url, "module") | {"type": _type("clinical-protocol")}
    made |= {"title": m.title} if m.title else {}
    made |= {"relatedArtifact": [{"type": "derived-from", "citation": m.source}]} if m.source else {}
    made |= {"goal": [_met(i, need, much) for i, (need, much) in enumerate(m.meets.items())]} if m.meets else {}
    return extended(made | {"action": [_action(m, steps)]}, _extensions(m))


def _met(i: int, need: str, much: float) -> Json:
    target = {"measure": {"text": said(need, "a need")}, "detailQuantity": {"value": much}}
    return {"id": f"goal-{i + 1}", "description": {"text": need}, "target": [target]}


def _extensions(m: Module) -> Iterator[Json]:
    """What a module says that FHIR has no word for."""
    for what, names in (("after", m.after), ("instead-of", m.instead_of), ("against", m.against)):
        yield from (word(what, name) for name in names)
    for what, amounts in (("apart", m.apart), ("uses", m.uses)):
        yield from (amount(what, name, much) for name, much in amounts.items())
    if m.within is not None:
        yield {"url": address("within"), "valueDuration": minutes_of(m.within)}
    if m.seen is not None:
        yield {"url": address("seen"), "valueInteger": m.seen}
    if m.standard:
        yield yes("standard")
    if not m.lags and len(m.parts) > 1:
        yield yes("as-listed")
    texts = [t for t in (m.when, m.unless, *(p.when for p in m.parts)) if t]
    yield from (word("asks", name) for name in dict.fromkeys(n for t in texts for n in condition(t).names))


def _action(m: Module, steps: Mapping[str, str]) -> Json:
    """All of a module: for whom, what it takes and gives, and its parts in order."""
    conditions = [_condition(m.when)] if m.when else []
    conditions += [_condition(f"({m.unless}).not()") | {"extension": [yes("unless")]}] if m.unless else []
    ids = {p.name: f"part-{i + 1}" for i, p in enumerate(m.parts)}
    made: Json = {"id": "all", "title": m.name} | ({"condition": conditions} if conditions else {})
    made |= {"goalId": [f"goal-{i + 1}" for i in range(len(m.meets))]} if m.meets else {}
    made |= {"input": [_data(t) for t in m.takes]} if m.takes else {}
    made |= {"output": [_data(g) for g in m.gives]} if m.gives else {}
    behaviour = {"groupingBehavior": "logical-group", "selectionBehavior": "all"}
    return made | behaviour | {"action": [_part(p, ids, _lags_to(m, p), steps) for p in m.parts]}


def _condition(text: str) -> Json:
    return {"kind": "applicability", "expression": {"language": FHIRPATH, "expression": text}}


def _data(name: str) -> Json:
    return {"type": "Basic", "codeFilter": [{"path": "code", "code": [{"display": said(name, "what is taken or given")}]}]}


def _lags_to(m: Module, part: Part) -> list[tuple[Lag, int | None]]:
    """The lags that end at a part, each with its place in the list where it would not be found again by itself."""
    lags = m.lags or as_listed(m.parts)
    order = [p.name for p in m.parts]
    plain = sorted(lags, key=lambda k: order.index(k.after)) == list(lags)
    return [(k, None if plain else i) for i, k in enumerate(lags) if k.after == part.name]


def _part(p: Part, ids: Mapping[str, str], lags: list[tuple[Lag, int | None]], steps: Mapping[str, str]) -> Json:
    made: Json = {"id": ids[p.name], "title": said(p.name, "a part")} | ({"condition": [_condition(p.when)]} if p.when else {})
    related = [_related(k, ids[k.before], place) for k, place in lags]
    related += [] if p.during is None else [{"actionId": ids[p.during], "relationship": "concurrent"}]
    made |= {"relatedAction": related} if related else {}
    timing = ({"count": p.times} if p.times != 1 else {}) | (
        {"duration": p.minutes, "durationUnit": "min"} if p.minutes is not None else {}
    )
    made |= {"timingTiming": {"repeat": timing}} if timing else {}
    flags = (("remote", p.remote), ("for-itself", not p.shared), ("may-end", p.may_end))
    said_too = [*(yes(name) for name, so in flags if so), *(word("done-by", who) for who in p.done_by)]
    return extended(made | {"definitionCanonical": steps[p.step]}, said_too)


def _related(lag: Lag, before: str, place: int | None) -> Json:
    extensions = [yes("same-day")] * lag.same_day + ([word("same-person", lag.same_person)] if lag.same_person is not None else [])
    extensions += [] if place is None else [{"url": address("place"), "valueInteger": place}]
    return extended({"actionId": before, "relationship": "after-end", **lag_offset(lag)}, extensions)


def lag_offset(lag: Lag) -> Json:
    """How long after the end of the one the other begins, as FHIR says it; nothing where it only comes after."""
    if lag.at_most is not None and lag.at_most == lag.at_least:
        return {"offsetDuration": minutes_of(lag.at_least)}
    if lag.at_most is None:
        return {"offsetRange": {"low": minutes_of(lag.at_least)}} if lag.at_least else {}
    return {"offsetRange": {"low": minutes_of(lag.at_least), "high": minutes_of(lag.at_most)}}
