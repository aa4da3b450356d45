"""A hospital with more or less of everything: so many times as many patients, or so many times as many places.

That is how a curve of flow efficiency against resource efficiency is drawn for one way of running a hospital: the way stays as it is, and
the hospital gets busier or less busy (FIELD.md §3).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sandcone.core.arrivals import Arrivals, Gaps, Listed, Rate, Slots
from sandcone.core.errors import ModelError
from sandcone.core.law import LawWhen, longer
from sandcone.core.model import Booking, Model, Pool, Step
from sandcone.improving.scaled_line import line

__all__ = ["line", "with_capacity", "with_demand"]


def with_demand(model: Model, times: float) -> Model:
    """The same hospital with so many times as many patients of every stream, of the same kinds and at the same hours.

    Rates are scaled, gaps are so many times as short, and so many times as many slots are filled; where that is more than all of them, each
    is offered twice or more often. Parties stay as large. Raises ``ModelError`` where patients are listed one by one.
    """
    _sensible("demand", times)
    return model if times == 1 else replace(model, arrivals=tuple(_more_of(stream, times) for stream in model.arrivals))


def with_capacity(model: Model, times: float) -> Model:
    """The same hospital with so many times as many places: larger or smaller groups, more or fewer single members of pools.

    Resources of one place that belong to the same pools and keep the same hours are counted together: half of three are two. New ones are
    copies ("… (extra 1)"), and the last ones go first; one of each stays. The places of appointments are scaled too. All is rounded, so a
    small hospital moves in steps. Raises ``ModelError`` where some step could no longer be done.
    """
    _sensible("capacity", times)
    if times == 1:
        return model
    crew = _Crew.of(model, times)
    groups = {name: replace(r, capacity=_rounded(r.capacity * times)) for name, r in model.resources.items() if r.capacity > 1}
    whole = {**model.resources, **groups}
    return replace(
        model,
        resources={new: whole[old] for old in whole for new in crew.instead(old)},
        pools={name: _pool(pool, crew) for name, pool in model.pools.items()},
        steps={name: _step(step, crew, times) for name, step in model.steps.items()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crew:
    """Which single resources go, and the names of the copies of those that get company."""

    gone: frozenset[str]
    copies: Mapping[str, tuple[str, ...]]

    @staticmethod
    def of(model: Model, times: float) -> _Crew:
        gone, copies = list[str](), dict[str, tuple[str, ...]]()
        for alike in _alike(model):
            now, then = len(alike), _rounded(len(alike) * times)
            gone += alike[then:]
            for i in range(now, then):
                old = alike[i % now]
                copies[old] = (*copies.get(old, ()), f"{old} (extra {i // now})")
        return _Crew(gone=frozenset(gone), copies=copies)

    def instead(self, name: str) -> tuple[str, ...]:
        """A resource with its copies, or nothing."""
        return () if name in self.gone else (name, *self.copies.get(name, ()))


def _alike(model: Model) -> Iterator[list[str]]:
    """Single resources that belong to the same pools and keep the same hours, in the order of the model."""
    groups: dict[tuple[tuple[str, ...], str | None], list[str]] = {}
    for name, r in model.resources.items():
        pools = tuple(p for p, pool in model.pools.items() if name in pool.members)
        if r.capacity == 1 and pools:
            groups.setdefault((pools, r.calendar), []).append(name)
    yield from groups.values()


def _pool(pool: Pool, crew: _Crew) -> Pool:
    kept = [m for m in pool.members if m not in crew.gone]
    return replace(pool, members=(*kept, *(new for m in kept for new in crew.instead(m)[1:])))


def _step(step: Step, crew: _Crew, times: float) -> Step:
    """Laws that hold for one resource hold for its copies too."""
    cases = tuple(c for case in step.minutes.cases for c in _case(case, crew))
    booking = None if step.booking is None else _booking(step.booking, times)
    return replace(step, minutes=replace(step.minutes, cases=cases), booking=booking)


def _case(case: LawWhen, crew: _Crew) -> Sequence[LawWhen]:
    return [case] if case.resource is None else [replace(case, resource=new) for new in crew.instead(case.resource)]


def _booking(booking: Booking, times: float) -> Booking:
    """So many times as many places in a week: the same number at each slot as far as it goes, the rest spread over the week."""
    now = len(booking.slots)
    each, over = divmod(_rounded(now * booking.places * times), now)
    if over == 0:
        return replace(booking, places=each)
    more = [(i + 1) * over // now - i * over // now for i in range(now)]  # 0 or 1, evenly
    return replace(booking, places=1, slots=tuple(s for s, m in zip(booking.slots, more, strict=True) for _ in range(each + m)))


def _more_of(stream: Arrivals, times: float) -> Arrivals:
    match stream:
        case Rate():
            return replace(stream, per_hour=tuple(r * times for r in stream.per_hour))
        case Gaps():
            return replace(stream, gap=longer(stream.gap, 1 / times))
        case Slots():
            each = max(1, math.ceil(stream.filled * times - 1e-9))
            slots = tuple(s for s in stream.slots for _ in range(each))
            return replace(stream, slots=slots, filled=min(1.0, stream.filled * times / each))
        case Listed():
            found = "its patients are listed one by one, and nobody can be made up among them"
            raise ModelError(f"arrivals {stream.name!r}", found, "Give rates, gaps or slots, or change capacity instead.")


def _rounded(x: float) -> int:
    return max(1, math.floor(x + 0.5))


def _sensible(what: str, times: float) -> None:
    if not (math.isfinite(times) and times > 0):
        raise ModelError(what, f"{times} times as much", "Give a number above 0, such as 1.1 for a tenth more.")
