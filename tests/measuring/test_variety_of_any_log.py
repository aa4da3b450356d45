"""Whatever a small log looks like, the measures of variety come out as numbers that can be, or say why not."""

import math
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandcone.core.chance import Luck
from sandcone.core.estimate import Measures
from sandcone.measuring.capability import capability
from sandcone.measuring.charts import charts
from sandcone.measuring.commonality import commonality
from sandcone.measuring.modules import modules
from sandcone.measuring.personalization import personalization
from sandcone.measuring.prepare import Prepared
from sandcone.measuring.process_types import process_types
from sandcone.measuring.survival import survival
from sandcone.measuring.variety import variety
from tests.measuring.worlds import step, world

SIGNED = ("personalization.u_adj", "personalization.u_out_of_sample", "segment.u")
SITE: dict[str, object] = {
    "segment": ["sex"],
    "units": {"a": "ward", "b": "clinic"},
    "mode": {"urgent": {"attribute": "sex", "values": ["f"]}, "severe": {"attribute": "sex", "values": ["f"]}},
    "needs": [{"attribute": "sex", "values": ["f"], "step": "b", "weight": 2.0}],
    "agreed_step": "c",
}


def anything(seed: int) -> list[dict[str, Any]]:
    """A few cases with open, instant, repeated and overlapping steps, some resources and some attributes."""
    rng = random.Random(seed)
    rows = []
    for case in range(rng.choice([1, 2, 5, 30])):
        t, known = rng.random() * 500, {"sex": rng.choice("fm"), "age": str(rng.randint(1, 90))} if rng.random() < 0.8 else {}
        for _ in range(rng.randint(1, 5)):
            end = None if rng.random() < 0.1 else t + rng.choice([0, 1, 2.5])
            begin = None if end is None and rng.random() < 0.5 else t
            rows.append(step(f"p{case}", rng.choice("abcd"), begin, end, rng.choice([None, "ann", "bo"]), ready=t - rng.random(), **known))
            t += rng.random() * 6
    return rows


def everything(prepared: Prepared, draws: int) -> Measures:
    luck = Luck(seed=1, draws=draws)
    drawn = [measure(prepared, luck) for measure in (variety, personalization, modules, process_types, capability)]
    return sum([*drawn, commonality(prepared), survival(prepared), charts(prepared)], Measures(items=()))


@settings(max_examples=12)
@given(st.integers(0, 10**6), st.sampled_from([0, 60]), st.booleans())
def test_every_number_is_possible_and_given_once(seed: int, draws: int, declared: bool) -> None:
    found = everything(world(anything(seed), site=SITE if declared else {}), draws)
    groups = [(m.name, tuple(sorted(m.group.items()))) for m in found]
    assert len(set(groups)) == len(groups)
    for m in found:
        assert math.isfinite(m.estimate.value), m
        assert m.estimate.unit != "share" or m.name in SIGNED or -1e-9 <= m.estimate.value <= 1 + 1e-9, m
    assert all(m.why and m.name for m in found.missing)


def test_the_order_of_rows_changes_nothing() -> None:
    rows = anything(11)
    shuffled = random.Random(5).sample(rows, len(rows))
    one, other = (everything(world(r, site=SITE), 60) for r in (rows, shuffled))
    assert [(m.name, dict(m.group), m.estimate.n, m.note) for m in one] == [(m.name, dict(m.group), m.estimate.n, m.note) for m in other]
    assert [m.estimate.value for m in one] == pytest.approx([m.estimate.value for m in other])
    assert [m.estimate.low or 0.0 for m in one] == pytest.approx([m.estimate.low or 0.0 for m in other], abs=1e-9)
    assert one.missing == other.missing
