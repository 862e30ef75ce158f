"""What a sweep costs beside its trainings, and whether what it finds is as good as the defaults on the test rows.

`python -m tests.benchmarks.sweeps --cost` trains 200 trials on penguins; `--samples` lets a sweep of 40 trials look for
a network on each sample, with five seeds, and scores the default network and the winner on the same test rows. A name
of a sample beside it leaves the others out.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import load, prepare_experiment, suggested_experiment
from ann_tui.experiments.experiment import with_seeds
from ann_tui.experiments.kept.run_store import RunStore
from ann_tui.experiments.run import run_experiment
from ann_tui.experiments.sweeps.kept_sweep import keep_sweep
from ann_tui.experiments.sweeps.proposals import default_sampler
from ann_tui.experiments.sweeps.sweep import sweep_of, winning
from ann_tui.experiments.sweeps.sweep_course import SweepCourse
from tests.benchmarks.training_time import trainings_timed

SAMPLES = {
    "penguins": ("species", "accuracy"),
    "churn": ("churn", "accuracy"),
    "cars": ("Miles_per_Gallon", "r2"),
    "digits": ("digit", "accuracy"),
    "spirals": ("spiral", "accuracy"),
}
FOLDER = Path(__file__).parents[2] / "sample_data"
SEEDS = range(5)
GOAL = 40
"""Milliseconds that a trial may cost beyond its training."""


def cost(trials: int, sampler: str, epochs: int | None) -> None:
    """Print what a trial costs beyond its training, everything kept on disk, in seconds of the processor.

    With fewer `epochs` the trainings are shorter, and what comes beside them is the same.
    """
    source = Source(str(FOLDER / "penguins.csv"), target="species")
    data = load(source)
    asked = suggested_experiment(source, data)
    asked = replace(asked, plan=replace(asked.plan, epochs=epochs or asked.plan.epochs))
    sweep = sweep_of(asked, prepare_experiment(asked, data), trials=trials, sampler=sampler)
    with tempfile.TemporaryDirectory() as folder, trainings_timed(time.process_time) as trained:
        root = Path(folder)
        with keep_sweep(sweep, asked, "species", root=root / "sweeps") as kept:
            course = SweepCourse(sweep, kept, RunStore(root / "runs"))
            began = time.process_time()
            for _ in course.run(data):
                pass
            seconds = time.process_time() - began
    found = course.standing.trials
    beyond = (seconds - sum(trained)) / len(found) * 1000
    print(
        f"{len(found)} trials ({sampler}): {seconds:.1f} CPU seconds, of which {sum(trained):.1f} training; "
        f"{beyond:.1f} ms a trial beyond that (the goal is {GOAL})"
    )


def samples(names: list[str], trials: int, sampler: str, folds: int) -> None:
    """Print the test scores of the default network and of the winner, seed by seed and on average."""
    for name in names:
        target, metric = SAMPLES[name]
        source = Source(str(FOLDER / f"{name}.csv"), target=target)
        data = load(source)
        pairs = []
        for seed in SEEDS:
            began = time.perf_counter()
            asked = with_seeds(suggested_experiment(source, data), split=seed, plan=seed)
            prepared = prepare_experiment(asked, data)
            sweep = sweep_of(asked, prepared, trials=trials, seed=seed, sampler=sampler, folds=folds)
            course = SweepCourse(sweep)
            for _ in course.run(data):
                pass
            best = course.standing.best
            assert best is not None
            scores = [
                run_experiment(each, data, baselines=False).judged.scores["test"].metrics
                for each in (replace(asked, steering=()), winning(best, asked))
            ]
            pairs.append([float(each[metric] or 0.0) for each in scores])
            costs = [each.get("log_loss", each.get("rmse")) for each in scores]
            print(
                f"  {name} seed {seed}: default {pairs[-1][0]:.4f}, trial {best.number} {pairs[-1][1]:.4f} "
                f"(log loss or RMSE {costs[0]:.4f}, {costs[1]:.4f}; {time.perf_counter() - began:.0f} s)",
                flush=True,
            )
        mean = np.mean(pairs, axis=0)
        verdict = "at least as good" if mean[1] >= mean[0] else "worse"
        print(f"{name}, {metric}: default {mean[0]:.4f}, winner {mean[1]:.4f}: {verdict}", flush=True)


def main() -> None:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(SAMPLES)}")
    parser.add_argument("--cost", action="store_true")
    parser.add_argument("--samples", action="store_true")
    parser.add_argument("--trials", type=int)
    parser.add_argument("--epochs", type=int, help="with --cost: shorter trainings")
    parser.add_argument("--folds", type=int, default=0, help="with --samples: choose by so many folds")
    parser.add_argument("--sampler", default=default_sampler())
    given = parser.parse_args()
    if given.cost:
        cost(given.trials or 200, given.sampler, given.epochs)
    if given.samples:
        samples(given.names or list(SAMPLES), given.trials or 40, given.sampler, given.folds)


if __name__ == "__main__":
    main()
