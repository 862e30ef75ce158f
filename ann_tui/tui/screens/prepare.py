"""Step 2: what will be changed, and how much?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import DataTable, Static

from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.preparation import (
    ColumnPreparation,
    Preparation,
    fields_for,
    is_default,
    options_for,
)
from ann_tui.data.choices.source import TASKS
from ann_tui.data.choices.splits import SPLITS
from ann_tui.experiments.derived import Derived
from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.figures import counted, number
from ann_tui.tui.prompt import Choice, LinePrompt, PickList, problem_of
from ann_tui.tui.screens.step_screen import StepScreen
from ann_tui.tui.settings.preparation_changes import changes_of, in_brief
from ann_tui.tui.settings.preparation_settings import ColumnValue, column_values, settings_for
from ann_tui.tui.settings.setting import Setting, write_switch
from ann_tui.tui.text import line, plain
from ann_tui.tui.widgets.change_panel import ChangePanel
from ann_tui.tui.widgets.choice_table import ChoiceTable, Row
from ann_tui.tui.widgets.effects_table import FOLD, EffectsTable
from ann_tui.tui.widgets.histogram_view import HistogramView

COLUMNS = "Column by column"
ROOM_FOR_COLUMNS = 150
"""From so many cells on it is said beside each choice in how many columns it changes something."""


class PrepareScreen(StepScreen):
    """The choices that hold for all columns, beside what they do to each."""

    STEP = Step.PREPARE
    PANELS = ("choices-panel", "effects-panel", "change-panel")
    CSS_PATH = "prepare.tcss"
    BINDINGS: ClassVar = [
        Binding(
            "n",
            "new_seed",
            "new seed",
            id="prepare.seed",
            tooltip="Draw other rows for training, validation and test",
        ),
        Binding(
            "d",
            "default",
            "default",
            id="prepare.default",
            tooltip="Back to the default of the line under the cursor",
        ),
        Binding(
            "tab",
            "next_panel",
            "columns",
            id="prepare.panel",
            tooltip="From the choices to the columns, to one of them before and after (↑ ↓: another one), and back",
        ),
        Binding("escape", "app.go('data')", "back", show=False, tooltip="Back to the data"),
    ]

    def compose_body(self) -> ComposeResult:
        """Choices on the left, columns on the right, and under these one of them before and after."""
        with Horizontal(id="prepare"):
            with Vertical(id="choices-panel", classes="panel paged"):
                yield ChoiceTable("", "choice", "changes", id="choices")
                yield Static("", id="meaning")
            with Vertical(id="columns-side"):
                with Vertical(id="effects-panel", classes="panel paged"):
                    yield EffectsTable(id="effects")
                yield ChangePanel(id="change-panel", classes="panel paged")

    def on_mount(self) -> None:
        """Name the panels."""
        self.query_one("#choices-panel").border_title = "For all columns"
        self.query_one("#effects-panel").border_title = COLUMNS
        super().on_mount()

    def on_resize(self) -> None:
        """Other widths leave other room for what is changed."""
        if self.is_mounted:
            self.call_after_refresh(self.bring_up_to_date)

    def show_workbench(self, workbench: Workbench) -> None:
        """Show the choices and what they change."""
        experiment, derived = workbench.experiment, workbench.derived
        if experiment is None or derived is None:
            return
        preparation = experiment.preparation
        rows: list[Row] = []
        for setting in self._settings().values():
            value = setting.of(preparation)
            changed = value != setting.of(Preparation())
            text = value if setting.options is not None else setting.write(value)
            style = f"bold {self.app.theme_variables['accent']}" if changed else "bold"
            changes = changes_of(setting.field, derived)
            if self.size.width < ROOM_FOR_COLUMNS:
                changes = in_brief(changes)
            rows.append(
                Row(setting.field, (line(setting.label), line((text, style)), line((changes, "dim"))))
            )
        self.query_one("#choices", ChoiceTable).show(rows)
        self._show_columns(derived, preparation)
        self._show_meaning()
        if self.focused is None:
            self.query_one("#choices", ChoiceTable).focus()

    def _settings(self) -> dict[str, Setting]:
        """The settings by field, as they are offered for this target."""
        derived = self.workbench.derived
        task = None if derived is None else derived.profile.task
        return settings_for(task is None or TASKS[task].kind is ColumnKind.CATEGORY)

    def _show_columns(self, derived: Derived, preparation: Preparation) -> None:
        prepared = derived.prepared
        panel = self.query_one("#effects-panel")
        if prepared is None:
            panel.border_subtitle = ""
            self.query_one("#effects", ChoiceTable).show([])
            problem = Text(derived.problem or "", style=self.app.theme_variables["warning"])
            self.query_one(ChangePanel).say(problem)
            return
        fitted = prepared.fitted
        columns, rows_used = len(fitted.input_names), fitted.training_rows
        said = f"{counted(columns, 'input')} · fitted on {counted(rows_used, 'training row')}"
        narrow = self.has_class("-narrow")
        panel.border_title = f"{COLUMNS} · {said}" if narrow else COLUMNS
        panel.border_subtitle = "" if narrow else said
        self.query_one(EffectsTable).show_effects(prepared, preparation.columns)
        self._show_change()

    def _show_change(self) -> None:
        derived, key = self.workbench.derived, self.query_one(EffectsTable).cursor_key
        if derived is None or derived.prepared is None or key is None:
            return
        if key == FOLD:
            self.query_one(ChangePanel).say(Text("enter unfolds the columns of which no cell is changed"))
        else:
            self.query_one(ChangePanel).show(derived.prepared, key)

    @on(HistogramView.Walked)
    def _walk(self, message: HistogramView.Walked) -> None:
        effects = self.query_one(EffectsTable)
        effects.move_cursor(row=effects.cursor_row + message.direction, animate=False)

    @on(DataTable.RowHighlighted, "#effects")
    def _column_highlighted(self) -> None:
        self._show_change()

    @on(DataTable.RowHighlighted, "#choices")
    def _choice_highlighted(self) -> None:
        self._show_meaning()

    def _show_meaning(self) -> None:
        experiment, key = self.workbench.experiment, self.query_one("#choices", ChoiceTable).cursor_key
        if experiment is None or key is None:
            return
        setting = self._settings()[key]
        value = setting.of(experiment.preparation)
        meaning = (
            f"{value}: {setting.options[value].summary}"
            if setting.options is not None
            else setting.explanation
        )
        derived = self.workbench.derived
        changes = "" if derived is None else changes_of(setting.field, derived)
        shown = " in " in changes or " from " in changes
        self.query_one("#meaning", Static).update(Text(f"{meaning} · {changes}" if shown else meaning))

    # -- changing ------------------------------------------------------------------------------------------

    def _edit(self, preparation: Preparation) -> None:
        self.host.edit(preparation=preparation)

    @on(ChoiceTable.Stepped, "#choices")
    def _step_choice(self, message: ChoiceTable.Stepped) -> None:
        experiment = self.workbench.experiment
        if experiment is None:
            return
        setting = self._settings()[message.key]
        value = setting.of(experiment.preparation)
        for _ in range(len(setting.options or ()) or 1):
            value = setting.stepped(value, message.direction)
            try:
                self._edit(setting.put(experiment.preparation, value))
                return
            except ValueError as error:
                problem = str(error)
        self.host.say(problem)

    @on(ChoiceTable.Opened, "#choices")
    def _open_choice(self, message: ChoiceTable.Opened) -> None:
        experiment = self.workbench.experiment
        if experiment is None:
            return
        setting, preparation = self._settings()[message.key], experiment.preparation
        if message.key == "split.method":
            self._ask_split()
            return
        self.ask(setting.question(preparation), lambda text: self._answered(setting, text))

    def _answered(self, setting: Setting, text: str | None) -> None:
        experiment = self.workbench.experiment
        if text is None or experiment is None:
            return
        try:
            self._edit(setting.answered(experiment.preparation, text))
        except ValueError as error:
            self.host.say(str(error))

    def _ask_split(self) -> None:
        experiment, derived = self.workbench.experiment, self.workbench.derived
        if experiment is None or derived is None:
            return
        names = [column.name for column in derived.profile.columns if column.name != derived.profile.target]

        def take_method(method: str | None) -> None:
            asks = () if method is None else SPLITS[method].asks
            if method is not None and "column" in asks:
                columns = [Choice(name, label=plain(name).plain) for name in names]
                self.ask(
                    PickList(f"Split by {method}: which column?", columns), lambda name: put(method, name)
                )
            elif method is not None and "file" in asks:
                from ann_tui.tui.dialogs.file_picker import FilePicker

                self.ask(FilePicker(".", "The file with the test rows"), lambda path: put(method, None, path))
            elif method is not None:
                put(method, None)

        def put(method: str, column: str | None, file: Any = None) -> None:
            asks = SPLITS[method].asks
            if ("column" in asks and column is None) or ("file" in asks and file is None):
                return
            split = replace(
                experiment.preparation.split, method=method, column=column, file=file and str(file)
            )
            self._edit(replace(experiment.preparation, split=split))

        self.ask(self._settings()["split.method"].question(experiment.preparation), take_method)

    def action_new_seed(self) -> None:
        """Draw other rows."""
        experiment = self.workbench.experiment
        if experiment is not None:
            split = experiment.preparation.split
            self._edit(replace(experiment.preparation, split=replace(split, seed=split.seed + 1)))

    def action_default(self) -> None:
        """Back to the default of what stands under the cursor."""
        experiment = self.workbench.experiment
        if experiment is None:
            return
        preparation = experiment.preparation
        if self.query_one("#effects", ChoiceTable).has_focus:
            key = self.query_one("#effects", ChoiceTable).cursor_key
            self._edit(
                replace(preparation, columns={k: v for k, v in preparation.columns.items() if k != key})
            )
        elif (key := self.query_one("#choices", ChoiceTable).cursor_key) is not None:
            if key == "split.method":
                self._edit(
                    replace(
                        preparation,
                        split=replace(preparation.split, method="stratified", column=None, file=None),
                    )
                )
            else:
                setting = self._settings()[key]
                self._edit(setting.put(preparation, setting.of(Preparation())))

    @on(ChoiceTable.Opened, "#effects")
    def _open_exception(self, message: ChoiceTable.Opened) -> None:
        """Ask which of a column's choices should differ from the default, then for its value."""
        experiment, derived = self.workbench.experiment, self.workbench.derived
        if experiment is None or derived is None:
            return
        if message.key == FOLD:
            self.query_one(EffectsTable).toggle()
            return
        name = message.key
        column = derived.profile.column(name)
        kind = str(column.kind)
        fields = [field for field in fields_for(kind) if options_for(kind, field)]
        typed = {value.field: value for value in column_values(kind)}
        if derived.prepared is not None and name == derived.prepared.fitted.target.name:
            fields = [field for field in fields if field == "merge_labels"]
            typed = {field: value for field, value in typed.items() if field == "merge"}
            if not derived.prepared.fitted.target.classes or not fields:
                self.host.say("the target's choices stand on the left", warning=False)
                return
        choice = experiment.preparation.of_column(name, kind)
        current = {field: _option_text(getattr(choice, field)) for field in fields}
        current |= {field: value.write(getattr(choice, field)) for field, value in typed.items()}
        listed = [
            Choice(field, plain(current[field], 40).plain, label=field.replace("_", " "))
            for field in (*fields, *typed)
        ]

        def take_field(field: str | None) -> None:
            if field is None:
                return
            if field in typed:
                self._ask_value(name, typed[field], current[field], [label for label, _ in column.top])
                return
            values = [Choice(option, each.summary) for option, each in options_for(kind, field).items()]
            self.ask(
                PickList(f"{plain(name, 30).plain}: {field.replace('_', ' ')}", values, current[field]),
                lambda value: self._put_exception(name, field, value),
            )

        self.ask(PickList(f"An exception for {plain(name, 30).plain}", listed), take_field)

    def _ask_value(self, name: str, value: ColumnValue, now: str, labels: list[str]) -> None:
        """Ask for a value of one column that is typed; no text is no exception."""
        self.ask(
            LinePrompt(
                f"{plain(name, 30).plain}: {value.label}",
                now or value.proposed(labels),
                problem_of(value.read),
                value.explanation,
            ),
            lambda text: None if text is None else self._put(name, value.field, value.read(text)),
        )

    def _put_exception(self, name: str, field: str, text: str | None) -> None:
        if text is not None:
            self._put(name, field, text == "yes" if field in ("indicator", "merge_labels") else text)

    def _put(self, name: str, field: str, value: Any) -> None:
        """Make an exception of one column, or, with None, take it back."""
        experiment = self.workbench.experiment
        if experiment is None:
            return
        preparation = experiment.preparation
        own = replace(preparation.columns.get(name, ColumnPreparation()), **{field: value})
        others = {other: each for other, each in preparation.columns.items() if other != name}
        self._edit(
            replace(preparation, columns=others if is_default(own) else {**preparation.columns, name: own})
        )


def _option_text(value: Any) -> str:
    return (
        write_switch(value)
        if isinstance(value, bool)
        else str(value)
        if isinstance(value, str)
        else number(value)
    )
