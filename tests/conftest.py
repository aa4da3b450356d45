"""What all tests share: where things are, what is here to test with, and how hypothesis behaves."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from sandcone.cli import main

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

settings.register_profile("sandcone", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sandcone")


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real hospital logs beside the repository; a test that needs them is skipped where they are not."""
    if not (SHARED / "data").is_dir():
        pytest.skip("no ../shared/data beside the repository")
    return SHARED


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """The command line, called in this process: exit code, what it said, what it told meanwhile."""

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["sandcone", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return int(end.value.code or 0), out, err

    return call


def pytest_report_header() -> list[str]:
    """One line on what is here, so that a skipped test is no surprise."""
    browsers = ("chromium", "chromium-browser", "google-chrome")
    here = {
        "real logs (../shared/data)": (SHARED / "data").is_dir(),
        "a browser": any(map(shutil.which, browsers)),
        "R": shutil.which("Rscript") is not None,
        "Spark": importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None,
    }
    return [f"tested with: {', '.join(k for k, v in here.items() if v) or 'nothing extra'}"] + [
        f"left out: {', '.join(k for k, v in here.items() if not v)}" for _ in range(1) if not all(here.values())
    ]
