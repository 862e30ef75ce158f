"""What the app trains can go on after the app was killed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app_driver import Open
from command_line import Run as Command

from ann_tui.experiments import unfinished
from ann_tui.experiments.unfinished import begin, left_behind
from ann_tui.own_folders import unfinished_folder


async def test_a_run_that_is_kept_leaves_nothing_behind(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("t")
        await app.until(lambda: unfinished_folder().is_dir(), "the beginning")
        await app.trained()
        await app.until(lambda: not any(unfinished_folder().iterdir()), "the run to be kept")


async def test_a_running_training_stands_on_disk(open_app: Open, sample_data: Path) -> None:
    """With what was steered; what is stopped by hand is kept and no longer unfinished."""
    async with open_app(sample_data / "penguins.csv") as app:
        experiment = app.app.workbench.experiment
        assert experiment is not None
        app.app.edit(plan=replace(experiment.plan, epochs=1_000_000, early_stopping=False))
        await app.ready()
        await app.press("t")
        await app.until(lambda: app.app.workbench.runs.training is not None, "the training")
        run = app.app.workbench.runs.training
        assert run is not None
        await app.until(lambda: run.snapshot.epoch > 2, "some epochs")
        await app.press("plus")
        await app.until(lambda: len(run.changes) == 1, "the other rate")
        assert run.under_way is not None
        (line,) = (run.under_way.folder / unfinished.JOURNAL).read_text().splitlines()
        assert '"field":"learning_rate","value":0.008' in line
        assert left_behind() == ()
        await app.press("s")
        await app.trained()
        await app.until(lambda: not any(unfinished_folder().iterdir()), "the run to be kept")


async def test_an_interrupted_training_is_told_of_at_the_next_start(
    open_app: Open, sample_data: Path, run: Command
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        experiment = app.app.workbench.experiment
        assert experiment is not None
    begin(replace(experiment, plan=replace(experiment.plan, epochs=2)), "species").leave()
    async with open_app(sample_data / "cars.csv") as app:
        await app.sees("a training of penguins.csv was interrupted: ann-tui train --resume")
    assert run("train", "--resume", "--no-baselines").code == 0
    assert left_behind() == ()
