"""Numbers as people say them: "41 minutes", "2 days 4 hours", "17 %", with the digits that the spread supports."""

from __future__ import annotations

import math
from datetime import date, datetime

from sandcone.core.estimate import Estimate

NBSP = "\u00a0"
UNKNOWN = "not known"
HOUR, DAY = 60, 24 * 60  # minutes
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


def plural(n: float, one: str, many: str = "") -> str:
    """The word for one thing or for several: ``plural(1, "patient")`` is "patient"."""
    return one if n == 1 else many or f"{one}s"


def count(n: float, one: str = "", many: str = "") -> str:
    """A whole number with its noun: "1 journey", "1,204 journeys"."""
    if not math.isfinite(n):
        return UNKNOWN
    return f"{round(n):,} {plural(round(n), one, many)}" if one else f"{round(n):,}"


def duration(hours: float, spread: float | None = None) -> str:
    """Hours as people say a length of time; ``spread`` (half an interval, hours) decides how fine."""
    if not math.isfinite(hours):
        return UNKNOWN
    if hours < 0:
        return f"minus {duration(-hours, spread)}"
    minutes = _rounded(hours * HOUR, spread)
    return "less than a minute" if minutes == 0 and hours > 0 else _spoken(minutes, (" day", " hour", " minute"))


def compact(hours: float) -> str:
    """The same, short enough for a chart: "41 min", "2 d 4 h"."""
    if not math.isfinite(hours):
        return "?"
    if hours < 0:
        return f"−{compact(-hours)}"
    minutes = _rounded(hours * HOUR, None)
    return "<1 min" if minutes == 0 and hours > 0 else _spoken(minutes, (" d", " h", " min"), "").replace(" ", NBSP)


def _rounded(minutes: float, spread: float | None) -> int:
    by_size = 1 if minutes < 10 * HOUR else HOUR if minutes < 10 * DAY else DAY
    room = 0.0 if spread is None or not math.isfinite(spread) else min(spread * HOUR, minutes / 5)
    step = max([by_size, *(s for s in (1, 5, HOUR, DAY) if s <= room)])
    return round(minutes / step) * step


def _spoken(minutes: int, words: tuple[str, str, str], plural_ending: str = "s") -> str:
    days, rest = divmod(minutes, DAY) if minutes >= 2 * DAY else (0, minutes)
    parts = zip((days, *divmod(rest, HOUR)), words, strict=True)
    said = [f"{n:,}{word}{plural_ending if n != 1 else ''}" for n, word in parts if n]
    return " ".join(said) or f"0{words[2]}{plural_ending}"


def share(part: float, spread: float | None = None) -> str:
    """A share of one as a percentage: 0.173 is "17 %"."""
    if not math.isfinite(part):
        return UNKNOWN
    percent, fine = 100 * part, _percent_digits(100 * part, spread)
    text = f"{percent:.{fine}f}"
    text = text.removeprefix("-") if float(text) == 0 else text
    if float(text) == 0 and percent > 0:
        return f"less than 0.1{NBSP}%" if percent < 0.1 else f"{percent:.1f}{NBSP}%"
    if float(text) == 100 and percent < 100:
        return f"more than 99.9{NBSP}%" if percent > 99.9 else f"{percent:.1f}{NBSP}%"
    return f"{text.replace('-', '−')}{NBSP}%"


def _percent_digits(percent: float, spread: float | None) -> int:
    if percent in (0, 100):
        return 0
    if spread is None or not math.isfinite(spread):
        return 0 if abs(percent) >= 10 or percent == round(percent) else 1
    return 0 if spread * 100 >= 1 else 1


def compact_share(part: float) -> str:
    """The same, short enough for a chart: "17 %", "<1 %"."""
    percent = round(100 * part)
    if 0 < part < 0.005:
        return f"<1{NBSP}%"
    return f">99{NBSP}%" if percent == 100 and part < 1 else f"{percent}{NBSP}%"


def number(x: float, spread: float | None = None) -> str:
    """A plain number with the digits its spread supports, else three."""
    if not math.isfinite(x):
        return UNKNOWN
    if x == round(x) and spread is None:
        return f"{x:,.0f}".replace("-", "−")
    size = abs(x) if spread is None or spread <= 0 or not math.isfinite(spread) else spread * 100
    digits = 2 - math.floor(math.log10(size)) if size > 0 else 0
    most = 2 if spread is None and size >= 0.1 else 3
    return f"{x:,.{min(max(digits, 0), most)}f}".replace("-", "−")


BARE = ("ratio", "currency", "in use", "")
_AFTER = {"cases": ("journey", "journeys"), "steps": ("step", "steps"), "nats": ("nat", "nats"), "cases/day": ("a day", "a day")}


def in_unit(x: float, unit: str, spread: float | None = None) -> str:
    """A number in the words of its unit ("h", "share", "cases", …)."""
    if unit == "h":
        return duration(x, spread)
    if unit == "share":
        return share(x, spread)
    said = number(x, spread)
    one, many = _AFTER.get(unit, ("", "") if unit in BARE else (unit.removesuffix("s"), unit))
    return said if said == UNKNOWN or not one else f"{said} {plural(x, one, many)}"


def half_width(e: Estimate) -> float | None:
    """Half the interval, or None where there is none."""
    if e.low is None or e.high is None or not (math.isfinite(e.low) and math.isfinite(e.high)):
        return None
    return (e.high - e.low) / 2 or None


def say(e: Estimate) -> str:
    """An estimate's value in words."""
    return in_unit(e.value, e.unit, half_width(e))


def interval(e: Estimate) -> str:
    """The interval in words, "37 to 45 minutes"; empty where there is none."""
    half = half_width(e)
    if half is None or e.low is None or e.high is None:
        return ""
    low, high = in_unit(e.low, e.unit, half), in_unit(e.high, e.unit, half)
    if low == high:
        return f"about {low}"
    return f"{_without_unit(low, high)} to {high}"


def _without_unit(low: str, high: str) -> str:
    a, b = low.replace(NBSP, " ").split(" "), high.replace(NBSP, " ").split(" ")
    same = len(a) == len(b) == 2 and a[1].rstrip("s") == b[1].rstrip("s") and a[0][0].isdigit()
    return a[0] if same else low


def support(e: Estimate, noun: str = "observation") -> str:
    """How sure and from how many: "between 37 and 45 minutes, 312 patients"."""
    said = interval(e)
    between = f"between {said.replace(' to ', ' and ', 1)}, " if " to " in said else f"{said}, " if said else ""
    return f"{between}{count(e.n, noun)}"


def day(moment: date | datetime) -> str:
    """A calendar day: "3 March 2025"."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def week(name: str) -> str:
    """A week as people say it, from "2025-W10" or the date of its first day; anything else is left as it is."""
    year, _, w = name.partition("-W")
    if year.isdigit() and w.isdigit():
        return f"week {int(w)} of {year}"
    try:
        return f"week of {day(date.fromisoformat(name[:10]))}"
    except ValueError:
        return name


def sentence(text: str) -> str:
    """A remark as a sentence: a capital at the front, a full stop at the end."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) or not text else '.'}"


def listed(things: list[str]) -> str:
    """Things in a sentence: "a, b and c"."""
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}" if things else ""
