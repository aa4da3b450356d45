"""What the tests of planning's commands share: a small problem and a plan, as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.planning.small_files import PLAN, PROBLEM


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """The problem and the plan."""
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(json.dumps(PROBLEM))
    plan.write_text(json.dumps(PLAN))
    return problem, plan
