"""Personal paths beside one size for all on the twin: paired runs, the same people, honest verdicts."""

from __future__ import annotations

import pytest

from sandcone.core.errors import EmptyError
from sandcone.core.estimate import Estimate, Measures
from sandcone.core.trial import Compared, Trial
from sandcone.flow.personal_trial import MEASURED, Way, nh_trial, values
from sandcone.scenarios import nh_library


@pytest.fixture(scope="module")
def trial() -> Trial:
    return nh_trial("ward", days=40, runs=2, seed=1)


def test_personal_paths_fit_true_needs_better_than_one_size_for_all(trial: Trial) -> None:
    assert all(a > b + 0.04 for a, b in trial.values["fit to true needs"])
    assert all(a > b + 0.08 for a, b in trial.values["fit of the worst-off tenth"])
    assert all(a < b for a, b in trial.values["unmet"])
    assert 0.5 < trial["fit to true needs"].other.value < trial["fit to true needs"].one.value <= 1


def test_every_measure_is_told_whichever_way_it_goes(trial: Trial) -> None:
    assert [m.name for m in trial.measures] == [name for name, _, _ in MEASURED]
    assert all(name in str(trial) for name, _, _ in MEASURED)
    assert {len(pairs) for pairs in trial.values.values()} == {2}


def test_gaps_are_the_mean_of_the_gaps_run_by_run(trial: Trial) -> None:
    pairs = trial.values["waited"]
    assert trial["waited"].gap.value == pytest.approx(sum(a - b for a, b in pairs) / 2)
    assert all(0 < trial[name].one.value < 1 for name in ("flow efficiency, from need", "resource efficiency, by cost"))
    worst = trial.values["waited, the worst-off tenth"]
    assert all(w[k] > p[k] for w, p in zip(worst, pairs, strict=True) for k in (0, 1))


def test_a_trial_in_which_nobody_comes_to_the_end_is_refused() -> None:
    with pytest.raises(EmptyError, match="nobody who needs treatment came to the end"):
        values(Way(paths=[], hours={}, measures=Measures(items=())), [], [], nh_library())


def estimate(value: float, half: float) -> Estimate:
    return Estimate(value=value, low=value - half, high=value + half, n=9, unit="h")


@pytest.mark.parametrize(
    ("better", "gap", "half", "verdict"),
    [
        ("less", -2.0, 1.0, "better"),
        ("less", 2.0, 1.0, "worse"),
        ("more", 2.0, 1.0, "better"),
        ("more", -2.0, 1.0, "worse"),
        ("more", 0.5, 1.0, "no sure difference"),
        ("neither", 2.0, 1.0, ""),
    ],
)
def test_a_verdict_is_given_only_where_the_interval_leaves_no_doubt(better: str, gap: float, half: float, verdict: str) -> None:
    both = estimate(9, 1)
    found = Compared(name="x", unit="h", better=better, one=both, other=both, gap=estimate(gap, half))  # type: ignore[arg-type]
    assert found.verdict == verdict
    assert found.row()[3] == f"{gap:+,.2f} h ({gap - half:+,.2f} to {gap + half:+,.2f})"
