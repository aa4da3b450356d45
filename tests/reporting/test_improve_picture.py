"""The picture of all tried sets: where they stand, what is drawn of a curve, and what is left outside."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandcone.reporting.improve_curves import inside, lines_key, lines_picture, lines_table
from sandcone.reporting.improve_marks import cross, marks, window, within
from sandcone.reporting.improve_picture import outside, sets_legend, sets_picture
from sandcone.reporting.matrix_picture import Axis, Plot
from tests.reporting.improved_sample import (
    NAMES,
    POOL,
    SETS,
    TODAY,
    around,
    cloud,
    improved,
    line,
    none_better,
    nothing,
    one_set,
    some_judged,
    today,
    tried,
)

UNIT = Axis(low=0.0, high=1.0, step=0.2, cut=0.5)
SQUARE = Plot(across=UNIT, up=UNIT)
AWAY = st.floats(-3, 4, allow_subnormal=False)


def test_a_set_stands_where_its_difference_from_today_puts_it_and_not_where_its_own_runs_do() -> None:
    t = tried((POOL,), (0.01, -0.02, 0, 0, 0))
    luckier = replace(t, values={n: replace(e, value=9.9, low=None, high=None) for n, e in t.values.items()})
    found = {m.told.split(":")[0]: m.dot for m in marks(improved(tried=(today(), luckier), judged=()))}
    assert (found["Pool the theatres"].x, found["Pool the theatres"].y) == pytest.approx((TODAY[0] + 0.01, TODAY[1] - 0.02))
    assert found["Pool the theatres"].wide == pytest.approx((TODAY[0] + 0.01 - 0.008 / 24**0.5, TODAY[0] + 0.01 + 0.008 / 24**0.5))


def test_a_judged_set_stands_where_the_runs_put_it_that_the_search_had_not_seen() -> None:
    best = next(m for m in marks(improved()) if m.dot.name == "1")
    assert best.dot.x == pytest.approx(TODAY[0] + 0.85 * 0.0112)
    assert best.dot.y == pytest.approx(TODAY[1] + 0.85 * 0.0125)


def test_today_is_drawn_on_top_then_the_judged_then_the_front_and_behind_lies_below() -> None:
    kinds = [("judged" if m.dot.name else m.kind) for m in marks(improved())]
    assert kinds[-4:] == ["judged", "judged", "judged", "judged"]  # today has a name too
    assert marks(improved())[-1].kind == "today"
    plain = [k for k in kinds if k != "judged"]
    assert plain == sorted(plain, key=["behind", "perhaps", "front"].index)


def test_nothing_is_drawn_where_todays_place_is_not_known() -> None:
    assert sets_picture(nothing()) is None
    assert outside(nothing()) == 0


def test_a_far_off_set_behind_the_others_does_not_squeeze_the_picture_but_is_counted() -> None:
    far = tried((("Far", "off"),), (-0.3, -0.1, 0, 0, 0), place="behind")
    crowd = tuple(replace(t, place="behind") for t in cloud(60))
    i = improved(tried=(today(), *SETS, *crowd, far))
    assert outside(i) >= 1
    plot = window(marks(i), 300)
    assert plot.across.high - plot.across.low < 0.1
    assert all(within(plot, m.dot) for m in marks(i) if m.shown)


def test_a_cross_wider_than_half_the_picture_is_drawn_for_judged_sets_only() -> None:
    wild = replace(SETS[3], levers=(("Wild", ""),), gaps={n: around(0.001, 0.2, "share") for n in NAMES})
    found = marks(improved(tried=(today(), *SETS, wild), judged=some_judged()))
    plot = window(found, 300)
    drawn = {m.told.split(":")[0]: cross(plot, m) for m in found}
    assert drawn["Wild"].wide is drawn["Wild"].tall is None
    assert drawn["Turnover"].wide is not None
    assert all(cross(plot, m) == m.dot for m in found if m.dot.name)


def test_the_legend_has_what_is_there_and_no_more() -> None:
    said = re.sub("<[^>]+>", "|", sets_legend(none_better()))
    assert "on the front" in said
    assert "behind another set" not in said
    assert "perhaps" not in said
    assert "old curve" in said


def test_every_picture_says_what_it_is_and_each_mark_what_it_stands_for() -> None:
    drawn = sets_picture(one_set())
    assert drawn is not None
    assert drawn.startswith("<svg")
    assert "<title>1 set of levers beside today" in drawn
    assert "<title>Pool the theatres: all together: resource efficiency +0.3\u00a0points" in drawn


@given(AWAY, AWAY, AWAY, AWAY)
def test_the_drawn_part_of_a_line_lies_in_the_picture_and_on_the_line(x0: float, y0: float, x1: float, y1: float) -> None:
    found = inside(SQUARE, (x0, y0), (x1, y1))
    steps = [(x0 + k / 200 * (x1 - x0), y0 + k / 200 * (y1 - y0)) for k in range(201)]
    seen = [p for p in steps if 1e-6 < p[0] < 1 - 1e-6 and 1e-6 < p[1] < 1 - 1e-6]
    if found is None:
        assert not seen
        return
    for x, y in found:
        assert -1e-9 <= x <= 1 + 1e-9
        assert -1e-9 <= y <= 1 + 1e-9
        assert abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) < 1e-9
    reach = [sorted((found[0][k], found[1][k])) for k in (0, 1)]
    assert all(low - 1e-9 <= p[k] <= high + 1e-9 for p in seen for k, (low, high) in enumerate(reach))


def test_a_line_that_goes_through_is_cut_at_both_edges() -> None:
    found = inside(SQUARE, (-1.0, 0.0), (2.0, 1.5))
    assert found is not None
    assert [*found[0], *found[1]] == pytest.approx([0.0, 0.5, 1.0, 1.0])
    assert inside(SQUARE, (-1.0, 0.5), (-0.5, 0.5)) is None
    assert inside(SQUARE, (0.5, 0.5), (0.5, 0.5)) == ((0.5, 0.5), (0.5, 0.5))


def test_the_curves_come_with_their_variability_their_points_and_what_is_left_out() -> None:
    i = improved()
    said = html.unescape(re.sub("<[^>]+>", "", lines_key(i)))
    assert "As today, squares, dashed curve: V* 11.4 (11.1 to 11.7); 6 points, demand 0.6 to 1.1 times as much." in said
    assert "Set 1, circles, whole curve: V* 9.8" in said  # a line of a judged set goes by its number
    assert "At 1.2 times, no point: work for 'Theatres' comes 1.02 times as fast as it can be done." in said
    assert lines_table(i).count("<tr>") == 1 + 12


def test_where_no_variability_fits_the_points_are_joined_and_it_is_said_why() -> None:
    bare = replace(line("as today", 11.4, gone=False), v_star=None, fitted=(), note="V* cannot be known: few queue.")
    drawn = lines_picture((bare,))
    assert drawn is not None
    assert drawn.count("curve old") == 1
    assert "V* cannot be known: few queue, so its points are joined; 6 points" in lines_key(improved(lines=(bare,)))


def test_there_is_no_picture_without_a_point() -> None:
    assert lines_picture(()) is None
    assert lines_picture((replace(line("as today", 11.4), points=()),)) is None
