"""What comes before what among the parts of a module that says no lags: as they are listed, and some beside others."""

from __future__ import annotations

from collections.abc import Sequence

from sandcone.core.care import Lag, Part


def as_listed(parts: Sequence[Part]) -> tuple[Lag, ...]:
    """What comes before what, if parts follow each other as listed and those ``during`` another one go on beside it.

    Parts during the same one follow each other; what follows that one comes after it and after all that went on during it. A part whose
    other one is not among ``parts`` (it is not for this person) stands for itself.
    """
    there = {p.name for p in parts}
    inner: dict[str | None, list[str]] = {}
    for p in parts:
        inner.setdefault(p.during if p.during in there else None, []).append(p.name)
    found = dict[str, list[Lag]]()

    def walk(within: str | None, before: list[str]) -> list[str]:
        """The parts within one, each after the one before it; gives those with which they end."""
        for name in inner.get(within, ()):
            found[name] = [Lag(before=b, after=name) for b in before]
            before = [name, *(walk(name, before) if name in inner else ())]
        return before

    walk(None, [])
    return tuple(lag for p in parts for lag in found[p.name])
