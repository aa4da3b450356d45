"""Whether a bundle is FHIR, as the package fhir.resources has it; for tests that write FHIR.

It knows R4B (4.3.0). Of what Sandcone writes, R4B differs from R4 in one place only: it lets a PlanDefinition or ActivityDefinition say its
subject by address (``subjectCanonical``), which Sandcone never does. So what holds here holds in R4.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from sandcone.core.fhir import Json, fhir_text

R4_ONLY = {"CarePlan", "RequestGroup", "ServiceRequest", "Task", "Appointment", "PlanDefinition", "ActivityDefinition"}
"""Kinds of resources that R4 has; R4B has others beside them."""


def resources(bundle: Json) -> list[Json]:
    """What is in a bundle."""
    return [e["resource"] for e in bundle["entry"]]


def of_kind(bundle: Json, kind: str) -> list[Json]:
    """What is in a bundle of one kind."""
    return [r for r in resources(bundle) if r["resourceType"] == kind]


def holds(bundle: Json) -> None:
    """Fail unless it is a valid bundle of R4 resources in which each address and id stands once and references lead somewhere."""
    whole = pytest.importorskip("fhir.resources.R4B.bundle", reason="fhir.resources is not installed")
    text = fhir_text(bundle)
    whole.Bundle.model_validate_json(text)
    found = resources(json.loads(text))
    assert {r["resourceType"] for r in found} <= R4_ONLY
    assert "subjectCanonical" not in text
    urls = [e["fullUrl"] for e in bundle["entry"]]
    assert len(set(urls)) == len(urls)
    assert len({(r["resourceType"], r["id"]) for r in found}) == len(found)
    led_to = set(re.findall(r'"(?:reference|definitionCanonical)": "((?:urn|https)[^"]+)"', text))
    assert led_to <= set(urls)
    for r in found:
        inside(r)


def inside(resource: Json) -> None:
    """Fail unless the actions of a resource refer to actions and goals that it has, each id standing once."""
    actions = list(walk(resource.get("action", [])))
    ids = [a["id"] for a in actions if "id" in a]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", i) for i in [*ids, resource["id"]])
    assert {r["actionId"] for a in actions for r in a.get("relatedAction", [])} <= set(ids)
    assert {g for a in actions for g in a.get("goalId", [])} <= {g["id"] for g in resource.get("goal", []) if "id" in g}


def walk(actions: list[Json]) -> Any:
    """Every action and those inside it."""
    for a in actions:
        yield a
        yield from walk(a.get("action", []))
