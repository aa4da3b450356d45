"""What came of chances: how near they were beside what is usual, whether they were what they said, and how often sets held what came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandcone.personalising.conformal import Floats
from sandcone.personalising.drift import Bools, Drift, watch
from sandcone.personalising.following import FALSE_ALARMS, one_of_each_case
from sandcone.personalising.foretelling import Foreteller, Foretold, places
from sandcone.personalising.outcomes import Outcomes
from sandcone.personalising.reliability import Bin, brier, log_losses, off, reliability
from sandcone.personalising.sets import of_what_came


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """How near chances came: the share whose likeliest word came, the mean log loss, and the mean square error of the word asked about.

    That is the likeliest word for the next step, and that the appointment is missed.
    """

    right: float
    log_loss: float
    brier: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """What came of it; each question counts once.

    ``covered`` is the share whose set held what came, ``size`` how many words a set has on average, ``least`` the least share that sets
    with the likeliest word always in can hold in these segments (the promised one, or where that word alone holds more, its share).
    """

    known: int
    ours: Near
    usual: Near
    covered: float
    size: float
    least: float
    bins: tuple[Bin, ...]
    off: float
    drift: Drift  # whether what came was said to be unlikely more often than in those learnt from
    misses: Drift | None  # whether sets hold less than promised


def judge(by: Foreteller, said: Foretold, outcomes: Outcomes) -> Judged:
    """See what came of what was said of these questions; those whose answer is not known yet are left out."""
    known = outcomes.known
    mine = outcomes.only(known)
    chance, usual, place = said.chance[known], said.usual[known], places(mine.came, by.words)
    held = of_what_came(said.inside[known], place)
    right, top = np.argmax(chance, axis=1) == place, chance.max(axis=1)
    sure, came = (top, right) if by.what == "next" else (chance[:, 1], place == 1)
    bins = reliability(sure, came) if len(place) else ()
    one = one_of_each_case(mine.asked)
    rare = 1 - of_what_came(chance, place) > by.surprise + 1e-12
    alarms = FALSE_ALARMS if by.margins is None else FALSE_ALARMS / 2  # of one sum, or of two together
    return Judged(
        known=len(place),
        ours=_near(chance, place, by.what == "next"),
        usual=_near(usual, place, by.what == "next"),
        covered=_mean(held),
        size=_mean(said.inside[known].sum(axis=1).astype(float)),
        least=_mean(_least(right, said.segment[known], by.share)),
        bins=bins,
        off=off(bins),
        drift=watch(rare[one], 0.1, by.calibrated, alarms),
        misses=watch(~held[one], 1 - by.share, by.calibrated, alarms) if by.margins is not None else None,
    )


def _mean(of: Floats | Bools) -> float:
    return float(of.mean()) if len(of) else float("nan")


def _near(chance: Floats, place: np.ndarray, likeliest: bool) -> Near:
    right = np.argmax(chance, axis=1) == place
    asked = brier(chance.max(axis=1), right) if likeliest else brier(chance[:, 1], place == 1)
    return Near(right=_mean(right), log_loss=_mean(log_losses(chance, place)), brier=asked)


def _least(right: Bools, segment: np.ndarray, share: float) -> Floats:
    out = np.full(len(right), share)
    for name in dict.fromkeys(segment):
        mine = segment == name
        out[mine] = max(share, float(right[mine].mean()))
    return out
