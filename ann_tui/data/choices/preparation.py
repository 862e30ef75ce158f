"""The second of the four choices: how a table is cleaned, scaled, encoded and split.

Only choices live here: plain values that read and write as TOML, each with its description, and the checks that a
choice makes sense. Their options stand in the files beside this one, each with what it does; what they are fitted on
and put into the matrix with stands in `preparing/`.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ann_tui.choice_fields import (
    ANY_NUMBER,
    POSITIVE,
    ChoiceField,
    Named,
    Range,
    choice,
    described,
    even_steps,
    options,
)
from ann_tui.data.choices.checks import PreparationError, check
from ann_tui.data.choices.date_parts import DATE_PARTS
from ann_tui.data.choices.encodings import ENCODING
from ann_tui.data.choices.imputations import MISSING_CATEGORY, MISSING_NUMBER
from ann_tui.data.choices.number_encodings import NUMBER_ENCODING
from ann_tui.data.choices.outliers import OUTLIER_ACTIONS, OUTLIERS
from ann_tui.data.choices.row_options import DUPLICATES, UNPARSEABLE
from ann_tui.data.choices.scalings import SCALING
from ann_tui.data.choices.split import Split
from ann_tui.data.choices.target_options import CLASS_WEIGHTS, TARGET_TRANSFORMS
from ann_tui.data.choices.texts import TEXT

__all__ = [
    "CHOICES",
    "SCALING",
    "ColumnChoice",
    "ColumnField",
    "ColumnPreparation",
    "Preparation",
    "PreparationError",
    "Split",
    "fields_for",
    "is_default",
    "options_for",
    "typed_fields_for",
]


@dataclass(frozen=True)
class Preparation:
    """How every column is prepared, but for the exceptions in `columns`.

    A category of fewer rows than `rare`, or of a single row, is a rare one. `outlier_limit`: None is 1.5 widths for
    IQR, 3 deviations for z-score, and 0.05 for the isolation forest. Statistics are always fitted on training rows
    alone.
    """

    missing_number: str = choice(
        "median", ChoiceField("missing numbers", "How a missing number is filled", options=MISSING_NUMBER)
    )
    missing_category: str = choice(
        "most frequent",
        ChoiceField("missing categories", "How a missing category is filled", options=MISSING_CATEGORY),
    )
    fill_number: float = choice(
        0.0, ChoiceField("constant number", "What a missing number is filled with", range=ANY_NUMBER)
    )
    fill_category: str = choice(
        "missing", ChoiceField("constant category", "What a missing category is filled with")
    )
    indicator: bool = choice(
        False,
        ChoiceField("was missing column", "A 0/1 column that tells the network where a value was missing"),
    )
    outliers: str = choice(
        "none", ChoiceField("outliers", "Which values count as outliers", options=OUTLIERS)
    )
    outlier_limit: float | None = choice(
        None,
        ChoiceField(
            "outlier limit",
            "How far out an outlier is: widths of the middle half (iqr, usually 1.5), standard deviations "
            "(z-score, usually 3), or the share of rows to find (isolation forest, usually 0.05)",
            range=POSITIVE,
            steps=(None, *even_steps(0.5, 0.5, 20)),
            none="usual",
        ),
    )
    outlier_action: str = choice(
        "clip", ChoiceField("outliers then", "What happens to an outlier", options=OUTLIER_ACTIONS)
    )
    scaling: str = choice(
        "standard", ChoiceField("scaling", "How numbers are brought to one size", options=SCALING)
    )
    number_encoding: str = choice(
        "as they are",
        ChoiceField("number encoding", "What stands beside each scaled number", options=NUMBER_ENCODING),
    )
    encoding: str = choice("one-hot", ChoiceField("encoding", "How words become numbers", options=ENCODING))
    rare: float = choice(
        0.01,
        ChoiceField(
            "rare categories",
            "Categories of fewer training rows than this share are taken together",
            range=Range(0, 1, open_high=True, typed=0.5),
            unit="training rows",
            steps=even_steps(0.005, 0.0, 0.5),
            percent=True,
        ),
    )
    dates: str = choice("parts", ChoiceField("dates", "What becomes of a date", options=DATE_PARTS))
    text: str = choice("leave out", ChoiceField("texts", "What becomes of free text", options=TEXT))
    duplicates: str = choice(
        "keep",
        ChoiceField("repeated rows", "What happens to rows that repeat another", options=DUPLICATES),
    )
    unparseable: str = choice(
        "missing",
        ChoiceField("unreadable cells", "What a cell without a value counts as", options=UNPARSEABLE),
    )
    merge_labels: bool = choice(
        False, ChoiceField("like labels", "Take labels that differ only in case and spaces as one")
    )
    target_transform: str = choice(
        "none",
        ChoiceField("number target", "How a number target is transformed", options=TARGET_TRANSFORMS),
    )
    class_weights: str = choice(
        "none", ChoiceField("class weights", "How much a row counts, by its class", options=CLASS_WEIGHTS)
    )
    split: Split = field(
        default_factory=Split,
        metadata=ChoiceField(
            "split",
            "Which rows train, which choose the best epoch, and which judge once at the end",
            parts=Split,
        ).metadata,
    )
    columns: dict[str, ColumnPreparation] = field(
        default_factory=dict,
        metadata=ChoiceField("columns", "What one column does in another way than all others").metadata,
    )

    def __post_init__(self) -> None:
        """Checks the choice. Raises PreparationError."""
        check(self)

    def of_column(self, name: str, kind: str) -> ColumnChoice:
        """The choices that hold for one column: its exceptions where it has some, else the defaults.

        `kind` is a column kind ("number", "category", ...). Raises PreparationError when an exception
        names an option that the kind doesn't have.
        """
        own = self.columns.get(name, ColumnPreparation())
        numeric = kind in ("number", "date")
        special = {
            "missing": self.missing_number if numeric else self.missing_category,
            "fill": self.fill_number if numeric else self.fill_category,
            "order": (),
        }
        made: dict[str, Any] = {
            each: special.get(each, getattr(self, each, None)) if value is None else value
            for each in described(ColumnPreparation)
            for value in (getattr(own, each),)
        }
        known = _missing_options(kind)
        if own.missing is None and made["missing"] not in known:
            made["missing"] = "median"
        if made["missing"] not in known:
            raise PreparationError(
                f"column '{name}' is a {kind} column: its missing values can't be filled with "
                f"'{made['missing']}'; choose {', '.join(repr(option) for option in known)}"
            )
        if kind == "text":
            made["missing"] = "constant"
        return ColumnChoice(**{**made, "merge": dict(own.merge or {})})


@dataclass(frozen=True, eq=False)
class ColumnField(ChoiceField):
    """The description of one column's exception: `kinds` are the column kinds to which it matters.

    `switch` has what off and on mean, where it is one.
    """

    kinds: tuple[str, ...] = ()
    switch: Mapping[str, Named] | None = None


INDICATOR = options(
    ("no", "no extra column"), ("yes", "a 0/1 column that says where the value was missing in the file")
)
"""What a switch means, off and on."""
LIKE_LABELS = options(("no", "don't"), ("yes", "do"))
LABELS = ("category", "boolean", "identifier")
ORDERED = ("category", "identifier")


def _as_all(name: str, *kinds: str, switch: Mapping[str, Named] | None = None) -> Any:
    """An exception to the field of `Preparation` of this name, which takes the same values."""
    own = {"kinds": kinds, "switch": switch, "steps": ()}
    return choice(None, ColumnField(**{**vars(described(Preparation)[name]), **own}))


def _own(title: str, words: str, *kinds: str, **more: Any) -> Any:
    """A choice of one column that all columns together don't have."""
    return choice(None, ColumnField(title, words, kinds=kinds, **more))


MERGE = ColumnField(
    "labels to merge",
    "Old label = new label, for as many as you like: m = male, man = male",
    kinds=LABELS,
)


@dataclass(frozen=True)
class ColumnPreparation:
    """The exceptions of one column; a field that is None takes the default of `Preparation`."""

    missing: str | None = _own(
        "missing values",
        "How a missing value is filled",
        "number",
        "date",
        *LABELS,
        options=ChainMap[str, Any](MISSING_CATEGORY, MISSING_NUMBER),
    )
    fill: float | str | None = _own(
        "constant", "What a gap is filled with where missing is: constant", "number", *LABELS
    )
    indicator: bool | None = _as_all("indicator", "number", "date", *LABELS, switch=INDICATOR)
    outliers: str | None = _as_all("outliers", "number")
    outlier_limit: float | None = _as_all("outlier_limit", "number")
    outlier_action: str | None = _as_all("outlier_action", "number")
    scaling: str | None = _as_all("scaling", "number", "date")
    number_encoding: str | None = _as_all("number_encoding", "number")
    encoding: str | None = _as_all("encoding", *ORDERED)
    dates: str | None = _as_all("dates", "date")
    text: str | None = _as_all("text", "text")
    rare: float | None = _as_all("rare", *ORDERED)
    minimum: float | None = _own("minimum", "A smaller number counts as missing")
    maximum: float | None = _own("maximum", "A larger number counts as missing")
    allowed: tuple[str, ...] | None = _own("allowed labels", "Any other label counts as missing")
    merge: dict[str, str] | None = field(default=None, metadata=MERGE.metadata)
    merge_labels: bool | None = _as_all("merge_labels", *ORDERED, switch=LIKE_LABELS)
    order: tuple[str, ...] | None = _own(
        "order of the labels", "From low to high, for ordinal encoding: small, medium, large", *ORDERED
    )

    def __post_init__(self) -> None:
        """Checks the choice. Raises PreparationError."""
        check(self)
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise PreparationError(f"the minimum {self.minimum:g} lies above the maximum {self.maximum:g}")


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
    number_encoding: str
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


CHOICES: Mapping[str, Mapping[str, Named]] = {
    name: about.options for name, about in described(Preparation).items() if about.options is not None
}
"""The fields of `Preparation` that take one of a list of options, with these."""

ORDER_OF_WORK = (
    "missing", "fill", "indicator", "outliers", "outlier_limit", "outlier_action", "merge", "merge_labels", "rare",
    "order", "encoding", "dates", "scaling", "number_encoding", "text",
)  # fmt: skip


def _column_fields(kind: str) -> dict[str, ColumnField]:
    """The exceptions that matter to a column kind, in the order of the work."""
    about = described(ColumnPreparation)
    known = {name: about[name] for name in (*ORDER_OF_WORK, *about)}
    return {name: one for name, one in known.items() if isinstance(one, ColumnField) and kind in one.kinds}


def _is_listed(about: ColumnField) -> bool:
    return about.options is not None or about.switch is not None


def fields_for(kind: str) -> tuple[str, ...]:
    """The fields of `ColumnPreparation` with options that matter to a column kind, in the order of the work."""
    return tuple(name for name, about in _column_fields(kind).items() if _is_listed(about))


def typed_fields_for(kind: str) -> dict[str, ColumnField]:
    """The fields of `ColumnPreparation` that are typed and matter to a column kind, in the order of the work."""
    return {name: about for name, about in _column_fields(kind).items() if not _is_listed(about)}


def options_for(kind: str, field_name: str) -> dict[str, Named]:
    """The options that a field of `ColumnPreparation` offers to a column of this kind, in order.

    Fields that are switches (`indicator`, `merge_labels`) offer "no" and "yes" for False and True. An
    empty dict means that the field doesn't matter to the kind, or takes free values.
    """
    if field_name not in fields_for(kind):
        return {}
    if field_name == "missing":
        return dict(_missing_options(kind))
    about = _column_fields(kind)[field_name]
    return dict(about.switch or about.options or {})


def is_default(column: ColumnPreparation) -> bool:
    """Whether a column has no exception at all."""
    return all(getattr(column, each.name) is None for each in fields(column))


def _missing_options(kind: str) -> Mapping[str, Named]:
    if kind == "number":
        return MISSING_NUMBER
    if kind == "date":
        return {name: fill for name, fill in MISSING_NUMBER.items() if fill.dates}
    return MISSING_CATEGORY
