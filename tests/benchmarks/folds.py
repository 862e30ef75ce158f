"""How much faster folds are in two processes than in one: `python -m tests.benchmarks.folds`, on two idle cores.

Medians of interleaved repeats, the processes of the second way begun before. Beside it how much faster two processes
are that do nothing but count, which is all that the machine's cores have to give; what a fold costs beyond its own
trainings (its preparation, its judgement); and what is sent.
"""

from __future__ import annotations

import argparse
import pickle
import statistics
import time
from collections.abc import Callable
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
from tests.benchmarks.training_time import trainings_timed

SAMPLES = Path(__file__).parents[2] / "sample_data"
FOLDS = 10
COUNTED = 4_000_000


def main() -> None:
    """Print a line for each sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="of the whole measurement")
    parser.add_argument("--times", type=int, default=1, help="how often the rows are divided into folds")
    parser.add_argument("samples", nargs="*", default=["penguins", "churn", "digits"])
    asked = parser.parse_args()
    print(
        f"{'':<12}{'runs':>6}{'1 job':>9}{'2 jobs':>9}{'ratio':>8}{'counting':>10}"
        f"{'a fold beyond its trainings':>29}{'shared':>11}{'a task':>9}"
    )
    for name in asked.samples:
        _measure(name, asked.repeats, asked.times)


def _measure(name: str, repeats: int, times: int) -> None:
    source = Source(str(SAMPLES / f"{name}.csv"))
    data = load(source)
    experiment = suggested_experiment(source, data)
    validation = cross_validation(experiment, data, folds=FOLDS, repeats=times, baselines=False)
    bench, runs = Bench(validation), len(validation)
    one, two, beyond, counting = [], [], [], _counting(repeats)
    with Workers(bench, jobs=2) as workers:
        list(workers.each(one_fold, validation.places[:4]))
        for _ in range(repeats):
            seconds, training = _alone(validation)
            one.append(seconds)
            beyond.append((seconds - training) / runs)
            began = time.perf_counter()
            assert len(list(workers.each(one_fold, validation.places))) == runs
            two.append(time.perf_counter() - began)
    ratio = statistics.median(a / b for a, b in zip(one, two, strict=True))
    shared, task = len(pickle.dumps(bench)), len(pickle.dumps(validation.places[0]))
    rest = statistics.median(beyond) * 1e3
    print(
        f"{name:<12}{runs:6}{statistics.median(one):7.2f} s{statistics.median(two):7.2f} s{ratio:8.2f}"
        f"{statistics.median(counting):10.2f}{rest:26.0f} ms{shared / 1e3:8.0f} kB{task:7} B",
        flush=True,
    )


def _counting(repeats: int) -> list[float]:
    """How many times faster two processes count than one."""
    found = []
    with Workers(COUNTED, jobs=2) as workers:
        list(workers.each(_count, range(4)))
        for _ in range(repeats):
            began = time.perf_counter()
            for place in range(FOLDS):
                _count(COUNTED, place, bool)
            alone = time.perf_counter() - began
            began = time.perf_counter()
            list(workers.each(_count, range(FOLDS)))
            found.append(alone / (time.perf_counter() - began))
    return found


def _count(much: int, place: int, stopping: Callable[[], bool]) -> int:
    """Add numbers up, which needs no memory."""
    return sum(range(much)) + place


def _alone(validation: CrossValidation) -> tuple[float, float]:
    """The seconds of all folds in this process, and of their trainings."""
    with trainings_timed(time.perf_counter) as trained:
        began = time.perf_counter()
        assert len(list(fold_results(validation))) == len(validation)
        return time.perf_counter() - began, sum(trained)


if __name__ == "__main__":
    main()
