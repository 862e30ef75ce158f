"""Two runs side by side: what was different, is one really better, and for which rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from ann_tui.evaluation.comparison import Comparison, compare, said
from ann_tui.experiments.choice_texts import differences
from ann_tui.figures import counted, number
from ann_tui.tui.dialog import Dialog
from ann_tui.tui.text import plain
from ann_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from ann_tui.evaluation.evaluation import SplitName
    from ann_tui.experiments.run_list import ListedRun
    from ann_tui.tui.host import ScreenHost

NAME, VALUE = 26, 30
UNKNOWN = (
    "what one of them answered is not kept: enter on it in the list of runs, or t with its choices, gives it"
)


class ComparisonScreen(Dialog[None]):
    """What differs between the run in front and another one, and the answers of both on the same rows."""

    CSS_PATH = "run_list.tcss"
    BINDINGS: ClassVar = [
        Binding("escape,d,q", "leave", "close", show=False),
        Binding("y", "app.copy", "copy", show=False),
    ]

    def __init__(self, host: ScreenHost, front: ListedRun, other: ListedRun) -> None:
        super().__init__()
        self._front, self._other = front, other
        self._compared = {
            part: compared
            for part in _parts(front, other)
            if (compared := _compared(host, front, other, part)) is not None
        }
        self._lines: list[Text] = []

    def compose(self) -> ComposeResult:
        """The sentences, and the list of differences."""
        with Vertical(id="comparison-box", classes="table-box") as box:
            names = plain(self._front.name, 40), plain(self._other.name, 40)
            box.border_title = Text.assemble(names[0], " (in front) and ", names[1])
            box.border_subtitle = "↑ ↓ moves, y copies, esc closes"
            yield Static(self._sentences(), id="comparison-said")
            yield LineList(id="comparison-lines")

    def on_mount(self) -> None:
        """Fill the list."""
        self._lines = [*self._choices(), *(line for part in self._compared for line in self._rows(part))]
        lines = self.query_one(LineList)
        lines.styles.height = max(3, min(len(self._lines), self.app.size.height - 10))
        lines.show(len(self._lines), lambda place: self._lines[place])
        lines.focus()

    def copies(self) -> Iterator[tuple[str, str]]:
        """All that is said."""
        yield "the comparison", "\n".join([self._sentences().plain, *(line.plain for line in self._lines)])

    def _sentences(self) -> Text:
        names = plain(self._front.name, 40).plain, plain(self._other.name, 40).plain
        lines = [said(each, *names, f"{part} row") for part, each in self._compared.items()]
        text = Text("\n".join(lines or [UNKNOWN]))
        if "validation" in self._compared and self._front.target == self._other.target:
            text.append(
                "\nThe epochs of both were chosen on the validation rows, which flatters both.", style="dim"
            )
        return text

    def _choices(self) -> Iterator[Text]:
        front, other = self._front, self._other
        differing = differences(front.choices, other.choices)
        yield _row("what differs", plain(front.name, VALUE), plain(other.name, VALUE), style="bold")
        for each in differing:
            yield _row(each.title, plain(each.one, VALUE), plain(each.other, VALUE))
        for text in front.steered:
            if text not in other.steered:
                yield _row("changed by hand", plain(text, VALUE), Text(""))
        for text in other.steered:
            if text not in front.steered:
                yield _row("changed by hand", Text(""), plain(text, VALUE))
        if not differing and set(front.steered) == set(other.steered):
            yield Text("nothing but chance and time", style="dim")

    def _rows(self, part: SplitName) -> Iterator[Text]:
        compared = self._compared[part]
        names = self._front.name, self._other.name
        yield Text("")
        if compared.a.classes:
            alone = len(compared.only_a), len(compared.only_b)
            neither = compared.rows - compared.both - sum(alone)
            counts = [f"both right {compared.both:,}"]
            counts += [f"{name} alone {count:,}" for name, count in zip(names, alone, strict=True)]
            yield plain(f"{part} rows: {', '.join(counts)}, neither {neither:,}", 200)
        else:
            nearer = [
                f"{name} is nearer in {counted(len(places), 'row')}"
                for name, places in zip(names, (compared.only_a, compared.only_b), strict=True)
            ]
            yield plain(f"{part} rows: {', '.join(nearer)}; the clearest first", 200)
        yield _row(
            "line", plain(f"{names[0]} says", VALUE), plain(f"{names[1]} says", VALUE), "true", style="dim"
        )
        places = [*compared.only_b.tolist(), *compared.only_a.tolist()]
        for place in places:
            a, b, actual = (
                self._answer(compared, values[place])
                for values in (compared.a.given, compared.b.given, compared.a.actual)
            )
            marks = (
                ("", "")
                if not compared.a.classes
                else ("✓ " if a == actual else "✗ ", "✓ " if b == actual else "✗ ")
            )
            yield _row(
                f"{int(compared.a.lines[place]):,}",
                plain(marks[0] + a, VALUE),
                plain(marks[1] + b, VALUE),
                plain(actual, VALUE).plain,
            )

    def _answer(self, compared: Comparison, value: float) -> str:
        return compared.a.classes[int(value)] if compared.a.classes else number(float(value), 5)

    def _mark(self, compared: Comparison, right: bool) -> str:
        return ("✓ " if right else "✗ ") if compared.a.classes else ""

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)


def _row(name: str, front: Text, other: Text, last: str = "", *, style: str = "") -> Text:
    cells = plain(name, NAME), front, other
    text = Text(no_wrap=True, style=style)
    for cell, width in zip(cells, (NAME, VALUE, VALUE), strict=True):
        cell.pad_right(max(width - cell.cell_len, 0) + 2)
        text.append_text(cell)
    return text.append(last)


def _parts(front: ListedRun, other: ListedRun) -> tuple[SplitName, ...]:
    """The validation rows; the test rows only where both were looked at."""
    looked = front.test is not None and other.test is not None
    return ("validation", "test") if looked else ("validation",)


def _compared(host: ScreenHost, front: ListedRun, other: ListedRun, part: SplitName) -> Comparison | None:
    a, b = host.lister.answers(front).get(part), host.lister.answers(other).get(part)
    return None if a is None or b is None else compare(a, b)
