"""Training again on all rows: what it gives, what it leaves alone, and who judges it."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.data.choices.preparation import Preparation, Split
from ann_tui.data.choices.source import Source
from ann_tui.evaluation.threshold import read_threshold
from ann_tui.experiments.derived import load, prepare_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.fresh_training import fresh_training
from ann_tui.experiments.run import Run, run_experiment
from ann_tui.experiments.run_of_model import run_of_model
from ann_tui.experiments.trained_again import trained_again
from ann_tui.model.storage import load_model, save_model
from ann_tui.model.trained_model import TrainedModel
from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import Examples, TrainingError
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer


def table(folder: Path, rows: int = 120) -> Path:
    """Two numbers and a class of two."""
    generator = np.random.default_rng(3)
    x, y = generator.normal(size=(2, rows))
    lines = [f"{a:.4f},{b:.4f},{'yes' if a * b > 0 else 'no'}" for a, b in zip(x, y, strict=True)]
    (folder / "t.csv").write_text("\n".join(["x,y,kind", *lines]) + "\n")
    return folder / "t.csv"


def experiment(path: Path, **plan: object) -> Experiment:
    """Eight units, twelve epochs, and then all rows."""
    chosen = {"epochs": 12, "batch": 16, "refit": True, "learning_rate": 0.05} | plan
    return Experiment(
        Source(str(path), target="kind"),
        Preparation(),
        NetworkDesign.from_text("8 tanh"),
        TrainingPlan(**chosen),  # type: ignore[arg-type]
    )


@settings(max_examples=8, deadline=None)
@given(
    average=st.sampled_from(["none", "ema", "swa"]),
    seed=st.integers(0, 3),
    rate=st.sampled_from([0.01, 0.05]),
)
def test_it_is_the_network_of_all_rows_after_the_best_epoch(
    average: str, seed: int, rate: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Trained here by hand, epoch by epoch, on the rows put together."""
    chosen = experiment(table(tmp_path_factory.mktemp("t")), average=average, seed=seed, learning_rate=rate)
    run = Run(chosen, prepare_experiment(chosen, load(chosen.source)))
    best = run.train().best_epoch
    assert best and run.refitted is not None
    training, validation = run.prepared.training, run.prepared.validation
    x, y = np.concatenate([training.x, validation.x]), np.concatenate([training.y, validation.y])
    network = Network(chosen.design, x.shape[1], Outputs("binary"), seed=seed)
    trainer = Trainer(network, Examples(x, y), None, replace(chosen.plan, early_stopping=False))
    for epoch in range(1, best + 1):
        trainer.control = TrainingControl()
        trainer.run(until=epoch)
    assert trainer.newest_kept is not None
    assert (run.refitted.weights == trainer.newest_kept[0]).all()
    assert (run.refitted.weights != run.network.weights).any()


def test_the_first_training_is_what_it_is_without(tmp_path: Path) -> None:
    """And so are its score on the validation rows and the threshold that they choose."""
    chosen = experiment(table(tmp_path))
    data = load(chosen.source)
    again, once = (
        run_experiment(
            replace(chosen, plan=replace(chosen.plan, refit=refit)), data, threshold=read_threshold("f1")
        )
        for refit in (True, False)
    )
    assert again.refit and not once.refit
    assert again.judged.scores["validation"] == once.judged.scores["validation"]
    assert again.judged.threshold == once.judged.threshold
    assert again.snapshot.history[-1].validation_cost == once.snapshot.history[-1].validation_cost
    assert (again.network.weights != once.network.weights).any()
    assert (again.judged.outputs != once.judged.outputs).any()
    assert len(again.known_rows.digests) > len(once.known_rows.digests)


def test_baselines_learn_from_the_same_rows(tmp_path: Path) -> None:
    """They are fitted again as well; what the linear one said of the validation rows is of before."""
    chosen = experiment(table(tmp_path))
    data = load(chosen.source)
    again, once = (
        run_experiment(replace(chosen, plan=replace(chosen.plan, refit=refit)), data).judged
        for refit in (True, False)
    )
    for one, other in zip(again.baselines, once.baselines, strict=True):
        assert one.validation_cost == other.validation_cost
        assert one.metrics != other.metrics, one.name
        assert (one.rows, one.sampled) == (again.learnt_rows, False)
        assert other.rows == once.learnt_rows < one.rows
    prepared = prepare_experiment(chosen, data)
    joined = np.concatenate([prepared.training.y, prepared.validation.y])
    share = np.bincount(joined)[prepared.test.y] / len(joined)
    assert again.baselines[0].metrics["log_loss"] == pytest.approx(-np.log(share).mean())


def test_stopped_meanwhile_the_first_network_answers(tmp_path: Path) -> None:
    chosen = experiment(table(tmp_path))
    run = Run(chosen, prepare_experiment(chosen, load(chosen.source)))

    class Stopping(TrainingControl):
        """Stops at the first epoch of the second training."""

        def epoch_ended(self) -> None:
            super().epoch_ended()
            if run.refitting is not None:
                self.stop()

    run.control = run.trainer.control = Stopping()
    run.train()
    assert run.refitted is None and run.answering is run.network
    assert run.snapshot.state == "finished" and not run.result().refit


@pytest.mark.parametrize("split", [Split(validation=0.0), Split()])
def test_without_validation_rows_there_is_nothing_to_do(split: Split, tmp_path: Path) -> None:
    chosen = replace(experiment(table(tmp_path)), preparation=Preparation(split=split))
    run = Run(chosen, prepare_experiment(chosen, load(chosen.source)))
    run.train()
    assert (run.refitted is None) == (split.validation == 0)


def test_a_model_keeps_it_and_what_the_validation_rows_said_before(tmp_path: Path) -> None:
    chosen = experiment(table(tmp_path))
    data = load(chosen.source)
    result = run_experiment(chosen, data)
    save_model(TrainedModel.from_result(result), tmp_path / "m.ann")
    model = load_model(tmp_path / "m.ann")
    assert model.summary.refit and (model.network.weights == result.network.weights).all()
    prepared = prepare_experiment(chosen, data)
    run = run_of_model(model, prepared, keep=1 << 20)
    judged = run.judge()
    assert judged.scores["test"].metrics == result.judged.scores["test"].metrics
    assert judged.scores["validation"].metrics == result.judged.scores["validation"].metrics
    assert run.snapshot.validation_outputs is None
    with pytest.raises(ValueError, match="train it anew to choose a threshold"):
        run.decide(read_threshold("f1"))
    run.adopt(trained_again(run, 1 << 20, TrainingControl()))
    first = fresh_training(chosen, prepared, TrainingControl())
    first.run()
    assert (run.network.weights == first.network.weights).all() and run.answering is run.refitted
    assert math.isfinite(float(run.network.weights.sum()))


def test_without_test_rows_nothing_is_left_to_judge_it_on(tmp_path: Path) -> None:
    chosen = replace(experiment(table(tmp_path)), preparation=Preparation(split=Split(test=0.0)))
    data = load(chosen.source)
    result = run_experiment(chosen, data)
    plain = run_experiment(replace(chosen, plan=replace(chosen.plan, refit=False)), data)
    assert result.judged.judged == "validation"
    assert (result.judged.outputs == plain.judged.outputs).all()
    assert [each.metrics for each in result.judged.baselines] == [
        each.metrics for each in plain.judged.baselines
    ]
    save_model(TrainedModel.from_result(result), tmp_path / "m.ann")
    with pytest.raises(TrainingError, match="none are left to judge it on"):
        run_of_model(load_model(tmp_path / "m.ann"), prepare_experiment(chosen, data))
