"""Small parts that all made-up hospitals are put together from: laws, needs, steps, ways, shifts and pools."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sandcone.core.law import Fixed, LawWhen, Lognormal, Minutes
from sandcone.core.model import Need, Pick, Pool, Resource, Step
from sandcone.core.route import Choose, Do, Split, Way, WaysWhen
from sandcone.core.site import Condition, Shift, Value

Spread = tuple[float, float]
"""A median and the standard deviation of the logarithm."""
Nodes = dict[str, Do | Choose | Split]
DAY = 1440.0
WORKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
ALL_DAYS = (*WORKDAYS, "Sun")


def minutes(spread: Spread, times: float = 1.0) -> Lognormal:
    """The law of a median and a sigma."""
    return Lognormal(median=spread[0] * times, sigma=spread[1])


def by_value(attribute: str, laws: Mapping[str, Lognormal]) -> Minutes:
    """How long a step takes by the value of an attribute; the first law holds for any other value."""
    cases = tuple(LawWhen(law=law, when=when(attribute, name)) for name, law in laws.items())
    return Minutes(otherwise=next(iter(laws.values())), cases=cases)


def step(law: Lognormal | Fixed, *needs: Need, value: Value = "value-adding") -> Step:
    """A step that takes as long for everybody."""
    return Step(minutes=Minutes(otherwise=law), needs=needs, value=value)


def need(*pools: str, units: int = 1, until: str | None = None, blocks: bool = False) -> Need:
    """Places of one of these pools."""
    return Need(pools=pools, units=units, until=until, blocks=blocks)


def when(attribute: str, *values: str) -> tuple[Condition, ...]:
    """True of patients with one of these values."""
    return (Condition(attribute=attribute, values=values),)


def all_to(to: str) -> tuple[Way, ...]:
    """Everybody goes the same way."""
    return (Way(to=to, share=1.0),)


def some_to(to: str, share: float, otherwise: str) -> tuple[Way, ...]:
    """A share of patients goes one way, the others another."""
    return (Way(to=to, share=share), Way(to=otherwise, share=1 - share))


def shares_to(to: str, attribute: str, shares: Mapping[str, float], otherwise: str) -> Choose:
    """A share of patients by the value of an attribute goes one way, the others another; nobody of any other value does."""
    cases = tuple(WaysWhen(when=when(attribute, value), ways=some_to(to, share, otherwise)) for value, share in shares.items())
    return Choose(otherwise=all_to(otherwise), cases=cases)


def shift(days: tuple[str, ...], opens: str, closes: str) -> Shift:
    """Open hours on some days."""
    return Shift.model_validate({"days": days, "from": opens, "to": closes})


def shifts(days: tuple[str, ...], opens: str, closes: str) -> tuple[Shift, ...]:
    """Open hours on some days; hours that pass midnight go on in the next day's morning."""
    if closes > opens:
        return (shift(days, opens, closes),)
    next_days = tuple(ALL_DAYS[(ALL_DAYS.index(d) + 1) % 7] for d in days)
    return (shift(next_days, "00:00", closes), shift(days, opens, "24:00"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Resources, and the pools they form."""

    resources: dict[str, Resource] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)

    def group(self, pool: str, capacity: float, **of: object) -> None:
        """A pool that is one group of like beds or people."""
        self.resources[pool] = Resource(capacity=max(1, math.ceil(capacity)), **of)  # type: ignore[arg-type]
        self.pools[pool] = Pool(members=(pool,))

    def each(self, pool: str, names: Iterable[str], pick: Pick = "listed", **of: object) -> None:
        """A pool of people or rooms that are told apart."""
        members = tuple(names)
        self.resources.update(dict.fromkeys(members, Resource(**of)))  # type: ignore[arg-type]
        self.pools[pool] = Pool(members=members, pick=pick)

    def in_shifts(self, pool: str, people: Mapping[str, int], **of: object) -> None:
        """A pool of people who work in shifts, so many in each; the shift's name is that of its calendar."""
        groups = {f"{pool}, {at}": Resource(capacity=n, calendar=at, **of) for at, n in people.items()}  # type: ignore[arg-type]
        self.resources.update(groups)
        self.pools[pool] = Pool(members=tuple(groups))
