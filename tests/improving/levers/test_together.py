"""Any combination of levers on the cardiac ward: refused with why, or a hospital to which as many people come as before."""

from __future__ import annotations

import pickle
from copy import deepcopy
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandcone.core.arrangement import Arrangement
from sandcone.core.arrivals import Arrivals, Gaps, Rate
from sandcone.core.errors import ModelError
from sandcone.core.lever import Lever, Levers, arranged, plain
from sandcone.improving.costs import weekly_cost
from sandcone.improving.levers.parties import mean_party
from sandcone.improving.levers.reading import levers_of
from sandcone.scenarios import nh_hospital
from tests.improving.levers.played import played
from tests.simulating.worlds import Seen

THEATRES = ["Adult theatres", "Children's theatres"]
SAID: list[dict[str, object]] = [
    {"use": "pool", "pools": THEATRES, "settings": [{"own_first": True}, {"own_first": False}]},
    {"use": "pool", "pools": ["Junior surgeons, *", "Junior surgeons on call, *"]},
    {"use": "move", "from_pool": "Day beds", "to_pool": "Adult ICU", "settings": [{"units": 1}, {"units": 3}]},
    {"use": "split", "attribute": "tier", "values": ["private"], "steps": ["Nursing"], "pools": ["Ward nurses"], "units": 1},
    {"use": "split", "attribute": "age", "values": ["child"], "steps": ["Nursing", "Discharge"], "pools": ["Ward nurses"], "units": 1},
    {"use": "smooth", "steps": ["Booked admission, child"], "streams": ["hubs"], "settings": [{"party_times": 0.3}, {"by": 0.5}]},
    {"use": "smooth", "streams": ["camps"], "party_times": 0.5, "days": ["Mon", "Wed", "Fri"]},
    {"use": "hours", "calendars": ["theatres"], "settings": [{"later_minutes": 60}, {"earlier_minutes": 30, "later_minutes": -30}]},
    {"use": "hours", "pools": ["Cath teams"], "later_minutes": 120, "days": ["Mon", "Tue"]},
    {"use": "at_close", "pools": ["Perfusionists", "Scrub nurses"], "policy": "hand over"},
    {"use": "shift_tasks", "steps": ["Screening"], "from_pools": ["Junior cardiologists"], "to_pools": ["Cardiologists"], "who": "also"},
    {
        "use": "shift_tasks",
        "steps": ["Core operation, *"],
        "from_pools": ["Senior surgeons, *"],
        "to_pools": ["Junior surgeons, *"],
        "attribute": "risk",
        "values": ["low"],
        "minutes_times": 1.2,
    },
    {"use": "queue", "rule": {"kind": "shortest first"}},
    {"use": "queue", "steps": ["Nursing"], "rule": {"kind": "by class", "attribute": "risk", "order": ["high"]}},
    {"use": "appointments", "steps": ["Catheterisation"], "every_minutes": 60, "settings": [{"notice_days": 1}, {"notice_days": 3.5}]},
    {"use": "appointments", "steps": ["Booked admission, *"], "no_show_times": 0.5, "notice_days": 2},
    {"use": "overbook", "steps": ["Booked admission, *"], "share": 0.25},
]


@cache
def today() -> Arrangement:
    return Arrangement(model=nh_hospital("ward"))


@cache
def levers() -> Levers:
    return levers_of({"lever": [{"name": str(i), **said} for i, said in enumerate(SAID)]}, "here", today())


def a_week(stream: Arrivals) -> float:
    """How many patients of a stream come in a mean week."""
    if isinstance(stream, Rate):
        return sum(stream.per_hour) * (168 / len(stream.per_hour)) * (1.0 if stream.party is None else mean_party(stream.party))
    assert isinstance(stream, Gaps)
    return 10080 / stream.gap.mean


def run(at: Arrangement) -> list[Seen]:
    """Twelve days on both engines."""
    return played(at, days=12)


@settings(max_examples=30)
@given(st.tuples(*(st.integers(0, len(x.settings)) for x in levers().levers)))
def test_any_levers_together_leave_those_who_come_as_they_are(chosen: tuple[int, ...]) -> None:
    before = today()
    try:
        at = arranged(levers().levers, chosen, before)
    except ModelError as e:
        assert e.found and e.do
        return
    assert [a_week(s) for s in at.model.arrivals] == pytest.approx([a_week(s) for s in before.model.arrivals])
    assert [(s.name, type(s)) for s in at.model.arrivals] == [(s.name, type(s)) for s in before.model.arrivals]
    assert {plain(n) for n in at.model.steps} == set(before.model.steps)
    assert weekly_cost(at.model)[0] >= 0.9 * weekly_cost(before.model)[0]
    assert before == Arrangement(model=nh_hospital("ward"))


@pytest.mark.parametrize("which", range(len(SAID)), ids=[f"{i} {said['use']}" for i, said in enumerate(SAID)])
def test_each_lever_runs_alike_on_both_engines_and_can_be_sent_away(which: int) -> None:
    lever: Lever = levers().levers[which]
    untouched = deepcopy(today())
    at = pickle.loads(pickle.dumps(lever.settings[-1].change))(today())
    assert at != today() == untouched
    assert len(run(at)) > 400


def test_all_levers_together_run_alike_on_both_engines() -> None:
    at = arranged(levers().levers, tuple(len(x.settings) for x in levers().levers), today())
    rows = run(at)
    assert len(rows) > 400
    assert {"Nursing", "Nursing · child", "Nursing · private"} <= set(at.model.steps)
    assert {"Nursing", "Nursing · private"} <= {r.step for r in rows}
