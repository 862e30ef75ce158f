"""Words for yes and no: those of new rows as those of training."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from ann_tui.data.cells.grammar import BOOLEAN_PAIRS
from ann_tui.data.cells.values import Labels
from ann_tui.data.preparing.inaccurate import plain_spelling

_TRUE = {"yes", "y", "true", "t", "on", "1", "ja", "oui", "sí", "si", "sim", "да", "是", "tak", "ano"}
_PAIRS = (*BOOLEAN_PAIRS, ("1", "0"), ("1.0", "0.0"))
YES_WORDS = _TRUE | {yes for yes, _ in _PAIRS}
NO_WORDS = {no for _, no in _PAIRS}


def means_yes(label: str) -> bool:
    """Whether a label of training is one of the words for yes."""
    return plain_spelling(label) in _TRUE


def as_in_training(values: Labels, seen: Collection[str]) -> Labels:
    """The labels with those that training did not see replaced by the one of its labels that means the same.

    Nothing is replaced where training has no such label, or several.
    """
    of_yes = [label for label in seen if plain_spelling(label) in YES_WORDS]
    of_no = [label for label in seen if plain_spelling(label) in NO_WORDS]
    meaning = dict.fromkeys(YES_WORDS, of_yes) | dict.fromkeys(NO_WORDS, of_no)
    new = {label: meaning.get(plain_spelling(label), ()) for label in values.labels if label not in seen}
    known = {label: own[0] for label, own in new.items() if len(own) == 1}
    if not known:
        return values
    labels = sorted({known.get(label, label) for label in values.labels})
    places = np.array([labels.index(known.get(label, label)) for label in values.labels] + [-1])
    return Labels(places[values.codes].astype(np.int64), tuple(labels))
