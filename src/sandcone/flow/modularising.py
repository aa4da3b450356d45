"""Modules of care learnt from a log, and the library shown beside it: the stages joined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sandcone.core.care import Library
from sandcone.core.chance import Luck
from sandcone.core.errors import EmptyError
from sandcone.core.estimate import Measures
from sandcone.core.log import EventLog
from sandcone.core.overview import Overview
from sandcone.measuring.modules import modules as measured_modules
from sandcone.measuring.prepare import prepare
from sandcone.measuring.process_types import process_types
from sandcone.personalising.modules_of_log import library_of
from sandcone.personalising.overview import overview

Told = Callable[[str], None]
SHOWN = ("decoupling.", "process_type", "segment.", "mode.", "mode_mix_entropy")


def modules(
    log: EventLog, library: Library | None = None, *, seed: int, measures: Measures | None = None, told: Told | None = None
) -> tuple[Library, Overview]:
    """Learn the modules of care that a log shows, and hold them against it: how often, how alike, for whom, what is left over.

    With a ``library`` that one is held against the log, and nothing is learnt. ``measures`` of the same log, if there are any, spare
    measuring the decoupling point, process types and operating modes again. Raises ``EmptyError`` where the log cannot support modules.
    """
    say: Told = told or (lambda _words: None)
    if library is None:
        say("looking for steps that belong together")
        library = library_of(log, seed=seed)
    say("holding the modules against the log")
    seen = overview(library, log, seed=seed)
    return library, replace(seen, measured=_shown(_measured(log, seed) if measures is None else measures))


def modules_or_why(log: EventLog, *, seed: int, measures: Measures, told: Told | None = None) -> tuple[Library, Overview] | str:
    """The same for the main job: a log that cannot support modules gives the reason, not a refusal."""
    try:
        return modules(log, seed=seed, measures=measures, told=told)
    except EmptyError as e:
        return str(e)


def _measured(log: EventLog, seed: int) -> Measures:
    prepared, luck = prepare(log), Luck(seed, 0)
    return process_types(prepared, luck) + measured_modules(prepared, luck)


def _shown(measures: Measures) -> Measures:
    return Measures(
        items=tuple(m for m in measures.items if m.name.startswith(SHOWN)),
        missing=tuple(m for m in measures.missing if m.name.startswith(SHOWN)),
    )
