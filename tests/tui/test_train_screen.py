"""Step 4: pausing, stopping, diverging and leaving while a network trains."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from app_driver import Driver, Open

LONG = 1_000_000


def _set_plan(app: Driver, **changes: object) -> None:
    experiment = app.app.workbench.experiment
    assert experiment is not None
    app.app.edit(plan=replace(experiment.plan, **changes))  # type: ignore[arg-type]


async def _begin_long_run(app: Driver) -> None:
    _set_plan(app, epochs=LONG, early_stopping=False)
    await app.ready()
    await app.press("t")
    await app.until(lambda: _epoch(app) >= 2, "the second epoch")


def _epoch(app: Driver) -> int:
    run = app.app.workbench.runs.front
    return 0 if run is None else run.snapshot.epoch


def _state(app: Driver) -> str:
    run = app.app.workbench.runs.front
    return "" if run is None else run.snapshot.state


async def test_space_pauses_and_resumes_and_s_stops(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await _begin_long_run(app)
        await app.press("space")
        await app.until(lambda: _state(app) == "paused", "the pause")
        await app.sees("paused")
        resting = _epoch(app)
        await app.press("n")
        await app.until(lambda: _state(app) == "paused" and _epoch(app) > resting, "one epoch more")
        assert _epoch(app) == resting + 1
        await app.press("space")
        await app.until(lambda: _epoch(app) > resting + 1, "the run to go on")
        await app.press("s")
        await app.trained()
        assert _state(app) == "stopped"
        assert (
            app.app.workbench.runs.front is not None and app.app.workbench.runs.front.evaluation is not None
        )
        await app.sees("stopped")
        best = app.app.workbench.runs.front.snapshot.best_epoch
        await app.sees(f"epoch {best}, whose weights are kept")


async def test_the_rate_changes_while_it_trains(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await _begin_long_run(app)
        assert app.app.workbench.runs.front is not None
        before = app.app.workbench.runs.front.snapshot.learning_rate
        await app.press("minus")
        await app.until(
            lambda: app.app.workbench.runs.front.snapshot.learning_rate < before * 0.51,  # type: ignore[union-attr]
            "the slower rate",
        )
        await app.press("s")
        await app.trained()


async def test_a_second_t_while_training_does_not_begin_another_run(
    open_app: Open, sample_data: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await _begin_long_run(app)
        run = app.app.workbench.runs.front
        await app.press("1", "t")
        assert app.app.workbench.runs.front is run and app.app.current_mode == "train"
        await app.press("s")
        await app.trained()


async def test_screens_can_be_used_and_choices_changed_while_it_trains(
    open_app: Open, sample_data: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await _begin_long_run(app)
        run = app.app.workbench.runs.front
        assert run is not None
        await app.press("3", "down", "right", "4")
        assert app.app.workbench.experiment is not None
        assert app.app.workbench.experiment.design != run.experiment.design
        await app.press("s")
        await app.trained()
        await app.sees("settings have changed")


async def test_a_diverging_run_is_said_and_the_app_goes_on(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "cars.csv") as app:
        _set_plan(app, learning_rate=1e6, optimizer="sgd")
        await app.ready()
        await app.press("t")
        await app.trained()
        assert _state(app) == "failed"
        await app.sees("cost grew without bound", "No epoch was finished")
        assert app.text().count("cost grew without bound") == 1, "a notice hides the line that says the same"
        _set_plan(app, learning_rate=0.005, optimizer="adam")
        await app.ready()
        await app.press("t")
        await app.trained()
        assert _state(app) == "finished"


async def test_quitting_asks_while_a_network_trains(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await _begin_long_run(app)
        await app.press("ctrl+q")
        await app.sees("Stop it and quit?")
        await app.press("n")
        at = _epoch(app)
        await app.until(lambda: _epoch(app) > at, "the run to go on")
        await app.press("ctrl+q", "y")
        await app.until(lambda: not app.app.is_running or app.app._exit, "the app to end")


async def test_a_failing_trainer_is_said_and_the_app_goes_on(
    open_app: Open, sample_data: Path, monkeypatch: object
) -> None:
    from ann_tui.experiments.run import Run

    async with open_app(sample_data / "penguins.csv") as app:
        original = Run.train

        def broken(self: Run) -> object:
            raise MemoryError("no room for the weights")

        Run.train = broken  # type: ignore[method-assign, assignment]
        try:
            await app.press("t")
            await app.trained()
            await app.sees("no room for the weights")
        finally:
            Run.train = original  # type: ignore[method-assign]
        await app.press("t")
        await app.trained()
        assert _state(app) == "finished"


async def test_log_and_panels_can_be_toggled(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", size=(80, 24)) as app:
        await app.press("t")
        await app.trained()
        await app.sees("logarithmic")
        await app.press("l")
        await app.until(lambda: "logarithmic" not in app.text(), "the linear axis")
        await app.press("tab")
        await app.sees("Confusion matrix · validation", "precision")
        await app.press("tab")
        await app.sees("Network · epoch 16")
        await app.press("tab")
        await app.sees("differs from run 1")
        await app.press("tab")
        await app.sees("each batch")


async def test_the_last_part_and_averages_can_be_shown(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        _set_plan(app, epochs=90, early_stopping=False)
        await app.ready()
        await app.press("t")
        await app.trained()
        await app.sees("cost by epoch, logarithmic")
        await app.press("z")
        await app.sees("log · from epoch 61 on")
        await app.press("w")
        await app.sees("log · from epoch 61 on · smoothed over 3 epochs", "■", "•")
        await app.press("z")
        await app.sees("log · smoothed over 4 epochs")
        await app.press("w", "l")
        await app.sees("cost by epoch")
        assert "logarithmic" not in app.text() and "smoothed" not in app.text()


async def test_what_baselines_cost_is_named_as_soon_as_it_is_known(open_app: Open, sample_data: Path) -> None:
    """The class shares from the first epoch on, the linear model after the comparison, and in the next run at once."""
    async with open_app(sample_data / "penguins.csv") as app:
        await _begin_long_run(app)
        await app.sees("class shares 1.04", "gap ")
        assert "linear model" not in app.text()
        await app.press("s")
        await app.trained()
        await app.sees("linear model 0.02")
        await app.press("t")
        await app.until(lambda: len(app.app.workbench.runs.all) == 2 and _epoch(app) > 1, "the next run")
        await app.sees("linear model 0.02")
        await app.press("s")
        await app.trained()


async def test_the_legend_follows_the_width(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", (100, 40)) as app:
        await app.press("t")
        await app.trained()
        await app.sees("⠒ train ")
        await app.press("m")
        await app.sees("⠒⠒ training ", "▀▀ validation ")


async def test_f_changes_between_a_watchable_pace_and_full_speed(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        app.app.pace = 20.0
        await _begin_long_run(app)
        await app.sees("f is full speed")
        await app.press("f")
        run = app.app.workbench.runs.training
        assert run is not None and run.control.pace is None
        at = _epoch(app)
        await app.until(lambda: _epoch(app) > at + 500, "full speed")
        await app.press("s")
        await app.trained()


async def test_all_steps_are_painted_without_colours(
    open_app: Open, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    for size in ((120, 40), (80, 24)):
        async with open_app(sample_data / "penguins.csv", size) as app:
            await app.ready()
            await app.press("t")
            await app.trained()
            for key, seen in (("4", "finished"), ("5", "Confusion matrix"), ("v", "v: "), ("6", "A row")):
                await app.press(key)
                await app.sees(seen)


async def test_the_key_bar_names_what_can_be_done_now(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", (80, 24)) as app:
        await app.press("4")
        assert "space pause" not in app.text() and "enter evaluate" not in app.text()
        await _begin_long_run(app)
        await app.sees("space pause")
        assert "enter evaluate" not in app.text()
        await app.press("s")
        await app.trained()
        await app.sees("enter evaluate")
        assert "space pause" not in app.text()


async def test_settings_changed_while_a_network_trains_are_mentioned(
    open_app: Open, sample_data: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        app.app.pace = 2.0
        await app.press("t")
        await app.until(lambda: app.app.workbench.runs.training is not None, "the training")
        run = app.app.workbench.runs.training
        assert run is not None
        await app.until(lambda: run.snapshot.state == "running", "its first epoch")
        await app.press("1", "down", "x")
        await app.ready()
        await app.press("4")
        await app.sees("settings have changed since this training began")
        await app.press("u")
        await app.until(lambda: "settings have changed" not in app.text(), "the usual line")
        run.control.stop()


async def test_what_is_known_stands_under_a_small_matrix(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", (80, 24)) as app:
        await app.press("t")
        await app.trained()
        await app.press("tab")
        await app.sees(
            "learning validation cost", "gap ", "beats ", "always Adelie (", "trust ", "95 % interval"
        )
        assert "training accuracy" not in app.text()


async def test_what_is_known_gives_way_to_a_heat_map(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "digits.csv", (80, 24)) as app:
        _set_plan(app, epochs=3)
        await app.ready()
        await app.press("t")
        await app.trained()
        await app.press("tab")
        await app.sees("most often confused", "training accuracy")
        assert "95 % interval" not in app.text()
        await app.pilot.resize_terminal(120, 40)
        await app.press("m")
        await app.sees("most often confused", "95 % interval", "learning validation cost")
        assert "training accuracy" not in app.text()
