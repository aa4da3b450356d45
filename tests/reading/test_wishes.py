"""Weights in words: what phrases come to, whole numbers, and refusals with the place."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from sandcone.core.errors import ProblemError
from sandcone.core.inpatient import Weights
from sandcone.core.wishes import UNITS, in_words
from sandcone.reading.wishes import read_weights, wish

USUAL = Weights(mixed_ages=2, skill_short=3, nurses_met=5, overload=7, open_theatre=11, surgeon_moves=13, delay=17, left_out=190)


def read(tmp_path: Path, text: str) -> Weights:
    (tmp_path / "wishes.toml").write_text(text)
    return read_weights(tmp_path / "wishes.toml", USUAL)


@pytest.mark.parametrize(
    ("words", "amount", "of"),
    [
        ("30 days of delay", Fraction(30), "delay"),
        ("a day of delay", Fraction(1), "delay"),
        ("half a day of delay", Fraction(1, 2), "delay"),
        ("a tenth of a patient left out", Fraction(1, 10), "left_out"),
        ("Twice a surgeon’s move", Fraction(2), "surgeon_moves"),
        ("three nurses  met", Fraction(3), "nurses_met"),
        ("1.5 units of overload", Fraction(3, 2), "overload"),
        ("2/3 levels of skill short", Fraction(2, 3), "skill_short"),
        ("as usual", Fraction(1), "usual"),
        ("four times the usual", Fraction(4), "usual"),
        ("half the usual", Fraction(1, 2), "usual"),
        ("nothing", Fraction(0), None),
        ("40", Fraction(40), None),
    ],
)
def test_a_phrase_says_how_many_of_what(words: str, amount: Fraction, of: str | None) -> None:
    assert (wish("open_theatre", words).amount, wish("open_theatre", words).of) == (amount, of)


def test_what_is_not_named_stays_as_the_problem_has_it(tmp_path: Path) -> None:
    assert read(tmp_path, "[weights]\ndelay = 10\n") == Weights(
        mixed_ages=2, skill_short=3, nurses_met=5, overload=7, open_theatre=11, surgeon_moves=13, delay=10, left_out=190
    )


def test_wishes_may_rest_on_one_another(tmp_path: Path) -> None:
    found = read(tmp_path, 'left_out = "30 days of delay"\ndelay = "4 nurses met"\nnurses_met = 3\noverload = "nothing"\n')
    assert (found.nurses_met, found.delay, found.left_out, found.overload) == (3, 12, 360, 0)


def test_parts_of_a_unit_make_all_weights_whole_by_the_same_number(tmp_path: Path) -> None:
    found = read(tmp_path, 'nurses_met = "half a day of delay"\nskill_short = "a third of the usual"')  # 8.5 and 1: all times two
    assert (found.nurses_met, found.delay, found.skill_short, found.left_out) == (17, 34, 2, 380)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('delay = "2 weeks of delay"', r"wishes.toml, delay: '2 weeks of delay' is not understood"),
        ('delay = "lots of nurses met"', r"delay: 'lots of nurses met' is not understood, at 'lots'. Give a number"),
        ('delay = "the"', r"delay: 'the' is not understood"),
        ("delya = 3", r"weights: nothing is called 'delya'. There are left_out, open_theatre"),
        ("delay = true", r"delay: True is not a weight"),
        ("delay = -2", r"delay: -2 is not a weight"),
        ("delay = nan", r"delay: nan is not a weight"),
        ("delay = [1]", r"delay: \[1\] is not a weight"),
        ('delay = "2 nurses met"\nnurses_met = "a day of delay"', r"(delay → nurses_met → delay|nurses_met → delay → nurses_met): each is"),
        ('delay = "twice a day of delay"', r"delay → delay: each is said by the other. Give one of them a number"),
        ("delay = 0.00001", r"multiplied by 100,000. Give rounder numbers"),
        ("\n".join(f"{name} = 0" for name in UNITS), r"nothing weighs anything"),
        ("weights = 3", r"weights is not a table"),
        ("delay = ", r"wishes.toml: cannot be read"),
    ],
)
def test_what_cannot_be_is_refused_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ProblemError, match=said):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"none.toml: cannot be read"):
        read_weights(tmp_path / "none.toml", USUAL)


def test_the_table_says_each_weight_in_days_of_delay_the_heaviest_first() -> None:
    said = in_words(Weights(delay=4, left_out=150)).splitlines()
    assert said[:2] == ["one …                     weighs  days of delay", "patient left out             150           37.5"]
    assert said[-1].startswith("age group apart")
    assert in_words(Weights(delay=0)).splitlines()[0] == "one …                     weighs"
