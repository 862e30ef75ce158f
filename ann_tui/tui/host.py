"""What the parts of the app and its screens may ask of it; neither knows the app itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from textual.message import Message
    from textual.screen import Screen

    from ann_tui.evaluation.answers import Answers
    from ann_tui.evaluation.evaluation import SplitName
    from ann_tui.experiments.kept.run_list import ListedRun
    from ann_tui.experiments.kept.stored_run import StoredRun
    from ann_tui.experiments.run import Run
    from ann_tui.experiments.run_label import Label
    from ann_tui.experiments.sweeps.sweep import Sweep
    from ann_tui.experiments.sweeps.sweep_standing import SweepStanding
    from ann_tui.experiments.sweeps.trial import Trial
    from ann_tui.experiments.workbench import Step, Workbench
    from ann_tui.training.history import EpochRow
    from ann_tui.tui.lesson.page import PageInView
    from ann_tui.tui.mending import Mend
    from ann_tui.tui.reading_job import ReadingJob
    from ann_tui.tui.widgets.top_bar import TopBarState

Answer = TypeVar("Answer")


class Host(Protocol):
    """What those who open, edit, save and train need of the app.

    Only `post_message` may be called by their threads: what it takes comes back to them in the app's own thread.
    """

    busy: str
    """What goes on in the background, in words; empty where nothing does."""

    @property
    def current_mode(self) -> str:
        """Which screen is shown: "start" or the value of a step."""

    @property
    def asking(self) -> bool:
        """Whether a question that wants yes or no lies over the screen."""

    def show_mode(self, mode: str) -> None:
        """Show a screen, whether it can be entered or not."""

    def go(self, step: str) -> None:
        """Show a step, or say why it can't be entered yet."""

    def show_everywhere(self) -> None:
        """Bring the screen in front up to date."""

    def show_busy(self, text: str) -> None:
        """Say what goes on in the background, or with no text that nothing does."""

    def show_progress(self) -> None:
        """Bring only what tells of the reading up to date."""

    def say(self, notice: str, *, warning: bool = True, about: str = "") -> None:
        """Say one line in place of the one before; it goes when what it is `about` is over."""

    def call_back(self, text: str) -> None:
        """Ring, and say a line, where the person may look at another window."""

    def over(self, about: str) -> None:
        """Take away the notice that speaks of something, which is over."""

    def clear_notifications(self) -> None:
        """Take away what was said."""

    def ask(self, question: Screen[Answer], answered: Callable[[Answer | None], None]) -> None:
        """Lay a question over the screen; `answered` is told the answer, None where the person leaves it."""

    def in_thread(self, work: Callable[[], None], group: str) -> None:
        """Do something in a thread; `group` names it."""

    def every(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call something again and again, until what this gives is called."""

    def call_after_refresh(self, callback: Callable[[], object], /) -> bool:
        """Call something as soon as the screen is painted."""

    def post_message(self, message: Message, /) -> bool:
        """Queue a message for the app; a closing app drops it."""

    def edit(self, **choices: Any) -> None:
        """Change some of the four choices of the experiment."""

    def data_ready(self) -> None:
        """Do what was asked for before the data was there."""

    def data_given_up(self) -> None:
        """Forget what was to be done with data that won't come."""

    def take_up(self, run: Run, stored: StoredRun | None) -> None:
        """Put a run from the store, or of a saved model, in front."""

    def show_lesson(self, page: PageInView | None) -> None:
        """Show a page of the lesson under the screen in front, or none."""

    def lead_to(self, step: str, actions: Sequence[str], arrived: Callable[[], None]) -> None:
        """Go to a step, do these actions of its screen, one after the other, and call `arrived`."""

    def close_dialogs(self) -> None:
        """Close what lies over the step's screen."""

    def exit(self) -> None:
        """Leave the app."""


class RunList(Protocol):
    """What the list of runs offers; see `Lister`."""

    @property
    def runs(self) -> list[ListedRun]:
        """All of them."""

    def look_again(self) -> None:
        """Look for what other programs have kept, or deleted, meanwhile."""

    def use(self, chosen: ListedRun, /) -> None:
        """Let Train, Evaluate and Predict show a run."""

    def train_again(self, run: Run, done: Callable[[], None], /) -> None:
        """Train a run from the disk again, so that all its epochs can be gone to; then call `done`."""

    def take_choices(self, chosen: ListedRun, /) -> None:
        """Set the choices as the run had them."""

    def label(self, chosen: ListedRun, label: Label, /) -> None:
        """Write down what the person says of a run."""

    def delete(self, chosen: ListedRun, /) -> None:
        """Forget a run, on the disk too."""

    def history(self, chosen: ListedRun, /) -> Sequence[EpochRow]:
        """The epochs of a run; () where they are not kept."""

    def answers(self, chosen: ListedRun, /) -> Mapping[SplitName, Answers]:
        """What a run said of the rows kept from its training."""


class Sweeps(Protocol):
    """What sweeping offers; see `Sweeper`."""

    trials: int
    folds: int
    """In how many each trial is trained and judged; 0: it is judged by the validation rows."""
    problem: str
    other: str
    """What to know of another sweep of the table that was stopped."""
    standing: SweepStanding | None

    @property
    def running(self) -> bool:
        """Whether trials are trained."""

    @property
    def goes_on(self) -> bool:
        """Whether a sweep that rests would be gone on with, and no other one begun."""

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop, and has not yet."""

    def look(self) -> None:
        """Let go of a sweep that rests and is of another table, and look for one that was kept of what is set."""

    def planned(self) -> Sweep | None:
        """The sweep that would begin now."""

    def ask_for(self, steps: int, /) -> None:
        """Ask for more trials, or fewer."""

    def ask_for_folds(self) -> None:
        """Judge trials in the next number of folds."""

    def begin(self) -> None:
        """Begin a sweep of what is set, or go on with it where it was stopped."""

    def stop(self) -> None:
        """Stop it; what is done is kept."""

    def take(self, trial: Trial, /) -> None:
        """Set the choices of a trial."""


class ScreenHost(Protocol):
    """What a screen may ask of the app that shows it."""

    pace: float | None
    """Epochs a second of the next run; None as fast as can be."""

    @property
    def workbench(self) -> Workbench:
        """The state that the screens show."""

    @property
    def reading(self) -> ReadingJob | None:
        """What is being read now."""

    @property
    def trouble(self) -> str:
        """Why the last file could not be opened; empty where it could."""

    @property
    def busy(self) -> str:
        """What goes on in the background, in words."""

    def bar_state(self, here: Step | None) -> TopBarState:
        """What the bar on top says on the screen of a step."""

    def show_busy(self, text: str) -> None:
        """Say what goes on in the background, or with no text that nothing does."""

    def say(self, notice: str, *, warning: bool = True, about: str = "") -> None:
        """Say one line in place of the one before; it goes when what it is `about` is over."""

    def go(self, step: str) -> None:
        """Show a step, or say why it can't be entered yet."""

    def show_files(self) -> None:
        """Show the list of what can be opened."""

    def open_file(self, path: str) -> None:
        """Open a table, an experiment or a model."""

    def train_on(self, path: str) -> None:
        """Take up the run of the model that is open, with its table at a path."""

    def open_kept(self, stored: StoredRun) -> None:
        """Take up a run from the store, with its table and its choices."""

    @property
    def lister(self) -> RunList:
        """The runs of the table, and what can be done with them."""

    @property
    def sweeper(self) -> Sweeps:
        """The sweep of what is set."""

    def save_run(self, run: ListedRun) -> None:
        """Save the network or the choices of a run."""

    def report(self, run: Run) -> None:
        """Write the report of a judged run into a file."""

    def train(self) -> None:
        """Train a network with what is set."""

    def branch(self, run: Run, epoch: int, *, epochs: int | None = None) -> None:
        """Begin a run after an epoch of another one, with the plan as it is set, or so many `epochs` in all."""

    def keep_threshold(self, run: Run) -> None:
        """Put on disk what a run decides at by now."""

    def look(self, run: Run, *, again: bool = False) -> None:
        """Note that a run's score on its test rows is shown, and `again` that others judged by them meanwhile."""

    def cancel_reading(self) -> bool:
        """Stop reading; False when nothing is being read."""

    def edit(self, **choices: Any) -> None:
        """Change some of the four choices of the experiment: source, preparation, design or plan."""

    def mend(self, mend: Mend) -> None:
        """Do what a finding suggests."""
