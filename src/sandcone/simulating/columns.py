"""Numbers side by side and lists in a row, as the compiled engine reads them, and laws as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandcone.core.law import Exponential, Fixed, Law, Lognormal, Seen, Uniform
from sandcone.simulating import kernel as k

Ints = NDArray[np.int64]


def ints(values: Iterable[int]) -> Ints:
    """Whole numbers as an array."""
    return np.array(list(values), dtype=np.int64)


def floats(values: Iterable[float]) -> NDArray[np.float64]:
    """Numbers as an array."""
    return np.array(list(values), dtype=np.float64)


def places_of(names: Iterable[str]) -> dict[str, int]:
    """The place of each name."""
    return {name: i for i, name in enumerate(names)}


def columns(*those: Iterable[int]) -> Ints:
    """Columns of whole numbers side by side."""
    return np.array([list(c) for c in those], dtype=np.int64).T.reshape(-1, len(those)).copy()


def columns_of_minutes(*those: Iterable[float]) -> NDArray[np.float64]:
    """Columns of numbers side by side."""
    return np.array([list(c) for c in those], dtype=np.float64).T.reshape(-1, len(those)).copy()


def spans(lists: Sequence[Sized]) -> tuple[list[int], list[int]]:
    """Where each of some lists begins, and where it ends, when they are put in a row."""
    ends = [int(x) for x in np.cumsum([len(x) for x in lists], dtype=np.int64)]
    return [e - len(x) for e, x in zip(ends, lists, strict=True)], ends


def flat(lists: Iterable[Iterable[int]]) -> Ints:
    """Lists put in a row."""
    return ints(x for row in lists for x in row)


class Laws:
    """Laws as numbers, each once."""

    def __init__(self) -> None:
        self.known: dict[Law, int] = {}

    def __call__(self, law: Law | None) -> int:
        """The number of a law; -1 for none."""
        return -1 if law is None else self.known.setdefault(law, len(self.known))

    def arrays(self) -> dict[str, Any]:
        """All laws so far, as the kernel reads them."""
        seen: list[float] = []
        rows = []
        for law in self.known:
            match law:
                case Fixed():
                    rows.append((k.FIXED, law.minutes, 0.0, 0, 0))
                case Uniform():
                    rows.append((k.UNIFORM, law.low, law.high - law.low, 0, 0))
                case Exponential():
                    rows.append((k.EXPONENTIAL, law.mean, 0.0, 0, 0))
                case Lognormal():
                    rows.append((k.LOGNORMAL, law.median, law.sigma, 0, 0))
                case Seen():
                    rows.append((k.SEEN, 0.0, 0.0, len(seen), len(law.minutes)))
                    seen += law.minutes
        kind, a, b, at, n = zip(*rows, strict=True) if rows else ((), (), (), (), ())
        return {"law": columns(kind, at, n), "law_minutes": columns_of_minutes(a, b), "seen": floats(seen)}
