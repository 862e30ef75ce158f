"""Odd tables of any size: the ends of lines and files, headers unlike the rows, numbers that stand in two cells."""

import gzip
import io
import re
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ann_tui.data.cells.table import Table
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.reading.chunked_reading import open_chunked
from ann_tui.data.reading.chunks import chunks
from ann_tui.data.reading.grouped_numbers import grouped_columns, joined_cells, ways_to_join
from ann_tui.data.reading.layout import Layout
from ann_tui.data.reading.line_ends import with_one_end
from ann_tui.data.reading.read_error import ReadError
from ann_tui.data.reading.read_table import read_preview, read_table
from ann_tui.data.reading.text_blocks import Padding, utf8_blocks

ROWS = [(place, round(place / 7, 3), ("red", '"dark, blue"')[place % 2]) for place in range(30_000)]
LARGE = [(place, place % 97, place % 31) for place in range(2_000_000)]
Writer = Callable[[bytes], Path]


def records(rows: list[tuple[object, ...]] = ROWS, delimiter: str = ",", end: str = "\n") -> bytes:
    return "".join(delimiter.join(map(str, row)) + end for row in rows).encode()


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    def writer(data: bytes, name: str = "table.csv") -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return writer


def same(found: Table, wanted: Table) -> bool:
    return found.frame.equals(wanted.frame)


def in_blocks(data: bytes, cuts: list[int]) -> Iterator[bytes]:
    places = sorted({place % (len(data) + 1) for place in cuts})
    for start, end in zip([0, *places], [*places, len(data)], strict=True):
        if start < end:
            yield data[start:end]


def reader(blocks: Iterator[bytes]) -> Callable[[int], bytes]:
    return lambda size: next(blocks, b"")


cuts = st.lists(st.integers(0, 500), max_size=12)
texts = st.lists(st.sampled_from((b"a", b",", b"\n", b"\r", b"\r\n", b'"', b"\0", b" ")), max_size=60).map(
    b"".join
)


@given(texts, cuts)
def test_padding_and_line_ends_do_not_depend_on_the_blocks(data: bytes, cuts: list[int]) -> None:
    padding = Padding()
    found = b"".join(utf8_blocks(reader(in_blocks(data, cuts)), "utf-8", padding=padding))
    assert found == data.rstrip(b"\0") and padding.size == len(data) - len(found)
    whole = b"".join(with_one_end(iter([data])))
    assert b"".join(with_one_end(in_blocks(data, cuts))) == whole
    if b'"' not in data and b"\r\r" not in data:
        assert whole == data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


@given(st.integers(1, 30), st.integers(0, 60), cuts)
def test_the_last_chunk_holds_all_records_without_a_value(rows: int, blank: int, cuts: list[int]) -> None:
    data = b"1,2\n" * rows + b" ,\n" * blank
    found = list(chunks(in_blocks(data, cuts), 5, Layout(numbers=(True, True))))
    assert b"".join(chunk.data for chunk in found) == data
    assert [chunk.last for chunk in found] == [False] * (len(found) - 1) + [True]
    assert found[-1].data.endswith(b" ,\n" * blank) and found[-1].data.startswith(b"1,2\n")
    line = 5
    for chunk in found:
        assert chunk.first_line == line
        line += chunk.data.count(b"\n")


def test_chunks_come_one_by_one() -> None:
    found = list(chunks(iter([b"1,2\n" * 10] * 5), 1, Layout(numbers=(True, True))))
    assert [chunk.first_line for chunk in found] == [1, 11, 21, 31, 41]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_each_line_may_end_in_its_own_way(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    count = data.draw(st.integers(4, 40))
    lines = [
        "id,size,colour",
        *(f"{place},{place / 4},{['red', 'blue'][place % 2]}" for place in range(count)),
    ]
    ends = data.draw(
        st.lists(st.sampled_from(("\n", "\r\n", "\r")), min_size=len(lines), max_size=len(lines))
    )
    path = tmp_path_factory.getbasetemp() / "ends.csv"
    text = "".join(map("".join, zip(lines, ends, strict=True))).encode()
    for end in (b"\n", b"\r"):
        widths = {line.count(b",") for line in text.replace(b"\r\n", b"\n").split(end) if line.strip()}
        # Where every line holds as many of the other ends, these may as well stand in cells.
        assume(len(widths) > 1 or widths == {2})
    path.write_bytes(text)
    table = read_table(Source(str(path)))
    assert list(table.frame.columns) == ["id", "size", "colour"]
    assert table.frame["id"].tolist() == list(range(count)) and not table.dropped


@pytest.mark.parametrize("packed", [False, True])
def test_ends_that_change_far_below_the_head_lose_no_row(write: Writer, packed: bool) -> None:
    for name, first, second in (("cr", "\r", "\n"), ("lf", "\n", "\r"), ("crlf", "\r\n", "\r")):
        data = b"id,size,colour" + first.encode() + records(ROWS[:20_000], end=first)
        data += records(ROWS[20_000:], end=second)
        path = write(gzip.compress(data) if packed else data, f"{name}.csv{'.gz' * packed}")
        table = read_table(Source(str(path)))
        assert table.frame["id"].tolist() == list(range(30_000)) and not table.dropped
        assert table.frame["colour"].tolist()[-2:] == ["red", "dark, blue"]
        assert read_preview(Source(str(path)), 10).frame["id"].tolist() == list(range(10))


@pytest.mark.parametrize(
    "below",
    [b",,\n" * 40_000, bytes(300_000), b' ,"",\r\n' * 10 + bytes(70_000)],
    ids=["records", "padding", "both"],
)
def test_nothing_below_the_last_row_changes_the_table(write: Writer, below: bytes) -> None:
    plain = read_table(Source(str(write(b"id,size,colour\n" + records()))))
    for name, data in (("plain.csv", records()), ("packed.csv.gz", records())):
        data = b"id,size,colour\n" + data + below
        path = write(gzip.compress(data) if name.endswith("gz") else data, name)
        table = read_table(Source(str(path)))
        assert same(table, plain) and len(table.warnings) >= 1
        assert not read_preview(Source(str(path)), 5).warnings
        with open_chunked(Source(str(path))) as chunked:
            found = list(chunked.chunks())
        assert sum(len(chunk.frame) for chunk in found) == len(plain.frame) + below.count(b"\n")
        assert not any(chunk.dropped for chunk in found)


def test_some_rows_before_much_padding(write: Writer) -> None:
    for data in (records(ROWS[:100]) + bytes(1 << 20), records(ROWS[:20_000]) + bytes(1 << 20)):
        table = read_table(Source(str(write(b"id,size,colour\n" + data))))
        assert len(table.frame) == data.count(b"\n")
        assert table.warnings == ("1,048,576 NUL bytes at the end left out.",)


def test_a_large_file_of_plain_numbers_with_a_blank_end(write: Writer) -> None:
    data = b"a,b,c\n" + records(LARGE)
    assert len(data) > 20 << 20
    table = read_table(Source(str(write(data + b",,\n" * 50_000))))
    assert len(table.frame) == len(LARGE) and table.frame["c"].dtype == "int64"
    assert table.warnings == (
        "50,000 rows without any value at the end left out (lines 2000002 to 2050001).",
    )


def test_standard_input_is_read_in_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        b"id,size,colour,note\r"
        + records(ROWS[:50], end="\r")
        + records(ROWS[50:90])
        + b",,\n" * 9
        + bytes(99)
    )
    stdin = SimpleNamespace(buffer=io.BytesIO(text), isatty=lambda: False)
    monkeypatch.setattr("sys.stdin", stdin)
    table = read_table(Source("-"))
    assert table.frame["id"].tolist() == list(range(90)) and table.frame["note"].isna().all()
    assert len(table.warnings) == 4


def test_a_header_in_another_delimiter_above_many_rows(write: Writer) -> None:
    path = write(b"id;size;colour\n" + records())
    table = read_table(Source(str(path)))
    assert list(table.frame.columns) == ["id", "size", "colour"] and len(table.frame) == len(ROWS)
    with open_chunked(Source(str(path))) as chunked:
        assert chunked.names == ("id", "size", "colour") and chunked.warnings == table.warnings


def test_names_without_cells_cost_no_row_and_no_repair(write: Writer) -> None:
    rows = [*ROWS, (30_000, 1.5, "red", "late"), (30_001, 2.5, "red", "later", "still")]
    table = read_table(Source(str(write(b"id,size,colour,note,extra\n" + records(rows)))))
    assert len(table.frame) == len(rows) and not table.dropped
    assert table.frame["note"].tolist()[-2:] == ["late", "later"] and table.frame["note"].isna().sum() == len(
        ROWS
    )
    assert table.frame["extra"].tolist()[-1] == "still"


money = st.floats(0, 9_999_999, allow_nan=False).map(lambda value: round(value, 2))


@settings(max_examples=60, deadline=None)
@given(st.lists(money, min_size=5, max_size=40), st.integers(0, 2))
def test_a_row_with_thousands_is_right_or_left_out(
    tmp_path_factory: pytest.TempPathFactory, prices: list[float], place: int
) -> None:
    names = ["kind", "rate"]
    names.insert(place, "price")
    lines = [",".join(names)]
    for price in prices:
        cells = ["small", "0.5"]
        cells.insert(place, f"{price:,.2f}")
        lines.append(",".join(cells))
    path = tmp_path_factory.getbasetemp() / "prices.csv"
    path.write_text("\n".join(lines) + "\n")
    table = read_table(Source(str(path)))
    if any("taken as its name" in warning for warning in table.warnings):
        return
    assert list(table.frame.columns) == names
    assert table.frame["price"].astype(float).tolist() == [prices[line - 2] for line in table.lines]
    assert len(table.lines) + len(table.dropped) == len(prices)


@given(
    st.lists(st.lists(st.sampled_from((b"1", b"12", b"345", b"678.5", b"x", b"")), min_size=2, max_size=7))
)
def test_joining_cells_loses_no_character(rows: list[list[bytes]]) -> None:
    columns = grouped_columns(rows, 3)
    for cells in rows:
        joined = joined_cells(cells, 3, columns)
        assert joined is None or (len(joined) == 3 and b"".join(joined) == b"".join(cells))


@given(
    st.lists(st.sampled_from((b"1", b"234", b"567", b"89.5", b"x", b"012")), min_size=3, max_size=8),
    st.integers(1, 6),
)
def test_all_ways_to_join_are_found(cells: list[bytes], width: int) -> None:
    expected = []
    for cuts in combinations(range(1, len(cells)), width - 1):
        parts = [cells[start:end] for start, end in pairwise((0, *cuts, len(cells)))]
        numbers = [re.fullmatch(rb"[1-9]\d{0,2}(,\d{3})*,\d{3}(\.\d*)?", b",".join(part)) for part in parts]
        if all(len(part) == 1 or number for part, number in zip(parts, numbers, strict=True)):
            expected.append([b"".join(part) for part in parts])
    found = [joined for _, joined in ways_to_join(cells, width)]
    assert sorted(found) == sorted(expected if len(cells) > width else [])


def test_what_can_be_joined_in_two_ways_is_not_joined() -> None:
    assert joined_cells([b"1", b"234", b"567", b"x"], 3, (0, 1)) is None
    assert joined_cells([b"1", b"234", b"567", b"x"], 3, (1,)) == [b"1", b"234567", b"x"]


def test_wide_rows_of_groups_are_not_tried_without_end() -> None:
    assert grouped_columns([[b"1", *[b"234"] * 200]] * 50, 100) == ()
    assert grouped_columns([[b"x"] * 3_000, [*[b"x"] * 3_000, b"12", b"345"]] * 50, 3_000) == ()
    assert grouped_columns([[*[b"1", b"234"] * 11, *[b"x"] * 3_000]] * 50, 3_010) == ()


def test_a_file_of_which_no_record_is_a_row_is_refused_in_pieces_too(write: Writer) -> None:
    source = Source(str(write(b"x,y,z\nwords\nmore\n")), dialect=Dialect())
    with (
        open_chunked(source) as chunked,
        pytest.raises(ReadError, match=r"no rows that fit its header; .* line 2, 1 cell"),
    ):
        list(chunked.chunks())


def test_a_link_into_an_annex_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "data.csv").symlink_to(".git/annex/objects/aB/Cd/MD5E-s1--a.csv/MD5E-s1--a.csv")
    with pytest.raises(ReadError, match="git annex get"):
        read_table(Source(str(tmp_path / "data.csv")))


def test_first_cells_that_occur_again_are_no_row_names(tmp_path: Path) -> None:
    litres = [1000.25 + 37 * place for place in range(40)]
    rows = [f"{'north' if place % 3 else 'south'},{value:,.2f},7\n" for place, value in enumerate(litres)]
    (tmp_path / "t.csv").write_text("site,litres,price\n" + "".join(rows))
    table = read_table(Source(str(tmp_path / "t.csv")))
    assert list(table.frame.columns) == ["site", "litres", "price"]
    assert table.frame["litres"].astype(float).tolist() == litres
    (tmp_path / "named.csv").write_text("b,c\n" + "".join(f"row{place},{place},567\n" for place in range(40)))
    named = read_table(Source(str(tmp_path / "named.csv")))
    assert named.frame["b"].tolist() == list(range(40))
