"""Conditions on a person: what holds, what does not, what cannot be known, and what cannot be read."""

from __future__ import annotations

import pytest
from fhirpathpy import evaluate
from hypothesis import given, settings
from hypothesis import strategies as st

from sandcone.core.condition_text import condition
from sandcone.core.errors import ModelError

ANNA = {"age": 71.0, "diabetes": True, "procedure": "CABG", "home language": "Hindi"}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("%age >= 65", True),
        ("%age < 65", False),
        ("%age >= 71 and %age <= 71", True),
        ("%age != 71", False),
        ("%diabetes", True),
        ("%diabetes.not()", False),
        ("%diabetes = true and %procedure = 'CABG'", True),
        ("%procedure in ('valve' | 'CABG')", True),
        ("%procedure in ('valve' | 'PTE')", False),
        ("%`home language` = 'Hindi'", True),
        ("%smoker.exists()", False),
        ("%smoker.empty()", True),
        ("%smoker = true", None),
        ("%smoker = true or %age > 70", True),
        ("%smoker = true and %age > 90", False),
        ("%smoker = true and %age > 70", None),
        ("%age > 70 xor %diabetes", False),
        ("%age > 90 implies %smoker = true", True),
        ("%age > 70 implies %smoker = true", None),
        ("(%age > 90 or %diabetes) and %procedure != 'PTE'", True),
        ("%age > 90 or %diabetes and %procedure = 'PTE'", False),
        ("(%age > 90).not()", True),
        ("%age > -3", True),
        ("%procedure = 'it\\'s'", False),
    ],
)
def test_a_condition_holds_or_not_or_cannot_be_known(text: str, answer: bool | None) -> None:
    assert condition(text).holds(ANNA) is answer


def test_a_condition_says_itself_in_words() -> None:
    assert str(condition("%age >= 65 and (%diabetes = true or %procedure in ('valve' | 'PTE'))")) == (
        "age at least 65 and (diabetes is yes or procedure is one of valve, PTE)"
    )


def test_what_is_not_known_is_named() -> None:
    assert condition("%smoker = true or %age > 70 or %weight < 50").unknown(ANNA) == ("smoker", "weight")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "it stops too soon"),
        ("%age >=", "it stops too soon"),
        ("%age >= 65 and", "it stops too soon"),
        ("%age >= 65)", "cannot be read from ')' on"),
        ("age >= 65", "cannot be read from 'age >= 65' on"),
        ("%age is old", "cannot be read from 'is old' on"),
        ("%procedure in 'CABG'", "cannot be read from \"'CABG'\" on"),
        ("%procedure in (%age | 'CABG')", "cannot be read from"),
        ("%age.first()", "cannot be read from 'first()' on"),
        ("%age >= -'x'", "cannot be read from"),
        ("%age & 1", "cannot be read from '& 1' on"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(text: str, found: str) -> None:
    with pytest.raises(ModelError) as refused:
        condition(text)
    assert found in refused.value.found


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("%age = 'old'", "a number and a word are compared"),
        ("%procedure > 3", "a word and a number are compared"),
        ("%diabetes < 3", "a yes or no and a number are compared"),
        ("%procedure in (1 | 2)", "a word and a number are compared"),
        ("%age", "a number, which is neither yes nor no"),
        ("%procedure", "a word, which is neither yes nor no"),
    ],
)
def test_unlike_things_are_not_compared_and_the_refusal_says_of_which_kinds_they_are_alone(text: str, kinds: str) -> None:
    with pytest.raises(ModelError) as refused:
        condition(text).holds(ANNA)
    assert refused.value.found == kinds
    assert "CABG" not in str(refused.value) and "71" not in str(refused.value)


NUMBERS, WORDS = ("age", "weight"), ("procedure", "tier")
compared = st.one_of(
    st.builds("%{} {} {}".format, st.sampled_from(NUMBERS), st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), st.integers(0, 5)),
    st.builds("%{} {} '{}'".format, st.sampled_from(WORDS), st.sampled_from(["=", "!=", "<", ">="]), st.sampled_from("abc")),
    st.builds("%{} in ('{}' | '{}')".format, st.sampled_from(WORDS), st.sampled_from("abc"), st.sampled_from("abc")),
    st.builds("%{}.{}()".format, st.sampled_from(NUMBERS + WORDS), st.sampled_from(["exists", "empty"])),
    st.builds("%urgent{}".format, st.sampled_from([" = true", " != false", " = false"])),
)
texts = st.recursive(
    compared,
    lambda inner: st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from(["and", "or", "xor", "implies"]), inner),
        st.builds("({})".format, inner),
        st.builds("({}).not()".format, inner),
    ),
    max_leaves=5,
)
people = st.fixed_dictionaries(
    {},
    optional={name: st.integers(0, 5) for name in NUMBERS} | {name: st.sampled_from("abc") for name in WORDS} | {"urgent": st.booleans()},
)


@settings(max_examples=60, deadline=None)
@given(text=texts, facts=people)
def test_conditions_agree_with_fhirpathpy(text: str, facts: dict[str, str | float | bool]) -> None:
    everything = {name: facts.get(name, []) for name in (*NUMBERS, *WORDS, "urgent")}
    theirs = evaluate({}, text, everything)
    assert condition(text).holds(facts) == (theirs[0] if theirs else None)
