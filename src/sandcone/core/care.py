"""Care composed of modules: what is offered, whom it is for, what a person needs and wishes, and the path that comes of it.

A module is a relatively independent part of care with a function and standard interfaces (de Blok et al. 2010); a package is the modules
joined for one person. A library is the solution space: everything that is offered (Salvador, de Holan and Piller 2009).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import ConfigDict

from sandcone.core.condition import Fact, in_words
from sandcone.core.errors import ModelError
from sandcone.core.heeded import limits_heeded, wishes_heeded

Kind = Literal[
    "unknown",
    "contradict",
    "order",
    "too close",
    "too far",
    "duplicate",
    "limit",
    "wish",
    "missing",
    "circular",
    "too much",
    "who",
    "where",
]
"""The kinds of conflict between the modules of one person, or between them and the person."""


By = Literal["rule", "need", "standard", "segment", "prediction", "thin", "person", "conflict"]
"""Who or what decided; "thin" is the standard where data are too thin for anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One step of a module: which of the hospital's steps it is, how often, and for whom if not for all who get the module.

    ``when`` is a condition (see ``core.condition``), None for everybody. ``remote`` says that it can be done from home. ``minutes`` is the
    planned length where it differs from the step's own. Where two modules have the same step, it is done once for both, unless one of them
    wants it for itself (``shared`` false: an operation, a talk). ``may_end``: for some the journey ends behind it by chance, as the
    hospital's own ways have it (they die, or do not come back). ``during`` names another part of the module while which this one goes on
    (intensive care within a stay). ``done_by`` says who did it in the log that it was learnt from, most often first: it is for people to
    read and decides nothing, for who can do a step is in the model.
    """

    name: str
    step: str
    times: int = 1
    when: str | None = None
    remote: bool = False
    shared: bool = True
    minutes: float | None = None
    may_end: bool = False
    during: str | None = None
    done_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.times < 1:
            raise ModelError(f"part {self.name!r}", f"{self.times} times", "Give 1 or more, or take the part out.")
        if self.minutes is not None and not 0 <= self.minutes < math.inf:
            raise ModelError(f"part {self.name!r}", f"{self.minutes} minutes", "Give a number of minutes, 0 or more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """What comes before what, and how much time has to lie between the end of the one and the start of the other (minutes).

    ``at_most`` None is no limit. ``same_day`` and ``same_person`` (of the pool named) bind the two more closely.
    """

    before: str
    after: str
    at_least: float = 0.0
    at_most: float | None = None
    same_day: bool = False
    same_person: str | None = None

    def __post_init__(self) -> None:
        where = f"from {self.before!r} to {self.after!r}"
        if not 0 <= self.at_least < math.inf:
            raise ModelError(where, f"at least {self.at_least:g} minutes", "Give a number of minutes, 0 or more.")
        if self.at_most is not None and not self.at_least <= self.at_most:
            found = f"at least {self.at_least:g} and at most {self.at_most:g} minutes"
            raise ModelError(where, found, "Give a most that is not below the least.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A part of care that is offered as a whole: what needs it meets, for whom, with which steps, and how it fits with the others.

    Its parts are done in the order listed, those that go on during another one beside it, unless ``lags`` says what comes before what.
    ``meets`` is how much of each need it delivers. ``when`` and ``unless`` are conditions on the person; ``takes`` and ``gives`` are its
    interfaces: what must be known or done before (a result, an agreement), and what is known or done after. ``instead_of`` names modules
    with the same function, of which a person gets one. ``against`` are modules that may not be given to the same person, ``apart`` the
    least minutes between this module and another, and ``uses`` what a person may have only so much of (contrast, anaesthetics).
    ``within`` is the most minutes from its first step to the end of its last. ``seen`` counts the cases it was learnt from (None: a person
    wrote it).
    """

    name: str
    title: str = ""
    meets: Mapping[str, float] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    lags: tuple[Lag, ...] = ()
    when: str | None = None
    unless: str | None = None
    takes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    apart: Mapping[str, float] = field(default_factory=dict)
    uses: Mapping[str, float] = field(default_factory=dict)
    within: float | None = None
    standard: bool = False
    source: str = ""
    seen: int | None = None

    def __post_init__(self) -> None:
        where = f"module {self.name!r}"
        if not self.parts:
            raise ModelError(where, "no parts", "Give it at least one step, or take it out.")
        names = [p.name for p in self.parts]
        _once(where, names)
        for lag in self.lags:
            for end in (lag.before, lag.after):
                if end not in names:
                    raise ModelError(where, f"a lag to {end!r}, which is no part of it", f"Its parts: {', '.join(names)}.")
        _beside(where, self)
        if any(not (math.isfinite(x) and x > 0) for x in self.meets.values()):
            raise ModelError(where, "a need met by 0 or less", "Give an amount above 0, or leave the need out.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Everything that is offered: the modules, the needs that they can meet, and the most of anything that one person may have."""

    name: str
    modules: tuple[Module, ...]
    needs: Mapping[str, str] = field(default_factory=dict)  # a need, and what it is in words
    most: Mapping[str, float] = field(default_factory=dict)  # what modules use, and how much of it one person may have

    __pydantic_config__ = ConfigDict(extra="forbid")  # holds for every noun inside it too: a name a file misspells is refused

    def __post_init__(self) -> None:
        names = [m.name for m in self.modules]
        _once(f"library {self.name!r}", names)
        for m in self.modules:
            for what, others in (("after", m.after), ("instead_of", m.instead_of), ("against", m.against), ("apart", m.apart)):
                for other in others:
                    if other not in names:
                        raise ModelError(f"module {m.name!r}, {what}", f"{other!r} is no module", f"Known: {', '.join(sorted(names)[:8])}.")

    @property
    def module(self) -> dict[str, Module]:
        """Modules by name."""
        return {m.name: m for m in self.modules}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One patient as a person: what is known, what they need and how much, what they wish, and what they cannot do.

    ``wishes`` are ``telehealth`` and ``one_visit`` (yes or no), ``clinician`` (a name) and ``days`` (a tuple of weekdays); no others are
    heeded, so others are refused. A wish may be left unmet, and then the path or the timetable says so. ``limits`` may have any name, and
    are then facts, as language, companion or mobility are, which conditions ask for; ``telehealth`` (yes: no module that cannot be done
    from home) and ``clinician`` (a conflict where the one named does no step) are heeded beyond that. ``docs/personal.md`` has them all.
    ``weights`` says what each need weighs (1 where it is not named). ``ModelError`` where one of these cannot be.
    """

    name: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    needs: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    wishes: Mapping[str, Fact | tuple[str, ...]] = field(default_factory=dict)
    limits: Mapping[str, Fact | tuple[str, ...]] = field(default_factory=dict)
    minute: float = 0.0  # when the need arises, since the model begins

    def __post_init__(self) -> None:
        for what, amounts in (("needs", self.needs), ("weights", self.weights)):
            for name, amount in amounts.items():
                if not 0 <= amount < math.inf:
                    raise ModelError(f"a person, {what}", f"{name!r} is {amount}", "Give 0 or more.")
        wishes_heeded(self.wishes)
        limits_heeded(self.limits)

    @property
    def attributes(self) -> dict[str, str]:
        """The facts as words, as a model's patients have them."""
        return {name: in_words(fact) for name, fact in self.facts.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a module is in a path or not: the condition, the alternative preferred, the thin data, the person who said so."""

    module: str
    chosen: bool
    why: str
    by: By = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two things in one path that do not go together, and what was done about it: nothing is dropped silently."""

    kind: Kind
    modules: tuple[str, ...]
    why: str
    done: str = ""  # empty: open, a person has to decide


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """One step in a personal path: the part of the module (or modules, where they share it), and its length with an interval."""

    name: str
    step: str
    modules: tuple[str, ...]
    remote: bool = False
    minutes: float | None = None
    low: float | None = None
    high: float | None = None
    may_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One person's path: the modules, the steps with what must lie between them, why each is there, and how well it fits the needs.

    ``fit``, ``unmet`` and ``excess`` are shares (FIELD section 7): sum w min(n, d) / sum w max(n, d), and what is short and too much. None
    where the person has no recorded needs. ``basis`` says what it rests on: the person's own facts, the segment, or the standard modules.
    """

    person: str
    modules: tuple[str, ...]
    steps: tuple[PathStep, ...]
    lags: tuple[Lag, ...] = ()
    reasons: tuple[Reason, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    fit: float | None = None
    unmet: float | None = None
    excess: float | None = None
    basis: Literal["person", "segment", "standard"] = "person"


def _beside(where: str, m: Module) -> None:
    """Parts that go on during others: these are parts too, nothing goes round, and no lag puts the two one after the other."""
    within = {p.name: p.during for p in m.parts if p.during is not None}
    for name, other in within.items():
        if other not in {p.name for p in m.parts}:
            raise ModelError(where, f"{name!r} during {other!r}, which is no part of it", "Name another part of the module.")
        seen: str | None = other
        for _ in within:
            if seen == name:
                raise ModelError(where, f"{name!r} during itself, or going round", "Let the longer one of two parts stand for itself.")
            seen = within.get(seen) if seen is not None else None
        if any({lag.before, lag.after} == {name, other} for lag in m.lags):
            raise ModelError(where, f"{name!r} during {other!r}, and a lag between them", "Take one of the two out.")


def _once(where: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ModelError(where, f"{name!r} twice", "Give each a name of its own.")
        seen.add(name)
