"""Care modules from a log: which steps belong together, for whom, in which order and how far apart.

Steps between which patients move more than by chance make a group (see ``community``). A group's most frequent step, with those that at
least four in five of its patients have too, is a module; a rarer step is a part of it for some, where a rule says for whom; those left are
taken apart in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sandcone.core.care import Library, Module, Part
from sandcone.core.chance import Luck
from sandcone.core.errors import EmptyError
from sandcone.core.log import EventLog
from sandcone.personalising.alongside import during, together
from sandcone.personalising.community import communities
from sandcone.personalising.doers import Doers, doers
from sandcone.personalising.journeys import Bools, Floats, Ints, Journeys, Reached, journeys
from sandcone.personalising.ordering import firmly, lags, rounded, usual_order, without_detours
from sandcone.personalising.rules import Found, rule

LEAST = 5  # cases; a step that fewer have is in no module
CORE = 0.8  # share of a group's patients, from which a step is a part for all of them
HALF = (
    0.5  # part of a module's steps for all, from which a case has it; share of cases, from which it is standard where no rule says for whom
)
ALMOST = 0.95  # share of a module's patients before whom the other one was done, from which it takes it
MOST_CELLS = 20_000_000  # cases × steps looked at; of a larger log, some cases


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """A module in the making: the steps for all, and those for some with the rule that says for whom."""

    core: tuple[int, ...]
    some: tuple[tuple[int, Found], ...] = ()

    @property
    def steps(self) -> tuple[int, ...]:
        return (*self.core, *(s for s, _ in self.some))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Known:
    """What a log says of all steps: the journeys, which go on at the same time, and who did them."""

    j: Journeys
    seed: int
    at_once: Bools
    who: Doers


def library_of(log: EventLog, *, seed: int) -> Library:
    """Learn the modules of care that a log shows, as a library that a clinician can correct and name.

    Each module says its steps in the usual order, which go on during others, who did them, for whom it is where a rule on one or two facts
    says so for patients it was not learnt from, the times between its steps (5 to 95 % of those seen, minutes), what is done before it,
    and in how many cases it was ``seen``.
    ``seed`` is for the orders in which groups are looked for and the halves that judge rules. Raises ``EmptyError`` where no step is had by
    at least 5 cases.
    """
    j = kept(log, seed)
    groups = [g for of in _members(communities(j.moves, seed=seed)) for g in _groups(j, of, seed)]
    had = np.column_stack([has(j.reached.had, [g.core]) for g in groups])
    reached = over(j.reached, had, [g.steps for g in groups])
    order = usual_order(reached.place)
    before = firmly(reached, order)
    known = _Known(j=j, seed=seed, at_once=together(j), who=doers(log))
    learnt = [_module(known, g, had[:, i]) for i, g in enumerate(groups)]
    joined = _interfaces(learnt, had, before)
    return Library(name=log.source, modules=tuple(_meeting(log, joined[i]) for i in order), needs=_needs(log))


def kept(log: EventLog, seed: int) -> Journeys:
    """The journeys of a log in the steps that enough cases have; of a very large log, of some of its cases."""
    return _often(log.source, some_cases(_often(log.source, journeys(log)), seed))


def _often(source: str, j: Journeys) -> Journeys:
    """The same in the steps that enough cases have."""
    cases = np.bincount(np.unique(j.case * len(j.steps) + j.step) % len(j.steps), minlength=len(j.steps))
    if not (cases >= LEAST).any():
        raise EmptyError(source, f"no step that {LEAST} cases have", "Give a log of more cases.")
    return j.only(cases >= LEAST)


def some_cases(j: Journeys, seed: int) -> Journeys:
    """At most so many cases that their number times that of the steps can be looked at; which ones is drawn."""
    most = MOST_CELLS // len(j.steps)
    if j.n <= most:
        return j
    drawn = np.zeros(j.n, dtype=np.bool_)
    drawn[Luck(seed).stream("cases").permutation(j.n)[:most]] = True
    return j.only_cases(drawn)


def has(had: Bools, cores: Sequence[Sequence[int]]) -> Bools:
    """Whether each case has at least half of the steps of one of these lists."""
    return np.asarray(np.any([had[:, list(core)].mean(axis=1) >= HALF for core in cores], axis=0))


def _members(group: Ints) -> list[Ints]:
    return [np.flatnonzero(group == g) for g in range(int(group.max()) + 1)]


def _groups(j: Journeys, steps: Ints, seed: int) -> Iterator[_Group]:
    """One group of steps as a module, and what only some of its patients have, for no known reason, as further ones in the same way."""
    had, left = j.reached.had, [int(s) for s in steps]
    while left:
        first = had[:, anchor(j, left)]
        core = [s for s in left if had[first, s].mean() >= CORE]
        patients = has(had, [core])
        rare = [s for s in left if s not in core]
        ruled = [(s, rule(j.facts, had[:, s], seed=seed, among=patients)) for s in rare if _inside(had[:, s], patients)]
        some = tuple((s, found) for s, found in ruled if found is not None)
        yield _Group(core=tuple(core), some=some)
        left = [s for s in rare if s not in {s for s, _ in some}]


def _inside(step: Bools, patients: Bools) -> bool:
    """Whether a step is done for patients of the module and hardly for others."""
    return bool((step & patients).sum() >= 0.9 * step.sum())


def over(reached: Reached, had: Bools, lists: Sequence[Sequence[int]]) -> Reached:
    """The same for modules in the place of steps: when each case that has one first and last does something of it."""

    def first(at: Floats, nothing: float) -> Floats:
        return np.column_stack([np.where(had[:, i], at[:, list(of)].min(axis=1), nothing) for i, of in enumerate(lists)])

    return Reached(
        times=had.astype(np.int64),
        place=first(reached.place, np.inf),
        last_place=-first(-reached.last_place, np.inf),
        start=first(reached.start, np.inf),
        end=-first(-reached.end, np.inf),
    )


def anchor(j: Journeys, steps: Sequence[int] | Ints) -> int:
    """The step that stands for a group: the one that most cases have; of several, the one that takes longest, then the first."""
    lasts = np.bincount(j.step, weights=j.end - j.start, minlength=len(j.steps))
    first = {s: float(np.mean(j.reached.place[j.reached.had[:, s], s])) for s in steps}
    return int(max(steps, key=lambda s: (int(j.reached.had[:, s].sum()), float(lasts[s]), -first[s])))


def _module(known: _Known, g: _Group, had: Bools) -> Module:
    j = known.j
    columns = [g.steps[k] for k in usual_order(j.reached.only(g.steps).place[had])]
    when, within = dict(g.some), during(j, columns, known.at_once)
    parts = [_part(known, s, had, when.get(s), within.get(s)) for s in columns]
    share = float(had.mean())
    whom = rule(j.facts, had, seed=known.seed)
    said = [f"{j.steps[s]}: {found}" for s, found in g.some]
    return Module(
        name=j.steps[anchor(j, g.core)],
        title=", ".join(_in_title(p) for p in parts) if len(parts) > 1 else "",
        parts=tuple(parts),
        lags=lags(parts, columns, j.reached) if len(parts) > 1 else (),
        when=None if whom is None else whom.text,
        standard=whom is None and share >= HALF,
        source="; ".join([f"learnt from a log: {share:.0%} of {j.n:,} cases", *([f"its rule {whom}"] if whom else []), *said]),
        seen=int(had.sum()),
    )


def _in_title(p: Part) -> str:
    return p.step if p.during is None else f"{p.step} (during {p.during})"


def _part(known: _Known, step: int, had: Bools, when: Found | None, within: int | None) -> Part:
    j = known.j
    times = j.reached.times[had, step]
    lasts = (j.end - j.start)[j.step == step] if j.timed else np.array([])
    return Part(
        name=j.steps[step],
        step=j.steps[step],
        times=max(1, int(np.median(times[times > 0]))),
        when=None if when is None else when.text,
        minutes=rounded(float(np.median(lasts))) if len(lasts) and np.median(lasts) > 0 else None,
        during=None if within is None else j.steps[within],
        done_by=tuple(known.who.shares(j.steps[step])),
    )


def _interfaces(modules: Sequence[Module], had: Bools, before: Bools) -> list[Module]:
    """What each module takes (done before it in nearly all who have it), gives, and comes after where both are there."""
    with_both = had.T.astype(float) @ had
    share = with_both / np.maximum(with_both.diagonal()[None, :], 1)  # [a, b]: of those with b, who have a
    takes = before & (share >= ALMOST)
    told = without_detours(takes, np.ones(len(modules), dtype=np.bool_))
    after = before & ~takes
    for b in range(len(modules)):  # c comes after a in any case, where c takes b and b comes after a
        after &= ~np.outer(before[:, b], takes[b])
    out = []
    for i, m in enumerate(modules):
        gives = (f"{m.name} done",) if told[i].any() else ()
        taken = tuple(f"{other.name} done" for other, yes in zip(modules, told[:, i], strict=True) if yes)
        later = tuple(other.name for other, yes in zip(modules, after[:, i], strict=True) if yes)
        out.append(replace(m, takes=taken, gives=gives, after=later))
    return out


def _needs(log: EventLog) -> dict[str, str]:
    """The needs that the site file says, named by the step that meets them."""
    said = dict[str, list[str]]()
    for n in log.site.needs:
        said.setdefault(n.step, []).append(f"{n.attribute} is {' or '.join(n.values)}")
    return {step: ", or ".join(whom) for step, whom in said.items()}


def _meeting(log: EventLog, m: Module) -> Module:
    steps = {p.step for p in m.parts}
    return replace(m, meets={n.step: 1.0 for n in log.site.needs if n.step in steps})
