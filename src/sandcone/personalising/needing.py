"""Which needs a library covers: those that the site file says of a log's patients, and those that the library itself names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sandcone.core.care import Library
from sandcone.core.condition import Fact
from sandcone.core.log import EventLog
from sandcone.personalising.journeys import NO, YES, Bools, Journeys


def needs_met(library: Library, log: EventLog, j: Journeys) -> tuple[dict[str, int], dict[str, int]]:
    """Needs that the site file says, with the cases that have them: those for which some module has the step, and those for which none has.

    Whom two lines of the site file give the same need counts once.
    """
    who = dict[str, Bools]()
    for need in log.site.needs:
        here = np.array([_among(x, need.values) for x in j.facts.get(need.attribute, (None,) * j.n)], dtype=np.bool_)
        who[need.step] = who.get(need.step, np.zeros_like(here)) | here
    n = {step: int(cases.sum()) for step, cases in sorted(who.items(), key=lambda x: (-int(x[1].sum()), x[0]))}
    steps = {p.step for m in library.modules for p in m.parts}
    return {k: c for k, c in n.items() if k in steps}, {k: c for k, c in n.items() if k not in steps}


def promised(library: Library) -> tuple[str, ...]:
    """Needs that the library itself names, and that none of its modules meets."""
    met = {k for m in library.modules for k in m.meets}
    return tuple(k for k in library.needs if k not in met)


def _among(fact: Fact | None, values: Sequence[str]) -> bool:
    """Whether a fact is one of these words of a site file, which has yes, no and numbers as words too."""
    if isinstance(fact, bool):
        return any(v.lower() in (YES if fact else NO) for v in values)
    if isinstance(fact, float):
        return any(_number(v) == fact for v in values)
    return fact is not None and fact in values


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
