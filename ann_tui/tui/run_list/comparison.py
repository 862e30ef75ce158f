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
    from ann_tui.experiments.kept.run_list import ListedRun
    from ann_tui.tui.host import ScreenHost

WIDEST_NAME, WIDEST_VALUE = 26, 30
UNKNOWN = "its answers are not kept: enter on it in the list of runs, or t with its choices, gives them"


class ComparisonScreen(Dialog[None]):
    """What differs between the run in front and another one, and the answers of both on the same rows."""

    CSS_PATH = "run_list.tcss"
    BINDINGS: ClassVar = [
        Binding("escape,d,q", "leave", "close", show=False),
        Binding("y", "app.copy", "copy", show=False),
    ]

    def __init__(self, host: ScreenHost, front: ListedRun, other: ListedRun) -> None:
        super().__init__()
        self._front, self._other, self._host = front, other, host
        self._title_width, self._value_width = WIDEST_NAME, WIDEST_VALUE
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
        """Fill the list, its columns as wide as there is room for."""
        room = int(self.app.size.width * 0.96) - 12
        self._title_width = min(WIDEST_NAME, room // 4)
        self._value_width = min(WIDEST_VALUE, (room - self._title_width) // 3)
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
        text = Text("\n".join(lines or [self._why_none()]))
        if "validation" in self._compared and self._front.target == self._other.target:
            text.append(
                "\nThe epochs of both were chosen on the validation rows, which flatters both.", style="dim"
            )
        return text

    def _why_none(self) -> str:
        """Why the answers of the two can't be compared."""
        for run in (self._front, self._other):
            answers, name = self._host.lister.answers(run), plain(run.name, 40).plain
            if "validation" not in answers:
                known = answers or (run.run is not None and run.run.evaluation is not None)
                return f"{name} has no validation rows to compare it on" if known else f"{name}: {UNKNOWN}"
        return "they answer for other rows, or predict other columns: there is no row to compare them on"

    def _choices(self) -> Iterator[Text]:
        front, other = self._front, self._other
        differing = differences(front.choices, other.choices)
        yield self._row("what differs", front.name, other.name, style="bold")
        for each in differing:
            yield self._row(each.title, each.one, each.other)
        for text in front.steered:
            if text not in other.steered:
                yield self._row("changed by hand", text, "")
        for text in other.steered:
            if text not in front.steered:
                yield self._row("changed by hand", "", text)
        if not differing and set(front.steered) == set(other.steered):
            yield Text("nothing but chance and time", style="dim")

    def _rows(self, part: SplitName) -> Iterator[Text]:
        compared = self._compared[part]
        names = self._front.name, self._other.name
        yield Text("")
        if compared.a.classes:
            alone = len(compared.only_a), len(compared.only_b)
            neither = compared.rows - compared.both - sum(alone)
            yield plain(f"{part} rows: both right {compared.both:,}, neither {neither:,}", 200)
            counts = [f"{name} alone {count:,}" for name, count in zip(names, alone, strict=True)]
            yield plain(", ".join(counts), 200)
        else:
            nearer = [
                f"{name} is nearer in {counted(len(places), 'row')}"
                for name, places in zip(names, (compared.only_a, compared.only_b), strict=True)
            ]
            yield plain(f"{part} rows: {', '.join(nearer)}; the clearest first", 200)
        yield self._row("line", f"{names[0]} says", f"{names[1]} says", "true", style="dim")
        for place in (*compared.only_b.tolist(), *compared.only_a.tolist()):
            a, b, actual = (
                self._answer(compared, values[place])
                for values in (compared.a.given, compared.b.given, compared.a.actual)
            )
            marks = [self._mark(compared, given == actual) for given in (a, b)]
            line = f"{int(compared.a.lines[place]):,}"
            yield self._row(line, marks[0] + a, marks[1] + b, actual)

    def _row(self, name: str, front: str, other: str, last: str = "", *, style: str = "") -> Text:
        """One line of the table."""
        text = Text(no_wrap=True, style=style)
        for cell, width in (
            (name, self._title_width),
            (front, self._value_width),
            (other, self._value_width),
        ):
            shown = plain(cell, width)
            shown.pad_right(max(width - shown.cell_len, 0) + 2)
            text.append_text(shown)
        return text.append_text(plain(last, self._value_width))

    def _answer(self, compared: Comparison, value: float) -> str:
        return compared.a.classes[int(value)] if compared.a.classes else number(float(value), 5)

    def _mark(self, compared: Comparison, right: bool) -> str:
        return ("✓ " if right else "✗ ") if compared.a.classes else ""

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)


def _parts(front: ListedRun, other: ListedRun) -> tuple[SplitName, ...]:
    """The validation rows; the test rows only where both were looked at."""
    looked = front.test is not None and other.test is not None
    return ("validation", "test") if looked else ("validation",)


def _compared(host: ScreenHost, front: ListedRun, other: ListedRun, part: SplitName) -> Comparison | None:
    a, b = host.lister.answers(front).get(part), host.lister.answers(other).get(part)
    return None if a is None or b is None else compare(a, b)
