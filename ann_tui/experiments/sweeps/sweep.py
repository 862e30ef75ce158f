"""A sweep: many trials of an experiment, the poor ones stopped early, the best one chosen by rows that don't test.

These are the validation rows, or with folds all rows but the test's: a trial is then trained in each fold, on the rows
outside of it, and judged by those inside, which neither trained it nor chose its epoch.

Trials go in rounds of `ROUND`, whatever the number of workers: all of a round are proposed, trained to the first rung,
and told in their order; the better half goes on from its checkpoint to the next rung, and so on. So neither proposals
nor halving depend on which worker was done first, and a sweep is repeatable wherever it runs. The first trial is the
experiment as it is, which is never stopped early: what the sweep finds stands beside it.

Past one machine
----------------
A stage of a trial is a pure function of the table, the experiment, and the state that it goes on from. These travel:

- *the table*, once to each worker, with what is known of it: 23 KB for penguins.csv (344 rows), 0.97 MB for digits.csv
  (1,797 × 64), 26 MB for 100,000 rows of 30 numbers (20 MB as a CSV). Each worker prepares it by itself, and keeps what
  it has prepared: at most twelve preparations of the default space, a second each for the largest of these.
- *a stage*: 2.1 KB of choices, and from the second rung on the trial's state.
- *what came of it*: 0.6 KB, at the end of a trial up to 8 KB of its rows' costs, and the state, nine to ten times
  the network's weights (newest, best and averaged ones, the optimizer's memory, the last good epoch's): 0.25 MB for the
  6,403 weights of the preset on penguins, 5.4 MB for its largest network (149,059), 1.9 to 12 MB on the 100,000 rows.

On 100 workers, with rounds of 8, 92 of them would have nothing to do: a round is the width of a sweep, and each of its
rungs waits for its slowest trial. Rounds would have to be 100 to 200 wide, which is one number here (`ROUND`), and
another sweep: it is part of what makes one repeatable. With rounds of 200 on the 100,000 rows (1.9 to 6.7 s an epoch,
40 epochs, rungs at 10, 20 and 40) the workers get 100 × 26 MB = 2.6 GB once, which at 1 Gbit/s from one scheduler is
21 s, and less where workers hand it on to each other. The first rung is two stages a worker, 40 to 130 s, and sends
back 200 × (2 to 12) MB = 0.4 to 2.4 GB: 3 to 19 s at 1 Gbit/s, all of it through the scheduler, which is the narrowest
place, as all of a round comes back at about the same time. The second rung has a trial a worker (20 to 67 s), the third
one for every second worker (40 to 134 s). A round lasts some 2 to 5 minutes, of which half the workers wait during the
last rung, and all of them for the slowest network at the end of each: with networks that differ by 3.5 times in their
time, about 60 % of the time of the workers is used, where no round is begun before the last one is told.

What would help then, in this order: states that stay where the trial was trained, with a copy at the scheduler only for
workers that die (saves nine tenths of what is sent back); rounds that overlap by one, told one round late; the wide
networks of a round begun first. For tables like penguins a stage takes less than a second and no cluster helps: 100
workers are served by one scheduler at some thousand tasks a second, but `ROUND` trials of 0.3 s are done on two cores
before they were sent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from ann_tui.experiments.choice_texts import choice_texts
from ann_tui.experiments.experiment import from_anywhere
from ann_tui.experiments.folds.folds import FEWEST_FOLDS, MOST_FOLDS, folds_of
from ann_tui.experiments.sweeps.default_space import space_of
from ann_tui.experiments.sweeps.proposals import Told, check_sampler, default_sampler, proposer
from ann_tui.experiments.sweeps.space import with_settings
from ann_tui.experiments.sweeps.stage import train_stage
from ann_tui.experiments.sweeps.trial import COMPARABLE, VALIDATION_COST, Reached, Stage, Trial

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.experiments.dimension import Dimension
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.sweeps.space import Settings
    from ann_tui.experiments.workers.side_by_side import Stop, Workers

ROUND = 8
"""So many trials are proposed, compared and told together."""

RUNGS = (0.25, 0.5, 1.0)
"""After which shares of a trial's epochs it is compared."""

KEEP = 2
"""Of so many trials one goes on from a rung to the next."""

OTHER_COSTS = (
    "network.cost", "network.label_smoothing", "network.focal_gamma", "network.huber_delta", "network.quantile",
    "preparation.target_transform", "preparation.class_weights",
)  # fmt: skip
"""Where one of these varies, validation costs are of different kinds."""


class SweepError(ValueError):
    """A sweep that can't be; the message is one line."""


@dataclass(frozen=True)
class Sweep:
    """What there is to try: `experiment` as it is, and with what `space` varies, in so many `trials` in all.

    `figure` is what trials are compared by. The proposals follow from `sampler` and `seed`. With `folds` each trial is
    trained in so many, and compared by the mean over them; with 0 once, and by the validation rows.
    """

    experiment: Experiment
    space: tuple[Dimension, ...]
    trials: int
    seed: int
    sampler: str
    folds: int = 0

    @property
    def figure(self) -> str:
        """The validation cost; in folds, or where costs are of different kinds, log loss, or RMSE."""
        varied = any(each.name in OTHER_COSTS for each in self.space)
        return " or ".join(COMPARABLE) if varied or self.folds else VALIDATION_COST

    @property
    def judges(self) -> str:
        """Which rows choose, in two or three words."""
        return f"rows of {self.folds} folds" if self.folds else "validation rows"

    @property
    def rungs(self) -> tuple[int, ...]:
        """After how many epochs trials are compared, the last time at the end."""
        epochs = self.experiment.plan.epochs
        return tuple(sorted({max(math.ceil(share * epochs), 1) for share in RUNGS}))

    @property
    def whole(self) -> int:
        """How many epochs all of it takes at most."""
        rounds, rest = divmod(self.trials, ROUND)
        return rounds * self._of_round(ROUND) + self._of_round(rest)

    def _of_round(self, trials: int) -> int:
        before, found = 0, 0
        for until in self.rungs:
            found += trials * (until - before)
            before, trials = until, math.ceil(trials / KEEP)
        return found

    def done(self, trials: Sequence[Trial]) -> int:
        """How many of these epochs are done; a training that ended by itself counts as whole."""
        return sum(trial.last.until for trial in trials if trial.last is not None)


def sweep_of(
    experiment: Experiment,
    prepared: PreparedData,
    *,
    trials: int,
    seed: int = 0,
    sampler: str | None = None,
    folds: int = 0,
) -> Sweep:
    """The sweep of an experiment over its own space, or the default one.

    What a person did while it trained is left out, and so is training again on all rows, which the validation rows
    can't tell of. Raises ValueError with one line where nothing can be compared.
    """
    if folds and not FEWEST_FOLDS <= folds <= MOST_FOLDS:
        raise SweepError(f"{folds} folds: take {FEWEST_FOLDS} to {MOST_FOLDS:,}")
    if not folds and not len(prepared.validation.rows):
        raise SweepError("no validation rows are set aside to choose on: preparation.split.validation is 0")
    space = space_of(experiment, prepared)
    once = replace(experiment.plan, refit=False)
    sampler = sampler or default_sampler()
    check_sampler(sampler)
    base = from_anywhere(replace(experiment, plan=once, steering=(), space=()))
    return Sweep(base, space, trials, seed, sampler, folds)


def check_folds(sweep: Sweep, data: LoadedData) -> None:
    """Raise ValueError with one line where the rows that don't test can't be divided into the sweep's folds."""
    if sweep.folds:
        folds_of(sweep.experiment, data, sweep.folds, test_rows=False)


class Memory(Protocol):
    """Where stages that are done stay, so that a sweep can go on after it was stopped or killed."""

    def found(self, trial: Trial, until: int) -> Reached | None:
        """Where a trial stood after a stage; None where that is still to be done."""

    def keep(self, trial: Trial, reached: Reached) -> None:
        """Keep where a trial stands after a stage."""

    def forget(self, trial: Trial) -> None:
        """Let go of what a trial that does not go on would go on from."""


class InMemory:
    """A memory that ends with the program."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], Reached] = {}

    def found(self, trial: Trial, until: int) -> Reached | None:
        """What was kept."""
        return self._kept.get((trial.number, until))

    def keep(self, trial: Trial, reached: Reached) -> None:
        """Keep it."""
        self._kept[trial.number, reached.until] = reached

    def forget(self, trial: Trial) -> None:
        """Let go of the states of the trial."""
        for key in [key for key in self._kept if key[0] == trial.number]:
            self._kept[key] = replace(self._kept[key], state=b"")


def trials_of(
    sweep: Sweep,
    workers: Workers[LoadedData],
    memory: Memory | None = None,
    *,
    stop: Stop | None = None,
    enough: Callable[[], bool] = lambda: False,
) -> Iterator[Trial]:
    """Train what there is to try, and give each trial anew whenever something is new of it.

    Stages that the `memory` has are not trained again. When `stop` is set, what is under way is given up and nothing
    more comes. `enough` is asked between two rounds. No design is tried twice: where the space holds fewer than trials
    are asked for, these are all. Raises ValueError with one line where the experiment as it is
    can't be trained.
    """
    memory = memory or InMemory()
    proposing = proposer(sweep.sampler, sweep.space, sweep.seed, partial(_design, sweep.experiment))
    judged = ""
    for first in range(0, sweep.trials, ROUND):
        if first and enough():
            return
        asked = (
            (number, {} if number == 0 else proposing.ask(number))
            for number in range(first, min(first + ROUND, sweep.trials))
        )
        going = {number: _begun(sweep, number, each) for number, each in asked if each is not None}
        ended: dict[int, Trial] = {}
        for trial in tuple(going.values()):
            yield trial
            if trial.fate == "failed":
                ended[trial.number] = going.pop(trial.number)
        for until in sweep.rungs:
            yield from _climb(sweep, going, until, workers, memory, stop)
            if any(trial.last is None or trial.last.until != until for trial in going.values()):
                yield from (
                    replace(trial, fate="waiting") for trial in going.values() if trial.fate == "under way"
                )
                return
            if not judged and 0 in going and going[0].last is not None:
                if going[0].problem:
                    raise SweepError(going[0].problem)
                judged = going[0].last.judged
            for trial in _fallen(sweep, going, until, judged):
                ended[trial.number] = trial
                del going[trial.number]
                memory.forget(trial)
                yield trial
        if len(ended) < min(ROUND, sweep.trials - first):
            return
        proposing.tell([_told(ended[number]) for number in sorted(ended)])


def _design(experiment: Experiment, settings: Settings) -> Hashable:
    """What is the same for settings with which all that matters is the same."""
    try:
        return tuple(choice_texts(with_settings(experiment, settings)).items())
    except ValueError:
        return tuple(settings.items())


def _begun(sweep: Sweep, number: int, settings: Settings) -> Trial:
    """A trial before its first stage; one whose settings don't go together has failed already."""
    try:
        return Trial(number, settings, with_settings(sweep.experiment, settings))
    except ValueError as error:
        failed = Reached(number, 0, problem=str(error))
        return Trial(number, settings, sweep.experiment, (failed,), "failed")


def _climb(
    sweep: Sweep,
    going: dict[int, Trial],
    until: int,
    workers: Workers[LoadedData],
    memory: Memory,
    stop: Stop | None,
) -> Iterator[Trial]:
    """Train these trials to a rung, and give each as it gets there."""
    stages = []
    for number, trial in going.items():
        found = memory.found(trial, until)
        if found is None and trial.last is not None and trial.last.ended:
            found = replace(trial.last, until=until)
        if found is None:
            state = b"" if trial.last is None else trial.last.state
            stages.append(Stage(number, trial.experiment, until, sweep.figure, state, sweep.folds))
        going[number] = trial if found is None else _reached(trial, found)
        yield going[number]
    # Stages are begun in their order, so many at once as there are places.
    waiting = [stage.number for stage in reversed(stages)]

    def begun(places: int) -> Iterator[Trial]:
        for _ in range(min(places, len(waiting))):
            number = waiting.pop()
            going[number] = replace(going[number], fate="under way")
            yield going[number]

    if stages:
        yield from begun(workers.places)
    for _, reached in workers.each(train_stage, stages, stop=stop):
        trial = going[reached.number]
        memory.keep(trial, reached)
        going[reached.number] = _reached(trial, reached)
        yield going[reached.number]
        yield from begun(1)


def _reached(trial: Trial, reached: Reached) -> Trial:
    before = tuple(replace(each, state=b"") for each in trial.reached)
    return replace(trial, reached=(*before, reached), fate="waiting")


def _fallen(sweep: Sweep, going: Mapping[int, Trial], until: int, judged: str) -> list[Trial]:
    """Those that don't go on from a rung: failed, not among the better half, or at the end."""
    sound, fallen = [], []
    for trial in going.values():
        if trial.last is not None and not trial.problem and trial.last.judged != judged:
            other = replace(trial.last, cost=math.inf, problem="it was judged on other rows")
            trial = replace(trial, reached=(*trial.reached[:-1], other))
        if trial.problem:
            fallen.append(replace(trial, fate="failed"))
        else:
            sound.append(trial)
    if until == sweep.rungs[-1]:
        return [*fallen, *(replace(trial, fate="finished") for trial in sound)]
    best = sorted(sound, key=lambda trial: (trial.cost, trial.number))
    worse = [trial for trial in best[math.ceil(len(best) / KEEP) :] if trial.number != 0]
    return [*fallen, *(replace(trial, fate="stopped early") for trial in worse)]


def _told(trial: Trial) -> Told:
    costs = tuple((each.until, each.cost) for each in trial.reached if not each.problem)
    return Told(trial.number, () if trial.problem else costs, trial.fate == "finished")


def winning(trial: Trial, asked: Experiment) -> Experiment:
    """The experiment of a trial, trained again on all rows where the one that was `asked` for is."""
    plan = replace(trial.experiment.plan, refit=asked.plan.refit)
    return replace(trial.experiment, source=asked.source, plan=plan, space=asked.space)
