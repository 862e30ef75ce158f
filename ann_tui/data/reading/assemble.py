"""From parsed columns to a frame: missing marks, numbers in other writings, and one dtype for a column."""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.grammar import NO_NUMBERS, PLAIN, SIGNED_DIGITS, folded, folded_marks
from ann_tui.data.cells.missing_marks import (
    MarkUse,
    choose_marks,
    expand_marks,
    marked_numbers,
    spaced,
    without_marked,
)
from ann_tui.data.cells.numerals import has_leading_zero, parse_number
from ann_tui.data.cells.texts import Texts, in_one_form
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.reading.gathering import Gathering

MOSTLY = 0.8
MANY_CELLS = 2_000_000
PROBED = 200
_Column = tuple[npt.NDArray[Any], tuple[MarkUse, ...], Texts | None]


@dataclass
class Assembled:
    """The frame, and what is to be said about words that could be missing values.

    `texts` are those of the columns of text whose different texts had to be looked at, and `spelled_anew` the columns
    whose texts are numbers that are written in another way in the frame.
    """

    frame: pd.DataFrame
    texts: dict[str, Texts]
    marks: list[MarkUse] = field(default_factory=list)
    spelled_anew: frozenset[str] = frozenset()


def assemble(
    gathered: Gathering,
    names: tuple[str, ...],
    source: Source,
    dialect: Dialect,
    in_numbers: frozenset[str],
    workers: int = 1,
) -> Assembled:
    """The frame of all columns that were gathered (`names` by place)."""

    def column(place: int) -> _Column:
        if place in gathered.texts:
            few, values = gathered.few_distinct(place), gathered.text_column(place)
            if dialect.trim:
                few, values = few and {_trimmed(cell) for cell in few}, _all_trimmed(values)
            return _any_text(values, few, names[place], source, dialect, in_numbers)
        if place in gathered.numbers:
            values = _narrow(gathered.number_column(place))
            return without_marked(values, _own_numbers(names[place], source, dialect)), (), None
        return np.full(gathered.rows, np.nan), (), None

    places, as_text = range(len(names)), frozenset(gathered.texts)
    if gathered.rows * len(names) < MANY_CELLS:
        found = [column(place) for place in places]
    else:
        with ThreadPoolExecutor(workers) as pool:
            found = list(pool.map(column, places))
    columns = {
        name: pd.Series(values, dtype=object, copy=False) if values.dtype == object else values
        for name, (values, _, _) in zip(names, found, strict=True)
    }
    frame = pd.DataFrame(columns, index=pd.RangeIndex(gathered.rows), copy=False)
    known = {name: texts for name, (_, _, texts) in zip(names, found, strict=True) if texts is not None}
    anew = {
        name
        for place, (name, (values, _, texts)) in enumerate(zip(names, found, strict=True))
        if place in as_text and (values.dtype != object or (texts is not None and texts.rewritten))
    }
    return Assembled(frame, known, [use for _, uses, _ in found for use in uses], frozenset(anew))


def as_written(gathered: Gathering, place: int, dialect: Dialect) -> npt.NDArray[np.object_]:
    """The cells of a column of text, object (n,), as they stand in the file, with NaN for empty ones."""
    values = gathered.text_column(place)
    return _all_trimmed(values) if dialect.trim else values


def _trimmed(cell: Any) -> Any:
    """A cell without the spaces that stand before the next delimiter."""
    return cell.rstrip(" ") if isinstance(cell, str) else cell


def _all_trimmed(values: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    codes, distinct = pd.factorize(values)
    table = np.empty(len(distinct) + 1, dtype=object)
    table[:-1] = [_trimmed(cell) for cell in distinct]
    table[-1] = None
    return table[codes]


def _narrow(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if values.dtype.kind == "i":
        return values.astype(np.int64, copy=False)
    return values.astype(np.float64, copy=False)


def _own_numbers(name: str, source: Source, dialect: Dialect) -> tuple[float, ...]:
    """The numbers that stand for a missing value in a column of numbers."""
    return marked_numbers(source.column_marks.get(name, source.missing_marks), dialect.decimal)


def _any_text(
    values: npt.NDArray[np.object_],
    few: set[Any] | None,
    name: str,
    source: Source,
    dialect: Dialect,
    in_numbers: frozenset[str],
) -> _Column:
    """A column of text; the codes of its cells are only made where a mark or a number stands in it.

    `few` are its different cells where they are few.
    """
    spelled = spaced(expand_marks(source.column_marks.get(name, source.missing_marks)))
    marks = folded_marks(spelled)
    cells = few if few is not None else values[:PROBED]
    texts = [cell for cell in cells if isinstance(cell, str) and cell not in spelled]
    could_be_numbers = not texts or any(_could_be_number(text, dialect) for text in texts)
    if few is not None:
        marked = any(isinstance(cell, str) and folded(cell) in marks for cell in few)
    else:
        marked = bool(pd.Series(values, dtype=object, copy=False).isin(list(spelled)).any())
    if not could_be_numbers and not marked:
        return values, (), None
    codes, distinct = pd.factorize(values)
    return _text_column(list(distinct), codes.astype(np.int32), name, source, dialect, in_numbers)


def _text_column(
    distinct: list[str],
    codes: npt.NDArray[np.int32],
    name: str,
    source: Source,
    dialect: Dialect,
    in_numbers: frozenset[str],
) -> _Column:
    counts = np.bincount(codes[codes >= 0], minlength=len(distinct)).astype(np.int64)
    own = source.column_marks.get(name)
    marks = folded_marks(source.missing_marks if own is None else own)
    missing = np.array([folded(text) in marks for text in distinct], dtype=bool)
    numbers = _numbers([text for text, gone in zip(distinct, missing, strict=True) if not gone], dialect)
    uses: tuple[MarkUse, ...] = ()
    if numbers is None:
        missing, uses = choose_marks(name, distinct, counts, source.missing_marks, own, in_numbers)
    present = [text for text, gone in zip(distinct, missing, strict=True) if not gone]
    if missing.any():
        moved = np.full(len(distinct) + 1, -1, dtype=np.int32)
        moved[:-1][~missing] = np.arange(len(present), dtype=np.int32)
        codes = moved[codes]
    if numbers is not None:
        found: npt.NDArray[Any] = np.append(numbers, np.nan)[codes]
        found = without_marked(found, _own_numbers(name, source, dialect))
        whole = not np.isnan(found).any() and all(text.strip().lstrip("+-").isdigit() for text in present)
        whole = whole and np.abs(numbers).max(initial=0) < 2**53
        return (found.astype(np.int64) if whole else found), uses, None
    known = None
    if dialect.decimal == ",":
        codes, present, known = _canonical(codes, present, counts[~missing], dialect)
    table = np.empty(len(present) + 1, dtype=object)
    table[:-1] = present
    table[-1] = None
    cells = table[codes]
    return cells, uses, Texts(*in_one_form(codes, present)) if known is None else Texts(codes, present, known)


def _numbers(texts: list[str], dialect: Dialect) -> npt.NDArray[np.float64] | None:
    """The values of texts that are all numbers in the writing of the dialect, else None."""
    if not texts:
        return None
    values = np.empty(len(texts), dtype=np.float64)
    for place, text in enumerate(texts):
        value = _number(text, dialect)
        if value is None:
            return None
        values[place] = value
    return values


def _could_be_number(text: str, dialect: Dialect) -> bool:
    """Whether the text is a number that may have to be written in another way."""
    if dialect.decimal == ",":
        return bool(math.isfinite(parse_number(text, ",")))
    return _number(text, dialect) is not None


def _number(text: str, dialect: Dialect) -> float | None:
    stripped = text.strip()
    if SIGNED_DIGITS.fullmatch(stripped) is None or has_leading_zero(stripped):
        return None
    plain = PLAIN.fullmatch(stripped) is not None
    if plain and (dialect.decimal == "." or "." not in stripped):
        digits = sum(character.isdigit() for character in stripped)
        value = float(stripped)
        return value if digits <= 17 and math.isfinite(value) else None
    if not plain and not dialect.thousands and dialect.decimal == ".":
        return None
    if dialect.decimal == "," and not dialect.thousands and "." in stripped:
        return None
    value = parse_number(stripped, dialect.decimal)
    return value if math.isfinite(value) else None


def _canonical(
    codes: npt.NDArray[np.int32], texts: list[str], counts: npt.NDArray[np.int64], dialect: Dialect
) -> tuple[npt.NDArray[Any], list[str], npt.NDArray[np.float64] | None]:
    """Numbers with a decimal comma written with a point, in a column that consists mostly of numbers.

    What says the same with either decimal sign stays as it is written, as 5 % and € 2,50 do. Gives the codes of the
    cells, the texts as written now, and the numbers that those are; None where nothing was written.
    """
    values = [parse_number(text, dialect.decimal) for text in texts]
    share = sum(int(count) for count, value in zip(counts, values, strict=True) if math.isfinite(value))
    said = sum(int(count) for count, text in zip(counts, texts, strict=True) if folded(text) in NO_NUMBERS)
    if not share or share < MOSTLY * (int(counts.sum()) - said):
        return codes, texts, None
    written = np.empty(len(texts), dtype=object)
    usual = np.empty(len(texts), dtype=np.float64)
    for place, (text, value) in enumerate(zip(texts, values, strict=True)):
        plain = _number(text, dialect) is not None
        number = value if plain else parse_number(text)
        if plain or (math.isfinite(value) and number != value):
            text = _written(float(value))
            number = float(text)
        written[place], usual[place] = text, number
    places, distinct = pd.factorize(written)
    firsts = np.unique(places, return_index=True)[1]
    return np.append(places, -1)[codes], list(distinct), usual[firsts]


def _written(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
