"""Rules that a person states about the values of a column: `age in 0..120`, `sex in {male, female}`."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ann_tui.data.cells.column_names import no_column

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from ann_tui.data.cells.parsed import ParsedColumn

_RANGE = re.compile(r"(?P<low>.*?)\s*\.\.\s*(?P<high>.*)")
_COMPARISON = re.compile(r"(?P<column>.+?)\s*(?P<sign><=|>=|<|>)\s*(?P<limit>[^<>=]+)")


class RuleError(ValueError):
    """A rule that cannot be understood; the message says what a rule looks like."""


@dataclass(frozen=True)
class Rule:
    """What the values of a column may be: between two numbers (both allowed), or one of some words.

    `strict` excludes the limits themselves. A missing value breaks no rule.
    """

    text: str
    column: str
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[str, ...] | None = None
    strict: bool = False


def parse_rule(text: str, columns: Sequence[str]) -> Rule:
    """Understand a rule about one of the columns: `COLUMN in LOW..HIGH` (either end may be left out),
    `COLUMN in {A, B}`, `COLUMN >= LOW`, `COLUMN < HIGH`.

    Raises RuleError for anything else, and for a column that is not there.
    """
    stripped = text.strip()
    for column in sorted(columns, key=len, reverse=True):
        rest = stripped[len(column) :].strip()
        if stripped.startswith(column) and re.match(r"in\b|[<>]", rest):
            return _parse(stripped, column, rest)
    named = _COMPARISON.fullmatch(stripped) or re.fullmatch(r"(?P<column>.+?)\s+in\b.*", stripped)
    if named is not None and named["column"] not in columns:
        raise RuleError(f"the rule {text!r} can't be followed: {no_column(named['column'], columns)}")
    raise RuleError(f"the rule {text!r} is not understood; write: age in 0..120, or: sex in {{male, female}}")


def _parse(text: str, column: str, rest: str) -> Rule:
    compared = re.fullmatch(r"(<=|>=|<|>)\s*(.+)", rest)
    if compared is not None:
        limit = _limit(compared[2], text)
        if limit is None:
            raise RuleError(f"the rule {text!r} compares with nothing: give a number")
        below = compared[1].startswith("<")
        return Rule(
            text,
            column,
            None if below else limit,
            limit if below else None,
            None,
            not compared[1].endswith("="),
        )
    wanted = rest[2:].strip()
    if wanted.startswith("{") and wanted.endswith("}"):
        words = tuple(word.strip().strip("\"'") for word in wanted[1:-1].split(",") if word.strip())
        if not words:
            raise RuleError(
                f"the rule {text!r} allows nothing: name the allowed values, as in sex in {{male, female}}"
            )
        return Rule(text, column, allowed=words)
    between = _RANGE.fullmatch(wanted)
    if between is None:
        raise RuleError(f"the rule {text!r} is not understood; write: {column} in 0..120")
    low, high = _limit(between["low"], text), _limit(between["high"], text)
    if low is None and high is None:
        raise RuleError(f"the rule {text!r} has no limit: give at least one, as in {column} in 0..")
    if low is not None and high is not None and low > high:
        raise RuleError(f"the rule {text!r} allows nothing: {low:g} is above {high:g}")
    return Rule(text, column, low, high)


def _limit(text: str, rule: str) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        raise RuleError(f"the rule {rule!r} needs numbers; {text.strip()!r} is none") from None
    if math.isnan(value):
        raise RuleError(f"the rule {rule!r} needs numbers; {text.strip()!r} is none")
    return value


def broken(rule: Rule, column: "ParsedColumn | pd.Series[Any]") -> "npt.NDArray[np.bool_]":
    """Which rows break the rule, bool (rows,). Missing cells, and texts where numbers are meant, break none."""
    import numpy as np

    from ann_tui.data.cells.kinds import interpret
    from ann_tui.data.cells.parsed import parsed
    from ann_tui.data.choices.column_kind import ColumnKind

    if rule.allowed is not None:
        column = parsed(column)
        outside = np.ones(len(column.values), dtype=bool)
        for texts in (column.texts, column.written):  # 1.0 is allowed where 1 is, and where 1.0 is
            refused = [label.strip() not in rule.allowed for label in texts.labels]
            outside &= np.array([*refused, False])[texts.codes]
        return outside
    numbers = interpret(column, ColumnKind.NUMBER).values
    outside = np.zeros(len(numbers), dtype=bool)
    with np.errstate(invalid="ignore"):
        if rule.minimum is not None:
            outside |= numbers <= rule.minimum if rule.strict else numbers < rule.minimum
        if rule.maximum is not None:
            outside |= numbers >= rule.maximum if rule.strict else numbers > rule.maximum
    return outside
