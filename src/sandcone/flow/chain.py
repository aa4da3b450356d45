"""The main job: the whole chain that exists so far, from a file to a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Literal

from sandcone.core.care_file import save_library
from sandcone.core.estimate import Measures
from sandcone.core.improved import Improved
from sandcone.core.log import EventLog
from sandcone.core.model import Model
from sandcone.core.model_file import save_model
from sandcone.core.site import Site
from sandcone.core.truth import Tried
from sandcone.flow.modularising import modules_or_why
from sandcone.flow.plan_page import plan_report
from sandcone.flow.plans import plan
from sandcone.flow.truth import tried
from sandcone.measuring import measure
from sandcone.reading import read, save
from sandcone.reporting import BookedMonth, NextWeeks, writable, write
from sandcone.scenarios import nh_fortnight, nh_hospital, nh_site, small_hospital
from sandcone.simulating import simulate

Told = Callable[[str], None]
Ahead = tuple[NextWeeks, BookedMonth]
Improving = Callable[[Tried], Improved | str]
MOVES = 20_000_000  # of the search for the plan of the weeks ahead: some seconds
SETTLE = 30  # days that the made-up house fills up before its log begins
MONTH, TRIED = 28, 3  # days of people whose paths are booked, and how often that is tried


def run(
    source: str | Path,
    out: str | Path,
    *,
    columns: str | Path | Mapping[str, object] | None = None,
    patients: str | Path | None = None,
    site: Site | None = None,
    seed: int,
    draws: int = 400,
    told: Told | None = None,
) -> tuple[EventLog, Measures, Path]:
    """Read a log, measure it, learn a twin and try it, and write the page: the whole chain that exists so far.

    ``out`` is a folder; in it come ``report.html``, ``measures.json``, ``measures.parquet``, ``model.json`` (the twin that was tried) and
    ``truth.json`` where the log can support a twin, ``library.toml`` (modules of care) where it can support them, ``left_out.parquet``
    where rows were left out, and the folder ``improve`` where the twin may be asked what could be changed. Gives the log, the measures and
    the path of the page. Raises ``SandconeError`` with what to do.
    """
    say: Told = told or (lambda _words: None)
    folder = writable(Path(out))
    return _from(read(source, columns=columns, patients=patients, site=site, progress=say), folder, seed, draws, say)


def demo(
    out: str | Path,
    *,
    size: Literal["small", "ward", "hospital", "network"] = "hospital",
    year: int = 2004,
    days: int = 365,
    seed: int,
    draws: int = 400,
    told: Told | None = None,
) -> tuple[EventLog, Measures, Path]:
    """Make up a year of a cardiac hospital in the manner of Narayana Hrudayalaya, and run the whole chain on the log that it writes.

    The log (after 30 days in which the house fills up) and its true model come into ``out`` too, as ``hospital.parquet`` and
    ``hospital.json``. The figures of the hospital and their sources stand in ``sandcone/scenarios/nh/nh.toml``. The size "small" is
    another one, the example hospital whose log ships with the package. Of a ward or a hospital the operations of two weeks are planned
    too, in the folder ``plan``, and for the people of a month in the ward whole paths are composed, booked and tried on the twin; and the
    levers of such a hospital are tried on its true model, in the folder ``improve``.
    """
    if size == "small":
        small = small_hospital()
        return run(small.log, out, columns=small.columns, seed=seed, draws=draws, told=told)
    say: Told = told or (lambda _words: None)
    folder = writable(Path(out))
    hospital = nh_hospital(size, year=year)
    save_model(hospital, folder / "hospital.json")
    say(f"letting {days} days of {hospital.name} pass")
    made = simulate(hospital, seed=seed, days=SETTLE + days, warm_up=SETTLE * 24 * 60, told=say).logs[0]
    save(made if size == "network" else made.with_site(nh_site(hospital)), folder / "hospital.parquet")
    log = read(folder / "hospital.parquet", progress=say)
    if size == "network":
        return _from(log, folder, seed, draws, say)
    return _from(
        log, folder, seed, draws, say, partial(_ahead, size, year, folder, seed, say), partial(_true_ways, hospital, folder, seed, say)
    )


def _true_ways(hospital: Model, folder: Path, seed: int, say: Told, twin: Tried) -> Improved | str:
    """What could be changed in the made-up hospital, whose true model is known and need not be learnt."""
    from sandcone.flow.better_ways import ways_of_nh

    return ways_of_nh(hospital, folder, seed=seed, told=say)


def _twin_s_ways(log: EventLog, folder: Path, seed: int, say: Told, twin: Tried) -> Improved | str:
    """What could be changed in the hospital of a log, as far as its twin may be asked."""
    from sandcone.flow.better_ways import better_ways  # compiled, which who asks for nothing of it need not wait for

    return better_ways(log, twin, folder, seed=seed, told=say)


def _ahead(size: Literal["ward", "hospital"], year: int, folder: Path, seed: int, say: Told) -> Ahead:
    return _next_weeks(size, year, folder, seed, say), _month(year, seed, say)


def _month(year: int, seed: int, say: Told) -> BookedMonth:
    """The people of a month in the ward, booked whole and tried a few times: enough to be seen, not to be sure of small differences."""
    from sandcone.flow.booking_trial import booking_trial  # compiled, which who plans nothing need not wait for

    say("composing, booking and trying the paths of a month")
    tried = booking_trial("ward", days=MONTH, runs=TRIED, seed=seed, year=year, told=say)
    return BookedMonth(
        where=nh_hospital("ward", year=year).name,
        days=MONTH,
        first_come=tried.first_come,
        one_size=tried.one_size,
        left_out=tried.left_out,
        not_ended=tried.not_ended,
    )


def _next_weeks(size: Literal["ward", "hospital"], year: int, folder: Path, seed: int, say: Told) -> NextWeeks:
    """Two weeks of the made-up hospital's operations planned, in the folder ``plan``; so many moves, so that it is the same anywhere."""
    problem = nh_fortnight(size, year, seed=seed)
    say("planning the next two weeks")
    planned = plan(problem, stop=f"{MOVES} moves", seed=seed, told=say)
    page = plan_report(problem, planned.plan, folder / "plan", made=f"Searched for with {MOVES:,} moves, seed {seed}.")
    link = page.relative_to(folder).as_posix()
    patients = len(problem.patients)
    return NextWeeks(name=problem.name, patients=patients, days=problem.days, score=planned.score, rival=planned.rival, link=link)


def _from(
    log: EventLog,
    folder: Path,
    seed: int,
    draws: int,
    say: Told,
    ahead: Callable[[], Ahead] | None = None,
    improving: Improving | None = None,
) -> tuple[EventLog, Measures, Path]:
    measures = measure(log, seed=seed, draws=draws, told=say)
    twin = tried(log, seed=seed, told=say)
    found = modules_or_why(log, seed=seed, measures=measures, told=say)
    ways = (improving or partial(_twin_s_ways, log, folder, seed, say))(twin)
    planned, booked = ahead() if ahead is not None else (None, None)
    say("writing the page")
    if twin.model is not None:
        save_model(twin.model, folder / "model.json")
    if not isinstance(found, str):
        save_library(found[0], folder / "library.toml")
    return log, measures, write(measures, log, folder, twin, found if isinstance(found, str) else found[1], planned, booked, ways)
