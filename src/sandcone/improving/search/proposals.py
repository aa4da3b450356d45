"""Sets that may be worth a try: children of the best so far, by NSGA-II as Optuna has it, and their neighbours.

NSGA-II: Deb, Pratap, Agarwal and Meyarivan 2002, IEEE Trans. Evol. Comput. 6:182–197. Optuna is loaded when it is first needed and kept
quiet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from sandcone.core.lever import LeverSet

PATIENCE = 4  # times as many are asked for as are wanted, for many are there already


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """A set with its values (more being better) and by how much it is over the limits (none above 0: within them)."""

    levers: LeverSet
    values: tuple[float, ...]
    over: tuple[float, ...] = ()


def children(parents: Sequence[Parent], settings: Sequence[int], n: int, seed: int) -> list[LeverSet]:
    """Up to ``n`` different sets that NSGA-II makes of these: picked by tournament, crossed and changed; at least two parents are needed.

    ``settings`` says how many settings each lever has. Limits count as constraints.
    """
    with nsga(len(parents), len(parents[0].values), seed) as study:
        for parent in parents:
            study.enqueue_trial({str(i): which for i, which in enumerate(parent.levers)})
            tell(study, ask(study, settings)[0], parent)
        made = (ask(study, settings)[1] for _ in range(PATIENCE * n))
        return list(_different(made, n))


def ask(study: Any, settings: Sequence[int]) -> tuple[Any, LeverSet]:
    """The next set that a study proposes, with its trial."""
    trial = study.ask()
    assert (
        trial.relative_params is not None
    )  # only a trial of which this was asked counts for a generation, so parents that are told must too
    return trial, tuple(trial.suggest_categorical(str(i), list(range(n + 1))) for i, n in enumerate(settings))


def tell(study: Any, trial: Any, parent: Parent) -> None:
    """Tell a study what a set came to."""
    for i, over in enumerate(parent.over):
        trial.set_constraint(str(i), over)
    study.tell(trial, list(parent.values))


@contextmanager
def nsga(population: int, objectives: int, seed: int) -> Iterator[Any]:
    """A study in memory in which more is better, and Optuna keeps quiet."""
    import optuna

    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        sampler = optuna.samplers.NSGAIISampler(population_size=population, seed=seed)
        yield optuna.create_study(directions=["maximize"] * objectives, sampler=sampler)
    finally:
        optuna.logging.set_verbosity(before)


def _different(sets: Iterator[LeverSet], n: int) -> Iterator[LeverSet]:
    seen: set[LeverSet] = set()
    for one in sets:
        if one not in seen:
            seen.add(one)
            yield one
        if len(seen) == n:
            return


def neighbours(levers: LeverSet, settings: Sequence[int]) -> Iterator[LeverSet]:
    """Every set that differs from this one in one lever."""
    for i, n in enumerate(settings):
        for which in range(n + 1):
            if which != levers[i]:
                yield (*levers[:i], which, *levers[i + 1 :])


def drawn(settings: Sequence[int], n: int, rng: np.random.Generator) -> list[LeverSet]:
    """Sets drawn with equal chance for each setting of each lever, different ones only; fewer than ``n`` where there are few."""
    if not settings:
        return [()]
    table = np.column_stack([rng.integers(0, k + 1, size=PATIENCE * n) for k in settings])
    return list(_different((tuple(int(x) for x in row) for row in table), n))
