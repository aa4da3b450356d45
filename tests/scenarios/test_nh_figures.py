"""The figures of the cardiac network: every one is marked, and the text they are read from cannot lose a mark unseen."""

import math
import tomllib
from collections import Counter
from importlib.resources import files
from statistics import NormalDist, fmean

import pytest

from sandcone.core.errors import ModelError
from sandcone.core.law import Lognormal
from sandcone.scenarios.nh.parameters import figures, parameters
from sandcone.scenarios.nh.stays import LONGEST, going_home, median_for, part


def test_every_value_has_a_mark_and_a_source() -> None:
    all_of_them = figures()
    assert len(all_of_them) > 200
    assert all(f.source for f in all_of_them)
    assert set(Counter(f.mark for f in all_of_them)) == {"sourced", "derived", "assumed"}


@pytest.mark.parametrize(
    "text",
    [
        "[week]\noperating_days = 6",
        "[week]\noperating_days = { value = 6 }",
        '[week]\noperating_days = { value = 6, mark = "guessed", source = "somebody" }',
        '[week]\noperating_days = { value = 6, mark = "assumed", source = "" }',
        '[week]\noperating_days = { value = 6, mark = "assumed", source = "x", sorce = "y" }',
    ],
)
def test_a_value_without_a_mark_is_refused_by_name(text: str) -> None:
    with pytest.raises(ModelError, match=r"week\.operating_days: a value without a mark and a source") as refusal:
        figures(text)
    assert "sourced, derived, assumed" in refusal.value.do


def test_figures_with_a_public_source_are_marked_so() -> None:
    marks = {f.name: (f.value, f.mark) for f in figures()}
    for name, value in {
        "houses.2004.beds": 500,
        "houses.2004.cath_labs": 2,
        "houses.2004.child_itu": 50,
        "houses.2004.child_operations": 1467,
        "houses.2004.caths": 5430,
        "houses.2008.beds": 1000,
        "houses.2008.surgeons": 42,
        "procedures.CABG.death": 0.014,
    }.items():
        assert marks[name] == (value, "sourced")
    assert marks["houses.2004.adult_icu"] == (22, "assumed")
    assert marks["houses.2004.surgeons"] == (30, "derived")


def test_the_figures_that_code_sees_are_those_of_the_file() -> None:
    said = tomllib.loads((files("sandcone.scenarios.nh") / "nh.toml").read_text(encoding="utf-8"))
    p = parameters()
    assert p.houses["2004"].beds == said["houses"]["2004"]["beds"]["value"] == 500
    assert p.procedures["CABG"].theatre == (250.0, 0.22)
    assert p.people.tiers == ("general", "semi", "private", "free")


def test_a_hospital_has_ten_theatres_and_its_wards_are_what_the_other_units_leave() -> None:
    house = parameters().houses["2004"]
    assert house.theatres == 10
    assert house.adult_ward == 500 - 22 - 50 - 60 - 44 - 50 - 50
    assert all(h.adult_ward > 0 for h in parameters().houses.values())


def test_shares_that_belong_together_add_up_to_one() -> None:
    p = parameters()
    assert sum(p.people.tier_shares) == pytest.approx(1)
    assert p.parts.opening + p.parts.core + p.parts.closing == pytest.approx(1)
    assert fmean(p.week.profile) == pytest.approx(1)


@pytest.mark.parametrize(("mean", "sigma"), [(3.76, 0.45), (7.1, 0.6), (1.3, 0.5)])
def test_stays_in_whole_days_keep_the_mean_they_were_given(mean: float, sigma: float) -> None:
    still, days = 1.0, 0.0
    for leave in going_home(mean, sigma):
        days += still
        still *= 1 - leave
    assert days == pytest.approx(mean, abs=1e-9)
    assert still == 0
    assert len(going_home(mean, sigma)) == LONGEST


def test_half_of_long_stays_are_over_by_the_median() -> None:
    still = 1.0
    for leave in going_home(10.0, 0.6)[:8]:
        still *= 1 - leave
    assert still == pytest.approx(1 - NormalDist(0, 0.6).cdf(math.log(8.5 / median_for(10.0, 0.6))), abs=0.01)


def test_parts_of_a_time_have_together_the_mean_and_the_spread_of_the_whole() -> None:
    whole, shares = Lognormal(median=250, sigma=0.22), (0.3, 0.45, 0.25)
    parts = [part(s, whole, shares) for s in shares]
    assert sum(p.mean for p in parts) == pytest.approx(whole.mean)

    def variance(x: Lognormal) -> float:
        return x.mean**2 * (math.exp(x.sigma**2) - 1)

    assert sum(variance(p) for p in parts) == pytest.approx(variance(whole))
