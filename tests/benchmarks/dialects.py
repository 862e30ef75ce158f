"""How many of the torture files each way of finding a delimiter splits into the stated columns.

    pip install clevercsv && python -m tests.benchmarks.dialects

Asked are `csv.Sniffer`, clevercsv (where installed) and `ann_tui.data.reading.dialect`, each given the decoded text of
the files that hold a table of two columns or more; what they find is read by `csv.reader`. A file counts as split where
as many records as the table has rows have as many cells as it has columns.
"""

from __future__ import annotations

import csv
import runpy
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from ann_tui.data.choices.source import Source
from ann_tui.data.reading.dialect import detect_dialect
from ann_tui.data.reading.read_error import ReadError
from ann_tui.data.reading.read_table import read_table

MAKER = Path(__file__).resolve().parents[1] / "torture" / "make_files.py"
MOST = 200_000
"""So many characters are shown to each, and so many records counted."""

Finder = Callable[[str], tuple[str, str]]
"""The delimiter and the quote of a text."""


def sniffer(text: str) -> tuple[str, str]:
    """What the standard library finds."""
    found = csv.Sniffer().sniff(text)
    return found.delimiter, found.quotechar or '"'


def clever(text: str) -> tuple[str, str]:
    """What clevercsv finds."""
    import clevercsv

    found = clevercsv.Sniffer().sniff(text)
    return found.delimiter or ",", found.quotechar or '"'


def ours(text: str) -> tuple[str, str]:
    """What the app finds."""
    found = detect_dialect(text.encode(), "utf-8").dialect
    return found.delimiter or ",", found.quote or '"'


def splits(find: Finder, text: str, columns: int, rows: int) -> bool:
    """Whether the table's rows come out with the right number of cells."""
    try:
        delimiter, quote = find(text)
        reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, quotechar=quote)
        fitting = sum(len(record) == columns for record in islice(reader, MOST))
    except Exception:
        return False
    return fitting >= min(rows, MOST)


def texts() -> list[tuple[str, str, int, int]]:
    """Name, text, columns and rows of each file that holds a text table of two columns or more."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for path in runpy.run_path(str(MAKER))["write_files"](Path(folder)):
            try:
                table = read_table(Source(str(path)))
                text = path.read_bytes().decode(table.dialect.encoding)[:MOST]
            except (ReadError, UnicodeError, LookupError):
                continue
            rows, columns = table.frame.shape
            if columns > 1 and rows and len(table.dialect.delimiter) == 1:
                found.append((path.name, text.lstrip("\ufeff").replace("\x00", ""), columns, rows))
    return found


def main() -> None:
    """Print how many files each finder splits, and which it does not."""
    finders: dict[str, Any] = {"csv.Sniffer": sniffer, "ann-tui": ours}
    try:
        import clevercsv  # noqa: F401

        finders["clevercsv"] = clever
    except ImportError:
        pass
    files = texts()
    for name, find in finders.items():
        missed = [file for file, text, columns, rows in files if not splits(find, text, columns, rows)]
        print(
            f"{name}: {len(files) - len(missed)} of {len(files)}"
            + (f"; not {', '.join(missed)}" if missed else "")
        )


if __name__ == "__main__":
    main()
