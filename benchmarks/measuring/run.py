"""How fast is measuring? ``python benchmarks/measuring/run.py --events 1e6 --pm4py-python PATH --record``.

Every job runs in a process of its own, in turns, in the same minutes: a raw DuckDB query that only counts
directly-follows pairs and case times; the whole measure set without and with bootstrap intervals; and what pm4py computes
too, by Sandcone and by pm4py (only where ``--pm4py-python`` names a Python that has it). CPU seconds and peak memory are
what the operating system says of the finished process, start of Python included; medians over the rounds.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import shlex
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parent
RECORD = HERE.parents[1] / "docs" / "benchmarks.md"
MARK = "<!-- measuring: the newest result stands below this line -->"
WORDS = {
    "raw": "raw DuckDB: pairs and case times",
    "points": "Sandcone, whole measure set, no bootstrap",
    "intervals": "Sandcone, whole measure set, bootstrap",
    "shared": "Sandcone, what pm4py computes too",
    "pm4py": "pm4py, the same",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one process took: CPU and wall seconds, peak memory in MB."""

    cpu: float
    wall: float
    memory: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """At most so many times another job's cost, in logs of at least so many steps."""

    words: str
    job: str
    other: str
    most: float
    of: str = "cpu"
    steps: float = 5e5


PROMISES = (
    Promise(words="the whole set within 6 times the raw query (CPU)", job="points", other="raw", most=6, steps=5e6),
    Promise(words="intervals in under twice the point estimates (CPU)", job="intervals", other="points", most=2),
    Promise(words="at least 8 times less CPU than pm4py", job="shared", other="pm4py", most=1 / 8, steps=5e6),
    Promise(words="at a third of pm4py's memory", job="shared", other="pm4py", most=1 / 3, of="memory", steps=5e6),
)


def cost(command: list[str]) -> Cost:
    """Run a command to its end and ask the system what it took."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout.read() if process.stdout else ""
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{shlex.join(command)} ended with {process.returncode}")
    print(f"    {said.strip().splitlines()[-1] if said.strip() else ''}", flush=True)
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Cost(cpu=used.ru_utime + used.ru_stime, wall=time.perf_counter() - began, memory=used.ru_maxrss / unit)


def middle(costs: list[Cost]) -> Cost:
    """The median of each number."""
    return Cost(**{name: statistics.median(getattr(c, name) for c in costs) for name in ("cpu", "wall", "memory")})


def commands(log: Path, jobs: list[str], pm4py_python: str | None) -> dict[str, list[str]]:
    """What to run for each job."""
    ours = {job: [sys.executable, str(HERE / "jobs.py"), job, str(log)] for job in jobs if job != "pm4py"}
    if pm4py_python and "pm4py" in jobs:
        ours["pm4py"] = [pm4py_python, str(HERE / "pm4py_job.py"), str(log)]
    return ours


def in_turns(jobs: dict[str, list[str]], rounds: int) -> dict[str, Cost]:
    """Every job once a round, so that a slow minute is slow for all of them."""
    costs: dict[str, list[Cost]] = {job: [] for job in jobs}
    for i in range(rounds):
        for job, command in jobs.items():
            print(f"round {i + 1} of {rounds}: {WORDS[job]}", flush=True)
            costs[job].append(cost(command))
    return {job: middle(c) for job, c in costs.items()}


def table(costs: dict[str, Cost]) -> str:
    """The result, as a table in Markdown."""
    base = costs.get("raw")
    lines = ["| what | CPU s | wall s | peak MB | CPU over raw |", "|---|---:|---:|---:|---:|"]
    for job, c in costs.items():
        over = f"{c.cpu / base.cpu:.2f}" if base else ""
        lines.append(f"| {WORDS[job]} | {c.cpu:.2f} | {c.wall:.2f} | {c.memory:,.0f} | {over} |")
    return "\n".join(lines)


def promises(costs: dict[str, Cost], steps: int) -> list[str]:
    """Each promise that this run can judge: kept or not, and by how much."""
    said = []
    for p in PROMISES:
        if p.job in costs and p.other in costs and steps >= p.steps:
            ratio = getattr(costs[p.job], p.of) / getattr(costs[p.other], p.of)
            said.append(f"- {'kept' if ratio <= p.most else 'NOT kept'}: {p.words} ({ratio:.3g}, at most {p.most:.3g})")
    return said


def machine() -> str:
    """The machine in words."""
    cpuinfo = Path("/proc/cpuinfo")
    names = (
        [x.partition(":")[2].strip() for x in cpuinfo.read_text().splitlines() if x.startswith("model name")] if cpuinfo.exists() else []
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}"


def versions(pm4py_python: str | None) -> str:
    """What it was measured with."""
    ours = [f"{name} {version(name)}" for name in ("sandcone", "duckdb", "ibis-framework", "numpy")]
    if pm4py_python:
        ask = [pm4py_python, "-c", "from importlib.metadata import version; print('pm4py', version('pm4py'))"]
        ours.append(subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip().splitlines()[-1])
    return f"Python {platform.python_version()}, " + ", ".join(ours)


def record(text: str) -> None:
    """Put a result at the top of its part of docs/benchmarks.md."""
    page = RECORD.read_text(encoding="utf-8")
    if MARK not in page:
        raise SystemExit(f"{RECORD.name} has no line {MARK}")
    RECORD.write_text(page.replace(MARK, f"{MARK}\n\n{text}", 1), encoding="utf-8")


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=lambda s: int(float(s)), default=1_000_000, help="size of the log to make (1e6)")
    parser.add_argument("--log", type=Path, help="a log made before, instead")
    parser.add_argument("--jobs", default=",".join(WORDS), help=f"some of {','.join(WORDS)}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pm4py-python", help="a Python that has pm4py")
    parser.add_argument("--record", action="store_true", help="write the table into docs/benchmarks.md")
    return parser.parse_args()


def main() -> int:
    """Make the log if need be, run every job in turns, say what came out; 1 if a promise was not kept."""
    args = arguments()
    with TemporaryDirectory() as folder:
        log = args.log or Path(folder) / "log.parquet"
        if not args.log:
            subprocess.run([sys.executable, str(HERE / "generate.py"), "--events", str(args.events), "-o", str(log)], check=True)
        steps = pq.ParquetFile(log).metadata.num_rows
        costs = in_turns(commands(log, args.jobs.split(","), args.pm4py_python), args.rounds)
    kept = promises(costs, steps)
    command = f"python benchmarks/measuring/run.py --events {args.events if not args.log else steps:.0e} --rounds {args.rounds}"
    command += "" if args.jobs == ",".join(WORDS) else f" --jobs {args.jobs}"
    command += " --pm4py-python PYTHON" if args.pm4py_python else ""
    title = f"### {steps:,} steps, {datetime.datetime.now(datetime.UTC).date()}"
    text = "\n".join([title, "", f"`{command}`. {machine()}. {versions(args.pm4py_python)}.", "", table(costs), "", *kept])
    print(text)
    if args.record:
        record(text.rstrip() + "\n")
    return int(any("NOT kept" in line for line in kept))


if __name__ == "__main__":
    sys.exit(main())
