"""Each rule of an inpatient plan: broken, kept, at its limit."""

from __future__ import annotations

from sandcone.core.inpatient import InpatientPlan, Problem
from sandcone.core.presence import Presence
from sandcone.planning.rules import (
    MUST,
    SHOULD,
    delay,
    genders_share_a_room,
    left_out,
    mixed_ages,
    more_people_than_beds,
    must_come_and_does_not,
    nurses_met,
    open_theatre,
    overload,
    room_does_not_suit,
    room_without_nurse,
    skill_short,
    surgeon_moves,
    surgeon_over_time,
    theatre_over_time,
    too_early_or_too_late,
)
from tests.planning.wards import nurse, occupant, patient, plan, ward


def by(rule: object, problem: Problem, said: InpatientPlan) -> list[tuple[str, int]]:
    return [(b.where, b.by) for b in rule(Presence(problem, said))]  # type: ignore[operator]


def test_genders_in_one_room_count_the_fewer_each_day_they_share() -> None:
    people = (patient("Ann"), patient("Bo", nights=3, gender="B"), patient("Cy", gender="B"))
    together = plan(("Ann", 0, "R2", "T2"), ("Bo", 1, "R2", "T2"), ("Cy", 1, "R2", "T2"))
    assert by(genders_share_a_room, ward(*people), together) == [("room R2, day 1", 1)]
    apart = plan(("Ann", 0, "R2", "T2"), ("Bo", 2, "R2", "T2"), ("Cy", 2, "R2", "T2"))
    assert by(genders_share_a_room, ward(*people), apart) == []


def test_an_occupant_counts_for_the_gender_of_a_room() -> None:
    here = ward(patient("Bo", gender="B"), occupants=(occupant(nights=1),))
    assert by(genders_share_a_room, here, plan(("Bo", 0, "R1", "T2"))) == [("room R1, day 0", 1)]
    assert by(genders_share_a_room, here, plan(("Bo", 1, "R1", "T2"))) == []


def test_a_room_that_does_not_suit_is_said() -> None:
    here = ward(patient(unfit_rooms=frozenset({"R1"})))
    assert by(room_does_not_suit, here, plan(("Ann", 0, "R1", "T2"))) == [("patient Ann, room R1", 1)]
    assert by(room_does_not_suit, here, plan(("Ann", 0, "R2", "T2"))) == []


def test_a_surgeon_may_use_the_last_minute_and_no_more() -> None:
    exactly = ward(patient("Ann", minutes=60), patient("Bo", minutes=40))
    both = plan(("Ann", 0, "R2", "T2"), ("Bo", 0, "R2", "T2"))
    assert by(surgeon_over_time, exactly, both) == []
    assert by(surgeon_over_time, ward(patient("Ann", minutes=60), patient("Bo", minutes=70)), both) == [("surgeon Sen, day 0", 30)]
    assert by(surgeon_over_time, exactly, plan(("Ann", 2, "R2", "T2"))) == [("surgeon Sen, day 2", 60)]  # away that day


def test_a_theatre_may_use_the_last_minute_and_no_more() -> None:
    both = plan(("Ann", 0, "R2", "T1"), ("Bo", 0, "R2", "T1"))
    two = (patient("Ann", minutes=90, surgeon="Rao"), patient("Bo", minutes=60, surgeon="Rao"))
    assert by(theatre_over_time, ward(*two), both) == []
    longer = (two[0], patient("Bo", minutes=80, surgeon="Rao"))
    assert by(theatre_over_time, ward(*longer), both) == [("theatre T1, day 0", 20)]


def test_only_who_must_come_is_missed_by_the_hard_rule_and_only_who_may_wait_by_the_cost() -> None:
    here = ward(patient("Ann", due=3), patient("Bo"), patient("Cy"))
    assert by(must_come_and_does_not, here, plan()) == [("patient Ann", 1)]
    assert by(left_out, here, plan()) == [("patient Bo", 1), ("patient Cy", 1)]
    assert by(must_come_and_does_not, here, plan(("Ann", 3, "R1", "T1"))) == []


def test_the_first_and_the_last_day_are_allowed_and_the_days_beyond_are_not() -> None:
    here = ward(patient("Ann", release=1, due=3))
    for day, wrong in ((0, 1), (1, 0), (3, 0), (4, 1)):
        assert len(by(too_early_or_too_late, here, plan(("Ann", day, "R1", "T2")))) == wrong
    assert by(too_early_or_too_late, ward(patient("Bo", release=1)), plan(("Bo", 4, "R1", "T2"))) == []


def test_a_full_room_is_full_and_one_more_is_too_many_on_the_days_they_meet() -> None:
    people = (patient("Ann", nights=3), patient("Bo", nights=2))
    full = plan(("Ann", 0, "R1", "T2"), ("Bo", 1, "R1", "T2"))
    assert by(more_people_than_beds, ward(*people), full) == []
    with_guest = ward(*people, occupants=(occupant(nights=2),))
    assert by(more_people_than_beds, with_guest, full) == [("room R1, day 1", 1)]


def test_every_shift_of_a_day_with_somebody_in_it_needs_a_nurse() -> None:
    here = ward(patient("Ann", nights=1))
    some = plan(("Ann", 4, "R1", "T2"), care={("R1", 8): "Nia", ("R2", 9): "Nia"})
    assert by(room_without_nurse, here, some) == [("room R1, day 4 night", 1)]
    assert by(room_without_nurse, here, plan(care={})) == []


def test_a_stay_is_cut_at_the_horizon() -> None:
    here = ward(patient("Ann", nights=3))
    late = plan(("Ann", 4, "R1", "T2"), care={("R1", 8): "Nia", ("R1", 9): "Nia"})
    assert by(room_without_nurse, here, late) == []
    assert by(nurses_met, here, late) == [("Ann", 1)]


def test_mixed_ages_count_the_groups_between_youngest_and_oldest() -> None:
    people = (patient("Ann", age=0), patient("Bo", age=2), patient("Cy", age=1))
    three = plan(*((n, 0, "R2", "T2") for n in ("Ann", "Bo", "Cy")))
    assert by(mixed_ages, ward(*people), three) == [("room R2, day 0", 2), ("room R2, day 1", 2)]
    assert by(mixed_ages, ward(*people), plan(("Ann", 0, "R1", "T2"), ("Bo", 0, "R2", "T2"))) == []


def test_missing_skill_is_paid_for_each_person_and_shift_and_spare_skill_earns_nothing() -> None:
    people = (patient("Ann", nights=1, skill=(3, 1)), patient("Bo", nights=1, skill=(2, 0)))
    both = plan(("Ann", 0, "R1", "T2"), ("Bo", 0, "R1", "T2"))
    assert by(skill_short, ward(*people), both) == [("Ann, nurse Nia, day 0 early", 2), ("Bo, nurse Nia, day 0 early", 1)]


def test_nurses_met_are_counted_once_each_also_for_occupants() -> None:
    here = ward(patient("Ann", nights=2), occupants=(occupant(nights=1),), nurses=(nurse("Nia"), nurse("Pam")))
    care = {("R2", 2): "Nia", ("R2", 3): "Pam", ("R2", 4): "Nia", ("R2", 5): "Nia", ("R1", 0): "Nia", ("R1", 1): "Nia"}
    assert by(nurses_met, here, plan(("Ann", 1, "R2", "T2"), care=care)) == [("Olu", 1), ("Ann", 2)]


def test_overload_adds_the_rooms_of_one_shift_and_never_two_shifts() -> None:
    people = (patient("Ann", nights=1, load=(9, 4)), patient("Bo", nights=1, load=(6, 4)))
    here = ward(*people, nurses=(nurse(most=10),))
    assert by(overload, here, plan(("Ann", 0, "R1", "T2"), ("Bo", 0, "R2", "T2"))) == [("nurse Nia, day 0 early", 5)]
    assert by(overload, here, plan(("Ann", 0, "R1", "T2"), ("Bo", 1, "R2", "T2"))) == []


def test_a_theatre_is_opened_once_a_day_however_much_is_done_in_it() -> None:
    people = (patient("Ann"), patient("Bo"), patient("Cy"))
    said = plan(("Ann", 3, "R1", "T1"), ("Bo", 3, "R1", "T1"), ("Cy", 4, "R2", "T1"))
    assert by(open_theatre, ward(*people), said) == [("theatre T1, day 3", 1), ("theatre T1, day 4", 1)]


def test_a_surgeon_pays_for_each_theatre_beyond_the_first_of_a_day() -> None:
    people = (patient("Ann"), patient("Bo"), patient("Cy", surgeon="Rao"))
    said = plan(("Ann", 3, "R1", "T1"), ("Bo", 3, "R1", "T2"), ("Cy", 3, "R2", "T1"))
    assert by(surgeon_moves, ward(*people), said) == [("surgeon Sen, day 3", 1)]
    assert by(surgeon_moves, ward(*people), plan(("Ann", 3, "R1", "T1"), ("Bo", 4, "R1", "T2"))) == []


def test_delay_is_days_after_the_first_possible_also_for_who_must_come() -> None:
    here = ward(patient("Ann", release=1, due=4), patient("Bo", release=2), patient("Cy"))
    said = plan(("Ann", 4, "R1", "T2"), ("Bo", 2, "R1", "T2"), ("Cy", 1, "R2", "T2"))
    assert by(delay, here, said) == [("patient Ann", 3), ("patient Cy", 1)]


def test_every_rule_says_under_its_own_name_where_it_broke() -> None:
    """A world that breaks every rule at once."""
    people = (
        patient("Ann", age=0, skill=(2,) * 4, unfit_rooms=frozenset({"R1"}), minutes=400, load=(60,) * 4),
        patient("Bo", gender="B", release=1, minutes=30),
        patient("Cy", due=2),
        patient("Di"),
        patient("Ed", nights=1),
    )
    care = {("R1", shift): "Nia" for shift in range(9)}
    said = plan(("Ann", 0, "R1", "T1"), ("Bo", 0, "R1", "T2"), ("Ed", 4, "R1", "T2"), care=care)
    late = ward(*people, occupants=(occupant(),))
    for rule in (*MUST, *SHOULD):
        found = list(rule(Presence(late, said)))
        assert {b.rule for b in found} == {rule.__name__} or rule is delay, rule
