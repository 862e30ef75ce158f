"""The keys that steer the run that goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from textual.binding import Binding

from ann_tui.choice_fields import SEED, MayChange, described
from ann_tui.training.control import WATCHABLE_PACE, TrainingControl
from ann_tui.training.plan import TrainingPlan
from ann_tui.tui.prompt import Choice, LinePrompt, PickList, problem_of
from ann_tui.tui.screens.step_screen import StepScreen
from ann_tui.tui.settings.plan_settings import settings_that_matter
from ann_tui.tui.settings.setting import typing_of

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run

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
    Binding(
        "c",
        "change",
        "change",
        id="train.change",
        tooltip="Change a choice of the training that goes on: batch, decay, dropout, early stopping, epochs …",
    ),
    Binding(
        "a",
        "apply",
        "take settings",
        id="train.apply",
        show=False,
        tooltip="Let the training that goes on take the settings as they are now, from the next epoch on",
    ),
    Binding(
        "T",
        "another_seed",
        "another seed",
        id="train.seed",
        show=False,
        tooltip="Train anew with the next seed: other first weights, another order of the rows",
    ),
    Binding("s", "stop", "stop", id="train.stop", tooltip="Stop training; the best weights so far are kept"),
]


class RunControls(StepScreen):
    """Pause, batch, epoch, rate, pace, stop, and whatever else of a plan may change while it goes on."""

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

    def action_change(self) -> None:
        """Ask what is to change, and to what; a switch changes at once."""
        run = self.workbench.runs.training
        if run is None or run.snapshot.state not in ("ready", "running", "paused"):
            self.host.say("nothing is training: b begins another run at the epoch in view", warning=False)
            return
        design, plan = run.chosen.design, run.chosen.plan
        about = described(TrainingPlan)
        settings = {
            setting.field: setting
            for _, holder, setting in settings_that_matter(design, plan, None)
            if holder is plan and about[setting.field].may_change is MayChange.RUNNING
        }

        def ask(field: str | None) -> None:
            if field is None:
                return
            setting = settings[field]
            if isinstance(setting.of(plan), bool):
                self._steer(run, setting.put(plan, not setting.of(plan)))
                return

            def take(text: str | None) -> None:
                if text is not None:
                    self._steer(run, setting.answered(plan, text))

            self.ask(setting.question(plan), take)

        choices = [
            Choice(field, setting.explanation, f"{setting.label}  {setting.write(setting.of(plan))}")
            for field, setting in settings.items()
        ]
        self.ask(PickList("Change from the next epoch on", choices), ask)

    def _steer(self, run: Run, plan: TrainingPlan) -> None:
        """Let a run go on by another plan, and let what changed of it be set for the next one too."""
        before, experiment = run.chosen.plan, self.workbench.experiment
        try:
            run.steer(replace(run.chosen, plan=plan))
        except ValueError as error:
            self.host.say(str(error))
            return
        changed = {name: value for name, value in asdict(plan).items() if getattr(before, name) != value}
        if experiment is not None and changed:
            self.host.edit(plan=replace(experiment.plan, **changed))

    def action_apply(self) -> None:
        """Let the training that goes on take what is set by now."""
        run, experiment = self.workbench.runs.training, self.workbench.experiment
        if run is None or experiment is None:
            self.host.say("nothing is training: t trains with what is set", warning=False)
        elif run.chosen == experiment:
            self.host.say("the training goes on as it is set", warning=False)
        else:
            try:
                run.steer(replace(experiment, steering=()))
            except ValueError as error:
                self.host.say(str(error))
                return
            self.show_workbench(self.workbench)

    def action_another_seed(self) -> None:
        """Train anew with the next seed."""
        experiment = self.workbench.experiment
        if self.workbench.runs.training is not None:
            self.host.say("a network is still training: s stops it", warning=False)
        elif experiment is not None:
            seed = experiment.plan.seed
            self.host.edit(plan=replace(experiment.plan, seed=seed + 1 if seed + 1 in SEED else 0))
            self.host.train()

    def action_stop(self) -> None:
        """Stop the run; its best weights are kept."""
        control = self._control
        if control is None:
            self.host.say("nothing is training: t trains", warning=False)
        else:
            control.stop()
