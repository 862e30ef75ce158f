"""A person who looks at another window is told that a long training has ended."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import AppBlur, AppFocus

from ann_tui.tui.app.app import AnnApp
from ann_tui.tui.terminal.away import call_back


@given(st.text(max_size=300))
def test_nothing_in_the_text_ends_the_sequence_or_begins_another(text: str) -> None:
    found = re.fullmatch(
        "\a\x1b\\]9;ann-tui: ([^\a\x1b;]*)\a\x1b\\]777;notify;ann-tui;([^\a\x1b;]*)\a", call_back(text)
    )
    assert found is not None and found[1] == found[2]


@pytest.mark.parametrize("when_away", [True, False])
async def test_it_rings_unless_the_window_is_in_front(
    when_away: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, written = AnnApp(), []
    app.settings = type(app.settings)(when_away=when_away)
    async with app.run_test() as pilot:
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "write", written.append)
        for event, rings in ((None, when_away), (AppFocus(), False), (AppBlur(), when_away)):
            if event is not None:
                app.post_message(event)
                await pilot.pause()
            written.clear()
            app.call_back("done")
            assert bool(written) is rings
