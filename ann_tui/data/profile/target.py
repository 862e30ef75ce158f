"""Which column is to be predicted, and whether that is a class or a number."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ann_tui.data.choices.column_kind import ColumnKind

if TYPE_CHECKING:
    from ann_tui.data.profile.column_profile import ColumnProfile

MOST_NUMBER_CLASSES = 20
FEWEST_ROWS_PER_CLASS = 5
MOST_CLASSES = 100
_POSSIBLE = (ColumnKind.NUMBER, ColumnKind.CATEGORY, ColumnKind.BOOLEAN)
_NAMES = (
    "target", "label", "class", "species", "churn", "outcome", "response", "diagnosis", "survived", "digit", "mpg",
    "milespergallon", "saleprice", "price", "medv", "medianhousevalue", "quality", "income", "exited", "attrition",
    "isfraud", "fraud", "default", "approved", "loanstatus", "sentiment", "spam", "result", "variety", "charges",
    "ziel", "classe", "klasse",
)  # fmt: skip


def guess_target(columns: "Sequence[ColumnProfile]") -> str | None:
    """The column that most likely is to be predicted: by its name, else the last column that could be.

    Identifiers, text, dates, constant columns and columns of more than 100 labels are not guessed.
    """
    usable = [
        column
        for column in columns
        if column.distinct > 1
        and column.kind in _POSSIBLE
        and (column.kind is ColumnKind.NUMBER or column.distinct <= MOST_CLASSES)
    ]
    if not usable:
        return None
    plain = {re.sub(r"[^a-z0-9]", "", column.name.casefold()): column.name for column in reversed(usable)}
    for name in _NAMES:
        if name in plain:
            return plain[name]
    for column in usable:
        if re.search(r"(?:^|_)(?:target|label|class|churned|outcome)(?:$|_)", column.name.casefold()):
            return column.name
    return usable[-1].name


def guess_task(column: "ColumnProfile", whole: bool, rows: int) -> str:
    """Classes, or a number? `whole`: all values are whole numbers; `rows`: those with a value.

    Words are classes; so are at most 20 different whole numbers that each occur five times on average.
    """
    if column.kind is ColumnKind.DATE:
        return "regression"
    if column.kind is not ColumnKind.NUMBER:
        return "classification"
    few = column.distinct <= MOST_NUMBER_CLASSES and rows >= FEWEST_ROWS_PER_CLASS * column.distinct
    return "classification" if whole and few else "regression"
