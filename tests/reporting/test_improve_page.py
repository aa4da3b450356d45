"""The page of a search for better ways, taken apart: what is said of what was found, of what was not, and nothing that becomes code."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandcone.core.estimate import Measures
from sandcone.core.improved import Effect, Improved, NotTried, Share
from sandcone.core.log import EventLog
from sandcone.reporting.improve_effects import effects as effects_part
from sandcone.reporting.improve_order import in_order, numbers, ranked
from sandcone.reporting.improve_page import improve_page, write_improve
from sandcone.reporting.improve_rest import grouped
from sandcone.reporting.improve_section import improve_section
from sandcone.reporting.improve_short import sentences
from sandcone.reporting.improve_table import sets_table
from sandcone.reporting.improve_told import told
from sandcone.reporting.page import page
from tests.reporting.improved_sample import (
    SETS,
    around,
    cloud,
    effects,
    improved,
    judged,
    long_names,
    no_fit,
    none_better,
    nothing,
    one_set,
    today,
    tried,
)
from tests.reporting.reader import Page, taken_apart

HOSTILE = "<script>alert(1)</script>\"'& onload=x"
PARTS = ["short", "picture", "curves", "sets", "verdicts", "levers", "left-out", "made", "words"]
SAMPLES = {f.__name__: f for f in (improved, none_better, one_set, no_fit, nothing, long_names)}
CELL = re.compile(r"[+−]?[\d,]+(\.\d+)?[ \u00a0](%|points|h|sets?|money a week)( |$)|not measured|–|cannot be known")


def read(i: Improved) -> Page:
    return taken_apart(improve_page(i))


def cells(html: str) -> list[str]:
    """The numbers of tables, without what stands below them in small type."""
    found = re.findall(r'<td class="n">(.*?)</td>', html)
    return [re.sub("<[^>]+>", "", re.sub("<small>.*?</small>", "", c)).replace("\u00a0", " ") for c in found]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_part_is_there_whatever_was_found(name: str) -> None:
    html = improve_page(SAMPLES[name]())
    parts = taken_apart(html)
    assert [a["id"] for a in parts.all("section")] == PARTS
    levels = [int(t[1]) for t, _ in parts.elements if re.fullmatch("h[1-6]", t)]
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    assert not parts.wrong
    assert not parts.open
    ids = [a["id"] for _, a in parts.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"].removeprefix("#") for a in parts.all("a")} <= set(ids)
    assert not re.search(r"\bnan\b|\binf\b|\bNone\b(?! was)", parts.text)
    assert not re.search("https?:", html)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_picture_has_a_name_and_its_numbers_beside_it(name: str) -> None:
    parts = read(SAMPLES[name]())
    pictures = [a for a in parts.all("svg") if a.get("aria-hidden") != "true"]
    assert all(a["role"] == "img" and a["aria-label"] for a in pictures)
    assert [f for f in parts.figures if "svg" in f and not ({"table", "ol", "ul"} & f)] == []
    assert len([a for _, a in parts.elements if a.get("class") == "scroll"]) == len(parts.all("table"))


def test_a_broken_set_is_said_first_with_both_efficiencies_the_cost_and_the_guards() -> None:
    said = read(improved()).sections["short"].replace("\u00a0", " ")
    assert "Yes, on the twin: “Pool the theatres: all together”, “Turnover: 25 min” and “First case: 15 min earlier” together" in said
    assert "On 20 runs that the search had not seen, resource efficiency rises from 71.2 % to 72.2 %, +1.0 points (+0.8 to +1.2)" in said
    assert "flow efficiency rises from 12.4 % to 13.5 %, +1.1 points (+0.9 to +1.2)" in said
    assert "It costs 1.000 times today's, and for people 1.000 times today's. All 3 guards held." in said
    assert "It may not conclude that it will last" in said
    assert "runs of the twin, not days of the hospital" in said


def test_that_none_is_better_is_said_like_a_win_with_what_came_nearest() -> None:
    parts = read(none_better())
    assert "No set of levers is shown to be better than today" in parts.text
    said = parts.sections["short"].replace("\u00a0", " ")
    assert "Of 2 sets of levers, none is shown to break the trade-off, or to be better than today at all." in said
    assert "What came nearest is “Turnover: 25 min”: moved along." in said
    assert "resource efficiency falls from 71.2 % to 70.7 %" in said
    assert "It may not conclude that there is none" in said


def test_a_rise_that_is_paid_for_is_called_bought() -> None:
    dear = judged(SETS[2], "broken")
    assert "so part of it is bought with money and people." in " ".join(sentences(improved(judged=(dear,))))
    assert "bought" not in " ".join(sentences(improved()))


def test_guards_that_did_not_hold_are_named() -> None:
    for state, words in (("worse", "worse by more than its margin"), ("not shown", "not shown to have held")):
        one = judged(SETS[1], "frontier moved", states=("held", "held", state))  # type: ignore[arg-type]
        assert f"Of 3 guards, 2 held; {words}: mean wait, urgency: urgent." in " ".join(sentences(improved(judged=(one,))))


def test_why_it_is_not_more_does_not_name_the_same_guards_twice() -> None:
    one = judged(SETS[1], "frontier moved", states=("held", "held", "not shown"))
    v = replace(
        one.judged.verdict, because=("not shown to have stayed within its margin: mean wait, urgency: urgent", "quality is not seen")
    )
    said = " ".join(sentences(improved(judged=(replace(one, judged=replace(one.judged, verdict=v)),))))
    assert said.count("mean wait, urgency: urgent") == 1
    assert "Quality is not seen." in said


def test_what_stands_in_the_way_without_one_run_is_said_to_be_without_it() -> None:
    one = judged(SETS[1], "frontier moved")
    weak = replace(one.judged, rests_on="run 1", at_first=replace(one.judged.verdict, word="broken"))
    said = " ".join(sentences(improved(judged=(replace(one, judged=weak),))))
    assert "All runs together would say broken, but that rests on run 1 alone." in said
    assert "Without it, resource efficiency is not shown to have risen." in said


def many_levers() -> Improved:
    """Two judged sets of six and seven levers, which differ in two."""
    first = tuple((f"Lever {k}", "on" if k % 2 else f"{k} beds") for k in range(6))
    second = (*first[1:], ("Night", "shorter"), ("Dawn", "on"))
    sets = [tried(levers, (0.01, 0.012, 0.0, -5.0, 100.0)) for levers in (first, second)]
    owed = tuple(Share(lever=f"Lever {k}", measure="flow efficiency", value=around(0.001 * k, 0.001, "share")) for k in range(6))
    return improved(tried=(today(), *sets), judged=(replace(judged(sets[0], "broken"), shares=owed), judged(sets[1], "improved inside")))


def test_a_set_of_many_levers_is_told_by_those_that_most_is_owed_to_and_listed_whole() -> None:
    said = read(many_levers()).sections["short"]
    assert "Yes, on the twin: 6 levers, above all “Lever 5”, “Lever 4” and “Lever 3”, together break the trade-off." in said
    assert "The 6 levers of set 1: Lever 0: 0 beds; Lever 1; Lever 2: 2 beds; Lever 3; Lever 4: 4 beds; Lever 5." in said
    assert "The 6 levers of set 1" not in read(improved()).sections["short"]
    assert "The 6 levers of set 1" in told(many_levers())


def test_which_levers_each_judged_set_has_stands_in_a_table_where_they_are_many() -> None:
    said = read(many_levers()).sections["verdicts"]
    assert "LeverSet 1Set 2Lever 00 beds–Lever 1yesyesLever 22 beds2 beds" in said
    assert "Night–shorterDawn–yes" in said
    assert "Which levers each set has" not in read(improved()).sections["verdicts"]


def test_hardly_more_sets_than_settings_is_warned_of() -> None:
    assert "Only 1 set was tried for 1 setting" in effects_part(one_set())
    assert "can be mistaken here" not in effects_part(improved())


def test_a_search_that_judged_nothing_says_so_and_warns_of_the_best_of_many() -> None:
    said = " ".join(sentences(improved(judged=())))
    assert "64 sets of levers were tried, but none was judged on runs of its own." in said
    assert "a search that picks the best of many sees more than there is" in said


def test_no_run_at_all_is_no_finding() -> None:
    parts = read(nothing())
    assert "No set of levers was tried, so nothing can be said. The time was over before today had been tried." in parts.sections["short"]
    assert "A board may conclude nothing from this." in parts.sections["short"]
    assert "not shown" in parts.sections["picture"]


def test_the_strongest_verdict_has_number_one_everywhere() -> None:
    i = improved()
    assert [j.judged.verdict.word for j in in_order(i)] == ["broken", "frontier moved", "improved inside"]
    assert in_order(i)[0] is i.best
    assert [numbers(i)[t.levers] for t in ranked(i)[:3]] == [1, 2, 3]


def test_the_table_is_short_begins_with_today_and_counts_the_rest() -> None:
    html = sets_table(improved())
    assert html.count("<tr>") == 1 + 1 + 15
    assert html.index("as today") < html.index("Turnover: 25 min")
    on = sum(t.place != "behind" for t in improved().tried) - 1
    assert f"{on - 15} more sets on the front or perhaps on it are in improve.json." in html
    assert f"{64 - on} sets lie behind another." in html


def test_what_was_not_measured_is_no_column_and_is_said() -> None:
    assert "Fit to needs" in sets_table(improved()).split("</thead>")[0]
    html = sets_table(no_fit())
    assert "Fit to needs" not in html.split("</thead>")[0]
    assert "Not measured, and not searched for: Fit to needs." in html


def test_verdicts_stand_with_their_level_their_runs_and_their_guards() -> None:
    said = read(improved()).sections["verdicts"].replace("\u00a0", " ")
    assert "brokenlevel 1.25 %, 20 runs" in said
    assert "3 of 3 held" in said
    assert "Set 2, frontier moved: why, and its guards" in said
    assert "What lies beyond the old curve is told by V*: the less, the farther beyond." in said


def test_each_lever_is_said_in_a_sentence_and_what_it_leaves_alone_is_called_unchanged() -> None:
    said = read(improved()).sections["levers"].replace("\u00a0", " ")
    assert "Pool the theatres: all together. Resource efficiency +0.4 points (+0.2 to +0.5); flow efficiency +0.90 points" in said
    assert "worst-off wait −30 h (−36 to −24); cost unchanged." in said
    assert "“Pool the theatres: all together” and “Turnover: 25 min” help each other: flow efficiency +0.4 points" in said
    assert "“Pool the theatres: all together” and “Clinic: 19:00” stand in each other's way: worst-off wait +9 h" in said


def test_levers_without_a_sure_effect_are_named_and_the_wait_is_better_to_the_left() -> None:
    weak = Effect(levers=(("Night", "on"),), objective="worst-off wait", gap=around(1.0, 4.0, "h"))
    html = effects_part(improved(effects=(*effects(), weak)))
    assert "No sure effect was seen of: Night." in html
    assert "Wait of the worst-off tenth: left is better" in html
    assert "Flow efficiency: right is better" in html


def test_shares_add_up_to_the_whole() -> None:
    said = read(improved()).sections["levers"].replace("\u00a0", " ")
    assert "What each lever does in set 1" in said
    assert "Together+1.1 points+1.2 points−14 h" in said


def test_reasons_that_differ_in_a_number_only_are_one_with_its_range_and_names_stay_as_they_are() -> None:
    whys = [f"work for 'Ward {w} 2.5' comes {x} times as fast" for w, x in ((3, "1.10"), (3, "1.34"), (4, "1.20"))]
    found = grouped([NotTried(levers=((str(k), ""),), why=w) for k, w in enumerate(whys)])
    assert [(why, len(those)) for why, those in found] == [
        ("work for 'Ward 3 2.5' comes 1.10 to 1.34 times as fast", 2),
        ("work for 'Ward 4 2.5' comes 1.20 times as fast", 1),
    ]


def test_what_was_not_tried_is_counted_and_levers_that_cannot_be_are_named() -> None:
    said = read(improved()).sections["left-out"].replace("\u00a0", " ")
    assert "13 sets of levers are not scored, neither as good nor as bad." in said
    assert "Work for 'Ward 3' comes 1.02 to 1.16 times as fast as it can be done.8 sets" in said
    assert "Personal care: No library of modules was given." in said


def test_how_it_was_made_says_runs_time_seed_and_why_it_ended() -> None:
    said = read(improved()).sections["made"]
    assert "214 sets of levers looked at, with 1,240 full runs, 310 short runs, in 7 minutes; seed 1. The time was over." in said


def test_the_terminal_has_a_short_table_and_the_same_sentences() -> None:
    lines = told(improved()).splitlines()
    assert lines[0] == "NH heart hospital: 214 sets of levers, 1,240 full runs, seed 1"
    assert len(lines) <= 16
    assert max(map(len, lines[1:9])) < 120
    assert re.search(r"^1 Pool the theatres.* \+1\.1 \(\+1\.0 to \+1\.3\) .*broken$", lines[3])
    assert "Yes, on the twin" in lines[9]
    assert "No set of levers was tried" in told(nothing())


def test_the_page_of_a_log_has_it_in_short_with_a_link_or_says_why_not(log: EventLog, measures: Measures) -> None:
    parts = taken_apart(page(log, measures, improved=improved()))
    assert "On the twin, a set of levers breaks the trade-off." in parts.sections["improve"]
    assert "improve/improve.html" in {a["href"] for a in parts.all("a")}
    assert not parts.wrong
    assert improve_section(improved()).count("<tr>") == 1 + 6
    assert "not shown" in improve_section(None)
    assert "The twin is not true." in improve_section("the twin is not true")


def test_a_page_is_written_in_its_place(tmp_path: Path) -> None:
    assert write_improve(one_set(), tmp_path / "improve.html").read_text(encoding="utf-8") == improve_page(one_set())


# ── for any search ──────────────────────────────────────────────────────────────────────────────────────────────────


def hostile(text: str) -> Improved:
    """A search in which all that is text is this text."""
    levers = ((text, text),)
    t = replace(tried(levers, (0.01, 0.01, 0.0, -3.0, 10.0)), levers=levers)
    j = judged(t, "improved inside")
    whole = Effect(levers=levers, objective="flow efficiency", gap=around(0.01, 0.001, "share"))
    return improved(
        name=text, tried=(today(), t), judged=(replace(j, judged=replace(j.judged, rests_on=text, remarks=(text,))),), effects=(whole,),
        together=(replace(whole, levers=levers * 2),), not_tried=(NotTried(levers=levers, why=text),), not_here={text: text}, ended=text,
        notes=(text,),
    )  # fmt: skip


@settings(max_examples=25)
@given(st.one_of(st.just(HOSTILE), st.text(max_size=30)))
def test_text_from_a_model_never_becomes_part_of_the_page(text: str) -> None:
    html = improve_page(hostile(text))
    parts = taken_apart(html)
    assert html.count("<script>") == 1
    assert not parts.wrong
    assert not [k for _, a in parts.elements for k in a if k.startswith("on")]
    assert "<script" not in improve_section(hostile(text))


NUMBER = st.one_of(st.floats(-2, 2), st.just(math.nan))


@settings(max_examples=30)
@given(st.lists(st.tuples(NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, st.integers(1, 9)), max_size=5))
def test_no_number_of_a_table_stands_without_its_unit(rows: list[tuple[float, float, float, float, float, int]]) -> None:
    sets = [tried(((f"Lever {k}", "on"),), r[:5], runs=r[5], staff=1 + r[4] / 10) for k, r in enumerate(rows)]
    html = improve_page(improved(tried=(today(), *sets)))
    assert [c for c in cells(html) if not CELL.match(c)] == []
    assert not re.search(r"\bnan\b", taken_apart(html).text)
    assert not re.search(r'"(nan|inf)|[ ,](nan|inf)', re.sub("<style>.*?</script>", "", html, flags=re.DOTALL))


def test_sixty_sets_and_more_are_no_burden() -> None:
    parts = read(improved(tried=(today(), *cloud(300))))
    assert len([a for a in parts.all("circle") if a.get("class") == "mark"]) > 250
