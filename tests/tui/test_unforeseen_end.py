"""Whatever raises, wherever: the network and the choices stand on disk, one line says where, and the status is 1."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from app_driver import Driver

from ann_tui.experiments.kept.run_store import RunStore
from ann_tui.tui.app.app import AnnApp
from ann_tui.tui.app.run_app import run_app


class SuddenError(Exception):
    """What nobody has thought of."""


def _raise(*arguments: object, **options: object) -> None:
    raise SuddenError("out of the blue")


PLACES = {
    "an action of the app": ("ann_tui.tui.app.app.AnnApp.action_undo", ("u",)),
    "going to a step": ("ann_tui.tui.app.steps.Steps.go", ("2",)),
    "painting the bar": ("ann_tui.tui.app.hosting_app.bar_state", ("2",)),
    "showing the Prepare screen": ("ann_tui.tui.screens.prepare.PrepareScreen.show_workbench", ("2",)),
    "showing the Layers screen": ("ann_tui.tui.screens.layers.LayersScreen.show_workbench", ("3",)),
    "composing the Layers screen": ("ann_tui.tui.screens.layers.LayersScreen.compose_body", ("3",)),
    "pulling a snapshot": ("ann_tui.tui.screens.train.TrainScreen.show_snapshot", ("1", "4")),
    "showing the evaluation": ("ann_tui.tui.screens.evaluate.EvaluateScreen.show_workbench", ("5",)),
    "the rows behind a figure": ("ann_tui.tui.dialogs.rows.RowsScreen.on_mount", ("5", "enter")),
    "a form for one row": ("ann_tui.tui.screens.predict.PredictScreen.show_workbench", ("6",)),
    "a list of runs": ("ann_tui.tui.run_list.dialog.RunsScreen.show_workbench", ("f2",)),
    "news of a thread": ("ann_tui.experiments.runs.Runs.end", ("t",)),
    "saving": ("ann_tui.tui.app.saver.Saver.save", ("ctrl+s",)),
    "help": ("ann_tui.tui.dialogs.help.HelpScreen.compose", ("f1",)),
}


def _run(file: Path, work: Callable[[Driver], object], monkeypatch: pytest.MonkeyPatch) -> int:
    """Run the app as the command does, on no terminal, with somebody who works."""

    def run(app: AnnApp, **options: object) -> None:
        async def drive() -> None:
            app.pace = None
            async with app.run_test(size=(120, 40), notifications=True) as pilot:
                await work(Driver(app, pilot))  # type: ignore[misc]

        asyncio.run(drive())

    monkeypatch.setattr(AnnApp, "run", run)
    return run_app(str(file))


async def _train(app: Driver) -> None:
    await app.until(lambda: app.app.workbench.derived is not None, "the file")
    await app.press("2", "right")
    await app.ready()
    await app.press("t")
    await app.trained()


async def _ended(app: Driver) -> None:
    for _ in range(1200):
        if not app.app.is_running:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the app goes on")


@pytest.mark.parametrize("place", PLACES)
def test_network_and_choices_outlive_it(
    place: str, sample_data: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    name, keys = PLACES[place]

    async def work(app: Driver) -> None:
        await _train(app)
        monkeypatch.setattr(name, _raise)
        await app.press(*keys)
        await _ended(app)

    assert _run(sample_data / "penguins.csv", work, monkeypatch) == 1
    stored = RunStore().unsaved()
    assert stored[0].model is not None and stored[0].record.epochs > 0
    assert stored[0].experiment().preparation.missing_number != "median"
    said = capfd.readouterr().err.splitlines()
    assert said[0].startswith("ann-tui: error: unexpected SuddenError: out of the blue (details: ")
    assert re.fullmatch(r"ann-tui: kept: the network of penguins.csv in .*; o in the app offers it", said[1])


@pytest.mark.parametrize(
    "name",
    [
        "ann_tui.experiments.run.Run.judge",
        "ann_tui.experiments.run.Run.compare",
        "ann_tui.training.loop.Loop.train_epoch",
    ],
)
def test_an_error_in_the_thread_that_trains_is_said_and_the_app_goes_on(
    name: str, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(app: Driver) -> None:
        await _train(app)
        monkeypatch.setattr(name, _raise)
        await app.press("2", "right")
        await app.ready()
        await app.press("t")
        await app.sees("out of the blue")
        judged = app.app.workbench.judged
        assert judged is not None and app.app.return_code is None

    assert _run(sample_data / "penguins.csv", work, monkeypatch) == 0
    assert RunStore().unsaved()


def test_choices_without_a_network_are_kept_too(
    sample_data: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def work(app: Driver) -> None:
        await app.until(lambda: app.app.workbench.derived is not None, "the file")
        await app.press("2", "right")
        await app.ready()
        monkeypatch.setattr("ann_tui.tui.app.steps.Steps.go", _raise)
        await app.press("3")
        await _ended(app)

    assert _run(sample_data / "penguins.csv", work, monkeypatch) == 1
    (stored,) = RunStore().unsaved()
    assert stored.model is None and stored.record.interrupted
    assert stored.experiment().preparation.missing_number != "median"
    assert "kept: the choices for penguins.csv in " in capfd.readouterr().err


def test_a_full_disk_is_said_and_nothing_else_goes_wrong(
    sample_data: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ann_tui.model.storage.save_model", full)

    async def work(app: Driver) -> None:
        await _train(app)
        await app.sees("could not be kept on disk")
        await app.press("5")
        await app.sees("Confusion matrix")

    assert _run(sample_data / "penguins.csv", work, monkeypatch) == 0
    assert "ann-tui: error: the run could not be kept on disk: No space left" in capfd.readouterr().err


async def test_the_next_start_offers_the_run_and_takes_it_up(
    sample_data: Path, open_app: Callable[..., object]
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:  # type: ignore[attr-defined]
        await _train(app)
        await app.until(lambda: bool(RunStore().unsaved()), "the run on disk")
        weights = app.app.workbench.judged.network.weights.copy()
        scores = app.app.workbench.judged.scores
    async with open_app() as app:  # type: ignore[attr-defined]
        await app.sees("Not saved yet", "penguins.csv → species")
        await app.press("enter")
        await app.sees("Confusion matrix")
        run = app.app.workbench.judged
        assert (run.network.weights == weights).all() and run.scores == scores
        assert app.app.workbench.unsaved is None
        await app.press("4")
        await app.sees("finished")
        await app.press("t")
        await app.trained()
        await app.press("f2")
        await app.sees("enter uses it", "differs from")
        await app.press("down", "enter")
        assert app.app.workbench.runs.front is run
