from dataclasses import replace

from sandcone.core.log import Account, Finding, LeftOut
from sandcone.reporting import quality
from tests.measuring.worlds import log_of, step


def test_every_row_is_accounted_for_and_every_finding_says_what_it_does() -> None:
    account = Account(rows_in=10, rows_kept=7, left_out=(LeftOut(reason="no case", rows=1), LeftOut(reason="end before start", rows=2)))
    finding = Finding(what="steps that take no time", rows=3, share=3 / 7, effect="Busy hours are too low", example="Triage")
    log = log_of([step("a", "x", 0, 1)], source="ed.csv", findings=(finding,), notes=("dates are read day first",))
    text = quality(replace(log, account=account))
    assert text.splitlines() == [
        "ed.csv: 10 rows, 7 used, 3 left out",
        "  left out: end before start, 2",
        "  left out: no case, 1",
        "What is odd:",
        "  steps that take no time: 3 (43 %). Busy hours are too low. For example: Triage.",
        "What was guessed or repaired:",
        "  dates are read day first",
    ]


def test_a_clean_log_says_that_nothing_odd_was_found() -> None:
    assert quality(log_of([step("a", "x", 0, 1)], source="ed.csv")).splitlines() == [
        "ed.csv: 1 row, 1 used, 0 left out",
        "Nothing odd was found.",
    ]
