"""Days and names as they are said in a sentence."""

from __future__ import annotations

from collections.abc import Sequence


def spans(days: Sequence[int]) -> str:
    """Days in words: "day 3", "days 3–5", "days 1, 4–6"; nothing for none."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] + 1 == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    said = ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else f"{r[0]}" for r in runs)
    return f"{'day' if len(days) == 1 else 'days'} {said}" if days else ""


def listed(names: Sequence[str], last: str = "and", most: int | None = None) -> str:
    """Names in a sentence: "p1, p2 and p3"; with ``most``: "p1, p2 and 7 more"; nothing for none."""
    if most is not None and len(names) > most:
        return f"{', '.join(names[:most])} {last} {len(names) - most} more"
    return f" {last} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def named(kind: str, name: str) -> str:
    """A thing's name with its kind before it, "room r3"; a name of several words, such as "Room 3", says that itself."""
    return name if " " in name else f"{kind} {name}"
