"""How a file is read, as settings that are changed in place: the dialect and the marks of missing values."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ann_tui.choice_fields import described
from ann_tui.data.choices.number_form import NumberForm
from ann_tui.data.choices.source import DEFAULT_MISSING_MARKS, Dialect, Source
from ann_tui.data.plain_text import printable
from ann_tui.tui.settings.setting import Setting, setting_of

ENCODINGS = (
    "utf-8", "utf-8-sig", "cp1252", "iso8859-15", "cp1250", "cp1251", "utf-16", "mac-roman", "shift_jis", "gb18030",
    "big5", "euc-kr",
)  # fmt: skip
SIGNS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space", ":": "colon", "": "none"}
QUOTES = {'"': "double quote", "'": "single quote", "": "none"}
SEPARATORS = {"": "none", ",": "comma", ".": "point", " ": "space", "'": "apostrophe", "_": "underscore"}
DECIMALS = {".": "point", ",": "comma"}
ONLY_EMPTY = ("",)
AS_THE_FILE = "as in the whole file"
AS_FOUND = "as found"


@dataclass(frozen=True)
class ReadingChoices:
    """What the dialect panel changes.

    `column_marks` are those of one column, None where it has none of its own, and `number_forms` how its numbers are
    written, "" where that is found out.
    """

    dialect: Dialect = field(default_factory=Dialect)
    missing_marks: tuple[str, ...] = DEFAULT_MISSING_MARKS
    column_marks: tuple[str, ...] | None = None
    number_forms: str = ""

    def put_into(self, source: Source, detected: Dialect | None, column: str | None) -> Source:
        """The source with these choices; a dialect that is the detected one is not stored."""
        dialect = self.dialect
        if dialect.thousands == dialect.decimal:
            dialect = replace(dialect, thousands="." if dialect.decimal == "," else ",")
        marks = {name: own for name, own in source.column_marks.items() if name != column}
        if column is not None and self.column_marks is not None:
            marks[column] = self.column_marks
        forms = {name: form for name, form in source.number_forms.items() if name != column}
        if column is not None and self.number_forms:
            forms[column] = self.number_forms
        return replace(
            source,
            dialect=None if dialect == detected else dialect,
            missing_marks=self.missing_marks,
            column_marks=marks,
            number_forms=forms,
        )


def read_marks(text: str) -> tuple[str, ...]:
    """The marks of a list with commas between them; an empty cell is always one."""
    try:
        cells = next(csv.reader([text], skipinitialspace=True, strict=True), [])
    except csv.Error:
        raise ValueError('a quote is not closed: write "a, b" for a mark with a comma in it') from None
    marks = tuple(dict.fromkeys(("", *(cell.strip() for cell in cells))))
    return DEFAULT_MISSING_MARKS if set(marks) == set(DEFAULT_MISSING_MARKS) else marks


def write_marks(marks: tuple[str, ...] | None) -> str:
    """The marks as they are typed."""
    return ", ".join(
        f'"{mark.replace(chr(34), chr(34) * 2)}"' if {",", '"'} & {*mark} else mark
        for mark in marks or ()
        if mark
    )


def _shown_marks(marks: tuple[str, ...] | None) -> str:
    if marks is None:
        return AS_THE_FILE
    return "empty cells only" if not any(marks) else f"empty, {printable(write_marks(marks), 200)}"


def _read_column_marks(text: str) -> tuple[str, ...] | None:
    return None if text.strip() in ("", AS_THE_FILE) else read_marks(text)


def _read_number_form(text: str) -> str:
    return "" if text.strip() == AS_FOUND else NumberForm.of(text).text


def _sign(names: dict[str, str], what: str) -> tuple[Callable[[str], str], Callable[[str], str]]:
    """Reader and writer of a single character that may have a name."""
    by_name = {name: sign for sign, name in names.items()}
    none = " or none" if "" in names else ""

    def read(text: str) -> str:
        known = by_name.get(text.strip().casefold())
        if known is not None:
            return known
        text = "\t" if text == "\\t" else text if len(text) == 1 else text.strip()
        if len(text) != 1 or text in "\r\n\0":
            raise ValueError(f"{what}: type one character{none}, such as {', '.join(list(by_name)[:4])}")
        return text

    def write(sign: str) -> str:
        return names.get(sign, sign)

    return read, write


def _around(values: tuple[Any, ...]) -> Callable[[Any, int], Any]:
    """Arrow keys that walk around these values, whatever the value was."""

    def step(value: Any, direction: int) -> Any:
        if value not in values:
            return values[0]
        return values[(values.index(value) + direction) % len(values)]

    return step


def _read_encoding(text: str) -> str:
    name = text.strip()
    try:
        if not codecs.lookup(name)._is_text_encoding:
            raise LookupError
    except (LookupError, ValueError):
        raise ValueError(f"the encoding {name!r} is not known; try utf-8, cp1252 or utf-16") from None
    return name.lower()


def _read_delimiter(text: str) -> str:
    sign = _sign(SIGNS, "delimiter")[0](text)
    if sign in ('"', ""):
        raise ValueError("delimiter: type one character that stands between the cells, such as comma or tab")
    return sign


def _read_decimal(text: str) -> str:
    sign = _sign(DECIMALS, "decimal sign")[0](text)
    if sign not in DECIMALS:
        raise ValueError("the decimal sign is a point or a comma")
    return sign


def _read_comment(text: str) -> str:
    text = text.strip()
    return "" if text.casefold() == "none" else text


def _character(field_name: str, names: dict[str, str], read: Callable[[str], str] | None = None) -> Setting:
    """A setting of the dialect that is a single character, which may have a name."""
    setting = setting_of(Dialect, field_name, "dialect")
    reader, writer = _sign(names, setting.label)
    return replace(setting, read=read or reader, write=writer, step=_around(tuple(names)))


def _dialect(field_name: str, **how: Any) -> Setting:
    return replace(setting_of(Dialect, field_name, "dialect"), **how)


def _marks(field_name: str, otherwise: str, read: Callable[[str], Any], values: tuple[Any, ...]) -> Setting:
    about = described(Source)[field_name]
    words = f"{about.words}{otherwise}"
    return Setting(field_name, about.title, words, read=read, write=write_marks, step=_around(values))


DIALECT_SETTINGS: tuple[Setting, ...] = (
    _dialect("encoding", read=_read_encoding, step=_around(ENCODINGS)),
    _character("delimiter", {sign: name for sign, name in SIGNS.items() if sign}, _read_delimiter),
    _dialect("collapse"),
    _dialect("trim"),
    _character("quote", QUOTES),
    _character("escape", {"": "none", "\\": "backslash"}),
    _character("decimal", DECIMALS, _read_decimal),
    _character("thousands", SEPARATORS),
    _dialect("header"),
    _dialect(
        "comment",
        read=_read_comment,
        write=lambda value: value or "none",
        step=_around(("", "#", "%", "//", ";")),
    ),
    _dialect("skip"),
    _dialect("footer"),
)
MARK_SETTINGS: tuple[Setting, ...] = (
    _marks(
        "missing_marks",
        ", with commas between them; empty cells always do",
        read_marks,
        (DEFAULT_MISSING_MARKS, ONLY_EMPTY),
    ),
    _marks("column_marks", "; nothing typed: as in the whole file", _read_column_marks, (None, ONLY_EMPTY)),
)
NUMBER_FORMS = replace(
    _marks(
        "number_forms",
        "; nothing typed: as most cells are",
        _read_number_form,
        ("", "12 kg", "12k", "12-", "1.234"),
    ),
    write=str,
)
COLUMN_SETTINGS = (*MARK_SETTINGS, NUMBER_FORMS)
"""The settings of the marks and of the column under the cursor."""


def shown(setting: Setting, value: Any) -> str:
    """A setting's value as the panel shows it, signs with their name."""
    if setting in MARK_SETTINGS:
        return _shown_marks(value)
    if setting is NUMBER_FORMS:
        return value or AS_FOUND
    text = setting.write(value)
    return (
        f"{text}  {value}"
        if isinstance(value, str) and text != value and value.strip()
        else printable(text, 60)
    )
