"""A table that needs its file no more: the cells that the frame may spell otherwise are kept as they are written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.parsed import cells_of
from ann_tui.data.cells.table import Table


@dataclass(frozen=True, eq=False)
class KeptCells:
    """The written cells of some columns, object (n,), None where missing."""

    cells: Mapping[str, npt.NDArray[np.object_]]

    def respelled(self, values: pd.Series[Any]) -> bool:
        """Whether a column is one of those."""
        return str(values.name) in self.cells

    def read(self, names: Collection[str]) -> Mapping[str, npt.NDArray[np.object_]]:
        """The cells of some of the columns."""
        return {name: self.cells[name] for name in names}


def without_file(table: Table) -> Table:
    """The table with the written cells of all columns that were ever asked for them; it can go to another machine."""
    columns = {name: table.parsed[name] for name in table.frame.columns}
    kept = {
        name: cells_of(column.written)
        for name, column in columns.items()
        if column.respelled and column.knows_written
    }
    return replace(table, written=KeptCells(kept))
