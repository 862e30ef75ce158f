"""Kinds, numbers in words and signs, dates."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.data.cells.dates import find_format, parse_dates
from ann_tui.data.cells.kinds import ColumnKind, infer_kind, interpret
from ann_tui.data.cells.numerals import parse_number
from ann_tui.data.choices.source import Source
from ann_tui.data.reading.read_table import read_table
from ann_tui.data.samples import samples


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5), (" -5.5 ", -5.5), ("+.5", 0.5), ("5.", 5), ("1.5e3", 1500), ("1E-2", 0.01), ("1,234", 1234),
        ("1,234,567.5", 1234567.5), ("1.234.567,5", 1234567.5), ("1.234,5", 1234.5), ("1,5", 1.5), ("12,3456", 12.3456),
        ("1.234.567", 1234567), ("1 234 567,5", 1234567.5), ("1\u202f234,5", 1234.5), ("1'234.5", 1234.5),
        ("€ 5", 5), ("5 €", 5), ("€5.50", 5.5), ("$1,000.25", 1000.25), ("-$3", -3), ("$-3", -3), ("(5)", -5),
        ("($1,000)", -1000), ("USD 7", 7), ("7 EUR", 7), ("£12", 12), ("45%", 0.45), ("12.5 %", 0.125), ("-3%", -0.03),
        ("5‰", 0.005), ("−7", -7),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, value: float) -> None:
    assert parse_number(text) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    "text",
    ["", " ", "x", "5x", "1,23,4", "1.2.3", "--5", "(5", "5)", "1 2 3", "nan", "inf", "1e999", "0x1F", "1_000", "5-",
     "12:30", "2020-01-01", "%", "€", ".", "-", "1,,2", "1e5e5", "½"],
)  # fmt: skip
def test_what_is_no_number(text: str) -> None:
    assert np.isnan(parse_number(text))


def test_decimal_comma_when_told() -> None:
    assert [parse_number(text, ",") for text in ("1,234", "1.234", "1.234,5", "7", "1.5")] == [
        1.234,
        1234,
        1234.5,
        7,
        1.5,
    ]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_that_python_writes_is_read_exactly(value: float) -> None:
    assert parse_number(repr(value)) == value


@given(st.integers(-(10**14), 10**14), st.sampled_from([",", " ", "'"]))
def test_grouped_whole_numbers(value: int, mark: str) -> None:
    assert parse_number(f"{value:,}".replace(",", mark)) == value


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    assert isinstance(parse_number(text), float)


def kind(values: list[Any], name: str = "x", repeat: int = 1) -> ColumnKind:
    return infer_kind(
        pd.Series(values * repeat, name=name, dtype=None if isinstance(values[0], int | float) else object)
    )


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        (["1,234", "5,678", "12"], "n", ColumnKind.NUMBER),
        (["€ 5", "€ 7.5", "€ 1,000"], "n", ColumnKind.NUMBER),
        (["45%", "3%", "99.5%"], "n", ColumnKind.NUMBER),
        (["1.5e3", "2e-4", "7"], "n", ColumnKind.NUMBER),
        (["1", "2", "3", "4", "five"], "n", ColumnKind.NUMBER),
        (["1", "two", "three", "4", "five"], "n", ColumnKind.CATEGORY),
        (["yes", "no", "yes"], "n", ColumnKind.BOOLEAN),
        (["Yes", "NO", " yes "], "n", ColumnKind.BOOLEAN),
        (["true", "false"], "n", ColumnKind.BOOLEAN),
        (["ja", "nein", "ja"], "n", ColumnKind.BOOLEAN),
        (["male", "female"], "n", ColumnKind.CATEGORY),
        (["y", "x"], "n", ColumnKind.CATEGORY),
        (["2020-01-31", "2021-12-01"], "n", ColumnKind.DATE),
        (["31.01.2020", "1.12.2021"], "n", ColumnKind.DATE),
        (["Jan 5, 2020", "Dec 31, 2021"], "n", ColumnKind.DATE),
        (["2020-01-31T10:00:00Z", "2020-02-01T11:30:00+02:00"], "n", ColumnKind.DATE),
        (["10:30", "23:59", "0:05"], "n", ColumnKind.DATE),
        (["10:30 AM", "11:45 PM"], "n", ColumnKind.DATE),
        (["90:30", "23:59", "75:05"], "n", ColumnKind.CATEGORY),
        (["01234", "90210", "00501"], "n", ColumnKind.CATEGORY),
        ([1234, 90210, 501] * 20, "zip code", ColumnKind.CATEGORY),
        ([20200131, 20210228], "order_date", ColumnKind.DATE),
        ([20200131, 20210228, 20210301, 20191231, 20200229], "x", ColumnKind.DATE),
        ([20200131, 20210230, 20210301, 20191231, 20200229], "x", ColumnKind.NUMBER),
        (["12,34,567", "1,23,456", "9,999"], "n", ColumnKind.NUMBER),
        (["wahr", "falsch", "Wahr"], "n", ColumnKind.BOOLEAN),
        (list(range(1, 200)), "PassengerId", ColumnKind.IDENTIFIER),
        (list(range(200)), "anything", ColumnKind.IDENTIFIER),
        (list(range(1, 60)), "column_1", ColumnKind.IDENTIFIER),
        (list(range(1, 60)), "dose", ColumnKind.NUMBER),
        (list(range(1900, 2020)), "year", ColumnKind.NUMBER),
        ([1, 2, 2, 3], "id", ColumnKind.NUMBER),
        ([0, 1, 1, 0], "survived", ColumnKind.NUMBER),
        ([f"C-{k:05d}" for k in range(100)], "customer", ColumnKind.IDENTIFIER),
        ([f"{k:08x}-abcd" for k in range(1000, 1100)], "code", ColumnKind.IDENTIFIER),
        ([f"Person {k} Family{k % 70}" for k in range(100)], "name", ColumnKind.TEXT),
        ([f"I bought item {k} and it was good enough for me" for k in range(100)], "review", ColumnKind.TEXT),
        ([f"city{k % 40}" for k in range(400)], "city", ColumnKind.CATEGORY),
        (["4111111111111111111111", "4222222222222222222222"], "card", ColumnKind.CATEGORY),
    ],
)
def test_kinds(values: list[Any], name: str, expected: ColumnKind) -> None:
    assert kind(values, name) is expected


def test_kinds_of_the_samples() -> None:
    found = {}
    for sample in samples():
        frame = read_table(Source(str(sample.path))).frame
        found[sample.name] = {name: infer_kind(frame[name]) for name in frame.columns}
    assert found["cars"]["Name"] in (ColumnKind.TEXT, ColumnKind.IDENTIFIER)
    assert found["cars"]["Year"] is ColumnKind.DATE
    assert found["penguins"]["year"] is ColumnKind.NUMBER
    assert found["churn"]["state"] is ColumnKind.CATEGORY
    assert found["churn"]["churn"] is ColumnKind.BOOLEAN
    assert set(found["digits"].values()) == {ColumnKind.NUMBER}
    assert found["spirals"]["spiral"] is ColumnKind.CATEGORY


def test_interpret_numbers_marks_what_is_none() -> None:
    read = interpret(pd.Series(["1,5", None, "x", "€ 7", "inf"], dtype=object), "number")
    np.testing.assert_array_equal(read.values, [1.5, np.nan, np.nan, 7, np.nan])
    assert read.unparseable.tolist() == [False, False, True, False, True]
    typed = interpret(pd.Series([1.0, np.nan, np.inf]), "number")
    assert typed.unparseable.tolist() == [False, False, True]


def test_interpret_labels_keeps_words_and_writes_whole_numbers_plainly() -> None:
    assert interpret(pd.Series(["yes", None, " No"], dtype=object), "boolean").values.tolist() == [
        "yes",
        None,
        " No",
    ]
    assert interpret(pd.Series([1.0, np.nan, 2.5]), "category").values.tolist() == ["1", None, "2.5"]
    assert interpret(pd.Series([3, 4]), "category").values.tolist() == ["3", "4"]


@given(
    st.lists(st.sampled_from(["1", "2,5", "x", None, "€ 3", "1.234,5"]), min_size=1, max_size=20),
    st.randoms(),
)
def test_no_cell_changes_how_another_is_read(cells: list[Any], random: Any) -> None:
    whole = interpret(pd.Series(cells, dtype=object), "number").values
    for place, cell in enumerate(cells):
        alone = interpret(pd.Series([cell], dtype=object), "number").values
        np.testing.assert_array_equal(alone, whole[[place]])


@pytest.mark.parametrize(
    "form",
    ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%b-%Y", "%B %d, %Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M",
     "%d.%m.%y", "%Y/%m/%d", "%m/%d/%Y %I:%M %p", "%d %B %Y", "%Y%m%d", "%b %Y", "%Y%m%dT%H%M%SZ",
     "%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S GMT"],
)  # fmt: skip
def test_dates_in_common_forms_are_found(form: str) -> None:
    moments = pd.date_range("2019-01-01 09:30", periods=200, freq="37h")
    texts = [moment.strftime(form) for moment in moments]
    found, share = find_format(texts)
    assert share == 1
    wanted = pd.to_datetime(pd.Series(texts), format=form).to_numpy().astype("datetime64[s]")
    assert parse_dates(texts, found).astype("datetime64[s]").tolist() == wanted.tolist()


@pytest.mark.parametrize(
    "texts",
    [
        ["1. März 2020", "31. Dezember 2019", "2. Mai 2021"],
        ["1 mars 2020", "31 décembre 2019", "2 mai 2021"],
        ["1 de marzo de 2020", "31 de diciembre de 2019", "2 de mayo de 2021"],
        ["1 marzo 2020", "31 dicembre 2019", "2 maggio 2021"],
        ["01 maart 2020", "31 december 2019", "02 mei 2021"],
        ["1 mar. 2020", "31 dez. 2019", "2 mai. 2021"],
    ],
)
def test_months_of_other_languages(texts: list[str]) -> None:
    read = interpret(pd.Series(texts, dtype=object), infer_kind(pd.Series(texts, dtype=object)))
    assert read.values.astype("datetime64[D]").astype(str).tolist() == [
        "2020-03-01",
        "2019-12-31",
        "2021-05-02",
    ]


def test_a_known_date_form_reads_new_rows_the_same_way() -> None:
    training = interpret(pd.Series(["25/12/2020", "03/04/2020"], dtype=object), "date")
    alone = interpret(pd.Series(["03/04/2020"], dtype=object), "date", form=training.form)
    assert alone.values[0] == training.values[1] == np.datetime64("2020-04-03")
    far = interpret(pd.Series(["1066-10-14", "2020-01-01", "9999-12-31"], dtype=object), "date")
    assert not far.unparseable.any()


def test_impossible_dates_are_marked() -> None:
    read = interpret(pd.Series(["2020-02-30", "2020-02-28", None, "2020-03-01"], dtype=object), "date")
    assert read.unparseable.tolist() == [True, False, False, False]
    assert np.isnat(read.values).tolist() == [True, False, True, False]
