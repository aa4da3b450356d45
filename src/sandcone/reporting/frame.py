"""The frame of every page: one file with a title, contents and parts, which asks nothing of any other host."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from sandcone.reporting.markup import Html, join, tag


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page: its place in links, its title, and what stands in it."""

    name: str
    title: str
    body: Html


def framed(title: str, header: Html, parts: Sequence[Part], defs: Html, styles: Sequence[str] = ("style.css",)) -> str:
    """A whole page as one HTML file; ``defs`` are drawings that its pictures share, ``styles`` the names of its style sheets.

    Nothing is fetched: the policy lets in only the page's own style and script, by their hashes.
    """
    style, script = Html("".join(asset(name) for name in styles)), asset("script.js")
    main = tag("main", *(_section(i, p) for i, p in enumerate(parts, 1)), id="main", tabindex="-1")
    page = tag("div", _contents(parts), main, class_="page")
    body = tag("body", _skip(), header, page, _footer(), defs, tag("script", script))
    return f'<!DOCTYPE html>\n<html lang="en">{_head(title, style, script)}{body}</html>\n'


def heading(kicker: str, title: str, sub: str) -> Html:
    """What stands at the top of a page."""
    return tag("header", tag("p", kicker, class_="kicker"), tag("h1", title), tag("p", sub, class_="sub"))


def asset(name: str) -> Html:
    """A file that ships beside this one."""
    return Html(files("sandcone.reporting").joinpath(name).read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _head(title: str, style: Html, script: Html) -> Html:
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; base-uri 'none'; form-action 'none'"
    parts = [
        tag("meta", charset="utf-8"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name_="referrer", content="no-referrer"),
        tag("link", rel="icon", href="data:,"),
        tag("title", title),
        tag("style", style),
    ]
    return tag("head", *parts)


def _skip() -> Html:
    return tag("a", "Skip to the report", href="#main", class_="skip")


def _contents(parts: Sequence[Part]) -> Html:
    links = (tag("li", tag("a", p.title, href=f"#{p.name}")) for p in parts)
    return tag("nav", tag("h2", "Contents"), tag("ol", *links), aria_label="Contents")


def _section(number: int, p: Part) -> Html:
    title = tag("h2", tag("span", f"{number}", class_="number"), " ", p.title, id=f"{p.name}-title")
    return tag("section", title, p.body, id=p.name, aria_labelledby=f"{p.name}-title")


def _footer() -> Html:
    return tag("footer", tag("p", "This page is one file. It sends nothing and asks for nothing; it can be kept, mailed and printed."))


def drawn_once(*drawings: Html) -> Html:
    """Hatchings and arrow heads that the pictures of a page refer to."""
    return tag("svg", tag("defs", join(drawings)), width=0, height=0, class_="defs", aria_hidden="true", focusable="false")
