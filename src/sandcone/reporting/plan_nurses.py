"""The nurses of a plan: what each bears in each shift, against the most that can be borne."""

from __future__ import annotations

from dataclasses import dataclass

from sandcone.core.inpatient import Nurse
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.plan_board import board, row
from sandcone.reporting.plan_seen import Seen
from sandcone.reporting.tables import folded, note, table

HIGH, LEVELS = 18, 8


@dataclass(frozen=True, slots=True)
class Borne:
    """What a nurse bears in one shift: the load, and the rooms with people in them."""

    load: int
    rooms: tuple[str, ...]


def nurses(seen: Seen) -> Html:
    """A strip of shifts for each nurse, and the nurses one by one."""
    borne = _borne(seen)
    rows = [_nurse(seen, n, borne) for n in seen.problem.nurses]
    picture = board("Board: nurses and shifts", seen, rows, repeat=18)
    parts = [tag("figcaption", "What each nurse bears"), _reading(seen), _scale(), picture, _table(seen, borne)]
    return join([_said(seen, borne), tag("figure", *parts, class_="wide")])


def _borne(seen: Seen) -> dict[tuple[str, int], Borne]:
    """Load and rooms by nurse and global shift; rooms without people are left out."""
    k, found = len(seen.problem.shifts), dict[tuple[str, int], Borne]()
    for (room, shift), nurse in sorted(seen.plan.care.items()):
        stays = seen.presence.in_room.get((room, shift // k), [])
        if stays:
            old = found.get((nurse, shift), Borne(0, ()))
            found[nurse, shift] = Borne(old.load + sum(s.load(shift, k) for s in stays), (*old.rooms, room))
    return found


def _said(seen: Seen, borne: dict[tuple[str, int], Borne]) -> Html:
    over = [b.load - seen.problem.nurse[n].most[s] for (n, s), b in borne.items() if b.load > seen.problem.nurse[n].most[s]]
    short = seen.score.line("skill_short").by
    skill = f" Skill falls short by {words.count(short, 'level')}, counted for each person and shift." if short else " Nobody lacks skill."
    if not over:
        return tag("p", tag("b", "No nurse bears more than can be borne."), skill)
    shifts = tag("b", words.count(len(over), "shift"))
    return tag("p", "In ", shifts, f" a nurse bears more than can be borne, by {sum(over):,} in all.", skill)


def _reading(seen: Seen) -> Html:
    order = f"A day has {words.count(len(seen.problem.shifts), 'shift')}, from left to right: {words.listed(list(seen.problem.shifts))}. "
    shade = "An outlined box is a shift on duty; the darker it is, the nearer the load is to the most that can be borne. "
    return note(order, shade, "A tall box with a bar on top is above it; beside the name stands by how much in all.")


def _scale() -> Html:
    part = 100 / (LEVELS + 1)
    steps = (
        tag("rect", x=f"{part * i:.2f}%", width=f"{part:.2f}%", height="100%", class_="cell", fill_opacity=i / LEVELS)
        for i in range(LEVELS + 1)
    )
    return tag("p", "nothing to bear ", tag("svg", *steps, class_="scale", aria_hidden="true"), " the most", class_="note shades")


def _nurse(seen: Seen, nurse: Nurse, borne: dict[tuple[str, int], Borne]) -> Html:
    cells = [_cell(seen, nurse, shift, borne.get((nurse.name, shift), Borne(0, ()))) for shift in nurse.most]
    over = sum(max(b.load - nurse.most[s], 0) for (n, s), b in borne.items() if n == nurse.name)
    told = f"Nurse {nurse.name}, skill {nurse.skill}: {words.count(len(nurse.most), 'shift')}, {over:,} above the most"
    return row(nurse.name, f"+{over:,}" if over else "", told, HIGH, seen, *cells, class_="nurse")


def _cell(seen: Seen, nurse: Nurse, shift: int, b: Borne) -> Html:
    most, width = nurse.most[shift], seen.wide / len(seen.problem.shifts)
    told = f"{nurse.name}, {seen.shift(shift)}: load {b.load} of {most}" + (f", rooms {', '.join(b.rooms)}" if b.rooms else ", no room")
    x, w = shift * width + 0.8, width - 1.6
    if b.load > most:
        tall = tag("rect", x=x, y=0.5, width=w, height=HIGH - 1, class_="over")
        return tag("g", tag("title", told), tall, tag("rect", x=x, y=0.5, width=w, height=3.5, class_="over-top"))
    level = round(LEVELS * b.load / most) if most else 0
    inside = tag("rect", x=x, y=4, width=w, height=HIGH - 8, class_="cell", fill_opacity=max(level, 1) / LEVELS) if b.load else None
    return tag("g", tag("title", told), inside, tag("rect", x=x, y=4, width=w, height=HIGH - 8, class_="duty"))


def _table(seen: Seen, borne: dict[tuple[str, int], Borne]) -> Html:
    rows = [_line(seen, n, {s: b for (name, s), b in borne.items() if name == n.name}) for n in seen.problem.nurses]
    head = ["Nurse", "Skill", "Shifts", "With patients", "Load", "Of the most", "Shifts above", "Above by"]
    return folded(f"As a table, {words.count(len(rows), 'nurse')}", table("Each nurse", head, rows))


def _line(seen: Seen, nurse: Nurse, borne: dict[int, Borne]) -> list[str]:
    load, most = sum(b.load for b in borne.values()), sum(nurse.most.values())
    over = [b.load - nurse.most[s] for s, b in borne.items() if b.load > nurse.most[s]]
    share = words.share(load / most) if most else "–"
    counts = (f"{n:,}" for n in (nurse.skill, len(nurse.most), len(borne), load))
    return [nurse.name, *counts, share, f"{len(over):,}", f"{sum(over):,}"]
