"""What personal paths come to, over everybody: packages, conflicts, fit, and whether some groups are worse off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandcone.core.estimate import Estimate
from sandcone.core.saying import many

SHOWN = 10
Clash = tuple[str, tuple[str, ...], str, int]
"""A kind of conflict, the modules in it, why, and how many people have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Personal paths in short: how many people and packages, from how many modules, what is open, and how well they fit.

    ``leverage`` is distinct packages for each module in use (FIELD section 6). ``basis`` counts on what paths rest: the person's own facts,
    the segment, the standard. ``unmet`` are needs that no module meets, with how many people have them.
    """

    people: int
    without: int  # people for whom no module applies
    packages: int
    offered: int
    used: Mapping[str, int]  # module -> people
    fit: Estimate | None
    worst_tenth: Estimate | None
    basis: Mapping[str, int]
    conflicts: Mapping[str, int]  # kind -> people with one that is open
    clashes: tuple[Clash, ...]  # the open ones, the most frequent first
    unmet: Mapping[str, int]

    @property
    def leverage(self) -> float:
        """Distinct packages for each module that somebody has."""
        return self.packages / max(1, len(self.used))

    def as_json(self) -> dict[str, Any]:
        """The same for a file."""
        fits = {n: None if e is None else e.as_json() for n, e in (("fit", self.fit), ("worst_tenth", self.worst_tenth))}
        clashes = [{"kind": k, "modules": list(m), "why": w, "people": n} for k, m, w, n in self.clashes]
        counts = {"people": self.people, "without": self.without, "packages": self.packages, "offered": self.offered}
        tables = {"used": dict(self.used), "basis": dict(self.basis), "conflicts": dict(self.conflicts), "unmet": dict(self.unmet)}
        return {"schema": 1, **counts, "leverage": self.leverage, **fits, **tables, "clashes": clashes}

    def __str__(self) -> str:
        return "\n".join((*self._counts(), *self._fits(), *self._open()))

    def _counts(self) -> list[str]:
        n, never = len(self.used), self.offered - len(self.used)
        packages = f"{many(self.packages, 'different package')} from {many(n, 'module')} ({self.leverage:,.1f} for each)"
        lines = [f"{many(self.people, 'person', 'people')}, {packages}"]
        lines += [f"{many(never, 'module is', 'modules are')} offered and nobody has {'it' if never == 1 else 'them'}"] * (never > 0)
        lines += [f"{many(self.without, 'person', 'people')} for whom no module applies"] * (self.without > 0)
        thin = {"segment": "what is usual for patients like them", "standard": "the standard, for want of data"}
        return lines + [f"{many(self.basis[b], 'path rests', 'paths rest')} in part on {w}" for b, w in thin.items() if self.basis.get(b)]

    def _fits(self) -> list[str]:
        lines = [f"Fit to recorded needs: mean {self.fit}" if self.fit else "Fit is not known: nobody's needs are recorded"]
        lines += [f"Fit of the worst-off tenth: {self.worst_tenth}"] * (self.worst_tenth is not None)
        return lines + [f"No module meets the need {k!r} ({many(n, 'person', 'people')})" for k, n in self.unmet.items()]

    def _open(self) -> list[str]:
        if not self.conflicts:
            return ["No conflict is open"]
        lines = ["Open conflicts, by people: " + ", ".join(f"{k} {n:,}" for k, n in self.conflicts.items())]
        lines += [f"  {k} ({n:,}): {why}" for k, _, why, n in self.clashes[:SHOWN]]
        return lines + [f"  … and {len(self.clashes) - SHOWN} more"] * (len(self.clashes) > SHOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSeen:
    """One group of people: how well their packages fit and how long they wait, and how far they are from all the others."""

    fact: str
    group: str
    fit: Estimate | None
    fit_gap: Estimate | None  # theirs less that of the others
    wait: Estimate | None = None  # hours
    wait_gap: Estimate | None = None

    @property
    def worse(self) -> tuple[str, ...]:
        """In what they are surely worse off than the others."""
        fit = self.fit_gap is not None and self.fit_gap.high is not None and self.fit_gap.high < 0
        wait = self.wait_gap is not None and self.wait_gap.low is not None and self.wait_gap.low > 0
        return ("fit",) * fit + ("wait",) * wait

    def __str__(self) -> str:
        said = {
            "fit": f"fit {self.fit}, {self.fit_gap}",
            "wait": f"wait {self.wait}, {self.wait_gap}",
        }
        return f"{self.fact} {self.group}: " + "; ".join(f"{said[w]} against the others" for w in self.worse or ("fit",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Whether packages follow what people are rather than what they need, and whether some groups are worse off.

    ``explained`` is U, the share of the variety of packages that these facts explain, and ``beyond_chance`` U_adj (FIELD section 7).
    ``stereotyping``: much of the variety is explained by who people are, and yet the packages fit badly.
    """

    explained: float | None
    beyond_chance: float | None
    fit: float | None
    stereotyping: bool
    groups: tuple[GroupSeen, ...] = field(default=())

    @property
    def worse(self) -> tuple[GroupSeen, ...]:
        """Groups that are surely worse off in something."""
        return tuple(g for g in self.groups if g.worse)

    @property
    def variety(self) -> str:
        """How much of the variety of packages facts explain, in words; empty where everybody has the same package."""
        if self.explained is None:
            return ""
        part = f"Facts explain {100 * self.explained:.0f} % of the variety of packages"
        if self.beyond_chance is None:
            return f"{part}; so few people share them that chance alone could explain it all"
        beyond = round(100 * self.beyond_chance)
        return f"{part}, {beyond} % beyond chance" if beyond > 0 else f"{part}, no more than chance does"

    def __str__(self) -> str:
        lines = [self.variety] if self.variety else []
        if self.stereotyping:
            lines.append("Stereotyping: packages follow who people are, and fit them badly. Ask for needs, not for groups.")
        return "\n".join([*lines, *(f"Worse off: {g}" for g in self.worse)])
