"""The seconds of a training are those of its work, whatever changes on the way."""

from __future__ import annotations

import pytest

from ann_tui.training import clock as module
from ann_tui.training.clock import Clock
from ann_tui.training.state import Section


def test_a_clock_that_takes_its_own_state_while_it_runs_counts_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr(module.time, "perf_counter", lambda: now)
    clock = Clock()
    clock.start()
    now = 107.0
    clock.check(Section({"clock.seconds": clock.seconds}, "clock"))()
    assert clock.seconds == 7.0
    now = 110.0
    assert clock.seconds == 10.0
    clock.rest()
    now = 200.0
    assert clock.seconds == 10.0
