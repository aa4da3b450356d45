"""Whether the intervals of the frontier methods hold what they say, where the truth is known, and how long the methods take.

python -m benchmarks.frontiers --seed 1
python -m benchmarks.frontiers --seed 1 --only dea --units 200 --sizes
python -m benchmarks.frontiers --seed 1 --units --sizes --hospitals ../shared/data/cms/hcris_beds_fy2018.csv.gz
"""

from __future__ import annotations

import argparse
import csv
import gzip
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import sandcone
from sandcone.core.chance import Luck
from sandcone.core.estimate import Estimate
from sandcone.core.units import Units, units
from sandcone.improving.dea import amounts, dea, direction, radial
from sandcone.improving.exact import solve
from sandcone.improving.fdh import beside as beside_each
from sandcone.improving.malmquist import malmquist
from sandcone.improving.order_m import _expected, order_m
from sandcone.improving.programs import _programs
from sandcone.improving.sfa import sfa

Floats = NDArray[np.float64]
Asked = list[tuple[str, Floats, list[Estimate]]]
SHIFT = 1.1
COLUMNS = ("subtotal_acute_beds_1400", "payroll_employees", "subtotal_acute_bed_days_1400", "days_in_period")


def inefficient(luck: np.random.Generator, n: int) -> Floats:
    """How many times more than needed each unit uses: half-normal, a quarter on average."""
    return np.exp(np.abs(luck.normal(0, 0.3, n)))


def one_year(luck: np.random.Generator, n: int, inputs: int) -> tuple[Units, Floats]:
    """Units of one or two inputs and one output with falling returns, and their true scores towards inputs."""
    used, more = luck.uniform(1, 9, (n, inputs)), inefficient(luck, n)
    columns = {f"x{i}": used[:, i] * more for i in range(inputs)} | {"y": (used ** (0.8 / inputs)).prod(axis=1)}
    return units(columns, inputs=[f"x{i}" for i in range(inputs)], outputs=["y"]), 1 / more


def scores(luck: np.random.Generator, n: int, draws: Luck) -> Asked:
    """DEA under variable returns beside the truth."""
    asked = []
    for inputs, name in ((1, "dea, one input"), (2, "dea, two inputs")):
        given, true = one_year(luck, n, inputs)
        asked.append((name, true, [r.score for r in dea(given, luck=draws).units]))
    return asked


def expected(luck: np.random.Generator, n: int, draws: Luck) -> Asked:
    """Order-m beside the same of 20,000 units of the same kind."""
    many, _ = one_year(luck, n + 20_000, 1)
    ones = np.ones((1, len(many)))
    some, asked = many.only(range(n)), []
    for m in (5, 25):
        true = np.array([_expected(shares, ones, m, "inputs")[0] for shares in islice(beside_each(many, "inputs"), n)])
        asked.append((f"order-m, m = {m}", true, [r.score for r in order_m(some, m=m, luck=draws).units]))
    return asked


def moves(luck: np.random.Generator, n: int, draws: Luck) -> Asked:
    """Malmquist where the frontier moves by a tenth and inefficiency is drawn anew."""
    used, first, then = luck.uniform(1, 9, (2, n, 2)), inefficient(luck, n), inefficient(luck, n)
    best = used[..., 0] ** 0.4 * used[..., 1] ** 0.6
    both = [
        units({"a": u[:, 0], "b": u[:, 1], "y": y}, inputs=["a", "b"], outputs=["y"])
        for u, y in zip(used, (best[0] / first, SHIFT * best[1] / then), strict=True)
    ]
    found = malmquist({"before": both[0], "after": both[1]}, luck=draws).moves
    ones = np.ones(n)
    truth = {"total": SHIFT * first / then, "catching_up": first / then, "shift": SHIFT * ones}
    return [(f"malmquist, {part}", true, [getattr(m, part) for m in found]) for part, true in truth.items()]


def fitted(luck: np.random.Generator, n: int, _: Luck) -> Asked:
    """The stochastic frontier: its terms, and each unit's efficiency."""
    used, less = luck.uniform(1, 9, (n, 2)), np.abs(luck.normal(0, 0.3, n))
    made = np.exp(0.5 + 0.4 * np.log(used[:, 0]) + 0.5 * np.log(used[:, 1]) + luck.normal(0, 0.15, n) - less)
    found = sfa(units({"a": used[:, 0], "b": used[:, 1], "y": made}, inputs=["a", "b"], outputs=["y"]))
    if found.share == 0 or any(r.score.low is None for r in found.units):
        return [("sfa, no spread seen", np.ones(1), [])]
    terms = list(found.terms.values())
    return [("sfa, terms", np.array([0.5, 0.4, 0.5]), terms), ("sfa, efficiencies", np.exp(-less), [r.score for r in found.units])]


KINDS: dict[str, Callable[..., Asked]] = {"dea": scores, "order-m": expected, "malmquist": moves, "sfa": fitted}


def coverage(ask: Callable[..., Asked], n: int, trials: int, draws: int, seed: int) -> Iterator[str]:
    """How often the truth lies in the interval, over all units of all trials."""
    held: dict[str, list[tuple[bool, float, float]]] = {}
    seen: Counter[str] = Counter()
    t = time.process_time()
    for trial in range(trials):
        for what, true, found in ask(Luck(seed).stream("trial", trial), n, Luck(seed=trial, draws=draws)):
            seen[what] += 1
            held.setdefault(what, []).extend(beside(e, x) for e, x in zip(found, true, strict=False) if e.low is not None)
    seconds = (time.process_time() - t) / trials
    for what, rows in held.items():
        share, width, bias = np.mean(rows, axis=0) if rows else (np.nan,) * 3
        yield f"{what:<26}{n:>6}{seen[what]:>8}{share:>9.3f}{width:>9.3f}{bias:>9.3f}{seconds:>9.2f}"


def beside(e: Estimate, true: float) -> tuple[bool, float, float]:
    """Whether the interval holds the truth, how wide it is, and how far the value is from the truth."""
    low, high = e.low or 0.0, e.high or 0.0
    return low <= true <= high, high - low, e.value - true


def speed(n: int, seed: int) -> Iterator[str]:
    """CPU seconds for n units of three inputs and two outputs, and of HiGHS for one program in fifty of them."""
    luck = Luck(seed).stream("speed", n)
    used = luck.uniform(1, 10, (n, 3))
    made = (used**0.3).prod(axis=1, keepdims=True) * luck.uniform(0.5, 1.5, (n, 2)) / inefficient(luck, n)[:, None]
    columns = {**{f"x{i}": used[:, i] for i in range(3)}, **{f"y{i}": made[:, i] for i in range(2)}}
    given = units(columns, inputs=["x0", "x1", "x2"], outputs=["y0", "y1"])
    jobs = {
        "scores, variable returns": lambda: radial(given, "inputs", "variable"),
        "dea: peers, slacks, scale": lambda: dea(given),
        "order-m, m = 25": lambda: order_m(given),
    }
    for name, job in jobs.items():
        t = time.process_time()
        job()
        yield f"{name:<28}{n:>7}{time.process_time() - t:>9.2f}"
    a = amounts(given)
    p = _programs(a, a, direction(a, "inputs"), "variable")
    some = range(0, n, 50)
    t = time.process_time()
    alone = [1 - solve(p.columns, p.reference, p.bound, p.at[i], p.towards[i], mixtures=False).step for i in some]
    each = (time.process_time() - t) / len(some)
    apart = np.abs(np.array(alone) - radial(given, "inputs", "variable")[::50]).max()
    yield f"{'the same scores by HiGHS':<28}{n:>7}{each * n:>9.2f}   from one in 50; apart by {apart:.0e} at most"


def hospitals(path: Path) -> Iterator[str]:
    """American hospitals of 50 acute beds or more in one year: patient days from beds and employees, by four methods."""
    kept: dict[str, list[float]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            beds, staff, days, lasted = (float(row[c] or "nan") for c in COLUMNS)
            if beds >= 50 and staff > 0 and lasted >= 360 and 0.05 <= days / (beds * lasted) <= 0.95:
                kept.setdefault(row["PROVIDER_ID"], [beds, staff, days])
    columns = {"hospital": list(kept), **{name: [row[i] for row in kept.values()] for i, name in enumerate(("beds", "staff", "days"))}}
    for method in ("dea", "fdh", "order-m", "sfa"):
        t = time.process_time()
        found = sandcone.frontier(columns, inputs=["beds", "staff"], outputs=["days"], method=method)
        seconds, scored = time.process_time() - t, np.array([r.score.value for r in found.units])
        shares = "".join(f"{q:>7.2f}" for q in np.quantile(scored, [0.1, 0.25, 0.5, 0.75, 0.9]))
        yield f"{method:<10}{len(scored):>6}{(scored > 1 - 1e-9).sum():>7}{shares}{seconds:>8.2f}"


def main() -> None:
    """Print both tables."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    ask.add_argument("--seed", type=int, required=True)
    ask.add_argument("--trials", type=int, default=60)
    ask.add_argument("--draws", type=int, default=200)
    ask.add_argument("--units", type=int, nargs="*", default=[25, 60])
    ask.add_argument("--sizes", type=int, nargs="*", default=[500, 5000])
    ask.add_argument("--only", choices=list(KINDS), nargs="+", default=list(KINDS))
    ask.add_argument("--hospitals", type=Path)
    said = ask.parse_args()
    if said.hospitals:
        print(f"{'method':<10}{'units':>6}{'of 1':>7}{'10 %':>7}{'25 %':>7}{'50 %':>7}{'75 %':>7}{'90 %':>7}{'CPU s':>8}")
        print(*hospitals(said.hospitals), sep="\n", flush=True)
    if said.sizes:
        print(f"{'method':<28}{'units':>7}{'CPU s':>9}")
    for n in said.sizes:
        print(*speed(n, said.seed), sep="\n", flush=True)
    if said.units:
        print(f"\n{'interval, 95 %':<26}{'units':>6}{'trials':>8}{'holds':>9}{'width':>9}{'bias':>9}{'CPU s':>9}")
    for n in said.units:
        for kind in said.only:
            print(*coverage(KINDS[kind], n, said.trials, said.draws, said.seed), sep="\n", flush=True)


if __name__ == "__main__":
    main()
