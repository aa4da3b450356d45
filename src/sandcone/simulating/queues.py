"""Who goes first: each way of queueing as one small function, from a patient's place in a line to a key; the least key goes first.

Keys compare across lines: (rank, minute, ready, number), where rank is the class of the patient or the step, 0 where there are none.
"""

from __future__ import annotations

from collections.abc import Mapping

from sandcone.core.model import Model, Step
from sandcone.core.plan import ByClass, ByStep, DueDate, FirstCome, NobodyOver, Plan, Queue, ShortestFirst, Slack

OVERDUE = -1  # the rank of anyone who has waited too long


def queue_of(step: str, model: Model, plan: Plan) -> Queue:
    """How a step's line is ordered: as the plan says for the step, else for all, else as the model does today."""
    return plan.queues.get(step) or plan.queue or model.queue


def rank_of(queue: Queue, step: str, who: Mapping[str, str]) -> int:
    """The class: 0 goes first."""
    match queue:
        case ByClass():
            value = who.get(queue.attribute)
            return queue.order.index(value) if value in queue.order else len(queue.order)
        case ByStep():
            return queue.order.index(step) if step in queue.order else len(queue.order)
        case NobodyOver():
            return rank_of(queue.otherwise, step, who)
        case _:
            return 0


def minute_of(queue: Queue, step: Step, who: Mapping[str, str], arrived: float, ready: float) -> float:
    """What is compared within a class, in minutes."""
    match queue:
        case FirstCome() | ByClass() | ByStep():
            return ready
        case DueDate() | Slack():
            return arrived + within_of(queue, step, who)
        case ShortestFirst():
            return step.minutes.law(who).mean
        case NobodyOver():
            return minute_of(queue.otherwise, step, who, arrived, ready)


def within_of(queue: DueDate | Slack, step: Step, who: Mapping[str, str]) -> float:
    """Minutes from arriving until due, less the mean time of the step where time to spare counts."""
    within = queue.within_minutes.get(who.get(queue.attribute, ""), queue.otherwise_minutes)
    return within - step.minutes.law(who).mean if isinstance(queue, Slack) else within


def limit_of(queue: Queue) -> float | None:
    """The wait in minutes beyond which anyone goes first, if there is one."""
    return queue.minutes if isinstance(queue, NobodyOver) else None
