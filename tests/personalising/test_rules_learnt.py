import numpy as np
import pytest

from sandcone.core.condition_text import condition
from sandcone.personalising.rules import rule, youden

LUCK = np.random.default_rng(11)
AGE = [float(x) for x in LUCK.integers(20, 90, 500)]
TIER = [str(x) for x in LUCK.choice(["free", "general", "private"], 500)]
ASKED = [bool(x) for x in LUCK.random(500) < 0.5]
FACTS = {"age": AGE, "price tier": TIER, "asked": ASKED}


def test_a_rule_on_a_number_is_found_with_its_cut() -> None:
    found = rule(FACTS, np.array(AGE) >= 65, seed=1)
    assert found is not None
    assert found.finds == 1
    assert found.wrongly <= 0.05
    assert [condition(found.text).holds({"age": a}) for a in (30.0, 60.0, 70.0, 88.0)] == [False, False, True, True]


def test_a_rule_on_words_lists_those_who_got_it() -> None:
    found = rule(FACTS, np.array([t in ("free", "general") for t in TIER]), seed=1)
    assert found is not None
    assert found.text == "%`price tier` in ('free' | 'general')"
    assert (found.finds, found.wrongly) == (1.0, 0.0)


def test_two_facts_are_joined_where_one_does_not_say_enough() -> None:
    found = rule(FACTS, np.array([a and t == "private" for a, t in zip(ASKED, TIER, strict=True)]), seed=1)
    assert found is not None
    asked = condition(found.text)
    assert asked.holds({"asked": True, "price tier": "private"}) is True
    assert asked.holds({"asked": False, "price tier": "private"}) is False
    assert asked.holds({"asked": True, "price tier": "free"}) is False


@pytest.mark.parametrize("seed", range(8))
def test_no_rule_is_made_of_chance(seed: int) -> None:
    assert rule(FACTS, np.random.default_rng(seed).random(500) < 0.4, seed=seed) is None


def test_a_rule_that_holds_often_but_not_for_those_it_matters_to_is_none() -> None:
    target = np.array([i % 10 != 0 for i in range(500)])  # nine in ten got it, whoever they are
    assert rule(FACTS, target, seed=1) is None


def test_too_few_patients_give_no_rule() -> None:
    target = np.zeros(500, dtype=bool)
    target[np.argsort(AGE)[-40:]] = True
    assert rule(FACTS, target, seed=1) is None


def test_names_and_words_that_no_condition_can_carry_are_passed_over() -> None:
    target = np.array([t == "free" for t in TIER])
    odd = {"a`b": TIER, "quoted": [f"it's {t}" for t in TIER], "nobody": [None] * 500, "everybody": ["x"] * 500}
    assert rule(odd, target, seed=1) is None


def test_what_is_not_known_of_a_patient_counts_as_no() -> None:
    tier = [t if i % 3 else None for i, t in enumerate(TIER)]
    found = rule({"tier": tier}, np.array([t == "free" for t in tier]), seed=1)
    assert found is not None
    assert found.text == "%tier = 'free'"


def test_how_good_a_rule_is_counts_those_found_less_those_found_wrongly() -> None:
    holds = np.array([True, True, False, True, False, False, False])
    target = np.array([True, True, True, False, False, False, False])
    assert youden(holds, target, np.ones(7, dtype=bool)) == pytest.approx(2 / 3 - 1 / 4)


def test_a_value_that_few_patients_have_is_in_no_rule() -> None:
    tier = ["rare" if i % 100 == 0 else t for i, t in enumerate(TIER)]
    found = rule({"tier": tier}, np.array([t in ("rare", "free") for t in tier]), seed=1)
    assert found is not None
    assert found.text == "%tier = 'free'"
