"""What docs/inpatients.md says about own tables is held to the code: every table, column and key is in it, and what it shows is a ward."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

from sandcone.core.inpatient import Weights
from sandcone.reading.ward_file import Ward
from sandcone.reading.ward_rows import AdmissionRow, CareRow, NurseRow, OccupantRow, PatientRow, RoomRow, RosterRow, SurgeonRow, TheatreRow

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "inpatients.md").read_text(encoding="utf-8")


def test_every_column_and_every_key_is_explained() -> None:
    rows = (PatientRow, OccupantRow, RoomRow, TheatreRow, SurgeonRow, NurseRow, RosterRow, AdmissionRow, CareRow)
    columns = {name for row in rows for name in row.model_fields}
    keys = {*Ward.model_fields, *(f.name for f in fields(Weights))}
    assert [name for name in sorted(columns | keys) if not re.search(rf"\b{name}\b", TEXT)] == []


def test_the_ward_file_that_is_shown_is_one() -> None:
    shown = [b for b in re.findall(r"^```toml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL) if "first_date" in b]
    ward = Ward.model_validate(tomllib.loads(shown[0]))
    assert (ward.days, ward.columns) == (14, {"patients": {"minutes": "operating minutes"}})
