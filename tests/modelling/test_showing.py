"""Who is booked and does not come, learnt from logs whose shares are known."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from sandcone.core.arrivals import Slots
from sandcone.core.log import EventLog
from sandcone.core.model import Model
from sandcone.modelling import model
from sandcone.reading import read
from tests.modelling.worlds import MONDAY, did, log_of

SLOTS = (9.0, 9.5, 10.0, 10.5)  # hours, Monday to Friday


def clinic(
    weeks: int = 60, *, filled: float = 0.8, no_show: float = 0.15, cancel: float = 0.1, late: float = 0.05, grid: bool = True
) -> EventLog:
    """Appointments at four times a day; some cancel, of the others some stay away; the rest come 3 minutes late, or early."""
    luck, rows = np.random.default_rng(5), []
    for day in range(7 * weeks):
        for hour in SLOTS if day % 7 < 5 else ():
            at = 24 * day + hour + (0 if grid else luck.uniform(0, 0.45))
            if luck.random() >= filled:
                continue
            name = f"p{len(rows)}"
            if luck.random() < cancel:
                rows.append(_booked(did(name, "Cancelled", at - 20, at - 20), at))
            elif luck.random() < no_show:
                rows.append(_booked(did(name, "Visit", None, None, ready=None), at))
            else:
                came = at + (late if luck.random() < 0.4 else -late)
                rows.append(_booked(did(name, "Visit", came, came + 0.3, "Dr", ready=came), at))
    return log_of(rows, site={"cancelled_steps": ["Cancelled"]}, has_ready=True)


def _booked(row: dict[str, object], hour: float) -> dict[str, object]:
    return row | {"planned": MONDAY + timedelta(hours=hour)}


def stream_of(learnt: Model) -> Slots:
    (stream,) = learnt.arrivals
    assert isinstance(stream, Slots)
    return stream


def test_the_share_who_stay_away_is_found_and_slots_given_back_are_not_counted() -> None:
    learnt = model(clinic(), seed=1)
    stream = stream_of(learnt)
    assert stream.slots == tuple(1440.0 * d + 60 * h for d in range(5) for h in SLOTS)
    assert stream.no_show == pytest.approx(0.15, abs=0.035)
    assert stream.filled == pytest.approx(0.8 * 0.9, abs=0.035)
    assert any("of 960 booked patients never came" in n or "booked patients never came and" in n for n in learnt.notes)


def test_how_late_and_how_early_people_come_is_found() -> None:
    stream = stream_of(model(clinic(cancel=0.0), seed=1))
    assert stream.early_minutes == pytest.approx(3.0)
    assert stream.unpunctual is not None
    assert stream.unpunctual.mean == pytest.approx(0.4 * 6, abs=0.3)


def test_two_places_at_one_time_are_two_slots() -> None:
    rows = [
        _booked(did(f"{i}-{d}", "Visit", *((24 * d + 9, 24 * d + 9.2) if (i + d) % 4 else (None, None))), 24 * d + 9)
        for d in range(60)
        for i in range(2)
    ]
    stream = stream_of(model(log_of(rows), seed=1))
    assert stream.slots == tuple(1440.0 * d + 540 for d in range(7) for _ in range(2))
    assert (stream.filled, stream.unpunctual) == (1.0, None)  # a start is no arrival: who waits has come before
    assert stream.no_show == pytest.approx(0.25, abs=0.01)


def test_where_all_come_arrivals_are_learnt_as_ever() -> None:
    learnt = model(clinic(no_show=0.0, cancel=0.0), seed=1)
    assert not any("never came" in n for n in learnt.notes)


def test_where_bookings_lie_at_no_fixed_times_the_share_is_told_and_those_who_come_are_learnt() -> None:
    learnt = model(clinic(grid=False), seed=1)
    assert not isinstance(learnt.arrivals[0], Slots)
    assert any("Bookings lie at no fixed times" in n for n in learnt.notes)


def test_appointments_still_to_come_when_the_log_ends_are_not_missed() -> None:
    log = clinic(no_show=0.0, cancel=0.0)
    far = 24 * 7 * 60
    ahead = [_booked(did(f"q{i}", "Visit", None, None), far + 24 * i + 9) for i in range(1, 5)]
    both = log_of([*({c: r[c] for c in r if c != "row"} for r in _rows(log)), *ahead], has_ready=True)
    assert not any("never came" in n for n in model(both, seed=1).notes)


def _rows(log: EventLog) -> list[dict[str, object]]:
    return [
        {k: v.replace(tzinfo=None) if k in ("ready", "planned", "start", "end") and v else v for k, v in r.items()}
        for r in log.table.order_by("row").to_pyarrow().to_pylist()
    ]  # type: ignore[union-attr]


def test_a_log_file_with_times_of_need_tells_who_never_came(tmp_path: Path) -> None:
    rows = [(d, h, d % 5 > 0) for d in range(1, 29) for h in (9, 10, 11)]
    lines = [
        f"{d}-{h},Visit,2024-01-{d:02} {h:02}:00,2024-01-{d:02} {h:02}:00,"
        + (f"2024-01-{d:02} {h:02}:05,2024-01-{d:02} {h:02}:20" if came else ",")
        for d, h, came in rows
    ]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["id,act,needed,booked,begin,finish", *lines]))
    learnt = model(read(path, columns="case=id,step=act,ready=needed,planned=booked,start=begin,end=finish"), seed=1)
    assert stream_of(learnt).no_show == pytest.approx(5 / 27, abs=0.01)  # of the last day nothing is known yet


def test_where_the_need_arose_long_before_the_wait_for_the_appointment_is_kept() -> None:
    rows = [r | {"ready": r["planned"] - timedelta(days=9)} for r in _rows(clinic(cancel=0.0))]  # type: ignore[operator]
    learnt = model(log_of(rows, has_ready=True), seed=1)
    assert not isinstance(learnt.arrivals[0], Slots)
    assert any("booked long before" in n for n in learnt.notes)
