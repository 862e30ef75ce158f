"""What the defaults reach on the samples: `python -m tests.benchmarks.samples` prints the README's table.

Means over the seeds 0 to 4, which choose the split, the first weights and the shuffling; on test rows.
"""

from __future__ import annotations

import statistics
from dataclasses import replace

from ann_tui.data.choices.source import Source
from ann_tui.data.samples import samples
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.experiments.derived import first_experiment
from ann_tui.experiments.run import run_experiment

SEEDS = range(5)


def main() -> None:
    """Train every sample with every seed and print one row a sample."""
    print("| sample | target | network | linear model | majority or mean |\n|---|---|---|---|---|")
    for sample in samples():
        experiment, derived = first_experiment(Source(str(sample.path)))
        figures: list[list[float]] = []
        for seed in SEEDS:
            split = replace(experiment.preparation.split, seed=seed)
            seeded = replace(
                experiment,
                preparation=replace(experiment.preparation, split=split),
                plan=replace(experiment.plan, seed=seed),
            )
            evaluation = run_experiment(seeded, derived.data).judged
            metric = evaluation.measures.first
            nothing, linear = (baseline.metrics[metric] or 0.0 for baseline in evaluation.baselines[:2])
            figures.append([evaluation.scores["test"].metrics[metric] or 0.0, linear, nothing])
        means = [statistics.mean(column) for column in zip(*figures, strict=True)]
        shown = " | ".join(metric_text(metric, mean) for mean in means)
        print(f"| {sample.name} | {METRIC_TITLES[metric]} of `{sample.target}` | {shown} |", flush=True)


if __name__ == "__main__":
    main()
