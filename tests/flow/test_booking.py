"""From personal paths to journeys that can be booked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandcone.core.care import Lag, Person
from sandcone.core.errors import ProblemError
from sandcone.core.journey import FewDays, Knows, OnDays
from sandcone.core.law import Fixed, Minutes
from sandcone.core.model import Booking, Model, Need, Step
from sandcone.core.route import Do, Route
from sandcone.flow.booking import bookable, to_book
from sandcone.flow.personal import composer
from sandcone.personalising.usual import compose
from sandcone.planning.journeys.first import first_come
from sandcone.planning.journeys.kernel import MOST_TASKS
from sandcone.planning.journeys.score import score_journeys
from sandcone.scenarios import nh_hospital, nh_library, nh_people
from tests.personalising.test_ways import clinic, path


def ward() -> Model:
    """A bed from admission until discharge, which lies in a stretch; a scan that keeps the scanner until the next step."""
    model = clinic()
    bed = Need(pools=("nurse",), until="Day")
    more = {
        "Admit": Step(minutes=Minutes(otherwise=Fixed(minutes=12)), needs=(bed,), booking=Booking(slots=(0.0,), notice_minutes=500.0)),
        "Nurse": Step(minutes=Minutes(otherwise=Fixed(minutes=7)), needs=(Need(pools=("theatre", "nurse")),)),
        "Scan": Step(minutes=Minutes(otherwise=Fixed(minutes=9)), needs=(Need(pools=("theatre",), blocks=True),)),
    }
    nodes = {**model.route.nodes, "Nurse": Do(step="Nurse")}
    return replace(model, steps={**model.steps, **more}, route=Route(first="talk", nodes=nodes))


def test_a_journey_has_the_steps_of_the_path_with_their_mean_length_and_lags() -> None:
    lag = Lag(before="Talk", after="Extra", at_least=10.5, at_most=99.9, same_day=True)
    made = bookable(ward(), [Person(name="Ann", minute=7.2)], [path("Talk", "Extra", lags=(lag,))], days=5)
    (journey,) = made.journeys
    assert [(t.name, t.minutes) for t in journey.tasks] == [("Talk", 30), ("Extra", 10)]
    assert journey.release == 8 and (journey.links[0].at_least, journey.links[0].at_most, journey.links[0].same_day) == (11, 99, True)


def test_a_place_is_kept_until_the_stretch_in_which_it_is_given_back_and_asked_for_once() -> None:
    (journey,) = bookable(ward(), [Person(name="Ann")], [path("Admit", "Nurse", "day 1")], days=9).journeys
    assert [[(n.pools, n.until) for n in t.needs] for t in journey.tasks] == [[(("nurse",), "day 1")], [], []]


def test_a_place_that_blocks_is_not_kept_through_the_next_task_which_begins_soon() -> None:
    (journey,) = bookable(ward(), [Person(name="Ann")], [path("Scan", "Extra", "Talk")], days=9).journeys
    assert [(n.blocks, n.until) for n in journey.tasks[0].needs] == [(False, None)]
    assert [(k.before, k.after, k.at_most) for k in journey.links] == [("Scan", "Extra", 60)]


def test_where_the_path_has_time_after_a_step_that_blocks_the_next_may_wait() -> None:
    lag = Lag(before="Scan", after="Extra", at_least=600.0)
    (journey,) = bookable(ward(), [Person(name="Ann")], [path("Scan", "Extra", lags=(lag,))], days=9).journeys
    assert [(k.before, k.after, k.at_least, k.at_most) for k in journey.links] == [("Scan", "Extra", 600, None)]


def test_a_step_by_appointment_keeps_the_notice_it_needs() -> None:
    (journey,) = bookable(ward(), [Person(name="Ann")], [path("Talk", "Admit")], days=9).journeys
    assert [(k.before, k.after, k.at_least) for k in journey.links] == [("Talk", "Admit", 500)]


def test_wishes_for_days_visits_and_people_come_along() -> None:
    wishes = {"days": ("Tue", "Mon"), "one_visit": True, "clinician": "Nurse", "telehealth": True}
    (journey,) = bookable(ward(), [Person(name="Ann", wishes=wishes)], [path("Talk")], days=9).journeys
    assert journey.wishes == (OnDays(days=("Mon", "Tue")), FewDays(most=1), Knows(resource="Nurse"))


def test_people_without_a_step_are_not_booked() -> None:
    made = bookable(ward(), [Person(name="A"), Person(name="B")], [path(), path("Talk")], days=9)
    assert [j.patient for j in made.journeys] == ["B"]


@pytest.mark.parametrize("seed", [1, 2])
def test_two_weeks_of_the_hospital_can_be_booked_whole(seed: int) -> None:
    hospital = nh_hospital("ward", personal=True)
    people = nh_people(hospital, days=14, seed=seed).known
    paths = compose(composer(hospital, nh_library()), people, ("age", "procedure"))
    fits = [(p, path) for p, path in zip(people, paths, strict=True) if len(path.steps) <= MOST_TASKS]
    assert len(fits) >= len(people) - 2
    problem = bookable(hospital, *zip(*fits, strict=True), days=120)
    score = score_journeys(problem, first_come(problem))
    assert score.violations == 0 and score.line("left_out").by == 0


def test_those_who_come_after_the_last_day_or_have_nothing_to_do_are_counted_and_not_booked() -> None:
    people = [Person(name="A", minute=1439.5), Person(name="B"), Person(name="C", minute=1440 * 3), Person(name="D", minute=4319)]
    found = to_book(ward(), people, [path("Talk"), path(), path("Talk"), path("Talk")], days=3)
    assert [j.patient for j in found.problem.journeys] == ["A", "D"]
    assert str(found) == "2 people to be booked within 3 days; 1 person comes later; 1 person has no step to do"


def test_a_path_longer_than_can_be_planned_is_counted_and_not_booked() -> None:
    long = path(*(f"Talk {i}" for i in range(MOST_TASKS + 1)))
    found = to_book(ward(), [Person(name="A"), Person(name="B")], [path("Talk"), long], days=3)
    assert str(found) == "1 person to be booked within 3 days; 1 person has more steps than can be planned"


def test_there_may_be_more_days_to_book_than_people_come_on() -> None:
    people = [Person(name="A", minute=1439.5), Person(name="B", minute=1440 * 2)]
    found = to_book(ward(), people, [path("Talk"), path("Talk")], days=9, coming=2)
    assert [j.patient for j in found.problem.journeys] == ["A"] and found.problem.days == 9
    assert str(found) == "1 person to be booked within 9 days; 1 person comes later"


@pytest.mark.parametrize(
    ("days", "coming", "says"),
    [
        (0, None, "0 days, 0 on which people come. Give 1 day or more"),
        (2, None, "nobody has a path that can be booked within 2 days"),
        (2, 3, "2 days, 3 on which people come"),
    ],
)
def test_no_days_and_nobody_to_book_are_refused(days: int, coming: int | None, says: str) -> None:
    with pytest.raises(ProblemError, match=says):
        to_book(ward(), [Person(name="A", minute=2880)], [path("Talk")], days=days, coming=coming)
