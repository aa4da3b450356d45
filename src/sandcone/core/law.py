"""How long things take: laws of chance in minutes, and which law holds for whom."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field

from sandcone.core.errors import ModelError
from sandcone.core.site import Condition


def _positive(x: float, what: str) -> None:
    if not (math.isfinite(x) and x > 0):
        raise ModelError("law", f"{what} is {x}", "Give a number above 0.")


def _not_negative(x: float, what: str) -> None:
    if not (math.isfinite(x) and x >= 0):
        raise ModelError("law", f"{what} is {x}", "Give a number of minutes, 0 or more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """Always the same number of minutes."""

    minutes: float
    kind: Literal["fixed"] = "fixed"

    def __post_init__(self) -> None:
        _not_negative(self.minutes, "a fixed time")

    @property
    def mean(self) -> float:
        """Minutes."""
        return self.minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform:
    """Any number of minutes between two limits, all equally likely."""

    low: float
    high: float
    kind: Literal["uniform"] = "uniform"

    def __post_init__(self) -> None:
        _not_negative(self.low, "the lower limit")
        if not (math.isfinite(self.high) and self.high >= self.low):
            raise ModelError("law", f"a time between {self.low} and {self.high} minutes", "Give the lower limit first.")

    @property
    def mean(self) -> float:
        """Minutes."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Exponential:
    """Mostly short, now and then long: what is left does not depend on what has passed."""

    mean: float
    kind: Literal["exponential"] = "exponential"

    def __post_init__(self) -> None:
        _positive(self.mean, "a mean time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lognormal:
    """As operations and lengths of stay are: half are below the median, and a long tail above it.

    ``sigma`` is the standard deviation of the logarithm (Strum et al. 2000 for surgical times).
    """

    median: float
    sigma: float
    kind: Literal["lognormal"] = "lognormal"

    def __post_init__(self) -> None:
        _positive(self.median, "a median time")
        _not_negative(self.sigma, "sigma")

    @property
    def mean(self) -> float:
        """Minutes."""
        return self.median * math.exp(self.sigma**2 / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One of the times that were seen, each with equal chance."""

    minutes: tuple[float, ...]
    kind: Literal["seen"] = "seen"

    def __post_init__(self) -> None:
        if not self.minutes:
            raise ModelError("law", "no time was seen", "Give at least one, or a fixed time.")
        for x in self.minutes:
            _not_negative(x, "a time seen")

    @property
    def mean(self) -> float:
        """Minutes."""
        return math.fsum(self.minutes) / len(self.minutes)


Law = Annotated[Fixed | Uniform | Exponential | Lognormal | Seen, Field(discriminator="kind")]


def longer(law: Law, times: float) -> Law:
    """The same law with every time so many times as long (below 1: shorter); its shape stays."""
    match law:
        case Fixed():
            return replace(law, minutes=law.minutes * times)
        case Uniform():
            return replace(law, low=law.low * times, high=law.high * times)
        case Exponential():
            return replace(law, mean=law.mean * times)
        case Lognormal():
            return replace(law, median=law.median * times)
        case Seen():
            return replace(law, minutes=tuple(x * times for x in law.minutes))


@dataclass(frozen=True, slots=True, kw_only=True)
class LawWhen:
    """A law for some patients only, or for one resource only."""

    law: Law
    when: tuple[Condition, ...] = ()  # all must hold of the patient
    resource: str | None = None  # only when this resource, the step's first, does it


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """How long a step takes for whom: the first case that fits, else ``otherwise``."""

    otherwise: Law
    cases: tuple[LawWhen, ...] = ()

    def law(self, attributes: Mapping[str, str], resource: str | None = None) -> Law:
        """The law that holds for a patient with these attributes, done by this resource."""
        fits = (c.law for c in self.cases if (c.resource in (None, resource)) and holds(c.when, attributes))
        return next(fits, self.otherwise)

    def longer(self, times: float) -> Minutes:
        """So many times as long for everybody."""
        cases = tuple(replace(c, law=longer(c.law, times)) for c in self.cases)
        return Minutes(otherwise=longer(self.otherwise, times), cases=cases)


def holds(when: tuple[Condition, ...], attributes: Mapping[str, str]) -> bool:
    """Whether every condition is true of a patient with these attributes."""
    return all(attributes.get(c.attribute) in c.values for c in when)
