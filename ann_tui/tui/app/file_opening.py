"""Opening a file in the app: a thread reads it, its first rows come early, and it can be stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual import on
from textual.app import App
from textual.message import Message
from textual.timer import Timer

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import Derived, read_alike
from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.tui.reading_job import LONGEST_PAINTING, ReadingJob
from ann_tui.tui.text import unforeseen

if TYPE_CHECKING:
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.experiments.experiment import Experiment


class FileOpening(App[None]):
    """The part of the app that reads files; `reading` is what is being read now."""

    @dataclass
    class Opened(Message):
        """A file has been read, profiled and prepared."""

        experiment: Experiment
        derived: Derived
        job: ReadingJob | None = None

    @dataclass
    class DerivedAnew(Message):
        """What follows from an edited experiment has been worked out."""

        derived: Derived
        job: ReadingJob | None = None

    @dataclass
    class Previewed(Message):
        """The first rows of a large file have been read."""

        job: ReadingJob

    @dataclass
    class Failed(Message):
        """A file could not be read; `experiment` is the one that was tried, None for a new file.

        `sample_rows` is how many of its rows would fit in memory where that was the trouble.
        """

        problem: str
        experiment: Experiment | None
        job: ReadingJob | None = None
        sample_rows: int | None = None

    def __init__(self, file: str | None) -> None:
        super().__init__()
        self.workbench = Workbench()
        self.busy = ""
        self.trouble = ""
        self.reading: ReadingJob | None = None
        self._file = file
        self._deriving = False
        self._train_when_ready = False
        self._ticking: Timer | None = None

    # -- what the app does with it -------------------------------------------------------------------------

    def say(self, notice: str, *, warning: bool = True) -> None:
        """Say one line."""
        raise NotImplementedError

    def show_everywhere(self) -> None:
        """Bring the screen in front up to date."""
        raise NotImplementedError

    def show_progress(self) -> None:
        """Bring only what tells of the reading up to date."""
        raise NotImplementedError

    def _train_if_asked(self) -> None:
        raise NotImplementedError

    # -- reading -------------------------------------------------------------------------------------------

    def open_file(self, path: str) -> None:
        """Read a file in a thread, then show it."""
        self.open_source(Source(path))

    def open_source(self, source: Source, experiment: Experiment | None = None) -> None:
        """Read a file as `source` says in a thread, then show it; the first rows of a large one at once.

        With an `experiment` all choices are taken from it, else they are the defaults.
        """
        if self.workbench.runs.training is not None:
            self.say("a network is training: stop it first (s on the Train screen)")
            return
        job = self.begin_reading(ReadingJob(source))
        self.trouble = ""
        self.show_everywhere()

        def loaded(data: LoadedData) -> None:
            job.loaded(data)
            self.post_message(self.Previewed(job))

        def read() -> None:
            from ann_tui.data.reading.read_table import ReadError
            from ann_tui.experiments.derived import derive, first_experiment

            try:
                self.look_ahead(job)
                if experiment is None:
                    opened, derived = first_experiment(
                        source, progress=job.progress, cancelled=job.cancelled, loaded=loaded
                    )
                else:
                    opened = experiment
                    derived = derive(
                        experiment, progress=job.progress, cancelled=job.cancelled, loaded=loaded
                    )
            except ReadError as error:
                self.post_message(self.Failed(str(error), None, job, rows_that_fit(error)))
            except Exception as error:
                self.post_message(self.Failed(f"{job.name}: {unforeseen(error)}", None, job))
            else:
                self.post_message(self.Opened(opened, derived, job))

        self.run_worker(read, thread=True, exit_on_error=False, group="read")

    def begin_reading(self, job: ReadingJob) -> ReadingJob:
        """Take a job as the one that is shown; another one that still runs is given up."""
        if self.reading is not None:
            self.reading.cancel(superseded=True)
        self.reading, self.busy = job, job.text
        if self._ticking is None:
            self._ticking = self.set_interval(0.1, self._tick)
        return job

    def end_reading(self, job: ReadingJob | None) -> bool:
        """Take note that a job's thread has ended; False where the job was given up before."""
        if job is None:
            return True
        if job is self.reading:
            self._put_reading_away()
        return not job.cancelled()

    def give_up_reading(self) -> None:
        """Let go of a file that is being read, without a word: something else has been opened."""
        if self.reading is not None:
            self.reading.cancel(superseded=True)
            self._put_reading_away()
        self._train_when_ready = False

    def look_ahead(self, job: ReadingJob) -> None:
        """In the reading thread: the first rows of a large file."""
        if job.large and job.look_ahead() and not job.cancelled():
            self.post_message(self.Previewed(job))
            job.seen.wait(LONGEST_PAINTING)

    def cancel_reading(self) -> bool:
        """Stop reading and go back to what was there before; False when nothing is being read."""
        job = self.reading
        if job is None:
            return False
        job.cancel()
        self._put_reading_away()
        self._train_when_ready = False
        self.say(f"reading {job.name} was stopped", warning=False)
        if job.edited is not None and self.workbench.experiment == job.edited:
            self.workbench.undo()
        elif job.edited is None:
            self._leave_empty_table()
        self.show_everywhere()
        return True

    def _put_reading_away(self) -> None:
        self.reading, self.busy = None, ""
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None

    def _tick(self) -> None:
        if self.reading is not None and self.reading.text != self.busy:
            self.busy = self.reading.text
            self.show_progress()

    def refuse(self, problem: str) -> None:
        """Say why a file can't be opened, where it stays in view."""
        self.trouble = problem
        self.say(problem)
        self._leave_empty_table()
        self.show_everywhere()

    def _leave_empty_table(self) -> None:
        """Without a table there is nothing to see but the list of files."""
        if self.workbench.derived is None and self.current_mode != "start":
            self._file = None
            self.switch_mode("start")

    @on(Previewed)
    def _show_previewed(self, message: Previewed) -> None:
        if message.job is not self.reading:
            return
        if self.current_mode == "start":
            self.switch_mode(Step.DATA.value)
        self.show_everywhere()
        self.call_after_refresh(message.job.seen.set)

    @on(Opened)
    def _show_opened(self, message: Opened) -> None:
        from ann_tui.tui import recent

        if not self.end_reading(message.job):
            return
        self.workbench.open(message.experiment, message.derived)
        recent.remember(message.experiment.source.path)
        if self.current_mode != Step.DATA.value:
            self.switch_mode(Step.DATA.value)
        self.show_everywhere()
        self._train_if_asked()

    @on(Failed)
    def _show_failed(self, message: Failed) -> None:
        wanted = self.end_reading(message.job)
        if message.experiment is not None:
            self._deriving = False
        if wanted:
            self._train_when_ready = False
            self._tell_failure(message)
        if message.experiment is not None:
            self._derive()
        self.show_everywhere()

    def _tell_failure(self, message: Failed) -> None:
        if message.experiment is None:
            self.trouble = message.problem
            self._leave_empty_table()
        elif self.workbench.experiment == message.experiment:
            self.workbench.undo()
        if message.sample_rows is None:
            self.say(message.problem)
        elif (job := message.job) is not None:
            self._offer_sample(job, message.problem, message.sample_rows)

    def _offer_sample(self, job: ReadingJob, problem: str, rows: int) -> None:
        from ann_tui.tui.dialogs.prompt import Confirm

        def answered(yes: bool | None) -> None:
            if yes:
                self.trouble = ""
                self.open_source(replace(job.source, sample_rows=rows))

        question = f"{job.name} does not fit in memory. Read {rows:,} random rows of it?"
        self.push_screen(Confirm(question, problem), answered)

    # -- what follows from an edit -------------------------------------------------------------------------

    def _derive(self) -> None:
        """Work out in a thread what follows from the experiment; one thread at a time, the newest state wins.

        A thread that reads the file as an older state said is given up.
        """
        workbench = self.workbench
        experiment, previous = workbench.experiment, workbench.derived
        if self._deriving and experiment is not None:
            job = self.reading
            if job is not None and job.edited is not None and not read_alike(job.source, experiment.source):
                job.cancel(superseded=True)
        if self._deriving or workbench.up_to_date or experiment is None:
            return
        self._deriving = True
        job = None
        if previous is not None and not read_alike(previous.experiment.source, experiment.source):
            job = ReadingJob(experiment.source, experiment)
            if job.large:
                self.begin_reading(job)
            else:
                job = None

        def work() -> None:
            from ann_tui.data.reading.read_table import ReadError
            from ann_tui.experiments.derived import derive

            try:
                if job is None:
                    derived = derive(experiment, previous)
                else:
                    self.look_ahead(job)
                    derived = derive(experiment, previous, progress=job.progress, cancelled=job.cancelled)
            except ReadError as error:
                self.post_message(self.Failed(str(error), experiment, job, rows_that_fit(error)))
            except Exception as error:
                self.post_message(self.Failed(unforeseen(error), experiment, job))
            else:
                self.post_message(self.DerivedAnew(derived, job))

        self.run_worker(work, thread=True, exit_on_error=False, group="derive")

    @on(DerivedAnew)
    def _show_derived(self, message: DerivedAnew) -> None:
        self._deriving = False
        wanted = self.end_reading(message.job)
        experiment = self.workbench.experiment
        if (
            wanted
            and experiment is not None
            and message.derived.experiment.source.path == experiment.source.path
        ):
            self.workbench.derived = message.derived
        if self.workbench.up_to_date:
            self._train_if_asked()
        else:
            self._derive()
        self.show_everywhere()


def rows_that_fit(error: Exception) -> int | None:
    """How many random rows to read instead, where a file was refused for its size."""
    from ann_tui.data.reading.read_error import TooLargeError

    return error.rows if isinstance(error, TooLargeError) else None
