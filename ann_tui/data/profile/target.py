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
_ITSELF = ("target", "label", "class", "outcome", "response", "ziel", "klasse", "classe")
_PART = re.compile(r"(?:^|[^a-z0-9])(?:target|label|class|churned|outcome)(?:$|[^a-z0-9])")
_NAMES = (
    "species", "churn", "diagnosis", "survived", "digit", "mpg", "milespergallon", "saleprice", "medv",
    "medianhousevalue", "exited", "attrition", "isfraud", "loanstatus", "sentiment", "spam",
)  # fmt: skip
_FEATURES_TOO = (
    "y", "price", "quality", "income", "fraud", "default", "approved", "result", "variety", "charges",
)  # fmt: skip


def target_candidates(columns: "Sequence[ColumnProfile]", rows: int) -> tuple[str, ...]:
    """The columns of a table with so many rows that may be the one to predict, the likeliest first.

    One alone is as good as certain: it is called target, class or the like; or it stands first or last under a name
    that many a target has; or it is the last one, and the only one of classes. Else they are those that bear such a
    name, the last column, the only one of classes, and the first. Identifiers, text, dates, constant columns and
    columns of more than 100 labels are none; there may be none at all.
    """
    usable = [
        column
        for column in columns
        if column.distinct > 1
        and column.kind in _POSSIBLE
        and (column.kind is ColumnKind.NUMBER or column.distinct <= MOST_CLASSES)
    ]
    if not usable:
        return ()
    first, last = usable[0].name, usable[-1].name
    plain = {column.name: re.sub(r"[^a-z0-9]", "", column.name.casefold()) for column in usable}
    sure = [name for name in plain if plain[name] in _ITSELF]
    itself = sure or [name for name in plain if _PART.search(name.casefold())]
    named = [name for wanted in _NAMES for name in plain if plain[name] == wanted]
    unclear = [name for name in plain if plain[name] in _FEATURES_TOO]
    at_an_end = [name for name in (last, first) if name in (*named, *unclear)]
    classes = [
        column.name
        for column in usable
        if guess_task(column, column.whole, rows - column.missing) == "classification"
    ]
    if len(itself) == 1:
        return tuple(itself)
    if not itself and len(at_an_end) == 1 and not set(named) - set(at_an_end):
        return tuple(at_an_end)
    if not itself and not named and classes == [last]:
        return (last,)
    only_class = classes if len(classes) == 1 else []
    return tuple(dict.fromkeys((*itself, *at_an_end, *named, last, *only_class, first, *unclear)))


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
