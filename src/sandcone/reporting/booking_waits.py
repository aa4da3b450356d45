"""How long patients wait by the week in which they may begin, which wishes are met, and who is left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sandcone.core.journey import Journey
from sandcone.core.journeys import DAY, Timetable
from sandcone.reporting import words
from sandcone.reporting.bars import bar
from sandcone.reporting.booking_headline import Wishes, mean, tenth
from sandcone.reporting.booking_seen import BookingSeen
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.plan_seen import short_day
from sandcone.reporting.tables import folded, note, table

SHOWN = 20


def waits(seen: BookingSeen, rival: Timetable | None, rival_name: str) -> Html:
    """The mean wait of those who come, week by week of when their journeys may begin, the rival's beside it."""
    weeks = _weeks(seen)
    other = None if rival is None else BookingSeen(seen.problem, rival, seen.score)
    means = {monday: _mean_of(seen, people) for monday, people in weeks.items()}
    top = max(means.values(), default=0.0)
    bars = [
        tag("li", tag("span", _week(m), ": ", tag("b", _mean_said(seen, weeks[m])), class_="bar-label"), _bar(m, means[m], top))
        for m in weeks
    ]
    rows = [_row(seen, other, monday, people) for monday, people in weeks.items()]
    head = ["Week from", "Patients", "Come", "Mean wait", "One in ten, or more", *([f"Mean wait, {rival_name}"] if other else [])]
    said = note("A wait runs from the day and hour a journey may begin to its first appointment. Who is left out is in no mean.")
    figure = tag("figure", tag("figcaption", "Mean wait by week"), said, tag("ul", *bars, class_="bars"), class_="wide")
    return join([figure, table("Waits by the week in which journeys may begin", head, rows)])


def _weeks(seen: BookingSeen) -> dict[date, list[Journey]]:
    """By Monday: whose journeys may begin in that week."""
    found: dict[date, list[Journey]] = {}
    for j in sorted(seen.problem.journeys, key=lambda j: j.release):
        day = seen.problem.begin + timedelta(days=j.release // DAY)
        found.setdefault(day - timedelta(days=day.weekday()), []).append(j)
    return found


def _came(seen: BookingSeen, people: Sequence[Journey]) -> list[int]:
    return [seen.wait(j) for j in people if j.patient in seen.timetable.starts]


def _mean_of(seen: BookingSeen, people: Sequence[Journey]) -> float:
    found = _came(seen, people)
    return sum(found) / len(found) if found else 0.0


def _mean_said(seen: BookingSeen, people: Sequence[Journey]) -> str:
    return mean(_came(seen, people))


def _week(monday: date) -> str:
    return short_day(monday)


def _bar(monday: date, wait: float, top: float) -> Html:
    return bar(wait / top if top else 0.0, f"Week from {_week(monday)}: {words.duration(wait / 60)}")


def _row(seen: BookingSeen, other: BookingSeen | None, monday: date, people: list[Journey]) -> list[str]:
    came = _came(seen, people)
    own = [_week(monday), f"{len(people):,}", f"{len(came):,}", mean(came), tenth(came)]
    return [*own, *([_mean_said(other, people)] if other else [])]


def wishes(found: Wishes) -> Html:
    """Each kind of wish: how many were asked for, and how many are met."""
    if not any(asked for _, asked, _ in found):
        return tag("p", "Nobody who comes has a wish.")
    rows = [[kind, f"{asked:,}", f"{met:,}", words.share(met / asked)] for kind, asked, met in found if asked]
    said = note("A wish is met if all of a patient's appointments are as wished; of those who come.")
    return join([table("Wishes", ["Wish", "Asked for", "Met", "Share"], rows), said])


def left_out(seen: BookingSeen, why: Sequence[tuple[str, str]]) -> Html:
    """Each patient who is left out, with the reason where one was worked out; ``why`` is rows of (patient, words)."""
    if not seen.left_out:
        return tag("p", "Nobody is left out.")
    n, reasons, head = len(seen.left_out), dict(why), ["Patient", "Why", "May begin", "Appointments", "Weight"]
    rows = [
        [j.patient, reasons.get(j.patient, "–"), seen.day(j.release // DAY), f"{len(j.tasks):,}", f"{j.weight:,}"] for j in seen.left_out
    ]
    said = tag("p", f"{words.count(n, 'patient')} of {len(seen.problem.journeys):,} {words.plural(n, 'is', 'are')} left out.")
    first = table("Who is left out", head, rows[:SHOWN], texts=(1, 2))
    others = (
        folded(f"The other {n - SHOWN:,}", table("The others who are left out", head, rows[SHOWN:], texts=(1, 2))) if n > SHOWN else None
    )
    thin = note(f"Why was worked out for the first {len(reasons):,}.") if len(reasons) < n else None
    return join(
        [said, first, others, thin, note(f"Days in reasons are counted from 0, which is {seen.day(0)}; costs are minutes of waiting.")]
    )
