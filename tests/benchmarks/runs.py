"""How long a list of 1,000 kept runs takes: `python -m tests.benchmarks.runs`; medians of 15, in milliseconds.

Beside it stands the bare reading of as many JSON files with Python's own json.
"""

from __future__ import annotations

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ann_tui.data.choices.source import Source
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.experiment_file import with_choices
from ann_tui.experiments.kept.run_list import holding, listed, ordered
from ann_tui.experiments.kept.run_store import RunStore
from ann_tui.tui.run_list.lines import RunLines

RUNS, REPEATS, ON_SCREEN, WIDTH = 1_000, 15, 40, 115


def main() -> None:
    """Fill a store, and print what each step takes."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        table.write_text("a,b\n1,2\n")
        store = RunStore(Path(folder) / "runs")
        rng = random.Random(0)
        for _ in range(RUNS):
            rate = rng.choice(["0.001", "0.01", "0.1"])
            changed = [f"training.seed={rng.randrange(99)}", f"training.learning_rate={rate}"]
            run = store.keep(with_choices(Experiment(Source(str(table), target="b")), changed))
            store.update(run, metrics={"r2": rng.random()}, epochs=rng.randrange(200))
        kept = store.runs()
        runs = listed((), kept, lambda run: None)

        def paint() -> None:
            lines = RunLines(runs, runs[0], [], WIDTH, ("run", False))
            for place in range(ON_SCREEN):
                lines.line(place)

        def bare() -> None:
            for path in store.root.glob("*/run.json"):
                json.loads(path.read_bytes())

        steps: dict[str, Callable[[], object]] = {
            "read from the disk": lambda: store.runs(),
            "made into a list": lambda: listed((), kept, lambda run: None),
            "sorted": lambda: ordered(runs, "validation"),
            "filtered, the first time": lambda: holding(listed((), kept, lambda run: None), "0.01 seed"),
            f"{ON_SCREEN} lines of it": paint,
            "bare json, the same files": bare,
        }
        for name, step in steps.items():
            print(f"{name:<28}{_median(step):8.1f}", flush=True)


def _median(step: Callable[[], object]) -> float:
    taken = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        step()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
