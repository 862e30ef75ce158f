"""A script with its lines highlighted, and marks on those that have changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.geometry import Region
from textual.message import Message

from ann_tui.tui.text import plain
from ann_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from collections.abc import Mapping

MARK = "▌"
CONTEXT = 3
"""How many lines above and below the changed ones shall be seen."""


class CodeLines(LineList):
    """The lines of a script; ← and → go to another framework."""

    BINDINGS: ClassVar = [
        Binding(
            "left", "framework(-1)", "framework", key_display="← →", tooltip="The framework before or after"
        ),
        Binding("right", "framework(1)", "framework", show=False),
        Binding(
            "w",
            "write",
            "write",
            id="code.write",
            tooltip="Write the script, and what it reads beside it",
        ),
    ]

    class Framework(Message):
        """Another framework is wanted: the one before, -1, or the next, 1."""

        def __init__(self, by: int) -> None:
            self.by = by
            super().__init__()

    class Write(Message):
        """The script shall be written to a file."""

    script = ""

    def action_framework(self, by: int) -> None:
        """Go to another framework."""
        self.post_message(self.Framework(by))

    def action_write(self) -> None:
        """Write the script."""
        self.post_message(self.Write())

    def copies(self) -> Iterable[tuple[str, str]]:
        """The whole script."""
        if self.script:
            yield "the script", self.script


class CodePanel(Vertical):
    """A script for one of several frameworks, or why there is none."""

    def __init__(self, frameworks: Mapping[str, str], *, id: str, classes: str) -> None:
        super().__init__(id=id, classes=classes)
        self._frameworks = frameworks
        self.framework = next(iter(frameworks))

    def compose(self) -> ComposeResult:
        """The lines."""
        yield CodeLines("code")

    def on_mount(self) -> None:
        """Say which framework it is."""
        self._show_name()

    def _show_name(self) -> None:
        names = list(self._frameworks)
        at = names.index(self.framework)
        self.border_title = plain(f"Code: {self._frameworks[self.framework]}", 60)
        before, after = (self._frameworks[names[(at + step) % len(names)]] for step in (-1, 1))
        self.border_subtitle = plain(f"← {before} · {after} →  y copies  w writes", 80)

    @property
    def script(self) -> str:
        """What is shown; "" where it can't be written."""
        return self.query_one(CodeLines).script

    def choose(self, by: int) -> None:
        """Go on by so many frameworks; its script follows in `show`."""
        names = list(self._frameworks)
        self.framework = names[(names.index(self.framework) + by) % len(names)]
        self.query_one(CodeLines).script = ""
        self._show_name()

    def show(self, lines: list[Text], script: str) -> None:
        """Show a script with its highlighted lines; those that have changed since the last one get a mark."""
        code = self.query_one(CodeLines)
        changed = changed_lines(code.script, script)
        code.script = script
        accent = self.app.theme_variables["accent"]

        def line(index: int) -> Text:
            mark = (MARK, accent) if index in changed else (" ", "")
            return Text.assemble(mark, lines[index], end="")

        code.show(len(lines), line)
        if changed:
            code.cursor = min(changed)
            # Another number of lines is laid out with the next refresh: only then can the last ones be gone to.
            code.call_after_refresh(self._bring_in_sight, changed)

    def _bring_in_sight(self, changed: Collection[int]) -> None:
        """Scroll to the first changed line and as many of the next ones as there is room for."""
        code, first = self.query_one(CodeLines), min(changed)
        room = max(code.size.height - 2 * CONTEXT, 1)
        last = max(line for line in changed if line < first + room)
        start = max(first - CONTEXT, 0)
        code.scroll_to_region(Region(0, start, 1, last + CONTEXT + 1 - start), animate=False)

    def show_problem(self, problem: str) -> None:
        """Say why there is no script."""
        code = self.query_one(CodeLines)
        code.script = ""
        width = max(code.size.width - 3, 20)
        style = self.app.theme_variables["warning"]
        lines = Text(problem, style=style).wrap(self.app.console, width)
        code.show(len(lines), lambda index: Text.assemble(" ", lines[index], end=""))

    @on(CodeLines.Moved)
    def _keep(self, message: CodeLines.Moved) -> None:
        message.stop()


def changed_lines(before: str, after: str) -> frozenset[int]:
    """The places of lines that are not in the text before; where lines are gone, the one that follows."""
    if not before:
        return frozenset()
    old, new = before.split("\n"), after.split("\n")
    found: set[int] = set()
    for kind, _, _, start, end in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind != "equal":
            found |= set(range(start, end)) or {min(start, len(new) - 1)}
    return frozenset(found)
