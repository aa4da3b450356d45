"""Whole models learnt from logs that Prosimos simulated: people, hours, ways, minutes and arrivals held against what was put in."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sandcone import read
from sandcone.core.arrivals import Rate
from sandcone.core.model import Model
from sandcone.modelling import model
from tests.modelling.worlds import mean_lags, open_hours, visits

FOLDER = "data/bps_benchmark/synthetic_known_truth"
COLUMNS = {"case": "case_id", "step": "activity", "start": "start_time", "end": "end_time", "resource": "resource"}
WHICH = ("Loan_Application", "Pharmacy", "Procure_to_Pay")
OFFICE = {"Loan_Application": (9, 17), "Pharmacy": (8, 20), "Procure_to_Pay": (9, 17)}  # Monday to Friday
ALWAYS = ("Applicant",)  # all others work in office hours

# Of those who did the second step (or all of them), the share that the first one was done for: from the gateways of the .bpmn.
WAYS = {
    "Loan_Application": {
        ("Return application back to applicant", "Check application form completeness"): 0.2,
        ("Reject application", "Assess loan risk"): 0.5,
        ("Prepare acceptance pack", "Approve Loan Offer"): 0.8,
        ("Approve application", "Approve and send acceptance pack"): 0.5,
        ("Cancel application", "Consider re-design loan offer"): 0.45,
    },
    "Pharmacy": {
        ("Contact Doctor about refill", "Check if refill is allowed"): 0.06,
        ("Check DUR", "Check if refill is allowed"): 0.94 + 0.06 * 0.99,
        ("Resolve DUR manually", "Check DUR"): 0.2 * 0.95,
        ("Contact customer /  doctor", "Check DUR"): 0.2 * 0.05,
        ("Resolve insurance issues manually", "Check Insurance"): 0.17,
        ("Pack the drugs (Production)", "Check Insurance"): 0.93 / (1 - 0.05 * 0.93),
    },
    "Procure_to_Pay": {
        ("Create Request for Quotation Requester", "Create Purchase Requisition"): 0.4,
        ("Amend Purchase Requisition", "Analyze Purchase Requisition"): 0.05,
        ("Create Request for Quotation Requester Manager", "Analyze Purchase Requisition"): 0.7,
        ("Amend Request for Quotation Requester", "Analyze Request for Quotation"): 0.25,
        ("Amend Request for Quotation Requester Manager", "Analyze Request for Quotation"): 0.05,
        ("Send Request for Quotation to Supplier", "Analyze Request for Quotation"): 0.5,
        ("Settle dispute with supplier Purchasing Agent", "Release Purchase Order"): 0.1,
    },
}


def there(shared: Path, name: str) -> Path:
    """The log, or a reason to skip."""
    log = shared / FOLDER / f"{name}.csv.gz"
    if not log.exists():
        pytest.skip(f"no {name} among the shared logs")
    return log


@cache
def learnt(log: Path) -> Model:
    return model(read(log, columns=COLUMNS), seed=1)


@cache
def rows(log: Path) -> list[dict[str, str]]:
    with gzip.open(log, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def made(log: Path) -> dict[str, Any]:
    """The simulator's own model."""
    found: dict[str, Any] = json.loads(log.with_name(log.name.replace(".csv.gz", ".json")).read_text(encoding="utf-8"))
    return found


def tasks(log: Path) -> dict[str, tuple[str, float]]:
    """By step who does it, and how many minutes it takes on average."""
    role = {p["resource_list"][0]["id"]: p["name"] for p in made(log)["resource_profiles"]}
    name = {}
    for line in log.with_name(log.name.replace(".csv.gz", ".bpmn")).read_text(encoding="utf-8").replace("<bpmn:", "<").split("<"):
        if line.startswith("task "):
            name[line.split('id="')[1].split('"')[0]] = line.split(' name="')[1].split('"')[0].replace("&#39;", "'")
    return {
        name[t["task_id"]]: (role[one["resource_id"]], one["distribution_params"][0]["value"] / 60)
        for t in made(log)["task_resource_distribution"]
        for one in t["resources"]
    }


def hours_that_agree(m: Model, name: str, days: int) -> np.ndarray:
    """By resource, the share of the hours of the first days of the week that are open, or not, as they should be."""
    a, b = OFFICE[name]
    office = np.array([a <= h % 24 < b and h < 120 for h in range(168)])
    wanted = {r: np.ones(168, dtype=bool) if role_of(r) in ALWAYS else office for r in m.resources}
    return np.array([(open_hours(m, r) == wanted[r])[: 24 * days].mean() for r in m.resources])


def role_of(resource: str) -> str:
    return resource.rsplit("_", 1)[0]


@pytest.mark.parametrize("name", WHICH)
def test_everybody_of_the_right_role_and_nobody_else_can_do_a_step(shared: Path, name: str) -> None:
    """Measured: exact for all 53 steps of the three logs, in number too."""
    log = there(shared, name)
    m, amount = learnt(log), {p["name"]: int(p["resource_list"][0]["amount"]) for p in made(log)["resource_profiles"]}
    assert len(tasks(log)) == len(m.steps)
    for step, (role, _minutes) in tasks(log).items():
        (need,) = m.steps[step].needs
        members = m.pools[need.pools[0]].members
        assert {role_of(r) for r in members} == {role}, step
        assert (len(members), need.units) == (amount[role], 1), step


@pytest.mark.parametrize(("name", "days", "mean", "least"), [("Loan_Application", 7, 0.999, 0.99), ("Procure_to_Pay", 7, 0.995, 0.98)])
def test_hours_of_the_week_are_those_that_were_put_in(shared: Path, name: str, days: int, mean: float, least: float) -> None:
    """Measured: 99.99 % of all hours agree and 99.4 % of the worst person's; in Procure_to_Pay 99.7 % and 98.2 %."""
    agree = hours_that_agree(learnt(there(shared, name)), name, days)
    assert agree.mean() > mean
    assert agree.min() > least


def test_of_a_log_of_three_days_only_their_hours_are_learnt(shared: Path) -> None:
    """Pharmacy ends on its third day: 97.2 % of the hours of these days agree, but 84.5 % of the week's, since Thursday was never seen."""
    m = learnt(there(shared, "Pharmacy"))
    assert hours_that_agree(m, "Pharmacy", 7).mean() == pytest.approx(0.845, abs=0.005)
    assert hours_that_agree(m, "Pharmacy", 3).min() > 0.97
    assert not any(open_hours(m, r)[72:].any() for r in m.resources)


@pytest.mark.parametrize(
    ("name", "mean", "most"), [("Loan_Application", 0.018, 0.045), ("Pharmacy", 0.006, 0.01), ("Procure_to_Pay", 0.02, 0.065)]
)
def test_shares_of_ways_are_off_from_the_gateways_by_as_much_as_the_logs_own(shared: Path, name: str, mean: float, most: float) -> None:
    """Measured: mean 1.6, 0.4 and 1.7 points, most 4.3, 0.7 and 6.1; the logs' own shares: 1.6, 0.4 and 1.7, most 3.8, 0.8 and 6.1."""
    log = there(shared, name)
    n, done = visits(learnt(log).route), Counter(r["activity"] for r in rows(log))
    off = np.array([abs(n[a] / n[b] - p) for (a, b), p in WAYS[name].items()])
    beside = np.array([abs(n[a] / n[b] - done[a] / done[b]) for a, b in WAYS[name]])
    assert off.mean() < mean
    assert off.max() < most
    assert beside.max() < 0.008  # measured: 0.43, 0.14 and 0.28 points


@pytest.mark.parametrize(
    ("name", "mean", "most"), [("Loan_Application", 0.004, 0.015), ("Pharmacy", 0.01, 0.025), ("Procure_to_Pay", 0.007, 0.03)]
)
def test_mean_minutes_are_off_by_one_in_a_hundred_on_average_and_three_at_most(shared: Path, name: str, mean: float, most: float) -> None:
    """Measured: mean 0.3, 0.7 and 0.5 %, most 1.2, 2.0 and 2.7 %, though work pauses overnight and the log shows only start and end."""
    log = there(shared, name)
    m = learnt(log)
    off = np.array([abs(m.steps[s].minutes.otherwise.mean / t - 1) for s, (_role, t) in tasks(log).items()])
    assert off.mean() < mean
    assert off.max() < most


@pytest.mark.parametrize("name", [f"{n}_{k}_timer{'s' if k > 1 else ''}" for n in WHICH for k in (1, 3, 5)])
def test_a_timer_is_a_lag_of_the_route_to_two_in_a_hundred(shared: Path, name: str) -> None:
    """Measured: 1.2 % at most, over 27 timers. Elsewhere no lag is above two minutes, but for what follows two parallel parts of a loan.

    There the last step of one branch is taken for the one that was waited for, where the next-step model was kept: 44 min in
    Loan_Application_5_timers. In …_1_timer and …_3_timers blocks were kept, and nothing is.
    """
    log = there(shared, name)
    lags, put = mean_lags(learnt(log)), defaultdict[str, list[float]](list)
    for r in rows(log):
        put[r["activity"]].append(float(r["extraneous_delay"] or 0) / 60)
    timers = {s: float(np.mean(x)) for s, x in put.items() if max(x) > 0}
    assert len(timers) == int(name.split("_timer")[0][-1])
    assert {s: lags[s] for s in timers} == pytest.approx(timers, rel=0.02)
    others = {s: x for s, x in lags.items() if s not in timers and x > 2}
    assert set(others) <= {"Approve and post home insurance quote", "Approve and send acceptance pack"}
    assert max(others.values(), default=0) < 50


@pytest.mark.parametrize(
    ("name", "hour", "off"), [("Loan_Application", 4.0, 0.09), ("Pharmacy", 30.0, 0.02), ("Procure_to_Pay", 2.0, 0.02)]
)
def test_arrivals_in_an_open_hour_are_off_by_one_in_a_hundred_where_they_go_on_to_the_end(
    shared: Path, name: str, hour: float, off: float
) -> None:
    """Measured: 29.9 instead of 30 and 1.98 instead of 2; 3.69 instead of 4 where nobody came in the last three days of the log."""
    (stream,) = learnt(there(shared, name)).arrivals
    a, b = OFFICE[name]
    assert isinstance(stream, Rate)
    rate = np.array(stream.per_hour)[[24 * d + h for d in range(3) for h in range(a + 1, b - 1)]].mean()
    assert rate == pytest.approx(hour, rel=off)
