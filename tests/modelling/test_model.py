from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sandcone.core.arrivals import Slots
from sandcone.core.errors import EmptyError
from sandcone.core.law import Fixed
from sandcone.core.model import Model
from sandcone.core.model_file import as_text, read_model, save_model
from sandcone.core.plan import ByClass
from sandcone.core.route import Choose, Do, Split
from sandcone.modelling import model
from tests.modelling.worlds import clinic, did, log_of


def dos(m: Model, step: str) -> list[Do]:
    return [n for n in m.route.nodes.values() if isinstance(n, Do) and n.step == step]


def delay(m: Model, step: str) -> float:
    """The mean delay of a step over its nodes (minutes)."""
    return float(np.mean([n.lag.mean if n.lag is not None else 0.0 for n in dos(m, step)]))


def test_a_clinic_is_learnt_as_it_was_made() -> None:
    m = model(clinic(), seed=1)
    assert {s: tuple(m.pools[p].members for n in x.needs for p in n.pools) for s, x in m.steps.items()} == {
        "Look": (("Cy",),),
        "Talk": (("Ann", "Bo"),),
    }
    assert m.steps["Look"].minutes.law({}).mean == pytest.approx(6, abs=0.01)
    assert m.steps["Talk"].minutes.law({}, "Ann").mean == pytest.approx(12, abs=0.01)
    assert m.steps["Talk"].minutes.law({}, "Bo").mean == pytest.approx(24, abs=0.01)
    assert [r.capacity for r in m.resources.values()] == [1, 1, 1]


def test_patients_who_come_at_fixed_times_have_slots() -> None:
    arrivals = model(clinic(), seed=1).arrivals[0]
    assert isinstance(arrivals, Slots)
    assert len(arrivals.slots) == 40
    assert arrivals.filled == 1.0
    assert arrivals.slots[:3] == (480, 540, 600)


def test_the_model_begins_on_the_day_the_log_ends() -> None:
    assert model(clinic(n=400), seed=1).begin == date(2024, 3, 8)  # ten weeks of five days, the last a Friday


def test_shares_of_a_choice_are_those_seen() -> None:
    m = model(clinic(n=1200, per_day=24), seed=1)
    after = next(n for n in m.route.nodes.values() if isinstance(n, Choose) and any(w.to == "end" for w in n.otherwise))
    assert sum(w.share for w in after.otherwise if w.to == "end") == pytest.approx(0.25, abs=0.04)


def test_a_delay_that_nobody_explains_is_told_from_no_delay() -> None:
    assert delay(model(clinic(lag=0.0), seed=1), "Look") == 0
    assert delay(model(clinic(lag=0.75), seed=1), "Look") == pytest.approx(45, rel=0.02)


def test_waiting_for_the_only_nurse_is_no_delay() -> None:
    """Two come together each hour; the second waits until the nurse is free."""
    rows = []
    for i in range(300):
        for k in range(2):
            at, free = 2.0 * i + 0.01 * k, 2.0 * i + 0.2 + 0.5 * k
            rows += [did(f"{i}-{k}", "Come", at, 2.0 * i + 0.2), did(f"{i}-{k}", "Treat", free, free + 0.5, "Ann")]
    assert delay(model(log_of(rows), seed=1), "Treat") == 0


def test_a_log_with_one_time_a_step_says_that_durations_are_unknown() -> None:
    rows = [did(f"p{i}", s, None, 5.0 * i + k) for i in range(60) for k, s in enumerate(("A", "B", "C"))]
    m = model(log_of(rows, starts="none"), seed=1)
    assert all(x.minutes.otherwise == Fixed(minutes=0.0) and not x.needs for x in m.steps.values())
    assert delay(m, "B") == pytest.approx(60, rel=0.01)
    assert any("one time for each step" in n for n in m.notes)
    assert any("no resources" in n for n in m.notes)


def test_a_log_in_which_nothing_ended_is_refused() -> None:
    with pytest.raises(EmptyError, match="no step in it ever ended"):
        model(log_of([did("p", "A", 1.0, None)]), seed=1)


def test_one_finished_step_is_enough_for_a_model() -> None:
    m = model(log_of([did("p", "A", 1.0, 1.5, "Ann")]), seed=1)
    assert m.steps["A"].minutes.otherwise == Fixed(minutes=30.0)
    assert m.route.first == "A, first" or m.route.first == "A"


def test_a_case_that_has_not_ended_does_not_end_where_it_was_last_seen() -> None:
    rows = [did(f"p{i}", "A", 3.0 * i, 3.0 * i + 1) for i in range(80)]
    rows += [did(f"p{i}", "B", 3.0 * i + 1, 3.0 * i + 2 if i < 40 else None) for i in range(80)]
    m = model(log_of(rows), seed=1)
    after = [n.then for n in dos(m, "A")]
    assert "end" not in after
    assert any("40 cases" in n for n in m.notes)


def test_steps_at_the_same_time_become_parallel_parts_that_are_waited_for() -> None:
    luck, rows = np.random.default_rng(5), []
    for i in range(300):
        a, b = luck.uniform(0.5, 2, size=2)
        rows += [did(f"p{i}", "Come", 4.0 * i, 4.0 * i + 0.1), did(f"p{i}", "Blood", 4.0 * i + 0.1, 4.0 * i + 0.1 + a)]
        rows += [did(f"p{i}", "Scan", 4.0 * i + 0.1, 4.0 * i + 0.1 + b), did(f"p{i}", "Go", 4.0 * i + 0.1 + max(a, b), 4.0 * i + 3)]
    m = model(log_of(rows), seed=1)
    split = next(n for n in m.route.nodes.values() if isinstance(n, Split))
    assert {n.step for b in split.branches if isinstance(n := m.route.nodes[b], Do)} == {"Blood", "Scan"}
    assert delay(m, "Go") == pytest.approx(0, abs=0.05)


def test_an_attribute_that_decides_the_way_is_in_the_choice_and_in_the_mix_of_patients() -> None:
    rows = []
    for i in range(600):
        kind = "old" if i % 3 else "new"
        rows += [
            did(f"p{i}", "A", 2.0 * i, 2.0 * i + 1, kind=kind),
            did(f"p{i}", "X" if i % 3 else "Y", 2.0 * i + 1, 2.0 * i + 1.5, kind=kind),
        ]
    m = model(log_of(rows), seed=1)
    ways = {w.to: w.share for n in m.route.nodes.values() if isinstance(n, Choose) for w in n.ways({"kind": "new"})}
    assert [to[0] for to, share in ways.items() if share == 1] == ["Y"]
    assert {k.attributes["kind"]: round(k.share, 2) for k in m.arrivals[0].kinds} == {"old": 0.67, "new": 0.33}


def test_the_class_that_goes_first_is_seen() -> None:
    """Three wait each morning; the red one came last and is taken first."""
    rows = []
    for i in range(200):
        for k, (kind, place) in enumerate((("green", 1), ("green", 2), ("red", 0))):
            start = 24.0 * i + 9 + 0.5 * place
            rows.append(did(f"{i}-{k}", "Treat", start, start + 0.5, "Ann", ready=24.0 * i + 7 + 0.2 * k, triage=kind))
    assert model(log_of(rows), seed=1).queue == ByClass(attribute="triage", order=("red", "green"))


def test_a_resource_with_two_in_hand_all_day_has_two_places() -> None:
    rows = [did(f"p{i}", "Lie", 1.0 * i, 1.0 * i + 1.95, "Bay") for i in range(200)]
    assert model(log_of(rows), seed=1).resources["Bay"].capacity == 2


def test_further_resources_of_a_step_are_a_need_of_their_own() -> None:
    rows = [did(f"p{i}", "Cut", 3.0 * i, 3.0 * i + 1, "Room", others=["Sue" if i % 2 else "Tom"]) for i in range(80)]
    m = model(log_of(rows), seed=1)
    assert [m.pools[n.pools[0]].members for n in m.steps["Cut"].needs] == [("Room",), ("Sue", "Tom")]


def test_a_model_is_a_file_that_reads_back_equal_and_the_same_seed_gives_the_same(tmp_path: object) -> None:
    log = clinic()
    m = model(log, seed=1)
    path = save_model(m, f"{tmp_path}/m.json")
    assert read_model(path) == m
    assert as_text(model(log, seed=1)) == as_text(m)
