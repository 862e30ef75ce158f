"""Saving the model or the experiment, and opening either: one name to type, its ending says which."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.tui.app.file_opening import FileOpening
from ann_tui.tui.text import plain, unforeseen

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.run import Run

MODEL, EXPERIMENT = ".ann", ".toml"


class Saving(FileOpening):
    """The part of the app that keeps what was made, and takes it up again."""

    def action_save(self) -> None:
        """Ask for a name, then save the trained model (.ann) or the choices (.toml) under it."""
        from ann_tui.tui.dialogs.prompt import LinePrompt

        experiment = self.workbench.experiment
        if experiment is None:
            self.say("nothing to save yet: open a file first (o)")
            return
        trained = self.workbench.judged is not None
        name = Path(experiment.source.path).name.split(".")[0] + (MODEL if trained else EXPERIMENT)
        hint = f"{MODEL}: the trained network with its preparation. {EXPERIMENT}: all choices, to run them again."
        self.push_screen(LinePrompt("Save as", name, self._problem_with_name, hint), self._save_as)

    def _problem_with_name(self, name: str) -> str | None:
        path = Path(name).expanduser()
        if path.suffix not in (MODEL, EXPERIMENT):
            return f"end the name in {MODEL} for the model or {EXPERIMENT} for the choices"
        if path.is_dir() or not path.parent.is_dir():
            return f"there is no folder {path.parent}" if not path.is_dir() else f"{path} is a folder"
        if path.suffix == MODEL and self.workbench.judged is None:
            return "there is no trained network yet: t trains one"
        return None

    def _save_as(self, name: str | None) -> None:
        from ann_tui.tui.dialogs.prompt import Confirm

        if name is None:
            return
        path = Path(name).expanduser()
        if not path.exists():
            self._save(path)
            return
        question = Confirm(f"{path.name} exists. Replace it?", "What it holds now is lost.")
        self.push_screen(question, lambda yes: self._save(path) if yes else None)

    def _save(self, path: Path) -> None:
        experiment, run = self.workbench.experiment, self.workbench.judged
        assert experiment is not None
        write = _write_experiment(experiment) if path.suffix == EXPERIMENT else _write_model(run)

        def work() -> None:
            try:
                write(path)
            except (ValueError, OSError) as error:
                self.call_from_thread(self.say, f"{path.name} was not saved: {' '.join(str(error).split())}")
            except Exception as error:
                self.call_from_thread(self.say, f"{path.name} was not saved: {unforeseen(error)}")
            else:
                self.call_from_thread(self._saved, path, experiment, run)

        self.run_worker(work, thread=True, exit_on_error=False, group="save")

    def _saved(self, path: Path, experiment: Experiment, run: Run | None) -> None:
        from ann_tui.tui import recent

        recent.remember(str(path))
        self.workbench.keep(experiment, run if path.suffix == MODEL else None)
        self.say(f"saved as {path}", warning=False)

    def action_open_any(self) -> None:
        """Look for a table, an experiment or a model in the folders."""
        from ann_tui.tui.dialogs.file_picker import file_picker

        self.push_screen(file_picker("Open"), lambda path: self.open_file(str(path)) if path else None)

    def open_file(self, path: str) -> None:
        """Open a table, an experiment (.toml) or a model (.ann), by the ending of its name.

        Asks first where something that was made and not saved would be put away.
        """
        from ann_tui.tui.dialogs.prompt import Confirm

        unsaved = None if self.workbench.runs.training is not None else self.workbench.unsaved
        if unsaved is None:
            self._open(path)
            return
        question = Confirm(
            f"Open {plain(Path(path).name, 40).plain}?",
            f"The {unsaved} would be lost: ctrl+s saves it first.",
        )
        self.push_screen(question, lambda yes: self._open(path) if yes else None)

    def _open(self, path: str) -> None:
        ending = Path(path).suffix.casefold()
        if ending == EXPERIMENT:
            self._open_experiment(path)
        elif ending == MODEL:
            self._open_model(path)
        else:
            super().open_file(path)

    def _open_experiment(self, path: str) -> None:
        from ann_tui.experiments.experiment_file import ExperimentError, read_experiment

        try:
            experiment = read_experiment(path)
        except ExperimentError as error:
            self.refuse(str(error))
            return
        self._remember(path)
        self.open_source(experiment.source, experiment)

    def _open_model(self, path: str) -> None:
        from ann_tui.model.model_error import ModelError
        from ann_tui.model.storage import load_model

        if self.workbench.runs.training is not None:
            self.say("a network is training: stop it first (s on the Train screen)")
            return
        try:
            model = load_model(path)
        except ModelError as error:
            self.refuse(str(error))
            return
        self._remember(path)
        self.trouble = ""
        self.give_up_reading()
        self.workbench.open_model(model, path)
        if self.current_mode != "predict":
            self.switch_mode("predict")
        self.show_everywhere()

    def _remember(self, path: str) -> None:
        from ann_tui.tui import recent

        recent.remember(path)


def _write_experiment(experiment: Experiment) -> Callable[[Path], None]:
    from ann_tui.experiments.experiment_file import write_experiment

    return lambda path: write_experiment(experiment, path)


def _write_model(run: Run | None) -> Callable[[Path], None]:
    from ann_tui.model.storage import save_model
    from ann_tui.model.trained_model import TrainedModel

    assert run is not None
    return lambda path: save_model(TrainedModel.from_result(run.result()), path)
