"""The start screen: sample files, recent files, or any other file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Paste
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ann_tui.data.samples import samples
from ann_tui.experiments.workbench import Workbench
from ann_tui.figures import ago, counted, number, percent
from ann_tui.own_folders import runs_folder
from ann_tui.tui.recent import recent_files
from ann_tui.tui.screens.step_screen import StepScreen
from ann_tui.tui.text import plain
from ann_tui.tui.widgets.path_field import PathField

if TYPE_CHECKING:
    from ann_tui.experiments.kept.stored_run import StoredRun
    from ann_tui.tui.host import ScreenHost

MOST_KEPT = 4
WELCOME = (
    "Choose a table. ann-tui reads it, cleans it, builds a neural network for the column you want to predict, "
    "and trains it before your eyes. In a hurry: choose a file, then press t. New to neural networks: L is a lesson "
    "in twelve pages, on real data."
)


class FileList(OptionList):
    """The list of what can be opened, with its key in the key bar."""

    BINDINGS: ClassVar = [
        Binding("enter", "select", "open", key_display="enter", tooltip="Open the file under the cursor")
    ]


class StartScreen(StepScreen):
    """Lists what can be opened."""

    CSS_PATH = "start.tcss"
    AUTO_FOCUS = "#files"
    BINDINGS: ClassVar = [
        Binding("f", "browse", "find a file", id="start.browse", tooltip="Look for a file in the folders"),
        Binding(
            "slash",
            "type_path('/')",
            "type a path",
            key_display="/",
            id="start.path",
            tooltip="Type the path of a file; tab completes it",
        ),
        Binding(
            "L",
            "app.lesson",
            "lesson",
            id="start.lesson",
            tooltip="A lesson in twelve pages, from a neuron to new data",
        ),
        Binding("tilde", "type_path('~')", "type a path", show=False),
        Binding("full_stop", "type_path('.')", "type a path", show=False),
        Binding(
            "escape",
            "back",
            "back",
            show=False,
            tooltip="Back to the table that is open; while a file is being read, stop reading it",
        ),
    ]

    def __init__(self, host: ScreenHost) -> None:
        super().__init__(host)
        self._kept: dict[str, StoredRun] = {}
        self._listed: tuple[list[tuple[str, str]], list[str]] | None = None

    def compose_body(self) -> ComposeResult:
        """A word of welcome and the list."""
        with Vertical(id="start"):
            yield Static(Text(WELCOME), id="welcome")
            yield Static("", id="trouble")
            yield PathField(id="path", placeholder="/ types a path, tab completes it", select_on_focus=False)
            yield Static("", id="names")
            yield FileList(id="files", classes="panel")

    def on_mount(self) -> None:
        """Fill the list."""
        super().on_mount()
        self.query_one(OptionList).border_title = "Open"
        self.query_one("#names").display = False
        self._fill()

    def advertises(self, action: str) -> bool:
        """All keys but the one that leads here."""
        return action != "open"

    def show_workbench(self, workbench: Workbench) -> None:
        """Files may have been opened since, or one could not be read."""
        trouble = self.query_one("#trouble", Static)
        trouble.display = bool(self.host.trouble or self.host.busy)
        trouble.update(Text(self.host.trouble or self.host.busy))
        if self.query_one(OptionList).option_count:
            self._fill()

    def _fill(self) -> None:
        """List what can be opened, where that has changed since it was listed."""
        files, offered = self.query_one(OptionList), samples()
        kept = _kept_runs()
        paths = {str(sample.path) for sample in offered}
        recent = [path for path in recent_files() if path not in paths]
        rows = {id: _kept_row(run) for id, run in kept.items()}
        listed = [(id, row.plain) for id, row in rows.items()], recent
        if listed == self._listed:
            return
        self._kept, self._listed = kept, listed
        at = files.highlighted
        files.clear_options()
        if self._kept:
            files.add_option(Option(Text("Not saved yet", style="dim"), disabled=True))
            for id, row in rows.items():
                files.add_option(Option(row, id=id))
        files.add_option(Option(Text("Sample files", style="dim"), disabled=True))
        for sample in offered:
            row = Text.assemble((f"  {sample.name:<14}", "bold"), f"{sample.title}", no_wrap=True)
            files.add_option(Option(row, id=str(sample.path)))
        if recent:
            files.add_option(Option(Text("Recent files", style="dim"), disabled=True))
            longest = max(len(plain(Path(path).name, 40)) for path in recent)
            for path in recent:
                name, folder = Path(path).name, str(Path(path).parent)
                row = Text.assemble(
                    f"  {plain(name, 40).plain:<{max(longest, 12)}}  ",
                    (plain(folder, 80).plain, "dim"),
                    no_wrap=True,
                )
                files.add_option(Option(row, id=path))
        files.add_option(Option(Text("Another file", style="dim"), disabled=True))
        files.add_option(Option(Text("  find a file …  f"), id="browse"))
        files.add_option(Option(Text("  type a path …  /"), id="path"))
        files.highlighted = at if at is not None and at < files.option_count else 1
        if self.focused is not self.query_one(PathField):
            files.focus()

    @on(OptionList.OptionSelected)
    def _open_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_id == "browse":
            self.action_browse()
        elif event.option_id == "path":
            self.query_one(PathField).focus()
        elif event.option_id in self._kept:
            self.host.open_kept(self._kept[event.option_id])
        elif event.option_id is not None:
            self.host.open_file(event.option_id)

    def on_paste(self, event: Paste) -> None:
        """A path that is pasted stands in its field."""
        self._begin_path(event.text.strip())

    def action_type_path(self, begun: str) -> None:
        """Go to the field for a path, with what was typed of it."""
        self._begin_path(begun)

    def _begin_path(self, text: str) -> None:
        field = self.query_one(PathField)
        field.value = text
        field.cursor_position = len(text)
        field.focus()

    @on(PathField.Completed)
    def _show_names(self, event: PathField.Completed) -> None:
        names = self.query_one("#names", Static)
        names.display = bool(event.names)
        names.update(plain("  ".join(event.names), 4 * max(self.size.width - 8, 10)))

    @on(PathField.Changed)
    def _hide_names(self) -> None:
        self.query_one("#names").display = False

    @on(PathField.Left)
    def _leave_path(self) -> None:
        self.query_one(OptionList).focus()

    @on(PathField.Submitted)
    def _open_typed(self) -> None:
        field = self.query_one(PathField)
        if Path(field.path).is_dir():
            field.action_complete()
        elif field.path:
            self.query_one(OptionList).focus()
            self.host.open_file(field.path)

    def action_browse(self) -> None:
        """Look for a file in the folders."""
        from ann_tui.tui.dialogs.file_picker import file_picker

        self.ask(file_picker("Open a table, an experiment or a model"), self._open_found)

    def _open_found(self, path: Path | None) -> None:
        if path is not None:
            self.host.open_file(str(path))

    def action_back(self) -> None:
        """Back to the table that is open, if any."""
        if not self.host.cancel_reading() and self.workbench.derived is not None:
            self.host.go("data")


def _kept_runs() -> dict[str, StoredRun]:
    """The newest runs that stand in no file of the person's own, by the names of their lines."""
    if not runs_folder().is_dir():  # So that a first start does not import the store.
        return {}
    from ann_tui.experiments.kept.run_store import RunStore

    return {f"kept {run.id}": run for run in RunStore().unsaved()[:MOST_KEPT]}


def _kept_row(run: StoredRun) -> Text:
    record = run.record
    target = f" → {plain(record.target, 20).plain}" if record.target else ""
    pieces = [counted(record.epochs, "epoch")] if run.model is not None else ["choices"]
    metric = next(iter(record.metrics), None)
    value = None if metric is None else record.metrics[metric]
    if value is not None:
        pieces.append(f"R² {number(value, 3)}" if metric == "r2" else f"{percent(value)} of validation rows")
    pieces.append(ago(datetime.fromisoformat(record.kept)))
    if record.interrupted:
        pieces.append("kept when the app was ended")
    name = f"  {plain(Path(record.table).name, 30).plain}{target}  "
    return Text.assemble((name, "bold"), (" · ".join(pieces), "dim"), no_wrap=True)
