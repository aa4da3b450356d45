"""The search on made-up hospitals whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.improve.made import SIGNS, Made, made_levers

from sandcone.core.errors import EmptyError, InputError
from sandcone.core.lever import Course, LeverSet, Limits
from sandcone.core.outcome import OBJECTIVES, Outcome
from sandcone.improving.search.allocation import Rule, deciding, equal, mocba
from sandcone.improving.search.belief import believed
from sandcone.improving.search.budget import Budget, budget_of
from sandcone.improving.search.costs import dear, surely_dear
from sandcone.improving.search.front import chances, on_front
from sandcone.improving.search.look import Glance, Look, Task, short_course, short_share
from sandcone.improving.search.rivals import plain_nsga, plain_random
from sandcone.improving.search.samples import counted, least
from sandcone.improving.search.search import search
from sandcone.improving.search.searched import Searched
from sandcone.improving.search.stable import unsteady, why_not

WORLD = Made.drawn(3, [1, 1, 2, 1, 1, 1], noise=0.5)
LEVERS = made_levers(WORLD.settings)
RUNS, FEW = Budget(runs=220), Budget(runs=90)


@pytest.fixture(scope="module")
def searched() -> Searched:
    """What the search finds, once for all that look at it."""
    return search(LEVERS, WORLD.look, budget=RUNS, seed=1)


def changed(world: Made, change: Callable[[Task, Outcome], Outcome | str]) -> Look:
    """The world's look, with runs changed on their way."""
    return Look(glance=world.glance, attempt=lambda tasks: [change(t, o) for t, o in zip(tasks, world.attempt(tasks), strict=True)])


def truly(world: Made, found: Searched) -> dict[LeverSet, bool]:
    """Which of the sets found are truly on the front, among these."""
    values = np.array([world.true(f.levers) * SIGNS for f in found.found])
    matters = least(counted(world.attempt([Task(levers=world.settings and (0,) * len(world.settings), replication=0)])[0]))
    return dict(zip((f.levers for f in found.found), on_front(values[None], matters)[0].tolist(), strict=True))


def test_sets_are_placed_where_they_truly_belong(searched: Searched) -> None:
    found = searched
    truth = truly(WORLD, found)
    assert found.found[0].levers == (0,) * 6
    assert [f.chance for f in found.found[1:]] == sorted((f.chance for f in found.found[1:]), reverse=True)
    wrong = [f.levers for f in found.found if (f.chance > 0.5) != truth[f.levers]]
    assert len(wrong) <= 0.1 * len(found.found)
    assert [f.levers for f in found.found if f.place != "perhaps on the front" and (f.place == "on the front") != truth[f.levers]] == []
    assert 0.0 < found.wrong < 0.1
    assert found.runs + 0.5 * found.short_runs <= 220


def test_the_same_seed_and_runs_give_the_same_answer_however_runs_are_dealt_out(searched: Searched) -> None:
    def one_by_one(tasks: Sequence[Task]) -> list[Outcome]:
        return [WORLD.attempt([t])[0] for t in tasks]

    again = search(LEVERS, replace(WORLD.look, attempt=one_by_one), budget=RUNS, seed=1)
    other = search(LEVERS, WORLD.look, budget=FEW, seed=2)
    assert replace(searched, seconds=0.0) == replace(again, seconds=0.0)
    assert {f.levers for f in searched.found} != {f.levers for f in other.found}


def test_today_has_as_many_runs_as_any_set_and_replications_are_numbered_from_nought() -> None:
    asked: list[Task] = []

    def attempt(tasks: Sequence[Task]) -> list[Outcome]:
        asked.extend(tasks)
        return WORLD.attempt(tasks)

    found = search(LEVERS, Look(glance=WORLD.glance, attempt=attempt), budget=FEW, seed=1)
    assert len(found.today.outcomes) == max(len(f.outcomes) for f in found.found)
    full = [(t.levers, t.replication) for t in asked if not t.short]
    assert len(set(full)) == len(full) == found.runs
    for f in found.found:
        assert sorted(k for s, k in full if s == f.levers) == list(range(len(f.outcomes)))


def test_what_levers_do_is_found_beside_the_sets(searched: Searched) -> None:
    found = searched
    for i, n in enumerate(WORLD.settings):
        for s in range(n):
            effect = next(
                e for e in found.effects if e.levers == ((f"lever {i + 1}", f"setting {s + 1}"),) and e.objective == "resource efficiency"
            )
            assert effect.gap.value == pytest.approx(WORLD.effects[i][s + 1][0], abs=0.006)


def test_sets_beyond_a_limit_are_never_run() -> None:
    asked: set[LeverSet] = set()

    def attempt(tasks: Sequence[Task]) -> list[Outcome]:
        asked.update(t.levers for t in tasks)
        return WORLD.attempt(tasks)

    levers = made_levers(WORLD.settings, Limits(cost=1.0))
    found = search(levers, Look(glance=WORLD.glance, attempt=attempt), budget=FEW, seed=1)
    assert max(WORLD.true(s)[4] for s in asked) <= 1.0011e5
    dear_ones = [n for n in found.not_tried if n.why.startswith("dearer than allowed: cost 1.0")]
    assert len(dear_ones) >= 5


def test_a_set_that_cannot_keep_up_or_fails_is_left_out_with_why_and_never_scored() -> None:
    def fails(task: Task, outcome: Outcome) -> Outcome | str:
        if task.levers[0] == 1 and task.levers[1] == 1:
            return "nobody can do 'Surgery'"
        return replace(outcome, growth=0.35, resource=0.99) if task.levers[2] == 2 else outcome

    found = search(LEVERS, changed(WORLD, fails), budget=FEW, seed=1)
    assert all(f.levers[2] != 2 and f.levers[:2] != (1, 1) for f in found.found)
    assert {n.why for n in found.not_tried} == {
        "nobody can do 'Surgery'",
        "the house cannot keep up: 35% more patients in it at the end of the days that count than at their beginning",
    }


def test_a_formula_that_says_why_is_quoted_and_the_set_not_run() -> None:
    def glance(sets: Sequence[LeverSet]) -> list[Glance | str]:
        return [
            "work for 'MRI' comes 1.10 times as fast as it can be done" if s[3] else g
            for s, g in zip(sets, WORLD.glance(sets), strict=True)
        ]

    found = search(LEVERS, replace(WORLD.look, glance=glance), budget=FEW, seed=1)
    assert all(f.levers[3] == 0 for f in found.found)
    assert {n.why for n in found.not_tried} == {"work for 'MRI' comes 1.10 times as fast as it can be done"}


def test_objectives_that_today_has_no_number_for_do_not_count() -> None:
    found = search(LEVERS, changed(WORLD, lambda _, o: replace(o, fit=float("nan"))), budget=FEW, seed=1)
    assert [o.name for o in found.objectives] == ["resource efficiency", "flow efficiency", "worst-off wait", "cost"]
    assert {e.objective for e in found.effects} == {o.name for o in found.objectives}


def test_when_today_cannot_be_run_the_search_refuses() -> None:
    with pytest.raises(EmptyError, match="today: nobody can do 'Surgery'"):
        search(LEVERS, changed(WORLD, lambda _, __: "nobody can do 'Surgery'"), budget=RUNS, seed=1)


def test_where_today_itself_does_not_keep_up_it_is_said_and_is_no_place_on_the_front() -> None:
    grows = changed(WORLD, lambda t, o: o if any(t.levers) else replace(o, growth=0.3, resource=0.95))
    found = search(LEVERS, grows, budget=FEW, seed=1)
    assert (found.today.chance, found.today.place) == (0.0, "behind")
    assert found.notes[0].startswith("today itself does not keep up: 30%")


def test_a_search_that_is_stopped_keeps_what_it_has() -> None:
    def stops(after: int) -> Look:
        left = [after]

        def attempt(tasks: Sequence[Task]) -> list[Outcome]:
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return WORLD.attempt(tasks)

        return replace(WORLD.look, attempt=attempt)

    found = search(LEVERS, stops(4), budget=RUNS, seed=1)
    assert found.ended == "it was stopped"
    assert len(found.found) > 10
    with pytest.raises(KeyboardInterrupt):
        search(LEVERS, stops(0), budget=FEW, seed=1)


def test_with_no_levers_there_is_today_alone() -> None:
    found = search(made_levers([]), Made.drawn(1, []).look, budget=RUNS, seed=1)
    assert [f.levers for f in found.found] == [()]
    assert found.ended == "there is no set to try"


def test_a_budget_of_a_few_runs_is_kept_to() -> None:
    found = search(LEVERS, WORLD.look, budget=Budget(runs=7), seed=1)
    assert found.runs == 7
    assert found.ended == "the budget was used up"


@pytest.mark.parametrize("plain", [plain_random, plain_nsga])
def test_plain_searches_give_every_set_as_many_runs_and_the_same_kind_of_answer(plain: Callable[..., Searched]) -> None:
    found = plain(LEVERS, WORLD.look, budget=Budget(runs=100), seed=1)
    assert {len(f.outcomes) for f in found.found[:-1]} <= {1, 2, 3, 4}
    assert sum(len(f.outcomes) == 4 for f in found.found) >= len(found.found) - 1
    assert found.runs == 100
    assert found == replace(plain(LEVERS, WORLD.look, budget=Budget(runs=100), seed=1), seconds=found.seconds)


def test_a_plain_search_of_few_sets_ends() -> None:
    world = Made.drawn(1, [1, 1])
    for plain in (plain_random, plain_nsga):
        found = plain(made_levers([1, 1]), world.look, budget=Budget(runs=5000), seed=1)
        assert sorted(f.levers for f in found.found) == [(0, 0), (0, 1), (1, 0), (1, 1)]


# ── who gets the next runs ──────────────────────────────────────────────────────────────────────────────────────────


def misplaced(rule: Rule, runs: int, seed: int) -> int:
    """Sets with the wrong place, of 40 of which six are hard to tell, after so many runs."""
    luck = np.random.default_rng(seed)
    hard = [[0.0, 0.0], [1.2, -8.0], [-8.0, 1.2], [0.55, -3.0], [-1.4, -0.1], [-0.1, -1.4]]
    means = np.vstack([luck.uniform(-12, -4, (34, 2)), hard])
    matters, table = np.full(2, 0.2), means[:, None] + luck.normal(size=(1, 200, 2)) + luck.normal(size=(40, 200, 2)) * 1.5
    truth = on_front(means[None], matters)[0]
    counts = np.full(40, 2)
    while True:
        ran = np.arange(counts.max()) < counts[:, None]
        belief = believed(np.where(ran[:, :, None], table[:, : counts.max()], np.nan))
        if counts.sum() >= runs:
            return int(((chances(belief, matters, 400, luck) > 0.5) != truth).sum())
        counts = counts + rule(belief, matters, 40, luck)
        counts[0] = counts.max()


def test_runs_for_those_who_decide_place_sets_better_than_as_many_for_each() -> None:
    ours, same = (sum(misplaced(rule, 320, seed) for seed in range(8)) for rule in (deciding, equal))
    assert ours <= 0.6 * same
    assert same >= 5


def test_every_rule_gives_out_the_runs_it_is_given() -> None:
    luck = np.random.default_rng(1)
    belief = believed(luck.normal(size=(7, 3, 2)))
    for rule in (equal, deciding, mocba):
        found = rule(belief, np.full(2, 0.1), 13, np.random.default_rng(0))
        assert found.sum() == 13
        assert found.min() >= 0
    assert sorted(equal(belief, np.full(2, 0.1), 13, luck).tolist()) == [1, 2, 2, 2, 2, 2, 2]


def test_mocba_gives_most_to_the_pair_that_is_hardest_to_tell() -> None:
    means = np.array([[9.0, 9.0], [8.7, 8.7], [0.0, 0.0], [1.0, 2.0]])
    belief = believed(means[:, None] + np.random.default_rng(2).normal(size=(4, 6, 2)) * 0.3)
    found = mocba(belief, np.zeros(2), 40, np.random.default_rng(0))
    assert found[:2].sum() >= 36


# ── what is scored, what it may cost, how long it may take ──────────────────────────────────────────────────────────


def run(**changes: float) -> Outcome:
    """One run of today."""
    return replace(WORLD.attempt([Task(levers=(0,) * 6, replication=0)])[0], **changes)


def test_growth_that_todays_luck_has_too_is_luck_unless_today_is_unsteady() -> None:
    today = [run(growth=0.19), run(growth=0.05)]
    assert why_not([run(growth=0.25)], today) is None
    assert why_not([run(growth=0.25), run(growth=0.25)], today) is not None
    assert why_not([run(growth=0.3)], [run(growth=0.29)]) is not None
    assert unsteady([run(growth=0.3), run(growth=0.05)]) is None


def test_five_points_more_unfinished_than_today_is_too_many() -> None:
    today = [run(unfinished=0.03)]
    assert why_not([run(unfinished=0.07)], today) is None
    assert why_not([run(unfinished=0.09)], today) == "9% of patients have not left by the end of a run, today 3%"
    assert why_not([run(flow=float("nan"))], today) == "flow efficiency is not known in a run of it, though it is today"


def test_a_cost_is_above_its_limit_for_sure_or_on_average() -> None:
    today = [run(staff_cost=100.0)] * 4
    luck = [run(staff_cost=x) for x in (100.0, 103.0, 100.0, 103.0)]  # 1.015 on average
    assert surely_dear(luck, today, Limits(staff_cost=1.01)) is None
    assert dear(luck, today, Limits(staff_cost=1.01)) == "dearer than allowed: staff cost 1.015 times today's, at most 1.01"
    assert surely_dear([run(staff_cost=104.0)] * 4, today, Limits(staff_cost=1.01)) is not None
    assert surely_dear([run(staff_cost=101.5)], today, Limits(staff_cost=1.01)) is None  # one run says little
    assert dear(luck, today, Limits(cost=1.0)) is None


@pytest.mark.parametrize(
    ("said", "seconds", "runs"), [("600s", 600, None), ("10min", 600, None), ("2,000 runs", None, 2000), ("1 run", None, 1)]
)
def test_a_budget_is_read_from_words(said: str, seconds: float | None, runs: float | None) -> None:
    assert budget_of(said) == Budget(seconds=seconds, runs=runs)
    assert budget_of(budget_of(said)) == budget_of(said)


@pytest.mark.parametrize("said", ["", "soon", "10", "0 runs", "5 moves", "-3 s", "2%"])
def test_what_is_no_budget_is_refused(said: str) -> None:
    with pytest.raises(InputError, match="Say a time"):
        budget_of(said)


def test_a_budget_is_time_or_runs_and_says_how_much_is_used_up() -> None:
    with pytest.raises(InputError):
        Budget()
    with pytest.raises(InputError):
        Budget(seconds=1, runs=1)
    assert Budget(seconds=8).over(2, 99) == 0.25
    assert Budget(runs=8).over(99, 4) == 0.5


def test_a_short_run_is_half_as_long() -> None:
    assert short_course(Course(settle_days=42, days=56, follow_days=28)) == Course(settle_days=21, days=28, follow_days=14)
    assert short_share(Course(settle_days=42, days=56, follow_days=28)) == 0.5
    assert [o.name for o in OBJECTIVES][-1] == "cost"
