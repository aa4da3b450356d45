"""Reads a condition from its text (see ``condition.py``), or says where it cannot be understood."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from sandcone.core.condition import SIGNS, Both, Compare, Condition, Given, Known, Node, Not, OneOf, Plain, Recorded, Term
from sandcone.core.errors import ModelError

TOKEN = re.compile(
    r"\s*(?:(?P<name>%`[^`]+`|%\w+)|(?P<text>'(?:[^'\\]|\\.)*')|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z]\w*)|(?P<sign><=|>=|!=|[-=<>|().]))"
)
YES_OR_NO = {"true": True, "false": False}


@cache
def condition(text: str) -> Condition:
    """Read a condition. ``ModelError`` says where it cannot be understood."""
    reading = _Reading(text)
    node = reading.implied()
    reading.ends()
    return Condition(text, node, tuple(dict.fromkeys(reading.names)))


class _Reading:
    """One condition being read, from left to right, each level of joining in a method of its own."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.names = text, 0, list[str]()

    def _next(self) -> re.Match[str] | None:
        return TOKEN.match(self.text, self.at)

    def _take(self, *wanted: str) -> str | None:
        found = self._next()
        if found is None or found.lastgroup not in ("word", "sign") or found.group().strip() not in wanted:
            return None
        self.at = found.end()
        return found.group().strip()

    def _must(self, wanted: str) -> None:
        if self._take(wanted) is None:
            raise self._wrong(f"Here a {wanted} is missing.")

    def _wrong(self, do: str) -> ModelError:
        rest = self.text[self.at :].strip()
        return ModelError(f"condition {self.text!r}", f"it cannot be read from {rest[:30]!r} on" if rest else "it stops too soon", do)

    def ends(self) -> None:
        """Refuse anything left over."""
        if self.text[self.at :].strip():
            raise self._wrong("See docs/personal.md for what a condition may say.")

    def implied(self) -> Node:
        """The loosest joint."""
        return self._joined(("implies",), self._either)

    def _either(self) -> Node:
        return self._joined(("or", "xor"), self._every)

    def _every(self) -> Node:
        return self._joined(("and",), self._one)

    def _joined(self, words: tuple[str, ...], inner: Callable[[], Node]) -> Node:
        left = inner()
        while how := self._take(*words):
            left = Both(left, how, inner())
        return left

    def _one(self) -> Node:
        if self._take("("):
            node = self.implied()
            self._must(")")
            return self._asked(node)
        return self._compared(self._term())

    def _asked(self, node: Node) -> Node:
        while self._take("."):
            self._must("not")
            self._closed()
            node = Not(node)
        return node

    def _compared(self, left: Term) -> Node:
        if self._take("."):
            return self._function(left)
        if sign := self._take(*SIGNS):
            return Compare(left, sign, self._term())
        if self._take("in"):
            return OneOf(left, self._list())
        return Plain(left)

    def _function(self, left: Term) -> Node:
        which = self._take("exists", "empty", "not")
        if which is None:
            raise self._wrong("After a full stop comes exists(), empty() or not().")
        self._closed()
        node: Node = Not(Plain(left)) if which == "not" else Recorded(left, which == "exists")
        return self._asked(node)

    def _closed(self) -> None:
        self._must("(")
        self._must(")")

    def _list(self) -> tuple[Given, ...]:
        self._must("(")
        found = [self._given()]
        while self._take("|"):
            found.append(self._given())
        self._must(")")
        return tuple(found)

    def _given(self) -> Given:
        term = self._term()
        if not isinstance(term, Given):
            raise self._wrong("A list is of words and numbers, such as ('a' | 'b').")
        return term

    def _term(self) -> Term:
        minus = self._take("-") is not None
        found = self._next()
        if found is None or found.lastgroup == "sign" or (minus and found.lastgroup != "number"):
            raise self._wrong("Here a fact such as %age, a number or a word in quotes is missing.")
        read, kind = found.group().strip(), found.lastgroup
        if kind == "word" and read not in YES_OR_NO:
            raise self._wrong("A fact begins with %, and a word stands in quotes.")
        self.at = found.end()
        if kind == "name":
            self.names.append(read[1:].strip("`"))
            return Known(self.names[-1])
        if kind == "word":
            return Given(YES_OR_NO[read])
        return Given(float(read) * (-1 if minus else 1)) if kind == "number" else Given(_plain(read))


def _plain(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted[1:-1])
