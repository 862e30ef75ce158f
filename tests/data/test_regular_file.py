"""The quick way through a large regular file gives what the careful way gives, or steps aside."""

import random
from pathlib import Path

import pandas as pd
import pytest

from ann_tui.data.cells.table import Table
from ann_tui.data.choices.source import Source
from ann_tui.data.reading import regular_file
from ann_tui.data.reading.read_table import ReadCancelledError, read_table

pytestmark = pytest.mark.skipif(
    tuple(map(int, pd.__version__.split(".")[:2])) < (3, 1), reason="pandas parses in pieces before 3.1"
)

HEADER = "a,b,c,d"


def lines() -> list[str]:
    rng = random.Random(1)
    words = ["red", "blue", "dark green"]
    return [
        f"{rng.gauss(0, 9):.3f},{rng.randint(-9, 999)},{rng.choice(words)},{rng.choice(['', '1.5', 'NA', '7'])}"
        for _ in range(2000)
    ]


@pytest.fixture(autouse=True)
def small_files_count_as_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regular_file, "SMALLEST", 0)
    monkeypatch.setattr(regular_file, "TAIL", 500)
    monkeypatch.setattr(regular_file, "BLOCK", 3000)
    monkeypatch.setattr("ann_tui.data.reading.head.HEAD_BYTES", 4000)


def both(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Table, Table, int]:
    """The table read both ways, and how often the quick way was gone to its end."""
    taken = []
    original = regular_file.read_regular

    def counted(*arguments: object) -> object:
        found = original(*arguments)  # type: ignore[arg-type]
        taken.append(found is not None)
        return found

    monkeypatch.setattr("ann_tui.data.reading.read_table.read_regular", counted)
    quick = read_table(Source(str(path)))
    monkeypatch.setattr("ann_tui.data.reading.read_table.looks_regular", lambda *_: False)
    return quick, read_table(Source(str(path))), sum(taken)


def test_a_regular_file_goes_the_quick_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "table.csv"
    path.write_text("\n".join([HEADER, *lines()]) + "\n")
    quick, careful, taken = both(path, monkeypatch)
    assert taken == 1
    assert quick.frame.equals(careful.frame)
    assert quick.lines.tolist() == careful.lines.tolist() == list(range(2, 2002))
    assert (quick.dropped, quick.warnings, quick.dialect) == (
        careful.dropped,
        careful.warnings,
        careful.dialect,
    )


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (1500, "1.5,7"),
        (1500, "1.5,7,red"),
        (1500, "1.5,7,red,1,2"),
        (1500, ""),
        (1500, '1.5,7,"red, dark",1'),
        (1500, "1.5,007,red,1"),
        (1500, "tiny,7,red,1"),
        (1500, "1.5,7,re\0d,1"),
        (1500, "1.5,7,red\r,1"),
        (1500, "1.5,7,null,1"),
        (1500, "1.5,7,r\u00e9d,1"),
        (1500, "1.5,99999999999999999999,red,1"),
        (1500, HEADER),
        (1999, "Total,7,,"),
        (1999, ""),
        (700, "True,7,red,1"),
        (0, "1.5,7,true,1"),
    ],
)
def test_whatever_one_line_is_both_ways_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int, line: str
) -> None:
    rows = lines()
    rows[place] = line
    path = tmp_path / "table.csv"
    path.write_bytes(("\n".join([HEADER, *rows]) + "\n").encode())
    quick, careful, _ = both(path, monkeypatch)
    assert quick.frame.equals(careful.frame)
    assert quick.lines.tolist() == careful.lines.tolist()
    assert (quick.dropped, quick.warnings, quick.dialect) == (
        careful.dropped,
        careful.warnings,
        careful.dialect,
    )


@pytest.mark.parametrize("header", ["a,b", "1999,2000", "NA,2000"])
@pytest.mark.parametrize("words", [True, False])
def test_a_header_that_comes_again_is_found_where_the_parser_would_take_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, header: str, words: bool
) -> None:
    row = (
        (lambda k: f"{'red' if k % 3 else 'blue'},{'tea' if k % 2 else 'rice'}")
        if words
        else (lambda k: f"{k}.5,{k}")
    )
    rows = [row(k) for k in range(2000)]
    rows[1500] = header
    path = tmp_path / "table.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    quick, careful, _ = both(path, monkeypatch)
    assert quick.frame.equals(careful.frame)
    assert quick.dropped == careful.dropped and quick.lines.tolist() == careful.lines.tolist()


def test_bytes_that_are_no_utf8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = lines()
    rows[1500] = "1.5,7,r\u00e9d,1"
    path = tmp_path / "table.csv"
    path.write_bytes(("\n".join([HEADER, *rows]) + "\n").encode("latin-1"))
    quick, careful, _ = both(path, monkeypatch)
    assert quick.frame.equals(careful.frame)
    assert quick.frame["c"][1500] == "r\u00e9d"


def test_truth_words_keep_their_spelling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "".join(f"{k},{'TRUE' if k % 3 else 'FALSE'}\n" for k in range(2000)))
    quick, careful, taken = both(path, monkeypatch)
    assert taken == 0
    assert quick.frame.equals(careful.frame)
    assert set(quick.frame["b"]) == {"TRUE", "FALSE"}


def test_progress_and_cancelling(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("\n".join([HEADER, *lines()]) + "\n")
    told: list[tuple[int, int]] = []
    read_table(Source(str(path)), progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (path.stat().st_size, path.stat().st_size)
    with pytest.raises(ReadCancelledError):
        read_table(Source(str(path)), cancelled=lambda: True)
    asked = iter([False] * 5 + [True] * 1000)
    with pytest.raises(ReadCancelledError):
        read_table(Source(str(path)), cancelled=lambda: next(asked))
