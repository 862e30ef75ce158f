"""Torture files with something put in, left out or cut off: a table or one line, and the same table every time."""

import json
import runpy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ann_tui.data.choices.source import Source
from ann_tui.data.profile.profile_record import profile_record
from ann_tui.data.reading.read_error import ReadError
from ann_tui.data.reading.read_table import read_preview, read_table
from ann_tui.experiments.derived import load

MAKER = runpy.run_path(str(Path(__file__).with_name("make_files.py")))
FILES = [case["data"] for case in MAKER["cases"]() if len(case["data"]) < 5_000]
PIECES = (
    b'"', b'""', b"\n", b"\r", b"\r\n", b",", b";", b"\t", b"|", b" ", b"\\", b"\0", b"\xff", b"\xef\xbb\xbf", b"'",
    b"#", b"1,2", b"NA", b"\xc3", b"\x1a", b"%", b"=",
)  # fmt: skip
edits = st.tuples(st.integers(0, 5_000), st.integers(0, 20), st.sampled_from((b"", *PIECES)))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.sampled_from(FILES), edits=st.lists(edits, max_size=5), end=st.integers(0, 5_000))
def test_any_bytes_are_a_table_or_one_line(
    tmp_path_factory: pytest.TempPathFactory,
    data: bytes,
    edits: list[tuple[int, int, bytes]],
    end: int,
) -> None:
    for place, gone, put in edits:
        place = place % (len(data) + 1)
        data = data[:place] + put + data[place + (gone if not put else 0) :]
    data = data[: max(end % (len(data) + 1), len(data) // 2)] if end % 3 == 0 else data
    path = tmp_path_factory.getbasetemp() / "mutated.csv"
    path.write_bytes(data)
    source = Source(str(path))
    try:
        loaded = load(source)
    except ReadError as error:
        assert "\n" not in str(error)
        return
    table = loaded.table
    json.dumps(profile_record(table, loaded.profile), allow_nan=False)
    assert read_preview(source, rows=5).lines.tolist() == table.lines[:5].tolist()
    again = read_table(Source(source.path, dialect=table.dialect))
    assert again.frame.equals(table.frame)
    assert again.lines.tolist() == table.lines.tolist()
    listed = {row.line for row in table.dropped}
    assert not listed & set(table.lines.tolist())
