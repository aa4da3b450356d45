"""Which modules are for this person at all: what the rule says, what it says where something is not known, and who said otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sandcone.core.care import By, Conflict, Library, Module, Part, Person
from sandcone.core.condition import Fact
from sandcone.core.condition_text import condition

THIN = 30  # patients like this one, below which what was usual for them is not relied on
Standing = Literal["must", "may", "not"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What patients like this one got: the share who had each module, out of ``n``; of modules that are ``untold`` nobody knows."""

    shares: Mapping[str, float] = field(default_factory=dict)
    n: int = 0
    untold: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrule:
    """A person decided otherwise about one module, and why; it is kept."""

    module: str
    chosen: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of asking about one module: it must be there, it may be (if a need calls for it), or not; and why."""

    standing: Standing
    why: str
    by: By = "rule"
    conflict: Conflict | None = None


def facts_of(person: Person) -> dict[str, Fact]:
    """What conditions may ask for: the facts, and the limits that are one word, number, or yes or no."""
    return {**person.facts, **{k: v for k, v in person.limits.items() if not isinstance(v, tuple)}}


def known(what: str, facts: Mapping[str, Fact]) -> bool:
    """Whether what a module takes (a result, an agreement) is known or done already; what is recorded as "no" is not."""
    return facts.get(what, False) is not False


def parts_for(module: Module, facts: Mapping[str, Fact]) -> list[Part]:
    """The parts of a module that this person gets; a part whose condition is not known is among them."""
    return [p for p in module.parts if p.when is None or condition(p.when).holds(facts) is not False]


def ask(library: Library, person: Person, usual: Usual, overrules: Iterable[Overrule]) -> dict[str, Asked]:
    """For each module of the library, in its order: whether it is for this person, and why."""
    facts, said = facts_of(person), {o.module: o for o in overrules}
    return {m.name: _one(m, person, facts, usual, said.get(m.name)) for m in library.modules}


def _one(module: Module, person: Person, facts: Mapping[str, Fact], usual: Usual, said: Overrule | None) -> Asked:
    if said is not None:
        return Asked(standing="must" if said.chosen else "not", why=said.why, by="person")
    found = _wanted(module, facts, usual)
    barred = condition(module.unless).holds(facts) if module.unless else False
    if barred is not False and found.standing != "not":
        found = _barred(module, facts, found, known=barred is True)
    away = found.standing != "not" and person.limits.get("telehealth") is True and not _remote(module, facts)
    return _too_far(module, found) if away else found


def _wanted(module: Module, facts: Mapping[str, Fact], usual: Usual) -> Asked:
    if module.when is None:
        return (
            Asked(standing="must", why="part of the standard", by="standard") if module.standard else Asked(standing="may", why="no need")
        )
    asked = condition(module.when)
    holds = asked.holds(facts)
    if holds is None:
        return _unknown(module, ", ".join(asked.unknown(facts)), usual)
    return Asked(standing="must" if holds else "not", why=str(asked) if holds else f"only where {asked}")


def _unknown(module: Module, what: str, usual: Usual) -> Asked:
    """Something is not known: as is usual for patients like this one, and where those are few or do not tell, as is standard."""
    untold = module.name in usual.untold
    if usual.n >= THIN and not untold:
        share = usual.shares.get(module.name, 0.0)
        why = f"{what} not known; {share:.0%} of {usual.n} patients like this one had it"
        return Asked(standing="must" if share >= 0.5 else "not", why=why, by="segment")
    why = f"{what} not known, and " + ("the log knows no step of it" if untold else f"only {usual.n} patients like this one")
    why += "; part of the standard" if module.standard else ""
    return Asked(standing="must" if module.standard else "not", why=why, by="thin")


def _barred(module: Module, facts: Mapping[str, Fact], found: Asked, *, known: bool) -> Asked:
    asked = condition(module.unless or "")
    if not known:
        why = f"{module.name!r} is not for patients with {asked}; not known here: {', '.join(asked.unknown(facts))}"
        return Asked(
            standing=found.standing, why=found.why, by=found.by, conflict=Conflict(kind="unknown", modules=(module.name,), why=why)
        )
    why = f"not for patients with {asked}"
    conflict = Conflict(kind="limit", modules=(module.name,), why=f"{found.why}, but {why}") if found.standing == "must" else None
    return Asked(standing="not", why=why, conflict=conflict)


def _remote(module: Module, facts: Mapping[str, Fact]) -> bool:
    return all(p.remote for p in parts_for(module, facts))


def _too_far(module: Module, found: Asked) -> Asked:
    why = "it cannot be done from home, and this patient cannot come"
    conflict = Conflict(kind="where", modules=(module.name,), why=f"{found.why}, but {why}") if found.standing == "must" else None
    return Asked(standing="not", why=why, conflict=conflict)
