"""Column kinds: inferred from all rows of a column, and the column read as its kind says."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.dates import ISO, looks_like_date, parse_dates
from ann_tui.data.cells.grammar import BOOLEAN_PAIRS, folded
from ann_tui.data.cells.number_forms import find_form, has_sure_unit
from ann_tui.data.cells.numerals import has_leading_zero
from ann_tui.data.cells.parsed import ParsedColumn, is_number_column, parsed
from ann_tui.data.cells.texts import PROBED, Texts
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.number_form import PLAIN_FORM, SHARES, NumberForm

__all__ = ["ColumnKind", "Interpreted", "date_format", "infer_kind", "interpret"]

NUMBER_SHARE = 0.8
DATE_SHARE = 0.9
CODE_SHARE = 0.02
LARGEST = 1e300
"""A number further from zero than this can't be computed with: it counts as missing."""
CODE_DIGITS = 16
LONGEST_CODE = 19
FEW_LABELS = 25
SMALL_TABLE = 20
FEWEST_DAYS = 5
_IDENTIFIER_NAME = re.compile(
    r"(?:^|[^a-z])(?:ids?|uuid|guid|index|idx|key|rownames?|row_?id|row_?number|unnamed: ?0|serial|record)$"
    r"|^(?:id|uuid|guid)(?:[^a-z]|$)"
)
_COUNTER_NAME = re.compile(
    r"^(?:column_\d+|row|nr|no|num|number|obs|observation|sample|case|#|n°|nummer|)$|[_ ](?:no|nr|number|code)$"
)
_CODE_NAME = re.compile(
    r"(?:^|[^a-z])(?:zip|zip_?code|postal_?code|post_?code|plz|fips|area_?code)(?:[^a-z]|$)"
)
_TIME_NAME = re.compile(r"year|date|day|month|week|time|hour|minute|step|age|epoch")


@dataclass(frozen=True)
class Interpreted:
    """A column read as its kind says.

    `values` has one entry per row: float64 with NaN for a number, datetime64[us] with NaT for a date, and
    otherwise an object array of str with None for a missing cell. `unparseable` marks the cells that had a
    text but no value of this kind (their entry is missing). `form` is the date format that was used, or the text of
    the `NumberForm`; give it again to read new rows in the same way.
    """

    values: npt.NDArray[Any]
    unparseable: npt.NDArray[np.bool_]
    form: str = ""


def infer_kind(column: "ParsedColumn | pd.Series[Any]") -> ColumnKind:
    """The kind of a column from all of its rows; its name (`values.name`) breaks ties.

    A number is a column of which at least four fifths of the cells are written as numbers, those aside that say inf
    or #DIV/0!, or all with the same usual unit, or of which a person has said how its numbers are written. Codes with
    leading zeros are not numbers. A column of words is boolean (yes/no), a date, an identifier (nearly one value per
    row), text (long or nearly never repeated) or a category.
    """
    column = parsed(column)
    if column.inferred is None:
        column.inferred = _kind(column)
    return column.inferred


def _kind(column: ParsedColumn) -> ColumnKind:
    values = column.values
    if column.stated is not None:
        return ColumnKind.NUMBER
    if column.stated_date:
        return ColumnKind.DATE
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return ColumnKind.DATE
    if pd.api.types.is_bool_dtype(values.dtype):
        return ColumnKind.BOOLEAN
    if is_number_column(values):
        return kind_of_numbers(values.to_numpy(dtype=np.float64, na_value=np.nan), str(values.name))
    kind = kind_of_texts(column.texts, str(values.name))
    if kind in (ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.BOOLEAN):
        return kind
    form, share = column.found_form
    return ColumnKind.NUMBER if share == 1 and column.texts.has_sure_unit(form) else kind


def _plain_name(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).casefold()


def kind_of_numbers(values: npt.NDArray[np.float64], name: str) -> ColumnKind:
    """The kind of a column that is numeric in the frame: a number, unless its name and values make it a code."""
    name = _plain_name(name)
    present = values[np.isfinite(values)]
    if not len(present) or not np.array_equal(present, np.floor(present)):
        return ColumnKind.NUMBER
    if present.min() >= 17000101 and present.max() <= 22001231:
        different = np.unique(present)
        likely = len(different) >= FEWEST_DAYS and different[0] >= 19000101 and different[-1] < 21000000
        texts = [str(int(value)) for value in different] if likely or "date" in name else []
        if texts and not np.isnat(parse_dates(texts, "%Y%m%d")).any():
            return ColumnKind.DATE
    if _CODE_NAME.search(name):
        return ColumnKind.CATEGORY
    named, counter = _IDENTIFIER_NAME.search(name), _COUNTER_NAME.search(name)
    if not named and (_TIME_NAME.search(name) or len(present) < SMALL_TABLE):
        return ColumnKind.NUMBER
    share = len(pd.unique(present)) / len(present)
    if named and share > 0.95:
        return ColumnKind.IDENTIFIER
    if share < 1:
        return ColumnKind.NUMBER
    if bool(np.all(np.diff(present) == 1)) and (counter or (len(present) >= 100 and present[0] in (0, 1))):
        return ColumnKind.IDENTIFIER
    digits = np.floor(np.log10(np.maximum(present, 1)))
    return ColumnKind.IDENTIFIER if digits.min() >= 7 and digits.min() == digits.max() else ColumnKind.NUMBER


def kind_of_texts(texts: Texts, name: str) -> ColumnKind:
    """The kind of a column of text, from its distinct texts and how often each occurs."""
    distinct, counts = texts.labels, texts.counts
    if not distinct:
        return ColumnKind.CATEGORY
    name = _plain_name(name)
    total = int(counts.sum())
    share = len(distinct) / total
    if _is_boolean(distinct):
        return ColumnKind.BOOLEAN
    if not _are_codes(distinct, counts, name):
        numbers = 0 if texts.hardly_numbers else int(counts[~np.isnan(texts.numbers)].sum())
        sayable = total - int(counts[texts.no_numbers].sum()) if numbers else total
        if sayable and numbers >= NUMBER_SHARE * sayable:
            named = _IDENTIFIER_NAME.search(name) and share > 0.95
            return ColumnKind.IDENTIFIER if named else ColumnKind.NUMBER
        dates = np.array([looks_like_date(text) for text in distinct])
        if counts[dates].sum() >= DATE_SHARE * total and texts.dates.find_format(PROBED)[1] >= DATE_SHARE:
            return ColumnKind.DATE
    words = float(np.average([min(text.count(" "), 100) + 1 for text in distinct], weights=counts))
    length = float(np.average([min(len(text), 1000) for text in distinct], weights=counts))
    if _IDENTIFIER_NAME.search(name) and share > 0.95 and words < 2:
        return ColumnKind.IDENTIFIER
    if share > 0.5 and (words >= 5 or length > 60):
        return ColumnKind.TEXT
    if total < SMALL_TABLE or len(distinct) <= FEW_LABELS or share <= 0.5:
        return ColumnKind.CATEGORY
    return ColumnKind.IDENTIFIER if share > 0.95 and words < 2 else ColumnKind.TEXT


def _is_boolean(distinct: list[str]) -> bool:
    if len(distinct) > 12:
        return False
    words = {folded(text) for text in distinct}
    return any(words <= set(pair) and (len(words) == 2 or len(pair[0]) > 1) for pair in BOOLEAN_PAIRS)


def _are_codes(distinct: list[str], counts: npt.NDArray[np.int64], name: str) -> bool:
    """Whether digits are codes (zip codes, card numbers): by name, leading zeros, or more digits than a float has.

    Those of more digits are quantities unless all have the same number of digits (of up to 19: nearly the same).
    """
    if _CODE_NAME.search(name):
        return True
    zeros = np.array([text[:2] in _ZEROS and has_leading_zero(text) for text in distinct])
    if zeros.any():
        widths = {len(text.strip()) for text in distinct if text.strip().isdigit()}
        return len(widths) == 1 or int(counts[zeros].sum()) >= CODE_SHARE * int(counts.sum())
    lengths = [len(text.strip()) for text in distinct if text.strip().isdigit()]
    long = sum(length >= CODE_DIGITS for length in lengths)
    if 2 * long <= len(distinct):
        return False
    between = 1 if max(lengths) <= LONGEST_CODE else 0
    return max(lengths) - min(lengths) <= between


def _numbers(column: ParsedColumn, form: NumberForm) -> Interpreted:
    values = column.values
    if is_number_column(values) and not form.grouped:
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        unparseable = np.zeros(len(numbers), dtype=bool)
        if form.is_share:
            unparseable = ~np.isnan(numbers) & (numbers != 0)
            numbers = np.where(unparseable, np.nan, numbers)
        return _within(numbers, unparseable, form)
    texts = column.written if form.grouped else column.texts
    result: npt.NDArray[Any] = np.append(texts.numbers_in(form), np.nan)[texts.codes]
    return _within(result, np.isnan(result) & (texts.codes >= 0), form)


def _money(labels: list[str], counts: npt.NDArray[np.int64]) -> NumberForm | None:
    """The form of numbers that all have the same currency."""
    if not labels or labels[0].strip().lstrip("+-").replace(".", "").replace(",", "").isdigit():
        return None
    form, share = find_form(labels, counts)
    return form if share == 1 and has_sure_unit(form, labels) else None


def number_form(
    column: "ParsedColumn | pd.Series[Any]", rows: npt.NDArray[np.int64] | None = None
) -> NumberForm:
    """How the numbers of a column are written: as stated, else as most cells of these rows (None: of all) have it.

    Digits alone, unless fewer than half of the cells are numbers then.
    """
    column = parsed(column)
    if column.stated is not None:
        return column.stated
    if not column.is_text:
        return PLAIN_FORM
    if column.number_form is None:
        column.number_form = _form_of(column.texts, column.texts.counts, column.decimal)
    if rows is None or column.number_form.is_money:
        return column.number_form
    texts = column.texts
    counts = texts.counts
    if len(rows) < len(texts.codes):
        codes = texts.codes[rows]
        counts = np.bincount(codes[codes >= 0], minlength=len(texts.labels)).astype(np.int64)
    return _form_of(texts, counts, column.decimal)


def _form_of(texts: Texts, counts: npt.NDArray[np.int64], decimal: str) -> NumberForm:
    """The form of most of the cells; that of money only where all cells have the same."""
    numbers = ~np.isnan(texts.numbers)
    for sign in SHARES:
        form = NumberForm(sign)
        if any(sign in label for label in texts.labels):
            shares = ~np.isnan(texts.numbers_in(form))
            if 2 * counts[shares].sum() >= counts[numbers].sum() > 0:
                return form
    used = np.flatnonzero(counts)
    labels = [texts.labels[place] for place in used]
    if 2 * counts[numbers].sum() >= counts.sum():
        return _money(labels, counts[used]) or PLAIN_FORM
    form, share = find_form(labels, counts[used], decimal)
    return form if share > counts[numbers].sum() / max(1, counts.sum()) else PLAIN_FORM


def _within(
    numbers: npt.NDArray[np.float64], unparseable: npt.NDArray[np.bool_], form: NumberForm
) -> Interpreted:
    """The numbers, of which those beyond `LARGEST` are unparseable as well."""
    with np.errstate(invalid="ignore"):
        beyond = np.abs(numbers) > LARGEST
    if not beyond.any():
        return Interpreted(numbers, unparseable, form.text)
    return Interpreted(np.where(beyond, np.nan, numbers), unparseable | beyond, form.text)


_ZEROS = frozenset({f"0{digit}" for digit in range(10)} | {"+0", "-0", " 0"})


def date_format(column: "ParsedColumn | pd.Series[Any]", rows: npt.NDArray[np.int64]) -> str:
    """The date format that fits these rows of a column best; "" where none does."""
    column = parsed(column)
    if pd.api.types.is_datetime64_any_dtype(column.values.dtype):
        return ISO
    if column.stated_date:
        return column.stated_date
    texts = column.texts
    places = texts.codes[rows]
    return texts.dates.format_of(pd.unique(places[places >= 0]))[0]


def interpret(
    column: "ParsedColumn | pd.Series[Any]", kind: ColumnKind | str, *, form: str | None = None
) -> Interpreted:
    """Read a column (typed or text) as `kind`; `form` is a known date format or the text of a number form.

    Else the one that fits best is found. No cell influences how another is read, except that one form is found for the
    whole column.
    """
    column, kind = parsed(column), ColumnKind(kind)
    values = column.values
    if kind is ColumnKind.NUMBER:
        return _numbers(column, number_form(column) if form is None else NumberForm.of(form))
    if kind is ColumnKind.DATE and pd.api.types.is_datetime64_any_dtype(values.dtype):
        moments = values.dt.tz_localize(None) if isinstance(values.dtype, pd.DatetimeTZDtype) else values
        return Interpreted(
            moments.to_numpy().astype("datetime64[us]"), np.zeros(len(values), dtype=bool), ISO
        )
    texts = column.texts if kind is ColumnKind.DATE else column.written
    if kind is ColumnKind.DATE:
        form = (column.stated_date or texts.dates.find_format()[0]) if form is None else form
        result: npt.NDArray[Any] = np.append(texts.dates.parsed_with_others(form), np.datetime64("NaT"))[
            texts.codes
        ]
        return Interpreted(result, np.isnat(result) & (texts.codes >= 0), form)
    table = np.empty(len(texts.labels) + 1, dtype=object)
    table[:-1] = texts.labels
    table[-1] = None
    return Interpreted(table[texts.codes], np.zeros(len(values), dtype=bool))
