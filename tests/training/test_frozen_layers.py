"""Layers that keep their weights, dropout at another rate, and the newest weights as the best ones."""

from __future__ import annotations

import numpy as np
import pytest
from training.problems import make_trainer

from ann_tui.training.changes import Change
from ann_tui.training.examples import TrainingError
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.trainer import Trainer

LAYERS = "8 relu, layer norm, 6 tanh"
HARD: dict[str, object] = {"weight_decay": 0.5, "l1": 0.1, "l2": 0.1, "max_norm": 0.1, "clip_value": 0.01}


def _moved(trainer: Trainer, before: np.ndarray) -> list[bool]:
    """Whether each layer with weights has others than before."""
    parts = zip(trainer.network.parts(before), trainer.network.parts(_newest(trainer)), strict=True)
    return [not np.array_equal(one, other) for one, other in parts if one.size]


def _newest(trainer: Trainer) -> np.ndarray:
    return np.asarray(trainer.state()["network.weights"])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("frozen", [0, 1, 2, 3])
def test_frozen_layers_keep_their_weights_to_the_bit(optimizer: str, frozen: int) -> None:
    """Whatever decays, penalizes or bounds weights; the others learn."""
    choice = {} if OPTIMIZERS[optimizer].searches else HARD
    trainer = make_trainer(layers=LAYERS, optimizer=optimizer, frozen_layers=frozen, epochs=2, **choice)
    before = trainer.network.weights.copy()
    trainer.run()
    assert _moved(trainer, before) == [place >= frozen for place in range(4)]


def test_layers_are_frozen_on_the_way_and_let_go_again() -> None:
    """From one epoch to another, as a person, or the script of an earlier run, says."""
    script = (Change(2, 0, "frozen_layers", 1.0), Change(4, 0, "frozen_layers", 0.0))
    found = [
        _newest(trainer)
        for epochs in (2, 4, 6)
        if (trainer := make_trainer(replay=script, optimizer="adam", epochs=6)).run(until=epochs)
    ]
    first = [trainer.parts(weights)[0] for weights in found for trainer in (make_trainer().network,)]
    assert np.array_equal(first[0], first[1]) and not np.array_equal(first[1], first[2])


def test_a_frozen_layer_has_no_part_in_the_length_of_the_gradient() -> None:
    """What is clipped is what is learned: as if the layer below had no gradient at all."""
    choice: dict[str, object] = {"optimizer": "sgd", "frozen_layers": 1, "epochs": 1, "rows": 16}
    free, clipped = make_trainer(**choice), make_trainer(**choice, clip_norm=0.05)
    before = free.network.weights.copy()
    free.run()
    clipped.run()
    step = _newest(clipped) - before
    rate = clipped.snapshot.history[0].learning_rate
    np.testing.assert_allclose(np.linalg.norm(step), 0.05 * rate, rtol=1e-3)
    np.testing.assert_allclose(
        step / np.linalg.norm(step), (whole := _newest(free) - before) / np.linalg.norm(whole), atol=1e-3
    )


def test_more_layers_than_there_are_can_not_be_frozen() -> None:
    with pytest.raises(TrainingError, match="2 layers can't be frozen: there is 1 below the output layer"):
        make_trainer(frozen_layers=2)


def test_dropout_at_another_rate_is_as_if_designed_so() -> None:
    """The layers' own rates count again when it is let go of."""
    designed = make_trainer(layers="8 relu, dropout 0.3")
    stated = make_trainer(layers="8 relu, dropout 0.1", dropout=0.3)
    assert designed.run().history[-1].training_cost == stated.run().history[-1].training_cost
    script = (Change(1, 0, "dropout", 0.3), Change(3, 0, "dropout", "as designed"))
    steered = make_trainer(layers="8 relu, dropout 0.1", replay=script)
    own = make_trainer(layers="8 relu, dropout 0.1", replay=script[:1])
    assert steered.run(until=3).history[-1].training_cost == own.run(until=3).history[-1].training_cost
    assert steered.run().history[-1].training_cost != own.run().history[-1].training_cost
    assert steered.plan.dropout is None


def test_without_a_dropout_layer_there_is_no_rate_to_change() -> None:
    with pytest.raises(TrainingError, match="no dropout layer"):
        make_trainer(dropout=0.3)


def test_judged_by_the_newest_the_last_epoch_is_kept_and_nothing_stops_early() -> None:
    trainer = make_trainer(monitor="newest", early_stopping=True, patience=1, learning_rate=3.0, epochs=8)
    ended = trainer.run()
    assert (ended.epoch, ended.best_epoch) == (8, 8)
    assert np.array_equal(trainer.network.weights, _newest(trainer))
