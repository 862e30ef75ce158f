"""What the presets reach on the samples: `python -m tests.benchmarks.samples` prints the README's table.

Means over the seeds 0 to 4, which choose the split, the first weights and the shuffling; on test rows.
"""

from __future__ import annotations

import statistics
from dataclasses import replace

from ann_tui.data.choices.source import Source
from ann_tui.data.samples import samples
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.experiments.derived import first_experiment
from ann_tui.experiments.presets import DEFAULT_PRESET, PRESETS, with_preset
from ann_tui.experiments.run import run_experiment

SEEDS = range(5)


def main() -> None:
    """Train every sample with every preset and seed, and print one row a sample."""
    names = ["sample", "target", *PRESETS, "boosted trees", "linear model", "majority or mean"]
    print(f"| {' | '.join(names)} |\n|{'---|' * len(names)}")
    for sample in samples():
        first, derived = first_experiment(Source(str(sample.path)))
        means: list[float] = []
        beside: list[list[float]] = []
        for preset in PRESETS:
            experiment = with_preset(first, preset, len(derived.table.frame))
            own: list[float] = []
            for seed in SEEDS:
                split = replace(experiment.preparation.split, seed=seed)
                seeded = replace(
                    experiment,
                    preparation=replace(experiment.preparation, split=split),
                    plan=replace(experiment.plan, seed=seed),
                )
                result = run_experiment(seeded, derived.data, baselines=preset == DEFAULT_PRESET)
                evaluation = result.judged
                metric = evaluation.measures.first
                own.append(evaluation.scores["test"].metrics[metric] or 0.0)
                if evaluation.baselines:
                    beside.append([each.metrics[metric] or 0.0 for each in reversed(evaluation.baselines)])
            means.append(statistics.mean(own))
        means += [statistics.mean(column) for column in zip(*beside, strict=True)]
        shown = " | ".join(metric_text(metric, mean) for mean in means)
        print(f"| {sample.name} | {METRIC_TITLES[metric]} of `{sample.target}` | {shown} |", flush=True)


if __name__ == "__main__":
    main()
