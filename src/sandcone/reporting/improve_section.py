"""What could be changed, on the page of a log: the search for better ways in a paragraph, a picture and a few rows."""

from __future__ import annotations

from sandcone.core.improved import Improved
from sandcone.reporting import words
from sandcone.reporting.improve_judged import judged_key
from sandcone.reporting.improve_picture import SMALL, sets_legend, sets_picture
from sandcone.reporting.improve_short import headline, sentences
from sandcone.reporting.improve_table import sets_table
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import because, note

ROWS = 5  # below today's
TITLE = "What could be changed"
UNSAID = "This page was made without looking for better ways."
TWIN = (
    "It holds for the twin, for the levers that were tried, and for as many runs as there was time for; a real change has to show itself "
    "in the hospital's own log, before and after (sandcone verdict)."
)


def improve_section(found: Improved | str | None, link: str = "improve/improve.html") -> Html:
    """A search for better ways in short; the reason where there was none (None: nobody looked). ``link`` leads to its own page."""
    if found is None or isinstance(found, str):
        return because(TITLE, words.sentence(found or UNSAID))
    more = tag("p", tag("a", "The search itself", href=link), ": every verdict with its guards, each lever, what was not tried, and how.")
    said = tag("p", tag("b", f"{headline(found)}. "), " ".join(sentences(found)))
    return join([said, note(TWIN), _picture(found), sets_table(found, ROWS), more])


def _picture(i: Improved) -> Html | None:
    drawn = sets_picture(i, SMALL)
    if drawn is None:
        return None
    what = "Sets of levers beside today: resource efficiency to the right, flow efficiency upwards, with the intervals of their differences"
    return tag("figure", tag("figcaption", what), sets_legend(i), tag("div", drawn, judged_key(i), class_="beside"))
