"""Both engines, so that each test of what happens runs on either."""

from __future__ import annotations

import pytest

from tests.simulating.worlds import Play, compiled_rows, plain_rows, player


@pytest.fixture(params=["plain", "compiled"])
def play(request: pytest.FixtureRequest) -> Play:
    """Run a model on one engine: what happened, row by row."""
    return player(plain_rows if request.param == "plain" else compiled_rows)
