"""Judging a twin: made-up measures whose verdict can be told by hand, and one tiny hospital from log to verdict."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import date
from functools import cache

import pytest

from sandcone.core.arrivals import Rate
from sandcone.core.estimate import Estimate, Measure, Measures
from sandcone.core.law import Fixed, Minutes, Seen
from sandcone.core.model import Model, Need, Pool, Resource, Step
from sandcone.core.route import END, Choose, Do, Route, Way
from sandcone.measuring import measure
from sandcone.measuring.distances import rows
from sandcone.measuring.truth import Judged, Truth, apart, judge, told_as
from sandcone.simulating import simulate
from tests.measuring.worlds import log_of, step

TIME = "throughput_time.mean"
WAIT = "wait_before.mean"


def measured(
    value: float, low: float | None = None, high: float | None = None, *, name: str = TIME, unit: str = "h", n: int = 50, **group: str
) -> Measures:
    return Measures(items=(Measure(name=name, estimate=Estimate(value=value, low=low, high=high, n=n, unit=unit), group=group),))


def steady(value: float, runs: int = 5, *, name: str = TIME, unit: str = "h", **group: str) -> list[Measures]:
    """Runs that all give the same number, so that the mean of runs is sure."""
    return [measured(value, name=name, unit=unit, **group)] * runs


def verdict(seen: Measures, runs: Sequence[Measures], **beside: Sequence[Measures]) -> Judged:
    (only,) = judge(seen, runs, **beside).judged  # type: ignore[arg-type]
    return only


def test_within_the_interval_of_the_number_seen_the_twin_is_true_and_outside_it_is_off() -> None:
    assert verdict(measured(10, 8, 13), steady(12.9)).words == "true within noise"
    assert verdict(measured(10, 8, 13), steady(13.5)).words == "off by +35%"
    assert verdict(measured(10, 8, 13), steady(7.5)).words == "off by -25%"  # the side that the twin lies on is what counts


def test_a_tenth_off_is_close() -> None:
    assert verdict(measured(10, 9.9, 10.1), steady(10.9)).words == "close"
    assert verdict(measured(10, 9.9, 10.1), steady(11.2)).words == "off by +12%"


def test_what_is_too_little_to_matter_is_close_whatever_its_share() -> None:
    assert verdict(measured(0.001, 0.001, 0.001), steady(0.01)).words == "close"  # half a minute
    assert verdict(measured(0.001, 0.001, 0.001), steady(0.5)).words == "off by more than ten times"
    assert verdict(measured(0.0, 0.0, 0.0, unit="share"), steady(0.008, unit="share")).words == "close"


def test_the_interval_of_the_mean_of_runs_is_noise_too() -> None:
    runs = [measured(x) for x in (9, 10, 11)]  # mean 10, deviation 1: 4.303 / √3 either way
    found = verdict(measured(12, 12, 12), runs)
    assert found.noise == pytest.approx(4.303 / math.sqrt(3), abs=1e-3)
    assert found.verdict == "true within noise"
    assert found.simulated is not None
    assert (found.simulated.low, found.simulated.high) == pytest.approx((10 - 2.484, 10 + 2.484), abs=1e-3)
    assert (found.run_low, found.run_high) == pytest.approx((10 - 4.303 * math.sqrt(4 / 3), 10 + 4.303 * math.sqrt(4 / 3)), abs=2e-3)


def test_two_real_halves_that_differ_more_than_the_interval_says_are_the_noise() -> None:
    halves = [(measured(9), measured(12)), (measured(11), measured(10))]  # 3 and 1 apart
    found = judge(measured(10, 9.9, 10.1), steady(11.9), floor=halves).judged[0]
    assert (found.floor, found.noise, found.verdict) == (2.0, 2.0, "true within noise")
    assert judge(measured(10, 5, 15), steady(11.9), floor=halves).judged[0].noise == 5.0


def test_without_interval_and_halves_the_spread_of_single_runs_is_the_noise() -> None:
    runs = [measured(x) for x in (90, 100, 110)]
    found = verdict(measured(130), runs)
    assert found.noise == pytest.approx(math.hypot(43.03 * math.sqrt(4 / 3), 24.84), abs=0.02)
    assert verdict(measured(130), steady(100, 1)).words == "cannot say: nothing tells the noise: give intervals, halves or more runs"


def test_where_the_noise_is_more_than_half_of_the_number_nothing_can_be_said() -> None:
    assert verdict(measured(10, 4, 16), steady(11)).words == "cannot say: the noise is 6 of 10"
    assert verdict(measured(10, 4, 16), steady(30)).words == "off by +200%"  # but beyond the noise it is off all the same
    assert (
        verdict(measured(0.02, 0.0, 0.06, unit="share"), steady(0.05, unit="share")).words == "true within noise"
    )  # four hundredths is little


def test_a_step_seen_too_rarely_or_never_simulated_gets_no_verdict() -> None:
    where = {"name": WAIT, "step": "Surgery"}
    assert verdict(measured(5, 4, 6, n=9, **where), steady(5, **where)).words == "cannot say: seen only 9 times"
    assert verdict(measured(5, 4, 6, n=10, **where), steady(5, **where)).words == "true within noise"
    assert verdict(measured(5, 4, 6, **where), steady(5, name=WAIT, step="Triage")).words == "cannot say: no run has it"
    some = [*steady(5, 1, **where), *steady(5, 4, name=WAIT, step="Triage")]
    assert verdict(measured(5, 4, 6, **where), some).words == "cannot say: few runs have it"
    assert verdict(measured(math.nan), steady(5)).words == "cannot say: it was not seen"


def test_the_twin_is_set_beside_the_past_replayed() -> None:
    found = verdict(measured(10, 9, 11), steady(12), naive=[measured(13), measured(14)])
    assert (found.naive, found.nearer_than_naive) == (13.5, True)
    assert verdict(measured(10, 9, 11), steady(12), naive=[measured(9)]).nearer_than_naive is False
    assert verdict(measured(10, 9, 11), steady(12)).nearer_than_naive is None


def test_nothing_seen_at_all_leaves_a_share_that_is_off_without_bounds() -> None:
    assert verdict(measured(0, 0, 0), steady(2)).off == math.inf
    assert verdict(measured(0, 0, 0), steady(0)).words == "true within noise"


def test_numbers_are_found_by_name_counted_by_verdict_and_the_worst_come_first() -> None:
    seen = measured(10, 9, 11) + measured(5, 4, 6, name=WAIT, step="Surgery") + measured(5, 4, 6, name=WAIT, step="Triage")
    run = measured(10.5) + measured(8, name=WAIT, step="Surgery") + measured(1, name=WAIT, step="Triage")
    truth = judge(seen, [run] * 3)
    assert truth[TIME].verdict == "true within noise"
    assert [j.label for j in truth.worst] == [f"{WAIT} [Triage]", f"{WAIT} [Surgery]"]
    assert truth.counts == {"true within noise": 1, "close": 0, "off": 2, "cannot say": 0}
    with pytest.raises(KeyError):
        truth["wip.mean"]


def test_printing_gives_a_short_table_and_the_file_has_no_number_that_json_does_not_know() -> None:
    seen = measured(10, 9, 11) + measured(0, 0, 0, name="waiting_time.mean") + measured(math.nan, name="wip.mean", unit="cases")
    truth = judge(seen, [measured(12) + measured(3, name="waiting_time.mean")] * 2, naive=[measured(9)])
    text = str(truth)
    assert "Of 3 numbers of the whole log, over 2 runs: 0 true within noise, 0 close, 2 off, 1 cannot say." in text
    assert "10 (9 to 11)" in text
    assert "off by +20%" in text
    said = json.loads(json.dumps(truth.as_json(), allow_nan=False))
    by_name = {j["name"]: j for j in said["judged"]}
    assert (by_name[TIME]["verdict"], by_name[TIME]["naive"], by_name["waiting_time.mean"]["off"]) == ("off", 9, None)
    assert by_name["wip.mean"]["seen"]["value"] is None


def test_a_run_is_told_as_the_log_tells_it_so_that_both_are_measured_alike() -> None:
    seen = log_of([step("Ann", "a", 9, 10), step("Ann", "b", 12, 13)], site={"name": "Clinic"}, zone="Europe/Helsinki")
    run = log_of([step("1", "a", 9, 10, ready=8), step("1", "b", 12, 13, ready=11.5, planned=12)])
    waits = {told: measure(log, seed=1, draws=0).get(WAIT, step="b") for told, log in (("alike", told_as(run, seen)), ("not", run))}
    assert {told: e.value for told, e in waits.items() if e} == {"alike": 2.0, "not": 0.5}
    assert told_as(run, seen).site.name == "Clinic"
    assert told_as(run, seen).zone == "Europe/Helsinki"
    assert told_as(run, run).table.to_pyarrow() == run.table.filter(run.table.end.notnull()).to_pyarrow()


def test_steps_without_a_start_or_an_end_are_told_only_if_the_log_ever_has_such() -> None:
    run = log_of([step("1", "a", 9, 10), step("1", "b", 11, None), step("2", "a", None, None)])
    for last, kept in (((11, 12), 1), ((11, None), 2), ((None, None), 3)):
        assert told_as(run, log_of([step("Ann", "a", 9, 10), step("Ann", "b", *last)])).table.count().to_pyarrow().as_py() == kept


def hospital(hours: float, cases: int = 12) -> list[dict[str, object]]:
    """One patient a day, seen at nine for so many hours, and once more after a wait of two."""
    return [
        s
        for day in range(cases)
        for s in (
            step(f"{day}", "a", 24 * day + 9, 24 * day + 9 + hours, "Mia"),
            step(f"{day}", "b", 24 * day + 11 + hours, 24 * day + 12 + hours, "Lea"),
        )
    ]


@cache
def measured_hospital(hours: float, draws: int = 0) -> Measures:
    return measure(log_of(hospital(hours)), seed=1, draws=draws)


def twin_of(hours: float) -> Truth:
    """One hour was seen, three are the past; the twin says so many."""
    seen, past, run = (rows(log_of(hospital(h))) for h in (1.0, 3.0, hours))
    near = apart(seen, [run, run, run], naive=[past], floor=[(seen, rows(log_of(hospital(1.1))))])
    return judge(measured_hospital(1.0, 400), [measured_hospital(hours)] * 3, naive=[measured_hospital(3.0)], distances=near)


def test_a_hospital_simulated_as_it_is_is_true_and_one_simulated_slower_is_not() -> None:
    same, slower = twin_of(1.0), twin_of(1.5)
    assert same.counts["off"] == 0
    assert same[TIME].verdict == "true within noise"
    assert slower[TIME].words == "off by +12%"  # 4.5 h where 4 were seen
    assert slower[TIME].nearer_than_naive
    assert {j.label: j.words for j in slower.by("service_time.mean")} == {
        "service_time.mean [a]": "off by +50%",
        "service_time.mean [b]": "true within noise",
    }
    assert {d.name: d.words for d in same.distances}["CTDD"] == "as near as two real halves"
    assert {d.name: d.words for d in slower.distances}["CADD"] == "as near as two real halves"


def clinic(triage_minutes: float) -> Model:
    """Everyone passes one nurse; seven in ten then see one of two doctors."""

    def done(law: Fixed | Seen, pool: str) -> Step:
        return Step(minutes=Minutes(otherwise=law), needs=(Need(pools=(pool,)),))

    ways = (Way(to="doctor", share=0.7), Way(to=END, share=0.3))
    return Model(
        name="clinic",
        begin=date(2024, 1, 1),
        steps={"triage": done(Fixed(minutes=triage_minutes), "nurse"), "doctor": done(Seen(minutes=(10, 20, 60)), "doctors")},
        route=Route(first="in", nodes={"in": Do(step="triage", then="how"), "how": Choose(otherwise=ways), "doctor": Do(step="doctor")}),
        arrivals=(Rate(per_hour=(3.0,)),),
        resources={"nurse": Resource(), "doctors": Resource(capacity=2)},
        pools={"nurse": Pool(members=("nurse",)), "doctors": Pool(members=("doctors",))},
    )


def test_the_hospital_itself_is_its_own_true_twin_and_a_wrong_step_is_found_where_it_is_wrong() -> None:
    seen = simulate(clinic(6.0), seed=99, patients=600, cores=1).logs[0]

    def truth_of(model: Model) -> Truth:
        runs = simulate(model, seed=1, replications=3, patients=600, cores=1).logs
        return judge(measure(seen, seed=1), [measure(told_as(run, seen), seed=1, draws=0) for run in runs])

    same, slow = truth_of(clinic(6.0)), truth_of(clinic(10.0))
    assert same.counts["off"] == 0
    assert same.counts["true within noise"] >= 20
    wrong = {j.group["step"] for j in slow.worst if "step" in j.group}
    assert wrong == {"triage"}
    assert {j.group["step"]: j.words for j in slow.by("service_time.mean")}["triage"] == "off by +67%"


def test_distances_are_means_over_runs() -> None:
    seen = rows(log_of([step("Ann", "a", 9, 10)]))
    runs = [rows(log_of([step("1", "a", 9 + k, 10 + k)])) for k in (1, 3)]
    found = {d.name: d for d in apart(seen, runs, naive=[rows(log_of([step("1", "a", 14, 15)]))])}
    assert (found["AEDD"].twin.value, found["AEDD"].twin.n, found["AEDD"].naive, found["AEDD"].floor) == (2.0, 2, 5.0, None)
    assert found["AEDD"].words == "nearer than the past replayed"
    assert found["NGD"].words == "no nearer than the past replayed"
