"""What a timetable comes to, in one paragraph and a few numbers."""

from __future__ import annotations

from collections.abc import Sequence

from sandcone.core.score import Score
from sandcone.reporting import words
from sandcone.reporting.booking_seen import BookingSeen
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.plan_headline import against, card, possible

Wishes = Sequence[tuple[str, int, int]]
"""Kinds of wishes in words, each with how many were asked for and how many are met."""


def headline(seen: BookingSeen, rival: Score | None, rival_name: str, wishes: Wishes) -> Html:
    """The headline of a timetable's page."""
    said = [_volume(seen), possible(seen.score), _waits(seen), against(seen.score, rival, rival_name)]
    return join([tag("p", join(said, " "), class_="lead"), tag("dl", *(card(*c) for c in _cards(seen, wishes)), class_="cards")])


def _volume(seen: BookingSeen) -> Html:
    come = tag("b", f"{len(seen.come):,} of {words.count(len(seen.problem.journeys), 'patient')}")
    made = words.count(len(seen.appointments), "appointment")
    return join(["This timetable books the whole path of ", come, f" in {words.count(seen.days, 'day')}, {made} in all."])


def mean(minutes: Sequence[int]) -> str:
    """The mean of lengths of time in words; a dash where there are none."""
    return words.duration(sum(minutes) / len(minutes) / 60) if minutes else "–"


def tenth(minutes: Sequence[int]) -> str:
    """What one in ten has or more, in words; a dash where there are none."""
    ordered = sorted(minutes)
    return words.duration(ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))] / 60) if ordered else "–"


def _waits(seen: BookingSeen) -> Html:
    out, waits = len(seen.left_out), [seen.wait(j) for j in seen.come]
    gone = tag("b", words.count(out, "patient")) if out else "Nobody"
    first = join([gone, f" {words.plural(max(out, 1), 'is', 'are')} left out"])
    if not waits:
        return join([first, "."])
    return join([first, "; those who come wait ", tag("b", mean(waits)), f" on average, one in ten {tenth(waits)} or more."])


def _fullest(seen: BookingSeen) -> tuple[str, str, str]:
    """The pool of whose open time most is booked."""
    whole = {p: (sum(u for u, _ in days), sum(o for _, o in days)) for p in seen.problem.pools for days in [seen.load(p)]}
    share, pool = max(((used / there, p) for p, (used, there) in whole.items() if there), default=(0.0, "no pool"))
    return "Fullest pool", words.share(share), f"of its open time: {pool}"


def _cards(seen: BookingSeen, wishes: Wishes) -> list[tuple[str, str, str]]:
    """Title, number and what it counts."""
    people, of = len(seen.come), len(seen.problem.journeys)
    visits, asked, met = seen.score.line("days_of_visits").by, sum(n for _, n, _ in wishes), sum(n for *_, n in wishes)
    return [
        ("Cost", f"{seen.score.cost:,}", "all costs, in minutes of waiting"),
        ("Broken rules", f"{seen.score.violations:,}", "by how much, of those that must hold"),
        ("Left out", words.count(len(seen.left_out), "patient"), f"of {of:,}"),
        ("Wait", mean([seen.wait(j) for j in seen.come]), f"mean until the first appointment, of {words.count(people, 'patient')}"),
        ("Journey", mean([seen.stay(j) for j in seen.come]), "mean from the first appointment to the end of the last"),
        ("Days of visits", f"{visits / people:.1f}" if people else "–", "mean for each patient who comes"),
        ("Appointments", f"{len(seen.appointments):,}", f"of {words.count(len(seen.by_resource), 'person or thing', 'people and things')}"),
        _fullest(seen),
        ("Wishes met", words.share(met / asked) if asked else "–", f"of {words.count(asked, 'wish', 'wishes')} of those who come"),
    ]
