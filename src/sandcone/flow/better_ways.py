"""What could be changed, for the page of a log: levers suggested and tried on its twin, or why its twin is not to be asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from sandcone.core.errors import SandconeError
from sandcone.core.improved import Improved
from sandcone.core.log import EventLog
from sandcone.core.model import Model
from sandcone.core.truth import Tried, Truth
from sandcone.flow.improvement import LEVERS, STOPPED, TRIED, improve
from sandcone.scenarios import levers_file, nh_site

Told = Callable[[str], None]
RUNS, MADE_UP = 100, 300  # full runs for a log, and for the made-up hospital
FOLDER = "improve"
ASKED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("how long journeys take", ("throughput_time.mean",)),
    ("flow efficiency", ("flow_efficiency.from_need", "flow_efficiency.from_start")),
    ("resource efficiency", ("resource_efficiency.overall",)),
    ("how many patients come", ("arrivals_per_day",)),
)
"""What a twin has to have right before it is asked what a change would do: each by the first of these numbers that the log has."""


def better_ways(log: EventLog, twin: Tried, folder: Path, *, seed: int, told: Told) -> Improved | str:
    """Levers that fit the twin of a log, tried a little in the folder ``improve``; a sentence where the twin is not to be asked."""
    why = not_to_be_asked(twin)
    if why or twin.model is None:
        return why
    return _tried(partial(improve, twin.model, site=log.site, budget=f"{RUNS} runs", cores=1), folder, seed, told)


def ways_of_nh(hospital: Model, folder: Path, *, seed: int, told: Told) -> Improved | str:
    """The levers of the NH-like hospital, tried on its true model in the folder ``improve``."""
    asked = partial(improve, hospital, levers_file("nh"), site=nh_site(hospital), budget=f"{MADE_UP} runs")
    return _tried(asked, folder, seed, told)


def _tried(asked: Callable[..., Improved], folder: Path, seed: int, told: Told) -> Improved | str:
    """The folder is made anew, as everything on the page is."""
    told("trying what could be changed")
    try:
        for name in (TRIED, LEVERS):
            (folder / FOLDER / name).unlink(missing_ok=True)
        found = asked(seed=seed, out=folder / FOLDER, told=told)
    except SandconeError as refusal:
        return f"Nothing was tried: {refusal}"
    if found.ended == STOPPED:
        raise KeyboardInterrupt  # which was meant for the whole page
    return found


def not_to_be_asked(twin: Tried) -> str:
    """Why a twin is no ground for a search; empty if it may be asked."""
    if twin.truth is None or twin.model is None:
        return f"There is no twin to try changes on: {twin.why}"
    wrong = [f"{what} ({words})" for what, names in ASKED if (words := _wrong(twin.truth, names))]
    return f"The twin is not to be asked what a change would do, for it does not have right {', '.join(wrong)}." if wrong else ""


def _wrong(truth: Truth, names: Sequence[str]) -> str:
    """What is wrong with a number; empty if nothing is."""
    by_name = {j.name: j for j in truth.whole}
    found = next((by_name[n] for n in names if n in by_name), None)
    if found is None:
        return "not in the log"
    return "" if found.verdict in ("true within noise", "close") else found.words
