"""The logs that simulations are scored on: the model stays a value that a person can open."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandcone import read
from sandcone.core.model_file import as_text
from sandcone.modelling import model
from tests.public_logs import LOGS


@pytest.mark.parametrize("name", ["sepsis", "hospital_billing_10k", "LoanApp", "P2P", "Production", "BPIC_2012_W"])
def test_a_public_log_gives_a_model_of_less_than_two_megabytes(root: Path, shared: Path, name: str) -> None:
    file, columns = LOGS[name]
    m = model(read(shared / "data" / file, columns=root / "examples" / "maps" / f"{columns}.toml"), seed=1)
    assert len(as_text(m)) < 2_000_000
    assert m.notes
