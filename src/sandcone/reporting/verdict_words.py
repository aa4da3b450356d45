"""A verdict in sentences: what a board may conclude from it, and what it may not."""

from __future__ import annotations

from collections.abc import Iterator

from sandcone.core.estimate import Estimate
from sandcone.core.judged import Judged
from sandcone.core.saying import many
from sandcone.core.verdict import Change, Guard, State, Word

MEANS: dict[Word, str] = {
    "no change": "Neither efficiency, nor the curve that ties them, is shown to have moved",
    "moved along": "The place moved, and nothing shows that it left the old curve: one efficiency may have been paid for with the other",
    "improved inside": "Both efficiencies rose, but it is not shown that the old curve was left behind: an improvement inside the frontier",
    "frontier moved": "The old curve was left behind, but not everything that the word broken asks for is shown",
    "broken": "Resources and patients' time are both used better than the old curve allowed, and every guard held",
    "worse": "Both efficiencies fell, or the place is now behind the old curve",
}
MAY_NOT: dict[Word, str] = {
    "no change": "that nothing changed: the intervals say how large a change could have stayed unseen",
    "moved along": "that the trade-off was broken, nor that either place is the better one",
    "improved inside": "that the trade-off was broken",
    "frontier moved": "that the trade-off was broken, nor that everybody gained",
    "broken": "that it will last, or that it would come out the same elsewhere",
    "worse": "who or what is to blame",
}
STATES: dict[State, str] = {"held": "held", "not shown": "not shown to have held", "worse": "worse by more than its margin"}


def told(j: Judged) -> str:
    """The verdict for a terminal: the word, the differences, the guards, what it rests on, and what may be concluded."""
    c = j.compared
    lines = [f"{j.headline.upper()}: {MEANS[j.verdict.word]}."]
    lines += [f"  {line}" for line in sentences(j)]
    lines.append(f"{c.names[0]}: {_counted(j, 0)}. {c.names[1]}: {_counted(j, 1)}.")
    lines += [f"  {name:<36}{before:>23}{after:>23}  {gap}" for name, before, after, gap in rows(j)]
    lines += [f"  guard, {g.change.name:<40}{STATES[s]} ({gap_of(g.change)}; margin {_amount(g.margin, g)})" for g, s in guards(j)]
    lines += [f"Note: {r}" for r in j.remarks]
    return "\n".join([*lines, agreed(j), board(j)])


def sentences(j: Judged) -> Iterator[str]:
    """Why the word is what it is, a sentence each."""
    if j.rests_on:
        yield f"All {j.compared.unit} together would say {j.at_first.word}, but that rests on {j.rests_on} alone."
    for why in j.verdict.because:
        yield f"Without it, {why}." if j.rests_on else f"{why[:1].upper()}{why[1:]}."
    if j.beyond is not None:
        side = "above" if j.beyond >= 0 else "below"
        sure = "" if j.verdict.frontier else "; that alone does not show that the curve was left"
        yield f"The place after lies {100 * abs(j.beyond):.1f} points of flow efficiency {side} the old curve{sure}."


def rows(j: Judged) -> list[tuple[str, str, str, str]]:
    """Each claim: name, before, after, difference with interval."""
    d = j.differences
    return [(c.name, value(c.before), value(c.after), gap_of(c)) for c in (d.resource, d.flow, d.frontier, d.stepped, d.control) if c]


def guards(j: Judged) -> list[tuple[Guard, State]]:
    """Every guard with its state."""
    return list(zip(j.differences.guards, j.verdict.guards, strict=True))


def value(e: Estimate) -> str:
    """A number with its interval."""
    return f"{_of(e.value, e.unit)}{_between(e)}"


def gap_of(c: Change) -> str:
    """A difference with its sign and its interval."""
    e = c.gap
    if e.low is None or e.high is None:
        return f"{_signed(e.value, e.unit)} (no interval)"
    return f"{_signed(e.value, e.unit)} ({_signed(e.low, e.unit, bare=True)} to {_signed(e.high, e.unit, bare=True)})"


def agreed(j: Judged) -> str:
    """What was agreed beforehand, by its hash."""
    r = j.registered
    if r.sha256 is None:
        return "Agreed beforehand: nothing. The default measures and margins were used; who saw the data first could have chosen others."
    return f"Agreed beforehand: the file with SHA-256 {r.sha256}. Whether it is older than the data, only its keeper can say."


def board(j: Judged) -> str:
    """One paragraph: what a board may conclude, and what it may not."""
    word = j.verdict.word
    may = f"A board may conclude that {MEANS[word][:1].lower()}{MEANS[word][1:]}{_unless(j)}."
    wrong = f" The tests behind it are made to be wrong in at most {100 * j.registered.alpha:.3g} of 100 such comparisons."
    return f"{may}{wrong}{_mix(j)}{_cause(j)}{_season(j)}{_quality(j)} It may not conclude {MAY_NOT[word]}."


def _unless(j: Judged) -> str:
    return f", unless it is {' or '.join(j.unless)} that made it so" if j.unless else ""


def _mix(j: Judged) -> str:
    by = ", ".join(j.compared.by)
    if j.compared.mix_held:
        return f" The mix of patients is held by {by}." if by else ""
    why = f"too many are of kinds that only one period has (by {by})" if by else "the site names no segment to hold it by"
    return f" The mix of patients is not held: {why}."


def _cause(j: Judged) -> str:
    if j.compared.unit == "runs":
        return " It holds for the twin: as far as the twin is true to the hospital, and with care that works as well as before."
    if j.differences.control is not None:
        return " Flow efficiency is compared with that of patients whom the change did not touch; the use of resources is not."
    return (
        " What caused it is open: no patients were named whom the change did not touch, "
        "so whatever else happened at that time could be the reason."
    )


def _season(j: Judged) -> str:
    return "" if j.compared.same_months else " The two periods are of other months of the year, and no season is allowed for."


def _quality(j: Judged) -> str:
    seen = [g.change.name for g in j.differences.guards if g.kind == "quality"]
    if seen:
        return f" Of quality it sees {', '.join(seen)}, and no more."
    return " Nothing here shows the quality of care" + (", which was taken as unchanged." if j.registered.quality == "assumed" else ".")


def _counted(j: Judged, k: int) -> str:
    c = j.compared
    unit = c.unit.removesuffix("s")
    return f"{many(c.rows[k], unit)}, {many(c.cases[k], 'patient')}"


def _amount(margin: float, g: Guard) -> str:
    return f"{100 * margin:.1f} points" if g.change.gap.unit == "share" else _of(margin, g.change.gap.unit)


def _of(x: float, unit: str) -> str:
    if unit in ("share", "share of before"):
        return f"{100 * x:.1f} %"
    return f"{x:.2f} {unit}" if unit == "h" else f"{x:.2f}"


def _between(e: Estimate) -> str:
    if e.low is None or e.high is None:
        return ""
    low = _of(e.low, e.unit).removesuffix(" %").removesuffix(" h")
    return f" ({low} to {_of(e.high, e.unit).removesuffix(' %').removesuffix(' h')})"


def _signed(x: float, unit: str, *, bare: bool = False) -> str:
    times, word = {"share": (100.0, " points"), "share of before": (100.0, " %"), "h": (1.0, " h")}.get(unit, (1.0, ""))
    digits = 1 if times > 1 else 2
    return f"{times * x:+.{digits}f}{'' if bare else word}".replace("-", "−")
