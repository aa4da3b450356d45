"""What a file says that cannot be, put in plain words, with the place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sandcone.core.errors import ModelError


def refused(path: Path, e: ValidationError, see: str) -> ModelError:
    """The first thing that is wrong, in plain words: a misspelt name before what is missing for want of it; ``see`` is where to read on."""
    errors = sorted(e.errors(include_url=False), key=lambda x: x["type"] not in ("unexpected_keyword_argument", "extra_forbidden"))
    first: Any = errors[0]
    place = [str(p) for p in first["loc"]]
    context = first.get("ctx", {})
    inner = context.get("error")
    if isinstance(inner, ModelError):
        return ModelError(_where(path, place, inner.where), inner.found, inner.do)
    match first["type"]:
        case "unexpected_keyword_argument" | "extra_forbidden":
            return ModelError(
                _where(path, place[:-1]), f"{place[-1]!r} is not something it can say", f"Mend the name or take it out. {see}"
            )
        case "missing" | "missing_argument" | "missing_keyword_only_argument":
            return ModelError(_where(path, place[:-1]), f"{place[-1]!r} is missing", f"Give it. {see}")
        case "union_tag_invalid":
            return ModelError(_where(path, place), f"there is no kind {context['tag']!r}", f"Use one of {context['expected_tags']}.")
        case "union_tag_not_found":
            return ModelError(_where(path, place), "'kind' is missing", f"Say which kind it is. {see}")
    found = str(inner if inner is not None else first["msg"]).rstrip(".")
    return ModelError(_where(path, place), found[:1].lower() + found[1:], see)


def _where(path: Path, place: list[str], inside: str = "") -> str:
    """The file and the way to the place in it, with the place's own words for itself where they say more."""
    if not place or inside.startswith(place[0]):  # "route, choice 'x'" says more than "route"
        return f"{path}, {inside or '.'.join(place)}" if inside or place else str(path)
    return ", ".join([str(path), ".".join(place)])
