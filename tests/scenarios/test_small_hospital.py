"""The example that ships: the same whoever makes it, true to its own rules, and with every kind of wait in it."""

from __future__ import annotations

import csv
import gzip
import io
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

import pytest

from sandcone.scenarios import small_hospital
from sandcone.scenarios.example import make_example
from sandcone.scenarios.example.engine import Hospital
from sandcone.scenarios.example.hospital import DAY, HOUR, POOLS, WEEK, Hours, Stay
from sandcone.scenarios.example.people import patients

Row = dict[str, str]


@pytest.fixture(scope="module")
def shipped() -> list[Row]:
    """The rows of the log that ships."""
    text = gzip.decompress(small_hospital().log.read_bytes()).decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def stays() -> list[Stay]:
    """What the simulated hospital wrote down, before any row is spoiled."""
    hospital = Hospital(make_example.SEED, 20 * WEEK)
    for p in patients(make_example.SEED):
        hospital.admit(p)
    return hospital.run()


def uses(stays: list[Stay]) -> dict[str, list[Stay]]:
    """The steps each unit served, in order."""
    found = defaultdict(list)
    for s in stays:
        for unit in s.units:
            found[unit].append(s)
    return {unit: sorted(served, key=lambda s: s.start or 0) for unit, served in found.items()}


def begun(stays: list[Stay], step: str) -> Iterator[tuple[Stay, int]]:
    """The steps of one kind that began, with when."""
    return ((s, s.start) for s in stays if s.step == step and s.start is not None)


def test_making_the_example_again_gives_the_same_log_to_the_byte() -> None:
    assert make_example.text(make_example.SEED).encode() == gzip.decompress(small_hospital().log.read_bytes())


def test_another_seed_gives_another_log() -> None:
    assert make_example.text(make_example.SEED + 1) != make_example.text(make_example.SEED)


def test_the_example_is_small_enough_to_ship_and_large_enough_to_learn_from(shipped: list[Row]) -> None:
    assert small_hospital().log.stat().st_size < 300_000
    assert 7_500 < len(shipped) < 10_000
    assert 1_190 <= len({r["patient"] for r in shipped} - {""}) <= 1_200


def test_nobody_is_served_before_the_need_and_nothing_ends_before_it_begins(stays: list[Stay]) -> None:
    assert all(s.ready <= s.start for s in stays if s.start is not None)
    assert all(s.start is not None and s.start <= s.end for s in stays if s.end is not None)


def test_no_person_room_or_bed_serves_two_at_once_but_the_analyser(stays: list[Stay]) -> None:
    for unit, served in uses(stays).items():
        if unit != "Analyser":
            assert all(a.end is not None and b.start is not None and a.end <= b.start for a, b in pairwise(served)), unit


def test_everyone_in_a_pool_is_used(stays: list[Stay]) -> None:
    assert {unit for pool in POOLS.values() for unit in pool.units} == set(uses(stays))


def test_no_clinic_visit_begins_outside_clinic_hours(stays: list[Stay]) -> None:
    starts = [t for _, t in begun(stays, "Clinic visit")]
    assert starts
    assert all(t // DAY % 7 < 5 and 8 * HOUR <= t % DAY < 16 * HOUR for t in starts)


def test_only_emergencies_are_operated_on_outside_theatre_hours(stays: list[Stay]) -> None:
    urgency = {p.number: p.urgency for p in patients(make_example.SEED)}
    hours = POOLS["Theatres"].hours
    late = [s for s, t in begun(stays, "Surgery") if not hours.open_at(t)]
    assert late
    assert {urgency[s.patient] for s in late} == {"emergency"}


def test_blood_results_come_in_batches_on_the_hour(stays: list[Stay]) -> None:
    starts = Counter(t for _, t in begun(stays, "Blood result"))
    assert all(t % HOUR == 0 for t in starts)
    assert max(starts.values()) >= 3


def test_now_and_then_an_urgent_patient_is_taken_before_one_who_came_earlier(stays: list[Stay]) -> None:
    served = uses(stays)["CT scanner"]
    assert any(later.ready < earlier.ready for earlier, later in pairwise(served))


def test_physiotherapy_falls_within_the_stay_on_the_ward(stays: list[Stay]) -> None:
    ward = {s.patient: s for s in stays if s.step == "Ward stay"}
    treated = [(s, t) for s, t in begun(stays, "Physiotherapy") if s.end is not None]
    assert treated
    assert all((ward[s.patient].start or 0) < t for s, t in treated)
    assert all(end is None or (s.end or 0) <= end for s, _ in treated for end in [ward[s.patient].end])


def test_where_the_log_ends_some_are_still_waiting_and_some_are_under_way(stays: list[Stay]) -> None:
    assert sum(s.start is None for s in stays) > 50
    assert sum(s.start is not None and s.end is None for s in stays) > 5


def test_each_kind_of_fault_is_in_the_example(shipped: list[Row]) -> None:
    seen = Counter(tuple(r.values()) for r in shipped)
    assert sum(n - 1 for n in seen.values()) == 7
    assert sum(r["started"] > r["finished"] != "" for r in shipped if "25:61" not in r["started"]) == 5
    assert sum(not r["patient"] for r in shipped) == 3
    assert sum("25:61" in r["started"] for r in shipped) == 2
    assert (
        sum(not r["resources"] for r in shipped if r["started"] and r["activity"] not in {"Surgery cancelled", "Clinic visit missed"}) == 30
    )


def test_the_map_names_only_columns_steps_and_resources_that_are_in_the_log(shipped: list[Row]) -> None:
    site = tomllib.loads(small_hospital().columns.read_text(encoding="utf-8"))["site"]
    steps = {r["activity"] for r in shipped}
    assert set(site["steps"]) | set(site["units"]) == steps
    assert {u for pool in site["pools"].values() for u in pool["resources"]} == {u for pool in POOLS.values() for u in pool.units}


@pytest.mark.parametrize(
    ("at", "opens"), [(0, 8 * HOUR), (9 * HOUR, 9 * HOUR), (16 * HOUR, DAY + 8 * HOUR), (4 * DAY + 17 * HOUR, WEEK + 8 * HOUR)]
)
def test_a_clinic_opens_next_on_its_next_working_morning(at: int, opens: int) -> None:
    assert Hours(days=frozenset(range(5)), start=8, end=16).next_open(at) == opens
