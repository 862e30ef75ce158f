"""Findings about numbers that lie far out: single ones far from all others, a long tail, tails on both sides."""

import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.table import Table
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.profile.column_profile import FENCE, ReadColumn
from ann_tui.data.profile.findings import Finding, Remedy
from ann_tui.data.profile.isolated import Isolated

FEWEST_ROWS = 30
FEWEST_VALUES = 10
FEWEST_OUTLIERS = 5
MANY_OUTLIERS = 0.04
FAR_SKEW = 3.0
EITHER_SIDE = 0.1

Floats = npt.NDArray[np.float64]


def spread_findings(column: ReadColumn, table: Table) -> list[Finding]:
    """What is far out in a number column of a table: isolated values, and of all others a skew or outliers."""
    profile, numbers = column.profile, column.numbers
    if profile.kind is not ColumnKind.NUMBER or numbers is None or profile.quartiles is None:
        return []
    isolated = profile.isolated
    found = [] if isolated is None else [_isolated(profile.name, isolated, numbers, table)]
    return [*found, *_tails(column, numbers, table)]


def _isolated(name: str, isolated: Isolated, numbers: Floats, table: Table) -> Finding:
    value = isolated.values[0]
    same = np.flatnonzero(numbers == value)
    first = f"{figure(value)} in line {table.lines[same[0]]}"
    if len(same) > 1:
        first = f"{figure(value)} in {len(same):,} rows (from line {table.lines[same[0]]})"
    others = len(isolated.values) - 1
    more = "" if not others else f" and {others} more value{'' if others == 1 else 's'}"
    what = _meaning(isolated.are_codes, isolated.rows)
    text = f"{first}{more}, all others {figure(isolated.low)} to {figure(isolated.high)}: {what}?"
    rule = _rule(name, isolated.minimum, isolated.maximum)
    return Finding(name, "isolated value", text, "warning", Remedy("take as missing by rule", name, rule))


def _meaning(codes: bool, rows: int) -> str:
    if codes:
        return "a typing error, or a code for missing" if rows == 1 else "a code for missing"
    return "a typing error, or another unit" if rows == 1 else "a code, or another unit"


def _rule(name: str, minimum: float | None, maximum: float | None) -> str:
    if minimum is None:
        return f"{name} <= {_exact(maximum)}"
    if maximum is None:
        return f"{name} >= {_exact(minimum)}"
    return f"{name} in {_exact(minimum)}..{_exact(maximum)}"


def _exact(value: float | None) -> str:
    """The number in as few digits as give it back."""
    return repr(value).removesuffix(".0")


def _tails(column: ReadColumn, numbers: Floats, table: Table) -> list[Finding]:
    """Outliers, where many lie on either side, else a skew, where the third moment is large; without isolated values.

    The quartiles bear up to a quarter of outliers, so that they are those of all values.
    """
    profile, isolated = column.profile, column.profile.isolated
    present = len(numbers) - profile.missing - profile.unparseable
    if present < FEWEST_ROWS or profile.distinct <= FEWEST_VALUES:
        return []
    outside, skew = profile.outliers, profile.skew or 0.0
    if isolated is not None:
        numbers = np.where((numbers < isolated.low) | (numbers > isolated.high), np.nan, numbers)
        outside, skew = outside - isolated.rows, _skew(numbers)
    first, middle, third = profile.quartiles or (0.0, 0.0, 0.0)
    if third > first and outside >= FEWEST_OUTLIERS and outside > MANY_OUTLIERS * present:
        with np.errstate(invalid="ignore", over="ignore"):
            below = int((numbers < first - FENCE * (third - first)).sum())
            row = int(np.nanargmax(np.abs(numbers - middle)))
        if min(below, outside - below) >= EITHER_SIDE * outside:
            furthest = f"{figure(float(numbers[row]))} in line {table.lines[row]}"
            text = f"{outside:,} outliers, furthest {furthest}"
            return [Finding(profile.name, "outliers", text, "note", Remedy("clip outliers", profile.name))]
    if abs(skew) > FAR_SKEW:
        text = _skew_text(numbers, middle, skew > 0, table)
        return [Finding(profile.name, "skewed", text, "note", Remedy("scale by rank", profile.name))]
    return []


def _skew_text(numbers: Floats, middle: float, right: bool, table: Table) -> str:
    row = int(np.nanargmax(numbers) if right else np.nanargmin(numbers))
    half = "below" if right else "above"
    if middle == float(np.nanmin(numbers) if right else np.nanmax(numbers)):
        half = "at"
    last = f"{figure(float(numbers[row]))} in line {table.lines[row]}"
    return f"skewed: half {half} {figure(middle)}, {'largest' if right else 'smallest'} {last}"


def _skew(numbers: Floats) -> float:
    """The third standardized moment of what is not NaN."""
    present = numbers[~np.isnan(numbers)]
    with np.errstate(over="ignore", invalid="ignore"):
        centred = present - present.mean()
        deviation = float(np.sqrt((centred * centred).mean()))
        skew = float(((centred / deviation) ** 3).mean()) if 0 < deviation < np.inf else 0.0
    return skew if np.isfinite(skew) else 0.0


def figure(value: float) -> str:
    """A number as a file would write it, in at most 6 digits where it has a fraction: 8400, 1.75, 3e+20."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.6g}"
