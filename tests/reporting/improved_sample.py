"""Made-up findings of a search for better ways: with a broken set, with none, and as small or as large as one likes."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace

from sandcone.core.estimate import Estimate
from sandcone.core.improved import Effect, Improved, JudgedSet, Line, NotTried, Place, Set, Share, Tried
from sandcone.core.judged import Compared, Judged
from sandcone.core.queueing import flow_efficiency
from sandcone.core.registered import Registered
from sandcone.core.verdict import Change, Differences, Guard, Sign, State, Verdict, Word

POOL, TURN, FIRST, LATER = (
    ("Pool the theatres", "all together"),
    ("Turnover", "25 min"),
    ("First case", "15 min earlier"),
    ("Clinic", "19:00"),
)
NAMES = ("resource efficiency", "flow efficiency", "fit", "worst-off wait", "cost")
UNITS = ("share", "share", "share", "h", "money a week")
TODAY = (0.712, 0.124, 0.83, 612.0, 812_400.0)


def around(value: float, half: float | None, unit: str, n: int = 24) -> Estimate:
    """A number with an interval of so much to both sides."""
    ends = {} if half is None or math.isnan(value) else {"low": value - half, "high": value + half}
    return Estimate(value=value, n=n, unit=unit, method="Student's t over runs", **ends)


def tried(levers: Set, gaps: Sequence[float], *, place: Place = "on the front", runs: int = 24, staff: float = 1.0) -> Tried:
    """A set with these differences from today, in the order of the objectives; NaN is not known."""
    spread = 1.0 / max(runs, 1) ** 0.5
    halves = (0.008, 0.006, 0.01, 40.0, 900.0)
    known = [(n, u, t, g, h * spread) for n, u, t, g, h in zip(NAMES, UNITS, TODAY, gaps, halves, strict=True)]
    return Tried(
        levers=levers,
        runs=runs,
        values={n: around(t + g, 3 * h if runs > 1 else None, u, runs) for n, u, t, g, h in known},
        gaps={n: around(g, h if runs > 1 else None, u, runs) for n, u, _, g, h in known} if levers else {},
        chance=0.97 if place == "on the front" else 0.5 if place != "behind" else 0.01,
        place=place,
        staff_cost=staff,
    )


def today() -> Tried:
    """As today."""
    return tried((), (0, 0, 0, 0, 0), runs=40)


def change(name: str, before: float, gap: float, half: float, unit: str = "share", n: int = 20) -> Change:
    """A change with an interval of so much to both sides."""
    return Change(
        name=name,
        before=around(before, 3 * half, unit, n),
        after=around(before + gap, 3 * half, unit, n),
        gap=around(gap, half, unit, n),
        p=0.001,
    )


def curve_change(gap: float) -> Change:
    """V* before and after, with the gap as a share of before."""
    return Change(
        name="V*",
        before=around(2.31, 0.2, "ratio", 20),
        after=around(2.31 * (1 + gap), 0.2, "ratio", 20),
        gap=around(gap, 0.025, "share of before", 20),
        p=0.001,
    )


def judged(
    t: Tried, word: Word, *, states: Sequence[State] = ("held", "held", "held"), alpha: float = 0.0125, shares: tuple[Share, ...] = ()
) -> JudgedSet:
    """A set held against today on twenty fresh runs, a little less good than the search saw it."""
    re, fe = (0.85 * t.gaps[n].value for n in NAMES[:2])
    guards = [
        Guard(kind="fit", change=change("less fit to needs", 0.17, -0.002, 0.004), margin=0.02, harm=0.9),
        Guard(kind="waiting", change=change("mean wait of the worst-off tenth", 612, -14, 9, "h"), margin=61.2, harm=0.95),
        Guard(kind="group", change=change("mean wait, urgency: urgent", 40, 3.2, 2.5, "h"), margin=4.0, harm=0.4),
    ][: len(states)]
    d = Differences(
        resource=change("resource efficiency", TODAY[0], re, 0.002),
        flow=change("flow efficiency", TODAY[1], fe, 0.0015),
        frontier=curve_change(-0.087 if word == "broken" else -0.01),
        guards=tuple(guards),
    )
    sign: Sign = 1 if word in ("broken", "improved inside") else 0
    because = () if word == "broken" else ("resource efficiency is not shown to have risen",)
    v = Verdict(
        word=word,
        resource=sign,
        flow=sign,
        frontier=1 if word in ("broken", "frontier moved") else 0,
        guards=tuple(states),
        because=because,
    )
    c = Compared(
        names=("as today", "the set"), rows=(20, 20), unit="runs", cases=(24_031, 24_031), unfinished=(0.02, 0.02), left_out=(0, 0),
        by=("urgency",), moved=0.0, demand=(21.5, 21.5), same_months=True,
    )  # fmt: skip
    curve = tuple((u / 100, flow_efficiency(u / 100, 11.4, 3)) for u in range(60, 85))
    held = Judged(
        verdict=v, at_first=v, rests_on="", differences=d, otherwise={}, compared=c, registered=Registered(alpha=alpha, quality="assumed"),
        curve=curve, beyond=0.011 if word == "broken" else 0.001, remarks=("one patient more had not left",),
    )  # fmt: skip
    return JudgedSet(tried=t, judged=held, alpha=alpha, shares=shares)


def line(name: str, v: float, *, at: Sequence[float] = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1), gone: bool = True) -> Line:
    """A curve of three places with this variability, and points near it."""
    use = [0.712 * t for t in at]
    fe = [flow_efficiency(u, v, 3) for u in use]
    points = tuple((t, around(u, 0.004, "share", 6), around(f, 0.01, "share", 6)) for t, u, f in zip(at, use, fe, strict=True))
    fitted = tuple((u / 100, flow_efficiency(u / 100, v, 3)) for u in range(40, 84, 4))
    left = ((1.2, "work for 'Theatres' comes 1.02 times as fast as it can be done"),) if gone else ()
    return Line(name=name, scaled="demand", points=points, v_star=around(v, 0.3, "", 6), fitted=fitted, left_out=left)


def shares(levers: Set) -> tuple[Share, ...]:
    """What each lever of a set is owed, in four measures."""
    whole = {
        "resource efficiency": (0.011, "share"),
        "flow efficiency": (0.012, "share"),
        "worst-off wait": (-14.0, "h"),
        "cost": (450.0, "money a week"),
    }
    parts = [(k + 1) / sum(range(1, len(levers) + 1)) for k in range(len(levers))]
    return tuple(
        Share(lever=lever, measure=m, value=around(v * p, abs(v) * 0.2, u))
        for (lever, _), p in zip(levers, parts, strict=True)
        for m, (v, u) in whole.items()
    )


def effects() -> tuple[Effect, ...]:
    """What four levers do to every objective."""
    known = {
        POOL: (0.004, 0.009, 0.0, -30.0, 0.0),
        TURN: (-0.006, 0.004, 0.001, -8.0, -2_000.0),
        FIRST: (0.003, 0.0004, 0.0, -1.0, 700.0),
        LATER: (-0.002, -0.001, 0.0, 5.0, 4_100.0),
    }
    halves = (0.0015, 0.001, 0.002, 6.0, 300.0)
    return tuple(
        Effect(levers=(lever,), objective=n, gap=around(g, h, u))
        for lever, gaps in known.items()
        for n, u, g, h in zip(NAMES, UNITS, gaps, halves, strict=True)
    )


def cloud(n: int, seed: int = 1) -> tuple[Tried, ...]:
    """So many made-up sets around today, most of them behind."""
    luck = random.Random(seed)
    found = []
    for k in range(n):
        re, fe = luck.gauss(0.002, 0.006), luck.gauss(0.0, 0.004)
        place: Place = "on the front" if k % 7 == 0 else "perhaps on the front" if k % 5 == 0 else "behind"
        levers = (*((f"Lever {j}", f"setting {1 + k % 3}") for j in range(1 + k % 4)), (f"Number {k}", "on"))
        found.append(
            tried(
                levers,
                (re, fe, luck.gauss(0, 0.004), luck.gauss(0, 20), luck.gauss(0, 4000)),
                place=place,
                runs=1 + k % 12,
                staff=1 + luck.gauss(0, 0.003),
            )
        )
    return tuple(found)


def not_tried() -> tuple[NotTried, ...]:
    """Thirteen sets that were left out, for three reasons."""
    full = "work for 'Ward 3' comes {:.2f} times as fast as it can be done"
    dear = "dearer than allowed: staff cost {:.2f} times today's"
    return (
        *(NotTried(levers=(LATER, (f"Close beds {k}", "on")), why=full.format(1 + k / 50)) for k in range(1, 9)),
        *(NotTried(levers=((f"Theatre {k}", "one more"),), why=dear.format(1.01 + k / 100)) for k in range(4)),
        NotTried(levers=(("Telehealth", "0.3"),), why="the house fills up: 0.42 more patients a day at the end than at first"),
    )


def together() -> tuple[Effect, ...]:
    """A pair that helps each other, and one that does not."""
    return (
        Effect(levers=(POOL, TURN), objective="flow efficiency", gap=around(0.004, 0.002, "share")),
        Effect(levers=(POOL, LATER), objective="worst-off wait", gap=around(9.0, 4.0, "h")),
    )


def some_judged() -> tuple[JudgedSet, ...]:
    """A broken set, and two that are not."""
    best, two, three = SETS[:3]
    return (
        judged(two, "improved inside", states=("held", "held", "not shown")),
        judged(best, "broken", shares=shares(best.levers)),
        judged(three, "frontier moved", states=("held", "held", "worse")),
    )


SETS = (
    tried((POOL, TURN, FIRST), (0.0112, 0.0125, 0.001, -22.0, 380.0)),
    tried((POOL,), (0.004, 0.0098, 0.0, -31.0, 0.0)),
    tried((POOL, LATER), (0.002, 0.014, 0.0, -35.0, 4_200.0), place="perhaps on the front", staff=1.006),
    tried((TURN,), (-0.006, 0.004, 0.001, -8.0, -2_000.0)),
)


def improved(**what: object) -> Improved:
    """A search of 64 sets that found a broken one; any field can be said otherwise."""
    usual: dict[str, object] = {
        "name": "NH heart hospital",
        "today": today(),
        "tried": (today(), *SETS, *cloud(60)),
        "not_tried": not_tried(),
        "effects": effects(),
        "together": together(),
        "judged": some_judged(),
        "lines": (line("as today", 11.4), line(", ".join(f"{a}: {b}" for a, b in SETS[0].levers), 9.8)),
        "not_here": {"Personal care": "no library of modules was given", "Appointments": "no step has appointments"},
        "sets": 214,
        "runs": 1_240,
        "short_runs": 310,
        "seconds": 412.0,
        "seed": 1,
        "ended": "the time was over",
        "notes": ("Nobody is kept out of sight: the clock starts with the need",),
    }
    return Improved(**(usual | what))  # type: ignore[arg-type]


def none_better() -> Improved:
    """A search that judged two sets, neither of them better."""
    sets = (tried((TURN,), (-0.006, 0.004, 0.001, -8.0, -2_000.0)), tried((LATER,), (-0.002, 0.001, 0.0, 5.0, 4_100.0)))
    return improved(
        tried=(today(), *sets),
        judged=(judged(sets[0], "moved along"), judged(sets[1], "no change", states=("held", "not shown", "held"))),
        lines=(line("as today", 11.4, gone=False),),
        together=(),
        sets=2,
    )


def one_set() -> Improved:
    """A search with one lever."""
    only = tried((POOL,), (0.004, 0.0098, 0.0, -31.0, 0.0))
    return improved(
        tried=(today(), only),
        judged=(judged(only, "improved inside"),),
        not_tried=(),
        not_here={},
        lines=(),
        effects=effects()[:5],
        together=(),
        sets=1,
        notes=(),
    )


def no_fit() -> Improved:
    """The same where no needs are named."""

    def without(t: Tried) -> Tried:
        values = {**t.values, "fit": around(math.nan, None, "share")}
        return replace(t, values=values, gaps={**t.gaps, "fit": around(math.nan, None, "share")} if t.levers else {})

    whole = improved()
    return improved(
        today=without(whole.today), tried=tuple(map(without, whole.tried)), effects=tuple(e for e in effects() if e.objective != "fit")
    )


def nothing() -> Improved:
    """A search that had no time for a single run."""
    return improved(
        today=Tried(levers=(), runs=0, values={}, gaps={}, chance=math.nan, place="behind", staff_cost=math.nan),
        tried=(),
        judged=(),
        effects=(),
        together=(),
        lines=(),
        runs=0,
        short_runs=0,
        sets=0,
        ended="the time was over before today had been tried",
    )


def long_names() -> Improved:
    """Levers with names as long as hospitals have them."""

    def long(k: int) -> tuple[str, str]:
        return (
            f"Pool the cardiothoracic theatres of the east wing and of the children's hospital on the second site, number {k}",
            "Operating-theatre-group-without-any-spaces-in-its-name-" + "x" * 40,
        )

    sets = tuple(tried(tuple(long(j) for j in range(k + 1)), (0.002 * k, 0.003 * k, 0.0, -3.0 * k, 120.0 * k)) for k in range(1, 5))
    many = tuple(
        Effect(levers=(long(k),), objective=n, gap=around(g * k, h, u))
        for k in range(1, 12)
        for n, u, g, h in zip(NAMES, UNITS, (0.001, 0.0005, 0.0, -2.0, 90.0), (0.002, 0.001, 0.002, 6.0, 300.0), strict=True)
    )
    return improved(
        tried=(today(), *sets), judged=tuple(judged(t, "frontier moved", shares=shares(t.levers)) for t in sets[:2]), effects=many
    )
