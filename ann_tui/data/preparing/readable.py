"""Whether new rows hold in each column what training had there."""

from __future__ import annotations

from ann_tui.data.choices.number_form import PLAIN_FORM, NumberForm
from ann_tui.data.choices.preparation import PreparationError
from ann_tui.data.plain_text import printable
from ann_tui.data.preparing.columns import Column, DateColumn, LabelColumn, NumberColumn
from ann_tui.data.preparing.encoding import OneHot, TargetMeans
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.transform_report import TransformReport

UNREADABLE_SHARE = 0.5
"""A column of numbers or dates of which more cells than this hold other text is not the column that training had."""

FEWEST_UNSEEN = 5
"""Fewer rows may well all have labels that training lacks; a note tells of them."""


def check_readable(fitted: FittedPreparation, report: TransformReport) -> None:
    """Raise PreparationError for the first column that holds something else than in training.

    That is one of numbers or dates most of whose cells can't be read, of dates with day and month exchanged, or of
    categories or booleans of which training saw none, unless most of its labels were rare there, too.
    """
    for column in fitted.columns:
        present = report.present.get(column.name, 0)
        name = printable(column.name, 40)
        exchanged = report.exchanged.get(column.name)
        if isinstance(column, DateColumn) and exchanged and not report.late_days.get(column.name):
            raise PreparationError(
                f"the dates of the column '{name}' have day and month in another order (such as "
                f"'{printable(exchanged.before[0], 40)}') than in training: write them like "
                f"{report.date_examples[column.name]}, or with the year first"
            )
        unread = report.unparseable.get(column.name)
        if unread and unread.cells > UNREADABLE_SHARE * present:
            form = NumberForm.of(column.form) if isinstance(column, NumberColumn) else PLAIN_FORM
            what = f"numbers {form.words}".rstrip()
            if isinstance(column, DateColumn):
                what = f"dates like {report.date_examples[column.name]}"
            found = printable(unread.before[0], 40) if unread.before else ""
            raise PreparationError(
                f"the column '{name}' should hold {what}, but {unread.cells:,} of its "
                f"{present:,} cells hold something else, such as '{found}'"
            )
        unseen = report.unseen.get(column.name, {})
        if _knows_its_labels(column) and FEWEST_UNSEEN <= present == sum(unseen.values()):
            assert isinstance(column, LabelColumn)
            new, known = _shown(tuple(unseen)), _shown(column.seen)
            raise PreparationError(
                f"training saw none of the words in the column '{name}' ({new}); it should hold {known}"
            )


def _shown(labels: tuple[str, ...]) -> str:
    return ", ".join(f"'{printable(label, 30)}'" for label in labels[:3]) + (", …" if len(labels) > 3 else "")


def _knows_its_labels(column: Column) -> bool:
    """Whether a label that training did not see is unusual in a column."""
    if not isinstance(column, LabelColumn) or column.kind not in ("category", "boolean"):
        return False
    encoder = column.encoder
    if isinstance(encoder, TargetMeans):
        return False
    return not isinstance(encoder, OneHot) or 2 * len(encoder.labels) >= len(column.seen)
