"""Choices about columns that the table doesn't have, by their names in an experiment file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment


def unmet_choices(experiment: Experiment, columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The name of each such choice, such as `source.included`, and in one line what is wrong with it."""
    from ann_tui.data.cells.column_names import no_column
    from ann_tui.data.profile.unmet import unmet_statements

    for field, problem in unmet_statements(experiment.source, columns):
        yield f"source.{field}", problem
    preparation, split = experiment.preparation, experiment.preparation.split
    for name in preparation.columns:
        if name not in columns:
            yield "preparation.columns", no_column(name, columns)
    if split.column and "column" in split.way.asks and split.column not in columns:
        yield "preparation.split.column", no_column(split.column, columns)
