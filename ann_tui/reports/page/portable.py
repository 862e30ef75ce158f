"""An experiment as a page tells it: whoever reads the page learns nothing of the folders of who wrote it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ann_tui.experiments.experiment import Experiment


def portable(experiment: Experiment, folder: Path) -> tuple[Experiment, tuple[str, ...]]:
    """The experiment for a file in `folder`, and the files that its reader has to put there.

    A file in that folder, or in one below it, is named from there on; any other one by its own name alone.
    """
    source, preparation = experiment.source, experiment.preparation
    elsewhere: list[str] = []

    def named(path: str) -> str:
        try:
            return Path(path).resolve().relative_to(folder.resolve()).as_posix()
        except (ValueError, OSError):
            elsewhere.append(Path(path).name)
            return Path(path).name

    if source.path != "-":
        source = replace(source, path=named(source.path))
    if preparation.split.file:
        preparation = replace(
            preparation, split=replace(preparation.split, file=named(preparation.split.file))
        )
    return replace(experiment, source=source, preparation=preparation), tuple(dict.fromkeys(elsewhere))
