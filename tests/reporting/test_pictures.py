import itertools
import re
from dataclasses import replace

import pytest

from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.core.log import EventLog
from sandcone.core.site import Pool, Site
from sandcone.reporting.charts import charts, rule
from sandcone.reporting.heat import heat
from sandcone.reporting.line_picture import _ticks
from sandcone.reporting.matrix import matrix, points
from sandcone.reporting.matrix_picture import close_axis, whole_axis
from sandcone.reporting.process_map import process_map
from sandcone.reporting.unfinished import unfinished
from sandcone.reporting.variety import variety
from sandcone.reporting.waits import waits
from tests.reporting.sample import number


def test_the_bars_of_a_step_fill_the_width_in_the_proportions_of_their_causes(log: EventLog) -> None:
    items = (
        number("wait_before.total", 40, "h", step="X-ray"),
        number("wait_before.total", 10, "h", step="Triage"),
        number("wait_cause.hours", 30, "h", step="X-ray", cause="busy"),
        number("wait_cause.hours", 10, "h", step="X-ray", cause="batching"),
        number("wait_cause.hours", 10, "h", step="Triage", cause="other"),
    )
    drawn = re.findall(r'<rect x="([\d.]+)%" width="([\d.]+)%" height="100%" class="cause (\w+)"', waits(log, Measures(items=items)))
    assert drawn == [("0.000", "75.000", "busy"), ("75.000", "25.000", "batching"), ("0.000", "25.000", "other")]


def test_waits_without_causes_are_shown_in_one_piece_and_say_why(log: EventLog) -> None:
    made = waits(log, Measures(items=(number("wait_before.total", 40, "h", step="X-ray"),)))
    assert 'class="cause unsplit"' in made
    assert "Causes of the waits: not shown." in made


def test_a_point_is_in_the_matrix_only_with_both_efficiencies() -> None:
    items = (
        number("matrix.re", 0.7, "share", n=5, unit="Ward"),
        number("matrix.fe", 0.2, "share", n=5, unit="Ward"),
        number("matrix.re", 0.6, "share", unit="Clinic"),
    )
    assert [p.label for p in points(Measures(items=items), "unit")] == ["Ward"]


def test_the_matrix_names_its_four_corners_as_the_book_does(log: EventLog, measures: Measures) -> None:
    made = matrix(log, measures)
    assert all(name in made for name in ("Efficient islands", "Efficient ocean", "Wasteland", "Perfect state"))


@pytest.mark.parametrize(("shares", "cut", "ticks"), [([0.03, 0.18], 0.1, 0.2), ([0.5], 0.2, 0.6), ([0.99], 0.5, 1.0), ([1.0], 0.5, 1.0)])
def test_an_axis_ends_at_a_round_share_above_all_that_is_shown(shares: list[float], cut: float, ticks: float) -> None:
    axis = whole_axis(shares, cut)
    assert axis.high == pytest.approx(ticks)
    assert axis.low == 0
    assert len(axis.ticks()) <= 6


def test_a_close_axis_holds_all_that_is_shown() -> None:
    axis = close_axis([0.61, 0.7], 0.66)
    assert axis.low <= 0.61
    assert axis.high >= 0.7
    assert axis.high - axis.low < 0.3


def test_a_close_axis_does_not_make_a_movement_of_nothing_and_ends_with_the_whole() -> None:
    axis = close_axis([1.0, 1.0, 1.0], 1.0)
    assert axis.high == pytest.approx(1)
    assert 0.9 <= axis.low <= 0.98


def test_a_wait_seen_only_a_few_times_is_not_called_typical(log: EventLog) -> None:
    items = (number("wait_before.total", 40, "h", step="X-ray"), number("wait_before.median", 40, "h", n=1, step="X-ray"))
    made = waits(log, Measures(items=items))
    assert "seen in only 1 step" in made
    assert "typically" not in made


def test_the_map_keeps_every_steps_main_way_in_and_out_and_says_what_it_leaves_out(log: EventLog) -> None:
    chain = ["(start)", *(f"step {i:02d}" for i in range(30)), "(end)"]
    items = [number("edge.cases", 100 - i, "cases", by={"from": a, "to": b}) for i, (a, b) in enumerate(itertools.pairwise(chain))]
    made = process_map(log, Measures(items=tuple(items)))
    assert "the 20 busiest of 30 steps" in made
    assert made.count('<g class="node">') == 21


def test_a_way_back_is_drawn_broken_and_a_wait_is_written_on_its_way(log: EventLog, measures: Measures) -> None:
    made = process_map(log, measures)
    assert re.search(r'class="way[^"]* back"', made)
    assert "7\xa0d\xa02\xa0h" in made


def test_the_week_frames_open_hours_and_shades_by_use(log: EventLog) -> None:
    items = (
        *(number("busy_by_hour", 2.0 if h == 9 else 1.0, "ratio", pool="Theatre", hour=f"Mon {h:02d}") for h in (8, 9)),
        *(number("open_by_hour", 1.0, "share", pool="Theatre", hour=f"Mon {h:02d}") for h in (8, 9, 10)),
    )
    made = heat(log, Measures(items=items))
    assert 'x="8" y="0" width="1" height="10" class="cell" fill-opacity="0.5"' in made
    assert 'x="9" y="0" width="1" height="10" class="cell" fill-opacity="1"' in made
    assert re.search(r'x="8" y="0.3" width="3" [^>]*class="open"', made)
    assert "Theatre: busiest Monday from 9:00" in made


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("outside limits", "beyond the limits"),
        ("shift", "a long run on one side of the middle"),
        ("trend", "a long run that only rises or only falls"),
        ("two of three", "two of three weeks close to a limit"),
        ("house_rule", "house rule"),
    ],
)
def test_a_rule_is_said_in_plain_words(name: str, said: str) -> None:
    assert rule(name) == said


def weekly(values: list[float]) -> list[Measure]:
    return [
        Measure(name="xmr.wait", estimate=Estimate(value=v, n=9, unit="h", low=1, high=5, method="XmR"), group={"week": f"2025-W{i:02d}"})
        for i, v in enumerate(values, 10)
    ]


def test_neighbouring_signals_are_said_as_one_and_ringed_each(log: EventLog) -> None:
    signals = [number("xmr_signal.wait", 1, "ratio", week=f"2025-W{w}", rule="shift") for w in (12, 13, 14)]
    made = charts(log, Measures(items=(*weekly([2, 3, 4, 4.2, 4.4, 3]), *signals)))
    assert "1 signal." in made
    assert "<li>Week 12 of 2025 to week 14 of 2025 (3 weeks): a long run on one side of the middle</li>" in made
    assert made.count('class="ring"') == 3


def test_a_quiet_chart_says_that_nothing_happened(log: EventLog) -> None:
    assert "No signal: only ordinary ups and downs." in charts(log, Measures(items=tuple(weekly([2, 3, 4]))))


def test_a_chart_of_equal_values_can_be_drawn(log: EventLog) -> None:
    assert "polyline" in charts(log, Measures(items=tuple(weekly([0, 0, 0]))))


@pytest.mark.parametrize("values", [[3.0, 4.0], [0.0, 0.0], [-2.0, 5.0], [1e-4, 2e-4], [1e6, 3e6], [7.0, 7.0]])
@pytest.mark.parametrize("unit", ["h", "share", "cases"])
def test_ticks_are_few_and_around_all_values(values: list[float], unit: str) -> None:
    ticks = _ticks(values, unit)
    assert ticks[0] <= min(values)
    assert ticks[-1] >= max(values)
    assert 2 <= len(ticks) <= 8


def test_unfinished_journeys_say_what_leaving_them_out_would_do(log: EventLog) -> None:
    items = (
        number("cases", 20, "cases"),
        number("cases_unfinished", 5, "cases"),
        number("throughput_time.km_median", 30, "h", n=20),
        number("throughput_time.naive_median", 20, "h", n=15),
    )
    made = unfinished(log, Measures(items=items))
    assert "make that look 10 hours shorter" in made
    assert "25\xa0%" in made
    assert "Every journey in the log was finished" in unfinished(
        log, Measures(items=(replace(items[1], estimate=Estimate(value=0, n=20, unit="cases")),))
    )


def test_the_number_of_open_journeys_is_told_from_the_finished_ones_where_nobody_counted_it(log: EventLog) -> None:
    items = (number("throughput_time.km_median", 30, "h", n=20), number("throughput_time.naive_median", 20, "h", n=15))
    assert "<b>5 journeys</b>" in unfinished(log, Measures(items=items))


def test_views_of_the_matrix_that_are_missing_for_one_reason_are_said_together(log: EventLog) -> None:
    missing = (Missing(name="matrix by mode", why="no mode is declared"), Missing(name="matrix.re", why="the log names no resource"))
    made = matrix(log, Measures(items=(), missing=missing))
    assert "<b>Units and Groups of patients: not shown.</b> The log names no resource." in made
    assert "<b>Operating modes: not shown.</b> No mode is declared." in made
    assert "<svg" not in made


def test_more_than_all_of_a_resources_time_is_explained(log: EventLog) -> None:
    busy, full = (heat(log, Measures(items=(number("resource_efficiency", x, "share", pool="T"),))) for x in (1.02, 1.0))
    assert "Over 100 % means that work went on outside the open hours" in busy
    assert "Over 100 %" not in full


def test_resources_that_cannot_be_seen_at_work_are_missed_once(log: EventLog) -> None:
    missing = (Missing(name="resource_efficiency.overall", why="the log names no resource"),)
    made = heat(log, Measures(items=(), missing=missing))
    assert made.count("not shown") == 1
    assert "<b>Resource efficiency and The week of each resource: not shown.</b> The log names no resource." in made


def test_charts_that_are_missing_for_one_reason_are_said_together(log: EventLog) -> None:
    missing = tuple(Missing(name=f"xmr.{kind}", why="dates were moved") for kind in ("arrivals", "throughput", "flow_efficiency", "wait"))
    assert charts(log, Measures(items=(), missing=missing)).count("not shown") == 1


def test_groups_are_parted_at_their_own_middle_and_units_at_the_measured_one(log: EventLog) -> None:
    items = [number("matrix.cut_re", 0.5, "share"), number("matrix.cut_fe", 0.5, "share")]
    for key in ("unit", "segment"):
        for name, re_, fe in (("a", 0.1, 0.9), ("b", 0.7, 0.2), ("c", 0.8, 0.1)):
            items += [number("matrix.re", re_, "share", by={key: name}), number("matrix.fe", fe, "share", by={key: name})]
    cuts = re.findall(r'<line x1="([\d.]+)" x2="\1" [^>]*class="cut"', matrix(log, Measures(items=tuple(items))))
    assert cuts == ["204", "264"]


def test_how_the_hours_of_a_pool_are_known_comes_from_its_resources(log: EventLog) -> None:
    pools = {"Theatres": Pool(resources=("T1", "T2"))}
    items = [number("resource_efficiency", 0.5, "share", pool="Theatres")]
    items += [replace(number("resource_efficiency", 0.5, "share", resource=r), note="declared hours") for r in ("T1", "T2")]
    assert '<td class="w">declared hours</td>' in heat(replace(log, site=Site(pools=pools)), Measures(items=tuple(items)))


def test_one_way_for_all_is_said_as_one(log: EventLog) -> None:
    made = variety(log, Measures(items=(number("cases", 9, "cases"), number("variants", 1, "variants"))))
    assert "Every journey took <b>the same way</b>" in made
