"""Step 3: what am I building, and how big is it?"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import DataTable, Static

from ann_tui.experiments.choice_texts import choice_texts, differences
from ann_tui.experiments.presets import PRESETS, preset_of, with_preset
from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.figures import count, counted
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.build import LayerSummary, describe
from ann_tui.network.design import DesignError, LayerDesign, NetworkDesign
from ann_tui.network.layer_kinds import LAYER_KINDS
from ann_tui.network.outputs import Outputs
from ann_tui.network.shapes import SHAPES
from ann_tui.tui.charts.picture import Picture
from ann_tui.tui.prompt import Choice, LinePrompt, PickList, problem_of
from ann_tui.tui.screens.shows_code import ShowsCode
from ann_tui.tui.screens.shows_plan import ShowsPlan
from ann_tui.tui.settings.setting import setting_of
from ann_tui.tui.text import line, right
from ann_tui.tui.widgets.activation_picture import paint_activation
from ann_tui.tui.widgets.choice_table import ChoiceTable, Row
from ann_tui.tui.widgets.network_drawing import DrawnLayer, NetworkDrawing

ROOM_FOR_BEND = 14
"""So many lines, beside those of the layers, leave room for an activation's curve."""
STEPPED = (setting_of(LayerDesign, "units"), setting_of(LayerDesign, "rate"))


class LayersScreen(ShowsCode, ShowsPlan):
    """The list of layers beside a drawing of the network, above the training plan."""

    STEP = Step.LAYERS
    PANELS = ("layers-panel", "plan-panel", "network-panel", "code-panel")
    CSS_PATH = "layers.tcss"
    BINDINGS: ClassVar = [
        Binding("a", "add", "add", id="layers.add", tooltip="Add a layer behind the one under the cursor"),
        Binding("x", "remove", "remove", id="layers.remove", tooltip="Remove the layer under the cursor"),
        Binding(
            "J",
            "move(1)",
            "move",
            id="layers.down",
            key_display="J K",
            tooltip="Move the layer towards the output (J) or the input (K)",
        ),
        Binding("K", "move(-1)", "move", id="layers.up", show=False),
        Binding(
            "e", "edit_text", "edit as text", id="layers.text", tooltip="Type all layers as one line of text"
        ),
        Binding(
            "p", "preset", "presets", id="layers.preset", tooltip="Choose how much is done for a good score"
        ),
        Binding("l", "shape", "shapes", id="layers.shape", tooltip="Choose layers that suit many tables"),
        Binding(
            "tab",
            "next_panel",
            "panel",
            id="layers.panel",
            tooltip="From the layers to the training plan, to the drawing, and back",
        ),
        Binding("escape", "app.go('prepare')", "back", show=False, tooltip="Back to preparing"),
    ]

    def compose_body(self) -> ComposeResult:
        """Layers and drawing side by side, the plan under both."""
        with Horizontal(id="beside-code"):
            with Vertical(id="choices"):
                with Horizontal(id="design"):
                    with Vertical(id="layers-panel", classes="panel paged"):
                        yield ChoiceTable(
                            "layer",
                            right("units"),
                            "activation",
                            "options",
                            right("shape"),
                            right("weights"),
                            id="layers",
                        )
                        yield Picture(id="bend")
                        yield Static("", id="as-text")
                    with Vertical(id="network-panel", classes="panel paged"):
                        yield NetworkDrawing(id="drawing")
                yield from self.compose_plan()
            yield from self.compose_code()

    def on_mount(self) -> None:
        """Name the panels."""
        self.query_one("#layers-panel").border_title = "Layers"
        self.query_one("#network-panel").border_title = "Network"
        super().on_mount()

    def show_workbench(self, workbench: Workbench) -> None:
        """Show the design and the plan."""
        experiment, derived = workbench.experiment, workbench.derived
        if experiment is None or derived is None:
            return
        self.show_code(workbench)
        panel = self.query_one("#layers-panel")
        self.query_one("#as-text", Static).update(
            Text.assemble(("as text  ", "dim"), experiment.design.text or "(no hidden layer: a linear model)")
        )
        self.show_plan()
        if self.focused is None:
            self.query_one("#layers", ChoiceTable).focus()
        if derived.prepared is None:
            panel.border_subtitle = ""
            self.query_one("#as-text", Static).update(Text(derived.problem or ""))
            return
        fitted = derived.prepared.fitted
        outputs = Outputs.telling(len(fitted.target.classes))
        try:
            summaries = describe(experiment.design, len(fitted.input_names), outputs)
        except DesignError as error:
            self.query_one("#as-text", Static).update(
                Text(str(error), style=self.app.theme_variables["warning"])
            )
            return
        last = len(summaries) - 1
        rows = [
            Row(
                str(index - 1),
                self._cells(summary, "input" if index == 0 else "output" if index == last else ""),
            )
            for index, summary in enumerate(summaries)
        ]
        self.query_one("#layers", ChoiceTable).show(rows)
        self.call_after_refresh(self._show_bend)
        total = sum(summary.parameters for summary in summaries)
        members = experiment.design.members
        times = "" if members == 1 else f"{members} members of "
        panel.border_subtitle = f"{times}{counted(total, 'weight')} and biases"
        labels = fitted.target.output_names
        drawn = [DrawnLayer("input", summaries[0].units)]
        hidden = 0
        for summary in summaries[1:-1]:
            if summary.parameters and summary.activation:
                hidden += 1
                drawn.append(DrawnLayer(f"hidden {hidden}", summary.units))
        drawn.append(DrawnLayer("output", summaries[-1].units, labels))
        self.query_one(NetworkDrawing).show(drawn)

    def _cells(self, summary: LayerSummary, place: str) -> tuple[Text, ...]:
        style = "dim" if place else ""
        options = {"input": "from 2 Prepare", "output": "from the target"}.get(place, summary.options)
        shape = "" if place == "input" else f"{summary.shape[0]:,} → {summary.shape[1]:,}"
        units = "" if not place and summary.kind == "dropout" else count(summary.units)
        return (
            line((place or summary.kind, style)),
            right(units, style),
            line((summary.activation or "–", style)),
            line((options or ("" if place else "–"), style)),
            right(shape, "dim"),
            right(count(summary.parameters), style),
        )

    def _show_bend(self) -> None:
        """The activation of the layer under the cursor as a curve, where the panel has room for it."""
        picture, at = self.query_one("#bend", Picture), self._at()
        layers = self._design.layers
        name = layers[at].activation if 0 <= at < len(layers) else None
        rows = self.query_one("#layers", ChoiceTable).row_count
        picture.display = (
            name in ACTIVATIONS and self.query_one("#design").size.height >= rows + ROOM_FOR_BEND
        )
        if name is not None and picture.display:
            picture.show(partial(paint_activation, name))

    def on_resize(self) -> None:
        """Another room for the curve."""
        self.call_after_refresh(self._show_bend)

    # -- layers --------------------------------------------------------------------------------------------

    @property
    def _design(self) -> NetworkDesign:
        experiment = self.workbench.experiment
        return NetworkDesign() if experiment is None else experiment.design

    def _at(self) -> int:
        """Which hidden layer the cursor is on; -1 on the input, one past the last on the output."""
        key = self.query_one("#layers", ChoiceTable).cursor_key
        return int(key) if key is not None else -1

    def _hidden_at(self) -> int | None:
        at = self._at()
        if 0 <= at < len(self._design.layers):
            return at
        self.host.say(
            "the input layer follows from the columns: see 1 Data and 2 Prepare"
            if at < 0
            else "the output layer follows from the target: see 1 Data",
            warning=False,
        )
        return None

    def _put(self, layers: tuple[LayerDesign, ...], cursor: int | None = None) -> None:
        try:
            design = replace(self._design, layers=layers)
        except ValueError as error:
            self.host.say(str(error))
            return
        self.host.edit(design=design)
        if cursor is not None:
            self.query_one("#layers", ChoiceTable).put_cursor(str(cursor))

    def _put_text(self, text: str | None) -> None:
        if text is not None:
            self._put(NetworkDesign.from_text(text).layers)

    def action_add(self) -> None:
        """Ask for a kind of layer and add it behind the cursor."""
        at = min(max(self._at() + 1, 0), len(self._design.layers))
        choices = [Choice(kind.name, kind.summary) for kind in LAYER_KINDS.values()]

        def take(kind: str | None) -> None:
            if kind is not None:
                layers = self._design.layers
                self._put((*layers[:at], _new_layer(kind), *layers[at:]), at)

        self.ask(PickList("Add a layer", choices, "dense"), take)

    def action_remove(self) -> None:
        """Remove the layer under the cursor."""
        at = self._hidden_at()
        if at is not None:
            layers = self._design.layers
            self._put((*layers[:at], *layers[at + 1 :]))

    def action_move(self, direction: int) -> None:
        """Swap the layer under the cursor with its neighbour."""
        at = self._hidden_at()
        if at is None or not 0 <= at + direction < len(self._design.layers):
            return
        layers = list(self._design.layers)
        layers[at], layers[at + direction] = layers[at + direction], layers[at]
        self._put(tuple(layers), at + direction)

    @on(ChoiceTable.Stepped, "#layers")
    def _step_layer(self, message: ChoiceTable.Stepped) -> None:
        at = self._hidden_at()
        if at is None:
            return
        layers = list(self._design.layers)
        layer = layers[at]
        stepped = next((each for each in STEPPED if each.of(layer) is not None), None)
        if stepped is None:
            self.host.say(f"{layer.kind} has nothing to step", warning=False)
            return
        layers[at] = stepped.put(layer, stepped.stepped(stepped.of(layer), message.direction))
        self._put(tuple(layers))

    @on(ChoiceTable.Opened, "#layers")
    def _open_layer(self, message: ChoiceTable.Opened) -> None:
        at = self._hidden_at()
        if at is None:
            return
        layer = self._design.layers[at]
        if "activation" not in LAYER_KINDS[layer.kind].asks:
            self._ask_layer_text(at)
            return
        typed = "type it …"
        choices = [
            *(
                Choice(name, activation.summary)
                for name, activation in ACTIVATIONS.items()
                if name != "softmax"
            ),
            Choice(typed, f"the whole layer as text: {layer.text}"),
        ]

        def take(name: str | None) -> None:
            if name == typed:
                self._ask_layer_text(at)
            elif name is not None:
                layers = list(self._design.layers)
                layers[at] = replace(layer, activation=name)
                self._put(tuple(layers))

        self.ask(PickList("Activation", choices, layer.activation or "relu"), take)

    def _ask_layer_text(self, at: int) -> None:
        def take(text: str | None) -> None:
            if text is not None:
                layers = list(self._design.layers)
                layers[at] = LayerDesign.from_text(text)
                self._put(tuple(layers))

        self.ask(LinePrompt("Layer", self._design.layers[at].text, problem_of(LayerDesign.from_text)), take)

    def action_edit_text(self) -> None:
        """Ask for all layers as one line."""
        hint = f"From left to right. Layers: {', '.join(LAYER_KINDS)}. Activations: {', '.join(ACTIVATIONS)}."
        self.ask(
            LinePrompt("Layers", self._design.text, problem_of(NetworkDesign.from_text), hint),
            self._put_text,
        )

    def action_shape(self) -> None:
        """Ask for one of the lists of layers."""
        choices = [Choice(text, summary, label=text or "(none)") for text, summary in SHAPES.items()]
        self.ask(PickList("Shapes: layers for many tables", choices, self._design.text), self._put_text)

    def action_preset(self) -> None:
        """Ask for one of the presets, each with what it would change here."""
        experiment, rows = self.workbench.experiment, self.table_rows
        assert experiment is not None
        before = choice_texts(experiment)
        choices = []
        for name, preset in PRESETS.items():
            changes = differences(before, choice_texts(with_preset(experiment, name, rows)))
            told = "; ".join(f"{each.title} {each.one} → {each.other}" for each in changes)
            choices.append(Choice(name, preset.summary, more=told or "nothing changes"))

        def take(name: str | None) -> None:
            if name is not None:
                chosen = with_preset(experiment, name, rows)
                self.host.edit(preparation=chosen.preparation, design=chosen.design, plan=chosen.plan)

        self.ask(PickList("Presets", choices, preset_of(experiment, rows)), take)

    @on(DataTable.RowHighlighted)
    def _moved(self) -> None:
        self.show_meaning()
        self.call_after_refresh(self._show_bend)
        self.refresh_bindings()


def _new_layer(kind: str) -> LayerDesign:
    asks = LAYER_KINDS[kind].asks
    return LayerDesign(
        kind,
        units=32 if "units" in asks else None,
        activation="relu" if "activation" in asks else None,
        rate=0.2 if "rate" in asks else None,
    )
