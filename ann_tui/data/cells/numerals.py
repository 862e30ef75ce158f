"""Numbers as people write them: 1,234 and 1.234,5 and € 5 and 45 % and 1.5e3."""

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.grammar import (
    COMMA_GROUPS,
    GAPS,
    LAKH_GROUPS,
    LEADING_ZERO,
    PLAIN,
    POINT_GROUPS,
    SIGNED_DIGITS,
    WRITTEN,
)

FLOAT_DIGITS = 15


def has_leading_zero(text: str) -> bool:
    """Whether a whole number is written with a zero in front (007, 01234): a code, not a quantity."""
    return LEADING_ZERO.fullmatch(text.strip()) is not None


def parse_number(text: str, decimal: str = ".") -> float:
    """The value of a number written by a person, or NaN where the text is no finite number.

    Each text is read on its own. With `decimal="."`: a comma before groups of three digits separates
    thousands, any other comma is a decimal comma; where a point and a comma occur, the last one is the
    decimal sign. With `decimal=","` a point before groups of three digits separates thousands.
    45 % is 0.45, (5) is -5, 12,34,567 (lakh and crore) is 1234567; a currency sign is dropped.
    """
    text = text.strip()
    if decimal == "." and PLAIN.fullmatch(text):
        value = float(text)
        return value if math.isfinite(value) else np.nan
    match = WRITTEN.fullmatch(text)
    if match is None or (match["open"] is None) != (match["close"] is None):
        return np.nan
    if match["sign"] and match["late"]:
        return np.nan
    value = float(_plain_body(match["body"], decimal))
    if not math.isfinite(value):
        return np.nan
    if match["percent"]:
        value /= 100
    elif match["permille"]:
        value /= 1000
    negative = match["open"] or (match["sign"] or match["late"]) in ("-", "−", "–")
    return -value if negative else value


def plain_numbers(texts: Iterable[str], decimal: str = ".") -> npt.NDArray[np.float64]:
    """The values of texts in digits, a decimal sign and an exponent alone, float64 with NaN for any other text."""
    return np.array([_plain_number(text, decimal) for text in texts], dtype=np.float64)


def _plain_number(text: str, decimal: str) -> float:
    try:
        return float(text if decimal == "." else text.replace(decimal, "."))
    except ValueError:
        return math.nan


DecimalNumber = tuple[float, int]


def decimal_number(text: str, decimal: str = ".") -> DecimalNumber | None:
    """A number in digits with its count of decimals (0 where all are zero), or None for any other text.

    No such number is what may be a code: with a zero in front, an exponent, a unit, or more digits than a float has.
    """
    text = text.strip()
    if SIGNED_DIGITS.fullmatch(text) is None or has_leading_zero(text) or "e" in text.casefold():
        return None
    value = parse_number(text, decimal)
    if not math.isfinite(value) or sum(map(str.isdigit, text)) > FLOAT_DIGITS:
        return None
    if value.is_integer():
        return value, 0
    return value, len(text) - 1 - max(text.rfind("."), text.rfind(","))


def _plain_body(body: str, decimal: str) -> str:
    """The digits with a decimal point and without separators of thousands."""
    body = GAPS.sub("", body)
    point, comma = body.rfind("."), body.rfind(",")
    if point >= 0 and comma >= 0:
        thousands, sign = (",", ".") if point > comma else (".", ",")
        return body.replace(thousands, "").replace(sign, ".")
    if comma >= 0:
        grouped = decimal == "." and COMMA_GROUPS.fullmatch(body)
        grouped = grouped or LAKH_GROUPS.fullmatch(body)
        return body.replace(",", "" if grouped else ".") if grouped or body.count(",") == 1 else "nan"
    if body.count(".") > 1 or (decimal == "," and POINT_GROUPS.fullmatch(body)):
        return body.replace(".", "")
    return body


def parse_numbers(texts: Iterable[str], decimal: str = ".") -> npt.NDArray[np.float64]:
    """`parse_number` of each text, as float64 with NaN where there is no number."""
    return np.array([parse_number(text, decimal) for text in texts], dtype=np.float64)
