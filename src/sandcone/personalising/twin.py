"""Personal paths as a model: every patient comes with their own way through the hospital, and nothing after it has to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sandcone.core.arrivals import Listed, Patient
from sandcone.core.care import Path, Person
from sandcone.core.errors import ModelError
from sandcone.core.model import Model
from sandcone.core.route import Route
from sandcone.personalising.ways import Ways


def personal_model(
    model: Model, people: Sequence[Person], paths: Sequence[Path], kept: Sequence[int] = (), beside: Sequence[Path] = ()
) -> Model:
    """The hospital of ``model`` with these people in it, each on their own path; people and paths in the same order.

    Steps of a path are done one after the other, those of one module together where that can be, no sooner than the least lags allow.
    Paths with the same rest share it. A step may also be a node of the model's route: then the model's own ways from there to their end
    are one part of the path.
    ``kept`` are the streams of the model (by number) that come as before, such as emergencies. ``beside`` are other paths of the same
    people: what both have is then met with the same luck, in this model and in the one made of the others with these beside them.
    ``ModelError`` where a path has a step that the hospital does not know.
    """
    ways = Ways(model, kept=bool(kept))
    others: Sequence[Path | None] = beside or [None] * len(paths)
    everybody = sorted(zip(people, paths, others, strict=True), key=lambda each: each[0].minute)
    patients = tuple(_patient(ways, *each) for each in everybody if each[1].steps)
    if not patients:
        raise ModelError("people", "nobody has a single step to do", "Look at the reasons in the paths: why does no module apply?")
    listed = Listed(patients=patients, name="personal paths")
    streams = tuple(replace(model.arrivals[i], first=model.arrivals[i].first or model.route.first) for i in kept)
    notes = (*model.notes, f"{len(patients)} patients on paths of their own, {ways.distinct} of them different.")
    route = Route(first=ways.any_first, nodes=ways.nodes)
    return replace(model, name=f"{model.name}, personal", arrivals=(listed, *streams), route=route, notes=notes)


def _patient(ways: Ways, person: Person, path: Path, other: Path | None) -> Patient:
    who = person.attributes
    first = ways.first(path, who, other)
    return Patient(name=person.name, minute=person.minute, attributes=_attributes(who, path), first=first)


def _attributes(who: Mapping[str, str], path: Path) -> Mapping[str, str]:
    return {**who, "package": " + ".join(path.modules)}
