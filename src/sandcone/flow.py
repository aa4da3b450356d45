"""The verbs joined: the only module that knows every stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from sandcone.core.estimate import Measures
from sandcone.core.log import EventLog
from sandcone.core.site import Site
from sandcone.measuring import measure
from sandcone.planning import Score, score
from sandcone.reading import read, read_inpatient_plan, read_problem, save
from sandcone.reporting import writable, write

__all__ = ["check", "measure", "read", "run", "save"]

Told = Callable[[str], None]


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
    """Read a log, measure it, and write the page: the whole chain that exists so far.

    ``out`` is a folder; in it come ``report.html``, ``measures.json``, ``measures.parquet`` and, where rows were left out,
    ``left_out.parquet``. Gives the log, the measures and the path of the page. Raises ``SandconeError`` with what to do.
    """
    say: Told = told or (lambda _words: None)
    folder = writable(Path(out))
    log = read(source, columns=columns, patients=patients, site=site, progress=say)
    measures = measure(log, seed=seed, draws=draws, told=say)
    say("writing the page")
    return log, measures, write(measures, log, folder)


def check(problem: str | Path, plan: str | Path) -> Score:
    """Score an inpatient plan by every rule, apart from whatever made it.

    Both are files in the form of the IHTC-2024 competition. Raises ``ProblemError`` where either is damaged, with the place.
    """
    given = read_problem(problem)
    return score(given, read_inpatient_plan(plan, given))
