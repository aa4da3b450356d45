"""Which cases have which modules of a library: by steps for everybody, of which half will do."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sandcone.core.care import Library, Module
from sandcone.core.columns import numbered
from sandcone.core.errors import EmptyError
from sandcone.core.log import EventLog
from sandcone.personalising.journeys import Bools, Ints, Journeys

BETWEEN = "; "


def having(library: Library, j: Journeys) -> Bools:
    """Cases × modules: a case has a module if it has at least half of the steps that the module has for everybody.

    Of a module that has none for everybody, any step will do. A step that the log lacks is had by nobody.
    """
    pairs = np.unique(j.case * len(j.steps) + j.step)
    return had_by(library, pairs // len(j.steps), pairs % len(j.steps), j.n, j.steps)


def had_by(library: Library, case: Ints, step: Ints, n: int, steps: tuple[str, ...]) -> Bools:
    """The same from each step that a case has, once: the case's number below ``n``, and the step's place in ``steps``."""
    if not library.modules:
        raise EmptyError(library.name, "no modules", "Give a library of at least one.")
    at = {s: i for i, s in enumerate(steps)}

    def one(m: Module) -> Bools:
        wanted, least = _asked(m)
        mine = np.isin(step, [at[s] for s in wanted if s in at])
        return np.bincount(case[mine], minlength=n) >= least

    return np.column_stack([one(m) for m in library.modules])


def _asked(m: Module) -> tuple[set[str], float]:
    """The steps that count, and of how many a case has to have one at least."""
    for_all = {p.step for p in m.parts if p.when is None}
    return (for_all, max(1.0, len(for_all) / 2)) if for_all else ({p.step for p in m.parts}, 1.0)


def packages(library: Library, log: EventLog) -> pa.Table:
    """Every case of a log with its package: ``case``, and ``modules``, their names with "; " between them; by the case's name."""
    t = log.table
    found = t.filter(t.start.notnull() | t.end.notnull()).select("case", "step").distinct().to_pyarrow()
    (case, cases), (step, steps) = (numbered(found[c]) for c in ("case", "step"))
    kinds, of = np.unique(had_by(library, case, step, len(cases), steps), axis=0, return_inverse=True)
    names = [BETWEEN.join(m.name for m, yes in zip(library.modules, row, strict=True) if yes) for row in kinds]
    said = pa.array(names, pa.string()).take(pa.array(np.ravel(of)))
    return pa.table({"case": pa.array(cases, pa.string()), "modules": said})
