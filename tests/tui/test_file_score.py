"""`e` on Predict scores a network, or an opened model, on a file with true values."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_driver import Driver, Open
from command_line import Run as RunCommand
from textual.widgets import Input

from ann_tui.evaluation.metrics import metric_text
from ann_tui.experiments.file_score import score_file
from ann_tui.model.storage import load_model


@pytest.fixture
def model(run: RunCommand, sample_data: Path, tmp_path: Path) -> Path:
    """A model of the penguins."""
    path = tmp_path / "penguins.ann"
    trained = run("train", sample_data / "penguins.csv", "--epochs", 5, "--save", path, "--no-baselines")
    assert trained.code == 0
    return path


async def _score(app: Driver, file: Path) -> None:
    await app.press("e")
    app.app.screen.query_one(Input).value = str(file)
    await app.press("enter")


async def test_an_opened_model_is_scored_on_new_rows(
    open_app: Open, model: Path, sample_data: Path, tmp_path: Path
) -> None:
    lines = (sample_data / "penguins.csv").read_text(encoding="utf-8").splitlines()
    new = tmp_path / "new.csv"
    new.write_text("\n".join([*lines[:41], lines[41].replace("Adelie", "Dodo")]) + "\n", encoding="utf-8")
    score = score_file(load_model(str(model)), str(new))
    accuracy = metric_text("accuracy", score.evaluation.scores["test"].metrics["accuracy"])
    async with open_app() as app:
        app.app.open_file(str(model))
        await app.until(lambda: app.app.current_mode == "predict", "the model")
        await _score(app, new)
        await app.sees(
            "Scored on new.csv", "40 rows of 41 judge", accuracy, "'Dodo' is no value of the target"
        )
        await app.press("escape")
        await app.sees("What the network says")


async def test_on_its_own_file_the_scores_are_those_of_the_training(
    open_app: Open, model: Path, sample_data: Path
) -> None:
    loaded = load_model(str(model))
    accuracy = metric_text("accuracy", loaded.summary.metrics[loaded.summary.judged]["accuracy"])
    async with open_app() as app:
        app.app.open_file(str(model))
        await app.until(lambda: app.app.current_mode == "predict", "the model")
        await _score(app, sample_data / "penguins.csv")
        await app.sees(
            "69 rows of 344 judge, the test rows of the training", accuracy, "split as they were then"
        )


async def test_a_file_that_cannot_be_scored_says_why(open_app: Open, model: Path, sample_data: Path) -> None:
    async with open_app() as app:
        app.app.open_file(str(model))
        await app.until(lambda: app.app.current_mode == "predict", "the model")
        await _score(app, sample_data / "cars.csv")
        await app.sees("are missing, which the network")
        await app.press("escape", "e")
        app.app.screen.query_one(Input).value = "nowhere.csv"
        await app.sees("there is no such file")
