"""A run that begins where another one stood: the same bits from there on, or another plan, and it stands alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from experiment.small import facts, prepared_anew, shells, small_experiment
from training.problems import StopAfter

from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.experiment_file import read_experiment
from ann_tui.experiments.experiment_writing import write_experiment
from ann_tui.experiments.run import Run, run_experiment
from ann_tui.experiments.run_of_model import run_of_model
from ann_tui.experiments.runs import Runs
from ann_tui.model.storage import load_model, save_model
from ann_tui.model.trained_model import TrainedModel
from ann_tui.network.design import NetworkDesign
from ann_tui.training.changes import Change
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import TrainingError

ROOMY = 64 << 20
Begin = Callable[..., Run]


@pytest.fixture
def runs() -> Runs:
    return Runs(ROOMY)


@pytest.fixture
def experiment(tmp_path: Path) -> Experiment:
    return small_experiment(shells(tmp_path), epochs=12, early_stopping=False)


def trained(runs: Runs, experiment: Experiment, control: TrainingControl | None = None) -> Run:
    """A run that has been trained and judged."""
    return _to_the_end(runs, runs.begin(experiment, prepared_anew(experiment), control))


def branched(runs: Runs, parent: Run, epoch: int, **plan: Any) -> Run:
    """A branch that has been trained and judged."""
    wanted = replace(parent.chosen, plan=replace(parent.chosen.plan, **plan))
    return _to_the_end(runs, runs.branch(parent, epoch, wanted))


def _to_the_end(runs: Runs, run: Run) -> Run:
    run.train()
    run.judge()
    runs.end(run)
    return run


class HalveAfter(TrainingControl):
    """Halves the rate after so many epochs."""

    def __init__(self, epochs: int) -> None:
        self.left = epochs
        super().__init__()

    def epoch_ended(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.scale_learning_rate(0.5)


def came_of(run: Run) -> dict[str, Any]:
    """All that came of it, but for what the clock said and by which name its experiment goes."""
    return {key: value for key, value in facts(run.result()).items() if key != "experiment"}


@pytest.mark.bits
@pytest.mark.parametrize("epoch", [0, 1, 5, 11])
def test_a_branch_with_nothing_changed_is_the_original(
    runs: Runs, experiment: Experiment, epoch: int
) -> None:
    root = trained(runs, experiment)
    branch = branched(runs, root, epoch)
    assert (branch.parent, branch.began_at) == (root.id, epoch) and runs.children(root) == (branch,)
    assert came_of(branch) == came_of(root)
    assert branch.history[:epoch] == root.history[:epoch], "with the seconds that they took"
    assert branch.timeline is not None and branch.timeline.epochs == tuple(range(13))


@pytest.mark.bits
@pytest.mark.parametrize(
    "plan",
    [
        {"learning_rate": 0.05}, {"batch": 5}, {"epochs": 20}, {"optimizer": "sgd", "learning_rate": 0.1},
        {"seed": 9}, {"schedule": "constant", "weight_decay": 0.2}, {"clip_norm": 0.5}, {"early_stopping": True},
    ],
)  # fmt: skip
def test_a_branch_stands_alone(
    runs: Runs, experiment: Experiment, tmp_path: Path, plan: dict[str, Any]
) -> None:
    """What its file says is trained from the beginning to the same bits, and so is that of a branch of it."""
    root = trained(runs, experiment, HalveAfter(3))
    branch = branched(runs, root, 6, **plan)
    again = branched(runs, branch, 9, l2=0.01)
    assert branch.snapshot.epoch == branch.chosen.plan.epochs
    same = came_of(branch)["network"] == came_of(root)["network"]
    assert same == ("early_stopping" in plan)
    for run in (branch, again):
        path = tmp_path / "branch.toml"
        write_experiment(run.result().experiment, path)
        alone = run_experiment(read_experiment(path), baselines=False)
        assert {key: value for key, value in facts(alone).items() if key != "experiment"} == came_of(run)
    assert again.history[:6] == root.history[:6] and again.history[:9] == branch.history[:9]


def test_no_more_bounds_is_a_change_too(runs: Runs, experiment: Experiment) -> None:
    """None is written as the screens write it."""
    bounded = replace(experiment, plan=replace(experiment.plan, clip_norm=0.01))
    root = trained(runs, bounded)
    branch = branched(runs, root, 4, clip_norm=None)
    assert branch.changes == (Change(4, 0, "clip_norm", "none"),)
    assert branch.trainer.plan.clip_norm is None


def test_a_branch_of_what_was_stopped_goes_on(runs: Runs, experiment: Experiment) -> None:
    whole, stopped = trained(runs, experiment), trained(runs, experiment, StopAfter(4))
    assert stopped.snapshot.epoch == 4
    assert came_of(branched(runs, stopped, 4)) == came_of(whole)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda now: replace(now, design=NetworkDesign.from_text("5 relu")), "the layers can't change"),
        (lambda now: replace(now, source=replace(now.source, excluded=("width",))), "the data can't change"),
        (lambda now: replace(now, plan=replace(now.plan, average="ema")), "average can't change"),
        (lambda now: replace(now, plan=replace(now.plan, epochs=5)), "ends after 5 epochs"),
    ],
)
def test_what_can_t_change_on_the_way(
    runs: Runs, experiment: Experiment, change: Callable[[Experiment], Experiment], said: str
) -> None:
    root = trained(runs, experiment)
    with pytest.raises(TrainingError, match=said):
        runs.branch(root, 6, change(root.chosen))
    assert runs.all == (root,)


@pytest.mark.bits
def test_where_nothing_is_kept_the_epochs_before_are_trained_again(experiment: Experiment) -> None:
    runs = Runs()
    root = trained(runs, experiment, HalveAfter(3))
    branch = branched(runs, root, 6)
    assert came_of(branch) == came_of(root) and branch.parent == root.id


def test_a_run_whose_rows_are_gone_has_no_branch(runs: Runs, experiment: Experiment) -> None:
    root = trained(runs, experiment)
    root.release_rows()
    with pytest.raises(TrainingError, match="can't be gone back into"):
        runs.branch(root, 6, root.chosen)


@pytest.mark.bits
@pytest.mark.parametrize("epoch", [4, 12])
def test_a_saved_model_is_trained_on(runs: Runs, experiment: Experiment, tmp_path: Path, epoch: int) -> None:
    """As if it had never been put away, with what was steered on the way to it; a branch with nothing changed too."""
    root = trained(runs, experiment, HalveAfter(3))
    save_model(TrainedModel.from_result(root.result()), tmp_path / "m.ann")
    later = Runs(ROOMY)
    found = run_of_model(load_model(tmp_path / "m.ann"), prepared_anew(experiment))
    later.take_up(found)
    wanted = replace(found.chosen, plan=replace(found.chosen.plan, epochs=15))
    longer = _to_the_end(later, later.branch(found, epoch, wanted))
    expected = branched(runs, root, epoch, epochs=15)
    assert came_of(longer) == came_of(expected) and longer.snapshot.epoch == 15
    if epoch < 12:
        assert came_of(_to_the_end(later, later.branch(found, epoch, found.chosen))) == came_of(root)


def test_all_timelines_share_the_bound(experiment: Experiment) -> None:
    runs = Runs(400_000)
    root = trained(runs, experiment)
    longer = branched(runs, root, 6, epochs=600)
    for epoch in (100, 300, 500):
        branched(runs, longer, epoch)
    sizes = [run.timeline.size for run in runs.all if run.timeline is not None]
    assert len(sizes) == 5 and sum(sizes) <= 400_000
    assert all(size > 0 for size in sizes)


def test_a_branch_knows_whether_it_is_what_the_screens_say(runs: Runs, experiment: Experiment) -> None:
    root = trained(runs, experiment)
    branch = branched(runs, root, 3, batch=4)
    assert branch.chosen.plan.batch == 4 and branch.experiment == root.experiment
    assert branch.result().experiment.steering == (Change(3, 0, "batch", 4),)


def test_no_branch_where_training_would_stop_at_once(runs: Runs, experiment: Experiment) -> None:
    """After an early stop there is nothing to train by the same plan; with more patience there is."""
    plan = replace(experiment.plan, epochs=200, early_stopping=True, patience=2, learning_rate=0.05)
    run = trained(runs, replace(experiment, plan=plan))
    last = run.snapshot.epoch
    assert last < 200
    with pytest.raises(TrainingError, match=f"stopped early after epoch {last}, and would again"):
        branched(runs, run, last)
    assert branched(runs, run, last - 1).snapshot.epoch == last
    assert branched(runs, run, last, patience=10).snapshot.epoch > last
