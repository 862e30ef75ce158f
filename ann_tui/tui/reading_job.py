"""One file being read in a thread: how far it is, its first rows, and whether it is still wanted."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.data.plain_text import printable

if TYPE_CHECKING:
    from ann_tui.data.choices.source import Source
    from ann_tui.experiments.derived import LoadedData
    from ann_tui.experiments.experiment import Experiment

LARGE_FILE = 2_000_000
"""Bytes from which on the first rows are shown before the rest is read."""
PREVIEW_ROWS = 500
LONGEST_PAINTING = 0.5
"""Seconds for which the reading leaves the processor to the screen, so that it shows the first rows."""
MEASURED_BYTES = 1 << 18


class ReadingJob:
    """The reading of one source, told by a thread and looked at by the app.

    `edited` is the experiment whose change made reading necessary; None where a file is opened anew. `seen` is set
    as soon as the first rows stand on the screen.
    """

    def __init__(self, source: Source, edited: Experiment | None = None) -> None:
        self.source = source
        self.edited = edited
        self.preview: LoadedData | None = None
        self.superseded = False
        self.whole = False
        self.seen = threading.Event()
        self._stop = threading.Event()
        self._done = 0
        self._total = 0
        self._rows_per_unit = 0.0

    @property
    def name(self) -> str:
        """The file's name, safe to show."""
        return printable(Path(self.source.path).name, 60)

    @property
    def large(self) -> bool:
        """Whether reading takes long enough for the first rows to be shown before."""
        try:
            return Path(self.source.path).stat().st_size >= LARGE_FILE
        except (OSError, ValueError):
            return False

    def look_ahead(self) -> bool:
        """Read the first rows and measure how long rows are; False where that can't be done."""
        from ann_tui.data.profile.table_profile import profile_table
        from ann_tui.data.reading.parquet import is_parquet
        from ann_tui.data.reading.read_table import read_preview
        from ann_tui.experiments.derived import LoadedData

        with suppress(ValueError, OSError, MemoryError):
            table = read_preview(self.source, PREVIEW_ROWS)
            self._rows_per_unit = 1.0 if is_parquet(self.source.path) else _lines_per_byte(self.source.path)
            self.preview = LoadedData(table, profile_table(table, self.source))
        return self.preview is not None

    def loaded(self, data: LoadedData) -> None:
        """Take the whole table in the place of its first rows: only preparing is left to do."""
        self.preview = data
        self.whole = True

    def progress(self, done: int, total: int) -> None:
        """Take note of how far the reading is; called by the reading thread."""
        self._done, self._total = done, total

    def cancelled(self) -> bool:
        """Whether the reading thread should end."""
        return self._stop.is_set()

    def cancel(self, *, superseded: bool = False) -> None:
        """Ask the reading thread to end; `superseded` where a newer choice took its place."""
        self.superseded = self.superseded or superseded
        self._stop.set()
        self.seen.set()

    @property
    def text(self) -> str:
        """How far it is, in words."""
        if self.whole:
            return f"preparing {self.name} …"
        if not self._total:
            return f"reading {self.name} …"
        if self._done >= self._total:
            return f"{self.name} is read, looking at its columns …"
        share = f"reading {self.name} … {100 * self._done // self._total} %"
        rows = self._done * self._rows_per_unit
        return f"{share}, about {_round(rows):,} rows" if rows >= 1 else share


def _lines_per_byte(path: str) -> float:
    """How many lines a byte of the file on disk holds, from its beginning."""
    from ann_tui.data.reading.opening import open_bytes

    opened = open_bytes(path)
    try:
        text = opened.read(MEASURED_BYTES)
        read = opened.position() if opened.compression else len(text)
    finally:
        opened.close()
    return max(text.count(b"\n"), text.count(b"\r")) / max(1, read)


def _round(rows: float) -> int:
    """Two leading digits are all that an estimate can tell."""
    unit = 10 ** max(0, len(str(int(rows))) - 2)
    return int(rows) // int(unit) * int(unit)
