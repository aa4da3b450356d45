import pytest

from sandcone.core.errors import ModelError
from sandcone.core.route import Choose, Do, Route, Split, Way, WaysWhen, leads_to
from sandcone.core.site import Condition

ADULT, CHILD = Condition(attribute="age", values=("adult",)), Condition(attribute="age", values=("child",))


def ways(**shares: float) -> tuple[Way, ...]:
    return tuple(Way(to=to, share=share) for to, share in shares.items())


def test_a_choice_goes_by_the_first_case_that_fits() -> None:
    choose = Choose(otherwise=ways(end=1), cases=(WaysWhen(when=(CHILD,), ways=ways(a=0.25, end=0.75)),))
    assert choose.ways({"age": "child"}) == ways(a=0.25, end=0.75)
    assert choose.ways({"age": "adult"}) == ways(end=1)


def test_a_node_leads_to_what_may_come_next_and_never_to_a_way_nobody_takes() -> None:
    assert leads_to(Do(step="A", then="b")) == ("b",)
    assert leads_to(Split(branches=("a", "b"), then="c")) == ("a", "b", "c")
    assert leads_to(Choose(otherwise=ways(a=0, b=1), cases=(WaysWhen(when=(CHILD,), ways=ways(c=1)),))) == ("b", "c")


@pytest.mark.parametrize(
    ("first", "nodes", "where", "found"),
    [
        ("x", {"a": Do(step="A")}, "route", "'first' leads to 'x', which is not there"),
        ("a", {"a": Do(step="A", then="b")}, "route", "'a' leads to 'b', which is not there"),
        ("a", {"a": Choose(otherwise=ways(b=1))}, "route", "'a' leads to 'b', which is not there"),
        ("a", {"a": Choose(otherwise=ways(b=0, end=1))}, "route", "'a' leads to 'b', which is not there"),
        ("a", {"a": Split(branches=("b",))}, "route", "'a' leads to 'b', which is not there"),
        ("a", {"a": Split(branches=())}, "route, node 'a'", "a split without branches"),
        ("a", {"a": Do(step="A"), "end": Do(step="B")}, "route", "a node is called 'end'"),
        ("a", {"a": Choose(otherwise=ways(end=0.5))}, "route, choice 'a'", "the shares 0.5 add up to 0.5"),
        ("a", {"a": Choose(otherwise=())}, "route, choice 'a'", "add up to 0"),
        ("b", {"a": Do(step="A"), "b": Choose(otherwise=ways(a=1.25, end=-0.25))}, "route, choice 'b'", "1.25, -0.25"),
        (
            "a",
            {"a": Choose(otherwise=ways(end=1), cases=(WaysWhen(when=(CHILD,), ways=ways(end=0.9)),))},
            "route, choice 'a'",
            "add up to 0.9",
        ),
    ],
)
def test_a_route_that_cannot_be_is_refused_with_its_place_and_a_hint(
    first: str, nodes: dict[str, Do | Choose | Split], where: str, found: str
) -> None:
    with pytest.raises(ModelError) as refusal:
        Route(first=first, nodes=nodes)
    assert refusal.value.where == where
    assert found in refusal.value.found
    assert len(refusal.value.do) > 10


@pytest.mark.parametrize(
    ("nodes", "stuck"),
    [
        ({"a": Do(step="A", then="a")}, "a"),
        ({"a": Do(step="A", then="b"), "b": Choose(otherwise=ways(a=1, end=0))}, "a"),
        ({"a": Do(step="A", then="b"), "b": Choose(otherwise=ways(end=1), cases=(WaysWhen(when=(CHILD,), ways=ways(a=1)),))}, "a"),
        ({"a": Do(step="A"), "s": Split(branches=("a", "t")), "t": Do(step="A", then="t")}, "s"),
    ],
)
def test_a_loop_that_somebody_can_never_leave_is_refused(nodes: dict[str, Do | Choose | Split], stuck: str) -> None:
    with pytest.raises(ModelError, match=f"from '{stuck}' nobody ever comes to an end") as refusal:
        Route(first="a", nodes=nodes)
    assert "way out" in refusal.value.do


def test_a_way_that_nobody_takes_may_lead_to_a_node_that_is_there() -> None:
    Route(first="a", nodes={"a": Choose(otherwise=ways(b=0, end=1)), "b": Do(step="B")})


def test_a_loop_with_a_way_out_for_everybody_is_allowed() -> None:
    again = WaysWhen(when=(CHILD,), ways=ways(a=0.99, end=0.01))
    Route(first="a", nodes={"a": Do(step="A", then="b"), "b": Choose(otherwise=ways(end=1), cases=(again,))})
