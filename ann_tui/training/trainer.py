"""The training loop: epochs, the best weights, stopping, divergence, and what it shows of itself."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from ann_tui.network.arrays import Array, length
from ann_tui.network.network import Network
from ann_tui.network.scoring import Scorer
from ann_tui.training.batches import Batches
from ann_tui.training.binding import bind_training
from ann_tui.training.control import TrainingControl
from ann_tui.training.divergence import HALVINGS
from ann_tui.training.examples import Examples, TrainingError, checked
from ann_tui.training.helper import Helper
from ann_tui.training.history import EpochRow
from ann_tui.training.optimizers import OPTIMIZERS, Step
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.progress import Progress
from ann_tui.training.schedules import SCHEDULES, constant, with_warm_up
from ann_tui.training.snapshot import SHOWN_COSTS, Snapshot, State

PUBLISH_SECONDS = 0.05
"""A snapshot is published at most so often while nothing but the numbers changes."""

PLATEAU_FACTOR = 0.5


class Trainer:
    """Trains one network on one set of rows by one plan.

    ``run`` works in any one thread; ``snapshot`` may be read from every thread, and steering goes through ``control``.
    """

    def __init__(
        self,
        network: Network,
        training: Examples,
        validation: Examples | None,
        plan: TrainingPlan,
        control: TrainingControl | None = None,
    ) -> None:
        """Check the rows and make room; raises ``TrainingError`` that names row and column of a bad value."""
        self.network, self.plan = network, plan
        self.control = control or TrainingControl()
        self.training = checked(training, network, "training")
        self.validation: Examples | None = None
        if validation is not None and len(validation):
            self.validation = checked(validation, network, "validation")
            self._validation_targets = network.cost.targets(self.validation.y)
        self._validation_scores: Array | None = None

        entry = OPTIMIZERS[plan.optimizer]
        if entry.searches and any(layer.mixes_rows or layer.draws for layer in network.layers):
            raise TrainingError(
                f"{plan.optimizer} needs the same cost each time: leave out dropout and batch norm"
            )
        rows = len(training)
        self._batch = rows if entry.whole else min(plan.batch, rows)
        self._batches = -(-rows // self._batch)
        self._sizes = np.full(self._batches, float(self._batch))
        self._sizes[-1] = rows - (self._batches - 1) * self._batch
        self._factor = with_warm_up(SCHEDULES[plan.schedule].factor, plan.warm_up)
        self.progress = Progress(network, rows, self._batches, plan)
        self._scorer = Scorer(network, self.progress.averages.weights, self.progress.averages.statistics)
        self._workspace = np.zeros((2, network.weights.size), network.dtype)
        self._newest: tuple[Array, Array] | None = None
        self._past_costs: deque[float] = deque(maxlen=SHOWN_COSTS)
        self._state: State = "ready"
        self._message = ""
        self._clock = self._published = 0.0
        self.snapshot = self._look()

    # ------------------------------------------------------------------ the run

    def run(self) -> Snapshot:
        """Train to the end of the plan, or until it is stopped; the network then holds the best weights.

        Called again after a stop, with a new ``control``, it goes on where it was.
        """
        self._take_up()
        self._clock = time.perf_counter() - self.progress.seconds
        self._state, self._message = "running", ""
        self._publish()
        try:
            with threadpool_limits(1, user_api="blas"), np.errstate(all="ignore"), Helper() as helper:
                self._train(helper)
        except BaseException as error:
            self._state, self._message = "failed", str(error) or type(error).__name__
            raise
        finally:
            self.progress.seconds = time.perf_counter() - self._clock
            self._put_best()
            self._publish()
        return self.snapshot

    def _train(self, helper: Helper) -> None:
        progress = self.progress
        batches, step = bind_training(
            self.network, self.training, self.plan, self._batch, progress, self._workspace, helper
        )
        while self._state == "running":
            if progress.epoch >= self.plan.epochs or progress.best.enough:
                self._finish()
            elif self.control.attention and not self._attend():
                self._state = "stopped"
            else:
                if not progress.under_way:
                    progress.begin_epoch()
                if self._train_epoch(batches, step):
                    self._end_epoch()

    def _train_epoch(self, batches: Batches, step: Step) -> bool:
        """Train the epoch's remaining batches; False where the training shall end before that."""
        progress = self.progress
        while progress.done < self._batches:
            begin = progress.done - progress.done % batches.count
            loaded = batches.load(progress.order, begin)
            done = progress.done - begin
            while done < loaded:
                if self.control.attention and not self._attend():
                    return False
                rates = self._rates(begin, loaded)
                first, done = done, batches.train(done, rates, progress.count, step, self.control)
                if done > first:
                    progress.figures[:, begin + first : begin + done] = batches.results(first, done)
                    progress.count += done - first
                    progress.done = begin + done
            self._publish_sometimes()
        return True

    def _rate(self, batch: int) -> float:
        """The learning rate of a batch of the current epoch."""
        progress = self.progress
        return progress.learning_rate * self._factor(
            (progress.epoch + batch / self._batches) / self.plan.epochs
        )

    def _rates(self, begin: int, batches: int) -> list[float]:
        """The learning rates of the next batches."""
        if self._factor is constant:
            return [self.progress.learning_rate] * batches
        return [self._rate(begin + batch) for batch in range(batches)]

    def _attend(self) -> bool:
        """Do what the control asks for; False where the training shall end."""
        self._take_rate()
        if self.control.paused and not self.control.stopping:
            self.progress.seconds = time.perf_counter() - self._clock
            self._state = "paused"
            self._publish()
            while self.control.wait_while_paused():
                self._take_rate()
                self._publish()
            self._clock = time.perf_counter() - self.progress.seconds
            self._state = "running"
            self._publish()
        return not self.control.stopping

    def _take_rate(self) -> None:
        """Go on at the rate that was asked for, if any; where the schedule rises, that is the rate at its top."""
        rate, factor = self.control.take_learning_rate()
        if rate is None and factor == 1.0:
            return
        progress = self.progress
        if rate is not None:
            now = (progress.epoch + progress.done / self._batches) / self.plan.epochs
            top = max(self._factor(float(share)) for share in np.linspace(min(now, 1.0), 1.0, 101))
            progress.learning_rate = rate / top if top > 0 else rate
        progress.learning_rate *= factor
        progress.note(f"learning rate set to {self._rate(progress.done):g}")

    # ------------------------------------------------------ the end of an epoch

    def _end_epoch(self) -> None:
        progress, plan = self.progress, self.plan
        rate = self._rate(0)
        costs, merits = progress.figures
        cost = float(np.add.reduce(costs)) / len(self.training)
        progress.under_way, progress.done = False, 0
        if progress.guard.diverged(float(costs[0]) / self._batch, cost):
            self._recover()
            return
        progress.epoch += 1
        progress.averages.end_epoch(progress.epoch)
        validation_cost, validation_metric = self._measure()
        row = EpochRow(
            progress.epoch,
            cost,
            validation_cost,
            self.training.metric(float(np.add.reduce(merits))),
            validation_metric,
            rate,
            length(self._workspace[0]),
            time.perf_counter() - self._clock,
            progress.event,
        )
        progress.event = ""
        progress.history.append(row)
        self._past_costs.extend((costs[-SHOWN_COSTS:] / self._sizes[-SHOWN_COSTS:]).tolist())
        best = progress.best
        best.consider(row, progress.averages.weights, progress.averages.statistics)
        if plan.schedule == "plateau" and best.waited and best.waited % plan.plateau_patience == 0:
            progress.learning_rate *= PLATEAU_FACTOR
            progress.note(f"plateau: learning rate halved to {progress.learning_rate:g}")
        self.control.epoch_ended()
        if self.control.pace is None:
            self._publish_sometimes()
        else:
            self._publish()
            self._clock += self.control.keep_pace()

    def _measure(self) -> tuple[float, float] | tuple[None, None]:
        """The cost and the metric of the validation rows."""
        examples, cost = self.validation, self.network.cost
        if examples is None:
            return None, None
        scores = self._validation_scores = self._scorer.scores(examples.x)
        values = cost.values(scores, self._validation_targets)
        if examples.weight is not None:
            values = values * examples.weight
        merits = cost.merits(scores, examples.y)
        return float(values.mean(dtype=np.float64)), examples.metric(float(merits.sum(dtype=np.float64)))

    def _recover(self) -> None:
        """Go back to the epoch's start with half the learning rate, or give up."""
        progress = self.progress
        progress.count = progress.guard.restore()
        if not math.isfinite(progress.guard.first_cost):
            self._state = "failed"
            self._message = (
                "the cost is not a number before the first step already: scale the features and the target"
            )
            return
        if progress.guard.halvings == HALVINGS:
            self._state = "failed"
            self._message = (
                f"the cost grew without bound although the learning rate was halved {HALVINGS} times: "
                f"choose one well below {progress.learning_rate:g}, or clip the gradient"
            )
            return
        progress.guard.halvings += 1
        progress.learning_rate /= 2
        progress.note(f"diverged: learning rate halved to {progress.learning_rate:g}")

    def _finish(self) -> None:
        self._state = "finished"
        if self.progress.epoch < self.plan.epochs:
            waited = self.progress.best.waited
            self._message = f"stopped early: the {self.plan.monitor} got no better for {waited} epochs"

    def _put_best(self) -> None:
        """Let the network hold the best weights; the newest are kept to go on from."""
        network, best = self.network, self.progress.best
        self._newest = network.weights.copy(), network.statistics.copy()
        if best.epoch is not None:
            network.weights[:], network.statistics[:] = best.weights, best.statistics

    def _take_up(self) -> None:
        """Let the network hold the newest weights again."""
        if self._newest is not None:
            self.network.weights[:], self.network.statistics[:] = self._newest
            self._newest = None

    # ----------------------------------------------------------- out and back

    def state(self) -> dict[str, Any]:
        """The training in full, as copied arrays, numbers and texts; not while ``run`` is under way."""
        found = self.progress.state()
        if self._newest is not None:
            found["weights"], found["statistics"] = (vector.copy() for vector in self._newest)
        return found

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Stand where a training of the same design, data and plan stood; ``run`` then goes on bit for bit.

        A plan with more epochs trains on. Raises ``TrainingError`` where the state doesn't fit.
        """
        self.progress.load(state)
        self._newest = None
        if self.validation is not None and self.progress.epoch and self.progress.done == 0:
            self._validation_scores = self._scorer.scores(self.validation.x)
        self._put_best()
        self._publish()

    # ------------------------------------------------------------- what it shows

    def _publish_sometimes(self) -> None:
        if time.perf_counter() > self._published + PUBLISH_SECONDS:
            self._publish()

    def _publish(self) -> None:
        self._published = time.perf_counter()
        self.snapshot = self._look()

    def _look(self) -> Snapshot:
        progress = self.progress
        seconds = time.perf_counter() - self._clock if self._state == "running" else progress.seconds
        done = progress.epoch + progress.done / self._batches
        under_way = done and self._state in ("running", "paused")
        outputs = None
        if self._validation_scores is not None:
            outputs = self.network.cost.predictions(self._validation_scores)
            outputs.flags.writeable = False
        return Snapshot(
            state=self._state,
            epoch=progress.epoch,
            epochs=self.plan.epochs,
            batch=progress.done,
            batches=self._batches,
            history=tuple(progress.history),
            best_epoch=progress.best.epoch,
            batch_costs=self._newest_costs(),
            validation_outputs=outputs,
            rows_per_second=done * len(self.training) / seconds if seconds > 0 else 0.0,
            seconds=seconds,
            seconds_left=self._epoch_seconds(seconds / done) * (self.plan.epochs - done)
            if under_way
            else None,
            learning_rate=self._rate(progress.done) if progress.epoch < self.plan.epochs else 0.0,
            message=self._message,
        )

    def _epoch_seconds(self, trained: float) -> float:
        """How long an epoch lasts that trains for some seconds: longer where it is paced."""
        pace = self.control.pace
        return trained if pace is None else max(trained, 1 / pace)

    def _newest_costs(self) -> tuple[float, ...]:
        """The mean costs of the newest batches, across epochs."""
        done = self.progress.done
        first = max(0, done - SHOWN_COSTS)
        costs = self.progress.figures[0, first:done] / self._sizes[first:done]
        return tuple(cost for cost in (*self._past_costs, *costs.tolist()) if math.isfinite(cost))[
            -SHOWN_COSTS:
        ]
