"""Saving the model or the choices: one name to type, its ending says which."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.tui.app.part_message import PartMessage
from ann_tui.tui.text import plain, unforeseen

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.kept.run_list import ListedRun
    from ann_tui.experiments.kept.stored_run import StoredRun
    from ann_tui.experiments.run import Run
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.tui.app.keeper import Keeper
    from ann_tui.tui.host import Host

MODEL, EXPERIMENT = ".ann", ".toml"


@dataclass
class SaveEnded(PartMessage):
    """An experiment, or a model, stands in a file; or `problem` says why not. `run` and `stored` say whose it is."""

    path: Path
    experiment: Experiment
    is_model: bool
    run: Run | None
    stored: StoredRun | None
    problem: str | None


class Saver:
    """Keeps what was made in files."""

    def __init__(self, workbench: Workbench, host: Host, keeper: Keeper) -> None:
        self._workbench, self._host, self._keeper = workbench, host, keeper

    def save(self, chosen: ListedRun | None = None) -> None:
        """Ask for a name, then save a trained model (.ann) or the choices (.toml) under it.

        They are those of the chosen run, or of the one that is used, and the choices then those that are set.
        """
        from ann_tui.tui.prompt import LinePrompt

        experiment = self._workbench.experiment
        if experiment is None:
            self._host.say("nothing to save yet: open a file first (o)")
            return
        run, stored = self._source(chosen)
        stem = Path(experiment.source.path).name.split(".")[0]
        whose = f"of {chosen.name}" if chosen is not None else "as they are set now"
        if run is None and stored is None:
            name, network = stem + EXPERIMENT, "the trained network with its preparation"
        else:
            target = stored.record.target if run is None and stored else _target(run)
            called = chosen.name if chosen is not None else f"run {run.id if run else ''}"
            other = target != self._workbench.target
            name = f"{stem}-{file_name(target)}{MODEL}" if other else stem + MODEL
            network = f"the network of {called}, which predicts {plain(target, 30).plain}"
        hint = f"{MODEL}: {network}. {EXPERIMENT}: all choices {whose}, to run them again."

        def problem(typed: str) -> str | None:
            return self._problem_with_name(typed, run is not None or stored is not None)

        self._host.ask(
            LinePrompt("Save as", name, problem, hint),
            lambda typed: None if typed is None else self._save_as(Path(typed).expanduser(), chosen),
        )

    def _source(self, chosen: ListedRun | None) -> tuple[Run | None, StoredRun | None]:
        """Whose network is saved: a judged run at hand, or one that is only on disk."""
        if chosen is None:
            return self._workbench.judged, None
        if chosen.run is not None:
            return (chosen.run, None) if chosen.run.evaluation is not None else (None, None)
        return None, chosen.stored if chosen.has_network else None

    def _problem_with_name(self, name: str, has_network: bool) -> str | None:
        path = Path(name).expanduser()
        if path.suffix not in (MODEL, EXPERIMENT):
            return f"end the name in {MODEL} for the model or {EXPERIMENT} for the choices"
        if path.is_dir() or not path.parent.is_dir():
            return f"there is no folder {path.parent}" if not path.is_dir() else f"{path} is a folder"
        if path.suffix == MODEL and not has_network:
            return "there is no trained network yet: t trains one"
        return None

    def _save_as(self, path: Path, chosen: ListedRun | None) -> None:
        from ann_tui.tui.prompt import Confirm

        if not path.exists():
            self._save(path, chosen)
            return
        question = Confirm(f"{path.name} exists. Replace it?", "What it holds now is lost.")
        self._host.ask(question, lambda yes: self._save(path, chosen) if yes else None)

    def _save(self, path: Path, chosen: ListedRun | None) -> None:
        run, stored = self._source(chosen)
        is_model = path.suffix == MODEL
        try:
            experiment = self._experiment(run, chosen)
        except ValueError as error:
            self._host.say(f"{path.name} was not saved: {error}")
            return

        def work() -> None:
            problem = None
            try:
                if is_model:
                    _write_model(run, stored, path)
                else:
                    _write_experiment(experiment, path)
            except (ValueError, OSError) as error:
                problem = " ".join(str(error).split())
            except Exception as error:
                problem = unforeseen(error)
            self._host.post_message(SaveEnded(path, experiment, is_model, run, stored, problem))

        self._host.in_thread(work, "save")

    def _experiment(self, run: Run | None, chosen: ListedRun | None) -> Experiment:
        """The choices to save: those of the chosen run, or those that are set. Raises ExperimentError."""
        experiment = self._workbench.experiment
        assert experiment is not None
        if chosen is not None and chosen.run is None and chosen.stored is not None:
            return chosen.stored.experiment()
        of = run if chosen is None else chosen.run
        if of is not None and (chosen is not None or of.chosen == experiment):
            return replace(of.experiment, steering=of.steering)
        return experiment

    def show_saved(self, message: SaveEnded) -> None:
        """Take note of what has been saved, and say so, or why it was not."""
        from ann_tui.tui import recent

        if message.problem is not None:
            self._host.say(f"{message.path.name} was not saved: {message.problem}")
            return
        recent.remember(str(message.path))
        run = message.run if message.is_model else None
        if message.is_model and message.stored is not None:
            self._keeper.store.note_saved(message.stored, message.path)
            what, steering = f"the network for {message.stored.record.target} is", False
        elif run is not None:
            self._workbench.keep(run.chosen, run)
            self._keeper.note_saved(run, message.path)
            what, steering = f"the network for {_target(run)} is", bool(run.steering)
        else:
            self._workbench.keep(message.experiment)
            what, steering = "the choices are", bool(message.experiment.steering)
        steered = "with what was steered by hand: " if steering else ""
        self._host.say(f"{steered}{what} saved as {message.path}", warning=False)


def file_name(text: str) -> str:
    """A text as a part of a file's name: letters, digits, dashes and dots of it, at most 30."""
    return re.sub(r"[^\w.-]+", "-", text)[:30].strip("-.") or "target"


def _target(run: Run | None) -> str:
    return "" if run is None else run.prepared.fitted.target.name


def _write_experiment(experiment: Experiment, path: Path) -> None:
    from ann_tui.experiments.experiment_writing import write_experiment

    write_experiment(experiment, path)


def _write_model(run: Run | None, stored: StoredRun | None, path: Path) -> None:
    from ann_tui.model.storage import load_model, save_model
    from ann_tui.model.trained_model import TrainedModel

    if run is not None:
        save_model(TrainedModel.from_result(run.result()), path)
    elif stored is not None and stored.model is not None:
        save_model(load_model(stored.model), path)
