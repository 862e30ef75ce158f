"""Reading: any table that a CSV writer writes comes back, whatever the dialect and however it is cut in pieces."""

import csv
import gzip
import io
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ann_tui.data.cells.table import Table
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.reading import chunks, memory, room
from ann_tui.data.reading.read_table import (
    ReadCancelledError,
    ReadError,
    TooLargeError,
    read_preview,
    read_table,
)
from ann_tui.data.samples import samples

WORDS = (
    "red", "dark blue", "a,b", "x;y", 'he said "hi"', "line\nbreak", "it's", "tab\there", "pipe|d", "é", "😀", "[/]",
    "x\r\ny", "\x1b[31m", "trail ",
)  # fmt: skip


def cells(table: Table) -> list[list[Any]]:
    """The cells with None for missing."""
    return [
        [None if value is None or value != value else value for value in row]
        for row in table.frame.itertuples(index=False, name=None)
    ]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[Any]]]:
    rows = draw(st.integers(2, 25))
    makers = (
        st.integers(-500, 5000),
        st.integers(-30_000, 30_000).map(lambda number: number / 100),
        st.sampled_from(draw(st.lists(st.sampled_from(WORDS), min_size=2, max_size=4, unique=True))),
        st.dates().map(str),
        st.one_of(st.none(), st.integers(0, 99)),
    )
    columns = [
        draw(st.lists(maker, min_size=rows, max_size=rows))
        for maker in draw(st.lists(st.sampled_from(makers), min_size=2, max_size=5))
    ]
    names = [
        f"{draw(st.sampled_from(('name', 'höhe', 'first name', 'x')))}_{place}"
        for place in range(len(columns))
    ]
    return names, [list(row) for row in zip(*columns, strict=True)]


def written(names: list[str], rows: list[list[Any]], delimiter: str, end: str, quoting: Any) -> str:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(names)
    writer.writerows(rows)
    return file.getvalue()


@settings(max_examples=150, deadline=None)
@given(
    table=tables(),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(("\n", "\r\n")),
    quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "utf-16")),
)
def test_what_a_csv_writer_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    table: tuple[list[str], list[list[Any]]],
    delimiter: str,
    end: str,
    quoting: Any,
    encoding: str,
) -> None:
    names, rows = table
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    assume(rows)
    path = tmp_path_factory.mktemp("law") / "table.csv"
    text = written(names, rows, delimiter, end, quoting)
    path.write_bytes(text.encode(encoding))
    dialect = Dialect(encoding=encoding, delimiter=delimiter)
    told = read_table(Source(str(path), dialect=dialect))
    assert list(told.frame.columns) == names
    assert same(cells(told), rows)
    assert not told.dropped
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    first_lines = [0, *(reader.line_num for _ in reader)]
    assert told.lines.tolist() == [line + 1 for line in first_lines[1:-1]]


def same(found: list[list[Any]], wanted: list[list[Any]]) -> bool:
    """Equal cell by cell, with numbers compared as numbers."""
    return len(found) == len(wanted) and all(
        one == other or (other is not None and str(one) == str(other))
        for row, wanted_row in zip(found, wanted, strict=True)
        for one, other in zip(row, wanted_row, strict=True)
    )


@settings(max_examples=60, deadline=None)
@given(
    table=tables(),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
)
def test_the_dialect_is_found(
    tmp_path_factory: pytest.TempPathFactory,
    table: tuple[list[str], list[list[Any]]],
    delimiter: str,
    quoting: Any,
) -> None:
    names, rows = table
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    assume(rows)
    path = tmp_path_factory.mktemp("law") / "table.csv"
    path.write_bytes(written(names, rows, delimiter, "\n", quoting).encode())
    found = read_table(Source(str(path)))
    told = read_table(Source(str(path), dialect=Dialect(delimiter=delimiter)))
    assert found.dialect.delimiter == delimiter
    assert found.dialect.header
    assert found.frame.equals(told.frame)


@settings(max_examples=60, deadline=None)
@given(table=tables(), size=st.integers(1, 300), quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
def test_the_size_of_the_pieces_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    table: tuple[list[str], list[list[Any]]],
    size: int,
    quoting: Any,
) -> None:
    names, rows = table
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    assume(rows)
    path = tmp_path_factory.mktemp("law") / "table.csv"
    path.write_bytes(written(names, rows, ",", "\n", quoting).encode() + b"a ragged line\n,,,,,,,,,,,x\n1\n")
    source = Source(str(path), dialect=Dialect())
    whole = read_table(source)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ann_tui.data.reading.read_table.BLOCK", size)
        patch.setattr("ann_tui.data.reading.head.HEAD_BYTES", 1 << 20)
        pieces = read_table(source)
    assert pieces.frame.equals(whole.frame)
    assert pieces.lines.tolist() == whole.lines.tolist()
    assert pieces.dropped == whole.dropped


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: str(sample.name))
def test_samples_read_as_pandas_reads_them(sample: Any) -> None:
    table = read_table(Source(str(sample.path)))
    reference = pd.read_csv(sample.path)
    assert list(table.frame.columns) == list(reference.columns)
    for name in reference:
        ours, theirs = table.frame[name], reference[name]
        assert ours.isna().equals(theirs.isna())
        assert ours.dropna().tolist() == theirs.dropna().tolist()
    assert table.lines.tolist() == list(range(2, len(reference) + 2))
    assert table.dropped == ()
    assert table.warnings == ()


def test_many_pieces_in_parallel_equal_pandas(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "a": rng.normal(size=60_000).round(4),
            "b": rng.integers(0, 99, 60_000),
            "c": rng.choice(["x", "y, z", "w\nv"], 60_000),
            "d": [f"text {k} of some length, with a comma" for k in range(60_000)],
        }
    )
    frame.loc[::7, "a"] = np.nan
    path = tmp_path / "large.csv"
    frame.to_csv(path, index=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ann_tui.data.reading.read_table.BLOCK", 100_000)
        table = read_table(Source(str(path)))
    reference = pd.read_csv(path)
    for name in reference:
        assert table.frame[name].isna().equals(reference[name].isna())
        assert table.frame[name].dropna().tolist() == reference[name].dropna().tolist()
    breaks = frame["c"].eq("w\nv").to_numpy()
    assert (
        table.lines.tolist()
        == (np.arange(2, 60_002) + np.concatenate([[0], np.cumsum(breaks)[:-1]])).tolist()
    )


def test_every_line_is_a_row_or_listed(tmp_path: Path) -> None:
    lines = ["a,b,c", *(f"{k},{k * 2},word{k}" for k in range(50))]
    lines[10], lines[20], lines[30] = "only one", "1,2,3,4,5", "7,x"
    path = tmp_path / "ragged.csv"
    path.write_text("\n".join(lines) + "\n")
    table = read_table(Source(str(path)))
    assert sorted([*table.lines.tolist(), *(row.line for row in table.dropped)]) == list(range(2, 52))
    assert [row.line for row in table.dropped] == [11, 21, 31]


def test_progress_reaches_the_whole_file_and_cancelling_stops(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "1,2\n" * 200_000)
    told: list[tuple[int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ann_tui.data.reading.read_table.BLOCK", 50_000)
        read_table(Source(str(path)), progress=lambda done, total: told.append((done, total)))
        assert told == sorted(told)
        assert told[-1] == (path.stat().st_size, path.stat().st_size)
        assert len(told) > 5
        count = iter(range(100))
        with pytest.raises(ReadCancelledError):
            read_table(Source(str(path)), cancelled=lambda: next(count) > 3)
    assert next(count) < 10


def test_a_sample_of_rows_keeps_the_order_and_is_repeatable(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "".join(f"{k},{'even' if k % 2 == 0 else 'odd'}\n" for k in range(30_000)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ann_tui.data.reading.read_table.BLOCK", 20_000)
        one = read_table(Source(str(path), sample_rows=500))
        two = read_table(Source(str(path), sample_rows=500))
    assert len(one.frame) == 500
    assert one.frame.equals(two.frame)
    chosen = one.frame["a"].to_numpy()
    assert (np.diff(chosen) > 0).all()
    assert one.lines.tolist() == (chosen + 2).tolist()
    assert one.frame["b"].tolist() == ["even" if k % 2 == 0 else "odd" for k in chosen]
    halves = np.histogram(chosen, bins=5, range=(0, 30_000))[0]
    assert halves.min() > 60
    assert any("500 of 30,000" in warning for warning in one.warnings)
    assert len(read_table(Source(str(path), sample_rows=50_000)).frame) == 30_000


def test_late_words_are_read_as_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "".join(f"{k}.50,{k}\n" for k in range(30_000)) + "x,007\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ann_tui.data.reading.head.SAMPLES", 1)
        patch.setattr("ann_tui.data.reading.head.SAMPLE_BYTES", 100)
        patch.setattr("ann_tui.data.reading.read_table.BLOCK", 50_000)
        table = read_table(Source(str(path)))
    assert table.frame["a"].tolist()[:2] == ["0.50", "1.50"]
    assert table.frame["a"].tolist()[-1] == "x"
    assert table.frame["b"].tolist()[-2:] == ["29999", "007"]


def test_too_large_is_refused_with_sizes_and_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "1.25,2.5\n" * 100_000)
    monkeypatch.setattr(room, "available_memory", lambda: memory.BASE + 1_000_000)
    with pytest.raises(TooLargeError, match=r"needs some .* free: .*sample_rows = ") as caught:
        read_table(Source(str(path)))
    assert caught.value.rows >= 100
    table = read_table(Source(str(path), sample_rows=caught.value.rows))
    assert len(table.frame) == caught.value.rows


def test_available_memory_is_some_of_the_machine() -> None:
    assert 1 << 20 < memory.available_memory() < 1 << 50


def test_preview_reads_no_more_than_the_beginning(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "1.25,2.5\n" * 300_000)
    seen: list[int] = []
    from ann_tui.data.reading.opening import Opened

    original = Opened.read
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Opened, "read", lambda self, size: seen.append(size) or original(self, size))
        table = read_preview(Source(str(path)), rows=100)
    assert len(table.frame) == 100
    assert sum(seen) < path.stat().st_size


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        buffer = io.BytesIO(gzip.compress(b"a,b\n1,x\n007,y\n"))

        @staticmethod
        def isatty() -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", Input)
    table = read_table(Source("-"))
    assert cells(table) == [["1", "x"], ["007", "y"]]
    assert str(table.path) == "-"


def test_what_is_no_file(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    for path, message in (
        (tmp_path, "directory"),
        (fifo, "pipe"),
        (tmp_path / "absent.csv", "no such file"),
        (tmp_path / "table", "did you mean table.csv"),
        (Path("/dev/null"), "device"),
        ("", "no file"),
        ("a\0b", "no file"),
        ("x" * 5000, "cannot be opened|no such file"),
    ):
        for read in (read_table, read_preview):
            with pytest.raises(ReadError, match=message) as caught:
                read(Source(str(path)))
            assert "\n" not in str(caught.value)
            assert len(str(caught.value)) < 500


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n")
    path.chmod(0)
    with pytest.raises(ReadError, match="permission"):
        read_table(Source(str(path)))


def test_permission_error_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n")

    def refuse(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ReadError, match=r"no permission"):
        read_table(Source(str(path)))


def test_a_given_dialect_is_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("junk\nmore junk\n1;5,5\n2;6,5\nend\n")
    dialect = Dialect(delimiter=";", decimal=",", header=False, skip=2, footer=1)
    table = read_table(Source(str(path), dialect=dialect))
    assert list(table.frame.columns) == ["column_1", "column_2"]
    assert cells(table) == [[1, 5.5], [2, 6.5]]
    assert table.dialect == dialect
    assert [row.line for row in table.dropped] == [5]
    with pytest.raises(ReadError, match="encoding"):
        read_table(Source(str(path), dialect=Dialect(encoding="klingon")))
    with pytest.raises(ReadError, match="delimiter"):
        read_table(Source(str(path), dialect=Dialect(delimiter="")))


def test_missing_marks_that_a_person_sets(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,None\n-999,Wood\n3,gone\n4,Brick\n")
    table = read_table(Source(str(path), missing_marks=("", "-999", "gone")))
    assert cells(table) == [[1, "None"], [None, "Wood"], [3, None], [4, "Brick"]]
    table = read_table(Source(str(path), column_marks={"b": ("none", "wood"), "a": ()}))
    assert cells(table) == [[1, None], [-999, None], [3, "gone"], [4, "Brick"]]
    assert table.marks == ()


def test_a_record_of_many_lines_across_pieces(tmp_path: Path) -> None:
    text = "\n".join(f"line {k}" for k in range(3000))
    path = tmp_path / "table.csv"
    path.write_text(f'a,b\n1,"{text}"\n2,short\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ann_tui.data.reading.read_table.BLOCK", 1000)
        table = read_table(Source(str(path)))
    assert cells(table) == [[1, text], [2, "short"]]
    assert table.lines.tolist() == [2, 3002]


def test_choices_do_not_import_pandas() -> None:
    import subprocess

    code = (
        "import sys; import ann_tui.data.choices.source, ann_tui.data.choices.column_kind, "
        "ann_tui.data.profile.findings, "
        "ann_tui.data.samples, ann_tui.data.plain_text, ann_tui.data.cells.rules; "
        "sys.exit(any(name in sys.modules for name in ('pandas', 'numpy', 'sklearn', 'textual', 'rich')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert chunks.BLOCK > 1 << 20


def test_standard_input_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless:
        def read(self, size: int) -> bytes:
            return b"1,2\n" * (size // 4)

    class Input:
        buffer = Endless()

        @staticmethod
        def isatty() -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", Input)
    monkeypatch.setattr("ann_tui.data.reading.opening.available_memory", lambda: 5 << 20)
    with pytest.raises(ReadError, match="does not end"):
        read_table(Source("-"))


def test_a_terminal_as_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        buffer = io.BytesIO()

        @staticmethod
        def isatty() -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Input)
    with pytest.raises(ReadError, match="terminal"):
        read_table(Source("-"))


@pytest.mark.parametrize("module", ["backports.zstd", "pyarrow"])
def test_zstandard_that_is_read_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    pytest.importorskip(module)
    pyarrow = pytest.importorskip("pyarrow")
    tried = []

    def only(name: str) -> Any:
        tried.append(name)
        if name != module:
            raise ImportError(name)
        return sys.modules[name]

    monkeypatch.setattr("ann_tui.data.reading.opening.importlib.import_module", only)
    rows = "".join(f"{place},{place if place < 40_000 else 'late'}\n" for place in range(40_001))
    path = tmp_path / "table.csv.zst"
    with pyarrow.output_stream(str(path), compression="zstd") as file:
        file.write(b"a,b\n" + rows.encode())
    table = read_table(Source(str(path)))
    assert module in tried
    assert table.frame["a"].tolist() == list(range(40_001))
    assert table.frame["b"].tolist() == [*map(str, range(40_000)), "late"]
    assert read_preview(Source(str(path)), rows=3).frame["b"].astype(str).tolist() == ["0", "1", "2"]
    whole = path.read_bytes()
    for damage in (whole[:-2000], whole[:20] + bytes(range(200)) + whole[220:]):
        (tmp_path / "damaged.csv.zst").write_bytes(damage)
        with pytest.raises(ReadError, match=r"damaged|ends early|cannot be read"):
            read_table(Source(str(tmp_path / "damaged.csv.zst")))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_long_files_of_wide_characters(tmp_path: Path, encoding: str) -> None:
    words = ["Ċ", "ਊ", "plain", "a, b", "line\nbreak"]
    rows = [[place, words[place % 5], place / 8] for place in range(60_000)]
    path = tmp_path / "wide.csv"
    path.write_bytes(written(["n", "word", "x"], rows, ",", "\n", csv.QUOTE_MINIMAL).encode(encoding))
    table = read_table(Source(str(path)))
    assert cells(table) == rows
    assert table.dropped == ()
    assert cells(read_preview(Source(str(path)), rows=7)) == rows[:7]
