"""The sets that look best, held against today on luck that the search never saw."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sandcone.core.errors import SandconeError
from sandcone.core.improved import JudgedSet
from sandcone.core.judged import Judged
from sandcone.core.lever import Levers, LeverSet, named
from sandcone.core.outcome import Outcome
from sandcone.core.period import Period
from sandcone.core.registered import Registered
from sandcone.core.verdict import Change
from sandcone.flow.bench import Runs, Scale
from sandcone.flow.purse import JUDGE, Purse
from sandcone.flow.summing_up import seen, values
from sandcone.flow.trying import Trying
from sandcone.improving.beyond import old_curve
from sandcone.improving.changes import paired_change
from sandcone.improving.scaled import with_capacity
from sandcone.improving.search.searched import Found, Searched
from sandcone.improving.verdict import judge_runs

Told = Callable[[str], None]
ENDS, LEAST = 2.0, 1e-4  # standard errors to the end of an interval; a rise below which none is compared
FRESH = 1_000_000  # runs of this number and above are for judging; a search begins at 0
SETS = 5  # judged at most
FEWEST, MORE, MOST = 6, 4, 40  # runs of each set that is judged: at least, at once, at most
SCALES = (0.7, 0.8, 0.9, 1.1, 1.25)  # of today's places, beside today's own: the old curve
PLACES = ("capacity",)  # kinds of levers that only open or close places
Arm = tuple[LeverSet, Scale | None]
Group = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The sets that were judged, with the set each is of, how many runs each rests on, and what could not be judged and why."""

    sets: tuple[JudgedSet, ...] = ()
    which: tuple[LeverSet, ...] = ()
    runs: int = 0
    notes: tuple[str, ...] = ()


def promising(searched: Searched, most: int = SETS) -> list[Found]:
    """The sets worth judging, the best first: both efficiencies up; if there is none, the few that come nearest.

    Of two sets the better one is that whose smaller rise is larger, each rise at the lower end of its interval and as a share of the
    largest such rise, so that no set is preferred for having been run more often only.
    """
    others = [f for f in searched.found[1:] if f.place != "behind"]
    if not others:
        return []
    lows = _lows(others, searched.today)
    score = (lows / np.maximum(lows.max(axis=0), LEAST)).min(axis=1)
    order = [int(i) for i in np.argsort(-score, kind="stable")]
    up = [i for i in order if lows[i].min() > 0]
    return [others[i] for i in (up or order[:2])[:most]]


def _lows(sets: Sequence[Found], today: Found) -> np.ndarray:
    """The lower ends of the rises of both efficiencies (sets, 2), the spread of a difference taken as alike in all sets."""
    gaps = [_gaps(f, today) for f in sets]
    freedom = sum(len(g) - 1 for g in gaps)
    spread = np.sqrt(sum(((g - g.mean(axis=0)) ** 2).sum(axis=0) for g in gaps) / freedom) if freedom else np.zeros(2)
    return np.array([g.mean(axis=0) - ENDS * spread / np.sqrt(len(g)) for g in gaps])


def _gaps(f: Found, today: Found) -> np.ndarray:
    """Differences from today of both efficiencies, run by run (runs, 2)."""
    n = min(len(f.outcomes), len(today.outcomes))
    return np.asarray(values(f.outcomes[:n])[:, :2] - values(today.outcomes[:n])[:, :2])


def judge_sets(
    trying: Trying, chosen: Sequence[Found], registered: Registered, purse: Purse, *, say: Told, brief: bool = False
) -> Judgement:
    """Each of these sets against today, run by run with the same new luck; the level of error is parted among them (Bonferroni).

    What lies beyond the old curve is said by today's hospital with more or fewer places in the same runs. ``brief``: as few runs as
    will do.
    """
    if not chosen:
        return Judgement(notes=("No set was judged: none of those tried, and allowed, is on the front or perhaps on it.",))
    arms = _arms(trying, chosen)
    runs: dict[Arm, list[Outcome | str]] = {arm: [] for arm in arms}
    done = 0
    while done < FEWEST or (not brief and done < MOST and purse.affords(len(arms) * MORE, JUDGE)):
        more = FEWEST if not done else MORE
        for arm, found in zip(arms, _run(trying, arms, done, more, purse, say), strict=True):
            runs[arm] += found
        done += more
    say("holding the best sets against today")
    agreed = registered.model_copy(update={"alpha": registered.alpha / len(chosen)})
    return _judgement(trying, chosen, agreed, runs)


def _arms(trying: Trying, chosen: Sequence[Found]) -> list[Arm]:
    none = (0,) * len(trying.bench.levers.levers)
    sets = [none, *(f.levers for f in chosen), *(places_of(trying.bench.levers, f.levers) for f in chosen)]
    return list(dict.fromkeys([*((s, None) for s in sets), *((none, (with_capacity, times)) for times in SCALES)]))


def places_of(levers: Levers, which: LeverSet) -> LeverSet:
    """Of a set only what opens or closes places."""
    return tuple(s if lever.use in PLACES else 0 for lever, s in zip(levers.levers, which, strict=True))


def _run(trying: Trying, arms: Sequence[Arm], done: int, more: int, purse: Purse, say: Told) -> list[list[Outcome | str]]:
    begun, numbers = time.perf_counter(), range(FRESH + done, FRESH + done + more)
    asked = [Runs(levers=s, runs=tuple((r, False) for r in numbers), keep=True, scale=scale) for s, scale in arms]
    n = len(arms) * more
    found = trying.watched(asked, lambda k: say(f"judging the best sets: run {k} of {n}"))
    purse.made(n, time.perf_counter() - begun)
    return found


def _judgement(trying: Trying, chosen: Sequence[Found], agreed: Registered, runs: Mapping[Arm, list[Outcome | str]]) -> Judgement:
    levers, sets, which, notes = trying.bench.levers, list[JudgedSet](), list[LeverSet](), list[str]()
    today = runs[(0,) * len(levers.levers), None]
    for f in chosen:
        mine = runs[f.levers, None]
        why = next((x for x in (*today, *mine) if isinstance(x, str)), "")
        try:
            judged = None if why else _judged(trying, f, agreed, runs)
        except SandconeError as refusal:
            judged, why = None, str(refusal)
        if judged is None:
            notes.append(f"{_named(levers, f)} could not be judged: {why}")
            continue
        shown = seen(levers, f.levers, (whole(mine), whole(today)), chance=f.chance, place=f.place)
        sets.append(JudgedSet(tried=shown, judged=judged, alpha=agreed.alpha))
        which.append(f.levers)
    return Judgement(sets=tuple(sets), which=tuple(which), runs=sum(map(len, runs.values())), notes=tuple(notes))


def _judged(trying: Trying, f: Found, agreed: Registered, runs: Mapping[Arm, list[Outcome | str]]) -> Judged:
    none, places = (0,) * len(f.levers), places_of(trying.bench.levers, f.levers)
    scaled = {scale[1]: whole(found) for (_, scale), found in runs.items() if scale is not None and _can_be(found)}
    own = whole(runs[places, None]) if any(places) and _can_be(runs[places, None]) else ()
    by = trying.bench.lay(none).site.segment
    name = _named(trying.bench.levers, f)
    return held_against(whole(runs[none, None]), whole(runs[f.levers, None]), agreed, by=by, scaled=scaled, own=own, name=name)


def held_against(
    before: Sequence[Outcome],
    after: Sequence[Outcome],
    agreed: Registered,
    *,
    by: Sequence[str],
    scaled: Mapping[float, Sequence[Outcome]],
    own: Sequence[Outcome] = (),
    name: str,
) -> Judged:
    """The verdict on runs with their periods kept: today, and another way in the same runs.

    ``scaled`` are today's runs with so many times its places, which make the old curve; ``own`` those with no more than the places that the
    other way opens or closes. ``by`` are the attributes by which groups are told apart.
    """
    one, two = periods(before, "today"), periods(after, name)
    apart = max(agreed.least_patients, least_apart([*one, *two], by, agreed.least_patients))
    in_each = agreed.model_copy(update={"least_patients": apart})
    old = old_curve({1.0: one, **{times: periods(found, "") for times, found in scaled.items()}}, two, periods(own, ""))
    return judge_runs(one, two, in_each, by=by, fit=_fit(before, after), old=old)


def least_apart(runs: Sequence[Period], by: Sequence[str], least: int) -> int:
    """From how many patients on, in each half of the runs, a group can be judged apart: every run has some of it.

    Run by run nothing can be said of a group that some run has none of. So the smallest groups are taken together, those below ``least``
    and further ones, until every run has some of all that are left and of those taken together. It hangs on who came and on nothing else.
    """
    counts = [Counter[Group](zip(*(p.facts[name] for name in by), strict=True)) for p in runs] if by else []
    halves = counts[: len(counts) // 2], counts[len(counts) // 2 :]
    sizes = {group: min(sum(c[group] for c in half) for half in halves) for group in set[Group]().union(*counts)}
    small = {group for group, n in sizes.items() if n < least}
    for group in sorted(sizes, key=lambda g: (sizes[g], g)):
        if all(sizes.keys() - small <= one.keys() and (not small or small & one.keys()) for one in counts):
            break
        small.add(group)
    return max((sizes[group] + 1 for group in small), default=least)


def _can_be(found: Sequence[Outcome | str]) -> bool:
    return not any(isinstance(x, str) for x in found)


def _fit(before: Sequence[Outcome], after: Sequence[Outcome]) -> Change | None:
    lacks = [[1 - o.fit for o in arm] for arm in (before, after)]
    return paired_change("lack of fit", "share", lacks[0], lacks[1]) if np.isfinite(lacks).all() else None


def whole(found: Sequence[Outcome | str]) -> list[Outcome]:
    """The outcomes, of which none is a refusal."""
    return [x for x in found if isinstance(x, Outcome)]


def periods(found: Sequence[Outcome], name: str) -> list[Period]:
    """The periods that were kept, by name."""
    return [replace(o.period, name=name) for o in found if o.period is not None]


def _named(levers: Levers, f: Found) -> str:
    return ", ".join(f"{lever}: {setting}" for lever, setting in named(levers.levers, f.levers))
