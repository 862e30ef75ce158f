"""Folds beside the app: what is shown is what was computed, esc keeps what is done, enter takes a row to Predict."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from app_driver import Driver, Open
from experiment.small import shells, small_experiment
from textual.widgets import DataTable

from ann_tui.evaluation.metrics import metric_text
from ann_tui.experiments.derived import load
from ann_tui.experiments.experiment_writing import write_experiment
from ann_tui.experiments.folds import cross_validation as engine
from ann_tui.experiments.folds.cross_validated import CrossValidated
from ann_tui.experiments.folds.folds import FoldResult
from ann_tui.tui.dialogs.folds import FoldsScreen
from ann_tui.tui.fold_job import FoldJob
from ann_tui.tui.screens.evaluate import EvaluateScreen
from ann_tui.tui.screens.predict import PredictScreen


class Held:
    """Folds in this process, of which only as many are trained as were let through."""

    def __init__(self) -> None:
        self.free = threading.Semaphore(0)
        self.asked: dict[str, Any] = {}

    def results(self, validation: engine.CrossValidation, **how: Any) -> Iterator[FoldResult]:
        self.asked = how
        stop = how["stop"]
        for result in REAL(validation, stop=stop, done=how["done"]):
            while not self.free.acquire(timeout=0.01):
                if stop.is_set():
                    return
            yield result


REAL = engine.fold_results


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    found = Held()
    monkeypatch.setattr(engine, "fold_results", found.results)
    return found


def _file(folder: Path) -> Path:
    shells(folder)
    path = folder / "shells.toml"
    write_experiment(small_experiment(folder / "shells.csv"), path)
    return path


async def _folds(app: Driver) -> tuple[FoldsScreen, FoldJob]:
    """Train, go to Evaluate and begin."""
    await app.ready()
    await app.press("t")
    await app.trained()
    run = app.app.workbench.runs.front
    assert run is not None
    await app.until(lambda: run.evaluation is not None and not run.evaluation.pending, "the baselines")
    await app.press("5", "k")
    await app.until(lambda: isinstance(app.app.screen, FoldsScreen), "the folds")
    screen = app.app.screen
    assert isinstance(screen, FoldsScreen)
    return screen, screen._job


async def test_the_folds_are_shown_as_they_come_and_beside_the_baselines(
    open_app: Open, tmp_path: Path, held: Held
) -> None:
    async with open_app(_file(tmp_path), size=(120, 40)) as app:
        _, job = await _folds(app)
        await app.sees("0 of 5 trainings", "time not known yet", "esc stops")
        held.free.release(2)
        await app.sees("2 of 5 trainings", "left", "majority")
        held.free.release(3)
        await app.sees("5 trainings in", "look 2 at the rows of this table")
        assert held.asked["beside"] and held.asked["jobs"] >= 1
        told = job.told
        assert told is not None and told.finished
        score, matrix = told.scores()["accuracy"], told.confusion()
        assert matrix is not None and matrix.rows == 60
        lines = app.text().splitlines()
        for place, value in enumerate(score.folds):
            (line,) = (line for line in lines if f"fold {place + 1} " in line)
            assert metric_text("accuracy", value) in line
        (mean,) = (line for line in lines if "mean  " in line and "%" in line and "95" not in line)
        assert metric_text("accuracy", score.mean) in mean
        await app.press("right")
        await app.sees(metric_text("balanced_accuracy", told.scores()["balanced_accuracy"].mean))
        await app.press("escape")
        assert isinstance(app.app.screen, EvaluateScreen)
        await app.sees("in 5 folds: accuracy", "k shows them")


async def test_esc_stops_and_keeps_what_is_done(open_app: Open, tmp_path: Path, held: Held) -> None:
    async with open_app(_file(tmp_path), size=(80, 24)) as app:
        screen, job = await _folds(app)
        held.free.release(3)
        await app.sees("3 of 5 trainings")
        await app.press("escape")
        await app.sees("stopped after 3 of 5 trainings")
        assert app.app.screen is screen and job.told is not None and job.done == 3
        await app.press("escape")
        assert isinstance(app.app.screen, EvaluateScreen)
        await app.press("k")
        await app.sees("stopped after 3 of 5 trainings")


async def test_r_goes_on_and_then_divides_the_rows_anew(open_app: Open, tmp_path: Path, held: Held) -> None:
    """What is done is not trained again, and all of it is what two repeats give at once."""
    async with open_app(_file(tmp_path), size=(120, 40)) as app:
        _, job = await _folds(app)
        held.free.release(3)
        await app.sees("3 of 5 trainings")
        await app.press("escape")
        await app.sees("stopped after 3 of 5 trainings", "r goes on")
        first = job.told
        assert first is not None
        await app.press("r")
        held.free.release(2)
        await app.sees("5 trainings in", "r once more")
        await app.press("r")
        await app.sees("5 of 10 trainings")
        held.free.release(5)
        await app.sees(
            "10 trainings in", "5 stratified folds, 2 repeats", "repeat.fold", "2.5 ", "look 4 at the rows"
        )
        told = job.told
        assert told is not None and told.results[:3] == first.results
        run = app.app.workbench.runs.front
        assert run is not None
    data = load(run.experiment.source)
    whole = engine.cross_validation(run.experiment, data, repeats=2)
    again = CrossValidated(whole, tuple(REAL(whole)))
    assert again.look() == told.look() and again.scores() == told.scores()


async def test_the_verdict_tells_of_the_looks_that_the_folds_were(
    open_app: Open, tmp_path: Path, held: Held
) -> None:
    """And of those that another run was, when the first one is in front again."""
    async with open_app(_file(tmp_path), size=(120, 40)) as app:
        _, job = await _folds(app)
        held.free.release(5)
        await app.sees("look 2 at the rows of this table")
        await app.press("escape")
        await app.sees("2 networks by now")
        await app.press("k", "r")
        held.free.release(5)
        await app.sees("10 trainings in", "look 3 at the rows of this table")
        await app.press("escape")
        await app.sees("3 networks by now")
        first = job.run
        await app.press("4", "T")
        await app.until(lambda: app.app.workbench.judged not in (None, first), "another run")
        await app.press("5")
        await app.sees("4 networks by now")
        app.app.runner.put_in_front(first)
        await app.until(lambda: first.looks == 4, "the count of the first run")


async def test_they_go_on_while_another_screen_is_shown(open_app: Open, tmp_path: Path, held: Held) -> None:
    async with open_app(_file(tmp_path), size=(120, 40)) as app:
        _, job = await _folds(app)
        await app.press("k")
        assert isinstance(app.app.screen, EvaluateScreen)
        await app.press("6")
        held.free.release(5)
        await app.until(lambda: job.ended, "the folds to end")
        await app.press("5")
        await app.sees("in 5 folds: accuracy")


async def test_a_row_is_taken_to_predict(open_app: Open, tmp_path: Path, held: Held) -> None:
    async with open_app(_file(tmp_path), size=(120, 40)) as app:
        screen, job = await _folds(app)
        held.free.release(5)
        await app.sees("5 trainings in")
        told: CrossValidated | None = job.told
        assert told is not None
        rows = told.wrong_rows()
        assert len(rows) > 1, "two epochs leave some rows wrong"
        table = screen.query_one(DataTable)
        assert table.row_count == len(rows)
        table.focus()
        await app.press("down", "enter")
        await app.until(lambda: isinstance(app.app.screen, PredictScreen), "Predict")
        line = told.validation.data[0].table.lines[rows[1].position]
        await app.sees(f"line {line}")
        run = app.app.workbench.judged
        assert run is not None
        for part, said in (
            ("training", "this network learnt"),
            ("validation", "its best epoch was chosen on"),
            ("test", "this network did not learn"),
        ):
            app.app.screen.fill(int(getattr(run.prepared, part).rows[0]))  # type: ignore[attr-defined]
            await app.sees(said)


async def test_another_run_in_front_gives_the_folds_up(open_app: Open, tmp_path: Path, held: Held) -> None:
    async with open_app(_file(tmp_path), size=(120, 40)) as app:
        _, job = await _folds(app)
        await app.press("k", "t")
        await app.trained()
        await app.press("5")
        await app.until(lambda: job.ended, "the folds to be given up")
        assert job.done == 0


async def test_processes_beside_the_app_give_the_figures_of_the_command_line(
    open_app: Open, tmp_path: Path
) -> None:
    async with open_app(_file(tmp_path), size=(120, 40)) as app:
        _, job = await _folds(app)
        await app.until(lambda: job.ended, "the folds to end")
        told = job.told
        assert not job.problem and told is not None and told.finished
        plain = CrossValidated(told.validation, list(REAL(told.validation)))
        assert told.scores() == plain.scores() and told.look() == plain.look()
