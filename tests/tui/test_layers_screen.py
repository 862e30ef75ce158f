"""Step 3: layers edited with keys and as text, and the training plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_driver import Driver, Open

from ann_tui.experiments.presets import with_preset
from ann_tui.network.design import NetworkDesign
from ann_tui.network.layer_kinds import LAYER_KINDS
from ann_tui.tui.widgets.choice_table import ChoiceTable


def _layers(app: Driver) -> str:
    experiment = app.app.workbench.experiment
    assert experiment is not None
    return experiment.design.text


async def test_layers_are_added_stepped_moved_and_removed(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("3")
        assert _layers(app) == "64 relu, 32 relu"
        await app.press("down", "left")
        assert _layers(app) == "48 relu, 32 relu"
        await app.press("J")
        assert _layers(app) == "32 relu, 48 relu"
        await app.press("K", "x")
        assert _layers(app) == "32 relu"
        await app.press("u")
        assert _layers(app) == "48 relu, 32 relu"


async def test_every_kind_of_layer_can_be_added_and_trained(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("3", "down")
        for place, kind in enumerate(LAYER_KINDS):
            await app.press("a")
            await app.sees("Add a layer")
            await app.press(*["down"] * place, "enter")
            assert app.app.workbench.experiment is not None
            assert app.app.workbench.experiment.design.layers[place + 1].kind == kind
        await app.ready()
        await app.press("t")
        await app.trained()
        assert (
            app.app.workbench.runs.front is not None and app.app.workbench.runs.front.evaluation is not None
        )


async def test_enter_chooses_an_activation(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("3", "down", "enter")
        await app.sees("Activation")
        await app.press("down", "enter")
        assert _layers(app) != "64 relu, 32 relu"


async def test_layers_as_text(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", size=(80, 24)) as app:
        await app.press("3", "e", *"16 tanh, dropout 0.1", "enter")
        assert _layers(app) == "16 tanh, dropout 0.1"
        await app.press("e", *"16 tanhh")
        await app.sees("tanhh")
        await app.press("enter", "escape")
        assert _layers(app) == "16 tanh, dropout 0.1"


async def test_no_hidden_layer_is_a_linear_model(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("3", "l", "home", "enter")
        assert _layers(app) == ""
        await app.sees("a linear model")
        await app.press("t")
        await app.trained()


async def test_input_and_output_say_where_they_come_from(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("3", "x")
        await app.sees("the input layer follows from the columns")
        await app.press("end", "right")
        assert _layers(app) == "64 relu, 32 relu"


async def test_the_plan_is_stepped_and_typed(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", size=(80, 24)) as app:
        await app.press("3", "tab")
        plan = app.app.screen.query_one("#plan", ChoiceTable)
        assert plan.has_focus
        plan.put_cursor("epochs")
        await app.press("enter", *"many", "enter")
        await app.sees("type a whole number")
        await app.press("escape", "enter", *"7", "enter")
        plan.put_cursor("batch")
        await app.press("right")
        assert app.app.workbench.experiment is not None
        assert app.app.workbench.experiment.plan.epochs == 7
        assert app.app.workbench.experiment.plan.batch == 64
        await app.press("t")
        await app.trained()
        assert app.app.workbench.runs.front is not None
        assert app.app.workbench.runs.front.snapshot.epoch == 7


async def test_the_gradient_can_be_clipped_as_a_diverged_run_advises(
    open_app: Open, sample_data: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:

        def clip() -> float | None:
            experiment = app.app.workbench.experiment
            assert experiment is not None
            return experiment.plan.clip_norm

        await app.press("3", "tab")
        app.app.screen.query_one("#plan", ChoiceTable).put_cursor("clip_norm")
        await app.press("left", "left")
        assert clip() == 30
        await app.press("enter", *["backspace"] * 3, "2", "enter")
        assert clip() == 2.0
        await app.press("enter", "backspace", "-", "1", "enter")
        await app.sees("type a number above 0")
        await app.press("escape", "u", "u", "u")
        assert clip() is None


async def test_a_large_learning_rate_is_written_as_it_was_typed(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("3", "tab")
        app.app.screen.query_one("#plan", ChoiceTable).put_cursor("learning_rate")
        await app.press("enter", *["backspace"] * 8, *"1000000", "enter")
        await app.sees(" 1000000 ")


@pytest.mark.parametrize("width", [80, 120])
async def test_the_counts_of_weights_stand_beside_their_shapes(
    open_app: Open, sample_data: Path, width: int
) -> None:
    async with open_app(sample_data / "penguins.csv", size=(width, 40)) as app:
        await app.press("3")
        await app.sees("10 → 64      704", "64 → 32    2,080")


async def test_a_cost_that_does_not_suit_the_target_can_be_changed_back(
    open_app: Open, tmp_path: Path
) -> None:
    """Poisson is for counts: the screen says which line has none, and stays open."""
    file = tmp_path / "change.csv"
    file.write_text("x,change\n" + "".join(f"{row},{row * 37 % 100 - 50}.5\n" for row in range(80)))
    async with open_app(file) as app:
        await app.press("3")
        app.app.edit(design=NetworkDesign(cost="poisson"))
        await app.sees("the target 'change' is -50.5 in line 2")
        await app.press("1", "3")
        assert app.app.current_mode == "layers"
        await app.sees("nothing below 0: choose another cost")
        await app.press("u")
        await app.ready()
        assert app.app.workbench.derived is not None and app.app.workbench.derived.prepared is not None
        await app.sees("64 relu, 32 relu")


async def test_a_preset_changes_all_that_it_is_about_in_one_step(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", size=(120, 40)) as app:
        before = app.app.workbench.experiment
        assert before is not None
        await app.press("3", "p")
        await app.sees("nothing changes")
        await app.press("end")
        await app.sees("start random → linear model", "members 1", "train again off → on")
        await app.press("enter")
        derived = app.app.workbench.derived
        assert derived is not None
        assert app.app.workbench.experiment == with_preset(before, "strong", len(derived.table.frame))
        await app.sees("preset strong", "6 members of")
        await app.ready()
        await app.press("u")
        assert app.app.workbench.experiment == before
        await app.sees("preset plain")
        await app.press("tab")
        app.app.screen.query_one("#plan", ChoiceTable).put_cursor("batch")
        await app.press("right")
        await app.sees("own choices")
