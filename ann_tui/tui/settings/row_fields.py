"""The fields of the form of one row: what is known of each, and what may stand in it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ann_tui.figures import span
from ann_tui.tui.text import plain

if TYPE_CHECKING:
    from ann_tui.data.preparing.input_column import InputColumn


def known_values(column: InputColumn) -> str:
    """What was seen of a feature in training: its range, or its most frequent labels."""
    if column.minimum is not None and column.maximum is not None:
        return " … ".join(span(column.minimum, column.maximum))
    shown = ", ".join(plain(category, 14).plain for category in column.categories[:4])
    return shown + (f", … {len(column.categories)} in all" if len(column.categories) > 4 else "")


def problem_with_field(column: InputColumn, text: str) -> str | None:
    """Why a text can't stand in the field of a feature, in one line; None when it can."""
    if not text or column.minimum is None:
        return None
    try:
        value = float(text)
    except ValueError:
        return "type a number, or nothing for a missing value"
    return None if math.isfinite(value) else "type a finite number"


def as_typed(value: float, step: float) -> str:
    """A number with as many decimals as its step has."""
    decimals = max(0, -math.floor(math.log10(step)))
    text = f"{value:.{decimals}f}"
    return "0" if text in ("-0", "-0.0") else text


def as_text(value: Any) -> str:
    """A cell of a table as it stands in a field; "" for a missing one."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
