"""Pictures of the screens, compared with those that were looked at: `pytest --snapshot-update` after a look."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot

from ann_tui.evaluation.evaluation import judge
from ann_tui.experiments.run import Run
from ann_tui.training.history import EpochRow
from ann_tui.training.snapshot import Snapshot
from ann_tui.tui.app.app import AnnApp

SIZES = [(80, 24), (120, 40)]
size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
Compare = Callable[..., bool]


async def _ready(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, AnnApp)
    for _ in range(3000):
        if app.workbench.up_to_date and not app.busy:
            break
        await asyncio.sleep(0.01)
    await pilot.pause()


def _app(sample_data: Path, theme: str = "ann-dark") -> AnnApp:
    app = AnnApp(str(sample_data / "penguins.csv"))
    app.theme = theme
    return app


@size
def test_start(snap_compare: Compare, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    assert snap_compare(AnnApp(), terminal_size=size)


@size
@pytest.mark.parametrize(
    "keys",
    [
        (),
        ("2",),
        ("2", "tab", "down", "down"),
        ("3", "down"),
        ("3", "tab"),
        ("f1",),
        ("3", "down", "a"),
        ("3", "e"),
    ],
    ids=["data", "prepare", "prepare-columns", "layers", "plan", "help", "add-layer", "as-text"],
)
def test_choosing(
    snap_compare: Compare, size: tuple[int, int], keys: tuple[str, ...], sample_data: Path
) -> None:
    async def run_before(pilot: Pilot[None]) -> None:
        await _ready(pilot)
        await pilot.press(*keys)
        await pilot.pause()

    assert snap_compare(_app(sample_data), terminal_size=size, run_before=run_before)


@pytest.mark.parametrize("keys", [(), ("2",), ("3", "down")], ids=["data", "prepare", "layers"])
def test_light_theme(snap_compare: Compare, keys: tuple[str, ...], sample_data: Path) -> None:
    async def run_before(pilot: Pilot[None]) -> None:
        await _ready(pilot)
        await pilot.press(*keys)
        await pilot.pause()

    assert snap_compare(_app(sample_data, "ann-light"), terminal_size=(120, 40), run_before=run_before)


def _half_way(run: Run) -> Snapshot:
    """A snapshot as a run would publish it, with figures of our own."""
    history = tuple(
        EpochRow(
            epoch=epoch,
            training_cost=1.1 * 0.93**epoch,
            validation_cost=0.05 + 1.05 * 0.92**epoch + 0.0008 * max(0, epoch - 40),
            training_metric=1 - 0.5 * 0.93**epoch,
            validation_metric=1 - 0.5 * 0.92**epoch,
            learning_rate=0.005,
            gradient_norm=0.031,
            seconds=epoch * 0.05,
        )
        for epoch in range(1, 64)
    )
    part, classes = run.prepared.validation, len(run.prepared.fitted.target.classes)
    outputs = np.eye(classes)[np.where(np.arange(len(part.rows)) % 11 == 0, 0, part.y)]
    return Snapshot(
        state="paused",
        epoch=63,
        epochs=200,
        batch=3,
        batches=7,
        history=history,
        best_epoch=41,
        batch_costs=tuple(0.1 + 0.9 * 0.98**batch for batch in range(240)),
        validation_outputs=outputs,
        outputs_epoch=63,
        rows_per_second=1_234_567.0,
        seconds=3.2,
        seconds_left=4.0,
        learning_rate=0.005,
    )


@size
@pytest.mark.parametrize("keys", [(), ("tab",), ("l", "m")], ids=["cost", "matrix", "linear-maximized"])
def test_training(
    snap_compare: Compare, size: tuple[int, int], keys: tuple[str, ...], sample_data: Path
) -> None:
    async def run_before(pilot: Pilot[None]) -> None:
        await _ready(pilot)
        app = pilot.app
        assert isinstance(app, AnnApp)
        experiment, derived = app.workbench.experiment, app.workbench.derived
        assert experiment is not None and derived is not None and derived.prepared is not None
        run = app.workbench.runs.begin(experiment, derived.prepared)
        run.trainer.publisher.snapshot = _half_way(run)
        app.workbench.runs.end(run)
        await pilot.press("4")
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()

    assert snap_compare(_app(sample_data), terminal_size=size, run_before=run_before)


class _Answers:
    """Answers that no floating point library can round in another way: mostly right, wrong in every ninth row."""

    def __init__(self, classes: int, codes: np.ndarray[Any, Any]) -> None:
        self._rows = (
            np.eye(classes)[np.where(np.arange(len(codes)) % 9 == 0, 0, codes)] * 0.75 + 0.25 / classes
        )

    def __call__(self, x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.resize(self._rows, (len(x), self._rows.shape[1]))


@size
@pytest.mark.parametrize("keys", [(), ("tab",), ("v",)], ids=["matrix", "metrics", "roc"])
def test_judging(
    snap_compare: Compare, size: tuple[int, int], keys: tuple[str, ...], sample_data: Path
) -> None:
    async def run_before(pilot: Pilot[None]) -> None:
        await _ready(pilot)
        app = pilot.app
        assert isinstance(app, AnnApp)
        experiment, derived = app.workbench.experiment, app.workbench.derived
        assert experiment is not None and derived is not None and derived.prepared is not None
        run = app.workbench.runs.begin(experiment, derived.prepared)
        run.trainer.publisher.snapshot = replace(_half_way(run), state="finished")
        fitted = derived.prepared.fitted
        answers = _Answers(len(fitted.target.classes), derived.prepared.test.y)
        run.evaluation = judge(answers, derived.prepared)
        app.workbench.runs.end(run)
        await pilot.press("5")
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()

    assert snap_compare(_app(sample_data), terminal_size=size, run_before=run_before)


def test_states_have_words_and_not_only_colours(sample_data: Path) -> None:
    """Every state that the trainer can publish has a word of its own on the Train screen."""
    from typing import get_args

    from ann_tui.training.snapshot import State
    from ann_tui.tui.screens.train import STATES

    words: dict[Any, str] = {state: STATES[state] for state in get_args(State)}
    assert len(set(words.values())) == len(words)
