import pytest

from sandcone.measuring.counting import gathered
from sandcone.measuring.navigation import navigation
from tests.measuring.journeys import journeys
from tests.measuring.worlds import step, world

SITE = {"agreed_step": "g"}


def test_time_contacts_and_revisions_run_to_the_first_agreed_plan() -> None:
    # agreed after 2.5 h at the third step; after 0.5 h at the first, and twice more; never; after 1.5 h at the second
    found = gathered(navigation(world(journeys({"p": "abg", "q": "gagg", "r": "abc", "s": "ag"}), site=SITE)))
    assert found["choice_navigation.time"].value == 1.5
    assert found["choice_navigation.contacts"].value == pytest.approx((3 + 1 + 2) / 3)
    assert found["choice_navigation.revisions"].value == pytest.approx((0 + 2 + 0) / 3)
    assert found["choice_navigation.abandonment"].value == 1 / 4


def test_a_patient_still_on_the_way_has_not_given_up() -> None:
    rows = [*journeys({"p": "abg", "r": "abc"}), step("t", "a", 0, None)]
    assert gathered(navigation(world(rows, site=SITE)))["choice_navigation.abandonment"].value == 1 / 2


def test_without_an_agreed_step_the_site_file_is_asked_for() -> None:
    assert "agreed_step" in (gathered(navigation(world(journeys({"p": "a"})))).why_missing("choice_navigation.time") or "")
    found = gathered(navigation(world(journeys({"p": "a"}), site=SITE)))
    assert "does not occur" in (found.why_missing("choice_navigation.abandonment") or "")
