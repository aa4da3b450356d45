"""How often the verdict on two simulated ways says what is not so: the small medical ward, where what was changed is known.

python -m benchmarks.validity.twin --seed 1                         # 200 judgements of each, 12 pairs of runs each
python -m benchmarks.validity.twin --seed 1 --times 20 --pairs 8

Each judgement is made as `sandcone improve` makes it: the old curve is the ward of today with its places scaled, in the same runs.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sandcone.core.arrangement import Arrangement
from sandcone.core.lever import Levers, LeverSet
from sandcone.core.outcome import Outcome
from sandcone.core.registered import DEFAULTS
from sandcone.core.verdict import WORDS
from sandcone.flow.bench import Bench, Runs, Scale, run
from sandcone.flow.hands import in_processes
from sandcone.flow.judging_sets import SCALES, held_against, places_of, whole
from sandcone.improving.levers.reading import read_levers
from sandcone.improving.scaled import with_capacity, with_demand
from sandcone.measuring.counting import share_of
from sandcone.scenarios import levers_file, medical_ward, medical_ward_site

Arm = tuple[LeverSet, Scale | None]
NAME = "medical ward"
BROKEN = {
    "nurses help each other": 1,
    "a nurse less at night": 1,
    "trolleys to beds": 2,
    "seniors help each other": 1,
    "evening seniors' hours": 2,
    "care arranged sooner": 2,
    "notice of planned admission": 2,
    "medicines sooner": 1,
    "transport comes sooner": 1,
    "beds ready sooner": 1,
}
"""The planted break: settings by name of the lever file."""
FEWER = {"trolleys": 1, "a nurse less at night": 1}
MORE = {"beds": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is changed, the word that is asked about, and how often it may or must be said."""

    name: str
    arm: Arm
    word: str
    asked: str
    luck: int = 0  # by how many judgements the luck after is another


def worlds(levers: Levers) -> list[World]:
    """Nothing changed; only places; only demand; and the planted break."""
    none = (0,) * len(levers.levers)

    fewer, more, broken = (_set(levers, chosen) for chosen in (FEWER, MORE, BROKEN))
    return [
        World(name="equal, other luck", arm=(none, None), word="no change", asked="at least 95 %", luck=1),
        World(name="a bed more", arm=(more, None), word="broken", asked="at most 5 %"),
        World(name="fewer places", arm=(fewer, None), word="broken", asked="at most 5 %"),
        World(name="a tenth more places of all", arm=(none, (with_capacity, 1.1)), word="broken", asked="at most 5 %"),
        World(name="a tenth fewer patients", arm=(none, (with_demand, 0.9)), word="broken", asked="at most 5 %"),
        World(name="a twentieth more patients", arm=(none, (with_demand, 1.05)), word="broken", asked="at most 5 %"),
        World(name="planted break", arm=(broken, None), word="broken", asked="at least 80 %"),
    ]


def _set(levers: Levers, chosen: Mapping[str, int]) -> LeverSet:
    missing = chosen.keys() - {lever.name for lever in levers.levers}
    if missing:
        raise SystemExit(f"no lever {sorted(missing)} in the file")
    return tuple(chosen.get(lever.name, 0) for lever in levers.levers)


def main() -> None:
    """Read the options, make the runs, judge, and print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--times", type=int, default=200, help="judgements of each world")
    asked.add_argument("--pairs", type=int, default=12, help="pairs of runs in each")
    a = asked.parse_args()
    today = Arrangement(model=medical_ward())
    levers = read_levers(levers_file(NAME), today)
    bench = Bench(today, levers, medical_ward_site(), a.seed)
    all_, began = worlds(levers), time.perf_counter()
    none = (0,) * len(levers.levers)
    own = [(places_of(levers, w.arm[0]), None) for w in all_]
    arms = list(dict.fromkeys([(none, None), *((none, (with_capacity, t)) for t in SCALES), *(w.arm for w in all_), *own]))
    found = dict(zip(arms, made(bench, arms, a.times * a.pairs), strict=True))
    print(f"{len(arms)} ways, {a.times * a.pairs} runs each: {time.perf_counter() - began:.0f} s")
    print(f"{'world':<30}{'asked':<26}{'found':>7}  {'95 %':<14}" + "".join(f"{w[:9]:>10}" for w in WORDS))
    for w in all_:
        print(line(w, [judged(bench, found, w, i, a.times, a.pairs) for i in range(a.times)]), flush=True)


def made(bench: Bench, arms: Sequence[Arm], runs: int) -> list[list[Outcome]]:
    """The runs of every way."""
    asked = [Runs(levers=s, runs=tuple((r, False) for r in range(runs)), keep=True, scale=scale) for s, scale in arms]
    with in_processes()(bench) as hands:
        found = dict(hands.done(run, asked))
    if refusals := [x for of in found.values() for x in of if isinstance(x, str)]:
        raise SystemExit(refusals[0])
    return [whole(found[i]) for i in range(len(asked))]


def judged(bench: Bench, found: Mapping[Arm, Sequence[Outcome]], w: World, i: int, times: int, pairs: int) -> str:
    """The word of one judgement: its own block of runs, the block after next to it where luck is another."""
    here, there = (slice(k * pairs, (k + 1) * pairs) for k in (i, (i + w.luck) % times))
    none = (0,) * len(w.arm[0])
    own = places_of(bench.levers, w.arm[0])
    scaled = {t: found[none, (with_capacity, t)][here] for t in SCALES}
    alone = found[own, None][here] if any(own) else ()
    by = bench.lay(none).site.segment
    today, after = found[none, None][here], found[w.arm][there]
    return held_against(today, after, DEFAULTS, by=by, scaled=scaled, own=alone, name=w.name).verdict.word


def line(w: World, words: Sequence[str]) -> str:
    """One row: how often the word that is asked about was said, and how often each of the six."""
    n, said = len(words), Counter(words)
    hits = share_of(said[w.word], n)
    asked = f"{w.word} {w.asked}"
    between = f"{100 * (hits.low or 0):.0f} to {100 * (hits.high or 0):.0f}"
    return f"{w.name:<30}{asked:<26}{100 * hits.value:>7.1f}  {between:<14}" + "".join(f"{100 * said[x] / n:>10.1f}" for x in WORDS)


if __name__ == "__main__":
    main()
