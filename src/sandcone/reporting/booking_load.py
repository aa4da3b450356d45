"""How full every pool of a timetable is on each day."""

from __future__ import annotations

from sandcone.reporting import words
from sandcone.reporting.booking_seen import BookingSeen
from sandcone.reporting.markup import Html, tag
from sandcone.reporting.plan_board import board, row
from sandcone.reporting.tables import folded, note, table

HIGH = 26  # pixels of a row
DARKEST = 0.55  # so that the number in a cell can be read on it


def load(seen: BookingSeen) -> Html:
    """The board of pools and days: the darker, the fuller; and the same as a table."""
    pools = {p: seen.load(p) for p in seen.problem.pools}
    shown = sorted((p for p, days in pools.items() if any(used for used, _ in days)), key=lambda p: (-_whole(pools[p]), p))
    if not shown:
        return tag("p", "Nothing is booked that needs a place.")
    rows = [_pool(seen, p, pools[p]) for p in shown]
    idle = [p for p in pools if p not in shown]
    unused = folded(f"Not asked for at all: {words.count(len(idle), 'pool')}", note(f"{', '.join(idle)}.")) if idle else None
    picture = board("Board: pools and days", seen, rows)
    return tag("figure", tag("figcaption", "How full each pool is"), _reading(), picture, unused, _table(seen, pools, shown), class_="wide")


def _whole(days: list[tuple[int, int]]) -> float:
    there = sum(o for _, o in days)
    return sum(u for u, _ in days) / there if there else 0.0


def _reading() -> Html:
    return note(
        "The number is how much of a pool's open time is booked on that day, in per cent: the stronger the colour, the fuller. ",
        "Places that are kept between two appointments count, time to get ready again does not. ",
        "No number: nothing is booked; a dash: closed that day.",
    )


def _pool(seen: BookingSeen, pool: str, days: list[tuple[int, int]]) -> Html:
    whole = words.share(_whole(days))
    cells = [_cell(seen, pool, d, used, there) for d, (used, there) in enumerate(days)]
    return row(pool, f"{whole} in all", f"{pool}: {whole} of its open time is booked", HIGH, seen, *cells)


def _cell(seen: BookingSeen, pool: str, day: int, used: int, there: int) -> Html:
    x, share = day * seen.wide, used / there if there else 0.0
    middle: dict[str, str | float] = {"x": x + seen.wide / 2, "y": HIGH / 2 + 4, "text_anchor": "middle"}
    if not there:
        return tag("text", "–", **middle, class_="tick")
    told = f"{pool}, {seen.day(day)}: {used:,} of {there:,} minutes booked"
    shade = tag("rect", x=x + 1, y=1, width=seen.wide - 2, height=HIGH - 2, class_="cell", fill_opacity=DARKEST * min(share, 1.0))
    return tag("g", tag("title", told), shade, tag("text", _per_cent(share), **middle, class_="name"))


def _per_cent(share: float) -> str:
    """Nothing where nothing is booked."""
    return "" if not share else "<1" if share < 0.01 else f"{100 * share:.0f}"


def _table(seen: BookingSeen, pools: dict[str, list[tuple[int, int]]], shown: list[str]) -> Html:
    rows = [[p, words.share(_whole(pools[p])), *_busiest(seen, pools[p]), _hours(pools[p])] for p in shown]
    head = ["Pool", "Of its open time", "Fullest day", "On that day", "Hours booked"]
    return folded("As a table", table("How full each pool is", head, rows, texts=(2,)))


def _busiest(seen: BookingSeen, days: list[tuple[int, int]]) -> tuple[str, str]:
    share, day = max((used / there if there else 0.0, -d) for d, (used, there) in enumerate(days))
    return seen.day(-day), words.share(share)


def _hours(days: list[tuple[int, int]]) -> str:
    return f"{sum(u for u, _ in days) / 60:,.0f}"
