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
        return " … ".join(column.written(each) for each in span(column.minimum, column.maximum))
    shown = ", ".join(plain(category, 14).plain for category in column.categories[:4])
    return shown + (f", … {len(column.categories)} in all" if len(column.categories) > 4 else "")


def problem_with_field(column: InputColumn, text: str) -> str | None:
    """Why a text can't stand in the field of a feature, in one line; None when it can."""
    if not text or column.minimum is None:
        return None
    if math.isfinite(column.number(text)):
        return None
    example = column.written(f"{column.minimum:.6g}")
    like = f" like {example}" if example != f"{column.minimum:.6g}" else ""
    return f"type a number{like}, or nothing for a missing value"


def stepped(column: InputColumn, text: str, direction: int) -> str:
    """The number of a field one step up (1) or down (-1), as it is typed; from the typical one where there is none."""
    assert column.step is not None
    number = column.number(text)
    moved = number + direction * column.step if math.isfinite(number) else column.number(column.typical)
    return column.written(as_typed(moved, column.step))


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
