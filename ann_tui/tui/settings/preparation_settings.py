"""The choices of preparation as settings: those for all columns, and those of one column that are typed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ann_tui.data.choices import preparation as choices
from ann_tui.tui.settings.setting import (
    Setting,
    flip,
    read_number,
    read_whole,
    step_by,
    write_number,
    write_switch,
    yes_or_no,
)

_STEP = 0.5
_LARGEST = 1e30


def _read_word(text: str) -> str:
    """A category that is no gap itself. Raises ValueError."""
    if not text.strip():
        raise ValueError("type a word")
    return text.strip()


def _read_limit(text: str) -> float | None:
    """A limit above 0; nothing, or "usual", is the usual one of the rule. Raises ValueError."""
    if text.strip().casefold() in ("", "usual"):
        return None
    limit = read_number(0, _LARGEST)(text)
    if limit == 0:
        raise ValueError("type a number above 0, or nothing for the usual limit")
    return limit


def _write_limit(limit: float | None) -> str:
    return "usual" if limit is None else write_number(limit)


def _step_limit(limit: float | None, direction: int) -> float | None:
    """Half a step more or less; below the least one stands the usual limit."""
    stepped = (limit or 0.0) + direction * _STEP
    return stepped if stepped > 0 else None


def _percent(share: float) -> str:
    return f"{share * 100:g} %"


SETTINGS: tuple[Setting, ...] = (
    Setting("missing_number", "missing numbers", "How a missing number is filled", choices.MISSING_NUMBER),
    Setting(
        "missing_category", "missing categories", "How a missing category is filled", choices.MISSING_CATEGORY
    ),
    Setting(
        "fill_number",
        "constant number",
        "What a missing number is filled with where the choice is: constant",
        read=read_number(-_LARGEST, _LARGEST),
        write=write_number,
    ),
    Setting(
        "fill_category",
        "constant category",
        "What a missing category is filled with where the choice is: constant",
        read=_read_word,
    ),
    Setting(
        "indicator",
        "was missing column",
        "A 0/1 column that tells the network where a value was missing",
        read=yes_or_no,
        write=write_switch,
        step=flip,
    ),
    Setting("outliers", "outliers", "Which values count as outliers", choices.OUTLIERS),
    Setting(
        "outlier_limit",
        "outlier limit",
        "How far out an outlier is: widths of the middle half (iqr, usually 1.5), standard deviations (z-score, "
        "usually 3), or the share of rows to find (isolation forest, usually 0.05)",
        read=_read_limit,
        write=_write_limit,
        step=_step_limit,
    ),
    Setting("outlier_action", "outliers then", "What happens to an outlier", choices.OUTLIER_ACTIONS),
    Setting("unparseable", "unreadable cells", "What a cell without a value counts as", choices.UNPARSEABLE),
    Setting(
        "merge_labels",
        "like labels",
        "Take labels that differ only in case and spaces as one",
        read=yes_or_no,
        write=write_switch,
        step=flip,
    ),
    Setting("duplicates", "repeated rows", "What happens to rows that repeat another", choices.DUPLICATES),
    Setting("scaling", "scaling", "How numbers are brought to one size", choices.SCALING),
    Setting("encoding", "encoding", "How words become numbers", choices.ENCODING),
    Setting(
        "rare",
        "rare categories",
        "Categories of fewer training rows than this share are taken together",
        read=read_number(0, 0.5),
        write=_percent,
        step=step_by(0.005, 0.0, 0.5),
    ),
    Setting("dates", "dates", "What becomes of a date", choices.DATE_PARTS),
    Setting("text", "texts", "What becomes of free text", choices.TEXT),
    Setting(
        "target_transform", "number target", "How a number target is transformed", choices.TARGET_TRANSFORMS
    ),
    Setting("class_weights", "class weights", "How much a row counts, by its class", choices.CLASS_WEIGHTS),
    Setting("split.method", "split", "Which rows train and which judge", choices.SPLITS),
    Setting(
        "split.test",
        "test rows",
        "Share of the rows that judge the network, looked at once, at the end",
        read=read_number(0, 0.9),
        write=_percent,
        step=step_by(0.05, 0.0, 0.6),
    ),
    Setting(
        "split.validation",
        "validation rows",
        "Share of the rows that choose the best epoch",
        read=read_number(0, 0.9),
        write=_percent,
        step=step_by(0.05, 0.0, 0.6),
    ),
    Setting(
        "split.seed",
        "seed of the split",
        "Another seed draws other rows; the same seed always the same ones",
        read=read_whole(0, 2**31 - 1),
        step=step_by(1, 0, 2**31 - 1),
    ),
)
BY_FIELD = {setting.field: setting for setting in SETTINGS}


@dataclass(frozen=True)
class ColumnValue:
    """A field of one column's exceptions that is typed.

    `read` gives the value of a text (None for no exception) and raises ValueError with one line where it can't;
    `write` is its inverse.
    """

    field: str
    label: str
    explanation: str
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    starts_with_labels: bool = False

    def proposed(self, labels: Sequence[str]) -> str:
        """What to begin with where there is no value: the labels of the column, where these are to be arranged."""
        return _write_labels(labels) if self.starts_with_labels else ""


def _cells(text: str) -> list[str]:
    """The parts of a line between commas; a part with a comma in it stands in double quotes. Raises ValueError."""
    try:
        rows = list(csv.reader([text], skipinitialspace=True, strict=True))
    except csv.Error as error:
        raise ValueError(f"the quotes do not pair ({error})") from None
    return [cell for row in rows for cell in row if cell.strip()]


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(cells)
    return written.getvalue().replace("\n", " ")


def _read_labels(text: str) -> tuple[str, ...] | None:
    labels = tuple(_cells(text))
    again = next((label for place, label in enumerate(labels) if label in labels[:place]), None)
    if again is not None:
        raise ValueError(f"{again!r} stands there twice")
    return labels or None


def _write_labels(labels: Sequence[str] | None) -> str:
    return _line(labels or ())


def _read_merge(text: str) -> dict[str, str] | None:
    merged = {}
    for part in _cells(text):
        old, sign, new = part.rpartition("=")
        if not sign or not old.strip() or not new.strip():
            raise ValueError(f"write old = new for each label, not {part!r}")
        merged[old.strip()] = new.strip()
    return merged or None


def _write_merge(merged: dict[str, str] | None) -> str:
    return _line([f"{old} = {new}" for old, new in (merged or {}).items()])


def _or_none(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: read(text) if text.strip() else None


_FILL_NUMBER = ColumnValue(
    "fill",
    "constant",
    "What a gap is filled with where missing is: constant. Nothing: as in all columns",
    _or_none(read_number(-_LARGEST, _LARGEST)),
    write_number,
)
_FILL_WORD = ColumnValue("fill", "constant", _FILL_NUMBER.explanation, _or_none(_read_word), str)
_LIMIT = ColumnValue(
    "outlier_limit", "outlier limit", BY_FIELD["outlier_limit"].explanation, _read_limit, _write_limit
)
_RARE = ColumnValue(
    "rare",
    "rare categories",
    "Share of the training rows below which a category is rare. Nothing: as in all columns",
    _or_none(read_number(0, 0.5)),
    _percent,
)
_ORDER = ColumnValue(
    "order",
    "order of the labels",
    "From low to high, for ordinal encoding: small, medium, large. Nothing: by letters and numbers",
    _read_labels,
    _write_labels,
    starts_with_labels=True,
)
_MERGE = ColumnValue(
    "merge",
    "labels to merge",
    "Old label = new label, for as many as you like: m = male, man = male. Nothing: none",
    _read_merge,
    _write_merge,
)
_OF_KIND: dict[str, tuple[ColumnValue, ...]] = {
    "number": (_FILL_NUMBER, _LIMIT),
    "category": (_FILL_WORD, _MERGE, _RARE, _ORDER),
    "identifier": (_FILL_WORD, _MERGE, _RARE, _ORDER),
    "boolean": (_FILL_WORD, _MERGE),
}


def column_values(kind: str) -> tuple[ColumnValue, ...]:
    """What can be typed for a column of this kind, besides the options of `fields_for`."""
    return _OF_KIND.get(kind, ())
