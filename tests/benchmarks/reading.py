"""How quickly a large table is read, against pandas.read_csv on the same file, and in how much memory.

    python tests/benchmarks/reading.py [ROWS] [REPEATS]

Times are medians over turns of both readers; memory is the growth of the process's peak in a process of its own.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from ann_tui.data.choices.source import Source
from ann_tui.data.reading.read_table import read_preview, read_table

MEMORY = """
import sys
from pathlib import Path
from ann_tui.data.reading.read_table import read_preview, read_table
from ann_tui.data.choices.source import Source
source = Source(sys.argv[1])
read_preview(source)
def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) * 1024
before = peak()
frame = read_table(source).frame
print(peak() - before, frame.memory_usage().sum(), frame.memory_usage(deep=True).sum())
"""


def write_table(path: Path, rows: int) -> None:
    """A table of 20 columns of numbers with three decimals, 6 of whole numbers and 4 of words."""
    rng = np.random.default_rng(0)
    columns: dict[str, object] = {f"x{place}": rng.normal(0, 100, rows).round(3) for place in range(20)}
    columns |= {f"n{place}": rng.integers(0, 10_000, rows) for place in range(6)}
    columns |= {f"w{place}": rng.choice(["red", "green", "blue", "yellow"], rows) for place in range(4)}
    pd.DataFrame(columns).to_csv(path, index=False)


def main(rows: int, repeats: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        write_table(path, rows)
        source = Source(str(path))
        pd.read_csv(path, nrows=10)
        read_preview(source)
        ours, theirs, previews = [], [], []
        for _ in range(repeats):
            for times, read in ((theirs, lambda: pd.read_csv(path)), (ours, lambda: read_table(source))):
                begin = time.perf_counter()
                table = read()
                times.append(time.perf_counter() - begin)
                del table
            begin = time.perf_counter()
            read_preview(source)
            previews.append(time.perf_counter() - begin)
        median = statistics.median
        ratio = median(one / other for one, other in zip(ours, theirs, strict=True))
        print(f"{rows:,} rows x 30 columns, {path.stat().st_size / 1e6:.0f} MB, medians of {repeats}")
        print(f"read_table {median(ours):.2f} s, pandas.read_csv {median(theirs):.2f} s, ratio {ratio:.2f}")
        print(f"read_preview {median(previews):.3f} s")
        answer = subprocess.run(
            [sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=True
        ).stdout
        peak, shallow, deep = (int(part) for part in answer.split())
        print(
            f"peak memory {peak / shallow:.1f} times the table ({peak / deep:.1f} times with every text counted)"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, int(sys.argv[2]) if len(sys.argv) > 2 else 7)
