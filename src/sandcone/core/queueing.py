"""How long a queue must be: what busy servers and variation make patients wait, as plain formulas.

``u`` is utilization (0 to below 1; at 1 or more the queue has no end and the wait is infinite), ``m`` servers, ``v`` the
variability (ca² + ce²) / 2 of arrivals and process times (1 if both are memoryless), ``t`` the mean process time; waits come
in the unit of ``t``. Sources: Erlang 1917, Kingman 1961, Sakasegawa 1977, Hopp & Spearman; FIELD §3, values in §11.
"""

from __future__ import annotations

import math


def erlang_b(m: int, a: float) -> float:
    """The chance to be turned away by ``m`` servers offered ``a`` servers' worth of work, where nobody can wait."""
    _servers(m)
    if not a >= 0:
        raise ValueError(f"offered work must be 0 or more, not {a}")
    blocked = 1.0
    for k in range(1, m + 1):
        blocked = a * blocked / (k + a * blocked)
    return blocked


def erlang_c(m: int, u: float) -> float:
    """The chance that a patient has to wait for one of ``m`` servers (M/M/m)."""
    _busy(u)
    b = erlang_b(m, m * u)
    return 1.0 if u >= 1 else b / (1 - u * (1 - b))


def wait_mmm(u: float, m: int = 1, t: float = 1.0) -> float:
    """Mean wait in a queue with memoryless arrivals and process times: exact."""
    return math.inf if u >= 1 else erlang_c(m, u) * t / (m * (1 - u))


def kingman(u: float, v: float = 1.0, t: float = 1.0) -> float:
    """Mean wait for one server: V · u/(1-u) · t. Exact for memoryless arrivals, else close when busy."""
    return sakasegawa(u, 1, v, t)


def sakasegawa(u: float, m: int = 1, v: float = 1.0, t: float = 1.0) -> float:
    """Mean wait for ``m`` servers: V · u^(sqrt(2(m+1))-1) / (m(1-u)) · t, an approximation."""
    return v * wait_factor(u, m) * t


def wait_factor(u: float, m: int = 1) -> float:
    """The part of the wait that utilization and the number of servers make: mean wait over V·t."""
    _busy(u)
    _servers(m)
    return math.inf if u >= 1 else u ** (math.sqrt(2 * (m + 1)) - 1) / (m * (1 - u))


def flow_efficiency(u: float, v: float = 1.0, m: int = 1) -> float:
    """The flow efficiency that one stage can have at this utilization: 1 / (1 + V · factor). The frontier of FIELD §3."""
    return 1.0 if v == 0 else 1 / (1 + v * wait_factor(u, m))


def implied_variability(u: float, fe: float, m: int = 1) -> float:
    """V*: the variability that would explain this utilization with this flow efficiency; lower is a better trade-off.

    Moving along the frontier leaves V* alone. Both numbers must be of the same stage. NaN where ``u`` or ``fe`` is 0
    (no V tells them apart), 0 where ``u`` is 1 or more.
    """
    if not 0 <= fe <= 1:
        raise ValueError(f"flow efficiency must be between 0 and 1, not {fe}")
    factor = wait_factor(u, m)
    return math.nan if fe == 0 or factor == 0 else (1 - fe) / fe / factor


def best_throughput(w: float, t0: float, rb: float) -> float:
    """The most a line can finish per time with ``w`` patients in it: raw time ``t0``, bottleneck rate ``rb``."""
    _line(w, t0, rb)
    return min(w / t0, rb)


def practical_worst_throughput(w: float, t0: float, rb: float) -> float:
    """What a line with the most variation finishes: w / (W0 + w - 1) · rb, with W0 = rb · t0."""
    _line(w, t0, rb)
    return 0.0 if w == 0 else w / (rb * t0 + w - 1) * rb


def worst_throughput(t0: float) -> float:
    """What a line finishes if patients go through it one convoy at a time: 1 / t0."""
    _line(1, t0, 1)
    return 1 / t0


def _busy(u: float) -> None:
    if not u >= 0:
        raise ValueError(f"utilization must be 0 or more, not {u}")


def _servers(m: int) -> None:
    if m < 1:
        raise ValueError(f"a queue needs at least one server, not {m}")


def _line(w: float, t0: float, rb: float) -> None:
    if not (w >= 0 and t0 > 0 and rb > 0):
        raise ValueError(f"a line needs patients in it 0 or more, and a raw time and a bottleneck rate above 0; got {w}, {t0}, {rb}")
