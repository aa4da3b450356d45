"""What a plan comes to, in one paragraph and a few numbers."""

from __future__ import annotations

from sandcone.core.score import Score
from sandcone.reporting import words
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.plan_seen import Seen


def headline(seen: Seen, rival: Score | None, rival_name: str) -> Html:
    """The headline of a plan's page."""
    said = [_volume(seen), possible(seen.score), _waits(seen), against(seen.score, rival, rival_name)]
    return join([tag("p", join(said, " "), class_="lead"), tag("dl", *(card(*c) for c in _cards(seen)), class_="cards")])


def _volume(seen: Seen) -> Html:
    p = seen.problem
    come = tag("b", f"{len(seen.plan.admissions):,} of {words.count(len(p.patients), 'patient')}")
    beds, theatres = words.count(sum(r.beds for r in p.rooms), "bed"), words.count(len(p.theatres), "theatre")
    here = f", beside {words.count(len(p.occupants), 'person', 'people')} in a bed already" if p.occupants else ""
    return join(["This plan admits ", come, f" in {words.count(p.days, 'day')}, with {beds} and {theatres}{here}."])


def possible(score: Score) -> Html:
    """Whether a plan can be carried out."""
    if score.violations:
        n = words.count(sum(x.by > 0 for x in score.must), "rule")
        return join(["It ", tag("b", "cannot be carried out"), f" as it is: it breaks {n} that must hold."])
    return join(["It ", tag("b", "can be carried out"), ": it breaks none of the rules that must hold."])


def _delays(seen: Seen) -> list[int]:
    return sorted(max(a.day - p.release, 0) for p, a in seen.presence.treated)


def _days(days: float) -> str:
    return f"{days:.1f} {'day' if f'{days:.1f}' == '1.0' else 'days'}"


def _waits(seen: Seen) -> Html:
    out, late = len(seen.left_out), _delays(seen)
    gone = tag("b", words.count(out, "patient")) if out else "Nobody"
    first = join([gone, f" {words.plural(max(out, 1), 'is', 'are')} left out"])
    if not late:
        return join([first, "."])
    mean, tail = sum(late) / len(late), late[min(len(late) - 1, int(0.9 * len(late)))]
    waits = tag("b", _days(mean))
    ten = f", one in ten {tail:,} {words.plural(tail, 'day')} or more" if tail else ""
    return join([first, "; those who come wait ", waits, f" on average after the first day that was possible{ten}."])


def against(score: Score, rival: Score | None, name: str) -> Html | None:
    """How much less a plan costs than the plainest one; None where that says nothing."""
    if rival is None or score.violations:
        return None
    if rival.violations:
        return join([f"The plainest plan, {name}, could not be carried out."])
    less = rival.cost - score.cost
    if not less:
        return join(["It costs ", tag("b", "as much"), f" as {name}."])
    by = words.share(abs(less) / rival.cost) if rival.cost else f"{abs(less):,}"
    return join(["It costs ", tag("b", f"{by} {'less' if less > 0 else 'more'}"), f" than {name}."])


Card = tuple[str, str, str]


def _cards(seen: Seen) -> list[Card]:
    """Title, number and what it counts."""
    late = _delays(seen)
    mean = _days(sum(late) / len(late)) if late else "–"
    return [
        ("Cost", f"{seen.score.cost:,}", "all costs, each times its weight"),
        ("Broken rules", f"{seen.score.violations:,}", "by how much, of those that must hold"),
        ("Left out", words.count(len(seen.left_out), "patient"), f"of {len(seen.problem.patients):,}"),
        ("Delay", mean, f"mean after the first possible day, of {words.count(len(late), 'admission')}"),
        _met(seen),
        _opened(seen),
        _beds(seen),
        _in_use(seen),
        ("Overload", f"{seen.score.line('overload').by:,}", "load above the most, over nurses and shifts"),
    ]


def _met(seen: Seen) -> Card:
    people, met = len(seen.presence.stays), seen.score.line("nurses_met").by
    mean = f"{met / people:.1f}" if people else "–"
    return ("Nurses met", mean, f"different ones in a stay, mean of {words.count(people, 'person', 'people')}")


def _opened(seen: Seen) -> Card:
    could = sum(m > 0 for t in seen.problem.theatres for m in t.minutes)
    return ("Theatres opened", words.count(seen.score.line("open_theatre").by, "day"), f"of {could:,} theatre days that could be")


def _in_use(seen: Seen) -> Card:
    minutes = seen.presence.minutes("theatre")
    opened = sum(seen.problem.theatre[t].minutes[d] for t, d in minutes)
    return ("Theatre time in use", words.share(sum(minutes.values()) / opened) if opened else "–", f"of {opened:,} minutes opened")


def _beds(seen: Seen) -> Card:
    beds = sum(r.beds for r in seen.problem.rooms) * seen.problem.days
    used = sum(len(stays) for stays in seen.presence.in_room.values())
    return ("Beds in use", words.share(used / beds) if beds else "–", f"of {beds:,} bed days")


def card(title: str, number: str, what: str) -> Html:
    """A number in a box: its title, and what it counts."""
    return tag("div", tag("dt", title), tag("dd", number, class_="big"), tag("dd", what, class_="note"))
