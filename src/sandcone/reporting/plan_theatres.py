"""The theatres of a plan: the minutes in use of those that are open, day by day and surgeon by surgeon."""

from __future__ import annotations

from sandcone.core.inpatient import Hours
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.plan_board import board, fitted, row
from sandcone.reporting.plan_seen import Seen
from sandcone.reporting.tables import folded, note, table

HIGH, FOOT = 58, 16  # pixels for the longest day, and for the number under it


def theatres(seen: Seen) -> Html:
    """The board of theatres and days, and the surgeons' use of their own time."""
    rows = [_theatre(seen, t) for t in seen.problem.theatres]
    picture = board("Board: theatres and days", seen, rows, repeat=5)
    figure = tag("figure", tag("figcaption", "How theatres are used"), _reading(), picture, _table(seen), class_="wide")
    return join([_said(seen), figure, _surgeons(seen)])


def _said(seen: Seen) -> Html:
    minutes = seen.presence.minutes("theatre")
    used, opened = sum(minutes.values()), sum(seen.problem.theatre[t].minutes[d] for t, d in minutes)
    could = sum(m > 0 for t in seen.problem.theatres for m in t.minutes)
    days = f"{words.count(len(minutes), 'theatre day')} of {could:,} that could be"
    if not opened:
        return tag("p", f"No theatre is opened ({days}).")
    share = tag("b", words.share(used / opened))
    return tag("p", "Opened are ", tag("b", days), "; on these, ", share, f" of the time is in use ({used:,} of {opened:,} minutes).")


def _reading() -> Html:
    frames = "A frame is the time a theatre could be open on a day, filled from below by the minutes in use, a block for each surgeon. "
    return note(frames, "The number below is those minutes. A dotted frame is a theatre that stays shut; no frame: it cannot be opened.")


def _blocks(seen: Seen, theatre: str, day: int) -> dict[str, list[tuple[str, int]]]:
    """By surgeon: the patients on a day in a theatre, with their minutes."""
    found: dict[str, list[tuple[str, int]]] = {}
    for p, a in seen.presence.treated:
        if (a.theatre, a.day) == (theatre, day):
            found.setdefault(p.surgeon, []).append((p.name, p.minutes))
    return found


def _theatre(seen: Seen, t: Hours) -> Html:
    minutes = seen.presence.minutes("theatre")
    days = [d for d in range(seen.problem.days) if (t.name, d) in minutes]
    most = max([*(m for x in seen.problem.theatres for m in x.minutes), *minutes.values(), 1])
    used = sum(minutes[t.name, d] for d in days)
    told = f"Theatre {t.name}: opened on {words.count(len(days), 'day')}, {used:,} minutes in use"
    cells = [_cell(seen, t, d, HIGH / most) for d in range(seen.problem.days)]
    return row(t.name, f"{words.count(len(days), 'day')} opened", told, HIGH + FOOT, seen, *cells)


def _cell(seen: Seen, t: Hours, day: int, scale: float) -> Html | None:
    x, open_, blocks = day * seen.wide + 2, t.minutes[day], _blocks(seen, t.name, day)
    width, used = seen.wide - 4, sum(m for b in blocks.values() for _, m in b)
    if not open_ and not used:
        return None
    told = f"{t.name}, {seen.day(day)}: {used} of {open_} minutes in use" + "".join(_told(s, b) for s, b in blocks.items())
    frame = tag("rect", x=x, y=HIGH - open_ * scale, width=width, height=open_ * scale, class_="opened" if used else "opened shut")
    number = tag("text", f"{used}", x=x + width / 2, y=HIGH + 12, text_anchor="middle", class_="tick") if used else None
    over = used > open_
    limit = tag("line", x1=x - 1, x2=x + width + 1, y1=HIGH - open_ * scale, y2=HIGH - open_ * scale, class_="wrong") if over else None
    return tag("g", tag("title", told), frame, *_filled(blocks, x, width, scale), limit, number)


def _told(surgeon: str, block: list[tuple[str, int]]) -> str:
    return f"; {surgeon}: {', '.join(f'{name} {minutes}' for name, minutes in block)}"


def _filled(blocks: dict[str, list[tuple[str, int]]], x: float, width: float, scale: float) -> list[Html]:
    drawn, y = [], float(HIGH)
    for surgeon, block in blocks.items():
        high = sum(m for _, m in block) * scale
        y -= high
        drawn.append(tag("rect", x=x, y=y, width=width, height=high, class_="block"))
        if high >= 12 and (said := fitted(surgeon, width - 2)):
            drawn.append(tag("text", said, x=x + width / 2, y=y + high / 2 + 4, text_anchor="middle", class_="name"))
    return drawn


def _table(seen: Seen) -> Html:
    minutes = sorted(seen.presence.minutes("theatre").items(), key=lambda m: (m[0][1], m[0][0]))
    rows = [[t, seen.day(d), f"{m:,}", f"{seen.problem.theatre[t].minutes[d]:,}", ", ".join(_blocks(seen, t, d))] for (t, d), m in minutes]
    head = ["Theatre", "Day", "Minutes in use", "Minutes open", "Surgeons"]
    return folded("As a table", table("Theatres that are opened", head, rows, texts=(1, 4)))


def _surgeons(seen: Seen) -> Html:
    minutes, rows = seen.presence.minutes("surgeon"), []
    for s in seen.problem.surgeons:
        used = sum(m for (name, _), m in minutes.items() if name == s.name)
        days, rooms = sum(name == s.name for name, _ in minutes), {a.theatre for p, a in seen.presence.treated if p.surgeon == s.name}
        share = words.share(used / sum(s.minutes)) if sum(s.minutes) else "–"
        rows.append([s.name, f"{used:,}", f"{sum(s.minutes):,}", share, f"{days:,}", ", ".join(sorted(rooms)) or "–"])
    head = ["Surgeon", "Minutes operating", "Minutes there", "Share", "Days", "Theatres"]
    return folded(f"Each surgeon ({len(rows):,})", table("Each surgeon", head, rows, texts=(5,)))
