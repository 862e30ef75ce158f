"""How much faster folds are in two processes than in one: `python -m tests.benchmarks.folds`, on two idle cores.

Medians of interleaved repeats, the processes of the second way begun before. Beside it what a fold costs beyond its own
training: its preparation, its judgement, and the way to a process and back; and what is sent.
"""

from __future__ import annotations

import argparse
import pickle
import statistics
import time
from pathlib import Path

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import load, suggested_experiment
from ann_tui.experiments.folds.cross_validation import (
    Bench,
    CrossValidation,
    cross_validation,
    fold_results,
    one_fold,
)
from ann_tui.experiments.workers.side_by_side import Workers

SAMPLES = Path(__file__).parents[2] / "sample_data"
FOLDS = 10


def main() -> None:
    """Print a line for each sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("samples", nargs="*", default=["penguins", "churn", "digits"])
    asked = parser.parse_args()
    print(
        f"{'':<12}{'1 job':>9}{'2 jobs':>9}{'ratio':>8}{'a fold beyond its training':>29}{'shared':>11}{'a task':>9}"
    )
    for name in asked.samples:
        _measure(name, asked.repeats)


def _measure(name: str, repeats: int) -> None:
    source = Source(str(SAMPLES / f"{name}.csv"))
    data = load(source)
    validation = cross_validation(suggested_experiment(source, data), data, folds=FOLDS, baselines=False)
    bench = Bench(validation)
    one, two, beyond = [], [], []
    with Workers(bench, jobs=2) as workers:
        list(workers.each(one_fold, validation.places[:4]))
        for _ in range(repeats):
            seconds, training = _alone(validation)
            one.append(seconds)
            beyond.append((seconds - training) / FOLDS)
            began = time.perf_counter()
            assert len(list(workers.each(one_fold, validation.places))) == FOLDS
            two.append(time.perf_counter() - began)
    ratio = statistics.median(a / b for a, b in zip(one, two, strict=True))
    shared, task = len(pickle.dumps(bench)), len(pickle.dumps(validation.places[0]))
    print(
        f"{name:<12}{statistics.median(one):7.2f} s{statistics.median(two):7.2f} s{ratio:8.2f}"
        f"{statistics.median(beyond) * 1e3:26.0f} ms{shared / 1e3:8.0f} kB{task:7} B",
        flush=True,
    )


def _alone(validation: CrossValidation) -> tuple[float, float]:
    """The seconds of all folds in this process, and of their trainings."""
    began = time.perf_counter()
    results = list(fold_results(validation))
    return time.perf_counter() - began, sum(result.seconds for result in results)


if __name__ == "__main__":
    main()
