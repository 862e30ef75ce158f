"""The training loop: what it learns, keeps, shows, and when it ends."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from training.problems import StopAtLook, draw, make_trainer

from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.network.scoring import predict
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import Examples
from ann_tui.training.observer import Observer, View
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.schedules import SCHEDULES
from ann_tui.training.trainer import Trainer

RATES = {
    "sgd": 0.1,
    "gradient descent": 0.3,
    "momentum": 0.03,
    "nesterov": 0.03,
    "adagrad": 0.1,
    "lion": 0.001,
}


def test_learns_exclusive_or() -> None:
    """A hidden layer tells apart what no straight line can."""
    x = np.random.default_rng(0).normal(size=(400, 2)).astype(np.float32)
    y = (x[:, 0] * x[:, 1] > 0).astype(np.int64)
    accuracies = []
    for layers in ("16 relu", ""):
        network = Network(NetworkDesign.from_text(layers), 2, Outputs("binary"), seed=1)
        Trainer(
            network, Examples(x[:300], y[:300]), Examples(x[300:], y[300:]), TrainingPlan(epochs=60)
        ).run()
        accuracies.append((predict(network, x[300:]).argmax(axis=1) == y[300:]).mean())
    assert accuracies[0] > 0.93
    assert accuracies[1] < 0.7


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("kind", ["multiclass", "number"])
def test_every_optimizer_lowers_the_cost(optimizer: str, kind: str) -> None:
    """On the training rows, well below where it began."""
    trainer = make_trainer(
        kind,
        optimizer=optimizer,
        learning_rate=RATES.get(optimizer, 0.01),
        epochs=60,
        schedule="constant",
        validation=0,
    )
    history = trainer.run().history
    assert history[-1].training_cost < 0.75 * history[0].training_cost
    assert history[-1].training_metric >= history[0].training_metric


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_runs(schedule: str) -> None:
    """And the history tells its learning rates."""
    trainer = make_trainer(schedule=schedule, learning_rate=0.01)
    rates = [row.learning_rate for row in trainer.run().history]
    assert rates[0] == pytest.approx(0.01 * SCHEDULES[schedule].factor(0.0))


def test_keeps_the_weights_of_the_best_epoch() -> None:
    """The network predicts the validation rows as it did after its best epoch."""
    trainer = make_trainer(layers="32 relu", epochs=60, learning_rate=0.03, schedule="constant")
    final = trainer.run()
    best = min(final.history, key=lambda row: row.validation_cost or 0)
    assert final.best_epoch == best.epoch < len(final.history)
    held_out = draw("multiclass", 40, seed=1)
    shares = predict(trainer.network, held_out.x)
    cost = -np.log(shares[np.arange(40), held_out.y]).mean()
    assert cost == pytest.approx(best.validation_cost, rel=1e-5)
    assert (shares.argmax(axis=1) == held_out.y).mean() == pytest.approx(best.validation_metric)


@pytest.mark.parametrize(
    ("monitor", "better"),
    [("validation cost", min), ("validation metric", max), ("training cost", min), ("training metric", max)],
)
def test_the_monitor_chooses_the_best_epoch(monitor: str, better: Callable[..., float]) -> None:
    """The first of the epochs with the best figure."""
    final = make_trainer(monitor=monitor, epochs=30, learning_rate=0.03).run()
    figures = [getattr(row, monitor.replace(" ", "_")) for row in final.history]
    assert final.best_epoch == figures.index(better(figures)) + 1


def test_early_stopping_waits_as_long_as_its_patience() -> None:
    """It ends exactly so many epochs after the last improvement that was large enough."""
    final = make_trainer(
        layers="64 relu", epochs=500, learning_rate=0.05, schedule="constant", patience=7
    ).run()
    assert final.state == "finished"
    assert final.best_epoch is not None
    assert final.epoch == final.best_epoch + 7 < 500
    assert "7 epochs" in final.message


def test_a_smallest_change_stops_earlier_and_still_keeps_the_best() -> None:
    """Small improvements don't count for waiting, but they count for keeping."""
    final = make_trainer(
        epochs=500, learning_rate=0.001, schedule="constant", patience=3, smallest_change=0.05
    ).run()
    costs = [row.validation_cost for row in final.history]
    assert final.epoch < 20
    assert final.best_epoch == costs.index(min(costs)) + 1


def test_without_validation_rows_the_training_cost_decides() -> None:
    """And nothing is made up about validation."""
    final = make_trainer(validation=0).run()
    assert all(row.validation_cost is None and row.validation_metric is None for row in final.history)
    assert final.validation_outputs is None
    costs = [row.training_cost for row in final.history]
    assert final.best_epoch == costs.index(min(costs)) + 1


def test_the_training_figures_are_those_of_the_rows() -> None:
    """With a learning rate of 0 nothing moves, so the epoch's figures are the network's on the whole data."""
    for kind in ("binary", "multiclass", "number"):
        trainer = make_trainer(kind, learning_rate=0.0, epochs=1, weighted=True)
        row = trainer.run().history[0]
        data = draw(kind, 90, weighted=True)
        outputs = predict(trainer.network, data.x).astype(float)
        if kind == "number":
            costs = (outputs - data.y) ** 2
            metric = 1 - costs.sum() / ((data.y - data.y.mean()) ** 2).sum()
        else:
            costs = -np.log(outputs[np.arange(90), data.y])
            metric = (outputs.argmax(axis=1) == data.y).mean()
        assert row.training_cost == pytest.approx(np.average(costs, weights=data.weight), rel=1e-5)
        assert row.training_metric == pytest.approx(metric, rel=1e-5)


def test_the_validation_outputs_are_those_of_the_epoch_that_is_named() -> None:
    """The newest one while it trains, the best one when its weights are kept; and nobody can write into them."""
    seen = []

    class Watcher(Observer):
        def epoch_begins(self, view: View) -> None:
            seen.append(trainer.publisher._look())

    trainer = make_trainer(epochs=30, learning_rate=0.1, schedule="constant", observers=[Watcher()])
    final = trainer.run()
    assert final.best_epoch is not None and final.best_epoch < final.epoch
    assert [snapshot.outputs_epoch for snapshot in seen] == list(range(len(seen)))
    held_out = draw("multiclass", 40, seed=1)
    for snapshot in (*seen[1:], final):
        outputs = snapshot.validation_outputs
        assert outputs is not None
        row = snapshot.history[snapshot.outputs_epoch - 1]
        assert (outputs.argmax(axis=1) == held_out.y).mean() == row.validation_metric
    assert final.outputs_epoch == final.best_epoch and final.validation_outputs is not None
    np.testing.assert_array_equal(final.validation_outputs, predict(trainer.network, held_out.x))
    with pytest.raises(ValueError, match="read-only"):
        final.validation_outputs[0] = 0


def test_stopping_keeps_the_best_and_says_so() -> None:
    """A stopped training has the best weights of its whole epochs."""
    trainer = make_trainer(control=StopAtLook(20), learning_rate=0.01)
    final = trainer.run()
    assert final.state == "stopped"
    assert 0 < final.epoch < 6
    held_out = draw("multiclass", 40, seed=1)
    best = final.history[final.best_epoch - 1]
    accuracy = (predict(trainer.network, held_out.x).argmax(axis=1) == held_out.y).mean()
    assert accuracy == pytest.approx(best.validation_metric)


def test_stopped_before_the_first_batch() -> None:
    """Nothing is trained and nothing breaks."""
    control = TrainingControl()
    control.stop()
    trainer = make_trainer(control=control)
    before = trainer.network.weights.copy()
    final = trainer.run()
    assert (final.state, final.epoch, final.batch, final.best_epoch) == ("stopped", 0, 0, None)
    assert (trainer.network.weights == before).all()


class Scripted(TrainingControl):
    """Does what it is told each time the trainer rests."""

    def __init__(self, *steps: Callable[["Scripted"], None]) -> None:
        super().__init__()
        self.steps = list(steps)
        self.trainer: Trainer | None = None
        self.seen: list[tuple[str, int, int]] = []

    def wait_while_paused(self) -> None:
        snapshot = self.trainer.snapshot
        self.seen.append((snapshot.state, snapshot.epoch, snapshot.batch))
        self.steps.pop(0)(self)
        super().wait_while_paused()


@pytest.mark.bits
def test_pausing_changes_nothing() -> None:
    """Paused at the start, then epoch by epoch, then on to the end: the same weights as without."""
    plain = make_trainer()
    plain.run()
    control = Scripted(Scripted.train_one_epoch, Scripted.train_one_epoch, Scripted.resume)
    control.pause()
    trainer = make_trainer(control=control)
    control.trainer = trainer
    final = trainer.run()
    assert control.seen == [("paused", 0, 0), ("paused", 1, 0), ("paused", 2, 0)]
    assert final.state == "finished"
    assert (trainer.network.weights == plain.network.weights).all()
    assert [replace(row, seconds=0) for row in final.history] == [
        replace(row, seconds=0) for row in plain.snapshot.history
    ]


@pytest.mark.bits
def test_batch_by_batch_changes_nothing() -> None:
    """Also from one epoch into the next, and from a start that isn't paused."""
    plain = make_trainer()
    plain.run()
    batches = make_trainer().loop.batches
    steps = [Scripted.train_one_batch] * (batches + 1)
    for paused in (True, False):
        control = Scripted(*steps, Scripted.resume)
        (control.pause if paused else control.train_one_batch)()
        trainer = control.trainer = make_trainer(control=control)
        trainer.run()
        places = [divmod(done, batches) for done in range(0 if paused else 1, batches + (2 if paused else 3))]
        assert control.seen == [("paused", *place) for place in places]
        assert trainer.network.weights.tobytes() == plain.network.weights.tobytes()
        assert [row.training_cost for row in trainer.history.rows] == [
            row.training_cost for row in plain.history.rows
        ]


def test_stop_wakes_a_paused_training() -> None:
    """From another thread, without waiting for the end of anything."""
    control = TrainingControl()
    control.pause()
    trainer = make_trainer(control=control)
    thread = threading.Thread(target=trainer.run)
    thread.start()
    control.stop()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert trainer.snapshot.state == "stopped"


def test_the_learning_rate_changes_from_the_next_batch_on() -> None:
    """It is noted in the history, and pausing isn't needed for it."""
    control = TrainingControl()
    control.set_learning_rate(0.0)
    trainer = make_trainer(control=control, schedule="constant")
    before = trainer.network.weights.copy()
    final = trainer.run()
    assert (trainer.network.weights == before).all()
    assert final.history[0].event == "learning rate set to 0"
    assert {row.learning_rate for row in final.history} == {0.0}
    assert not control.attention
    with pytest.raises(ValueError, match="learning rate -1"):
        control.set_learning_rate(-1)


def _resting(trainer: Trainer, control: TrainingControl, epochs: int) -> threading.Thread:
    """A thread in which the trainer has done so many epochs and rests."""
    control.pause()
    thread = threading.Thread(target=trainer.run)
    thread.start()
    for epoch in range(1, epochs + 1):
        control.train_one_epoch()
        _until(lambda epoch=epoch: trainer.snapshot.state == "paused" and trainer.snapshot.epoch == epoch)
    return thread


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        threading.Event().wait(0.001)


def test_a_rate_is_doubled_and_set_wherever_the_schedule_stands() -> None:
    """Also while it rests, and twice in a row; halfway through a cosine the factor of the schedule is 1/2."""
    control = TrainingControl()
    trainer = make_trainer(
        control=control, schedule="cosine", epochs=8, early_stopping=False, learning_rate=0.01
    )
    thread = _resting(trainer, control, 4)
    assert trainer.snapshot.learning_rate == pytest.approx(0.005)
    control.scale_learning_rate(2)
    control.scale_learning_rate(2)
    _until(lambda: trainer.snapshot.learning_rate == pytest.approx(0.02))
    control.set_learning_rate(0.003)
    _until(lambda: trainer.snapshot.learning_rate == pytest.approx(0.003))
    control.stop()
    thread.join(timeout=30)
    assert trainer.snapshot.epoch == 4 and not thread.is_alive()


def test_a_rate_set_while_the_schedule_rises_is_the_one_at_its_top() -> None:
    control = TrainingControl()
    trainer = make_trainer(
        control=control, schedule="constant", warm_up=0.5, epochs=8, early_stopping=False, learning_rate=0.01
    )
    thread = _resting(trainer, control, 1)
    control.set_learning_rate(0.002)
    control.resume()
    thread.join(timeout=30)
    rates = [row.learning_rate for row in trainer.snapshot.history]
    assert max(rates[1:]) == pytest.approx(0.002)


def test_snapshots_only_grow() -> None:
    """An old snapshot stays as it was; batch costs are finite and at most 240."""
    trainer = make_trainer(epochs=80, batch=8, early_stopping=False)
    assert trainer.snapshot.state == "ready"
    early = trainer.snapshot
    final = trainer.run()
    assert (early.state, early.epoch, early.history, early.batch_costs) == ("ready", 0, (), ())
    assert (final.state, final.epoch, final.batches) == ("finished", 80, 12)
    assert len(final.batch_costs) == 240
    assert np.isfinite(final.batch_costs).all()
    assert np.mean(final.batch_costs[-12:]) == pytest.approx(final.history[-1].training_cost, rel=0.1)
    assert [row.epoch for row in final.history] == list(range(1, 81))
    assert final.seconds_left is None
    assert final.rows_per_second > 0


def test_an_error_is_shown_and_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The snapshot says failed, and the exception comes out of `run`."""
    trainer = make_trainer()
    monkeypatch.setattr(trainer, "_end_epoch", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        trainer.run()
    assert trainer.snapshot.state == "failed"
    assert trainer.snapshot.message == "division by zero"


def test_sample_weights_stand_for_repeated_rows() -> None:
    """A row of weight 2 counts as two rows: one whole step is the same."""
    data = draw("multiclass", 20)
    twice = np.r_[np.arange(20), np.arange(10)]
    weight = np.r_[np.full(10, 2.0), np.ones(10)]
    found = []
    for examples in (Examples(data.x, data.y, weight), Examples(data.x[twice], data.y[twice])):
        network = Network(
            NetworkDesign.from_text("5 tanh"), 4, Outputs("multiclass", 3), seed=1, dtype=np.float64
        )
        plan = TrainingPlan(optimizer="gradient descent", epochs=3, learning_rate=0.5, schedule="constant")
        Trainer(network, examples, None, plan).run()
        found.append(network.weights)
    np.testing.assert_allclose(*found, rtol=1e-12)


@pytest.mark.parametrize("batch", [10, 2000])
def test_equal_weights_are_no_weights(batch: int) -> None:
    """Also in a last batch with fewer rows, and where threads share a batch."""
    data = draw("multiclass", 2505 if batch > 10 else 25)
    found = []
    for weight in (None, np.full(len(data), 3.0)):
        network = Network(
            NetworkDesign.from_text("5 tanh"), 4, Outputs("multiclass", 3), seed=1, dtype=np.float64
        )
        plan = TrainingPlan(optimizer="sgd", learning_rate=0.5, epochs=3, batch=batch)
        Trainer(network, Examples(data.x, data.y, weight), None, plan).run()
        found.append(network.weights)
    np.testing.assert_allclose(*found, rtol=1e-12)


def test_validation_rows_that_are_all_the_same_have_a_cost_and_no_r2() -> None:
    """Although the mean of many 0.1 is not 0.1."""
    data = draw("number", 60)
    network = Network(NetworkDesign.from_text("4 relu"), 4, Outputs("number"), seed=0)
    still = Examples(data.x[:30], np.full(30, 0.1, np.float32))
    final = Trainer(network, data, still, TrainingPlan(epochs=2)).run()
    assert [row.validation_metric for row in final.history] == [None, None]
    assert all(row.validation_cost is not None for row in final.history)
