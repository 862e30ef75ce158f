"""Headers, cells and classes that would write on the terminal, turn it round, or fill it are shown safely."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from app_driver import Driver, Open

HOSTILE = (
    "[/]",
    "[red]x[/red]",
    "[@click=app.quit]x",
    "\x1b[2J\x1b[31mred",
    "\x1b]0;title\x07",
    "a\u202eb\u2066c",
    "\u200b\ufeff\u00ad",
    "👨\u200d👩\u200d👧 🇫🇷",
    "line\nbreak\ttab",
    "\\[x] $var {y}",
)
DANGEROUS = {chr(code) for code in (*range(32), *range(0x7F, 0xA0))} - {"\n"} | {
    "\u200b", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068",
    "\u2069", "\ufeff", "\u00ad", "\u2028", "\u2029",
}  # fmt: skip


def _write(path: Path, rows: int = 80) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [*(f"{text}name{place}" for place, text in enumerate(HOSTILE)), "n", "[b]target\x1b[5m"]
        )
        for row in range(rows):
            cells = [f"{text}{(row + place) % 3}" for place, text in enumerate(HOSTILE)]
            if row == 3:
                cells[0] = "[red]\x1b[1m" + "x" * 1_000_000
            writer.writerow([*cells, row, ("[/]yes\u202e" if row % 2 else "\x1b[0mno")])
    return path


def _safe(app: Driver) -> None:
    shown = app.text()
    assert not DANGEROUS & set(shown), (sorted(DANGEROUS & set(shown)), shown)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_screen_shows_hostile_text_safely(
    open_app: Open, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_app(_write(tmp_path / "[b]hostile.csv"), size=size) as app:
        await app.sees("[/]name0")
        for keys in (
            [], ["down"], ["tab", "right", "down"], ["w"], ["escape"], ["k"], ["escape"], ["i"], ["escape"],
            ["d"], ["escape"], ["f1"], ["escape"], ["ctrl+p"], ["escape"], ["2"], ["tab", "down"], ["enter"],
            ["escape"], ["3"], ["t"],
        ):  # fmt: skip
            await app.press(*keys)
            _safe(app)
        await app.trained()
        for keys in (
            ["4"], ["i"], ["e"], ["enter"], ["down"], ["escape"], ["S"], ["space"], ["space"], ["space"], ["escape"],
            ["v"], ["v"], ["right"], ["v"], ["v"], ["escape"], ["5"], ["tab"], ["enter"], ["escape"], ["v"], ["6"],
            ["down", "down"], ["enter"], ["escape"], ["r"],
            ["tab"], ["o"], ["escape"], ["1"],
        ):  # fmt: skip
            await app.press(*keys)
            _safe(app)
        assert app.app.is_running
