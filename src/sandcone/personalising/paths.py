"""From a person to their path: modules chosen, joined, held against what they wish, with the fit to what they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from sandcone.core.care import Conflict, Library, Module, Path, Person
from sandcone.personalising.alike import Alike, Key
from sandcone.personalising.asking import Overrule, Usual, facts_of, known, parts_for
from sandcone.personalising.choosing import Choice, alternatives, choose
from sandcone.personalising.fitting import delivered, fit
from sandcone.personalising.joining import Joined, Minutes, join

A_VISIT = 600.0  # minutes: what takes longer from first step to last is no single visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """Composes paths for many people from one library; what was joined, or chosen for somebody alike, is not worked out again.

    ``minutes`` says how long a step of the hospital takes, ``doers`` which people can do it (a step that is not named: anybody).
    """

    library: Library
    minutes: Minutes = field(default=lambda _: 0.0)
    doers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    known: dict[tuple[tuple[str, ...], ...], Joined] = field(default_factory=dict, repr=False)
    alike: Alike = field(init=False, repr=False)
    sets: Mapping[str, frozenset[str]] = field(init=False, repr=False)
    paths: dict[Key, Path] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "alike", Alike(self.library))
        object.__setattr__(self, "sets", alternatives(self.library))

    def path(self, person: Person, usual: Usual | None = None, overrules: Iterable[Overrule] = ()) -> Path:
        """One person's path. ``usual`` is what patients like this one got, ``overrules`` what people decided otherwise."""
        said = tuple(overrules)
        key = self.alike.key(person, usual, said)
        if key not in self.paths:
            self.paths[key] = self._composed(person, usual, said)
        return replace(self.paths[key], person=person.name)

    def _composed(self, person: Person, usual: Usual | None, overrules: Iterable[Overrule]) -> Path:
        choice = choose(self.library, person, usual, overrules, self.sets)
        joined = self._joined(choice.modules, person)
        fits = fit(person, delivered(choice.modules))
        return Path(
            person=person.name,
            modules=tuple(m.name for m in choice.modules),
            steps=joined.steps,
            lags=joined.lags,
            reasons=choice.reasons,
            conflicts=(*choice.conflicts, *joined.conflicts, *self._wishes(person, choice.modules, joined)),
            fit=fits.fit,
            unmet=fits.unmet,
            excess=fits.excess,
            basis=_basis(choice),
        )

    def _joined(self, modules: tuple[Module, ...], person: Person) -> Joined:
        facts = facts_of(person)
        taken = {t for m in modules for t in m.takes if known(t, facts)}
        key = (*((m.name, *(p.name for p in parts_for(m, facts))) for m in modules), tuple(sorted(taken)))
        if key not in self.known:
            self.known[key] = join(modules, facts, self.minutes)
        return self.known[key]

    def _wishes(self, person: Person, modules: tuple[Module, ...], joined: Joined) -> Iterator[Conflict]:
        if person.wishes.get("one_visit") is True and joined.minutes > A_VISIT:
            why = f"one visit is wished for, and the path takes {joined.minutes / 1440:.1f} days at least"
            yield Conflict(kind="wish", modules=tuple(m.name for m in modules), why=why, done="several visits, few if booked so")
        if person.wishes.get("telehealth") is True:
            here = [m.name for m in modules if not all(p.remote for p in parts_for(m, facts_of(person)))]
            if here:
                why = "care from home is wished for, and these cannot be done from there"
                yield Conflict(kind="wish", modules=tuple(here), why=why, done="done in the hospital")
        yield from self._clinician(person, joined)

    def _clinician(self, person: Person, joined: Joined) -> Iterator[Conflict]:
        """Whom a person wishes for, or has to have, can do at least one step of the path."""
        for kind, facts in (("wish", person.wishes), ("who", person.limits)):
            name = facts.get("clinician")
            if name is None or any(name in self.doers.get(s.step, frozenset()) for s in joined.steps):
                continue
            modules = tuple(dict.fromkeys(m for s in joined.steps for m in s.modules))
            done = "somebody else does it" if kind == "wish" else ""
            yield Conflict(kind="wish" if kind == "wish" else "who", modules=modules, why=f"{name!r} does no step of this path", done=done)


def _basis(choice: Choice) -> Literal["person", "segment", "standard"]:
    """What the path rests on: the standard where so much as one module had to fall back to it, then the segment, else the person."""
    by = {r.by for r in choice.reasons}
    return "standard" if "thin" in by else "segment" if "segment" in by else "person"
