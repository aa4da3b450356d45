"""A personal path as a FHIR R4 care plan that is proposed: nothing in it is ordered until a person confirms it.

HL7 FHIR R4 (4.0.1), CarePlan, RequestGroup, ServiceRequest, Task.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sandcone.core.care import Conflict, Path, PathStep
from sandcone.core.fhir import Json, bundle, extended, minutes_of, patient, proposed, urn, word
from sandcone.reporting.fhir_library import lag_offset

HOME = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "PTRES", "display": "Patient's Residence"}]}


def fhir_paths(paths: Iterable[Path]) -> Json:
    """Paths as one bundle: for each person a CarePlan, a ServiceRequest a step, what comes before what, and a Task for each open conflict.

    All are drafts and proposals, and say who they are for by the name that was given, and nothing else. Reasons are notes of the plan.
    """
    return bundle(entry for path in paths for entry in _path(path))


def _path(path: Path) -> Iterator[tuple[str, Json]]:
    plan, steps = urn("plan", path.person), {s.name: urn("step", path.person, s.name) for s in path.steps}
    group = urn("order", path.person)
    tasks = {urn("decide", path.person, str(i)): c for i, c in enumerate(c for c in path.conflicts if not c.done)}
    yield plan, _plan(path, plan, [*steps.values(), *tasks])
    yield from ((steps[s.name], _step(path.person, s, steps[s.name], plan)) for s in path.steps)
    if path.steps:
        yield group, _group(path, group, plan, steps)
    yield from ((url, _decide(path.person, c, url, plan)) for url, c in tasks.items())


def _to(url: str) -> Json:
    return {"reference": url}


def _plan(path: Path, url: str, activities: list[str]) -> Json:
    notes = [f"{r.module}: {'given' if r.chosen else 'not given'}, {r.why} ({r.by})" for r in path.reasons]
    notes += [f"{c.kind}, {', '.join(c.modules)}: {c.why}. {c.done}" for c in path.conflicts if c.done]
    made = proposed("CarePlan", url) | {"title": "Personal path", "description": _words(path), "subject": patient(path.person)}
    made |= {"activity": [{"reference": _to(a)} for a in activities]} if activities else {}
    made |= {"note": [{"text": n} for n in notes]} if notes else {}
    return extended(made, (word("module", m) for m in path.modules))


def _words(path: Path) -> str:
    rests = {"person": "the person's own facts", "segment": "what is usual for patients like this one", "standard": "the standard"}
    fit = "" if path.fit is None else f" Fit to what the person needs: {path.fit:.0%}."
    return f"{', '.join(path.modules) or 'No module'}. Rests on {rests[path.basis]}.{fit} A person has to confirm it."


def _step(person: str, s: PathStep, url: str, plan: str) -> Json:
    made = proposed("ServiceRequest", url) | {"code": {"text": s.step}, "subject": patient(person), "basedOn": [_to(plan)]}
    made |= {"locationCode": [HOME]} if s.remote else {}
    return made | {"note": [{"text": f"For {', '.join(s.modules)}"}]}


def _group(path: Path, url: str, plan: str, steps: dict[str, str]) -> Json:
    """What comes before what, and how long each step takes."""
    ids = {s.name: f"step-{i + 1}" for i, s in enumerate(path.steps)}
    made = proposed("RequestGroup", url) | {"subject": patient(path.person), "basedOn": [_to(plan)]}
    return made | {"action": [_action(path, s, ids, steps) for s in path.steps]}


def _action(path: Path, s: PathStep, ids: dict[str, str], steps: dict[str, str]) -> Json:
    before = [(ids[k.before], k) for k in path.lags if k.after == s.name]
    related = [{"actionId": i, "relationship": "after-end", **lag_offset(k)} for i, k in before]
    made: Json = {"id": ids[s.name], "title": s.name} | ({"relatedAction": related} if related else {})
    if s.low is not None and s.high is not None:
        made |= {"timingRange": {"low": minutes_of(s.low), "high": minutes_of(s.high)}}
    elif s.minutes is not None:
        made |= {"timingDuration": minutes_of(s.minutes)}
    return made | {"resource": _to(steps[s.name])}


def _decide(person: str, c: Conflict, url: str, plan: str) -> Json:
    """What is open, for a person to decide."""
    said = {"description": f"To decide, {c.kind} ({', '.join(c.modules)}): {c.why}"}
    return proposed("Task", url) | said | {"focus": _to(plan), "for": patient(person)}
