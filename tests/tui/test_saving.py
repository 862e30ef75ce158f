"""What the app saves is what the command line makes of the same choices, and opens again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from app_driver import Driver, Open
from command_line import Run as RunCommand

from ann_tui.data.choices.preparation import ColumnPreparation, Preparation, Split
from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import load, prepare_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.experiment_file import read_experiment
from ann_tui.experiments.experiment_writing import write_experiment
from ann_tui.experiments.kept.run_store import RunStore
from ann_tui.experiments.run import Run, run_experiment
from ann_tui.model.storage import load_model, save_model
from ann_tui.network.design import NetworkDesign
from ann_tui.training.plan import TrainingPlan


async def _save_as(app: Driver, path: Path) -> None:
    await app.press("ctrl+s")
    await app.sees("Save as")
    await app.press("ctrl+u")
    await app.paste(str(path))
    await app.press("enter")


async def test_choices_saved_and_run_again_give_the_same_weights(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("3", "down", "left", "2", "n")
        await app.ready()
        await app.press("t")
        await app.trained()
        await _save_as(app, path)
        await app.sees("saved as")
        run, experiment = app.app.workbench.runs.front, app.app.workbench.experiment
        assert run is not None
    again = read_experiment(path)
    assert again == experiment
    data = load(again.source)
    other = Run(again, prepare_experiment(again, data))
    other.train()
    np.testing.assert_array_equal(other.network.weights, run.network.weights)


@pytest.mark.parametrize("sample", ["penguins", "cars"])
async def test_the_app_and_the_command_line_save_the_same_model(
    sample: str, open_app: Open, run: RunCommand, sample_data: Path, tmp_path: Path
) -> None:
    """Of the experiment that the app saves: the same bytes, but for the time."""
    async with open_app(sample_data / f"{sample}.csv") as app:
        await app.press("3", "e", "ctrl+u", *"12 tanh, dropout 0.1", "enter")
        await app.ready()
        await app.press("t")
        await app.trained()
        await app.press("5")
        for name in ("app.ann", "mine.toml"):
            await _save_as(app, tmp_path / name)
            await app.until((tmp_path / name).exists, name)
    assert run("train", tmp_path / "mine.toml", "--save", tmp_path / "line.ann").code == 0
    model = load_model(tmp_path / "line.ann")
    assert model.design.text == "12 tanh, dropout 0.1"
    save_model(model, tmp_path / "line.ann", saved=load_model(tmp_path / "app.ann").saved)
    assert (tmp_path / "line.ann").read_bytes() == (tmp_path / "app.ann").read_bytes()


async def test_opening_an_experiment_sets_every_screen(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("3", "e", "ctrl+u", *"7 tanh", "enter", "1", "down", "g")
        await app.ready()
        await _save_as(app, path)
        await app.sees("saved as")
    async with open_app(path) as app:
        experiment, derived = app.app.workbench.experiment, app.app.workbench.derived
        assert experiment is not None and experiment.design.text == "7 tanh"
        assert derived is not None and derived.profile.target == "island"
        await app.press("3")
        await app.sees("7 tanh")


async def test_an_opened_experiment_holds_on_every_screen_and_is_saved_as_it_was(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    """Choices of every kind that differ from the defaults."""
    path, again = tmp_path / "mine.toml", tmp_path / "again.toml"
    experiment = Experiment(
        Source(
            str(sample_data / "penguins.csv"),
            "island",
            excluded=("year",),
            rules=("body_mass_g in 10..9000",),
        ),
        Preparation(
            missing_number="mean",
            outliers="iqr",
            class_weights="balanced",
            split=Split(method="random", test=0.3, validation=0.1, seed=5),
            columns={"bill_depth_mm": ColumnPreparation(scaling="robust")},
        ),
        NetworkDesign.from_text("7 tanh, dropout 0.1", "focal"),
        TrainingPlan(optimizer="sgd", learning_rate=0.05, schedule="constant", batch=16, epochs=3, seed=5),
    )
    write_experiment(experiment, path)
    async with open_app(path) as app:
        await app.ready()
        assert app.app.workbench.experiment == read_experiment(path) == experiment
        await app.sees("island", "flipper_length_mm")
        await app.press("2")
        await app.sees("mean", "iqr", "balanced", "random")
        await app.press("3")
        await app.sees("7 tanh, dropout 0.1", "focal")
        await app.press("tab")
        await app.sees("sgd", "0.05", "constant")
        await app.press("t")
        await app.trained()
        run = app.app.workbench.runs.front
        assert run is not None and run.experiment == experiment and run.snapshot.epoch == 3
        await _save_as(app, again)
        await app.until(again.exists, "the file")
    assert again.read_text().replace("again.toml", "mine.toml") == path.read_text()


async def test_a_saved_model_answers_as_the_network_did(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "penguins.ann"
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("t")
        await app.trained()
        await _save_as(app, path)
        await app.sees("saved as")
        run = app.app.workbench.runs.front
        assert run is not None
        model = load_model(path)
        np.testing.assert_array_equal(model.network.weights, run.network.weights)
        await app.press("6", "r")
        said = app.static("#bars")
        cells = dict(app.app.screen.cells)  # type: ignore[attr-defined]
    async with open_app() as app:
        app.app.open_file(str(path))
        await app.until(lambda: app.app.current_mode == "predict", "the Predict screen")
        app.app.screen.cells = cells  # type: ignore[attr-defined]
        app.app.show_everywhere()
        await app.until(lambda: app.static("#bars") == said, "the same probabilities")
        await app.press("4")
        await app.sees("open a table first")


async def test_nothing_is_overwritten_without_asking(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("precious", encoding="utf-8")
    async with open_app(sample_data / "penguins.csv") as app:
        await _save_as(app, path)
        await app.sees("mine.toml exists. Replace it?")
        await app.press("n")
        assert path.read_text(encoding="utf-8") == "precious"
        await _save_as(app, path)
        await app.sees("Replace it?")
        await app.press("y")
        await app.sees("saved as")
        assert path.read_text(encoding="utf-8") != "precious"


async def test_names_that_cannot_be_are_refused_with_a_reason(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await _save_as(app, tmp_path / "mine.txt")
        await app.sees("end the name in .ann")
        await app.press("escape")
        await _save_as(app, tmp_path / "nowhere" / "mine.toml")
        await app.sees("there is no folder")
        await app.press("escape")
        await _save_as(app, tmp_path / "mine.ann")
        await app.sees("there is no trained network yet")


async def test_files_that_are_no_experiment_or_model_are_refused_in_one_line(
    open_app: Open, tmp_path: Path
) -> None:
    async with open_app() as app:
        for name in ("broken.toml", "broken.ann"):
            path = tmp_path / name
            path.write_bytes(b"\x00\x01 = not this")
            app.app.open_file(str(path))
            await app.until(lambda name=name: name in app.app.trouble, f"the refusal of {name}")
            assert "\n" not in app.app.trouble


async def test_another_file_is_opened_without_asking_only_where_nothing_is_lost(
    open_app: Open, sample_data: Path
) -> None:
    """A trained network is not lost: it is kept on disk."""
    cars, churn = str(sample_data / "cars.csv"), str(sample_data / "churn.csv")

    def opened() -> str:
        experiment = app.app.workbench.experiment
        assert experiment is not None
        return Path(experiment.source.path).name

    async with open_app(sample_data / "penguins.csv") as app:
        app.app.open_file(cars)
        await app.until(lambda: opened() == "cars.csv", "the second file")
        await app.press("3", "down", "left")
        await app.ready()
        app.app.open_file(churn)
        await app.sees("Open churn.csv?", "changed choices would be lost")
        await app.press("n")
        assert opened() == "cars.csv"
        await app.press("t")
        await app.trained()
        await app.until(lambda: app.app.workbench.unsaved is None, "the run on disk")
        app.app.open_file(churn)
        await app.until(lambda: opened() == "churn.csv", "the third file")
        await app.press("3", "down", "left")
        await app.ready()
        app.app.open_file(cars)
        await app.sees("Open cars.csv?")
        await app.press("y")
        await app.until(lambda: opened() == "cars.csv", "the file after the question")


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 15)])
async def test_the_picker_shows_files_at_every_size(
    open_app: Open, sample_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    (tmp_path / "mine.csv").write_text("a,b\n1,2\n")
    monkeypatch.chdir(tmp_path)
    async with open_app(sample_data / "penguins.csv", size=size) as app:
        await app.press("ctrl+o")
        await app.sees("mine.csv", "Known files", "Open", "Cancel")


async def test_training_with_a_model_alone_asks_for_a_table(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("t")
        await app.trained()
        await _save_as(app, tmp_path / "mine.ann")
        await app.sees("saved as")
        app.app.open_file(str(tmp_path / "mine.ann"))
        await app.sees("a saved model: it predicts")
        await app.press("t")
        await app.sees("open a table first: o")
        await app.press("o", "t")
        await app.sees("choose a file first")


async def _begin_slowly(app: Driver) -> None:
    """Train at a pace that leaves time to steer, until two epochs are done."""
    app.app.pace = 20.0
    await app.press("t")
    await app.until(lambda: len(app.app.workbench.runs.front.history) > 1, "two epochs")


async def test_a_run_steered_by_hand_says_so_wherever_it_is_saved(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await _begin_slowly(app)
        await app.press("plus", "plus")
        run = app.app.workbench.runs.front
        await app.until(lambda: len(run.changes) > 0 and len(run.history) > 4, "the other rate")
        await app.press("s")
        await app.trained()
        await _save_as(app, tmp_path / "mine.toml")
        await app.sees("with what was steered by hand")
        await _save_as(app, tmp_path / "mine.ann")
        await app.until((tmp_path / "mine.ann").exists, "the model")
        await app.until(lambda: bool(RunStore().runs()), "the run in the store")
    saved = read_experiment(tmp_path / "mine.toml").steering
    assert [change.field for change in saved] == ["learning_rate"] * (len(saved) - 1) + ["stop"]
    assert saved[:-1] == run.changes and saved[-1].epoch >= saved[0].epoch > 0
    assert load_model(tmp_path / "mine.ann").summary.steering == saved
    assert RunStore().runs()[0].experiment().steering == saved
    assert "[[steering]]" in (tmp_path / "mine.toml").read_text()
    experiment = read_experiment(tmp_path / "mine.toml")
    again = run_experiment(experiment, baselines=False)
    np.testing.assert_array_equal(again.network.weights, run.network.weights)
    assert again.changes == saved and again.snapshot.state == "stopped"


async def test_choices_that_were_changed_since_tell_of_no_steering(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await _begin_slowly(app)
        await app.press("s")
        await app.trained()
        await app.press("2", "right")
        await app.ready()
        await _save_as(app, tmp_path / "mine.toml")
        await app.sees("saved as")
    assert read_experiment(tmp_path / "mine.toml").steering == ()


async def test_a_saved_model_is_opened_with_its_table_and_trained_on(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "mine.ann"
    async with open_app(sample_data / "penguins.csv") as app:
        experiment = app.app.workbench.experiment
        assert experiment is not None
        app.app.edit(plan=replace(experiment.plan, epochs=12, early_stopping=False))
        await app.ready()
        await app.press("t")
        await app.trained()
        first = app.app.workbench.runs.front
        assert first is not None
        await _save_as(app, path)
        await app.sees("saved as")
    async with open_app(path) as app:
        await app.press("b")
        await app.sees("Train on with")
        await app.press("enter")
        await app.until(lambda: app.app.workbench.runs.front is not None, "the run of the model")
        taken = app.app.workbench.runs.front
        assert taken is not None and app.app.current_mode == "train"
        await app.press("b")
        await app.sees("Train on", "It goes on after epoch 12")
        await app.press("enter")
        await app.until(lambda: len(app.app.workbench.runs.all) == 2, "a branch")
        await app.trained()
        branch = app.app.workbench.runs.front
        assert branch is not None and branch.parent == taken.id
        assert [row.training_cost for row in branch.history[: first.snapshot.epoch]] == [
            row.training_cost for row in first.history
        ]


async def test_a_saved_model_is_not_trained_on_with_other_rows(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    """Nor with other columns; the model stays open."""
    path, other = tmp_path / "mine.ann", tmp_path / "other.csv"
    lines = (sample_data / "penguins.csv").read_text().splitlines()
    other.write_text("\n".join([lines[0], *lines[40:]]) + "\n")
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("t")
        await app.trained()
        await _save_as(app, path)
        await app.sees("saved as")
    async with open_app(path) as app:
        await app.press("b")
        await app.sees("Train on with")
        await app.press("ctrl+u")
        await app.paste(str(other))
        await app.press("enter")
        await app.sees("the table is not the one that this network was trained on")
        assert app.app.workbench.model is not None and app.app.current_mode == "predict"
        await app.press("b", "ctrl+u")
        await app.paste(str(sample_data / "cars.csv"))
        await app.press("enter")
        await app.sees("species")
        await app.until(lambda: app.app.reading is None, "the other table")
        assert app.app.workbench.model is not None and app.app.current_mode == "predict"
