"""Which file is being read now: how far it is, its first rows, and whether its end is still waited for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ann_tui.experiments.workbench import Step
from ann_tui.tui.app.part_message import PartMessage
from ann_tui.tui.reading_job import LONGEST_PAINTING, ReadingJob

if TYPE_CHECKING:
    from ann_tui.tui.host import Host

TICK = 0.1
"""Seconds between two looks at how far the reading is."""
SWITCH, SWITCH_WHILE_READING, SWITCH_WHILE_SMALL = 0.001, 0.01, 0.006
"""Seconds after which a thread that works in Python makes room for another.

The steps of reading are long, and those of a small network short but without a pause: a screen that makes room every
millisecond would wait for them again and again. The threads that share the batches of a large network would wait for
the screen.
"""


@dataclass
class Previewed(PartMessage):
    """There is more of a file to see: its first rows, or the whole table before it is prepared."""

    job: ReadingJob


class Reading:
    """The one job whose progress is shown; `job` is None while nothing is read that takes long."""

    def __init__(self, host: Host) -> None:
        self.job: ReadingJob | None = None
        self._host = host
        self._stop_ticking: Callable[[], None] | None = None

    @property
    def opens_file(self) -> bool:
        """Whether a file is being opened; the one that is open may also be read in another way."""
        return self.job is not None and self.job.edited is None

    def begin(self, job: ReadingJob) -> None:
        """Take a job as the one that is shown; another one that still runs is given up."""
        if self.job is not None:
            self.job.cancel(superseded=True)
        self.job, self._host.busy = job, job.text
        sys.setswitchinterval(SWITCH_WHILE_READING)
        if self._stop_ticking is None:
            self._stop_ticking = self._host.every(TICK, self._tick)

    def end(self, job: ReadingJob | None) -> bool:
        """Take note that a job's thread has ended; False where the job was given up before."""
        if job is None:
            return True
        if job is self.job:
            self._put_away()
        return not job.cancelled()

    def stop(self, *, superseded: bool = False) -> ReadingJob | None:
        """Ask the job to end, wait for it no longer, and give it; `superseded` where something took its place."""
        job = self.job
        if job is not None:
            job.cancel(superseded=superseded)
            self._put_away()
        return job

    def look_ahead(self, job: ReadingJob) -> None:
        """In the job's thread: the first rows of a large file."""
        if job.large and job.look_ahead() and not job.cancelled():
            self._host.post_message(Previewed(job))
            job.seen.wait(LONGEST_PAINTING)

    def show_preview(self, message: Previewed) -> None:
        """Show what there is of a file that is still waited for."""
        if message.job is not self.job:
            return
        if self._host.current_mode == "start":
            self._host.show_mode(Step.DATA.value)
        self._host.show_everywhere()
        self._host.call_after_refresh(message.job.seen.set)

    def _put_away(self) -> None:
        self.job, self._host.busy = None, ""
        self._host.over("reading")
        sys.setswitchinterval(SWITCH)
        if self._stop_ticking is not None:
            self._stop_ticking()
            self._stop_ticking = None

    def _tick(self) -> None:
        if self.job is not None and self.job.text != self._host.busy:
            self._host.busy = self.job.text
            self._host.show_progress()
