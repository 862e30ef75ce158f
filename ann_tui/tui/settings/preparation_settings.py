"""The choices of preparation as settings: those for all columns, and those of one column that are typed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ann_tui.choice_fields import ChoiceField, askers, described
from ann_tui.data.choices.preparation import Preparation, typed_fields_for
from ann_tui.data.choices.splits import SPLITS, split_for
from ann_tui.tui.settings.setting import Setting, default_of, or_none, setting_of, typing_of

FIRST = (
    "missing_number", "missing_category", "fill_number", "fill_category", "indicator", "outliers", "outlier_limit",
    "outlier_action", "unparseable", "merge_labels", "duplicates", "scaling",
)  # fmt: skip
"""The order of the lines on the screen; fields that are not named here follow."""

ELSEWHERE = ("columns", "column", "file")
"""What is chosen column by column, and what a kind of split asks for by itself."""

AS_IN_ALL = ". Nothing: as in all columns"


def _settings(kind: type, within: str = "") -> list[Setting]:
    """The settings of a preparation or of what stands in it."""
    made = []
    about = described(kind)
    for name in dict.fromkeys((*(name for name in FIRST if name in about), *about)):
        parts = about[name].parts
        if parts is not None:
            made += _settings(parts, name)
        elif name not in ELSEWHERE:
            setting = setting_of(kind, name, within)
            made.append(replace(setting, explanation=f"{setting.explanation}{_for(kind, name)}"))
    return made


def _for(kind: type, name: str) -> str:
    """Which options a field belongs to, in brackets."""
    asking = dict.fromkeys(option for _, option in askers(kind, name))
    return f" (for {', '.join(asking)})" if asking else ""


SETTINGS: tuple[Setting, ...] = tuple(_settings(Preparation))
BY_FIELD = {setting.field: setting for setting in SETTINGS}


class SplitSetting(Setting):
    """The ways to split a table whose target is a number: those that come to another one are called like it."""

    def of(self, holder: Any) -> Any:
        """The way in which the rows are split."""
        return split_for(super().of(holder), False).name


def settings_for(classes: bool) -> dict[str, Setting]:
    """The settings by field, as they are offered where the target is of classes, or else a number."""
    if classes:
        return BY_FIELD
    ways = {name: way for name, way in SPLITS.items() if not way.of_numbers}
    split = SplitSetting(**{**vars(BY_FIELD["split.method"]), "options": ways})
    return BY_FIELD | {split.field: split}


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


def column_values(kind: str) -> tuple[ColumnValue, ...]:
    """What can be typed for a column of this kind, besides the options of `fields_for`."""
    return tuple(_column_value(kind, name, about) for name, about in typed_fields_for(kind).items())


def _column_value(kind: str, name: str, about: ChoiceField) -> ColumnValue:
    if name == "order":
        otherwise = ". Nothing: by letters and numbers"
        return ColumnValue(name, about.title, about.words + otherwise, _read_labels, _write_labels, True)
    if name == "merge":
        return ColumnValue(name, about.title, f"{about.words}. Nothing: none", _read_merge, _write_merge)
    as_all = name if name != "fill" else "fill_number" if kind == "number" else "fill_category"
    read, write, _ = typing_of(described(Preparation)[as_all], default_of(Preparation, as_all))
    return ColumnValue(name, about.title, about.words + AS_IN_ALL, or_none(read), write)
