"""The cells of a file as they stand in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence

import pandas as pd


def written_cells(raw: list[bytes] | None, texts: pd.DataFrame | None) -> Iterable[Sequence[str]]:
    """The cells of a chunk's rows as they are written, "" where one is empty."""
    if raw is not None:
        return csv.reader([record.decode() for record in raw])
    assert texts is not None
    return zip(*(texts[name].fillna("").tolist() for name in texts.columns), strict=True)
