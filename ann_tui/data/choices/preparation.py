"""The second of the four choices: how a table is cleaned, scaled, encoded and split.

Only choices live here: plain values that read and write as TOML, the lists of options with one line about
each, and the checks that a choice makes sense. What does the work stands in `prepare.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TypeVar

_T = TypeVar("_T")


class PreparationError(ValueError):
    """A preparation that can't be carried out; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Option:
    """One of the values that a choice can take.

    `name` is what is written in the experiment file, `summary` one line for a learner.
    """

    name: str
    summary: str


def _options(*pairs: tuple[str, str]) -> dict[str, Option]:
    return {name: Option(name, summary) for name, summary in pairs}


MISSING_NUMBER = _options(
    ("median", "fill with the middle value of the training rows: extreme values don't move it"),
    ("mean", "fill with the average of the training rows"),
    ("most frequent", "fill with the value that occurs most often in the training rows"),
    ("constant", "fill with a number of your own (fill_number)"),
    ("knn", "fill with the average of the 5 most similar training rows"),
    ("iterative", "fill with what a linear model makes of the other number columns"),
    ("drop rows", "leave training rows with a gap out; other rows are filled with the median"),
)
MISSING_DATE = {
    name: option
    for name, option in MISSING_NUMBER.items()
    if name in ("median", "mean", "most frequent", "drop rows")
}
MISSING_CATEGORY = _options(
    ("most frequent", "fill with the category that occurs most often in the training rows"),
    ("constant", "fill with a word of your own (fill_category), which becomes a category"),
    (
        "drop rows",
        "leave training rows with a gap out; other rows are filled with the most frequent category",
    ),
)
OUTLIERS = _options(
    ("none", "look for no outliers"),
    ("iqr", "outside the middle half of the values by more than 1.5 times its width (outlier_limit)"),
    ("z-score", "more than 3 standard deviations from the mean (outlier_limit)"),
    ("isolation forest", "rows that random cuts separate quickly from all others, over all number columns"),
)
OUTLIER_ACTIONS = _options(
    ("clip", "pull the value to the nearest allowed one"),
    ("drop", "leave the row out, training rows only: the test stays honest"),
    ("mark missing", "treat the value as missing, so that it is imputed"),
)
SCALING = _options(
    ("standard", "mean 0, standard deviation 1: what most networks train best on"),
    ("min-max", "smallest training value 0, largest 1"),
    ("robust", "median 0, middle half of the values 1 wide: outliers don't move it"),
    ("smooth clip", "robust, then squeezed softly between -3 and 3: x / sqrt(1 + (x / 3)^2)"),
    ("quantile", "by rank onto a bell curve: any distribution becomes normal"),
    ("none", "leave the numbers as they are"),
)
ENCODING = _options(
    ("one-hot", "one 0/1 column for each frequent category, one for all the rare ones"),
    ("ordinal", "one column: the place of the category in its order"),
    ("target", "the mean target of the category, computed on other folds of the training rows"),
    ("binary", "the number of the category in 0/1 digits: few columns for many categories"),
)
DATE_PARTS = _options(
    ("parts", "year, month, weekday and hour, as far as they vary; the last three as points on a circle"),
    ("number", "one number: days since 1970-01-01"),
    ("year", "the year alone"),
    ("leave out", "don't use dates"),
)
TEXT = _options(
    ("leave out", "don't use free text, but for columns that you keep (as hashed words)"),
    ("hashed words", "count words and pairs of words in 64 hashed columns"),
    ("hashed letters", "count runs of 3 to 5 letters in 64 hashed columns: spelling may vary"),
)
KEPT_TEXT = "hashed words"
DUPLICATES = _options(
    ("keep", "keep rows that repeat another one"),
    ("drop", "leave training rows out that repeat an earlier training row"),
    ("drop everywhere", "also leave validation and test rows out that repeat a training row"),
)
UNPARSEABLE = _options(
    ("missing", "a cell that is no number (or date) in a number (or date) column counts as missing"),
    ("drop rows", "leave training rows with such a cell out; in other rows it counts as missing"),
    ("error", "stop and name the first such cell"),
)
TARGET_TRANSFORMS = _options(
    ("none", "train on the number itself, standardized"),
    ("log", "train on its logarithm, for amounts that span powers of ten: sign(y) log(1 + |y|)"),
    ("quantile", "train on its rank, laid on a bell curve"),
)
CLASS_WEIGHTS = _options(
    ("none", "every row counts the same"),
    ("balanced", "a row counts more the rarer its class: all classes weigh the same"),
    ("square root", "half way to balanced: weights are the square roots"),
)
SPLITS = _options(
    ("stratified", "at random, with the same share of each class in every part"),
    ("random", "at random, whatever the target"),
    ("group", "at random, rows with the same value in a column stay together"),
    ("time", "by the order of a column (or of the file): the newest rows are the test"),
    ("file", "a second file is the test"),
)


@dataclass(frozen=True)
class Split:
    """Which rows train, which choose the best epoch (validation), and which are looked at once (test).

    `test` and `validation` are fractions of all rows from 0 up to less than 1; `column` is the column of
    a group or time split; `file` the second file of a file split.
    """

    method: str = "stratified"
    test: float = 0.2
    validation: float = 0.2
    seed: int = 0
    column: str | None = None
    file: str | None = None

    def __post_init__(self) -> None:
        """Checks the choice. Raises PreparationError."""
        _check("split", self.method, SPLITS)
        for name, value in (("test", self.test), ("validation", self.validation)):
            if not 0 <= value < 1:
                raise PreparationError(
                    f"the {name} fraction is {value:g}: choose one from 0 up to less than 1"
                )
        taken = self.validation if self.method == "file" else self.test + self.validation
        if taken >= 1:
            raise PreparationError(
                f"test and validation take {taken:.0%} of the rows: leave some to train on (20% is usual)"
            )
        if self.seed < 0:
            raise PreparationError(f"the seed of the split is {self.seed}: choose 0 or a larger whole number")
        if self.method == "group" and not self.column:
            raise PreparationError("a split by group needs a column: choose the one that names the groups")
        if self.method == "file" and not self.file:
            raise PreparationError("a split by file needs a file: name the one with the test rows")


@dataclass(frozen=True)
class ColumnPreparation:
    """The exceptions of one column; a field that is None takes the default of `Preparation`.

    `minimum`, `maximum`: a number outside becomes missing. `allowed`: a label that isn't listed becomes
    missing. `merge`: labels to be replaced, old to new. `order`: the labels from low to high, for ordinal
    encoding. `missing`, `fill`, `encoding` mean the option for the column's kind.
    """

    missing: str | None = None
    fill: float | str | None = None
    indicator: bool | None = None
    outliers: str | None = None
    outlier_limit: float | None = None
    outlier_action: str | None = None
    scaling: str | None = None
    encoding: str | None = None
    dates: str | None = None
    text: str | None = None
    rare: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[str, ...] | None = None
    merge: dict[str, str] | None = None
    merge_labels: bool | None = None
    order: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Checks the choice. Raises PreparationError."""
        if self.missing is not None and self.missing not in {**MISSING_NUMBER, **MISSING_CATEGORY}:
            _check("missing", self.missing, MISSING_NUMBER)
        for name, known in _COLUMN_CHOICES.items():
            value = getattr(self, name)
            if value is not None:
                _check(name, value, known)
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise PreparationError(f"the minimum {self.minimum:g} lies above the maximum {self.maximum:g}")
        _check_limits(self.rare, self.outlier_limit)


@dataclass(frozen=True)
class Preparation:
    """How every column is prepared, but for the exceptions in `columns`.

    `rare`: a category of fewer rows than this fraction of the training rows (at least 2 rows) is grouped
    with the other rare ones. `outlier_limit`: None is 1.5 widths for IQR, 3 deviations for z-score, and
    0.05 (the share of rows to find) for the isolation forest. Statistics are always fitted on training
    rows alone.
    """

    missing_number: str = "median"
    missing_category: str = "most frequent"
    fill_number: float = 0.0
    fill_category: str = "missing"
    indicator: bool = False
    outliers: str = "none"
    outlier_limit: float | None = None
    outlier_action: str = "clip"
    scaling: str = "standard"
    encoding: str = "one-hot"
    rare: float = 0.01
    dates: str = "parts"
    text: str = "leave out"
    duplicates: str = "keep"
    unparseable: str = "missing"
    merge_labels: bool = False
    target_transform: str = "none"
    class_weights: str = "none"
    split: Split = field(default_factory=Split)
    columns: dict[str, ColumnPreparation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Checks the choice. Raises PreparationError."""
        for name, known in CHOICES.items():
            _check(name, getattr(self, name), known)
        _check_limits(self.rare, self.outlier_limit)

    def of_column(self, name: str, kind: str) -> ColumnChoice:
        """The choices that hold for one column: its exceptions where it has some, else the defaults.

        `kind` is a column kind ("number", "category", ...). Raises PreparationError when an exception
        names an option that the kind doesn't have.
        """
        own = self.columns.get(name, ColumnPreparation())
        numeric = kind in ("number", "date")
        missing = _first(own.missing, self.missing_number if numeric else self.missing_category)
        known = _missing_options(kind)
        if own.missing is None and missing not in known:
            missing = "median"
        if missing not in known:
            raise PreparationError(
                f"column '{name}' is a {kind} column: its missing values can't be filled with '{missing}'; "
                f"choose {_listed(known)}"
            )
        return ColumnChoice(
            missing=missing if kind != "text" else "constant",
            fill=_first(own.fill, self.fill_number if numeric else self.fill_category),
            indicator=_first(own.indicator, self.indicator),
            outliers=_first(own.outliers, self.outliers),
            outlier_limit=own.outlier_limit if own.outlier_limit is not None else self.outlier_limit,
            outlier_action=_first(own.outlier_action, self.outlier_action),
            scaling=_first(own.scaling, self.scaling),
            encoding=_first(own.encoding, self.encoding),
            dates=_first(own.dates, self.dates),
            text=_first(own.text, self.text),
            rare=_first(own.rare, self.rare),
            minimum=own.minimum,
            maximum=own.maximum,
            allowed=own.allowed,
            merge=dict(own.merge or {}),
            merge_labels=_first(own.merge_labels, self.merge_labels),
            order=own.order or (),
        )


@dataclass(frozen=True)
class ColumnChoice:
    """The choices of one column with the defaults filled in; see `Preparation.of_column`."""

    missing: str
    fill: float | str
    indicator: bool
    outliers: str
    outlier_limit: float | None
    outlier_action: str
    scaling: str
    encoding: str
    dates: str
    text: str
    rare: float
    minimum: float | None
    maximum: float | None
    allowed: tuple[str, ...] | None
    merge: dict[str, str]
    merge_labels: bool
    order: tuple[str, ...]


_COLUMN_CHOICES: Mapping[str, Mapping[str, Option]] = {
    "outliers": OUTLIERS,
    "outlier_action": OUTLIER_ACTIONS,
    "scaling": SCALING,
    "encoding": ENCODING,
    "dates": DATE_PARTS,
    "text": TEXT,
}
CHOICES: Mapping[str, Mapping[str, Option]] = {
    "missing_number": MISSING_NUMBER,
    "missing_category": MISSING_CATEGORY,
    **_COLUMN_CHOICES,
    "duplicates": DUPLICATES,
    "unparseable": UNPARSEABLE,
    "target_transform": TARGET_TRANSFORMS,
    "class_weights": CLASS_WEIGHTS,
}
"""The fields of `Preparation` that take one of a list of options, with these, in the order of the work."""

_FIELDS_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "number": ("missing", "indicator", "outliers", "outlier_action", "scaling"),
    "category": ("missing", "indicator", "merge_labels", "encoding"),
    "boolean": ("missing", "indicator"),
    "date": ("missing", "indicator", "dates", "scaling"),
    "text": ("text",),
    "identifier": ("missing", "indicator", "merge_labels", "encoding"),
}
_SWITCH = _options(("no", "don't"), ("yes", "do"))
_INDICATOR = _options(
    ("no", "no extra column"), ("yes", "a 0/1 column that says where the value was missing in the file")
)


def fields_for(kind: str) -> tuple[str, ...]:
    """The fields of `ColumnPreparation` that matter to a column kind, in the order of the work."""
    return _FIELDS_OF_KIND[kind]


def options_for(kind: str, field_name: str) -> dict[str, Option]:
    """The options that a field of `ColumnPreparation` offers to a column of this kind, in order.

    Fields that are switches (`indicator`, `merge_labels`) offer "no" and "yes" for False and True. An
    empty dict means that the field doesn't matter to the kind, or takes free values.
    """
    if field_name not in fields_for(kind):
        return {}
    if field_name == "missing":
        return dict(_missing_options(kind))
    if field_name == "indicator":
        return dict(_INDICATOR)
    if field_name == "merge_labels":
        return dict(_SWITCH)
    return dict(_COLUMN_CHOICES.get(field_name, {}))


def is_default(column: ColumnPreparation) -> bool:
    """Whether a column has no exception at all."""
    return all(getattr(column, each.name) is None for each in fields(column))


def _first(own: _T | None, default: _T) -> _T:
    return default if own is None else own


def _missing_options(kind: str) -> Mapping[str, Option]:
    if kind == "number":
        return MISSING_NUMBER
    return MISSING_DATE if kind == "date" else MISSING_CATEGORY


def _listed(known: Mapping[str, Option]) -> str:
    return ", ".join(f"'{name}'" for name in known)


def _check(name: str, value: str, known: Mapping[str, Option]) -> None:
    if value not in known:
        raise PreparationError(f"{name} is '{value}', which isn't known: choose {_listed(known)}")


def _check_limits(rare: float | None, outlier_limit: float | None) -> None:
    if rare is not None and not 0 <= rare < 1:
        raise PreparationError(f"rare is {rare:g}: choose a fraction of the rows from 0 up to less than 1")
    if outlier_limit is not None and not outlier_limit > 0:
        raise PreparationError(f"the outlier limit is {outlier_limit:g}: choose a number above 0")
