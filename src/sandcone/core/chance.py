"""Luck has a name: every use of chance draws from a stream of its own, found again by its seed and its keys."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np


@dataclass(frozen=True, slots=True)
class Luck:
    """The seed of all chance in one run, and how many times to draw where an answer is made by drawing (0: never)."""

    seed: int
    draws: int = 400

    def stream(self, *keys: str | int) -> np.random.Generator:
        """The stream of random numbers that belongs to these keys, the same on every run."""
        name = blake2b("/".join(map(str, keys)).encode(), digest_size=8).digest()
        return np.random.default_rng([self.seed, int.from_bytes(name, "big")])
