"""How fast is the twin? ``python -m benchmarks.twin_speed --seed 1 --record``.

Every engine runs the same two networks in one process, in turns, so that a slow minute is slow for all of them. Times are CPU seconds of
the run itself, warm; an event is an arrival or the end of a step. Each engine runs as many patients as take it about half a second;
figures are medians over the rounds. The mean wait of every engine has to agree with that of every other, and with Erlang C.
"""

from __future__ import annotations

import argparse
import datetime
import math
import os
import platform
import statistics
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.twin_speed import ours, rivals
from benchmarks.twin_speed.models import NETWORKS, QUEUE, Network, erlang_wait, hospital
from benchmarks.twin_speed.rivals import Trial
from scipy import stats

from sandcone.simulating import simulate

RECORD = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
MARK = "<!-- twin speed: the newest result stands below this line -->"
TOGETHER = (500_000, 200_000)  # patients of each of the runs made two at a time, in each network
PARTS = ("networks", "threads", "year")  # unless said otherwise; compile and learnt take minutes
NH = 2008  # the year of the cardiac hospital
SURE = 0.999  # of the intervals that mean waits are compared by


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Something that runs a network, how it is called, and how many patients take it about half a second in each network."""

    words: str
    run: Callable[[Network, int, int, int], Trial]
    patients: tuple[int, int]


ENGINES = {
    "lean": Engine(words="Sandcone, fast lane, no log", run=ours.silent, patients=(6_000_000, 1_600_000)),
    "log": Engine(words="Sandcone, fast lane, with the log", run=ours.recorded, patients=(4_000_000, 1_200_000)),
    "general": Engine(words="Sandcone, general engine, with the log", run=ours.general, patients=(400_000, 120_000)),
    "plain": Engine(words="Sandcone, general engine in plain Python", run=ours.plain, patients=(8_000, 3_000)),
    "heap": Engine(words="a plain Python loop around heapq", run=rivals.heap, patients=(400_000, 100_000)),
    "simpy": Engine(words="SimPy", run=rivals.simpy, patients=(50_000, 14_000)),
    "ciw": Engine(words="Ciw", run=rivals.ciw, patients=(12_000, 5_000)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A ratio of two figures that has to be at least, or at most, so much."""

    words: str
    ratio: float
    least: float = 0.0
    most: float = math.inf

    def __str__(self) -> str:
        kept = self.least <= self.ratio <= self.most
        bound = f"at least {self.least:g}" if self.most == math.inf else f"at most {self.most:g}"
        return f"- {'kept' if kept else 'NOT kept'}: {self.words} ({self.ratio:.3g}, {bound})"


def in_turns(engines: list[str], network: Network, rounds: int, seed: int, scale: float) -> dict[str, list[Trial]]:
    """Every engine once a round, each round with another seed."""
    trials: dict[str, list[Trial]] = {name: [] for name in engines}
    skip = int(2000 * min(1.0, scale))
    for name in engines:
        ENGINES[name].run(network, skip + 100, seed, skip)  # compiled, imported, in the caches
    for i in range(rounds):
        for name in engines:
            patients = max(skip + 500, int(ENGINES[name].patients[NETWORKS.index(network)] * scale))
            trials[name].append(ENGINES[name].run(network, patients, seed + i, skip))
        print(f"{network.name}: round {i + 1} of {rounds}", flush=True)
    return trials


def speed(trials: list[Trial]) -> float:
    """Events a CPU second, the median."""
    return statistics.median(t.speed for t in trials)


def wait(trials: list[Trial]) -> tuple[float, float]:
    """The mean wait over the rounds, and half the length of its interval."""
    waits = [t.wait for t in trials]
    if len(waits) < 2:
        return waits[0], math.inf
    spread = statistics.stdev(waits) / math.sqrt(len(waits))
    return statistics.mean(waits), float(stats.t.ppf((1 + SURE) / 2, len(waits) - 1)) * spread


def table(network: Network, trials: dict[str, list[Trial]]) -> str:
    """Speeds, how many times those of SimPy and Ciw, and mean waits, in Markdown."""
    base = {r: speed(trials[r]) for r in ("simpy", "ciw") if r in trials}
    head = "| engine | events a CPU second | lowest to highest | times SimPy | times Ciw | mean wait, minutes |"
    lines = [f"**{network.name}**", "", head, "|---|---:|---:|---:|---:|---:|"]
    for name, found in trials.items():
        times = [f"{speed(found) / base[r]:.3g}" if r in base else "" for r in ("simpy", "ciw")]
        mean, within = wait(found)
        low, high = (f(t.speed for t in found) for f in (min, max))
        figures = [_big(speed(found)), f"{_big(low)} to {_big(high)}", *times, f"{mean:.2f} ± {within:.2g}"]
        lines.append(f"| {ENGINES[name].words} | {' | '.join(figures)} |")
    return "\n".join(lines)


def _big(x: float) -> str:
    return f"{x / 1e6:,.1f} M" if x >= 1e6 else f"{x / 1e3:,.0f} k"


def agreement(network: Network, trials: dict[str, list[Trial]]) -> list[str]:
    """Whether all mean waits agree: each two of them within their joint interval, and with the formula where there is one."""
    found = {name: wait(t) for name, t in trials.items()}
    if network is QUEUE:
        found["Erlang C"] = (erlang_wait(network), 0.0)
    names = [*found]
    apart = [f"{a} and {b}" for i, a in enumerate(names) for b in names[i + 1 :] if _apart(found[a], found[b])]
    with_formula = f", and with Erlang C ({erlang_wait(network):.3f})" if network is QUEUE else ""
    if apart:
        return [f"- NOT kept: {network.name}: mean waits differ: {', '.join(apart)}"]
    return [f"- kept: {network.name}: all mean waits agree within {SURE:.1%} intervals{with_formula}"]


def _apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) > math.hypot(one[1], other[1])


def promises(network: Network, trials: dict[str, list[Trial]]) -> list[Promise]:
    """Those that these engines can show."""
    made = []
    for name in ("lean", "log"):
        for rival, least in (("simpy", 80), ("ciw", 150)):
            if name in trials and rival in trials:
                words = f"{network.name}: {ENGINES[name].words} over {ENGINES[rival].words}"
                made.append(Promise(words=words, ratio=speed(trials[name]) / speed(trials[rival]), least=least))
    if "lean" in trials and "log" in trials:
        cost = statistics.median(a.speed / b.speed for a, b in zip(trials["lean"], trials["log"], strict=True))
        made.append(Promise(words=f"{network.name}: an event with its log over one without", ratio=cost, most=1.5))
    return made


def at_once(network: Network, rounds: int, seed: int, scale: float) -> tuple[str, list[Promise]]:
    """Two threads against one, beside jobs that share nothing, which say what the machine has to give while others use it too."""
    runs, free = [], []
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(2) as two:
        for i in range(3 * rounds):
            runs.append(ours.two_at_once(network, max(200, int(TOGETHER[NETWORKS.index(network)] * scale)), seed + i, (one, two)))
            free.append(ours.nothing_shared(max(1000, int(100_000 * scale)), (one, two)))
    gain, most, cost = (statistics.median(x) for x in ([p.gain for p in runs], [p.gain for p in free], [p.cost for p in runs]))
    low, high = (f(p.gain for p in runs) for f in (min, max))
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else math.nan
    text = (
        f"{network.name}, two threads: {gain:.2f} times as much in the same time as one ({low:.2f} to {high:.2f} in {len(runs)} tries), "
        f"at {cost:.2f} times the CPU a run; jobs that share nothing came to {most:.2f} times ({min(p.gain for p in free):.2f} to "
        f"{max(p.gain for p in free):.2f}), with a load of {busy:.1f} on the machine."
    )
    even = gain / most
    return text, [
        Promise(words=f"{network.name}: two cores over one", ratio=gain, least=1.7),
        Promise(words=f"{network.name}: the same, over what jobs that share nothing gained meanwhile", ratio=even, least=0.85),
    ]


def year(engines: list[str], rounds: int, seed: int, scale: float) -> tuple[str, list[Promise]]:
    """A year of a hospital of 1,000 beds."""
    model = hospital(max(20, int(1000 * scale)))
    lines = [f"**A year of a hospital of {model.name}**", "", "| engine | steps | CPU s | wall s |", "|---|---:|---:|---:|"]
    ways, took = ours.year_engines(model, engines), {}
    found: dict[str, list[tuple[int, float, float]]] = {name: [] for name in ways}
    for i in range(rounds + 1):
        for name, run in ways.items():
            wall, cpu = perf_counter(), process_time()
            steps = run(seed + i)
            found[name].append((steps, process_time() - cpu, perf_counter() - wall))
    for name, each in found.items():
        warm = each[1:]
        took[name] = statistics.median(w for _, _, w in warm)
        lines.append(f"| {name} | {warm[0][0]:,} | {statistics.median(c for _, c, _ in warm):.2f} | {took[name]:.2f} |")
    kept = [Promise(words=f"a year of {model.name}, {name}, wall seconds", ratio=t, most=2.0) for name, t in took.items()]
    return "\n".join(lines), kept


def nh(seed: int, rounds: int) -> tuple[str, list[Promise]]:
    """A year of the cardiac hospital with its 1,000 beds, from the call to the event log."""
    from sandcone.scenarios import nh_hospital

    model = nh_hospital("hospital", NH)
    found: list[tuple[int, float, float]] = []
    for i in range(rounds + 1):
        wall, cpu = perf_counter(), process_time()
        steps = simulate(model, seed=seed + i, days=365, cores=1).facts[0].steps
        found.append((steps, process_time() - cpu, perf_counter() - wall))
    cpu, wall = (statistics.median(x[i] for x in found[1:]) for i in (1, 2))
    first = f"{found[0][1]:.2f} CPU s the first time in a program"
    took = f"`simulate` to an event log {cpu:.2f} CPU s, {wall:.2f} s wall ({first})"
    text = f"**A year of the cardiac hospital of {NH}**: {found[-1][0]:,} steps, {took}."
    return text, [Promise(words=f"a year of the cardiac hospital of {NH}, `simulate`, wall seconds", ratio=wall, most=2.5)]


def compiling() -> tuple[str, list[Promise]]:
    """Cold and warm starts."""
    from benchmarks.twin_speed.compiling import ready

    found = ready()
    lines = [
        "**Until the engines are ready**",
        "",
        "| engine | cold, CPU s | cold, wall s | warm, CPU s | warm, wall s |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [f"| {name} | {c.cpu:.1f} | {c.wall:.1f} | {w.cpu:.2f} | {w.wall:.2f} |" for name, (c, w) in found.items()]
    kept = [Promise(words=f"{name}, first use on a machine, CPU seconds", ratio=c.cpu, most=15.0) for name, (c, _) in found.items()]
    kept += [
        Promise(words=f"{name}, every later first use in a program, CPU seconds", ratio=w.cpu, most=1.0) for name, (_, w) in found.items()
    ]
    return "\n".join(lines), kept


def learnt(seed: int, rounds: int) -> tuple[str, list[Promise]]:
    """The twin of a large log, beside Prosimos."""
    from benchmarks.twin_speed import learnt as big

    if not big.LOG.exists():
        return f"No {big.LOG.name} here, so no learnt twin was timed.", []
    model, took = big.learn(seed)
    lines = [f"**A year of the twin learnt from {big.LOG.name}** (learnt in {took:.0f} CPU s, {len(model.route.nodes):,} nodes)", ""]
    lines += ["| | steps | steps a CPU second | times Prosimos |", "|---|---:|---:|---:|"]
    kept = []
    for words, run in (("general engine, rows in arrays", big.rows), ("`simulate`, to an event log", big.log)):
        tries = [run(model, seed + i, 365) for i in range(rounds + 1)][1:]
        mid = statistics.median(t.a_second for t in tries)
        low, high = (mid / p for p in reversed(big.PROSIMOS))
        lines.append(f"| {words} | {tries[-1].steps:,} | {_big(mid)} | {low:,.0f} to {high:,.0f} |")
        kept.append(Promise(words=f"learnt twin, {words}, over Prosimos at its quickest", ratio=low, least=200))
    return "\n".join(lines), kept


def machine() -> str:
    """The machine in words."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [x.partition(":")[2].strip() for x in lines if x.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, {platform.system()}"


def versions() -> str:
    """What it was measured with."""
    packages = ("sandcone", "numba", "numpy", "simpy", "ciw")
    return f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in packages)


def record(text: str) -> None:
    """Put a result at the top of its part of docs/benchmarks.md."""
    page = RECORD.read_text(encoding="utf-8")
    if MARK not in page:
        raise SystemExit(f"{RECORD.name} has no line {MARK}")
    RECORD.write_text(page.replace(MARK, f"{MARK}\n\n{text}", 1), encoding="utf-8")


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.twin_speed", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--scale", type=float, default=1.0, help="a share of the patients, for a quick look")
    parser.add_argument("--engines", default=",".join(ENGINES), help=f"some of {','.join(ENGINES)}")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"some of {','.join(PARTS)}, compile, learnt")
    parser.add_argument("--record", action="store_true", help="write the result into docs/benchmarks.md")
    return parser.parse_args()


def main() -> int:
    """Run everything in turns, say what came out; 1 if a promise was not kept."""
    args = arguments()
    engines, parts = args.engines.split(","), args.parts.split(",")
    texts: list[str] = []
    kept: list[str] = []
    for network in NETWORKS if "networks" in parts else ():
        trials = in_turns(engines, network, args.rounds, args.seed, args.scale)
        texts.append(table(network, trials))
        kept += [*map(str, promises(network, trials)), *agreement(network, trials)]
    for network in NETWORKS if "threads" in parts else ():
        text, made = at_once(network, args.rounds, args.seed, args.scale)
        texts.append(text)
        kept += map(str, made)
    if "year" in parts:
        text, made = year(engines, min(args.rounds, 3), args.seed, args.scale)
        texts.append(text)
        kept += map(str, made)
    more = {
        "year": lambda: nh(args.seed, min(args.rounds, 3)),
        "compile": compiling,
        "learnt": lambda: learnt(args.seed, min(args.rounds, 3)),
    }
    for name, part in more.items():
        if name in parts and (name != "year" or (args.scale == 1 and "general" in engines)):
            text, made = part()
            texts.append(text)
            kept += map(str, made)
    command = f"python -m benchmarks.twin_speed --seed {args.seed} --rounds {args.rounds}" + (
        f" --scale {args.scale:g}" if args.scale != 1 else ""
    )
    command += "" if args.engines == ",".join(ENGINES) else f" --engines {args.engines}"
    command += "" if args.parts == ",".join(PARTS) else f" --parts {args.parts}"
    title = f"### Twin speed, {datetime.datetime.now(datetime.UTC).date()}"
    said = "\n\n".join([title, f"`{command}`. {machine()}. {versions()}.", *texts, "\n".join(kept)])
    print(said)
    if args.record:
        record(said + "\n")
    return int(any("NOT kept" in line for line in kept))


if __name__ == "__main__":
    sys.exit(main())
