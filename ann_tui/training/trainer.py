"""A training: the loop, its observers, what a person asks of it, and its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.network import Network
from ann_tui.network.one_thread import one_thread
from ann_tui.network.scoring import Scorer
from ann_tui.training.assembly import Assembly, Lasting, check_plan
from ann_tui.training.changes import Change, Changes, plan_after
from ann_tui.training.checkpoint import Keeping
from ann_tui.training.clock import Clock
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import Examples, checked
from ann_tui.training.helper import Helper
from ann_tui.training.history import EpochRow, History
from ann_tui.training.identity import Identity
from ann_tui.training.loop import Bound, Weights
from ann_tui.training.observer import Observer, Request
from ann_tui.training.observers.divergence import Divergence
from ann_tui.training.observers.publisher import Status
from ann_tui.training.observers.timeline import Timeline
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.snapshot import Snapshot
from ann_tui.training.state import Part, Section, gather, take
from ann_tui.training.steering import Steering


@dataclass(frozen=True)
class Start:
    """Where a training begins that goes on with other rows: its epoch, and what the optimizer remembers."""

    epoch: int = 0
    optimizer: Mapping[str, Any] | None = None


class Trainer:
    """Trains one network on one set of rows by one plan.

    `run` works in any one thread; `snapshot` may be read from every thread, and steering goes through `control`.
    """

    def __init__(
        self,
        network: Network,
        training: Examples,
        validation: Examples | None,
        plan: TrainingPlan,
        control: TrainingControl | None = None,
        *,
        start: Start | None = None,
        observers: Sequence[Observer] = (),
        replay: Sequence[Change] = (),
        keep: int = 0,
    ) -> None:
        """Check the rows and make room; `observers` are told of each epoch after the trainer's own.

        With `keep` the `timeline` holds the weights of epochs gone by, in so many bytes at most.

        The changes of `replay`, by a person to an earlier run, are made again at the same batches.
        Raises `TrainingError` that names row and column of a bad value.
        """
        self.network = network
        self.control = control or TrainingControl()
        self.training = checked(training, network, "training")
        self.validation: Examples | None = None
        if validation is not None and len(validation):
            self.validation = checked(validation, network, "validation")
            self._validation_targets = network.cost.targets(self.validation.y)
        self._steering, self._clock, self.status = Steering(replay), Clock(), Status()
        self.timeline = Timeline(self._clock, self.moving_state, keep) if keep else None
        watching = [*observers, *([] if self.timeline is None else [self.timeline])]
        self._lasting = Lasting(self._clock, self.status, watching, lambda: self.control)
        self._first_plan = plan
        self._assemble(plan)
        self._newest: tuple[Array, Array] | None = None
        self._keeping: Keeping | None = None
        if start is not None:
            self._begin_at(start)

    def _assemble(self, plan: TrainingPlan, history: History | None = None) -> None:
        """Put together what trains by a plan. Raises `TrainingError`, and then all is as it was."""
        self._by_plan = made = Assembly(self.network, self.training, plan, history, self._lasting)
        self.plan, self.loop, self.history, self.best = plan, made.loop, made.history, made.best
        self.publisher, self.observers = made.publisher, made.observers
        self._tellers: dict[str, list[Callable[..., Any]]] = {}
        if self.timeline is not None:
            self.timeline.watch(self.loop.view, self.best)

    def _begin_at(self, start: Start) -> None:
        self.loop.position.epoch = start.epoch
        if start.optimizer is not None:
            memory = self.loop.memory
            found = {f"{memory.name}.{key}": value for key, value in start.optimizer.items()}
            memory.check(Section(found, memory.name))()

    def keep_by(self, keeping: Keeping) -> None:
        """Let this put states away while the training goes on, and each change before it is made."""
        self._keeping = self._steering.keeping = keeping

    def _put_away(self) -> None:
        """Put a state away where one is due."""
        if self._keeping is not None and self._keeping.due():
            self._keeping.save(self.state)

    def _progressed(self) -> None:
        self.publisher.publish_sometimes()
        if self.loop.position.done < self.loop.batches:
            self._put_away()

    @property
    def snapshot(self) -> Snapshot:
        """The training as it was a moment ago."""
        return self.publisher.snapshot

    @property
    def changes(self) -> tuple[Change, ...]:
        """What was changed by hand so far."""
        return self._steering.changes.made

    @property
    def newest(self) -> tuple[Array, Array] | None:
        """The newest weights and statistics of a training that has ended or rests; None while it goes on."""
        return self._newest

    @property
    def newest_kept(self) -> tuple[Array, Array] | None:
        """The newest weights and statistics as they are measured: their mean where they are averaged; see `newest`."""
        averages = self.loop.averages
        return (averages.weights, averages.statistics) if averages.active else self._newest

    # ------------------------------------------------------------------ the run

    def run(self, until: int | None = None) -> Snapshot:
        """Train to the end of the plan, or until it is stopped; the network then holds the best weights.

        With `until` it stops as well when so many epochs have ended. Called again after a stop, with a new `control`,
        it goes on where it was.
        """
        self._take_up()
        if self.timeline is not None and not self.loop.position.under_way:
            self.timeline.begin(self.loop.position.epoch)
        self._steering.resume(self.loop.position, stopped=self.status.state == "stopped")
        self._clock.start()
        self._set("running")
        try:
            with one_thread(anew=True), np.errstate(all="ignore"), Helper() as helper:
                while self._train(
                    self.loop.bind(
                        self.control,
                        helper,
                        self._attend,
                        lambda: self._steering.replay_rate(self.loop, self.history),
                        lambda: self._steering.next_batch(self.loop.position),
                        self._progressed,
                    ),
                    until,
                ):
                    pass
        except BaseException as error:
            self.status.state, self.status.message = "failed", str(error) or type(error).__name__
            raise
        finally:
            self._clock.rest()
            if self._keeping is not None and self.status.state == "stopped":
                self._keeping.save(self.state)
            self._put_best()
            self.publisher.publish()
        return self.snapshot

    def _train(self, bound: Bound, until: int | None) -> bool:
        """Train until the end, or until another plan holds, and give whether that is so."""
        loop, position, control = self.loop, self.loop.position, self.control
        while self.status.state == "running":
            if position.epoch == until and not position.under_way:
                self.status.state = "stopped"
                return False
            if not position.under_way and self._take_plan():
                return True
            enough = self._enough()
            if enough is not None:
                self.status.state, self.status.message = "finished", enough
            elif (control.attention and not self._attend()) or not self._steering.replay_rate(
                loop, self.history
            ):
                self.status.state = "stopped"
            else:
                if not position.under_way:
                    loop.view.count = loop.memory.count
                    for tell in self._told("epoch_begins"):
                        tell(loop.view)
                    loop.begin_epoch()
                if loop.train_epoch(bound):
                    self._end_epoch()
                    self._put_away()
        return False

    def _enough(self) -> str | None:
        """Why the training is finished, which a whole plan need not say; None while it is not."""
        if self.loop.position.epoch >= self.plan.epochs:
            return ""
        return next((why for ask in self._told("enough") if (why := ask()) is not None), None)

    def _end_epoch(self) -> None:
        loop, history = self.loop, self.history
        rate = loop.rate.at(loop.position.epoch, 0)
        first_cost, cost = loop.epoch_costs()
        for tell in self._told("epoch_trained"):
            request = tell(loop.view, first_cost, cost)
            if request is not None and self._grant(request):
                return
        loop.count_epoch()
        validation_cost, validation_metric = self._measure()
        norm, layer_norms = loop.probe.norms()
        metric = self.training.metric(float(np.add.reduce(loop.costs.figures[1])))
        row = EpochRow(
            loop.position.epoch,
            cost,
            validation_cost,
            0.0 if metric is None else metric,
            validation_metric,
            rate,
            norm,
            self._clock.seconds,
            history.take_event(),
            layer_norms,
        )
        history.rows.append(row)
        self.control.epoch_ended()
        for tell in self._told("epoch_ended"):
            request = tell(loop.view, row)
            if request is not None:
                self._grant(request)

    def _told(self, what: str) -> list[Callable[..., Any]]:
        """The methods of this name of those observers that have one of their own."""
        if what not in self._tellers:
            usual = getattr(Observer, what)
            self._tellers[what] = [
                getattr(observer, what)
                for observer in self.observers
                if getattr(type(observer), what) is not usual
            ]
        return self._tellers[what]

    def _grant(self, request: Request) -> bool:
        """Do what an observer asks for; whether the epoch is to be trained again, or not at all."""
        loop = self.loop
        if request.go_back is not None:
            loop.go_back(request)
        loop.rate.base *= request.rate_factor
        if request.note:
            self.history.note(request.note.format(rate=loop.rate.base))
        if request.failure:
            self.status.state = "failed"
            self.status.message = request.failure.format(rate=loop.rate.base)
        return request.go_back is not None or bool(request.failure)

    def _measure(self) -> tuple[float | None, float | None]:
        """The cost and the metric of the validation rows; None for what can't be measured on them."""
        examples, cost = self.validation, self.network.cost
        if examples is None:
            return None, None
        scores = self.loop.view.scores = self._by_plan.scorer.scores(examples.x)
        values = cost.values(scores, self._validation_targets)
        if examples.weight is not None:
            values = values * examples.weight
        merits = cost.merits(scores, examples.y)
        return float(values.mean(dtype=np.float64)), examples.metric(float(merits.sum(dtype=np.float64)))

    # ------------------------------------------------------- what a person asks

    def _attend(self) -> bool:
        """Do what the control asks for; False where the training shall end."""
        self._steering.take_rate(self.control, self.loop, self.history)
        if self.control.paused and not self.control.stopping:
            self._clock.rest()
            self._set("paused")
            while self.control.wait_while_paused():
                self._steering.take_rate(self.control, self.loop, self.history)
                self.publisher.publish()
            self._clock.start()
            self._set("running")
        return not self.control.stopping

    def check_plan(self, plan: TrainingPlan) -> None:
        """Raise `TrainingError` where it can't go on by this plan."""
        check_plan(plan, self.network, len(self.training))

    def _take_plan(self) -> bool:
        """Between two epochs: go on by another plan, if one was asked for or is due; whether one was."""
        before, position = self.plan, self.loop.position
        plan = self._steering.next_plan(self.control, before, position, self.history, self.check_plan)
        if plan == before:
            return False
        state = gather(self._going_on)
        changed = {name for name, value in asdict(plan).items() if getattr(before, name) != value}
        self._assemble(plan, self.history)
        take(self._going_on, state, changed)
        self._identity.plan = plan
        return True

    def _set(self, state: Any) -> None:
        self.status.state, self.status.message = state, ""
        self.publisher.publish()

    # ----------------------------------------------------------- out and back

    def _put_best(self) -> None:
        """Let the network hold the best weights; the newest are kept to go on from."""
        network, best = self.network, self.best
        self._newest = network.weights.copy(), network.statistics.copy()
        if best.epoch is not None:
            network.weights[:], network.statistics[:] = best.weights, best.statistics
            if self.validation is not None:
                with one_thread(), np.errstate(all="ignore"):
                    self.publisher.kept_scores = Scorer(network).scores(self.validation.x)

    def _take_up(self) -> None:
        """Let the network hold the newest weights again."""
        if self._newest is not None:
            self.network.weights[:], self.network.statistics[:] = self._newest
            self._newest = None
        self.publisher.kept_scores = None

    @cached_property
    def _identity(self) -> Identity:
        return Identity(self.network, self.training, self.validation, self.plan)

    @property
    def _moving_parts(self) -> list[Part]:
        observing = [observer for observer in self.observers if isinstance(observer, Part)]
        return [*self.loop.parts, self._clock, *observing]

    @property
    def _going_on(self) -> list[Part]:
        return [self.history, self._steering.changes, *self._moving_parts]

    @property
    def _parts(self) -> list[Part]:
        return [self._identity, *self._going_on]

    def moving_state(self) -> dict[str, Any]:
        """The part of the state between two epochs that is neither what was nor what is given; see `begin_at`.

        Called in the thread that trains, when an epoch has ended.
        """
        found = gather(self._moving_parts) | {f"{self.history.name}.event": self.history.event}
        return {key: value for key, value in found.items() if not key.startswith(Divergence.REMEMBERED)}

    def begin_at(self, moving: Mapping[str, Any], rows: Sequence[EpochRow]) -> None:
        """Stand between two epochs where a training of the same experiment stood, from what it kept of that.

        `rows` are its epochs up to there; what is to be replayed up to there counts as done. Raises `TrainingError`.
        """
        history, made = History(self.history.layers), Changes()
        history.rows, made.made = list(rows), self._steering.before(len(rows))
        self._assemble(plan_after(self._first_plan, made.made))
        self._identity.plan = self.plan
        given = gather([self._identity, history, made])
        self.load_state({**gather([self._by_plan.divergence]), **given, **moving})

    def optimizer_state(self) -> Mapping[str, Any]:
        """What the optimizer remembers, for the `Start` of a training with other rows."""
        return self.loop.memory.state()

    def state(self) -> dict[str, Any]:
        """The training in full, as copied arrays, numbers and texts; not while `run` is under way."""
        found = gather(self._parts)
        if self._newest is not None:
            found |= gather([Weights(*self._newest)])
        return found

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Stand where a training of the same design and data stood; `run` then goes on, bit for bit by the same plan.

        A plan that differs in what may change at a branch goes on with its own values. Raises `TrainingError` where
        the state doesn't fit, and then nothing has changed.
        """
        made = Changes()
        made.check(Section(state, made.name))()
        plan = plan_after(self._first_plan, made.made)
        if plan != self.plan:
            self._assemble(plan)
            self._identity.plan = plan
        take(self._parts, state, self._identity.changed_fields(Section(state, self._identity.name)))
        self._newest = None
        position, view = self.loop.position, self.loop.view
        view.scores = None
        if self.validation is not None and position.epoch and not position.done:
            with one_thread():
                view.scores = self._by_plan.scorer.scores(self.validation.x)
        self._put_best()
        self.publisher.publish()
