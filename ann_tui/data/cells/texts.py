"""The different texts of a column, and what each of them is worth: parsed when first asked for, once."""

import unicodedata
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.dates import DateTexts
from ann_tui.data.cells.grammar import NO_NUMBER_STARTS, NO_NUMBERS, folded
from ann_tui.data.cells.number_forms import find_form, has_sure_unit, of_this_money, values_of
from ann_tui.data.cells.numerals import parse_numbers
from ann_tui.data.choices.number_form import MIXED_FORM, PLAIN_FORM, NumberForm

PROBED = 5_000


def _kept(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """An array that several readers get, none of whom may change it."""
    values.setflags(write=False)
    return values


def label_text(value: object) -> str:
    """A cell as the label it stands for: a whole number without a decimal point, everything else as text."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


class Texts:
    """The different texts of a column in order of appearance.

    `codes` (n,) are positions in `labels`, -1 where a cell is missing. Two threads that ask at the same time may
    both parse; they get the same.
    """

    def __init__(
        self, codes: npt.NDArray[Any], labels: list[str], numbers: npt.NDArray[np.float64] | None = None
    ) -> None:
        """`numbers` are those of the texts, where they are known already; see `parse_number`."""
        narrow = len(labels) < np.iinfo(np.int32).max
        self.codes = _kept(codes.astype(np.int32 if narrow else np.int64))
        self.labels = labels
        self._known = numbers
        self._by_form: dict[NumberForm, npt.NDArray[np.float64]] = {}

    @property
    def rewritten(self) -> bool:
        """Whether the numbers among the texts may have been written anew with a decimal point."""
        return self._known is not None

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """How often each text occurs, int64 (len(labels),)."""
        return _kept(np.bincount(self.codes[self.codes >= 0], minlength=len(self.labels)).astype(np.int64))

    @cached_property
    def numbers(self) -> npt.NDArray[np.float64]:
        """The number that each text is, float64 (len(labels),), NaN where it is none."""
        if self._known is not None:
            return _kept(self._known)
        step = self._step
        if step == 1:
            return self._probed
        numbers = np.empty(len(self.labels), dtype=np.float64)
        numbers[::step] = self._probed
        for start in range(1, step):
            numbers[start::step] = parse_numbers(self.labels[start::step])
        return _kept(numbers)

    @cached_property
    def no_numbers(self) -> npt.NDArray[np.bool_]:
        """Which texts say that a number can't be told (infinite, a spreadsheet's error), bool (len(labels),)."""
        said = [text[:1] in NO_NUMBER_STARTS and folded(text[:24]) in NO_NUMBERS for text in self.labels]
        return _kept(np.array(said, dtype=bool))

    def numbers_in(self, form: NumberForm) -> npt.NDArray[np.float64]:
        """The number that each text is in this form, float64 (len(labels),), NaN where it is none."""
        if form not in self._by_form:
            self._by_form[form] = _kept(self._numbers_in(form))
        return self._by_form[form]

    def _numbers_in(self, form: NumberForm) -> npt.NDArray[np.float64]:
        if form == MIXED_FORM:
            return self.numbers
        if form.is_money:
            return np.where(of_this_money(form, self.labels), self.numbers_in(PLAIN_FORM), np.nan)
        if form != PLAIN_FORM:
            return values_of(form, self.labels)
        shares = [place for place, label in enumerate(self.labels) if "%" in label or "‰" in label]
        if not shares:
            return self.numbers
        numbers = self.numbers.copy()
        numbers[shares] = np.nan
        return numbers

    def found_form(self, decimal: str) -> tuple[NumberForm, float]:
        """The form in which most cells are numbers, and which share of them; see `find_form`."""
        return find_form(self.labels, self.counts, decimal)

    def has_sure_unit(self, form: NumberForm) -> bool:
        """Whether every text has the unit of the form, and that is a usual one."""
        return has_sure_unit(form, self.labels)

    @property
    def hardly_numbers(self) -> bool:
        """Whether of some texts, evenly spread, fewer than a tenth are numbers: then it is no use to parse all."""
        return self._step > 1 and float((~np.isnan(self._probed)).mean()) < 0.1

    @property
    def _step(self) -> int:
        return len(self.labels) // PROBED if len(self.labels) > 4 * PROBED else 1

    @cached_property
    def _probed(self) -> npt.NDArray[np.float64]:
        """The numbers of every so many texts; of all where they are few."""
        if self._known is not None:
            return self.numbers[:: self._step]
        return _kept(parse_numbers(self.labels[:: self._step]))

    @cached_property
    def dates(self) -> DateTexts:
        """The texts as dates."""
        return DateTexts(self.labels)

    @cached_property
    def in_order(self) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
        """The texts that aren't blank, sorted, and the place of each text among them (-1 for none, and at the end)."""
        labels = tuple(sorted({label for label in self.labels if label.strip()}))
        place = {label: position for position, label in enumerate(labels)}
        return labels, _kept(np.array([place.get(label, -1) for label in self.labels] + [-1], dtype=np.int64))


def texts_of(values: "pd.Series[Any]") -> Texts:
    """The different texts of the cells; of typed cells as their labels say them."""
    codes, distinct = pd.factorize(values)
    return Texts(*in_one_form(codes, [label_text(value) for value in distinct]))


def one_form(text: str) -> str:
    """The text in the form in which é is one character, however it is composed (Unicode's NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def in_one_form(codes: npt.NDArray[Any], labels: list[str]) -> tuple[npt.NDArray[Any], list[str]]:
    """Codes (n,), -1 for missing, and labels, of which those that look alike in Unicode's NFC are one."""
    formed = [one_form(label) for label in labels]
    places = {label: place for place, label in enumerate(dict.fromkeys(formed))}
    if len(places) == len(labels):
        return codes, formed
    moved = np.array([*(places[label] for label in formed), -1], dtype=np.int64)
    return moved[codes], list(places)
