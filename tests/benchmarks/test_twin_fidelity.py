"""The benchmark of simulated logs: what it repeats, what it counts as a win, and that all methods run through the same code."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from benchmarks.twin_fidelity.methods import first_over, naive, named, ours_from, resample
from benchmarks.twin_fidelity.score import Scored, floor, of_cases, score
from benchmarks.twin_fidelity.splits import LOGS, SCORED, Score, Split, as_is, measured_here, published, split_named, write_split
from benchmarks.twin_fidelity.table import Cell, cells, page, totals
from tests import public_logs
from tests.measuring.worlds import at, step
from tests.measuring.worlds import log_of as world

import sandcone
from sandcone.core.log import EventLog
from sandcone.measuring.distances import rows
from sandcone.measuring.holdout import split as cut

NAMES = dict(zip(LOGS, ("LoanApp", "P2P", "Production", "BPIC_2012_W", "BPIC_2017_W"), strict=True))


def visits(*days: int, tag: str = "") -> EventLog:
    """A visit at nine on each of these days, of one hour, and one of two hours after it."""
    return world(
        [
            s
            for i, day in enumerate(days)
            for s in (
                step(f"{tag}{i}", "a", 24 * day + 9, 24 * day + 10, "Mia"),
                step(f"{tag}{i}", "b", 24 * day + 11, 24 * day + 13, "Lea"),
            )
        ]
    )


def tiny(train: EventLog, test: EventLog) -> Split:
    start = test.table.start.min().to_pyarrow().as_py()
    return Split(
        name="tiny", train=train, test=test, train_as_is=train, test_file=Path("none"), cases=rows(test).case.max() + 1, start=start
    )


def starts(log: EventLog) -> list[datetime]:
    found: list[datetime] = (
        log.table.group_by("case").aggregate(first=log.table.start.min()).order_by("first").to_pyarrow()["first"].to_pylist()
    )
    return found


@pytest.mark.parametrize("log", LOGS)
def test_the_naive_replay_repeats_what_was_measured_with_the_package(log: str, shared: Path) -> None:
    found = score(split_named(log), naive, runs=1, seed=1)
    (known,) = (got for method, got in measured_here()[log].items() if method.startswith("naive"))
    assert len(known) >= 7
    assert {d: round(found.mean(d), 3) for d in known} == pytest.approx({d: s.value for d, s in known.items()}, abs=1e-9)


@pytest.mark.parametrize("log", LOGS)
def test_our_cut_gives_the_cases_of_the_splits(log: str, root: Path, shared: Path) -> None:
    file, name = public_logs.LOGS[NAMES[log]]
    past, test = cut(sandcone.read(shared / "data" / file, columns=root / f"examples/maps/{name}.toml"))
    files = (as_is(shared / f"benchmarks/twin/splits/{log}_{half}.csv.gz") for half in ("train", "test"))
    for ours, theirs in zip((past, test), files, strict=True):
        assert set(ours.table.case.to_pyarrow().to_pylist()) == set(theirs.table.case.to_pyarrow().to_pylist())
        assert ours.account.rows_kept == theirs.account.rows_kept


def test_the_papers_table_is_told_from_the_variants(shared: Path) -> None:
    main, variants = published()
    assert {log: len(main[log]) for log in LOGS} == {"LoanApp": 3, "P2P": 5, "Production": 5, "BPI12W": 5, "BPI17W": 5}
    assert all(set(got) == set(SCORED) for log in LOGS for got in (*main[log].values(), *variants[log].values()))
    assert main["P2P"]["RIMS"]["CEDD"] == Score(value=0.832, sd=0.123)
    assert variants["BPI17W"]["AgentSimulator LSTM Auto"]["NGD"].value == 0.185


def test_the_naive_replay_is_the_last_cases_moved_by_whole_weeks_to_just_before_the_start() -> None:
    split = tiny(visits(0, 1, 2, 3), visits(17, 18))  # the last two began on Wednesday and Thursday; the test begins on a Thursday
    made = naive(split, 1)(2, split.start, 1)
    assert starts(made) == [at(24 * 16 + 9), at(24 * 17 + 9)]
    assert rows(made).steps == ("a", "b")


def test_drawing_cases_again_keeps_their_minutes_and_gives_as_many_as_were_asked_for() -> None:
    split = tiny(visits(0, 1, 2, 3), visits(14, 15))
    make = resample(split, 1)
    made = make(3, split.start, 1)
    assert starts(made) == [at(24 * 8 + 9), at(24 * 9 + 9), at(24 * 10 + 9)]
    assert set((rows(made).end - rows(made).start).tolist()) == {3600 * 10**6, 2 * 3600 * 10**6}


def test_a_method_learns_once_and_is_run_with_one_seed_after_the_other() -> None:
    learnt, seeds = [], []

    def method(split: Split, seed: int) -> object:
        learnt.append(seed)

        def make(n: int, start: datetime, seed: int) -> EventLog:
            seeds.append((n, start, seed))
            return visits(*range(seed, seed + n))

        return make

    found = score(tiny(visits(0), visits(7, 8)), method, runs=3, seed=7)  # type: ignore[arg-type]
    assert learnt == [7]
    assert seeds == [(2, at(24 * 7 + 9), s) for s in (7, 8, 9)]
    assert found.got["AEDD"] == (0.0, 24.0, 48.0)
    assert (found.mean("AEDD"), found.sd("AEDD"), found.cases, found.steps) == (24.0, pytest.approx(np.std([0, 24, 48])), 2, 4.0)


def test_two_halves_of_the_test_share_no_case() -> None:
    real = rows(visits(0, 1, 2, 3, 4))
    chosen = np.array([True, False, True, False, False])
    assert len(of_cases(real, chosen).case) == 4
    assert of_cases(real, ~chosen).case.max() == 2
    assert floor(tiny(visits(0), visits(0, 1, 2, 3)), draws=2, seed=1)["CTDD"] == (0.0, 0.0)


def test_methods_are_found_by_name_or_by_module_and_function() -> None:
    assert named("naive") is naive
    assert named("benchmarks.twin_fidelity.methods:resample") is resample


def test_who_comes_before_the_first_start_is_left_out_and_replaced_by_those_who_come_later() -> None:
    asked = []

    def simulate(begin: object, n: int, seed: int) -> EventLog:
        asked.append(n)
        return world([step(str(i), "a", 8 + i, 8.5 + i, ready=7.75 + i) for i in range(n)])

    made = ours_from(simulate)(3, datetime(2024, 1, 1, 9, 30), 1)
    assert asked == [3, 5]  # two of three come before half past nine
    assert starts(made) == [at(10), at(11), at(12)]


def test_the_first_to_be_over_are_kept_of_as_many_as_come_until_then() -> None:
    def make(n: int, start: datetime, seed: int) -> EventLog:
        return world([step(str(i), "a", i, i + (10 if i % 2 else 0.5)) for i in range(n)])  # every other one stays long

    made = first_over(make)(6, datetime(2024, 1, 1), 1)
    assert starts(made) == [at(i) for i in (0, 2, 4, 6, 8, 10)]  # the sixth is over at half past ten, the first long one at eleven


def test_a_file_written_like_the_splits_is_read_as_it_was(tmp_path: Path) -> None:
    log = world([step("Ann", "a", 9, 10.000001, "Mia"), step("Bo", "b", 11, 12)])
    again = as_is(write_split(log, tmp_path / "log.csv"))
    columns = ("case", "step", "resource", "start", "end")
    assert again.table.select(*columns).to_pyarrow().to_pylist() == log.table.select(*columns).to_pyarrow().to_pylist()


def got(values: dict[str, tuple[float, ...]]) -> Scored:
    return Scored(got=values, cases=3, steps=6, fit_seconds=1, fit_cpu=1, steps_per_cpu_second=10)


def five(value: float) -> dict[str, tuple[float, ...]]:
    return dict.fromkeys(SCORED, (value, value))


def test_a_cell_is_won_over_the_best_other_and_over_the_naive_replay_each_by_itself() -> None:
    others = {"L": {"Simod": dict.fromkeys(SCORED, Score(value=5, sd=1)), "RIMS": dict.fromkeys(SCORED, Score(value=4, sd=1))}}
    variants = {"L": {"AgentSimulator PN Orch": dict.fromkeys(SCORED, Score(value=2, sd=0))}}
    (first, *_) = cells("L", got(five(3)), got(five(2.5)), five(1), others, variants)
    assert (first.who, first.best.value, first.beats_others, first.beats_naive, first.beats_variants) == ("RIMS", 4, True, False, False)
    assert first.ratio == pytest.approx(3 / 2.5)
    assert not first.level  # 1 apart; two standard errors are 2 / √10
    text = page("L", [first], others, got(five(3)), (4, 8))
    assert "| NGD | 3.000 (0.000) | 2.500 | 4.000 (1.000) | RIMS | 1.20 | won | lost |" in text
    assert "3 cases and 6 steps a run, the test log has 4 and 8" in text  # too few came, and the page says so


def test_totals_count_wins_and_take_the_geometric_mean_of_ratios() -> None:
    def cell(ours: float, best: float, past: float) -> Cell:
        facts = {"best": Score(value=best, sd=0), "who": "RIMS", "naive": past, "variant": None, "floor": 0.1}
        return Cell(log="L", distance="NGD", ours=Score(value=ours, sd=0), runs=10, **facts)  # type: ignore[arg-type]

    text = totals([cell(1, 2, 4), cell(8, 2, 9)], 3)
    assert "Simod measured here: 1 of 3" in text
    assert "better than the naive replay: 2 of 3" in text
    assert "better than both others and naive: 1 of 3" in text
    assert "without a score: 1" in text
    assert "geometric mean of the ratios: 1.41" in text  # √(½ · 4)
