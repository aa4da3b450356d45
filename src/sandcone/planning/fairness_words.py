"""How a plan's cost is spread, in a planner's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from sandcone.planning.fairness import Fairness, Spread

MOST = 10  # people to name


def words(f: Fairness) -> str:
    """The sum, the worst-off tenth against all, who is left out, who bears most of those in bed, and the groups."""
    return "\n".join([_sum(f), *_spread("all", f.everybody), *_spread("those in bed", f.in_bed), *_left_out(f), *_most(f), *_groups(f)])


def _sum(f: Fairness) -> str:
    nobody = sum(f.on_nobody.values())
    rules = ", ".join(f"{rule.replace('_', ' ')} {cost:,}" for rule, cost in f.on_nobody.items() if cost)
    total = f"Cost {f.borne + nobody:,}: {f.borne:,} falls on {_people(f.everybody)}"
    return f"{total}, {nobody:,} on nobody{f' ({rules})' if rules else ''}."


def _spread(whom: str, of: Spread) -> Iterator[str]:
    if of.cost:
        worst = of.worst_tenth
        share = f"{100 * float(worst.cost / of.cost):.0f} %"
        means = f"{worst.mean:,.0f} each, where the mean is {of.mean:,.0f}"
        yield f"Of {whom}, the worst-off tenth ({_people(worst)}) bears {share}: {means}. Gini {of.gini:.2f}."


def _left_out(f: Fairness) -> Iterator[str]:
    names = [p.person for p in f.left_out.people]
    if names:
        more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
        yield f"Left out ({_people(f.left_out)}): {', '.join(names[:MOST])}{more}."


def _most(f: Fairness) -> Iterator[str]:
    bearing = [p for p in f.in_bed.people if p.cost]
    if bearing:
        yield f"Who bears most of those in bed{f' (the first {MOST} of {len(bearing)})' if len(bearing) > MOST else ''}:"
    for p in bearing[:MOST]:
        rules = ", ".join(f"{rule.replace('_', ' ')} {_amount(cost)}" for rule, cost in sorted(p.by_rule.items(), key=lambda x: -x[1]))
        yield f"  {p.person:<8}{_amount(p.cost):>8}  {rules}"


def _groups(f: Fairness) -> Iterator[str]:
    yield "By group, each person on average:"
    for name, of in f.groups().items():
        waits, nurses = _mean_of(p.waiting for p in of.people), _mean_of(p.nurses for p in of.people)
        out = sum(p.nurses is None for p in of.people)
        said = (f"cost {of.mean:,.0f}", waits and f"waits {waits} days", nurses and f"meets {nurses} nurses", out and f"{out} left out")
        yield f"  {name:<16}{_people(of):>12}: {', '.join(s for s in said if s)}"


def _mean_of(numbers: Iterable[int | None]) -> str:
    known = [n for n in numbers if n is not None]
    return f"{sum(known) / len(known):.1f}" if known else ""


def _people(of: Spread) -> str:
    return "1 person" if len(of.people) == 1 else f"{len(of.people)} people"


def _amount(cost: Fraction) -> str:
    return f"{float(cost):,.1f}".removesuffix(".0")
