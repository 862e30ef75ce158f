"""The lesson: it turns pages, leads to what each speaks of, and gives the person's own choices back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ann_tui.data.samples import samples
from ann_tui.tui.lesson.bookmark import Bookmark, bookmark, put_bookmark, take_bookmark
from ann_tui.tui.lesson.page import PageInView

if TYPE_CHECKING:
    from collections.abc import Callable

    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.tui.host import Host
    from ann_tui.tui.lesson.page import Page


def first_table() -> str:
    """The table on which the lesson begins where none is open: where it was left, or the first sample."""
    mark = bookmark()
    return str(samples()[0].path) if mark is None else mark.path


class Teacher:
    """Goes through the pages on the table that is open; `page` is None while no lesson is on.

    `arriving` says that what the page speaks of is not on the screen yet.
    """

    def __init__(self, workbench: Workbench, host: Host, train: Callable[[], None]) -> None:
        self._workbench, self._host, self._train = workbench, host, train
        self._place: int | None = None
        self._begins = self.arriving = self._led = False
        self._told_of: tuple[object, ...] = ()
        self._page_in_view: PageInView | None = None
        self._own: Experiment | None = None
        self._small: Experiment | None = None

    # -- begin and end -------------------------------------------------------------------------------------

    @property
    def teaches(self) -> bool:
        """Whether a page is in view."""
        return self._place is not None

    def toggle(self, open_file: Callable[[str], None]) -> None:
        """Leave the lesson, or begin it: on the table that is open, or else on `first_table`."""
        if self.teaches:
            self._leave()
            return
        if self._workbench.derived is None:
            open_file(first_table())
        self.begin_when_ready()
        self.go_on()

    def begin_when_ready(self) -> None:
        """Begin as soon as the table that is being opened is there."""
        self._begins = True

    def forget(self) -> None:
        """What was to begin, or to be arrived at, does not come."""
        self._begins = self.arriving = False

    def _begin(self) -> None:
        derived, experiment = self._workbench.derived, self._workbench.experiment
        if derived is None or experiment is None:
            return
        if derived.prepared is None or derived.profile.target is None:
            why = derived.problem or "g makes a column the target"
            self._host.say(f"the lesson needs a table that can be trained on: {why}")
            return
        self._own = self._small = None
        mark = bookmark()
        taken_up = mark is not None and mark.path == self._path and mark.page > 0
        self._turn_to(mark.page if mark is not None and taken_up else 0)
        if taken_up:
            self._host.say("the lesson goes on where you left it: < goes back", warning=False)

    def _leave(self) -> None:
        """Give the person's own choices back."""
        self._place, self.arriving = None, False
        if self._stands_small() and self._own is not None:
            self._edit_to(self._own)
        self._host.say("the lesson is left: L takes it up again", warning=False)
        self.show()

    # -- pages ---------------------------------------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        """The page in view."""
        from ann_tui.tui.lesson.pages import PAGES

        return None if self._place is None else PAGES[min(self._place, len(PAGES) - 1)]

    def turn(self, by: int) -> None:
        """Go to another page; behind the last one there is none."""
        from ann_tui.tui.lesson.pages import PAGES

        if self._place is None:
            return
        wanted = self._place + by
        if 0 <= wanted < len(PAGES):
            self._turn_to(wanted)
        else:
            self._host.say("this is the last page: L ends the lesson" if by > 0 else "this is the first page")

    def _turn_to(self, place: int) -> None:
        from ann_tui.tui.lesson.pages import PAGES

        self._place, self.arriving, self._led = min(place, len(PAGES) - 1), True, False
        if self._place + 1 == len(PAGES):
            take_bookmark()
        else:
            put_bookmark(Bookmark(self._path, self._place))
        self._host.close_dialogs()
        self.go_on()

    @property
    def _path(self) -> str:
        from pathlib import Path

        experiment = self._workbench.experiment
        return "" if experiment is None else str(Path(experiment.source.path).absolute())

    def go_on(self) -> None:
        """Do what is next on the way to the page, as soon as it can be done, and show its words as they are now."""
        if self._begins and self._workbench.up_to_date:
            self._begins = False
            self._begin()
            return
        page = self.page
        if page is not None and self._workbench.experiment is None:
            self._place, page = None, None
        if self.arriving and not self._led and page is not None and self._workbench.up_to_date:
            self._go_towards(page)
        self.show()

    def show(self) -> None:
        """Show the words of the page under the screen in front, anew where what they tell of has changed."""
        bench = self._workbench
        run = bench.runs.front
        told_of = (
            self._place,
            bench.derived,
            run,
            None if run is None else run.snapshot,
            bench.judged,
            bench.row,
        )
        if told_of != self._told_of:
            self._told_of, self._page_in_view = told_of, self._in_view()
        self._host.show_lesson(self._page_in_view)

    def _go_towards(self, page: Page) -> None:
        wanted = self._wanted(page)
        if wanted is not None:
            self._edit_to(wanted)
            return
        runs = self._workbench.runs
        if page.trained and not self._has_run():
            if runs.training is None:
                self._train()
            return
        if page.trained and (runs.training is not None or self._workbench.judged is None):
            return
        self._led = True
        self._host.lead_to(page.step.value, page.there, self._arrived)

    def _arrived(self) -> None:
        self.arriving = False

    def _wanted(self, page: Page) -> Experiment | None:
        """The experiment that a page needs in place of the one that stands; None where it stands."""
        experiment, derived = self._workbench.experiment, self._workbench.derived
        assert experiment is not None and derived is not None
        small = self._stands_small()
        if not page.small:
            return self._own if small else None
        if small:
            return None
        from ann_tui.experiments.lesson_network import lesson_experiment

        try:
            self._small = lesson_experiment(experiment, derived)
        except ValueError as error:
            self._host.say(str(error))
            self._place = None
            return None
        self._own = experiment
        return None if self._small == experiment else self._small

    def _stands_small(self) -> bool:
        experiment, small = self._workbench.experiment, self._small
        return small is not None and experiment is not None and experiment.source == small.source

    def _has_run(self) -> bool:
        """Whether the run in front is one of the lesson's network."""
        run, experiment = self._workbench.runs.front, self._workbench.experiment
        return run is not None and experiment is not None and run.chosen.source == experiment.source

    def _edit_to(self, wanted: Experiment) -> None:
        self._host.edit(
            source=wanted.source, preparation=wanted.preparation, design=wanted.design, plan=wanted.plan
        )

    def _in_view(self) -> PageInView | None:
        from ann_tui.tui.lesson.pages import PAGES

        page = self.page
        if page is None or self._place is None:
            return None
        return PageInView(self._place + 1, len(PAGES), page.title, page.says(self._workbench), self.tries)

    @property
    def tries(self) -> str:
        """What the page in view says to try; "" where there is none."""
        page, derived = self.page, self._workbench.derived
        if page is None:
            return ""
        number = derived is not None and derived.profile.task is not None and not derived.profile.classes
        return page.tries_number if number and page.tries_number else page.tries
