"""A paced training rests between epochs, gives way to whatever is asked for, and changes nothing."""

from __future__ import annotations

import threading
import time

import numpy as np

from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import Examples
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer


def _trainer(control: TrainingControl, epochs: int) -> Trainer:
    generator = np.random.default_rng(0)
    x = generator.normal(size=(40, 3)).astype(np.float32)
    y = (x[:, 0] > 0).astype(np.int64)
    network = Network(NetworkDesign.from_text("4 tanh"), 3, Outputs("binary", 1), seed=0)
    return Trainer(network, Examples(x, y), None, TrainingPlan(epochs=epochs, early_stopping=False), control)


def test_a_paced_run_ends_with_the_same_weights_and_does_not_count_its_rests() -> None:
    free, paced = TrainingControl(), TrainingControl()
    paced.set_pace(200.0)
    plain, slow = _trainer(free, 10), _trainer(paced, 10)
    plain.run()
    start = time.perf_counter()
    snapshot = slow.run()
    elapsed = time.perf_counter() - start
    assert elapsed >= 9 / 200.0
    assert snapshot.seconds < elapsed
    np.testing.assert_array_equal(plain.network.weights, slow.network.weights)


def test_stop_pause_and_full_speed_end_a_rest_at_once() -> None:
    control = TrainingControl()
    control.set_pace(1e-6)
    trainer = _trainer(control, 30)
    thread = threading.Thread(target=trainer.run)
    thread.start()
    while trainer.snapshot.epoch < 1:
        time.sleep(0.001)
    control.set_pace(None)
    thread.join(timeout=60)
    assert not thread.is_alive() and trainer.snapshot.epoch == 30

    control = TrainingControl()
    control.set_pace(1e-6)
    trainer = _trainer(control, 30)
    thread = threading.Thread(target=trainer.run)
    thread.start()
    while trainer.snapshot.epoch < 1:
        time.sleep(0.001)
    control.stop()
    thread.join(timeout=60)
    assert not thread.is_alive() and trainer.snapshot.state == "stopped"
