"""How fast `ann-tui predict` goes through a large file, and in how much memory, beside pandas on the same file.

    python -m tests.benchmarks.prediction [ROWS] [REPEATS]

Both are processes of their own, in turn: `ann-tui predict` reads, predicts and writes; pandas only reads the file and
writes it again. Times are medians; memory is the peak of the process, for a tenth of the rows and for all of them.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = str(Path(sys.executable).parent / "ann-tui")
PANDAS = "import sys, pandas; pandas.read_csv(sys.argv[1]).to_csv(sys.argv[2], index=False)"


def write_table(path: Path, rows: int) -> None:
    """8 columns of numbers, 2 of words, and a target of 3 classes; 1 % of the first column is missing."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(0)
    columns: dict[str, object] = {f"x{place}": rng.normal(0, 100, rows).round(3) for place in range(8)}
    columns |= {f"w{place}": rng.choice(["red", "green", "blue", "yellow"], rows) for place in range(2)}
    frame = pd.DataFrame(columns)
    frame["class"] = np.array(["low", "middle", "high"])[np.digitize(frame["x1"] + frame["x2"], [-60, 60])]
    frame.loc[rng.random(rows) < 0.01, "x0"] = np.nan
    frame.to_csv(path, index=False)


def timed(command: list[str]) -> tuple[float, int]:
    """The seconds that a process took, and its peak memory in bytes."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return time.perf_counter() - begin, usage.ru_maxrss * 1024


def main(rows: int, repeats: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        small, large, out, model = (
            Path(folder) / name for name in ("small.csv", "large.csv", "out.csv", "m.ann")
        )
        # In processes of their own: a child's peak begins at the memory that its parent has.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            pool.starmap(write_table, [(small, rows // 10), (large, rows)])
        train = [COMMAND, "train", str(small), "--target", "class", "--epochs", "3", "--save", str(model)]
        subprocess.run(train, check=True, capture_output=True)

        def predicting(path: Path) -> tuple[float, int]:
            return timed([COMMAND, "predict", str(model), str(path), "-o", str(out)])

        def copying(path: Path) -> tuple[float, int]:
            return timed([sys.executable, "-c", PANDAS, str(path), str(out)])

        pairs = [(predicting(large), copying(large)) for _ in range(repeats)]
        ours, theirs = (statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
        ratio = statistics.median(a[0] / b[0] for a, b in pairs)
        print(f"{rows:,} rows x 11 columns, {large.stat().st_size / 1e6:.0f} MB, medians of {repeats}")
        print(
            f"ann-tui predict {ours:.2f} s ({rows / ours:,.0f} rows/s), pandas read and write {theirs:.2f} s, "
            f"ratio {ratio:.2f}"
        )
        print(
            f"peak memory: ann-tui predict {predicting(small)[1] / 1e6:.0f} MB for {rows // 10:,} rows, "
            f"{pairs[0][0][1] / 1e6:.0f} MB for {rows:,}; pandas {copying(small)[1] / 1e6:.0f} MB, "
            f"{pairs[0][1][1] / 1e6:.0f} MB"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, int(sys.argv[2]) if len(sys.argv) > 2 else 5)
