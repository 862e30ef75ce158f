"""The lesson: it turns pages, leads to what each speaks of, and gives the person's own choices back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.data.samples import samples
from ann_tui.tui.lesson.bookmark import Bookmark, bookmark_of, bookmarks, put_bookmark, take_bookmark
from ann_tui.tui.lesson.page import PageInView

if TYPE_CHECKING:
    from collections.abc import Callable

    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.tui.host import Host
    from ann_tui.tui.lesson.page import Page


def first_table() -> str:
    """The table on which the lesson begins where none is open: where it was left, or the first sample."""
    marks = bookmarks()
    return marks[0].path if marks else str(samples()[0].path)


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
        self._table = ""
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
        if self._workbench.derived is None and self._workbench.model is None:
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
        self._table = self._path
        mark = bookmark_of(self._table)
        self._turn_to(0 if mark is None else mark.page)
        if mark is not None and mark.page:
            self._host.say("the lesson goes on where you left it: < goes back", warning=False)

    def _leave(self) -> None:
        """Give the person's own choices back."""
        ended = self._at_end
        self._place, self.arriving = None, False
        back = ""
        if self._stands_small() and self._own is not None:
            self._edit_to(self._own)
            back = ", and your choices are back: t trains with them"
        what = "over" if ended else "left (L takes it up again)"
        self._host.say(f"the lesson is {what}{back}", warning=False)
        self.show()

    # -- pages ---------------------------------------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        """The page in view."""
        return None if self._place is None else self._pages[self._place]

    @property
    def _pages(self) -> tuple[Page, ...]:
        from ann_tui.tui.lesson.pages import PAGES  # What they tell of takes time to import.

        return PAGES

    @property
    def _at_end(self) -> bool:
        return self._place is not None and self._place + 1 == len(self._pages)

    def turn(self, by: int) -> None:
        """Go to another page; behind the last one there is none."""
        if self._place is None:
            return
        wanted = self._place + by
        if 0 <= wanted < len(self._pages):
            self._turn_to(wanted)
        else:
            self._host.say("this is the last page: L ends the lesson" if by > 0 else "this is the first page")

    def _turn_to(self, place: int) -> None:
        self._place, self.arriving, self._led = min(place, len(self._pages) - 1), True, False
        if self._at_end:
            take_bookmark(self._path)
        else:
            put_bookmark(Bookmark(self._path, self._place))
        self._host.close_dialogs()
        self.go_on()

    @property
    def _path(self) -> str:
        experiment = self._workbench.experiment
        return "" if experiment is None else str(Path(experiment.source.path).absolute())

    def go_on(self) -> None:
        """Do what is next on the way to the page, as soon as it can be done, and show its words as they are now."""
        bench = self._workbench
        if self._begins and bench.model is not None:
            self._begins = False
            self._host.say("the lesson needs a table, and this is a saved model: o opens one")
        if self._begins and bench.up_to_date:
            self._begins = False
            self._begin()
            return
        page = self.page
        if page is not None and bench.experiment is None:
            self._place, page = None, None
        if page is not None and self._table != self._path and bench.up_to_date:
            self._place = None
            self._begin()
            return
        if self.arriving and not self._led and page is not None and self._workbench.up_to_date:
            self._go_towards(page)
        self.show()

    def show(self) -> None:
        """Show the words of the page under the screen in front, anew where what they tell of has changed."""
        bench = self._workbench
        run = bench.runs.front
        snapshot = None if run is None else run.snapshot
        here = self._host.current_mode, self.arriving
        told_of = self._place, bench.derived, run, snapshot, bench.judged, bench.row, here
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
        self.show()

    def _wanted(self, page: Page) -> Experiment | None:
        """The experiment that a page needs in place of the one that stands; None where it stands."""
        experiment, derived = self._workbench.experiment, self._workbench.derived
        assert experiment is not None and derived is not None
        small = self._stands_small()
        if not page.small:
            return self._own if small else None
        if small:
            return None
        if (
            self._own is not None
            and self._small is not None
            and experiment.source.excluded == self._small.source.excluded
        ):  # Another target was chosen for the small network: it becomes that of all columns.
            self._small = None
            kept = tuple(name for name in self._own.source.excluded if name != experiment.source.target)
            source = replace(self._own.source, target=experiment.source.target, excluded=kept)
            return replace(self._own, source=source)
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
        page = self.page
        if page is None or self._place is None:
            return None
        return PageInView(self._place + 1, len(self._pages), page.title, self._says(page), self.tries)

    def _says(self, page: Page) -> str:
        """The sentences of the page, or why it can't speak yet."""
        if self.arriving and page.trained and not (self._led or self._has_run()):
            return "The small network is trained first, which takes a moment."
        if self.arriving and page.trained and self._workbench.runs.training is not None:
            return "The small network is being trained; what this page speaks of comes in a moment."
        if page.small and not self._stands_small():
            return "The choices are no longer those of the lesson's small network: < and > bring them back."
        away = ""
        if not self.arriving and self._host.current_mode != page.step.value:
            away = (
                f" (This page lies on {page.step.number} {page.step.heading}: {page.step.number} goes there.)"
            )
        return page.says(self._workbench) + away

    @property
    def tries(self) -> str:
        """What the page in view says to try; "" where there is none."""
        page, derived = self.page, self._workbench.derived
        if page is None:
            return ""
        number = derived is not None and derived.profile.task is not None and not derived.profile.classes
        return page.tries_number if number and page.tries_number else page.tries
