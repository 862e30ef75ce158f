"""The second file of a split by file: its rows beside those of the first, and whether they can judge."""

from __future__ import annotations

from collections.abc import Mapping

from ann_tui.data.cells.table import Table
from ann_tui.data.choices.preparation import Preparation, PreparationError
from ann_tui.data.plain_text import printable
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.readable import check_readable
from ann_tui.data.preparing.transform_report import TransformReport


def with_test_table(table: Table, second: Table | None, preparation: Preparation) -> tuple[Table, int | None]:
    """The table followed by the rows of the second one where the split asks for it, and where those begin.

    Raises PreparationError where the second one isn't given or lacks a column.
    """
    if not preparation.split.way.second_file:
        return table, None
    name = str(preparation.split.file)
    if second is None:
        raise PreparationError(
            f"a split by file needs the table of {name}: read it and give it as test_table"
        )
    absent = [str(column) for column in table.frame.columns if column not in second.frame.columns]
    if absent:
        raise PreparationError(f"the test file {name} lacks the column '{absent[0]}'")
    return table.followed_by(second), len(table.frame)


def check_test_file(
    name: str, fitted: FittedPreparation, rows: int, unknown_class: Mapping[str, int], report: TransformReport
) -> None:
    """Raise PreparationError where none of the file's rows can judge, or a column isn't what training had.

    `rows` are its test rows, `unknown_class` those of classes that training lacks, `report` tells of their cells.
    """
    if not rows:
        classes = ", ".join(f"'{printable(label, 40)}'" for label in list(unknown_class)[:3])
        why = f": no training row has its classes ({classes})" if classes else ""
        raise PreparationError(
            f"the test file {name} has no row with a usable value of the target '{fitted.target.name}'{why}"
        )
    try:
        check_readable(fitted, report)
    except PreparationError as error:
        raise PreparationError(f"the test file {name}: {error}") from None
