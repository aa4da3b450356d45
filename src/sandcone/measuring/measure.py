"""All measures of a log, in the order that a reader would ask for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sandcone.core.chance import Luck
from sandcone.core.estimate import Measures, Missing
from sandcone.core.log import EventLog
from sandcone.measuring.capability import capability
from sandcone.measuring.charts import charts
from sandcone.measuring.commonality import commonality
from sandcone.measuring.cost import cost
from sandcone.measuring.flow import flow
from sandcone.measuring.matrix import matrix
from sandcone.measuring.modules import modules
from sandcone.measuring.overview import overview
from sandcone.measuring.personalization import personalization
from sandcone.measuring.prepare import Prepared, prepare
from sandcone.measuring.process import SHIFTED, process
from sandcone.measuring.process_types import process_types
from sandcone.measuring.resources import resources, worked
from sandcone.measuring.roster import profile, roster
from sandcone.measuring.survival import survival
from sandcone.measuring.timeliness import timeliness
from sandcone.measuring.usage import usage
from sandcone.measuring.variety import variety
from sandcone.measuring.waits import wait_causes, waits, walked

Told = Callable[[str], None]


def measure(log: EventLog, *, seed: int, draws: int = 400, told: Told | None = None) -> Measures:
    """Measure how well patients' time and the hospital's resources are used, and how varied and personal the care is.

    ``seed`` and ``draws`` are for the intervals (``draws=0``: none). ``told`` hears what is being measured, a few words at a time.
    Everything of FIELD.md §1, §2, §5, §6 and the log measures of §7, each number with unit, n and interval; what the log cannot
    support is in ``missing`` with the reason. Raises ``EmptyError`` for a log with no times.
    """
    say: Told = told or (lambda _words: None)
    say("ordering the steps of every case")
    prepared = prepare(log)
    return sum(_parts(prepared, Luck(seed, draws), say), Measures(items=()))


def _parts(prepared: Prepared, luck: Luck, say: Told) -> Iterator[Measures]:
    say("counting cases, steps and passages")
    yield overview(prepared)
    say("throughput time and flow efficiency")
    yield flow(prepared, luck)
    yield survival(prepared)
    yield process(prepared)
    yield timeliness(prepared)
    say("waits and their causes, resources, the matrix")
    yield waits(prepared, luck)
    yield from _of_resources(prepared, luck)
    yield cost(prepared, luck)
    say("variety, personalization, modules")
    yield variety(prepared, luck)
    yield personalization(prepared, luck)
    yield process_types(prepared, luck)
    yield commonality(prepared)
    yield modules(prepared, luck)
    yield capability(prepared, luck)
    say("control charts")
    yield charts(prepared)


def _of_resources(prepared: Prepared, luck: Luck) -> Iterator[Measures]:
    if prepared.site.dates_shifted and prepared.resource_names and prepared.log.starts != "none":
        names = ("wait_cause.hours", "resource_efficiency.overall", "turnover.median", "matrix.re", "matrix.fe", "v_star")
        yield Measures(items=(), missing=tuple(Missing(name=name, why=SHIFTED) for name in names))
        return
    used = usage(prepared)
    seen = profile(used)
    hours = roster(used, seen)
    found, done = walked(used, hours), worked(used, hours)
    yield wait_causes(used, found, luck)
    yield resources(used, hours, found.capacity, seen, done, luck)
    yield matrix(used, hours, found.capacity, done, luck)
