"""Events → steps: those still open are told from those that were never completed, and every source row is accounted for."""

from __future__ import annotations

from collections.abc import Sequence

from sandcone.core.log import Account, Finding, LeftOut
from sandcone.core.site import Site
from sandcone.reading.events import BACKWARDS, BROKEN, NO_TIME, Part
from sandcone.reading.scratch import Scratch, ident, literal

NOT_COMPLETED = "start without completion in the middle of a case"
NOT_STARTED = "request without a start in the middle of a case"


def unpaired(scratch: Scratch) -> None:
    """Make the scratch table ``steps`` out of ``events`` of which each is a whole step."""
    scratch.make("steps", f"""
        SELECT src, NULL::BIGINT AS src2, NULL::BIGINT AS src3, spec, "case", step, ready, planned, start, "end", res,
            CASE WHEN "end" < start THEN {literal(BACKWARDS)} END AS reason
        FROM {scratch.name('events')} WHERE reason IS NULL""")  # fmt: skip


def close_cases(scratch: Scratch, site: Site) -> None:
    """Leave out steps that were begun or asked for but not completed although their case went on without them.

    A step that encloses later ones, such as a ward stay with physiotherapy inside, goes on while its case does: it stays
    open as long as it may still be running when the log ends [P], see ``_running``.
    """
    if not scratch.one(f'SELECT count(*) FROM {scratch.name("steps")} WHERE "end" IS NULL'):
        return
    begun = "coalesce(start, ready)"
    why = f"CASE WHEN start IS NULL THEN {literal(NOT_STARTED)} ELSE {literal(NOT_COMPLETED)} END"
    running = f"src IN ({_running(scratch, site)})" if not site.dates_shifted else "false"  # of shifted dates nobody knows the end
    scratch.make("steps", f"""
        WITH done AS (SELECT "case", max("end") AS last FROM {scratch.name('steps')} WHERE reason IS NULL GROUP BY "case")
        SELECT s.* EXCLUDE (reason), CASE WHEN s.reason IS NULL AND s."end" IS NULL AND done.last > {begun} AND NOT ({running})
            THEN {why} ELSE s.reason END AS reason
        FROM {scratch.name('steps')} AS s LEFT JOIN done USING ("case")""")  # fmt: skip


def _running(scratch: Scratch, site: Site) -> str:
    """The query of open steps (src) that may still be going on when the log ends.

    That is: begun no longer ago than such a step has been seen to last, not begun again later in the case, and the case not
    over since, as far as end steps are declared.
    """
    over = f"l.step IN ({', '.join(map(literal, site.end_steps))})" if site.end_steps else "false"
    return f"""
        WITH good AS (SELECT * FROM {scratch.name("steps")} WHERE reason IS NULL),
        hanging AS (SELECT src, "case", step, start FROM good WHERE "end" IS NULL AND start IS NOT NULL),
        lasting AS (SELECT step, max(epoch_us("end") - epoch_us(start)) AS longest FROM good GROUP BY step),
        ended AS (SELECT max(greatest(epoch_us("end"), epoch_us(start), epoch_us(ready))) AS log_end FROM good)
        SELECT h.src FROM hanging AS h JOIN lasting USING (step), ended WHERE log_end - epoch_us(h.start) <= longest
        AND h.src NOT IN (SELECT h.src FROM hanging AS h JOIN good AS l USING ("case")
            WHERE ((l.step = h.step AND l.src <> h.src) OR {over}) AND coalesce(l.start, l."end") > h.start)"""


def fates(scratch: Scratch, parts: Sequence[Part]) -> None:
    """Make the scratch table ``fates``: the source rows of which nothing could be used, each with its reason."""
    events, steps = scratch.name("events"), scratch.name("steps")
    used = " UNION ALL ".join(f"SELECT {c} AS src FROM {steps} WHERE reason IS NULL AND {c} IS NOT NULL" for c in ("src", "src2", "src3"))
    bad = [f"SELECT {c} AS src, reason FROM {steps} WHERE reason IS NOT NULL AND {c} IS NOT NULL" for c in ("src", "src2", "src3")]
    bad.append(f"SELECT src, reason FROM {events} WHERE reason IS NOT NULL")
    bad += [
        f"SELECT src, {literal(NO_TIME)} FROM (SELECT rowid + {p.offset} AS src FROM {p.source.relation}) ANTI JOIN {events} USING (src)"
        for p in parts
        if p.rows.steps
    ]
    scratch.make("fates", f"""
        SELECT src, min(reason) AS reason FROM ({' UNION ALL '.join(bad)})
        ANTI JOIN ({used}) AS used USING (src) GROUP BY src""")  # fmt: skip


def account(scratch: Scratch, parts: Sequence[Part]) -> Account:
    """Rows in, rows kept, and rows left out by reason; they add up."""
    left = [LeftOut(reason=str(r), rows=int(n)) for r, n in scratch.run(
        f"SELECT reason, count(*) FROM {scratch.name('fates')} GROUP BY reason ORDER BY 2 DESC, 1")]  # fmt: skip
    broken = sum(p.source.broken for p in parts)
    if broken:
        left.append(LeftOut(reason=BROKEN, rows=broken))
    rows_in = sum(p.source.rows + p.source.broken for p in parts)
    return Account(rows_in=rows_in, rows_kept=rows_in - sum(x.rows for x in left), left_out=tuple(left))


def keep_left_out(scratch: Scratch, parts: Sequence[Part]) -> None:
    """Make the scratch table ``left_out``: the source's own columns of every row left out, and the reason."""
    several, selects = len(parts) > 1, []
    for p in parts:
        columns = ", ".join(f"r.{ident(c)}::VARCHAR AS {ident(c)}" for c in p.source.columns)
        table = f'{literal(p.source.where)} AS "table", ' if several else ""
        selects.append(f"""SELECT {table}{columns}, f.reason AS {ident(_reason(p))}
            FROM {p.source.relation} AS r JOIN {scratch.name('fates')} AS f ON r.rowid + {p.offset} = f.src""")  # fmt: skip
        if p.source.broken:
            selects.append(
                f"SELECT {table}{columns}, {literal(BROKEN)} AS {ident(_reason(p))} FROM {scratch.name(p.source.table + '_broken')} AS r"
            )
    scratch.make("left_out", " UNION ALL BY NAME ".join(f"({s})" for s in selects))


def _reason(part: Part) -> str:
    return "left out because" if any(c.lower() == "reason" for c in part.source.columns) else "reason"


def half_used(scratch: Scratch) -> tuple[Finding, ...]:
    """Steps that could not be used although other steps of their row could, and times a step can do without."""
    events, steps, gone = scratch.name("events"), scratch.name("steps"), scratch.name("fates")
    rows = scratch.run(f"""
        SELECT reason, count(*) FROM (SELECT src, reason FROM {steps} WHERE reason IS NOT NULL
            UNION ALL SELECT src, reason FROM {events} WHERE reason IS NOT NULL)
        ANTI JOIN {gone} USING (src) GROUP BY reason""")  # fmt: skip
    total = int(scratch.one(f"SELECT count(*) FROM {events}"))
    found = [Finding(what=f"steps left out of a row that has others ({r})", rows=int(n), share=int(n) / total,
                     effect="They count in no measure; the other steps of the row do") for r, n in rows]  # fmt: skip
    soft = int(scratch.one(f"SELECT count(*) FILTER (soft) FROM {events}"))
    if soft:
        effect = "The step is kept without that time; waits from the need and lateness rest on fewer steps"
        found.append(Finding(what="unreadable time of need or planned time", rows=soft, share=soft / total, effect=effect))
    return tuple(found)
