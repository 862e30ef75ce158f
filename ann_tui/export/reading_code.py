"""How pandas comes to the table of a file as the app reads it: a call, and what is done to the cells behind it."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ann_tui.export.code_text import WIDTH, written

if TYPE_CHECKING:
    from ann_tui.data.choices.number_form import NumberForm
    from ann_tui.data.choices.source import Dialect

POWERS = {
    "e3": ("k", "tsd", "thousand"),
    "e6": ("m", "mio", "mn", "mln", "million"),
    "e9": ("b", "bn", "mrd", "billion"),
}
"""What stands behind a number of thousands, millions and billions."""
SIGNS = "€$£¥₹₽₩¢"
UNNAMED = 'frame.columns = [f"column_{place + 1}" for place in frame.columns]'
"""Names the columns of a frame that was read without a header."""
FEW = 2
"""So many columns of texts are named one by one."""
NAMED = 6
"""From so many columns without a name on, their names are counted and no longer listed."""


@dataclass(frozen=True)
class Replaced:
    """What is replaced in each text: a part of it as it stands, or what a regular expression finds."""

    old: str
    new: str
    regex: bool = False

    @property
    def code(self) -> str:
        """The call on a column's texts."""
        if not self.regex:
            return f".str.replace({written(self.old)}, {written(self.new)})"
        return f".str.replace({_raw(self.old)}, {_raw(self.new)}, regex=True)"


def _raw(text: str) -> str:
    return f'r"{text}"' if "\\" in text and '"' not in text else written(text)


@dataclass(frozen=True)
class Written:
    """How the numbers of some columns are made of their texts: what is replaced, in order.

    `per` is what a share is divided by; with `odd` what is no number then is missing.
    """

    replaced: tuple[Replaced, ...] = ()
    per: int = 1
    odd: bool = False

    def numbers(self, cells: pd.Series[Any]) -> pd.Series[Any]:
        """The numbers of these texts. Raises ValueError for a text that is none."""
        for each in self.replaced:
            cells = cells.str.replace(each.old, each.new, regex=each.regex)
        found: pd.Series[Any] = pd.to_numeric(cells, errors="coerce" if self.odd else "raise")
        return found / self.per if self.per != 1 else found

    def code(self, columns: Sequence[str]) -> str:
        """The same for columns of `frame`, as lines of a function."""
        one = len(columns) == 1
        column = f"frame[{written(columns[0]) if one else 'name'}]"
        cells, odd = (
            f"{column}{''.join(each.code for each in self.replaced)}",
            ', errors="coerce"' if self.odd else "",
        )
        per = f" / {self.per}" if self.per != 1 else ""
        lines = [f"{column} = pd.to_numeric({cells}{odd}){per}"]
        if len(lines[0]) > WIDTH - 10:
            first, *others = (each.code for each in self.replaced)
            lines = [f"cells = {column}{first}", *(f"cells = cells{each}" for each in others)]
            lines.append(f"{column} = pd.to_numeric(cells{odd}){per}")
        if one:
            return "\n".join(lines)
        return "\n".join([f"for name in {written(list(columns))}:", *(f"    {line}" for line in lines)])


@dataclass(frozen=True)
class Reading:
    """The arguments of pandas' function, the columns that stay texts, and those whose numbers are made of texts.

    `composed` are columns of words whose é is several characters in the file and one in the app.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    words: Sequence[str] = ()
    written: Mapping[Written, Sequence[str]] = field(default_factory=dict)
    composed: Sequence[str] = ()
    parquet: bool = False

    def frame(self, path: Path) -> pd.DataFrame:
        """The table of a file. Raises what pandas raises."""
        if self.parquet:
            return pd.read_parquet(path)
        texts = [*self.words, *(name for columns in self.written.values() for name in columns)]
        frame: pd.DataFrame = pd.read_csv(path, dtype=dict.fromkeys(texts, str) or None, **self.options)
        for way, columns in self.written.items():
            for name in columns:
                frame[name] = way.numbers(frame[name])
        for name in self.composed:
            frame[name] = frame[name].str.normalize("NFC")
        return frame

    def code(self) -> str:
        """The lines of a script that make `frame` of the file TABLE."""
        if self.parquet:
            return "frame = pd.read_parquet(TABLE)"
        behind = [way.code(columns) for way, columns in self.written.items()]
        behind += [
            f'frame[{written(name)}] = frame[{written(name)}].str.normalize("NFC")' for name in self.composed
        ]
        if not behind:
            return self._call("TABLE")
        inner = "\n".join([self._call("file"), *behind, "return frame"]).replace("\n", "\n    ")
        doc = '"""The table of a file, its numbers as numbers."""'
        return f"\ndef read(file):\n    {doc}\n    {inner}\n\n\nframe = read(TABLE)"

    def _call(self, file: str) -> str:
        texts = [*self.words, *(name for columns in self.written.values() for name in columns)]
        few = "{" + ", ".join(f"{written(name)}: str" for name in texts) + "}"
        types = few if len(texts) <= FEW else f"dict.fromkeys({written(texts, 4)}, str)"
        typed = [f"dtype={types}"] if texts else []
        arguments = [file, *typed, *options_code(self.options)]
        line = f"frame = pd.read_csv({', '.join(arguments)})"
        if len(line) > 100 or "\n" in line:
            line = "frame = pd.read_csv(\n" + "".join(f"    {each},\n" for each in arguments) + ")"
        return line


def options_code(options: Mapping[str, Any]) -> list[str]:
    """Arguments of a call as code; many columns without a name are counted."""
    found = []
    for key, value in options.items():
        if key == "names" and len(value) > NAMED and value == unnamed(len(value)):
            found.append(f'names=[f"column_{{place}}" for place in range(1, {len(value) + 1})]')
        else:
            found.append(f"{key}={written(value, 4)}")
    return found


def unnamed(count: int) -> list[str]:
    """What the columns of a table without a header are called."""
    return [f"column_{place}" for place in range(1, count + 1)]


def read_csv_options(dialect: Dialect) -> dict[str, Any]:
    """What pandas must be told of a file's dialect to find its cells; of a headerless one the names are left to say."""
    options: dict[str, Any] = {}
    if dialect.collapse and dialect.delimiter == " ":
        options["sep"] = r"\s+"
    elif dialect.delimiter != ",":
        options["sep"] = dialect.delimiter
    if dialect.quote != '"':
        options |= {"quotechar": dialect.quote} if dialect.quote else {"quoting": csv.QUOTE_NONE}
    if dialect.comment:
        options["comment"] = dialect.comment
    if dialect.escape:
        options["escapechar"] = dialect.escape
    if dialect.trim:
        options["skipinitialspace"] = True
    if dialect.encoding.replace("_", "-") not in ("utf-8", "ascii"):
        options["encoding"] = dialect.encoding
    if dialect.skip:
        options["skiprows"] = dialect.skip
    if not dialect.header:
        options["header"] = None
    return options


def ways_to_write(form: NumberForm, texts: Sequence[str], decimal: str) -> list[Written]:
    """How the numbers of a column in this form may be made of its texts, the plainest way first."""
    everything = "\n".join(texts)
    before = [Replaced(sign, "") for sign in SIGNS if sign in everything]
    if form.unit and form.unit not in SIGNS:
        before.append(Replaced(form.unit, ""))
    before += [Replaced(minus, "-") for minus in ("−", "–") if minus in everything]
    if "(" in everything:
        before.append(Replaced(r"^\((.*)\)$", r"-\1", regex=True))
    if form.minus_behind:
        before.append(Replaced(r"^(.*)-$", r"-\1", regex=True))
    per = {"%": 100, "‰": 1000}.get(form.unit, 1)
    likely = decimal == "," or form.grouped
    ways = [
        Written((*before, *powers, *between), per, odd)
        for powers in (_powers(texts) if form.scaled else [[]])
        for comma in ((likely, not likely) if "," in everything else (likely,))
        for between in _between(everything, comma)
        for odd in (False, True)
    ]
    return list(dict.fromkeys(ways))


def _between(everything: str, comma: bool) -> list[list[Replaced]]:
    """What is done to the signs between digits where the comma (or the point) is decimal: groups are joined, or not."""
    marks = [
        mark for mark in (".", ",", "'", "’", " ", "\u00a0", "\u202f") if mark != ("," if comma else ".")
    ]
    joined = [Replaced(mark, "") for mark in marks if re.search(rf"\d{re.escape(mark)}\d", everything)]
    point = [Replaced(",", ".")] if comma and "," in everything else []
    return [[*joined, *point], point]


def _powers(texts: Sequence[str]) -> list[list[Replaced]]:
    """How the words for thousands, millions and billions become exponents: as they stand, else in any case."""
    words = sorted({word for text in texts for word in re.findall(r"[^\W\d_]+", text)})
    powers = {word: power for power, known in POWERS.items() for word in words if word.casefold() in known}
    exactly = [Replaced(word, power) for word, power in powers.items()]
    loosely = [
        Replaced(rf"(?i)\s*({'|'.join(known)})\.?$", power, regex=True)
        for power, known in POWERS.items()
        if power in powers.values()
    ]
    return [exactly, loosely] if len(exactly) <= 3 else [loosely]
