"""What looks at each epoch: what it asks for, exactly when, and that it can't reach into the training."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from training.problems import make_trainer

from ann_tui.training.control import TrainingControl
from ann_tui.training.history import EpochRow
from ann_tui.training.observer import Observer, Request, View
from ann_tui.training.observers.divergence import Divergence
from ann_tui.training.observers.early_stopping import EarlyStopping
from ann_tui.training.observers.plateau import Plateau
from ann_tui.training.plan import TrainingPlan

ROW = EpochRow(1, 1.0, 1.0, 0.5, 0.5, 0.01, 1.0, 0.0)


def view_of(weights: np.ndarray) -> View:
    """A view of a training that has nothing but weights."""
    statistics = np.zeros(0)
    return View((weights, statistics, np.zeros((1, weights.size))), (weights, statistics))


def asked(observer: Observer, costs: list[float]) -> list[int]:
    """The epochs after which the observer asks for something."""
    view = view_of(np.zeros(3))
    requests = [
        observer.epoch_ended(view, replace(ROW, epoch=epoch, validation_cost=cost))
        for epoch, cost in enumerate(costs, 1)
    ]
    return [epoch for epoch, request in enumerate(requests, 1) if request is not None]


def test_a_plateau_halves_the_rate_once_in_its_patience() -> None:
    """Not in every epoch after it; a better epoch begins the count anew."""
    plan = TrainingPlan(schedule="plateau", plateau_patience=3)
    assert asked(Plateau(plan), [1.0] * 11) == [4, 7, 10]
    assert asked(Plateau(plan), [1.0, 1.0, 1.0, 0.9, 0.9, 0.9, 0.9, 0.9]) == [7]
    request = Plateau(replace(plan, plateau_patience=1))
    request.epoch_ended(view_of(np.zeros(3)), ROW)
    assert request.epoch_ended(view_of(np.zeros(3)), ROW) == Request(
        rate_factor=0.5, note="plateau: learning rate halved to {rate:g}"
    )


def test_a_plateau_in_a_run() -> None:
    """The rates of the history fall by half in the epochs that follow, and the history says why."""
    trainer = make_trainer(
        schedule="plateau", plateau_patience=2, learning_rate=1e-9, smallest_change=1.0, epochs=8, patience=50
    )
    history = trainer.run().history
    np.testing.assert_allclose(
        [row.learning_rate for row in history], [1e-9, 1e-9, 1e-9, 5e-10, 5e-10, 2.5e-10, 2.5e-10, 1.25e-10]
    )
    assert [row.epoch for row in history if row.event] == [4, 6, 8]
    assert history[3].event == "plateau: learning rate halved to 5e-10"


def test_early_stopping_counts_what_improves_by_enough() -> None:
    """Only where the plan stops early."""
    plan = TrainingPlan(patience=2, smallest_change=0.1)
    observer = EarlyStopping(plan)
    asked(observer, [1.0, 0.95, 0.88, 0.87])
    assert observer.enough() is None and observer.waited == 1
    asked(observer, [0.86])
    assert observer.enough() == "stopped early: the validation cost got no better for 2 epochs"
    free = EarlyStopping(replace(plan, early_stopping=False))
    asked(free, [1.0] * 9)
    assert free.enough() is None and free.waited == 8


@pytest.mark.parametrize(("first", "sound", "astray"), [(0.5, 49.9, 50.1), (1e-9, 0.99, 1.01)])
def test_a_hundred_times_the_first_cost_has_diverged(first: float, sound: float, astray: float) -> None:
    """The first cost is taken for 0.01 at least; the vectors to go back to are those at the epoch's start."""
    weights = np.ones(3)
    view = view_of(weights)
    observer = Divergence(view)
    observer.epoch_begins(view)
    weights += 1
    assert observer.epoch_trained(view, first, sound) is None
    request = observer.epoch_trained(view, first, astray)
    assert request is not None and request.rate_factor == 0.5 and not request.failure
    assert request.go_back is not None and request.go_back[0].tolist() == [1, 1, 1]


def test_divergence_gives_up_after_three_halvings() -> None:
    """Also where only the weights are no numbers any more."""
    weights = np.ones(3)
    view = view_of(weights)
    observer = Divergence(view)
    assert observer.epoch_trained(view, 1.0, 1.0) is None
    weights[0] = np.inf
    requests = [observer.epoch_trained(view, 1.0, 1.0) for _ in range(4)]
    assert [bool(request and request.failure) for request in requests] == [False, False, False, True]
    assert "halved 3 times" in requests[3].failure  # type: ignore[union-attr]


@dataclass
class Witness(Observer):
    """Writes down what it is told, and tries to write into what it sees."""

    told: list[str] = field(default_factory=list)
    weights: list[np.ndarray] = field(default_factory=list)
    refused: int = 0
    request: Request | None = None

    def epoch_begins(self, view: View) -> None:
        self.told.append("begins")

    def epoch_trained(self, view: View, first_cost: float, cost: float) -> None:
        self.told.append("trained")

    def epoch_ended(self, view: View, row: EpochRow) -> Request | None:
        self.told.append(f"ended {row.epoch}")
        self.weights.append(view.weights.copy())
        for vector in (*view.moving, *view.kept):
            try:
                vector[...] = 0
            except ValueError:
                self.refused += 1
        return self.request

    def enough(self) -> str | None:
        return "seen enough" if len(self.weights) == 3 else None


def test_an_observer_of_ones_own() -> None:
    """It is told of everything in order, sees the newest weights, can't write, can end the training."""
    witness = Witness()
    trainer = make_trainer(average="ema", observers=[witness])
    final = trainer.run()
    assert witness.told == [word for epoch in (1, 2, 3) for word in ("begins", "trained", f"ended {epoch}")]
    assert (final.state, final.epoch, final.message) == ("finished", 3, "seen enough")
    assert witness.refused == 3 * 7
    assert witness.weights[2].tobytes() == trainer.state()["network.weights"].tobytes()
    assert witness.weights[1].tobytes() != witness.weights[2].tobytes()
    plain = make_trainer(average="ema", epochs=3, schedule="constant")
    watched = make_trainer(average="ema", epochs=3, schedule="constant", observers=[Witness()])
    plain.run(), watched.run()
    assert plain.network.weights.tobytes() == watched.network.weights.tobytes()


def test_what_an_observer_asks_for_is_done_and_said() -> None:
    """From the next batch on."""
    request = Request(rate_factor=0.1, note="slower: {rate:g}")
    history = (
        make_trainer(schedule="constant", learning_rate=0.01, epochs=3, observers=[Witness(request=request)])
        .run()
        .history
    )
    np.testing.assert_allclose([row.learning_rate for row in history], [0.01, 0.001, 0.0001])
    assert [row.event for row in history] == ["", "slower: 0.001", "slower: 0.0001"]


def test_what_is_left_reckons_with_the_pace() -> None:
    """Ten epochs at two a second take five seconds, however fast they are trained."""
    control = TrainingControl()
    control.set_pace(2.0)
    seen = []

    class Look(Observer):
        def epoch_ended(self, view: View, row: EpochRow) -> None:
            # The first epoch of a pace is due at once.
            seen.append(trainer.snapshot.seconds_left)
            if row.epoch == 2:
                control.stop()

    trainer = make_trainer(epochs=12, control=control, early_stopping=False, observers=[Look()])
    trainer.run()
    trainer.status.state = "running"
    trainer.publisher.publish()
    assert trainer.snapshot.seconds_left == pytest.approx(10 / 2.0)
    control.set_pace(None)
    trainer.publisher.publish()
    assert trainer.snapshot.seconds_left is not None and trainer.snapshot.seconds_left < 1
