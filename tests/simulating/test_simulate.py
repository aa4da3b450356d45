"""The verb: seeds, plans under the same luck, warm-up, loads, logs that measure takes, and what is refused."""

from __future__ import annotations

import gc
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from sandcone.core.arrivals import Kind, Rate
from sandcone.core.errors import InputError, ModelError
from sandcone.core.law import Exponential, Fixed
from sandcone.core.model import Model, Need, Pool, Resource
from sandcone.core.plan import AS_TODAY, ByClass, Plan, ShortestFirst
from sandcone.core.present import Kept, UnderWay, Waiting
from sandcone.core.route import END, Choose, Do, Split, Way
from sandcone.measuring import measure
from sandcone.simulating import load, on_ray, simulate, warmup
from sandcone.simulating.log import save_rows
from sandcone.simulating.setting import drawn_beyond, setting
from sandcone.simulating.warm_up import mser_5
from tests.simulating.worlds import Play, compiled_rows, hospital, hours, known, mm, step

MIXED = (Kind(share=0.4, attributes={"class": "urgent"}), Kind(share=0.6, attributes={"class": "calm"}))


def clinic(per_hour: float = 5.0) -> Model:
    """Two steps, some come back, two kinds of patients."""
    steps = {"See": step(Exponential(mean=9.0), "Doctor"), "Test": step(Exponential(mean=4.0), "Lab")}
    nodes = {
        "a": Do(step="See", then="?"),
        "?": Choose(otherwise=(Way(to="b", share=0.5), Way(to=END, share=0.5))),
        "b": Do(step="Test", then="a"),
    }
    model = hospital(
        steps, (Rate(per_hour=(per_hour,), kinds=MIXED),), nodes=nodes, resources={"Doctor": Resource(capacity=2), "Lab": Resource()}
    )
    return replace(model, zone="Europe/Amsterdam")


def table(model: Model, plan: Plan = AS_TODAY, **more: object) -> pa.Table:
    """The log of one run."""
    settings = {"seed": 3, "days": 5.0, "engine": "plain", **more}
    return simulate(model, plan, **settings).logs[0].table.to_pyarrow()  # type: ignore[arg-type]


def test_equal_seeds_give_equal_logs_and_other_seeds_others() -> None:
    assert table(clinic()).equals(table(clinic()))
    assert not table(clinic()).equals(table(clinic(), seed=4))


def test_the_fast_engine_gives_the_same_log_as_the_plain_one() -> None:
    model = replace(
        clinic(), resources={"Doctor": Resource(capacity=2, calendar="c"), "Lab": Resource()}, calendars={"c": hours("08:00", "18:00")}
    )
    assert table(model, engine="fast").equals(table(model))


def test_two_plans_meet_the_same_patients_and_the_same_luck() -> None:
    def first_steps(plan: Plan) -> dict[str, tuple[object, ...]]:
        rows = [r for r in table(clinic(), plan).to_pylist() if r["step"] == "See" and r["end"] is not None]
        return {r["case"]: (r["ready"], r["class"], round((r["end"] - r["start"]).total_seconds(), 3), r["start"]) for r in reversed(rows)}

    today, other = first_steps(AS_TODAY), first_steps(Plan(queue=ByClass(attribute="class", order=("urgent",))))
    both = today.keys() & other.keys()
    assert len(both) > 500
    assert all(today[c][:3] == other[c][:3] for c in both)
    assert any(today[c][3] != other[c][3] for c in both)


def test_a_longer_run_begins_like_a_shorter_one() -> None:
    short, long = table(clinic(), days=3.0), table(clinic(), days=6.0)
    ended = len(short) - short["end"].null_count
    assert ended > 500 and short[:ended].equals(long[:ended])


def test_measure_takes_the_log_unchanged() -> None:
    log = simulate(clinic(), seed=1, days=20, engine="plain").logs[0]
    found = measure(log, seed=1, draws=0)
    assert found["cases"].value > 2000
    assert found.get("resource_efficiency.overall") is not None
    assert log.site.capacity == {"Doctor": 2, "Lab": 1}
    assert set(log.attributes) == {"class"}


def test_times_are_utc_where_the_zone_is_known() -> None:
    model = replace(hospital({"Care": step(10)}, known(("Ann", 60.0))), zone="Europe/Amsterdam", begin=date(2024, 7, 1))
    rows = simulate(model, seed=1, engine="plain").logs[0].table.to_pyarrow().to_pylist()
    assert rows[0]["ready"].isoformat() == "2024-06-30T23:00:00"


def test_no_time_runs_backwards_where_the_clock_changes() -> None:
    model = replace(hospital({"Care": step(1)}, known(*((str(i), 10.0 * i) for i in range(60)))), zone="Europe/Amsterdam")
    for begin in (date(2024, 3, 31), date(2024, 10, 27)):
        rows = simulate(replace(model, begin=begin), seed=1, engine="plain").logs[0].table.to_pyarrow().to_pylist()
        times = [t for r in rows for t in (r["start"], r["end"])]
        assert times == sorted(times)


def test_further_resources_and_empty_cells_are_kept() -> None:
    model = hospital(
        {"Cut": step(10, "Room", "Surgeon"), "Rest": step(5)}, known(("Ann", 0.0)), resources={"Room": Resource(), "Surgeon": Resource()}
    )
    rows = simulate(model, seed=1, engine="plain").logs[0].table.to_pyarrow().to_pylist()
    assert [(r["resource"], r["others"], r["planned"]) for r in rows] == [("Room", ["Surgeon"], None), (None, [], None)]


def test_runs_show_themselves() -> None:
    said = str(simulate(clinic(), seed=1, days=2, replications=2, engine="plain"))
    assert said.startswith("2 runs of 'tiny', plan 'as today', seed 1, engine plain")
    assert len(said.splitlines()) == 4


def test_many_runs_in_threads_equal_the_same_runs_one_by_one() -> None:
    together = simulate(clinic(), seed=1, days=3, replications=4, cores=2)
    alone = simulate(clinic(), seed=1, days=3, replications=4, cores=1)
    assert [a.table.to_pyarrow().equals(b.table.to_pyarrow()) for a, b in zip(together.logs, alone.logs, strict=True)] == [True] * 4


def test_a_hospital_with_too_much_work_says_where() -> None:
    notes = simulate(clinic(per_hour=14.0), seed=1, days=2, engine="plain").notes
    assert len(notes) == 1 and notes[0].startswith("unstable: work for 'Doctor' comes 2.10 times as fast")


def test_the_load_of_each_pool_is_known_by_hand() -> None:
    """Five an hour see the doctor twice on average (1 / 0.5), 9 minutes each, at two doctors: 0.75; one test each, 4 minutes: 1/3."""
    assert dict(load(clinic())) == pytest.approx({"Doctor": 0.75, "Lab": 1 / 3})


def test_opening_hours_count_in_the_load() -> None:
    model = hospital(
        {"Care": step(6, "R")}, (Rate(per_hour=(1.0,)),), resources={"R": Resource(calendar="c")}, calendars={"c": hours("08:00", "16:00")}
    )
    assert dict(load(model))["R"] == pytest.approx(168 * 6 / (40 * 60))


def test_a_bed_kept_across_steps_is_busy_for_the_whole_stay() -> None:
    """Two an hour; 10 minutes to admit, 60 away in theatre after 30 of lag, 5 to leave with the bed again: 105 minutes of bed each."""
    steps = {"Admit": step(10, Need(pools=("Bed",), until="Leave")), "Operate": step(60, "Theatre"), "Leave": step(5, "Bed")}
    nodes = {
        "a": Do(step="Admit", then="o", lag=Fixed(minutes=99)),
        "o": Do(step="Operate", then="l", lag=Fixed(minutes=30)),
        "l": Do(step="Leave"),
    }
    model = hospital(steps, (Rate(per_hour=(2.0,)),), nodes=nodes, resources={"Bed": Resource(capacity=5), "Theatre": Resource(capacity=4)})
    assert dict(load(model)) == pytest.approx({"Bed": 2 * 105 / 60 / 5, "Theatre": 2 / 4})


def test_a_bed_kept_through_loops_and_parts_side_by_side_is_busy_until_it_is_given_back() -> None:
    """Half go to the scan again, 20 minutes; two parts of 30 and 50 minutes side by side; a quarter come back for another stay."""
    steps = {
        "Admit": step(10, Need(pools=("Bed",), until="Leave")),
        "Scan": step(20),
        "A": step(30),
        "B": step(50),
        "Leave": step(5, "Bed"),
    }
    nodes = {
        "a": Do(step="Admit", then="s"),
        "s": Do(step="Scan", then="?"),
        "?": Choose(otherwise=(Way(to="s", share=0.5), Way(to="both", share=0.5))),
        "both": Split(branches=("x", "y"), then="l"),
        "x": Do(step="A"),
        "y": Do(step="B"),
        "l": Do(step="Leave", then="again"),
        "again": Choose(otherwise=(Way(to="a", share=0.25), Way(to=END, share=0.75))),
    }
    model = hospital(steps, (Rate(per_hour=(1.0,)),), nodes=nodes, resources={"Bed": Resource(capacity=4)})
    assert dict(load(model)) == pytest.approx({"Bed": (10 + 2 * 20 + 50 + 5) / 0.75 / 60 / 4})


def test_pools_that_share_their_members_are_overloaded_together() -> None:
    steps = {"A": step(34, "P"), "B": step(38, "Q")}
    pools = {"P": Pool(members=("X", "Y")), "Q": Pool(members=("X", "Y"))}
    model = replace(hospital(steps, (Rate(per_hour=(1.75,)),), resources={"X": Resource(), "Y": Resource()}, pools=pools))
    assert max(x for name, x in load(model) if name in pools) < 0.6
    assert "'P' and the 3 pools that share its members comes 1.05 times" in simulate(model, seed=1, days=1, engine="plain").notes[0]
    light = replace(model, arrivals=(Rate(per_hour=(0.5,)),))
    assert simulate(light, seed=1, days=1, engine="plain").notes == ()


def test_without_numba_the_plain_engine_runs_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandcone.simulating.engines.find_spec", lambda _name: None)
    runs = simulate(clinic(), seed=1, days=1)
    assert runs.engine == "plain" and "numba is not installed" in str(runs)


def test_both_compiled_engines_can_be_made_ready_beforehand() -> None:
    said: list[str] = []
    warmup(said.append)
    assert sum("is ready" in words for words in said) == 2


def test_without_ray_runs_are_not_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandcone.simulating.machines.find_spec", lambda _name: None)
    with pytest.raises(InputError, match="ray is not installed"):
        simulate(clinic(), seed=1, days=1, engine="plain", machines=on_ray)


def test_the_fast_lane_gives_the_same_log_as_the_plain_engine() -> None:
    fast = simulate(clinic(), seed=3, days=5)
    assert fast.engine == "fast lane"
    rows, plain = fast.logs[0].table.to_pyarrow(), table(clinic())
    names = ["case", "step", "resource", "class"]
    assert rows.select(names).equals(plain.select(names))
    for time in ("ready", "start", "end"):
        pairs = zip(rows[time].to_pylist(), plain[time].to_pylist(), strict=True)
        assert all(a == b or abs((a - b).total_seconds()) < 2e-6 for a, b in pairs)  # the last bit of a logarithm


def test_large_logs_lie_on_disk_and_go_when_they_are_no_longer_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandcone.simulating.runs.IN_MEMORY", 1000)
    made: list[Path] = []
    monkeypatch.setattr("sandcone.simulating.runs.save_rows", lambda rows, path: made.append(save_rows(rows, path)) or path)
    runs = simulate(clinic(), seed=1, days=2, replications=3)
    assert len(made) == 2 and all(p.exists() for p in made)
    assert [log.table.count().to_pyarrow().as_py() for log in runs.logs] == [f.steps for f in runs.facts]
    del runs
    gc.collect()
    assert not made[0].parent.exists()


@pytest.mark.parametrize(
    ("said", "wanted"), [({}, "never ends"), ({"days": 0.0}, "above 0"), ({"days": 1.0, "replications": 0}, "above 0")]
)
def test_runs_that_cannot_be_are_refused(said: dict[str, float], wanted: str) -> None:
    with pytest.raises(ModelError, match=wanted):
        simulate(clinic(), seed=1, **said)  # type: ignore[arg-type]


# ── the beginning ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_mser_5_cuts_off_the_beginning_that_is_unlike_the_rest() -> None:
    luck = np.random.default_rng(1)
    series = np.concatenate([np.linspace(-30, 0, 200), np.zeros(1800)]) + luck.normal(size=2000)
    assert 150 <= mser_5(series) <= 260
    assert mser_5(luck.normal(size=2000)) < 400
    assert mser_5(np.zeros(20)) == 0


def test_who_came_during_the_warm_up_is_left_out_of_the_log() -> None:
    model = hospital({"Care": step(10, "R")}, known(("Ann", 0.0), ("Bo", 4.0), ("Cy", 30.0)), resources={"R": Resource()})
    assert table(model, warm_up=4.0, days=None)["case"].to_pylist() == ["Bo", "Cy"]


def test_a_warm_up_is_found_where_the_house_fills_up_slowly() -> None:
    runs = simulate(mm(1, 0.95), seed=5, patients=3000, warm_up="auto", engine="plain")
    assert runs.facts[0].warm_up >= 0 and runs.facts[0].patients <= 3000


def test_who_is_present_waits_in_line_and_work_under_way_goes_on(play: Play) -> None:
    model = hospital({"Care": step(30, "R"), "Pay": step(1)}, known(("New", 5.0)), resources={"R": Resource()})
    here = (UnderWay(name="Ann", node="Care", since=-10.0, resources=("R",)), Waiting(name="Bo", node="Care", since=-3.0))
    rows = play(model, present=here)
    assert [r.when for r in rows] == [
        ("Ann", "Care", -10.0, 20.0),
        ("Ann", "Pay", 20.0, 21.0),
        ("Bo", "Care", 20.0, 50.0),
        ("Bo", "Pay", 50.0, 51.0),
        ("New", "Care", 50.0, 80.0),
        ("New", "Pay", 80.0, 81.0),
    ]
    assert rows[2].ready == -3.0


def test_a_bed_kept_from_before_stays_kept(play: Play) -> None:
    steps = {"Admit": step(10, Need(pools=("Bed",), until="Leave")), "Leave": step(5, "Bed")}
    model = hospital(steps, known(("New", 0.0)), resources={"Bed": Resource()})
    rows = play(model, present=(UnderWay(name="Ann", node="Leave", since=-1.0, keeps=(Kept(resource="Bed", until="Leave"),)),))
    assert [r.when for r in rows] == [("Ann", "Leave", -1.0, 4.0), ("New", "Admit", 4.0, 14.0), ("New", "Leave", 14.0, 19.0)]


def test_work_under_way_where_it_is_closed_waits_for_the_morning(play: Play) -> None:
    resource = Resource(calendar="c", at_close="go home")
    model = hospital({"Care": step(30, "R")}, known(), resources={"R": resource}, calendars={"c": hours("08:00", "16:00")})
    assert play(model, present=(UnderWay(name="Ann", node="Care", since=-10.0, resources=("R",)),))[0].end == 500.0


def test_the_most_urgent_of_those_present_goes_first(play: Play) -> None:
    people = tuple(Waiting(name=n, node="Care", since=-m, attributes={"class": c}) for n, m, c in [("Ann", 9, "calm"), ("Bo", 5, "urgent")])
    model = hospital({"Care": step(30, "R")}, known(), resources={"R": Resource()}, queue=ByClass(attribute="class", order=("urgent",)))
    assert [r.who for r in play(model, present=people)] == ["Bo", "Ann"]


def test_more_patients_present_than_places_are_refused() -> None:
    model = hospital({"Care": step(30, "R")}, known(), resources={"R": Resource()})
    here = tuple(UnderWay(name=n, node="Care", since=-1.0, resources=("R",)) for n in ("Ann", "Bo"))
    with pytest.raises(ModelError, match="2 of them use 'R', which has 1"):
        simulate(model, seed=1, present=here, engine="plain")


def test_what_has_taken_long_already_takes_longer() -> None:
    assert drawn_beyond(Fixed(minutes=30), 10.0, 0.5) == 30.0
    assert drawn_beyond(Fixed(minutes=30), 40.0, 0.5) == 40.0
    assert drawn_beyond(Exponential(mean=10), 25.0, math.exp(-1)) == pytest.approx(35.0)


# ── intervals ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_intervals_of_runs_hold_the_truth_as_often_as_they_say() -> None:
    """Of 200 seeds, about 95 % of the 95 % intervals from eight runs hold Erlang C's wait (M/M/2 at half load, Wq = 10 / 3 minutes)."""
    model, held = mm(2, 0.5), 0
    for seed in range(200):
        means = []
        for r in range(8):
            rows = compiled_rows(setting(model, AS_TODAY, seed, r, None, 700, ()))
            means.append(float((rows.start - rows.ready)[rows.patient >= 100].mean()))
        half = stats.t.ppf(0.975, 7) * np.std(means, ddof=1) / math.sqrt(8)
        held += abs(np.mean(means) - 10 / 3) <= half
    assert 181 <= held <= 198  # 99.9 % of the time, were it exactly 95 %


def test_shorter_first_makes_the_mean_wait_shorter() -> None:
    steps = {"Long": step(30, "P"), "Short": step(5, "P")}
    nodes = {"?": Choose(otherwise=(Way(to="l", share=0.5), Way(to="s", share=0.5))), "l": Do(step="Long"), "s": Do(step="Short")}
    model = hospital(steps, (Rate(per_hour=(2.7,)),), nodes=nodes, resources={"R": Resource()}, pools={"P": Pool(members=("R",))})
    waited = [
        np.nanmean((x := compiled_rows(setting(model, Plan(queue=q), 1, 0, 60.0, None, ()))).start - x.ready)
        for q in (None, ShortestFirst())
    ]
    assert waited[1] < 0.8 * waited[0]
