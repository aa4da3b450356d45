"""How far units are from the best of them: scores, what each would have to change, whom it can look to, and how the best moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan

from sandcone.core.estimate import Estimate
from sandcone.core.saying import many

SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One unit beside the frontier: its score (1 is on it), whom it is held against, and what it could still do.

    ``corrected`` is the score less its bias by the bootstrap. ``peers`` are the units whose mixture it is held against, with weights.
    ``slack`` is what could go (of inputs and bads) or come (of outputs) beyond the score, in each column's unit. ``scale`` is the score
    under constant over that under variable returns, ``returns`` whether larger would be more productive ("increasing"), or smaller.
    """

    unit: str
    score: Estimate
    corrected: float | None = None
    peers: Mapping[str, float] = field(default_factory=dict)
    slack: Mapping[str, float] = field(default_factory=dict)
    scale: float | None = None
    returns: str = ""

    def as_json(self) -> dict[str, object]:
        """The unit as plain values."""
        told = {"peers": dict(self.peers), "slack": dict(self.slack), "scale": self.scale, "returns": self.returns or None}
        return {"unit": self.unit, "score": _plain(self.score), "corrected": self.corrected, **told}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFrontier:
    """Every unit beside the best of all; print it for the table."""

    method: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    bads: tuple[str, ...] = ()
    units: tuple[Reached, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return _page(self.method, [_HEAD, *(_row(r) for r in self.units[:SHOWN])], len(self.units), self.notes)

    def as_json(self) -> dict[str, object]:
        """The frontier as plain values."""
        of = {"inputs": list(self.inputs), "outputs": list(self.outputs), "bads": list(self.bads)}
        return {"schema": 1, "method": self.method, **of, "units": [r.as_json() for r in self.units], "notes": list(self.notes)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One unit between two periods: ``total`` is ``catching_up`` (to the frontier) times ``shift`` (of the frontier); above 1 is better."""

    unit: str
    before: str
    after: str
    total: Estimate
    catching_up: Estimate
    shift: Estimate

    def as_json(self) -> dict[str, object]:
        """The change as plain values."""
        parts = {"total": self.total, "catching_up": self.catching_up, "shift": self.shift}
        return {"unit": self.unit, "before": self.before, "after": self.after, **{k: _plain(v) for k, v in parts.items()}}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitProgress:
    """How each unit moved between periods, and how the frontier moved; print it for the table."""

    method: str
    moves: tuple[Moved, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        head = f"{'unit':<24}{'periods':<24}{'total':>24}{'catching up':>24}{'frontier':>24}"
        return _page(self.method, [head, *(_moved(m) for m in self.moves[:SHOWN])], len(self.moves), self.notes)

    def as_json(self) -> dict[str, object]:
        """The moves as plain values."""
        return {"schema": 1, "method": self.method, "moves": [m.as_json() for m in self.moves], "notes": list(self.notes)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedFrontier:
    """A frontier fitted through noise: its terms, how much of the spread is inefficiency, and each unit's efficiency.

    ``terms`` belong to the logarithms. ``spread`` is σ² = σv² + σu², ``share`` γ = σu² / σ², ``likelihood`` the logarithm of it, ``ratio``
    the likelihood ratio against no inefficiency, ``chance`` how often so large a ratio comes where there is none.
    """

    method: str
    terms: Mapping[str, Estimate]
    spread: float
    share: float
    likelihood: float
    ratio: float
    chance: float
    units: tuple[Reached, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        terms = [f"  {name:<24}{_interval(e)}" for name, e in self.terms.items()]
        fit = f"σ² {self.spread:.5f}, of it inefficiency γ {self.share:.5f}; log-likelihood {self.likelihood:.5f}"
        test = f"against no inefficiency: ratio {self.ratio:.4f}, p {self.chance:.3f}"
        rows = ["terms, of logarithms", *terms, fit, test, _HEAD, *(_row(r) for r in self.units[:SHOWN])]
        return _page(self.method, rows, len(self.units), self.notes)

    def as_json(self) -> dict[str, object]:
        """The fit as plain values."""
        fit = {"spread": self.spread, "share": self.share, "likelihood": self.likelihood, "ratio": self.ratio, "chance": self.chance}
        terms = {name: _plain(e) for name, e in self.terms.items()}
        units = [r.as_json() for r in self.units]
        return {"schema": 1, "method": self.method, "terms": terms, **fit, "units": units, "notes": list(self.notes)}


_HEAD = f"{'unit':<24}{'score':>26}{'corrected':>11}{'scale':>8}  looks to"


def _page(method: str, rows: list[str], n: int, notes: tuple[str, ...]) -> str:
    more = [f"… and {many(n - SHOWN, 'more row', 'more rows')}; all of them are in the JSON"] if n > SHOWN else []
    return "\n".join([method, *rows, *more, *notes])


def _row(r: Reached) -> str:
    corrected = "" if r.corrected is None else f"{r.corrected:.3f}"
    scale = "" if r.scale is None else f"{r.scale:.3f}"
    peers = ", ".join(f"{name} {w:.2f}" for name, w in r.peers.items() if name != r.unit)
    return f"{r.unit:<24}{_interval(r.score):>26}{corrected:>11}{scale:>8}  {peers}".rstrip()


def _moved(m: Moved) -> str:
    return f"{m.unit:<24}{f'{m.before} to {m.after}':<24}{''.join(f'{_interval(e):>24}' for e in (m.total, m.catching_up, m.shift))}"


def _interval(e: Estimate) -> str:
    if isnan(e.value):
        return "cannot be said"
    return f"{e.value:.3f}" if e.low is None or e.high is None else f"{e.value:.3f} ({e.low:.3f} to {e.high:.3f})"


def _plain(e: Estimate) -> dict[str, object]:
    """An estimate as plain values; JSON has no NaN."""
    return {**e.as_json(), "value": None if isnan(e.value) else e.value, "method": e.method}
