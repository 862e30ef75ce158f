"""However a file is written, a script trains on the values that the app reads, in the same parts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from export.cases import check
from export.written_files import COUNT, FILES, KIND, WIDTH, WORD, File, found_in, table

from ann_tui.data.choices.source import Dialect


@pytest.mark.parametrize("name", FILES)
def test_the_script_trains_on_what_the_app_reads(name: str, tmp_path: Path) -> None:
    """Inputs and answers of every part; a copy is made for those files alone that need more than a few lines."""
    file = FILES[name]
    path = tmp_path / f"t{file.suffix}"
    path.write_bytes(file.data.encode() if isinstance(file.data, str) else file.data)
    check(found_in(path, file), tmp_path)
    assert (tmp_path / "things.rows.csv").exists() != file.read


def test_parquet(tmp_path: Path) -> None:
    """By pandas too, where its columns are typed as the app reads them."""
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame({"width": WIDTH, "count": COUNT, "word": WORD, "kind": KIND})
    for name, column, read in (("plain", COUNT, True), ("truth", COUNT > 20, False)):
        path = tmp_path / name / "t.parquet"
        path.parent.mkdir()
        frame.assign(count=column).to_parquet(path)
        check(found_in(path, File(b"")), path.parent)
        assert (path.parent / "things.rows.csv").exists() != read


def test_a_dialect_that_was_stated(tmp_path: Path) -> None:
    """No header where one is detected, or an escape in place of doubled quotes."""
    escaped = table(word=lambda each: f'"{each}, \\"so\\""')
    for dialect in (Dialect(escape="\\"), Dialect(escape="\\", header=False, skip=1)):
        path = tmp_path / f"{dialect.header}.csv"
        path.write_text(escaped)
        check(found_in(path, File(b"", source={"dialect": dialect})), tmp_path)
        assert not (tmp_path / "things.rows.csv").exists()
