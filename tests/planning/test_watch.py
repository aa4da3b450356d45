"""A search as it goes on: the line of costs, the picture, and the plain lines."""

from __future__ import annotations

import io
import os
import signal

import pytest
from rich.console import Console

from sandcone.cli.watch import costs, headline, picture, watch
from sandcone.planning.found import Pays, Progress
from sandcone.planning.planned import Seen
from sandcone.planning.score import score
from tests.planning.wards import patient, plan, ward


def seen(seconds: float = 20.0, over: float = 0.5, broken: int = 0, bound: int | None = None) -> Seen:
    pays = tuple(Pays(move=m, proposed=9, accepted=5, better=b) for m, b in (("another day", 2), ("leave out", 0), ("swap days", 7)))
    p = Progress(over=over, seconds=seconds, cost=1060, broken=broken, moves=80, heat=3.0, tried=50_000_000, pays=pays)
    kept = None if broken else score(ward(patient("Ann")), plan(("Ann", 3, "R1", "T1")))
    return Seen(progress=p, score=kept, bound=bound, better=() if broken else ((0.0, 3000), (10.0, 1060)))


def test_one_line_says_time_cost_gap_and_speed() -> None:
    assert headline(seen()) == "20 s (50 %): cost 1,060, 2.5 million moves a second"
    assert "cost 1,060, 6.0 % above the bound 1,000" in headline(seen(bound=1000))
    assert "no plan yet that can be carried out (broken by 9)" in headline(seen(broken=9))


def test_the_line_of_costs_falls_when_a_better_plan_was_found() -> None:
    line = costs(((0.0, 3000), (10.0, 1060)), 20.0)
    assert line == "█" * 23 + "▁" * 25  # each of the 48 columns shows the best at its end
    assert set(costs(((0.0, 50),), 4.0)) == {"▁"}


@pytest.mark.parametrize("broken", [0, 9])
def test_the_picture_shows_the_costs_by_rule_and_the_moves_that_pay(broken: int) -> None:
    on = Console(file=io.StringIO(), width=100)
    on.print(picture(seen(broken=broken)))
    said = on.file.getvalue()  # type: ignore[attr-defined]
    assert "Moves that pay: swap days 7, another day 2\n" in said
    assert "leave out" not in said
    assert ("delay" in said, "mixed ages" in said, "3,000" in said) == (not broken, False, not broken)


def test_plain_lines_come_now_and_then_and_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    with watch() as on:
        on.told("making ready")
        for second in (0, 1, 9, 11, 12, 30):
            on.watched(seen(seconds=second, over=second / 30))
        on.watched(seen(seconds=30, over=1.0))
    said = capsys.readouterr().err.splitlines()
    assert [line.split(" ")[0] for line in said] == ["making", "0", "11", "30"]


def test_sigterm_is_ctrl_c_while_somebody_watches_and_what_it_was_afterwards() -> None:
    was = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), watch():
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()
    assert signal.getsignal(signal.SIGTERM) is was
