"""Encodings of labels as numbers: what is fitted on training rows, and its formula."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.values import Floats, Labels
from ann_tui.data.choices.encodings import natural_key
from ann_tui.data.preparing.checks import check, check_distinct, check_finite
from ann_tui.data.preparing.scaling import Linear, Scaler, fit_scaler

OTHER = "other"
"""The name of the feature that stands for all rare and unseen labels."""

Matrix = npt.NDArray[np.float32]


class OneHot(msgspec.Struct, frozen=True, tag="one-hot"):
    """One 0/1 feature for each of `labels`, and a last one for all others when `other` is True.

    Without it, a label that isn't listed gives zeros.
    """

    labels: tuple[str, ...]
    other: bool

    def __post_init__(self) -> None:
        """Checks that no label is there twice. Raises ValueError."""
        check_distinct("label", self.labels)

    def names(self, column: str) -> tuple[str, ...]:
        """The name of each feature."""
        last = (OTHER if OTHER not in self.labels else "all other",) if self.other else ()
        return tuple(f"{column}={label}" for label in self.labels + last)

    def write(self, values: Labels, out: Matrix) -> None:
        """Fills `out`, float32 (n, features)."""
        place = _places(values.labels, self.labels, len(self.labels) if self.other else -1)
        column = place[values.codes]
        found = np.flatnonzero(column >= 0)
        out[:] = 0
        out[found, column[found]] = 1

    @property
    def text(self) -> str:
        """The fitted labels in words."""
        if not self.labels:
            return "every label is rare: one column that is always 1 and tells nothing"
        shown = ", ".join(self.labels[:4]) + (", …" if len(self.labels) > 4 else "")
        rare = " and one column for all others" if self.other else ""
        return f"{len(self.labels)} one-hot columns ({shown}){rare}"


class Ordinal(msgspec.Struct, frozen=True, tag="ordinal"):
    """One feature: the place of the label in `labels` from 0, scaled; `unknown` for one that isn't listed."""

    labels: tuple[str, ...]
    unknown: float
    scaler: Scaler

    def __post_init__(self) -> None:
        """Checks labels and number. Raises ValueError."""
        check_finite(self.unknown)
        check_distinct("label", self.labels)

    def names(self, column: str) -> tuple[str, ...]:
        """The name of each feature."""
        return (column,)

    def write(self, values: Labels, out: Matrix) -> None:
        """Fills `out`, float32 (n, 1)."""
        place = _places(values.labels, self.labels, -1).astype(np.float64)
        out[:, 0] = self.scaler.apply(np.where(place < 0, self.unknown, place)[values.codes])

    @property
    def text(self) -> str:
        """The fitted order in words."""
        shown = " < ".join(self.labels[:5]) + (" < …" if len(self.labels) > 5 else "")
        return f"places 0 to {len(self.labels) - 1} ({shown}), then {self.scaler.text}"


class YesNo(msgspec.Struct, frozen=True, tag="yes/no"):
    """One feature: 1 for the labels of `true`, 0 for those of `false`, `unknown` for others."""

    true: tuple[str, ...]
    false: tuple[str, ...]
    unknown: float

    def __post_init__(self) -> None:
        """Checks the number. Raises ValueError."""
        check_finite(self.unknown)

    def names(self, column: str) -> tuple[str, ...]:
        """The name of each feature."""
        return (column,)

    def write(self, values: Labels, out: Matrix) -> None:
        """Fills `out`, float32 (n, 1)."""
        level = np.array([self._level(label) for label in values.labels] + [self.unknown])
        out[:, 0] = level[values.codes]

    def _level(self, label: str) -> float:
        return 1.0 if label in self.true else 0.0 if label in self.false else self.unknown

    @property
    def text(self) -> str:
        """The fitted words."""
        return f"one column: {' or '.join(self.true) or 'yes'} is 1, {' or '.join(self.false) or 'no'} is 0"


class Binary(msgspec.Struct, frozen=True, tag="binary"):
    """The place of the label in `labels` from 1 in binary digits, lowest first; 0 for any other."""

    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        """Checks that no label is there twice. Raises ValueError."""
        check_distinct("label", self.labels)

    @property
    def _digits(self) -> int:
        return max(1, len(self.labels).bit_length())

    def names(self, column: str) -> tuple[str, ...]:
        """The name of each feature."""
        return tuple(f"{column} bit {digit}" for digit in range(self._digits))

    def write(self, values: Labels, out: Matrix) -> None:
        """Fills `out`, float32 (n, digits)."""
        place = _places(values.labels, self.labels, -1) + 1
        for digit in range(self._digits):
            out[:, digit] = ((place >> digit) & 1)[values.codes]

    @property
    def text(self) -> str:
        """The fitted labels in words."""
        return f"{len(self.labels)} labels in {self._digits} binary digits"


class TargetMeans(msgspec.Struct, frozen=True, tag="target"):
    """The mean target of each label, drawn towards the mean of all rows where a label is rare.

    `means` (targets, labels): for a number one row; for two classes the share of the second; for more
    classes the share of each. `overall` (targets,) is what a label gets that isn't listed. Micci-Barreca,
    A Preprocessing Scheme for High-Cardinality Categorical Attributes, 2001, as in scikit-learn's
    TargetEncoder.
    """

    labels: tuple[str, ...]
    means: tuple[tuple[float, ...], ...]
    overall: tuple[float, ...]
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        """Checks that there is a mean for each label. Raises ValueError."""
        check_distinct("label", self.labels)
        targets = len(self.overall)
        check(targets > 0 and len(self.means) == targets, "a target encoding lacks means")
        check(targets == 1 or len(self.classes) == targets, "a target encoding lacks classes")
        check(all(len(row) == len(self.labels) for row in self.means), "a target encoding lacks a label")
        check_finite(*self.overall, *(mean for row in self.means for mean in row))

    def names(self, column: str) -> tuple[str, ...]:
        """The name of each feature."""
        if len(self.means) == 1:
            return (f"{column} mean target",)
        return tuple(f"{column} share of {label}" for label in self.classes)

    def write(self, values: Labels, out: Matrix) -> None:
        """Fills `out`, float32 (n, targets)."""
        place = _places(values.labels, self.labels, len(self.labels))
        for target, (means, overall) in enumerate(zip(self.means, self.overall, strict=True)):
            out[:, target] = np.array([*means, overall])[place[values.codes]]

    @property
    def text(self) -> str:
        """The fitted means in words."""
        if len(self.means) > 1:
            return f"the share of each class, for {len(self.labels)} labels"
        low, high = min(self.means[0], default=0.0), max(self.means[0], default=0.0)
        return f"mean target of {len(self.labels)} labels, from {low:.4g} to {high:.4g}"


Encoder = OneHot | Ordinal | YesNo | Binary | TargetMeans


def fit_one_hot(values: Labels, labels: Sequence[str]) -> OneHot:
    """Fits on training labels, of which these get a column of their own."""
    return OneHot(tuple(labels), bool(set(seen_labels(values)) - set(labels)))


def fit_ordinal(values: Labels, labels: Sequence[str], scaling: str) -> Ordinal:
    """Fits on training labels, without missing ones, which have their places in these."""
    place = _places(values.labels, labels, -1)[values.codes].astype(np.float64)
    known = place[place >= 0]
    if not len(known):
        return Ordinal(tuple(labels), 0.0, Linear("none", 0.0, 1.0))
    unknown = float(known.mean())
    return Ordinal(tuple(labels), unknown, fit_scaler(scaling, np.where(place < 0, unknown, place)))


def seen_labels(values: Labels) -> dict[str, int]:
    """The labels that training has, and in how many rows."""
    return {label: int(count) for label, count in zip(values.labels, values.counts(), strict=True) if count}


def fit_target_means(
    values: Labels, target: Floats, classes: tuple[str, ...], seed: int
) -> tuple[TargetMeans, Matrix]:
    """Fits on training labels and their target, float64 (n, targets).

    Also gives the training rows' own features, float32 (n, targets), each from the other of 5 folds, so
    that no row sees its own target.
    """
    from sklearn.model_selection import KFold
    from sklearn.preprocessing import TargetEncoder

    codes = values.codes.reshape(-1, 1)
    seen = np.unique(values.codes)
    rows = np.arange(len(codes))
    folds = (
        list(KFold(min(5, len(rows)), shuffle=True, random_state=seed).split(rows)) if len(rows) > 1 else []
    )
    means, overall = [], []
    crossed = np.empty(target.shape, dtype=np.float32)
    crossed[:] = target.mean(axis=0)
    for column in range(target.shape[1]):
        y = target[:, column]
        encoder = TargetEncoder(categories=[seen], target_type="continuous")
        for rest, fold in folds:
            crossed[fold, column] = encoder.fit(codes[rest], y[rest]).transform(codes[fold])[:, 0]
        encoder.fit(codes, y)
        means.append(tuple(float(each) for each in encoder.encodings_[0]))
        overall.append(float(encoder.target_mean_))
    labels = tuple(values.labels[int(code)] for code in seen)
    return TargetMeans(labels, tuple(means), tuple(overall), classes), crossed


def natural_order(labels: Sequence[str], codes: Sequence[int] | npt.NDArray[np.int64]) -> list[int]:
    """The codes in the order of their labels: numbers by their value, before words by their letters."""

    return sorted((int(code) for code in codes), key=lambda code: natural_key(labels[code]))


def _places(labels: Sequence[str], known: Sequence[str], otherwise: int) -> npt.NDArray[np.int64]:
    """For each label its position in `known`, else `otherwise`; one more at the end for a missing label."""
    place = {label: position for position, label in enumerate(known)}
    return np.array([place.get(label, otherwise) for label in labels] + [otherwise], dtype=np.int64)
