"""What a script knows of the words of a column: those that mean the same, and the numbers of each."""

from __future__ import annotations

from typing import Any

import numpy as np

from ann_tui.data.cells.grammar import folded, folded_marks
from ann_tui.data.cells.values import Labels
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.source import Source
from ann_tui.data.preparing.boolean_words import NO_WORDS, YES_WORDS
from ann_tui.data.preparing.columns import LabelColumn
from ann_tui.data.preparing.encoding import OneHot
from ann_tui.data.preparing.inaccurate import plain_spelling


def label_values(column: LabelColumn, source: Source) -> dict[str, Any]:
    """What a script finds of a column of words in `fitted`."""
    rules = column.rules
    found: dict[str, Any] = {"fill": column.fill}
    own = source.column_marks.get(column.name)
    marks = folded_marks(source.missing_marks if own is None else own)
    found |= {
        "same": {**_with_a_zero(column), **rules.merge},
        "spellings": {**_yes_and_no(column), **rules.spellings},
        "allowed": list(rules.allowed or ()),
        "kept": [word for word in column.seen if folded(word) in marks],
        "flag": column.indicator,
    }
    if isinstance(column.encoder, OneHot):
        return found | {"labels": list(column.encoder.labels), "other": column.encoder.other}
    labels = sorted({*column.seen, *getattr(column.encoder, "labels", ()), column.fill})
    never = "\0"
    values = Labels(np.arange(len(labels) + 1, dtype=np.int64), (*labels, never))
    out = np.empty((len(labels) + 1, len(column.encoder.names(column.name))), np.float32)
    column.encoder.write(values, out)
    numbers = {label: [float(each) for each in row] for label, row in zip(labels, out[:-1], strict=True)}
    return found | {"numbers": numbers, "unknown": [float(each) for each in out[-1]]}


def _with_a_zero(column: LabelColumn) -> dict[str, str]:
    """Whole numbers among the labels as they are written where a gap has made floats of them: 1.0 is 1."""
    whole = [
        label for label in column.seen if label.isascii() and label.isdigit() and str(int(label)) == label
    ]
    return {f"{label}.0": label for label in whole if f"{label}.0" not in column.seen}


def _yes_and_no(column: LabelColumn) -> dict[str, str]:
    """What other words for yes and no stand for, where a column of these has one label for each."""
    found: dict[str, str] = {}
    for words in (YES_WORDS, NO_WORDS) if column.kind == ColumnKind.BOOLEAN else ():
        labels = [label for label in column.seen if plain_spelling(label) in words]
        found |= dict.fromkeys(sorted(words), labels[0]) if len(labels) == 1 else {}
    return found
