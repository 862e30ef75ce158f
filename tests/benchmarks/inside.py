"""What it costs to look into a network while it trains: digits with each view open, beside none.

    python -m tests.benchmarks.inside [REPEATS]

The same experiment is trained in turn by the app in a pseudo-terminal, at full speed, with the cost alone on the screen
(`m`) and with each view of the network's inside beside it, gone into with `i`; the seconds are those that the history
of each tells. Once more with each view a key is pressed again and again: down, or `l`, which draws the cost anew. A
weight map of 76×23 cells is painted again and again.
"""

from __future__ import annotations

import os
import select
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from rich.style import Style

from ann_tui.tui.charts.canvas import Canvas
from ann_tui.tui.charts.signed import draw_signed
from tests.benchmarks.in_terminal import SAMPLES, begin_training, write_experiment
from tests.benchmarks.live import _answer, _said, told

EPOCHS = 300
DOWN = "\x1b[B"
VIEWS = ("network", "relevance", "boundary", "health", "descent")


def in_app(path: Path, keys: str, press: str = "") -> tuple[float, list[float]]:
    """Seconds of the training after these keys, and of the answers to a key that is pressed again and again."""
    with tempfile.TemporaryDirectory() as place:
        home, answers = Path(place), list[float]()
        words, homes, where = told(home)
        child = begin_training(path, home, words, homes)
        for key in keys:
            os.write(child.child_fd, key.encode())
            time.sleep(0.15)
        while not where.exists():
            if press and list((home / "ann-tui").glob("unfinished/*/about.json")):
                answers.append(_answer(child, press.encode(), 0.5)[0])
                time.sleep(0.1)
            elif select.select([child.child_fd], [], [], 0.02)[0]:
                os.read(child.child_fd, 1 << 16)
        seconds = float(where.read_text())
        child.close(force=True)
        return seconds, answers


def paint() -> float:
    """Seconds in which a map of 76×23 weights becomes strips, the median of 300."""
    values = np.random.default_rng(0).normal(size=(23, 76))
    found = []
    for _ in range(300):
        start = time.perf_counter()
        canvas = Canvas(76, 23)
        draw_signed(canvas, 0, 0, values, 3.0)
        canvas.strips(Style(), lambda ink: Style(bold=ink.bold))
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def main(repeats: int) -> None:
    """Print the figures."""
    print(f"a map of 76×23 weights: {paint() * 1e3:.2f} ms (goal 3)", flush=True)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "run.toml"
        write_experiment(path, SAMPLES / "digits.csv", EPOCHS)
        rounds = [
            (in_app(path, "m")[0], [in_app(path, "i" + "v" * view)[0] for view in range(len(VIEWS))])
            for _ in range(repeats)
        ]
        pressed = [in_app(path, "i" + "v" * view, DOWN if view < 2 else "l")[1] for view in range(len(VIEWS))]
    for view, name in enumerate(VIEWS):
        ratio = statistics.median(opened[view] / closed for closed, opened in rounds)
        print(
            f"{name}: training takes {ratio:.3f} times as long (goal 1.1); keys {_said(pressed[view])} (goal 50)"
        )


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(numbers[0] if numbers else 3)
