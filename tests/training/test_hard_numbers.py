"""Numbers that hurt: none may crash the training, and none may leave a weight that is no number."""

from dataclasses import replace

import numpy as np
import pytest
from training.problems import OUTPUTS, draw, make_trainer

from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.scoring import predict
from ann_tui.training.examples import Examples, TrainingError
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.snapshot import Snapshot
from ann_tui.training.trainer import Trainer


def train(
    examples: Examples, kind: str = "multiclass", layers: str = "6 relu", **plan: object
) -> tuple[Network, Snapshot]:
    network = Network(NetworkDesign.from_text(layers), examples.x.shape[1], OUTPUTS[kind], seed=1)
    final = Trainer(network, examples, examples, TrainingPlan(**{"epochs": 5, "batch": 8, **plan})).run()  # type: ignore[arg-type]
    assert np.isfinite(network.weights).all()
    assert np.isfinite(network.statistics).all()
    for row in final.history:
        assert np.isfinite(
            [row.training_cost, row.validation_cost, row.training_metric, row.gradient_norm]
        ).all()
    return network, final


@pytest.mark.parametrize("kind", OUTPUTS)
@pytest.mark.parametrize("size", [1e30, 1e-30])
def test_huge_and_tiny_inputs(kind: str, size: float) -> None:
    """Trained or given up with a message; never a weight that is no number."""
    data = draw(kind, 40)
    _, final = train(replace(data, x=(data.x * size).astype(np.float32)), kind)
    assert final.state == "finished" or final.message


@pytest.mark.parametrize("kind", OUTPUTS)
@pytest.mark.parametrize("layers", ["6 relu", "6 relu, batch norm", "layer norm, 6 relu", ""])
def test_constant_inputs_and_constant_target(kind: str, layers: str) -> None:
    """There is nothing to learn, and that is all."""
    y = np.ones(30, np.float32 if kind == "number" else np.int64)
    _, final = train(Examples(np.full((30, 3), 7, np.float32), y), kind, layers)
    assert final.state == "finished"
    if kind == "number":
        assert final.history[-1].training_metric == 0.0


@pytest.mark.parametrize("kind", OUTPUTS)
@pytest.mark.parametrize("layers", ["6 relu", "6 relu, layer norm, dropout 0.5"])
def test_one_row_and_one_feature(kind: str, layers: str) -> None:
    """The smallest data there are."""
    data = draw(kind, 1, inputs=1)
    network, final = train(data, kind, layers)
    assert final.state == "finished"
    assert np.isfinite(predict(network, data.x)).all()


@pytest.mark.parametrize("batch", [1, 7, 8, 1000])
def test_any_batch_size(batch: int) -> None:
    """Larger than the data, a last batch of one row, batches of one row."""
    _, final = train(draw("multiclass", 15), batch=batch)
    assert final.batches == -(-15 // batch)
    assert final.state == "finished"


def test_a_class_that_is_absent_from_most_batches() -> None:
    """And one that is absent altogether."""
    data = draw("multiclass", 60)
    y = np.zeros(60, np.int64)
    y[0] = 2
    network, _ = train(replace(data, y=y), batch=4, epochs=40)
    assert predict(network, data.x)[:, 1].max() < 0.5


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "momentum", "muon", "schedule-free"])
@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_learning_rate_far_too_large(kind: str, optimizer: str) -> None:
    """Noticed within an epoch, halved at most three times, then given up with the advice to choose a smaller one."""
    data = draw(kind, 60)
    network, final = train(data, kind, layers="16 relu, 16 relu", learning_rate=1e6, optimizer=optimizer)
    assert final.state == "failed"
    assert "halved 3 times" in final.message
    assert final.history == ()
    untrained = Network(NetworkDesign.from_text("16 relu, 16 relu"), 4, OUTPUTS[kind], seed=1)
    assert (network.weights == untrained.weights).all()


def test_recovers_from_a_learning_rate_somewhat_too_large() -> None:
    """The history tells of the halvings, and the rest of the training goes well."""
    _, final = train(
        draw("number", 200), "number", learning_rate=0.9, optimizer="sgd", epochs=30, schedule="constant"
    )
    halvings = [row for row in final.history if "learning rate halved" in row.event]
    assert final.state == "finished"
    assert 1 <= len(halvings) <= 3
    assert halvings[0].event.startswith("diverged: learning rate halved to 0.45")
    assert final.history[-1].learning_rate <= 0.45
    assert final.history[-1].training_metric > 0


def test_a_learning_rate_of_zero() -> None:
    """Nothing moves."""
    data = draw("multiclass", 30)
    network, final = train(data, learning_rate=0.0)
    untrained = Network(NetworkDesign.from_text("6 relu"), 4, OUTPUTS["multiclass"], seed=1)
    assert (network.weights == untrained.weights).all()
    assert final.state == "finished"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("which", ["training", "validation"])
def test_a_value_that_is_no_number_is_refused_with_its_place(value: float, which: str) -> None:
    """Row and column are named, also far down in the data."""
    good = draw("multiclass", 9000)
    x = good.x.copy()
    x[8500, 2] = value
    bad = replace(good, x=x)
    network = Network(NetworkDesign(), 4, OUTPUTS["multiclass"])
    pair = (bad, good) if which == "training" else (good, bad)
    with pytest.raises(TrainingError, match=f"the {which} rows: row 8500, column 2 is {value}"):
        Trainer(network, *pair, TrainingPlan())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": np.array([0, 1, 3])}, "row 2 has class 3, but there are 3 classes"),
        ({"y": np.array([0, 1, -1])}, "row 2 has class -1"),
        ({"y": np.array([0.0, 1.0, 2.0])}, "must be class codes"),
        ({"y": np.array([0, 1])}, "has shape"),
        ({"x": np.zeros((3, 5), np.float32)}, "takes 4 features"),
        ({"x": np.zeros((0, 4), np.float32), "y": np.zeros(0, np.int64)}, "no training rows"),
        ({"weight": np.array([1.0, -1.0, 1.0])}, "must not be negative"),
        ({"weight": np.zeros(3)}, "not all 0"),
        ({"weight": np.ones(4)}, "weights have shape"),
        ({"weight": np.array([1.0, np.nan, 1.0])}, "weights: row 1"),
    ],
)
def test_rows_that_do_not_fit_are_refused(change: dict[str, np.ndarray], message: str) -> None:
    """In one line that says which row or what shape."""
    examples = replace(Examples(np.zeros((3, 4), np.float32), np.array([0, 1, 2])), **change)
    with pytest.raises(TrainingError, match=message):
        Trainer(Network(NetworkDesign(), 4, OUTPUTS["multiclass"]), examples, None, TrainingPlan())


def test_negative_counts_are_refused() -> None:
    """Poisson is for counts."""
    network = Network(NetworkDesign(cost="poisson"), 4, OUTPUTS["number"])
    with pytest.raises(TrainingError, match="below 0"):
        Trainer(network, draw("number", 20), None, TrainingPlan())


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"optimizer": "adan"}, "unknown optimizer 'adan'"),
        ({"schedule": "x"}, "unknown schedule"),
        ({"monitor": "test cost"}, "unknown monitor"),
        ({"average": "mean"}, "unknown average"),
        ({"batch": 0}, "batch 0"),
        ({"epochs": 0}, "epochs 0"),
        ({"learning_rate": -0.1}, "learning rate -0.1"),
        ({"learning_rate": float("nan")}, "learning rate nan"),
        ({"beta_1": 1.0}, "beta 1"),
        ({"clip_norm": 0.0}, "clip norm 0"),
        ({"max_norm": -1.0}, "max norm -1"),
        ({"warm_up": 1.0}, "warm up 1"),
        ({"seed": -1}, "seed -1"),
    ],
)
def test_plans_that_cannot_be_are_refused(choice: dict[str, object], message: str) -> None:
    """In one line that names the value."""
    with pytest.raises(TrainingError, match=message):
        TrainingPlan(**choice)  # type: ignore[arg-type]


def test_line_search_refuses_chance() -> None:
    """L-BFGS can't work with a cost that changes by chance."""
    with pytest.raises(TrainingError, match="leave out dropout"):
        make_trainer(optimizer="l-bfgs", layers="8 relu, dropout 0.1")
