"""The list of runs in the app: kept ones come back, are used, named, compared and deleted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from app_driver import Driver, Open

from ann_tui.experiments.kept.run_store import RunStore
from ann_tui.experiments.kept.stored_run import StoredRun
from ann_tui.tui.run_list.comparison import ComparisonScreen
from ann_tui.tui.run_list.dialog import RunsScreen
from ann_tui.tui.run_list.table import RunsTable

pytestmark = pytest.mark.usefixtures("few_trees")


async def train(app: Driver, *, batch: int = 32, layers: int = 0) -> None:
    experiment = app.app.workbench.experiment
    assert experiment is not None
    app.app.edit(plan=replace(experiment.plan, epochs=8, batch=batch, early_stopping=False))
    await app.ready()
    app.app.pace = None
    count = len(app.app.workbench.runs.all)
    await app.press("t")
    await app.until(lambda: len(app.app.workbench.runs.all) == count + 1, "another run")
    await app.trained()
    run = app.app.workbench.runs.front
    assert run is not None
    await app.until(lambda: app.app.keeper.stored(run) is not None, "the run on disk")


def table(app: Driver) -> RunsTable:
    return app.app.screen.query_one(RunsTable)


async def two_kept(open_app: Open, sample_data: Path) -> tuple[StoredRun, ...]:
    async with open_app(sample_data / "penguins.csv") as app:
        await train(app)
        await train(app, batch=64)
    return RunStore().runs()


async def test_runs_of_an_earlier_sitting_are_listed_and_used(open_app: Open, sample_data: Path) -> None:
    second, first = await two_kept(open_app, sample_data)
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("f2")
        await app.sees("Runs on this table · accuracy")
        assert [run.number for run in app.app.lister.runs] == [2, 1]
        await app.press("down", "enter")
        await app.until(lambda: app.app.workbench.judged is not None, "the run to be read")
        run = app.app.workbench.judged
        assert run is not None and run.id == 1 and app.app.keeper.stored(run) == first
        assert run.scores["validation"].metrics == first.record.metrics
        await app.press("4")
        await app.sees("differs from run 1", "batch 64", "The weights of epoch")
        await train(app, batch=16)
        assert [each.number for each in app.app.lister.runs] == [1, 3, 2], "numbers go on"
    assert sorted(run.record.number for run in RunStore().runs()) == [1, 2, 3]
    assert {run.id for run in RunStore().runs()} > {first.id, second.id}


async def test_what_another_program_keeps_or_deletes_is_seen(open_app: Open, sample_data: Path) -> None:
    second, first = await two_kept(open_app, sample_data)
    async with open_app(sample_data / "penguins.csv") as app:
        RunStore().delete(first)
        RunStore().update(second, name="theirs")
        await app.press("f2")
        await app.sees("theirs")
        assert [run.number for run in app.app.lister.runs] == [2]


async def test_a_run_that_is_asked_for_twice_is_there_once(open_app: Open, sample_data: Path) -> None:
    await two_kept(open_app, sample_data)
    async with open_app(sample_data / "penguins.csv") as app:
        first = next(run for run in app.app.lister.runs if run.number == 1)
        app.app.lister.use(first)
        app.app.lister.use(first)
        RunStore().update(RunStore().runs()[1], note="meanwhile")
        app.app.lister.look_again()
        await app.until(lambda: app.app.workbench.judged is not None, "the run to be read")
        await app.until(
            lambda: all(worker.is_finished for worker in app.app.workers if worker.group == "read run"),
            "both",
        )
        assert [run.id for run in app.app.workbench.runs.all] == [1]


async def test_named_noted_pinned_and_deleted(open_app: Open, sample_data: Path) -> None:
    await two_kept(open_app, sample_data)
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("f2", "r", *"best", "enter")
        await app.sees("best")
        await app.press("e", *"why", "enter")
        await app.sees("“why”")
        await app.press("down", "p")
        await app.sees("○ ")
        named = {run.record.number: run.record for run in RunStore().runs()}
        assert (named[2].name, named[2].note, named[1].pinned) == ("best", "why", True)
        await app.press("x")
        await app.sees("Delete run 1?")
        await app.press("n")
        await app.press("x", "y")
        await app.until(lambda: len(RunStore().runs()) == 1, "the run to go")
        await app.sees("best")
        assert [run.number for run in app.app.lister.runs] == [2]
        await app.press("slash", *"tanh", "enter")
        await app.sees("0 runs with “tanh”")
        await app.press("slash", "backspace", "enter")
        await app.sees("best")


async def test_two_runs_side_by_side(open_app: Open, sample_data: Path) -> None:
    await two_kept(open_app, sample_data)
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("f2", "d")
        await app.sees("no run is in front: enter uses one")
        await app.press("enter")
        await app.until(lambda: app.app.workbench.judged is not None, "the run to be read")
        await app.press("f2", "down", "d")
        await app.until(lambda: isinstance(app.app.screen, ComparisonScreen), "the comparison")
        await app.sees("run 2 (in front) and run 1", "on the 69 validation rows that judged both", "batch")
        assert "test row" not in app.text(), "nobody has looked at the test rows of either"
        await app.press("escape")
        assert isinstance(app.app.screen, RunsScreen)


async def test_test_scores_are_compared_only_where_both_were_looked_at(
    open_app: Open, sample_data: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await train(app)
        await app.press("5")
        await app.until(lambda: bool(app.app.lister.runs[0].looks), "a look")
        await train(app, batch=64)
        await app.press("f2", "down", "d")
        await app.sees("run 2 (in front) and run 1", "validation rows that judged both")
        assert "test rows that judged both" not in app.text()
        await app.press("escape", "escape", "5")
        await app.until(lambda: all(run.looks for run in app.app.lister.runs), "two looks")
        await app.press("f2", "down", "d")
        await app.sees("on the 69 test rows that judged both")
    second, first = RunStore().runs()
    assert (first.record.looks, second.record.looks) == (1, 2)
    assert first.record.test["accuracy"] is not None


async def test_epochs_of_a_run_from_the_disk_are_trained_again(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await train(app)
        run = app.app.workbench.runs.front
        assert run is not None and run.timeline is not None
        kept = {epoch: run.timeline.at(epoch) for epoch in run.timeline.epochs}
        assert len(kept) == 9
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("f2", "o", "enter")
        await app.until(lambda: app.app.workbench.judged is not None, "the run to be read")
        await app.press("4", "g", "backspace", *"3", "enter")
        await app.sees("Cost · epoch 3 of 8")
        run = app.app.workbench.runs.front
        assert run is not None and run.timeline is not None and not app.app.busy
        for epoch, weights in kept.items():
            again = run.timeline.at(epoch)
            assert weights is not None and again is not None
            assert weights.weights.tobytes() == again.weights.tobytes(), epoch
        await app.press("b")
        await app.until(lambda: len(app.app.workbench.runs.all) == 2, "a branch")
        await app.trained()
        branch = app.app.workbench.runs.front
        assert branch is not None and (branch.parent, branch.began_at) == (1, 3)
        assert branch.network.weights.tobytes() == run.network.weights.tobytes()


async def test_a_run_from_the_disk_is_branched_from_where_the_table_was_named_otherwise(
    open_app: Open, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await train(app)
    monkeypatch.chdir(sample_data.parent)
    async with open_app(f"{sample_data.name}/penguins.csv") as app:
        await app.press("f2", "o", "enter")
        await app.until(lambda: app.app.workbench.judged is not None, "the run to be read")
        await app.press("4")
        await app.sees("The weights of epoch")
        assert app.app.workbench.run_is_current and "settings have changed" not in app.text()
        await app.press("g", "backspace", *"3", "enter")
        await app.sees("Cost · epoch 3 of 8")
        await app.press("b")
        await app.until(lambda: len(app.app.workbench.runs.all) == 2, "a branch")
        await app.trained()


async def test_other_weights_than_the_kept_ones_are_told(open_app: Open, sample_data: Path) -> None:
    second, _ = await two_kept(open_app, sample_data)
    text = (second.folder / "experiment.toml").read_text()
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("f2", "enter")
        await app.until(lambda: app.app.workbench.judged is not None, "the run to be read")
        run = app.app.workbench.judged
        assert run is not None and text
        run.network.weights[0] += 1
        await app.press("4", "home")
        await app.sees("trained again, run 2 has other weights")
        assert run.lacks_epochs


async def test_its_choices_can_be_set_again(open_app: Open, sample_data: Path) -> None:
    await two_kept(open_app, sample_data)
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("f2", "o")
        await app.sees("the choices are those of run 2")
        experiment = app.app.workbench.experiment
        assert experiment is not None and (experiment.plan.batch, experiment.plan.epochs) == (64, 8)
        await app.press("escape", "u")
        experiment = app.app.workbench.experiment
        assert experiment is not None and experiment.plan.batch == 32


async def test_a_pinned_run_is_drawn_beside_the_one_in_front(open_app: Open, sample_data: Path) -> None:
    await two_kept(open_app, sample_data)
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("f2", "enter")
        await app.until(lambda: app.app.workbench.judged is not None, "the run to be read")
        await app.press("4", "tab", "tab", "tab", "down", "p")
        await app.until(lambda: [each.name for each in table(app).overlays] == ["run 1"], "the overlay")
        await app.sees("○ run 1")
        assert len(table(app).overlays[0].history) == 8


async def test_a_run_of_which_only_scores_are_kept_says_how_to_have_it_again(
    open_app: Open, sample_data: Path
) -> None:
    second, _ = await two_kept(open_app, sample_data)
    for name in ("model.ann", "answers"):
        (second.folder / name).unlink()
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("f2", "enter")
        await app.sees("only its scores are kept")
        assert app.app.workbench.judged is None


async def test_the_list_is_sorted_by_any_column(open_app: Open, sample_data: Path) -> None:
    await two_kept(open_app, sample_data)
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("f2")
        await app.sees("run ▼")
        assert [run.number for run in table(app)._shown] == [2, 1]
        await app.press("i")
        await app.sees("run ▲")
        assert [run.number for run in table(app)._shown] == [1, 2]
        await app.press("right", "right")
        await app.sees("epochs ▼")
        await app.press("left", "left", "left")
        await app.sees("state ▲")


async def test_a_saved_run_of_the_list_is_the_chosen_one(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    await two_kept(open_app, sample_data)
    path = tmp_path / "m.ann"
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("f2", "down", "ctrl+s")
        await app.sees("the network of run 1")
        await app.press(*["backspace"] * 0, *str(path), "enter")
        await app.until(path.exists, "the file")
        await app.until(
            lambda: any(run.record.saved_as == str(path) for run in RunStore().runs()), "the note"
        )
    assert next(run.record.number for run in RunStore().runs() if run.record.saved_as) == 1
