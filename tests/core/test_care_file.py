"""A library of modules as a file: what is written is read again, and what cannot be is refused with the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandcone.core.care import Lag, Library, Module, Part
from sandcone.core.care_file import library_text, read_library, save_library
from sandcone.core.errors import ModelError

HEART = """
name = "heart"
needs = { flow = "blood flow restored" }
most = { contrast = 120.0 }

[modules.angiography]
meets = { knowledge = 1.0 }
when = "%angina = true"
unless = "%contrast_allergy = true"
uses = { contrast = 80.0 }
parts = ["Admission", { step = "Catheterisation", minutes = 45.0, shared = false }, { name = "rest", step = "Recovery", times = 2 }]

[modules."stress test"]
instead_of = ["angiography"]
parts = ["ECG and echo"]
standard = true
lags = []
"""


def written(text: str, folder: Path) -> Path:
    path = folder / "heart.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_library_is_read_as_it_is_written_by_hand(tmp_path: Path) -> None:
    found = read_library(written(HEART, tmp_path))
    angiography = found.module["angiography"]
    assert [m.name for m in found.modules] == ["angiography", "stress test"]
    assert [(p.name, p.step, p.times, p.shared) for p in angiography.parts] == [
        ("Admission", "Admission", 1, True),
        ("Catheterisation", "Catheterisation", 1, False),
        ("rest", "Recovery", 2, True),
    ]
    assert found.module["stress test"].instead_of == ("angiography",)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    lags = (Lag(before="x", after="y", at_least=30.0, at_most=90.0, same_day=True, same_person="Nurses"),)
    parts = (Part(name="x", step="X", remote=True, when="%age > 60"), Part(name="y", step="y"))
    module = Module(name="a b", title="A and b", parts=parts, lags=lags, meets={"calm": 2.0}, apart={"c": 1440.0}, within=600.0, seen=31)
    library = Library(name="all", modules=(module, Module(name="c", parts=parts)), needs={"calm": "less fear"}, most={"contrast": 5.0})
    assert read_library(save_library(library, tmp_path / "all.toml")) == library


def test_a_file_says_nothing_that_goes_without_saying() -> None:
    library = Library(name="l", modules=(Module(name="m", parts=(Part(name="s", step="s"),)),))
    assert library_text(library) == 'name = "l"\n\n[modules.m]\nparts = [\n    "s",\n]\n'


@pytest.mark.parametrize(
    ("change", "where", "found"),
    [
        (("unless = ", "unles = "), "heart.toml, module 'angiography'", "'unles' is not something it can say"),
        (
            ("%angina = true", "%angina is true"),
            "module 'angiography', when: condition '%angina is true'",
            "cannot be read from 'is true' on",
        ),
        (('["angiography"]', '["angio"]'), "module 'stress test', instead_of", "'angio' is no module"),
        (('["ECG and echo"]', "[]"), "module 'stress test'", "no parts"),
        (('parts = ["ECG and echo"]', ""), "module 'stress test'", "no parts"),
        (("{ knowledge = 1.0 }", "{ knowledge = -1.0 }"), "module 'angiography'", "a need met by 0 or less"),
        (("times = 2", "times = 0"), "module 'angiography', parts.2", "0 times"),
        (("minutes = 45.0", 'minutes = "long"'), "module 'angiography', parts.1", "number"),
        (("[modules.angiography]", "[modules.angiography"), "heart.toml", "cannot be read"),
    ],
)
def test_what_cannot_be_is_refused_with_the_place(change: tuple[str, str], where: str, found: str, tmp_path: Path) -> None:
    assert change[0] in HEART
    with pytest.raises(ModelError) as refused:
        read_library(written(HEART.replace(*change), tmp_path))
    assert where in refused.value.where
    assert found in refused.value.found


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        read_library(tmp_path / "none.toml")
