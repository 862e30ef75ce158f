"""The bar on top: which file, which target, and the six steps."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget

from ann_tui.experiments.workbench import Step
from ann_tui.tui.text import plain

HERE, DONE, BLOCKED = "●", "✓", "·"


@dataclass(frozen=True)
class TopBarState:
    """What the bar shows: `blocked` holds the steps that can't be entered yet, `why` the reason for the first.

    `about` holds figures of the file; `guessed` says that nobody has chosen the target.
    """

    here: Step | None = None
    file: str = ""
    target: str = ""
    guessed: bool = False
    about: str = ""
    done: frozenset[Step] = frozenset()
    blocked: frozenset[Step] = frozenset()
    why: str = ""
    busy: str = ""


class TopBar(Widget):
    """Two lines on a wide terminal, one at 80 columns. A click on a step goes there."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    TopBar { height: 2; dock: top; background: $panel; color: $foreground; }
    TopBar.-one-line { height: 1; }
    """
    ONE_LINE_BELOW = 100

    state: reactive[TopBarState] = reactive(TopBarState())

    def __init__(self) -> None:
        super().__init__()
        self._spots: list[tuple[int, int, Step]] = []

    def on_resize(self) -> None:
        """Fold into one line where two would cost too much."""
        narrow = self.app.size.width < self.ONE_LINE_BELOW or self.app.size.height < 30
        self.set_class(narrow, "-one-line")
        self.refresh()

    def render(self) -> Text:
        """The bar's text for the width there is."""
        width = self.size.width
        if self.has_class("-one-line"):
            steps = self._steps(gap=" ")
            return _pair(steps, self._file(width - steps.cell_len - 3), width)
        about = Text(self.state.busy or self.state.about, style="dim", no_wrap=True)
        title = Text.assemble((" ann-tui ", "bold"), "  ", self._file(73))
        why = Text(self.state.why, style="dim", no_wrap=True)
        return Text("\n").join([_pair(title, about, width), _pair(self._steps(gap="   "), why, width)])

    def _file(self, room: int) -> Text:
        """The file and its target; where room is short the file's name gives way."""
        if not self.state.file:
            return Text("")
        if not self.state.target:
            return plain(self.state.file, 40)
        target = plain(self.state.target, 30)
        if self.state.guessed:
            target.append("?" if self.has_class("-one-line") else " (a guess)", style="dim")
        return Text.assemble(
            plain(self.state.file, min(max(room - target.cell_len - 3, 4), 40)), " → ", target
        )

    def _steps(self, gap: str) -> Text:
        text = Text(" ", no_wrap=True)
        self._spots = []
        for step in Step:
            style, mark = "", ""
            if step is self.state.here:
                style, mark = f"bold {self.app.theme_variables['accent']}", HERE
            elif step in self.state.blocked:
                style, mark = "dim", BLOCKED
            elif step in self.state.done:
                mark = DONE
            start = text.cell_len
            text.append(f"{step.number} {step.heading}", style=style)
            text.append(f" {mark}" if mark and gap != " " else mark, style=style)
            self._spots.append((start, text.cell_len, step))
            text.append(gap)
        return text

    async def on_click(self, event: Click) -> None:
        """Go to the clicked step."""
        for start, end, step in self._spots:
            if start <= event.x < end and event.y == self.size.height - 1:
                await self.app.run_action(f"go('{step.value}')")


def _pair(left: Text, right: Text, width: int) -> Text:
    space = width - left.cell_len - 1
    if right.cell_len > space:
        right = right.copy()
        right.truncate(max(space - 1, 0), overflow="ellipsis")
    return Text.assemble(left, " " * max(space - right.cell_len, 1), right, " ", no_wrap=True)
