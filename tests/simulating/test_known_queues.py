"""Queues whose answer is known from theory: the fast engine must find it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from sandcone.core.arrivals import Kind, Rate
from sandcone.core.law import Exponential, Fixed, Law, Lognormal
from sandcone.core.model import Model, Need, Resource
from sandcone.core.plan import AS_TODAY, ByClass
from sandcone.simulating.setting import setting
from tests.simulating.worlds import compiled_rows, hospital, known, mm, step

MEAN = 10.0  # minutes of a service


def waits(model: Model, patients: int, seed: int = 1, skip: float = 0.1) -> np.ndarray:
    """Minutes waited by each patient in order of arrival, after the first tenth."""
    rows = compiled_rows(setting(model, AS_TODAY, seed, 0, None, patients, ()))
    by_patient = (rows.start - rows.ready)[np.argsort(rows.patient)]
    return np.asarray(by_patient[int(skip * patients) :])


@pytest.mark.parametrize(
    ("servers", "load", "waited", "within"),
    [(1, 0.8, 4.0, 0.05), (2, 0.8, 1.7778, 0.04), (5, 0.8, 0.5541, 0.03), (10, 0.9, 0.6687, 0.04)],
)
def test_erlang_c(servers: int, load: float, waited: float, within: float) -> None:
    assert waits(mm(servers, load), 400_000).mean() / MEAN == pytest.approx(waited, rel=within)


def test_the_share_who_wait_at_all_is_erlang_c() -> None:
    assert (waits(mm(5, 0.8), 300_000) > 0).mean() == pytest.approx(0.5541, abs=0.01)


@pytest.mark.parametrize(
    ("law", "second_moment"), [(Fixed(minutes=MEAN), 1.0), (Lognormal(median=MEAN * math.exp(-0.32), sigma=0.8), math.exp(0.64))]
)
def test_any_law_of_service_at_one_server_follows_pollaczek_and_khinchine(law: Law, second_moment: float) -> None:
    expected = 0.7 * second_moment / (2 * (1 - 0.7))  # mean services
    assert waits(mm(1, 0.7, law), 400_000).mean() / MEAN == pytest.approx(expected, rel=0.04)


def test_two_classes_at_four_servers_wait_as_cobham_says() -> None:
    kinds = (Kind(share=0.3, attributes={"class": "urgent"}), Kind(share=0.7, attributes={"class": "calm"}))
    model = replace(mm(4, 0.85, kinds=kinds), queue=ByClass(attribute="class", order=("urgent", "calm")))
    made = setting(model, AS_TODAY, 1, 0, None, 400_000, ())
    rows = compiled_rows(made)
    urgent = made.coming.person[rows.patient] == [p["class"] for p in made.coming.people].index("urgent")
    waited = rows.start - rows.ready
    a = 4 * 0.85
    b = (a**4 / math.factorial(4)) / sum(a**i / math.factorial(i) for i in range(5))
    at_all = b / (1 - 0.85 * (1 - b)) * MEAN / 4
    assert waited[urgent].mean() == pytest.approx(at_all / (1 - 0.3 * 0.85), rel=0.04)
    assert waited[~urgent].mean() == pytest.approx(at_all / ((1 - 0.3 * 0.85) * (1 - 0.85)), rel=0.05)


def test_two_stations_with_no_room_between_them_lose_a_third() -> None:
    """With as many patients as one likes, one comes out in each mean of the longer of two services: 1.5 means (blocking after service)."""
    steps = {"A": step(Exponential(mean=MEAN), Need(pools=("A",), blocks=True)), "B": step(Exponential(mean=MEAN), "B")}
    model = hospital(steps, known(*((str(i), 0.0) for i in range(40_000))), resources={"A": Resource(), "B": Resource()})
    rows = compiled_rows(setting(model, AS_TODAY, 3, 0, None, None, ()))
    assert rows.end.max() / 40_000 == pytest.approx(1.5 * MEAN, rel=0.015)


def test_arrivals_that_change_by_the_hour_fill_the_house_as_the_equations_say() -> None:
    """M(t)/M/3 from an empty house: the mean number in the house at several hours, against Kolmogorov's equations."""
    from scipy.integrate import solve_ivp

    rates = tuple(3.0 + 15.0 * math.sin(math.pi * h / 12) ** 2 for h in range(24)) * 7  # an hour
    model = replace(mm(3, 0.5), arrivals=(Rate(per_hour=rates),))
    most, hours = 80, np.array([3.0, 6.0, 9.0, 12.0, 18.0])
    n = np.arange(most + 1)

    def change(t: float, p: np.ndarray) -> np.ndarray:
        arrive, leave = rates[int(t) % 24], 6.0 * np.minimum(n, 3)
        flow = np.zeros_like(p)
        flow[1:] += arrive * p[:-1]
        flow[:-1] += leave[1:] * p[1:] - arrive * p[:-1]
        flow[1:] -= leave[1:] * p[1:]
        return flow

    start = np.zeros(most + 1)
    start[0] = 1.0
    expected = np.array([n @ p for p in solve_ivp(change, (0, 18), start, t_eval=hours, max_step=0.05).y.T])
    seen = []
    for r in range(400):
        rows = compiled_rows(setting(model, AS_TODAY, 5, r, 1.0, None, ()))
        end = np.where(np.isnan(rows.end), np.inf, rows.end)
        seen.append([np.count_nonzero((rows.ready <= 60 * h) & (end > 60 * h)) for h in hours])
    error = np.std(seen, axis=0, ddof=1) / math.sqrt(len(seen))
    assert (np.abs(np.mean(seen, axis=0) - expected) < 3.5 * error).all()


def test_little_s_law_holds_and_nobody_is_lost() -> None:
    model = mm(3, 0.85)
    made = setting(model, AS_TODAY, 2, 0, 200.0, None, ())
    rows = compiled_rows(made)
    assert sorted(rows.patient) == list(range(len(made.coming)))  # one step each, every patient there
    assert (rows.end[~np.isnan(rows.end)] < made.horizon).all()
    left = np.where(np.isnan(rows.end), made.horizon, rows.end)
    moments = np.sort(np.concatenate([rows.ready, left]))
    arrived, gone = np.sort(rows.ready), np.sort(left)
    inside = np.searchsorted(arrived, moments, "right") - np.searchsorted(gone, moments, "right")
    area = float((inside[:-1] * np.diff(moments)).sum())
    assert area == pytest.approx(float((left - rows.ready).sum()), rel=1e-9)
    work = float(np.nansum(np.where(np.isnan(rows.start), 0.0, left - rows.start)))
    assert work / (3 * made.horizon) == pytest.approx(0.85, abs=0.02)
