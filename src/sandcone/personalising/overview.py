"""A library held against what patients got: from a log, or from personal paths."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sandcone.core.care import Library, Module, Path, Person
from sandcone.core.condition_text import condition
from sandcone.core.estimate import Estimate
from sandcone.core.log import EventLog
from sandcone.core.modularity import dci, newman, tcci
from sandcone.core.overview import ModuleSeen, Overview, StepSeen
from sandcone.personalising.alongside import during, together
from sandcone.personalising.doers import Doers, doers
from sandcone.personalising.having import having
from sandcone.personalising.journeys import Bools, Ints, Journeys, journeys
from sandcone.personalising.lasting import lasting
from sandcone.personalising.modules_of_log import over, some_cases
from sandcone.personalising.needing import needs_met, promised

USUAL = 0.2  # share from which a step, a module or a doer is named
NAMED = 3
Z = 1.96


def overview(library: Library, log: EventLog, *, seed: int) -> Overview:
    """What each module of a library served in this log, how often and how alike; what nobody used; what no module covers.

    A case has a module if it has at least half of the steps that the module has for everybody. ``seed`` draws the cases looked at in a very
    large log, and the halves by which durations are told apart. Raises ``EmptyError`` for a log without times.
    """
    whole = journeys(log)
    j = some_cases(whole, seed)
    at = {s: i for i, s in enumerate(j.steps)}
    columns = [tuple(dict.fromkeys(at[p.step] for p in m.parts if p.step in at)) for m in library.modules]
    had = having(library, j)
    owner = _owners(columns, len(j.steps))
    held = _Held(library=library, j=j, owner=owner, within=during(j, range(len(j.steps)), together(j)), who=doers(log), seed=seed)
    seen = tuple(_seen(held, m, had[:, i], columns[i]) for i, m in enumerate(library.modules))
    met, unmet = needs_met(library, log, j)
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
        met=met,
        unmet=unmet,
        promised=promised(library),
        unrecorded=tuple(m.name for m, steps in zip(library.modules, columns, strict=True) if not steps),
        notes=_notes(log, j, held.who, whole.n),
    )


def overview_of_paths(library: Library, people: Sequence[Person], paths: Sequence[Path]) -> Overview:
    """The same from personal paths: how often each module is in one, how many packages they make, and which needs no module meets."""
    sets = [frozenset(p.modules) for p in paths]
    packages, shared, relative = _shared(set(sets))
    orders = {
        m.name: Counter(tuple(s.name for s in p.steps if m.name in s.modules) for p in paths if m.name in p.modules)
        for m in library.modules
    }
    needs = Counter(k for p in people for k, amount in p.needs.items() if amount > 0).most_common()
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
        met={k: n for k, n in needs if k in met},
        unmet={k: n for k, n in needs if k not in met},
        promised=promised(library),
    )


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
        standard=m.standard,
        variants=len(orders),
        effective=_effective(np.array(list(orders.values()), dtype=float)) if orders else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Held:
    """A library held against a log: the module of each step, which steps go on during which, and who did them."""

    library: Library
    j: Journeys
    owner: Ints
    within: Mapping[int, int]
    who: Doers
    seed: int


def _seen(held: _Held, m: Module, had: Bools, steps: tuple[int, ...]) -> ModuleSeen:
    j = held.j
    if not had.any():
        return _counted(held.library, m, 0, j.n, Counter())
    mine = np.isin(j.step, steps) & had[j.case]
    orders = Counter(tuple(j.steps[s] for s in x) for x in np.split(j.step[mine], np.flatnonzero(np.diff(j.case[mine])) + 1))
    span = over(j.reached, had[:, None], [steps])
    hours, by, hours_by = lasting(j, ((span.end - span.start) / 60)[:, 0], had, seed=held.seed)
    moves = j.moves[list(steps)]
    out = float(moves.sum())
    coming = j.moves[:, list(steps)].sum(axis=1)
    return replace(
        _counted(held.library, m, int(had.sum()), j.n, orders),
        inside=float(moves[:, list(steps)].sum()) / out if out and len(steps) > 1 else None,
        begins=_most(Counter(j.steps[s] for s in j.step[mine][np.diff(j.case[mine], prepend=-1) > 0])),
        ends=_most(Counter(j.steps[s] for s in j.step[mine][np.diff(j.case[mine], append=j.n) > 0])),
        before=_most(_from(coming, held.owner, steps, held.library)),
        who=_who(held.who, [j.steps[s] for s in steps]),
        steps=_steps(held, had, steps),
        hours=hours,
        by=by,
        hours_by=hours_by,
    )


def _steps(held: _Held, had: Bools, steps: tuple[int, ...]) -> tuple[StepSeen, ...]:
    """Each step of a module: how many of those with the module had it, while which other one, and who did it."""
    return tuple(_step(held, s, int((had & held.j.reached.had[:, s]).sum()), held.within.get(s)) for s in steps)


def _step(held: _Held, s: int, cases: int, within: int | None) -> StepSeen:
    name = held.j.steps[s]
    shares = held.who.shares(name)
    return StepSeen(
        name=name,
        cases=cases,
        during="" if within is None else held.j.steps[within],
        done_by=shares,
        more=len(held.who.times.get(name, ())) - len(shares),
    )


def _from(coming: np.ndarray, owner: Ints, steps: tuple[int, ...], library: Library) -> Counter[str]:
    """From which other modules patients come to the steps of one, and how often."""
    found = Counter[str]()
    for s in np.flatnonzero(coming):
        if s not in steps and owner[s] < len(library.modules):
            found[library.modules[owner[s]].name] += int(coming[s])
    return found


def _who(who: Doers, steps: Sequence[str]) -> tuple[str, ...]:
    """The pools that do most of a module; a resource in no pool stands for itself."""
    found = Counter[str]()
    for s in steps:
        found.update(who.times.get(s, {}))
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


def _notes(log: EventLog, j: Journeys, who: Doers, cases: int) -> tuple[str, ...]:
    """What the log cannot say, in a sentence each."""
    said = [
        (j.n < cases, f"The log is very large: {j.n:,} of its {cases:,} cases, drawn by chance, were looked at."),
        (not j.moves.any(), "No patient moves from one step to a different one, so nothing shows which steps belong together."),
        (not who.of, "Who can do a module is not known: the log names nobody."),
        (not j.facts, "For whom a module is cannot be learnt: the log says nothing of its patients."),
        (not j.timed, "How long steps take, and which go on at the same time, is not known: the log has one time for each."),
        (not log.site.needs, "Needs are not known: the site file names none, so modules are not held against them."),
    ]
    unsaid = sorted({n.attribute for n in log.site.needs} - set(log.attributes))
    said += tuple((True, f"Who has a need by {name!r} is not known: the log does not say it.") for name in unsaid)
    return tuple(words for true, words in said if true)
