"""Findings about a table, and the change of a choice that answers each of them."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from ann_tui.data.choices.source import Source

if TYPE_CHECKING:
    from ann_tui.data.choices.preparation import Preparation

Action = Literal[
    "leave out", "keep", "set kind", "keep as value", "take as missing", "take as missing by rule", "drop duplicates",
    "merge labels", "class weights", "clip outliers", "encode by target", "scale by rank", "split by group",
    "split by time", "read numbers", "read dates",
]  # fmt: skip


@dataclass(frozen=True)
class Remedy:
    """What one key does about a finding: a change of the source or of the preparation.

    `value` says how, for the actions that need it: the kind, the word, or the rule.
    """

    action: Action
    column: str | None = None
    value: str = ""

    @property
    def option(self) -> str:
        """The remedy as an option of `ann-tui train`; "" for one that is none."""
        import json

        if self.action == "read dates":
            return f"--set 'source.date_forms.{json.dumps(self.column, ensure_ascii=False)}={self.value}'"
        if self.action == "read numbers":
            return f"--set 'source.number_forms.{json.dumps(self.column, ensure_ascii=False)}={self.value}'"
        return ""

    @property
    def text(self) -> str:
        """The remedy in words, for a button or a key."""
        if self.action in ("keep as value", "take as missing"):
            return f"{self.action}: “{self.value}”"
        if self.action == "set kind":
            return f"make it a {self.value}"
        if self.action == "read dates":
            return f"read dates with the {'day' if self.value.index('%d') < self.value.index('%m') else 'month'} first"
        if self.action == "read numbers":
            from ann_tui.data.choices.number_form import NumberForm

            return f"read numbers {NumberForm.of(self.value).words}"
        if self.action in ("split by group", "split by time") and self.column:
            return f"{self.action}: {self.column}"
        if self.action == "take as missing by rule":
            return f"{self.action}: {self.value.strip().removeprefix(self.column or '').strip()}"
        return self.action


@dataclass(frozen=True)
class Finding:
    """Something a person should know about a column (or the table, where `column` is None).

    `kind` is one of: identifier, text, constant, empty, nearly constant, mostly missing, mixed types, no number,
    inconsistent labels, high cardinality, leading zeros, two spellings, number form, point groups, several units, long
    numbers, date order, missing mark, isolated value, outliers, skewed, duplicate column, leak suspect, impossible
    value; of the table: duplicate rows, missing target, few rows, rare class, class imbalance, groups, time order,
    rule, unknown column.
    """

    column: str | None
    kind: str
    text: str
    severity: Literal["note", "warning"] = "note"
    remedy: Remedy | None = None


def apply_remedy(remedy: Remedy, source: Source, preparation: "Preparation") -> "tuple[Source, Preparation]":
    """The choices after the remedy; the ones given are unchanged."""
    column = remedy.column or ""
    match remedy.action:
        case "leave out":
            kept = tuple(name for name in source.included if name != column)
            left = source.excluded if column in source.excluded else (*source.excluded, column)
            return replace(source, excluded=left, included=kept), preparation
        case "keep":
            kept = source.included if column in source.included else (*source.included, column)
            left = tuple(name for name in source.excluded if name != column)
            return replace(source, excluded=left, included=kept), preparation
        case "set kind":
            forms = {name: form for name, form in source.number_forms.items() if name != column}
            kinds = {**source.kinds, column: remedy.value}
            dates = {name: form for name, form in source.date_forms.items() if name != column}
            return replace(source, kinds=kinds, number_forms=forms, date_forms=dates), preparation
        case "read dates":
            return replace(source, date_forms={**source.date_forms, column: remedy.value}), preparation
        case "read numbers":
            kinds = {name: kind for name, kind in source.kinds.items() if name != column}
            forms = {**source.number_forms, column: remedy.value}
            return replace(source, kinds=kinds, number_forms=forms), preparation
        case "keep as value" | "take as missing":
            from ann_tui.data.cells.grammar import folded

            marks = {*source.column_marks.get(column, source.missing_marks)}
            marks = {mark for mark in marks if folded(mark) != folded(remedy.value)}
            if remedy.action == "take as missing":
                marks.add(remedy.value)
            return replace(
                source, column_marks={**source.column_marks, column: tuple(sorted(marks))}
            ), preparation
        case "drop duplicates":
            return source, replace(preparation, duplicates="once")
        case "class weights":
            return source, replace(preparation, class_weights="balanced")
        case "split by group" | "split by time":
            method = remedy.action.removeprefix("split by ")
            split = replace(preparation.split, method=method, column=remedy.column)
            return source, replace(preparation, split=split)
        case "merge labels":
            return source, _with_column(preparation, column, merge_labels=True)
        case "clip outliers":
            return source, _with_column(preparation, column, outliers="iqr", outlier_action="clip")
        case "encode by target":
            return source, _with_column(preparation, column, encoding="target")
        case "scale by rank":
            return source, _with_column(preparation, column, scaling="quantile")
        case "take as missing by rule":
            return source, _with_column(preparation, column, **_limits(remedy.value, column, preparation))


def _limits(text: str, column: str, preparation: "Preparation") -> dict[str, Any]:
    """The limits or allowed values of a rule as a column preparation says them.

    A limit that the column has on the side that the rule leaves open is kept, where some number is within both.
    """
    import math

    from ann_tui.data.cells.rules import parse_rule

    rule = parse_rule(text, [column])
    minimum, maximum = rule.minimum, rule.maximum
    if rule.strict:
        minimum = None if minimum is None else math.nextafter(minimum, math.inf)
        maximum = None if maximum is None else math.nextafter(maximum, -math.inf)
    own = preparation.columns.get(column)
    if own is not None and maximum is not None and own.minimum is not None and own.minimum <= maximum:
        minimum = own.minimum if minimum is None else minimum
    if own is not None and minimum is not None and own.maximum is not None and own.maximum >= minimum:
        maximum = own.maximum if maximum is None else maximum
    return {"minimum": minimum, "maximum": maximum, "allowed": rule.allowed}


def _with_column(preparation: "Preparation", column: str, **changes: Any) -> "Preparation":
    """The preparation with an exception for one column."""
    from ann_tui.data.choices.preparation import ColumnPreparation

    exception = replace(preparation.columns.get(column, ColumnPreparation()), **changes)
    return replace(preparation, columns={**preparation.columns, column: exception})
