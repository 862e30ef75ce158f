"""The list of runs: sorted, filtered, and the keys that act on the run under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from ann_tui.experiments.kept.run_list import ORDERS, ListedRun, holding, ordered
from ann_tui.figures import counted
from ann_tui.tui.copying import tabbed
from ann_tui.tui.prompt import Confirm, LinePrompt
from ann_tui.tui.run_list.lines import HEADINGS, RunLines, marked
from ann_tui.tui.text import plain
from ann_tui.tui.widgets.cost_plot import Overlay
from ann_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from ann_tui.experiments.run_label import Label
    from ann_tui.tui.dialog import Asks
    from ann_tui.tui.host import ScreenHost

LONGEST_NAME, LONGEST_NOTE = 40, 200


class RunsTable(Vertical):
    """All runs of the table; the screen that holds it asks its questions."""

    DEFAULT_CSS = """
    RunsTable { height: 1fr; }
    RunsTable > #runs-heading { height: 1; color: $muted; }
    RunsTable > #run-lines { height: 1fr; }
    """
    BINDINGS: ClassVar = [
        Binding("enter", "use", "use", id="runs.use", show=False,
                tooltip="Let Train, Evaluate and Predict show the run"),
        Binding("p", "pin", "pin", id="runs.pin", show=False,
                tooltip="Draw its curve beside that of the run in front; a pinned run is never let go of"),
        Binding("d", "compare", "compare", id="runs.compare", show=False,
                tooltip="Beside the run in front: what differs, and is one really better?"),
        Binding("r", "rename", "rename", id="runs.rename", show=False, tooltip="Give the run a name"),
        Binding("e", "note", "note", id="runs.note", show=False, tooltip="Write a note to the run"),
        Binding("o", "choices", "its choices", id="runs.choices", show=False,
                tooltip="Set all choices as this run had them; u undoes"),
        Binding("ctrl+s", "save", "save", id="runs.save", show=False,
                tooltip="Save the network of the run (.ann), or its choices (.toml)"),
        Binding("x,delete", "delete", "delete", id="runs.delete", show=False,
                tooltip="Delete the run, on the disk too"),
        Binding("left", "order(-1)", "sort", id="runs.order_before", show=False,
                tooltip="Sort by the column before"),
        Binding("right", "order(1)", "sort", id="runs.order_next", show=False,
                tooltip="Sort by the next column"),
        Binding("i", "turn", "turn round", id="runs.turn", show=False, tooltip="Sort the other way round"),
        Binding("slash", "filter", "find", id="runs.filter", show=False,
                tooltip="Show the runs alone in whose name, note, state or choices all these words stand"),
    ]  # fmt: skip

    class Used(Message):
        """A run was chosen to be shown."""

    def __init__(self, host: ScreenHost, id: str) -> None:
        super().__init__(id=id)
        self._host = host
        self._order, self._turned, self._filter = "run", False, ""
        self._all: list[ListedRun] = []
        self._shown: list[ListedRun] = []
        self._lines: RunLines | None = None

    def compose(self) -> ComposeResult:
        """The headings and the lines."""
        yield Static("", id="runs-heading")
        yield LineList(id="run-lines")

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self._shown)

    @property
    def pinned(self) -> list[ListedRun]:
        """The pinned runs, in the order in which they began."""
        found = [run for run in self._all if run.label.pinned]
        return sorted(found, key=lambda run: run.number)

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """The pinned runs beside the one in front, with their marks and what is kept of their epochs."""
        front = self.front
        return tuple(
            Overlay(run.name, mark, history)
            for run, mark in marked(self.pinned)
            if run is not front and (history := self._host.lister.history(run))
        )

    @property
    def chosen(self) -> ListedRun | None:
        """The run under the cursor."""
        at = self.query_one(LineList).cursor
        return self._shown[at] if at < len(self._shown) else None

    @property
    def front(self) -> ListedRun | None:
        """The run in front."""
        front = self._host.workbench.runs.front
        return next((run for run in self._all if run.run is not None and run.run is front), None)

    def show(self) -> None:
        """Bring the list up to date; the cursor stays on its run, and follows the one in front without the focus."""
        before = self.chosen if self.query_one(LineList).has_focus else None
        self._all = self._host.lister.runs
        self._show(before)

    def _show(self, chosen: ListedRun | None) -> None:
        self._shown = ordered(holding(self._all, self._filter), self._order, turned=self._turned)
        lines = self.query_one(LineList)
        front, width = self.front, max(self.size.width - 1, 20)
        self._lines = RunLines(self._shown, front, self.pinned, width, (self._order, self._turned))
        heading = self._lines.heading
        if self._filter:
            heading.append_text(plain(f" · {counted(len(self._shown), 'run')} with “{self._filter}”", 60))
        self.query_one("#runs-heading", Static).update(heading, layout=False)
        key = _key(chosen) if chosen is not None else None if front is None else _key(front)
        at = next((place for place, run in enumerate(self._shown) if _key(run) == key), None)
        lines.show(len(self._shown), self._lines.line)
        if at is not None:
            lines.cursor = at

    def on_resize(self) -> None:
        """Other columns may fit."""
        if self._lines is not None:
            self._show(self.chosen)

    def copies(self) -> Iterator[tuple[str, str]]:
        """The run under the cursor, and the list."""
        lines = self._lines
        if lines is None or not self._shown:
            return
        yield "the run", tabbed([lines.cells(self.query_one(LineList).cursor)])
        yield "the list", tabbed([HEADINGS, *(lines.cells(place) for place in range(len(self._shown)))])

    # -- what is done with the run under the cursor --------------------------------------------------------

    @property
    def _asking(self) -> Asks:
        screen = self.screen
        return screen  # type: ignore[return-value]

    def action_use(self) -> None:
        """Put the run in front."""
        if (run := self.chosen) is not None:
            self._host.lister.use(run)
            self.post_message(self.Used())

    def action_pin(self) -> None:
        """Pin the run, or let go of it."""
        if (run := self.chosen) is not None:
            self._host.lister.label(run, replace(run.label, pinned=not run.label.pinned))
            self.show()

    def action_rename(self) -> None:
        """Ask for a name."""
        if (run := self.chosen) is not None:
            label = run.label
            hint = f"What run {run.number} is called; nothing takes the name away."
            self._ask_for("Name", label.name, lambda text: replace(label, name=text), LONGEST_NAME, hint)

    def action_note(self) -> None:
        """Ask for a note."""
        if (run := self.chosen) is not None:
            label = run.label
            self._ask_for(
                f"Note to {run.name}", label.note, lambda text: replace(label, note=text), LONGEST_NOTE
            )

    def _ask_for(
        self, question: str, now: str, made: Callable[[str], Label], longest: int, hint: str = ""
    ) -> None:
        """Ask for a text of the chosen run's label."""
        run = self.chosen

        def problem(text: str) -> str | None:
            return f"at most {longest} characters" if len(text.strip()) > longest else None

        def take(text: str | None) -> None:
            if text is not None and run is not None:
                self._host.lister.label(run, made(text.strip()))
                self.show()

        self._asking.ask(LinePrompt(question, now, problem, hint), take)

    def action_choices(self) -> None:
        """Set the choices as the run had them."""
        if (run := self.chosen) is not None:
            self._host.lister.take_choices(run)

    def action_save(self) -> None:
        """Save the run's network or choices."""
        if (run := self.chosen) is not None:
            self._host.save_run(run)

    def action_delete(self) -> None:
        """Delete the run, after asking."""
        run = self.chosen
        if run is None:
            return
        what = (
            "Its network, its scores and its choices are lost." if run.has_network else "Its scores are lost."
        )
        saved = run.stored.record.saved_as if run.stored is not None else ""
        kept = f" {plain(saved, 60).plain} stays." if saved else ""

        def answered(yes: bool | None) -> None:
            if yes:
                self._host.lister.delete(run)
                self.show()

        self._asking.ask(Confirm(f"Delete {run.name}?", what + kept), answered)

    def action_compare(self) -> None:
        """Lay the run beside the one in front."""
        from ann_tui.tui.run_list.comparison import ComparisonScreen

        run, front = self.chosen, self.front
        if run is None or front is None:
            self._host.say("no run is in front: enter uses one", warning=False)
        elif run is front:
            self._host.say("this run is in front itself: go to another one to compare", warning=False)
        else:
            self._asking.ask(ComparisonScreen(self._host, front, run))

    def lift_filter(self) -> bool:
        """Show all runs again; False where they are shown."""
        if not self._filter:
            return False
        self._filter = ""
        self._show(self.chosen)
        return True

    # -- order and filter ----------------------------------------------------------------------------------

    def action_order(self, steps: int) -> None:
        """Sort by another column."""
        orders = [order for order in ORDERS if order != "name" or any(run.label.name for run in self._all)]
        at = orders.index(self._order) if self._order in orders else 0
        self._order, self._turned = orders[(at + steps) % len(orders)], False
        self._show(self.chosen)

    def action_turn(self) -> None:
        """Sort the other way round."""
        self._turned = not self._turned
        self._show(self.chosen)

    def action_filter(self) -> None:
        """Ask for words that the runs must hold."""

        def take(text: str | None) -> None:
            if text is not None:
                self._filter = text.strip()
                self._show(self.chosen)

        hint = "Such as: 64 relu cosine. Nothing shows all runs again."
        self._asking.ask(LinePrompt("Find", self._filter, hint=hint), take)


def _key(run: ListedRun) -> object:
    return run.run if run.run is not None else run.stored.id if run.stored is not None else None
