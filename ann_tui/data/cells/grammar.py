"""How a cell may be written: numbers, dates, missing values, and words for yes and no.

Every expression that tells one from another stands here, and nowhere else. Where two questions differ, each has an
expression of its own that says which question it answers. Those for bytes judge cells of which neither the decimal
sign nor the encoding may be known yet, and know ASCII digits alone; those for text know the digits of all scripts.
"""

import re
from collections.abc import Iterable

from ann_tui.data.choices.source import DEFAULT_MISSING_MARKS

_SPACES = " \u00a0\u2009\u202f"
_EXPONENT = r"(?:[eE][+-]?\d+)?"
_CURRENCY = "€$£¥₹₽₩¢"
_CODES = r"(?:EUR|USD|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|AUD|CAD|BRL|Rs\.?|kr\.?|zł)"


def _cell(expression: str | bytes, flags: int = 0) -> re.Pattern[bytes]:
    """The expression for bytes, with space around it."""
    inner = expression.encode() if isinstance(expression, str) else expression
    return re.compile(rb"\s*(?:" + inner + rb")\s*", flags)


def _plain(point: str) -> str:
    return rf"[+-]?(?:\d+{point}?\d*|{point}\d+){_EXPONENT}"


def _surely_decimal(point: str, other: str) -> re.Pattern[bytes]:
    return re.compile(
        rf"\s*[+-]?(?:\d+{point}\d{{1,2}}|\d+{point}\d{{4,}}|\d{{4,}}{point}\d+|0{point}\d+|{point}\d+"
        rf"|\d{{1,3}}(?:[{other} ']\d{{3}})+{point}\d+|\d{{1,3}}(?:{other}\d{{3}}){{2,}}){_EXPONENT}\s*%?".encode()
    )


def _in_groups(mark: str, point: str) -> re.Pattern[bytes]:
    return _cell(rf"[+-]?\d{{1,3}}(?:{mark}\d{{3}})+(?:{point}\d+)?")


PLAIN = re.compile(_plain(r"\."))
"""A number that every parser reads: digits, a decimal point, an exponent."""
PLAIN_CELL = {b".": _cell(_plain(r"\.")), b",": _cell(_plain(","))}
"""The same in bytes, by decimal sign."""
NUMBER_CELL = _cell(
    rb"\(?[+-]?\s*(?:\$|\xe2\x82\xac|\xc2\xa3|\xc2\xa5)?\s*-?(?:\d{1,3}(?:[., '\xc2\xa0]{1,2}\d{3})+(?:[.,]\d+)?|"
    + _plain("[.,]").encode()
    + rb")\s*(?:%|\$|\xe2\x82\xac|\xc2\xa3|\xc2\xa5)?\)?"
)
"""A number at a glance, whichever sign is the decimal one: to tell a column of numbers from words."""
SURELY_DECIMAL = {b",": _surely_decimal(",", r"\."), b".": _surely_decimal(r"\.", ",")}
"""A number in which the comma (or the point) can't separate thousands, or the other sign must: for the decimal sign."""
IN_GROUPS = {
    b".": _in_groups(r"\.", ","),
    b",": _in_groups(",", r"\."),
    b"'": _in_groups("'", "[.,]"),
    b" ": _in_groups(" ", "[.,]"),
}
"""A number with groups of three digits, by what separates them: for the separator of thousands."""
EITHER_COMMA = _cell(r"[+-]?\d{1,3},\d{3}")
"""A number whose comma may be decimal or separate thousands."""
SIGNED_DIGITS_CELL = _cell(r"[+-]?[\d.,' ]*\d")
"""Digits and whatever may stand between them, in any order: where a separator is looked for."""
SIGNED_DIGITS = re.compile(rf"[+-]?[\d.,' \u00a0]*\d[\d.,' \u00a0]*{_EXPONENT}")
"""The same in text, for a column that becomes one of numbers: no currency, no percent."""
MONEY = re.compile(
    r"(?:^\s*(?:[€$£¥]|EUR|USD|GBP|CHF)\s*|\s*(?:[€$£¥]|EUR|USD|GBP|CHF|kr\.?|zł)\s*$)", re.IGNORECASE
)
"""A currency before or behind a number."""
_BODY = (
    rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d*)?|\d{{1,2}}(?:,\d{{2}})+,\d{{3}}(?:\.\d*)?|\d{{1,3}}(?:\.\d{{3}}){{2,}}|\d{{1,3}}(?:\.\d{{3}})+,\d+"
    rf"|\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?:[.,]\d*)?|\d{{1,3}}(?:['’]\d{{3}})+(?:[.,]\d*)?"
    rf"|\d+,\d+|(?:\d+\.?\d*|\.\d+)){_EXPONENT}"
)
WRITTEN = re.compile(
    rf"(?P<open>\()?[{_SPACES}]*(?P<sign>[+\-−–]?)[{_SPACES}]*(?:[{_CURRENCY}]|{_CODES})?[{_SPACES}]*"
    rf"(?P<late>[+\-−–]?)(?P<body>{_BODY})[{_SPACES}]*"
    rf"(?:(?P<percent>%)|(?P<permille>‰)|[{_CURRENCY}]|{_CODES})?[{_SPACES}]*(?P<close>\))?",
    re.IGNORECASE,
)
"""A number as a person writes it, whose value `parse_number` tells; it takes all that is a value in the end."""
BEGINS_WITH_NUMBER = re.compile(
    rf"[{_SPACES}]*(?P<sign>[+\-−–]?)[{_SPACES}]*(?P<currency>[{_CURRENCY}]|{_CODES})?[{_SPACES}]*"
    rf"(?P<late>[+\-−–]?)(?P<body>{_BODY})(?![.,'’]?\d)",
    re.IGNORECASE,
)
"""A number as a person writes it at the beginning of a cell; behind it may stand a unit."""
_UNIT_WORD = r"[^\W\d_][^\s\d,;:()\"'=+]{0,11}[23²³]?"
UNIT = re.compile(
    rf"{_UNIT_WORD}(?: (?:{_UNIT_WORD}|[{_CURRENCY}]))?|l/100 ?km|[%‰°{_CURRENCY}][\w/]{{0,4}}", re.IGNORECASE
)
"""A unit behind a number: kg, km/h, sq ft, m², %."""
POINT_GROUPED = re.compile(r"\s*[+-]?[1-9]\d{0,2}(?:\.\d{3})+\s*")
"""A number whose points may all separate thousands."""
POINT_GROUPED_OR_PLAIN = re.compile(r"\s*(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,(?:\d{1,2}|\d{4,}))?)\s*")
"""Digits in which a point can only separate thousands and a comma can only be decimal."""
GAPS = re.compile(rf"[{_SPACES}'’]")
"""What separates groups of digits and is never decimal."""
COMMA_GROUPS = re.compile(r"\d{1,3}(?:,\d{3})+(?:[eE].*)?")
POINT_GROUPS = re.compile(r"\d{1,3}(?:\.\d{3})+")
LAKH_GROUPS = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
"""Of such a number, the digits whose commas or points separate thousands (or lakhs and crores)."""
LEADING_ZERO = re.compile(r"[+-]?0\d+")
"""A whole number with a zero in front: a code, not a quantity."""
LEADING_ZERO_CELL = re.compile(rb"\s*[+-]*0\d")
"""How a cell begins that no parser of numbers may be given, for it drops the zero; a fraction counts as well."""

DATE_CELL = _cell(
    r"(?:\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}"
    r"|[A-Za-z]{3,9} \d{1,2},? \d{4})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
    r"|\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
)
"""A date or time at a glance, in whole: to tell values from the names of columns."""
DATE_LIKE = re.compile(
    r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?|\d{1,2}[-/.] ?\d{1,2}[-/.] ?\d{2,4}"
    r"|\d{1,2}[ \-./]+(?:de )?[^\W\d_]{3,10}\.?[ \-,/]+(?:de )?\d{2,4}"
    r"|([A-Za-z]{3,9}, )?[A-Za-z]{3,9}\.? \d{1,2},? \d{4}|[A-Za-z]{3,9}, \d{1,2} [A-Za-z]{3,9} \d{4}"
    r"|\d{4}[- ]?[A-Za-z]{3}[- ]?\d{1,2}|[^\W\d_]{3,10}[ -]\d{2,4}|\d{8}T\d{4,6}|\d{1,2}/\d{4}"
    r"|\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?$"
    r"|[A-Z][a-z]{2},? \d{1,2} [A-Z][a-z]{2} \d{4} |[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d{1,2}:"
)
"""How a text begins that is worth an attempt with the date formats, which judge it in the end."""
ISO_ZONE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)")
"""A moment of ISO 8601 with its time zone."""


def folded(text: str) -> str:
    """A text as it is compared with the marks of a missing value."""
    return text.strip().casefold()


def folded_marks(marks: Iterable[str]) -> frozenset[str]:
    """The marks as they are compared; an empty cell is always one."""
    return frozenset({folded(mark) for mark in marks} | {""})


USUAL_MARKS = folded_marks(DEFAULT_MISSING_MARKS)
"""The marks that are taken unless a person says otherwise."""
MISSING_CELL = _cell(
    b"|".join(re.escape(mark.encode()) for mark in DEFAULT_MISSING_MARKS),
    re.IGNORECASE,
)
"""A cell with one of the usual marks, or none at all."""
MISSING_AS_SPELT = _cell(
    rb"|[nN]/?[aA]|[nN]a[nN]|NAN|[nN]ull|NULL|[nN]one|NONE|\?|--?|\.|#N/A|[uU]nknown|\\N",
)
"""The same in the spellings that let a short record pass whose cells may have moved: fewer than all of them."""
COMMON_MARKS = frozenset({"na", "nan", "n/a", "null", "none", "?", "-"})
"""Usual marks that a parser of numbers is told beforehand; it is slow with more."""
DOUBTFUL_WORDS = frozenset({"na", "none", "unknown"})
"""Usual marks that may be words of a column: a country, no garage, a colour nobody noted."""
DOUBTFUL_SIGNS = frozenset(mark for mark in USUAL_MARKS if mark and not any(map(str.isalpha, mark)))
"""Usual marks that may be signs of a column, such as a blood group's."""

NO_NUMBERS = frozenset(
    f"{sign}{word}" for sign in ("", "+", "-") for word in ("inf", "infinity", "nan", "1.#inf", "1.#ind", "1.#qnan")
) | frozenset({
    "#div/0!", "#n/a", "#name?", "#null!", "#num!", "#ref!", "#value!", "#error!", "#spill!", "#calc!", "#field!",
    "#getting_data", "#nv", "#wert!", "#bezug!", "#zahl!", "#überlauf!", "#valeur!", "#nom?", "#nombre!", "#nul!",
    "#¡div/0!", "#¡valor!", "#¡ref!", "#¡num!", "#¿nombre?", "#¡nulo!", "#valore!", "#rif!", "#nome?", "#valor!",
    "#núm!", "#nulo!", "#n/d", "#дел/0!", "#знач!", "#ссылка!", "#число!", "#имя?", "#н/д",
})  # fmt: skip
"""What programs write in a column of numbers where there is no number, folded: infinity, and the errors of
spreadsheets in English, German, French, Spanish, Italian, Portuguese and Russian."""
NO_NUMBER_STARTS = frozenset("#+-iInN1 \t")
"""How those begin."""
NO_NUMBER_CELL = _cell("|".join(map(re.escape, sorted(NO_NUMBERS))), re.IGNORECASE)
"""A cell that says so, as far as it is written in ASCII letters of either case."""
ERROR_AT_START = re.compile(
    b"(?:"
    + b"|".join(re.escape(word.encode()) for word in sorted(NO_NUMBERS) if word[0] == "#")
    + rb")(?!\w)",
    re.IGNORECASE,
)
"""A spreadsheet's error at the beginning of a line."""

BOOLEAN_PAIRS = (
    ("yes", "no"), ("y", "n"), ("true", "false"), ("t", "f"), ("on", "off"), ("ja", "nein"), ("j", "n"), ("oui", "non"),
    ("sí", "no"), ("si", "no"), ("sim", "não"), ("да", "нет"), ("是", "否"), ("tak", "nie"), ("ano", "ne"),
    ("wahr", "falsch"), ("vrai", "faux"), ("verdadero", "falso"), ("vero", "falso"),
)  # fmt: skip
"""Words for yes and no, folded; a column that has no others is boolean."""
PARSER_WORDS = frozenset({b"true", b"false", b"inf", b"-inf"})
"""Words that a parser of numbers takes for values, folded."""
