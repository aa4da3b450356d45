import itertools

from hypothesis import given
from hypothesis import strategies as st

from sandcone.reporting.layout import Layout, laid_out, passing

ways = st.dictionaries(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), st.integers(1, 99), min_size=1, max_size=20)


def _layer(layout: Layout, node: str) -> int:
    return layout.place[node][1]


def test_layers_follow_the_longest_way_from_the_start() -> None:
    layout = laid_out({("s", "a"): 9, ("a", "b"): 7, ("b", "c"): 5, ("s", "c"): 2})
    assert [_layer(layout, n) for n in "sabc"] == [0, 1, 2, 3]
    assert len(layout.via["s", "c"]) == 4


def test_of_two_opposite_ways_the_one_fewer_take_goes_back() -> None:
    layout = laid_out({("a", "b"): 3, ("b", "a"): 8, ("s", "b"): 20})
    assert layout.back == {("a", "b")}
    assert layout.via["a", "b"] == ("a", "b")


def test_no_step_starts_in_mid_air_because_its_way_in_is_rarer_than_its_way_out() -> None:
    layout = laid_out({("s", "a"): 50, ("a", "b"): 40, ("b", "again"): 3, ("again", "a"): 9})
    assert [_layer(layout, n) for n in ("s", "a", "b", "again")] == [0, 1, 2, 3]
    assert layout.back == {("again", "a")}


def test_a_map_of_one_step_done_again_and_again_has_no_lines() -> None:
    assert laid_out({("a", "a"): 4}).place == {}


def test_one_line_of_steps_is_drawn_straight() -> None:
    layout = laid_out({("a", "b"): 1, ("b", "c"): 1, ("c", "d"): 1})
    assert len({round(x, 6) for x, _ in layout.place.values()}) == 1


@given(ways)
def test_boxes_never_overlap_and_every_line_leads_from_layer_to_layer(weights: dict[tuple[str, str], int]) -> None:
    layout = laid_out(weights)
    for edge, chain in layout.via.items():
        steps = {_layer(layout, b) - _layer(layout, a) for a, b in itertools.pairwise(chain)}
        assert steps == ({-1} if edge in layout.back else {1})
        assert (chain[0], chain[-1]) == edge
    boxes = sorted((layer, x) for n, (x, layer) in layout.place.items() if not passing(n))
    assert all(a[0] != b[0] or b[1] - a[1] >= 1 - 1e-6 for a, b in itertools.pairwise(boxes))
    assert set(layout.via) == {e for e in weights if e[0] != e[1]}
