"""Which way of saying how patients go fits best: learnt from contexts, or built of blocks. Held-out cases decide; both results are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sandcone.core.errors import ModelError
from sandcone.core.law import Minutes
from sandcone.core.route import Route
from sandcone.modelling.alphabet import Chosen, held_cases
from sandcone.modelling.blocks import NOISE, block_route
from sandcone.modelling.facts import Facts, Floats
from sandcone.modelling.routing import Material, route_of
from sandcone.modelling.walking import Walked, walk
from sandcone.modelling.weighing import earth_mover

CASES = 1500  # walked for a comparison
MOST_EVENTS = 60_000  # of the learning cases; more would only take longer
PARALLEL = 0.2  # share of steps that the next one overlaps, from which parallel parts are taken to be usual …
IN_PARALLEL = (
    1.25  # … and blocks may differ so much more: in which order parallel steps begin depends on who is free, which a walk does not know
)
CLEARLY = 1.05  # elsewhere blocks must fit clearly better to be kept
TOO_MANY = 60  # steps: a tree of more is a loose one


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How far made cases are from held-out ones: the share of runs of three steps that differ, and times since arrival by their mean."""

    grams: float
    times: float


def pathways(m: Material, chosen: Chosen, minutes: Mapping[str, Minutes], seed: int) -> tuple[Route, tuple[str, ...]]:
    """The route that fits best, and what to say of both kinds."""
    old, new = held_cases(m.f)
    if not (old.any() and new.any()):
        return route_of(m), ("Too few cases to hold some out: the next-step model was kept untried.",)
    some, held = m.only(old), m.f.only(new)
    fits: dict[float | None, Fit] = {}
    for noise, route in _candidates(some):
        fits[noise] = _fit(walk(route, minutes, m.clocks.paces, _begins(held), np.random.default_rng(seed)), held)
    apart = float(m.chain.overlapped.mean()) >= PARALLEL
    best = min(fits, key=lambda k: fits[k].grams * (1 if k is None else 1 / IN_PARALLEL if apart else CLEARLY))
    route = route_of(m) if best is None else block_route(m, best)
    return route, tuple(_said(fits, best, chosen))


def _candidates(m: Material) -> Iterator[tuple[float | None, Route]]:
    yield None, route_of(m)
    if len(m.f.case) > MOST_EVENTS:
        latest = np.arange(m.f.n) >= np.searchsorted(-np.cumsum(np.bincount(m.f.case)[::-1])[::-1], -MOST_EVENTS)
        m = m.only(latest)
    if len(m.f.steps) <= TOO_MANY:
        for noise in NOISE:
            try:
                yield noise, block_route(m, noise)
            except ModelError:
                continue


def _begins(f: Facts) -> Floats:
    return np.resize(f.begin, CASES)


def _fit(made: Walked, held: Facts) -> Fit:
    code = {s: i for i, s in enumerate(held.steps)}
    step = np.array([code[s] for s in made.step])
    a, b = _grams(made.case, step), _grams(held.case, held.step)
    kinds = set(a) | set(b)
    grams = sum(abs(a[k] - b[k]) for k in kinds) / 2
    begin = np.full(int(made.case.max()) + 1, np.inf)
    np.minimum.at(begin, made.case, made.start)
    seen = held.start - held.begin[held.case]
    return Fit(grams=grams, times=earth_mover(made.start - begin[made.case], seen, None, None) / max(float(seen.mean()), 1.0))


def _grams(case: np.ndarray, step: np.ndarray) -> Counter[tuple[int, int, int]]:
    """Shares of runs of three steps."""
    first = np.diff(case, prepend=-1) != 0
    second = np.concatenate([[False], first[:-1]]) & ~first
    one = np.where(first, -1, np.roll(step, 1))
    two = np.where(first | second, -1, np.roll(step, 2))
    counts = Counter(zip(two.tolist(), one.tolist(), step.tolist(), strict=True))
    return Counter({k: n / len(step) for k, n in counts.items()})


def _said(fits: Mapping[float | None, Fit], best: float | None, chosen: Chosen) -> Iterator[str]:
    k, support = chosen.order
    context = f"contexts of up to {k} steps seen {support} times or more"
    nats = f"{-chosen.nats:.3f} nats a step for step and delay, {-chosen.plain_nats:.3f} from the last step alone"
    yield f"Next-step model ({context}): {_words(fits[None])}; {nats}."
    trees = [n for n in fits if n is not None]
    if trees:
        tree = min(trees, key=lambda n: fits[n].grams)
        yield f"Block-structured model (inductive miner, noise {tree:g}): {_words(fits[tree])}."
    else:
        yield "No block-structured model could be made of it."
    yield f"The {'next-step' if best is None else 'block-structured'} model was kept."


def _words(fit: Fit) -> str:
    return f"{fit.grams:.1%} of held-out runs of three steps and {fit.times:.1%} of times since arrival are off"
