from tests.measuring.worlds import step, world

HOUR = 3_600_000_000


def test_overlapping_steps_of_a_case_are_counted_once() -> None:
    prepared = world([step("a", "x", 0, 3), step("a", "y", 2, 7), step("a", "z", 9, 10)])
    case = prepared.cases.to_pyarrow().to_pylist()[0]
    assert case["act"] == 8 * HOUR
    assert case["leave"] - case["arrive"] == 10 * HOUR


def test_a_step_waits_from_the_end_of_the_step_before_or_from_its_own_time_of_need() -> None:
    prepared = world([step("a", "x", 0, 3), step("a", "y", 5, 7), step("a", "z", 9, 10, ready=8.5)])
    waits = {r["k"]: r["wait"] for r in prepared.steps.to_pyarrow().to_pylist()}
    assert waits == {0: None, 1: 2 * HOUR, 2: HOUR / 2}


def test_value_classes_come_from_the_activity_table_and_overlaps_count_for_the_better_class() -> None:
    rows = [step("a", "treat", 0, 4), step("a", "move", 3, 6), step("a", "hold", 6, 9)]
    prepared = world(rows, site={"steps": {"move": "necessary", "hold": "waiting"}})
    case = prepared.cases.to_pyarrow().to_pylist()[0]
    assert (case["va"], case["vn"], case["act"]) == (4 * HOUR, 6 * HOUR, 9 * HOUR)


def test_several_resources_of_a_step_are_each_in_use() -> None:
    prepared = world([step("a", "operate", 0, 2, "theatre", others=["surgeon", "nurse"]), step("b", "visit", 1, 2, "nurse")])
    used = sorted(prepared.resource_names[r["r"]] for r in prepared.uses.to_pyarrow().to_pylist())
    assert used == ["nurse", "nurse", "surgeon", "theatre"]


def test_a_step_not_begun_keeps_its_case_open() -> None:
    prepared = world([step("a", "x", 0, 3), step("a", "y", None, None, ready=4), step("b", "x", 1, 2)])
    assert {r["c"]: r["open"] for r in prepared.cases.to_pyarrow().to_pylist()} == {0: True, 1: False}


def test_two_cases_share_a_variant_only_with_the_same_steps_in_the_same_order() -> None:
    rows = [
        step("a", "x", 0, 1),
        step("a", "y", 2, 3),
        step("b", "y", 0, 1),
        step("b", "x", 2, 3),
        step("d", "x", 5, 6),
        step("d", "y", 7, 8),
    ]
    prepared = world(rows)
    a, b, d = (r["variant"] for r in prepared.cases.order_by("c").to_pyarrow().to_pylist())
    assert a == d != b


def test_nobody_waits_for_a_step_that_begins_inside_a_step_still_open() -> None:
    prepared = world([step("a", "ED", 0, 1), step("a", "Ward", 2, None), step("a", "Physio", 30, 31)])
    waits = {r["k"]: r["wait"] for r in prepared.steps.to_pyarrow().to_pylist()}
    assert waits == {0: None, 1: 1 * HOUR, 2: 0}


def test_a_step_that_has_not_begun_is_not_open_around_the_next() -> None:
    prepared = world([step("a", "ED", 0, 1), step("a", "Scan", None, None, ready=2), step("a", "Physio", 5, 7)])
    assert {r["k"]: r["wait"] for r in prepared.steps.to_pyarrow().to_pylist()} == {0: None, 1: None, 2: 4 * HOUR}
