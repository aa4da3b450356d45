"""Telehealth: a share of patients has a step from home."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from sandcone.core.arrangement import Arrangement
from sandcone.core.arrivals import Arrivals, Kind, Listed, Patient
from sandcone.core.chance import Luck
from sandcone.core.errors import ModelError
from sandcone.core.model import Booking, Model, Step
from sandcone.core.route import Do
from sandcone.core.site import Condition
from sandcone.improving.levers.branching import branched
from sandcone.improving.levers.naming import matching

HOME = "from home"


def telehealth(
    at: Arrangement, *, steps: tuple[str, ...], share: float, minutes_times: float = 1.0, no_travel: bool | None = None
) -> Arrangement:
    """A share of patients has some steps from home: with the same people, without the rooms and without the journey.

    "Consultation" becomes "Consultation · from home" for them. It needs what the step needs first, the person, and not what it
    needs beyond (rooms), and takes ``minutes_times`` as long. Who these patients are is drawn beforehand, whatever else is true of them.
    Appointments are parted: a ``share`` of the slots, evenly over the week, is for those at home, so there are as many as before. Where
    a delay is before a step, ``no_travel`` must say whether it is the journey, and falls away, or something else, and stays. ``ModelError``
    where a step needs nobody, a place is kept until it has ended, or its slots cannot be parted.
    """
    if not 0 < share < 1 or not 0 < minutes_times < math.inf:
        raise ModelError("telehealth", f"a share of {share:g} in {minutes_times:g} times the time", "Give a share below 1, both above 0.")
    which = matching(steps, at.model.steps, "step")
    for step in which:
        _can_be_at_home(at.model, step, no_travel)
    attribute = f"{HOME}: {', '.join(which)}"
    told = replace(at.model, arrivals=tuple(_told(stream, attribute, share) for stream in at.model.arrivals))
    there, names = branched(replace(at, model=told), which, Condition(attribute=attribute, values=("yes",)), HOME)
    made = {name: s for n in which for name, s in _both_ways(n, at.model.steps[n], names[n], share, minutes_times)}
    model = replace(there.model, steps={**there.model.steps, **made})
    return replace(there, model=_without_the_journey(model, set(names.values())) if no_travel else model)


def _both_ways(here: str, step: Step, home: str, share: float, minutes_times: float) -> Iterator[tuple[str, Step]]:
    slots = _parted(step.booking, here, share)
    yield here, replace(step, booking=slots[0])
    yield home, replace(step, booking=slots[1], needs=step.needs[:1], minutes=step.minutes.longer(minutes_times))


def _can_be_at_home(model: Model, step: str, no_travel: bool | None) -> None:
    where = f"step {step!r}"
    if not model.steps[step].needs:
        raise ModelError(where, "it needs nobody, so nobody could do it from afar", "Name a step that somebody does for patients.")
    if any(n.until == step for s in model.steps.values() for n in s.needs):
        found = "a place is kept until it has ended, so patients who have it are in the house"
        raise ModelError(where, found, "Name a step of patients who can be at home.")
    lags = [n.lag for n in model.route.nodes.values() if isinstance(n, Do) and n.step == step and n.lag is not None]
    if no_travel is None and lags:
        found = "a delay is before it, which may be the journey or something else"
        raise ModelError(where, found, "Say no_travel = true if it is the journey, else no_travel = false.")


def _told(stream: Arrivals, attribute: str, share: float) -> Arrivals:
    """The same patients, of whom a share may have the step from home; in that order, so that whoever came comes still."""
    if isinstance(stream, Listed):
        return replace(stream, patients=tuple(_patient(p, attribute, share) for p in stream.patients))
    return replace(stream, kinds=tuple(part for kind in stream.kinds for part in _kinds(kind, attribute, share)))


def _kinds(kind: Kind, attribute: str, share: float) -> tuple[Kind, Kind]:
    return (
        Kind(share=kind.share * share, attributes={**kind.attributes, attribute: "yes"}),
        Kind(share=kind.share * (1 - share), attributes={**kind.attributes, attribute: "no"}),
    )


def _patient(patient: Patient, attribute: str, share: float) -> Patient:
    at_home = Luck(0).stream(attribute, patient.name).random() < share
    return replace(patient, attributes={**patient.attributes, attribute: "yes" if at_home else "no"})


def _without_the_journey(model: Model, home: set[str]) -> Model:
    nodes = {n: replace(x, lag=None) if isinstance(x, Do) and x.step in home else x for n, x in model.route.nodes.items()}
    return replace(model, route=replace(model.route, nodes=nodes))


def _parted(booking: Booking | None, step: str, share: float) -> tuple[Booking | None, Booking | None]:
    """Slots for those who come and for those at home, the latter evenly among the others."""
    if booking is None:
        return None, None
    home = [math.floor((i + 1) * share + 0.5) > math.floor(i * share + 0.5) for i in range(len(booking.slots))]
    if all(home) or not any(home):
        raise ModelError(f"step {step!r}", f"{len(booking.slots)} slots a week cannot be parted by {share:g}", "Choose another share.")
    here, there = (tuple(s for s, at_home in zip(booking.slots, home, strict=True) if at_home is which) for which in (False, True))
    return replace(booking, slots=here), replace(booking, slots=there)
