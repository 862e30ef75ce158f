"""Step 4: back to earlier epochs, and other runs that begin there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from app_driver import Driver, Open

from ann_tui.experiments.run import Run
from ann_tui.network.scoring import predict
from ann_tui.tui import looking_back
from ann_tui.tui.screens.train import TrainScreen


def front(app: Driver) -> Run:
    run = app.app.workbench.runs.front
    assert run is not None
    return run


def screen(app: Driver) -> TrainScreen:
    found = app.app.screen
    assert isinstance(found, TrainScreen)
    return found


def set_plan(app: Driver, **changes: object) -> None:
    experiment = app.app.workbench.experiment
    assert experiment is not None
    app.app.edit(plan=replace(experiment.plan, **changes))  # type: ignore[arg-type]


async def train(app: Driver, **plan: object) -> Run:
    """A run that has ended."""
    set_plan(app, epochs=12, early_stopping=False, **plan)
    await app.ready()
    await app.press("t")
    await app.trained()
    return front(app)


async def another(app: Driver, runs: int) -> Run:
    """The run that makes so many, when it has ended."""
    await app.until(lambda: len(app.app.workbench.runs.all) == runs, "another run")
    await app.trained()
    return front(app)


def outputs_at(run: Run, epoch: int) -> np.ndarray:
    """What the weights of an epoch give for the validation rows."""
    assert run.timeline is not None
    kept = run.timeline.at(epoch)
    assert kept is not None
    network = run.network.copy()
    network.weights[:], network.statistics[:] = kept.weights, kept.statistics
    return predict(network, run.prepared.validation.x)


async def test_the_arrows_show_the_answers_of_each_epoch(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        run = await train(app)
        best = run.snapshot.best_epoch
        for epoch in (11, 10, 9):
            await app.press("left")
            await app.sees(f"Cost · epoch {epoch} of 12")
            await app.sees(f"validation, epoch {epoch}, 69 rows")
            seen = screen(app).looking.snapshot(run)
            assert seen.history == run.history[:epoch] and seen.validation_outputs is not None
            np.testing.assert_array_equal(seen.validation_outputs, outputs_at(run, epoch))
        await app.press("right")
        await app.sees("Cost · epoch 10 of 12")
        await app.press("home")
        await app.sees("Cost · epoch 0 of 12")
        await app.sees("validation, epoch 0, 69 rows")
        await app.press("left")
        await app.sees("Cost · epoch 0 of 12")
        await app.press("end")
        await app.sees(f"epoch {best}, whose weights are kept")
        assert screen(app).looking.epoch is None
        await app.press("g", *"4", "enter")
        await app.sees("Cost · epoch 4 of 12")
        await app.press("g", *"13", "enter")
        await app.sees("a whole number from 0 to 12")


async def test_looking_back_while_it_trains_stays_where_it_is(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        set_plan(app, epochs=1_000_000, early_stopping=False)
        await app.ready()
        await app.press("t")
        await app.until(lambda: front(app).snapshot.epoch > 5, "some epochs")
        await app.press("g", *"3", "enter")
        await app.until(lambda: front(app).snapshot.epoch > 20, "more epochs")
        await app.sees("Cost · epoch 3 of")
        assert screen(app).looking.epoch == 3
        await app.press("b")
        await app.sees("a network is still training: s stops it")
        await app.press("end", "s")
        await app.trained()


async def test_b_begins_a_run_at_the_epoch_in_view(open_app: Open, sample_data: Path) -> None:
    """With the plan as it is set; unchanged it comes to the same."""
    async with open_app(sample_data / "penguins.csv", (200, 60)) as app:
        root = await train(app)
        await app.press("g", *"5", "enter", "b")
        same = await another(app, 2)
        assert (same.parent, same.began_at) == (1, 5)
        assert same.network.weights.tobytes() == root.network.weights.tobytes()
        app.app.runner.put_in_front(root)
        set_plan(app, batch=8, learning_rate=0.02)
        await app.ready()
        await app.press("4", "g", *"5", "enter", "b")
        other = await another(app, 3)
        assert (other.parent, other.began_at) == (1, 5)
        assert {change.field for change in other.changes} == {"batch", "learning_rate"}
        assert app.app.workbench.run_is_current
        await app.press("f2")
        await app.sees("1 @ 5")
        await app.sees("batch 8")


async def test_b_at_the_end_asks_how_many_more(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        root = await train(app)
        await app.press("b")
        await app.sees("How many epochs shall it be in all?")
        await app.press("backspace", "backspace", *"15", "enter")
        longer = await another(app, 2)
        assert longer.snapshot.epoch == 15 and longer.history[:12] == root.history
        experiment = app.app.workbench.experiment
        assert experiment is not None and experiment.plan.epochs == 15 and app.app.workbench.run_is_current


async def test_other_layers_can_t_go_on_from_there(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await train(app)
        experiment = app.app.workbench.experiment
        assert experiment is not None
        app.app.edit(design=replace(experiment.design, layers=experiment.design.layers[:1]))
        await app.ready()
        await app.press("left", "b")
        await app.sees("the layers can't change on the way")
        assert len(app.app.workbench.runs.all) == 1


async def test_many_validation_rows_follow_late(
    open_app: Open, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is shown until then says of which epoch it is."""
    monkeypatch.setattr(looking_back, "AT_ONCE", 0)
    async with open_app(sample_data / "penguins.csv") as app:
        run = await train(app)
        await app.press("left")
        await app.sees("Cost · epoch 11 of 12")
        await app.sees("validation, epoch 11, 69 rows")
        seen = screen(app).looking.snapshot(run)
        assert seen.validation_outputs is not None
        np.testing.assert_array_equal(seen.validation_outputs, outputs_at(run, 11))


async def test_a_run_whose_epochs_were_not_kept_says_so(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        app.app.workbench.runs.keep = 0
        await train(app)
        await app.press("left")
        await app.sees("the weights of its epochs were not kept")
        await app.press("b")
        await app.sees("How many epochs shall it be in all?")


async def test_capital_n_trains_one_batch(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        set_plan(app, epochs=1_000_000, early_stopping=False)
        await app.ready()
        await app.press("t")
        await app.until(lambda: front(app).snapshot.epoch > 1, "an epoch")
        await app.press("space")
        await app.until(lambda: front(app).snapshot.state == "paused", "the pause")
        batches = front(app).snapshot.batches
        for _ in range(batches + 1):
            before = front(app).snapshot
            await app.press("N")
            place = before.epoch * batches + before.batch + 1
            await app.until(
                lambda place=place: (
                    (lambda now: (now.state, now.epoch * batches + now.batch))(front(app).snapshot)
                    == ("paused", place)
                ),
                "one batch",
            )
        await app.press("s")
        await app.trained()
