"""How much different packages of care share the same parts (FIELD §6).

A package is a set of steps that some patient got; its components are the steps. Every package counts once, however many patients
got it.
"""

from __future__ import annotations

import numpy as np

from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.core.modularity import dci, tcci
from sandcone.measuring.counting import gathered
from sandcone.measuring.paths import sequences
from sandcone.measuring.prepare import Prepared


def commonality(prepared: Prepared) -> Measures:
    """How far the packages that patients get are made of common steps: ``commonality.dci`` (ratio) and ``commonality.tcci`` (share)."""
    paths = sequences(prepared)
    _owner, step = paths.members_of(paths.example)
    uses = [int(f) for f in np.bincount(step) if f > 0]
    n, method = int(paths.example.size), f"distinct step sets of {paths.n.sum():,} cases"
    yielded: list[Measure | Missing] = [
        Measure(name="commonality.dci", estimate=Estimate(value=dci(uses), n=n, unit="ratio", method=f"Collier's DCI, {method}"))
    ]
    if sum(uses) == 1:
        yielded.append(Missing(name="commonality.tcci", why="there is one package of one step"))
    else:
        estimate = Estimate(value=tcci(uses), n=n, unit="share", method=f"Wacker and Treleven's TCCI, {method}")
        yielded.append(Measure(name="commonality.tcci", estimate=estimate))
    return gathered(yielded)
