"""What `ann-tui export` can write: one entry each, which imports what it needs when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.model.trained_model import TrainedModel


@dataclass(frozen=True)
class ExportTarget:
    """One entry of `EXPORT_TARGETS`.

    `of_model(model, path, out, force)` writes a trained model, read from `path`, to `out` and what belongs beside it;
    `of_experiment(experiment, out, force)` writes what trains an experiment anew, None where only a model can be
    written. With `force` other files beside `out` may be replaced. Both give the sentences that a person should know,
    and raise ValueError or OSError with one line, and then have written nothing. `suffix` is the end of `out`'s name.
    """

    name: str
    summary: str
    suffix: str
    of_model: Callable[[TrainedModel, Path, Path, bool], list[str]]
    of_experiment: Callable[[Experiment, Path, bool], list[str]] | None = None


def _script(name: str, summary: str) -> ExportTarget:
    """A script for a framework."""

    def of_model(model: TrainedModel, path: Path, out: Path, force: bool) -> list[str]:
        from ann_tui.export.writing import write_model

        return write_model(name, model, path, out, force=force)

    def of_experiment(experiment: Experiment, out: Path, force: bool) -> list[str]:
        from ann_tui.export.writing import write_experiment

        return write_experiment(name, experiment, out, force=force)

    return ExportTarget(name, summary, ".py", of_model, of_experiment)


def _onnx(model: TrainedModel, path: Path, out: Path, force: bool) -> list[str]:
    from ann_tui.export.as_onnx.exporting import export_onnx

    return [export_onnx(model, out).text]


EXPORT_TARGETS: dict[str, ExportTarget] = {
    target.name: target
    for target in (
        _script("pytorch", "a script for PyTorch"),
        _script("keras", "a script for Keras 3"),
        _script("sklearn", "a script for scikit-learn's MLPClassifier or MLPRegressor, which can say less"),
        _script("ann", "a script for ann-tui from Python: its estimators, or the model"),
        ExportTarget("onnx", "the whole model, preparation included, for ONNX runtimes", ".onnx", _onnx),
    )
}
"""What a network can be written as, by the name that follows `--to`."""
