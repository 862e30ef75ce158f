"""Inaccurate values: ranges, allowed labels, merged labels and duplicate rows."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from ann_tui.data.cells.values import Labels, Mask, Numbers


class NumberRules(msgspec.Struct, frozen=True):
    """The possible range of a number; None where there is no limit."""

    minimum: float | None = None
    maximum: float | None = None

    def broken(self, values: Numbers) -> Mask:
        """Where a number lies outside, bool (n,); missing ones don't."""
        outside = np.zeros(len(values.values), dtype=bool)
        with np.errstate(invalid="ignore"):
            if self.minimum is not None:
                outside |= values.values < self.minimum
            if self.maximum is not None:
                outside |= values.values > self.maximum
        return outside


class LabelRules(msgspec.Struct, frozen=True):
    """Which labels mean the same, and which are possible.

    `merge` replaces labels as the person said, old to new. `spellings` gives the usual spelling of a
    label by its letters in lower case without surplus spaces; {} where spellings aren't merged. `allowed`
    lists the possible labels after merging, None where all are.
    """

    merge: dict[str, str]
    spellings: dict[str, str]
    allowed: tuple[str, ...] | None = None

    def replaced(self, label: str) -> str:
        """What a label becomes."""
        label = self.merge.get(label, label)
        return self.spellings.get(plain_spelling(label), label) if self.spellings else label

    def possible(self, label: str) -> bool:
        """Whether a label, already replaced, is allowed."""
        return self.allowed is None or label in self.allowed or label.strip() in self.allowed

    def apply(self, values: Labels) -> Labels:
        """The labels after merging; those that aren't allowed are missing."""
        if not self.merge and not self.spellings and self.allowed is None:
            return values
        became = [self.replaced(label) for label in values.labels]
        labels = tuple(sorted({label for label in became if self.possible(label)}))
        place = {label: position for position, label in enumerate(labels)}
        codes = np.array([place.get(label, -1) for label in became] + [-1], dtype=np.int64)
        return Labels(codes[values.codes], labels)


def number_rules(minimum: float | None, maximum: float | None) -> NumberRules:
    """The rules of a number column; whole limits become floats, as they come back from a file."""
    return NumberRules(
        None if minimum is None else float(minimum), None if maximum is None else float(maximum)
    )


def plain_spelling(label: str) -> str:
    """A label without differences of case and spaces."""
    return " ".join(label.casefold().split())


def fit_label_rules(
    values: Labels, merge: Mapping[str, str], merge_labels: bool, allowed: tuple[str, ...] | None
) -> LabelRules:
    """Fits on training labels: the most frequent spelling of each label is the usual one."""
    rules = LabelRules(dict(merge), {}, allowed)
    if not merge_labels:
        return rules
    counts: dict[str, int] = {}
    for label, count in zip(values.labels, values.counts(), strict=True):
        if count:
            replaced = rules.replaced(label)
            counts[replaced] = counts.get(replaced, 0) + int(count)
    spellings: dict[str, str] = {}
    for label in sorted(counts, key=lambda each: (-counts[each], each)):
        spellings.setdefault(plain_spelling(label), label)
    return LabelRules(dict(merge), spellings, allowed)
