"""Patients' time in a run: from when their need arose to when they left, how much of it helped, and whether they got what they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sandcone.core.clock import DAY
from sandcone.core.lever import plain
from sandcone.core.period import Texts
from sandcone.core.rows import Passed
from sandcone.core.site import Site
from sandcone.measuring.fit import MOST_NEEDED, Met
from sandcone.measuring.tally_rows import Acts, Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Journeys:
    """One entry a patient who came (patients,), by number; moments and lengths in µs of true time.

    ``seen``: some step was needed, else nothing else is known. ``need`` the first need, ``day`` the model's day it arose on, ``leave`` the
    end of the last step, or when they left before it, or when the run was stopped. ``here``: had not left when the run was stopped;
    ``left``: left before the end. ``came``: the need arose in the days that count; of these alone, ``helped`` is how long help was under
    way and ``active`` anything, overlaps counted once.
    """

    seen: Bools
    need: Ints
    leave: Ints
    day: Ints
    came: Bools
    helped: Floats
    active: Floats
    here: Bools
    left: Bools


def journeys(passed: Passed, site: Site, acts: Acts, first: int, last: int) -> Journeys:
    """The journeys of a run's patients, of whom those count whose need arose from the day ``first`` on and before ``last``.

    With end steps in the site, who has not come to one is still on the way.
    """
    n = len(passed.arrived)
    here, left, seen = (_any(acts.patient[which], n) for which in (acts.here, acts.left, slice(None)))
    need, leave = np.full(n, np.iinfo(np.int64).max), np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(need, acts.patient, acts.ready)
    np.maximum.at(leave, acts.patient, acts.until)
    need[~seen] = leave[~seen] = 0
    if site.end_steps:
        on_the_way = seen & ~left & ~here & ~_ended_well(passed, site, acts, n)
        here, leave = here | on_the_way, np.where(on_the_way, np.maximum(leave, acts.stop), leave)
    day = acts.clock.wall(need) // DAY
    came = seen & (day >= first) & (day < last)
    helped, active = _covered(acts, came, adding(passed, site), need, leave)
    return Journeys(seen=seen, need=need, leave=leave, day=day, came=came, helped=helped, active=active, here=here, left=left)


def adding(passed: Passed, site: Site) -> Bools:
    """Which of the model's steps add value, by the plain name of each."""
    return np.array([site.steps.get(plain(s), site.default_value) == "value-adding" for s in passed.model.steps], dtype=bool)


def _any(patient: Ints, n: int) -> Bools:
    found = np.zeros(n, dtype=bool)
    found[patient] = True
    return found


def _ended_well(passed: Passed, site: Site, acts: Acts, n: int) -> Bools:
    """Whose last step, by start and then end, is one at which journeys end."""
    ends = {*site.end_steps, *site.cancelled_steps}
    is_end = np.array([plain(s) in ends for s in passed.model.steps], dtype=bool)
    start = np.where(np.isnan(passed.rows.start), np.inf, passed.rows.start)
    order = np.lexsort((acts.until, start, acts.patient))
    who = acts.patient[order]
    last = order[np.flatnonzero(np.append(who[1:] != who[:-1], True))] if len(who) else order
    found = np.zeros(n, dtype=bool)
    found[acts.patient[last]] = is_end[acts.step[last]]
    return found


def _covered(acts: Acts, came: Bools, adds: Bools, need: Ints, leave: Ints) -> tuple[Floats, Floats]:
    """µs of each patient who came with help under way, and with any step.

    All patients' time is set on one line, one after the other, so that the latest end so far never reaches into the next patient's.
    """
    spells, n = acts.spells.chosen(came[acts.patient[acts.spells.of]]), len(need)
    length = np.where(came, leave - need + 1, 0)
    base = np.cumsum(length) - length - need
    who = acts.patient[spells.of]
    begin, over = base[who] + spells.begin, base[who] + spells.over
    order = np.argsort(begin)
    who, begin, over = who[order], begin[order], over[order]
    active = _added(who, begin, over, n)
    help_ = adds[acts.step[spells.of[order]]]
    return (active if help_.all() else _added(who[help_], begin[help_], over[help_], n)), active


def _added(who: Ints, begin: Ints, over: Ints, n: int) -> Floats:
    """What stretches in order of their begin cover, by whose they are."""
    before = np.empty_like(over)
    before[:1] = np.iinfo(np.int64).min
    np.maximum.accumulate(over[:-1], out=before[1:])
    return np.bincount(who, weights=np.maximum(over - np.maximum(begin, before), 0), minlength=n).astype(np.float64)


def facts_of(passed: Passed, names: Sequence[str], which: Ints) -> dict[str, Texts]:
    """What is known of some patients beforehand, for those names that anybody has."""
    return {name: _texts(passed, name)[passed.person[which]] for name in dict.fromkeys(names) if _had(passed, name)}


def _had(passed: Passed, attribute: str) -> bool:
    """Whether anybody has such an attribute."""
    return any(attribute in who for who in passed.people)


def _texts(passed: Passed, name: str) -> Texts:
    found = np.empty(len(passed.people), dtype=object)
    found[:] = [who.get(name) for who in passed.people]
    return found


def met(passed: Passed, site: Site, acts: Acts, which: Ints) -> Met | None:
    """What these patients need and had done to its end; None where the site names no needs, or none of an attribute they have."""
    weights: dict[str, float] = {}
    for need in site.needs:
        weights[need.step] = max(need.weight, weights.get(need.step, 0.0))
    if not weights or len(weights) > MOST_NEEDED or not all(_had(passed, need.attribute) for need in site.needs):
        return None
    steps = tuple(weights)
    place = np.array([steps.index(plain(s)) if plain(s) in weights else -1 for s in passed.model.steps], dtype=np.int64)
    column = place[acts.step]
    done = (column >= 0) & acts.ended
    got = np.zeros((len(passed.arrived), len(steps)), dtype=bool)
    got[acts.patient[done], column[done]] = True
    needed = _needed(passed, site, steps)[passed.person[which]]
    return Met(steps=steps, weights=np.array([*weights.values()]), needed=needed, got=got[which], n=np.ones(len(which), dtype=np.int64))


def _needed(passed: Passed, site: Site, steps: tuple[str, ...]) -> Bools:
    """Which steps each kind of patient needs (people, steps)."""
    found = np.zeros(len(passed.people) * len(steps), dtype=bool)
    for attribute in dict.fromkeys(need.attribute for need in site.needs):
        asks: dict[str | None, list[int]] = {}
        for need in (need for need in site.needs if need.attribute == attribute):
            for value in need.values:
                asks.setdefault(value, []).append(steps.index(need.step))
        found[[i * len(steps) + k for i, who in enumerate(passed.people) for k in asks.get(who.get(attribute), ())]] = True
    return found.reshape(-1, len(steps))
