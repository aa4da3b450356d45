"""The verdict from files: two logs, one log and a date, or the runs of two ways in pairs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from glob import glob
from pathlib import Path

import numpy as np

from sandcone.core.errors import InputError
from sandcone.core.judged import Judged
from sandcone.core.log import EventLog
from sandcone.core.period import Period
from sandcone.core.registered import DEFAULTS, Registered
from sandcone.core.site import Site
from sandcone.core.verdict import Change
from sandcone.improving.changes import paired_change
from sandcone.improving.verdict import judge, judge_runs
from sandcone.measuring.periods import periods
from sandcone.reading import read

Told = Callable[[str], None]
Control = tuple[str, tuple[str, ...]]
RUN = re.compile(r"run(\d+)\.parquet")
DO = "Give two logs, one log and --at, or two folders of runs that simulate wrote."


def verdict(
    before: str | Path,
    after: str | Path | None = None,
    *,
    at: date | None = None,
    columns: str | Path | Mapping[str, object] | None = None,
    patients: str | Path | None = None,
    site: Site | None = None,
    registered: Registered = DEFAULTS,
    control: Control | None = None,
    told: Told | None = None,
) -> Judged:
    """Say what became of the trade-off between busy resources and short journeys: broken, moved along, or something between.

    ``before`` and ``after`` are two logs, or two folders (or patterns) of simulated runs, run by run with the same luck; or ``before``
    alone is a log that ``at`` parts in two. ``registered`` is what was agreed beforehand (``read_registered``). The mix of patients is held
    by the site's ``segment``. ``control`` is an attribute and its values of patients whom the change did not touch. Raises ``InputError``
    where the two cannot be held against each other, or overlap.
    """
    say: Told = told or (lambda _words: None)
    if (after is None) == (at is None):
        raise InputError("verdict", "two logs and a date" if at else "one log and no date", DO)
    arms = [] if after is None else [runs_of(before), runs_of(after)]
    if any(arms):
        return _of_runs(arms, site, registered, control, say)

    def log(path: str | Path) -> EventLog:
        return read(path, columns=columns, patients=patients, site=site, progress=say)

    logs = [log(p) for p in (before, after) if p is not None]
    return verdict_of_logs(*logs, at=at, registered=registered, control=control, told=say)


def verdict_of_logs(
    before: EventLog,
    after: EventLog | None = None,
    *,
    at: date | None = None,
    registered: Registered = DEFAULTS,
    control: Control | None = None,
    told: Told | None = None,
) -> Judged:
    """The verdict on logs that are read already: two of them, or one and a date."""
    say: Told = told or (lambda _words: None)
    by = _by(before, after)
    facts = tuple(dict.fromkeys((*by, *((control[0],) if control else ()))))
    say("adding up days and patients")
    if after is None:
        one, two = periods(before, registered, at=at, facts=facts)
    else:
        (one,), (two,) = (periods(log, registered, facts=facts, name=_name(log, k)) for log, k in ((before, "before"), (after, "after")))
    if two.days[0] <= one.days[-1]:
        last, first = (np.datetime64(int(d), "D") for d in (one.days[-1], two.days[0]))
        raise InputError("verdict", f"the period after begins on {first}, and the one before ends on {last}", "Give the earlier log first.")
    say("holding the two periods against each other")
    return judge(one, two, registered, by=by, control=control)


def verdict_of_runs(
    before: Sequence[EventLog],
    after: Sequence[EventLog],
    *,
    registered: Registered = DEFAULTS,
    fit: Change | None = None,
    told: Told | None = None,
) -> Judged:
    """The verdict on two ways tried on the twin: the logs of both, run by run with the same luck; ``fit`` from ``paired_change``."""
    say: Told = told or (lambda _words: None)
    by, found = _by(before[0], after[0]), list[list[Period]]()
    settled = registered if registered.follow_up_days is not None else registered.model_copy(update={"follow_up_days": 0})
    for name, arm in (("before", before), ("after", after)):
        found.append([])
        for i, log in enumerate(arm):
            say(f"{name}: run {i + 1} of {len(arm)}")
            found[-1] += periods(log, settled, facts=by, name=name)
    return judge_runs(found[0], found[1], registered, by=by, fit=fit or _fit(found))


def runs_of(where: str | Path) -> list[Path]:
    """The runs' logs that a folder or a pattern names, in order; none where it names one log."""
    path = Path(where)
    names = [Path(p) for p in glob(str(where))] if any(c in str(where) for c in "*?[") else list(path.glob("run*.parquet"))
    return sorted((p for p in names if RUN.fullmatch(p.name)), key=lambda p: int(p.stem[3:]))


def _of_runs(arms: list[list[Path]], site: Site | None, registered: Registered, control: Control | None, say: Told) -> Judged:
    if control is not None:
        raise InputError("--control", "runs need no control: both ways meet the same patients", "Leave it out.")
    if [p.name for p in arms[0]] != [p.name for p in arms[1]]:
        raise InputError("verdict", f"{len(arms[0])} runs before and {len(arms[1])} after, or other ones", DO)
    logs = [[read(p, site=site) for p in arm] for arm in arms]
    return verdict_of_runs(logs[0], logs[1], registered=registered, told=say)


def _fit(found: Sequence[Sequence[Period]]) -> Change | None:
    """The change of one less fit over the runs, where every run has one."""
    lacks = [[1 - p.fit.value for p in arm if p.fit is not None] for arm in found]
    whole = all(len(lack) == len(arm) > 0 for lack, arm in zip(lacks, found, strict=True))
    return paired_change("lack of fit", "share", lacks[0], lacks[1]) if whole else None


def _by(before: EventLog, after: EventLog | None) -> tuple[str, ...]:
    logs = [before, *([after] if after is not None else [])]
    declared = before.site.segment
    for log in logs:
        absent = [name for name in declared if name not in log.attributes]
        if absent:
            do = f"Its attributes are {', '.join(log.attributes) or 'none'}: name those under segment in the site file."
            raise InputError(log.source, f"no attribute {absent[0]!r} to hold the mix of patients by", do)
    return declared


def _name(log: EventLog, part: str) -> str:
    return f"{part} ({log.source})"
