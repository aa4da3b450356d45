"""`sandcone plan`, `check`, `compare`, `replan`, `explain` and `offer` on whole paths: what they say, what is on disk, refusals."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import sandcone
from sandcone.core.care_file import save_library
from sandcone.core.errors import ProblemError
from sandcone.core.journey import OnDays, Task
from sandcone.core.journeys import DAY, Closed, Journeys, Timetable
from sandcone.core.model_file import save_model
from sandcone.flow.best_timetable import BestTimetable
from sandcone.flow.kinds import kind_of
from sandcone.flow.offering import offer
from sandcone.flow.plans import for_the_bound
from sandcone.planning.journeys.first import first_come
from sandcone.planning.journeys.offers import Desk
from sandcone.planning.journeys.score import score_journeys
from sandcone.planning.until import until
from sandcone.reading.journeys import read_journeys, read_timetable, save_journeys
from tests.flow.test_personal import CARE
from tests.personalising.test_ways import clinic as model
from tests.planning.journeys.clinics import at, booked, clinic, need, visit
from tests.planning.small_files import PLAN, PROBLEM

Called = Callable[..., tuple[int, str, str]]
SHORT = ("--stop", "2000 moves", "--seed", "3", "--cores", "1")
ROOT = Path(__file__).resolve().parents[2]


def morning() -> Journeys:
    """Three patients from Monday on; Di would rather come on a Tuesday."""
    return clinic(visit("Cy"), visit("Di", wishes=(OnDays(days=("Tue",)),)), visit("Ed", release=at(1, "00:00")))


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """The morning and a timetable that is not the best: Cy waits two days."""
    timetable = booked(
        Cy={"visit": (at(2, "08:00"), "Ann"), "scan": (at(2, "08:30"), "scanner")},
        Di={"visit": (at(0, "08:00"), "Bo"), "scan": (at(0, "08:30"), "scanner")},
        Ed={"visit": (at(1, "08:00"), "Bo"), "scan": (at(1, "08:30"), "scanner")},
    )
    return save_journeys(morning(), tmp_path / "journeys.json"), save_journeys(timetable, tmp_path / "old.json")


# ── which verb is meant is seen from the file ───────────────────────────────────────────────────────────────────────


def test_what_a_problem_is_about_is_seen_from_what_it_says_of_itself(files: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "ward.json").write_text(json.dumps(PROBLEM))
    assert [kind_of(p) for p in (files[0], morning(), tmp_path / "ward.json", tmp_path)] == ["whole paths"] * 2 + ["inpatients"] * 2


def test_a_model_is_refused_with_the_way_to_book_its_patients(called: Called, tmp_path: Path) -> None:
    file = save_model(model(), tmp_path / "model.json")
    code, _, told = called("plan", file, *SHORT, "-o", tmp_path / "t.json")
    assert code == 2
    assert "a file of model, not a problem. Make whole paths" in told
    assert "--journeys FILE --days 28" in told


@pytest.mark.parametrize("command", ["fairness", "weights", "sweep"])
def test_what_is_for_inpatients_only_says_so(called: Called, files: tuple[Path, Path], tmp_path: Path, command: str) -> None:
    more = {"fairness": (files[1],), "weights": (), "sweep": (*SHORT, "-o", tmp_path / "swept")}[command]
    code, _, told = called(command, files[0], *more)
    assert code == 2
    assert "about whole paths, and the command is for inpatients" in told


# ── plan ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_best_timetable_is_written_and_said_by_rule_beside_first_come_and_the_bound(
    called: Called, files: tuple[Path, Path], tmp_path: Path
) -> None:
    code, said, told = called("plan", files[0], *SHORT, "-o", tmp_path / "t.json", "--report", tmp_path / "page")
    problem = read_journeys(files[0])
    found = read_timetable(tmp_path / "t.json", problem)
    cost = score_journeys(problem, found).cost
    assert code == 0
    assert "making the search ready" in told
    assert "above the bound" in told
    assert said.startswith(f"A timetable for clinic: cost {cost:,} (minutes of waiting)")
    assert f"{score_journeys(problem, first_come(problem)).cost:,}" in said
    assert "No timetable costs less than" in said
    assert "Everybody has a place: 3 patients." in said
    assert not any(who in said for who in ("Cy", "Di", "Ed"))
    assert sorted(p.name for p in (tmp_path / "page").iterdir()) == ["score.json", "timetable.csv", "timetable.html", "timetable.json"]
    assert sandcone.plan(problem, stop="2000 moves", seed=3, cores=1).timetable == found


def test_who_cannot_be_booked_even_alone_is_counted_apart(called: Called, tmp_path: Path) -> None:
    never = visit("Fa", tasks=(Task(name="visit", minutes=241, needs=(need("doctors"),)),), links=())
    path = save_journeys(clinic(visit("Cy"), never), tmp_path / "journeys.json")
    _, said, _ = called("plan", path, *SHORT, "-o", tmp_path / "t.json")
    assert "1 patient of 2 left out." in said
    assert "1 patient of them would have no room alone in the house either" in said


def test_a_timetable_to_begin_with_is_bettered_or_kept(called: Called, files: tuple[Path, Path], tmp_path: Path) -> None:
    words = ("--stop", "1 moves", "--seed", "3", "--cores", "1")
    assert called("plan", files[0], *SHORT, "-o", tmp_path / "best.json")[0] == 0
    assert called("plan", files[0], *words, "--start", tmp_path / "best.json", "-o", tmp_path / "again.json")[0] == 0
    costs = [sandcone.check(files[0], tmp_path / f"{name}.json").cost for name in ("best", "again")]
    assert costs[1] <= costs[0]


def test_a_bound_that_knows_that_people_are_shared_is_looked_for_where_it_is_asked_for(
    called: Called, files: tuple[Path, Path], tmp_path: Path
) -> None:
    code, said, told = called("plan", files[0], *SHORT, "--stop", "1%", "--bound", "5", "-o", tmp_path / "t.json")
    assert code == 0
    bound = int(told.split("no timetable can cost less than ")[1].split()[0].replace(",", ""))
    cost = sandcone.check(files[0], tmp_path / "t.json").cost
    assert 0 < bound <= cost
    assert f"No timetable costs less than {bound:,}; this one is {100 * (cost / bound - 1):.1f} % above." in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--weights", "w.toml"), "weights in words are for inpatients"),
        (("--start", "none.json"), "none.json: cannot be read"),
    ],
)
def test_options_that_mean_nothing_for_whole_paths_are_refused(
    called: Called, files: tuple[Path, Path], tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    code, _, told = called("plan", files[0], *SHORT, *words, "-o", tmp_path / "t.json")
    assert code == 2
    assert says in told
    assert not (tmp_path / "t.json").exists()


def test_what_the_search_refuses_leaves_the_file_of_before_as_it_was(called: Called, files: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("of before")
    for words in (("plan", files[0]), ("replan", *files)):
        code, _, told = called(*words, "--stop", "1 moves", "--seed", "-1", "-o", out)
        assert (code, out.read_text()) == (2, "of before")
        assert "seed -1" in told.splitlines()[-1]
    reward = replace(morning(), weights=replace(morning().weights, slack=-1))
    with pytest.raises(ProblemError, match="a weight of -1"):
        sandcone.plan(reward, stop=("1 moves", "2%"), seed=1, out=out)
    assert out.read_text() == "of before"


def test_asked_to_stop_it_ends_with_the_best_so_far(files: tuple[Path, Path], tmp_path: Path) -> None:
    words = ["plan", str(files[0]), "--stop", "1000000000000 moves", "--seed", "1", "--cores", "1", "-o", str(tmp_path / "t.json")]
    code = "from sandcone.cli import main; main()"
    running = subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert running.stderr is not None
    assert any(line.startswith("0 s (0 %)") for line in running.stderr)
    running.send_signal(signal.SIGTERM)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "stopped early" in said
    assert sandcone.check(files[0], tmp_path / "t.json").violations == 0


def test_only_a_better_timetable_that_can_be_carried_out_takes_the_place_of_the_one_on_disk(tmp_path: Path) -> None:
    here, out = clinic(visit("Cy")), tmp_path / "t.json"
    best = BestTimetable(here, out)

    def on(day: int, clock: str = "08:00") -> Timetable:
        return booked(Cy={"visit": (at(day, clock), "Ann"), "scan": (at(day, "09:00"), "scanner")})

    best.offer(on(0, "07:00"))  # Ann is not there yet
    assert not out.exists()
    for day, left in ((3, 3), (4, 3), (1, 1)):
        best.offer(on(day))
        assert read_timetable(out, here).starts["Cy"]["visit"].minute // DAY == left


# ── check, compare, explain ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_timetable_is_scored_by_every_rule(called: Called, files: tuple[Path, Path]) -> None:
    _, said, _ = called("check", *files, "--json")
    found = {r["rule"]: r["by"] for r in json.loads(said)["rules"]}
    assert (found["waiting"], found["wishes_missed"], found["journey_length"]) == (at(2, "08:00") + 2 * at(0, "08:00"), 2, 3 * 50)


def test_two_timetables_are_compared_in_counts_and_by_name_as_json(called: Called, files: tuple[Path, Path], tmp_path: Path) -> None:
    old = read_timetable(files[1], morning())
    new = dict(old.starts) | booked(Cy={"visit": (at(0, "08:00"), "Ann"), "scan": (at(0, "09:00"), "scanner")}).starts
    new |= booked(Ed={"visit": (at(1, "08:05"), "Bo"), "scan": (at(1, "08:35"), "scanner")}).starts
    save_journeys(Timetable(starts={who: new[who] for who in ("Cy", "Ed")}), tmp_path / "new.json")
    _, said, _ = called("compare", *files, tmp_path / "new.json")
    assert "1 patient on another day.\n1 patient on the same days, at another hour.\n1 patient left out now.\n" in said
    assert "2 patients worse off, the most harmed by 9" in said  # who is left out: 100,000 for a place
    assert "Cy" not in said
    _, said, _ = called("compare", *files, tmp_path / "new.json", "--json")
    assert [(p["patient"], p["what"]) for p in json.loads(said)["patients"]] == [("Di", "left out now"), ("Ed", "moved"), ("Cy", "moved")]
    assert "than first come" in called("compare", *files)[1]


def test_a_patient_hears_why_not_earlier_and_everybody_left_out_why(called: Called, files: tuple[Path, Path], tmp_path: Path) -> None:
    _, said, _ = called("explain", *files, "--patient", "Cy")
    assert said.startswith("Cy: 2 days earlier\n  day 0: possible, for ")
    assert called("explain", *files, "--patient", "Di")[1] == "Di: there is no earlier day to begin on.\n"
    _, said, _ = called("explain", *files, "--patient", "Cy", "--json")
    assert [d["day"] for d in json.loads(said)["days"]] == [0, 1]
    assert called("explain", *files)[1] == "Nobody is left out.\n"
    save_journeys(Timetable(), tmp_path / "none.json")
    _, said, _ = called("explain", files[0], tmp_path / "none.json", "--json")
    assert json.loads(said)["Cy"].startswith("There is a place from day 0, for ")
    assert called("explain", *files, "--patient", "Nobody")[0] == 2
    assert called("explain", files[0], "--conflict")[0] == 2


# ── replan ──────────────────────────────────────────────────────────────────────────────────────────────────────────

CLOSED = '[[closes]]\nresource = "Ann"\ndays = [2]\n'


def test_whoever_has_to_move_does_and_told_days_have_their_price(called: Called, files: tuple[Path, Path], tmp_path: Path) -> None:
    changes, new = tmp_path / "changes.toml", tmp_path / "new.json"
    changes.write_text(CLOSED)
    words = ("replan", *files, *SHORT, "--changes", changes, "-o", new)
    code, said, _ = called(*words, "--price", "day=900", "--json")
    assert code == 0
    assert [(p["patient"], p["other_day"], p["other_one"]) for p in json.loads(said)["moved"]] == [("Cy", [], ["visit"])]  # to Bo
    assert sandcone.check(files[0], new, changes=changes).violations == 0
    assert sandcone.check(files[0], files[1], changes=changes).line("outside_open_hours").by == 30
    _, said, _ = called(*words, "--price", "day=0")
    assert "on another day" in said
    assert "Cy" not in said


def test_what_is_frozen_stays_and_nothing_comes_before_it(called: Called, files: tuple[Path, Path], tmp_path: Path) -> None:
    new = tmp_path / "new.json"
    assert called("replan", *files, *SHORT, "--price", "day=0", "--frozen-until", "1", "-o", new)[0] == 0
    old, now = (read_timetable(p, morning()).starts for p in (files[1], new))
    assert now["Di"] == old["Di"]
    assert {s.minute // DAY for who in ("Cy", "Ed") for s in now[who].values()} == {1}


def test_who_cancels_is_gone_and_what_is_pinned_is_there(called: Called, files: tuple[Path, Path], tmp_path: Path) -> None:
    changes, new = tmp_path / "changes.toml", tmp_path / "new.json"
    pin = '[[pin]]\npatient = "Ed"\ntask = "visit"\nday = 2030-01-09\nat = "08:10"\nresources = ["Ann"]\n'
    changes.write_text(f'[[patient_cancels]]\npatient = "Di"\n{pin}')
    assert called("replan", *files, *SHORT, "--changes", changes, "-o", new)[0] == 0
    starts = read_timetable(new, morning()).starts
    assert set(starts) == {"Cy", "Ed"}
    assert (starts["Ed"]["visit"].minute, starts["Ed"]["visit"].resources) == (at(2, "08:10"), ("Ann",))  # Cy, who was there, made room
    assert sandcone.check(files[0], new, changes=changes).violations == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[closes]]\nresource = "Al"\ndays = [0]\n', "no resource is called 'Al'"),
        ('[[closes]]\nresource = "Ann"\ndays = [14]\n', "Give a day from 0 to 13"),
        ('[[closes]]\nresource = "Ann"\ndays = [1]\nfrom = "9"\n', "closes.0.from"),
        ('[[closes]]\nresource = "Ann"\ndays = [1]\nfrom = "09:00"\nto = "08:00"\n', "Give an end after the beginning"),
        ('[[patient_cancels]]\npatient = "Nobody"\n', "there is no such patient"),
        ('[[pin]]\npatient = "Nobody"\ntask = "visit"\nday = 1\nat = "08:00"\n', "pin there is no such patient"),
        ('[[pin]]\npatient = "Ed"\ntask = "visit"\nday = 1\nat = "08:07"\n', "at 0807. Appointments begin at multiples of 5 minutes"),
        ("[price]\nhour = inf\n", "price.hour"),
        ("[price]\nroom = 3\n", "price.room is not something that can be said here"),
        ("frozen = 3\n", "frozen is not something that can be said here"),
    ],
    ids=["resource", "day", "clock", "backwards", "patient", "whose pin", "odd minute", "endless", "price", "word"],
)
def test_a_change_that_cannot_be_is_refused_with_the_file(
    called: Called, files: tuple[Path, Path], tmp_path: Path, text: str, says: str
) -> None:
    (tmp_path / "changes.toml").write_text(text)
    code, _, told = called("replan", *files, *SHORT, "--changes", tmp_path / "changes.toml", "-o", tmp_path / "new.json")
    assert code == 2
    assert says in told.replace(":", "")
    assert "changes.toml" in told
    assert "Cy" not in told


@pytest.mark.parametrize(
    ("words", "says"), [(("--price", "room=3"), "such as day=2"), (("--stop", "2%"), "a gap"), (("--frozen-until", "15"), "from 0 to 14")]
)
def test_what_planning_again_cannot_be_asked_is_refused(
    called: Called, files: tuple[Path, Path], tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    stop = () if words[0] == "--stop" else ("--stop", "9 moves")
    code, _, told = called("replan", *files, *stop, "--seed", "1", "--cores", "1", *words, "-o", tmp_path / "new.json")
    assert code == 2
    assert says in told


def test_where_what_is_frozen_lies_where_it_is_closed_now_no_timetable_is_left(files: tuple[Path, Path], tmp_path: Path) -> None:
    changes = tmp_path / "changes.toml"
    changes.write_text('frozen_until = 3\n[[closes]]\nresource = "Ann"\ndays = [2]\n')
    with pytest.raises(ProblemError, match="no timetable was found that can be carried out; the nearest breaks: outside open hours"):
        sandcone.replan(*files, stop="9 moves", seed=1, cores=1, changes=changes, out=tmp_path / "new.json")
    assert not (tmp_path / "new.json").exists()


def test_what_is_pinned_and_frozen_elsewhere_is_refused(called: Called, files: tuple[Path, Path], tmp_path: Path) -> None:
    changes, new = tmp_path / "changes.toml", tmp_path / "new.json"
    changes.write_text('[[pin]]\npatient = "Di"\ntask = "visit"\nday = 3\nat = "08:10"\nresources = ["Ann"]\n')
    words = ("replan", *files, *SHORT, "--changes", changes, "-o", new)
    code, _, told = called(*words, "--frozen-until", "1")  # Di comes on day 0
    assert code == 2
    assert "fixed twice, and not alike. Take the pin out, or freeze fewer days" in told
    assert not new.exists()
    assert called(*words)[0] == 0


# ── files that are in the way, or mean nothing ──────────────────────────────────────────────────────────────────────


def test_nothing_is_written_over_what_it_is_made_from(called: Called, files: tuple[Path, Path], tmp_path: Path) -> None:
    more = save_journeys(clinic(visit("Gus")), tmp_path / "more.json")
    before = [p.read_bytes() for p in (*files, more)]
    for words in (
        ("plan", files[0], *SHORT, "-o", files[0]),
        ("replan", *files, *SHORT, "-o", files[0]),
        ("offer", *files, more, "--take", "1", "-o", files[0]),
        ("offer", *files, more, "--take", "1", "-o", tmp_path / "t.json", "--journeys", files[1]),
        ("offer", *files, more, "--take", "1", "-o", more),
    ):
        code, _, told = called(*words)
        assert code == 2
        assert "it would be written over what it is made from" in told
    assert [p.read_bytes() for p in (*files, more)] == before
    assert called("offer", *files, more, "--take", "1", "-o", files[1], "--journeys", files[0])[0] == 0  # the new in the place of the old
    assert sandcone.check(*files).violations == 0


def test_a_timetable_to_begin_with_that_is_the_file_too_is_never_worse_meanwhile(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, out = morning(), tmp_path / "best.json"
    first = sandcone.plan(here, stop="2000 moves", seed=3, cores=1, out=out).score.cost
    costs: list[int] = []

    def seen(best: BestTimetable, timetable: Timetable, path: Path) -> Path:
        costs.append(score_journeys(best.problem, timetable).cost)
        return save_journeys(timetable, path)

    monkeypatch.setattr(BestTimetable, "written", seen)
    sandcone.plan(here, stop="1 moves", seed=3, cores=1, start=out, out=out)
    assert costs
    assert max(costs) <= first < score_journeys(here, first_come(here)).cost


@pytest.mark.parametrize("minute", [10**12, 14 * DAY, -1500])
def test_a_timetable_with_a_task_outside_the_days_is_judged_and_booked_anew(
    called: Called, files: tuple[Path, Path], tmp_path: Path, minute: int
) -> None:
    outside = booked(Cy={"visit": (at(2, "08:00"), "Ann"), "scan": (minute, "scanner")})
    bad, new = save_journeys(outside, tmp_path / "bad.json"), tmp_path / "new.json"
    assert sandcone.check(files[0], bad).line("outside_the_days").by > 0
    assert called("explain", files[0], bad, "--patient", "Cy")[0] == 0
    assert called("compare", files[0], bad)[0] == 0
    assert called("plan", files[0], *SHORT, "--start", bad, "-o", new)[0] == 0
    assert sandcone.check(files[0], new).violations == 0


def test_a_file_too_deep_to_be_read_is_refused(called: Called, files: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "deep.json").write_text("[" * 100_000)
    code, _, told = called("check", files[0], tmp_path / "deep.json")
    assert code == 2
    assert "deep.json: cannot be read" in told


def test_a_page_that_cannot_be_written_is_refused_before_the_search(called: Called, files: tuple[Path, Path], tmp_path: Path) -> None:
    for words in (("plan", files[0]), ("replan", *files)):
        code, _, told = called(*words, *SHORT, "-o", tmp_path / "t.json", "--report", files[1])
        assert code == 2
        assert "it is a file" in told
        assert not (tmp_path / "t.json").exists()


def test_an_option_that_would_do_nothing_is_refused(called: Called, files: tuple[Path, Path], tmp_path: Path) -> None:
    made = ("--library", tmp_path / "library.toml", "-o", tmp_path / "personal.json")
    for words, says in (
        (("offer", *files, files[0], "--journeys", tmp_path / "x.json"), "Say --take and --out too"),
        (("explain", files[0], "--conflict", "--patient", "Cy"), "--conflict is about no patient"),
        (("personalise", tmp_path / "model.json", tmp_path / "people.csv", *made, "--days", "9"), "Say --journeys FILE too"),
        (("personalise", tmp_path / "model.json", tmp_path / "people.csv", *made, "--coming", "9"), "Say --journeys FILE too"),
    ):
        code, _, told = called(*words)
        assert code == 2
        assert says in told


def test_a_gap_with_moves_alone_has_a_minute_for_the_bound() -> None:
    asked = [(("9 moves", "1%"), None), (("50s", "1%"), None), (("2h", "1%"), None), (("50s",), None), (("50s", "1%"), 7.0)]
    assert [for_the_bound(until(said), seconds) for said, seconds in asked] == [60, 5, 60, None, 7]


# ── offer ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_options_are_shown_without_names_and_the_one_taken_is_booked(called: Called, files: tuple[Path, Path], tmp_path: Path) -> None:
    more = save_journeys(clinic(visit("Gus"), visit("Hal", release=at(1, "00:00"))), tmp_path / "more.json")
    code, said, _ = called("offer", *files, more)
    assert code == 0
    assert said.startswith("New patient 1 of 2: 3 options\n  1. ")
    assert "Gus" not in said
    assert json.loads(called("offer", *files, more, "--json")[1])["taken"] is None
    out = tmp_path / "booked.json"
    code, said, _ = called("offer", *files, more, "--take", "2", "-o", out)
    assert code == 0
    assert said.count("— taken") == 2
    problem = read_journeys(tmp_path / "booked-journeys.json")
    assert [j.patient for j in problem.journeys] == ["Cy", "Di", "Ed", "Gus", "Hal"]
    found = sandcone.check(problem, out)
    assert (found.violations, found.line("left_out").by) == (0, 0)
    named = ("--take", "1", "-o", out, "--journeys", tmp_path / "all.json")
    assert called("offer", *files, more, *named)[0] == 0
    assert sandcone.check(tmp_path / "all.json", out).violations == 0


def test_an_offer_costs_what_the_scorer_says_when_it_is_taken(files: tuple[Path, Path]) -> None:
    problem, new = morning(), clinic(visit("Gus", weight=3))
    before = sandcone.check(*files).cost
    for take in (1, 2, 3):
        found = offer(problem, files[1], new, take=take)
        option = found.options["Gus"][take - 1]
        assert score_journeys(found.problem, found.timetable).cost == before + option.cost + option.to_others


def test_the_desk_is_made_ready_once_for_several_patients(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    desks: list[Desk] = []

    class Counted(Desk):
        def __init__(self, problem: Journeys, timetable: Timetable) -> None:
            desks.append(self)
            super().__init__(problem, timetable)

    monkeypatch.setattr("sandcone.flow.offering.Desk", Counted)
    new = clinic(visit("Gus"), visit("Hal", weight=4), visit("Ivo", release=at(1, "00:00")))
    found = offer(*files, new, take=1)
    assert len(desks) == 1
    cost = sandcone.check(*files).cost
    options = [o[0] for o in found.options.values()]
    assert score_journeys(found.problem, found.timetable).cost == cost + sum(o.cost + o.to_others for o in options)


def test_who_has_no_option_is_left_out_and_one_that_is_not_there_cannot_be_taken() -> None:
    days_off = tuple(Closed(resource=r, start=0, end=14 * DAY) for r in ("Ann", "Bo"))
    shut = clinic(visit("Cy"), closed=days_off)
    found = offer(shut, Timetable(), clinic(visit("Gus")), take=1)
    assert "No whole path has room; left out." in str(found)
    assert found.timetable.left_out(found.problem) == ("Cy", "Gus")
    almost = tuple(Closed(resource=r, start=at(1, "00:00"), end=14 * DAY) for r in ("Ann", "Bo"))
    pressed = clinic(closed=(*almost, Closed(resource="Bo", start=0, end=DAY), Closed(resource="Ann", start=0, end=at(0, "11:30"))))
    with pytest.raises(ProblemError, match="new patient 1 has 1 option, and option 2 was to be taken"):
        offer(pressed, Timetable(), clinic(visit("Gus")), take=2)


def test_new_patients_of_another_house_or_known_already_are_refused(called: Called, files: tuple[Path, Path], tmp_path: Path) -> None:
    other = save_journeys(clinic(visit("Gus"), grid=10), tmp_path / "other.json")
    assert "of another house: grid differ" in called("offer", *files, other)[2]
    known = save_journeys(clinic(visit("Ed"), visit("Gus")), tmp_path / "known.json")
    told = called("offer", *files, known)[2]
    assert "known.json: 1 patient is in the problem already" in told
    assert "Ed" not in told
    assert "nobody is in it" in called("offer", *files, save_journeys(clinic(), tmp_path / "empty.json"))[2]
    assert "go together" in called("offer", *files, known, "--take", "1")[2]
    gus = save_journeys(clinic(visit("Gus")), tmp_path / "gus.json")
    assert (
        "two of the files" in called("offer", *files, gus, "--take", "1", "-o", tmp_path / "x.json", "--journeys", tmp_path / "x.json")[2]
    )
    assert "a number from 1 to 3" in called("offer", *files, known, "--take", "4", "-o", tmp_path / "x.json")[2]
    assert "this is not a journeys file" in called("offer", *files, files[1])[2]


def test_the_files_of_inpatients_are_still_theirs(called: Called, tmp_path: Path) -> None:
    for name, said in (("problem", PROBLEM), ("plan", PLAN)):
        (tmp_path / f"{name}.json").write_text(json.dumps(said))
    code, said, _ = called("check", tmp_path / "problem.json", tmp_path / "plan.json")
    assert (code, said.splitlines()[0]) == (0, "The plan can be carried out.")


# ── the whole road ──────────────────────────────────────────────────────────────────────────────────────────────────

TABLE = "patient,arrives,afraid,wish: days\nAl,60,yes,Tue\nBea,1500,no,\nCem,9000,no,\n"


def test_from_people_to_proposed_appointments_by_command(called: Called, tmp_path: Path) -> None:
    save_model(model(), tmp_path / "model.json")
    save_library(CARE, tmp_path / "library.toml")
    (tmp_path / "people.csv").write_text(TABLE, encoding="utf-8")
    given = [
        tmp_path / name for name in ("model.json", "people.csv", "personal.json", "library.toml", "journeys.json", "t.json", "fhir.json")
    ]
    hospital, people, personal, library, journeys, timetable, fhir = given
    kept = ("--library", library, "-o", personal, "--journeys", journeys)
    code, said, _ = called("personalise", hospital, people, *kept, "--days", "6")
    assert (code, said.splitlines()[-1]) == (0, f"2 people to be booked within 6 days; 1 person comes later; they are in {journeys}")
    assert called("personalise", hospital, people, *kept, "--days", "0")[0] == 2
    assert called("plan", journeys, *SHORT, "-o", timetable)[0] == 0
    assert called("exchange", timetable, "-o", fhir, "--problem", journeys, "--zone", "Europe/Berlin")[0] == 0
    entries = [e["resource"] for e in json.loads(fhir.read_text(encoding="utf-8"))["entry"]]
    assert [r["status"] for r in entries if r["resourceType"] == "Appointment"] == ["proposed"] * 3
    for form, says in ((".json", '"booked"'), (".ics", "STATUS:CONFIRMED")):
        words = ("exchange", timetable, "-o", tmp_path / f"c{form}", "--problem", journeys, "--zone", "UTC", "--confirmed")
        assert called(*words)[0] == 0
        assert (tmp_path / f"c{form}").read_text(encoding="utf-8").count(says) == 3
    assert called("exchange", timetable, "-o", tmp_path / "c.csv", "--problem", journeys, "--confirmed")[0] == 2


def test_where_the_problem_cannot_be_written_nothing_is(called: Called, tmp_path: Path) -> None:
    save_model(model(), tmp_path / "model.json")
    save_library(CARE, tmp_path / "library.toml")
    (tmp_path / "people.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "journeys.json").mkdir()
    words = (tmp_path / "model.json", tmp_path / "people.csv", "--library", tmp_path / "library.toml", "-o", tmp_path / "personal.json")
    assert called("personalise", *words, "--journeys", tmp_path / "journeys.json")[0] == 2
    assert not (tmp_path / "personal.json").exists()
    told = called("personalise", *words, "--journeys", tmp_path / "people.csv")[2]
    assert "it would be written over what it is made from" in told
    assert (tmp_path / "people.csv").read_text(encoding="utf-8") == TABLE
