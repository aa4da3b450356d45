from hypothesis import given
from hypothesis import strategies as st

from sandcone.reporting.markup import Html, escaped, join, tag


def test_text_is_escaped_and_finished_pieces_are_kept() -> None:
    assert tag("p", "a < b & c", tag("b", '"')) == "<p>a &lt; b &amp; c<b>&quot;</b></p>"


def test_nothing_is_nothing() -> None:
    assert tag("p", None, "x", class_=None) == "<p>x</p>"
    assert join([None, "a", None, "b"], ", ") == "a, b"


def test_names_and_numbers_of_attributes_read_as_a_page_needs_them() -> None:
    assert tag("line", x1=1 / 3, y1=2, stroke_width=1.5, class_="cut") == '<line x1="0.33" y1="2" stroke-width="1.5" class="cut"></line>'
    assert tag("meta", charset="utf-8") == '<meta charset="utf-8">'


def test_control_characters_do_not_reach_the_page() -> None:
    assert escaped("a\x00b\x1bc\n") == "a\ufffdb\ufffdc\n"


@given(st.text())
def test_no_text_can_open_a_tag_or_leave_an_attribute(text: str) -> None:
    assert not set(escaped(text)) & set("<>\"'")
    drawn = tag("p", aria_label=text)
    assert drawn.count('"') == 2
    assert drawn.count("<") == 2


def test_a_finished_piece_stays_as_it_is() -> None:
    piece = Html("<b>x</b>")
    assert escaped(piece) is piece
