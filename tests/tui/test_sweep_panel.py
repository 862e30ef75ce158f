"""The sweep in the app: what would vary, trials as they come, stopping, going on, and taking one over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from app_driver import Driver, Open

from ann_tui.experiments.dimension import Dimension
from ann_tui.experiments.kept.run_store import RunStore
from ann_tui.experiments.sweeps.kept_sweep import sweeps
from ann_tui.experiments.workers import side_by_side
from ann_tui.figures import number
from ann_tui.tui.app.app import AnnApp
from ann_tui.tui.app.run_app import run_app
from ann_tui.tui.app.sweeper import TRIALS, Sweeper

LARGER = (Dimension("network.width", low=2, high=9, whole=True), Dimension("training.batch", (16, 32)))
SPACE = (Dimension("network.width", (2, 3, 4, 5)), Dimension("training.batch", (16, 32)))


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trials are trained in the thread of the sweep: how processes are begun is tested elsewhere."""
    begun = side_by_side.Workers.__init__

    def here(self: side_by_side.Workers[object], shared: object, **given: object) -> None:
        begun(self, shared)

    monkeypatch.setattr(side_by_side.Workers, "__init__", here)


async def _small(app: Driver, space: tuple[Dimension, ...] = SPACE) -> None:
    """Few epochs, and a small space."""
    await app.ready()
    now = app.app.workbench.experiment
    assert now is not None
    app.app.edit(plan=replace(now.plan, epochs=4, learning_rate=0.01, refit=True), space=space)
    await app.ready()


async def _swept(app: Driver) -> None:
    await app.until(
        lambda: app.app.sweeper.standing is not None and not app.app.sweeper.running, "the sweep to end"
    )


async def test_f3_says_what_would_vary_and_space_begins(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await _small(app)
        await app.press("f3")
        await app.sees("Sweep · 40 trials", "what varies", "width", "2, 3, 4, 5")
        await app.press(*["left"] * len(TRIALS))
        await app.sees(f"Sweep · {TRIALS[0]} trials")
        await app.press("space")
        await _swept(app)
        await app.sees(f"{TRIALS[0]} of {TRIALS[0]}, 100 %", "nothing: as it is", "stopped", "rests")
        assert len(RunStore().runs()) == TRIALS[0], "each trial is a kept run"


async def test_enter_takes_a_trial_over_as_one_edit(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await _small(app)
        before = app.app.workbench.experiment
        assert before is not None and before.plan.refit
        await app.press("f3", *["left"] * len(TRIALS), "space")
        await _swept(app)
        await app.press("home", "enter")
        standing, now = app.app.sweeper.standing, app.app.workbench.experiment
        assert standing is not None and now is not None
        best = standing.ranked[0]
        await app.press("f3")
        await app.sees(f"→ {number(best.cost)} (trial {best.number})")
        if standing.best is not best:
            await app.sees(f"● {standing.best.number} wins: that gain may be chance")
        await app.press("f3")
        assert (now.design, now.preparation) == (best.experiment.design, best.experiment.preparation)
        assert now.plan == replace(best.experiment.plan, refit=True)
        if now != before:
            await app.press("u")
        assert app.app.workbench.experiment == before
        await app.press("f3")
        await app.sees("nothing: as it is")


async def test_esc_stops_and_keeps_and_space_goes_on(
    open_app: Open, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await _small(app)
        sweeper = app.app.sweeper
        await app.press("f3", *["left"] * len(TRIALS), "space")
        await app.until(lambda: sweeper.standing is not None, "it to begin")
        await app.press("escape")
        await _swept(app)
        stages = sweeps()[0].folder / "stages.jsonl"
        done = stages.read_bytes() if stages.exists() else b""
        if sweeper.standing is not None and sweeper.standing.share < 1:
            await app.press("space")
            await _swept(app)
        assert stages.read_bytes().startswith(done)
        await app.sees(f"{TRIALS[0]} of {TRIALS[0]}, 100 %")
        await app.press("escape")
        await app.until(lambda: not app.app.sweeper.running, "it to rest")
        assert len(sweeps()) == 1


async def test_f_judges_trials_in_folds(open_app: Open, sample_data: Path) -> None:
    """A sweep by the validation rows and one in folds are two, and each is there again."""
    async with open_app(sample_data / "penguins.csv") as app:
        await _small(app)
        await app.press("f3", *["left"] * len(TRIALS))
        await app.sees("the validation rows choose")
        await app.press("f")
        await app.sees(f"Sweep · {TRIALS[0]} trials in 5 folds", "5 folds of all other rows")
        await app.press("space")
        await _swept(app)
        await app.sees("lowest log cost", f"{TRIALS[0]} of {TRIALS[0]}, 100 %")
        standing = app.app.sweeper.standing
        assert standing is not None and standing.sweep.folds == 5
        assert len(standing.trials) == TRIALS[0] and not RunStore().runs()
        await app.press("f")
        await app.sees("10 folds of all other rows")
        await app.press("f", "f")
        await app.sees("in 5 folds", "100 %")
        assert app.app.sweeper.standing is not standing


async def test_what_can_t_be_swept_is_said(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.ready()
        now = app.app.workbench.experiment
        assert now is not None
        split = replace(now.preparation.split, validation=0.0)
        app.app.edit(preparation=replace(now.preparation, split=split))
        await app.ready()
        await app.press("f3", "space")
        await app.sees("no validation rows are set aside")
        assert not app.app.sweeper.running


async def test_a_sweep_that_was_left_is_there_again_and_space_goes_on(
    open_app: Open, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After esc and in the next program alike; leaving says that it is kept."""

    async def stopped_early(app: Driver) -> None:
        sweeper = app.app.sweeper
        await app.press("f3", *["left"] * len(TRIALS), "right")
        await app.press("space")
        await app.until(
            lambda: sweeper.standing is not None and sweeper.standing.looked_at > 2, "some trials"
        )
        sweeper.stop()
        await _swept(app)

    async with open_app(sample_data / "penguins.csv") as app:
        await _small(app, LARGER)
        await stopped_early(app)
        standing = app.app.sweeper.standing
        assert standing is not None and standing.end == "stopped" and standing.share < 1
        await app.sees("space goes on with it", f"of {TRIALS[1]}", "waiting")
        assert "under way" not in app.static("#sweep-said")
        assert "--resume" in app.app.sweeper.left and f"{standing.ended} of 16 trials" in app.app.sweeper.left
        await app.press("escape", "f3")
        await app.sees("space goes on with it")
        judged = [trial.number for trial in standing.trials if trial.reached]
    async with open_app(sample_data / "penguins.csv") as app:
        assert app.app.sweeper.left == ""
        await app.ready()
        await app.press("f3")
        await app.sees("Another sweep of this table", "ann-tui sweep --resume")
        await app.press("escape")
        await _small(app, LARGER)
        await app.press("f3")
        await app.sees("space goes on with it", f"Sweep · {TRIALS[1]} trials", "waiting", "nothing: as it is")
        found = app.app.sweeper.standing
        assert found is not None
        assert [trial.number for trial in found.trials if trial.reached] == judged
        before = (sweeps()[0].folder / "stages.jsonl").read_bytes()
        await app.press("space")
        await _swept(app)
        await app.sees("100 %")
        assert (sweeps()[0].folder / "stages.jsonl").read_bytes().startswith(before) and len(sweeps()) == 1
        assert app.app.sweeper.left == "" and not app.app.sweeper.goes_on
    async with open_app(sample_data / "penguins.csv") as app:
        await _small(app, LARGER)
        await app.press("f3")
        await app.sees("100 %", "finished")
        assert "goes on" not in app.text()


def test_leaving_says_that_the_sweep_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(AnnApp, "run", lambda self: None)
    monkeypatch.setattr(Sweeper, "left", "the sweep, after 3 of 8 trials")
    assert run_app() == 0
    assert capsys.readouterr().err == "ann-tui: kept: the sweep, after 3 of 8 trials\n"


async def test_a_space_that_is_used_up_is_said(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await _small(app, (Dimension("training.batch", (16, 32)),))
        await app.press("f3", "space")
        await _swept(app)
        await app.sees("100 %", "the space holds no other design")
