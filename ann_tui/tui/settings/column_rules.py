"""A rule about the values of one column, as it is typed: 0..120, > 0, {male, female}."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ann_tui.data.cells.rules import Rule, RuleError, parse_rule
from ann_tui.data.profile.findings import Remedy, apply_remedy

if TYPE_CHECKING:
    from ann_tui.data.choices.preparation import Preparation
    from ann_tui.data.choices.source import Source


def rule_of(column: str, source: Source) -> str:
    """The rule of the column without the column's name; '' where it has none."""
    for text in source.rules:
        if _is_about(text, column):
            return text.strip()[len(column) :].strip().removeprefix("in ").strip()
    return ""


def problem_with_rule(text: str, column: str) -> str | None:
    """Why a text is no rule, in one line, or None; no text takes the rule away."""
    try:
        _parsed(text, column)
    except RuleError as error:
        return str(error)
    return None


def with_rule(text: str, column: str, source: Source, preparation: Preparation) -> tuple[Source, Preparation]:
    """The choices with this rule for the column, whose other values count as missing; no text: without a rule.

    Raises RuleError with one line.
    """
    rule = _parsed(text, column)
    others = tuple(other for other in source.rules if not _is_about(other, column))
    if rule is not None:
        ruled = replace(source, rules=(*others, rule.text))
        free = _without_limits(column, preparation)
        return apply_remedy(Remedy("take as missing by rule", column, rule.text), ruled, free)
    return replace(source, rules=others), _without_limits(column, preparation)


def _without_limits(column: str, preparation: Preparation) -> Preparation:
    """The preparation in which every value of the column is allowed."""
    columns = dict(preparation.columns)
    if column in columns:
        free = replace(columns[column], minimum=None, maximum=None, allowed=None)
        if any(value is not None for value in vars(free).values()):
            columns[column] = free
        else:
            del columns[column]
    return replace(preparation, columns=columns)


def _parsed(text: str, column: str) -> Rule | None:
    text = text.strip()
    if not text:
        return None
    words = text if text.startswith(("<", ">", "in ")) else f"in {text}"
    return parse_rule(f"{column} {words}", [column])


def _is_about(text: str, column: str) -> bool:
    try:
        return parse_rule(text, [column]).column == column
    except RuleError:
        return False
