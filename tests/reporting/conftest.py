"""What the tests of the page share: a made-up hospital, and a tab of a browser."""

from collections.abc import Iterator

import pytest

from sandcone.core.estimate import Measures
from sandcone.core.log import EventLog
from tests.reporting.browser import Tab, browser, found
from tests.reporting.sample import sample_measures
from tests.reporting.sample_hospital import sample_log


@pytest.fixture(scope="session")
def log() -> EventLog:
    """A small log with an account, findings and notes."""
    return sample_log()


@pytest.fixture(scope="session")
def measures() -> Measures:
    """Made-up numbers under every name that measuring may give."""
    return sample_measures()


@pytest.fixture
def tab() -> Iterator[Tab]:
    """An empty tab; the tests that ask for one are skipped where there is no browser."""
    with browser(found() or "") as opened:
        yield opened
