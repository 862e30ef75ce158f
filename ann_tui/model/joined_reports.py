"""Reports of several pieces of one file as the report of all of it."""

from __future__ import annotations

from ann_tui.data.preparing.transform_report import Change, TransformReport

MOST_LABELS = 1_000
"""So many unseen labels of a column are counted one by one; all others count together under "…"."""

_COUNTED = (
    "imputed",
    "unparseable",
    "inaccurate",
    "merged",
    "outliers",
    "outside",
    "exchanged",
    "with_zone",
    "without_zone",
)

_NUMBERS = ("present", "taken_as_missing", "late_days")


def add_report(total: TransformReport, piece: TransformReport) -> None:
    """Add what happened to the rows of `piece` to `total`, in bounded memory."""
    total.rows += piece.rows
    for name in _COUNTED:
        into: dict[str, Change] = getattr(total, name)
        for column, change in getattr(piece, name).items():
            into[column] = into[column] + change if column in into else change
    for column, labels in piece.unseen.items():
        known = total.unseen.setdefault(column, {})
        for label, count in labels.items():
            place = label if label in known or len(known) < MOST_LABELS else "…"
            known[place] = known.get(place, 0) + count
    for name in _NUMBERS:
        counts: dict[str, int] = getattr(total, name)
        for column, count in getattr(piece, name).items():
            counts[column] = counts.get(column, 0) + count
    total.date_examples |= piece.date_examples
    total.surprising += tuple(name for name in piece.surprising if name not in total.surprising)
    total.ignored += tuple(name for name in piece.ignored if name not in total.ignored)
