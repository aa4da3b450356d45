"""The word of a verdict from differences alone, the corrections, and the file of what was agreed."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from sandcone.core.errors import MapError, ModelError
from sandcone.core.estimate import Estimate
from sandcone.core.registered import DEFAULTS, read_registered
from sandcone.core.verdict import Change, Differences, Guard, Kind, Margins, Verdict, holm, hommel, verdict, weaker, word_of


def change(gap: float, p: float = 0.001, half: float = 0.01, name: str = "x") -> Change:
    e = Estimate(value=0.5, n=10, unit="share")
    return Change(name=name, before=e, after=e, gap=Estimate(value=gap, low=gap - half, high=gap + half, n=10, unit="share"), p=p)


def guard(kind: Kind, gap: float, harm: float = 1.0, name: str = "g") -> Guard:
    return Guard(kind=kind, change=change(gap, name=name), margin=0.02, harm=harm)


SAFE = (guard("quality", 0.0), guard("waiting", -0.5))


def said(re_: float, fe: float, v: float | None, guards: tuple[Guard, ...] = SAFE, **more: Change) -> Verdict:
    frontier = None if v is None else change(v)
    return verdict(Differences(resource=change(re_), flow=change(fe), frontier=frontier, guards=guards, **more))


def test_both_up_beyond_the_curve_with_all_guards_held_is_broken() -> None:
    assert said(0.03, 0.04, -0.2).word == "broken"


def test_both_up_on_the_curve_is_an_improvement_inside() -> None:
    d = Differences(resource=change(0.03), flow=change(0.04), frontier=change(-0.2, p=0.3), guards=SAFE)
    assert verdict(d).word == "improved inside"


def test_a_guard_that_is_not_shown_to_hold_takes_the_word_broken_away_and_is_named() -> None:
    found = said(0.03, 0.04, -0.2, (*SAFE, guard("group", 0.015, name="wait of the old")))
    assert found.word == "frontier moved"
    assert found.guards == ("held", "held", "not shown")
    assert any("wait of the old" in why for why in found.because)


def test_without_quality_or_without_waiting_seen_nothing_is_broken() -> None:
    assert said(0.03, 0.04, -0.2, SAFE[1:]).word == "frontier moved"
    assert said(0.03, 0.04, -0.2, SAFE[:1]).word == "frontier moved"
    d = Differences(resource=change(0.03), flow=change(0.04), frontier=change(-0.2), guards=SAFE[1:])
    assert verdict(d, Margins(quality="assumed")).word == "broken"


def test_a_fall_of_v_star_that_a_trend_explains_moves_no_frontier() -> None:
    found = said(0.03, 0.04, -0.2, stepped=change(-0.1, p=0.2))
    assert (found.word, found.frontier) == ("improved inside", 0)
    assert said(0.03, 0.04, -0.2, stepped=change(0.1)).word == "improved inside"
    assert said(0.03, 0.04, -0.2, stepped=change(-0.1)).word == "broken"


def test_what_the_untouched_patients_had_too_does_not_count() -> None:
    assert said(0.03, 0.04, -0.2, control=change(0.01, p=0.4)).word == "moved along"
    assert said(0.03, 0.04, -0.2, control=change(0.03)).word == "broken"
    assert said(0.03, 0.0, -0.2, control=change(0.03)).word == "frontier moved"
    assert verdict(
        Differences(resource=change(0.0, p=1.0), flow=change(0.0, p=1.0), frontier=change(-0.2), control=change(0.0, p=1.0))
    ).word == ("no change")


def test_a_frontier_moved_says_what_is_lacking() -> None:
    d = Differences(resource=change(-0.03, name="use"), flow=change(0.0, p=0.9, name="help"), frontier=change(-0.2), guards=SAFE)
    assert verdict(d).because == ("use has fallen", "help is not shown to have risen")


def test_where_v_star_is_not_known_nothing_is_broken() -> None:
    assert said(0.03, 0.04, None).word == "improved inside"


def test_a_rise_too_small_to_matter_does_not_count_however_sure_it_is() -> None:
    assert said(0.004, 0.004, -0.01).word == "no change"


def test_three_claims_share_one_error_rate() -> None:
    d = Differences(resource=change(0.03, p=0.03), flow=change(0.0, p=0.8), frontier=change(0.0, p=0.9))
    assert verdict(d).word == "no change"  # 0.03 alone would do; of three it does not
    d = Differences(resource=change(0.03, p=0.03), flow=change(0.03, p=0.04), frontier=change(-0.2, p=0.02), guards=SAFE)
    assert verdict(d).word == "broken"  # all three at once need no more


def test_hommel_and_holm_give_the_textbook_answers() -> None:
    assert hommel([0.01, 0.02, 0.022]) == pytest.approx([0.022, 0.022, 0.022])
    assert hommel([0.01, 0.03, 0.5]) == pytest.approx([0.03, 0.06, 0.5])
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []


def test_a_guard_is_worse_only_after_correction_for_all_guards() -> None:
    one = guard("group", 0.1, harm=0.03)
    rest = [guard("group", 0.0, harm=0.99) for _ in range(3)]
    assert verdict(Differences(resource=change(0), flow=change(0), frontier=None, guards=(one,))).guards == ("worse",)
    found = verdict(Differences(resource=change(0), flow=change(0), frontier=None, guards=(one, *rest)))
    assert found.guards == ("not shown", "held", "held", "held")


def test_a_guard_holds_no_less_surely_than_was_agreed() -> None:
    d = Differences(resource=change(0.03), flow=change(0.04), frontier=change(-0.2), guards=(*SAFE, guard("group", 0.0, harm=0.98)))
    assert verdict(d).word == "broken"  # in 2 of 100 cases chance alone shows so little
    assert verdict(d, Margins(alpha=0.01)).guards[-1] == "not shown"


def test_of_two_verdicts_the_weaker_word_stands() -> None:
    strong, weak = said(0.03, 0.04, -0.2), said(0.0, 0.0, 0.0)
    assert weaker(strong, weak).word == "no change"


def test_the_table_in_the_docs_is_what_the_code_says(root: Path) -> None:
    signs = {"↑": 1, "–": 0, "↓": -1}
    rows = re.findall(r"^\| ([↑–↓]) \| ([↑–↓]) \| (.+?) \|$", (root / "docs" / "verdict.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == 9
    for re_, fe, words in rows:
        places = ((-1, True), (0, True), (1, True), (1, False))
        assert words.split(" | ") == [word_of(signs[re_], signs[fe], f, held=h) for f, h in places]


def test_what_was_agreed_is_read_with_the_hash_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "agreed.toml"
    path.write_text('[verdict]\nquality = "assumed"\n[verdict.margins]\nwait_share = 0.2\n')
    found = read_registered(path)
    assert found.sha256 == sha256(path.read_bytes()).hexdigest()
    assert (found.quality, found.margins.wait_share, found.margins.fit) == ("assumed", 0.2, 0.02)
    assert DEFAULTS.sha256 is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[verdict]\nalfa = 0.1\n", "'alfa' is not something it can say"),
        ("[verdict.margins]\nfit = -1\n", "margins.fit"),
        ("[verdict.margins]\nwait_share = inf\n", "wait_share"),
        ("verdict = 3\n", "no table"),
        ("[", "cannot be read"),
        ('[verdict]\nsha256 = "x"\n', "no table"),
        ("[verdict]\nalpha = 0.05\n[margins]\nwait_share = 0.2\n", "'margins' stands outside"),
    ],
)
def test_a_file_that_says_what_cannot_be_is_refused_by_name(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "agreed.toml"
    path.write_text(text)
    with pytest.raises((MapError, ModelError), match=r"agreed\.toml") as refused:
        read_registered(path)
    assert why in str(refused.value)


def test_the_defaults_in_the_docs_are_those_of_the_code(root: Path) -> None:
    import tomllib

    text = (root / "docs" / "verdict.md").read_text(encoding="utf-8")
    block = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert block is not None
    shown = tomllib.loads(block.group(1))["verdict"]
    known = DEFAULTS.model_dump()
    assert set(shown) == set(known) - {"sha256"}
    assert shown["margins"] == known["margins"]
    assert {k: shown[k] for k in ("alpha", "quality", "return_days", "least_patients")} == {
        k: known[k] for k in ("alpha", "quality", "return_days", "least_patients")
    }
