"""The keys that go back in a run's epochs, and begin another run there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from ann_tui.choice_fields import Range
from ann_tui.tui.looking_back import LookingBack
from ann_tui.tui.prompt import LinePrompt, problem_of
from ann_tui.tui.screens.step_screen import StepScreen
from ann_tui.tui.settings.setting import read_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from ann_tui.experiments.run import Run
    from ann_tui.tui.host import ScreenHost

NONE_KEPT = "the weights of its epochs were not kept, so that there is no way back"

LOOK_KEYS = [
    Binding(
        "left",
        "look(-1)",
        "rewind",
        id="train.back",
        key_display="← →",
        tooltip="Back to the epoch before, as far as it is kept: costs and answers as they were then",
    ),
    Binding("right", "look(1)", "rewind", id="train.on", show=False, tooltip="On to the next epoch"),
    Binding(
        "shift+left", "look(-10)", "rewind", id="train.far_back", show=False, tooltip="Ten kept epochs back"
    ),
    Binding("shift+right", "look(10)", "rewind", id="train.far_on", show=False, tooltip="Ten kept epochs on"),
    Binding(
        "home",
        "look_at(0)",
        "rewind",
        id="train.first",
        show=False,
        tooltip="To epoch 0, before the first step",
    ),
    Binding(
        "end", "follow", "rewind", id="train.newest", show=False, tooltip="To the newest epoch, and follow it"
    ),
    Binding("g", "ask_epoch", "go to", id="train.go", show=False, tooltip="Type an epoch to go to"),
    Binding(
        "b",
        "branch",
        "branch",
        id="train.branch",
        tooltip="Begin a new run at the epoch in view, with the training plan as it is set now",
    ),
]


class LooksBack(StepScreen):
    """A screen that shows a run as it was after an epoch that its timeline keeps; `show_anew` paints that."""

    def __init__(self, host: ScreenHost) -> None:
        super().__init__(host)
        self.looking = LookingBack(self._find_late, self._show_late)

    def show_anew(self) -> None:
        """Paint what is looked at."""
        raise NotImplementedError

    def _find_late(self, work: Callable[[], None]) -> None:
        self.run_worker(work, thread=True, exclusive=True, group="look back")

    def _show_late(self) -> None:
        self.app.call_from_thread(self.show_anew)

    @property
    def _run(self) -> Run | None:
        run = self.workbench.runs.front
        if run is None:
            self.host.say("nothing is trained yet: t trains", warning=False)
        else:
            self.looking.follow(run)
        return run

    def action_look(self, steps: int) -> None:
        """Go so many kept epochs on."""
        if not self._trains_again(lambda: self.action_look(steps)) and self._run is not None:
            self._show(self.looking.move(steps))

    def action_look_at(self, epoch: int) -> None:
        """Go to the kept epoch nearest to this one."""
        if not self._trains_again(lambda: self.action_look_at(epoch)) and self._run is not None:
            self._show(self.looking.go_to(epoch))

    def _trains_again(self, then: Callable[[], None]) -> bool:
        """Whether the run in front came from the disk without its epochs: they are trained again, and `then` called."""
        run = self.workbench.runs.front
        if (
            run is None
            or not run.lacks_epochs
            or not run.has_rows
            or self.workbench.runs.training is not None
        ):
            return False
        self.host.lister.train_again(run, then)
        return True

    def action_follow(self) -> None:
        """Follow the newest epoch."""
        self.looking.epoch = None
        if self._run is not None:
            self.show_anew()

    def action_ask_epoch(self) -> None:
        """Ask for an epoch."""
        run = self._run
        if run is None:
            return

        def read(typed: str) -> float:
            return read_number(Range(0, run.snapshot.epoch, whole=True))(typed)

        def take(text: str | None) -> None:
            if text is not None:
                self.action_look_at(int(read(text)))

        hint = "0 is before the first step. Where an epoch isn't kept, it is the nearest one."
        self.ask(
            LinePrompt("Epoch", str(self.looking.epoch or run.snapshot.epoch), problem_of(read), hint), take
        )

    def action_branch(self) -> None:
        """Begin a run at the epoch in view; after the last one that is planned, ask for more."""
        run, experiment = self._run, self.workbench.experiment
        if run is None or experiment is None:
            return
        epoch = run.snapshot.epoch if self.looking.epoch is None else self.looking.epoch
        if self.workbench.runs.training is not None or epoch < experiment.plan.epochs:
            self.host.branch(run, epoch)
            return

        read = read_number(Range(epoch + 1, 1_000_000, whole=True))

        def take(text: str | None) -> None:
            if text is not None:
                self.host.branch(run, epoch, epochs=int(read(text)))

        hint = f"It goes on after epoch {epoch:,}. How many epochs shall it be in all?"
        self.ask(LinePrompt("Train on", str(2 * epoch), problem_of(read), hint), take)

    def _show(self, kept: bool) -> None:
        if kept:
            self.show_anew()
        else:
            self.host.say(NONE_KEPT, warning=False)
