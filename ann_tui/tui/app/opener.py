"""Opening a table, an experiment or a model: a thread reads it, its first rows come early, and it can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.data.plain_text import printable
from ann_tui.experiments.workbench import Step
from ann_tui.tui.app.part_message import PartMessage
from ann_tui.tui.app.reading import Previewed
from ann_tui.tui.app.saver import EXPERIMENT, MODEL
from ann_tui.tui.reading_job import ReadingJob
from ann_tui.tui.text import plain, unforeseen

if TYPE_CHECKING:
    from ann_tui.data.choices.source import Source
    from ann_tui.experiments.derived import Derived, LoadedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.kept.stored_run import StoredRun
    from ann_tui.experiments.run import Run
    from ann_tui.experiments.unfinished import Unfinished
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.tui.app.reading import Reading
    from ann_tui.tui.host import Host

STILL_TRAINING = "a network is training: stop it first (s on the Train screen)"


@dataclass(frozen=True)
class WithRun:
    """A run that is to be taken up with its table: the file of its network, and its place in the store, if there."""

    model: Path
    stored: StoredRun | None = None


@dataclass
class Opened(PartMessage):
    """A file has been read, profiled and prepared.

    `run` is the run with which it was opened, as `found`; None where there is none, or `problem` says why it can't be
    shown. `digest` is the SHA-256 of the file, and `on_disk` are the runs on it.
    """

    experiment: Experiment
    derived: Derived
    job: ReadingJob
    digest: str = ""
    on_disk: tuple[StoredRun, ...] = ()
    found: WithRun | None = None
    run: Run | None = None
    problem: str | None = None

    @property
    def stored(self) -> StoredRun | None:
        """The place in the store of the run with which it was opened."""
        return None if self.found is None else self.found.stored

    @property
    def stays_closed(self) -> str | None:
        """Why a saved model stays open instead; None where the file takes its place."""
        if self.found is None or self.stored is not None or self.run is not None:
            return None
        return self.problem or self.derived.problem or "the table does not fit"


@dataclass
class NotOpened(PartMessage):
    """A file could not be read; `sample_rows` of its rows would fit in memory where that was the trouble."""

    problem: str
    job: ReadingJob
    sample_rows: int | None = None


class Opener:
    """Puts a file on the workbench.

    `trouble` is why the last one could not be opened. `file` is the one that the app was started with, until it is
    known that it can't be opened.
    """

    def __init__(self, workbench: Workbench, host: Host, reading: Reading, file: str | None = None) -> None:
        self.trouble = ""
        self.file = file
        self._workbench, self._host, self._reading = workbench, host, reading

    def open(self, path: str) -> None:
        """Open a table, an experiment (.toml) or a model (.ann), by the ending of its name.

        Asks first where something that was made and not saved would be put away.
        """
        self._ask_and_open(plain(Path(path).name, 40).plain, lambda: self._open(path))

    def open_kept(self, stored: StoredRun) -> None:
        """Take up a run from the store, with its table and its choices; asks first as `open` does."""
        name = plain(Path(stored.record.table).name, 40).plain
        self._ask_and_open(f"the run on {name}", lambda: self._open_experiment(stored=stored))

    def train_on(self, path: str) -> None:
        """Take up the run of the model that is open, with its table at a path."""
        from ann_tui.experiments.experiment import Experiment

        model = self._workbench.model
        if model is not None:
            source = replace(model.source, path=path)
            experiment = Experiment(
                source, model.preparation, model.network.design, model.plan, model.summary.steering
            )
            self.open_source(source, experiment, WithRun(Path(self._workbench.model_file)))

    def open_unfinished(self, found: Unfinished) -> None:
        """Read the table of a training that was interrupted, with its choices."""
        from ann_tui.experiments.experiment_file import ExperimentError

        try:
            experiment = found.experiment()
        except ExperimentError as error:
            self._refuse(str(error))
            return
        self.open_source(experiment.source, experiment)

    def _ask_and_open(self, name: str, open_it: Callable[[], None]) -> None:
        from ann_tui.tui.prompt import Confirm

        unsaved = None if self._workbench.runs.training is not None else self._workbench.unsaved
        if unsaved is None:
            open_it()
            return
        question = Confirm(f"Open {name}?", f"The {unsaved} would be lost: ctrl+s saves it first.")
        self._host.ask(question, lambda yes: open_it() if yes else None)

    def find(self) -> None:
        """Look for a table, an experiment or a model in the folders."""
        from ann_tui.tui.dialogs.file_picker import file_picker

        self._host.ask(file_picker("Open"), lambda path: self.open(str(path)) if path else None)

    def _open(self, path: str) -> None:
        ending = Path(path).suffix.casefold()
        if ending == EXPERIMENT:
            self._open_experiment(path)
        elif ending == MODEL:
            self._open_model(path)
        else:
            from ann_tui.data.choices.source import Source

            self.open_source(Source(path))

    def _open_experiment(self, path: str = "", stored: StoredRun | None = None) -> None:
        from ann_tui.experiments.experiment_file import ExperimentError, read_experiment

        try:
            experiment = read_experiment(path) if stored is None else stored.experiment()
        except ExperimentError as error:
            self._refuse(str(error))
            return
        if stored is None:
            _remember(path)
        model = None if stored is None else stored.model
        self.open_source(experiment.source, experiment, None if model is None else WithRun(model, stored))

    def _open_model(self, path: str) -> None:
        from ann_tui.model.model_error import ModelError
        from ann_tui.model.storage import load_model

        if self._workbench.runs.training is not None:
            self._host.say(STILL_TRAINING, about="training")
            return
        try:
            model = load_model(path)
        except ModelError as error:
            self._refuse(str(error))
            return
        _remember(path)
        self.trouble = ""
        self._reading.stop(superseded=True)
        self._host.data_given_up()
        self._workbench.open_model(model, path)
        self._host.show_mode(Step.PREDICT.value)
        self._host.show_everywhere()

    def _refuse(self, problem: str) -> None:
        """Say why a file can't be opened, where it stays in view."""
        self.trouble = problem
        self._leave_empty_table()
        self._host.say(problem)
        self._host.show_everywhere()

    def _leave_empty_table(self) -> None:
        """Without a table there is nothing to see but the list of files."""
        if self._workbench.derived is None and self._host.current_mode != "start":
            self.file = None
            self._host.show_mode("start")

    # -- reading a table -----------------------------------------------------------------------------------

    def open_source(
        self, source: Source, experiment: Experiment | None = None, run: WithRun | None = None
    ) -> None:
        """Read a file as `source` says in a thread, then show it; the first rows of a large one at once.

        With an `experiment` all choices are taken from it, else they are the defaults; with a `run` that is put in
        front.
        """
        if self._workbench.runs.training is not None:
            self._host.say(STILL_TRAINING, about="training")
            return
        self._host.data_given_up()
        job = ReadingJob(source)
        self._reading.begin(job)
        self.trouble = ""
        self._host.show_everywhere()
        self._host.in_thread(lambda: self._read_in_thread(job, experiment, run), "read")

    def _read_in_thread(self, job: ReadingJob, experiment: Experiment | None, run: WithRun | None) -> None:
        from ann_tui.data.reading.read_table import ReadError
        from ann_tui.experiments.derived import derive, first_experiment

        def loaded(data: LoadedData) -> None:
            job.loaded(data)
            self._host.post_message(Previewed(job))

        ended: PartMessage
        try:
            self._reading.look_ahead(job)
            if experiment is None:
                opened, derived = first_experiment(
                    job.source, progress=job.progress, cancelled=job.cancelled, loaded=loaded
                )
            else:
                opened = experiment
                derived = derive(experiment, progress=job.progress, cancelled=job.cancelled, loaded=loaded)
        except ReadError as error:
            ended = NotOpened(str(error), job, rows_that_fit(error))
        except Exception as error:
            ended = NotOpened(f"{job.name}: {unforeseen(error)}", job)
        else:
            taken, problem = _run_of(run, derived)
            digest, on_disk = _runs_on(job.source.path, job.cancelled)
            ended = Opened(opened, derived, job, digest, on_disk, run, taken, problem)
        self._host.post_message(ended)

    def show_opened(self, message: Opened) -> None:
        """Take up a file that is still waited for."""
        if not self._reading.end(message.job):
            return
        if (why := message.stays_closed) is not None:
            self._host.say(why)
            self._host.show_everywhere()
            return
        self._workbench.open(message.experiment, message.derived, message.digest, message.on_disk)
        _remember(message.experiment.source.path)
        self._host.show_mode(Step.DATA.value)
        if message.run is not None:
            self._host.take_up(message.run, message.stored)
            self._host.show_mode((Step.TRAIN if message.stored is None else Step.EVALUATE).value)
        elif message.problem is not None:
            self._host.say(message.problem)
        self._host.show_everywhere()
        self._host.data_ready()

    def show_failure(self, message: NotOpened) -> None:
        """Say why a file that is still waited for can't be opened, or offer a sample of it."""
        if self._reading.end(message.job):
            self._host.data_given_up()
            self.trouble = message.problem
            self._leave_empty_table()
            if message.sample_rows is None:
                self._host.say(message.problem)
            else:
                self.offer_sample(message.job.source, message.problem, message.sample_rows)
        self._host.show_everywhere()

    def offer_sample(self, source: Source, problem: str, rows: int) -> None:
        """Ask whether so many random rows are to be read of a file that is too large."""
        from ann_tui.tui.prompt import Confirm

        def answered(yes: bool | None) -> None:
            if yes:
                self.trouble = ""
                self.open_source(replace(source, sample_rows=rows))

        name = printable(Path(source.path).name, 60)
        question = f"{name} does not fit in memory. Read {rows:,} random rows of it?"
        self._host.ask(Confirm(question, problem), answered)

    def cancel(self) -> bool:
        """Stop reading and go back to what was there before; False when nothing is being read."""
        job = self._reading.stop()
        if job is None:
            return False
        self._host.data_given_up()
        if job.edited is None:
            self._leave_empty_table()
        elif self._workbench.experiment == job.edited:
            self._workbench.undo()
        self._host.say(f"reading {job.name} was stopped", warning=False)
        self._host.show_everywhere()
        return True


def _run_of(found: WithRun | None, derived: Derived) -> tuple[Run | None, str | None]:
    """The judged run on its table; or None and why not, where there should be one."""
    if found is None or derived.prepared is None:
        return None, None
    from ann_tui.experiments.run_of_model import run_of_model
    from ann_tui.model.storage import load_model

    try:
        seconds = 0.0 if found.stored is None else found.stored.record.seconds
        run = run_of_model(
            load_model(found.model), derived.prepared, source=derived.experiment.source, seconds=seconds
        )
        run.judge()
    except ValueError as error:
        if found.stored is None:
            return None, str(error)
        return None, f"{error}; its choices are set, and its network can be opened from {found.model}"
    return run, None


def _runs_on(path: str, cancelled: Callable[[], bool]) -> tuple[str, tuple[StoredRun, ...]]:
    """The SHA-256 of a table's file, by which its runs are known again, and those that are kept."""
    from ann_tui.experiments.kept.run_store import RunStore
    from ann_tui.left_behind import unless_cancelled
    from ann_tui.model.trained_model import file_sha256

    digest = unless_cancelled(lambda: file_sha256(Path(path)), cancelled) or ""
    return digest, RunStore().of_table(digest)


def rows_that_fit(error: Exception) -> int | None:
    """How many random rows to read instead, where a file was refused for its size."""
    from ann_tui.data.reading.read_error import TooLargeError

    return error.rows if isinstance(error, TooLargeError) else None


def _remember(path: str) -> None:
    from ann_tui.tui import recent

    recent.remember(path)
