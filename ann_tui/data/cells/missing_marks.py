"""Which texts of a column stand for a missing value, and which only look as if they did.

In a column of numbers every mark is a missing value, for it can be nothing else, and one that is a number itself (-999)
is one by its value, however it is written. In a column of text `NA` may be
Namibia, `None` a kind of fence and `-` a blood group; what is taken and what is kept is recorded, so that
the person is told.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.grammar import DOUBTFUL_SIGNS, DOUBTFUL_WORDS, folded, folded_marks
from ann_tui.data.cells.numerals import plain_numbers

_SEVERAL = 3


@dataclass(frozen=True)
class MarkUse:
    """A text that could stand for a missing value, in a column of text: whether it was taken for one."""

    column: str
    mark: str
    rows: int
    missing: bool


def expand_marks(marks: Sequence[str]) -> tuple[str, ...]:
    """The marks in lower, upper and capitalized spelling, for a parser that compares letter by letter."""
    spelled = {
        form for mark in (*marks, "") for form in (mark, mark.lower(), mark.upper(), mark.capitalize())
    }
    return tuple(sorted(spelled))


def marked_numbers(marks: Iterable[str], decimal: str = ".") -> tuple[float, ...]:
    """The values of the marks that are numbers in digits: a column of numbers lacks them however they are written."""
    values = plain_numbers(marks, decimal)
    return tuple(dict.fromkeys(values[np.isfinite(values)].tolist()))


def without_marked(values: npt.NDArray[Any], numbers: Sequence[float]) -> npt.NDArray[Any]:
    """Numbers (n,) with NaN in place of these; the same array where none of them occurs."""
    marked = np.isin(values, numbers) if numbers else None
    return values if marked is None or not marked.any() else np.where(marked, np.nan, values)


def spaced(marks: Sequence[str]) -> frozenset[str]:
    """The marks with and without a space before and behind, and cells of spaces alone."""
    around = {f"{before}{mark}{behind}" for mark in marks for before in ("", " ") for behind in ("", " ")}
    return frozenset(around | {" " * length for length in range(9)})


def choose_marks(
    column: str,
    distinct: Sequence[str],
    counts: npt.NDArray[np.int64],
    marks: Sequence[str],
    own: Sequence[str] | None,
    in_numbers: frozenset[str],
) -> tuple[npt.NDArray[np.bool_], tuple[MarkUse, ...]]:
    """Which of a column's distinct texts are missing values, and what a person should know about it.

    `marks` are the marks of the source, `own` those that the person set for this column alone (then nothing
    is guessed), and `in_numbers` those that stand in the file's columns of numbers, folded.
    """
    spelt = [folded(text) for text in distinct]
    if own is not None:
        wanted = folded_marks(own)
        return np.array([text in wanted for text in spelt], dtype=bool), ()
    known = folded_marks(marks)
    present = [place for place, text in enumerate(spelt) if text in known]
    missing = np.zeros(len(distinct), dtype=bool)
    missing[present] = True
    doubtful = {spelt[place] for place in present} & (DOUBTFUL_WORDS | DOUBTFUL_SIGNS)
    used = {spelt[place] for place in present if spelt[place]}
    others = [text for text, gone in zip(distinct, missing, strict=True) if not gone]
    kept: set[str] = set()
    for mark in sorted(doubtful):
        if len(used) < _SEVERAL and _is_value(mark, others, in_numbers):
            kept.add(mark)
    uses = []
    for place in present:
        if spelt[place] in kept:
            missing[place] = False
        if spelt[place] in kept or spelt[place] in DOUBTFUL_WORDS:
            uses.append(MarkUse(column, distinct[place], int(counts[place]), bool(missing[place])))
    return missing, tuple(uses)


def _is_value(mark: str, others: list[str], in_numbers: frozenset[str]) -> bool:
    """Whether a doubtful mark is more likely a value of the column than a missing one."""
    if not others:
        return False
    if mark == "na" and _are_codes(others):
        return True
    if mark == "-" and {text.strip() for text in others} <= {"+", "0", "±", "=", "++"}:
        return True
    if mark in in_numbers or mark in DOUBTFUL_SIGNS:
        return False
    if len({folded(text) for text in others}) < 2:
        return True
    return mark == "none"


def _are_codes(others: list[str]) -> bool:
    """Codes of two capital letters, as of countries or states, many of them."""
    codes = sum(re.fullmatch(r"[A-Z]{2}", text.strip()) is not None for text in others)
    return codes >= 5 and codes >= 0.9 * len(others)
