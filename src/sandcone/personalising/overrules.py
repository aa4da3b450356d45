"""What people decided otherwise than the rules, from a file: one table ``[[overrule]]`` a decision, with the reason."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from sandcone.core.errors import ModelError
from sandcone.personalising.asking import Overrule

SEE = 'Write [[overrule]] with patient = "…", module = "…", chosen = true or false, why = "…".'
KEYS = {"patient": str, "module": str, "chosen": bool, "why": str}


def read_overrules(path: str | Path, patients: Collection[str], modules: Collection[str]) -> dict[str, tuple[Overrule, ...]]:
    """Read overrules, by patient. ``ModelError`` names the table by its number, never the patient."""
    path = Path(path)
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise ModelError(str(path), f"cannot be read ({e})", SEE) from None
    tables = said.get("overrule")
    if set(said) != {"overrule"} or not isinstance(tables, list):
        raise ModelError(str(path), "no list of overrules", SEE)
    found: dict[str, tuple[Overrule, ...]] = {}
    for i, of in enumerate(tables, 1):
        patient, one = _one(f"{path}, overrule {i}", of, patients, modules)
        if any(o.module == one.module for o in found.get(patient, ())):
            raise ModelError(f"{path}, overrule {i}", f"module {one.module!r} a second time for one patient", "Keep one of the two.")
        found[patient] = (*found.get(patient, ()), one)
    return found


def _one(where: str, of: Any, patients: Collection[str], modules: Collection[str]) -> tuple[str, Overrule]:
    if not isinstance(of, dict) or set(of) != set(KEYS) or not all(isinstance(of[k], t) for k, t in KEYS.items()):
        raise ModelError(where, "it does not say patient, module, chosen and why", SEE)
    if of["patient"] not in patients:
        raise ModelError(where, "nobody of that name is among the people", "Name a patient of the table.")
    if of["module"] not in modules:
        raise ModelError(where, f"{of['module']!r} is no module", f"Known: {', '.join(sorted(modules)[:8])}.")
    if not of["why"].strip():
        raise ModelError(where, "no reason", "Say why; it is kept with the path.")
    return of["patient"], Overrule(module=of["module"], chosen=of["chosen"], why=of["why"])
