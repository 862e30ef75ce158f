"""Cells with a unit, with k or M, with the minus behind or with points between thousands, and the numbers they say."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.grammar import BEGINS_WITH_NUMBER, PLAIN, POINT_GROUPED, POINT_GROUPED_OR_PLAIN, UNIT
from ann_tui.data.cells.numerals import has_leading_zero, parse_number
from ann_tui.data.choices.number_form import PLAIN_FORM, NumberForm

PROBED = 2_000
MOSTLY = 0.8
_WITHOUT_DIGITS = str.maketrans("", "", "0123456789.,'’+-−–() \u00a0\u2009\u202f\t")
_MINUS = ("-", "−", "–")
_POWERS = {
    **dict.fromkeys(("k", "tsd", "thousand"), 3),
    **dict.fromkeys(("m", "mio", "mn", "mln", "million"), 6),
    **dict.fromkeys(("b", "bn", "mrd", "billion"), 9),
}
_UNITS_TOO = ("m", "b", "K")
_PER = {"%": 100.0, "‰": 1000.0}
_CURRENCIES = {
    "€": "eur", "$": "usd", "£": "gbp", "¥": "jpy", "₹": "inr", "rs": "inr", "₽": "rub", "₩": "krw", "¢": "cent",
}  # fmt: skip
_ORDINALS = ("st", "nd", "rd", "th")
SURE_UNITS = frozenset({
    "%", "‰", "€", "$", "£", "¥", "₹", "eur", "usd", "gbp", "chf", "jpy", "cny", "inr", "sek", "nok", "dkk", "pln",
    "czk", "aud", "cad", "brl", "kg", "g", "mg", "µg", "t", "lb", "lbs", "oz", "km", "m", "dm", "cm", "mm", "µm",
    "nm", "mi", "mile", "miles", "ft", "feet", "inch", "inches", "yd", "m²", "m2", "km²", "km2", "cm²", "cm2", "ha",
    "sqft", "sq ft", "sqm", "l", "dl", "cl", "ml", "m³", "m3", "cm³", "cm3", "s", "sec", "ms", "min", "mins", "h",
    "hr", "hrs", "hour", "hours", "minute", "minutes", "second", "seconds", "day", "days", "week", "weeks", "month",
    "months", "year", "years", "yrs", "km/h", "kmh", "kph", "mph", "m/s", "°c", "°f", "w", "kw", "mw", "hp", "ps",
    "kj", "kwh", "kcal", "pa", "kpa", "hpa", "bar", "mbar", "psi", "hz", "khz", "mhz", "ghz", "db", "rpm", "kb",
    "mb", "gb", "tb", "kib", "mib", "gib", "ppm", "l/100km",
})  # fmt: skip
"""Units with which a column of numbers is read as such by itself, where every cell has the same one; folded."""


@dataclass(frozen=True)
class _Cell:
    """The parts of a cell: the number, and what stands before and behind it."""

    number: str
    currency: str
    behind: bool
    glued: bool
    rest: str

    @property
    def power(self) -> str:
        """The word for a power of thousand that follows the number; "" for none."""
        first = self.rest.partition(" ")[0].rstrip(".")
        return first if first.casefold() in _POWERS else ""

    def unit(self, scaled: bool) -> str:
        """The unit; "" for a bare number."""
        rest = self.rest
        if scaled and self.power:
            rest = rest[len(self.power) :].lstrip(". ")
        return rest or self.currency


def value_of(form: NumberForm, text: str, decimal: str = ".") -> float:
    """The number that a cell says in this form, or NaN where it is written in another.

    `decimal` is the decimal sign of its file. A bare number is in the unit of the form, unless that is a share; a
    number with another unit is none.
    """
    if form.mixed:
        return parse_number(text, decimal)
    if form == PLAIN_FORM:
        return math.nan if "%" in text or "‰" in text else parse_number(text, decimal)
    cell = _parts(text)
    if cell is None or (cell.behind and not form.minus_behind):
        return math.nan
    if form.grouped:
        digits = cell.number.lstrip("+-−–")
        value = parse_number(cell.number, ",") if POINT_GROUPED_OR_PLAIN.fullmatch(digits) else math.nan
    else:
        value = parse_number(cell.number, decimal)
    unit = cell.unit(form.scaled)
    if unit and not same_unit(unit, form.unit):
        return math.nan
    if form.is_share:
        value = value / _PER[form.unit] if unit else value if value == 0 else math.nan
    if form.scaled and cell.power:
        value = _times_ten_to(value, _POWERS[cell.power.casefold()])
    return -value if cell.behind else value


def values_of(form: NumberForm, texts: Sequence[str], decimal: str = ".") -> npt.NDArray[np.float64]:
    """`value_of` of each text, float64 (n,)."""
    if (
        form.unit
        and not (form.scaled or form.minus_behind or form.grouped or form.is_share)
        and decimal == "."
    ):
        return np.array([_value_with_unit(form, text) for text in texts], dtype=np.float64)
    return np.array([value_of(form, text, decimal) for text in texts], dtype=np.float64)


def _value_with_unit(form: NumberForm, text: str) -> float:
    """`value_of`, soon where digits stand before the unit as the form has it."""
    digits = text.strip().removesuffix(form.unit).rstrip()
    if PLAIN.fullmatch(digits) and not has_leading_zero(digits):
        return parse_number(digits)
    return value_of(form, text)


def of_this_money(form: NumberForm, texts: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which texts have no other currency than that of the form, bool (n,)."""
    signs = [text.translate(_WITHOUT_DIGITS) for text in texts]
    fits = {sign: not sign or same_unit(sign, form.unit) for sign in set(signs)}
    return np.array([fits[sign] for sign in signs], dtype=bool)


def written_in(form: NumberForm, text: str) -> str:
    """A number as the cells of a column have it, from its digits: a share of 0.45 becomes 45 %."""
    if form.is_share:
        return f"{float(text.replace(',', '')) * _PER[form.unit]:.6g} {form.unit}"
    if form.grouped:
        text = text.replace(",", "").replace(".", ",")
    return f"{text} {form.unit}" if form.unit else text


def same_unit(one: str, other: str) -> bool:
    """Whether two texts name one unit: upper and lower case, plural and a final point aside."""
    if one == other:
        return True
    if one[:1] in ("m", "M") and other[:1] in ("m", "M") and one[:1] != other[:1] and len(one) < 4:
        return False
    return _unit_key(one) == _unit_key(other)


def find_form(
    texts: Sequence[str], counts: npt.NDArray[np.int64], decimal: str = "."
) -> tuple[NumberForm, float]:
    """The form in which most of the cells are numbers, and which share of them; `PLAIN_FORM` and 0.0 for none.

    `counts` (n,) says how often each text occurs. Of many texts only some, evenly spread, are looked at.
    """
    step = max(1, len(texts) // PROBED)
    probed, weights = texts[::step], counts[::step].astype(np.float64)
    cells = [_parts(text) for text in probed]
    found = [(cell, weight) for cell, weight in zip(cells, weights.tolist(), strict=True) if cell is not None]
    if not found or sum(weight for _, weight in found) < 0.5 * weights.sum():
        return PLAIN_FORM, 0.0
    scaled = _is_scaled([cell for cell, _ in found])
    units: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for cell, weight in found:
        unit = cell.unit(scaled)
        key = _unit_key(unit)
        spelt.setdefault(key, unit)
        units[key] += weight
    units.pop("", None)
    unit = spelt[units.most_common(1)[0][0]] if units else ""
    if unit.casefold() in _ORDINALS:
        return PLAIN_FORM, 0.0
    grouped = decimal == "," and all(
        POINT_GROUPED.fullmatch(cell.number)
        for cell, _ in found
        if "." in cell.number and "," not in cell.number
    )
    form = NumberForm(unit, scaled, any(cell.behind for cell, _ in found), grouped and bool(unit))
    if form == PLAIN_FORM:
        return PLAIN_FORM, 0.0
    read = np.array([cell is not None and _fits(form, cell) for cell in cells], dtype=bool)
    return form, float(weights[read].sum() / max(1.0, weights.sum()))


def units_of(texts: Sequence[str]) -> dict[str, int]:
    """The different units of texts that are numbers with usual ones, with the place of the first text of each.

    Empty where fewer than nine in ten are such numbers, bare ones included. Of many texts some are looked at.
    """
    step = max(1, len(texts) // PROBED)
    found: dict[str, int] = {}
    numbers = 0
    for place in range(0, len(texts), step):
        cell = _parts(texts[place])
        if cell is None or cell.behind:
            continue
        unit = cell.unit(False)
        if not unit or unit.casefold() in SURE_UNITS:
            numbers += 1
            if unit and not any(same_unit(unit, known) for known in found):
                found[unit] = place
    return found if numbers >= 0.9 * len(range(0, len(texts), step)) else {}


def has_sure_unit(form: NumberForm, texts: Sequence[str]) -> bool:
    """Whether every text has the unit of the form, which is one of `SURE_UNITS`, and digits beside it alone."""
    if form.unit.casefold() not in SURE_UNITS or form.scaled or form.minus_behind:
        return False
    if "2" in form.unit or "3" in form.unit or form.unit.startswith("l/"):
        return all(
            (cell := _parts(text)) is not None and same_unit(cell.unit(False) or "-", form.unit)
            for text in texts
        )
    return all(
        sign and same_unit(sign, form.unit) for sign in {text.translate(_WITHOUT_DIGITS) for text in texts}
    )


def _fits(form: NumberForm, cell: _Cell) -> bool:
    """Whether a cell is a number in the form."""
    if cell.behind and not form.minus_behind:
        return False
    if form.grouped and POINT_GROUPED_OR_PLAIN.fullmatch(cell.number.lstrip("+-−–")) is None:
        return False
    unit = cell.unit(form.scaled)
    return same_unit(unit, form.unit) if unit else not form.is_share


def _parts(text: str) -> _Cell | None:
    if len(text) > 60:
        return None
    begun = BEGINS_WITH_NUMBER.match(text)
    if begun is None or (begun["sign"] and begun["late"]) or has_leading_zero(begun["body"]):
        return None
    behind_it = text[begun.end() :].rstrip()
    rest = behind_it.lstrip()
    behind = rest[:1] in _MINUS and rest[:1] != ""
    if behind:
        if begun["sign"] or begun["late"]:
            return None
        rest = rest[1:].lstrip()
    if rest and UNIT.fullmatch(rest) is None:
        return None
    currency = begun["currency"] or ""
    if currency and rest and rest.partition(" ")[0].rstrip(".").casefold() not in _POWERS:
        return None
    sign = begun["sign"] or begun["late"]
    return _Cell(f"{sign}{begun['body']}", currency, behind, behind_it[:1] != " ", rest)


def _is_scaled(cells: Sequence[_Cell]) -> bool:
    """Whether k, M and the like stand for powers of thousand: not metres, bytes or kelvins throughout."""
    powers = {cell.power for cell in cells if cell.power}
    if len(powers) == 1 and powers <= set(_UNITS_TOO):
        power = next(iter(powers))
        return power == "K" and all(cell.glued for cell in cells if cell.power)
    return bool(powers)


def _unit_key(unit: str) -> str:
    key = unit.casefold().rstrip(".")
    key = _CURRENCIES.get(key, key)
    return key[:-1] if len(key) > 3 and key.endswith("s") else key


def _times_ten_to(value: float, power: int) -> float:
    """The value that its digits with an exponent are, which a product may miss by one bit."""
    digits = repr(value)
    return value * 10.0**power if "e" in digits or not math.isfinite(value) else float(f"{digits}e{power}")
