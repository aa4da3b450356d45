"""The hospital as it stands at a moment of a log: everybody who is there, where they are, and nothing of what comes after."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from sandcone.core.arrivals import Listed, Patient
from sandcone.core.errors import EmptyError, InputError, ModelError
from sandcone.core.law import Fixed, Seen
from sandcone.core.log import EventLog
from sandcone.core.model import Model, Need, Resource
from sandcone.core.present import Between, Kept, Present, SideBySide, Standing, UnderWay, Waiting, places_used
from sandcone.core.route import END, Choose, Do, Split, Way
from sandcone.core.site import Site
from sandcone.modelling import standing
from sandcone.simulating import simulate
from tests.modelling.worlds import MONDAY, did, log_of
from tests.simulating.random_models import random_world
from tests.simulating.worlds import hospital, known, step

HALF_PAST_EIGHT = MONDAY + timedelta(hours=8.5)


def clinic() -> Model:
    """A visit to the doctor; an hour later blood is drawn."""
    nodes = {"v": Do(step="Visit", then="b"), "b": Do(step="Blood", lag=Fixed(minutes=60.0))}
    steps = {"Visit": step(40, "Dr"), "Blood": step(7, "Nurse")}
    return hospital(steps, known(), nodes=nodes, resources={"Dr": Resource(capacity=2), "Nurse": Resource()})


def stood(model: Model, log: EventLog, at: datetime | None = HALF_PAST_EIGHT, seed: int = 1) -> dict[str, Present]:
    """Who is there, by name."""
    found = standing(model, log, at, seed=seed).present
    assert len({p.name for p in found}) == len(found)
    return {p.name: p for p in found}


def day(*more: dict[str, object]) -> EventLog:
    """A morning: Ann is with the doctor, Bo is done there, Cy has left, Di waits, Ed has not come yet."""
    return log_of(
        [
            did("Ann", "Visit", 8, 9, "Dr"),
            did("Ann", "Blood", 10, 10.2, "Nurse"),
            did("Bo", "Visit", 7.25, 8, "Dr"),
            did("Bo", "Blood", 9, 9.1, "Nurse"),
            did("Cy", "Visit", 6, 6.5, "Dr"),
            did("Cy", "Blood", 7.5, 7.75, "Nurse"),
            did("Di", "Visit", 8.75, 9.25, "Dr", ready=8.25),
            did("Ed", "Visit", 9.5, 10, "Dr", ready=9.5),
            *more,
        ]
    )


# ── who is there, and where ─────────────────────────────────────────────────────────────────────────────────────────


def test_everybody_stands_where_the_log_had_them_at_the_moment() -> None:
    assert stood(clinic(), day()) == {
        "Ann": UnderWay(name="Ann", node="v", since=-30.0, resources=("Dr",), arrived=-30.0),
        "Bo": Between(name="Bo", node="b", since=-30.0, arrived=-75.0),
        "Di": Waiting(name="Di", node="v", since=-15.0, arrived=-15.0),
    }


def test_the_twin_goes_on_from_there() -> None:
    """Ann's 40 minutes end at 8:40, Bo's hour at 9:00, and Di, who waits for no reason, begins at once."""
    found = standing(clinic(), day(), HALF_PAST_EIGHT, seed=1)
    run = simulate(found.model, seed=1, days=1, present=found.present, first_minute=found.first_minute, engine="plain").logs[0]
    rows = run.table.to_pyarrow().to_pylist()
    assert [(r["case"], r["step"], minutes(r["start"]), minutes(r["end"])) for r in rows] == [
        ("Ann", "Visit", 480, 520),
        ("Bo", "Blood", 540, 547),
        ("Di", "Visit", 510, 550),
        ("Ann", "Blood", 580, 587),
        ("Di", "Blood", 610, 617),
    ]


def minutes(moment: datetime) -> float:
    return (moment.replace(tzinfo=None) - MONDAY) / timedelta(minutes=1)


def test_whoever_comes_next_meets_the_line_that_was_there() -> None:
    """One doctor, 40 minutes each: Ann has 10 left at 8:30, two wait, so Zoe, who comes at 8:35, is seen at 8:40 and 2 times 40 minutes."""
    log = log_of(
        [did("Ann", "Visit", 8, 9, "Dr"), did("Bo", "Visit", 9, 9.5, "Dr", ready=8.1), did("Cy", "Visit", 9.5, 10, "Dr", ready=8.2)]
    )
    one = replace(clinic(), resources={"Dr": Resource(), "Nurse": Resource()}, arrivals=known(("Zoe", 515.0)))
    found = standing(one, log, HALF_PAST_EIGHT, seed=1)
    for engine in ("plain", "fast"):
        run = simulate(found.model, seed=1, days=1, present=found.present, first_minute=found.first_minute, engine=engine)  # type: ignore[arg-type]
        visits = [r for r in run.logs[0].table.to_pyarrow().to_pylist() if r["step"] == "Visit"]
        assert [(r["case"], minutes(r["start"])) for r in visits] == [("Ann", 480), ("Bo", 520), ("Cy", 560), ("Zoe", 600)]


def test_the_end_of_the_log_is_the_moment_where_none_is_said() -> None:
    live = log_of([did("Ann", "Visit", 8, None, "Dr"), did("Bo", "Visit", 8.25, 8.5, "Dr"), did("Cy", "Visit", 3, 3.5, "Dr")])
    found = stood(clinic(), live, None)
    assert found["Ann"].since == -30.0
    assert found["Bo"] == Between(name="Bo", node="b", since=0.0, arrived=-15.0)  # nobody leaves without blood drawn
    assert "Cy" not in found  # five hours ago, and an hour is the longest delay


def test_in_a_log_of_people_who_have_all_left_nobody_is_there_at_the_end() -> None:
    assert stood(clinic(), log_of([did("Bo", "Visit", 8.25, 8.5, "Dr")]), None) == {}


def test_a_moment_outside_the_log_is_refused_in_words() -> None:
    for hour in (5.0, 24.0):
        with pytest.raises(InputError, match="is not within the log, which runs from 2024-01-01 06:00 to 2024-01-01 10:12"):
            standing(clinic(), day(), MONDAY + timedelta(hours=hour), seed=1)


def test_a_log_whose_dates_were_moved_case_by_case_has_no_moment() -> None:
    with pytest.raises(EmptyError, match="moved case by case"):
        standing(clinic(), day().with_site(Site(dates_shifted=True)), HALF_PAST_EIGHT, seed=1)


def test_a_step_that_the_model_does_not_know_is_passed_over_and_counted() -> None:
    found = standing(clinic(), day(did("Bo", "Coffee", 8.1, 8.2)), HALF_PAST_EIGHT, seed=1)
    assert {p.name: p for p in found.present}["Bo"].since == -30.0
    assert "1 steps are not in the model" in found.notes[-1]


def test_more_hands_than_the_model_has_are_not_used_twice() -> None:
    both = stood(replace(clinic(), resources={"Dr": Resource(), "Nurse": Resource()}), day(did("Flo", "Visit", 8.1, 9, "Dr")))
    assert [places_used(both[name]) for name in ("Ann", "Flo")] == [("Dr",), ()]


def test_who_left_without_being_seen_is_not_there_days_later() -> None:
    log = day(did("Jo", "Visit", None, None, ready=8.0), did("Kim", "Visit", 58, 59, "Dr"), did("Lea", "Visit", None, None, ready=56.2))
    assert "Jo" in stood(clinic(), day(did("Jo", "Visit", None, None, ready=8.0)))
    assert set(stood(clinic(), log, MONDAY + timedelta(hours=56.25))) == {"Lea"}


def test_an_appointment_to_come_is_waited_for_and_one_missed_is_not() -> None:
    def booked(name: str, hour: float, start: float | None) -> dict[str, object]:
        return did(name, "Visit", start, None if start is None else start + 0.2, ready=6.0) | {"planned": MONDAY + timedelta(hours=hour)}

    log = day(booked("Moe", 10.5, 10.6), booked("Nik", -20, None))
    found = stood(clinic(), log)
    assert found["Moe"] == Waiting(name="Moe", node="v", since=-150.0, booked=120.0, arrived=-150.0)
    assert "Nik" not in found
    run = simulate(clinic(), seed=1, present=(found["Moe"],), first_minute=510, engine="plain").logs[0].table.to_pyarrow().to_pylist()
    assert [minutes(run[0][c]) for c in ("ready", "planned", "start")] == [360, 630, 630]


# ── what comes next is drawn, and nothing after the moment is told ──────────────────────────────────────────────────


def fork(share: float) -> Model:
    """After the visit a test, at once; a scan, two hours later; or home."""
    nodes = {
        "v": Do(step="Visit", then="?"),
        "?": Choose(otherwise=(Way(to="t", share=share), Way(to="s", share=0.3), Way(to=END, share=0.7 - share))),
        "t": Do(step="Test"),
        "s": Do(step="Scan", lag=Fixed(minutes=120.0)),
    }
    return hospital({n: step(10) for n in ("Visit", "Test", "Scan")}, known(), nodes=nodes)


def people(n: int, ended: float, then: str) -> EventLog:
    """So many people whose visit had ended so many hours before half past eight, and who come back for something."""
    rows = [did(f"p{i}", "Visit", 8.25 - ended, 8.5 - ended) for i in range(n)]
    return log_of([*rows, *(did(f"p{i}", then, 11 + i / 100, 11.5 + i / 100) for i in range(n))])


def test_the_step_that_came_next_is_not_told() -> None:
    for then in ("Test", "Scan"):
        found = stood(fork(0.6), people(40, 0.5, then))
        assert found == {f"p{i}": Between(name=f"p{i}", node="s", since=-30.0, arrived=-45.0) for i in range(40)}


def undecided() -> Model:
    """As above, but the test comes after 20 or after 50 minutes: of those who go that way, half have not begun after half an hour."""
    model = fork(0.6)
    nodes = {**model.route.nodes, "t": Do(step="Test", lag=Seen(minutes=(20.0, 50.0)))}
    return replace(model, route=replace(model.route, nodes=nodes))


def test_of_two_ways_that_are_open_each_is_drawn_as_often_as_the_model_says() -> None:
    found = Counter(p.node for p in stood(undecided(), people(600, 0.5, "Scan")).values())  # type: ignore[union-attr]
    assert set(found) == {"s", "t"}
    assert found["t"] / 600 == pytest.approx(0.5, abs=0.06)  # 0.6 × 1/2 against 0.3


def test_nothing_after_the_moment_changes_where_anybody_stands() -> None:
    one, other = (stood(undecided(), people(60, 0.5, then)) for then in ("Test", "Scan"))
    assert one == other
    assert len({p.node for p in one.values()}) == 2  # type: ignore[union-attr]


def test_who_may_have_gone_home_is_there_as_often_as_the_model_says() -> None:
    live = log_of([did("q", "Visit", 8.4, None), *(did(f"p{i}", "Visit", 8.25, 8.5) for i in range(600))])
    found = stood(replace(fork(0.0), name="live"), live, None)
    assert (len(found) - 1) / 600 == pytest.approx(0.3, abs=0.06)


def test_a_patient_whom_the_model_sends_home_is_left_out_and_counted() -> None:
    model = hospital({"Visit": step(10), "Pay": step(1)}, known(), nodes={"v": Do(step="Visit"), "p": Do(step="Pay", then="v")})
    found = standing(model, people(3, 0.5, "Visit"), HALF_PAST_EIGHT, seed=1)
    assert found.present == ()
    assert "3 patients were still to come back" in found.notes[-1]


def test_equal_seeds_draw_the_same_and_other_seeds_do_not() -> None:
    log, model = people(60, 0.5, "Scan"), undecided()
    assert stood(model, log, seed=4) == stood(model, log, seed=4)
    assert stood(model, log, seed=4) != stood(model, log, seed=5)


# ── beds, parts side by side, the days to come ──────────────────────────────────────────────────────────────────────


def test_a_bed_kept_from_before_is_kept_until_its_step_has_ended() -> None:
    steps = {"Admit": step(10, Need(pools=("Bed",), until="Leave")), "Scan": step(30, "Lab"), "Leave": step(5, "Bed")}
    model = hospital(steps, known(), resources={"Bed": Resource(capacity=2), "Lab": Resource()})
    log = log_of(
        [
            did("Ann", "Admit", 8, 8.1, "Bed"),
            did("Ann", "Scan", 8.25, 9, "Lab"),
            did("Bo", "Admit", 7, 7.1, "Bed"),
            did("Bo", "Scan", 7.2, 7.3, "Lab"),
            did("Bo", "Leave", 7.5, 7.75, "Bed"),
        ]
    )
    bed = (Kept(resource="Bed", until="Leave"),)
    assert stood(model, log) == {"Ann": UnderWay(name="Ann", node="Scan", since=-15.0, resources=("Lab",), arrived=-30.0, keeps=bed)}


def side_by_side() -> Model:
    """Blood and a scan at the same time, then the visit."""
    nodes = {"both": Split(branches=("b", "s"), then="v"), "b": Do(step="Blood"), "s": Do(step="Scan"), "v": Do(step="Visit")}
    return hospital({"Blood": step(5), "Scan": step(60), "Visit": step(10)}, known(), nodes=nodes)


def test_parts_that_go_on_side_by_side_come_together_again() -> None:
    log = log_of([did("Ann", "Blood", 8, 9), did("Ann", "Scan", 8.25, 9.5), did("Bo", "Blood", 8, 8.25), did("Bo", "Scan", 8, 9)])
    found = stood(side_by_side(), log)
    parts = tuple(UnderWay(name="Ann", node=n, since=s) for n, s in (("b", -30.0), ("s", -15.0)))
    assert sorted(found["Ann"].parts, key=lambda p: p.since) == list(parts)  # type: ignore[union-attr]
    assert found["Bo"] == SideBySide(name="Bo", parts=(UnderWay(name="Bo", node="s", since=-30.0),), then="v", arrived=-30.0)
    run = simulate(side_by_side(), seed=1, present=tuple(found.values()), engine="plain").logs[0]
    visits = run.table.filter(run.table.step == "Visit").to_pyarrow().to_pylist()
    assert {r["case"]: minutes(r["start"]) for r in visits} == {"Ann": 45.0, "Bo": 30.0}


def test_known_patients_keep_their_day_and_those_who_have_come_do_not_come_again() -> None:
    came = Listed(patients=tuple(Patient(name=n, minute=m) for n, m in (("Ann", 480.0), ("Gus", 500.0), ("Hal", 2000.0))))
    model = replace(clinic(), arrivals=(came,))
    found = standing(model, day(did("Ida", "Visit", 30, 31)), MONDAY + timedelta(days=1, hours=1), seed=1)
    assert (found.model.begin.isoformat(), found.first_minute) == ("2024-01-02", 60.0)
    assert found.model.arrivals == (Listed(patients=(Patient(name="Hal", minute=560.0),)),)


def test_parts_say_who_they_are_once() -> None:
    with pytest.raises(ModelError, match="of its own"):
        SideBySide(name="Ann", parts=(Waiting(name="Bo", node="v", since=-1.0),))
    with pytest.raises(ModelError, match="no part"):
        SideBySide(name="Ann", parts=())


# ── any log ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def moment_of(model: Model, luck: Random) -> datetime:
    return datetime.combine(model.begin, datetime.min.time()) + timedelta(minutes=luck.uniform(100, 6000))


def there(log: EventLog, at: datetime) -> set[str]:
    """Whoever had come and had something to end; not those who waited and were never seen to begin, for they may have left."""
    rows = [r for r in log.table.to_pyarrow().to_pylist() if r["start"] is not None]
    times = [[t.replace(tzinfo=None) for c in ("ready", "start", "end") if (t := r[c]) is not None] for r in rows]
    came = {r["case"] for r, t in zip(rows, times, strict=True) if min(t) <= at}
    return {r["case"] for r, t in zip(rows, times, strict=True) if r["case"] in came and (r["end"] is None or max(t) > at)}


def from_a_random_hospital(seed: int) -> tuple[Model, EventLog, datetime, Standing] | None:
    try:
        model, plan = random_world(seed)
        log = simulate(replace(model, zone=None), plan, seed=seed, days=6, engine="plain").logs[0]
        at = moment_of(model, Random(seed))
        return model, log, at, standing(replace(model, zone=None), log, at, seed=1)
    except (ModelError, InputError):
        return None


def test_in_random_hospitals_everybody_is_there_once_and_leaves_or_stays() -> None:
    tried = 0
    for seed in range(300, 318):
        found = from_a_random_hospital(seed)
        if found is None:
            continue
        _, log, at, now = found
        names = [p.name for p in now.present]
        assert len(set(names)) == len(names)
        assert there(log, at) <= set(names)
        run = simulate(now.model, seed=2, days=2, present=now.present, first_minute=now.first_minute, engine="plain").logs[0]
        assert set(names) <= set(run.table.to_pyarrow()["case"].to_pylist())  # they end something, or are still at it
        tried += len(names) > 3
    assert tried > 4
