"""Learning-rate schedules as code: a factor of the rate by the progress, from 0 at the first batch towards 1."""

from __future__ import annotations

from collections.abc import Mapping

from ann_tui.export.code_text import written
from ann_tui.export.export_error import ExportError
from ann_tui.training.plan import TrainingPlan

FACTORS: Mapping[str, str] = {
    "constant": "1.0",
    "step": "0.1 ** math.floor(3 * progress)",
    "exponential": "0.01**progress",
    "linear": "1 - progress",
    "cosine": "0.5 + 0.5 * math.cos(math.pi * progress)",
    "cosine restarts": "0.5 + 0.5 * math.cos(math.pi * (4 * progress % 1))",
    "one cycle": "one_cycle(progress)",
    "coslog4": "0.5 - 0.5 * math.cos(2 * math.pi * math.log2(1 + 15 * progress))",
    "plateau": "1.0",
}
"""The factor of each schedule."""

ONE_CYCLE = '''def one_cycle(progress):
    """Half a cosine wave from 1/25 up to 1, then another down to almost 0 (Smith & Topin 2017)."""
    if progress < 0.3:
        return 1 - (1 - 1 / 25) * (0.5 + 0.5 * math.cos(math.pi * progress / 0.3))
    low = 1 / 250_000
    return low + (1 - low) * (0.5 + 0.5 * math.cos(math.pi * (progress - 0.3) / 0.7))
'''


def rate_factor(plan: TrainingPlan) -> str:
    """The function `rate_factor(progress)`; "" where the rate stays as it is, or the epochs decide.

    Raises ExportError for a schedule that can't be written as code.
    """
    if plan.schedule not in FACTORS:
        raise ExportError(f"schedule {plan.schedule!r} can't be written as code")
    if plan.schedule == "plateau" and plan.warm_up:
        raise ExportError(
            "schedule 'plateau' after a warm-up can't be written as code: leave one of them out"
        )
    factor = FACTORS[plan.schedule]
    if factor == "1.0" and not plan.warm_up:
        return ""
    before = f"{ONE_CYCLE}\n\n" if plan.schedule == "one cycle" else ""
    share = written(plan.warm_up)
    warm_up = (
        f"    if progress < {share}:\n        return progress / {share}\n"
        f"    progress = (progress - {share}) / (1 - {share})\n"
        if plan.warm_up
        else ""
    )
    doc = f'    """{plan.schedule}: the share of the learning rate, by the share of the training."""\n'
    return f"{before}def rate_factor(progress):\n{doc}{warm_up}    return {factor}\n"
