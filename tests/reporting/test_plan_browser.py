"""The page of a plan in a real browser: a small ward and a long one, wide and narrow, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandcone.core.inpatient import Nurse
from sandcone.planning import score
from sandcone.reporting import plan_page
from tests.planning.wards import patient, plan, ward
from tests.reporting.browser import Tab, address, found

PROGRAM = found()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium on this machine, so the page is not opened in a browser")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-eight days, and names as long as hospitals have them."""
    days, name = 28, "Patient with a long name and number"
    people = [patient(f"{name} {i}", nights=1 + i % 6, minutes=90) for i in range(60)]
    nurses = tuple(
        Nurse(name=f"Nurse Somebody-Otherwise {i}", skill=1, most=dict.fromkeys(range(i % 2, 2 * days, 2), 4)) for i in range(12)
    )
    base = ward(*people)
    long = {"days": days, "nurses": nurses}
    hours = [type(h)(name=f"{h.name} of the east wing", minutes=(480,) * days) for h in base.theatres]
    surgeons = tuple(type(s)(name=s.name, minutes=(480,) * days) for s in base.surgeons)
    problem = ward(*people, theatres=tuple(hours), surgeons=surgeons, **long)
    come = [(p.name, i % 27, "R1" if i % 2 else "R2", hours[i % 2].name) for i, p in enumerate(people[:50])]
    care = {
        (room, s): nurses[(s + j) % 12].name for s in range(2 * days) for j, room in enumerate(("R1", "R2")) if (s + j) % 12 % 2 == s % 2
    }
    made = plan(*come, care=care)
    path = tmp_path_factory.mktemp("plan") / "plan.html"
    path.write_text(plan_page(problem, made, score(problem, made)), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [1280, 400, 320])
def test_the_page_opens_without_a_complaint_or_an_outside_request_and_fits_the_window(report: Path, tab: Tab, width: int) -> None:
    tab.width(width)
    tab.open(address(report))
    tab.value("document.querySelectorAll('details').forEach(d => d.open = true)")
    tab.settle()
    assert tab.complaints == []
    assert tab.outside == []
    assert tab.value("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize("width", [1280, 400])
def test_names_stand_still_while_the_days_move(report: Path, tab: Tab, width: int) -> None:
    tab.width(width)
    tab.open(address(report))
    left = "document.querySelector('.board .row:nth-child(2) .who').getBoundingClientRect().left"
    before = tab.value(left)
    tab.value("document.querySelector('.board').scrollLeft = 200")
    assert abs(tab.value(left) - before) <= 1
    if width == 1280:
        assert tab.value("[...document.querySelectorAll('.board')].every(b => b.scrollWidth <= b.clientWidth + 1)")


def test_days_stand_above_their_stays(report: Path, tab: Tab) -> None:
    tab.width(1280)
    tab.open(address(report))
    place = "(s => [s.left, s.width])(document.querySelectorAll('.board .row')[{}].querySelector('svg').getBoundingClientRect())"
    assert tab.value(place.format(0)) == tab.value(place.format(1))
    assert tab.value("[...document.querySelectorAll('.dates svg')].every(s => s.getBoundingClientRect().height >= 30)")


@pytest.mark.parametrize("features", ["light", "dark"])
def test_names_in_the_bars_can_be_read_by_day_and_by_night(report: Path, tab: Tab, features: str) -> None:
    tab.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": features}])
    tab.open(address(report))
    light = """(c => { const [r, g, b] = c.match(/\\d+/g).map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b; })"""
    for box in (".stay", ".block"):
        fills = ", ".join(f"getComputedStyle(document.querySelector('{of}')).fill" for of in (box, "svg .name"))
        a, b = sorted(tab.value(f"[{fills}].map({light})"))
        assert (b + 0.05) / (a + 0.05) >= 4.5
