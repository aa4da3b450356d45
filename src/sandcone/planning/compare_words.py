"""Two plans side by side, in words for a planner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sandcone.core.saying import many
from sandcone.core.score import Score

if TYPE_CHECKING:
    from sandcone.planning.compare import Compared, Moved

NAMED = 12  # patients named in one line, before "and so many more"


def words(found: Compared) -> str:
    """What differs: the costs first, then a table by rule, then who is concerned."""
    names = (found.first, found.second)
    return "\n".join([verdict(found), *table(names, (found.before, found.after)), *_people(found)])


def verdict(found: Compared) -> str:
    """Which plan is better, in a sentence or two."""
    cannot = [name for name, s in ((found.first, found.before), (found.second, found.after)) if s.violations]
    said = f" {' and '.join(cannot)} cannot be carried out." if cannot else ""
    less = found.before.cost - found.after.cost
    if less == 0:
        return f"{found.first} and {found.second} cost the same, {found.after.cost:,}.{said}"
    how = "less" if less > 0 else "more"
    return f"{found.second} costs {abs(less):,} {how} than {found.first}: {found.after.cost:,} against {found.before.cost:,}.{said}"


def table(names: Sequence[str], scores: Sequence[Score]) -> list[str]:
    """Each cost by rule, in a column a plan; rules that may not be broken stand first, in their own units, where one is."""
    wide = [max(10, *(len(name) + 2 for name in names))] * len(names)
    rows = [("", list(names))]
    must = zip(*(s.must for s in scores), strict=True)
    rows += [(f"broken: {each[0].rule.replace('_', ' ')}", [f"{x.by:,}" for x in each]) for each in must if any(x.by for x in each)]
    rows += [(each[0].rule.replace("_", " "), [f"{x.cost:,}" for x in each]) for each in zip(*(s.should for s in scores), strict=True)]
    rows += [("cost", [f"{s.cost:,}" for s in scores])]
    return [f"  {head:<34}" + "".join(f"{cell:>{w}}" for cell, w in zip(cells, wide, strict=True)) for head, cells in rows]


def _people(found: Compared) -> Iterator[str]:
    a, b = found.first, found.second
    if not found.moved:
        yield f"Every patient has the same day, room and theatre in {a} and {b}."
    for kind, said in (("earlier", f"come earlier in {b}"), ("later", f"come later in {b}")):
        some = found.with_what(kind)  # type: ignore[arg-type]
        if some:
            days = sum(abs(m.days) for m in some)
            yield f"{many(len(some), 'patient')} {_verb(some, said)}, {many(days, 'day')} together: {listed(some, kind)}"
    for kind, said in (
        ("another room", "have another room"),
        ("another theatre", "have another theatre"),
        ("left out now", f"come in {a} and are left out in {b}"),
        ("comes now", f"are left out in {a} and come in {b}"),
    ):
        some = found.with_what(kind)  # type: ignore[arg-type]
        if some:
            yield f"{many(len(some), 'patient')} {_verb(some, said)}: {listed(some, kind)}"
    if found.shifts:
        yield f"Rooms have another nurse in {found.nurses:,} of the {found.shifts:,} shifts in which both plans have somebody in them."


def listed(some: Sequence[Moved], kind: str) -> str:
    """Who they are, the first of them by name, with what differs."""
    named = [f"{m.patient} ({differs(m, kind)})" if differs(m, kind) else m.patient for m in some[:NAMED]]
    more = len(some) - len(named)
    return ", ".join(named) + (f" and {more:,} more" if more else "")


def differs(m: Moved, kind: str) -> str:
    """What differs for a patient in one respect: days later, one room and the other; empty for who is left out."""
    if m.before is None or m.after is None:
        return ""
    if kind == "another room":
        return f"{m.before.room} → {m.after.room}"
    return f"{m.before.theatre} → {m.after.theatre}" if kind == "another theatre" else f"{m.days:+d}"


def _verb(some: Sequence[Moved], said: str) -> str:
    """The words for one patient where there is only one."""
    if len(some) != 1:
        return said
    for several, one in (("come ", "comes "), ("have ", "has "), ("are ", "is ")):
        said = said.replace(several, one)
    return said
