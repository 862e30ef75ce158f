"""Step 4: what of a plan is changed while the network trains, and the same done again by the experiment's file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from app_driver import Driver, Open

from ann_tui.experiments.run import Run, run_experiment
from ann_tui.experiments.under_way import UnderWay
from ann_tui.tui.widgets.cost_plot import kept_marks


def front(app: Driver) -> Run:
    run = app.app.workbench.runs.front
    assert run is not None
    return run


async def begin(app: Driver, layers: str = "16 relu, dropout 0.2") -> Run:
    """A run that rests after some epochs."""
    experiment = app.app.workbench.experiment
    assert experiment is not None
    plan = replace(experiment.plan, epochs=100_000, early_stopping=False)
    app.app.edit(plan=plan, design=type(experiment.design).from_text(layers))
    await app.ready()
    await app.press("t")
    await app.until(lambda: front(app).snapshot.epoch > 1, "some epochs")
    await app.press("space")
    await app.until(lambda: front(app).state == "paused", "the run to rest")
    return front(app)


async def pick(app: Driver, label: str) -> None:
    """Put the cursor of the list of what may change on a line, and take it."""
    from textual.widgets import OptionList

    await app.press("c")
    await app.sees("Change from the next epoch on")
    lines = app.app.screen.query_one(OptionList)
    texts = [str(lines.get_option_at_index(place).prompt).strip() for place in range(lines.option_count)]
    place = next(place for place, text in enumerate(texts) if text.startswith(label))
    await app.press(*["down"] * place, "enter")


@pytest.mark.bits
async def test_what_is_changed_on_the_way_is_done_again_to_the_same_bits(
    open_app: Open, sample_data: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        run = await begin(app)
        await pick(app, "batch")
        await app.press("1", "6", "enter")
        await pick(app, "dropout")
        await app.press("0", ".", "4", "enter")
        await pick(app, "weight decay")
        await app.press("0", ".", "0", "1", "enter")
        await pick(app, "epochs")
        epochs = run.snapshot.epoch + 8
        await app.press(*str(epochs), "enter")
        await pick(app, "early stopping")
        plan = run.chosen.plan
        assert (plan.batch, plan.dropout, plan.weight_decay, plan.epochs) == (16, 0.4, 0.01, epochs)
        assert plan.early_stopping and app.app.workbench.run_is_current
        await app.press("space")
        await app.trained()
        made = {change.field for change in run.changes}
        assert made == {"batch", "dropout", "weight_decay", "epochs", "early_stopping"}
        assert run.trainer.plan == plan
        again = run_experiment(run.result().experiment, baselines=False)
        assert again.network.weights.tobytes() == run.network.weights.tobytes()


async def test_a_takes_the_settings_that_have_changed(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", (200, 60)) as app:
        run = await begin(app)
        await app.press("a")
        await app.sees("the training goes on as it is set")
        experiment = app.app.workbench.experiment
        assert experiment is not None
        app.app.edit(plan=replace(experiment.plan, batch=8, learning_rate=0.01, l2=0.1))
        await app.ready()
        await app.press("a", "n")
        await app.until(lambda: run.trainer.plan.batch == 8, "the new batch size")
        assert app.app.workbench.run_is_current
        await app.press("n")
        await app.until(
            lambda: {change.field for change in run.changes} == {"batch", "l2", "learning_rate"}, "all"
        )
        app.app.edit(preparation=replace(experiment.preparation, scaling="robust"))
        await app.ready()
        await app.press("a")
        await app.sees("the preparation can't change on the way")
        await app.press("u", "s")
        await app.trained()


async def test_fewer_epochs_than_are_trained_are_refused(open_app: Open, sample_data: Path) -> None:
    """A typing error must not end a training."""
    async with open_app(sample_data / "penguins.csv", (200, 60)) as app:
        run = await begin(app)
        await pick(app, "epochs")
        await app.press("1", "enter")
        await app.sees("epochs are trained already, more than 1: s stops it")
        assert run.chosen.plan.epochs == 100_000 and app.app.workbench.run_is_current
        await app.press("s")
        await app.trained()


async def test_a_branch_before_the_change_goes_on_as_it_is_set_now(open_app: Open, sample_data: Path) -> None:
    """From an epoch before a rate was taken the branch has that rate, from one after it as well."""
    async with open_app(sample_data / "penguins.csv", (200, 60)) as app:
        root = await begin(app)
        experiment = app.app.workbench.experiment
        assert experiment is not None
        epochs = root.snapshot.epoch + 10
        app.app.edit(plan=replace(experiment.plan, learning_rate=0.02, epochs=epochs))
        await app.ready()
        await app.press("a", "space")
        await app.trained()
        assert root.snapshot.epoch == epochs
        await app.press("g", "1", "enter", "b")
        await app.until(lambda: len(app.app.workbench.runs.all) == 2, "a branch")
        await app.trained()
        rates = [(change.epoch, change.value) for change in front(app).changes if change.is_rate]
        assert rates == [(1, 0.02)]


async def test_a_key_trains_with_the_next_seed(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        run = await begin(app)
        await app.press("T")
        await app.sees("a network is still training")
        await app.press("s")
        await app.trained()
        await app.press("T")
        await app.until(lambda: len(app.app.workbench.runs.all) == 2, "another run")
        other = front(app)
        assert other.experiment.plan == replace(run.chosen.plan, seed=1) and other.parent is None
        await app.press("s")
        await app.trained()


async def test_a_disk_that_is_full_is_said_while_it_trains(
    open_app: Open, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The training goes on."""

    def full(self: UnderWay, state: object) -> None:
        self.problem = "the training could not be put away: No space left on device"

    monkeypatch.setattr(UnderWay, "save", full)
    monkeypatch.setattr(UnderWay, "due", lambda self: True)
    async with open_app(sample_data / "penguins.csv", (200, 60)) as app:
        run = await begin(app)
        await app.press("space")
        await app.sees("could not be put away: No space left on device; it goes on")
        before = run.snapshot.epoch
        await app.until(lambda: run.snapshot.epoch > before + 1, "more epochs")
        await app.press("s")
        await app.trained()


def test_marks_of_kept_epochs() -> None:
    assert kept_marks([0, 1, 2, 4, 8], 9) == "••• •   •"
    assert kept_marks([0, 0], 3) == "•  "
    assert kept_marks([], 4) == "    "
