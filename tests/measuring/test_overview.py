import pytest

from sandcone.measuring.overview import overview
from tests.measuring.worlds import step, world

ROWS = [step("a", "x", 0, 1), step("a", "y", 3, 6), step("a", "y", 8, 9), step("b", "x", 0, 2), step("d", "y", 0, 5)]


def test_steps_are_counted_by_case_and_repeats_apart() -> None:
    found = overview(world(ROWS))
    assert (found["cases"].value, found["steps"].value, found["step_kinds"].value) == (3, 5, 2)
    assert found.get("step_share", step="y").value == pytest.approx(2 / 3)
    assert found.get("repeat_share", step="y").value == pytest.approx(1 / 2)
    assert found.get("service_time.mean", step="y").value == pytest.approx(3)


def test_the_map_has_every_passage_with_its_count_and_time() -> None:
    found = overview(world(ROWS))
    counts = {(m.group["from"], m.group["to"]): m.estimate.value for m in found.by("edge.count", "from", "to")}
    assert counts == {("x", "y"): 1, ("y", "y"): 1, ("(start)", "x"): 2, ("(start)", "y"): 1, ("x", "(end)"): 1, ("y", "(end)"): 2}
    assert found.get("edge.wait_median", **{"from": "x", "to": "y"}).value == pytest.approx(2)


def test_the_time_between_steps_is_left_out_inside_a_step_still_open() -> None:
    rows = [step("a", "ED", 0, 1), step("a", "Ward", 2, None), step("a", "Physio", 30, 31), step("b", "ED", 0, 1)]
    rows += [step("b", "Ward", 4, 6), step("b", "Physio", 11, 12)]
    found = {tuple(m.group.values()): m.estimate.value for m in overview(world(rows)) if m.name == "edge.wait_median"}
    assert found == {("ED", "Ward"): 2.0, ("Ward", "Physio"): 5.0}
