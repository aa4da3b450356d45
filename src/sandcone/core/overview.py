"""A library of modules held against what patients got: how often each is used and how alike, what nobody uses, what nothing covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandcone.core.estimate import Estimate, Measures
from sandcone.core.saying import many

LISTED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleSeen:
    """One module as patients got it.

    ``variants`` are the different orders of its steps that cases took, ``effective`` how many equally common ones they are worth (exp of
    their entropy with Miller-Madow's correction). ``inside`` is the share of moves from its steps that stay in it (none of one step).
    ``begins`` and ``ends`` are the steps it usually begins and ends with, ``before`` the modules from which patients usually come, ``who``
    does most of it. ``hours`` is the median from its first step to the end of its last, ``by`` the fact that tells most about it, and
    ``hours_by`` the median for each value of that. None and empty: the log does not say.
    """

    name: str
    cases: int
    share: Estimate
    title: str = ""
    serves: str = ""
    when: str = ""
    variants: int = 0
    effective: float | None = None
    inside: float | None = None
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    hours: Estimate | None = None
    by: str = ""
    hours_by: Mapping[str, Estimate] = field(default_factory=dict)

    def __str__(self) -> str:
        said = [f"{self.cases:,} cases ({self.share.value:.0%})"]
        if self.variants:
            said.append(f"{many(self.variants, 'order of steps', 'orders of steps')}, worth {self.effective or 1:.1f} equally common")
        if self.inside is not None:
            said.append(f"{self.inside:.0%} of moves stay inside")
        said += [f"median {self.hours}"] * (self.hours is not None)
        said += [f"done by {_listed(self.who)}"] * bool(self.who)
        return f"{self.name}: {'; '.join(said)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A whole library as patients got it. A package is the set of modules of one case; its components are the modules (FIELD section 6).

    ``leverage`` is distinct packages for each module in use, ``dci`` and ``tcci`` how far packages share modules, ``q`` Newman's modularity
    of moves between steps, ``inside`` the share of moves that stay in their module. ``outside`` are steps that no module has, ``unmet``
    needs that no module meets, with their cases. ``measured`` holds the decoupling point, process types and operating modes, and why they
    are not there where they are not.
    """

    library: str
    cases: int
    without: int  # cases that have no module at all
    modules: tuple[ModuleSeen, ...]
    packages: int
    dci: float | None = None
    tcci: float | None = None
    q: float | None = None
    inside: float | None = None
    outside: Mapping[str, int] = field(default_factory=dict)
    unmet: Mapping[str, int] = field(default_factory=dict)
    measured: Measures = field(default_factory=lambda: Measures(items=()))
    notes: tuple[str, ...] = ()

    @property
    def never(self) -> tuple[str, ...]:
        """Modules that nobody had."""
        return tuple(m.name for m in self.modules if not m.cases)

    @property
    def leverage(self) -> float:
        """Distinct packages for each module that somebody had."""
        return self.packages / max(1, len(self.modules) - len(self.never))

    def as_json(self) -> dict[str, Any]:
        """The same for a file; without the measures, which have files of their own."""
        counts = {"library": self.library, "cases": self.cases, "without": self.without, "packages": self.packages}
        ratios = {"leverage": self.leverage, "dci": self.dci, "tcci": self.tcci, "q": self.q, "inside": self.inside}
        lists = {"never": list(self.never), "outside": dict(self.outside), "unmet": dict(self.unmet), "notes": list(self.notes)}
        return {"schema": 1, **counts, **ratios, **lists, "modules": [_module(m) for m in self.modules]}

    def __str__(self) -> str:
        return "\n".join((*self._counts(), *(f"  {m}" for m in self.modules if m.cases), *self._gaps(), *self._measured(), *self.notes))

    def _counts(self) -> list[str]:
        used = len(self.modules) - len(self.never)
        packages = f"{many(self.packages, 'different package', 'different packages')} from {many(used, 'module', 'modules')}"
        lines = [f"{self.library}: {self.cases:,} cases, {packages} ({self.leverage:,.1f} for each)"]
        if self.q is not None and self.inside is not None:
            lines.append(f"{self.inside:.0%} of moves from step to step stay inside a module (Newman's Q {self.q:.2f})")
        if self.dci is not None:
            also = "" if self.tcci is None else f" (TCCI {self.tcci:.2f}, from 0 for nothing shared to 1)"
            lines.append(f"A module is in {self.dci:.1f} of the packages on average{also}")
        return lines

    def _gaps(self) -> list[str]:
        lines = [f"Nobody had {_listed(self.never)}"] * bool(self.never)
        lines += [f"{many(self.without, 'case has', 'cases have')} no module"] * (self.without > 0)
        outside = [f"{s} ({n:,})" for s, n in self.outside.items()]
        lines += [f"In no module: {_listed(outside)}"] * bool(outside)
        return lines + [f"No module meets the need {k!r} ({n:,} cases)" for k, n in self.unmet.items()]

    def _measured(self) -> list[str]:
        place, share = (self.measured.get(f"decoupling.{name}") for name in ("position", "time_share"))
        lines = [f"Paths part by patient after {many(round(place.value), 'step', 'steps')}"] if place is not None else []
        if lines and share is not None:
            lines[0] += f", {share.value:.0%} of their time"
        for name, what, key in (("process_type", "Process types", "segment"), ("mode.cases", "Operating modes", "mode")):
            found = self.measured.by(name, key)
            why = self.measured.why_missing(name)
            if found:
                lines.append(f"{what}: " + (types_in_words(self.measured) if name == "process_type" else _modes(self.measured)))
            elif why:
                lines.append(f"{what}: not known: {why}")
        return lines


def types_in_words(measured: Measures) -> str:
    """How many segments are of each process type."""
    found = Counter(m.note for m in measured.by("process_type", "segment"))
    return ", ".join(many(n, f"segment {kind}", f"segments {kind}") for kind, n in found.most_common())


def _modes(measured: Measures) -> str:
    found = sorted(measured.by("mode.cases", "mode"), key=lambda m: -m.estimate.value)
    return ", ".join(f"{m.group['mode']} {m.estimate.value:,.0f}" for m in found)


def _module(m: ModuleSeen) -> dict[str, Any]:
    plain = {k: getattr(m, k) for k in ("name", "cases", "title", "serves", "when", "variants", "effective", "inside", "by")}
    lists = {k: list(getattr(m, k)) for k in ("begins", "ends", "before", "who")}
    by = {k: e.as_json() for k, e in m.hours_by.items()}
    return {
        **plain,
        **lists,
        "share": m.share.as_json(),
        "hours": None if m.hours is None else m.hours.as_json(),
        "hours_by": by,
    }


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(names[:LISTED]) + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")
