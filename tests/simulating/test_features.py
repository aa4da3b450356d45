"""Everything that a hospital has, one thing at a time, in worlds so small that the answer is worked out by hand; on both engines."""

from __future__ import annotations

import math

import pytest

from sandcone.core.arrivals import Gaps, Kind, Patient, Rate, Slots
from sandcone.core.arrivals import Listed as ListedArrivals
from sandcone.core.law import Fixed, LawWhen, Uniform
from sandcone.core.law import Seen as SeenLaw
from sandcone.core.model import Booking, Need, Pool, Resource
from sandcone.core.pace import Pace
from sandcone.core.plan import Booked, ByClass, ByStep, DueDate, NobodyOver, Plan, ShortestFirst, Slack
from sandcone.core.route import END, Choose, Do, Split, Way, WaysWhen
from sandcone.core.site import Condition
from tests.simulating.worlds import Play, hospital, hours, known, step

URGENT, CALM = {"class": "urgent"}, {"class": "calm"}
DAY = 1440.0
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def test_an_empty_ward_stays_empty(play: Play) -> None:
    assert play(hospital({"Care": step(10, "R")}, (), resources={"R": Resource()})) == []


def test_two_patients_and_one_nurse(play: Play) -> None:
    rows = play(hospital({"Care": step(10, "R")}, known(("Ann", 1.0), ("Bo", 4.0)), resources={"R": Resource()}))
    assert [(r.who, r.ready, r.start, r.end, r.by) for r in rows] == [("Ann", 1.0, 1.0, 11.0, "R"), ("Bo", 4.0, 11.0, 21.0, "R")]


def test_a_step_that_needs_nothing_never_waits(play: Play) -> None:
    assert [r.when[2:] for r in play(hospital({"Rest": step(5)}, known(("Ann", 1.0), ("Bo", 1.0))))] == [(1.0, 6.0), (1.0, 6.0)]


def test_a_step_begins_when_all_that_it_needs_is_free_and_takes_nothing_before(play: Play) -> None:
    steps = {"Scan": step(30, "Room"), "Operate": step(60, "Room", "Surgeon"), "Talk": step(7, "Surgeon")}
    nodes = {k: Do(step=k) for k in steps}
    people = [Patient(name=n, minute=m, first=f) for n, m, f in [("Ann", 0.0, "Scan"), ("Bo", 1.0, "Operate"), ("Cy", 2.0, "Talk")]]
    rows = play(
        hospital(steps, (ListedArrivals(patients=tuple(people)),), nodes=nodes, resources={"Room": Resource(), "Surgeon": Resource()})
    )
    assert [r.when for r in rows] == [("Cy", "Talk", 2.0, 9.0), ("Ann", "Scan", 0.0, 30.0), ("Bo", "Operate", 30.0, 90.0)]
    assert rows[-1].by == "Room,Surgeon"


def test_two_units_are_waited_for_until_both_are_there(play: Play) -> None:
    steps = {"One": step(10, "Nurse"), "Two": step(5, Need(pools=("Nurse",), units=2))}
    nodes = {k: Do(step=k) for k in steps}
    people = (Patient(name="Ann", minute=0.0, first="One"), Patient(name="Bo", minute=1.0, first="Two"))
    rows = play(hospital(steps, (ListedArrivals(patients=people),), nodes=nodes, resources={"Nurse": Resource(capacity=2)}))
    assert rows[1][:6] == ("Bo", "Two", 1.0, 10.0, 15.0, "Nurse,Nurse")


def test_the_second_ward_is_used_when_the_first_is_full(play: Play) -> None:
    model = hospital(
        {"Stay": step(50, Need(pools=("A", "B")))},
        known(("Ann", 0.0), ("Bo", 1.0), ("Cy", 2.0)),
        resources={"A": Resource(), "B": Resource()},
    )
    assert [(r.who, r.start, r.by) for r in play(model)] == [("Ann", 0.0, "A"), ("Bo", 1.0, "B"), ("Cy", 50.0, "A")]


@pytest.mark.parametrize(("pick", "by"), [("listed", ["R1", "R1"]), ("longest idle", ["R1", "R2"])])
def test_which_free_resource_is_taken_is_said_by_the_pool(play: Play, pick: str, by: list[str]) -> None:
    pool = Pool(members=("R1", "R2"), pick=pick)  # type: ignore[arg-type]
    model = hospital(
        {"Care": step(3, "P")}, known(("Ann", 0.0), ("Bo", 5.0)), resources={"R1": Resource(), "R2": Resource()}, pools={"P": pool}
    )
    assert [r.by for r in play(model)] == by


def test_a_random_pick_takes_each_about_as_often(play: Play) -> None:
    pool = Pool(members=("R1", "R2", "R3"), pick="random")
    model = hospital(
        {"Care": step(1, "P")},
        known(*((f"p{i}", 10.0 * i) for i in range(300))),
        resources={r: Resource() for r in pool.members},
        pools={"P": pool},
    )
    by = [r.by for r in play(model)]
    assert all(70 < by.count(r) < 130 for r in pool.members)


def test_a_bed_is_kept_until_the_patient_leaves(play: Play) -> None:
    steps = {"Admit": step(10, Need(pools=("Bed",), until="Leave")), "Operate": step(60, "Theatre"), "Leave": step(5)}
    rows = play(hospital(steps, known(("Ann", 0.0), ("Bo", 2.0)), resources={"Bed": Resource(), "Theatre": Resource()}))
    assert next(r.when for r in rows if r.who == "Bo") == ("Bo", "Admit", 75.0, 85.0)


def test_a_place_that_is_kept_is_used_again_and_not_taken_twice(play: Play) -> None:
    steps = {"Admit": step(10, Need(pools=("Bed",), until="Leave")), "Nurse": step(20, "Bed"), "Leave": step(5, "Bed")}
    rows = play(hospital(steps, known(("Ann", 0.0), ("Bo", 2.0)), resources={"Bed": Resource()}))
    assert [r.when for r in rows[:4]] == [
        ("Ann", "Admit", 0.0, 10.0),
        ("Ann", "Nurse", 10.0, 30.0),
        ("Ann", "Leave", 30.0, 35.0),
        ("Bo", "Admit", 35.0, 45.0),
    ]
    assert rows[1].by == "Bed"


def test_who_has_nowhere_to_go_blocks_the_place(play: Play) -> None:
    steps = {"Operate": step(10, Need(pools=("Theatre",), blocks=True)), "Recover": step(100, "Bay")}
    rows = play(hospital(steps, known(("Ann", 0.0), ("Bo", 1.0), ("Cy", 2.0)), resources={"Theatre": Resource(), "Bay": Resource()}))
    begin = {(r.who, r.step): r.start for r in rows}
    assert begin["Bo", "Operate"] == 10.0  # Ann went straight on
    assert begin["Bo", "Recover"] == 110.0  # and until then Bo stayed in the theatre
    assert begin["Cy", "Operate"] == 110.0


def test_a_step_waits_for_the_hour_with_no_staff_to_pass(play: Play) -> None:
    model = hospital(
        {"Care": step(10, "R")},
        known(
            ("Ann", 60.0),
        ),
        resources={"R": Resource(calendar="c")},
        calendars={"c": hours("08:00", "16:00")},
    )
    assert play(model)[0].start == 480.0


def test_a_closed_day_and_the_weekend_are_waited_out(play: Play) -> None:
    calendar = hours("08:00", "16:00", closed=("2024-01-05",))
    model = hospital(
        {"Care": step(10, "R")},
        known(
            ("Ann", 3 * DAY + 1000),
        ),
        resources={"R": Resource(calendar="c")},
        calendars={"c": calendar},
    )
    assert play(model)[0].start == 7 * DAY + 480


def test_shifts_that_meet_at_midnight_are_one(play: Play) -> None:
    calendar = hours("00:00", "24:00", ("Mon", "Tue"))
    resource = Resource(calendar="c", at_close="go home")
    rows = play(
        hospital(
            {"Care": step(60, "R")},
            known(
                ("Ann", 1410.0),
            ),
            resources={"R": resource},
            calendars={"c": calendar},
        )
    )
    assert rows[0].when == ("Ann", "Care", 1410.0, 1470.0)


def test_nothing_begins_shortly_before_closing(play: Play) -> None:
    resource = Resource(calendar="c", last_start_minutes=30)
    model = hospital(
        {"Care": step(5, "R")}, known(("Ann", 930.0), ("Bo", 931.0)), resources={"R": resource}, calendars={"c": hours("08:00", "16:00")}
    )
    assert [r.start for r in play(model)] == [930.0, DAY + 480]


@pytest.mark.parametrize(("at_close", "end"), [("finish", 980.0), ("go home", DAY + 500), ("hand over", DAY + 500)])
def test_what_happens_to_work_under_way_at_closing(play: Play, at_close: str, end: float) -> None:
    resource = Resource(calendar="c", at_close=at_close)  # type: ignore[arg-type]
    rows = play(
        hospital(
            {"Care": step(40, "R")},
            known(
                ("Ann", 940.0),
            ),
            resources={"R": resource},
            calendars={"c": hours("08:00", "16:00")},
        )
    )
    assert rows[0].when == ("Ann", "Care", 940.0, end)


def test_work_is_handed_over_to_whoever_is_open_and_free(play: Play) -> None:
    day, night = Resource(calendar="day", at_close="hand over"), Resource(calendar="night")
    calendars = {"day": hours("08:00", "16:00"), "night": hours("15:00", "23:00")}
    model = hospital(
        {"Care": step(40, "P")},
        known(("Ann", 940.0), ("Bo", 950.0)),
        resources={"Day": day, "Night": night},
        pools={"P": Pool(members=("Day", "Night"))},
        calendars=calendars,
    )
    rows = play(model)
    assert [r.when for r in rows] == [("Bo", "Care", 950.0, 990.0), ("Ann", "Care", 940.0, 1010.0)]  # 20 done, 30 waited, 20 to do
    assert rows[1].by == "Day"


def test_work_handed_over_goes_before_those_who_wait(play: Play) -> None:
    day, night = Resource(calendar="day", at_close="hand over"), Resource(calendar="night")
    model = hospital(
        {"Care": step(40, "P")},
        known(("Ann", 940.0), ("Bo", 941.0), ("Cy", 942.0)),
        resources={"Day": day, "Night": night},
        pools={"P": Pool(members=("Day", "Night"))},
        calendars={"day": hours("08:00", "16:00"), "night": hours("15:00", "23:00")},
    )
    assert [r.when for r in play(model)] == [("Bo", "Care", 941.0, 981.0), ("Ann", "Care", 940.0, 1001.0), ("Cy", "Care", 1001.0, 1041.0)]


def test_turnover_keeps_the_place_a_while_longer(play: Play) -> None:
    rows = play(hospital({"Care": step(10, "R")}, known(("Ann", 0.0), ("Bo", 0.0)), resources={"R": Resource(turnover_minutes=4)}))
    assert [r.start for r in rows] == [0.0, 14.0]


def test_set_up_between_unlike_patients_is_part_of_the_step(play: Play) -> None:
    resource = Resource(setup_minutes=6, setup_by="class")
    people = known(("Ann", 0.0, URGENT), ("Bo", 1.0, URGENT), ("Cy", 2.0, CALM))
    assert [(r.start, r.end) for r in play(hospital({"Care": step(10, "R")}, people, resources={"R": resource}))] == [
        (0, 10),
        (10, 20),
        (20, 36),
    ]


THREE = known(("Ann", 0.0, CALM), ("Bo", 1.0, CALM), ("Cy", 2.0, URGENT), ("Di", 3.0, {"class": "other"}))


def served(play: Play, plan: Plan) -> str:
    """In which order four patients are served who meet at one nurse."""
    cases = (LawWhen(law=Fixed(minutes=2), when=(Condition(attribute="class", values=("other",)),)),)
    rows = play(hospital({"Care": step(10, "R", cases=cases)}, THREE, resources={"R": Resource()}), plan)
    return " ".join(r.who for r in rows)


def test_first_come_first_served(play: Play) -> None:
    assert served(play, Plan()) == "Ann Bo Cy Di"


def test_classes_are_served_in_their_order_and_others_last(play: Play) -> None:
    assert served(play, Plan(queue=ByClass(attribute="class", order=("urgent", "calm")))) == "Ann Cy Bo Di"


def test_the_earliest_due_goes_first(play: Play) -> None:
    due = DueDate(attribute="class", within_minutes={"urgent": 5, "calm": 100}, otherwise_minutes=50)
    assert served(play, Plan(queue=due)) == "Ann Cy Di Bo"


def test_the_least_time_to_spare_goes_first(play: Play) -> None:
    within = {"urgent": 100.0, "calm": 53.0}
    assert served(play, Plan(queue=Slack(attribute="class", within_minutes=within, otherwise_minutes=47))) == "Ann Bo Di Cy"
    assert served(play, Plan(queue=DueDate(attribute="class", within_minutes=within, otherwise_minutes=47))) == "Ann Di Bo Cy"


def test_the_shortest_goes_first(play: Play) -> None:
    assert served(play, Plan(queue=ShortestFirst())) == "Ann Di Bo Cy"


def test_who_has_waited_too_long_goes_before_the_others(play: Play) -> None:
    by_class = ByClass(attribute="class", order=("urgent", "other", "calm"))
    assert served(play, Plan(queue=by_class)) == "Ann Cy Di Bo"
    assert served(play, Plan(queue=NobodyOver(minutes=8.5, otherwise=by_class))) == "Ann Bo Cy Di"
    assert served(play, Plan(queues={"Care": NobodyOver(minutes=9.5, otherwise=by_class)})) == "Ann Cy Bo Di"


def test_steps_that_share_a_resource_are_served_in_their_order(play: Play) -> None:
    steps = {"Old": step(10, "R"), "New": step(10, "R")}
    nodes = {k: Do(step=k) for k in steps}
    people = (
        Patient(name="Ann", minute=0, first="Old"),
        Patient(name="Bo", minute=1, first="Old"),
        Patient(name="Cy", minute=2, first="New"),
    )
    model = hospital(steps, (ListedArrivals(patients=people),), nodes=nodes, resources={"R": Resource()})
    assert [r.who for r in play(model, Plan(queue=ByStep(order=("New", "Old"))))] == ["Ann", "Cy", "Bo"]


def test_a_blocked_line_does_not_hold_up_another(play: Play) -> None:
    steps = {"Big": step(10, "Room", "Nurse"), "Small": step(3, "Nurse"), "Scan": step(50, "Room")}
    nodes = {k: Do(step=k) for k in steps}
    people = (
        Patient(name="Ann", minute=0, first="Scan"),
        Patient(name="Bo", minute=1, first="Big"),
        Patient(name="Cy", minute=2, first="Small"),
    )
    rows = play(hospital(steps, (ListedArrivals(patients=people),), nodes=nodes, resources={"Room": Resource(), "Nurse": Resource()}))
    assert [(r.who, r.start) for r in rows] == [("Cy", 2.0), ("Ann", 0.0), ("Bo", 50.0)]


def test_impatient_patients_leave_for_good_and_are_not_lost(play: Play) -> None:
    steps = {"Care": step(30, "R", patience=Fixed(minutes=20)), "Pay": step(1)}
    rows = play(hospital(steps, known(("Ann", 0.0), ("Bo", 5.0)), resources={"R": Resource()}))
    assert [(r.who, r.step) for r in rows] == [("Bo", "Care"), ("Ann", "Care"), ("Ann", "Pay")]
    assert math.isnan(rows[0].start) and math.isnan(rows[0].end) and rows[0].ready == 5.0


def test_delays_before_and_after_keep_no_resource_and_are_no_wait(play: Play) -> None:
    steps = {"Test": step(10, "R", after=Fixed(minutes=7)), "Treat": step(5, "R", before=Fixed(minutes=3))}
    nodes = {"a": Do(step="Test", then="b"), "b": Do(step="Treat", lag=Fixed(minutes=2))}
    rows = play(hospital(steps, known(("Ann", 0.0), ("Bo", 1.0)), nodes=nodes, resources={"R": Resource()}))
    assert [(r.who, r.ready, r.start) for r in rows] == [("Ann", 0, 0), ("Bo", 1, 10), ("Ann", 22, 22), ("Bo", 32, 32)]


def test_a_delay_by_a_pace_passes_in_its_hours_only(play: Play) -> None:
    pace = Pace(by_hour=tuple(168 / 40 if 8 <= h % 24 < 16 and h < 120 else 0.0 for h in range(168)))
    nodes = {"a": Do(step="Care", lag=Fixed(minutes=4.2 * 45), pace="office")}
    model = hospital({"Care": step(5)}, known(("Ann", 930.0)), nodes=nodes, paces={"office": pace})
    assert play(model)[0].ready == pytest.approx(DAY + 495)


def test_parallel_parts_come_together_before_the_next_step(play: Play) -> None:
    steps = {"Blood": step(10, "R"), "Scan": step(30, "S"), "Talk": step(5)}
    nodes = {"all": Split(branches=("b", "s"), then="t"), "b": Do(step="Blood"), "s": Do(step="Scan"), "t": Do(step="Talk")}
    rows = play(
        hospital(
            steps,
            known(
                ("Ann", 2.0),
            ),
            nodes=nodes,
            resources={"R": Resource(), "S": Resource()},
        )
    )
    assert [r.when for r in rows] == [("Ann", "Blood", 2, 12), ("Ann", "Scan", 2, 32), ("Ann", "Talk", 32, 37)]


def test_choices_follow_their_shares_and_the_patient(play: Play) -> None:
    other = WaysWhen(when=(Condition(attribute="class", values=("urgent",)),), ways=(Way(to="b", share=1.0),))
    nodes = {
        "?": Choose(otherwise=(Way(to="a", share=0.25), Way(to="b", share=0.75)), cases=(other,)),
        "a": Do(step="A"),
        "b": Do(step="B"),
    }
    kinds = (Kind(share=0.5, attributes=URGENT), Kind(share=0.5, attributes=CALM))
    rows = play(hospital({"A": step(1), "B": step(1)}, (Rate(per_hour=(60.0,), kinds=kinds),), nodes=nodes), patients=2000)
    assert 0.10 < sum(r.step == "A" for r in rows) / 2000 < 0.15


def test_minutes_may_depend_on_the_patient_and_on_who_does_it(play: Play) -> None:
    urgent = (Condition(attribute="class", values=("urgent",)),)
    cases = (
        LawWhen(law=Fixed(minutes=3), when=urgent, resource="Y"),
        LawWhen(law=Fixed(minutes=4), when=urgent),
        LawWhen(law=Fixed(minutes=9), resource="Y"),
    )
    model = hospital(
        {"Care": step(20, "P", cases=cases)},
        known(("Ann", 0.0, URGENT), ("Bo", 0.0, URGENT), ("Cy", 50.0, CALM), ("Di", 50.0, CALM)),
        resources={"X": Resource(), "Y": Resource()},
        pools={"P": Pool(members=("X", "Y"))},
    )
    assert {r.who: (r.by, r.end - r.start) for r in play(model)} == {"Ann": ("X", 4), "Bo": ("Y", 3), "Cy": ("X", 20), "Di": ("Y", 9)}


def test_appointments_are_given_slot_by_slot_after_the_notice(play: Play) -> None:
    booking = Booking(slots=(480.0, 540.0, 1920.0), notice_minutes=10)
    rows = play(hospital({"Clinic": step(5, booking=booking)}, known(("Ann", 100.0), ("Bo", 101.0), ("Cy", 531.0))))
    assert [(r.who, r.ready, r.planned, r.start) for r in rows] == [("Ann", 100, 480, 480), ("Bo", 101, 540, 540), ("Cy", 531, 1920, 1920)]


def test_people_come_early_or_late_to_appointments(play: Play) -> None:
    booking = Booking(slots=(480.0,), unpunctual=Fixed(minutes=3), early_minutes=20)
    assert play(hospital({"Clinic": step(5, booking=booking)}, known(("Ann", 100.0))))[0].start == 463.0


def test_no_shows_waste_the_slot_and_go_home(play: Play) -> None:
    booking = Booking(slots=(480.0, 500.0), no_show=1.0)
    rows = play(hospital({"Clinic": step(5, booking=booking)}, known(("Ann", 100.0), ("Bo", 101.0))))
    assert [(r.planned, math.isnan(r.start)) for r in rows] == [(480.0, True), (500.0, True)]


def test_cancelled_slots_are_there_for_others(play: Play) -> None:
    booking = Booking(slots=(480.0, 500.0), cancel=1.0)
    rows = play(hospital({"Clinic": step(5, booking=booking)}, known(("Ann", 100.0), ("Bo", 101.0))))
    assert [r.planned for r in rows] == [480.0, 480.0]


def test_who_misses_an_appointment_may_book_again(play: Play) -> None:
    booking = Booking(slots=tuple(60.0 * i for i in range(100)), no_show=0.5, again=True)
    rows = play(hospital({"Clinic": step(5, booking=booking)}, known(*((f"p{i}", 0.5) for i in range(20)))))
    assert len(rows) == 20 and all(r.start == r.planned for r in rows)
    assert 25 < max(r.planned for r in rows) / 60 < 60  # about forty slots for twenty patients


def test_the_plan_books_a_patient_no_earlier_than_a_minute(play: Play) -> None:
    model = hospital({"Care": step(10, "R")}, known(("Ann", 0.0), ("Bo", 1.0)), resources={"R": Resource()})
    rows = play(model, Plan(booked=(Booked(patient="Ann", step="Care", minute=30.0),)))
    assert [(r.who, r.ready, r.start) for r in rows] == [("Bo", 1.0, 1.0), ("Ann", 0.0, 30.0)]
    assert rows[1].planned == 30.0 and math.isnan(rows[0].planned)


def test_at_the_horizon_nobody_is_dropped(play: Play) -> None:
    model = hospital({"Care": step(1000, "R")}, known(("Ann", 0.0), ("Bo", 1.0), ("Cy", 2000.0)), resources={"R": Resource()})
    rows = play(model, days=1)
    assert [(r.who, r.step) for r in rows] == [("Ann", "Care"), ("Bo", "Care")]
    assert rows[1].start == 1000.0 and math.isnan(rows[1].end)


def test_gaps_run_in_open_hours_only(play: Play) -> None:
    stream = Gaps(gap=Fixed(minutes=200), open=hours("08:00", "16:00"))
    assert [r.ready for r in play(hospital({"Care": step(1)}, (stream,)), patients=3)] == [680.0, 880.0, DAY + 600 - 0.0 - 0.0]


def test_slots_are_filled_and_missed_by_chance(play: Play) -> None:
    stream = Slots(slots=tuple(10.0 * i for i in range(1000)), filled=0.5, no_show=0.2, unpunctual=Uniform(low=0, high=4))
    assert 350 < len(play(hospital({"Care": step(1)}, (stream,)), days=6.95)) < 450


def test_parties_come_together(play: Play) -> None:
    stream = Rate(per_hour=(1.0,), party=SeenLaw(minutes=(3.0,)))
    ready = [r.ready for r in play(hospital({"Care": step(1)}, (stream,)), patients=6)]
    assert len(set(ready)) == 2 and ready.count(ready[0]) == 3


def test_a_hospital_that_nobody_can_leave_does_not_run_for_ever(play: Play) -> None:
    steps = {"A": step(5, Need(pools=("X",), blocks=True)), "B": step(5, Need(pools=("Y",), blocks=True))}
    nodes = {
        "a": Do(step="A", then="b"),
        "b": Do(step="B", then="?"),
        "?": Choose(otherwise=(Way(to="a", share=0.9), Way(to=END, share=0.1))),
    }
    rows = play(
        hospital(
            steps,
            known(("Ann", 0.0), ("Bo", 0.0)),
            nodes=nodes,
            resources={"X": Resource(calendar="c"), "Y": Resource()},
            calendars={"c": hours("00:00", "23:00")},
        )
    )
    assert {r.who for r in rows} == {"Ann", "Bo"}


def test_calendars_go_on_for_years(play: Play) -> None:
    calendars = {"c": hours("08:00", "16:00"), "d": hours("09:00", "24:00", ("Sat",)), "e": hours("00:00", "24:00", (*DAYS,))}
    resources = {"R": Resource(calendar="c"), "S": Resource(calendar="d"), "T": Resource(calendar="e")}
    people = known(("Ann", 7 * 60 * DAY), ("Bo", 7 * 150 * DAY), ("Cy", 7 * 400 * DAY + 1000))
    rows = play(hospital({"A": step(10, "R"), "B": step(5, "S"), "C": step(1, "T")}, people, resources=resources, calendars=calendars))
    begins = {r.who: r.start for r in rows if r.step == "A"}
    assert begins == {"Ann": 7 * 60 * DAY + 480, "Bo": 7 * 150 * DAY + 480, "Cy": (7 * 400 + 1) * DAY + 480}
    assert [r.start for r in rows if r.step == "C"] == [(7 * w + 5) * DAY + 545 for w in (60, 150, 400)]


def test_appointments_may_be_years_away(play: Play) -> None:
    booking = Booking(slots=(480.0,))
    rows = play(hospital({"Clinic": step(5, booking=booking)}, known(*((f"p{i}", 1.0) for i in range(300)))))
    assert [r.planned for r in rows] == [7 * DAY * i + 480 for i in range(300)]
