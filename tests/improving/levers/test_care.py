"""Levers of care and booking: what they set, and what they leave."""

from __future__ import annotations

from typing import Any

import pytest

from sandcone.core.errors import ModelError
from sandcone.improving.levers.care import booking, care, decoupling
from tests.improving.levers.played import today


@pytest.mark.parametrize(
    ("lever", "said", "field"),
    [
        (care, {"care": "segment"}, "care"),
        (booking, {"booking": "re-planned daily"}, "booking"),
        (decoupling, {"step": "Visit"}, "personal_from"),
    ],
    ids=["care", "booking", "decoupling"],
)
def test_a_lever_of_care_sets_its_field_and_leaves_the_hospital(lever: Any, said: dict[str, str], field: str) -> None:
    at = today()
    after = lever(at, **said)
    assert getattr(after, field) == next(iter(said.values()))
    assert (after.model, after.plan, after.money_per_week) == (at.model, at.plan, 0.0)
    with pytest.raises(ModelError, match="already, so nothing would change"):
        lever(after, **said)


def test_a_decoupling_point_is_a_step_of_the_hospital() -> None:
    with pytest.raises(ModelError, match="step 'Visitation' is not there"):
        decoupling(today(), step="Visitation")
