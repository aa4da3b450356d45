"""The rules that hold for every file, whoever writes it."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-spark.lock")
HEAVY = ("pyspark", "numba", "scipy", "pandas", "duckdb", "ibis", "pyarrow", "r4pm", "lxml", "statsmodels", "sklearn", "ortools", "ray")
STAGES = ("reading", "measuring", "improving", "reporting", "scenarios")


def tracked() -> list[Path]:
    """Every file that is in the repository or would be."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [p for name in listed.stdout.decode().split("\0") if name and (p := ROOT / name).is_file()]


def written() -> list[tuple[str, str]]:
    """Name and text of every tracked text file but this one."""
    files = [(p, p.read_bytes()) for p in tracked() if p != Path(__file__)]
    return [(str(p.relative_to(ROOT)), raw.decode("utf-8", "replace")) for p, raw in files if b"\0" not in raw]


def modules() -> list[Path]:
    """Every Python file of the package."""
    return sorted((ROOT / "src" / "sandcone").rglob("*.py"))


def python(code: str, cwd: Path = ROOT) -> str:
    """What a fresh Python prints for this code."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


# ── imports ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def broken_contracts(src: Path) -> str:
    """What the import rule says of a copy of the package; empty if all is kept."""
    shutil.copy(ROOT / "pyproject.toml", src.parent / "pyproject.toml")
    env = os.environ | {"PYTHONPATH": str(src)}
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=src.parent, env=env, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def copy_of_the_package(tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info", "*.gz")
    shutil.copytree(ROOT / "src" / "sandcone", tmp_path / "src" / "sandcone", ignore=ignore)
    return tmp_path / "src"


def test_the_import_rule_holds(tmp_path: Path) -> None:
    assert broken_contracts(copy_of_the_package(tmp_path)) == ""


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("reading/planted.py", "import sandcone.measuring"),
        ("measuring/planted.py", "from sandcone.reporting import page"),
        ("scenarios/planted.py", "import sandcone.reading"),
        ("improving/planted.py", "import sandcone.measuring"),
        ("core/planted.py", "import sandcone.reading"),
        ("core/planted.py", "import duckdb"),
    ],
)
def test_the_import_rule_notices_a_planted_import(tmp_path: Path, where: str, line: str) -> None:
    src = copy_of_the_package(tmp_path)
    for stage in STAGES:
        (src / "sandcone" / stage).mkdir(exist_ok=True)
        (src / "sandcone" / stage / "__init__.py").touch()
    (src / "sandcone" / where).write_text(line + "\n")
    said = broken_contracts(src)
    assert "BROKEN" in said, said
    assert where.removesuffix(".py").replace("/", ".") in said


@pytest.mark.parametrize("module", ["sandcone.core.errors", "sandcone.core.estimate", "sandcone.core.site", "sandcone.scenarios"])
def test_the_plain_nouns_load_no_heavy_library(module: str) -> None:
    loaded = python(f"import sys, {module}; print(*sys.modules)").split()
    assert not set(loaded) & (set(HEAVY) - {"numpy"})


def test_importing_sandcone_loads_nothing_that_most_people_do_not_need() -> None:
    loaded = python("import sys, sandcone; print(*sys.modules)").split()
    assert not set(loaded) & {"pyspark", "numba", "scipy", "pandas", "r4pm", "statsmodels", "sklearn", "ortools", "ray"}


def test_asking_the_command_line_for_help_stays_light() -> None:
    code = (
        "import sys\nsys.argv = ['sandcone', '--help']\nimport sandcone.cli\n"
        "try:\n    sandcone.cli.main()\nexcept SystemExit as e:\n    assert not e.code, e.code\n"
        "print('LOADED', *sys.modules)"
    )
    loaded = python(code).rpartition("LOADED")[2].split()
    assert not set(loaded) & {"pyspark", "numba", "scipy", "pandas", "r4pm"}


# ── size and repetition ─────────────────────────────────────────────────────────────────────────────────────────────


def test_no_file_has_grown_past_three_hundred_lines() -> None:
    """A kernel is one file with its helpers, since Numba's cache does not notice a helper that changed in another (docs/decisions.md)."""
    sizes = {str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in modules()}
    assert {name: n for name, n in sizes.items() if n > 300 and not name.endswith("kernel.py")} == {}


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    assert [p for p in modules() if {"utils", "util", "helpers", "misc", "common"} & set(p.with_suffix("").parts[-3:])] == []


def bodies(source: str) -> list[str]:
    """Each function of at least four lines, without its name and its docstring."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and len(ast.unparse(node).splitlines()) >= 5:
            said = node.body[1:] if ast.get_docstring(node) else node.body
            found.append(ast.unparse(ast.Module(body=said, type_ignores=[])))
    return [body for body in found if len(body.splitlines()) >= 4]


def test_no_function_is_written_twice() -> None:
    seen: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        for body in bodies(path.read_text(encoding="utf-8")):
            seen[body].append(path.name)
    assert {body: where for body, where in seen.items() if len(where) > 1} == {}


def test_a_function_written_twice_under_two_names_is_noticed() -> None:
    one = "def {}(x):\n    '''{}'''\n    y = x\n    y += 1\n    y *= 2\n    return y\n"
    first, second = bodies(one.format("a", "One.") + one.format("b", "Another."))
    assert first == second


# ── what must not be written down ───────────────────────────────────────────────────────────────────────────────────

PATH = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|mnt|opt|srv)/[\w.]")
INDEX = re.compile(
    r"pypi\.org|pythonhosted|--(?:extra-)?index-url|--find-links|--trusted-host|https?://(?:localhost|127\.|10\.|192\.168\.)"
)
TOOLS = re.compile(r"\b(?:claude|anthropic|chatgpt|openai|copilot|llm)\b", re.IGNORECASE)


@pytest.mark.parametrize("forbidden", [PATH, INDEX, TOOLS], ids=["paths of one machine", "package indexes", "tools"])
def test_no_file_names_a_machine_an_index_or_a_tool(forbidden: re.Pattern[str]) -> None:
    found = [f"{name}: {m.group()}" for name, text in written() for m in forbidden.finditer(text)]
    assert found == []


def test_what_must_not_be_written_down_is_noticed() -> None:
    assert PATH.search("see /" + "work/main/x")
    assert PATH.search('"/home/ann/log.csv"')
    assert not PATH.search("examples/work/main and ../shared/data")
    assert INDEX.search("--" + "index-url x")


# ── locks and package ───────────────────────────────────────────────────────────────────────────────────────────────


def pins(lock: str) -> dict[str, tuple[str, int]]:
    """Each package of a lock: its version and how many hashes it has."""
    blocks = re.split(r"\n(?=[A-Za-z0-9])", "\n" + (ROOT / lock).read_text(encoding="utf-8"))
    found = (re.match(r"([\w.-]+)==(\S+)", block) for block in blocks)
    return {m.group(1): (m.group(2), block.count("--hash=sha256:")) for m, block in zip(found, blocks, strict=True) if m}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_with_hashes_and_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert len(pins(lock)) > 25
    assert all(hashes for _, hashes in pins(lock).values())
    assert not re.search(r"://|^-|@ ", text, re.MULTILINE)


def asked_for() -> list[Requirement]:
    """What pyproject.toml asks for by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return [r for line in project["dependencies"] + extras if (r := Requirement(line)).name != project["name"]]


def test_the_locks_hold_what_the_project_asks_for() -> None:
    locked = {name: version for name, (version, _) in pins(LOCKS[-1]).items()}
    assert [str(r) for r in asked_for() if not r.specifier.contains(locked.get(r.name, "0"))] == []


@pytest.mark.parametrize(("larger", "smaller"), [LOCKS[1::-1], LOCKS[:0:-1]], ids=["dev", "spark"])
def test_a_larger_lock_agrees_with_the_smaller_one(larger: str, smaller: str) -> None:
    assert pins(smaller).items() <= pins(larger).items()


def test_the_wheel_holds_every_file_the_package_reads(tmp_path: Path) -> None:
    setuptools = pytest.importorskip("setuptools")
    if int(setuptools.__version__.split(".")[0]) < 77 or not (ROOT / "README.md").exists():
        pytest.skip("needs the locked setuptools and a README to build a wheel")
    copy_of_the_package(tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    build = "from setuptools.build_meta import build_wheel; build_wheel('dist')"
    subprocess.run([sys.executable, "-c", build], cwd=tmp_path, capture_output=True, check=True)
    wheel = next((tmp_path / "dist").glob("*.whl"))
    names = python(f"import zipfile; print(*zipfile.ZipFile({str(wheel)!r}).namelist(), sep='\\n')").splitlines()
    source = ROOT / "src"
    here = (p for p in (source / "sandcone").rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    wanted = {p.relative_to(source).as_posix() for p in here}
    assert wanted <= set(names)
