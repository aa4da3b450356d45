"""How many runs it takes to know who is on the front: equally many for every set, by MOCBA, and as the search gives them.

python -m benchmarks.improve.allocation --seed 1
python -m benchmarks.improve.allocation --seed 1 --table outcomes.npz
python -m benchmarks.improve.allocation --seed 1 --tried out/tried.jsonl

A table (``values``: sets, replications, objectives, as ``Outcome.values``) is replayed with its replications in another order each time.
The truth is the mean over all of them; sets of which that is not sure are played, but not counted. ``--table`` has it from real runs, else
it is made up.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from benchmarks.improve.made import SIGNS, Made
from numpy.typing import NDArray

from sandcone.core.outcome import OBJECTIVES, Outcome
from sandcone.improving.search.allocation import Rule, deciding, equal, mocba
from sandcone.improving.search.belief import believed, root
from sandcone.improving.search.front import chances, wrong
from sandcone.improving.search.look import Task
from sandcone.improving.search.proposals import drawn
from sandcone.improving.search.samples import COST_LEAST, Samples, counted

Floats = NDArray[np.float64]
RULES: tuple[tuple[str, Rule, int], ...] = (("equal", equal, 0), ("mocba", mocba, 48), ("deciding", deciding, 48))
LEVELS = (0.03, 0.02, 0.015, 0.01, 0.0075, 0.005)
TWICE, DRAWS, SURE = 12, 400, 0.99
FRESH = 1_000_000  # runs of this number and above are those of judging


def made_up(seed: int, sets: int, replications: int, noise: float) -> Floats:
    """Runs of random sets of a made-up hospital."""
    world = Made.drawn(seed, [1] * 8 + [2] * 4, noise=noise)
    chosen = [(0,) * 12, *drawn(world.settings, sets - 1, np.random.default_rng(seed))]
    return np.array([[o.values for o in world.attempt([Task(levers=s, replication=k) for k in range(replications)])] for s in chosen])


def drawn_again(path: Path, replications: int, seed: int) -> Floats:
    """Runs drawn by the means, the spread and the shared luck of a real search's sets, as ``improve`` leaves them in tried.jsonl."""
    samples, rows = Samples(), [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    full = [r for r in rows if not r.get("short", True) and "resource" in r and r["replication"] < FRESH]
    for r in sorted(full, key=lambda r: r["replication"]):
        levers, replication = tuple(r.pop("levers")), r.pop("replication")
        if len(samples.of(levers)) == replication:
            del r["short"]
            samples.add(levers, Outcome(**{k: float("nan") if x is None else x for k, x in r.items()}))
    objectives = counted(samples.outcomes[0][0])
    known, luck = samples.values(objectives), np.random.default_rng([seed, 3])
    belief = believed(known)
    shape = (len(belief.mean), replications, len(objectives))
    own = luck.standard_normal(shape) @ root(belief.alone).T * belief.spread[:, None]
    made = belief.mean[:, None] + luck.standard_normal((1, *shape[1:])) * np.nanstd(known[0], axis=0) + own
    found = np.full((*shape[:2], len(OBJECTIVES)), np.nan)
    names = [o.name for o in OBJECTIVES]
    places = [names.index(o.name) for o in objectives]
    found[:, :, places] = made * SIGNS[places]
    return found


def ready(values: Floats) -> tuple[Floats, Floats]:
    """The table with more being better and without what is not known, and what matters of each objective."""
    least = np.array([o.least for o in OBJECTIVES])
    least[-1] = COST_LEAST * abs(values[0, :, -1].mean())
    known = np.isfinite(values).all(axis=(0, 1))
    return (values * SIGNS)[:, :, known], least[known]


def race(table: Floats, least: Floats, rule: Rule, batch: int, seed: int, stop: float) -> list[tuple[int, float, Floats]]:
    """After each batch: the runs, the share of places expected to be wrong, and the chances; until one has all its replications."""
    luck = np.random.default_rng([seed, 2])
    sets, most = table.shape[:2]
    counts = np.ones(sets, dtype=np.int64)
    counts[: TWICE + 1] = 2
    found = []
    while True:
        ran = np.arange(counts.max()) < counts[:, None]
        belief = believed(np.where(ran[:, :, None], table[:, : counts.max()], np.nan))
        chance = chances(belief, least, DRAWS, luck)
        found.append((int(counts.sum()), float(wrong(chance).mean()), chance))
        if found[-1][1] <= stop or (counts == most).sum() > 1:
            return found  # of a set that has all its replications nothing more can be learnt
        counts = np.minimum(counts + rule(belief, least, batch or sets, luck), most)
        counts[0] = counts.max()


def first(raced: Sequence[tuple[int, float, Floats]], level: float) -> int | None:
    """The runs from which on no more than this share of places is expected to be wrong, to the end."""
    above = [i for i, (_, expected, _) in enumerate(raced) if expected > level]
    at = above[-1] + 1 if above else 0
    return raced[at][0] if at < len(raced) else None


def really_wrong(raced: Sequence[tuple[int, float, Floats]], level: float, truth: Floats) -> float | None:
    """The share of places that were wrong then, of sets whose true place is sure."""
    at = first(raced, level)
    chance = next((c for n, _, c in raced if n == at), None)
    sure = wrong(truth) < 1 - SURE
    return None if chance is None else float(((chance > 0.5) != (truth > 0.5))[sure].mean())


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seed", type=int, required=True)
    ask.add_argument("--table", type=Path, help="an .npz file with the values of real runs")
    ask.add_argument("--tried", type=Path, help="tried.jsonl of a search, whose means and spread runs are drawn by")
    ask.add_argument("--sets", type=int, default=200)
    ask.add_argument("--replications", type=int, default=400)
    ask.add_argument("--noise", type=float, default=1.0)
    ask.add_argument("--orders", type=int, default=3, help="how often the table is replayed")
    ask.add_argument("--stop", type=float, default=LEVELS[-1], help="the share of places expected to be wrong at which a race ends")
    ask.add_argument("--rules", default="equal,mocba,deciding", help="which of them, with commas; mocba takes long where sets tie")
    given = ask.parse_args()
    rules = [r for r in RULES if r[0] in ("equal", "deciding") or r[0] in given.rules.split(",")]
    if given.tried:
        raw = drawn_again(given.tried, given.replications, given.seed)
    else:
        raw = np.load(given.table)["values"] if given.table else made_up(given.seed, given.sets, given.replications, given.noise)
    table, least = ready(raw)
    counts_all = np.isfinite(table)
    truth = chances(believed(np.where(counts_all, table, np.nan)), least, 2000, np.random.default_rng(given.seed))
    print(
        f"{len(table)} sets, {table.shape[1]} replications, {(truth > 0.5).sum()} on the front, {(wrong(truth) >= 1 - SURE).sum()} unsure"
    )
    raced: dict[str, list[list[tuple[int, float, Floats]]]] = {name: [] for name, _, _ in rules}
    for order in range(given.orders):
        turned = table[:, np.random.default_rng([given.seed, order]).permutation(table.shape[1])]
        for name, rule, batch in rules:
            raced[name].append(race(turned, least, rule, batch, given.seed + order, given.stop))
    show(raced, truth)


def show(raced: dict[str, list[list[tuple[int, float, Floats]]]], truth: Floats) -> None:
    """A row for each share of wrong places: runs by rule (mean over orders), how many times fewer, and what was really wrong."""
    names = list(raced)
    print(f"{'places wrong':>14}" + "".join(f"{n:>12}" for n in names) + "   equal / ours   really wrong: " + ", ".join(names))
    for level in LEVELS:
        runs = {n: [first(r, level) for r in raced[n]] for n in names}
        means = {n: float(np.mean([x for x in r if x is not None])) if None not in r else float("nan") for n, r in runs.items()}
        off = [[really_wrong(r, level, truth) for r in raced[n]] for n in names]
        said = ", ".join("–" if None in o else f"{float(np.mean([x for x in o if x is not None])):.2%}" for o in off)
        print(f"{level:>14.2%}" + "".join(f"{means[n]:>12,.0f}" for n in names) + f"{means['equal'] / means['deciding']:>15.1f}   {said}")


if __name__ == "__main__":
    main()
