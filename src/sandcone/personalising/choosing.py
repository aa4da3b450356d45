"""From a person to the modules of their path: those the rules call for, one of each set of alternatives, and those their needs call for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from sandcone.core.care import By, Conflict, Library, Module, Person, Reason
from sandcone.personalising.asking import Asked, Overrule, Usual, ask, facts_of, known, parts_for
from sandcone.personalising.fitting import delivered, fit

ENOUGH = 1e-9  # a gain in fit that counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The modules of one person, in the library's order, why each is there or not, and what does not go together."""

    modules: tuple[Module, ...]
    reasons: tuple[Reason, ...]
    conflicts: tuple[Conflict, ...]


def choose(
    library: Library,
    person: Person,
    usual: Usual | None = None,
    overrules: Iterable[Overrule] = (),
    sets: Mapping[str, frozenset[str]] | None = None,
) -> Choice:
    """Choose the modules for one person, each with its reason, and the rejected ones with theirs; nothing is dropped without a word.

    ``sets`` are the library's ``alternatives``, for whoever chooses for many.
    """
    choosing = _Choosing(library, person, ask(library, person, usual or Usual(), overrules), sets or alternatives(library))
    choosing.required()
    choosing.by_need()
    choosing.against()
    choosing.taken()
    choosing.too_much()
    return choosing.choice()


class _Choosing:
    def __init__(self, library: Library, person: Person, asked: dict[str, Asked], sets: Mapping[str, frozenset[str]]) -> None:
        self.library, self.person, self.asked, self.module = library, person, asked, library.module
        self.facts = facts_of(person)
        self.chosen: list[str] = []
        self.said: dict[str, tuple[str, By]] = {}  # why, where it differs from the first answer
        self.conflicts: list[Conflict] = []
        self.sets = sets

    def required(self) -> None:
        """Those that must be there; where several of them are alternatives, the one that suits this person best."""
        for name in (n for n, a in self.asked.items() if a.standing == "must"):
            rivals = [r for r in self.sets[name] if r in self.chosen]
            if rivals:
                self._one_of(name, rivals[0])
            else:
                self.chosen.append(name)

    def _one_of(self, name: str, there: str) -> None:
        kept, left = (name, there) if self._suits(name) > self._suits(there) else (there, name)
        self.chosen = [c for c in self.chosen if c != left]
        if kept not in self.chosen:
            self.chosen.append(kept)
        self.said[left] = (f"{kept!r} has the same function and suits better", "conflict")
        self.conflicts.append(
            Conflict(kind="duplicate", modules=(kept, left), why="two modules with one function are called for", done=f"{kept!r} is given")
        )

    def _suits(self, name: str) -> tuple[float, ...]:
        """The better the larger: as a person said, as wished, by fit, the standard one, and the earlier in the library."""
        module = self.module[name]
        others = [self.module[c] for c in self.chosen if c not in self.sets[name] and c != name]
        wished = self.person.wishes.get("telehealth")
        remote = all(p.remote for p in parts_for(module, self.facts))
        as_wished = float(remote == wished) if isinstance(wished, bool) else 0.5
        order = -next(i for i, m in enumerate(self.library.modules) if m.name == name)
        return (float(self.asked[name].by == "person"), as_wished, self._fit([*others, module]), float(module.standard), order)

    def _fit(self, modules: Sequence[Module]) -> float:
        return fit(self.person, delivered(modules)).fit or 0.0

    def by_need(self) -> None:
        """Those that may be there, the one that fits best first, as long as the fit gets better."""
        while True:
            there = [self.module[c] for c in self.chosen]
            now, got = self._fit(there), delivered(there)
            best = max((n for n in self._open() if self._meets_more(n, got)), key=lambda n: self._gain(n, now), default=None)
            if best is None or self._gain(best, now)[0] <= ENOUGH:
                return
            self.chosen.append(best)
            met = [k for k in self.module[best].meets if self.person.needs.get(k, 0) > 0]
            self.said[best] = (f"it meets {', '.join(met)}", "need")

    def _meets_more(self, name: str, got: Mapping[str, float]) -> bool:
        """Whether it meets anything that is not met yet; without that, no fit gets better."""
        return any(self.person.needs.get(k, 0.0) > got.get(k, 0.0) for k in self.module[name].meets)

    def _gain(self, name: str, now: float) -> tuple[float, ...]:
        return (self._fit([*(self.module[c] for c in self.chosen), self.module[name]]) - now, *self._suits(name))

    def _open(self) -> list[str]:
        return [n for n, a in self.asked.items() if a.standing == "may" and n not in self.chosen and self._free(n)]

    def _free(self, name: str) -> bool:
        """Whether nothing that is chosen has the same function or speaks against it."""
        others = [self.module[c] for c in self.chosen]
        return not any(o.name in self.sets[name] or name in o.against or o.name in self.module[name].against for o in others)

    def against(self) -> None:
        """Of two that may not be given together, the one with the weaker reason is set aside; two that people insist on stay, unsolved."""
        for a, b in combinations(list(self.chosen), 2):
            if a in self.chosen and b in self.chosen and (b in self.module[a].against or a in self.module[b].against):
                self._set_aside(a, b)

    def _set_aside(self, a: str, b: str) -> None:
        kept, left = (a, b) if self._weight(a) >= self._weight(b) else (b, a)
        insisted = self.asked[left].by == "person"
        done = "" if insisted else f"{left!r} is set aside until a person confirms it"
        self.conflicts.append(
            Conflict(kind="contradict", modules=(kept, left), why=f"{a!r} and {b!r} may not be given together", done=done)
        )
        if not insisted:
            self.chosen.remove(left)
            self.said[left] = (f"it may not be given together with {kept!r}", "conflict")

    def _weight(self, name: str) -> tuple[float, ...]:
        """The stronger the larger: said by a person, by a rule, by what is usual or standard, by a need; then by what it meets."""
        by = self.said[name][1] if name in self.said else self.asked[name].by
        rank = {"person": 3, "rule": 2, "segment": 1, "prediction": 1, "standard": 1, "thin": 1}.get(by, 0)
        met = sum(self.person.weights.get(k, 1.0) * min(n, self.person.needs.get(k, 0.0)) for k, n in self.module[name].meets.items())
        return (float(rank), met)

    def taken(self) -> None:
        """What a module takes has to be known, or given by another one, which is added if it may be; else something is missing."""
        for name in self.chosen:  # grows while it is walked: what is added takes something too
            for what in self.module[name].takes:
                others = (c for c in self.chosen if c != name)
                if not known(what, self.facts) and self._giver(what, others) is None:
                    self._give(what, name)

    def _giver(self, what: str, among: Iterable[str]) -> str | None:
        return next((n for n in among if what in self.module[n].gives), None)

    def _give(self, what: str, taker: str) -> None:
        may = [n for n, a in self.asked.items() if a.standing != "not" and n not in self.chosen and self._free(n)]
        giver = self._giver(what, sorted(may, key=self._suits, reverse=True))
        if giver is None:
            self.conflicts.append(
                Conflict(kind="missing", modules=(taker,), why=f"it takes {what!r}, which is not known and nothing gives")
            )
            return
        self.chosen.append(giver)
        self.said[giver] = (f"it gives {what!r}, which {taker!r} takes", "rule")

    def too_much(self) -> None:
        """What a person may have only so much of, added up over the modules."""
        for what, most in self.library.most.items():
            users = [c for c in self.chosen if self.module[c].uses.get(what, 0) > 0]
            used = sum(self.module[c].uses[what] for c in users)
            if used > most:
                why = f"together they use {used:g} of {what}, and {most:g} is the most for one person"
                self.conflicts.append(Conflict(kind="too much", modules=tuple(users), why=why))

    def choice(self) -> Choice:
        """What was chosen, with all reasons."""
        given = [m for m in self.library.modules if m.name in self.chosen]
        first = [a.conflict for n, a in self.asked.items() if a.conflict is not None and (a.standing == "not" or n in self.chosen)]
        return Choice(
            modules=tuple(given),
            reasons=tuple(self._reason(n) for n in self.asked),
            conflicts=tuple(self._solved(c) for c in (*first, *self.conflicts)),
        )

    def _reason(self, name: str) -> Reason:
        why, by = self.said.get(name, (self.asked[name].why, self.asked[name].by))
        return Reason(module=name, chosen=name in self.chosen, why=why, by=by)

    def _solved(self, conflict: Conflict) -> Conflict:
        """Where a module could not be given and another with the same function is, that is what was done about it."""
        if conflict.done or conflict.kind not in ("limit", "where"):
            return conflict
        instead = next((c for c in self.chosen if c in self.sets[conflict.modules[0]]), None)
        return replace(conflict, done=f"{instead!r} is given instead") if instead else conflict


def alternatives(library: Library) -> dict[str, frozenset[str]]:
    """For each module, the others with the same function: said of either, and what is alternative to an alternative."""
    sets = {m.name: {m.name} for m in library.modules}
    for m in library.modules:
        for other in m.instead_of:
            joined = sets[m.name] | sets[other]
            for name in joined:
                sets[name] = joined
    return {name: frozenset(joined - {name}) for name, joined in sets.items()}
