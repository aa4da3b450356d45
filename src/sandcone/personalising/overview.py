"""A library held against what patients got: from a log, or from personal paths."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from sandcone.core.care import Library, Module, Path, Person
from sandcone.core.condition_text import condition
from sandcone.core.estimate import Estimate
from sandcone.core.log import EventLog
from sandcone.core.modularity import dci, newman, tcci
from sandcone.core.overview import ModuleSeen, Overview
from sandcone.personalising.journeys import Bools, Ints, Journeys, journeys
from sandcone.personalising.lasting import lasting
from sandcone.personalising.modules_of_log import has, over, some_cases

USUAL = 0.2  # share from which a step, a module or a doer is named
NAMED = 3
Z = 1.96


def overview(library: Library, log: EventLog, *, seed: int) -> Overview:
    """What each module of a library served in this log, how often and how alike; what nobody used; what no module covers.

    A case has a module if it has at least half of the steps that the module has for everybody. ``seed`` draws the cases looked at in a very
    large log, and the halves by which durations are told apart. Raises ``EmptyError`` for a log without times.
    """
    j = some_cases(journeys(log), seed)
    at = {s: i for i, s in enumerate(j.steps)}
    columns = [[at[p.step] for p in m.parts if p.step in at] for m in library.modules]
    had = np.column_stack([_had(j, m, at) for m in library.modules])
    owner = _owners(columns, len(j.steps))
    used = {m.name: tuple(columns[i]) for i, m in enumerate(library.modules)}
    seen = tuple(_seen(j, log, m, had[:, i], used[m.name], owner, library, seed) for i, m in enumerate(library.modules))
    packages, shared, relative = _shared(frozenset(np.flatnonzero(row).tolist()) for row in np.unique(had, axis=0))
    total = float(j.moves.sum())
    same = j.moves[owner[:, None] == owner[None, :]].sum()
    loose = [s for s in range(len(j.steps)) if owner[s] >= len(library.modules)]
    return Overview(
        library=library.name,
        cases=j.n,
        without=int((~had.any(axis=1)).sum()),
        modules=seen,
        packages=packages,
        dci=shared,
        tcci=relative,
        q=newman(j.moves, owner) if total else None,
        inside=float(same / total) if total else None,
        outside=dict(Counter({j.steps[s]: int(j.reached.had[:, s].sum()) for s in loose}).most_common()),
        unmet=_unmet(library, log, j),
        notes=_notes(log, j),
    )


def overview_of_paths(library: Library, people: Sequence[Person], paths: Sequence[Path]) -> Overview:
    """The same from personal paths: how often each module is in one, how many packages they make, and which needs no module meets."""
    sets = [frozenset(p.modules) for p in paths]
    packages, shared, relative = _shared(set(sets))
    orders = {
        m.name: Counter(tuple(s.name for s in p.steps if m.name in s.modules) for p in paths if m.name in p.modules)
        for m in library.modules
    }
    met = {k for m in library.modules for k in m.meets}
    seen = tuple(_counted(library, m, sum(m.name in s for s in sets), len(sets), orders[m.name]) for m in library.modules)
    return Overview(
        library=library.name,
        cases=len(paths),
        without=sum(not s for s in sets),
        modules=seen,
        packages=packages,
        dci=shared,
        tcci=relative,
        unmet=dict(Counter(k for p in people for k, amount in p.needs.items() if amount > 0 and k not in met).most_common()),
    )


def _had(j: Journeys, m: Module, at: Mapping[str, int]) -> Bools:
    """Who has a module: half of its steps for all; where it has none for all, any of its steps. A step the log lacks is had by nobody."""
    steps = {p.step for p in m.parts if p.when is None} or {p.step for p in m.parts}
    here = [at[s] for s in steps if s in at]
    if not here:
        return np.zeros(j.n, dtype=np.bool_)
    if all(p.when is not None for p in m.parts):
        return np.asarray(j.reached.had[:, here].any(axis=1))
    return np.asarray(j.reached.had[:, here].sum(axis=1) >= len(steps) / 2) if len(here) < len(steps) else has(j.reached.had, [here])


def _owners(columns: Sequence[Sequence[int]], steps: int) -> Ints:
    """The module of each step: the first that has it; a step that none has is one of its own."""
    owner = np.arange(steps) + len(columns)
    for i in reversed(range(len(columns))):
        owner[list(columns[i])] = i
    return owner


def _shared(packages: Iterable[frozenset[object]]) -> tuple[int, float | None, float | None]:
    """How many packages, DCI and TCCI; every package counts once, an empty one not at all."""
    real = [p for p in packages if p]
    uses = list(Counter(x for p in real for x in p).values())
    return len(real), dci(uses) if uses else None, tcci(uses) if sum(uses) > 1 else None


def _counted(library: Library, m: Module, cases: int, of: int, orders: Counter[tuple[str, ...]]) -> ModuleSeen:
    """A module by how often it was had and in which orders of its steps."""
    return ModuleSeen(
        name=m.name,
        cases=cases,
        share=wilson(cases, of),
        title=m.title,
        serves=", ".join(library.needs.get(k, k) for k in m.meets),
        when="" if m.when is None else str(condition(m.when)),
        variants=len(orders),
        effective=_effective(np.array(list(orders.values()), dtype=float)) if orders else None,
    )


def _seen(
    j: Journeys, log: EventLog, m: Module, had: Bools, steps: tuple[int, ...], owner: Ints, library: Library, seed: int
) -> ModuleSeen:
    if not had.any():
        return _counted(library, m, 0, j.n, Counter())
    mine = np.isin(j.step, steps) & had[j.case]
    orders = Counter(tuple(j.steps[s] for s in x) for x in np.split(j.step[mine], np.flatnonzero(np.diff(j.case[mine])) + 1))
    span = over(j.reached, had[:, None], [steps])
    hours, by, hours_by = lasting(j, ((span.end - span.start) / 60)[:, 0], had, seed=seed)
    moves = j.moves[list(steps)]
    out = float(moves.sum())
    coming = j.moves[:, list(steps)].sum(axis=1)
    return replace(
        _counted(library, m, int(had.sum()), j.n, orders),
        inside=float(moves[:, list(steps)].sum()) / out if out and len(steps) > 1 else None,
        begins=_most(Counter(j.steps[s] for s in j.step[mine][np.diff(j.case[mine], prepend=-1) > 0])),
        ends=_most(Counter(j.steps[s] for s in j.step[mine][np.diff(j.case[mine], append=j.n) > 0])),
        before=_most(_from(coming, owner, steps, library)),
        who=_who(j, log, mine),
        hours=hours,
        by=by,
        hours_by=hours_by,
    )


def _from(coming: np.ndarray, owner: Ints, steps: tuple[int, ...], library: Library) -> Counter[str]:
    """From which other modules patients come to the steps of one, and how often."""
    found = Counter[str]()
    for s in np.flatnonzero(coming):
        if s not in steps and owner[s] < len(library.modules):
            found[library.modules[owner[s]].name] += int(coming[s])
    return found


def _who(j: Journeys, log: EventLog, mine: Bools) -> tuple[str, ...]:
    """The pools that do most of it; a resource in no pool stands for itself."""
    of, n = np.unique(j.resource[mine & (j.resource >= 0)], return_counts=True)
    found = Counter[str]()
    for r, k in zip(of, n, strict=True):
        found[log.site.pool_of(j.resources[r])] += int(k)
    return _most(found)


def _most(found: Counter[str]) -> tuple[str, ...]:
    total = sum(found.values())
    return tuple(name for name, n in found.most_common(NAMED) if n >= USUAL * total)


def _effective(sizes: np.ndarray) -> float:
    """How many equally common orders these are worth: exp of the entropy, corrected for few cases (Miller 1955)."""
    p = sizes / sizes.sum()
    return math.exp(float(-(p * np.log(p)).sum()) + (len(sizes) - 1) / (2 * float(sizes.sum())))


def wilson(k: int, n: int) -> Estimate:
    """A share with its interval (Wilson 1927)."""
    if n == 0:
        return Estimate(value=math.nan, n=0, unit="share")
    p, z = k / n, Z * Z / n
    middle, half = (p + z / 2) / (1 + z), Z * math.sqrt(p * (1 - p) / n + z / (4 * n)) / (1 + z)
    return Estimate(
        value=p, low=max(0.0, min(p, middle - half)), high=min(1.0, max(p, middle + half)), n=n, unit="share", method="Wilson interval"
    )


def _unmet(library: Library, log: EventLog, j: Journeys) -> dict[str, int]:
    """Needs that the site file says and that no module has the step for, with the cases that have them."""
    steps = {p.step for m in library.modules for p in m.parts}
    found = Counter[str]()
    for need in log.site.needs:
        if need.step not in steps:
            found[need.step] += sum(_as_text(x) in need.values for x in j.facts.get(need.attribute, ()) if x is not None)
    return dict(found.most_common())


def _as_text(fact: object) -> str:
    return ("true" if fact else "false") if isinstance(fact, bool) else f"{fact:.10g}" if isinstance(fact, float) else str(fact)


def _notes(log: EventLog, j: Journeys) -> tuple[str, ...]:
    """What the log cannot say, in a sentence each."""
    said = [
        (not j.moves.any(), "No patient moves from one step to a different one, so nothing shows which steps belong together."),
        (not j.resources, "Who can do a module is not known: the log names nobody."),
        (not j.facts, "For whom a module is cannot be learnt: the log says nothing of its patients."),
        (not j.timed, "How long steps take is not known: the log has one time for each."),
        (not log.site.needs, "Needs are not known: the site file names none, so modules are not held against them."),
    ]
    return tuple(words for true, words in said if true)
