"""One line to type in, and one list to pick from: the two questions that screens ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from ann_tui.tui.dialog import Dialog
from ann_tui.tui.text import plain


def problem_of(read: Callable[[str], object]) -> Callable[[str], str | None]:
    """What a prompt asks about each text: why `read`, which raises ValueError with one line, can't take it, or None."""

    def problem(text: str) -> str | None:
        try:
            read(text)
        except ValueError as error:
            return str(error)
        return None

    return problem


class LinePrompt(Dialog[str | None]):
    """Asks for one line of text; gives it, or None where the person leaves.

    `problem_with` tells what is wrong with a text, or gives None when it can be taken.
    """

    CSS_PATH = "prompt.tcss"
    BINDINGS: ClassVar = [Binding("escape", "leave", "leave", show=False)]

    def __init__(
        self,
        question: str,
        value: str,
        problem_with: Callable[[str], str | None] = lambda text: None,
        hint: str = "",
    ) -> None:
        super().__init__()
        self._question = question
        self._value = value
        self._problem_with = problem_with
        self._hint = hint

    def compose(self) -> ComposeResult:
        """The question, the line and what is wrong with it."""
        with Vertical(id="prompt") as box:
            box.border_title = plain(self._question, 100)
            box.border_subtitle = "enter takes it, esc leaves it"
            if self._hint:
                yield Static(Text(self._hint), id="hint")
            yield Input(self._value, id="line", select_on_focus=True)
            yield Static("", id="problem")

    @on(Input.Changed)
    def _show_problem(self, event: Input.Changed) -> None:
        self.query_one("#problem", Static).update(Text(self._problem_with(event.value) or ""))

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        if self._problem_with(event.value) is None:
            self.dismiss(event.value)

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


@dataclass(frozen=True)
class Choice:
    """One entry of a list to pick from: its value, one line on what it means, and more where the cursor is."""

    value: str
    summary: str = ""
    label: str | None = None
    more: str = ""


class PickList(Dialog[str | None]):
    """Asks for one of several choices; gives its value, or None where the person leaves.

    Where they are `numbered`, the keys 1 to 9 take the first of them.
    """

    CSS_PATH = "prompt.tcss"
    BINDINGS: ClassVar = [
        Binding("escape", "leave", "leave", show=False),
        *(Binding(str(number), f"take({number})", "take", show=False) for number in range(1, 10)),
    ]

    def __init__(
        self,
        question: str,
        choices: Sequence[Choice],
        current: str | None = None,
        *,
        numbered: bool = False,
    ) -> None:
        super().__init__()
        self._numbered = numbered
        self._question = question
        self._choices = choices
        self._current = current

    def compose(self) -> ComposeResult:
        """The list, the cursor on the current choice."""
        width = max((len(choice.label or choice.value) for choice in self._choices), default=0)
        with Vertical(id="prompt") as box:
            box.border_title = plain(self._question, 100)
            by_number = "1 to 9 or " if self._numbered else ""
            box.border_subtitle = f"{by_number}enter takes it, esc leaves it"
            yield OptionList(
                *(
                    Option(self._row(index, choice, min(width, 30)), id=str(index))
                    for index, choice in enumerate(self._choices)
                ),
                id="choices",
            )
            if any(choice.summary for choice in self._choices):
                yield Static(self._meaning(self._start), id="meaning")

    def _row(self, index: int, choice: Choice, width: int) -> Text:
        mark = "● " if choice.value == self._current else "  "
        if self._numbered:
            mark += f"{index + 1} " if index < 9 else "  "
        label = plain(choice.label or choice.value, 30)
        label.pad_right(max(width - label.cell_len, 0))
        text = Text.assemble(mark, label)
        if choice.summary:
            text.append("  ").append(choice.summary, style="dim")
        return text

    def on_mount(self) -> None:
        """Put the cursor on the current choice."""
        options = self.query_one(OptionList)
        options.highlighted = self._start
        options.focus()

    @on(OptionList.OptionHighlighted)
    def _show_meaning(self, event: OptionList.OptionHighlighted) -> None:
        for meaning in self.query("#meaning").results(Static):
            meaning.update(self._meaning(event.option_index))

    @property
    def _start(self) -> int:
        values = [choice.value for choice in self._choices]
        return values.index(self._current) if self._current in values else 0

    def _meaning(self, index: int) -> Text:
        choice = self._choices[index]
        text = Text.assemble((choice.label or choice.value, "bold"), "  ", choice.summary)
        return text.append(f"\n{choice.more}", "dim") if choice.more else text

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index].value)

    def action_take(self, number: int) -> None:
        """Take a choice by its number."""
        if self._numbered and number <= len(self._choices):
            self.dismiss(self._choices[number - 1].value)

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


class Confirm(Dialog[bool]):
    """Asks before something is lost: y does it, any other way out leaves it."""

    CSS_PATH = "prompt.tcss"
    BINDINGS: ClassVar = [
        Binding("y", "answer(True)", "yes", show=False),
        Binding("n,escape", "answer(False)", "no", show=False),
    ]

    def __init__(self, question: str, detail: str = "") -> None:
        super().__init__()
        self._question = question
        self._detail = detail

    def compose(self) -> ComposeResult:
        """The question and its two keys."""
        with Vertical(id="prompt", classes="confirm") as box:
            box.border_title = plain(self._question, 100)
            if self._detail:
                yield Static(Text(self._detail))
            yield Static(Text("y yes    n no"), id="problem")

    def action_answer(self, yes: bool) -> None:
        """Close with the answer."""
        self.dismiss(yes)
