"""Histograms as text: bars against a plain reference, labels that are readable, and the widget at three sizes."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from app_driver import Open
from rich.text import Text
from textual.app import App, ComposeResult

from ann_tui.data.profile import column_histogram
from ann_tui.data.profile.column_histogram import number_histogram
from ann_tui.data.profile.histogram import Grouping, Histogram, count_labels
from ann_tui.figures import BARS
from ann_tui.tui.charts.group_marks import group_marks
from ann_tui.tui.charts.label_bars import label_lines, shares_of
from ann_tui.tui.charts.number_bars import bar_rows, number_lines
from ann_tui.tui.latest import Latest, WorkedOut
from ann_tui.tui.widgets.choice_table import ChoiceTable
from ann_tui.tui.widgets.histogram_view import HistogramView

COLOURS = dict.fromkeys(
    ("accent", "line-validation", "success", "foreground", "muted", "border", "warning"), "red"
)
SIZES = [(80, 24), (120, 40), (200, 60)]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _by(rows: int, groups: int, target: bool = False) -> Grouping:
    rng = np.random.default_rng(rows + groups)
    names = tuple(LETTERS[:groups]) if groups > 1 else ("",)
    return Grouping(names, rng.integers(0, groups, rows), rng.normal(size=rows) if target else None)


def _numbers(rows: int, groups: int, target: bool = False) -> Histogram:
    values = np.random.default_rng(rows).normal(100, 30, rows)
    values[::17] = np.nan
    return number_histogram(values, _by(rows, groups, target))


def _labels(words: int, groups: int, target: bool = False, name: str = "word") -> Histogram:
    codes = np.repeat(np.arange(words), np.arange(words, 0, -1))
    codes[5::19] = -1
    return count_labels(
        codes, [f"{name} {place}" for place in range(words)], _by(len(codes), groups, target), 200
    )


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_a_bar_is_as_high_as_its_share_to_an_eighth_of_a_line(rows: int) -> None:
    shares = np.array([0, 0.001, 0.1, 0.33, 0.5, 0.77, 1, np.nan])
    for place, share in enumerate(shares.tolist()):
        column = [line[place] for line in bar_rows(shares, rows, len(shares))]
        filled = sum(0 if cell == " " else BARS.index(cell) + 1 for cell in column)
        wanted = 0 if share != share or share == 0 else max(1, share * rows * 8)
        assert abs(filled - wanted) <= 0.5
        assert "".join(column) == "".join(sorted(column, key=lambda cell: (" " + BARS).index(cell)))


@pytest.mark.parametrize("columns", [1, 3, 7, 20, 61])
def test_each_cell_shows_the_bar_at_its_middle(columns: int) -> None:
    bars = min(columns, 7)
    heights = np.arange(1, bars + 1) / 8
    (row,) = bar_rows(heights, 1, columns)
    for cell, drawn in enumerate(row):
        at = (cell + 0.5) / columns
        (bar,) = [bar for bar in range(bars) if bar / bars <= at < (bar + 1) / bars]
        assert drawn == BARS[bar]


@pytest.mark.parametrize("size", [(20, 5), (30, 9), (60, 20), (100, 40), (200, 60)])
@pytest.mark.parametrize("groups", [1, 2, 10, 26])
@pytest.mark.parametrize("target", [False, True])
def test_lines_fit_and_say_who_they_are(size: tuple[int, int], groups: int, target: bool) -> None:
    width, height = size
    for histogram, draw in (
        (_numbers(400, groups, target), number_lines),
        (_labels(30, groups, target), label_lines),
    ):
        lines = draw(histogram, width, height, COLOURS, "price")
        assert 0 < len(lines) <= height
        text = "\n".join(line.plain for line in lines)
        assert all(line.cell_len <= width for line in lines)
        if draw is number_lines:
            assert len(re.findall(r"\d+", lines[-2 if "without" in text else -1].plain)) >= 1
            if groups > 1 and height > groups + 6:
                assert all(f"{letter}│" in text for letter in LETTERS[:groups])
        else:
            assert "word 0" in text and str(int(histogram.totals[0])) in text


@pytest.mark.parametrize("words", [1, 2, 3, 7, 12])
@pytest.mark.parametrize("height", [4, 6, 9, 14, 25, 50])
@pytest.mark.parametrize("groups", [1, 3])
def test_few_words_use_the_height_and_no_more(words: int, height: int, groups: int) -> None:
    histogram = _labels(words, groups, name="word")
    lines = label_lines(histogram, 60, height, COLOURS)
    text = "\n".join(line.plain for line in lines)
    assert len(lines) <= height
    assert ("missing" in text) == bool(histogram.missing.any()) and ("A  B  C" in text) == (groups > 1)
    named = [line for line in lines if line.plain.startswith("word ")]
    gone = int(histogram.missing.any())
    assert len(named) == histogram.bars or len(named) == height - (groups > 1) - gone - 1


def test_of_more_classes_than_lines_the_largest_are_shown_and_the_others_together() -> None:
    histogram = _numbers(2_000, 26)
    text = "\n".join(line.plain for line in number_lines(histogram, 60, 12, COLOURS))
    shown = [letter for letter in LETTERS if f"{letter}│" in text]
    sizes = dict(zip(LETTERS, histogram.counts.sum(axis=1).tolist(), strict=True))
    assert f"{26 - len(shown)} more│" in text and 3 < len(shown) < 26
    assert min(sizes[letter] for letter in shown) >= max(
        sizes[letter] for letter in LETTERS if letter not in shown
    )


@pytest.mark.parametrize("groups", [2, 5])
def test_the_letters_of_a_bar_are_in_the_shares_of_its_groups(groups: int) -> None:
    histogram = _labels(6, groups)
    marks = group_marks(histogram.groups)
    lines = label_lines(histogram, 90, 9, COLOURS)
    for place in range(histogram.bars):
        bar = lines[place].plain.split()[-1]
        parts = histogram.counts[:, place]
        for mark, rows in zip(marks, parts.tolist(), strict=True):
            assert abs(bar.count(mark) - len(bar) * rows / parts.sum()) < 1
    assert lines[-1].plain.split() == list(LETTERS[:groups])


@pytest.mark.parametrize("seed", range(20))
def test_shares_of_cells_add_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = rng.integers(0, 50, rng.integers(1, 9)).tolist()
    length = int(rng.integers(0, 80))
    cells = shares_of(parts, length)
    assert sum(cells) == (length if sum(parts) else 0)
    assert all(
        abs(each - length * part / max(sum(parts), 1)) < 1 for each, part in zip(cells, parts, strict=True)
    )


@pytest.mark.parametrize(
    ("names", "marks"),
    [
        (("0", "1"), ("0", "1")),
        (("Adelie", "Chinstrap", "Gentoo"), ("A", "C", "G")),
        (("no", "nope", "none"), ("n", "o", "e")),
        (("猫", "犬"), ("A", "B")),
        (("", "-"), ("A", "B")),
    ],
)
def test_groups_have_letters_of_their_own(names: tuple[str, ...], marks: tuple[str, ...]) -> None:
    assert group_marks(names) == marks
    assert len(set(group_marks([f"c{place}" for place in range(60)]))) == 60


def test_names_of_wide_or_hostile_characters_keep_the_columns_straight() -> None:
    histogram = count_labels(
        np.array([0, 0, 1, 1, 1, 2]), ["\x1b[31m猫猫猫", "x" * 500, "[b]c"], Grouping.none(6), 9
    )
    lines = label_lines(histogram, 40, 3, COLOURS)
    assert len({line.plain.index("█") + line.cell_len - len(line.plain) for line in lines}) == 1
    assert all(line.cell_len <= 40 for line in lines) and "\x1b" not in "".join(line.plain for line in lines)


class _Alone(App[None]):
    def __init__(self, histogram: Histogram | None) -> None:
        super().__init__()
        self._histogram = histogram

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return COLOURS

    def compose(self) -> ComposeResult:
        yield HistogramView(id="view")

    def on_mount(self) -> None:
        self.query_one(HistogramView).show(self._histogram, "price", "nothing yet")


@pytest.mark.parametrize("size", [(1, 1), (4, 2), (20, 6), (80, 22), (200, 58)])
@pytest.mark.parametrize(
    ("histogram", "seen"),
    [
        (None, "nothing yet"),
        (number_histogram(np.full(5, np.nan), Grouping.none(5)), "no row has a value"),
        (number_histogram(np.full(5, 7.25), _by(5, 2)), "7.250 in 5 rows, no other value"),
        (number_histogram(np.full(5, 7.0), Grouping.none(5)), "7 in 5 rows"),
        (number_histogram(np.full(5, 86400.0), Grouping.none(5), dates=True), "1970-01-02 in 5 rows"),
        (_labels(1, 1), "word 0"),
        (_labels(200, 3), "more"),
        (
            count_labels(np.arange(90), [f"{n}" for n in range(90)], Grouping.none(90), 40),
            "90 different values",
        ),
        (number_histogram(np.array([-1e300, 1e300]), Grouping.none(2)), "0"),
        (number_histogram(np.array([1.5e9, 1.6e9, 1.7e9]), Grouping.none(3), dates=True), "2017-07-14"),
    ],
)
async def test_odd_columns_are_drawn_in_any_room(
    size: tuple[int, int], histogram: Histogram | None, seen: str
) -> None:
    app = _Alone(histogram)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        rendered = app.query_one(HistogramView).render()
        assert isinstance(rendered, Text)
        if size[0] >= 40 and not (seen == "more" and size[1] > 200):
            assert seen in rendered.plain
        assert len(rendered.plain.split("\n")) <= max(size[1], 1) or size[1] < 3


def test_only_the_newest_wish_is_worked_out() -> None:
    """The owner is told by messages; a thread begins when `work` is called here."""

    class Owner:
        def __init__(self) -> None:
            self.threads: list[Any] = []
            self.told: list[WorkedOut] = []

        def run_worker(self, run: Any, **_: Any) -> None:
            self.threads.append(run)

        def post_message(self, message: WorkedOut) -> None:
            self.told.append(message)

    owner, table, done = Owner(), object(), []
    latest: Latest[str] = Latest(owner)  # type: ignore[arg-type]

    def ask(key: str, of: object = table, at_once: bool = False) -> str | None:
        return latest.ask(of, key, lambda: done.append(key) or key.upper(), at_once=at_once)  # type: ignore[func-returns-value]

    for key in "abc":
        assert ask(key) is None
    while owner.threads:
        owner.threads.pop(0)()
        latest.take(owner.told.pop())
    assert done == ["a", "c"] and ask("a") == "A" and ask("c") == "C"
    assert ask("d", at_once=True) == "D" and done == ["a", "c", "d"]
    assert ask("e") is None
    other = object()
    assert ask("a", of=other) is None
    owner.threads.pop(0)()
    latest.take(owner.told.pop())
    owner.threads.pop(0)()
    latest.take(owner.told.pop())
    assert ask("a", of=other) == "A" and done == ["a", "c", "d", "e", "a"]
    failed = latest.ask(other, "x", lambda: 1 / 0, at_once=True)  # type: ignore[arg-type,return-value]
    assert isinstance(failed, str) and "ZeroDivisionError" in failed


# -- on the Data screen --------------------------------------------------------------------------------------


@pytest.fixture
def odd_table(tmp_path: Path) -> Path:
    """Columns of all sorts, with a class of 26 letters."""
    rng = np.random.default_rng(0)
    long = "a very long name of a column that nobody can read in one glance " * 3
    head = ["empty", "one", "many", long.strip(), "size", "猫", "zero_one", "letter"]
    rows = [
        [
            "", "same", f"word {int(rng.integers(0, 200))}", f"{rng.normal():.3f}", f"{rng.lognormal(3, 2):.1f}",
            f"{'犬'[: n % 2]}鳥", f"{n % 2}", LETTERS[n * n % 26] if n % 9 else LETTERS[n // 9 % 26],
        ]
        for n in range(400)
    ]  # fmt: skip
    file = tmp_path / "odd.csv"
    file.write_text("\n".join(",".join(row) for row in [head, *rows]), encoding="utf-8")
    return file


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colours", [True, False])
async def test_panels_neither_overlap_nor_leave_the_screen(
    open_app: Open, odd_table: Path, size: tuple[int, int], colours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not colours:
        monkeypatch.setenv("NO_COLOR", "1")
    async with open_app(odd_table, size=size) as app:
        for target in ("letter", "zero_one"):
            app.app.screen.query_one(ChoiceTable).put_cursor(target)
            await app.press("g")
            await app.ready()
            for row in range(8):
                app.app.screen.query_one(ChoiceTable).move_cursor(row=row)
                for _ in range(3):
                    await app.press("tab")
                    await app.until(lambda: True)
                    shown = [panel for panel in app.app.screen.query(".panel") if panel.region.area]
                    assert len(shown) == (1 if size[0] < 100 else 3)
                    for place, panel in enumerate(shown):
                        assert app.app.screen.region.contains_region(panel.region)
                        assert not any(panel.region.overlaps(other.region) for other in shown[place + 1 :])
            app.app.screen.query_one(ChoiceTable).put_cursor("size")
            if size[0] < 100:
                await app.press("tab")
            await app.sees(
                f"size · by {target}",
                "all rows│",
                "0│" if target == "zero_one" else "Z│" if size[1] > 40 else "more│",
            )
            app.app.screen.query_one(ChoiceTable).put_cursor("many")
            await app.sees(" more ")
            app.app.screen.query_one(ChoiceTable).put_cursor("empty")
            await app.sees("no row has a value")
            if size[0] < 100:
                await app.press("tab", "tab")


async def test_the_arrow_keys_in_the_histogram_go_to_other_columns(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", size=(80, 24)) as app:
        await app.press("tab", "down", "down")
        await app.sees("bill_length_mm · by species", "Chinstrap│")
        await app.press("up")
        await app.sees("island · by species", "A Adelie  C Chinstrap  G Gentoo")
        await app.press("g")
        await app.ready()
        await app.sees("island · target")
        await app.press("y")
        await app.sees("the histogram")


async def test_a_histogram_that_takes_long_holds_up_no_key(
    open_app: Open, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, asked = threading.Event(), []
    real = column_histogram.column_picture

    def slow(table: Any, profile: Any, name: str) -> Any:
        asked.append(name)
        assert gate.wait(20)
        return real(table, profile, name)

    async with open_app(sample_data / "penguins.csv") as app:
        monkeypatch.setattr(column_histogram, "column_picture", slow)
        monkeypatch.setattr("ann_tui.tui.widgets.column_panel.ROWS_AT_ONCE", 10)
        await app.press("down", "down", "down", "down")
        await app.sees("flipper_length_mm", "172", "mean 200.9")
        assert "all rows│" not in app.text()
        assert asked == ["island"]
        gate.set()
        await app.sees("flipper_length_mm · by species", "all rows│")
        assert asked == ["island", "flipper_length_mm"]
