"""What the app trains can go on after the app was killed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app_driver import Open
from command_line import Run as Command

from ann_tui.experiments.derived import load, prepare_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import Run
from ann_tui.experiments.under_way import JOURNAL
from ann_tui.experiments.unfinished import begin, left_behind
from ann_tui.model.storage import load_model
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
        (line,) = (run.under_way.folder / JOURNAL).read_text().splitlines()
        assert '"field":"learning_rate","value":0.008' in line
        assert left_behind() == ()
        await app.press("s")
        await app.trained()
        await app.until(lambda: not any(unfinished_folder().iterdir()), "the run to be kept")


def leave_behind(experiment: Experiment, epochs: int) -> bytes:
    """A training as a kill after so many epochs would leave it; gives the weights that it would have had at its end."""
    run = Run(experiment, prepare_experiment(experiment, load(experiment.source)))
    run.train()
    whole = run.network.weights.tobytes()
    cut = Run(experiment, run.prepared)
    under_way = begin(experiment, "species")
    cut.keep_by(under_way)
    cut.trainer.run(until=epochs)
    under_way.leave()
    return whole


async def _experiment(open_app: Open, sample_data: Path) -> Experiment:
    async with open_app(sample_data / "penguins.csv") as app:
        experiment = app.app.workbench.experiment
        assert experiment is not None
        return replace(experiment, plan=replace(experiment.plan, epochs=20, early_stopping=False))


async def test_an_interrupted_training_goes_on_at_the_next_start(open_app: Open, sample_data: Path) -> None:
    whole = leave_behind(await _experiment(open_app, sample_data), 8)
    async with open_app() as app:
        await app.sees("Go on with the training on penguins.csv?")
        await app.sees("It was interrupted, and predicts species.")
        await app.press("y")
        await app.until(lambda: app.app.workbench.runs.front is not None, "the training")
        await app.trained()
        run = app.app.workbench.runs.front
        assert run is not None and run.snapshot.epoch == 20 and run.network.weights.tobytes() == whole
        assert app.app.workbench.run_is_current
        await app.until(lambda: not any(unfinished_folder().iterdir()), "the run to be kept")


async def test_what_is_not_gone_on_with_stays(open_app: Open, sample_data: Path, run: Command) -> None:
    whole = leave_behind(await _experiment(open_app, sample_data), 8)
    async with open_app(sample_data / "cars.csv") as app:
        await app.sees("Go on with the training on penguins.csv?")
        await app.press("n")
        assert app.app.workbench.runs.front is None
    assert left_behind()[0].declined, "it is not asked for at each start"
    model = unfinished_folder().parent / "resumed.ann"
    assert run("train", "--resume", "--no-baselines", "--save", model).code == 0
    assert load_model(model).network.weights.tobytes() == whole and left_behind() == ()


async def test_other_rows_by_now_are_said(open_app: Open, tmp_path: Path, sample_data: Path) -> None:
    table = tmp_path / "birds.csv"
    table.write_text((sample_data / "penguins.csv").read_text())
    experiment = await _experiment(open_app, sample_data)
    leave_behind(replace(experiment, source=replace(experiment.source, path=str(table))), 8)
    table.write_text("\n".join(table.read_text().splitlines()[:-20]) + "\n")
    async with open_app() as app:
        await app.sees("Go on with the training on birds.csv?")
        await app.press("y")
        await app.sees("its training rows are others")
