"""Asking which column is to be predicted, where the table does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ann_tui.figures import counted
from ann_tui.tui.prompt import Choice, PickList

if TYPE_CHECKING:
    from ann_tui.data.profile.table_profile import TableProfile


def target_question(profile: TableProfile) -> PickList:
    """The candidates, the likeliest first, then all other columns of the table."""
    others = [column.name for column in profile.columns if column.name not in profile.candidates]
    choices = []
    for name in (*profile.candidates, *others):
        column = profile.column(name)
        choices.append(Choice(name, f"{column.kind}, {counted(column.distinct, 'value')}"))
    return PickList(
        "Which column is to be predicted? The table does not say",
        choices,
        profile.target,
        numbered=True,
    )
