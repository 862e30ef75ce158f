"""One table, written in many ways, and what scripts make of each."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import load, suggested_experiment
from ann_tui.experiments.experiment import Experiment

ROWS = 90
RANDOM = np.random.default_rng(0)
WIDTH, COUNT = RANDOM.uniform(1, 90, ROWS), RANDOM.integers(1, 50, ROWS)
WORD = RANDOM.choice(["red", "green", "blue"], ROWS)
KIND = np.where(WIDTH + COUNT + RANDOM.normal(0, 5, ROWS) > 70, "big", "small")


def table(
    width: Callable[[float], str] = "{:.2f}".format,
    count: Callable[[int], str] = str,
    word: Callable[[str], str] = str,
    delimiter: str = ",",
    header: str = "width,count,word,kind",
    end: str = "\n",
) -> str:
    """A table of a number with a fraction, a whole one, a word and the target, each written as it is asked for."""
    lines = [header.replace(",", delimiter)] * bool(header)
    for row in range(ROWS):
        cells = [width(WIDTH[row]), count(int(COUNT[row])), word(str(WORD[row])), str(KIND[row])]
        lines.append(delimiter.join(cells))
    return end.join(lines) + end


def day(number: int) -> pd.Timestamp:
    return pd.Timestamp(2020, number % 12 + 1, number % 27 + 1, number % 24)


def grouped(separator: str, point: str) -> Callable[[float], str]:
    return lambda value: f"{value * 100:,.2f}".replace(",", "_").replace(".", point).replace("_", separator)


def packed(text: str, *others: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("t.csv", *others):
            archive.writestr(name, text)
    return out.getvalue()


@dataclass(frozen=True)
class File:
    """A file, what is said of it, and whether the script reads it itself; else a copy stands beside the script."""

    data: str | bytes
    read: bool = True
    source: dict[str, Any] = field(default_factory=dict)
    preparation: dict[str, Any] = field(default_factory=dict)
    suffix: str = ".csv"


CAFE = {"red": "café", "green": "Zoë", "blue": "b"}
MARKS = ["?", "NA", "-", "unknown", "", "4"]
FILES = {
    "plain": File(table()),
    "thousands as k": File(table(count="{}k".format), source={"number_forms": {"count": "12k"}}),
    "k and K and a point": File(
        table(count=lambda each: f"{each / 10}k" if each % 2 else f"{each} K"),
        source={"number_forms": {"count": "12k"}},
    ),
    "thousands of euros": File(table(count="€{}k".format), source={"number_forms": {"count": "12k €"}}),
    "percent": File(table(count="{} %".format)),
    "percent glued": File(table(width="{:.1f}%".format)),
    "per mille": File(table(count="{}‰".format)),
    "unit": File(table(count="{} kg".format)),
    "unit of its own": File(table(count="{} kmpl".format), source={"number_forms": {"count": "12 kmpl"}}),
    "unit and a decimal comma": File(table(lambda each: f"{each:.1f} kg".replace(".", ","), delimiter=";")),
    "currency": File(table(count="${}".format)),
    "currency behind": File(table(lambda each: f"{each:.2f} €".replace(".", ","), delimiter=";")),
    "currency in groups": File(table(count=lambda each: f'"${each * 100:,}"')),
    "groups": File(table(lambda each: f'"{grouped(",", ".")(each)}"')),
    "groups by apostrophes": File(table(grouped("'", "."))),
    "groups by spaces": File(table(grouped(" ", "."))),
    "decimal comma": File(table(grouped("", ","), delimiter=";")),
    "decimal comma in groups": File(table(grouped(".", ","), delimiter=";")),
    "points between thousands": File(
        table(count=lambda each: f"{each}.{500 + each}" if each % 3 else f"{each}.000"),
        source={"number_forms": {"count": "1.234"}},
    ),
    "lakhs": File(table(count=lambda each: f'"12,{10 + each},{100 + each}"')),
    "minus behind": File(
        table(count=lambda each: f"{each}-" if each % 3 else str(each)),
        source={"number_forms": {"count": "12-"}},
    ),
    "minus as brackets": File(table(count=lambda each: f"({each})" if each % 3 else str(each))),
    "minus before a currency": File(table(count=lambda each: f"-${each}" if each % 3 else f"${each}")),
    "a true minus": File(table(count=lambda each: f"−{each}" if each % 3 else str(each))),
    "infinite": File(
        table(count=lambda each: {1: "inf", 2: "-Infinity", 3: "INF"}.get(each % 11, str(each)))
    ),
    "beyond what can be computed": File(
        table(count=lambda each: {1: "1e308", 2: "1e400"}.get(each % 11, str(each)))
    ),
    "a spreadsheet's error": File(table(count=lambda each: "#DIV/0!" if each % 11 == 0 else str(each))),
    "not a number": File(table(count=lambda each: "what" if each % 17 == 0 else str(each))),
    "many that are none": File(
        table(count=lambda each: f"no {each}" if each < 15 and each % 3 else str(each))
    ),
    "rows of these left out": File(
        table(count=lambda each: "what" if each % 17 == 0 else str(each)),
        preparation={"unparseable": "drop rows"},
    ),
    "days": File(table(count=lambda each: f"{day(each):%Y-%m-%d}")),
    "days with points": File(table(count=lambda each: f"{day(each):%d.%m.%Y}")),
    "days as stated": File(
        table(count=lambda each: f"{each % 12 + 1:02}/{each % 12 + 1:02}/2020"),
        source={"date_forms": {"count": "%d/%m/%Y"}},
    ),
    "days with a name": File(table(count=lambda each: f"{day(each):%d %b %Y}")),
    "moments": File(table(count=lambda each: f"{day(each):%Y-%m-%d %H:30:00}")),
    "moments of a zone": File(table(count=lambda each: f"{day(each):%Y-%m-%dT%H:30:00}+0{each % 3}:00")),
    "days in two forms": File(
        table(count=lambda each: f"{day(each):%d %B %Y}" if each % 10 == 0 else f"{day(each):%Y-%m-%d}"),
        read=False,
    ),
    "no header": File(table(header="")),
    "names twice": File(table(header="width,width,word,kind")),
    "no name": File(table(header="width,,word,kind")),
    "names of rows": File(
        "".join(f"r{row},{line}\n" if row else f"{line}\n" for row, line in enumerate(table().splitlines()))
    ),
    "odd names": File(table(header='"a ""quoted""","two\nlines",class,kind')),
    "usual marks": File(table(count=lambda each: MARKS[each - 1] if each < 6 else str(each))),
    "marks of a column": File(
        table(count=lambda each: "-999" if each % 9 == 0 else str(each), word=lambda each: f"{each}!"),
        source={"column_marks": {"count": ("-999",), "word": ("red!",)}},
    ),
    "marks that are words elsewhere": File(
        table(count=lambda each: "red" if each % 9 == 0 else str(each)),
        source={"column_marks": {"count": ("red",)}},
    ),
    "a mark of the table": File(
        table(count=lambda each: "-999" if each % 9 == 0 else str(each)),
        source={"missing_marks": ("", "-999")},
    ),
    "Namibia": File(table(word=lambda each: {"red": "NA", "green": "DE"}.get(each, "FR IT ES PT SE"[:2]))),
    "codes": File(table(word=lambda each: {"red": "007", "green": "010"}.get(each, "123"))),
    "truth": File(table(word=lambda each: {"red": "True", "green": "False"}.get(each, ""))),
    "Latin 1": File(table(word=lambda each: CAFE[each]).encode("cp1252")),
    "UTF-16": File(table(word=lambda each: CAFE[each]).encode("utf-16")),
    "byte order mark": File(table().encode("utf-8-sig")),
    "composed characters": File(
        table(word=lambda each: {"red": "cafe\u0301", "green": "caf\u00e9"}.get(each, "b"))
    ),
    "tabs": File(table(delimiter="\t")),
    "bars": File(table(delimiter="|")),
    "columns of spaces": File(table(delimiter="   ")),
    "quoted": File(table(word='"{}, ""so"""'.format)),
    "quoted lines": File(table(word='"{}\nso"'.format)),
    "single quotes": File(table(word="'{}, so'".format)),
    "spaces around": File(table(word="  {} ".format)),
    "a preamble": File("Made by hand\nOn a Monday\n\n" + table()),
    "totals": File(table() + "Total,,,\n"),
    "comments": File("# told\n" + table()),
    "line ends of Windows": File(table(end="\r\n")),
    "a header that comes again": File(table() + table(), read=False),
    "records that are too long": File(table().replace(",big\n", ",big,more\n", 3), read=False),
    "rows left out": File(table() + table(header=""), preparation={"duplicates": "once"}),
    "a sample": File(table(), source={"sample_rows": 60}, read=False),
    "gzip": File(gzip.compress(table().encode()), suffix=".csv.gz"),
    "bzip2": File(bz2.compress(table().encode()), suffix=".csv.bz2"),
    "xz": File(lzma.compress(table().encode()), suffix=".csv.xz"),
    "zip": File(packed(table()), suffix=".zip"),
    "zip of a Mac": File(packed(table(), "__MACOSX/t.csv"), suffix=".zip", read=False),
    "gzip by another name": File(gzip.compress(table().encode()), read=False),
}


def found_in(path: Path, file: File) -> Experiment:
    """The suggested experiment, with the last column for a target."""
    source = Source(str(path), **file.source)
    names = load(source).table.frame.columns
    source = replace(source, target=str(names[-1]))
    found = suggested_experiment(source, load(source))
    return replace(found, preparation=replace(found.preparation, **file.preparation))
