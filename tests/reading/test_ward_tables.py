"""A hospital's own tables as an inpatient problem: what each column may hold, and what is refused and how."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandcone.core.errors import EmptyError, ProblemError, SandconeError
from sandcone.core.inpatient import Hours, Inpatient, Nurse, Occupant, Problem, Room, Weights
from sandcone.reading import read_problem, read_ward
from sandcone.scenarios.ward import make_ward
from tests.reading.ward_folder import TABLES, TOML, changed, folder

ROOT = Path(__file__).resolve().parents[2]
ANN = Inpatient(
    name="Ann",
    gender="F",
    age=0,
    nights=2,
    load=(3, 1, 3, 1),
    skill=(1, 1, 1, 1),
    release=0,
    due=2,
    minutes=90,
    surgeon="Sen",
    unfit_rooms=frozenset({"R2"}),
)
BO = Inpatient(name="Bo", gender="M", age=1, nights=1, load=(4, 4), skill=(2, 0), release=1, due=None, minutes=60, surgeon="Rao")
TINY = Problem(
    name="Tiny",
    first_date=date(2026, 3, 5),
    days=4,
    shifts=("day", "night"),
    ages=("adult", "aged"),
    skill_levels=3,
    weights=Weights(delay=9),
    occupants=(Occupant(name="Olu", gender="M", age=1, nights=2, load=(1, 2, 3, 4), skill=(0,) * 4, room="R2"),),
    patients=(ANN, BO),
    surgeons=(Hours(name="Sen", minutes=(120,) * 4), Hours(name="Rao", minutes=(0, 240, 0, 0))),
    theatres=(Hours(name="T1", minutes=(300, 200, 0, 0)), Hours(name="T2", minutes=(100, 0, 0, 250))),
    rooms=(Room(name="R1", beds=1), Room(name="R2", beds=3)),
    nurses=(Nurse(name="Nia", skill=2, most={0: 7, 2: 7, 4: 7, 5: 5, 6: 7}), Nurse(name="Owen", skill=1, most={1: 6})),
)


def refused(where: Path) -> str:
    """What is said of a folder that cannot be read as a ward."""
    with pytest.raises(ProblemError) as said:
        read_ward(where)
    return str(said.value)


def test_tables_become_the_problem_they_describe(tmp_path: Path) -> None:
    assert read_ward(folder(tmp_path)) == TINY


def test_a_folder_is_a_problem_wherever_a_problem_is_asked_for(tmp_path: Path) -> None:
    assert read_problem(folder(tmp_path)) == TINY


def test_tables_may_be_parquet_with_columns_of_numbers_dates_and_lists(tmp_path: Path) -> None:
    here = folder(tmp_path, patients=None)
    patients = {
        "patient": ["Ann", "Bo"],
        "gender": ["F", "M"],
        "age": [69, 70],
        "nights": [2.0, 1.0],
        "load": [[3, 1, 3, 1], [4]],
        "skill": [[1], [2, 0]],
        "first_day": [date(2026, 3, 5), date(2026, 3, 6)],
        "last_day": [date(2026, 3, 7), None],
        "minutes": [90, 60],
        "surgeon": ["Sen", "Rao"],
        "unfit_rooms": [["R2"], []],
    }
    pq.write_table(pa.table(patients), here / "patients.parquet")
    assert read_ward(here) == TINY


def test_days_are_numbers_where_no_first_date_is_said(tmp_path: Path) -> None:
    numbered = {f"{t}": re.sub(r"2026-03-0(\d)", lambda m: str(int(m[1]) - 5), TABLES[f"{t}.csv"]) for t in ("patients", "roster")}
    plain = {"theatres": "theatre,day,minutes\nT1,0,300\nT1,1,200\nT2,,100;0;0;250\n", "roster": "nurse,shift,most\nNia,day,7\n"}
    found = read_ward(folder(tmp_path, TOML.replace("first_date = 2026-03-05", ""), **(numbered | plain)))
    assert (found.patients, found.theatres, found.first_date) == (TINY.patients, TINY.theatres, None)


def test_a_file_may_use_its_own_names_separator_and_dates(tmp_path: Path) -> None:
    patients = TABLES["patients.csv"].replace(";", "/").replace(",", ";").replace("/", ",").replace("minutes", "Op time")
    patients = re.sub(r"2026-03-0(\d)", r"\1.3.2026", patients).replace("3,1", "3").replace("2,0", "2")
    toml = TOML.replace("[ages]", 'dates = "dmy"\n[files]\npatients = "waiting.txt"\n[columns.patients]\nminutes = "Op time"\n[ages]')
    others = {t: re.sub(r"2026-03-0(\d)", r"0\1/03/2026", TABLES[f"{t}.csv"]) for t in ("theatres", "roster")}
    here = folder(tmp_path, toml, patients=None, **others)
    (here / "waiting.txt").write_text(patients, encoding="latin-1")
    found = read_ward(here)
    assert [(p.name, p.release, p.due, p.minutes) for p in found.patients] == [("Ann", 0, 2, 90), ("Bo", 1, None, 60)]
    assert found.theatres == TINY.theatres


@pytest.mark.parametrize("load", ["3;1;3;1", "3|1|3|1", "3 1 3 1", "[3, 1, 3, 1]", '"3 ; 1"', "3.0;1.0"])
def test_several_numbers_may_be_written_in_several_ways(load: str, tmp_path: Path) -> None:
    quoted = f'"{load}"' if "," in load else load
    assert read_ward(folder(tmp_path, **changed("patients", "3;1", quoted))).patients[0].load == (3, 1, 3, 1)


def test_nobody_need_be_in_a_bed_already(tmp_path: Path) -> None:
    assert read_ward(folder(tmp_path, occupants=None)).occupants == ()
    (tmp_path / "occupants.csv").write_text("patient,gender,age,nights,load,skill,room\n")
    assert read_ward(tmp_path).occupants == ()


@pytest.mark.parametrize(
    ("table", "old", "new", "says"),
    [
        ("patients", "69,2", "69,0", "patients.csv, row 2, nights: 0 is below 1"),
        ("patients", "69,2", "69,69000000", "row 2, nights: 69000000 is above 3660"),
        ("patients", "69,2", "69,two", "row 2, nights: 'two' is no whole number"),
        ("patients", "69,2", "69,2.5", "row 2, nights: '2.5' is no whole number"),
        ("patients", "69,2", "69,", "row 2, nights: nothing is said"),
        ("patients", "90,Sen", "-90,Sen", "row 2, minutes: -90 is below 0"),
        ("patients", "3;1", "3;1;2", "row 2, load: 3 numbers; give one, 2 for the shifts of a day, or 4 for those of the stay"),
        ("patients", "3;1", "3;-1", "row 2, load: -1 is below 0"),
        ("patients", "2026-03-07", "2026-03-09", "row 2, last_day: 2026-03-09 is outside the horizon (2026-03-05 to 2026-03-08)"),
        ("patients", "2026-03-05", "2026-03-04", "row 2, first_day: 2026-03-04 is outside the horizon"),
        ("patients", "2026-03-05,2026-03-07", "2026-03-07,2026-03-06", "row 2, last_day: it is before first_day"),
        ("patients", "2026-03-07", "7 March", "row 2, last_day: '7 March' is no date written as %Y-%m-%d"),
        ("patients", "2026-03-07", "2026-03-07 10:30", "row 2, last_day: '2026-03-07 10:30' is no date"),
        ("patients", "Sen", "Sem", "row 2, surgeon: no surgeon is called 'Sem'; did you mean 'Sen'"),
        ("patients", "R2", "R1;R9", "row 2, unfit_rooms: no room is called 'R9'; there are 2, such as R1, R2"),
        ("patients", "Bo,", "Ann,", "patients.csv, row 3: person 'Ann' stands twice (first in patients.csv, row 2)"),
        ("patients", "Bo,", "Olu,", "patients.csv, row 3: person 'Olu' stands twice (first in occupants.csv, row 2)"),
        ("patients", "Bo,M", "Bo,f", "patients.csv, row 3, gender: 'f' stands elsewhere as 'F'"),
        ("patients", "aged", "old", "row 3, age: 'old' is no whole number"),
        ("patients", "69,", "17,", "row 2, age: age 17 is below that of every age group"),
        ("patients", "Bo,M,aged,1,4,2;0,2026-03-06,,60,Rao,\n", "Bo,M,aged\n", "patients.csv: 1 of its rows cannot be split"),
        ("patients", "nights", "nihgts", "patients.csv: no column 'nights'; it has patient, gender"),
        ("patients", "last_day", "last day", "column 'last day' means nothing here; write 'last_day'"),
        ("occupants", "R2", "R3", "occupants.csv, row 2, room: no room is called 'R3'"),
        ("rooms", "R2,3", "R1,3", "rooms.csv, row 3: room 'R1' stands twice"),
        ("rooms", "R2,3", "R2,-3", "rooms.csv, row 3, beds: -3 is below 0"),
        ("theatres", "T2,,,100;0;0;250", "T2,,,100;0;250", "row 4, minutes: 3 numbers; give one, or one for each of the 4 days"),
        ("theatres", "T1,Thu;Fri,,300", "T1,Thu;Fri,,300;1", "row 2, minutes: 2 numbers; give one"),
        ("theatres", "Thu;Fri", "Thu;Fro", "row 2, weekday: 'Thu;Fro' is no weekday"),
        ("theatres", "T1,,2026-03-06,200", "T1,Fri,,200", "row 3: theatre 'T1' has another row for the same days"),
        ("theatres", "T1,,2026-03-06,200", "T1,Fri,2026-03-06,200", "row 3: day and weekday are both said; leave one empty"),
        ("nurses", "Owen", "Nia", "nurses.csv, row 3: nurse 'Nia' stands twice"),
        ("roster", "Owen", "Omen", "roster.csv, row 4, nurse: no nurse is called 'Omen'; did you mean 'Owen'"),
        ("roster", "Nia,,,day,", "Nia,,,dya,", "row 2, shift: no shift is called 'dya'; did you mean 'day'"),
        ("roster", "Owen,2026-03-05,,night,6", "Owen,2026-03-05,,night,", "neither this row nor nurse 'Owen' says the most load"),
        ("roster", "Owen,2026-03-05,,night,6", "Nia,2026-03-05,,day,6", "row 4: nurse 'Nia' has this shift twice"),
    ],
)
def test_what_cannot_be_is_refused_with_the_file_the_row_and_the_column(table: str, old: str, new: str, says: str, tmp_path: Path) -> None:
    said = refused(folder(tmp_path, **changed(table, old, new)))
    assert says in said
    assert "faults" not in said  # nothing else is complained of


def test_several_faults_are_listed_together_and_no_more_than_ten(tmp_path: Path) -> None:
    three = refused(folder(tmp_path, **changed("patients", "69,2,3;1", "xx,0,x"), **changed("rooms", "R1,1", "R1,one")))
    assert all(
        x in three for x in ("4 faults", "(1) rooms.csv, row 2, beds", "row 2, age", "row 2, nights", "(4) patients.csv, row 2, load")
    )
    many = "".join(f"R{i},-1\n" for i in range(13))
    lots = refused(folder(tmp_path, rooms="room,beds\n" + many, occupants=None, patients=TABLES["patients.csv"]))
    assert "13 faults" in lots
    assert "(10) rooms.csv, row 11" in lots
    assert "(11)" not in lots
    assert "and 3 more" in lots


def test_a_fault_in_the_rooms_makes_no_faults_where_they_are_named(tmp_path: Path) -> None:
    said = refused(folder(tmp_path, **changed("rooms", "R2,3", "R2,x")))
    assert "rooms.csv, row 3, beds" in said
    assert "no room is called" not in said


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("days = 4", "it does not say 'shifts'"),
        (TOML.replace("days = 4", "days = 0"), "days: "),
        (TOML.replace("days = 4", "dyas = 4"), "there is no key 'dyas'; did you mean 'days'"),
        (TOML + "\n[wieghts]\ndelay = 3", "there is no key 'wieghts'; did you mean 'weights'"),
        (TOML.replace("delay = 9", "delays = 9"), "'delays' is no cost; did you mean 'delay'"),
        (TOML.replace("delay = 9", "delay = -9"), "weights.delay"),
        (TOML.replace("delay = 9", "delay = 1.5"), "weights.delay"),
        (TOML.replace("2026-03-05", '"5 March"'), "'5 March' is no date such as 2026-03-02"),
        (TOML.replace("2026-03-05", "2026-03-05T08:00:00"), "give a date without a time of day"),
        (TOML.replace("adult = 18", "adult = 75"), "write the youngest group first"),
        (TOML.replace('["day", "night"]', '["day", "day"]'), "every one needs a name of its own"),
        (TOML + "\n[columns.patients]\nnigths = 'stay'", "columns.patients has no 'nigths'"),
        (TOML + "\n[columns.pateints]\nnights = 'stay'", "columns.pateints"),
        (TOML + "\n[columns.patients]\nnights = 'stay'", "no column 'stay'; it has patient"),
        (TOML + "\n[files]\nrooms = 'wards.csv'", "there is no table 'wards.csv'; the folder has"),
        (TOML.replace("days = 4", 'days = 4\ndates = "european"'), "'european' is no way to write dates"),
        (TOML.replace("days = 4", 'days = 4\ndates = "%d.%d.%y"'), "'%d.%d.%y' does not say day, month and year, each once"),
        (TOML.replace("days = 4", 'days = 4\ndates = "%d.%m"'), "'%d.%m' does not say day, month and year"),
        (TOML.replace("days = 4", 'days = 4\nseparator = ";;"'), "separator: ';;' cannot stand between columns"),
        (TOML.replace("days = 4", "days = 4\nseparator = '\"'"), "separator: '\"' cannot stand between columns"),
        (TOML.replace("2026-03-05", "9999-12-30"), "9999-12-30 is too far ahead"),
        ("days = ", "is no TOML"),
    ],
)
def test_a_ward_file_that_says_what_cannot_be_is_refused(toml: str, says: str, tmp_path: Path) -> None:
    assert says in refused(folder(tmp_path, toml))


@pytest.mark.parametrize("seed", range(40))
def test_a_table_with_anything_spoilt_is_read_or_refused_in_words(seed: int, tmp_path: Path) -> None:
    luck = Random(seed)
    table, text = luck.choice(sorted(TABLES.items()))
    for _ in range(luck.randint(1, 4)):
        at = luck.randrange(len(text))
        text = (
            text[:at]
            + luck.choice([",", ";", '"', "\n", "-", "9", "é", "\x00", "", "  ", "NaN", "1e400", "٣"])
            + text[at + luck.randint(0, 3) :]
        )
    here = folder(tmp_path)
    (here / table).write_text(text, encoding=luck.choice(["utf-8", "utf-8", "utf-16"]))
    with suppress(SandconeError):
        assert read_ward(here).days == 4


def test_a_folder_without_a_ward_file_or_a_table_is_refused(tmp_path: Path) -> None:
    assert "A ward is a folder of tables with a ward.toml" in refused(tmp_path)
    assert "there is no table 'roster'; the folder has" in refused(folder(tmp_path, roster=None))


def test_two_files_for_one_table_are_refused(tmp_path: Path) -> None:
    (tmp_path / "rooms.tsv").write_text("room\tbeds\nR1\t4\n")
    assert "there are both rooms.csv and rooms.tsv" in refused(folder(tmp_path))


def test_a_table_without_a_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmptyError, match=r"rooms\.csv"):
        read_ward(folder(tmp_path, rooms="room,beds\n"))


def test_the_example_ward_is_what_its_script_makes(tmp_path: Path) -> None:
    here = ROOT / "examples" / "ward"
    assert {p.name: p.read_text(encoding="utf-8") for p in here.iterdir() if p.name != "README.md"} == make_ward.tables(make_ward.SEED)
    ward = read_ward(here)
    assert (len(ward.patients), len(ward.rooms), len(ward.theatres), len(ward.nurses), ward.days) == (25, 6, 2, 8, 14)
    assert ward.theatre["Theatre 1"].minutes == (480, 480, 480, 480, 480, 0, 0, 480, 240, 480, 480, 480, 0, 0)
    assert ward.surgeon["Dr Adler"].minutes[7:10] == (480, 0, 0)  # away on the second Wednesday
