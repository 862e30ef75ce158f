"""Commands in a real terminal: what a file holds can't steer it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Any]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
TITLE = "\x1b]0;owned\x07"


def test_rows_and_figures_are_shown_and_not_obeyed(terminal: Start, tmp_path: Path) -> None:
    """Rows that go to a pipe or a file stay as they are."""
    table, model, out = tmp_path / "rows.csv", tmp_path / "m.ann", tmp_path / "out.csv"
    rows = [f"{row % 7},{'a' if row else TITLE},{'left' if row % 7 > 3 else 'right'}" for row in range(40)]
    table.write_text("\n".join([f"x{TITLE},note,side", *rows]) + "\n")
    words = ("--layers", "", "--epochs", "2", "--target", "side", "--save", str(model))
    trained = terminal("train", str(table), *words)
    trained.until("gradient boosting", "saved")
    assert trained.ended() == 0
    shown = terminal("predict", str(model), str(table))
    shown.until("score on 40 rows")
    assert shown.ended() == 0 and "␛]0;owned␇" in shown.raw.decode()
    written = terminal("predict", str(model), str(table), "-o", str(out))
    assert written.ended() == 0 and out.read_text().splitlines()[0].startswith(
        f"x{TITLE},note,side,prediction"
    )
    for app in (trained, shown, written):
        assert TITLE.encode() not in app.raw


def test_a_file_is_written_over_when_the_person_says_so(
    terminal: Start, sample_data: Path, tmp_path: Path
) -> None:
    table, model, out = str(sample_data / "spirals.csv"), str(tmp_path / "m.ann"), tmp_path / "out.csv"
    assert terminal("train", table, "--epochs", "1", "--no-baselines", "--save", model).ended() == 0
    out.write_text("precious")
    for answer, status, kept in (("n", 2, True), ("", 2, True), ("y", 0, False)):
        asking = terminal("predict", model, table, "-o", str(out))
        asking.until("out.csv exists. Write over it?")
        asking.press(f"{answer}\r")
        assert asking.ended() == status and (out.read_text() == "precious") == kept
