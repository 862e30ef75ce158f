"""What trains a network by one plan: the loop and its observers, put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ann_tui.network.layers.dropout import Dropout
from ann_tui.network.network import Network
from ann_tui.network.scoring import Scorer
from ann_tui.training.clock import Clock
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import Examples, TrainingError
from ann_tui.training.history import History
from ann_tui.training.loop import Loop, batch_rows
from ann_tui.training.observer import Observer
from ann_tui.training.observers.best import BestWeights
from ann_tui.training.observers.divergence import Divergence
from ann_tui.training.observers.early_stopping import EarlyStopping
from ann_tui.training.observers.pace import Pace
from ann_tui.training.observers.plateau import Plateau
from ann_tui.training.observers.publisher import Publisher, Status
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan


@dataclass(frozen=True, eq=False)
class Lasting:
    """What stays when the plan changes: the clock, the state, the observers given, and who steers at the moment."""

    clock: Clock
    status: Status
    observers: Sequence[Observer]
    control: Callable[[], TrainingControl]


def check_plan(plan: TrainingPlan, network: Network, rows: int) -> None:
    """Raise `TrainingError` where a network can't be trained by a plan on so many rows."""
    if OPTIMIZERS[plan.optimizer].searches and any(
        layer.mixes_rows or layer.draws for layer in network.layers
    ):
        raise TrainingError(
            f"{plan.optimizer} needs the same cost each time: leave out dropout and batch norm"
        )
    if OPTIMIZERS[plan.optimizer].searches and network.members > 1:
        raise TrainingError(f"{plan.optimizer} searches along the cost of one network: choose 1 member")
    if plan.dropout is not None and not any(isinstance(layer, Dropout) for layer in network.layers):
        raise TrainingError("dropout: the network has no dropout layer whose rate could be another one")
    if plan.frozen_layers >= len(network.layers):
        hidden = len(network.layers) - 1
        raise TrainingError(
            f"{plan.frozen_layers} layers can't be frozen: there {'is 1' if hidden == 1 else f'are {hidden}'} below "
            "the output layer, which always learns"
        )
    for layer in network.layers:
        if obstacle := layer.obstacle(batch_rows(plan, rows)):
            raise TrainingError(obstacle)


class Assembly:
    """The loop of a plan, and its observers in the order in which they are told."""

    def __init__(
        self,
        network: Network,
        training: Examples,
        plan: TrainingPlan,
        history: History | None,
        lasting: Lasting,
    ) -> None:
        """With the `history` of an earlier plan, if there is one. Raises `TrainingError` where it can't train so."""
        check_plan(plan, network, len(training))
        self.plan = plan
        for layer in network.layers:
            if isinstance(layer, Dropout):
                layer.rate_now = plan.dropout
        self.loop = loop = Loop(network, training, plan)
        self.history = history or History(loop.probe.layer_count)
        self.scorer = Scorer(network, loop.averages.weights, loop.averages.statistics)
        self.divergence, self.best = Divergence(loop.view), BestWeights(loop.view, plan)
        self.publisher = Publisher(
            loop, self.history, self.best, self.scorer, lasting.clock, lasting.status, lasting.control
        )
        self.observers: list[Observer] = [self.divergence, self.best, EarlyStopping(plan)]
        if plan.schedule == "plateau":
            self.observers.append(Plateau(plan))
        self.observers += [*lasting.observers, self.publisher, Pace(lasting.control, lasting.clock)]
