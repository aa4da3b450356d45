"""The verb: a log in, a model out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from sandcone.core.log import EventLog
from sandcone.core.model import Model, Resource, Step
from sandcone.core.site import Calendar
from sandcone.modelling.alphabet import choose, steadied
from sandcone.modelling.chain import Chain, chain
from sandcone.modelling.coming import coming
from sandcone.modelling.delays import delays, line_of
from sandcone.modelling.durations import durations
from sandcone.modelling.facts import Facts, Floats, facts
from sandcone.modelling.hours import Hours, hours
from sandcone.modelling.kinds import mixed, used_in
from sandcone.modelling.pacing import Clocks, clocks
from sandcone.modelling.pathways import pathways
from sandcone.modelling.priorities import queue
from sandcone.modelling.routing import Material
from sandcone.modelling.showing import showing
from sandcone.modelling.staff import Staff, staff
from sandcone.modelling.weighing import weigh

Told = Callable[[str], None]


def model(log: EventLog, *, name: str | None = None, seed: int, told: Told | None = None) -> Model:
    """Learn a hospital from its log, as it stands at the log's end, so that it can be simulated from then on.

    Times are minutes; minute 0 is 00:00 of the day on which the log ends. What the log cannot support is left out and said in the model's
    notes. Raises ``EmptyError`` for a log in which nothing ever ended.
    """
    say: Told = told or (lambda _words: None)
    say("fetching the log")
    f = facts(log)
    say("weighing the cases")
    w = weigh(f)
    say("learning who can do what, and when they work")
    who = staff(f, w.case[f.case])
    open_ = hours(f, who)
    say("learning the ways and the delays")
    links = chain(f)
    line = line_of(f, who, open_)
    by = clocks(f, links.waited(f), line.queued(f, links.anchor))
    delay, said_delay = delays(f, line, links, by)
    w = steadied(f, links, delay, w)
    takes = durations(f, who, open_, w.case[f.case])
    waited = by.shown(f.step, f.start) - by.shown(f.step, links.anchor)
    chosen = choose(f, links, waited, w.case)
    material = Material(
        f=f,
        chain=links,
        alphabet=chosen.alphabet,
        order=chosen.order,
        symbol=chosen.alphabet.symbols(f, links, waited),
        line=line,
        delay=delay,
        waited=waited,
        weight=w.case,
        clocks=by,
    )
    route, said_ways = pathways(material, chosen, dict(zip(f.steps, takes.minutes, strict=True)), seed)
    say("learning who comes when")
    told_log = _of_the_log(log, f)
    order, asked, said_queue = queue(f, _ready(f, links, delay, by))
    kinds, said_kinds = mixed(f, w.case, {*used_in(route), *takes.by, *asked})
    booked, said_booked = showing(log, f, kinds)
    come = booked or coming(f, w, kinds)
    return Model(
        name=name or log.source,
        begin=_day(f),
        steps={
            s: Step(minutes=takes.minutes[i], needs=who.needs[i], value=log.site.steps.get(s, log.site.default_value))
            for i, s in enumerate(f.steps)
        },
        route=route,
        arrivals=(come.stream,),
        resources=_resources(f, who, open_, takes.at_close),
        pools=who.pools,
        calendars=_calendars(who, open_),
        paces=by.paces,
        queue=order,
        zone=log.zone,
        notes=(
            *told_log,
            *w.notes,
            *said_ways,
            *said_delay,
            *who.notes,
            *open_.notes,
            *takes.notes,
            *said_queue,
            *come.notes,
            *said_booked,
            *said_kinds,
        ),
    )


def _of_the_log(log: EventLog, f: Facts) -> list[str]:
    """What the log itself does not hold, and what was made of it."""
    notes = [f"Learnt from {len(f.case):,} finished steps of {f.n:,} cases of {log.source}, which ends on {_day(f)}."]
    if log.starts in ("estimated", "partly"):
        notes.append("Starts of steps were estimated when the log was read, so how long steps take and how long patients wait are guesses.")
    if f.open_case.any():
        notes.append(f"{f.open_case.sum():,} cases have steps that had not ended: they say where patients go, not where journeys end.")
    gone = [s for s in log.site.cancelled_steps if s in f.steps]
    if gone:
        share = np.unique(f.case[np.isin(f.step, [f.steps.index(s) for s in gone])]).size / f.n
        notes.append(f"{share:.1%} of patients have a cancelled step ({', '.join(gone)}); it is a step like others, on their way.")
    return notes


def _ready(f: Facts, links: Chain, delay: Floats, by: Clocks) -> Floats:
    """When each step was needed and possible: its time of need, else its anchor and the delay after it."""
    ready = by.minute(f.step, by.shown(f.step, links.anchor) + delay)
    return np.where(np.isnan(f.ready), np.clip(ready, links.anchor, f.start), f.ready)


def _day(f: Facts) -> date:
    return f.day(f.last)


def _calendars(who: Staff, open_: Hours) -> dict[str, Calendar]:
    used = {open_.of[r] for r in who.used}
    return {name: calendar for name, calendar in open_.calendars.items() if name in used}


def _resources(f: Facts, who: Staff, open_: Hours, at_close: object) -> dict[str, Resource]:
    return {
        f.resources[r]: Resource(capacity=int(who.places[r]), calendar=open_.of[r], at_close=at_close if open_.of[r] else "finish")  # type: ignore[arg-type]
        for r in who.used
    }
