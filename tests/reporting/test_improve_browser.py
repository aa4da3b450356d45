"""The page of a search for better ways in a real browser, wide and narrow: it fits, complains of nothing, and cuts no word off."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandcone.reporting.improve_page import write_improve
from tests.reporting.browser import Tab, address, found
from tests.reporting.improved_sample import improved, long_names

PROGRAM = found()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium on this machine, so the page is not opened in a browser")
CUT = """[...document.querySelectorAll('svg.sets:not(.swatch)')].flatMap(s => [...s.querySelectorAll('text')].filter(t => {
    const [a, b] = [t.getBoundingClientRect(), s.getBoundingClientRect()];
    return a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1 || a.bottom > b.bottom + 1; }).map(t => t.textContent))"""


@pytest.mark.parametrize("width", [1280, 400, 320])
def test_the_page_fits_the_window_and_asks_nobody_for_anything(tmp_path: Path, tab: Tab, width: int) -> None:
    tab.width(width)
    for i in (improved(), long_names()):
        tab.open(address(write_improve(i, tmp_path / "improve.html")))
        tab.value("document.querySelectorAll('details').forEach(d => d.open = true)")
        tab.settle()
        assert tab.complaints == []
        assert tab.outside == []
        assert tab.value("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert tab.value(CUT) == []


def test_the_tables_of_a_wide_page_need_no_scrolling(tmp_path: Path, tab: Tab) -> None:
    tab.width(1280)
    tab.open(address(write_improve(improved(), tmp_path / "improve.html")))
    assert tab.value("[...document.querySelectorAll('.scroll')].every(b => b.scrollWidth <= b.clientWidth + 1)")
