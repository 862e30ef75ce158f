"""Scripts and what belongs beside them, written to files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.atomic_file import atomic_file
from ann_tui.data.plain_text import shown_path
from ann_tui.export.experiment_facts import Facts
from ann_tui.export.export_error import ExportError
from ann_tui.export.first_step import FirstStep, first_step
from ann_tui.export.pytorch import torch_script
from ann_tui.export.source_rows import RowsCode, parts_file, rows_code

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.experiments.experiment import Experiment

Write = Callable[[Facts, FirstStep], str]

FRAMEWORKS: Mapping[str, tuple[str, Write, bool]] = {
    "pytorch": ("PyTorch", torch_script, True),
}
"""What each is called, what writes a script for it, and whether classes are numbers there."""

PARTS_FILE, FIRST_LINE = "parts.csv", b"row,part"


def experiment_script(
    framework: str, experiment: Experiment, prepared: PreparedData, folder: Path, name: str
) -> tuple[str, RowsCode]:
    """The script of an experiment that stands in `folder`, called `name`, and how it comes to its rows.

    Raises ExportError for an option that can't be written for the framework.
    """
    _, write, as_codes = FRAMEWORKS[framework]
    facts = Facts(experiment, prepared)
    rows = rows_code(prepared, folder, f"{Path(name).stem}.rows.csv")
    step = first_step(prepared, rows, raw_target=facts.raw_target, as_codes=as_codes)
    return write(facts, step), rows


def write_experiment(framework: str, experiment: Experiment, out: Path) -> list[str]:
    """Write the script that trains an experiment anew, and the parts of its rows beside it; give what to know.

    Raises ExportError, or what reading and preparing raise, with one line; then nothing was written.
    """
    from ann_tui.experiments.derived import load, prepare_experiment

    prepared = prepare_experiment(experiment, load(experiment.source))
    script, rows = experiment_script(framework, experiment, prepared, out.absolute().parent, out.name)
    beside = {PARTS_FILE: parts_file(prepared)}
    if rows.copy is not None:
        beside[f"{out.stem}.rows.csv"] = rows.copy
    _check(out.parent / PARTS_FILE, FIRST_LINE)
    for name, data in beside.items():
        _write(out.parent / name, data)
    _write(out, script.encode())
    said = [f"reads {', '.join(beside)} beside it"]
    if rows.copy is not None:
        said.append(
            f"{out.stem}.rows.csv is the table as ann-tui reads it, which pandas alone would read otherwise"
        )
    return said


def _check(path: Path, first: bytes) -> None:
    """Raise ExportError where a file of another kind stands."""
    if path.exists():
        with path.open("rb") as file:
            if file.read(len(first)) != first:
                raise ExportError(f"{shown_path(str(path))} is something else: choose another folder")


def _write(path: Path, data: bytes) -> None:
    with atomic_file(path) as file:
        file.write(data)
