"""The scripts that are kept, and how they are made anew: `python -m tests.export.golden_scripts`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import load, prepare_experiment, suggested_experiment
from ann_tui.experiments.presets import with_preset
from ann_tui.export.source_rows import rows_code
from ann_tui.export.writing import FRAMEWORKS, experiment_script
from ann_tui.training.plan import TrainingPlan

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "golden"
SAMPLES = {"penguins": "good", "cars": "good", "churn": "strong", "digits": "plain", "spirals": "plain"}
"""The samples, each with a preset."""


def scripts() -> Iterator[tuple[str, str]]:
    """Each kept script's name and its text as it is now; scikit-learn's have a plan that it can say."""
    for sample, preset in SAMPLES.items():
        source = Source(str(ROOT / "sample_data" / f"{sample}.csv"))
        data = load(source)
        suggested = suggested_experiment(source, data)
        found = with_preset(suggested, preset, len(data.table.frame))
        plain = with_preset(suggested, "plain", len(data.table.frame))
        simple = replace(plain, plan=TrainingPlan(optimizer="adam", schedule="constant"))
        for framework in FRAMEWORKS:
            chosen = simple if framework in ("sklearn", "ann") else found
            prepared = prepare_experiment(chosen, data)
            rows = rows_code(prepared, ROOT / "sample_data", sample)
            yield f"{sample}_{framework}.py", experiment_script(framework, chosen, prepared, rows)


def main() -> None:
    """Keep them as they are now."""
    GOLDEN.mkdir(exist_ok=True)
    for name, text in scripts():
        (GOLDEN / f"{name}.txt").write_text(text, encoding="utf-8")
        print(name, len(text.split("\n")), file=sys.stderr)


if __name__ == "__main__":
    main()
