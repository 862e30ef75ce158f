"""What the Data screen asks about columns: which kind one is, which values it may have, and where one stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.tui.prompt import Choice, LinePrompt, PickList
from ann_tui.tui.settings.column_rules import problem_with_rule, rule_of
from ann_tui.tui.text import plain

if TYPE_CHECKING:
    from ann_tui.data.choices.source import Source
    from ann_tui.data.profile.table_profile import ColumnProfile

KIND_MEANS = {
    ColumnKind.NUMBER: "a quantity: scaled, then one input",
    ColumnKind.CATEGORY: "one of a few words: one input a category",
    ColumnKind.BOOLEAN: "yes or no: one input",
    ColumnKind.DATE: "a point in time: its parts become inputs",
    ColumnKind.TEXT: "free text: left out unless it is asked for",
    ColumnKind.IDENTIFIER: "a name or number of the row: left out",
}


def kind_question(column: ColumnProfile) -> PickList:
    """Which kind of column it is."""
    choices = [Choice(kind.value, meaning) for kind, meaning in KIND_MEANS.items()]
    return PickList(f"Kind of {plain(column.name).plain}", choices, str(column.kind))


def rule_question(name: str, source: Source) -> LinePrompt:
    """Which values of a column are possible; see `with_rule` for what an answer does."""
    return LinePrompt(
        f"Which values are possible in {plain(name, 40).plain}?",
        rule_of(name, source),
        lambda text: problem_with_rule(text, name),
        "0..120  or  ..120  or  > 0  or  {male, female}; others count as missing. Nothing: no rule.",
    )


def find_question(names: Sequence[str]) -> LinePrompt:
    """A part of the name of the column to go to; see `first_with`."""
    return LinePrompt(
        "Find a column",
        "",
        lambda text: "no column has this in its name" if first_with(text, names) is None else None,
        f"A part of its name, such as {plain(names[-1], 30).plain}: the cursor goes to the first that has it.",
    )


def first_with(text: str, names: Sequence[str]) -> str | None:
    """The first name that has a text in it, in whatever case."""
    return next((name for name in names if text.casefold() in name.casefold()), None)
