"""Imputation that looks at the other number columns: nearest neighbours, and a chain of linear models."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.magnitude import safe_unit
from ann_tui.data.cells.values import Floats
from ann_tui.data.preparing.checks import check, check_finite

FARTHEST = 1e30
NEIGHBOURS = 5
DONORS = 1_000
"""How many training rows at most are kept as possible neighbours."""
ROWS = 5_000
"""How many training rows at most the linear models are fitted on."""
_WIDE = 50
_MEGABYTES = 32

Table = npt.NDArray[np.float64]


class Neighbours(msgspec.Struct, frozen=True):
    """A missing number is the mean over the nearest training rows that have it.

    `columns` are the number columns; `centers` and `scales` standardize them, so that each counts the
    same in the distance; `donors` are the kept training rows, standardized, None where missing.
    Troyanskaya et al., Missing value estimation methods for DNA microarrays, 2001, as in scikit-learn's
    KNNImputer.
    """

    columns: tuple[str, ...]
    centers: tuple[float, ...]
    scales: tuple[float, ...]
    donors: tuple[tuple[float | None, ...], ...]

    def __post_init__(self) -> None:
        """Checks that every donor has a value or None for each column. Raises ValueError."""
        width = len(self.columns)
        lists = (self.centers, self.scales, *self.donors)
        check(all(len(each) == width for each in lists), "the neighbours' numbers don't match the columns")
        check_finite(*(number for each in lists for number in each if number is not None))
        check(all(scale > 0 for scale in self.scales), "the neighbours' scale isn't above 0")

    def fill(self, numbers: Table) -> Table:
        """The numbers (n, columns) with guesses where they are NaN; NaN stays where no donor has a value."""
        from sklearn import config_context
        from sklearn.impute import KNNImputer

        filled = numbers.copy()
        rows = np.flatnonzero(np.isnan(numbers).any(axis=1))
        donors = np.array(self.donors, dtype=np.float64).reshape(-1, len(self.columns))
        usable = np.flatnonzero(~np.isnan(donors).all(axis=0))
        if not len(rows) or not len(usable):
            return filled
        scales, centers = np.array(self.scales)[usable], np.array(self.centers)[usable]
        given = numbers[np.ix_(rows, usable)]
        with config_context(working_memory=_MEGABYTES):
            imputer = KNNImputer(n_neighbors=NEIGHBOURS).fit(donors[:, usable])
            guessed = imputer.transform(_standardized(given, centers, scales)) * scales + centers
        filled[np.ix_(rows, usable)] = np.where(np.isnan(given), guessed, given)
        return filled


class Equation(msgspec.Struct, frozen=True):
    """A linear model of one standardized column by others: positions, coefficients, intercept."""

    column: int
    others: tuple[int, ...]
    coefficients: tuple[float, ...]
    intercept: float


class Chain(msgspec.Struct, frozen=True):
    """A missing number is what a linear model makes of the other columns, round after round.

    Missing numbers begin as the mean; then each of `equations` improves one column, in their order,
    within the range `lowest` to `highest` of the training rows. Van Buuren and Groothuis-Oudshoorn, mice,
    2011, as in scikit-learn's IterativeImputer with BayesianRidge.
    """

    columns: tuple[str, ...]
    centers: tuple[float, ...]
    scales: tuple[float, ...]
    lowest: tuple[float, ...]
    highest: tuple[float, ...]
    equations: tuple[Equation, ...]

    def __post_init__(self) -> None:
        """Checks that the equations are of these columns. Raises ValueError."""
        width = len(self.columns)
        lists = (self.centers, self.scales, self.lowest, self.highest)
        check(all(len(each) == width for each in lists), "the equations' numbers don't match the columns")
        check_finite(*(number for each in lists for number in each))
        check(all(scale > 0 for scale in self.scales), "the equations' scale isn't above 0")
        for each in self.equations:
            check(len(each.others) == len(each.coefficients), "an equation lacks a coefficient")
            places = (each.column, *each.others)
            check(all(0 <= place < width for place in places), "an equation names a column that isn't there")
            check_finite(each.intercept, *each.coefficients)

    def fill(self, numbers: Table) -> Table:
        """The numbers (n, columns) with guesses where they are NaN; each row is guessed by itself."""
        filled = numbers.copy()
        rows = np.flatnonzero(np.isnan(numbers).any(axis=1))
        scales, centers = np.array(self.scales), np.array(self.centers)
        work = _standardized(numbers[rows], centers, scales)
        missing = np.isnan(work)
        work[missing] = 0.0
        for equation in self.equations:
            gaps = np.flatnonzero(missing[:, equation.column])
            if len(gaps):
                others = work[np.ix_(gaps, np.array(equation.others))]
                guess = (others * np.array(equation.coefficients)).sum(axis=1) + equation.intercept
                low, high = self.lowest[equation.column], self.highest[equation.column]
                work[gaps, equation.column] = np.clip(guess, low, high)
        filled[rows] = np.where(missing, work * scales + centers, numbers[rows])
        return filled


def fit_neighbours(columns: Sequence[str], numbers: Table, seed: int) -> Neighbours:
    """Fits on training rows (n, columns) with NaN where missing; every column has a value somewhere.

    Of more than `DONORS` rows a random choice is kept.
    """
    centers, scales = _standard(numbers)
    kept = _sample(numbers, DONORS, seed)
    standardized = (kept - centers) / scales
    donors = tuple(
        tuple(None if np.isnan(value) else float(value) for value in row) for row in standardized.tolist()
    )
    return Neighbours(tuple(columns), tuple(centers.tolist()), tuple(scales.tolist()), donors)


def fit_chain(columns: Sequence[str], numbers: Table, seed: int) -> Chain:
    """Fits on training rows (n, columns) with NaN where missing; every column has a value somewhere.

    Of more than `ROWS` rows a random choice is used. With more than 50 columns each equation uses 30 of
    them.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401
    from sklearn.impute import IterativeImputer

    centers, scales = _standard(numbers)
    kept = (_sample(numbers, ROWS, seed) - centers) / scales
    present = ~np.isnan(kept)
    lowest = np.where(present, kept, np.inf).min(axis=0)
    highest = np.where(present, kept, -np.inf).max(axis=0)
    single = ~(highest > lowest)
    lowest = np.where(single, -1.0, lowest)
    highest = np.where(single, 1.0, highest)
    imputer = IterativeImputer(
        initial_strategy="constant",
        fill_value=0.0,
        min_value=lowest,
        max_value=highest,
        n_nearest_features=30 if len(columns) > _WIDE else None,
        keep_empty_features=True,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        imputer.fit(kept)
    equations = tuple(
        Equation(
            int(step.feat_idx),
            tuple(int(place) for place in step.neighbor_feat_idx),
            tuple(float(each) for each in step.estimator.coef_),
            float(step.estimator.intercept_),
        )
        for step in imputer.imputation_sequence_
    )
    return Chain(
        tuple(columns),
        tuple(centers.tolist()),
        tuple(scales.tolist()),
        tuple(lowest.tolist()),
        tuple(highest.tolist()),
        equations,
    )


def _standardized(numbers: Table, centers: Floats, scales: Floats) -> Table:
    """The numbers on the scale of the training, where their squares are finite."""
    with np.errstate(over="ignore"):
        return np.clip((numbers - centers) / scales, -FARTHEST, FARTHEST)


def _standard(numbers: Table) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each column, NaN left out; 1 instead of a deviation of 0."""
    centers = np.nanmean(numbers, axis=0)
    units = np.array([safe_unit(column) for column in numbers.T])
    scales = np.nanstd(numbers / units, axis=0) * units
    return centers, np.where(scales > 1e-12 * np.maximum(np.abs(centers), 1e-300), scales, 1.0)


def _sample(numbers: Table, size: int, seed: int) -> Table:
    if len(numbers) <= size:
        return numbers
    chosen = np.random.default_rng(seed).choice(len(numbers), size, replace=False)
    return numbers[np.sort(chosen)]


def guesses(
    model: Neighbours | Chain, wanted: Sequence[str], cleaned: Mapping[str, Floats]
) -> dict[str, Floats]:
    """For each wanted column its numbers (n,) with the model's guesses where they were NaN.

    `cleaned` has the numbers of all columns of the model. Only rows where a wanted column is missing are
    worked on.
    """
    gaps = np.zeros(len(cleaned[model.columns[0]]), dtype=bool)
    for name in wanted:
        gaps |= np.isnan(cleaned[name])
    rows = np.flatnonzero(gaps)
    if not len(rows):
        return {}
    filled = model.fill(np.column_stack([cleaned[name][rows] for name in model.columns]))
    result = {}
    for name in wanted:
        result[name] = cleaned[name].copy()
        result[name][rows] = filled[:, model.columns.index(name)]
    return result
