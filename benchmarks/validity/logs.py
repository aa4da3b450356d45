"""What a verdict says of public logs, half on half or year on year: ``python -m benchmarks.validity.logs [--only BPIC_2012_W]``.

Each log of ../shared/data is parted at the middle of the days on which somebody came; nothing else is chosen. Nobody is known to have
changed anything on that day, so every word but *no change* is owed to chance, to the months, to other patients, or to how the log was
made. The simulated ones are controls: one model made all of each, so nothing changed but that the house was empty at first.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import ibis

from sandcone.core.errors import SandconeError
from sandcone.core.estimate import Estimate
from sandcone.core.judged import Judged
from sandcone.core.log import EventLog
from sandcone.flow.verdicts import verdict_of_logs
from sandcone.reading import read

SHARED = Path("../shared/data")
SIMULATED = {"case": "case_id", "step": "activity", "start": "start_time", "end": "end_time", "resource": "resource"}
CONTROLS = ("Confidential", *(f"Procure_to_Pay{t}" for t in ("", "_1_timer", "_3_timers", "_5_timers", "_5_timers_after")))
"""The others cover a day to seven weeks, less than two times 28 days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """One log: its file, how its columns are called, and what it is."""

    file: str
    columns: str | dict[str, str] = field(default_factory=lambda: dict(SIMULATED))
    what: str = "simulated, one model throughout"
    whole_years: int = 0  # if not half on half: so many years against as many, from the first 1 January on


def _mapped(name: str, file: str, what: str) -> tuple[str, Public]:
    return name, Public(file=file, columns=f"examples/maps/{name}.toml", what=what)


def _years(name: str, file: str, what: str, years: int) -> tuple[str, Public]:
    return f"{name}, year on year", Public(file=file, columns=f"examples/maps/{name}.toml", what=what, whole_years=years)


LOGS = dict(
    [
        _mapped("or_utilization_q1_2022", "or_utilization_q1_2022/2022_Q1_OR_Utilization.csv", "theatres, constructed"),
        _mapped("hangu_outpatient", "hangu_outpatient", "one physician, real"),
        _mapped("hospital_billing", "hospital_billing/hospital_billing_10k.csv.gz", "bills of a hospital, real"),
        _mapped("patients_ed_artificial", "patients_ed_artificial/patients.csv", "emergency department, made up"),
        _mapped(
            "hospital_multi_perspective_artificial",
            "hospital_multi_perspective_artificial/hospital_multi_perspective.csv.gz",
            "emergency department, made up",
        ),
        _mapped("sepsis", "sepsis/sepsis.csv.gz", "sepsis pathway, real"),
        _mapped("mimic3_demo", "mimic3_demo", "admissions, real"),
        _mapped("BPIC_2012_W", "bps_benchmark/BPIC_2012_W.csv.gz", "bank, real"),
        _mapped("BPIC_2017_W", "bps_benchmark/BPIC_2017_W.csv.gz", "bank, real"),
        _mapped("Production", "bps_benchmark/Production.csv.gz", "factory, real"),
        _mapped("P2P", "bps_benchmark/P2P.csv.gz", "purchases, simulated"),
        _mapped("LoanApp", "bps_benchmark/LoanApp.csv.gz", "loans, simulated"),
        _years("hangu_outpatient", "hangu_outpatient", "one physician, real", 1),
        _years(
            "hospital_multi_perspective_artificial",
            "hospital_multi_perspective_artificial/hospital_multi_perspective.csv.gz",
            "emergency department, made up",
            8,
        ),
        *((name, Public(file=f"bps_benchmark/synthetic_known_truth/{name}.csv.gz")) for name in CONTROLS),
    ]
)
HEAD = "| log | parted at | patients | days | verdict | RE, % | FE, % | V* | against it |\n|---|---|---|---|---|---|---|---|---|"


def main() -> None:
    """Print a row for each log that is there."""
    asked = _asked()
    print(HEAD)
    for name, public in LOGS.items():
        path = SHARED / public.file
        if (asked.only and name not in asked.only.split(";")) or not path.exists():
            continue
        print(_row(name, public, path), flush=True)
    print(f"\n{time.process_time():.0f} CPU seconds")


def _row(name: str, public: Public, path: Path) -> str:
    try:
        log = read(path, columns=public.columns)
        at = middle(log)
        if public.whole_years:
            log, at = in_years(log, public.whole_years)
        found = verdict_of_logs(log, at=at)
    except SandconeError as refusal:
        return f"| {name} ({public.what}) | | | | refused | | | | {' '.join(str(refusal).split())} |"
    c, d = found.compared, found.differences
    v_star = "not known" if d.frontier is None else f"{_pair(d.frontier.before, d.frontier.after)} ({_gap(d.frontier.gap, 100, '%')})"
    cells = [
        f"{name} ({public.what})",
        str(at),
        f"{c.cases[0]:,}, {c.cases[1]:,}",
        f"{c.rows[0]}, {c.rows[1]}",
        f"**{found.headline}**{_at_first(found)}",
        f"{_pair(d.resource.before, d.resource.after, 100)} ({_gap(d.resource.gap, 100)})",
        f"{_pair(d.flow.before, d.flow.after, 100)} ({_gap(d.flow.gap, 100)})",
        v_star,
        " ".join([*found.verdict.because, *found.remarks]),
    ]
    return f"| {' | '.join(cells)} |"


def _came(log: EventLog) -> tuple[ibis.Table, date, date]:
    """When each patient came, and the first and the last day on which somebody did."""
    t = log.table
    came = t.group_by("case").aggregate(at=ibis.coalesce(t.ready, t.start, t.end).min())
    first, last = (x.to_pyarrow().as_py().date() for x in (came.at.min(), came.at.max()))
    return came, first, last


def middle(log: EventLog) -> date:
    """The day in the middle of those on which somebody came."""
    _, first, last = _came(log)
    return first + timedelta(days=((last - first).days + 1) // 2)


def in_years(log: EventLog, years: int) -> tuple[EventLog, date]:
    """The patients of twice so many years from the first 1 January on, and the day that parts them."""
    came, first, _ = _came(log)
    begin = first.year + ((first.month, first.day) > (1, 7))
    kept = came.filter(came.at < ibis.literal(datetime(begin + 2 * years, 1, 1), "timestamp"))
    return replace(log, table=log.table.semi_join(kept, "case")), date(begin + years, 1, 1)


def _at_first(found: Judged) -> str:
    return f" ({found.at_first.word} but for {found.rests_on})" if found.rests_on else ""


def _pair(before: Estimate, after: Estimate, times: float = 1.0) -> str:
    return f"{times * before.value:.3g} → {times * after.value:.3g}"


def _gap(gap: Estimate, times: float, unit: str = "") -> str:
    if gap.low is None or gap.high is None:
        return f"{times * gap.value:+.2g}{unit}"
    return f"{times * gap.value:+.2g}{unit}, {times * gap.low:.2g} to {times * gap.high:.2g}"


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.validity.logs", description="Verdicts on public logs, half on half or year on year."
    )
    parser.add_argument("--only", default="", help="Names of logs, with semicolons.")
    return parser.parse_args()


if __name__ == "__main__":
    main()
