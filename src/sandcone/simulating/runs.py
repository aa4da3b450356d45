"""What a simulation gives: a log for each run, and what it took to make them."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandcone.core.log import EventLog
from sandcone.core.model import Model
from sandcone.simulating.log import event_log, save_rows

IN_MEMORY = 300_000  # rows of all logs together; the logs beyond are kept on disk


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What one run came to: how many patients and steps in its log, how long it took, and how much of its beginning was left out."""

    replication: int
    patients: int
    steps: int
    seconds: float
    warm_up: float  # minutes

    def __str__(self) -> str:
        return f"{self.replication + 1:3d} {self.patients:10,d} {self.steps:10,d} {self.seconds:9.2f} {self.warm_up / 1440:15.1f}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Runs:
    """The logs of all runs, with what it took to make them; printing it gives a short table."""

    logs: tuple[EventLog, ...]
    facts: tuple[Fact, ...]
    seed: int
    plan: str
    engine: str
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        head = f"{len(self.logs)} run{'s' if len(self.logs) != 1 else ''} of {self.logs[0].site.name!r}" if self.logs else "no runs"
        lines = [f"{head}, plan {self.plan!r}, seed {self.seed}, engine {self.engine}"]
        lines += ["run   patients      steps   seconds  warm-up (days)", *map(str, self.facts[:12])]
        lines += [f"… and {len(self.facts) - 12} more"] * (len(self.facts) > 12)
        return "\n".join([*lines, *self.notes])


@dataclass(slots=True, eq=False)
class Shelf:
    """Where logs are put as they are made: in memory while they are small, then in a folder that goes when the last log has gone."""

    model: Model
    rows: int = 0
    folder: Path | None = None
    logs: dict[int, EventLog] = field(default_factory=dict)

    def put(self, replication: int, table: Any, attributes: tuple[str, ...]) -> None:
        """Keep the log of one run."""
        self.rows += len(table)
        kept: Any = table
        if self.rows > IN_MEMORY:
            self.folder = self.folder or Path(tempfile.mkdtemp(prefix="sandcone-runs-"))
            kept = save_rows(table, self.folder / f"run{replication + 1}.parquet")
        self.logs[replication] = event_log(self.model, kept, len(table), attributes, replication + 1)

    def taken(self) -> Sequence[EventLog]:
        """All logs, in order of the runs."""
        return [self.logs[i] for i in sorted(self.logs)]

    def kept_by(self, runs: Runs) -> Runs:
        """The folder lives as long as any of the logs, or a table made from one, is in use."""
        if self.folder is not None:
            alive = [len(runs.logs)]
            for log in runs.logs:
                weakref.finalize(log.table.op(), _gone, alive, str(self.folder))
        return runs


def _gone(alive: list[int], folder: str) -> None:
    alive[0] -= 1
    if alive[0] == 0:
        shutil.rmtree(folder, ignore_errors=True)
