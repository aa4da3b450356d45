"""Files put in their place: whole or not at all, and never a folder's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandcone.core.errors import InputError
from sandcone.core.place import beside, not_over, put_all


def test_a_folder_of_that_name_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    wrote = False
    with pytest.raises(InputError, match=r"cannot be written \(it is a folder\)\. Give the file a name"), beside(tmp_path):
        wrote = True
    assert not wrote and list(tmp_path.parent.glob(".*.part")) == []


def test_what_fails_on_the_way_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    there = tmp_path / "plan.json"
    there.write_text("old")
    with pytest.raises(ZeroDivisionError), beside(there) as part:
        part.write_text("half")
        raise ZeroDivisionError
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("plan.json", "old")]


def test_several_files_are_all_written_or_none(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for second, says in (("folder", "it is a folder"), ("../" + tmp_path.name + "/a.txt", "two of the files are to have this name")):
        with pytest.raises(InputError, match=says):
            put_all([(tmp_path / "a.txt", "one"), (tmp_path / second, "two")])
        assert [p.name for p in tmp_path.iterdir()] == ["folder"]
    put_all([(tmp_path / "a.txt", "one"), (str(tmp_path / "b.txt"), "two")])
    assert [(tmp_path / name).read_text() for name in ("a.txt", "b.txt")] == ["one", "two"]


def test_a_file_is_known_by_whatever_name_it_is_called(tmp_path: Path) -> None:
    not_over(tmp_path / "a.txt", tmp_path / "b.txt", None, 3)
    with pytest.raises(InputError, match="it would be written over what it is made from"):
        not_over(tmp_path / "a.txt", tmp_path / "b.txt", f"{tmp_path}/../{tmp_path.name}/a.txt")
