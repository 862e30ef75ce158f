"""One run of an experiment: its training, its judgement, and what is kept of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from ann_tui.data.cells.table import DroppedRow
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD
from ann_tui.data.preparing.row_digests import KnownRows
from ann_tui.evaluation.decision import at_threshold, chosen_threshold
from ann_tui.evaluation.doubts import Doubts, learnt_digests
from ann_tui.evaluation.evaluation import Evaluation, SplitScore, judge, with_baselines
from ann_tui.evaluation.threshold import Aim
from ann_tui.experiments.choice_texts import choice_texts
from ann_tui.experiments.derived import LoadedData, load, prepare_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.fresh_training import fresh_training
from ann_tui.experiments.on_the_way import steps_to
from ann_tui.experiments.origin import Origin
from ann_tui.experiments.refit import refit_trainer, refitted
from ann_tui.experiments.run_answers import answers_of
from ann_tui.experiments.run_label import Label
from ann_tui.experiments.run_result import RunResult
from ann_tui.experiments.split_cost import with_split_costs
from ann_tui.model.trained_model import Fingerprint
from ann_tui.network.network import Network
from ann_tui.network.scoring import predict
from ann_tui.training.changes import RATE, STOP, Change
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import TrainingError
from ann_tui.training.trainer import Trainer

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.evaluation.answers import Answers
    from ann_tui.evaluation.evaluation import SplitName
    from ann_tui.experiments.under_way import UnderWay
    from ann_tui.training.history import EpochRow
    from ann_tui.training.observers.timeline import Timeline
    from ann_tui.training.snapshot import Snapshot
    from ann_tui.training.snapshot import State as RunState
    from ann_tui.training.state import State


class Run:
    """One training: a network of its own, its trainer, and afterwards its evaluation.

    `id` counts the runs of a tree; `parent` is the run that it began from, at that one's epoch `began_at`, None for one
    that began with fresh weights. `experiment` is that by which it began, of which `steering` is the rest; `to_do` has
    the changes that it makes again.
    `under_way` puts its states away while it trains, where anything does. `ended` says that the thread of the run is
    done with it. `network` is the one that the validation rows chose, and `refitted` the one that was trained again on
    these rows too, None where there is none; while it trains, `refitting` does it. `told` is the score of `network` on
    the validation rows where that one is gone. It `began` at that moment, and `label` is what the person says of it.
    Two classes are told apart at `threshold`, which was chosen for `aim` on the validation rows, None where a person
    set it. `looks` counts the networks that its test rows have judged, once its own score on them was shown.
    `lacks_epochs` says that only some of its weights came with it. Raises DesignError where the design does not fit the
    data, and TrainingError where the rows can't be trained on.
    """

    def __init__(
        self,
        experiment: Experiment,
        prepared: PreparedData,
        control: TrainingControl | None = None,
        *,
        id: int = 1,
        parent: int | None = None,
        origin: Origin | None = None,
        chosen: Experiment | None = None,
        keep: int = 0,
    ) -> None:
        """With `origin` it begins there; `keep` is as in `Trainer`."""
        self.id, self.parent, self._origin = id, parent, origin
        self.experiment, self.prepared = replace(experiment, steering=()), prepared
        self.to_do = experiment
        self._chosen = [(0, self.experiment if chosen is None else chosen)]
        self.control = control or TrainingControl()
        trainer = fresh_training(experiment, prepared, self.control, replay=experiment.steering, keep=keep)
        self.network: Network = trainer.network
        self.refitting: Trainer | None = None
        self.refitted: Network | None = None
        self._trainer: Trainer | None = trainer
        self._final: tuple[Snapshot, tuple[Change, ...]] | None = None
        self.told: SplitScore | None = None
        self.evaluation: Evaluation | None = None
        self.threshold = DEFAULT_THRESHOLD
        self.aim: Aim | None = None
        self._deciding = Lock()
        self.ended = False
        self.under_way: UnderWay | None = None
        self.looks: int | None = None
        self.lacks_epochs = False
        self.began, self.label = datetime.now(UTC), Label()

    def stand_at(self, snapshot: Snapshot, steering: tuple[Change, ...]) -> None:
        """Stand where a training ended that another process did."""
        self._final = snapshot, steering
        self.ended = True

    @property
    def chosen(self) -> Experiment:
        """The experiment by whose plan it goes on, as the screens say it; see `steer`."""
        return self._chosen[-1][1]

    @cached_property
    def choices(self) -> Mapping[str, str]:
        """The choices by which it began, in words; see `choice_texts`."""
        return choice_texts(self.experiment, self.prepared.fitted.target.name)

    def chosen_at(self, epoch: int) -> Experiment:
        """The one by which it went on after an epoch."""
        return next(chosen for since, chosen in reversed(self._chosen) if since <= epoch)

    @property
    def began_at(self) -> int:
        """The epoch of its parent after which it began; 0 for one that began with fresh weights."""
        return 0 if self._origin is None else self._origin.epoch

    @property
    def branched_with(self) -> tuple[Change, ...]:
        """What its plan was changed by where it began from its parent."""
        begun = self._origin is not None
        return tuple(
            change for change in self.changes if begun and (change.epoch, change.batch) == (self.began_at, 0)
        )

    @property
    def timeline(self) -> Timeline | None:
        """The weights of its epochs; None where none are kept, or its rows are gone."""
        return None if self._trainer is None else self._trainer.timeline

    @property
    def has_rows(self) -> bool:
        """Whether its matrices are still there; see `release_rows`."""
        return self._trainer is not None

    @property
    def trainer(self) -> Trainer:
        """What trains it; gone with its rows."""
        assert self._trainer is not None
        return self._trainer

    # -- what it is at this moment -------------------------------------------------------------------------

    @property
    def snapshot(self) -> Snapshot:
        """The training as it was a moment ago; may be read from every thread."""
        return self.trainer.snapshot if self._final is None else self._final[0]

    @property
    def state(self) -> RunState:
        """How the training stands."""
        return self.snapshot.state

    @property
    def history(self) -> tuple[EpochRow, ...]:
        """All epochs so far."""
        return self.snapshot.history

    @property
    def changes(self) -> tuple[Change, ...]:
        """What was changed by hand while it trained."""
        return self.trainer.changes if self._final is None else self._final[1]

    @property
    def steering(self) -> tuple[Change, ...]:
        """What a person did to it while it trained: the changes, and where it was stopped by hand."""
        changes, snapshot = self.changes, self.snapshot
        if snapshot.state != "stopped" or any(change.field == STOP for change in changes):
            return changes
        return (*changes, Change(snapshot.epoch, snapshot.batch, STOP, 0.0, snapshot.attempt))

    @property
    def scores(self) -> Mapping[SplitName, SplitScore]:
        """The metrics of each part of the split; none before it is judged."""
        return {} if self.evaluation is None else self.evaluation.scores

    @property
    def doubts(self) -> Doubts | None:
        """What is known against its score; None before it is judged."""
        return None if self.evaluation is None else self.evaluation.doubts

    # -- what it does --------------------------------------------------------------------------------------

    def train(self) -> Snapshot:
        """Train to the end and give the last snapshot; the network then holds its best weights.

        Where the plan says so, another one is then trained again on all rows, unless it is stopped meanwhile.
        """
        self.refitted = None
        if (
            self._origin is not None
            and not self.trainer.history.rows
            and not self._origin.go_to(self.trainer)
        ):
            return self.snapshot
        snapshot = self.trainer.run()
        self.refitting = refit_trainer(self.experiment, self.prepared, self.trainer, self.control)
        if self.refitting is not None and snapshot.best_epoch:
            self.control.set_pace(None)
            self.refitted = refitted(self.refitting, snapshot.best_epoch)
            self.refitting = None
        return snapshot

    @property
    def answering(self) -> Network:
        """The network that answers new rows."""
        return self.network if self.refitted is None else self.refitted

    def steer(self, wanted: Experiment) -> None:
        """Go on as another experiment says while it trains: at its rate at once, by its plan from the next epoch on.

        Raises TrainingError with one line where the two differ in more than may change on the way, or where the network
        can't be trained by that plan.
        """
        steps = steps_to(self.chosen, wanted)
        if wanted.plan.epochs <= self.snapshot.epoch:
            raise TrainingError(
                f"{self.snapshot.epoch:,} epochs are trained already, more than {wanted.plan.epochs:,}: s stops it"
            )
        self.trainer.check_plan(wanted.plan)
        for name, value in steps:
            if name == RATE:
                self.control.set_learning_rate(float(value))
            else:
                self.control.change_plan(name, value)
        self._chosen.append((self.snapshot.epoch + 1, wanted))

    def adopt(self, trainer: Trainer) -> None:
        """Take over the weights of its epochs from a trainer that went through the same ones; see `trained_again`."""
        self._trainer, self.lacks_epochs = trainer, False
        self.network.weights[:], self.network.statistics[:] = (
            trainer.network.weights,
            trainer.network.statistics,
        )

    def keep_by(self, under_way: UnderWay) -> None:
        """Let its states be put away while it trains."""
        self.under_way = under_way
        self.trainer.keep_by(under_way)

    def go_on_from(self, state: State) -> None:
        """Stand where a training of the same experiment stood. Raises TrainingError where that was another one."""
        self.trainer.load_state(state)

    def origin_at(self, epoch: int) -> Origin:
        """Where another run can begin, after one of this one's epochs. Raises TrainingError with one line."""
        timeline, snapshot = self.timeline, self.snapshot
        if not self.has_rows:
            raise TrainingError(f"run {self.id} can't be gone back into any more: its rows were let go of")
        if not 0 <= epoch <= snapshot.epoch:
            raise TrainingError(f"run {self.id} has {snapshot.epoch} epochs")
        if timeline is not None and timeline.key_before(epoch) is None:
            timeline = None
        if timeline is not None:
            timeline.hold(epoch)
        return Origin(epoch, snapshot.history[:epoch], timeline)

    def judge(self) -> Evaluation:
        """Judge the trained network on every split; `compare` adds the baselines."""
        chosen = None if self.refitted is None or self.told is not None else partial(predict, self.network)
        return self._judged(
            judge(
                partial(predict, self.answering),
                self.prepared,
                refit=self.refitted is not None,
                chosen=chosen,
                told=self.told,
            )
        )

    def compare(self, *, cancelled: Callable[[], bool] | None = None) -> Evaluation:
        """Put the baselines beside the judgement; when `cancelled` says yes, those that are done by then."""
        return self._judged(
            with_baselines(
                self.evaluation or self.judge(),
                self.prepared,
                cost=self.network.cost,
                cancelled=cancelled,
            )
        )

    def weigh_splits(self, *, cancelled: Callable[[], bool] = lambda: False) -> Evaluation:
        """Put beside the judgement what each split that is advised would cost; see `with_split_costs`."""
        evaluation = self.evaluation or self.judge()
        weighed = with_split_costs(evaluation, self.experiment, self.prepared, cancelled=cancelled)
        return self._judged(replace(self.evaluation or evaluation, doubts=weighed.doubts))

    def check_threshold(self, threshold: float | Aim) -> None:
        """Raise ValueError with one line where `decide` can't take this, whatever the training gives."""
        if len(self.prepared.fitted.target.classes) != 2:
            raise ValueError("a threshold is for two classes, and this target does not have two")
        if isinstance(threshold, Aim) and not len(self.prepared.validation.rows):
            raise ValueError(
                "no validation rows are set aside to choose a threshold on: chosen on the rows that judge, it would "
                "flatter"
            )
        if isinstance(threshold, Aim) and self.told is not None:
            raise ValueError(
                "this network was trained again on the validation rows, and how it did on them before is not kept: "
                "train it anew to choose a threshold on them"
            )

    def decide(self, threshold: float | Aim) -> None:
        """Tell two classes apart at another threshold from here on: this one, or the best for an aim.

        That is chosen on the validation rows. Raises ValueError as `check_threshold` does.
        """
        self.check_threshold(threshold)
        evaluation = self.evaluation or self.judge()
        with self._deciding:
            self.aim = threshold if isinstance(threshold, Aim) else None
            self.threshold = (
                chosen_threshold(evaluation, threshold) if isinstance(threshold, Aim) else threshold
            )
            self.evaluation = at_threshold(self.evaluation or evaluation, self.threshold, self.aim)

    def stand_by(self, threshold: float, aim: Aim | None = None) -> None:
        """Tell two classes apart as was decided before: at a threshold that was chosen for that aim, if for any."""
        with self._deciding:
            self.threshold, self.aim = threshold, aim
            if self.evaluation is not None:
                self.evaluation = at_threshold(self.evaluation, threshold, aim)

    def _judged(self, evaluation: Evaluation) -> Evaluation:
        """Take an evaluation up, at the threshold as it is by now."""
        with self._deciding:
            self.evaluation = at_threshold(evaluation, self.threshold, self.aim)
            return self.evaluation

    def release_rows(self) -> None:
        """Let go of the matrices, which follow from the experiment and its table; all that came of the run stays."""
        self._final = self.snapshot, self.changes
        self._trainer = None
        self.prepared = self.prepared.without_matrices()

    def result(self) -> RunResult:
        """What came of it, as it is now; it does not change with the run."""
        network, prepared = self.answering.copy(), self.prepared
        table = prepared.table
        dropped = (
            *table.dropped,
            *(DroppedRow(int(table.lines[row]), reason) for row, reason in prepared.set_aside),
        )
        rows: dict[SplitName, int] = {
            "training": len(prepared.training.rows),
            "validation": len(prepared.validation.rows),
            "test": len(prepared.test.rows),
        }
        steering = self.steering
        return RunResult(
            replace(self.experiment, steering=steering),
            prepared.fitted,
            network,
            self.snapshot,
            steering,
            self.evaluation,
            rows,
            tuple(sorted(dropped, key=lambda row: row.line)),
            len(table.frame) + len(table.dropped),
            Fingerprint.of(table.path, prepared.file_rows, table.frame.shape[1]),
            KnownRows.of(learnt_digests(prepared, refit=self.refitted is not None)),
            self.aim,
            self.answers,
            self._newest(),
            self.refitted is not None,
        )

    @property
    def answers(self) -> Mapping[SplitName, Answers]:
        """What it said of the rows kept from the training; {} before it is judged."""
        evaluation = self.evaluation
        if evaluation is None:
            return {}
        return answers_of(evaluation, self.prepared, self.snapshot.validation_outputs)

    def _newest(self) -> Network | None:
        newest = None if self._trainer is None else self._trainer.newest
        if newest is None or np.array_equal(newest[0], self.answering.weights):
            return None
        network = self.network.copy()
        network.weights[:], network.statistics[:] = newest
        return network


def run_experiment(
    experiment: Experiment,
    data: LoadedData | None = None,
    *,
    prepared: PreparedData | None = None,
    baselines: bool = True,
    split_costs: bool = True,
    control: TrainingControl | None = None,
    threshold: float | Aim | None = None,
    train: Callable[[Run], Snapshot] = Run.train,
    judged: Callable[[RunResult], None] | None = None,
) -> RunResult:
    """Run an experiment on its data, which are read where they are not given; the same choices give the same bits.

    Nothing outside is changed. `control` can steer and stop it from another thread, and a stopped one gets no
    baselines. `prepared` are its rows, where these are known already or are not those of its split. `train` carries the
    training out, with a progress bar for example; `judged` is told of the result before the baselines are fitted.
    Without `split_costs` it is not told, with the baselines, what a stricter split would cost. `threshold` is what the
    network decides at; see `Run.decide`. Raises ReadError, PreparationError, DesignError and TrainingError, all of them
    ValueErrors with one clear line.
    """
    if prepared is None:
        prepared = prepare_experiment(experiment, data or load(experiment.source))
    run = Run(experiment, prepared, control)
    if threshold is not None:
        run.check_threshold(threshold)
    if train(run).state == "failed":
        return run.result()
    run.judge()
    if threshold is not None:
        run.decide(threshold)
    if judged is not None:
        judged(run.result())
    if baselines and not run.control.stopping:
        run.compare(cancelled=lambda: run.control.stopping)
        if split_costs:
            run.weigh_splits(cancelled=lambda: run.control.stopping)
    return run.result()
