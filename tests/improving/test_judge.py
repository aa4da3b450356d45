"""Periods held against each other: the mix, V*, one week, a trend, a control, runs; and made-up clinics whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.validity.__main__ import tried
from benchmarks.validity.clinic import later, period
from benchmarks.validity.worlds import BASE, BROKEN, worlds

from sandcone.core.chance import Luck
from sandcone.core.errors import EmptyError
from sandcone.core.period import Period, Stage
from sandcone.core.queueing import flow_efficiency, wait_mmm
from sandcone.core.registered import Registered
from sandcone.improving.changes import Sides, change
from sandcone.improving.mix import OTHERS, grouped, mix, own_spread, together
from sandcone.improving.sums import Sums, flow, quotient, resource, series, sums, usable, variability
from sandcone.improving.verdict import judge, judge_runs


def plain(kinds: str, va: float = 2.0, wait: float = 1.0, days: int = 30, name: str = "p", **more: object) -> Period:
    """Each day the same patients, one for each letter of ``kinds``; a place open 10 hours that they use ``va`` hours each."""
    n = len(kinds)
    day = np.repeat(np.arange(days), n)
    each = np.ones(n * days)
    busy = np.full(days, va * n)
    stage = Stage(busy=busy, open=np.full(days, 10.0), va=busy, t=np.full(days, (va + wait) * n), places=1)
    facts = {"kind": np.array(list(kinds) * days, dtype=object)}
    whole = {"t": (va + wait) * each, "va": va * each, "wait": wait * each, "work": va * each}
    return replace(
        Period(name=name, days=np.arange(days), busy=busy, open=np.full(days, 10.0), day=day, stages={"s": stage}, facts=facts, **whole),
        **more,  # type: ignore[arg-type]
    )


def summed(p: Period) -> Sums:
    return sums(p, np.ones(p.cases), ((), np.full(p.cases, -1)))


def test_both_periods_are_weighed_to_the_mix_of_the_two_together() -> None:
    found = mix(plain("ab"), plain("abbb"), ("kind",))
    assert found.names == ("a", "b")
    assert [w.tolist() for w in found.weights] == [pytest.approx([2 / 3, 4 / 3]), pytest.approx([4 / 3, 8 / 9])]
    assert found.moved == pytest.approx(0.25)


def test_a_kind_that_only_one_period_has_is_left_out_and_counted() -> None:
    found = mix(plain("ab"), plain("aac"), ("kind",))
    assert found.left_out == (30, 30)
    assert found.of(1).tolist()[:3] == [1.0, 1.0, 0.0]


def test_small_groups_are_taken_together() -> None:
    mixed = mix(plain("aab"), plain("aab"), ("kind",))
    names, codes = grouped(mixed, 40, ("kind",))
    assert names == ("kind: a", OTHERS)
    assert codes[0].tolist()[:3] == [0, 0, 1]


def test_numbers_with_many_values_are_cut_alike_in_both_periods() -> None:
    ages = [{"age": np.array([str(a) for a in range(k, 60 + k)], dtype=object)} for k in (0, 20)]
    found = mix(plain("ab", facts=ages[0]), plain("ab", facts=ages[1]), ("age",))
    assert len(found.names) == 5
    assert together(np.array(["x", "x"], dtype=object), np.array(["y"], dtype=object))[1][1].tolist() == [1]


def test_the_mix_alone_makes_help_less_alike_and_that_is_taken_out() -> None:
    one, two = plain("ab"), plain("aa")
    hours = np.where(one.facts["kind"] == "a", 1.0, 3.0)
    one, two = replace(one, va=hours), replace(two, va=np.ones(two.cases))
    assert own_spread((one, two), mix(one, two, ("kind",))) == pytest.approx((5 / 4, 1.0))
    both = replace(plain("aaab"), va=np.where(plain("aaab").facts["kind"] == "a", 1.0, 3.0))
    assert own_spread((one, both), mix(one, both, ("kind",))) == pytest.approx((5 / 4, 3 / 2.25))


def test_both_efficiencies_are_sums_over_sums_and_every_day_alike_pulls_nothing() -> None:
    found = summed(plain("ab"))
    assert series(found, resource).value == pytest.approx(4 / 10)
    assert series(found, flow).value == pytest.approx(2 / 3)
    assert series(found, flow).pull == pytest.approx(np.zeros(30))


def test_what_a_day_did_to_a_quotient_is_what_leaving_it_out_shows() -> None:
    values = np.array([[1.0, 2.0], [3.0, 4.0], [2.0, 5.0]])
    s = Sums(names=("x", "y"), values=values, at=np.arange(3), places={})
    found = series(s, quotient("x", "y"))
    assert found.pull == pytest.approx((values[:, 0] - 6 / 11 * values[:, 1]) / (11 / 3), rel=1e-6)


def test_v_star_is_one_for_the_queue_of_the_textbook_whatever_its_load() -> None:
    for load in (0.5, 0.9):
        fe = flow_efficiency(load)
        p = plain("a", va=10 * load, wait=10 * load * (1 / fe - 1))
        found = summed(p)
        assert np.exp(series(found, variability({"s": 1})).value) == pytest.approx(1.0)
    three = plain("a", va=6.0, wait=6.0 * wait_mmm(0.6, 3))
    assert np.exp(series(summed(three), variability({"s": 3})).value) == pytest.approx(1.0)


def test_v_star_is_not_known_of_a_unit_that_is_always_full() -> None:
    full = summed(plain("ab", va=4.95))
    assert isinstance(usable(full, full), str)
    assert not isinstance(usable(summed(plain("ab")), summed(plain("ab"))), str)


def test_the_worst_off_tenth_is_the_mean_of_the_tenth_that_waits_longest() -> None:
    waits = np.tile(np.arange(10.0), 30)
    s = summed(replace(plain("aaaaaaaaaa"), wait=waits))
    assert series(s, quotient("tail", "n")).value == pytest.approx(9.0)


def test_fewer_than_four_weeks_or_nobody_in_common_is_refused() -> None:
    with pytest.raises(EmptyError, match="27 days"):
        judge(plain("a", days=27), plain("a"))
    with pytest.raises(EmptyError, match="no kind of patient"):
        judge(plain("a"), plain("b"), by=("kind",))
    with pytest.raises(EmptyError, match="no attribute 'ward'"):
        judge(plain("a"), plain("a"), control=("ward", ("x",)))
    with pytest.raises(EmptyError, match="2 runs before and 1 after"):
        judge_runs([plain("a")] * 2, [plain("a")])


def test_the_same_period_twice_is_no_change() -> None:
    assert judge(plain("ab"), plain("ab"), by=("kind",)).verdict.word == "no change"


def test_of_an_extract_of_patients_no_change_of_the_resources_counts() -> None:
    draw = np.random.default_rng(4)
    before = replace(plain("ab", days=42), busy=4.0 + draw.normal(0, 0.3, 42))
    after = replace(before, busy=before.busy + 2, days=np.arange(42, 84))
    assert judge(before, after, by=("kind",)).at_first.resource == 1
    assert judge(before, replace(after, extract=True), by=("kind",)).at_first.resource == 0


def test_of_an_extract_the_old_curve_is_not_known() -> None:
    draw = np.random.default_rng(5)
    before, after = (noisy(name, 42 * k, wait, draw) for k, (name, wait) in enumerate((("before", 2.0), ("after", 1.0))))
    assert judge(before, after, by=("kind",)).at_first.frontier == 1
    found = judge(before, replace(after, extract=True), by=("kind",))
    assert (found.differences.frontier, found.curve, found.beyond) == (None, (), None)


def noisy(name: str, first: int, wait: float, draw: np.random.Generator) -> Period:
    """Six weeks of the same two patients a day whose waits differ a little."""
    p = plain("ab", days=42, name=name)
    waits = wait + draw.normal(0, 0.1, p.cases)
    stage = replace(p.stages["s"], t=np.bincount(p.day, weights=waits + 2.0))
    return replace(p, wait=waits, t=waits + 2.0, stages={"s": stage}, days=np.arange(first, first + 42))


def test_other_months_and_an_unheld_mix_stand_in_the_headline() -> None:
    draw = np.random.default_rng(6)
    before, after, year_on = (noisy("p", d, w, draw) for d, w in ((0, 2.0), (42, 1.0), (366, 1.0)))
    found = judge(before, after, by=("kind",))
    assert found.headline == "frontier moved, unless it is the season"
    assert (found.as_json()["headline"], found.as_json()["unless"]) == (found.headline, ["the season"])
    assert judge(before, year_on, by=("kind",)).headline == judge(before, year_on, by=("kind",)).verdict.word
    assert judge(before, after).headline == "frontier moved, unless it is the season or other patients"
    assert judge(before, noisy("p", 42, 2.0, draw)).headline == "no change"
    touched = replace(after, **{k: np.where(after.facts["kind"] == "a", getattr(after, k), getattr(before, k)) for k in ("wait", "t")})
    assert judge(before, touched, by=("kind",), control=("kind", ("b",))).unless == ()


def test_whole_years_and_a_few_days_more_are_the_same_months() -> None:
    def same(days: tuple[int, int], first: int) -> bool:
        one, two = plain("a", days=days[0]), plain("a", days=days[1])
        return judge(one, replace(two, days=two.days + first)).compared.same_months

    assert same((365, 365), 365)
    assert same((181, 185), 365)
    assert not same((181, 184), 181)
    assert not same((365, 548), 365)


def test_a_harm_that_nobody_ever_had_guards_nothing_and_one_that_came_after_does() -> None:
    none, some = ({"again": x} for x in (np.zeros(60), np.r_[np.zeros(40), np.ones(20)]))
    never = judge(plain("ab", harms=none), plain("ab", harms=none), by=("kind",))
    assert not [g for g in never.differences.guards if g.kind == "quality"]
    assert any("'again' is never seen" in said for said in never.remarks)
    after = judge(plain("ab", harms=none), plain("ab", harms=some), by=("kind",))
    assert [g.change.gap.value for g in after.differences.guards if g.kind == "quality"] == pytest.approx([1 / 3])


def test_journeys_of_no_length_have_no_flow_efficiency_and_no_traceback() -> None:
    import json

    p = plain("ab", va=0.0, wait=0.0)
    found = judge(replace(p, busy=p.busy + 1.0), replace(p, busy=p.busy + 1.0))
    assert found.verdict.word == "no change"
    assert json.loads(json.dumps(found.as_json(), allow_nan=False))["changes"]["flow"]["gap"]["value"] is None


def test_a_single_week_that_decides_is_named_and_its_word_is_not_kept() -> None:
    draw = np.random.default_rng(4)
    before = replace(plain("ab", days=42), busy=4.0 + draw.normal(0, 0.3, 42))
    busy = 4.2 + draw.normal(0, 0.3, 42)
    busy[21:28] += 0.2
    found = judge(before, replace(plain("ab", days=42), busy=busy, days=np.arange(42, 84)), by=("kind",))
    assert (found.at_first.word, found.verdict.word) == ("moved along", "no change")
    assert found.rests_on == "the week of 1970-03-23 (after)"


def test_the_control_takes_away_what_all_patients_had() -> None:
    draw = np.random.default_rng(9)

    def waits(gain: dict[str, float], name: str, first: int) -> Period:
        p = plain("aabb", days=60, name=name)
        wait = np.array([2.0 - gain[k] for k in p.facts["kind"].tolist()]) + draw.normal(0, 0.1, p.cases)
        stage = replace(p.stages["s"], t=np.bincount(p.day, weights=wait + 2.0))
        return replace(p, wait=wait, t=wait + 2.0, stages={"s": stage}, days=np.arange(first, first + 60))

    alike, only_a = {"a": 1.0, "b": 1.0}, {"a": 1.0, "b": 0.0}
    none = waits({"a": 0.0, "b": 0.0}, "before", 0)
    assert judge(none, waits(alike, "after", 60), control=("kind", ("b",))).verdict.flow == 0
    assert judge(none, waits(only_a, "after", 60), control=("kind", ("b",))).verdict.flow == 1


def test_runs_are_paired_so_that_a_small_sure_difference_is_seen() -> None:
    draw = np.random.default_rng(10)
    load = draw.uniform(1.0, 3.0, 6)
    before = [plain("ab", va=x) for x in load]
    after = [plain("ab", va=x * 1.02 + 0.001 * i) for i, x in enumerate(load)]
    found = judge_runs(before, after, by=("kind",))
    assert found.compared.unit == "runs"
    assert found.verdict.resource == 1
    one, two = (Sides(before=s, after=s, runs=True) for s in (summed(before[0]), summed(after[0])))
    assert change("x", "share", one, resource, (1, 1)).gap.value == change("x", "share", two, resource, (1, 1)).gap.value == 0.0


def test_a_planted_break_is_found_and_equal_clinics_are_no_change() -> None:
    found = {w.name: tried(w, seed=77, times=4) for w in worlds() if w.name in ("equal", "broken", "a place more")}
    assert found["broken"].found >= 0.75
    assert found["equal"].found >= 0.75
    assert found["a place more"].found == 0.0


def test_the_break_is_not_called_broken_where_more_come_back() -> None:
    luck = Luck(5, 0)
    pair = [period(c, luck, d, 180, n) for c, d, n in ((BASE, -180, "before"), (later(BROKEN, harm=0.12), 0, "after"))]
    found = judge(*pair, by=("kind",))
    assert found.at_first.word == "frontier moved"
    assert any("returned" in why for why in found.at_first.because)


def test_what_was_agreed_decides_whether_quality_must_be_seen() -> None:
    luck = Luck(6, 0)
    pair = [replace(period(c, luck, d, 180, n), harms={}) for c, d, n in ((BASE, -180, "before"), (BROKEN, 0, "after"))]
    assert judge(*pair, by=("kind",)).at_first.word == "frontier moved"
    assert judge(*pair, Registered(quality="assumed"), by=("kind",)).at_first.word == "broken"
