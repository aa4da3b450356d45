"""A made-up log for the tests of the page: three rows, with all that is said about a log."""

from datetime import datetime, timedelta

import ibis
import pyarrow as pa

from sandcone.core.log import Account, EventLog, Finding, LeftOut
from sandcone.core.site import Site


def sample_log(source: str = "small_hospital.csv.gz", **changes: object) -> EventLog:
    """A log of three rows with all that is said about one."""
    begin = datetime(2025, 3, 3, 8)
    times = [begin, begin + timedelta(days=9), datetime(2025, 7, 20, 15)]
    columns = {
        "row": pa.array([0, 1, 2], pa.int64()),
        "case": ["a", "a", "b"],
        "step": ["Referral", "Clinic visit", "Referral"],
        "ready": pa.array(times, pa.timestamp("us")),
        "planned": pa.array([None] * 3, pa.timestamp("us")),
        "start": pa.array(times, pa.timestamp("us")),
        "end": pa.array(times, pa.timestamp("us")),
        "resource": ["clinic", "clinic", None],
        "others": pa.array([[], [], []], pa.list_(pa.string())),
        "estimated": [False, False, False],
        "urgency": ["elective", "elective", "urgent"],
    }
    left_out = ibis.memtable(pa.table({"row": [7, 9], "reason": ["end before start", "the same row twice"]}))
    known: dict[str, object] = {
        "table": ibis.memtable(pa.table(columns)),
        "attributes": ("urgency",),
        "has_ready": True,
        "zone": "Europe/Helsinki",
        "source": source,
        "site": Site(name="Pine Hill hospital", steps={"Operation": "value-adding", "Referral": "waiting"}),
        "account": Account(
            rows_in=8120,
            rows_kept=8029,
            left_out=(LeftOut(reason="end before start", rows=14), LeftOut(reason="the same row twice", rows=77)),
        ),
        "findings": (
            Finding(
                what="times stamped in batches",
                rows=412,
                share=0.051,
                effect="Waits before the X-ray can look longer than they were.",
                example="17:00:00 on one day for 23 rows",
            ),
            Finding(
                what="one resource in two places at once", rows=38, share=0.0047, effect="Resource efficiency can be a little too high."
            ),
        ),
        "notes": ("The column 'finished' was taken for the end of a step.", "Dates were read as year, month, day."),
        "left_out": left_out,
    }
    return EventLog(**{**known, **changes})  # type: ignore[arg-type]
