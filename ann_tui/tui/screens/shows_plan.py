"""The cost and the training plan on a screen: every choice that matters, stepped, typed and explained."""

from __future__ import annotations

from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from ann_tui.experiments.idle_choices import idle_choices
from ann_tui.experiments.presets import preset_of, with_preset
from ann_tui.network.design import DesignError
from ann_tui.network.outputs import Outputs
from ann_tui.tui.screens.step_screen import StepScreen
from ann_tui.tui.settings.plan_rows import plan_rows
from ann_tui.tui.settings.plan_settings import settings_that_matter
from ann_tui.tui.settings.setting import Setting
from ann_tui.tui.widgets.choice_table import ChoiceTable


class ShowsPlan(StepScreen):
    """A screen with a panel of the cost and the training plan."""

    def compose_plan(self) -> ComposeResult:
        """The panel: a table of choices, and what the one under the cursor means."""
        with Vertical(id="plan-panel", classes="panel paged") as panel:
            panel.border_title = "Cost and training plan"
            yield ChoiceTable("", "choice", "what it means", id="plan")
            yield Static("", id="plan-meaning")

    @property
    def table_rows(self) -> int:
        """How many rows the table has, which presets depend on."""
        derived = self.workbench.derived
        return 0 if derived is None else len(derived.table.frame)

    def show_plan(self) -> None:
        """Show each choice as it stands, and which preset they make."""
        experiment = self.workbench.experiment
        assert experiment is not None
        usual = with_preset(experiment, None, self.table_rows)
        defaults = {"design": usual.design, "plan": usual.plan}
        derived = self.workbench.derived
        prepared = None if derived is None else derived.prepared
        try:
            idle = {} if prepared is None else idle_choices(experiment, prepared)
        except DesignError:
            idle = {}
        rows = list(plan_rows(self._settings(), defaults, idle, self.app.theme_variables))
        self.query_one("#plan", ChoiceTable).show(rows)
        preset = preset_of(experiment, self.table_rows)
        self.query_one("#plan-panel").border_subtitle = f"preset {preset}" if preset else "own choices"
        self.show_meaning()

    def show_meaning(self) -> None:
        """What the setting under the cursor is for, and what its value means."""
        key = self.query_one("#plan", ChoiceTable).cursor_key
        text = Text()
        if key is not None and (found := self._setting(key)) is not None:
            _, holder, setting = found
            value = setting.of(holder)
            text.append(f"{setting.label}: {setting.explanation}")
            if setting.options and value in setting.options:
                text.append(f". {value}: {setting.options[value].summary}")
        self.query_one("#plan-meaning", Static).update(text)

    def _settings(self) -> list[tuple[str, Any, Setting]]:
        """Which choice holds each setting that matters, that choice as it stands, and the setting."""
        experiment, derived = self.workbench.experiment, self.workbench.derived
        assert experiment is not None
        prepared = None if derived is None else derived.prepared
        outputs = None if prepared is None else Outputs.telling(len(prepared.fitted.target.classes))
        return list(settings_that_matter(experiment.design, experiment.plan, outputs))

    def _setting(self, field: str) -> tuple[str, Any, Setting] | None:
        """The setting of this field, as `_settings` gives it; None where it no longer matters."""
        return next((found for found in self._settings() if found[2].field == field), None)

    @on(ChoiceTable.Stepped, "#plan")
    def _step_plan(self, message: ChoiceTable.Stepped) -> None:
        if (found := self._setting(message.key)) is None:
            return
        name, holder, setting = found
        try:
            self.host.edit(
                **{name: setting.put(holder, setting.stepped(setting.of(holder), message.direction))}
            )
        except ValueError as error:
            self.host.say(str(error))

    @on(ChoiceTable.Opened, "#plan")
    def _open_plan(self, message: ChoiceTable.Opened) -> None:
        if (found := self._setting(message.key)) is None:
            return
        name, holder, setting = found

        def take(text: str | None) -> None:
            if text is not None:
                try:
                    self.host.edit(**{name: setting.answered(holder, text)})
                except ValueError as error:
                    self.host.say(str(error))

        self.ask(setting.question(holder), take)
