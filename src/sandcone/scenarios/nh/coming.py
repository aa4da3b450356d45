"""When elective patients come, and of which kind, drawn from the hospital's own streams for so many days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from sandcone.core.arrivals import Gaps, Kind, Rate
from sandcone.core.journeys import openings
from sandcone.core.law import Uniform
from sandcone.core.model import Model
from sandcone.core.site import Calendar

Draws = np.random.Generator
Reals = NDArray[np.float64]
DAY = 1440.0
ELECTIVE = ("clinic", "hubs", "camps")


def coming(model: Model, days: int, draws: Draws) -> list[tuple[float, Mapping[str, str]]]:
    """Minute and attributes of all elective patients, in order of arrival."""
    everybody = [pair for stream in model.arrivals if stream.name in ELECTIVE for pair in _of(model, stream, days, draws)]
    return sorted(everybody, key=lambda pair: pair[0])


def emergencies(model: Model) -> tuple[int, ...]:
    """The streams, by number, that are no elective ones."""
    return tuple(i for i, stream in enumerate(model.arrivals) if stream.name not in ELECTIVE)


def _of(model: Model, stream: object, days: int, draws: Draws) -> Iterator[tuple[float, Mapping[str, str]]]:
    assert isinstance(stream, Gaps | Rate)
    minutes = _gaps(model, stream, days, draws) if isinstance(stream, Gaps) else _rate(model, stream, days, draws)
    yield from zip(minutes.tolist(), _kinds(stream.kinds, len(minutes), draws), strict=True)


def _kinds(kinds: tuple[Kind, ...], n: int, draws: Draws) -> Iterator[Mapping[str, str]]:
    shares = np.array([k.share for k in kinds])
    return (kinds[i].attributes for i in draws.choice(len(kinds), size=n, p=shares / shares.sum()))


def _gaps(model: Model, stream: Gaps, days: int, draws: Draws) -> Reals:
    """One after the other, the clock of the gaps running in open hours only."""
    opens, lengths = _open(model, stream.open, days)
    until = np.cumsum(lengths)
    most = int(until[-1] / stream.gap.mean * 1.2) + 100
    at = np.cumsum(draws.exponential(stream.gap.mean, most))
    at = at[at < until[-1]]
    which = np.searchsorted(until, at, side="right")
    return np.asarray(opens[which] + at - (until - lengths)[which])


def _open(model: Model, calendar: Calendar | None, days: int) -> tuple[Reals, Reals]:
    if calendar is None:
        return np.zeros(1), np.array([days * DAY])
    opens, closes = np.array(sorted(openings(calendar, model.begin, days)), dtype=float).T
    return opens, closes - opens


def _rate(model: Model, stream: Rate, days: int, draws: Draws) -> Reals:
    """Parties by chance in each hour, all of one party at one moment."""
    hours = np.arange(days * 24)
    of_week = (model.begin.weekday() * 24 + hours) % 168
    rates = np.array(stream.per_hour)[of_week if len(stream.per_hour) > 1 else np.zeros_like(of_week)]
    at = np.repeat(hours * 60.0, draws.poisson(rates))
    at = at + draws.uniform(0.0, 60.0, len(at))
    if stream.party is None:
        return at
    assert isinstance(stream.party, Uniform)
    size = np.maximum(1, np.rint(draws.uniform(stream.party.low, stream.party.high, len(at)))).astype(int)
    return np.repeat(at, size)
