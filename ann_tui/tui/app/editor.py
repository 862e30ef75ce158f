"""Changing the choices: a thread works out what follows from them, and the newest state wins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ann_tui.tui.app.opener import rows_that_fit
from ann_tui.tui.app.part_message import PartMessage
from ann_tui.tui.reading_job import ReadingJob
from ann_tui.tui.text import unforeseen

if TYPE_CHECKING:
    from ann_tui.experiments.derived import Derived
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.tui.app.opener import Opener
    from ann_tui.tui.app.reading import Reading
    from ann_tui.tui.host import Host
    from ann_tui.tui.mending import Mend


@dataclass
class DerivedAnew(PartMessage):
    """What follows from an edited experiment has been worked out."""

    derived: Derived
    job: ReadingJob | None = None


@dataclass
class NotDerived(PartMessage):
    """What follows from an edited experiment can't be worked out.

    `sample_rows` of the file's rows would fit in memory where that was the trouble.
    """

    problem: str
    experiment: Experiment
    job: ReadingJob | None = None
    sample_rows: int | None = None


class Editor:
    """Edits the experiment on the workbench; `deriving` says that a thread of it is at work."""

    def __init__(self, workbench: Workbench, host: Host, reading: Reading, opener: Opener) -> None:
        self.deriving = False
        self._workbench, self._host, self._reading, self._opener = workbench, host, reading, opener

    def edit(self, **choices: Any) -> None:
        """Change some of the four choices of the experiment: source, preparation, design or plan."""
        experiment = self._workbench.experiment
        if experiment is not None and self._workbench.change(replace(experiment, steering=(), **choices)):
            self._show_changed()

    def mend(self, mend: Mend) -> None:
        """Do what a finding suggests."""
        from ann_tui.data.profile.findings import apply_remedy

        experiment, remedy = self._workbench.experiment, mend.finding.remedy
        if experiment is not None and remedy is not None:
            source, preparation = apply_remedy(remedy, experiment.source, experiment.preparation)
            self.edit(source=source, preparation=preparation)
            self._host.say(f"{mend.finding.text}: {remedy.text} (u undoes)", warning=False)

    def undo(self) -> None:
        """Take back the last change."""
        if self._workbench.undo():
            self._show_changed()
        else:
            self._host.say("nothing to undo", warning=False)

    def redo(self) -> None:
        """Make the change again that was taken back."""
        if self._workbench.redo():
            self._show_changed()
        else:
            self._host.say("nothing to redo", warning=False)

    def _show_changed(self) -> None:
        """Work out and show what follows from changed choices; what was said of the earlier ones is over."""
        self._host.clear_notifications()
        self._derive()
        self._host.show_everywhere()

    def _derive(self) -> None:
        """Work out in a thread what follows from the experiment; one thread at a time.

        A thread that reads the file as an older state said is given up.
        """
        from ann_tui.experiments.derived import read_alike

        experiment, previous = self._workbench.experiment, self._workbench.derived
        if experiment is None:
            return
        if self.deriving:
            at_work = self._reading.job
            if (
                at_work is not None
                and at_work.edited is not None
                and not read_alike(at_work.source, experiment.source)
            ):
                at_work.cancel(superseded=True)
            return
        if self._workbench.up_to_date:
            return
        self.deriving = True
        job = None
        if previous is not None and not read_alike(previous.experiment.source, experiment.source):
            reads = ReadingJob(experiment.source, experiment)
            if reads.large:
                job = reads
                self._reading.begin(job)
        self._host.in_thread(lambda: self._derive_in_thread(experiment, previous, job), "derive")

    def _derive_in_thread(
        self, experiment: Experiment, previous: Derived | None, job: ReadingJob | None
    ) -> None:
        from ann_tui.data.reading.read_table import ReadError
        from ann_tui.experiments.derived import derive

        ended: PartMessage
        try:
            if job is None:
                derived = derive(experiment, previous)
            else:
                self._reading.look_ahead(job)
                derived = derive(experiment, previous, progress=job.progress, cancelled=job.cancelled)
        except ReadError as error:
            ended = NotDerived(str(error), experiment, job, rows_that_fit(error))
        except Exception as error:
            ended = NotDerived(unforeseen(error), experiment, job)
        else:
            ended = DerivedAnew(derived, job)
        self._host.post_message(ended)

    def show_derived(self, message: DerivedAnew) -> None:
        """Take up what follows from the choices, or go on with newer ones."""
        self.deriving = False
        wanted = self._reading.end(message.job)
        experiment = self._workbench.experiment
        if (
            wanted
            and experiment is not None
            and message.derived.experiment.source.path == experiment.source.path
        ):
            self._workbench.derived = message.derived
        if self._workbench.up_to_date:
            self._host.data_ready()
        else:
            self._derive()
        self._host.show_everywhere()

    def show_failure(self, message: NotDerived) -> None:
        """Take back choices that can't be carried out and say why, or go on with newer ones."""
        self.deriving = False
        if self._reading.end(message.job):
            self._host.data_given_up()
            if self._workbench.experiment == message.experiment:
                self._workbench.undo()
            if message.sample_rows is None:
                self._host.say(message.problem)
            else:
                source = message.experiment.source
                self._opener.offer_sample(source, message.problem, message.sample_rows)
        self._derive()
        self._host.show_everywhere()
