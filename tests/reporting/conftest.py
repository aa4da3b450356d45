"""What the tests of the page share: a made-up hospital."""

import pytest

from sandcone.core.estimate import Measures
from sandcone.core.log import EventLog
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
