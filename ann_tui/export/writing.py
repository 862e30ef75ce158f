"""Scripts and what belongs beside them, written to files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.atomic_file import atomic_file
from ann_tui.data.plain_text import printable, shown_path
from ann_tui.export.ann_model import ann_script
from ann_tui.export.experiment_facts import Facts
from ann_tui.export.export_error import ExportError, UnsayableError
from ann_tui.export.first_step import FirstStep, first_step
from ann_tui.export.keras import keras_network, keras_script
from ann_tui.export.model_script import NetworkPart, model_script
from ann_tui.export.own_estimators import own_script
from ann_tui.export.pytorch import torch_network, torch_script
from ann_tui.export.sklearn_mlp import sklearn_network, sklearn_script
from ann_tui.export.source_rows import RowsCode, parts_file, rows_code

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.model.trained_model import TrainedModel


@dataclass(frozen=True)
class Framework:
    """One entry of `FRAMEWORKS`.

    `script` writes what trains an experiment anew, where `as_codes` says whether classes are numbers; `network` says a
    trained network, None where the framework loads the model itself. Both raise ExportError.
    """

    title: str
    script: Callable[[Facts, FirstStep], str]
    network: Callable[[TrainedModel], NetworkPart] | None
    as_codes: bool = True


FRAMEWORKS: Mapping[str, Framework] = {
    "pytorch": Framework("PyTorch", torch_script, torch_network),
    "keras": Framework("Keras 3", keras_script, keras_network),
    "sklearn": Framework("scikit-learn", sklearn_script, sklearn_network),
    "ann": Framework("ann-tui", own_script, None),
}
"""What scripts are written for, by the name that follows `--to`."""


ALL = "pytorch"
"""The one for which the most can be written."""

HIDDEN = frozenset({
    *sys.stdlib_module_names, "ann_tui", "keras", "numpy", "pandas", "safetensors", "scipy", "sklearn", "torch",
})  # fmt: skip
"""Names that a script can't have, for Python would read it in place of a library."""


class Scripts:
    """Makes scripts of the experiments on one table; how pandas reads that is found out once."""

    def __init__(self) -> None:
        self._known: tuple[object, RowsCode] | None = None

    def rows(self, prepared: PreparedData, out: Path) -> RowsCode:
        """How a script at `out` comes to its rows."""
        columns = tuple((column.name, column.kind) for column in prepared.fitted.columns)
        asked = prepared.table.frame, columns, prepared.fitted.target.name, prepared.fitted.target.task, out
        known = self._known
        if known is None or not _same(known[0], asked):
            self._known = known = asked, rows_code(prepared, out.absolute().parent, out.stem)
        return known[1]

    def script(self, framework: str, experiment: Experiment, prepared: PreparedData, out: Path) -> str:
        """The script of an experiment that stands at `out`.

        Raises ExportError for an option that can't be written for the framework.
        """
        return experiment_script(framework, experiment, prepared, self.rows(prepared, out))


def _same(known: object, asked: tuple[object, ...]) -> bool:
    """Whether both are of the same table, and equal otherwise."""
    return isinstance(known, tuple) and known[0] is asked[0] and known[1:] == asked[1:]


def experiment_script(framework: str, experiment: Experiment, prepared: PreparedData, rows: RowsCode) -> str:
    """The script of an experiment. Raises ExportError for an option that can't be written for the framework."""
    chosen = FRAMEWORKS[framework]
    facts = Facts(experiment, prepared)
    step = first_step(
        prepared, rows, seed=facts.plan.seed, raw_target=facts.raw_target, as_codes=chosen.as_codes
    )
    try:
        return chosen.script(facts, step)
    except UnsayableError as error:
        raise (error.where(ALL) if _can_say(ALL, experiment, prepared, rows) else error) from None


def _can_say(framework: str, experiment: Experiment, prepared: PreparedData, rows: RowsCode) -> bool:
    try:
        experiment_script(framework, experiment, prepared, rows)
    except ExportError:
        return False
    return True


def write_experiment(framework: str, experiment: Experiment, out: Path, *, force: bool = False) -> list[str]:
    """Write the script that trains an experiment anew, and the parts of its rows beside it; give what to know.

    With `force` files beside it are replaced that another export may have written. Raises ExportError, or what reading
    and preparing raise, with one line; then nothing was written.
    """
    from ann_tui.experiments.derived import load, prepare_experiment

    prepared = prepare_experiment(experiment, load(experiment.source))
    return write_prepared(framework, experiment, prepared, out, force=force)


def write_prepared(
    framework: str, experiment: Experiment, prepared: PreparedData, out: Path, *, force: bool = False
) -> list[str]:
    """The same of an experiment whose rows are prepared already."""
    rows = Scripts().rows(prepared, out)
    script = experiment_script(framework, experiment, prepared, rows)
    beside = {rows.parts: parts_file(prepared)}
    if rows.copy is not None:
        beside[rows.copy_name] = rows.copy
    _write_all(out, script, beside, kept=[prepared.table.path], force=force)
    said = [f"reads {', '.join(beside)} beside it"]
    if prepared.profile.guessed:
        name = printable(prepared.fitted.target.name, 60)
        said.append(f"the target, {name}, is a guess: the experiment names none")
    if rows.copy is not None:
        said.append(
            f"{rows.copy_name} is the table as ann-tui reads it, which pandas alone would read otherwise"
        )
    return said


def write_model(
    framework: str, model: TrainedModel, path: Path, out: Path, *, force: bool = False
) -> list[str]:
    """Write a trained model, read from `path`, as a script, and what it needs beside it; give what to know.

    With `force` files beside it are replaced that another export may have written. Raises ExportError for what can't be
    written for the framework; then nothing was written.
    """
    network = FRAMEWORKS[framework].network
    if network is None:
        script, beside = ann_script(model, path, out)
    else:
        script, beside = model_script(model, network(model), out.stem)
    _write_all(out, script, beside, kept=[path, Path(model.source.path)], force=force)
    return [f"reads {' and '.join(beside)} beside it"]


def _write_all(out: Path, script: str, beside: Mapping[str, bytes], *, kept: list[Path], force: bool) -> None:
    """Write the script and what belongs beside it, or raise ExportError where that would destroy another file.

    What the script at `out` reads by its name is that script's own, and may be replaced with it.
    """
    if out.stem.casefold() in HIDDEN:
        raise ExportError(f"{shown_path(str(out))} would hide the library {out.stem}: choose another name")
    own = out.read_text(encoding="utf-8", errors="replace") if out.is_file() else ""
    for name, data in beside.items():
        place = out.parent / name
        if not place.exists() or (place.is_file() and place.read_bytes() == data):
            continue
        if any(each.exists() and place.samefile(each) for each in kept):
            raise ExportError(f"{shown_path(str(place))} is what is exported: choose another name")
        if not force and name not in own:
            raise ExportError(
                f"{shown_path(str(place))} is there already and may belong to something else: choose another name, or "
                "--force writes over it"
            )
    for name, data in beside.items():
        _write(out.parent / name, data)
    _write(out, script.encode())


def _write(path: Path, data: bytes) -> None:
    with atomic_file(path) as file:
        file.write(data)
