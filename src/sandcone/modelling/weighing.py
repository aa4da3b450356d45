"""How much each case counts: a log that ends shows few of the long cases that began late, and what is long ago may no longer hold.

A log of finished cases is cut at its end: a case that began ``x`` before the end is in it only if it took less than ``x``. The distribution
of cycle times that corrects for that is Lynden-Bell's (1971) for truncated data; how fast the past fades is chosen by a temporal hold-out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sandcone.modelling.facts import Bools, Facts, Floats

ORIGINS = (0.5, 0.65, 0.8)
HALF_LIVES = (0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 1.0, np.inf)  # shares of the log's length
TOO_MUCH = 1.5  # a correction that makes the mean cycle time so many times longer rests on too few cases
FEW = 30
ANYHOW = 0.03  # a difference in fit that is never worth a shorter memory
NEARLY = 1.1  # the longest memory is taken of those that fit nearly as well as the best


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """By case: its weight (mean 1) and the chance that a case that began then is in the log at all."""

    case: Floats
    alike: Floats  # the same if all of the past counted alike
    seen: Floats
    half_life_weeks: float
    notes: tuple[str, ...]

    def all_alike(self) -> Weights:
        """The same without fading."""
        said = "Stays have changed, but ways and delays foretell held-out ones best if all of the past counts alike, so it does."
        return replace(self, case=self.alike, half_life_weeks=float("inf"), notes=(*self.notes[:-1], said))

    @property
    def effective(self) -> float:
        """How many cases of equal weight would tell as much."""
        return float(self.case.sum() ** 2 / (self.case**2).sum())


def cut_in_two(f: Facts, share: float = 0.8) -> tuple[Bools, Bools, float]:
    """Cases that ended by the moment at which so much of the work had ended, and cases that began after it: the papers' rule."""
    at = float(np.sort(f.end)[min(int(len(f.end) * share), len(f.end) - 1)])
    return f.leave <= at, f.begin > at, at


def weigh(f: Facts) -> Weights:
    """Weights for every case of a log."""
    done = ~f.open_case
    took, room = (f.leave - f.begin), (f.last - f.begin)
    cut = bool(done.sum() >= FEW and _is_cut(took, room, done))
    half = _half_life(f, cut)
    fade = _fading(f, half, f.last - f.begin.min())
    mass, chance, note = _corrected(took, room, fade) if cut else (fade, np.ones(f.n), ())
    alike = _corrected(took, room, np.ones(f.n))[0] if cut else np.ones(f.n)
    weeks = half * (f.last - f.begin.min()) / 10080 if np.isfinite(half) else half
    fades = f"The past fades with a half-life of {weeks:.1f} weeks." if np.isfinite(half) else "All of the past counts alike."
    notes = (*note, fades + " That fitted cases held out at the log's end best.")
    return Weights(case=mass / mass.mean(), alike=alike / alike.mean(), seen=chance, half_life_weeks=weeks, notes=notes)


def _fading(f: Facts, half: float, span: float) -> Floats:
    """What each case still counts, for a half-life that is this share of some minutes."""
    age = (f.begin.max() - f.begin) / max(span, 1e-9)
    return np.asarray(0.5 ** (age / half)) if np.isfinite(half) else np.ones(f.n)


def _corrected(took: Floats, room: Floats, fade: Floats) -> tuple[Floats, Floats, tuple[str, ...]]:
    mass, share = lynden_bell(took, room, fade)
    before, after = float(took.mean()), float(mass @ took)
    if after > TOO_MUCH * before:
        said = f"Long cases that began late are missing from the log. With them stays would be {after / before:.1f} times as long"
        return fade, np.maximum(share, 0.2), (f"{said}, which the log is too short to support: stays were left as seen.",)
    said = f"Long cases that began late are missing from the log; with them the mean stay is {after / 60:.1f} h, not {before / 60:.1f} h."
    return mass, np.maximum(share, 0.2), (said,)


def _is_cut(took: Floats, room: Floats, done: Bools) -> bool:
    """Whether cases under way at the log's end were left out: if they are in it, many are unfinished or stop just before it ends."""
    if (~done).mean() > 0.005:
        return False
    span = np.quantile(took, 0.75)
    idle = room - took  # from a case's last end to the log's end
    late = (idle < span / 4).sum()
    usual = ((idle >= span) & (idle < 3 * span)).sum() / 8
    return bool(late <= 2 * usual + 3)


def lynden_bell(took: Floats, room: Floats, weight: Floats | None = None) -> tuple[Floats, Floats]:
    """The mass of each case, and the share of all cases that are no longer than there was room for each.

    The product-limit estimate under right truncation: F(t) = ∏ over longer times (1 - w/R), R(t) = weight of cases with took ≤ t ≤ room.
    """
    weight = np.ones(len(took)) if weight is None else weight
    order = np.argsort(took, kind="stable")
    times, w = took[order], weight[order]
    by_room = np.argsort(room, kind="stable")
    gone = np.concatenate([[0.0], np.cumsum(weight[by_room])])[np.searchsorted(room[by_room], times, side="left")]
    at_risk = np.cumsum(w) - gone  # of equal times one is taken to be longer
    step = np.log1p(-np.minimum(w / np.maximum(at_risk, 1e-300), 0.5))
    upto = np.exp(np.concatenate([np.cumsum(step[::-1])[::-1][1:], [0.0]]))
    mass = np.empty(len(took))
    mass[order] = np.diff(upto, prepend=0.0)
    share = np.concatenate([[0.0], upto])[np.searchsorted(times, room, side="right")]
    return mass / mass.sum(), share


def _half_life(f: Facts, cut: bool) -> float:
    """The half-life, as a share of the log, with which past cases look most like those that followed, seen from several points of the past.

    Where the log is cut, only what fits into the log after that point is compared, the past being weighed as if none were missing.
    Where patients under way are in it, only the first days of each stay are compared, as many as were seen of all.
    """
    found = [g for g in (_gaps(f, cut, share) for share in ORIGINS) if g is not None]
    if not found:
        return float("inf")
    gaps = np.mean(found, axis=0)
    nearly = NEARLY if cut or f.open_case.any() else 1.0
    return max(h for h, gap in zip(HALF_LIVES, gaps, strict=True) if gap <= nearly * gaps.min() + ANYHOW)


def _gaps(f: Facts, cut: bool, share: float) -> Floats | None:
    """For each half-life how unlike those before a point of the log are to those after it; None where these are too few."""
    old, new, at = cut_in_two(f, share)
    past, future = (f.only(old), f.only(new)) if cut or not f.open_case.any() else _first_days(f, at)
    if min(past.n, future.n) < FEW // 2:
        return None
    fades = [_fading(past, half, f.last - f.begin.min()) for half in HALF_LIVES]
    masses = [lynden_bell(past.leave - past.begin, past.last - past.begin, fade)[0] * past.n if cut else fade for fade in fades]
    return np.array([_misfit(past, future, mass, f.last if cut else np.inf) for mass in masses])


def _first_days(f: Facts, at: float) -> tuple[Facts, Facts]:
    """Those who came before a moment and after it, with as much of each stay as was seen of half of those after: no more, no less."""
    room = f.last - f.begin
    late = f.begin > at
    seen = float(np.median(room[late])) if late.any() else 0.0
    return f.only(f.begin <= at - seen).first_minutes(seen), f.only(late & (room >= seen)).first_minutes(seen)


def _misfit(past: Facts, future: Facts, weight: Floats, until: float) -> float:
    """How far cycle times and times since arrival are off, as shares of what they are; only what ends in time is compared."""
    took = past.leave - past.begin
    rooms = np.quantile(until - future.begin, (np.arange(50) + 0.5) / 50) if np.isfinite(until) else np.array([np.inf])
    fits = took[None, :] <= rooms[:, None]
    each = weight[None, :] * fits
    total = each.sum(axis=1, keepdims=True)
    weight = np.where(total > 0, each / np.maximum(total, 1e-300), 0).mean(axis=0)
    if weight.sum() <= 0:
        return np.inf
    since = [x.start - x.begin[x.case] for x in (past, future)]
    stay = earth_mover(took, future.leave - future.begin, weight, None) / max(float((future.leave - future.begin).mean()), 1e-9)
    events = earth_mover(since[0], since[1], weight[past.case], None) / max(float(since[1].mean()), 1e-9)
    noise = 0.5 / np.sqrt(weight.sum() ** 2 / (weight**2).sum())  # fewer cases tell less
    return float(stay + events + noise)


def earth_mover(a: Floats, b: Floats, wa: Floats | None, wb: Floats | None) -> float:
    """The area between two cumulative shares."""
    places = np.sort(np.concatenate([a, b]))
    return float(np.sum(np.abs(_below(a, wa, places[:-1]) - _below(b, wb, places[:-1])) * np.diff(places)))


def _below(values: Floats, weight: Floats | None, at: Floats) -> Floats:
    order = np.argsort(values, kind="stable")
    weight = np.ones(len(values)) if weight is None else weight
    sums = np.concatenate([[0.0], np.cumsum(weight[order])])
    return np.asarray(sums[np.searchsorted(values[order], at, side="right")] / sums[-1])
