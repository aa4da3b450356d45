"""How well what a person gets fits what they need: too little, too much, and the two together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sandcone.core.care import Module, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The fit of one package to one person: 1 is exactly what is needed; None where no needs are recorded.

    ``fit`` is sum w min(n, d) / sum w max(n, d), ``unmet`` the share of needs not met, ``excess`` the share of what is delivered that was
    not needed; n is needed, d delivered, w the weight of the need.
    """

    fit: float | None
    unmet: float | None
    excess: float | None


def delivered(modules: Iterable[Module]) -> Counter[str]:
    """How much of each need the modules meet together."""
    found: Counter[str] = Counter()
    for module in modules:
        found.update(module.meets)
    return found


def fit(person: Person, given: Mapping[str, float]) -> Fit:
    """The fit of what is given (by need) to what this person needs. Needs and amounts are in the same units, those of the library."""
    names = set(person.needs) | set(given)
    rows = [(person.weights.get(k, 1.0), person.needs.get(k, 0.0), given.get(k, 0.0)) for k in sorted(names)]
    needed, got = math.fsum(w * n for w, n, _ in rows), math.fsum(w * d for w, _, d in rows)
    if not person.needs or needed == 0:
        return Fit(fit=None, unmet=None, excess=None)
    return Fit(
        fit=math.fsum(w * min(n, d) for w, n, d in rows) / math.fsum(w * max(n, d) for w, n, d in rows),
        unmet=math.fsum(w * max(n - d, 0) for w, n, d in rows) / needed,
        excess=math.fsum(w * max(d - n, 0) for w, n, d in rows) / got if got else 0.0,
    )
