"""Names that are meant to be the same: they differ in case, spaces or signs, or a rare one is a slip of a common one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations

RARE = 0.2  # a slip is at most this share of the name it was meant to be
SHORTEST = 5  # letters of a word in which one slip still leaves no doubt


def lookalikes(counts: Mapping[str, int]) -> list[dict[str, int]]:
    """Groups of names that look like one name, with how often each is used; names that stand alone are in none."""
    parent = {name: name for name in counts}
    for a, b in combinations(sorted(counts), 2):
        if _plain(a) == _plain(b) or (min(counts[a], counts[b]) <= RARE * max(counts[a], counts[b]) and _slip(_words(a), _words(b))):
            parent[_root(parent, a)] = _root(parent, b)
    groups: dict[str, dict[str, int]] = {}
    for name in counts:
        groups.setdefault(_root(parent, name), {})[name] = counts[name]
    return [group for group in groups.values() if len(group) > 1]


def _root(parent: Mapping[str, str], name: str) -> str:
    while parent[name] != name:
        name = parent[name]
    return name


def _plain(name: str) -> str:
    return "".join(_words(name))


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name.lower().replace("_", " "))


def _slip(a: list[str], b: list[str]) -> bool:
    """Same words but one, and that one is long, free of numbers and one slip away."""
    if len(a) != len(b):
        return False
    differ = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    if len(differ) != 1:
        return False
    x, y = differ[0]
    return min(len(x), len(y)) >= SHORTEST and (x + y).isalpha() and _one_apart(x, y)


def _one_apart(a: str, b: str) -> bool:
    """Whether one letter more, fewer, other, or two swapped, turn one word into the other."""
    if len(a) > len(b):
        a, b = b, a
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return len(b) - len(a) == 1 and a[start:] == b[start + 1 :]
    return a[start + 1 :] == b[start + 1 :] or (a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :])
