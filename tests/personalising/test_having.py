"""Which cases have which modules."""

import pytest

from sandcone.core.care import Library, Module, Part
from sandcone.core.errors import EmptyError
from sandcone.personalising.having import packages
from tests.personalising.journeys_made import did, log_of, sequences


def module(name: str, *steps: str) -> Module:
    """A module of these steps; one in brackets is for some alone."""
    made = (Part(name=s.strip("()"), step=s.strip("()"), when="%old = true" if s.startswith("(") else None) for s in steps)
    return Module(name=name, parts=tuple(made))


def said(log: object, *modules: Module) -> dict[str, str]:
    table = packages(Library(name="small", modules=modules), log)  # type: ignore[arg-type]
    return dict(zip(table["case"].to_pylist(), table["modules"].to_pylist(), strict=True))


def test_a_package_names_the_modules_of_which_a_case_has_half_of_the_steps_for_everybody() -> None:
    log = sequences("abx", "a", "xxx", "q")
    assert said(log, module("M", "a", "b", "c"), module("N", "x", "y", "(a)")) == {"p0": "M; N", "p1": "", "p2": "N", "p3": ""}


def test_of_a_module_that_has_no_step_for_everybody_any_will_do_and_a_step_nobody_had_counts_for_nobody() -> None:
    log = sequences("a", "b", "c")
    assert said(log, module("some", "(a)", "(b)"), module("never", "q")) == {"p0": "some", "p1": "some", "p2": ""}


def test_a_step_without_a_time_was_not_done() -> None:
    log = log_of([did("p", "a", 1.0), did("p", "b", None), did("q", "b", None)])
    assert said(log, module("M", "a"), module("N", "b")) == {"p": "M"}


def test_a_library_of_nothing_is_refused() -> None:
    with pytest.raises(EmptyError, match="no modules"):
        said(sequences("a"))
