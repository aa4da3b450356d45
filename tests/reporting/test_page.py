import itertools
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files

import pytest

from sandcone.core.estimate import Estimate, Measure, Measures, Missing
from sandcone.core.log import Account, EventLog, Finding, LeftOut
from sandcone.core.site import Site
from sandcone.reporting import page
from sandcone.reporting.glossary import TERMS
from sandcone.reporting.page import SECTIONS
from tests.reporting.reader import Page, taken_apart

HOSTILE = "<script>alert(1)</script>\"'&\x00 onload=x"


@pytest.fixture(scope="module")
def read(log: EventLog, measures: Measures) -> Page:
    return taken_apart(page(log, measures))


def test_every_part_of_the_page_is_there_in_order_with_one_title_and_headings_without_a_gap(read: Page) -> None:
    levels = [int(t[1]) for t, _ in read.elements if re.fullmatch("h[1-6]", t)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    assert [a["id"] for a in read.all("section")] == [s.name for s in SECTIONS]
    assert not read.wrong
    assert not read.open


def test_the_page_has_its_landmarks_and_a_way_to_skip_to_the_report(read: Page) -> None:
    assert [len(read.all(t)) for t in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert read.all("a")[0]["href"] == "#main"
    assert read.all("main")[0]["id"] == "main"
    assert read.all("html") == [{"lang": "en"}]


def test_every_link_leads_to_a_place_on_the_page_and_no_place_is_there_twice(read: Page) -> None:
    ids = [a["id"] for _, a in read.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"].removeprefix("#") for a in read.all("a")} <= set(ids)
    named = {a[k] for _, a in read.elements for k in ("aria-describedby", "aria-labelledby") if k in a}
    assert named <= set(ids)


def test_the_page_names_no_other_host_and_nothing_runs_inside_its_elements(log: EventLog, measures: Measures, read: Page) -> None:
    html = page(log, measures)
    assert "http:" not in html
    assert "https:" not in html
    assert not [k for _, a in read.elements for k in a if k.startswith("on") or k in ("style", "src")]
    assert all(u.startswith("#") for u in re.findall(r"url\(([^)]*)\)", html))
    assert "@import" not in html


def test_the_policy_lets_in_only_the_style_and_the_script_of_the_page(read: Page) -> None:
    policy = next(a["content"] for a in read.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    for name in ("style.css", "script.js"):
        text = files("sandcone.reporting").joinpath(name).read_text(encoding="utf-8")
        assert f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_every_picture_has_a_title_or_is_hidden_and_every_chart_has_its_numbers_beside_it(read: Page) -> None:
    for i, (name, attributes) in enumerate(read.elements):
        if name == "svg":
            following = [t for t, _ in read.elements[i + 1 : i + 2]]
            assert attributes.get("aria-hidden") == "true" or (
                attributes["role"] == "img" and attributes["aria-label"] and "title" in following
            )
    assert [f for f in read.figures if "svg" in f and not ({"table", "ol", "ul"} & f)] == []


def test_every_wide_thing_scrolls_in_a_box_with_a_name_that_the_keyboard_reaches(read: Page) -> None:
    boxes = [a for _, a in read.elements if a.get("class", "").startswith("scroll")]
    assert len(boxes) >= len(read.all("table"))
    assert all(a["tabindex"] == "0" and a["role"] == "region" and a["aria-label"] for a in boxes)


def test_every_term_that_can_be_pointed_at_is_in_the_glossary(read: Page) -> None:
    pointed = {a["href"] for a in read.all("a") if a["href"].startswith("#term-")}
    assert len(pointed) > 20
    assert all(TERMS[p.removeprefix("#term-")].title in read.sections["glossary"] for p in pointed)


def test_what_comes_from_the_data_can_never_become_part_of_the_page(log: EventLog, measures: Measures) -> None:
    names = {v for m in measures for v in m.group.values() if not v.startswith("(")}
    swap = {v: f"{HOSTILE}{i}" for i, v in enumerate(sorted(names)) if not re.fullmatch(r"(\w{3} \d\d)|[\d-]+", v)}
    items = tuple(replace(m, group={k: swap.get(v, v) for k, v in m.group.items()}, note=HOSTILE) for m in measures)
    hostile = replace(
        log,
        source=HOSTILE,
        site=Site(name=HOSTILE),
        notes=(HOSTILE,),
        account=Account(rows_in=3, rows_kept=2, left_out=(LeftOut(reason=HOSTILE, rows=1),)),
        findings=(Finding(what=HOSTILE, rows=1, share=0.5, effect=HOSTILE, example=HOSTILE),),
    )
    made = page(hostile, Measures(items=items, missing=(Missing(name=HOSTILE, why=HOSTILE),)))
    assert made.count("<script>") == 1
    assert "alert(1)" in made
    assert "\x00" not in made
    parts = taken_apart(made)
    assert not parts.wrong
    assert not [k for _, a in parts.elements for k in a if k.startswith("on")]


def test_a_log_that_supports_nothing_gives_a_page_of_reasons_and_no_empty_picture(log: EventLog) -> None:
    why = "The log has no time at all."
    families = (
        "cases",
        "wait_before",
        "edge",
        "resource_efficiency",
        "busy_by_hour",
        "variants",
        "xmr",
        "matrix",
        "throughput_time",
        "wip",
    )
    nothing = Measures(items=(), missing=tuple(Missing(name=f"{f}.x", why=why) for f in families))
    parts = taken_apart(page(log, nothing))
    assert not parts.figures
    assert [a["id"] for a in parts.all("section")] == [s.name for s in SECTIONS]
    for name in ("matrix", "waits", "map", "week", "variety", "control", "unfinished"):
        assert "not shown" in parts.sections[name], name
    for name in ("waits", "map", "week", "control"):
        assert why in parts.sections[name], name


@pytest.mark.parametrize(
    "family", ["wait_cause", "matrix", "edge", "resource_efficiency", "busy_hours", "xmr", "personalization", "segment", "cases"]
)
def test_a_page_without_one_family_of_numbers_still_says_the_rest(log: EventLog, measures: Measures, family: str) -> None:
    why = "There is a reason for this one."
    kept = tuple(m for m in measures if not m.name.startswith(family))
    parts = taken_apart(page(log, Measures(items=kept, missing=(Missing(name=family, why=why),))))
    assert why in parts.text
    assert not parts.wrong
    assert "Operation" in parts.sections["waits"]


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_unknown_and_endless_numbers_are_never_drawn(log: EventLog, measures: Measures, bad: float) -> None:
    items = tuple(
        replace(m, estimate=replace(m.estimate, value=bad, low=None, high=None)) if i % 3 == 0 else m for i, m in enumerate(measures)
    )
    made = page(log, Measures(items=items))
    assert not re.search(r"\bnan\b|\binf\b", made)


def test_numbers_that_rest_on_estimated_starts_say_so(log: EventLog, measures: Measures) -> None:
    seen, guessed = page(log, measures), page(replace(log, starts="estimated"), measures)
    assert 'class="badge"' not in seen
    for name in ("headline", "matrix", "waits", "map", "week"):
        assert "estimated" in taken_apart(guessed).sections[name], name
    assert "no start times" in page(replace(log, starts="none"), measures)


def test_a_log_whose_dates_were_moved_shows_no_dates(log: EventLog, measures: Measures) -> None:
    moved = taken_apart(page(replace(log, site=Site(dates_shifted=True)), measures))
    assert "March 2025" not in moved.sections["headline"]
    assert "moved the dates" in moved.sections["headline"]


def test_the_biggest_wait_and_its_cause_are_said_in_words(log: EventLog) -> None:
    def wait(step: str, hours: float, name: str = "wait_before.total", **more: str) -> Measure:
        return Measure(name=name, estimate=Estimate(value=hours, n=7, unit="h"), group={"step": step, **more})

    items = (
        wait("Triage", 7),
        wait("X-ray", 31),
        wait("X-ray", 11, "wait_cause.hours", cause="busy"),
        wait("X-ray", 20, "wait_cause.hours", cause="off shift"),
    )
    said = taken_apart(page(log, Measures(items=items))).sections["headline"]
    assert "is before X-ray, mostly because the resource was closed or off duty" in said


def test_the_same_log_gives_the_same_page(log: EventLog, measures: Measures) -> None:
    assert page(log, measures) == page(log, measures)


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [(i, g) for i in ("ink", "soft", "accent") for g in ("paper", "wash", "tint")]
    + [("badge-ink", "badge"), ("paper", "ink"), ("paper", "accent")],
)
def test_words_stand_out_from_their_ground(theme: int, ink: str, ground: str) -> None:
    style = files("sandcone.reporting").joinpath("style.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", style.split("@media (prefers-color-scheme: dark)")[theme].split("* {")[0]))
    a, b = sorted((_light(colours[ink]), _light(colours[ground])))
    assert (b + 0.05) / (a + 0.05) >= 4.5
