"""One column described by numbers: how much is missing, how its values are spread."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.kinds import infer_kind, interpret
from ann_tui.data.cells.parsed import ParsedColumn
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.profile.findings import Finding
from ann_tui.data.profile.isolated import Isolated, isolated_values

BINS = 12
FENCE = 1.5
Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ColumnProfile:
    """One column: its kind and what its values are like.

    `distinct` counts different values, `top` the most frequent labels (empty for numbers and dates). The
    statistics are None unless the kind is number or date (dates as seconds since 1970-01-01 UTC). `quartiles`
    are the 25 %, 50 % and 75 % quantiles, `deviation` divides by n, `skew` is the third standardized moment.
    `histogram` has 12 equal bins from minimum to maximum; for the other kinds it is the counts of `top`.
    `outliers` counts values beyond 1.5 interquartile ranges from the quartiles (Tukey 1977). `whole`: all numbers
    are whole. `used` is False for the target and for columns that are left out. `isolated` are numbers far from all
    others, None where there are none.
    """

    name: str
    kind: ColumnKind
    missing: int
    distinct: int
    unparseable: int = 0
    top: tuple[tuple[str, int], ...] = ()
    minimum: float | None = None
    quartiles: tuple[float, float, float] | None = None
    maximum: float | None = None
    mean: float | None = None
    deviation: float | None = None
    skew: float | None = None
    histogram: tuple[int, ...] = ()
    outliers: int = 0
    findings: tuple[Finding, ...] = ()
    used: bool = True
    whole: bool = False
    isolated: Isolated | None = None


@dataclass(frozen=True)
class ReadColumn:
    """A column as it was read for its profile: float64 numbers (dates as seconds), or label codes (-1 missing).

    `unparseable` (n,) marks the cells without a value that are no missing ones.
    `labels` are the distinct texts of a column of text in the frame, with their counts. `no_numbers` are the texts that
    stand in a column of numbers where there is none, each with its count.
    """

    profile: ColumnProfile
    numbers: npt.NDArray[np.float64] | None
    codes: npt.NDArray[np.int64] | None
    labels: tuple[str, ...]
    counts: npt.NDArray[np.int64]
    unparseable: npt.NDArray[np.bool_]
    no_numbers: Counts = ()


def has_labels(column: ParsedColumn, kind: str | None) -> bool:
    """Whether the labels of a column matter as the file spells them; of numbers that look like identifiers, they don't.

    `kind` is the stated one.
    """
    chosen = ColumnKind(kind) if kind else infer_kind(column)
    if chosen is ColumnKind.IDENTIFIER and not kind and not column.is_text:
        return False
    return chosen not in (ColumnKind.NUMBER, ColumnKind.DATE)


def read_column(column: ParsedColumn, kind: str | None) -> ReadColumn:
    """Describe a column; `kind` None infers it."""
    name = str(column.values.name)
    missing = int(column.values.isna().sum())
    chosen = ColumnKind(kind) if kind else infer_kind(column)
    is_number = chosen in (ColumnKind.NUMBER, ColumnKind.DATE)
    codes: npt.NDArray[np.int64] | None = None
    labels: list[str] = []
    counts = np.zeros(0, dtype=np.int64)
    if column.is_text or not is_number:
        texts = column.written if has_labels(column, kind) else column.texts
        codes, labels, counts = texts.codes.astype(np.int64), texts.labels, texts.counts
    if is_number:
        read = interpret(column, chosen)
        numbers = _seconds(read.values) if chosen is ColumnKind.DATE else read.values
        unread: npt.NDArray[np.bool_] = read.unparseable
        said: Counts = ()
        if chosen is ColumnKind.NUMBER and unread.any():
            silent, said = _without_number(column)
            missing += int(np.count_nonzero(silent))
            unread = unread & ~silent
        profile = _describe(name, chosen, numbers, missing, int(unread.sum()))
        return ReadColumn(profile, numbers, codes, tuple(labels), counts, unread, said)
    order = np.argsort(-counts, kind="stable")[:BINS]
    top = tuple((labels[place], int(counts[place])) for place in order)
    profile = ColumnProfile(
        name, chosen, missing, len(labels), top=top, histogram=tuple(count for _, count in top)
    )
    return ReadColumn(profile, None, codes, tuple(labels), counts, np.zeros(len(column.values), dtype=bool))


def _without_number(column: ParsedColumn) -> tuple[npt.NDArray[np.bool_], Counts]:
    """Which cells of a column of numbers say that there is none, bool (n,), and what they say, with counts."""
    if column.is_text:
        texts = column.texts
        found = [
            (texts.labels[place].strip(), int(texts.counts[place]))
            for place in np.flatnonzero(texts.no_numbers)
        ]
        return np.append(texts.no_numbers, False)[texts.codes], tuple(
            sorted(found, key=lambda each: -each[1])
        )
    values = column.values.to_numpy(dtype=np.float64, na_value=np.nan)
    either = (("inf", np.inf), ("-inf", -np.inf))
    counted = ((text, int(np.count_nonzero(values == value))) for text, value in either)
    return np.isinf(values), tuple((text, count) for text, count in counted if count)


def _seconds(moments: npt.NDArray[np.datetime64]) -> npt.NDArray[np.float64]:
    seconds = moments.astype("datetime64[us]").astype(np.int64) / 1e6
    seconds[np.isnat(moments)] = np.nan
    return seconds


def _describe(
    name: str, kind: ColumnKind, numbers: npt.NDArray[np.float64], missing: int, unparseable: int
) -> ColumnProfile:
    gone = np.isnan(numbers)
    present = np.sort(numbers[~gone] if gone.any() else numbers)
    if not len(present):
        return ColumnProfile(name, kind, missing, 0, unparseable)
    with np.errstate(over="ignore", invalid="ignore"):
        low, high = float(present[0]), float(present[-1])
        q1, q2, q3 = (float(value) for value in _quantiles(present, (0.25, 0.5, 0.75)))
        distinct = 1 + int(np.count_nonzero(present[1:] != present[:-1]))
        mean = float(present.mean())
        centred = present - mean
        deviation = float(np.sqrt((centred * centred).mean()))
        ratio = centred / deviation if 0 < deviation < np.inf else np.zeros(1)
        skew = float((ratio * ratio * ratio).mean())
    fence = FENCE * (q3 - q1)
    below = int(np.searchsorted(present, q1 - fence, "left"))
    above = len(present) - int(np.searchsorted(present, q3 + fence, "right"))
    edges = low + (high - low) * np.arange(1, BINS) / BINS
    places = np.concatenate([[0], np.searchsorted(present, edges, "left"), [len(present)]])
    histogram = (
        tuple(int(count) for count in np.diff(places)) if high > low else (len(present), *([0] * (BINS - 1)))
    )
    return ColumnProfile(
        name, kind, missing, distinct, unparseable, (), low, (q1, q2, q3), high, mean, deviation,
        skew if np.isfinite(skew) else 0.0, histogram, below + above,
        whole=bool(np.array_equal(present, np.floor(present))),
        isolated=isolated_values(present, q2) if kind is ColumnKind.NUMBER else None,
    )  # fmt: skip


def _quantiles(ordered: npt.NDArray[np.float64], shares: tuple[float, ...]) -> list[float]:
    """Quantiles of sorted values by linear interpolation (Hyndman and Fan's type 7, NumPy's default)."""
    found = []
    for share in shares:
        place = share * (len(ordered) - 1)
        below = int(place)
        above = min(below + 1, len(ordered) - 1)
        found.append(float(ordered[below] + (place - below) * (ordered[above] - ordered[below])))
    return found
