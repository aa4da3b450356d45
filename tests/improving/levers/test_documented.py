"""The page on levers names every kind with every parameter, and nothing that is not there."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from sandcone.improving.levers import KINDS

ROW = re.compile(r"^\| `(\w+)` \| (.*?) \| .* \|$", re.MULTILINE)


def rows(root: Path) -> dict[str, set[str]]:
    """By kind the parameters that its row names."""
    text = (root / "docs" / "levers.md").read_text(encoding="utf-8")
    kinds = text[text.index("\n## Kinds") : text.index("\n## Suggestions")]
    return {kind: set(re.findall(r"`(\w+)`", said)) for kind, said in ROW.findall(kinds)}


def test_every_kind_is_on_the_page_and_no_other(root: Path) -> None:
    assert set(rows(root)) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_of_a_kind_is_in_its_row_and_no_other(kind: str, root: Path) -> None:
    _, *parameters = inspect.signature(KINDS[kind]).parameters
    assert rows(root)[kind] == set(parameters)
