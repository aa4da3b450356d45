"""What holds of every lever of theatres, beds, capacity, waiting and care: it can be taken back, sent away, and leaves demand alone."""

from __future__ import annotations

import pickle
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from sandcone.core.errors import ModelError
from sandcone.improving.levers import KINDS
from sandcone.scenarios import nh_hospital
from tests.improving.levers.played import clinic, played, today, who_comes

LEVERS: dict[str, tuple[str, dict[str, Any]]] = {
    "theatre opens earlier": ("first_case", {"calendars": ("theatre",), "minutes": 30}),
    "theatre day moves": ("first_case", {"calendars": ("theatre",), "minutes": 45, "ends": "earlier"}),
    "faster turnover": ("turnover", {"pools": ("Theatres",), "times": 0.5}),
    "later last start": ("last_start", {"pools": ("Theatres",), "minutes": 15.0}),
    "earlier round": ("discharge", {"steps": ("Round",), "earlier_minutes": 90}),
    "annexe to ward": ("convert", {"from_pool": "Annexe", "to_pool": "Ward", "units": 1}),
    "a theatre more": ("capacity", {"pools": ("Theatres",), "change": 1}),
    "a theatre less": ("capacity", {"pools": ("Theatres",), "change": -1}),
    "half the beds": ("capacity", {"pools": ("Ward",), "times": 0.5}),
    "visits from home": ("telehealth", {"steps": ("Visit",), "share": 0.5, "minutes_times": 0.75, "no_travel": True}),
    "sooner results": ("lag", {"steps": ("Visit", "Operation"), "times": 0.5}),
    "forms and blood at once": ("side_by_side", {"step": "Forms", "with_step": "Blood test"}),
    "personal care": ("care", {"care": "personal"}),
    "personal from the visit on": ("decoupling", {"step": "Visit"}),
    "optimised booking": ("booking", {"booking": "optimised"}),
}


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_leaves_today_and_those_who_come_as_they_are(name: str) -> None:
    use, parameters = LEVERS[name]
    at = today()
    before = deepcopy(at)
    changed = KINDS[use](at, **parameters)
    assert changed != at == before
    assert who_comes(changed.model) == who_comes(clinic())
    assert pickle.loads(pickle.dumps(changed)) == changed
    assert pickle.loads(pickle.dumps(KINDS[use])) is KINDS[use]


@pytest.mark.parametrize("name", LEVERS)
def test_with_a_lever_both_engines_tell_the_same_story_of_as_many_patients(name: str) -> None:
    use, parameters = LEVERS[name]
    rows = played(KINDS[use](today(), **parameters), days=7)
    assert {r.who for r in rows} == {r.who for r in played(today(), days=7)}


OF_THE_WARD: list[tuple[str, dict[str, Any]]] = [
    ("first_case", {"calendars": ("theatres",), "minutes": 45}),
    ("first_case", {"calendars": ("theatres", "rounds"), "minutes": 60, "ends": "earlier"}),
    ("turnover", {"pools": ("* theatres", "Cath labs"), "times": 0.8}),
    ("last_start", {"pools": ("Anaesthetists", "Perfusionists", "Scrub nurses"), "minutes": 90.0}),
    ("discharge", {"steps": ("Doctor's round",), "earlier_minutes": 60}),
    ("convert", {"from_pool": "Step-down", "to_pool": "Adult ICU", "units": 1}),
    ("convert", {"from_pool": "Children's ward", "to_pool": "Adult ward", "units": 5}),
    ("capacity", {"pools": ("Junior surgeons, *",), "change": -1}),
    ("capacity", {"pools": ("Cath labs", "Scrub nurses"), "change": 1}),
    ("capacity", {"pools": ("*ward",), "times": 0.7}),
    ("telehealth", {"steps": ("Consultation",), "share": 0.3}),
    ("telehealth", {"steps": ("Registration",), "share": 0.2, "no_travel": True}),
    ("lag", {"steps": ("Registration", "Triage"), "times": 0.5}),
    ("side_by_side", {"step": "Registration", "with_step": "ECG and echo"}),
    ("side_by_side", {"step": "ECG and echo", "with_step": "Screening"}),
    ("side_by_side", {"step": "Ward day", "with_step": "Nursing"}),
    ("care", {"care": "segment"}),
    ("decoupling", {"step": "Screening"}),
    ("booking", {"booking": "list"}),
]
WARD = nh_hospital("ward")
WHO = who_comes(WARD)


@examples(max_examples=40)
@given(chosen=st.lists(st.sampled_from(OF_THE_WARD), max_size=6))
def test_any_set_of_levers_is_refused_or_leaves_the_cardiac_ward_its_patients(chosen: list[tuple[str, dict[str, Any]]]) -> None:
    at = today(WARD)
    try:
        for use, parameters in chosen:
            at = KINDS[use](at, **parameters)
    except ModelError:
        return
    assert who_comes(at.model) == WHO


@pytest.mark.parametrize("number", range(len(OF_THE_WARD)))
def test_the_cardiac_ward_can_have_each_lever_alone(number: int) -> None:
    use, parameters = OF_THE_WARD[number]
    assert KINDS[use](today(WARD), **parameters) != today(WARD)
