"""Logs simulated by Prosimos from models that lie beside them: what was put in must come out, within the error stated."""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sandcone import read
from sandcone.modelling import model
from sandcone.modelling.chain import chain
from sandcone.modelling.delays import delays, line_of
from sandcone.modelling.facts import facts
from sandcone.modelling.hours import hours
from sandcone.modelling.pacing import clocks
from sandcone.modelling.staff import staff

FOLDER = "data/bps_benchmark/synthetic_known_truth"
COLUMNS = {"case": "case_id", "step": "activity", "start": "start_time", "end": "end_time", "resource": "resource"}


def known(shared: Path, name: str) -> tuple[Any, dict[str, Any], dict[str, float]]:
    """The log, the model that made it, and by step the mean delay that was put in (minutes)."""
    log = shared / FOLDER / f"{name}.csv.gz"
    if not log.exists():
        pytest.skip(f"no {name} among the shared logs")
    waits = defaultdict(list)
    with gzip.open(log, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            waits[row["activity"]].append(float(row.get("extraneous_delay") or 0) / 60)
    truth = log.with_name(f"{name}.json")
    made = json.loads(truth.read_text(encoding="utf-8"))
    return read(log, columns=COLUMNS), made, {step: float(np.mean(x)) for step, x in waits.items()}


@pytest.mark.parametrize("name", ["Loan_Application_3_timers", "Loan_Application_5_timers", "Pharmacy_5_timers", "Procure_to_Pay_3_timers"])
def test_timers_are_found_to_two_in_a_hundred_and_at_most_fifty_minutes_elsewhere(shared: Path, name: str) -> None:
    log, _made, truth = known(shared, name)
    f = facts(log)
    who, links = staff(f, np.ones(len(f.case))), chain(f)
    line = line_of(f, who, hours(f, who))
    delay, _said = delays(f, line, links, clocks(f, links.waited(f), line.queued(f, links.anchor)))
    for i, step in enumerate(f.steps):
        learnt = float(delay[f.step == i].mean())
        if truth[step] > 0:
            assert learnt == pytest.approx(truth[step], rel=0.02), step
        else:
            assert learnt < 50, step  # all of it before steps of parallel parts, where the step before in the log is of the other branch


@pytest.mark.parametrize("name", ["Loan_Application", "Pharmacy", "Procure_to_Pay", "Confidential"])
def test_pools_have_as_many_people_as_were_put_in(shared: Path, name: str) -> None:
    log, made, _truth = known(shared, name)
    m = model(log, seed=1)
    truth = {p["name"]: int(p["resource_list"][0]["amount"]) for p in made["resource_profiles"]}
    for resource, noun in m.resources.items():
        assert noun.capacity == 1, resource
    found = {frozenset(p.members) for p in m.pools.values()}
    largest = {role: max((len(x) for x in found if any(r.startswith(role) for r in x)), default=0) for role in truth}
    wanted = {role: n for role, n in truth.items() if largest[role]}
    assert {role: largest[role] for role in wanted} == wanted
    assert len(wanted) >= len(truth) - 1


def test_calendars_are_those_that_were_put_in_but_for_an_hour(shared: Path) -> None:
    log, _made, _truth = known(shared, "Loan_Application")
    f = facts(log)
    found = hours(f, staff(f, np.ones(len(f.case))))
    office = np.array([9 <= h % 24 < 17 and h < 120 for h in range(168)])
    wrong = [int((found.open[r] != office).sum()) for r, name in enumerate(f.resources) if name.startswith("Clerk")]
    assert len(wrong) == 9
    assert max(wrong) <= 1
    assert sum(wrong) <= 1
