"""How often a verdict says what is not so, where the truth is known because the periods are made up.

python -m benchmarks.validity --seed 1
python -m benchmarks.validity --seed 1 --times 20 --only trend
python -m benchmarks.validity --seed 2 --spread newey-west --only equal,days

Beside the verdict stands the plain rule: both efficiencies up and V* down, each with p below 5 % from independent days, and nothing else.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from unittest.mock import patch

import numpy as np
from benchmarks.validity.clinic import Floats, period
from benchmarks.validity.worlds import DAYS, World, worlds
from scipy.special import ndtr

from sandcone.core.chance import Luck
from sandcone.core.judged import Judged
from sandcone.core.period import Period
from sandcone.core.verdict import WORDS
from sandcone.improving import har
from sandcone.improving.har import Series
from sandcone.improving.mix import grouped, mix
from sandcone.improving.sums import flow, resource, series, sums, variability
from sandcone.improving.verdict import judge, judge_runs
from sandcone.measuring.counting import share_of

HEAD = f"{'world':<36}{'asked':<20}{'found':>8}  {'95 %':<14}{'plain':>7}" + "".join(f"{w[:9]:>10}" for w in WORDS)
RUN_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One world: how often each word, how often the asked one, what the plain rule would call broken, and the mean size of the change."""

    world: str
    word: str
    least: float
    most: float
    times: int
    found: float
    low: float
    high: float
    plain: float | None
    words: dict[str, float]
    sizes: dict[str, float]
    reasons: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


def independent(pull: Floats) -> tuple[float, int]:
    """The spread of a day as if days had nothing to do with each other."""
    return float(np.var(pull, ddof=1)), len(pull) - 1


def newey_west(pull: Floats) -> tuple[float, int]:
    """Newey and West 1987: neighbours up to 0.75 · days^(1/3) apart, with falling weights, and a normal interval."""
    n, most = len(pull), int(0.75 * len(pull) ** (1 / 3))
    near = [float(pull[k:] @ pull[: n - k]) / n for k in range(most + 1)]
    return near[0] + 2 * sum((1 - k / (most + 1)) * near[k] for k in range(1, most + 1)), 10**9


def more_waves(pull: Floats) -> tuple[float, int]:
    """The paper's number of waves, 0.4 · days^(2/3)."""
    with patch.object(har, "CURVES", 0.4):
        curves = har.waves.__wrapped__(len(pull))
    return float(np.mean((curves @ pull) ** 2)), len(curves)


SPREADS = {"waves": har.long_run, "more-waves": more_waves, "newey-west": newey_west, "independent": independent}


def main() -> None:
    """Read the options and print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--times", type=int, default=200, help="how many pairs of each world")
    asked.add_argument("--only", help="some worlds, by the beginning of their names, with commas")
    asked.add_argument("--spread", choices=SPREADS, default="waves", help="how the spread of a mean over days is found")
    asked.add_argument("--json", type=Path, help="keep the figures here too")
    a = asked.parse_args()
    print(HEAD)
    rows = []
    for world in worlds():
        if a.only is None or world.name.startswith(tuple(a.only.split(","))):
            with patch.object(har, "long_run", SPREADS[a.spread]):
                rows.append(tried(world, a.seed, a.times))
            print(line(rows[-1]), flush=True)
    print(f"{sum(r.seconds for r in rows):.0f} CPU s")
    if a.json:
        a.json.write_text(json.dumps([asdict(r) for r in rows], indent=1), encoding="utf-8")


def tried(world: World, seed: int, times: int) -> Row:
    """The verdict on so many pairs of one world."""
    began, plain, all_ = time.process_time(), 0, list[Judged]()
    for i in range(times):
        luck = Luck(seed * 1_000_000 + i, 0)
        if world.runs:
            all_.append(of_runs(world, luck))
            continue
        before, after = period(world.before, luck, -DAYS, DAYS, "before"), period(world.after, luck, 0, DAYS, "after")
        all_.append(judge(before, after, by=("kind",)))
        plain += plain_rule(before, after)
    words = Counter(j.verdict.word for j in all_)
    hits = share_of(words[world.word], times)
    reasons = Counter(why.split(":")[0] for j in all_ for why in (*j.verdict.because, *(["rests on one week"] if j.rests_on else [])))
    return Row(
        world=world.name,
        word=world.word,
        least=world.least,
        most=world.most,
        times=times,
        found=hits.value,
        low=hits.low or 0.0,
        high=hits.high or 0.0,
        plain=None if world.runs else plain / times,
        words={w: words[w] / times for w in WORDS},
        sizes=sizes(all_),
        reasons=dict(reasons),
        seconds=time.process_time() - began,
    )


def of_runs(world: World, luck: Luck) -> Judged:
    """Pairs of runs; the two of a pair are of other luck, the hard case for "no change"."""
    arms = [
        [period(c, Luck(luck.seed * 100 + r, 0), 0, RUN_DAYS, name) for r in range(world.runs)]
        for c, name in ((world.before, "before"), (world.after, "after"))
    ]
    return judge_runs(arms[0], arms[1], by=("kind",))


def plain_rule(before: Period, after: Period) -> bool:
    """What a plain rule would call broken: independent days, no mix, no trend, no second look."""
    mixed = mix(before, after, ())
    groups = grouped(mixed, 1)
    one, two = (sums(p, mixed.of(k), (groups[0], groups[1][k])) for k, p in enumerate((before, after)))
    stages = [{s: x.places for s, x in p.stages.items()} for p in (before, after)]
    ups = [_up(series(one, of), series(two, of)) for of in (resource, flow)]
    return all(ups) and _up(series(two, variability(stages[1])), series(one, variability(stages[0])))


def _up(one: Series, two: Series) -> bool:
    error = math.sqrt(sum(float(np.var(s.pull, ddof=1)) / len(s.pull) for s in (one, two)))
    return two.value > one.value and 2 * float(ndtr(-(two.value - one.value) / error)) <= 0.05


def sizes(found: list[Judged]) -> dict[str, float]:
    """Mean numbers before and after."""
    out: dict[str, float] = {}
    for name in ("resource", "flow", "frontier"):
        changes = [c for j in found if (c := getattr(j.differences, name)) is not None]
        for when in ("before", "after"):
            out[f"{name} {when}"] = float(np.mean([getattr(c, when).value for c in changes])) if changes else math.nan
    return out


def line(r: Row) -> str:
    """One row in words."""
    bound = f"at least {100 * r.least:.0f} %" if r.least > 0 else f"at most {100 * r.most:.0f} %" if r.most < 1 else ""
    asked, plain = f"{r.word[:10]} {bound}", "–" if r.plain is None else f"{100 * r.plain:.0f}"
    words = "".join(f"{100 * r.words[w]:>10.1f}" for w in WORDS)
    return f"{r.world:<36}{asked:<20}{100 * r.found:>8.1f}  {f'{100 * r.low:.0f} to {100 * r.high:.0f}':<14}{plain:>7}{words}"


if __name__ == "__main__":
    main()
