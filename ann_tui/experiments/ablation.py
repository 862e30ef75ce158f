"""What each piece of an experiment gives: it is trained as it is, and with each piece left out, and judged.

The validation rows judge alone; no test row is looked at. Each variant is trained with the same seeds, each of which
gives another split, other first weights and another order of the rows, so that differences are those of pairs.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ann_tui.evaluation.metrics import LOWER_IS_BETTER
from ann_tui.experiments.derived import completed, prepare_experiment
from ann_tui.experiments.experiment import Experiment, from_anywhere, with_seeds
from ann_tui.experiments.fresh_training import fresh_training
from ann_tui.experiments.preset_pieces import Piece, pieces_of, plain_of
from ann_tui.experiments.stopped_by import StoppedBy
from ann_tui.experiments.workers.side_by_side import Stop, side_by_side
from ann_tui.experiments.workers.trial_bench import judged_by, prepared_once
from ann_tui.model.weights import digest_of
from ann_tui.training.control import TrainingControl

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.training.trainer import Trainer

HELPS, HURTS, UNSEEN, NOTHING = "helps", "hurts", "no difference that shows", "changes nothing"
ERRORS = 2.0
"""A mean difference of more standard errors than this is one that shows."""


@dataclass(frozen=True)
class Trial:
    """One training of a variant: with the seeds of the experiment and so many more, counted by `repetition`.

    `metrics` are those of `rows` validation rows, by name, of which `metric` stands for the network in one number.
    `seconds` are the processor's, of all threads, for the training alone. `network` is a digest of its weights. Where
    it could not be trained or judged, `problem` says why in one line.
    """

    variant: Experiment
    repetition: int
    metric: str = ""
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    rows: int = 0
    epochs: int = 0
    seconds: float = 0.0
    network: str = ""
    problem: str = ""

    @property
    def score(self) -> float:
        """The value of the first metric, where there is no problem."""
        value = self.metrics[self.metric]
        assert value is not None
        return value


@dataclass(frozen=True)
class Effect:
    """A variant beside the whole, over the seeds with which both are trained.

    `scores` are those of the first metric, in the order of the seeds. `difference` is the mean of score less the
    whole's with the same seed, `error` its standard error (standard deviation of the pairs' differences by n - 1, over
    √n), None for fewer than two seeds. `word` says what the part that was left out does; "" where that can't be told.
    `problem` says why it could not be trained with one of the seeds, and then there is no difference.
    """

    scores: tuple[float, ...]
    seeds: tuple[int, ...]
    difference: float | None
    error: float | None
    word: str
    seconds: float | None
    problem: str = ""

    @property
    def score(self) -> float | None:
        """The mean of the scores; None for none."""
        return float(np.mean(self.scores)) if self.scores else None


@dataclass(frozen=True)
class Ablation:
    """What is to be trained, each with so many seeds: an experiment as it is, without each piece, and the plain one."""

    whole: Experiment
    pieces: tuple[Piece, ...]
    plain: Experiment
    seeds: int

    @cached_property
    def variants(self) -> tuple[Experiment, ...]:
        """Whole, without each piece, plain; those that are equal once."""
        return tuple(dict.fromkeys((self.whole, *(piece.without for piece in self.pieces), self.plain)))

    def __len__(self) -> int:
        """How many trainings there are."""
        return len(self.variants) * self.seeds

    def jobs(self) -> Iterator[tuple[Experiment, int]]:
        """All trainings: all variants with one seed, the whole first, before the next; alike prepared ones in a row."""
        preparations = [each.preparation for each in self.variants]
        ordered = sorted(self.variants, key=lambda each: preparations.index(each.preparation))
        for repetition in range(self.seeds):
            for variant in ordered:
                yield variant, repetition

    def name(self, variant: Experiment) -> str:
        """What a variant is, in a few words."""
        if variant == self.whole:
            return "as it is"
        piece = next((piece for piece in self.pieces if piece.without == variant), None)
        return "plain" if piece is None else f"without {piece.title}"

    def seed(self, repetition: int) -> int:
        """The seed of the training that a repetition has."""
        return self.whole.plan.seed + repetition


def ablation_of(experiment: Experiment, rows: int, seeds: int) -> Ablation:
    """What there is to train for an experiment on a table of so many rows.

    What a person did while it trained belongs to these choices alone, and is left out; so is training again on all
    rows, which those that judge can't tell of. Raises ValueError with one line where it is the plain one already, or
    sets no validation rows aside.
    """
    once = replace(experiment.plan, refit=False)
    whole = from_anywhere(replace(experiment, plan=once, steering=()))
    if not whole.preparation.split.validation:
        raise ValueError("no validation rows are set aside to judge on: preparation.split.validation is 0")
    plain = plain_of(whole, rows)
    pieces = pieces_of(whole, plain)
    if not pieces:
        raise ValueError("nothing can be left out: these are the choices of the preset plain")
    return Ablation(whole, pieces, plain, seeds)


# ---------------------------------------------------------------------- training


def check_whole(ablation: Ablation, data: LoadedData) -> None:
    """Raise ValueError with one line where the experiment as it is can't be trained on the data, or judged there."""
    data = completed(ablation.whole, data)
    _ready(ablation.whole, prepare_experiment(ablation.whole, data), TrainingControl())


def trials(
    ablation: Ablation, data: LoadedData, *, jobs: int = 1, stop: Stop | None = None
) -> Generator[Trial]:
    """Train all there is to train, in turn or in so many processes at once, and give each as it ends.

    The same choices give the same metrics, however many processes there are. When `stop` is set, what is under way is
    given up and nothing more comes. Raises ValueError with one line where the whole can't be trained with its first
    seeds.
    """
    data = completed(ablation.whole, data)
    with closing(side_by_side(_trial, data, list(ablation.jobs()), jobs=jobs, stop=stop)) as found:
        for _, trial in found:
            if trial.problem and (trial.variant, trial.repetition) == (ablation.whole, 0):
                raise ValueError(trial.problem)
            yield trial


def _trial(data: LoadedData, job: tuple[Experiment, int], stopping: Callable[[], bool]) -> Trial | None:
    """Train and judge; None where it was stopped."""
    variant, repetition = job
    experiment = with_seeds(variant, split=repetition, plan=repetition)
    try:
        prepared = prepared_once(data, experiment)
        trainer = _ready(experiment, prepared, StoppedBy(stopping))
    except ValueError as error:
        return Trial(variant, repetition, problem=str(error))
    began = time.process_time()
    snapshot = trainer.run()
    seconds = time.process_time() - began
    if snapshot.state == "stopped":
        return None
    if snapshot.state == "failed":
        return Trial(variant, repetition, problem=snapshot.message)
    _, metric, metrics = judged_by(prepared.validation, trainer.network, prepared)
    rows, network = len(prepared.validation.rows), digest_of(trainer.network)
    return Trial(variant, repetition, metric, metrics, rows, snapshot.epoch, seconds, network)


def _ready(experiment: Experiment, prepared: PreparedData, control: TrainingControl) -> Trainer:
    """The training of an experiment that can be judged afterwards. Raises ValueError with one line."""
    actual = prepared.validation.actual
    if not len(actual):
        raise ValueError("no validation row is left to judge on")
    if not actual.min() < actual.max():
        raise ValueError("the validation rows all have the same target, so that no figure says anything")
    return fresh_training(experiment, prepared, control)


# ---------------------------------------------------------------------- what came of it


def effect(ablation: Ablation, variant: Experiment, found: Iterable[Trial]) -> Effect:
    """What the trials say of a variant, beside the whole."""
    found = [trial for trial in found if trial.variant in (variant, ablation.whole)]
    own = sorted((trial for trial in found if trial.variant == variant), key=lambda trial: trial.repetition)
    whole = {each.repetition: each for each in found if each.variant == ablation.whole and not each.problem}
    problem = next((trial.problem for trial in own if trial.problem), "")
    judged = [trial for trial in own if not trial.problem]
    seconds = float(np.mean([trial.seconds for trial in judged])) if judged else None
    scores = tuple(trial.score for trial in judged)
    seeds = tuple(ablation.seed(trial.repetition) for trial in judged)
    pairs = [(trial, whole[trial.repetition]) for trial in judged if trial.repetition in whole]
    if variant == ablation.whole or not pairs or problem:
        return Effect(scores, seeds, None, None, "", seconds, problem)
    differences = [one.score - other.score for one, other in pairs]
    same = all((one.network, one.metrics) == (other.network, other.metrics) for one, other in pairs)
    mean = float(np.mean(differences))
    if len(pairs) < 2:
        return Effect(scores, seeds, mean, None, "", seconds)
    error = float(np.std(differences, ddof=1)) / math.sqrt(len(pairs))
    word = NOTHING if same else word_for(pairs[0][0].metric, mean, error)
    return Effect(scores, seeds, mean, error, word, seconds)


def word_for(metric: str, difference: float, error: float) -> str:
    """Whether what was left out helps or hurts: by a metric's difference without it, and the standard error of that."""
    worse = difference if metric in LOWER_IS_BETTER else -difference
    if abs(worse) <= ERRORS * error or not worse:
        return UNSEEN
    return HELPS if worse > 0 else HURTS


def chance_of_a_word(seeds: int) -> float:
    """How often a piece that does nothing is said to help or to hurt, a share in 0..1, for two or more seeds.

    The mean of normal differences over its standard error has Student's t distribution with n - 1 degrees of freedom.
    """
    from scipy.stats import t

    return float(2 * t.sf(ERRORS, seeds - 1))
