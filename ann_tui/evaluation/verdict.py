"""Whether the network earns its keep, in one sentence."""

from __future__ import annotations

from ann_tui.data.plain_text import printable
from ann_tui.evaluation.bootstrap import Interval
from ann_tui.evaluation.evaluation import Evaluation
from ann_tui.evaluation.metrics import METRIC_TITLES, PERCENT_METRICS, metric_text
from ann_tui.figures import counted, number

FEWEST_ROWS = 10
"""With fewer judged rows drawing them anew says little, so that no difference is called a win."""


def verdict(evaluation: Evaluation) -> str:
    """Whether the network is better than its best baseline, by the target's first metric on the judged rows.

    Rows that all have the same target can't tell a good network from a bad one, and get no verdict.
    A difference whose 95 % interval holds zero is within the margin of chance, and no win; nor is any on fewer
    than `FEWEST_ROWS` rows.
    """
    if evaluation.pending:
        return "The baselines are being computed."
    alike = all_alike(evaluation)
    if alike is not None:
        return alike
    if evaluation.judged == "training":
        return (
            "No verdict: no rows were kept from training, and rows that a model has learned tell little of how it does "
            "on others."
        )
    metric = evaluation.measures.first
    own = evaluation.scores[evaluation.judged].metrics.get(metric)
    known = [
        (value, baseline)
        for baseline in evaluation.baselines
        if (value := baseline.metrics.get(metric)) is not None
    ]
    if own is None or not known:
        return "There are too few rows to compare."
    best, rival = max(known, key=lambda pair: pair[0])
    title, name = METRIC_TITLES[metric], rival.name
    figures = f"{title} {metric_text(metric, own)} against {metric_text(metric, best)}"
    rows = evaluation.scores[evaluation.judged].rows
    if rows < FEWEST_ROWS:
        judged = counted(rows, f"{evaluation.judged} row")
        return f"Too few rows to tell the network from the {name}: {figures}, on {judged}."
    if rival.difference is not None:
        figures += f" (difference {difference_text(evaluation, rival.difference)})"
    if own == best:
        return f"The network is as good as the {name} ({title} {metric_text(metric, own)}), which is simpler."
    if rival.difference is not None and rival.difference.low <= 0 <= rival.difference.high:
        way = "ahead of" if own > best else "behind"
        return (
            f"No clear winner: the network is {way} the {name}, but within the margin of chance: {figures}."
        )
    if own > best:
        return f"The network beats the {name}: {figures}."
    return f"The network does not win, the {name} is better: {figures}."


def all_alike(evaluation: Evaluation) -> str | None:
    """Why no figure says anything, where all judged rows have the same target; None where they differ."""
    actual, rows = evaluation.actual, f"{len(evaluation.actual):,} {evaluation.judged} rows"
    if len(actual) < 2 or actual.min() < actual.max():
        return None
    if evaluation.classes:
        label = printable(evaluation.classes[int(actual[0])], 40)
        alike, said = f"the {rows} are all of the class {label}", "well the network tells the classes apart"
    else:
        name = printable(evaluation.target.name, 40)
        alike, said = f"{name} is {number(float(actual[0]))} in all {rows}", "well the network follows it"
    return f"No verdict: {alike}, so that no figure says how {said}. Another split, or more rows, would."


def difference_text(evaluation: Evaluation, difference: Interval) -> str:
    """The 95 % interval of a difference of the first metric: '+1.4 … +5.8 points', or '-0.02 … +0.11'."""
    if evaluation.measures.first in PERCENT_METRICS:
        return f"{difference.low * 100:+.1f} … {difference.high * 100:+.1f} points"
    return f"{difference.low:+.3f} … {difference.high:+.3f}"


def interval_text(metric: str, interval: Interval | None) -> str:
    """A metric's interval: '93.1–98.6', in percent where the metric is; '' for none."""
    if interval is None:
        return ""
    if metric in PERCENT_METRICS:
        return "–".join(f"{end * 100:.1f}".replace("100.0", "100") for end in (interval.low, interval.high))
    return "–".join(metric_text(metric, end) for end in (interval.low, interval.high))
