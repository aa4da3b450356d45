"""The places of a house while some change: more of them, fewer, or others in another pool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from itertools import count, islice

from sandcone.core.errors import ModelError
from sandcone.core.lever import BRANCH
from sandcone.core.model import Model, Pool, Resource, Step

EXTRA = " (extra "
"""Stands between the name of a resource and the number of one more like it: "Theatre A6 (extra 1)"."""


@dataclass(slots=True, kw_only=True)
class Places:
    """A house's places while some change; ``copies`` names new resources, each with the one of the model that it is like."""

    resources: dict[str, Resource]
    members: dict[str, tuple[str, ...]]
    copies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, model: Model) -> Places:
        """The places of a model."""
        return cls(resources=dict(model.resources), members={name: p.members for name, p in model.pools.items()})

    def count(self, pool: str) -> int:
        """How many patients a pool can serve at once."""
        return sum(self.resources[m].capacity for m in self.members[pool])

    def more(self, pool: str, by: int) -> None:
        """The largest group of the pool grows; where all are single, copies of the last one join, in all pools that it is in."""
        last, largest = self.members[pool][-1], max(self.members[pool], key=lambda m: self.resources[m].capacity)
        it = self.resources[largest]
        if it.capacity > 1:
            self.resources[largest] = replace(it, capacity=it.capacity + by)
            return
        first = last.partition(EXTRA)[0]
        numbered = (f"{first}{EXTRA}{i})" for i in count(1))
        extra = tuple(islice((name for name in numbered if name not in self.resources), by))
        self.resources |= dict.fromkeys(extra, self.resources[last])
        self.copies |= dict.fromkeys(extra, self.copies.get(last, last))
        self.members = {n: (*who, *extra) if last in who else who for n, who in self.members.items()}

    def take(self, pool: str, units: int, to: str) -> tuple[str, ...]:
        """Take so many places out of a pool, from its end, and out of every other pool they are in: who left.

        A member leaves whole; of a group with more places than are wanted a part leaves, under the name "group · to". ``ModelError``
        where no place would be left.
        """
        have = self.count(pool)
        if not 0 < units < have:
            raise ModelError(f"pool {pool!r}", f"{units} of its {have} places are to leave it", "Take at least one and leave at least one.")
        left: list[str] = []
        for member in reversed(self.members[pool]):
            places = self.resources[member].capacity
            if units > 0:
                left.append(member if units >= places else self._part(member, units, to))
            units -= min(units, places)
        self.members = {name: tuple(m for m in of if m not in left) for name, of in self.members.items()}
        return tuple(left)

    def _part(self, group: str, units: int, to: str) -> str:
        part = free_name(f"{group}{BRANCH}{to}", self.resources)
        it = self.resources[group]
        self.resources |= {group: replace(it, capacity=it.capacity - units), part: replace(it, capacity=units)}
        self.copies[part] = self.copies.get(group, group)
        return part

    def put(self, who: Iterable[str], pool: str) -> None:
        """Who left another pool joins this one, and keeps its hours."""
        host, who = self.resources[self.members[pool][0]], tuple(who)
        hours = {"calendar": host.calendar, "at_close": host.at_close, "last_start_minutes": host.last_start_minutes}
        self.resources |= {name: replace(self.resources[name], **hours) for name in who}  # type: ignore[arg-type]
        self.members[pool] += who

    def close(self, who: Iterable[str]) -> None:
        """Who left is there no more."""
        for name in who:
            del self.resources[name]
            self.copies.pop(name, None)

    def model(self, before: Model, new: Mapping[str, Pool] | None = None) -> Model:
        """The model with these places, and new pools; a new resource takes as long for a step as the one it is like.

        A pool in which nobody is left goes, if no step needs it; else ``ModelError``.
        """
        needed = {p for step in before.steps.values() for need in step.needs for p in need.pools}
        empty = [name for name, who in self.members.items() if not who]
        if needed & set(empty):
            raise ModelError(f"pool {min(needed & set(empty))!r}", "nobody would be left in it", "Leave somebody in each pool.")
        pools = {name: replace(before.pools[name], members=who) for name, who in self.members.items() if who}
        gone = before.resources.keys() - self.resources.keys()
        steps = _timed_alike({name: _without(step, gone) for name, step in before.steps.items()}, self.copies)
        return replace(before, resources=self.resources, pools={**pools, **(new or {})}, steps=steps)


def free_name(name: str, taken: Mapping[str, object]) -> str:
    """The name, or where something is called so already the name with the first number that is free."""
    return next(n for i in range(1, len(taken) + 2) if (n := name if i == 1 else f"{name} {i}") not in taken)


def _timed_alike(steps: Mapping[str, Step], copies: Mapping[str, str]) -> Mapping[str, Step]:
    """The steps, which take as long with new resources as with those that they are like, where it is told who does them."""
    return {name: _timed(step, copies) if any(c.resource for c in step.minutes.cases) else step for name, step in steps.items()}


def _timed(step: Step, copies: Mapping[str, str]) -> Step:
    cases = ((c, *(replace(c, resource=new) for new, like in copies.items() if like == c.resource)) for c in step.minutes.cases)
    return replace(step, minutes=replace(step.minutes, cases=tuple(c for each in cases for c in each)))


def _without(step: Step, gone: Set[str]) -> Step:
    if not any(c.resource in gone for c in step.minutes.cases):
        return step
    return replace(step, minutes=replace(step.minutes, cases=tuple(c for c in step.minutes.cases if c.resource not in gone)))
