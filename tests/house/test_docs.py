"""The docs are held to the code: what is public is in them, what they show runs and says what they say, what they link to is there."""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from typer.main import get_command

import sandcone
from sandcone.core.estimate import Measures
from sandcone.core.site import MODE_FLAGS, Calendar, Condition, Need, Pool, Promise, Shift, Site, site_of
from sandcone.scenarios import small_hospital

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SANDCONE = (sys.executable, "-c", "from sandcone.cli import main; main()")

# ── reading the docs ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Block:
    """A fenced block: what its first line says it is, its text, and the text block that stands right after it, if one does."""

    kind: str
    text: str
    shown: str | None


def blocks(text: str) -> list[Block]:
    """Every fenced block of a page, in order."""
    found = list(FENCE.finditer(text))
    pairs = zip(found, [*found[1:], None], strict=False)  # the last block has none after it
    return [Block(kind=a.group(1).strip(), text=a.group(2), shown=shown(text, a, b)) for a, b in pairs]


def shown(text: str, block: re.Match[str], after: re.Match[str] | None) -> str | None:
    """What the page shows right after a block as what it says."""
    return after.group(2) if after and after.group(1) == "text" and not text[block.end() : after.start()].strip() else None


def words(page: Path) -> str:
    """The text of a page."""
    return page.read_text(encoding="utf-8")


def everything() -> str:
    """All docs, one after the other; not the list of changes, in which a name may be one of the past."""
    return "\n".join(words(p) for p in PAGES if p.name != "CHANGELOG.md")


def ids(pages: list[Path]) -> list[str]:
    return [p.name for p in pages]


def with_examples() -> list[Path]:
    """The pages that have blocks marked as examples."""
    return [p for p in PAGES if any(b.kind.endswith(" example") for b in blocks(words(p)))]


# ── what is public is in the docs ───────────────────────────────────────────────────────────────────────────────────


def test_every_public_name_is_in_the_docs() -> None:
    text = everything()
    assert [name for name in sandcone.__all__ if not re.search(rf"\bsandcone\.{name}\b", text)] == []


def test_every_command_and_every_option_is_in_the_docs() -> None:
    text, command = everything(), get_command(sandcone_app())
    commands: dict[str, Any] = command.commands  # type: ignore[attr-defined]
    assert commands
    asked = {opt for c in commands.values() for p in c.params for opt in p.opts if opt.startswith("-")}
    assert [name for name in commands if f"sandcone {name}" not in text] == []
    assert [opt for opt in sorted(asked) if f"`{opt}`" not in text] == []


def sandcone_app() -> Any:
    from sandcone.cli import app

    return app


def test_every_key_of_a_site_is_explained() -> None:
    text = words(ROOT / "docs" / "site.md")
    headings = set(re.findall(r"\w+", " ".join(re.findall(r"^## (.+)$", text, re.MULTILINE))))
    assert [key for key in Site.model_fields if key not in headings] == []
    inner: list[type[BaseModel]] = [Shift, Calendar, Pool, Promise, Condition, Need]
    keys = {field.alias or name for model in inner for name, field in model.model_fields.items()} | set(MODE_FLAGS)
    code = " ".join(re.findall(r"`[^`\n]+`", text)) + " ".join(b.text for b in blocks(text) if b.kind == "toml")
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", code)] == []


def test_what_site_md_shows_is_a_site() -> None:
    whole: dict[str, object] = {}
    for block in blocks(words(ROOT / "docs" / "site.md")):
        if block.kind == "toml":
            whole |= tomllib.loads(block.text)
    assert site_of(whole, "docs/site.md").model_fields_set == set(Site.model_fields)


# ── every measure is explained, and nothing is explained that is not measured ───────────────────────────────────────


@cache
def measured() -> tuple[Measures, ...]:
    """The example hospital: with its site, with a site that says more, with none, and as a log of one time a step."""
    hospital = small_hospital()
    columns = tomllib.loads(hospital.columns.read_text(encoding="utf-8"))
    alone = {key: value for key, value in columns.items() if key != "site"}
    surgeons = {"resources": ["Surgeon A", "Surgeon B"], "cost_per_hour": 150.0, "grade": "junior"}
    more = {"promised_hours": 720.0, "senior_steps": ["Surgery"], "pools": {"Surgeons": surgeons}}
    points = {"case": "patient", "step": "activity", "time": "finished", "dates": "iso"}
    maps = (columns, {**columns, "site": columns["site"] | more}, alone, points)
    return tuple(sandcone.measure(sandcone.read(hospital.log, columns=m), seed=1, draws=0) for m in maps)


def given() -> set[str]:
    """Every name of a number, or of one that is missing."""
    return {m.name for found in measured() for m in found} | {m.name for found in measured() for m in found.missing}


def explained() -> set[str]:
    """Every name in the first column of a table of measures.md."""
    rows = re.findall(r"^\| (`[^|]+`) \|", words(ROOT / "docs" / "measures.md"), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_every_measure_is_explained() -> None:
    assert sorted(given() - explained()) == []


def test_no_measure_is_explained_that_is_not_given() -> None:
    signals = {name for name in explained() if name.startswith("xmr_signal.")}  # given only where a rule speaks
    assert {name.replace("xmr_signal.", "xmr.") for name in signals} <= given()
    assert sorted(explained() - given() - signals) == []


# ── what is shown runs, and says what is shown ──────────────────────────────────────────────────────────────────────


def agree(shown: str, said: str) -> str:
    """Empty if what was said is what the page shows, "..." standing for anything; else the two side by side."""
    checker, flags = doctest.OutputChecker(), doctest.ELLIPSIS
    if checker.check_output(shown, said, flags):
        return ""
    return f"the page shows\n{shown}\nbut it says\n{said}"


def ran(block: Block, names: dict[str, object]) -> str:
    """What an example prints, run in this folder: Python with the names of the examples before it, or the shell."""
    if block.kind == "python example":
        heard = io.StringIO()
        with contextlib.redirect_stdout(heard):
            exec(compile(block.text, "example", "exec"), names)
        return heard.getvalue()
    return "".join(shell(line) for line in block.text.splitlines())


def shell(line: str) -> str:
    first, *rest = shlex.split(line)
    assert first == "sandcone", f"an example in the shell calls {first}"
    done = subprocess.run([*SANDCONE, *rest], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def differences(page: Path) -> Iterator[str]:
    names: dict[str, object] = {"__name__": "example"}
    for block in blocks(words(page)):
        if block.kind.endswith(" example"):
            said = ran(block, names)
            yield agree(block.shown, said) if block.shown is not None else ""


@pytest.mark.parametrize("page", with_examples(), ids=ids(with_examples()))
def test_every_example_runs_and_says_what_is_shown(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hospital = small_hospital()
    for path in (hospital.log, hospital.columns):
        shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert [d for d in differences(page) if d] == []


def test_the_front_page_and_the_first_walk_have_examples() -> None:
    assert {"README.md", "learn.md"} <= {p.name for p in with_examples()}


def test_an_example_that_says_something_else_is_noticed() -> None:
    assert agree("one\n...\nthree\n", "one\ntwo\nthree\n") == ""
    assert agree("one\n", "two\n")
    page = "```python example\nprint(1)\n```\n\n```text\n{}\n```\n\n"
    right, wrong = blocks(page.format(1) + page.format(2))[::2]
    assert [bool(agree(b.shown or "", ran(b, {}))) for b in (right, wrong)] == [False, True]


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_every_block_of_python_and_toml_can_be_read(page: Path) -> None:
    for block in blocks(words(page)):
        if block.kind.startswith("python"):
            ast.parse(block.text)
        if block.kind == "toml":
            tomllib.loads(block.text)


# ── what is linked to is there ──────────────────────────────────────────────────────────────────────────────────────


def anchors(page: Path) -> set[str]:
    """The names by which a page's headings are linked to."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", words(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> list[str]:
    """Every link of a page that does not leave the repository."""
    found = re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", words(page)))
    return [link for link in found if not re.match(r"\w+:", link)]


def broken(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return not target.exists() or (bool(anchor) and anchor not in anchors(target))


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [link for link in links(page) if broken(page, link)] == []


def test_every_page_of_the_docs_is_on_a_shelf_of_the_front_page() -> None:
    reached = set(links(ROOT / "README.md"))
    assert [p.name for p in PAGES if p.parent.name == "docs" and f"docs/{p.name}" not in reached] == []
