"""Files of levers: what they say, what is refused and where, and what one hospital cannot have."""

from __future__ import annotations

import hashlib
import inspect
import pickle
import re
import tomllib
from pathlib import Path

import pytest

from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import MapError
from sandcone.core.lever import Course, Levers, Limits, arranged, named
from sandcone.core.plan import ByClass, NobodyOver
from sandcone.improving.levers import KINDS
from sandcone.improving.levers.queues import queue
from sandcone.improving.levers.reading import levers_of, read_levers
from tests.improving.levers.played import today

FILE = """
[limits]
staff_cost = 1.0
staff = ["Doctors", "Nurses"]

[course]
days = 28

[[lever]]
name = "A bed more"
use = "capacity"
words = "More beds on the ward."
pools = ["Ward"]
settings = [{change = 1}, {change = 4, name = "a bay", money_per_week = 55.5}]
money_per_week = 10

[[lever]]
name = "Clinic hours"
use = "hours"
calendars = ["clinic"]
settings = [{later_minutes = 60}, {earlier_minutes = 30, later_minutes = -30}, {later_minutes = 90, days = ["Mon", "Fri"]}]

[[lever]]
name = "Who goes first"
use = "queue"
rule = {kind = "nobody over", minutes = 60, otherwise = {kind = "by class", attribute = "need", order = ["operation"]}}
"""


def read(text: str, at: Arrangement | None = None) -> Levers:
    return levers_of(tomllib.loads(text), "levers.toml", at or today())


def test_a_file_says_limits_the_length_of_runs_and_levers_with_their_settings(tmp_path: Path) -> None:
    (tmp_path / "l.toml").write_text(FILE, encoding="utf-8")
    levers = read_levers(tmp_path / "l.toml", today())
    assert levers.limits == Limits(staff_cost=1.0, staff=("Doctors", "Nurses"))
    assert levers.course == Course(days=28)
    assert levers.sha256 == hashlib.sha256(FILE.encode()).hexdigest()
    assert [(x.name, x.use) for x in levers.levers] == [("A bed more", "capacity"), ("Clinic hours", "hours"), ("Who goes first", "queue")]
    beds, clinic, first = levers.levers
    assert [(s.name, s.money_per_week) for s in beds.settings] == [("change 1", 10.0), ("a bay", 55.5)]
    assert [s.name for s in clinic.settings] == [
        "later_minutes 60",
        "earlier_minutes 30, later_minutes -30",
        "later_minutes 90, days Mon, Fri",
    ]
    assert [s.name for s in first.settings] == ["on"]
    assert beds.words == "More beds on the ward."
    assert first.words == "Another rule says who goes first where several wait."
    assert levers.not_here == {}


def test_settings_do_what_they_say_and_can_be_sent_to_another_process() -> None:
    levers = pickle.loads(pickle.dumps(read(FILE).levers))
    at = arranged(levers, (2, 0, 1), today())
    assert at.model.resources["Ward"].capacity == 10
    assert at.money_per_week == 55.5
    rule = NobodyOver(minutes=60, otherwise=ByClass(attribute="need", order=("operation",)))
    assert at.plan == queue(today(), rule=rule).plan
    assert named(levers, (2, 0, 1)) == (("A bed more", "a bay"), ("Who goes first", "on"))
    assert arranged(levers, (0, 0, 0), today()) == today()


LEVER = 'name = "X"\nuse = "pool"\npools = ["Ward", "Annexe"]\n'
REFUSED = {
    "no such kind": ('[[lever]]\nname = "X"\nuse = "pull"', r"lever 'X': there is no kind 'pull'\. Use one of .*pool"),
    "a parameter that the kind has not": (f"[[lever]]\n{LEVER}unit = 3", "lever 'X': 'unit' is not something it can say"),
    "a parameter that is missing": ('[[lever]]\nname = "X"\nuse = "pool"', "lever 'X'.*'pools' is missing"),
    "a word where there are several": (
        '[[lever]]\nname = "X"\nuse = "pool"\npools = "Ward"',
        "lever 'X', pools: input should be a valid array",
    ),
    "a number as a word": (
        '[[lever]]\nname = "X"\nuse = "move"\nfrom_pool = "Ward"\nto_pool = "Annexe"\nunits = "2"',
        "lever 'X', units: input should be a valid integer",
    ),
    "a number that is not whole": (
        '[[lever]]\nname = "X"\nuse = "move"\nfrom_pool = "Ward"\nto_pool = "Annexe"\nunits = 2.5',
        "lever 'X', units: input should be a valid integer",
    ),
    "a day that is none": ('[[lever]]\nname = "X"\nuse = "hours"\ncalendars = ["clinic"]\ndays = ["Someday"]', r"lever 'X', days\.0"),
    "a rule that there is not": ('[[lever]]\nname = "X"\nuse = "queue"\nrule = {kind = "by chance"}', "there is no kind 'by chance'"),
    "a rule in a rule": (
        '[[lever]]\nname = "X"\nuse = "queue"\n[lever.rule]\nkind = "nobody over"\nminutes = 1\n'
        '[lever.rule.otherwise]\nkind = "nobody over"\nminutes = 2\notherwise = {kind = "first come"}',
        "'nobody over' inside 'nobody over'",
    ),
    "a setting that says too much": (f"[[lever]]\n{LEVER}settings = [{{words = 'no'}}]", "'words' is not something it can say"),
    "a price that is a word": (f"[[lever]]\n{LEVER}money_per_week = 'much'", "money_per_week: input should be a valid number"),
    "two levers of one name": (f"[[lever]]\n{LEVER}[[lever]]\n{LEVER}", "two levers are called 'X'"),
    "two settings of one name": (
        f"[[lever]]\n{LEVER}settings = [{{own_first = true}}, {{own_first = true}}]",
        "two settings are called 'own_first yes'",
    ),
    "no levers": ("lever = []", "levers.toml: it has no levers"),
    "nothing": ("", "levers.toml: 'lever' is missing"),
    "a table that there is not": (f"[limit]\ncost = 1\n[[lever]]\n{LEVER}", "'limit' is not something it can say"),
    "a limit that there is not": (f"[limits]\ncosts = 1\n[[lever]]\n{LEVER}", "limits: 'costs' is not something it can say"),
    "a limit of nothing": (f"[limits]\ncost = 0\n[[lever]]\n{LEVER}", "limits: a cost of 0 times today's or less"),
    "a course without days": (f"[course]\ndays = 0\n[[lever]]\n{LEVER}", "course: days that cannot be"),
    "a course of half days": (f"[course]\ndays = 7.5\n[[lever]]\n{LEVER}", r"course\.days: input should be a valid integer"),
    "what the hospital has not": (
        '[[lever]]\nname = "X"\nuse = "pool"\npools = ["Ward", "Wing"]',
        r"lever 'X': no pool is called 'Wing'.*optional = true",
    ),
    "what changes nothing": ('[[lever]]\nname = "X"\nuse = "capacity"\npools = ["Ward"]\ntimes = 1.0', "as many places as before"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_file_cannot_say_is_refused_with_its_place(case: str) -> None:
    text, why = REFUSED[case]
    with pytest.raises(MapError, match=why) as refusal:
        read(text)
    assert str(refusal.value).startswith("levers.toml")


def test_a_lever_that_changes_nothing_here_is_refused() -> None:
    at = queue(today(), rule=ByClass(attribute="need", order=("operation",)))
    rule = 'rule = {kind = "by class", attribute = "need", order = ["operation"]}'
    with pytest.raises(MapError, match="lever 'X': it changes nothing here"):
        read(f'[[lever]]\nname = "X"\nuse = "queue"\n{rule}', at)


def test_an_optional_lever_that_this_hospital_cannot_have_is_named_with_why() -> None:
    text = f"""
optional = true
[[lever]]
name = "Wings"
use = "pool"
pools = ["Wing A", "Wing B"]
[[lever]]
{LEVER}
[[lever]]
name = "Fewer beds"
use = "capacity"
pools = ["Annexe"]
settings = [{{change = -1}}, {{change = -2}}]
"""
    levers = read(text)
    assert [(x.name, [s.name for s in x.settings]) for x in levers.levers] == [("X", ["on"]), ("Fewer beds", ["change -1"])]
    assert list(levers.not_here) == ["Wings", "Fewer beds, change -2"]
    assert "no pool is called 'Wing A'" in levers.not_here["Wings"]
    one = read(
        text.replace("optional = true", "").replace('name = "Wings"', 'name = "Wings"\noptional = true').replace(", {change = -2}", "")
    )
    assert list(one.not_here) == ["Wings"]


@pytest.mark.parametrize("content", [None, b"= 1", b"\xff\xfe"], ids=["not there", "no table", "no text"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "l.toml").write_bytes(content)
    with pytest.raises(MapError, match=r"l\.toml: cannot be read"):
        read_levers(tmp_path / "l.toml", today())


@pytest.mark.parametrize("use", KINDS)
def test_every_kind_has_a_sentence_for_its_words_and_its_parameters_are_in_the_docs(use: str, root: Path) -> None:
    said = inspect.getdoc(KINDS[use]) or ""
    assert said.splitlines()[0].endswith(".")
    assert KINDS[use].__name__ == use
    page = (root / "docs" / "levers.md").read_text(encoding="utf-8")
    row = next((line for line in page.splitlines() if line.startswith(f"| `{use}` |")), "")
    assert [name for name in inspect.signature(KINDS[use]).parameters if name != "at" and f"`{name}`" not in row] == []


def test_the_levers_that_the_docs_show_are_levers(root: Path) -> None:
    page = (root / "docs" / "levers.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        table = tomllib.loads(block) | {"optional": True}
        assert set(levers_of(table, "docs", today()).not_here) <= {lever["name"] for lever in table["lever"]}
