"""The verdict on the command line: two logs, one log and a day, runs in pairs, the page, the file of what was agreed, refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import sandcone
from sandcone.core.arrivals import Rate
from sandcone.core.law import Exponential, Fixed, Minutes
from sandcone.core.model import Model, Need, Pool, Resource, Step
from sandcone.core.route import Do, Route
from sandcone.reporting.verdict_words import MEANS
from tests.measuring.worlds import log_of, step

Called = Callable[..., tuple[int, str, str]]
DAYS = 40
SITE = """
segment = ["kind"]
[steps]
see = "value-adding"
[[calendars.default.shifts]]
days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
from = "08:00"
to = "16:00"
"""


def rows(first: int, kinds: Sequence[str] = ("<i>x", "y"), wait: float = 1.0) -> list[dict[str, Any]]:
    """So many days with the same two patients, whose waits differ a little from day to day."""
    out = []
    for d in range(first, first + DAYS):
        for i, kind in enumerate(kinds):
            begin = 24 * d + 9 + 2 * i + 0.1 * (d % 3)
            out.append(step(f"secret {d} {i}", "see", begin, begin + 1, "nurse", ready=begin - wait - 0.2 * ((7 * d) % 5), kind=kind))
    return out


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two periods of forty days, and both in one log; after, patients wait half as long."""
    folder = tmp_path_factory.mktemp("verdict")
    for name, steps in (("before", rows(0)), ("after", rows(DAYS, wait=0.2)), ("both", [*rows(0), *rows(DAYS, wait=0.2)])):
        sandcone.save(log_of(steps), folder / f"{name}.parquet")
    (folder / "site.toml").write_text(SITE, encoding="utf-8")
    return folder


def test_two_logs_and_one_log_with_a_day_get_the_same_verdict(called: Called, logs: Path) -> None:
    found = []
    for words in (("before.parquet", "after.parquet"), ("both.parquet", "--at", "2024-02-10")):
        files = [logs / w if w.endswith("parquet") else w for w in words]
        code, said, _ = called("verdict", *files, "--site", logs / "site.toml", "--json")
        assert code == 0
        found.append(json.loads(said))
    two, one = found
    assert two["word"] == one["word"]
    assert two["changes"]["flow"]["before"]["value"] == pytest.approx(one["changes"]["flow"]["before"]["value"])
    assert two["compared"]["rows"] == one["compared"]["rows"] == [DAYS, DAYS]
    assert two["signs"]["flow"] == 1


def test_the_page_says_the_word_the_hash_and_no_patient(called: Called, logs: Path, tmp_path: Path) -> None:
    agreed = tmp_path / "agreed.toml"
    agreed.write_text('[verdict]\nquality = "assumed"\n')
    page = tmp_path / "page.html"
    words = ("verdict", logs / "both.parquet", "--at", "2024-02-10", "--site", logs / "site.toml", "--registered", agreed, "--page", page)
    code, said, _ = called(*words)
    text, hash_ = page.read_text(encoding="utf-8"), sha256(agreed.read_bytes()).hexdigest()
    assert code == 0
    assert hash_ in said
    assert hash_ in text
    headline = said.split(":")[0].lower()
    assert headline == "frontier moved, unless it is the season"
    assert text.count(headline.capitalize()) >= 2
    assert MEANS["frontier moved"] in text
    assert "A board may conclude" in text
    assert "secret" not in said + text
    assert "<i>x" not in text
    assert not re.search(r"https?://(?!www\.w3\.org)", text)


def test_without_a_file_the_verdict_says_that_nothing_was_agreed(called: Called, logs: Path) -> None:
    assert "Agreed beforehand: nothing." in called("verdict", logs / "both.parquet", "--at", "2024-02-10", "--site", logs / "site.toml")[1]


def clinic(*, spread: bool) -> Model:
    """Patients who come as chance has it to one doctor; help takes 15 minutes, or that on average."""
    visit = Step(minutes=Minutes(otherwise=Exponential(mean=15) if spread else Fixed(minutes=15)), needs=(Need(pools=("doctors",)),))
    return Model(
        name="clinic",
        begin=date(2024, 1, 1),
        steps={"Visit": visit},
        route=Route(first="v", nodes={"v": Do(step="Visit")}),
        arrivals=(Rate(per_hour=(3.0,)),),
        resources={"Dr A": Resource()},
        pools={"doctors": Pool(members=("Dr A",))},
    )


def test_runs_of_two_ways_are_compared_pair_by_pair(called: Called, tmp_path: Path) -> None:
    for name, model in (("today", clinic(spread=True)), ("even", clinic(spread=False))):
        path = sandcone.save_model(model, tmp_path / f"{name}.json")
        assert called("simulate", path, "--days", "12", "--replications", "5", "--seed", "3", "-o", tmp_path / name)[0] == 0
    code, said, _ = called("verdict", tmp_path / "today", tmp_path / "even", "--json")
    found = json.loads(said)
    assert (code, found["word"], found["compared"]["unit"]) == (0, "frontier moved", "runs")  # as busy as before, and waits are shorter
    assert found["registered"]["quality"] == "assumed"
    (tmp_path / "even" / "run5.parquet").unlink()
    code, _, err = called("verdict", tmp_path / "today", tmp_path / "even")
    assert (code, "5 runs before and 4 after" in err) == (2, True)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("both.parquet",), "one log and no date"),
        (("after.parquet", "before.parquet"), "begins on 2024-01-01, and the one before ends on 2024-03-20. Give the earlier log first"),
        (("before.parquet", "before.parquet"), "Give the earlier log first"),
        (("before.parquet", "after.parquet", "--at", "2024-02-10"), "two logs and a date"),
        (("both.parquet", "--at", "2024-02-10", "--control", "kind"), "no attribute=value"),
        (("both.parquet", "--at", "2024-02-10", "--registered", "nothing.toml"), "cannot be read"),
        (("before.parquet", "after.parquet", "--page", "after.parquet"), "over what it is made from"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_line(called: Called, logs: Path, words: tuple[str, ...], why: str) -> None:
    files = [logs / w if w.endswith((".parquet", ".toml")) else w for w in words]
    code, said, err = called("verdict", *files)
    assert (code, said) == (2, "")
    assert why in err.splitlines()[-1]
