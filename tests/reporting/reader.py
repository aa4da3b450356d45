"""A page taken apart for the tests: its elements, headings, ids and text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "!doctype"}
Attributes = dict[str, str]


@dataclass
class Page(HTMLParser):
    """All elements of a page in order, each with its attributes, and its text by the section it is in."""

    elements: list[tuple[str, Attributes]] = field(default_factory=list)
    text: str = ""
    sections: dict[str, str] = field(default_factory=dict)
    open: list[tuple[str, Attributes]] = field(default_factory=list)
    figures: list[set[str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def __hash__(self) -> int:
        return id(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {k: v or "" for k, v in attrs}
        self.elements.append((tag, known))
        if tag == "figure":
            self.figures.append(set())
        elif self.figures and any(t == "figure" for t, _ in self.open):
            self.figures[-1].add(tag)
        if tag not in VOID:
            self.open.append((tag, known))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.wrong.append(tag)
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if any(t in ("style", "script") for t, _ in self.open):
            return
        self.text += data
        name = next((a["id"] for t, a in self.open if t == "section"), "")
        self.sections[name] = self.sections.get(name, "") + data

    def all(self, tag: str) -> list[Attributes]:
        """The attributes of every element of one kind."""
        return [a for t, a in self.elements if t == tag]


def taken_apart(html: str) -> Page:
    """The page, read."""
    page = Page()
    page.feed(html)
    page.close()
    return page
