"""What a person does with the runs of a table: use one, name it, take its choices, delete it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ann_tui.experiments.kept.run_list import listed
from ann_tui.experiments.workbench import Step
from ann_tui.tui.app.part_message import PartMessage
from ann_tui.tui.text import unforeseen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ann_tui.evaluation.answers import Answers
    from ann_tui.evaluation.evaluation import SplitName
    from ann_tui.experiments.derived import Derived
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.kept.run_list import ListedRun
    from ann_tui.experiments.kept.stored_run import StoredRun
    from ann_tui.experiments.run import Run
    from ann_tui.experiments.run_label import Label
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.training.control import TrainingControl
    from ann_tui.training.history import EpochRow
    from ann_tui.tui.app.keeper import Keeper
    from ann_tui.tui.app.runner import Runner
    from ann_tui.tui.host import Host

ONLY_SCORES = "only its scores are kept: o takes its choices, and t trains it again, to the same bits"


@dataclass
class RunRead(PartMessage):
    """A run stands ready that was only on disk; or `problem` says why it can't be shown."""

    stored: StoredRun
    run: Run | None
    problem: str = ""


@dataclass
class TrainedAgain(PartMessage):
    """The epochs of a run are there again; or `problem` says why not."""

    run: Run
    done: Callable[[], None]
    problem: str


@dataclass
class RunsFound(PartMessage):
    """The runs on a table that are kept by now, by other programs as well."""

    digest: str
    runs: tuple[StoredRun, ...]


class Lister:
    """The list of runs: those of this sitting, and those that are kept of the table."""

    def __init__(self, workbench: Workbench, host: Host, keeper: Keeper, runner: Runner) -> None:
        self._workbench, self._host, self._keeper, self._runner = workbench, host, keeper, runner
        self._again: TrainingControl | None = None
        self._histories: dict[str, Sequence[EpochRow]] = {}

    @property
    def runs(self) -> list[ListedRun]:
        """All of them."""
        return listed(self._workbench.runs.all, self._workbench.on_disk, self._keeper.stored)

    def look_again(self) -> None:
        """Look in a thread for what other programs have kept, or deleted, meanwhile."""
        digest = self._workbench.digest

        def look() -> None:
            self._host.post_message(RunsFound(digest, self._keeper.store.of_table(digest)))

        self._host.in_thread(look, "runs")

    def show_found(self, message: RunsFound) -> None:
        """Take up what is kept of the table that is open."""
        if message.digest == self._workbench.digest and message.runs != self._workbench.on_disk:
            self._workbench.find_on_disk(message.runs)
            self._host.show_everywhere()

    def use(self, chosen: ListedRun) -> None:
        """Let Train, Evaluate and Predict show a run; one that is only on disk is read first."""
        if chosen.run is not None:
            self._runner.put_in_front(chosen.run)
        elif not chosen.has_network:
            self._host.say(ONLY_SCORES, warning=False)
        elif self._workbench.runs.training is not None:
            self._host.say(
                "a network is training: one from the disk is read when that has ended (s stops it)"
            )
        elif (stored := chosen.stored) is not None and (derived := self._workbench.derived) is not None:
            keep = self._workbench.runs.room
            self._host.in_thread(lambda: self._read_in_thread(stored, derived, keep), "read run")

    def _read_in_thread(self, stored: StoredRun, derived: Derived, keep: int) -> None:
        try:
            message = RunRead(stored, _run_of(stored, derived, keep))
        except ValueError as error:
            message = RunRead(stored, None, str(error))
        except Exception as error:
            message = RunRead(stored, None, unforeseen(error))
        self._host.post_message(message)

    def show_read(self, message: RunRead) -> None:
        """Put the run in front, or say why not."""
        if message.run is None:
            self._host.say(message.problem)
            return
        at_hand = (run for run in self._workbench.runs.all if self._is(run, message.stored))
        if (same := next(at_hand, None)) is not None:
            self._runner.put_in_front(same)
        elif self._workbench.runs.training is None and any(
            each.id == message.stored.id for each in self._workbench.on_disk
        ):
            self._host.take_up(message.run, message.stored)
            self._host.show_everywhere()

    def _is(self, run: Run, stored: StoredRun) -> bool:
        kept = self._keeper.stored(run)
        return kept is not None and kept.id == stored.id

    def train_again(self, run: Run, done: Callable[[], None]) -> None:
        """Train a run from the disk again in a thread, so that all its epochs can be gone to; then call `done`."""
        from ann_tui.experiments.trained_again import trained_again
        from ann_tui.training.control import TrainingControl

        if self._again is not None:
            return
        control = self._again = TrainingControl()

        def train() -> None:
            problem = ""
            try:
                run.adopt(trained_again(run, self._workbench.runs.room, control))
            except ValueError as error:
                problem = str(error)
            except Exception as error:
                problem = unforeseen(error)
            self._host.post_message(TrainedAgain(run, done, problem))

        self._host.show_busy("its epochs are trained again")
        self._host.in_thread(train, "again")

    def show_trained_again(self, message: TrainedAgain) -> None:
        """Show the epochs, or say why they can't be had."""
        self._again = None
        self._host.show_busy("")
        if message.problem:
            self._host.say(message.problem)
        else:
            message.done()

    def stop(self) -> None:
        """End what trains again: the app is to end."""
        if self._again is not None:
            self._again.stop()

    def take_choices(self, chosen: ListedRun) -> None:
        """Set the choices as the run had them, so that they can be trained again, or changed."""
        experiment, now = self._experiment(chosen), self._workbench.experiment
        if experiment is None or now is None:
            return
        source = replace(experiment.source, path=now.source.path)
        if self._workbench.experiment != replace(experiment, source=source):
            self._host.edit(
                source=source,
                preparation=experiment.preparation,
                design=experiment.design,
                plan=experiment.plan,
            )
        self._host.say(f"the choices are those of {chosen.name} (u undoes)", warning=False)

    def _experiment(self, chosen: ListedRun) -> Experiment | None:
        if chosen.run is not None:
            return chosen.run.chosen
        assert chosen.stored is not None
        try:
            return chosen.stored.experiment()
        except ValueError as error:
            self._host.say(str(error))
            return None

    def label(self, chosen: ListedRun, label: Label) -> None:
        """Write down what the person says of a run."""
        try:
            if chosen.run is not None:
                chosen.run.label = label
                self._keeper.label(chosen.run)
            elif chosen.stored is not None:
                changed = self._keeper.store.update(
                    chosen.stored, name=label.name, note=label.note, pinned=label.pinned
                )
                self._replace_on_disk(chosen.stored, changed)
        except OSError as error:
            self._host.say(f"it could not be written down: {error.strerror or error}")
        self._host.show_everywhere()

    def delete(self, chosen: ListedRun) -> None:
        """Forget a run that does not train, on the disk too."""
        if chosen.run is not None:
            if not chosen.run.ended:
                self._host.say("it is still training: s on Train stops it")
                return
            self._workbench.runs.remove(chosen.run)
        stored = chosen.stored
        if stored is not None and not any(self._is(run, stored) for run in self._workbench.runs.all):
            self._keeper.delete(stored)
            self._replace_on_disk(stored, None)
        if self._workbench.judged is None and self._host.current_mode in (Step.EVALUATE, Step.PREDICT):
            self._host.show_mode(Step.TRAIN.value)
        self._host.show_everywhere()

    def _replace_on_disk(self, stored: StoredRun, changed: StoredRun | None) -> None:
        runs = (changed if each.id == stored.id else each for each in self._workbench.on_disk)
        self._workbench.on_disk = tuple(each for each in runs if each is not None)

    def history(self, chosen: ListedRun) -> Sequence[EpochRow]:
        """The epochs of a run; () where they are not kept."""
        stored = chosen.stored
        if chosen.run is not None:
            return chosen.run.history
        if stored is None or stored.model is None:
            return ()
        if stored.id not in self._histories:
            from ann_tui.model.storage import load_model

            try:
                self._histories[stored.id] = load_model(stored.model).summary.history
            except ValueError:
                self._histories[stored.id] = ()
        return self._histories[stored.id]

    def answers(self, chosen: ListedRun) -> Mapping[SplitName, Answers]:
        """What a run said of the rows kept from its training; {} where that is not known."""
        if chosen.run is not None and chosen.run.evaluation is not None:
            return chosen.run.answers
        return {} if chosen.stored is None else chosen.stored.answers()


def _run_of(stored: StoredRun, derived: Derived, keep: int) -> Run:
    """The judged run on the table that is open. Raises ValueError with one line."""
    from ann_tui.experiments.derived import derive
    from ann_tui.experiments.run_of_model import run_of_model
    from ann_tui.model.storage import load_model

    experiment = stored.experiment()
    source = replace(experiment.source, path=derived.experiment.source.path)
    prepared = derive(replace(experiment, source=source), derived)
    if prepared.prepared is None or stored.model is None:
        raise ValueError(prepared.problem or ONLY_SCORES)
    run = run_of_model(
        load_model(stored.model),
        prepared.prepared,
        source=source,
        seconds=stored.record.seconds,
        newest=stored.newest,
        keep=keep,
    )
    run.judge()
    return run
