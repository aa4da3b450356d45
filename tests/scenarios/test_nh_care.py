"""Personal care in the NH-like hospital: the modules, the team, and the people, all of them assumed and marked so."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from importlib.resources import files
from statistics import fmean

import pytest

from sandcone.core.care import Person
from sandcone.core.errors import ModelError
from sandcone.core.model import Model
from sandcone.scenarios import nh_hospital, nh_library, nh_people, nh_site
from sandcone.scenarios.nh.care import care
from sandcone.scenarios.nh.coming import ELECTIVE, coming, emergencies
from sandcone.scenarios.nh.parameters import figures, parameters
from sandcone.scenarios.nh.people import elective
from sandcone.scenarios.nh.persons import NhPeople


@pytest.fixture(scope="module")
def ward() -> Model:
    return nh_hospital("ward", personal=True)


@pytest.fixture(scope="module")
def year(ward: Model) -> NhPeople:
    return nh_people(ward, seed=11)


def test_every_figure_of_the_team_and_the_people_is_assumed_and_says_so() -> None:
    found = figures((files("sandcone.scenarios.nh") / "care.toml").read_text(encoding="utf-8"))
    assert len(found) > 90 and {f.mark for f in found} == {"assumed"}


def test_without_the_team_the_hospital_is_as_it_was_and_with_it_nothing_is_gone(ward: Model) -> None:
    plain = nh_hospital("ward")
    assert plain == nh_hospital("ward", personal=False)
    assert set(ward.steps) - set(plain.steps) == set(care().steps) and set(ward.pools) - set(plain.pools) == set(care().team)
    kept = {name: ward.steps[name] for name in plain.steps}
    assert replace(ward, steps=kept, notes=plain.notes, pools=plain.pools, resources=plain.resources) == plain


def test_the_team_grows_with_the_operations(ward: Model) -> None:
    large = nh_hospital("hospital", personal=True)
    assert (ward.resources["Nurse educators"].capacity, large.resources["Nurse educators"].capacity) == (1, 4)
    with pytest.raises(ModelError, match="for the whole network"):
        nh_hospital("network", personal=True)
    with pytest.raises(ModelError, match="no figures for 1999"):
        nh_hospital("hospital", 1999, personal=True)


def test_the_site_of_the_hospital_knows_the_team_too(ward: Model) -> None:
    site = nh_site(ward)
    assert site.steps["Training"] == "value-adding" and site.pools["Physiotherapists"].cost_per_hour == 3.0


def test_every_part_of_a_module_is_a_step_or_a_stretch_of_the_hospital_and_every_need_is_met_by_some_module(ward: Model) -> None:
    library = nh_library()
    assert 30 <= len(library.modules) <= 45
    parts = [p.step for m in library.modules for p in m.parts]
    assert [p for p in parts if p not in ward.steps and p not in ward.route.nodes] == []
    assert set(care().steps) <= set(parts)
    assert {k for m in library.modules for k in m.meets} == set(library.needs)
    assert all(m.source for m in library.modules)


def test_equal_seeds_give_equal_people_and_others_do_not(ward: Model) -> None:
    assert nh_people(ward, days=9, seed=3) == nh_people(ward, days=9, seed=3)
    assert nh_people(ward, days=9, seed=3) != nh_people(ward, days=9, seed=4)


def test_as_many_come_of_each_kind_as_the_hospital_expects(ward: Model, year: NhPeople) -> None:
    p = parameters()
    expected = Counter[str]()
    for g in elective(p, p.houses["ward"]):
        expected[g.procedure] += g.a_year  # type: ignore[assignment]
    found = Counter(str(x.facts["procedure"]) for x in year.truly)
    for name, n in expected.items():
        assert abs(found[name] - n) < 5 * n**0.5 + 0.05 * n + 3, name
    shares = Counter(str(x.facts["origin"]) for x in year.truly)
    assert shares["hub"] / len(year.truly) == pytest.approx(p.people.from_hubs, abs=0.05)


def test_nobody_comes_when_the_clinic_is_closed_and_camps_are_on_fridays_and_saturdays(ward: Model) -> None:
    minutes = [(m, k["origin"]) for m, k in coming(ward, 60, __import__("numpy").random.default_rng(2))]
    assert minutes == sorted(minutes, key=lambda x: x[0])
    days = {o: {int(m // 1440 + ward.begin.weekday()) % 7 for m, origin in minutes if origin == o} for o in ("walk-in", "camp")}
    assert 6 not in days["walk-in"] and days["camp"] <= {4, 5}
    holiday = (__import__("datetime").date(2004, 1, 26) - ward.begin).days
    assert not [m for m, origin in minutes if origin == "walk-in" and m // 1440 == holiday]


def test_emergencies_are_the_streams_that_are_no_elective_ones(ward: Model) -> None:
    assert [ward.arrivals[i].name for i in emergencies(ward)] == ["emergencies"]
    assert {a.name for a in ward.arrivals} == {"emergencies", *ELECTIVE}


def test_what_the_hospital_knows_of_people_is_true_and_not_all(year: NhPeople) -> None:
    for known, true in zip(year.known, year.truly, strict=True):
        assert known.name == true.name and known.minute == true.minute
        assert known.facts.items() <= true.facts.items() and known.needs.items() <= true.needs.items()
        assert (known.wishes, known.limits) == (true.wishes, true.limits)
    recorded = fmean("fear" in p.facts for p in year.known)
    assert recorded == pytest.approx(care().people.recorded_fact, abs=0.03)
    assert all("fear" in p.facts for p in year.truly)


def test_children_have_childrens_facts_and_needs_follow_from_facts(year: NhPeople) -> None:
    for p in year.truly:
        child = p.facts["age"] == "child"
        assert (float(p.facts["years"]) < 16) == child
        assert not (child and (p.facts["smoker"] or p.facts["diabetes"]))
        assert ("treatment" in p.needs) == (bool(p.facts["operation"]) or p.facts["procedure"] == "medical")
        assert ("vessels" in p.needs) == (p.facts["angiogram"] == "here")
        assert not ("words" in p.needs and p.facts["language"] == "own")


def test_needs_are_not_simply_what_the_conditions_ask_for(year: NhPeople) -> None:
    def share(of: list[Person]) -> float:
        return fmean("social" in p.needs for p in of)

    treated = [p for p in year.truly if p.facts["procedure"] != "none"]
    reason = [p for p in treated if p.facts["alone"] or p.facts["tier"] == "free"]
    other = [p for p in treated if p not in reason]
    assert 0.5 < share(reason) < 0.8 and 0.0 < share(other) < 0.15


def test_a_share_of_the_people_is_kept_by_chance(ward: Model, year: NhPeople) -> None:
    assert len(nh_people(ward, seed=11, share=0.25).known) == pytest.approx(len(year.known) / 4, rel=0.15)
