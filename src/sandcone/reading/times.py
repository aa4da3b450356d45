"""Dates and times: found out from the whole column, never guessed; UTC where a zone is known, as written where not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandcone.core.errors import InputError
from sandcone.reading.columns import Order
from sandcone.reading.scratch import Scratch, literal

ISO = r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(\D|$)"
PARTS = r"^\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})(\D|$)"
SHORT = r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}(\D|$)"
NAMED = r"^\d{1,2}[-/. ][A-Za-z]{3,9}[-/. ]\d{2,4}"
CLOCK = r"^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?$"
OFFSET = r"\d:\d{2}.*(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$"
AMPM = r"[0-9] ?[AaPp][Mm]$"
COMMA = r":\d{2},\d+"
PLAIN = (  # an ISO date and perhaps a time of day, nothing about a zone; told without regular expressions
    "(c LIKE '____-__-__%' OR c LIKE '____/__/__%') AND c[1] IN ('1', '2') AND c[-1] BETWEEN '0' AND '9' "
    "AND NOT contains(c[11:], '-') AND NOT contains(c, '+') AND NOT contains(c, ',')"
)
SHAPES = {"iso": ISO, "parts": PARTS, "short": SHORT, "named": NAMED, "clocks": CLOCK, "offsets": OFFSET, "ampm": AMPM, "comma": COMMA}
NAMED_FORMATS = [f"%d{s}{m}{s}{y}{t}" for s in "-/ ." for m in ("%b", "%B") for y in ("%Y", "%y") for t in ("", " %H:%M", " %H:%M:%S")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How one column writes its times: how many cells are of each shape.

    ``typed``: the column is a moment already ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE" or "DATE"), ``sql`` gives it or its text.
    """

    column: str
    sql: str
    typed: str | None = None
    utc: bool = False
    n: int = 0
    iso: int = 0
    parts: int = 0
    short: int = 0
    named: int = 0
    clocks: int = 0
    offsets: int = 0
    timed: int = 0  # cells with a time of day
    first: int = 0  # day.month cells whose first number is above 12
    second: int = 0
    ampm: int = 0
    comma: int = 0

    @property
    def naive(self) -> int:
        """Cells with a time of day and no word about the zone."""
        return 0 if self.utc or self.typed == "TIMESTAMP WITH TIME ZONE" else self.timed - self.offsets

    @property
    def readable(self) -> int:
        """Cells that look like a date."""
        return self.n if self.typed else self.iso + self.parts + self.named


def written(scratch: Scratch, relation: str, columns: Mapping[str, str], *, utc: bool = False) -> dict[str, Written]:
    """How each of these columns (name → SQL of its text) writes its times."""
    if not columns:
        return {}
    found = {}
    for column, sql in columns.items():
        shapes = _shapes(scratch, relation, sql)
        first, second = _above_12(scratch, relation, sql) if shapes.get("parts") else (0, 0)
        found[column] = Written(column=column, sql=sql, utc=utc, first=first, second=second, **shapes)
    return found


def _shapes(scratch: Scratch, relation: str, sql: str) -> dict[str, Any]:
    """How many cells are of each shape. Most columns are plain ISO dates, which a quicker look shows."""
    column = f"(SELECT {sql} AS c FROM {relation})"
    n, plain, timed = map(int, scratch.run(f"SELECT count(c), count(*) FILTER ({PLAIN}), count(*) FILTER (c LIKE '%:%') FROM {column}")[0])
    if plain == n:
        return {"n": n, "iso": n, "timed": timed}
    counts = ", ".join(f"count(*) FILTER (regexp_matches(c, {literal(pattern)}))" for pattern in SHAPES.values())
    row = scratch.run(f"SELECT {counts} FROM {column} WHERE c IS NOT NULL")[0]
    return {"n": n, "timed": timed} | dict(zip(SHAPES, map(int, row), strict=True))


def _above_12(scratch: Scratch, relation: str, sql: str) -> tuple[int, int]:
    """How many dates have a first number that can be no month, and how many a second one."""
    parts = [f"try_cast(regexp_extract(c, '^(\\d+)[-/.](\\d+)', {part}) AS INTEGER)" for part in (1, 2)]
    counts = ", ".join(f"coalesce(sum(k) FILTER ({part} > 12 AND {part} < 32), 0)" for part in parts)
    days = f"SELECT regexp_extract({sql}, '^[^ T]+') AS c, count(*) AS k FROM {relation} GROUP BY 1"
    first, second = scratch.run(f"SELECT {counts} FROM ({days}) WHERE regexp_matches(c, {literal(PARTS)})")[0]
    return int(first), int(second)


def decided(where: str, times: Sequence[Written], told: Order | None) -> dict[str, Order]:
    """Day first or month first, for each column; refuses where the file does not show it and nobody said it."""
    if told is not None:
        return {w.column: told for w in times}
    shown = {w.column: o for w in times if (o := _shown(where, w)) is not None}
    others = set(shown.values()) - {"iso"}
    for w in times:
        if w.column not in shown:
            if len(others) != 1:
                raise _ambiguous(where, w)
            shown[w.column] = next(iter(others))
    return shown


def _shown(where: str, w: Written) -> Order | None:
    if w.parts == 0:
        return "iso"
    low, high = sorted((w.first, w.second))
    if high == 0:
        return None
    if low > 0.02 * high:
        raise InputError(
            where,
            f"dates in {w.column!r} are written day first in {w.first:,} rows and month first in {w.second:,}",
            'Write them one way, or say which rows to believe: dates = "dmy" or dates = "mdy" (the others are then left out)',
        )
    return "dmy" if w.first > w.second else "mdy"


def _ambiguous(where: str, w: Written) -> InputError:
    return InputError(
        where,
        f"dates in {w.column!r} are ambiguous: no day is above 12, so 3/4 may be 3 April or March 4",
        'Say which: dates = "dmy" (day first) or dates = "mdy" (month first), or --columns ...,dates=dmy',
    )


def same_clock(where: str, times: Sequence[Written], zone: str | None) -> None:
    """Refuse times with and without a zone side by side, unless the hospital's zone is named."""
    with_zone = sum(w.offsets if w.typed is None else w.n for w in times if w.utc or w.offsets or w.typed == "TIMESTAMP WITH TIME ZONE")
    without = [w for w in times if w.naive > 0.02 * max(w.n, 1)]
    if zone is None and with_zone and without:
        raise InputError(
            where,
            f"clashing time zones: {with_zone:,} times say their zone, {sum(w.naive for w in without):,} do not (in {without[0].column!r})",
            'Name the zone of the ones without: zone = "Europe/Amsterdam"',
        )


def moment(w: Written, order: Order, zone: str | None, form: str | None) -> str:
    """The SQL of a column's moment: UTC where a zone is known, null where it cannot be read."""
    if w.typed is not None:
        return _typed(w, zone)
    if form is not None:
        read = f"try_strptime({w.sql}, {literal(form)})"
        return f"timezone('UTC', {read})" if "%z" in form else utc(read, None if w.utc else zone)
    return _offset_or_not(w, order, zone)


def as_written(w: Written, order: Order, form: str | None) -> str:
    """The SQL of a column's moment on the wall clock of whoever wrote it (null for cells with a zone)."""
    if w.typed is not None or form is not None or not w.offsets:
        return moment(w, order, None, form)
    return f"CASE WHEN regexp_matches({w.sql}, {literal(OFFSET)}) THEN NULL ELSE {_naive(w, order)} END"


def utc(sql: str, zone: str | None) -> str:
    """A wall-clock moment as UTC."""
    return sql if zone is None else f"timezone('UTC', timezone({literal(zone)}, {sql}))"


def _typed(w: Written, zone: str | None) -> str:
    if w.typed == "TIMESTAMP WITH TIME ZONE":
        return f"timezone('UTC', {w.sql})"
    return utc(f"({w.sql})::TIMESTAMP", None if w.utc else zone)


def _offset_or_not(w: Written, order: Order, zone: str | None) -> str:
    naive = utc(_naive(w, order), None if w.utc else zone)
    if not w.offsets:
        return naive
    text = f"regexp_replace({_rearranged(w, order)}, ' ?(UTC|GMT)$', 'Z')"
    aware = f"timezone('UTC', try_cast({text} AS TIMESTAMPTZ))"
    if w.offsets == w.n or (zone is None and not w.utc):  # a stray time without a zone is unreadable where nobody knows the zone
        return f"CASE WHEN regexp_matches({w.sql}, {literal(OFFSET)}) THEN {aware} END"
    return f"CASE WHEN regexp_matches({w.sql}, {literal(OFFSET)}) THEN {aware} ELSE {naive} END"


def _naive(w: Written, order: Order) -> str:
    text = _rearranged(w, order)
    plain = f"try_cast({text} AS TIMESTAMP)"
    if w.ampm:
        forms = "['%Y-%m-%d %I:%M:%S %p', '%Y-%m-%d %I:%M %p', '%Y-%m-%d %I:%M:%S%p', '%Y-%m-%d %I:%M%p']"
        plain = f"CASE WHEN regexp_matches({w.sql}, {literal(AMPM)}) THEN try_strptime({text}, {forms}) ELSE {plain} END"
    if w.named:
        forms = "[" + ", ".join(map(literal, NAMED_FORMATS)) + "]"
        plain = f"CASE WHEN regexp_matches({w.sql}, {literal(NAMED)}) THEN try_strptime({w.sql}, {forms}) ELSE {plain} END"
    return plain


def _rearranged(w: Written, order: Order) -> str:
    """The text in the order year, month, day; null where it is no date at all."""
    text = f"regexp_replace({w.sql}, '(:\\d{{2}}),(\\d+)', '\\1.\\2')" if w.comma else w.sql
    iso = f"CASE WHEN regexp_matches({w.sql}, {literal(ISO)}) THEN {text} END" if w.iso < w.n else text
    if not w.parts or order == "iso":
        return iso
    day, month = (1, 2) if order == "dmy" else (2, 1)
    made = f"regexp_replace({text}, '^(\\d{{1,2}})[-/.](\\d{{1,2}})[-/.](\\d{{4}})', '\\3-\\{month}-\\{day}')"
    if w.short:
        for century, years in (("20", "[0-6]\\d"), ("19", "[7-9]\\d")):
            made = f"regexp_replace({made}, '^(\\d{{1,2}})[-/.](\\d{{1,2}})[-/.]({years})(\\D|$)', '{century}\\3-\\{month}-\\{day}\\4')"
    return f"CASE WHEN regexp_matches({w.sql}, {literal(PARTS)}) THEN {made} ELSE {iso} END"
