"""What it costs to watch a training, to keep its epochs and to put it away: the app beside `ann-tui train`.

    python -m tests.benchmarks.live [REPEATS] [--large]

The same experiment is trained in turn by the app in a pseudo-terminal, at full speed with its timeline and its
checkpoints, and by the command line without a timeline; the seconds are those that the history of each tells. While the
app trains, cursor keys are pressed and answered. Then an ended run of 500 epochs is walked through key by key: the time
is that from the key to the last byte of what it paints. `--large` takes 60,000 rows of 784 features with layers of 256
and 128 units instead of the small table.
"""

from __future__ import annotations

import os
import select
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pexpect

from tests.benchmarks.in_terminal import SAMPLES, begin_training, environment, write_experiment

TELLING = """
import os
from ann_tui.training.trainer import Trainer
usual = Trainer.run
def run(self, until=None):
    found = usual(self, until)
    with open(os.environ["TOLD"] + ".part", "w") as file:
        file.write(str(self._clock.seconds))
    os.replace(os.environ["TOLD"] + ".part", os.environ["TOLD"])
    return found
Trainer.run = run
from ann_tui.cli import main
main()
"""
QUIET = 0.012
"""So long without a byte, and a screen is painted."""


def experiment_in(folder: Path, *, large: bool) -> Path:
    """The experiment that is trained."""
    table, path = folder / "table.csv", folder / "run.toml"
    if large:
        rng = np.random.default_rng(0)
        values = rng.integers(0, 100, (60_000, 784), dtype=np.uint8)
        names = [f"x{place}" for place in range(784)]
        with table.open("w", encoding="utf-8") as file:
            file.write(",".join([*names, "y"]) + "\n")
            for row in values:
                file.write(",".join(map(str, row.tolist())) + f",c{int(row[:8].sum()) % 10}\n")
        layers, epochs, batch = "256 relu, 128 relu", 6, 128
    else:
        rng = np.random.default_rng(0)
        numbers = rng.normal(size=(150, 4)).round(2)
        lines = [",".join(map(str, row)) + f",{'abc'[int(abs(row[0]) * 2) % 3]}" for row in numbers.tolist()]
        table.write_text("p,q,r,s,y\n" + "\n".join(lines) + "\n", encoding="utf-8")
        layers, epochs, batch = "16 relu", 12_000, 16
    options = ("--target", "y", "--layers", layers, "--set", f"training.batch={batch}")
    write_experiment(path, table, epochs, *options)
    return path


def told(folder: Path) -> tuple[list[str], dict[str, str], Path]:
    """`ann-tui` that tells how long its training took, by the training's own clock: words, environment, and where."""
    where = folder / "seconds"
    return [sys.executable, "-c", TELLING], environment(folder) | {"TOLD": str(where)}, where


def headless(path: Path) -> float:
    """Seconds of the training on the command line."""
    with tempfile.TemporaryDirectory() as place:
        words, homes, where = told(Path(place))
        words += ["train", str(path), "--no-baselines"]
        subprocess.run(words, check=True, capture_output=True, env=homes)
        return float(where.read_text())


def _answer(child: pexpect.spawn[bytes], key: bytes, longest: float = 2.0) -> tuple[float, float]:
    """Seconds from a key to the first byte that comes back, and to the last."""
    start = time.perf_counter()
    os.write(child.child_fd, key)
    first = last = longest
    end = start + longest
    while (left := min(end, (start + last + QUIET) if first < longest else end) - time.perf_counter()) > 0:
        if select.select([child.child_fd], [], [], left)[0]:
            os.read(child.child_fd, 1 << 16)
            last = time.perf_counter() - start
            first = min(first, last)
    return first, last


def in_app(path: Path, *, press: bool) -> tuple[float, list[float]]:
    """Seconds of the training in the app, and of the answers to keys on the Data screen while it goes on."""
    with tempfile.TemporaryDirectory() as place:
        home, answers = Path(place), list[float]()
        words, homes, where = told(home)
        child = begin_training(path, home, words, homes)
        if press:
            child.send("1")
            time.sleep(0.3)
        while not where.exists():
            if press and list((home / "ann-tui").glob("unfinished/*/about.json")):
                answers.append(_answer(child, b"\x1b[B" if len(answers) % 4 < 2 else b"\x1b[A", 0.5)[0])
                time.sleep(0.02)
            elif select.select([child.child_fd], [], [], 0.02)[0]:
                os.read(child.child_fd, 1 << 16)
        seconds = float(where.read_text())
        child.close(force=True)
        return seconds, answers


def walk() -> list[float]:
    """Seconds that each of 500 steps back takes to be painted, on the samples in turn."""
    found: list[float] = []
    for sample in ("penguins", "digits", "cars"):
        with tempfile.TemporaryDirectory() as place:
            home, path = Path(place), Path(place) / "run.toml"
            write_experiment(path, SAMPLES / f"{sample}.csv", 500)
            child = begin_training(path, home)
            child.expect_exact(b"are kept")
            time.sleep(8)
            while select.select([child.child_fd], [], [], 0.5)[0]:
                os.read(child.child_fd, 1 << 16)
            steps = [_answer(child, b"\x1b[D")[1] for _ in range(500)]
            child.close(force=True)
            print(f"{sample}: a step back {_said(steps)}", flush=True)
            found += steps
    return found


def _said(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return (
        f"median {ordered[len(ordered) // 2] * 1e3:.1f} ms, 99th percentile "
        f"{ordered[int(len(ordered) * 0.99)] * 1e3:.1f} ms, {len(ordered)} keys"
    )


def main(repeats: int, *, large: bool) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path = experiment_in(folder, large=large)
        pairs = [(in_app(path, press=False)[0], headless(path)) for _ in range(repeats)]
        ours, theirs = zip(*pairs, strict=True)
        ratio = statistics.median(one / other for one, other in pairs)
        print(
            f"training: the app {statistics.median(ours):.2f} s, the command line {statistics.median(theirs):.2f} s, "
            f"ratio {ratio:.3f} (goal {1.05 if large else 1.25}), {repeats} pairs",
            flush=True,
        )
        keys = in_app(path, press=True)[1]
        print(f"keys while it trains: {_said(keys)} (goal 50)", flush=True)
    if not large:
        walk()


if __name__ == "__main__":
    is_large = "--large" in sys.argv
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(numbers[0] if numbers else 5, large=is_large)
