"""A booked timetable as a plan for the twin: every appointment as a step that does not begin before its minute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from sandcone.core.arrivals import Listed
from sandcone.core.errors import ModelError
from sandcone.core.journey import Journey, Link, Slot
from sandcone.core.journeys import DAY, Journeys, Timetable
from sandcone.core.model import Model
from sandcone.core.model_file import read_plan
from sandcone.core.plan import Booked, Plan
from sandcone.core.route import steps_from
from sandcone.core.saying import many
from sandcone.flow.kinds import says_it_is
from sandcone.reading.journeys import read_journeys, read_timetable

Appointments = Literal["all", "visits"]


def booked(timetable: Timetable, problem: Journeys, model: Model, appointments: Appointments = "all") -> Plan:
    """A timetable as a plan that the twin can try: nobody begins a booked step before the minute that was promised.

    ``appointments``: "all" holds every task to its minute. "visits" holds only those for which a patient comes from home, and none behind a
    stay whose length nobody knows beforehand; the rest is done as soon as it can be. A patient has one appointment a step: where a path has
    a step twice, the first is held to its minute and the others come as before. Tasks that are no step of the model (a stretch of its own
    ways) come as before too, and so do steps that a stretch before them has already. The clock of a wait begins when the step is needed,
    not at the appointment. Whoever is late joins the line at once, in the place of their need: first come goes by when the step was needed,
    so who was booked long ago goes before who walks in.
    Raises ``ProblemError`` where the timetable is not one for the problem, ``ModelError`` where the model begins on another day.
    """
    if problem.begin != model.begin:
        found = f"booked from {problem.begin} on, and the hospital begins on {model.begin}"
        raise ModelError(problem.name, found, "Give the hospital that the journeys were made for.")
    starts, nodes = timetable.fits(problem).starts, model.route.nodes
    others = {t.step or t.name for j in problem.journeys for t in j.tasks} - model.steps.keys()
    inside = {name: steps_from(nodes, name) for name in others & nodes.keys()}
    rows = tuple(b for who, slots in starts.items() for b in _of(problem.journey[who], slots, inside, model, appointments))
    return Plan(name="booked", booked=rows)


def read_plan_or_timetable(path: str | Path, journeys: str | Path | None, model: Model) -> Plan:
    """A plan for the twin from its file, or from a timetable of whole paths; ``journeys`` is the file of the problem it was made for.

    Raises ``ModelError`` or ``ProblemError`` where the file is neither, a timetable comes without its problem, or is for other people.
    """
    if says_it_is(Path(path)) != "timetable":
        plan = read_plan(path)
        if journeys is not None:
            raise ModelError("--journeys", "the plan is no timetable of whole paths", "Leave --journeys out.")
        return plan
    if journeys is None:
        raise ModelError(str(path), "a timetable without the problem that it was made for", "Name it: --journeys journeys.json.")
    problem = read_journeys(journeys)
    timetable = read_timetable(path, problem)
    if not timetable.starts.keys() & {p.name for stream in model.arrivals if isinstance(stream, Listed) for p in stream.patients}:
        found = f"none of its {many(len(timetable.starts), 'patient')} comes to this hospital"
        raise ModelError(str(path), found, "Give the hospital that sandcone personalise wrote beside the journeys.")
    return booked(timetable, problem, model)


def in_turn(problem: Journeys) -> Journeys:
    """The same problem with every patient's tasks one after the other as listed, as the twin does them."""
    return replace(problem, journeys=tuple(map(_in_turn, problem.journeys)))


def _in_turn(journey: Journey) -> Journey:
    known = {(k.before, k.after) for k in journey.links}
    pairs = ((a.name, b.name) for a, b in zip(journey.tasks, journey.tasks[1:], strict=False))
    return replace(journey, links=(*journey.links, *(Link(before=a, after=b) for a, b in pairs if (a, b) not in known)))


def _of(
    journey: Journey, slots: Mapping[str, Slot], inside: Mapping[str, frozenset[str]], model: Model, appointments: Appointments
) -> Iterator[Booked]:
    held = {t.name for t in journey.tasks} if appointments == "all" else set(from_home(journey, slots, model))
    seen = set[str]()
    for task in sorted(journey.tasks, key=lambda t: slots[t.name].minute):
        step = task.step or task.name
        if step in model.steps and step not in seen and task.name in held:
            yield Booked(patient=journey.patient, step=step, minute=float(slots[task.name].minute))
        seen |= inside.get(step, {step})


def from_home(journey: Journey, slots: Mapping[str, Slot], model: Model) -> Iterator[str]:
    """The tasks for which a patient comes from home: the first of a day, unless a place is kept since the day before.

    They end with the first stay that has the hospital's own ways, as nobody knows beforehand how long it is.
    """
    ends = {t.name: slots[t.name].minute + t.minutes for t in journey.tasks}
    kept, ended = 0, -1
    for task in sorted(journey.tasks, key=lambda t: slots[t.name].minute):
        minute = slots[task.name].minute
        if (task.step or task.name) not in model.steps:
            return
        if minute >= kept and minute // DAY > ended // DAY:
            yield task.name
        kept = max([kept, *(ends[journey.tasks[journey.place(n.until)].name] for n in task.needs if n.until)])
        ended = ends[task.name]
