"""A column map proposed from the names of the columns and what is in them, for a file that came without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sandcone.core.errors import MapError
from sandcone.core.log import ROLES
from sandcone.reading.columns import ColumnMap
from sandcone.reading.scratch import Scratch, ident
from sandcone.reading.source import Blanks, Source
from sandcone.reading.times import written

SAMPLE = 10_000
NAMES: Mapping[str, tuple[str, ...]] = {
    "case": ("caseconceptname", "caseid", "case", "caseno", "casenr", "casenumber", "casekey", "traceid", "trace", "patientvisitnr",
             "visitid", "visitnr", "visitno", "encounterid", "encounter", "admissionid", "hadmid", "stayid", "stayno", "episodeid",
             "episode", "patientid", "patientnr", "patientno", "patient", "subjectid", "mrn", "pid"),
    "step": ("conceptname", "activity", "activityname", "activityid", "task", "taskname", "step", "stepname", "event", "eventname",
             "eventtype", "handling", "procedure", "action", "operation", "act"),
    "start": ("starttimestamp", "starttime", "start", "startts", "startdatetime", "startedat", "started", "startdate", "begin",
              "begintime", "tbeg", "from", "intime"),
    "end": ("endtimestamp", "endtime", "end", "endts", "enddatetime", "endedat", "ended", "enddate", "completetimestamp", "completets",
            "completetime", "completiontime", "completedat", "finish", "finishtime", "tend", "outtime"),
    "time": ("timetimestamp", "timestamp", "time", "datetime", "activitytime", "eventtime", "eventtimestamp", "ts", "date"),
    "ready": ("ready", "readytime", "requested", "requesttime", "requestedat", "ordered", "orderedat", "ordertime", "enabledtime",
              "enabled", "treq", "referred"),
    "planned": ("planned", "plannedstart", "plannedtime", "scheduledstart", "scheduled", "booked", "bookedstart", "appointment",
                "appointmenttime", "orschedule"),
    "resource": ("orgresource", "resource", "resourceid", "resourcename", "user", "employee", "originator", "performer", "staff",
                 "nurse", "clinician", "doctor", "who", "orggroup", "orgrole", "role"),
    "lifecycle": ("lifecycletransition", "lifecycle", "lifecycleid", "transition", "eventlifecyclestate", "registrationtype", "eventtype"),
    "instance": ("conceptinstance", "activityinstanceid", "instanceid", "instance", "handlingid", "eventmatching"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a first look at one column shows: rows with a value, distinct values, share that are times, share with letters."""

    filled: int
    distinct: int
    times: float
    letters: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A file being looked at for columns that no role has yet."""

    scratch: Scratch
    source: Source
    blanks: Blanks
    looks: Mapping[str, Look]
    free: tuple[str, ...]

    def by_case(self, case: str, columns: Sequence[str], outer: str) -> list[float]:
        """How many different values these columns have in a case: the average or the maximum over cases."""
        each = ", ".join(f"count(DISTINCT {self.blanks.text(c)}) AS k{i}" for i, c in enumerate(columns))
        sums = ", ".join(f"{outer}(k{i})" for i in range(len(columns)))
        sample = f"(SELECT * FROM {self.source.relation} LIMIT {SAMPLE})"
        row = self.scratch.run(f"SELECT {sums} FROM (SELECT {each} FROM {sample} GROUP BY {ident(case)})")[0]
        return [float(x or 0) for x in row]


def completed(asked: ColumnMap, source: Source, scratch: Scratch, blanks: Blanks) -> tuple[ColumnMap, tuple[str, ...]]:
    """The map with the roles it lacks, and the sentence that says which were guessed; refuses with a line to paste."""
    lacks = [r for r in ("case", "step") if getattr(asked, r) is None] + ([] if asked.timed else ["time"])
    if not lacks or asked.steps:
        return asked, ()
    free = tuple(c for c in source.columns if c not in _used(asked))
    search = Search(scratch=scratch, source=source, blanks=blanks, looks=_looks(scratch, source, blanks), free=free)
    guessed = _proposal(search, lacks, asked.case)
    missing = [r for r in lacks if r not in guessed and not (r == "time" and "start" in guessed)]
    if missing:
        raise _refusal(source, missing, asked, guessed)
    said = ", ".join(f"{role}={column}" for role, column in guessed.items())
    known: dict[str, object] = dict(guessed)
    if len(lacks) == 3 and not asked.attributes and (found := _attributes(search, guessed)):
        known["attributes"] = found
        said += f", attributes={'+'.join(found)}"
    checked = ColumnMap.model_validate(known)
    return asked.model_copy(update={k: getattr(checked, k) for k in known}), (f"columns were guessed: {said}",)


def _used(asked: ColumnMap) -> set[str]:
    names = (asked.case, asked.step, asked.start, asked.end, asked.time, asked.ready, asked.planned, asked.instance, *asked.resource)
    return {n for n in names if n is not None}


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _looks(scratch: Scratch, source: Source, blanks: Blanks) -> dict[str, Look]:
    sample = f"(SELECT * FROM {source.relation} LIMIT {SAMPLE})"
    texts = {c: blanks.text(c) for c in source.columns}
    counts = ", ".join(f"count(DISTINCT {t}), count(*) FILTER (regexp_matches({t}, '[A-Za-z]{{2}}'))" for t in texts.values())
    row = scratch.run(f"SELECT {counts} FROM {sample}")[0]
    looks = {}
    for i, (column, w) in enumerate(written(scratch, sample, texts).items()):
        n = max(w.n, 1)
        moments = w.iso + w.parts + w.named
        looks[column] = Look(filled=w.n, distinct=int(row[2 * i]), times=moments / n, letters=int(row[2 * i + 1]) / n)
    return looks


def _proposal(search: Search, lacks: list[str], case: str | None) -> dict[str, str]:
    named = {role: column for role in NAMES if (column := _by_name(search, role))}
    rest = [c for c in search.free if c not in named.values() and search.looks[c].times < 0.1 and search.looks[c].distinct > 1]
    guess: dict[str, str] = {}
    if "case" in lacks and (found := named.get("case") or _case(search, rest)):
        guess["case"] = found
    in_case = case or guess.get("case")
    if "step" in lacks and (found := named.get("step") or _step(search, rest, in_case)):
        guess["step"] = found
    if "time" in lacks:
        guess |= _times(search, named)
    return guess | _beside(search, named, guess) if len(lacks) == 3 else guess


def _by_name(search: Search, role: str) -> str | None:
    timed = role in ("start", "end", "time", "ready", "planned")
    for name in NAMES[role]:
        for column in search.free:
            look = search.looks[column]
            if _plain(column) == name and look.filled and (look.times > 0.5) == timed:
                return column
    return None


def _times(search: Search, named: Mapping[str, str]) -> dict[str, str]:
    start, end, at = named.get("start"), named.get("end"), named.get("time")
    if start and (end or at):
        return {"start": start, "end": end or at or ""}
    if lone := at or end or start:
        return {"time": lone}
    moments = [c for c in search.free if search.looks[c].times > 0.8]
    return {"time": moments[0]} if len(moments) == 1 else {}


def _case(search: Search, rest: Sequence[str]) -> str | None:
    """The column with the most values of those whose values repeat; it is never empty."""
    looks, rows = search.looks, max(look.filled for look in search.looks.values())
    repeats = [c for c in rest if looks[c].filled > 0.9 * rows and 0.02 * rows < looks[c].distinct < rows / 1.5]
    return max(repeats, key=lambda c: looks[c].distinct, default=None)


def _step(search: Search, rest: Sequence[str], case: str | None) -> str | None:
    """Of the columns with few values, in words, the one that changes most within a case."""
    few = [c for c in rest if search.looks[c].letters > 0.8 and search.looks[c].distinct <= max(5, 0.2 * search.looks[c].filled)]
    words = [c for c in few if c != case]
    if case not in search.source.columns or not words:
        return None
    kinds = search.by_case(str(case), words, "avg")
    best = max(range(len(words)), key=lambda i: kinds[i])
    return words[best] if kinds[best] > 1.5 else None


def _beside(search: Search, named: Mapping[str, str], guess: Mapping[str, str]) -> dict[str, str]:
    """Roles that a log can do without, by their names."""
    more = {r: named[r] for r in ("ready", "planned", "resource") if r in named and named[r] not in guess.values()}
    states = named.get("lifecycle")
    if "time" in guess and states and states not in guess.values() and search.looks[states].distinct > 1:
        more["lifecycle"] = states
        more |= {"instance": named["instance"]} if "instance" in named else {}
    return more


def _attributes(search: Search, guessed: Mapping[str, str]) -> list[str]:
    """Columns with a few values, the same all through a case; not those that only name its variant."""
    looks = search.looks
    few = [c for c in search.source.columns if c not in guessed.values() and 2 <= looks[c].distinct <= 30 and looks[c].times < 0.1]
    maybe = [c for c in few if "variant" not in c.lower() and "lifecycle" not in c.lower() and _plain(c) not in SCAFFOLD]
    most = search.by_case(guessed["case"], maybe, "max") if maybe else []
    return [c for c, k in zip(maybe, most, strict=True) if k == 1 and c.lower() not in ROLES][:12]


SCAFFOLD = frozenset(n for role in ("instance", "lifecycle", "time", "start", "end", "case", "step") for n in NAMES[role])


def _refusal(source: Source, missing: list[str], asked: ColumnMap, guessed: Mapping[str, str]) -> MapError:
    known = {r: getattr(asked, r) or guessed.get(r) for r in ("case", "step", "start", "end", "time")}
    known |= dict.fromkeys(missing, "COLUMN")
    paste = ",".join(f"{r}={column}" for r, column in known.items() if column)
    which = " and which the ".join(missing)
    found = f"which column is the {which} cannot be told from names or contents; the file has {', '.join(source.columns)}"
    return MapError(source.where, found, f'Say it: --columns "{paste}" (more in docs/columns.md)')
