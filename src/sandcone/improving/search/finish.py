"""What a search came to, from its runs."""

from __future__ import annotations

import numpy as np

from sandcone.core.improved import NotTried
from sandcone.core.lever import named
from sandcone.improving.search.belief import believed
from sandcone.improving.search.costs import dear
from sandcone.improving.search.effects import effects
from sandcone.improving.search.front import chances, place, wrong
from sandcone.improving.search.samples import least
from sandcone.improving.search.searched import Found, Searched
from sandcone.improving.search.stable import unsteady
from sandcone.improving.search.trials import Trials

DRAWS, FINAL = 4000, 9  # draws for the chances that are reported, and the number of their stream of luck


def finished(trials: Trials, seed: int, notes: tuple[str, ...] = ()) -> Searched:
    """Every set with its chance and place, what was left out and why, and what each lever does."""
    for levers in trials.samples.levers[1:]:
        why = dear(trials.samples.of(levers), trials.today, trials.levers.limits)
        if why is not None:
            trials.leave_out(levers, why)
    objectives, samples = trials.objectives, trials.samples
    values = samples.values(objectives)
    chance = chances(believed(values), least(objectives), DRAWS, np.random.default_rng([seed, FINAL]))
    said = _said(trials, chance)
    alone, together = effects(trials.levers.levers, samples.levers, values, objectives)
    rest = sorted(range(1, len(chance)), key=lambda i: (-chance[i], samples.levers[i]))
    return Searched(
        found=tuple(_found(trials, i, float(chance[i])) for i in (0, *rest)),
        not_tried=tuple(NotTried(levers=named(trials.levers.levers, s), why=why) for s, why in trials.excluded.items()),
        effects=alone,
        together=together,
        objectives=objectives,
        wrong=float(wrong(chance).mean()),
        sets=len(set(trials.glances) | set(trials.excluded)),
        runs=trials.full,
        short_runs=trials.short,
        seconds=trials.seconds,
        seed=seed,
        ended=trials.ended,
        notes=(*notes, *said),
    )


def _said(trials: Trials, chance: np.ndarray) -> tuple[str, ...]:
    """What must be known to read the numbers; places that mean nothing are taken off them."""
    found = []
    why = unsteady(trials.today)
    if why is not None:
        chance[0] = 0.0
        found.append(f"{why}. Gaps to it depend on how long a run is, and it counts as behind; the sets that are scored are steady.")
    if trials.samples.counts().max() < 2:
        chance[:] = 0.5
        found.append("One run of each set: nothing is known of luck, and no set has a place.")
    return tuple(found)


def _found(trials: Trials, i: int, chance: float) -> Found:
    levers = trials.samples.levers[i]
    runs = tuple(trials.samples.outcomes[i])
    return Found(levers=levers, outcomes=runs, chance=chance, place=place(chance), short=trials.samples.short.get(levers))
