"""Frontier methods: published values, answers known by hand, and what must hold whatever the units."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from sandcone.core.chance import Luck
from sandcone.core.errors import EmptyError, InputError
from sandcone.core.frontiers import FittedFrontier, UnitFrontier, UnitProgress
from sandcone.core.units import Units, units
from sandcone.flow.frontiers import frontier
from sandcone.improving import programs
from sandcone.improving.benefit import benefit
from sandcone.improving.bootstrap import bandwidth, basic, smoothed
from sandcone.improving.dea import Towards, amounts, dea, radial
from sandcone.improving.directional import directional
from sandcone.improving.fdh import fdh
from sandcone.improving.malmquist import malmquist, paired
from sandcone.improving.order_m import order_m
from sandcone.improving.programs import Amounts, Returns, answers
from sandcone.improving.sfa import _unlikely, sfa

HOSPITALS = {  # Cooper, Seiford & Tone, Data Envelopment Analysis: 12 hospitals
    "hospital": list("ABCDEFGHIJKL"),
    "doctors": [20, 19, 25, 27, 22, 55, 33, 31, 30, 50, 53, 38],
    "nurses": [151, 131, 160, 168, 158, 255, 235, 206, 244, 268, 306, 284],
    "outpatients": [100, 150, 160, 180, 94, 230, 220, 152, 190, 250, 260, 250],
    "inpatients": [90, 50, 55, 72, 66, 90, 88, 80, 100, 100, 147, 120],
}
CCR = "1 1 .883 1 .763 .835 .902 .796 .960 .871 .955 .958"
BCC = "1 1 .896 1 .882 .939 1 .799 .989 1 1 1"
AMOUNTS = {"inputs": ["doctors", "nurses"], "outputs": ["outpatients", "inpatients"]}

# Coelli, A Guide to FRONTIER Version 4.1 (CEPA Working Paper 96/08): 60 simulated firms; output, capital, labour.
FIRMS = """
12.778 9.416 35.134  24.285 4.643 77.297  20.855 5.095 89.799  13.213 4.935 35.698  12.018 8.717 27.878  15.284 1.066 92.174
6.707 0.258 97.907  21.656 6.334 82.084  14.574 2.35 38.876  13.743 1.076 81.761  3.793 3.432 9.476  37.118 4.033 55.096
11.235 7.975 73.13  9.237 7.604 24.35  12.634 0.344 65.38  9.677 2.44 63.839  18.315 7.891 59.241  17.094 2.906 72.574
21.566 2.668 68.916  18.872 4.22 57.424  17.102 2.661 87.843  14.55 2.455 30.789  24.031 2.827 93.734  6.787 0.439 35.961
6.388 0.312 94.264  32.996 3.265 95.773  26.04 6.752 80.275  16.619 4.425 49.886  10.065 1.583 22.072  6.554 0.907 38.727
3.539 6.149 5.322  1.66 0.479 2.52  16.775 1.955 41.545  10.085 8.169 68.389  7.064 4.055 77.556  31.793 5.029 77.812
32.303 6.937 98.904  14.571 8.405 42.74  12.258 2.503 59.741  12.683 6.59 18.085  12.88 7.149 26.651  15.841 8.04 50.488
24.623 4.896 88.182  20.571 6.722 30.451  21.208 4.195 95.834  12.493 4.551 36.704  32.313 7.223 89.312  15.575 9.561 29.055
13.414 4.871 50.018  10.228 9.312 40.996  19.927 2.895 63.051  26.938 8.085 60.992  35.825 8.656 94.159  12.768 3.427 39.312
18.412 1.918 78.628  19.853 6.177 64.377  3.269 7.188 1.073  21.358 9.329 87.124  27.124 7.834 60.34  14.105 5.621 44.218
"""


def hospitals() -> Units:
    return units(HOSPITALS, **AMOUNTS)


def firms() -> dict[str, list[float]]:
    numbers = [float(x) for x in FIRMS.split()]
    return {"output": numbers[::3], "capital": numbers[1::3], "labour": numbers[2::3]}


def scores(found: UnitFrontier | FittedFrontier) -> list[float]:
    return [r.score.value for r in found.units]


def some(used: list[list[float]], made: list[list[float]], bad: list[list[float]] | None = None) -> Units:
    """Units from columns of numbers, named A, B, …"""
    bads = bad or []
    columns = (
        {f"in{i}": c for i, c in enumerate(used)} | {f"out{i}": c for i, c in enumerate(made)} | {f"bad{i}": c for i, c in enumerate(bads)}
    )
    kinds = {"inputs": len(used), "outputs": len(made), "bads": len(bads)}
    short = {"inputs": "in", "outputs": "out", "bads": "bad"}
    asked = {kind: [f"{short[kind]}{i}" for i in range(n)] for kind, n in kinds.items()}
    return units(columns, **asked, names=[chr(65 + i) for i in range(len(made[0]))])


# ── published values ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("returns", "printed"), [("constant", CCR), ("variable", BCC)])
def test_the_twelve_hospitals_have_the_printed_scores(returns: Returns, printed: str) -> None:
    found = radial(hospitals(), "inputs", returns)
    assert [round(float(s), 3) for s in found] == [float(p) for p in printed.split()]


def test_the_sixty_firms_have_the_printed_frontier() -> None:
    found = sfa(units(firms(), inputs=["capital", "labour"], outputs=["output"]))
    terms = [f"{e.value:.5f}" for e in found.terms.values()]
    assert [*terms, f"{found.spread:.5f}", f"{found.share:.5f}"] == ["0.56162", "0.28110", "0.53648", "0.21700", "0.79721"]
    assert (f"{found.likelihood:.5f}", f"{found.ratio:.4f}") == ("-17.02723", "2.8392")
    assert [f"{s:.5f}" for s in scores(found)[:5]] == ["0.65069", "0.82889", "0.72643", "0.74785", "0.69134"]


# ── answers known by hand ───────────────────────────────────────────────────────────────────────────────────────────
# One input and one output. A: 2 → 1, B: 3 → 3, C: 6 → 4, D: 4 → 2. The most an input makes is B's 1; A makes ½ of it, C ⅔, D ½.

FOUR = some([[2, 3, 6, 4]], [[1, 3, 4, 2]])


def test_under_constant_returns_each_is_beside_the_most_that_one_input_makes() -> None:
    assert scores(dea(FOUR, returns="constant")) == pytest.approx([1 / 2, 1, 2 / 3, 1 / 2])


def test_under_variable_returns_each_is_beside_units_of_its_size() -> None:
    found = dea(FOUR)
    assert scores(found) == pytest.approx([1, 1, 1, 2.5 / 4])  # D makes 2, as half A and half B do with 2.5
    assert found.units[3].peers == pytest.approx({"A": 0.5, "B": 0.5})
    assert [r.scale for r in found.units] == pytest.approx([1 / 2, 1, 2 / 3, 0.8])
    assert [r.returns for r in found.units] == ["increasing", "constant", "decreasing", "increasing"]


def test_towards_outputs_a_unit_is_asked_for_more_and_not_for_less() -> None:
    assert scores(dea(FOUR, towards="outputs")) == pytest.approx([1, 1, 1, 2 / (3 + 1 / 3)])  # with 4, B and a third of the way to C


def test_what_is_left_after_the_score_is_slack() -> None:
    c = dea(some([[1, 2, 2, 3], [2, 1, 9, 3]], [[5, 5, 5, 4]])).units[2]
    assert c.score.value == pytest.approx(0.5)  # A makes the same with half
    assert c.slack == pytest.approx({"in1": 9 / 2 - 2})


def test_a_free_disposal_hull_looks_to_one_other_unit_and_makes_no_mixtures() -> None:
    found = fdh(FOUR)
    assert scores(found) == [1, 1, 1, 3 / 4]  # D makes 2 of 4, B 3 of 3
    assert found.units[3].peers == {"B": 1.0}
    assert scores(fdh(FOUR, towards="outputs")) == [1, 1, 1, 2 / 3]


def test_order_m_is_the_best_expected_of_m() -> None:
    found = order_m(FOUR, m=2)
    c_of_itself = 1.0
    b = (1 - 1 / 4) * 1 + 1 / 4 * 2  # of two among B and C: C alone comes up once in four, and needs twice as much
    assert scores(found)[1:3] == pytest.approx([b, c_of_itself])
    assert scores(order_m(FOUR, m=10_000)) == pytest.approx(scores(fdh(FOUR)))


def test_towards_outputs_order_m_counts_who_makes_none_of_something_as_nothing() -> None:
    u = some([[1, 1, 1, 2.0]], [[4, 2, 2, 1], [2, 2, 0, 1.0]])
    b = order_m(u, m=2, towards="outputs").units[1]  # beside A once, itself once, and C, which makes none of the second: 0
    assert 1 / b.score.value == pytest.approx((1 - (2 / 3) ** 2) * 1 + ((2 / 3) ** 2 - (1 / 3) ** 2) * 1 + 0)


def test_benefit_of_the_doubt_lets_each_choose_what_counts() -> None:
    u = some([], [[1, 0.1, 0.3, 0.2], [0.2, 1, 0.3, 0.4]])
    assert scores(benefit(u)) == pytest.approx([1, 1, 0.51 / 0.98, 0.52 / 0.98])  # A and B lie on 0.8 a + 0.9 b = 0.98


def test_a_directional_distance_is_the_share_by_which_more_is_made_and_less_is_waited() -> None:
    u = some([[10, 20, 10, 20.0]], [[10, 20, 6, 16.0]], [[5, 10, 5, 12.0]])
    found = directional(u)
    assert scores(found)[:2] == pytest.approx([0, 0])  # A and B turn ten into ten and five
    assert scores(found)[2] == pytest.approx(0.25)  # 6 × 1.25 and 5 × 0.75 are in the ratio of A's 10 to 5
    assert scores(found)[3] == pytest.approx(0.2)  # 16 × 1.2 and 12 × 0.8


def test_a_malmquist_index_is_catching_up_times_the_frontier_s_shift() -> None:
    old = some([[2, 3, 5.0]], [[4, 3, 2.0]])  # 2, 1 and 0.4 for one input
    new = some([[2, 4, 6.0]], [[6, 8, 3.0]])  # 3, 2 and 0.5
    moves = malmquist({"2024": old, "2025": new}).moves
    assert [m.total.value for m in moves] == pytest.approx([3 / 2, 2 / 1, 0.5 / 0.4])
    assert [m.shift.value for m in moves] == pytest.approx([3 / 2] * 3)
    assert [m.catching_up.value for m in moves] == pytest.approx([1, 4 / 3, 5 / 6])


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_slope_of_the_likelihood_is_its_change_and_stays_finite_however_far_the_search_goes(sign: float) -> None:
    side, rows = np.array([0.2, 0.9, 1.3, 0.4]), np.array([[1, 0.1], [1, 0.8], [1, 1.1], [1, 0.6]])
    at = np.array([0.3, 0.7, -1.0, 0.4])
    change = [(_unlikely(at + h, side, rows, sign)[0] - _unlikely(at - h, side, rows, sign)[0]) / 2e-6 for h in 1e-6 * np.eye(4)]
    assert _unlikely(at, side, rows, sign)[1] == pytest.approx(change, abs=1e-6)
    assert np.isfinite(_unlikely(np.array([0.3, 0.7, -40.0, 40.0]), side, rows, sign)[1]).all()


def test_a_cost_frontier_is_the_production_frontier_turned_over() -> None:
    f = firms()
    upside_down = {"cost": [1 / y for y in f["output"]], "a": [1 / x for x in f["capital"]], "b": [1 / x for x in f["labour"]]}
    cost = sfa(units(upside_down, inputs=["cost"], outputs=["a", "b"]), cost=True)
    made = sfa(units(f, inputs=["capital", "labour"], outputs=["output"]))
    assert scores(cost) == pytest.approx(scores(made), abs=1e-6)
    assert cost.terms["constant"].value == pytest.approx(-made.terms["constant"].value, abs=1e-6)


def test_where_the_misses_lean_the_wrong_way_nobody_is_called_inefficient() -> None:
    f = firms()
    found = sfa(units({**f, "output": [1 / y for y in f["output"]]}, inputs=["capital", "labour"], outputs=["output"]))
    assert (found.share, found.ratio, found.chance) == (0, 0, 1)
    assert set(scores(found)) == {1.0}
    assert "wrong way" in str(found)


# ── against the textbook's programs, one by one ─────────────────────────────────────────────────────────────────────


def textbook(u: Units, i: int, towards: Towards, returns: Returns) -> float:
    """One program as it is printed, by HiGHS: min θ with the inputs times θ, or max φ with the outputs times φ."""
    n, x, y = len(u), u.used, u.made
    zero_x, zero_y = np.zeros(x.shape[1]), np.zeros(y.shape[1])
    free = np.concatenate([-x[i], zero_y] if towards == "inputs" else [zero_x, y[i]])
    limit = np.concatenate([zero_x, -y[i]] if towards == "inputs" else [x[i], zero_y])
    table = np.column_stack([free, np.vstack([x.T, -y.T])])
    aim = np.zeros(n + 1)
    aim[0] = 1 if towards == "inputs" else -1
    sums = None if returns == "constant" else np.append(0, np.ones(n))[None]
    equal = {} if sums is None else {"A_eq": sums, "b_eq": [1]}
    x0 = linprog(aim, A_ub=table, b_ub=limit, **equal, bounds=(0, None), method="highs").x[0]
    return float(x0 if towards == "inputs" else 1 / x0)


def drawn(seed: int, n: int, whole: bool) -> Units:
    """Units of any size, or of few whole numbers so that many programs have several answers."""
    luck = np.random.default_rng(seed)
    size = np.exp(luck.normal(0, 1, (n, 1)))
    used, made = size * luck.uniform(1, 3, (n, 2)), size * luck.uniform(0.2, 3, (n, 2))
    if whole:
        used, made = luck.integers(1, 4, (n, 2)).astype(float), luck.integers(0, 4, (n, 2)) + np.array([[1.0, 0.0]])
    used[0], made[0], used[1], made[1] = [1, 2], [1, 1], [2, 1], [3, 2]
    return some(used.T.tolist(), made.T.tolist())


@pytest.mark.parametrize("towards", ["inputs", "outputs"])
@pytest.mark.parametrize("returns", ["constant", "variable"])
@pytest.mark.parametrize("whole", [False, True], ids=["any", "whole"])
def test_all_at_once_is_the_same_as_one_by_one(towards: Towards, returns: Returns, whole: bool) -> None:
    u = drawn(3, 14, whole)
    assert radial(u, towards, returns) == pytest.approx([textbook(u, i, towards, returns) for i in range(len(u))], abs=1e-9)


def test_what_the_search_leaves_open_is_answered_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    found = dea(hospitals()).as_json()
    monkeypatch.setattr(programs, "MOST", 0)  # not one step: HiGHS is asked for everything
    alone = dea(hospitals())
    assert scores(alone) == pytest.approx(scores(dea(hospitals())))
    assert [r.peers for r in alone.units][2] == pytest.approx({"B": 2 / 3, "D": 1 / 3}, abs=1e-2)
    assert [r.returns for r in alone.units] == [u["returns"] for u in found["units"]]  # type: ignore[index, attr-defined]


def test_a_tiny_unit_is_held_against_the_frontier_as_closely_as_a_large_one() -> None:
    small = some([[2e-6, 3, 6, 4]], [[1e-6, 3, 4, 2]])
    assert scores(dea(small, returns="constant")) == pytest.approx([1 / 2, 1, 2 / 3, 1 / 2], abs=1e-9)


def test_a_small_unit_is_seen_from_one_that_is_nine_hundred_million_times_as_large() -> None:
    found = dea(some([[1, 2, 9e8]], [[1.05, 2, 9e8]]), returns="constant")
    assert scores(found) == pytest.approx([1, 1 / 1.05, 1 / 1.05])
    assert found.units[2].peers == pytest.approx({"A": 9e8 / 1.05})


def test_a_unit_whose_step_has_no_limit_has_no_number() -> None:
    found = directional(some([], [[1, 3, 2, 4.0]], [[0, 1, 2, 1.0]]))  # with no input, what makes no bad can grow for ever
    assert np.isnan(scores(found)[0])
    assert "cannot be said" in str(found)
    json.dumps(found.as_json(), allow_nan=False)


def test_a_unit_that_nothing_reaches_has_no_number() -> None:
    of, beside = amounts(some([[1, 2, 3]], [[1, 9, 2]])), amounts(some([[1, 2, 3]], [[1, 2, 3]]))
    step = answers(of, beside, Amounts(used=of.used, made=of.made * 0, bad=of.bad), "variable").step
    assert np.isnan(step).tolist() == [False, True, False]  # nobody of the others makes 9


def test_a_mixture_does_what_the_score_says() -> None:
    u = drawn(5, 20, whole=False)
    a = amounts(u)
    found = answers(a, a, Amounts(used=a.used, made=a.made * 0, bad=a.bad), "variable", own=True, mixtures=True)
    least = (1 - found.step)[:, None] * u.used - found.slack[:, :2]
    assert found.weights @ u.used == pytest.approx(least, abs=1e-9)
    assert found.weights @ u.made == pytest.approx(u.made + found.slack[:, 2:], abs=1e-9)
    assert found.weights.sum(axis=1) == pytest.approx(np.ones(20))


# ── what holds whatever the units ───────────────────────────────────────────────────────────────────────────────────

SEEDS = st.integers(0, 10_000)


@settings(max_examples=12)
@given(SEEDS, st.sampled_from(["inputs", "outputs"]), st.booleans())
def test_constant_returns_are_the_strictest_and_a_hull_of_single_units_the_mildest(seed: int, towards: Towards, whole: bool) -> None:
    u = drawn(seed, 9, whole)
    ccr, bcc, single = radial(u, towards, "constant"), radial(u, towards, "variable"), np.array(scores(fdh(u, towards=towards)))
    assert (ccr <= bcc + 1e-9).all()
    assert (bcc <= single + 1e-9).all()
    assert (single <= np.array(scores(order_m(u, m=3, towards=towards))) + 1e-9).all()
    assert single.max() <= 1


@settings(max_examples=8)
@given(SEEDS)
def test_no_score_depends_on_the_units_of_measurement(seed: int) -> None:
    u = drawn(seed, 9, whole=False)
    other = some((u.used * [1000, 0.02]).T.tolist(), (u.made * [60, 1e-3]).T.tolist())
    for a, b in ((dea(u), dea(other)), (fdh(u), fdh(other))):
        assert scores(a) == pytest.approx(scores(b), abs=1e-9)


@settings(max_examples=8)
@given(SEEDS, st.sampled_from(["constant", "variable"]))
def test_one_more_unit_never_makes_another_look_better(seed: int, returns: Returns) -> None:
    u = drawn(seed, 10, whole=False)
    fewer = u.only(range(9))
    assert (radial(u, "inputs", returns)[:9] <= radial(fewer, "inputs", returns) + 1e-9).all()


@settings(max_examples=8)
@given(SEEDS)
def test_a_free_disposal_hull_is_the_best_of_all_that_dominate(seed: int) -> None:
    u = drawn(seed, 8, whole=True)

    def brute(i: int) -> float:
        able = [j for j in range(len(u)) if all(u.made[j] >= u.made[i])]
        return min(max(u.used[j][k] / u.used[i][k] for k in range(2)) for j in able)

    assert scores(fdh(u)) == pytest.approx([brute(i) for i in range(len(u))])


# ── how sure ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_interval_lies_below_a_score_that_is_too_kind_and_comes_again_with_its_seed() -> None:
    found = dea(hospitals(), luck=Luck(seed=4, draws=60))
    for r in found.units:
        low, high = r.score.low, r.score.high
        assert low is not None
        assert high is not None
        assert low < high <= r.score.value + 1e-9
        assert r.corrected is not None
        assert low - 1e-9 <= r.corrected <= r.score.value
    assert found.as_json() == dea(hospitals(), luck=Luck(seed=4, draws=60)).as_json()
    assert found.as_json() != dea(hospitals(), luck=Luck(seed=5, draws=60)).as_json()


def test_what_draws_differ_from_the_value_the_value_differs_from_the_truth() -> None:
    low, high, corrected = basic(np.array([2.0]), np.array([[1.5], [1.7], [np.nan], [1.9]]))
    assert corrected == pytest.approx([2.3])  # the draws are 0.3 too low on average
    assert low == pytest.approx([2.11])
    assert high == pytest.approx([2.49])


def test_the_kernel_is_as_wide_as_the_rule_says() -> None:
    both = np.array([0.2, 0.5, 0.4, -0.2, -0.5, -0.4])
    assert bandwidth(both[:3]) == pytest.approx(1.06 * min(both.std(ddof=1), (0.35 + 0.35) / 1.34) * 3**-0.2)


def test_drawn_inefficiencies_are_as_spread_as_the_old_and_begin_at_none() -> None:
    luck = np.random.default_rng(8)
    beyond = np.abs(luck.normal(0, 0.4, 20_000))
    far, drawn = 1 + beyond, smoothed(beyond, 20_000, 0.3, luck)
    assert ((drawn - 1) ** 2).mean() == pytest.approx((beyond**2).mean(), rel=0.05)
    assert drawn.min() == pytest.approx(1, abs=1e-3)  # taken off about the mean, nobody would be below 1.12
    pairs = paired(np.column_stack([far, far]), luck)
    assert pairs[:, 0] == pytest.approx(pairs[:, 1])  # what hung together wholly still does


def test_whom_nobody_beats_does_not_draw_the_frontier_back_to_where_it_was_seen() -> None:
    """Those on the frontier are 1 by construction, and no draw is as good as none inefficient for that."""
    assert (smoothed(np.array([0.5, 0.5]), 400, 1e-9, np.random.default_rng(3)) > 1.4).all()
    few = units({"x": [1, 3, 4, 8, 9, 12.0], "y": [1, 2, 4, 4, 5, 6.0]}, inputs=["x"], outputs=["y"])
    found = dea(few, returns="constant", luck=Luck(seed=1, draws=40))  # two on the frontier, four beyond it
    assert all(r.score.high is not None and r.score.high < r.score.value for r in found.units)


def test_order_m_beside_nobody_else_has_no_interval_and_a_large_m_is_said_to_be_large() -> None:
    found = order_m(FOUR, m=2, luck=Luck(seed=1, draws=30))
    assert [r.score.low is None for r in found.units] == [False, False, True, False]  # C makes the most: nobody else is fit
    assert "too seldom" in str(found)
    assert "too seldom" not in str(order_m(FOUR, m=2))


def test_where_all_are_on_the_frontier_no_interval_is_made_up() -> None:
    u = some([[1, 2, 3, 4.0]], [[1, 3, 4.5, 5.5]])
    found = dea(u, luck=Luck(seed=1, draws=20))
    assert all(r.score.low is None for r in found.units)
    assert "no spread to draw from" in str(found)


def test_a_period_beside_itself_shows_no_change_and_its_intervals_hold_it() -> None:
    found = malmquist({"a": hospitals(), "b": hospitals()}, luck=Luck(seed=2, draws=40))
    for m in found.moves:
        for e in (m.total, m.catching_up, m.shift):
            assert e.value == pytest.approx(1)
            assert e.low is not None
            assert e.high is not None
            assert e.low - 1e-9 <= 1 <= e.high + 1e-9


def test_units_that_are_in_one_period_only_are_left_out_and_counted() -> None:
    found = malmquist({"a": hospitals(), "b": hospitals().only([11, 10, 9, 8, 7, 6, 5])})
    assert [m.unit for m in found.moves] == list("FGHIJKL")
    assert "5 units are in one of the two only" in str(found)


# ── the door ────────────────────────────────────────────────────────────────────────────────────────────────────────


def table(path: Path, columns: dict[str, list[object]]) -> Path:
    lines = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return table(tmp_path / "hospitals.csv", dict(HOSPITALS))


def test_a_file_says_what_its_columns_say(file: Path) -> None:
    assert frontier(file, **AMOUNTS).as_json() == frontier(HOSPITALS, **AMOUNTS).as_json()


def test_two_years_in_one_file_are_two_periods(tmp_path: Path) -> None:
    twice: dict[str, list[object]] = {name: [*cells, *cells] for name, cells in HOSPITALS.items()}
    twice["year"] = [10] * 12 + [9] * 12
    twice["outpatients"] = [*HOSPITALS["outpatients"], *(2 * int(x) for x in HOSPITALS["outpatients"])]
    twice["inpatients"] = [*HOSPITALS["inpatients"], *(2 * int(x) for x in HOSPITALS["inpatients"])]
    found = frontier(table(tmp_path / "two.csv", twice), **AMOUNTS, method="malmquist", period="year")
    assert isinstance(found, UnitProgress)
    json.dumps(found.as_json(), allow_nan=False)
    assert {(m.before, m.after) for m in found.moves} == {("9", "10")}
    assert [m.total.value for m in found.moves] == pytest.approx([1 / 2] * 12)


@pytest.mark.parametrize("method", ["dea", "fdh", "order-m", "sfa"])
def test_the_command_says_it_for_every_unit(file: Path, method: str, called: Callable[..., tuple[int, str, str]]) -> None:
    code, said, _ = called(
        "frontier", file, "--inputs", "doctors,nurses", "--outputs", "outpatients", "--method", method, "--seed", 1, "--draws", 9
    )
    assert code == 0
    assert [line.split()[0] for line in said.splitlines() if line[:1].isupper() and line[1:2] == " "] == list("ABCDEFGHIJKL")


REFUSED: list[tuple[dict[str, object], dict[str, object], str]] = [
    ({}, {"inputs": ["doctor"]}, "no column 'doctor'"),
    ({"doctors": [0, *[5] * 10, 6]}, {}, "column 'doctors' is zero or below at 1 unit, the first is unit number 1"),
    ({"doctors": [1e-6, *[5e3] * 10, 6]}, {}, "column 'doctors' holds amounts more than 1e+09 times apart"),
    ({"doctors": [5] * 12}, {}, "'doctors' is the same for all units"),
    ({"inpatients": [-1, *range(11)]}, {}, "column 'inpatients' is below zero"),
    ({"inpatients": ["x", *range(11)]}, {}, "1 cell of column 'inpatients' hold no number"),
    ({"inpatients": [float("nan"), *range(11)]}, {}, "hold no number"),
    ({"hospital": list("ABCDEFGHIJKA")}, {}, "units number 1 and 12 have the same name"),
    ({}, {"inputs": ["doctors", "inpatients"]}, "'inpatients' stands for two things"),
    ({}, {"inputs": []}, "no input is named"),
    ({}, {"outputs": []}, "no output is named"),
    ({}, {"bads": ["nurses"], "inputs": ["doctors"]}, "dea knows no bads"),
    ({}, {"method": "bod"}, "outputs alone"),
    ({}, {"method": "ddf"}, "needs a bad"),
    ({}, {"method": "sfa"}, "one output and at least one input"),
    ({}, {"method": "order-m", "m": 0}, "m of 1 or more"),
    ({}, {"method": "malmquist"}, "no column of periods is named"),
    ({}, {"method": "malmquist", "period": "hospital"}, "too few"),
    ({}, {"period": "hospital"}, "one period"),
    ({}, {"method": "ida"}, "no method 'ida'"),
    ({}, {"name": "ward"}, "no column 'ward'"),
    ({"nurses": [1, 2, 3]}, {}, "of different lengths, 3 and 12"),
    ({"nurses": [1, 2, 3], "year": [1] * 12}, {"method": "malmquist", "period": "year"}, "lengths, 3 and 12"),
    ({"hospital": list("ABC")}, {}, "different lengths"),
    ({"hospital": [None, *"BCDEFGHIJKL"]}, {}, "1 cell in the column of names say nothing"),
    ({"year": [*[1] * 11, None]}, {"method": "malmquist", "period": "year"}, "column of periods say nothing, the first at unit number 12"),
    ({}, {"towards": "input"}, "no direction 'input'"),
    ({}, {"returns": "crs"}, "'crs'"),
    ({}, {"returns": "variable", "method": "malmquist"}, "no choice of returns"),
    ({}, {"cost": True}, "no frontier of costs"),
    ({}, {"seed": 1, "draws": -1}, "below zero"),
    ({}, {"seed": -1}, "seed or a number of draws"),
]


@pytest.mark.parametrize(("cells", "asked", "words"), REFUSED, ids=[words for _, _, words in REFUSED])
def test_what_cannot_be_compared_is_refused_with_the_reason(cells: dict[str, object], asked: dict[str, object], words: str) -> None:
    with pytest.raises(InputError) as refusal:
        frontier({**HOSPITALS, **cells}, **{**AMOUNTS, **asked})  # type: ignore[arg-type]
    assert words in str(refusal.value)


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(InputError, match="a list is no table"):
        frontier([1, 2], **AMOUNTS)


def test_too_few_units_are_refused() -> None:
    with pytest.raises(EmptyError, match="4 units with 4 amounts each are too few"):
        hospitals().only(range(4))


def test_few_units_are_said_to_be_few() -> None:
    assert "are few" in str(dea(hospitals().only([0, 2, 4, 6, 8])))
    assert "are few" not in str(dea(hospitals()))


def test_a_refusal_never_says_what_a_cell_holds() -> None:
    with pytest.raises(InputError) as refusal:
        frontier({**HOSPITALS, "nurses": ["Mrs Secret", *range(1, 12)]}, **AMOUNTS)
    assert "Secret" not in str(refusal.value)
