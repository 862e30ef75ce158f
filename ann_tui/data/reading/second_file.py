"""The second file of a split by file, read once for as long as it stays the same."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ann_tui.data.cells.table import Table
from ann_tui.data.choices.source import Source
from ann_tui.data.reading.written_cells import file_state


@dataclass(frozen=True, eq=False)
class SecondFile:
    """A table, how it was read, and what its file was like: time of change and size, None where it can't be told."""

    table: Table
    read_as: Source
    state: tuple[int, int] | None


def read_second_file(source: Source, name: str, folder: Path, kept: SecondFile | None = None) -> SecondFile:
    """The file of this name, else that in `folder`, read with the missing marks and the sample size of `source`.

    What was `kept` is given back where reading would give the same. The dialect is detected. Raises ReadError with
    one line.
    """
    from ann_tui.data.reading.read_table import read_table

    read_as = Source(
        str(_located(name, folder)),
        missing_marks=source.missing_marks,
        column_marks=source.column_marks,
        number_forms=source.number_forms,
        date_forms=source.date_forms,
        sample_rows=source.sample_rows,
    )
    state = file_state(read_as.path)
    if kept is not None and (kept.read_as, kept.state) == (read_as, state):
        return kept
    return SecondFile(read_table(read_as), read_as, state)


def _located(name: str, folder: Path) -> Path:
    with suppress(OSError, ValueError):
        if Path(name).exists():
            return Path(name)
    return folder / name
