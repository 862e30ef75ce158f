"""Saving the model or the choices: one name to type, its ending says which."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.tui.app.part_message import PartMessage
from ann_tui.tui.text import plain, unforeseen

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.run import Run
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.tui.app.keeper import Keeper
    from ann_tui.tui.host import Host

MODEL, EXPERIMENT = ".ann", ".toml"


@dataclass
class SaveEnded(PartMessage):
    """An experiment, or the model of a run, stands in a file; or `problem` says why not."""

    path: Path
    experiment: Experiment
    run: Run | None
    problem: str | None


class Saver:
    """Keeps what was made in files."""

    def __init__(self, workbench: Workbench, host: Host, keeper: Keeper) -> None:
        self._workbench, self._host, self._keeper = workbench, host, keeper

    def save(self) -> None:
        """Ask for a name, then save the trained model (.ann) or the choices (.toml) under it."""
        from ann_tui.tui.prompt import LinePrompt

        experiment = self._workbench.experiment
        if experiment is None:
            self._host.say("nothing to save yet: open a file first (o)")
            return
        run = self._workbench.judged
        stem = Path(experiment.source.path).name.split(".")[0]
        if run is None:
            name, network = stem + EXPERIMENT, "the trained network with its preparation"
        else:
            target = run.prepared.fitted.target.name
            other = target != self._workbench.target
            name = f"{stem}-{file_name(target)}{MODEL}" if other else stem + MODEL
            network = f"the network of run {run.id}, which predicts {plain(target, 30).plain}"
        hint = f"{MODEL}: {network}. {EXPERIMENT}: all choices as they are set now, to run them again."
        self._host.ask(LinePrompt("Save as", name, self._problem_with_name, hint), self._save_as)

    def _problem_with_name(self, name: str) -> str | None:
        path = Path(name).expanduser()
        if path.suffix not in (MODEL, EXPERIMENT):
            return f"end the name in {MODEL} for the model or {EXPERIMENT} for the choices"
        if path.is_dir() or not path.parent.is_dir():
            return f"there is no folder {path.parent}" if not path.is_dir() else f"{path} is a folder"
        if path.suffix == MODEL and self._workbench.judged is None:
            return "there is no trained network yet: t trains one"
        return None

    def _save_as(self, name: str | None) -> None:
        from ann_tui.tui.prompt import Confirm

        if name is None:
            return
        path = Path(name).expanduser()
        if not path.exists():
            self._save(path)
            return
        question = Confirm(f"{path.name} exists. Replace it?", "What it holds now is lost.")
        self._host.ask(question, lambda yes: self._save(path) if yes else None)

    def _save(self, path: Path) -> None:
        experiment, run = self._workbench.experiment, self._workbench.judged
        assert experiment is not None
        if path.suffix == EXPERIMENT:
            if run is not None and run.chosen == experiment:
                experiment = replace(run.experiment, steering=run.steering)
            run, write = None, _write_experiment(experiment)
        else:
            write = _write_model(run)

        def work() -> None:
            problem = None
            try:
                write(path)
            except (ValueError, OSError) as error:
                problem = " ".join(str(error).split())
            except Exception as error:
                problem = unforeseen(error)
            self._host.post_message(SaveEnded(path, experiment, run, problem))

        self._host.in_thread(work, "save")

    def show_saved(self, message: SaveEnded) -> None:
        """Take note of what has been saved, and say so, or why it was not."""
        from ann_tui.tui import recent

        if message.problem is not None:
            self._host.say(f"{message.path.name} was not saved: {message.problem}")
            return
        recent.remember(str(message.path))
        run = message.run
        self._workbench.keep(message.experiment if run is None else run.chosen, run)
        what = "the choices are" if run is None else f"the network for {run.prepared.fitted.target.name} is"
        if run is not None:
            self._keeper.note_saved(run, message.path)
        steering = message.experiment.steering if run is None else run.steering
        steered = "with what was steered by hand: " if steering else ""
        self._host.say(f"{steered}{what} saved as {message.path}", warning=False)


def file_name(text: str) -> str:
    """A text as a part of a file's name: letters, digits, dashes and dots of it, at most 30."""
    return re.sub(r"[^\w.-]+", "-", text)[:30].strip("-.") or "target"


def _write_experiment(experiment: Experiment) -> Callable[[Path], None]:
    from ann_tui.experiments.experiment_file import write_experiment

    return lambda path: write_experiment(experiment, path)


def _write_model(run: Run | None) -> Callable[[Path], None]:
    from ann_tui.model.storage import save_model
    from ann_tui.model.trained_model import TrainedModel

    assert run is not None
    return lambda path: save_model(TrainedModel.from_result(run.result()), path)
