"""A log that can be asked questions, and the counts that every check of its quality needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis

from sandcone.core.log import ROLES, EventLog, Finding
from sandcone.reading.scratch import literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A log that can be asked questions in SQL, where ``{log}`` stands for its rows."""

    log: EventLog
    relation: str
    steps: int = 0
    cases: int = 0
    named: int = 0  # steps with a resource
    ended: int = 0
    midnights: int = 0  # ends at 00:00:00 on the hospital's clock

    def ask(self, sql: str) -> tuple[Any, ...]:
        """The one row a query answers."""
        rows: list[tuple[Any, ...]] = self.log.table.get_backend().con.execute(sql.replace("{log}", self.relation)).fetchall()
        return rows[0]

    def local(self, moment: str) -> str:
        """The SQL of what the hospital's clock showed."""
        return moment if self.log.zone is None else f"timezone({literal(self.log.zone)}, timezone('UTC', {moment}))"

    @property
    def days_only(self) -> bool:
        """Whether the log has dates but no times of day."""
        return self.midnights > 0.9 * max(self.ended, 1)


def facts(log: EventLog) -> Facts:
    """A log and its counts, in one pass."""
    bare = Facts(log=log, relation=f"({ibis.to_sql(log.table.select(*ROLES), dialect='duckdb')})")
    end = bare.local('"end"')
    steps, cases, named, ended, midnights = bare.ask(f"""
        SELECT count(*), count(DISTINCT "case"), count(resource), count("end"), count(*) FILTER ({end} = date_trunc('day', {end}))
        FROM {{log}}""")
    return Facts(log=log, relation=bare.relation, steps=steps, cases=cases, named=named, ended=ended, midnights=midnights)


def odd(what: str, rows: int, of: int, effect: str, example: str = "") -> Finding:
    """A finding, its share worked out."""
    return Finding(what=what, rows=int(rows), share=min(int(rows) / max(of, 1), 1.0), effect=effect, example=example)
