from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sandcone.core.arrivals import Gaps, Slots
from sandcone.core.errors import EmptyError
from sandcone.core.law import Fixed
from sandcone.core.model import Model
from sandcone.core.model_file import as_text, read_model, save_model
from sandcone.core.plan import ByClass
from sandcone.core.route import Choose, Do, Split
from sandcone.modelling import model
from sandcone.modelling.blocks import Player, traces_of
from sandcone.modelling.facts import facts
from sandcone.modelling.tree import mine
from tests.modelling.worlds import clinic, did, log_of, open_hours, visits


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


def test_who_is_only_ever_a_further_resource_has_places_too() -> None:
    """Sue looks after all who lie, three at once, each in a bed of its own."""
    rows = [did(f"p{i}", "Lie", 1.0 * i, 1.0 * i + 2.95, f"Bed {i % 5}", others=["Sue"]) for i in range(300)]
    m = model(log_of(rows), seed=1)
    assert {r: x.capacity for r, x in m.resources.items()} == {**{f"Bed {b}": 1 for b in range(5)}, "Sue": 3}


def test_who_is_named_twice_in_a_step_is_needed_twice() -> None:
    rows = [did(f"p{i}", "Lift", 3.0 * i, 3.0 * i + 1, "Room", others=["Porters", "Porters"]) for i in range(80)]
    m = model(log_of(rows), seed=1)
    assert [(n.pools, n.units) for n in m.steps["Lift"].needs] == [(("Room",), 1), (("Porters",), 2)]
    assert m.resources["Porters"].capacity == 2


def test_two_of_a_team_are_two_of_its_pool() -> None:
    rows = []
    for i in range(90):
        first, second = ("Tom", "Sue") if i % 3 else ("Sue", "Tom")
        rows.append(did(f"p{i}", "Lift", 3.0 * i, 3.0 * i + 1, first, others=[second]))
    (need,) = model(log_of(rows), seed=1).steps["Lift"].needs
    assert need.units == 2
    assert model(log_of(rows), seed=1).pools[need.pools[0]].members == ("Sue", "Tom")


@pytest.mark.parametrize("timed", [True, False])
def test_who_is_named_twice_but_hardly_ever_does_two_things_is_needed_once_and_this_is_said(timed: bool) -> None:
    rows = [did(f"p{i}", "Sit", 3.0 * i if timed else None, 3.0 * i + 2.5, "Porter") for i in range(400)]
    rows += [did(f"q{i}", "Lift", 30.0 * i + 2.6 if timed else None, 30.0 * i + 2.9, "Porter", others=["Porter"]) for i in range(40)]
    m = model(log_of(rows, starts="seen" if timed else "none"), seed=1)
    assert [n.units for n in m.steps["Lift"].needs] == [1]
    assert any("more of a pool than it has places" in n and "Lift" in n for n in m.notes)


def test_who_helps_out_beyond_their_own_hours_is_open_when_they_did() -> None:
    """Nell works from 20 to 24 o'clock; the room is in use from 8 to 17; now and then at 16 she helps in it."""
    rows = [did(f"n{i}", "Watch", 24.0 * (i // 8) + 20 + i % 8 / 2, 24.0 * (i // 8) + 20.4 + i % 8 / 2, "Nell") for i in range(560)]
    rows += [did(f"w{i}", "Walk", 24.0 * (i // 8) + 8 + i % 8, 24.0 * (i // 8) + 8.9 + i % 8, "Room") for i in range(560)]
    rows += [did(f"c{i}", "Cut", 120.0 * i + 16.1, 120.0 * i + 16.4, "Room", others=["Nell"]) for i in range(14)]
    m = model(log_of(rows), seed=1)
    both = open_hours(m, "Nell") & open_hours(m, "Room")
    assert set(np.flatnonzero(both) % 24) == {16}


def test_waiting_for_a_further_resource_is_no_delay() -> None:
    """Two come together, each has a room of their own, and the only nurse, named second, is with one after the other."""
    rows = []
    for i in range(300):
        for k in range(2):
            at, free = 2.0 * i + 0.01 * k, 2.0 * i + 0.2 + 0.5 * k
            rows += [did(f"{i}-{k}", "Come", at, 2.0 * i + 0.2), did(f"{i}-{k}", "Treat", free, free + 0.5, f"Room {k}", others=["Ann"])]
    assert delay(model(log_of(rows), seed=1), "Treat") == 0


def test_who_is_busy_as_a_further_resource_is_not_free() -> None:
    """Ann helps at 'Cut' for half an hour each time; who wants to talk to her waits until she is done."""
    rows = []
    for i in range(300):
        at = 2.0 * i
        rows += [did(f"c{i}", "Cut", at, at + 0.5, "Room", others=["Ann"])]
        rows += [did(f"t{i}", "Come", at, at + 0.1), did(f"t{i}", "Talk", at + 0.5, at + 0.7, "Ann")]
    assert delay(model(log_of(rows), seed=1), "Talk") == 0


def test_a_bed_is_always_open_though_patients_only_come_to_it_in_the_morning() -> None:
    rows = []
    for i in range(120):
        at = 24.0 * (i // 2) + 8.5 + i % 2
        rows += [did(f"p{i}", "See", at, at + 0.4, "Ann"), did(f"p{i}", "Lie", at + 0.5, at + 22.5, f"Bed {i % 2}")]
    m = model(log_of(rows), seed=1)
    assert open_hours(m, "Bed 0").all()
    assert open_hours(m, "Bed 1").all()
    assert set(np.flatnonzero(open_hours(m, "Ann")) % 24) == {8, 9}


def test_patients_who_come_in_even_gaps_have_one_fixed_gap() -> None:
    """Every 97 minutes: not at fixed times of the week."""
    rows = [did(f"p{i}", "A", 97 / 60 * i, 97 / 60 * i + 0.5) for i in range(200)]
    assert model(log_of(rows), seed=1).arrivals == (Gaps(gap=Fixed(minutes=97.0)),)


def test_a_share_of_slots_that_stay_empty_is_seen() -> None:
    rows = [did(f"p{i}", "A", 4.0 * i, 4.0 * i + 1) for i in range(500) if i % 5]
    (stream,) = model(log_of(rows), seed=1).arrivals
    assert isinstance(stream, Slots)
    assert stream.filled == pytest.approx(0.8, abs=0.01)


def test_a_step_that_nobody_has_finished_yet_is_no_hindrance() -> None:
    rows = [did(f"p{i}", "A", 3.0 * i, 3.0 * i + 1, "Ann") for i in range(60)]
    rows += [did(f"p{i}", "B", 3.0 * i + 1, None, "Bo") for i in range(50, 60)]
    m = model(log_of(rows), seed=1)
    assert m.steps["B"].needs == ()
    assert visits(m.route) == {"A": pytest.approx(1.0)}


def test_where_no_case_has_ended_yet_journeys_end_where_they_were_last_seen() -> None:
    """All are seen again and again, and one day nobody is: the loop has a way out after all."""
    rows = [did(f"p{i}", "A", 40.0 * i + k, 40.0 * i + k + 0.9 if k < 5 else None) for i in range(30) for k in range(6)]
    assert visits(model(log_of(rows), seed=1).route) == {"A": pytest.approx(5.0, rel=0.1)}


def test_a_case_under_way_is_not_played_to_its_end_in_a_block_structured_model() -> None:
    """Ten were treated and ten were not; sixty more were last seen before their treatment and are told of in neither way."""
    rows = [did(f"p{i}", "A", 3.0 * i, 3.0 * i + 1) for i in range(80)]
    rows += [did(f"p{i}", "B", 3.0 * i + 1, 3.0 * i + 2 if i < 10 else None) for i in (*range(10), *range(20, 80))]
    f = facts(log_of(rows))
    tree = mine(traces_of(f, np.ones(f.n)), 0.0)
    seen = Player(f=f, weight=np.ones(f.n)).play(tree)
    assert sorted(n for ways in seen.ways.values() for n in ways.values()) == [10.0, 10.0]


def test_a_log_of_one_moment_is_a_model_too() -> None:
    m = model(log_of([did("p", "A", 1.0, 1.0), did("q", "B", 1.0, 1.0)]), seed=1)
    assert sum(visits(m.route).values()) == pytest.approx(1.0)


def test_notes_and_names_say_nothing_of_any_one_case() -> None:
    rows = [did(f"PID{7000 + i}", s, 3.0 * i + k, 3.0 * i + k + 0.9, "Ann") for i in range(90) for k, s in enumerate(("A", "B"))]
    rows.append(did("PID7777", "B", 300.0, None, "Ann"))
    m = model(log_of(rows), seed=1)
    assert m.notes
    assert "PID7" not in as_text(m)


def test_a_model_is_a_file_that_reads_back_equal_and_the_same_seed_gives_the_same(tmp_path: object) -> None:
    log = clinic()
    m = model(log, seed=1)
    path = save_model(m, f"{tmp_path}/m.json")
    assert read_model(path) == m
    assert as_text(model(log, seed=1)) == as_text(m)
