"""The fields of the form for one row: what is known of each, and how its values are typed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ann_tui.figures import span
from ann_tui.tui.text import plain

if TYPE_CHECKING:
    from ann_tui.data.preparing.input_column import InputColumn


def known_values(column: InputColumn) -> str:
    """The range or the first categories of a column in training; "" where neither is known."""
    if column.minimum is not None and column.maximum is not None:
        return " … ".join(span(column.minimum, column.maximum))
    shown = ", ".join(plain(category, 14).plain for category in column.categories[:4])
    return shown + (f", … {len(column.categories)} in all" if len(column.categories) > 4 else "")


def problem_with(column: InputColumn, text: str) -> str | None:
    """Why a text is no value of a column, or None; an empty one is a missing value."""
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
    """A cell of a table as a person would type it; "" for a missing one."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
