"""The keys that steer the run that goes on."""

from __future__ import annotations

from collections.abc import Callable

from textual.binding import Binding

from ann_tui.choice_fields import described
from ann_tui.training.control import WATCHABLE_PACE, TrainingControl
from ann_tui.training.plan import TrainingPlan
from ann_tui.tui.prompt import LinePrompt, problem_of
from ann_tui.tui.screens.step_screen import StepScreen
from ann_tui.tui.settings.setting import typing_of

RUN_KEYS = [
    Binding("space", "pause", "pause", id="train.pause", tooltip="Pause the training, or go on"),
    Binding("n", "one_epoch", "one epoch", id="train.one", tooltip="While paused: train one epoch more"),
    Binding(
        "N",
        "one_batch",
        "one batch",
        id="train.batch",
        show=False,
        tooltip="While paused: train one batch more",
    ),
    Binding(
        "plus,equals_sign",
        "rate(2.0)",
        "rate",
        id="train.faster",
        key_display="+ -",
        tooltip="Double (+) or halve (-) the learning rate, at once",
    ),
    Binding("minus", "rate(0.5)", "rate", id="train.slower", show=False),
    Binding(
        "f",
        "full_speed",
        "full speed",
        id="train.pace",
        tooltip="Train as fast as can be, or slow enough for the eye to follow",
    ),
    Binding("R", "set_rate", "set rate", id="train.rate", show=False, tooltip="Type a learning rate"),
    Binding("s", "stop", "stop", id="train.stop", tooltip="Stop training; the best weights so far are kept"),
]


class RunControls(StepScreen):
    """Pause, batch, epoch, rate, pace, stop; what else a plan says is changed where it stands, on Layers."""

    @property
    def _control(self) -> TrainingControl | None:
        """That of the run that goes on now."""
        run = self.workbench.runs.training
        return None if run is None else run.control

    def action_pause(self) -> None:
        """Pause, or go on."""
        self._resume_or_pause(TrainingControl.resume)

    def _resume_or_pause(self, resume: Callable[[TrainingControl], None]) -> None:
        control = self._control
        if control is None:
            self.host.say("nothing is training: t trains", warning=False)
        elif control.paused:
            resume(control)
        else:
            control.pause()

    def action_full_speed(self) -> None:
        """As fast as can be, or at a pace that the eye can follow; the choice stays for the next run."""
        host = self.host
        host.pace = WATCHABLE_PACE if host.pace is None else None
        if self._control is not None:
            self._control.set_pace(host.pace)
        else:
            pace = "as fast as can be" if host.pace is None else f"at {host.pace:g} epochs a second"
            host.say(f"the next run trains {pace}", warning=False)

    def action_one_epoch(self) -> None:
        """Train one epoch more while paused; pauses a run that goes on."""
        self._resume_or_pause(TrainingControl.train_one_epoch)

    def action_one_batch(self) -> None:
        """Train one batch more while paused; pauses a run that goes on."""
        self._resume_or_pause(TrainingControl.train_one_batch)

    def action_rate(self, factor: float) -> None:
        """Multiply the learning rate."""
        if self._control is not None:
            self._control.scale_learning_rate(factor)

    def action_set_rate(self) -> None:
        """Ask for a learning rate."""
        run = self.workbench.runs.front
        if run is None or self._control is None:
            return
        read = typing_of(described(TrainingPlan)["learning_rate"], 0.0)[0]

        def take(text: str | None) -> None:
            if text is not None and self._control is not None:
                self._control.set_learning_rate(read(text))

        rate = f"{run.snapshot.learning_rate:g}"
        hint = "The rate from here on; where the schedule still rises, the one at its top."
        self.ask(LinePrompt("Learning rate", rate, problem_of(read), hint), take)

    def action_stop(self) -> None:
        """Stop the run; its best weights are kept."""
        control = self._control
        if control is None:
            self.host.say("nothing is training: t trains", warning=False)
        else:
            control.stop()
