"""A column of text is parsed once for each table, and gives what it gives when it is parsed alone."""

import gc
import pickle
import weakref
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.data.cells import dates, numerals, parsed
from ann_tui.data.cells.kinds import date_format, infer_kind, interpret
from ann_tui.data.cells.parsed import ParsedColumn, ParsedColumns
from ann_tui.data.cells.table import Table
from ann_tui.data.cells.texts import PROBED, Texts, texts_of
from ann_tui.data.cells.values import read_values
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.preparation import Split
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.reading import assemble
from ann_tui.data.reading.read_table import read_preview, read_table
from ann_tui.experiments.derived import Derived, derive, first_experiment
from ann_tui.experiments.experiment import Experiment

Parses = Counter[tuple[str, str]]
ROWS = 400
TEXTS = ("euros", "share", "price")
CELLS = st.sampled_from(
    [None, "5", "€ 5", "1,234.5", "x", "", " ", "yes", "No", "02.01.2020", "03.04.2020", "2020-01-02", "25/12/2020",
     "12:30"]
)  # fmt: skip

GERMAN = st.one_of(
    st.sampled_from(["1,5", "1,50", "-0,0", "1.234,5", "1.234", "€ 2,50", "5 %", "2,5 %", "NA", "", "?", "abc", "12",
     "007"]),
    st.decimals(-9999, 9999, places=2).map(lambda value: str(value).replace(".", ",")),
)  # fmt: skip


def written(folder: Path) -> Path:
    """A file with numbers that are text, none of which comes twice, dates, categories and plain numbers."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "euros": [f"€ {value:.5f}" for value in rng.normal(0, 100, ROWS)],
            "share": [f"{value:.5f} %" for value in rng.uniform(0, 100, ROWS)],
            "day": pd.date_range("2001-01-01", periods=ROWS, freq="h").strftime("%d.%m.%Y %H:%M"),
            "city": rng.choice(["Oslo", "Rome", "Lima"], ROWS),
            "plain": rng.normal(0, 1, ROWS).round(3),
            "price": [f"$ {value:.5f}" for value in rng.normal(0, 100, ROWS)],
        }
    )
    frame.to_csv(folder / "shop.csv", index=False)
    return folder / "shop.csv"


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> Iterator[Parses]:
    """How often each text is parsed as a number and as a date."""
    counted: Parses = Counter()
    parse_number, parse_dates = numerals.parse_number, dates._parse

    def number(text: str, decimal: str = ".") -> float:
        counted["number", text] += 1
        return parse_number(text, decimal)

    def moments(values: Sequence[str], form: str) -> Any:
        counted.update(("date", text) for text in values)
        return parse_dates(values, form)

    monkeypatch.setattr(numerals, "parse_number", number)
    monkeypatch.setattr(assemble, "parse_number", number)
    monkeypatch.setattr(dates, "_parse", moments)
    yield counted


def edits(experiment: Experiment) -> Iterator[Experiment]:
    """Choices of every sort, each changed alone."""
    source, preparation = experiment.source, experiment.preparation
    yield replace(experiment, preparation=replace(preparation, missing_number="mean"))
    yield replace(experiment, preparation=replace(preparation, split=replace(preparation.split, seed=5)))
    yield replace(experiment, source=replace(source, excluded=("city",)))
    yield replace(experiment, source=replace(source, rules=("price > 0",)))
    yield replace(experiment, source=replace(source, target="euros"))


def opened(path: Path) -> tuple[Experiment, Derived]:
    experiment, derived = first_experiment(Source(str(path), target="price"))
    assert derived.problem is None
    assert [str(column.kind) for column in derived.profile.columns] == [
        "number", "number", "date", "category", "number", "number",
    ]  # fmt: skip
    return experiment, derived


def test_opening_preparing_and_edits_parse_each_text_once(tmp_path: Path, parses: Parses) -> None:
    path = written(tmp_path)
    cells = pd.read_csv(path)
    experiment, derived = opened(path)
    for name in (*TEXTS, "day"):
        assert {parses["number", text] for text in cells[name]} == {1}, name
    as_dates = [parses["date", text] for text in cells["day"]]
    assert (
        np.median(as_dates) == 1 and np.mean(as_dates) < 1.6
    )  # a few are tried with each format, and exchanged
    for edited in edits(experiment):
        parses.clear()
        assert derive(edited, derived).problem is None
        assert not any(parses["number", text] for text in cells[[*TEXTS, "day"]].to_numpy().ravel())
        assert np.mean([parses["date", text] for text in cells["day"]]) < 0.5


def test_codes_of_texts_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment, derived = opened(written(tmp_path))
    made: list[object] = []

    def noted(values: "pd.Series[Any]") -> Texts:
        made.append(values.name)
        return texts_of(values)

    monkeypatch.setattr(parsed, "texts_of", noted)
    for edited in edits(experiment):
        derive(edited, derived)
    assert not made


def test_typed_columns_keep_nothing(tmp_path: Path) -> None:
    experiment, derived = opened(written(tmp_path))
    derive(replace(experiment, source=replace(experiment.source, kinds={"plain": "category"})), derived)
    plain = derived.table.parsed["plain"]
    assert vars(plain)["_texts"] is None and plain.texts is not plain.texts
    assert vars(derived.table.parsed["euros"])["_texts"] is derived.table.parsed["euros"].texts


def table_of(**columns: list[Any]) -> Table:
    frame = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
    return Table(frame, np.arange(len(frame), dtype=np.int64) + 2, Dialect(), Path("x.csv"))


def test_a_table_with_another_frame_begins_anew() -> None:
    table = table_of(a=["€ 1", "€ 2"])
    assert interpret(table.parsed["a"], "number").values.tolist() == [1, 2]
    other = replace(table, frame=table.frame.assign(a=["€ 3", "x"]))
    assert interpret(other.parsed["a"], "number").values.tolist()[0] == 3
    assert interpret(table.parsed["a"], "number").values.tolist() == [1, 2]
    assert other.parsed is not table.parsed


def test_a_second_table_below_is_joined_once_while_it_is_in_use() -> None:
    table, second, third = table_of(a=["€ 1"], b=[1]), table_of(b=[2], a=["€ 2"]), table_of(a=["€ 3"], b=[3])
    joined = table.followed_by(second)
    assert interpret(joined.parsed["a"], "number").values.tolist() == [1, 2]
    assert joined.frame.columns.tolist() == ["a", "b"] and joined.lines.tolist() == [2, 2]
    assert table.followed_by(second) is joined
    assert pickle.loads(pickle.dumps(table)).followed_by(second) is not joined
    assert interpret(table.followed_by(third).parsed["a"], "number").values.tolist() == [1, 3]
    alive = weakref.ref(joined)
    del joined
    gc.collect()
    assert alive() is None
    assert interpret(table.followed_by(second).parsed["a"], "number").values.tolist() == [1, 2]


def test_edits_parse_no_row_of_a_second_file_again(tmp_path: Path, parses: Parses) -> None:
    path = written(tmp_path)
    (tmp_path / "more.csv").write_bytes(path.read_bytes().replace(b"$ ", b"$ 1"))
    experiment, derived = opened(path)
    split = Split("file", file="more.csv")
    experiment = replace(experiment, preparation=replace(experiment.preparation, split=split))
    derived = derive(experiment, derived)
    assert derived.prepared is not None and derived.prepared.file_rows == ROWS
    parses.clear()
    again = derive(
        replace(experiment, preparation=replace(experiment.preparation, missing_number="mean")), derived
    )
    assert again.prepared is not None and again.prepared.table is derived.prepared.table
    assert not any(how == "number" for how, _ in parses)


def test_what_was_parsed_goes_with_the_table() -> None:
    table = table_of(a=["€ 1", "€ 2"])
    texts = weakref.ref(table.parsed["a"].texts)
    assert texts() is not None
    del table
    gc.collect()
    assert texts() is None


def test_pickled_data_are_as_long_as_before_and_parse_again(tmp_path: Path) -> None:
    _, derived = opened(written(tmp_path))
    table = derived.table
    fresh = len(pickle.dumps(replace(table)))
    assert len(pickle.dumps(table)) == fresh
    again = pickle.loads(pickle.dumps(derived.data))
    assert again.profile == derived.profile
    assert again.table.parsed["price"].values is not table.parsed["price"].values
    for name, kind in {"price": "number", "day": "date", "city": "category"}.items():
        one, other = interpret(again.table.parsed[name], kind), interpret(table.parsed[name], kind)
        pd.testing.assert_series_equal(pd.Series(one.values), pd.Series(other.values))


def test_readers_at_the_same_time_get_the_same() -> None:
    rng = np.random.default_rng(2)
    table = table_of(a=[f"€ {value:.3f}" for value in rng.normal(0, 9, 30_000)])
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: read_values(table.parsed["a"], "number"), range(8)))
    alone = read_values(table.frame["a"], "number").values  # type: ignore[union-attr]
    assert all(np.array_equal(each.values, alone) for each in found)  # type: ignore[union-attr]


def test_what_is_kept_cannot_be_changed_by_who_reads_it() -> None:
    texts = table_of(a=["€ 1", "€ 2", "x", None]).parsed["a"].texts
    for kept in (texts.codes, texts.counts, texts.numbers, texts.in_order[1], texts.dates.parsed("%Y")):
        with pytest.raises(ValueError, match="read-only"):
            kept[0] = kept[1]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(GERMAN, GERMAN), min_size=12, max_size=30))
def test_what_reading_hands_over_is_what_the_frame_says(rows: list[tuple[str, str]]) -> None:
    lines = ["betrag;menge;wort;", *(f"{first};{second};{first}x;" for first, second in rows)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "german.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        for dialect in (None, Dialect(delimiter=";", decimal=","), Dialect(delimiter=";")):
            agrees_with_frame(read_table(Source(str(path), dialect=dialect)))


def agrees_with_frame(table: Table) -> None:
    for name in table.frame.columns:
        ours, theirs = table.parsed[name].texts, texts_of(table.frame[name])
        assert ours.labels == theirs.labels
        np.testing.assert_array_equal(ours.codes, theirs.codes)
        np.testing.assert_array_equal(ours.numbers, theirs.numbers)


def test_reading_hands_over_the_numbers_it_has_read(tmp_path: Path, parses: Parses) -> None:
    prices = [f"€ {place},{place % 7}5" for place in range(100)]
    (tmp_path / "german.csv").write_text("preis;wort\n" + "".join(f"{price};x\n" for price in prices))
    table = read_table(Source(str(tmp_path / "german.csv")))
    assert table.dialect.decimal == "," and table.frame["preis"].tolist() == prices
    parses.clear()
    assert table.parsed["preis"].texts.numbers[:3].tolist() == [0.05, 1.15, 2.25]
    assert not parses
    agrees_with_frame(table)


def test_the_first_rows_know_nothing_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n" + "".join(f"$ {place},{place}\n" for place in range(50)))
    agrees_with_frame(read_preview(Source(str(tmp_path / "a.csv")), 5))


@settings(deadline=None, max_examples=50)
@given(st.lists(CELLS, min_size=1, max_size=30), st.permutations(list(ColumnKind)))
def test_a_kept_column_says_what_a_series_says(cells: list[str | None], kinds: list[ColumnKind]) -> None:
    """Whatever was asked of it before."""
    series: pd.Series[Any] = pd.Series(cells, dtype=object, name="a")
    column = ParsedColumns(series.to_frame())["a"]
    for kind in kinds:
        one, other = interpret(column, kind), interpret(series, kind)
        assert pd.Series(one.values).equals(pd.Series(other.values)) and one.form == other.form
        assert one.unparseable.tolist() == other.unparseable.tolist()
        ours, theirs = read_values(column, kind), read_values(series, kind)
        assert [ours.written(row) for row in range(len(cells))] == [
            theirs.written(row) for row in range(len(cells))
        ]
    assert infer_kind(column) == infer_kind(series)


@settings(deadline=None, max_examples=50)
@given(st.lists(CELLS, min_size=1, max_size=30), st.data())
def test_the_date_format_of_some_rows_is_that_of_a_column_of_them(
    cells: list[str | None], data: st.DataObject
) -> None:
    series: pd.Series[Any] = pd.Series(cells, dtype=object, name="a")
    column = ParsedColumn(series)
    for _ in range(3):
        rows = np.array(data.draw(st.lists(st.integers(0, len(cells) - 1), unique=True)), dtype=np.int64)
        assert date_format(column, rows) == interpret(series.iloc[rows], "date").form


@pytest.mark.parametrize("every", [1, 2, 19])
def test_many_texts_are_numbers_in_their_places(every: int) -> None:
    cells = [f"€ {place}" if place % every == 0 else f"word {place}" for place in range(4 * PROBED + 7)]
    texts = texts_of(pd.Series(cells, dtype=object))
    expected = [float(place) if place % every == 0 else np.nan for place in range(len(cells))]
    assert texts.hardly_numbers == (every == 19)
    np.testing.assert_array_equal(texts.numbers, expected)


def test_few_texts_are_never_hardly_numbers() -> None:
    assert not texts_of(pd.Series([f"word {place}" for place in range(100)], dtype=object)).hardly_numbers


def test_a_sample_of_many_texts_is_parsed_once(parses: Parses) -> None:
    cells = [f"€ {place}" for place in range(4 * PROBED + 7)]
    column = ParsedColumn(pd.Series(cells, dtype=object, name="a"))
    for _ in range(2):
        assert infer_kind(column) is ColumnKind.NUMBER
        assert not interpret(column, "number").unparseable.any()
    assert parses == {("number", text): 1 for text in cells}
