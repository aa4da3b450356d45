"""The two commands on the front page, as far as they can be tried without making everything again."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make")


def make(folder: Path, *words: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run make on a copy of the Makefile, with nothing but ``path`` to find programs on."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock", "requirements-spark.lock"):
        shutil.copy(ROOT / name, folder)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))} | ({"PATH": path} if path else {})
    return subprocess.run([shutil.which("make") or "make", *words], cwd=folder, env=env, capture_output=True, text=True, check=False)


def program(folder: Path, name: str, script: str) -> None:
    """A program that the Makefile may find."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def plain_programs(folder: Path) -> Path:
    """A folder with the few programs every machine has, and no Python or Java."""
    folder.mkdir()
    for name in ("sh", "sed", "head", "touch", "echo"):
        (folder / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    return folder


def test_without_a_python_that_is_new_enough_make_says_what_to_do(tmp_path: Path) -> None:
    programs = plain_programs(tmp_path / "programs")
    program(programs, "python3", "exit 1")  # too old
    done = make(tmp_path, "demo", path=str(programs))
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "make PYTHON=" in done.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(("version", "wanted"), [("17.0.15", True), ("21", True), ("1.8.0_392", False), ("11.0.2", False)])
def test_spark_is_asked_for_only_where_java_is_new_enough(tmp_path: Path, version: str, wanted: bool) -> None:
    programs = plain_programs(tmp_path / "programs")
    program(programs, "java", f"echo 'openjdk version \"{version}\" 2025-04-15' >&2")
    done = make(tmp_path, "-n", "tests", path=str(programs))
    assert done.returncode == 0, done.stderr
    assert ("requirements-spark.lock" in done.stdout) is wanted
    assert ("Left out: Spark" in done.stdout) is not wanted


def test_without_java_make_says_that_spark_is_left_out(tmp_path: Path) -> None:
    done = make(tmp_path, "-n", "tests", path=str(plain_programs(tmp_path / "programs")))
    assert "no Java is here" in done.stdout


def test_the_second_time_nothing_is_installed_again(tmp_path: Path) -> None:
    make(tmp_path, "help")  # brings the files
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name in ("bin/python", ".ready-to-run", ".ready-to-check", ".ready-to-check-with-spark"):
        (tmp_path / ".venv" / name).touch()
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(["make", "-n", "tests"], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert "pip" not in done.stdout
    (tmp_path / "requirements.lock").touch()
    later = (tmp_path / "requirements.lock").stat().st_mtime + 5
    os.utime(tmp_path / "requirements.lock", (later, later))
    done = subprocess.run(["make", "-n", "tests"], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert "--requirement requirements.lock" in done.stdout


def test_the_full_check_can_be_run_as_it_is() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    subprocess.run(["bash", "-n", str(script)], check=True)


def ci(folder: Path, **programs: str) -> subprocess.CompletedProcess[str]:
    """Run .ci/run with a make that ends with 7, on a machine that has only these programs (name → what it does)."""
    here = plain_programs(folder / "programs")
    for name in ("bash", "dirname"):
        (here / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    always = {"make": "echo made $* with CI=$CI; exit 7", "id": "echo 0"}
    for name, script in (always | programs).items():
        program(here, name.replace("_", "-"), script)
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    command = [str(here / "bash"), ".ci/run"]
    return subprocess.run(command, cwd=folder, env={"PATH": str(here)}, capture_output=True, text=True, check=False)


def test_the_full_check_ends_as_make_test_ends(tmp_path: Path) -> None:
    done = ci(tmp_path, chromium="exit 0", dpkg="exit 0")
    assert (done.returncode, done.stdout) == (7, "made test with CI=true\n")


def test_the_full_check_installs_what_is_missing_and_nothing_else(tmp_path: Path) -> None:
    done = ci(tmp_path, dpkg="exit 0", apt_get='echo "$*" >> asked')
    assert done.returncode == 7
    assert "Left out" not in done.stdout
    assert (tmp_path / "asked").read_text().splitlines() == ["update -qq", "install -y -qq --no-install-recommends chromium"]


def test_the_full_check_goes_on_where_nothing_can_be_installed_and_says_so(tmp_path: Path) -> None:
    done = ci(tmp_path)
    assert done.returncode == 7
    assert "Left out: chromium r-cran-lavaan" in done.stdout


def test_the_full_check_goes_on_where_an_installation_fails_and_says_so(tmp_path: Path) -> None:
    done = ci(tmp_path, dpkg="exit 0", apt_get="exit 100")
    assert done.returncode == 7
    assert "Left out: chromium (" in done.stdout
    assert "r-cran-lavaan" not in done.stdout
