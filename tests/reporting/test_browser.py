"""The page in a real browser: no complaint, no request to anywhere, no sideways scroll, and all of it by keyboard."""

from pathlib import Path

import pytest

from sandcone.core.estimate import Measures
from sandcone.core.log import EventLog
from sandcone.reporting import write
from tests.reporting.browser import Tab, address, found

PROGRAM = found()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium on this machine, so the page is not opened in a browser")


@pytest.fixture(scope="module")
def report(log: EventLog, measures: Measures, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(measures, log, tmp_path_factory.mktemp("report"))


def sideways(tab: Tab) -> int:
    """By how many pixels the page is wider than the window."""
    return int(tab.value("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("width", [1280, 640, 400, 320])
def test_the_page_opens_without_a_complaint_or_an_outside_request_and_fits_the_window(report: Path, tab: Tab, width: int) -> None:
    tab.width(width)
    tab.open(address(report))
    tab.value("document.querySelectorAll('details').forEach(d => d.open = true)")
    tab.settle()
    assert tab.complaints == []
    assert tab.outside == []
    assert sideways(tab) <= 0
    assert tab.value("document.querySelectorAll('main section').length") == 17


@pytest.mark.parametrize("width", [1280, 400])
def test_the_map_shows_where_it_starts_and_all_of_it_where_there_is_room(report: Path, tab: Tab, width: int) -> None:
    tab.width(width)
    tab.open(address(report))
    box, start = (f"document.querySelector('.map-box{inner}').getBoundingClientRect()" for inner in ("", " rect.end"))
    assert tab.value(f"{start}.left >= {box}.left && {start}.right <= {box}.right")
    if width == 1280:
        assert tab.value("document.querySelector('.map-box').scrollWidth <= document.querySelector('.map-box').clientWidth + 1")


def test_text_twice_as_large_still_fits(report: Path, tab: Tab) -> None:
    tab.width(1280)
    tab.open(address(report))
    tab.value("document.documentElement.style.fontSize = '200%'")
    assert sideways(tab) <= 0


def test_a_term_shows_its_meaning_on_focus_and_hides_it_on_escape(report: Path, tab: Tab) -> None:
    shown = "getComputedStyle(document.activeElement.nextElementSibling).display"
    inside = "(r => r.left >= 0 && r.right <= innerWidth)(document.activeElement.nextElementSibling.getBoundingClientRect())"
    for width in (1280, 400):
        tab.width(width)
        tab.open(address(report))
        count = tab.value("document.querySelectorAll('main .term a').length")
        for i in range(count):
            tab.value(f"document.querySelectorAll('main .term a')[{i}].focus()")
            assert tab.value(shown) == "block"
            assert tab.value(inside)
            assert sideways(tab) <= 0
        tab.press("Escape")
        assert tab.value(shown) == "none"


def test_the_first_press_of_tab_offers_to_skip_to_the_report(report: Path, tab: Tab) -> None:
    tab.open(address(report))
    tab.press("Tab")
    assert tab.value("document.activeElement.className") == "skip"
    tab.press("Enter")
    tab.settle()
    assert tab.value("location.hash") == "#main"


@pytest.mark.parametrize(
    ("body", "complains", "asks"),
    [
        ("<script>console.error('no')</script>", True, False),
        ("<script>nowhere()</script>", True, False),
        ('<meta http-equiv="Content-Security-Policy" content="style-src \'none\'"><p style="color:red">x</p>', True, False),
        ('<img src="https://host.example/pixel.png" alt="">', True, True),
        ('<link rel="stylesheet" href="http://host.example/a.css">', True, True),
        ("<p>nothing wrong</p>", False, False),
    ],
)
def test_the_same_check_sees_a_page_that_complains_or_calls_outside(
    tmp_path: Path, tab: Tab, body: str, complains: bool, asks: bool
) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text(
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>x</title></head><body>{body}</body></html>", encoding="utf-8"
    )
    tab.open(address(bad))
    assert bool(tab.complaints) == complains
    assert bool(tab.outside) == asks


def test_the_same_check_sees_a_page_that_is_too_wide(tmp_path: Path, tab: Tab) -> None:
    wide = tmp_path / "wide.html"
    wide.write_text("<!DOCTYPE html><title>x</title><div style='width:700px'>x</div>", encoding="utf-8")
    tab.width(400)
    tab.open(address(wide))
    assert sideways(tab) >= 300
