"""How easily patients come to a plan that is theirs: time, contacts, second thoughts, and giving up (FIELD §7)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from ibis import _

from sandcone.core.clock import HOUR
from sandcone.core.estimate import Estimate, Measure, Missing
from sandcone.measuring.counting import Reals, mean_of, median_of, share_of
from sandcone.measuring.prepare import Prepared, row
from sandcone.measuring.survival import unfinished

TIME, CONTACTS, ABANDONED, REVISIONS = (f"choice_navigation.{x}" for x in ("time", "contacts", "abandonment", "revisions"))
NAMES = (TIME, CONTACTS, ABANDONED, REVISIONS)


def navigation(prepared: Prepared) -> Iterator[Measure | Missing]:
    """Median hours and mean number of steps until the plan is agreed, how often it is agreed anew, and how many leave without one.

    The plan is agreed at the end of the first ``agreed_step`` of the site file; that step is the last contact counted.
    """
    step = prepared.site.agreed_step
    if step is None or step not in prepared.step_names:
        yield from (Missing(name=name, why=_why(step)) for name in NAMES)
        return
    agreed = prepared.steps.filter(_.s == prepared.step_names.index(step), _.t1.notnull())
    agreed = agreed.group_by("c").aggregate(at=_.t1.min(), k=_.k.min(), times=_.count())
    table = prepared.cases.select("c", "arrive").inner_join(agreed, "c").select("k", "times", t=_.at - _.arrive).to_pyarrow()
    hours, contacts, again = table["t"].to_numpy() / HOUR, table["k"].to_numpy() + 1.0, table["times"].to_numpy() - 1.0
    if hours.size == 0:
        yield from (Missing(name=name, why=f"no step {step!r} is finished in the log") for name in (TIME, CONTACTS, REVISIONS))
    else:
        yield Measure(name=TIME, estimate=median_of(np.sort(hours), "median from arrival to the agreed plan"))
        yield Measure(name=CONTACTS, estimate=_mean(contacts, "steps", "steps up to the agreed plan, mean over cases with a plan"))
        yield Measure(name=REVISIONS, estimate=_mean(again, "revisions", "plans agreed anew, mean over cases with a plan"))
    over = unfinished(prepared).filter(_.finished)
    left = int(row(over.aggregate(n=_.count()))["n"])
    without = left - int(row(over.semi_join(agreed, "c").aggregate(n=_.count()))["n"])
    if left:
        yield Measure(name=ABANDONED, estimate=share_of(without, left, "finished cases that never came to an agreed plan"))
    else:
        yield Missing(name=ABANDONED, why="no case is finished")


def _mean(x: Reals, unit: str, method: str) -> Estimate:
    return mean_of(x.size, float(x.sum()), float((x**2).sum()), unit, method)


def _why(step: str | None) -> str:
    if step is None:
        return "the site file does not say at which step the plan is agreed; name it under agreed_step"
    return f"the step {step!r}, named under agreed_step in the site file, does not occur in the log"
