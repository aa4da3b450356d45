"""Random hospitals with all luck taken out, so that two simulations must agree to the minute.

Taken out too is what words leave open: who comes first of two things at the same moment, which of several groups has been idle longest, and
when a place that blocks is free in parallel parts. Set-up and closing time are held to tests of their own (``test_features_again``).
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from sandcone.core.arrivals import Listed, Patient
from sandcone.core.law import Fixed, Law, LawWhen, Minutes
from sandcone.core.model import Booking, Model, Pick, Pool, Resource, Step
from sandcone.core.plan import Plan
from sandcone.core.route import Choose, Do, Node, Split, Way
from sandcone.core.site import Calendar, Condition, Shift
from tests.rebuild.coming import people
from tests.simulating.random_models import COLOURS, random_world

PEOPLE = 60


def luckless_world(seed: int) -> tuple[Model, Plan]:
    """A random hospital in which every time is fixed, every choice is made, everybody comes, and no place is picked at random."""
    model, plan = random_world(seed)
    odd = Random(seed)  # for times that are never alike, so that nothing happens at the same moment by accident

    parallel = any(isinstance(n, Split) for n in model.route.nodes.values())

    def fixed(law: Law | None) -> Law | None:
        return None if law is None else Fixed(minutes=law.mean + odd.random())

    def sure(law: Law) -> Law:
        return Fixed(minutes=law.mean + odd.random())

    def step(s: Step) -> Step:
        minutes = _own(
            odd, replace(s.minutes, otherwise=sure(s.minutes.otherwise), cases=tuple(replace(c, law=sure(c.law)) for c in s.minutes.cases))
        )
        booking = None if s.booking is None else _kept(odd, s.booking, fixed(s.booking.unpunctual))
        needs = tuple(replace(n, blocks=n.blocks and not parallel) for n in s.needs)
        return replace(
            s, minutes=minutes, needs=needs, before=fixed(s.before), after=fixed(s.after), patience=fixed(s.patience), booking=booking
        )

    def node(n: Node) -> Node:
        if isinstance(n, Choose):
            return replace(n, otherwise=_first(n.otherwise), cases=tuple(replace(c, ways=_first(c.ways)) for c in n.cases))
        if isinstance(n, Do):
            return replace(n, lag=fixed(n.lag), pace=None)
        return replace(n, branches=tuple(dict.fromkeys(n.branches)))

    def resource(i: int, r: Resource) -> Resource:
        own = f"{r.calendar} of {i}" if r.calendar is not None else None
        turnover = r.turnover_minutes + odd.random() if r.turnover_minutes and r.capacity == 1 else 0.0
        return replace(r, calendar=own, turnover_minutes=turnover, at_close="finish", setup_minutes=0.0, setup_by=None)

    calendars = {
        f"{r.calendar} of {i}": _later(model.calendars[r.calendar], 2 * i + 1)
        for i, r in enumerate(model.resources.values())
        if r.calendar is not None
    }
    known = tuple(Patient(name=f"p{i}", minute=37.7 * i + odd.random(), attributes=_who(i)) for i in range(PEOPLE))
    return replace(
        model,
        steps={name: step(s) for name, s in model.steps.items()},
        route=replace(model.route, nodes={name: node(n) for name, n in model.route.nodes.items()}),
        pools={name: replace(p, pick=_pick(model, p)) for name, p in model.pools.items()},
        resources={name: resource(i, r) for i, (name, r) in enumerate(model.resources.items())},
        calendars=calendars,
        arrivals=(Listed(patients=known),),
    ), plan


def _who(i: int) -> dict[str, str]:
    return {"colour": COLOURS[i % 3], "who": str(i)}


def _own(odd: Random, minutes: Minutes, many: int = PEOPLE, spread: float = 0.0) -> Minutes:
    """Minutes of each patient's own, about the mean, so that steps begun together do not end together."""
    mine = []
    for case in (*minutes.cases, LawWhen(law=minutes.otherwise)):
        for i in range(many):
            law = Fixed(minutes=case.law.mean * odd.uniform(1 - spread, 1 + spread) + odd.random() / 9)
            mine.append(replace(case, law=law, when=(Condition(attribute="who", values=(str(i),)), *case.when)))
    return replace(minutes, cases=tuple(mine), otherwise=Fixed(minutes=minutes.otherwise.mean))


def _later(calendar: Calendar, minutes: int) -> Calendar:
    """Every shift opens later and closes earlier by so many minutes, so that no two resources do so together."""
    return Calendar(shifts=tuple(_shorter(s, minutes) for s in calendar.shifts), closed=calendar.closed)


def _shorter(shift: Shift, minutes: int) -> Shift:
    opens, closes = shift.minutes()
    text = [f"{m // 60:02d}:{m % 60:02d}" for m in (opens + minutes, closes - minutes)]
    return Shift.model_validate({"days": shift.days, "from": text[0], "to": text[1]})


def _pick(model: Model, pool: Pool) -> Pick:
    """Not at random; and which of several groups has been idle longest is left open by the model's words."""
    single = all(model.resources[m].capacity == 1 for m in pool.members)
    return "longest idle" if pool.pick == "longest idle" and single else "listed"


def _kept(odd: Random, booking: Booking, unpunctual: Law | None) -> Booking:
    """Everybody comes, nobody to the same minute as somebody else."""
    slots = sorted(s + 30 * odd.random() + 30 * k for s in booking.slots for k in range(booking.places))
    return replace(booking, slots=tuple(slots), places=1, unpunctual=unpunctual, no_show=0.0, cancel=0.0)


def _first(ways: tuple[Way, ...]) -> tuple[Way, ...]:
    """Always the first way, which leads on; the others stay as ways that nobody takes."""
    return tuple(replace(w, share=float(i == 0)) for i, w in enumerate(ways))


def without_luck(model: Model, seed: int, many: int, faster: float = 1.5) -> Model:
    """A given hospital without luck: so many patients who might come, each with minutes of their own, all by the likeliest way."""
    odd = Random(seed)
    come = [p for p in people(model, 60, Random(seed)) if p.attributes.get("procedure") not in ("none", "medical")]
    chosen = sorted(odd.sample(come, min(many, len(come))), key=lambda p: p.minute)
    times = sorted(p.minute / faster + odd.random() for p in chosen)
    listed = tuple(
        Patient(name=f"p{i}", minute=t, attributes={**p.attributes, "who": str(i)}, first=p.first)
        for i, (t, p) in enumerate(zip(times, chosen, strict=True))
    )

    def fixed(law: Law | None) -> Law | None:
        return None if law is None else Fixed(minutes=law.mean + odd.random())

    def step(s: Step) -> Step:
        booking = None if s.booking is None else replace(s.booking, no_show=0.0, cancel=0.0)
        laws = {"before": fixed(s.before), "after": fixed(s.after), "patience": fixed(s.patience)}
        return replace(s, minutes=_own(odd, s.minutes, len(listed), 0.6), booking=booking, **laws)  # type: ignore[arg-type]

    def node(n: Node) -> Node:
        if isinstance(n, Choose):
            return replace(n, otherwise=_likeliest(n.otherwise), cases=tuple(replace(c, ways=_likeliest(c.ways)) for c in n.cases))
        return replace(n, lag=fixed(n.lag)) if isinstance(n, Do) else n

    def resource(r: Resource) -> Resource:
        return replace(r, turnover_minutes=r.turnover_minutes + odd.random()) if r.turnover_minutes else r

    return replace(
        model,
        steps={name: step(s) for name, s in model.steps.items()},
        route=replace(model.route, nodes={name: node(n) for name, n in model.route.nodes.items()}),
        resources={name: resource(r) for name, r in model.resources.items()},
        arrivals=(Listed(patients=listed),),
    )


def _likeliest(ways: tuple[Way, ...]) -> tuple[Way, ...]:
    most = max(range(len(ways)), key=lambda i: ways[i].share)
    return tuple(replace(w, share=float(i == most)) for i, w in enumerate(ways))
