"""Suggestions about order and time: who goes first, hours, appointments, groups, and what is lost between two patients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from sandcone.core.arrivals import Listed, Rate
from sandcone.core.model import Model
from sandcone.core.plan import ByClass, NobodyOver, ShortestFirst
from sandcone.improving.levers.idea import Idea, Said
from sandcone.improving.levers.likeness import IDLE, House

LIMIT = 240.0  # minutes that nobody should wait longer than
HOUR = 60
CLASSES = range(2, 7)  # how many values an attribute has by which patients may be told apart
TELLING = ("urg", "prior", "triage", "acuity", "sever", "risk", "class", "colour", "color")
FIRST = ("emergency", "immediate", "urgent", "red", "high", "severe", "orange", "amber", "yellow", "soon", "medium", "moderate")


def who_goes_first(model: Model) -> Iterator[Idea]:
    """Rules of the queue other than today's; one lever, for there is one rule at a time."""
    settings: list[Said] = []
    if not isinstance(model.queue, NobodyOver):
        settings.append({"name": f"nobody over {LIMIT / HOUR:g} hours", "rule": asdict(NobodyOver(minutes=LIMIT, otherwise=model.queue))})
    if not isinstance(model.queue, ShortestFirst):
        settings.append({"name": "shortest first", "rule": {"kind": "shortest first"}})
    if (classes := _classes(model)) is not None:
        attribute, order = classes
        settings.append({"name": f"by {attribute}", "rule": {"kind": "by class", "attribute": attribute, "order": order}})
    why = "Another order costs nothing and can make some wait longer for the others: is it right for the patients who would?"
    yield Idea(name="Who goes first", use="queue", why=why, parameters={}, settings=settings)


def _classes(model: Model) -> tuple[str, list[str]] | None:
    """An attribute that tells how urgent patients are, and an order of its values; none if the queue goes by it already."""
    values: dict[str, dict[str, float]] = {}
    for share, attributes in _who_comes(model):
        for name, value in attributes.items():
            of = values.setdefault(name, {})
            of[value] = of.get(value, 0.0) + share
    asked = model.queue.otherwise if isinstance(model.queue, NobodyOver) else model.queue
    known = [name for name, shares in values.items() if len(shares) in CLASSES and any(t in name.casefold() for t in TELLING)]
    if not known or (isinstance(asked, ByClass) and asked.attribute in known):
        return None
    return known[0], sorted(values[known[0]], key=lambda v: (_rank(v), values[known[0]][v], v))


def _who_comes(model: Model) -> Iterator[tuple[float, Mapping[str, str]]]:
    for stream in model.arrivals:
        if isinstance(stream, Listed):
            yield from ((1.0, p.attributes) for p in stream.patients)
        else:
            yield from ((kind.share, kind.attributes) for kind in stream.kinds)


def _rank(value: str) -> float:
    """A number as it is, words that tell of a hurry before others."""
    if value.isdecimal():
        return float(value)
    return next((float(i) for i, word in enumerate(FIRST) if word in value.casefold()), float(len(FIRST)))


def hours(house: House) -> Iterator[Idea]:
    """Hours of those who are busiest: the same hours at another time, or an hour more."""
    model = house.model
    keep = ((c, p) for p in house.pools for m in model.pools[p].members if (c := model.resources[m].calendar) is not None)
    busiest: dict[str, str] = {}
    for calendar, pool in keep:
        busiest.setdefault(calendar, pool)
    for calendar, pool in busiest.items():
        if house.loads[pool] >= IDLE and "*" not in calendar:
            why = f"Load {house.loads[pool]:.0%} in {pool}, in these hours: is it open when patients need it?"
            yield Idea(name=f"Hours: {calendar}", use="hours", why=why, parameters={"calendars": [calendar]}, settings=OTHER_HOURS)


OTHER_HOURS: tuple[Said, ...] = (
    {"name": "an hour earlier", "earlier_minutes": HOUR, "later_minutes": -HOUR},
    {"name": "an hour later", "earlier_minutes": -HOUR, "later_minutes": HOUR},
    {"name": "an hour more at the end", "later_minutes": HOUR},
)


def turnover(house: House) -> Iterator[Idea]:
    """Less time between two patients, where there is any."""
    pools = _pools_with(house, "turnover_minutes", 0.0)
    if pools:
        why = "Between two patients these stand empty. Faster needs people: say in money_per_week what they cost."
        settings: list[Said] = [{"name": f"{1 - times:.0%} faster", "times": times} for times in (0.9, 0.8)]
        yield Idea(name="Faster turnover", use="turnover", why=why, parameters={"pools": pools}, settings=settings)


def last_start(house: House) -> Iterator[Idea]:
    """Cases that may begin later in the day, where there is a last start."""
    resources = house.model.resources.values()
    longest = max((r.last_start_minutes for r in resources if r.calendar is not None), default=0.0)
    if longest > 0:
        why = "No case begins near the end of the day, so hours stay empty; a later last start uses them and makes some overtime."
        parameters: Said = {"pools": _pools_with(house, "last_start_minutes", longest / 2)}
        settings: list[Said] = [{"name": f"{longest / 2:g} minutes before the end", "minutes": longest / 2}]
        yield Idea(name="Later last start", use="last_start", why=why, parameters=parameters, settings=settings)


def _pools_with(house: House, minutes: str, above: float) -> list[str]:
    """Pools of which some member has more than so many minutes of this."""
    model = house.model
    return [n for n, p in model.pools.items() if "*" not in n and any(getattr(model.resources[m], minutes) > above for m in p.members)]


def appointments(model: Model) -> Iterator[Idea]:
    """Appointments that are spread more evenly over the week."""
    booked = [name for name, step in model.steps.items() if step.booking is not None and "*" not in name]
    if booked:
        why = "As many appointments a week as today, as many on each of their days: units behind them get as much work every day."
        settings: list[Said] = [{"name": "half-way", "by": 0.5}, {"name": "wholly even", "by": 1.0}]
        yield Idea(name="Even appointments", use="smooth", why=why, parameters={"steps": booked}, settings=settings)


def groups(model: Model) -> Iterator[Idea]:
    """Groups of arrivals that are smaller and more frequent."""
    together = sorted({s.name for s in model.arrivals if isinstance(s, Rate) and s.party is not None and "*" not in s.name})
    if together:
        why = "These patients come in groups. As many a week in smaller groups, as many each day: can the hospital call them in so?"
        settings: list[Said] = [{"name": "half as large", "party_times": 0.5}]
        yield Idea(name="Smaller groups", use="smooth", why=why, parameters={"streams": together}, settings=settings)


def overbooked(model: Model) -> Iterator[Idea]:
    """More appointments than places, where some who are booked do not come."""
    missed = {n: b.no_show for n, s in model.steps.items() if (b := s.booking) is not None and b.no_show > 0 and "*" not in n}
    if missed:
        share = min(0.5, max(0.01, round(max(missed.values()), 2)))
        why = "Some who are booked do not come and leave a gap; one more now and then fills it, and makes others wait if all come."
        settings: list[Said] = [{"name": f"{x:.0%} of the slots", "share": x} for x in (share, round(2 * share, 2))]
        yield Idea(name="Overbooking", use="overbook", why=why, parameters={"steps": list(missed)}, settings=settings)
