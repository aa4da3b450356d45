"""The maps kept as examples, and the page that explains maps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sandcone.reading.columns import ColumnMap, Dates, Lifecycle, Rows, Step, Table, column_map

ROOT = Path(__file__).resolve().parents[2]
MAPS = sorted((ROOT / "examples" / "maps").glob("*.toml"))


def test_there_are_maps() -> None:
    assert len(MAPS) >= 14


@pytest.mark.parametrize("path", MAPS, ids=lambda p: p.stem)
def test_an_example_map_can_be_read_and_names_its_site(path: Path) -> None:
    assert column_map(path).site.name


def test_every_key_of_a_map_is_explained() -> None:
    page = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
    keys = {key for model in (ColumnMap, Rows, Step, Table, Dates, Lifecycle) for key in model.model_fields}
    assert sorted(key for key in keys if not re.search(rf"`{key}`|\[{key}\]|\b{key} = ", page)) == []


def test_a_line_a_file_and_a_mapping_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text('case = ["A", "B"]\nstep = "S"\ntime = "T"\nattributes = ["x", "y"]\ndates = "dmy"\n')
    line = column_map("case=A/B,step=S,time=T,attributes=x+y,dates=dmy")
    mapping = column_map({"case": ("A", "B"), "step": "S", "time": "T", "attributes": {"x": "x", "y": "y"}, "dates": {"order": "dmy"}})
    assert column_map(tmp_path / "map.toml") == line == mapping


def test_a_comma_in_a_name_stays_in_the_name() -> None:
    assert column_map("case=Name, first,step=S").case == "Name, first"
