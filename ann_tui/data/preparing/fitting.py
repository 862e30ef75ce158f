"""Fitting of the columns on their training rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from ann_tui.data.cells.values import Floats, Labels, Mask, Numbers, Values
from ann_tui.data.choices.encodings import ENCODING, Stated
from ann_tui.data.choices.imputations import MISSING_CATEGORY, MISSING_NUMBER, most_frequent_label
from ann_tui.data.choices.outliers import OUTLIER_ACTIONS, OUTLIERS
from ann_tui.data.choices.preparation import ColumnChoice, PreparationError
from ann_tui.data.preparing.boolean_words import means_yes
from ann_tui.data.preparing.columns import (
    Column,
    DateColumn,
    LabelColumn,
    NumberColumn,
    TextColumn,
    fill_labels,
)
from ann_tui.data.preparing.date_features import fit_date_parts
from ann_tui.data.preparing.encoding import (
    Binary,
    Encoder,
    Matrix,
    YesNo,
    fit_one_hot,
    fit_ordinal,
    fit_target_means,
    natural_order,
    seen_labels,
)
from ann_tui.data.preparing.hashing import HashedText
from ann_tui.data.preparing.inaccurate import (
    LabelRules,
    NumberRules,
    fit_label_rules,
    number_rules,
)
from ann_tui.data.preparing.multivariate_imputation import (
    Chain,
    Neighbours,
    fit_chain,
    fit_neighbours,
    guesses,
)
from ann_tui.data.preparing.number_bins import fit_number_bins
from ann_tui.data.preparing.outliers import Fence, fit_fence, inlier_fence, isolated_rows
from ann_tui.data.preparing.scaling import MOST_UNSCALED, fit_scaler


@dataclass(frozen=True)
class Cleaning:
    """What is fitted before training rows are left out: rules and fence of a number, or rules of labels."""

    numbers: NumberRules | None = None
    fence: Fence | None = None
    labels: LabelRules | None = None

    def missing(self, values: Values) -> Mask:
        """Where a value is missing after cleaning, bool (n,)."""
        if isinstance(values, Labels):
            return (self.labels.apply(values) if self.labels else values).missing
        return np.isnan(self.clean_numbers(values))

    def clean_numbers(self, values: Numbers) -> Floats:
        """The numbers after rules and fence, float64 (n,)."""
        numbers = self.ruled(values)
        return self.fence.apply(numbers) if self.fence is not None else numbers

    def ruled(self, values: Numbers) -> Floats:
        """The numbers after the rules, float64 (n,)."""
        if self.numbers is None:
            return values.values
        return np.where(self.numbers.broken(values), np.nan, values.values)

    def outlying(self, values: Values) -> Mask:
        """Where a training row is to be dropped for this value, bool (n,)."""
        if isinstance(values, Labels) or self.fence is None or not self.fence.leaves_out:
            return np.zeros(len(values.missing), dtype=bool)
        return self.fence.outside(self.ruled(values))


@dataclass(frozen=True)
class Together:
    """The imputations that look at several columns, and their guesses for the training rows."""

    neighbours: Neighbours | None
    chain: Chain | None
    guesses: dict[str, Floats]


def fit_cleanings(
    kinds: Mapping[str, str], choices: Mapping[str, ColumnChoice], values: Mapping[str, Values], seed: int
) -> tuple[dict[str, Cleaning], dict[str, Mask]]:
    """Fits rules and outlier fences of all columns on their training values.

    Also marks the training rows, bool (n,), that methods which look at all columns leave out, by the method.
    """
    cleanings = {name: _fit_cleaning(kinds[name], choices[name], column) for name, column in values.items()}
    dropped: dict[str, Mask] = {}
    for method in [name for name, outliers in OUTLIERS.items() if outliers.isolate is not None]:
        ruled: dict[str, Floats] = {}
        for name, column in values.items():
            if kinds[name] == "number" and choices[name].outliers == method and isinstance(column, Numbers):
                numbers = cleanings[name].ruled(column)
                if not np.isnan(numbers).all():
                    ruled[name] = numbers
        if not ruled:
            continue
        limit = choices[next(iter(ruled))].outlier_limit
        isolated = isolated_rows(method, np.column_stack(list(ruled.values())), limit, seed)
        for name, numbers in ruled.items():
            action = choices[name].outlier_action
            if OUTLIER_ACTIONS[action].apply is None:
                dropped[method] = isolated
            else:
                fence = inlier_fence(method, numbers, isolated, action)
                cleanings[name] = Cleaning(cleanings[name].numbers, fence)
    return cleanings, dropped


def _fit_cleaning(kind: str, choice: ColumnChoice, values: Values) -> Cleaning:
    if isinstance(values, Labels):
        merge = choice.merge_labels or kind == "boolean"
        return Cleaning(labels=fit_label_rules(values, choice.merge, merge, choice.allowed))
    if kind == "date":
        return Cleaning()
    rules = number_rules(choice.minimum, choice.maximum)
    known = values.values[~values.missing & ~rules.broken(values)]
    return Cleaning(rules, fit_fence(choice.outliers, choice.outlier_limit, choice.outlier_action, known))


def fit_together(
    choices: Mapping[str, ColumnChoice],
    cleanings: Mapping[str, Cleaning],
    values: Mapping[str, Values],
    seed: int,
) -> Together:
    """Fits the imputations that columns ask for on the number columns' training values that remain."""
    cleaned: dict[str, Floats] = {}
    for name, column in values.items():
        if isinstance(column, Numbers) and not column.dates:
            numbers = cleanings[name].clean_numbers(column)
            if not np.isnan(numbers).all():
                cleaned[name] = numbers
    wanted = {
        model: [name for name in cleaned if MISSING_NUMBER[choices[name].missing].model == model]
        for model in ("neighbours", "chain")
    }
    if len(cleaned) < 2 or not any(wanted.values()):
        return Together(None, None, {})
    table = np.column_stack(list(cleaned.values()))
    neighbours = fit_neighbours(tuple(cleaned), table, seed) if wanted["neighbours"] else None
    chain = fit_chain(tuple(cleaned), table, seed) if wanted["chain"] else None
    found: dict[str, Floats] = {}
    if neighbours is not None:
        found |= guesses(neighbours, wanted["neighbours"], cleaned)
    if chain is not None:
        found |= guesses(chain, wanted["chain"], cleaned)
    return Together(neighbours, chain, found)


def fit_column(
    name: str,
    kind: str,
    choice: ColumnChoice,
    cleaning: Cleaning,
    values: Values,
    goal: tuple[Floats, tuple[str, ...]] | None,
    guessed: Floats | None,
    form: str,
    number_columns: int,
    seed: int,
) -> tuple[Column, Matrix | None] | None:
    """Fits one column on its training values; None when they are all missing.

    `goal` is what target encoding takes the mean of, None where no column asks for it; `guessed` the numbers with gaps
    filled by help of other columns; `form` a date format, or the text of a number form; `number_columns` how many
    columns of numbers there are. Also gives cross-fitted features of the training rows, for an encoding that has them.
    """
    if kind == "text":
        return TextColumn(name, HashedText(choice.text)), None
    if isinstance(values, Labels):
        return _fit_labels(name, kind, choice, cleaning, values, goal, seed)
    numbers = cleaning.clean_numbers(values)
    missing = np.isnan(numbers)
    known = numbers[~missing]
    if not len(known):
        return None
    ruled = cleaning.ruled(values)
    smallest, largest = float(np.nanmin(ruled)), float(np.nanmax(ruled))
    had_missing = bool(missing.any())
    if kind == "date":
        fill = float(np.rint(MISSING_NUMBER[choice.missing].fit(known, 0.0)))
        parts = fit_date_parts(choice.dates, choice.scaling, np.where(missing, fill, numbers))
        dates = DateColumn(
            name,
            choice.missing,
            fill,
            had_missing,
            choice.indicator,
            parts,
            form,
            smallest,
            largest,
            bool(values.zoned is not None and values.zoned.any()),
        )
        return dates, None
    assert cleaning.numbers is not None
    column = NumberColumn(
        name=name,
        rules=cleaning.numbers,
        fence=cleaning.fence,
        missing=choice.missing,
        fill=MISSING_NUMBER[choice.missing].fit(known, _constant(name, choice)),
        had_missing=had_missing,
        indicator=choice.indicator,
        scaler=fit_scaler("none", known),
        smallest=smallest,
        largest=largest,
        form=form,
    )
    filled = column.filled(numbers, guessed)
    if choice.scaling == "none" and (largest := float(np.abs(filled).max())) > MOST_UNSCALED:
        raise PreparationError(
            f"the column '{name}' has numbers as large as {largest:.3g}, too large for a network as they are: choose a "
            "scaling other than 'none' for it"
        )
    column = replace(column, scaler=fit_scaler(choice.scaling, filled))
    return replace(
        column, bins=fit_number_bins(choice.number_encoding, filled, number_columns, column.scaled)
    ), None


def _fit_labels(
    name: str,
    kind: str,
    choice: ColumnChoice,
    cleaning: Cleaning,
    values: Labels,
    goal: tuple[Floats, tuple[str, ...]] | None,
    seed: int,
) -> tuple[Column, Matrix | None] | None:
    assert cleaning.labels is not None
    cleaned = cleaning.labels.apply(values)
    counts = cleaned.counts()
    if not counts.any():
        return None
    seen = tuple(seen_labels(cleaned))
    fill = MISSING_CATEGORY[choice.missing].fit(cleaned.labels, counts, str(choice.fill))
    if kind == "boolean" and fill not in seen:
        fill = most_frequent_label(cleaned.labels, counts, "")
    filled = fill_labels(cleaned, fill)
    crossed = None
    encoder: Encoder
    if kind == "boolean":
        encoder = _fit_yes_no(filled)
    else:
        stated = "fill_category" in MISSING_CATEGORY[choice.missing].asks
        encoder, crossed = _fit_encoder(choice, filled, (fill,) if stated else (), goal, seed)
    had_missing = bool(cleaned.missing.any())
    column = LabelColumn(
        name, kind, cleaning.labels, choice.missing, fill, had_missing, choice.indicator, encoder, seen
    )
    return column, crossed


def _fit_encoder(
    choice: ColumnChoice,
    values: Labels,
    keep: tuple[str, ...],
    goal: tuple[Floats, tuple[str, ...]] | None,
    seed: int,
) -> tuple[Encoder, Matrix | None]:
    encoding, seen = ENCODING[choice.encoding], seen_labels(values)
    counts = np.array(list(seen.values()), dtype=np.int64)
    labels = tuple(encoding.lists(tuple(seen), counts, Stated(choice.rare, keep, tuple(choice.order))))
    match encoding.form:
        case "ordinal":
            return fit_ordinal(values, labels, choice.scaling), None
        case "binary":
            return Binary(labels), None
        case "target":
            assert goal is not None
            return fit_target_means(values, *goal, seed)
    return fit_one_hot(values, labels), None


def _fit_yes_no(values: Labels) -> YesNo:
    """Which labels of training mean yes: known words, else the last of the labels in their order."""
    counts = values.counts()
    seen = [values.labels[code] for code in natural_order(values.labels, np.flatnonzero(counts))]
    true = tuple(label for label in seen if means_yes(label))
    if (not true and len(seen) > 1) or len(true) == len(seen) > 1:
        true = (seen[-1],)
    false = tuple(label for label in seen if label not in true)
    share = sum(int(count) for label, count in zip(values.labels, counts, strict=True) if label in true)
    return YesNo(true, false, share / int(counts.sum()))


def _constant(name: str, choice: ColumnChoice) -> float:
    try:
        value = float(choice.fill)
    except ValueError:
        value = np.nan
    if "fill_number" in MISSING_NUMBER[choice.missing].asks and not np.isfinite(value):
        raise PreparationError(
            f"column '{name}' is a number column: fill its gaps with a number, not with '{choice.fill}'"
        )
    return value
