"""Two rows, one step: starts and completions of the same step of the same case find each other, first in first out."""

from __future__ import annotations

from sandcone.reading.columns import Lifecycle
from sandcone.reading.events import BACKWARDS
from sandcone.reading.scratch import Scratch, literal

NOT_USED = "lifecycle state not used"
KEY = "\"case\", step, coalesce(instance, '')"


def paired(scratch: Scratch, lifecycle: Lifecycle, *, by_instance: bool) -> None:
    """Make the scratch table ``steps`` out of ``events`` of which each is one end of a step.

    ``by_instance``: the log numbers its instances, so both rows belong together whatever their times say.
    """
    _sorted_by_state(scratch, lifecycle)
    _fifo(scratch, "SELECT * FROM {events} WHERE kind IN ('open', 'close')", "halves", by_instance=by_instance)
    scratch.make("spans", f"""
        SELECT coalesce(min(src) FILTER (kind = 'open'), min(src)) AS src, min(src) FILTER (kind = 'close') AS src2,
            any_value("case") AS "case", any_value(step) AS step, any_value(instance) AS instance, min(planned) AS planned,
            min(moment) FILTER (kind = 'open') AS start, min(moment) FILTER (kind = 'close') AS "end",
            coalesce(any_value(res) FILTER (kind = 'open' AND len(res) > 0), any_value(res)) AS res
        FROM {scratch.name('halves')} GROUP BY {KEY}, n""")  # fmt: skip
    _with_ready(scratch)


def _sorted_by_state(scratch: Scratch, lifecycle: Lifecycle) -> None:
    ready = _ready_word(scratch, lifecycle)
    kinds = (("open", lifecycle.start), ("close", lifecycle.complete), ("ready", ready))
    cases = " ".join(
        f"WHEN lower(state) IN ({', '.join(literal(w.lower()) for w in words)}) THEN '{kind}'" for kind, words in kinds if words
    )
    why = f"coalesce(reason, CASE WHEN kind IS NULL THEN {literal(NOT_USED + ' (')} || coalesce(lower(state), 'none') || ')' END)"
    scratch.make("events", f"""
        SELECT * EXCLUDE (kind, reason), {why} AS reason, CASE WHEN {why} IS NULL THEN kind END AS kind
        FROM (SELECT *, CASE {cases} END AS kind, coalesce("end", start) AS moment FROM {scratch.name('events')})""")  # fmt: skip


def _ready_word(scratch: Scratch, lifecycle: Lifecycle) -> tuple[str, ...]:
    """The first word for a time of need that the log uses: a step is scheduled once, then perhaps assigned."""
    used = {r[0] for r in scratch.run(f"SELECT DISTINCT lower(state) FROM {scratch.name('events')} WHERE reason IS NULL")}
    return next(((w,) for w in lifecycle.ready if w.lower() in used), ())


def _fifo(scratch: Scratch, query: str, table: str, *, by_instance: bool) -> None:
    """Number the pairs: the k-th opening row of a step meets the k-th closing row that has an opening row before it.

    A running balance tells which closing rows have none: those that push it below every earlier value and below zero.
    """
    order = f"(PARTITION BY {KEY} ORDER BY moment, CASE kind WHEN 'open' THEN 0 ELSE 1 END, src ROWS UNBOUNDED PRECEDING)"
    before = order.replace("ROWS UNBOUNDED PRECEDING", "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING")
    even = "opens = closes" if by_instance else "false"
    scratch.make(table, f"""
        WITH balance AS (
            SELECT *, sum(CASE kind WHEN 'open' THEN 1 ELSE -1 END) OVER {order} AS level,
                count(*) FILTER (kind = 'open') OVER (PARTITION BY {KEY}) AS opens,
                count(*) FILTER (kind = 'close') OVER (PARTITION BY {KEY}) AS closes
            FROM ({query.format(events=scratch.name('events'))})),
        lone AS (
            SELECT *, kind = 'close' AND NOT ({even}) AND level < least(0, coalesce(min(level) OVER {before}, 0)) AS alone FROM balance)
        SELECT * EXCLUDE (level, opens, closes, alone),
            CASE WHEN alone THEN -src - 1 ELSE count(*) FILTER (NOT alone) OVER {order.replace(KEY, KEY + ', kind')} END AS n
        FROM lone""")  # fmt: skip


def _with_ready(scratch: Scratch) -> None:
    """Give each step its time of need, if the log has rows for it; needs that were never met stay as steps not begun."""
    late = f'CASE WHEN "end" < start THEN {literal(BACKWARDS)} END AS reason'
    if not scratch.one(f"SELECT count(*) FROM {scratch.name('events')} WHERE kind = 'ready'"):
        scratch.make("steps", f"SELECT *, NULL::BIGINT AS src3, NULL::TIMESTAMP AS ready, {late} FROM {scratch.name('spans')}")
        return
    _fifo(scratch, f"""
        SELECT src, NULL::BIGINT AS src2, "case", step, instance, moment, 'open' AS kind, planned, NULL::TIMESTAMP AS start,
            NULL::TIMESTAMP AS "end", res FROM {{events}} WHERE kind = 'ready'
        UNION ALL SELECT src, src2, "case", step, instance, coalesce(start, "end"), 'close', planned, start, "end", res
        FROM {scratch.name('spans')}""", "needs", by_instance=False)  # fmt: skip
    scratch.make("steps", f"""
        SELECT *, {late} FROM (
            SELECT min(src) FILTER (kind = 'open') AS src3, coalesce(min(src) FILTER (kind = 'close'), min(src)) AS src, min(src2) AS src2,
                any_value("case") AS "case", any_value(step) AS step, any_value(instance) AS instance, min(planned) AS planned,
                min(moment) FILTER (kind = 'open') AS ready, min(start) AS start, min("end") AS "end",
                coalesce(any_value(res) FILTER (kind = 'close' AND len(res) > 0), any_value(res)) AS res
            FROM {scratch.name('needs')} GROUP BY {KEY}, n)""")  # fmt: skip
