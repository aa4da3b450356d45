"""A map is proposed from names and contents, and said; or a line to paste is."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandcone.core.errors import MapError
from sandcone.reading import read
from tests.reading.files import rows, written


def body(n: int = 12) -> str:
    """Cases of three rows each, with a word that changes in the case and one that does not."""
    return "".join(
        f"{100 + i // 3},{['in', 'do', 'out'][i % 3]},2024-01-13 {8 + i % 3:02}:00,{['red', 'blue'][i // 3 % 2]}\n" for i in range(n)
    )


def test_what_was_found_is_already_in_the_line_to_paste(tmp_path: Path) -> None:
    with pytest.raises(MapError, match=r'which column is the step cannot be told.*--columns "case=case,step=COLUMN,time=when"'):
        read(written(tmp_path, "case,what,when\n1,7,2024-01-13 08:00\n1,8,2024-01-13 09:00\n"))


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("case_id,activity,timestamp,colour", "case=case_id, step=activity, time=timestamp"),
        ("CaseId,ActivityName,ActivityTime,colour", "case=CaseId, step=ActivityName, time=ActivityTime"),
        ("case:concept:name,concept:name,time:timestamp,colour", "case=case:concept:name, step=concept:name, time=time:timestamp"),
        ("patient_visit_nr,handling,Complete Timestamp,colour", "case=patient_visit_nr, step=handling, time=Complete Timestamp"),
        ("zaak,wat,wanneer,colour", "case=zaak, step=wat, time=wanneer"),  # by what is in them
    ],
)
def test_usual_names_are_known_and_what_was_guessed_is_said(tmp_path: Path, header: str, said: str) -> None:
    log = read(written(tmp_path, f"{header}\n{body()}"))
    assert log.notes[0] == f"columns were guessed: {said}, attributes=colour"
    assert rows(log, "case", "step", "colour")[4] == ("101", "do", "blue")


def test_contents_tell_the_step_where_the_name_does_not(tmp_path: Path) -> None:
    log = read(written(tmp_path, f"case,wat,wanneer,kleur\n{body()}"))
    assert log.notes[0].startswith("columns were guessed: case=case, step=wat, time=wanneer")


def test_starts_ends_resources_and_states_are_proposed(tmp_path: Path) -> None:
    log = read(
        written(
            tmp_path,
            "case,task,start_time,end_time,user\nA,x,2024-01-13 08:00,2024-01-13 09:00,Ann\nA,y,2024-01-13 10:00,2024-01-13 11:00,Bo\n",
        )
    )
    assert log.notes[0] == "columns were guessed: case=case, step=task, start=start_time, end=end_time, resource=user"
    log = read(written(tmp_path, "case,task,time,lifecycle:transition\nA,x,2024-01-13 08:00,start\nA,x,2024-01-13 09:00,complete\n"))
    assert log.notes[0] == "columns were guessed: case=case, step=task, time=time, lifecycle=lifecycle:transition"
    assert len(rows(log, "case")) == 1


def test_what_the_map_says_is_never_guessed_over(tmp_path: Path) -> None:
    log = read(written(tmp_path, f"case_id,activity,timestamp,colour\n{body()}"), columns="step=colour")
    assert log.notes[0] == "columns were guessed: case=case_id, time=timestamp"
    assert {r[0] for r in rows(log, "step")} == {"red", "blue"}


def test_a_file_nobody_can_guess_gives_a_line_to_paste(tmp_path: Path) -> None:
    with pytest.raises(MapError, match=r'the file has a, b, c. Say it: --columns "case=COLUMN,step=COLUMN,time=COLUMN"'):
        read(written(tmp_path, "a,b,c\n1,2,3\n4,5,6\n"))
