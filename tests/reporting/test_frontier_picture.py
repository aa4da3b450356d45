"""The frontier picture: where dots stand, which are filled, and a file that is a picture by itself."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

from sandcone.core.frontier import Frontier, Point
from sandcone.core.inpatient import InpatientPlan
from sandcone.reporting.frontier_picture import axis, frontier_file, frontier_picture

SVG = "{http://www.w3.org/2000/svg}"


def frontier(*costs: tuple[int, int, int], broken: int = 0) -> Frontier:
    """Plans with these costs; the last one broken by so much."""
    last = len(costs)
    return Frontier(
        points=tuple(
            Point(number=i, times=(1, 1, 1), costs=c, broken=broken if i == last else 0, plan=InpatientPlan())
            for i, c in enumerate(costs, 1)
        )
    )


def test_a_lower_cost_stands_further_left_and_lower_down() -> None:
    root = ElementTree.fromstring(frontier_file(frontier((100, 900, 50), (300, 400, 50))))
    second, first = root.find(f"{SVG}g").findall(f".//{SVG}circle")  # type: ignore[union-attr]
    assert float(first.get("cx", 0)) < float(second.get("cx", 0))
    assert float(first.get("cy", 0)) < float(second.get("cy", 0))  # more flow cost: higher up, so fewer pixels from the top


def test_only_plans_that_no_other_beats_are_filled() -> None:
    drawn = frontier_picture(frontier((1, 9, 5), (2, 9, 5), (3, 4, 5)))
    marks = re.findall(r"<g( class=\"best\")?><title>as it is: resource (\d)", drawn)
    assert marks == [("", "2"), (' class="best"', "3"), (' class="best"', "1")] * 3  # the best are drawn last, on top


def test_plans_that_cannot_be_carried_out_are_not_drawn() -> None:
    assert "resource 77" not in frontier_picture(frontier((1, 9, 5), (77, 1, 1), broken=1))
    assert frontier_picture(frontier((77, 1, 1), broken=1)) == ""
    assert "No plan can be carried out." in frontier_file(frontier((77, 1, 1), broken=1))


def test_numbers_of_dots_on_one_spot_are_written_apart() -> None:
    root = ElementTree.fromstring(frontier_file(frontier((5, 5, 5), (5, 5, 5), (9, 9, 9))))
    names = [t for t in root.find(f"{SVG}g").iter(f"{SVG}text") if t.get("class") == "dot-name"]  # type: ignore[union-attr]
    spots = {(t.get("x"), t.get("y")) for t in names}
    assert len(spots) == 3


def test_an_axis_has_round_ticks_around_all_that_is_shown() -> None:
    for costs in ([7], [0, 3], [1745, 3975], [344, 357], [0, 250_000]):
        found = axis(costs)
        ticks = found.ticks()
        assert found.low <= min(costs) <= max(costs) <= found.high
        assert 2 <= len(ticks) <= 7
        assert all(b - a == found.step for a, b in pairwise(ticks))
        assert found.low >= 0
