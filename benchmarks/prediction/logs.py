"""The logs and the questions: what is asked of each, the segments, and the plainest rivals."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sandcone import read
from sandcone.core.log import EventLog
from sandcone.personalising.history import What

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A question asked of a log."""

    log: str
    file: str
    what: What
    by: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    hindsight: bool = False  # learn from all that began before, whenever it ended
    as_then: bool = False  # the same question as another, but learnt from what was known by then
    rivals: tuple[str, ...] = ("everybody",)


SEPSIS, BILLING, MIMIC = "sepsis/sepsis.csv.gz", "hospital_billing/hospital_billing_10k.csv.gz", "mimic3_demo"
TASKS = (
    Task(log="sepsis", file=SEPSIS, what="throughput", by=("InfectionSuspected", "SIRSCriteria2OrMore")),
    Task(log="sepsis", file=SEPSIS, what="remaining", by=("last step",)),
    Task(log="hospital_billing", file=BILLING, what="throughput", by=("casetype",), as_then=True),
    Task(log="hospital_billing", file=BILLING, what="remaining", by=("last step",), as_then=True),
    Task(log="hospital_billing", file=BILLING, what="throughput", by=("casetype",), hindsight=True),
    Task(log="hospital_billing", file=BILLING, what="remaining", by=("last step",), hindsight=True),
    Task(log="mimic3_demo", file=MIMIC, what="throughput", by=("admission_type",)),
    Task(log="mimic3_demo", file=MIMIC, what="remaining", by=("last step",)),
    Task(
        log="or_utilization_q1_2022",
        file="or_utilization_q1_2022/2022_Q1_OR_Utilization.csv",
        what="throughput",
        by=("Service",),
        rivals=("everybody", "Booked minutes"),
    ),
    Task(log="hangu_outpatient", file="hangu_outpatient", what="step", by=("Main cancer",), steps=("Consultation",)),
)


def log_of(task: Task) -> EventLog:
    """The log of a task, read by its map."""
    return read(DATA / task.file, columns=ROOT / "examples" / "maps" / f"{task.log}.toml")
