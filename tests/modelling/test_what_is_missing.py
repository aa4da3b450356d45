"""What a log does not show: long cases that began late, when a patient who had to queue was ready, and the work of a usual week."""

from __future__ import annotations

import numpy as np
import pytest

from sandcone.modelling import model
from sandcone.modelling.chain import chain
from sandcone.modelling.delays import delays, line_of
from sandcone.modelling.facts import facts
from sandcone.modelling.hours import hours
from sandcone.modelling.pacing import clocks
from sandcone.modelling.rare_days import rare_days
from sandcone.modelling.staff import staff
from sandcone.modelling.weighing import lynden_bell, weigh
from tests.modelling.worlds import did, log_of, open_hours

DAY = 1440.0


def test_that_the_past_fades_does_not_make_stays_shorter() -> None:
    """Stays of 1 and of 5 days, as many of each; those who came last count most, and of them only short stays were seen."""
    luck = np.random.default_rng(11)
    room = luck.uniform(0, 20, 40_000)
    took = np.where(luck.random(40_000) < 0.5, 1.0, 5.0)
    seen = took <= room
    took, room = took[seen], room[seen]
    fade = 0.5 ** (room / 2)
    mass, share = lynden_bell(took, room, fade)
    assert np.average(took == 5, weights=fade) < 0.25
    assert mass[took == 5].sum() == pytest.approx(0.5, abs=0.03)
    assert share[room < 5].mean() == pytest.approx(0.5, abs=0.03)


def test_stays_that_have_grown_longer_are_found_to_have_by_weights_that_fade() -> None:
    """Stays of 3 and 9 hours first, of 6 and 18 in the last third of 30 weeks: 8 hours on average, 12 at the end."""
    rows = []
    for i in range(900):
        at = 5.6 * i
        rows.append(did(f"p{i}", "Stay", at, at + (3 if i % 2 else 9) * (2 if i >= 600 else 1)))
    f = facts(log_of(rows))
    w = weigh(f)
    stay = (f.leave - f.begin) / 60
    assert stay.mean() == pytest.approx(8, abs=0.1)
    assert np.average(stay, weights=w.case) > 9.5
    assert np.average(stay, weights=w.alike) == pytest.approx(8, abs=0.2)


def test_who_waited_for_a_nurse_was_not_ready_before_she_was_last_free() -> None:
    """Ann and Bo have talked until 9. Cy looks after Ann from 10 to 11, then after Bo: had Bo been ready before 10, Cy was free."""
    rows = [did("Ann", "Talk", 8, 9), did("Ann", "Look", 10, 11, "Cy"), did("Bo", "Talk", 8, 9), did("Bo", "Look", 11, 11.5, "Cy")]
    f = facts(log_of(rows))
    who, links = staff(f, np.ones(4)), chain(f)
    line = line_of(f, who, hours(f, who))
    delay, _said = delays(f, line, links, clocks(f, links.waited(f), line.queued(f, links.anchor)))
    looks = f.step == f.steps.index("Look")
    assert line.queued(f, links.anchor)[looks].tolist() == [False, True]
    assert delay[looks].tolist() == [60, 60]  # Bo's is known to be 60 to 120 minutes, and nothing tells which


def week_days(weeks: int, also: dict[int, int]) -> np.ndarray:
    """Ten o'clock on all working days, and on some further days of the week in so many of the first weeks."""
    days = [7 * w + d for w in range(weeks) for d in range(5)] + [7 * w + d for d, n in also.items() for w in range(n)]
    return np.array(sorted(days)) * DAY + 600


def test_a_day_worked_in_two_weeks_of_twelve_is_an_exception_and_one_worked_in_five_is_not() -> None:
    assert rare_days(week_days(12, {5: 5, 6: 2})).tolist() == [False] * 6 + [True]
    assert not rare_days(week_days(12, {})).any()  # a day that is never worked needs no word
    assert not rare_days(week_days(4, {6: 1})).any()  # too short to tell


def test_two_sundays_of_extra_work_open_nothing_on_sundays() -> None:
    luck, rows = np.random.default_rng(5), []
    days = [d for d in range(84) if d % 7 < 5 or d in (13, 34)]
    for day in days:
        for i in range(8):
            at = 24 * day + 8 + i + float(luck.uniform(0, 0.7))
            rows += [did(f"{day}.{i}", "See", at, at + 0.25, "Ann"), did(f"{day}.{i}", "Test", at + 0.5, at + 0.6, "Bo")]
    m = model(log_of(rows), seed=1)
    (stream,) = m.arrivals
    for resource in ("Ann", "Bo"):
        is_open = open_hours(m, resource)
        assert is_open[8:16].all()
        assert not is_open[144:].any()
    assert max(stream.per_hour[144:]) == 0  # type: ignore[union-attr]
    assert "Work on Sun (2 times) is taken for an exception, and left out." in m.notes
