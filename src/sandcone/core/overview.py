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
class StepSeen:
    """One step of a module as patients got it.

    ``cases`` counts those with the module who had it. ``during`` is the step, of this module or another, while which it goes on in most of
    those with both (empty: none). ``done_by`` is who did it, in the whole log: shares of the times in which somebody is named, most first;
    ``more`` counts those who did it besides.
    """

    name: str
    cases: int
    during: str = ""
    done_by: Mapping[str, float] = field(default_factory=dict)
    more: int = 0

    def __str__(self) -> str:
        return f"{self.name}{f' (during {self.during})' * bool(self.during)}: {self.who or 'nobody is named'}"

    @property
    def who(self) -> str:
        """Who did it, in words; empty where the log names nobody."""
        said = [f"{who} {share:.0%}" for who, share in self.done_by.items()]
        return ", ".join(said + ([self.beyond] if self.more else []))

    @property
    def beyond(self) -> str:
        """How many did it besides those named."""
        return f"{self.more:,} {'more' if self.done_by else 'different ones, each with less than 5 %'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleSeen:
    """One module as patients got it.

    ``variants`` are the different orders of its steps that cases took, ``effective`` how many equally common ones they are worth (exp of
    their entropy with Miller-Madow's correction). ``inside`` is the share of moves from its steps that stay in it (none of one step).
    ``begins`` and ``ends`` are the steps it usually begins and ends with, ``before`` the modules from which patients usually come, ``who``
    does most of it, ``steps`` who does which of its steps. ``hours`` is the median from its first step to the end of its last, ``by`` the
    fact that tells most about it, and ``hours_by`` the median for each value of that. None and empty: the log does not say.
    """

    name: str
    cases: int
    share: Estimate
    title: str = ""
    serves: str = ""
    when: str = ""
    standard: bool = False  # for everybody, unless its condition says otherwise
    variants: int = 0
    effective: float | None = None
    inside: float | None = None
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    steps: tuple[StepSeen, ...] = ()
    hours: Estimate | None = None
    by: str = ""
    hours_by: Mapping[str, Estimate] = field(default_factory=dict)

    def __str__(self) -> str:
        said = [f"{self.cases:,} cases ({_percent(self.share.value)})"]
        if self.variants > 1 or len(self.steps) > 1:
            said.append(f"{many(self.variants, 'order of steps', 'orders of steps')}, worth {self.effective or 1:.1f} equally common")
        if self.inside is not None:
            said.append(f"{self.inside:.0%} of moves stay inside")
        said += [f"for {self.serves}"] * bool(self.serves)
        said += [f"median {self.hours}"] * (self.hours is not None)
        alone = self.steps[0].who if len(self.steps) == 1 else ""
        said += [f"done by {_listed(self.who) or alone}"] * bool(self.who or alone)
        return f"{self.name}: {'; '.join(said)}"

    @property
    def told(self) -> tuple[StepSeen, ...]:
        """The steps of which there is more to say than of the module: where they are done by different people, or at the same time."""
        if len({s.who for s in self.steps}) > 1:
            return self.steps
        return tuple(s for s in self.steps if s.during)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A whole library as patients got it. A package is the set of modules of one case; its components are the modules (FIELD section 6).

    ``leverage`` is distinct packages for each module in use, ``dci`` and ``tcci`` how far packages share modules, ``q`` Newman's modularity
    of moves between steps, ``inside`` the share of moves that stay in their module. ``outside`` are steps that no module has, ``met``
    and ``unmet`` needs that some module meets, or none, with their cases; ``promised`` needs that the library names and no module of it
    meets, ``unrecorded`` modules of which the log knows no step. ``measured`` holds the decoupling point, process
    types and operating modes, and why they are not there where they are not.
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
    met: Mapping[str, int] = field(default_factory=dict)
    unmet: Mapping[str, int] = field(default_factory=dict)
    promised: tuple[str, ...] = ()
    unrecorded: tuple[str, ...] = ()
    measured: Measures = field(default_factory=lambda: Measures(items=()))
    notes: tuple[str, ...] = ()

    @property
    def never(self) -> tuple[str, ...]:
        """Modules that nobody had."""
        return tuple(m.name for m in self.modules if not m.cases)

    @property
    def by_chance(self) -> bool:
        """Whether patients stay inside modules no more than chance would have it: then these are no modules to speak of."""
        return self.q is not None and self.inside is not None and self.q <= 0 and self.inside < 1

    @property
    def coverage(self) -> float | None:
        """The share of patients' needs that some module is there for (FIELD section 7); None where nobody has a known need."""
        met, unmet = sum(self.met.values()), sum(self.unmet.values())
        return met / (met + unmet) if met + unmet else None

    @property
    def leverage(self) -> float:
        """Distinct packages for each module that somebody had."""
        return self.packages / max(1, len(self.modules) - len(self.never))

    def as_json(self) -> dict[str, Any]:
        """The same for a file; without the measures, which have files of their own."""
        counts = {"library": self.library, "cases": self.cases, "without": self.without, "packages": self.packages}
        ratios = {name: getattr(self, name) for name in ("leverage", "coverage", "dci", "tcci", "q", "inside")}
        needs = {"met": dict(self.met), "unmet": dict(self.unmet), "promised": list(self.promised)}
        gaps = {"never": list(self.never), "unrecorded": list(self.unrecorded), "outside": dict(self.outside), "notes": list(self.notes)}
        return {"schema": 1, **counts, **ratios, **gaps, **needs, "modules": [_module(m) for m in self.modules]}

    def __str__(self) -> str:
        used = [line for m in self.modules if m.cases for line in (f"  {m}", *(f"    {s}" for s in m.told))]
        return "\n".join((*self._counts(), *used, *self._gaps(), *self._needs(), *self._measured(), *self.notes))

    def _counts(self) -> list[str]:
        used = len(self.modules) - len(self.never)
        packages = f"{many(self.packages, 'different package', 'different packages')} from {many(used, 'module', 'modules')}"
        lines = [f"{self.library}: {self.cases:,} cases, {packages} ({self.leverage:,.1f} for each)"]
        if self.q is not None and self.inside is not None:
            lines.append(f"{self.inside:.0%} of moves from step to step stay inside a module (Newman's Q {self.q:.2f})")
        lines += ["That is no more than by chance: these are no modules to speak of"] * self.by_chance
        if self.dci is not None:
            also = "" if self.tcci is None else f" (TCCI {self.tcci:.2f}, from 0 for nothing shared to 1)"
            lines.append(f"A module is in {self.dci:.1f} of the packages on average{also}")
        return lines

    def _gaps(self) -> list[str]:
        seen = tuple(name for name in self.never if name not in self.unrecorded)
        lines = [f"Nobody had {_listed(seen)}"] * bool(seen)
        lines += [f"Nobody had {_listed(self.unrecorded)}, of which the log knows no step"] * bool(self.unrecorded)
        lines += [f"{many(self.without, 'case has', 'cases have')} no module"] * (self.without > 0)
        outside = [f"{s} ({n:,})" for s, n in self.outside.items()]
        return lines + [f"In no module: {_listed(outside)}"] * bool(outside)

    def _needs(self) -> list[str]:
        """Which needs modules meet, and which they do not."""
        lines = [f"Some module is there for {self.coverage:.0%} of patients' needs"] if self.coverage is not None else []
        lines += [f"No module meets the need {k!r} ({many(n, 'case')})" for k, n in self.unmet.items()]
        return lines + [f"The library names the need {k!r}, and no module of it meets it" for k in self.promised if k not in self.unmet]

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
    plain = {k: getattr(m, k) for k in ("name", "cases", "title", "serves", "when", "standard", "variants", "effective", "inside", "by")}
    lists = {k: list(getattr(m, k)) for k in ("begins", "ends", "before", "who")}
    by = {k: e.as_json() for k, e in m.hours_by.items()}
    return {
        **plain,
        **lists,
        "steps": [_step(s) for s in m.steps],
        "share": m.share.as_json(),
        "hours": None if m.hours is None else m.hours.as_json(),
        "hours_by": by,
    }


def _step(s: StepSeen) -> dict[str, Any]:
    return {"name": s.name, "cases": s.cases, "during": s.during, "done_by": dict(s.done_by), "more": s.more}


def _percent(share: float) -> str:
    return "less than 1%" if 0 < share < 0.005 else f"{share:.0%}"


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(names[:LISTED]) + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")
