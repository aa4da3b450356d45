from collections.abc import Callable

import pytest

from sandcone.core.errors import ModelError
from sandcone.core.plan import AS_TODAY, Booked, ByClass, ByStep, DueDate, FirstCome, NobodyOver, Plan, Slack


@pytest.mark.parametrize(
    ("queue", "found"),
    [
        (lambda: NobodyOver(minutes=5, otherwise=NobodyOver(minutes=3, otherwise=FirstCome())), "inside 'nobody over'"),
        (lambda: NobodyOver(minutes=-1, otherwise=FirstCome()), "nobody over -1 minutes"),
        (lambda: NobodyOver(minutes=float("nan"), otherwise=FirstCome()), "nobody over nan minutes"),
        (lambda: ByClass(attribute="urgency", order=()), "empty or names something twice"),
        (lambda: ByStep(order=("A", "B", "A")), "empty or names something twice"),
        (lambda: DueDate(attribute="urgency", within_minutes={"red": -2}, otherwise_minutes=60), "due within -2 minutes"),
        (lambda: Slack(attribute="urgency", within_minutes={}, otherwise_minutes=float("inf")), "due within inf minutes"),
    ],
)
def test_a_queue_that_cannot_be_is_refused_with_a_hint(queue: Callable[[], object], found: str) -> None:
    with pytest.raises(ModelError, match=found) as refusal:
        queue()
    assert refusal.value.where == "queue"
    assert refusal.value.do


def test_nobody_is_booked_before_the_world_begins() -> None:
    with pytest.raises(ModelError, match="booking of 'Ann': minute -3"):
        Booked(patient="Ann", step="Talk", minute=-3)


def test_carrying_on_as_today_is_a_plan_that_leaves_everything_to_the_model() -> None:
    assert Plan() == AS_TODAY
    assert (AS_TODAY.queue, AS_TODAY.queues, AS_TODAY.booked) == (None, {}, ())
