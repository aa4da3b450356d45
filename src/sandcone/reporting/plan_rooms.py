"""The rooms of a plan: who lies where from when to when, of which gender and age, and which beds are free."""

from __future__ import annotations

from sandcone.core.inpatient import Inpatient, Room
from sandcone.core.presence import Stay
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.plan_board import board, fitted, row
from sandcone.reporting.plan_seen import Seen
from sandcone.reporting.tables import folded, note, table

LANE, BAR, LOWEST = 20, 17, 35


def rooms(seen: Seen) -> Html:
    """The board of rooms and days, the beds that are free on each day, and every stay as a table."""
    drawn = [_room(seen, room) for room in seen.problem.rooms]
    picture = board("Board: rooms and days", seen, [*drawn, _free(seen)])
    figure = tag("figure", tag("figcaption", "Who lies where"), _legend(seen), picture, _table(seen), class_="wide")
    return join([_said(seen), figure])


def _said(seen: Seen) -> Html:
    beds = sum(r.beds for r in seen.problem.rooms) * seen.problem.days
    used = sum(len(stays) for stays in seen.presence.in_room.values())
    return tag("p", "Of all bed days, ", tag("b", words.share(used / beds) if beds else "none"), f" are in use ({used:,} of {beds:,}).")


def _legend(seen: Seen) -> Html:
    genders = (tag("li", _swatch(i), f"gender {g}") for g, i in seen.ranks.items())
    ages = seen.problem.ages
    marks = f"Small squares at the end of a stay are the age group: one for {ages[0]}"
    marks += f", {len(ages)} for {ages[-1]}. " if len(ages) > 1 else ". "
    dashed = "A dashed frame is somebody who is in a bed already. Every row of a room is one bed; an empty row is a free bed. "
    wrong = "A thick frame around a day marks more people than beds, or both genders in one room."
    return join([tag("ul", *genders, class_="legend", aria_label="Genders"), note(marks, dashed, wrong)])


def _swatch(rank: int) -> Html:
    box = tag("rect", x=1, y=1, width=20, height=13, class_=f"stay g{rank % 3}")
    return tag("svg", box, _mark(rank, 5, 7.5), viewBox="0 0 22 15", class_="swatch", aria_hidden="true")


def _mark(rank: int, x: float, y: float) -> Html:
    """A sign for the gender, so that colour is not the only one: filled, hollow, a square."""
    if rank % 3 == 2:
        return tag("rect", x=x - 3, y=y - 3, width=6, height=6, class_="mark")
    return tag("circle", cx=x, cy=y, r=3, class_="mark" if rank % 3 == 0 else "mark hollow")


def _room(seen: Seen, room: Room) -> Html:
    lanes = _lanes([s for s in seen.presence.stays if s.room == room.name])
    n = max(room.beds, len(lanes), 1)
    bars = [_stay(seen, s, i) for i, lane in enumerate(lanes) for s in lane]
    people = sum(len(lane) for lane in lanes)
    told = f"Room {room.name}, {words.count(room.beds, 'bed')}: {words.count(people, 'stay')}"
    gone = [tag("rect", x=0, y=room.beds * LANE, width=seen.wide * seen.problem.days, height=(n - room.beds) * LANE, class_="no-bed")]
    height = max(n * LANE, LOWEST)
    marks = [*(gone if n > room.beds else []), *bars, _wrong(seen, room, height)]
    return row(room.name, words.count(room.beds, "bed"), told, height, seen, *marks)


def _lanes(stays: list[Stay]) -> list[list[Stay]]:
    """Stays in as few rows as can be, none over another."""
    lanes: list[list[Stay]] = []
    for s in sorted(stays, key=lambda s: (s.first, -s.after)):
        free = next((lane for lane in lanes if lane[-1].after <= s.first), None)
        if free is None:
            lanes.append([s])
        else:
            free.append(s)
    return lanes


def _stay(seen: Seen, s: Stay, lane: int) -> Html:
    x, y, width = s.first * seen.wide + 1, lane * LANE + 1.5, (s.after - s.first) * seen.wide - 2
    rank, waits = seen.ranks[s.person.gender], isinstance(s.person, Inpatient)
    pips = [tag("rect", x=x + width - 5 - 4 * (i // 4), y=y + 12 - 4 * (i % 4), width=3, height=3, class_="pip") for i in _squares(s)]
    frame = tag("rect", x=x, y=y, width=width, height=BAR, rx=2, class_=f"stay g{rank % 3}{'' if waits else ' here'}")
    name = tag("text", fitted(s.person.name, width - 18), x=x + 11, y=y + 12.5, class_="name")
    return tag("g", tag("title", _told(seen, s)), frame, _mark(rank, x + 6, y + BAR / 2), name, *pips)


def _squares(s: Stay) -> range:
    return range(s.person.age + 1)


def _told(seen: Seen, s: Stay) -> str:
    p = s.person
    who = f"{p.name}, {p.gender}, {seen.problem.ages[p.age]}: {seen.stay(s.first, s.after)}, room {s.room}"
    if not isinstance(p, Inpatient):
        return f"{who}; in a bed already"
    late = s.first - p.release
    return f"{who}; {seen.plan.admitted[p.name].theatre}, surgeon {p.surgeon}; " + (
        f"{words.count(late, 'day')} late" if late > 0 else "no delay"
    )


def _wrong(seen: Seen, room: Room, height: float) -> Html:
    here = ((d, seen.presence.in_room.get((room.name, d), [])) for d in range(seen.problem.days))
    bad = [d for d, stays in here if len(stays) > room.beds or len({s.person.gender for s in stays}) > 1]
    x = seen.wide
    return join(tag("rect", x=d * x + 1, y=1, width=x - 2, height=height - 2, class_="wrong") for d in bad)


def _free(seen: Seen) -> Html:
    """How many beds are free on each day."""
    beds, x = sum(r.beds for r in seen.problem.rooms), seen.wide
    used = [sum(len(seen.presence.in_room.get((r.name, d), [])) for r in seen.problem.rooms) for d in range(seen.problem.days)]
    numbers = (tag("text", f"{beds - n}", x=(d + 0.5) * x, y=15, text_anchor="middle") for d, n in enumerate(used))
    told = f"Beds free each day: {', '.join(str(beds - n) for n in used)}"
    return row("Beds free", "", told, 22, seen, *numbers, class_="sum")


def _table(seen: Seen) -> Html:
    stays = sorted(seen.presence.stays, key=lambda s: (s.first, s.room, s.person.name))
    rows = [
        [s.person.name, s.room, seen.stay(s.first, s.after), s.person.gender, seen.problem.ages[s.person.age], *_operation(seen, s)]
        for s in stays
    ]
    head = ["Patient", "Room", "Days", "Gender", "Age", "Theatre", "Surgeon", "Days late"]
    return folded(f"As a table, {words.count(len(rows), 'stay')}", table("Every stay", head, rows, texts=(1, 2, 3, 4, 5, 6)))


def _operation(seen: Seen, s: Stay) -> list[str]:
    if not isinstance(s.person, Inpatient):
        return ["in a bed already", "–", "–"]
    return [seen.plan.admitted[s.person.name].theatre, s.person.surgeon, f"{max(s.first - s.person.release, 0)}"]
