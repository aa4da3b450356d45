import math

import pytest

from sandcone.core.chance import Luck
from sandcone.core.estimate import Measures
from sandcone.measuring.counting import gathered
from sandcone.measuring.operating_modes import operating_modes
from tests.measuring.journeys import journeys
from tests.measuring.worlds import world

FLAGS = ("risk_only", "urgent", "severe", "open_ended", "clear", "one_contact", "schedulable", "standard", "several_causes")


def measured(patients: dict[str, str], units: dict[str, str] | None = None, paths: dict[str, str] | None = None) -> Measures:
    """Patients by the flags that are true of them, separated by blanks."""
    levels = {flag: {case: "yes" if flag in flags.split() else "no" for case, flags in patients.items()} for flag in FLAGS}
    site = {"mode": {flag: {"attribute": flag, "values": ["yes"]} for flag in FLAGS}, "units": units or {}}
    return gathered(operating_modes(world(journeys(paths or dict.fromkeys(patients, "ab"), **levels), site=site), Luck(seed=1)))


@pytest.mark.parametrize(
    ("flags", "mode"),
    [
        ("risk_only urgent severe", "PREVENTION"),
        ("urgent severe open_ended", "EMERGENCY"),
        ("urgent", "CURE"),
        ("open_ended clear one_contact", "CARE"),
        ("clear one_contact schedulable standard", "ONE VISIT"),
        ("clear schedulable standard severe", "ELECTIVE"),
        ("clear schedulable severe", "PROJECT"),
        ("several_causes", "PROJECT"),
        ("clear", "CURE"),
        ("", "CURE"),
    ],
)
def test_the_first_rule_that_hits_gives_the_mode(flags: str, mode: str) -> None:
    found = measured({"p": flags})
    assert [(m.group["mode"], m.estimate.value) for m in found.by("mode.cases", "mode")] == [(mode, 1)]


def test_a_unit_that_serves_two_modes_is_mixed_and_one_that_serves_one_is_not() -> None:
    patients = {"p": "urgent severe", "q": "open_ended", "r": "open_ended", "s": "open_ended"}
    paths = {"p": "ab", "q": "ab", "r": "abb", "s": "ac"}
    found = measured(patients, {"b": "theatre", "c": "ward"}, paths)
    theatre, ward = found.get("mode_mix_entropy", unit="theatre"), found.get("mode_mix_entropy", unit="ward")
    assert theatre is not None
    assert ward is not None
    assert (theatre.value, theatre.n) == (pytest.approx(math.log(3) - 2 / 3 * math.log(2)), 3)
    assert (ward.value, ward.n) == (0, 1)


def test_a_flag_nobody_declared_is_no_for_everybody_and_that_is_said() -> None:
    site = {"mode": {"open_ended": {"attribute": "long", "values": ["yes"]}}}
    prepared = world(journeys({"p": "a", "q": "a"}, long={"p": "yes"}), site=site)
    found = gathered(operating_modes(prepared, Luck(seed=1)))
    assert {m.group["mode"]: m.estimate.value for m in found.by("mode.cases", "mode")} == {"CARE": 1, "CURE": 1}
    assert "risk_only" in found.by("mode.cases", "mode")[0].note


def test_without_flags_or_units_the_site_file_is_asked_for() -> None:
    assert "mode in the site file" in (gathered(operating_modes(world(journeys({"p": "a"})), Luck(seed=1))).why_missing("mode.cases") or "")
    assert "units in the site file" in (measured({"p": "urgent"}).why_missing("mode_mix_entropy") or "")


def test_a_flag_by_an_attribute_the_log_does_not_have_is_explained() -> None:
    prepared = world(journeys({"p": "a"}), site={"mode": {"urgent": {"attribute": "asap", "values": ["yes"]}}})
    assert "'asap'" in (gathered(operating_modes(prepared, Luck(seed=1))).why_missing("mode.cases") or "")
