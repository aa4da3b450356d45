"""A month of whole paths, booked and tried on the twin: beside the same paths first come, first served, and beside one size for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandcone.core.trial import Trial
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import because, note, table

SHOWN = (
    "flow efficiency, from need",
    "resource efficiency, by cost",
    "time from need to the end",
    "time from need to going home",
    "waited",
    "waited, the worst-off tenth",
    "waited on the day",
)
FIT = ("fit to true needs", "fit of the worst-off tenth")  # the same paths fit alike
WHY_NOT = (
    "A log tells who came, not what each of them needs: there is neither a library of modules nor a list of people to compose paths for. "
    "Write both (docs/personal.md), and then: sandcone personalise, plan, simulate."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedMonth:
    """Personal paths booked whole, tried beside first come, first served and one size for all; ``where`` names the hospital.

    ``left_out`` are people of all runs who could not be booked and came as before, ``not_ended`` those who are in no table since they had
    not come to the end of their path on every way.
    """

    where: str
    days: int
    first_come: Trial
    one_size: Trial
    left_out: int
    not_ended: int


def booked_month(tried: BookedMonth | None) -> Html:
    """What booking does to waits and to the use of staff and rooms, wins and losses alike; why it was not tried where it was not."""
    if tried is None:
        return because("A month, booked", WHY_NOT)
    n, runs = tried.first_come.people, tried.first_come.runs
    said = (
        f"{tried.where}, {tried.days} days of made-up people: everybody has a path of their own, composed of modules. As they come "
        "they are told a time for each visit up to their stay in the house; what is behind it begins as soon as it can. Tried on the twin "
        f"in {words.count(runs, 'run')} with new people each; about {n} patients a run need treatment and count. Clocks start with the "
        "need, so a time that was told hides no wait."
    )
    tables = (
        _beside(tried.first_come, "first come", SHOWN),
        _beside(tried.one_size, "one size for all", (*SHOWN, *FIT)),
    )
    how = note(
        "Differences are booked less the other, over paired runs with the same people and the same luck, with 95 % t intervals, each for "
        "itself: of twenty without a difference, one looks sure by chance. All who have an appointment come to it, in every way. "
        f"{words.count(tried.left_out, 'person', 'people')} of all runs could not be booked and came as before; "
        f"{words.count(tried.not_ended, 'patient')} had not come to the end on every way and {words.plural(tried.not_ended, 'is', 'are')} "
        "in no table. What it is and what it does not show: docs/personal.md."
    )
    return join([tag("p", said), tag("p", _verdict(tried)), *tables, how])


def _verdict(tried: BookedMonth) -> str:
    one = _sure(tried.first_come, "the same paths first come, first served", SHOWN)
    return f"{one} {_sure(tried.one_size, 'one size for all', (*SHOWN, *FIT))}"


def _sure(trial: Trial, other: str, names: Sequence[str]) -> str:
    shown = [trial[name] for name in names]
    better, worse = ([m.name for m in shown if m.verdict == v] for v in ("better", "worse"))
    if not better and not worse:
        return f"Beside {other}, these runs leave every difference open."
    parts = [f"surely {v} in {_listed(those)}" for v, those in (("better", better), ("worse", worse)) if those]
    return f"Beside {other}, what is booked is {' and '.join(parts)}."


def _listed(names: Sequence[str]) -> str:
    return "; ".join(name.replace(",", "") for name in names)


def _beside(trial: Trial, other: str, names: Sequence[str]) -> Html:
    head = ["Measure", "Booked", "Other", "Difference (95 %)", "Verdict"]
    return table(f"Booked beside {other}", head, [trial[name].row() for name in names], texts=(4,))
