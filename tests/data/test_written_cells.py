"""A label is the text of its cell: from the file to the kind, whatever the parser of numbers made of it."""

import csv
import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ann_tui.data.cells.kinds import interpret
from ann_tui.data.cells.texts import one_form
from ann_tui.data.cells.values import Labels, read_values
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.profile.table_profile import profile_table
from ann_tui.data.reading.read_table import ReadError, read_preview, read_table

SPELLED = [
    "3.1", "3.10", "3", "3.0", "1E2", "100", "+5", "5", "-0",
    "0", "007", "7", "1.234", "1,234", "inf",
]  # fmt: skip
NUMBERS = st.one_of(
    st.from_regex(r"[+-]?[0-9]{1,3}([.,][0-9]{0,3})?", fullmatch=True),
    st.from_regex(r"[1-9](E|e)[0-9]", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{14,21}", fullmatch=True),
    st.sampled_from(SPELLED),
)
DIALECTS = [
    Dialect(),
    Dialect(thousands=","),
    Dialect(decimal=",", delimiter=";"),
    Dialect(decimal=",", thousands=".", delimiter=";"),
]
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)


def labels(table: Any, name: str) -> list[str | None]:
    found: list[str | None] = interpret(table.parsed[name], "category").values.tolist()
    return found


def as_file(folder: str, rows: list[tuple[str, ...]], delimiter: str = ",") -> str:
    path = Path(folder) / "texts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
        writer.writerow([f"c{place}" for place in range(len(rows[0]))])
        writer.writerows(rows)
    return str(path)


@settings(deadline=None, max_examples=150)
@given(
    st.integers(1, 3).flatmap(
        lambda width: (
            st.lists(st.tuples(*[st.one_of(NUMBERS, WORDS)] * width), min_size=1, max_size=12)
            | st.lists(st.tuples(*[NUMBERS] * width), min_size=1, max_size=12)
        )
    ),
    st.sampled_from(DIALECTS),
)
def test_any_texts_read_as_categories_are_the_same_texts(
    rows: list[tuple[str, ...]], dialect: Dialect
) -> None:
    kinds = {f"c{place}": "category" for place in range(len(rows[0]))}
    with TemporaryDirectory() as folder:
        path = as_file(folder, rows, dialect.delimiter)
        source = Source(path, dialect=dialect, missing_marks=(), kinds=kinds)
        table = read_table(source)
        assume(
            not any("headers" in row.reason for row in table.dropped)
        )  # Words above numbers, which is said.
        profile_table(table, source)
        for place in range(len(rows[0])):
            wanted = [one_form(row[place]) if row[place].strip() else None for row in rows]
            found = [
                text if text is not None and text.strip() else None for text in labels(table, f"c{place}")
            ]
            assert found == wanted


@pytest.mark.parametrize(
    "texts", [["3.1", "3.10", "3.9"], ["1E2", "100", "2"], ["5", "+5", "6"], ["0", "-0", "1"]]
)
def test_the_kind_decides_what_is_the_same(tmp_path: Path, texts: list[str]) -> None:
    path = as_file(str(tmp_path), [(text, "x") for text in texts])
    table = read_table(Source(path))
    numbers, read = read_values(table.parsed["c0"], "number"), read_values(table.parsed["c0"], "category")
    assert numbers.values.tolist() == [float(text) for text in texts]  # type: ignore[union-attr]
    assert isinstance(read, Labels) and [read.written(row) for row in range(3)] == texts
    assert labels(read_preview(Source(path), 2), "c0") == texts[:2]


def test_identifiers_beyond_what_a_float_holds_stay_apart(tmp_path: Path) -> None:
    ids = [str(2**53 + place) for place in range(4)]
    table = read_table(Source(as_file(str(tmp_path), [*((each, "x") for each in ids), ("", "y")])))
    assert table.frame["c0"].nunique() < 4
    assert labels(table, "c0") == [*ids, None]


def test_plain_whole_numbers_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = as_file(str(tmp_path), [(str(place % 7), f"{place}.5", "a b") for place in range(50)])
    table = read_table(Source(path))
    read: list[Any] = []
    again = table.written.again  # type: ignore[union-attr]
    monkeypatch.setattr(table.written, "again", lambda *about: read.append(about[2]) or again(*about))
    assert labels(table, "c0")[:3] == ["0", "1", "2"] and not read
    assert labels(table, "c1")[:2] == ["0.5", "1.5"] and labels(table, "c1")[2] == "2.5"
    assert read == [["c1"]]


def test_a_column_of_all_kinds_is_read_again_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = as_file(str(tmp_path), [("1.0", "2.50", "x"), ("1", "2.5", "y")])
    source = Source(path, kinds={"c0": "category", "c1": "identifier"})
    table = read_table(source)
    read: list[Any] = []
    again = table.written.again  # type: ignore[union-attr]
    monkeypatch.setattr(table.written, "again", lambda *about: read.append(about[2]) or again(*about))
    profile = profile_table(table, source)
    assert read == [["c0", "c1"]]
    assert [profile.column(name).distinct for name in ("c0", "c1")] == [2, 2]


def test_a_file_that_has_changed_is_refused(tmp_path: Path) -> None:
    path = as_file(str(tmp_path), [("1.0", "x"), ("1.00", "y")])
    table = read_table(Source(path))
    with Path(path).open("a") as file:
        file.write("2.0,z\n")
    with pytest.raises(ReadError, match=r"texts\.csv has changed since it was read, and the cells of c0"):
        labels(table, "c0")
    assert read_values(table.parsed["c0"], "number").values.tolist() == [1, 1]  # type: ignore[union-attr]


def test_standard_input_keeps_its_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a,b\n3.1,x\n3.10,y\n")))
    assert labels(read_table(Source("-")), "a") == ["3.1", "3.10"]


def test_a_sample_of_rows_is_the_same_rows(tmp_path: Path) -> None:
    rows = [(f"{place}.{'0' * (place % 3 + 1)}", f"w{place}") for place in range(3000)]
    table = read_table(Source(as_file(str(tmp_path), rows), sample_rows=100))
    read = labels(table, "c0")
    assert [f"w{str(text).split('.')[0]}" for text in read] == labels(table, "c1")
    assert read == [rows[line - 2][0] for line in table.lines]


def test_a_table_below_another_keeps_the_texts_of_both(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    above = read_table(Source(as_file(str(tmp_path), [("3.1", "x"), ("3.10", "y"), ("", "z")])))
    below = read_table(Source(as_file(str(tmp_path / "below"), [("3", "x"), ("03", "y"), ("3.0", "y")])))
    plain = read_table(Source(as_file(str(tmp_path / "below"), [("3", "x"), ("4", "y")])))
    assert labels(above.followed_by(below), "c0") == ["3.1", "3.10", None, "3", "03", "3.0"]
    del below
    assert labels(above.followed_by(plain), "c0") == ["3.1", "3.10", None, "3", "4"]


def test_rows_that_differ_in_a_label_alone_repeat_none(tmp_path: Path) -> None:
    path = as_file(str(tmp_path), [("3.1", "x"), ("3.10", "x"), ("3.1", "x")])
    for kinds, repeated in (({}, "2 rows repeat"), ({"c0": "category"}, "1 row repeats")):
        source = Source(path, kinds=kinds)
        found = profile_table(read_table(source), source).findings
        assert next(each.text for each in found if each.kind == "duplicate rows").startswith(repeated)


@pytest.mark.parametrize("cells", [["3.1", "3.10"], ["5", "5.0"], ["1e3", "1000.0"]])
def test_two_spellings_of_one_number_are_found(tmp_path: Path, cells: list[str]) -> None:
    source = Source(as_file(str(tmp_path), [(cell, "x") for cell in (*cells, "7.25")]))
    table = read_table(source)
    profile = profile_table(table, source)
    (found,) = [each for each in profile.column("c0").findings if each.kind == "two spellings"]
    assert found.text == f"“{cells[0]}” (line 2) and “{cells[1]}” (line 3) are one number: codes?"
    assert found.remedy is not None and found.remedy.text == "make it a category"


def test_zeros_of_either_sign_and_other_numbers_are_no_two_spellings(tmp_path: Path) -> None:
    source = Source(as_file(str(tmp_path), [("0.0", "x"), ("-0.0", "x"), ("0.50", "x"), ("1.50", "x")]))
    assert not read_table(source).spellings


def test_a_few_leading_zeros_are_a_finding(cases: Path) -> None:
    source = Source(str(cases / "few_leading_zeros" / "train_1pct.csv"))
    profile = profile_table(read_table(source), source)
    (found,) = [each for each in profile.column("icd9_code").findings if each.kind == "leading zeros"]
    assert found.text == "leading zeros in 16 cells (“0117” in line 52): codes?"
    assert found.remedy is not None and (found.remedy.action, found.remedy.value) == ("set kind", "category")


def test_versions_are_as_many_categories_as_texts(cases: Path) -> None:
    folder = cases / "trailing_zero_codes"
    source = Source(str(folder / "train.csv"), kinds={"python": "category"})
    assert profile_table(read_table(source), source).column("python").distinct == 5
    source = Source(str(folder / "train_target.csv"), target="python", task="classification")
    assert profile_table(read_table(source), source).classes == ("3.1", "3.10", "3.11", "3.8", "3.9")


def test_a_frame_without_a_file_is_read_as_before() -> None:
    assert interpret(pd.Series([1.0, 2.5, np.nan], name="a"), "category").values.tolist() == [
        "1",
        "2.5",
        None,
    ]


def test_one_letter_in_two_forms_is_one_category(tmp_path: Path, cases: Path) -> None:
    path = as_file(str(tmp_path), [("caf\u00e9", "x"), ("cafe\u0301", "y"), ("cafe", "z"), ("NA", "x")])
    table = read_table(Source(path))
    read = read_values(table.parsed["c0"], "category")
    assert (
        isinstance(read, Labels) and read.labels == ("cafe", "caf\u00e9") and read.counts().tolist() == [1, 2]
    )
    source = Source(str(cases / "unicode_forms" / "train_emoji.csv"))
    labels_of = [label for label, _ in profile_table(read_table(source), source).column("mood").top]
    assert len(labels_of) == len(set(map(one_form, labels_of)))
