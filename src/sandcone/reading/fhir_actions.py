"""The actions of a FHIR PlanDefinition as the parts of a module: how often, for whom, and what comes before what.

HL7 FHIR R4 (4.0.1), PlanDefinition.action. A group of actions is taken apart; its conditions hold for each of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sandcone.core.care import Lag, Part
from sandcone.core.condition_text import condition
from sandcone.core.errors import ModelError
from sandcone.core.fhir import FHIRPATH, Element
from sandcone.core.listed import as_listed

LENGTHS = {"ms": 1 / 60000, "s": 1 / 60, "min": 1.0, "h": 60.0, "d": 1440.0, "wk": 10080.0}
BEFORE, AFTER = {"before-start", "before"}, {"after-end", "after"}
UNREAD = (
    "trigger",
    "input",
    "output",
    "participant",
    "dynamicValue",
    "transform",
    "timingDateTime",
    "timingPeriod",
    "timingAge",
    "timingDuration",
)
THEIRS = {"context", "resource", "rootResource", "patient", "subject", "practitioner", "encounter", "sct", "loinc", "ucum"}
"""What FHIR itself puts under these names in a condition: a resource or an address, and no fact of a person."""
BEHAVIOURS = {"selectionBehavior": {"all", "any"}, "cardinalityBehavior": {"single"}, "requiredBehavior": {"must"}}
"""What can be said of a choice among actions without a word being lost."""


@dataclass(slots=True)
class Reading:
    """What is known of steps by their address, and what is left out, in words."""

    steps: Mapping[str, str]
    plans: frozenset[str] = frozenset()  # addresses of the other definitions
    never: frozenset[str] = frozenset()  # addresses of what is not to be done
    asks: frozenset[str] = frozenset()  # what the definition at hand says that it asks of a person
    questions: set[str] = field(default_factory=set)  # conditions that stand for what was not understood
    left_out: list[str] = field(default_factory=list)

    def say(self, where: str, what: str) -> None:
        """Name what is left out."""
        self.left_out.append(f"{where}: {what}")

    def minutes(self, of: Element, where: str) -> float | None:
        """A length in minutes; None, with a word, where its unit is no fixed length."""
        value, unit = of.number("value"), of.text("code") or of.text("unit")
        if value is None:
            return None
        if unit not in LENGTHS or value < 0:
            self.say(where, f"a time of {value:g} {unit or 'without a unit'} is not read")
            return None
        return value * LENGTHS[unit]

    def conditions(self, action: Element, where: str) -> tuple[list[str], list[str]]:
        """For whom an action is, and for whom not. What is not understood becomes a question: ``%`its words` ``."""
        when, unless = list[str](), list[str]()
        for c in action.many("condition"):
            if c.text("kind") != "applicability":
                self.say(where, f"a condition on its {c.text('kind') or 'unknown kind'} is not read")
            elif c.our_yes("unless"):
                unless.append(_turned(self._condition(c.one("expression"), where)))
            else:
                when.append(self._condition(c.one("expression"), where))
        return when, unless

    def _condition(self, e: Element, where: str) -> str:
        text = e.text("expression")
        if e.text("language") in ("", FHIRPATH) and reads(text) and not set(condition(text).names) & THEIRS - self.asks:
            return text
        asked = " ".join((e.text("description") or text or e.text("reference") or "a condition").replace("`", "'").split())
        self.say(where, f"the condition {text or asked!r} is not understood; it is asked of a person as {asked!r}")
        self.questions.add(f"%`{asked}`")
        return f"%`{asked}`"


def _turned(text: str) -> str:
    """For whom not, of a condition that was written the other way round."""
    inner = text.removeprefix("(").removesuffix(").not()")
    return inner if text == f"({inner}).not()" and reads(inner) else f"({text}).not()"


def reads(text: str) -> bool:
    """Whether a text is a condition that Sandcone understands."""
    try:
        condition(text)
    except ModelError:
        return False
    return True


def both(conditions: Sequence[str], how: str = " and ") -> str | None:
    """All of these conditions as one (or any of them); None where there is none."""
    once = tuple(dict.fromkeys(conditions))
    if len(once) < 2:
        return next(iter(once), None)
    return how.join(f"({c})" for c in once)


class Actions:
    """The actions of one PlanDefinition being read."""

    def __init__(self, reading: Reading, name: str) -> None:
        self.reading, self.name = reading, name
        self.parts: list[Part] = []
        self.ids: dict[str, str] = {}  # an action's id -> its part
        self.found: list[tuple[int, Lag]] = []  # with their place in the list
        self.whole = Element({}, name)
        self.when: str | None = None
        self.unless: str | None = None

    def walk(self, plan: Element) -> None:
        """All actions; one that holds all others says for whom the module is."""
        top = plan.many("action")
        if len(top) == 1 and top[0].many("action"):
            self.whole = top[0]
            when, unless = self.reading.conditions(self.whole, self.name)
            self.when, self.unless = both(when), both(unless, " or ")
            self._say_group(self.whole)
            top = top[0].many("action")
        leaves = [leaf for action in top for leaf in self._leaves(action, []) if not self._never(leaf[0])]
        for action, when in leaves:
            self._part(action, when)
        names = [p.name for p in self.parts]
        for (action, _), name in zip(leaves, names, strict=True):
            self._related(action, name)

    def _leaves(self, action: Element, given: list[str]) -> list[tuple[Element, list[str]]]:
        when, unless = self.reading.conditions(action, self.name)
        holds = [*given, *map(self._answered, when), *(f"({u}).not()" for u in unless)]
        inner = action.many("action")
        if not inner:
            return [(action, holds)]
        self._say_group(action)
        if action.many("relatedAction"):
            self.reading.say(self.name, f"when the group {_title(action)!r} comes is not read")
        return [leaf for a in inner for leaf in self._leaves(a, holds)]

    def _answered(self, when: str) -> str:
        """A part is done where its condition is not known; where we did not understand the condition, only once a person has said yes."""
        return f"{when}.exists() and {when}" if when in self.reading.questions else when

    def _never(self, action: Element) -> bool:
        """Whether it says what is not to be done, which no part can say."""
        never = _address(action) in self.reading.never
        if never:
            self.reading.say(self.name, f"{_title(action) or self._step(action)!r} is not to be done: it is no part")
        return never

    def _say_group(self, action: Element) -> None:
        for key, known in BEHAVIOURS.items():
            if (how := action.text(key)) and how not in known:
                self.reading.say(self.name, f"{key} {how!r} of {_title(action)!r} is not read; everything in it is a part")

    def _part(self, action: Element, when: list[str]) -> None:
        base = _title(action) or self._step(action) or f"part {len(self.parts) + 1}"
        name, n, there = base, 1, {p.name for p in self.parts}
        while name in there:
            n, name = n + 1, f"{base} {n + 1}"
        self._say_group(action)
        if _address(action) in self.reading.plans:
            self.reading.say(self.name, f"{name!r} is a plan of its own, which is not looked into")
        for key in UNREAD:
            if key in action.said:
                self.reading.say(self.name, f"{key} of {name!r} is not read")
        times, minutes = self._timing(action.one("timingTiming"), name)
        part = Part(
            name=name,
            step=self._step(action) or name,
            times=times,
            when=both(when),
            remote=action.our_yes("remote"),
            shared=not action.our_yes("for-itself"),
            minutes=minutes,
            may_end=action.our_yes("may-end"),
            done_by=action.our_words("done-by"),
        )
        self.parts.append(part)
        if action.text("id"):
            self.ids[action.text("id")] = name

    def _step(self, action: Element) -> str:
        """The step of the hospital: what the definition is called, else what the code says, else the action itself."""
        url = _address(action)
        if url in self.reading.steps:
            return self.reading.steps[url]
        code = next((Element({"c": c.said}, c.where).concept("c") for c in action.many("code")), "")
        return code or _title(action) or url.rstrip("/").rpartition("/")[2]

    def _timing(self, timing: Element, part: str) -> tuple[int, float | None]:
        repeat = timing.one("repeat")
        for key in (k for of in (timing, repeat) for k in of.said if k not in ("repeat", "count", "duration", "durationUnit")):
            self.reading.say(self.name, f"{key} in the timing of {part!r} is not read")
        length = Element({"value": repeat.number("duration"), "code": repeat.text("durationUnit")}, repeat.where)
        return max(1, int(repeat.number("count") or 1)), self.reading.minutes(length, self.name)

    def _related(self, action: Element, here: str) -> None:
        """What comes before what: only from the end of the one to the start of the other, which is what a lag is."""
        for r in action.many("relatedAction"):
            there, how = self.ids.get(r.text("actionId")), r.text("relationship")
            if how == "concurrent" and self._beside(here, there):
                continue
            if there is None or here == there or how not in BEFORE | AFTER or self._goes_on(here, there):
                self.reading.say(self.name, f"{how or 'a relation'} from {_title(action)!r} to {r.text('actionId')!r} is not read")
                continue
            first, then = (there, here) if how in AFTER else (here, there)
            least, most = self._offset(r)
            person = next(iter(r.our_words("same-person")), None)
            lag = Lag(before=first, after=then, at_least=least, at_most=most, same_day=r.our_yes("same-day"), same_person=person)
            place = next((int(e.number("valueInteger") or 0) for e in r.ours("place")), len(self.found))
            self.found.append((place, lag))

    def _beside(self, here: str, there: str | None) -> bool:
        """Take one part as going on during another, if nothing goes round by that, and no other relation speaks of the two."""
        within = {p.name: p.during for p in self.parts}
        if there is None or within[here] is not None or {here, there} in [{k.before, k.after} for _, k in self.found]:
            return False
        up: str | None = there
        while up is not None:
            if up == here:
                return False
            up = within[up]
        self.parts = [replace(p, during=there) if p.name == here else p for p in self.parts]
        return True

    def _goes_on(self, a: str, b: str) -> bool:
        """Whether one of two parts was read as going on during the other."""
        within = {p.name: p.during for p in self.parts}
        return within[a] == b or within[b] == a

    def _offset(self, r: Element) -> tuple[float, float | None]:
        if "offsetDuration" in r.said:
            exact = self.reading.minutes(r.one("offsetDuration"), self.name)
            return (0.0, None) if exact is None else (exact, exact)
        low, high = (self.reading.minutes(r.one("offsetRange").one(end), self.name) for end in ("low", "high"))
        if high is not None and high < (low or 0.0):
            self.reading.say(self.name, f"times from {low:g} to {high:g} minutes are not read")
            return 0.0, None
        return low or 0.0, high

    def lags(self) -> list[Lag]:
        """What comes before what, in the order in which it was written."""
        return [lag for _, lag in sorted(self.found, key=lambda f: f[0])]

    def chained(self) -> bool:
        """Whether the parts simply follow each other as listed."""
        return self.lags() == list(as_listed(self.parts))


def _title(action: Element) -> str:
    return action.text("title") or action.text("textEquivalent") or action.text("description")


def _address(action: Element) -> str:
    """The address of what defines it, without its version."""
    return (action.text("definitionCanonical") or action.text("definitionUri")).partition("|")[0]
