"""A cross-validation in words, for the command line and the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ann_tui.data.plain_text import printable
from ann_tui.evaluation.bootstrap import Interval
from ann_tui.evaluation.metrics import METRIC_TITLES, PERCENT_METRICS, metric_text
from ann_tui.evaluation.verdict import interval_text
from ann_tui.figures import counted

if TYPE_CHECKING:
    from ann_tui.experiments.folds.cross_validated import CrossValidated
    from ann_tui.experiments.folds.fold_scores import Paired, Score

HOW_TOLD = (
    "Folds share training rows, so the 95 % interval of the mean is wider than their spread alone would give "
    "(corrected resampled t-test, Nadeau and Bengio 2003)."
)


def folds_text(validated: CrossValidated) -> str:
    """Which folds there are: '5 stratified folds, 2 repeats, 3 seeds'."""
    validation = validated.validation
    method = fold_method(validated)
    kind = {"group": "grouped", "time": "expanding-window"}.get(method, method)
    found = [f"{validation.folds} {kind} folds"]
    if validation.repeats > 1:
        found.append(f"{validation.repeats} repeats")
    if validation.seeds > 1:
        found.append(f"{validation.seeds} seeds")
    return ", ".join(found)


def fold_method(validated: CrossValidated) -> str:
    """How the folds are made, by the name of a split: numbers have no classes to be stratified by."""
    method = validated.validation.experiments[0].preparation.split.method
    return "random" if method == "stratified" and not validated.classes() else method


def how_told(validated: CrossValidated) -> str:
    """How the intervals are made; "" where no score has one."""
    told = any(
        score.low is not None
        for variant in range(len(validated.validation.experiments))
        for score in validated.scores(variant).values()
    )
    return HOW_TOLD if told else ""


def positive_text(validated: CrossValidated) -> str:
    """Which of two classes the metrics of a ranking are about; "" where there are more, or numbers."""
    classes = validated.classes()
    if len(classes) != 2:
        return ""
    return f"ROC AUC and average precision take '{printable(classes[1], 40)}' as the positive class."


def score_text(score: Score) -> str:
    """A score in a line: 'accuracy 98.8 % ± 0.8, 95 % of the mean: 97.5–100'."""
    told = f"{METRIC_TITLES[score.metric]} {metric_text(score.metric, score.mean)}"
    if score.std is None:
        return told
    return f"{told} ± {spread_text(score)}, 95 % of the mean: {ends_text(score)}"


def spread_text(score: Score) -> str:
    """The standard deviation over the folds, in points where the metric is a percentage; '' for none."""
    if score.std is None:
        return ""
    if score.metric in PERCENT_METRICS:
        return f"{score.std * 100:.1f}"
    return metric_text(score.metric, score.std)


def ends_text(score: Score) -> str:
    """The 95 % interval of the mean: '93.1–98.6'; '' for none."""
    if score.low is None or score.high is None:
        return ""
    return interval_text(score.metric, Interval(score.low, score.high))


def difference_of(paired: Paired) -> str:
    """The difference of two experiments with its interval: '+1.2 (+0.3 … +2.1)'; '' where there is no pair."""
    if paired.difference is None:
        return ""
    unit, digits = (100, 1) if paired.metric in PERCENT_METRICS else (1, 3)
    mean = round(paired.difference.mean * unit, digits) + 0.0  # No -0.0.
    interval = paired.difference.interval
    ends = (
        ""
        if interval is None
        else f" ({interval.low * unit:+.{digits}f} … {interval.high * unit:+.{digits}f})"
    )
    return f"{mean:+.{digits}f}{ends}"


def paired_text(paired: Paired, first: str, second: str, folds: str = "folds") -> str:
    """Which of two is better on the same folds, by how much and how surely, in one sentence.

    Where the 95 % interval holds 0, chance alone explains the difference.
    """
    gain, difference = paired.gain, paired.difference
    if gain is None or difference is None:
        return f"{first} and {second} were judged together in no fold: nothing can be told."
    title = METRIC_TITLES[paired.metric]
    figures = (
        f"{title} {metric_text(paired.metric, paired.first)} and {metric_text(paired.metric, paired.second)}"
    )
    if difference.interval is None:
        return f"{first} and {second} have {figures} in one fold: too few to tell which is better."
    unit, digits = (100, 1) if paired.metric in PERCENT_METRICS else (1, 3)
    noun = "points" if unit == 100 else f"of {title}"
    level = not float(f"{gain * unit:.{digits}f}")
    while level and paired.clear and gain and not float(f"{gain * unit:.{digits}f}"):
        digits += 1  # A difference that chance doesn't explain is told, however small.
    size = f"{abs(gain) * unit:.{digits}f} {noun}"
    # The interval is that of the better one less the other, in errors of the other less the better one.
    sign = 1 if difference.mean > 0 else -1
    low, high = sorted(sign * end * unit + 0.0 for end in (difference.interval.low, difference.interval.high))
    on = f"on the same {counted(paired.pairs, 'fold')}"
    test = (
        f"({figures}; 95 %: {low:+.{digits}f} … {high:+.{digits}f}; p = {difference.probability:.2g}, corrected "
        "resampled t-test)"
    )
    if not gain:
        return f"{first} and {second} are as good as each other {on} {test}."
    better, other = (first, second) if gain > 0 else (second, first)
    if not paired.clear and level:
        return f"No clear difference {on}: {first} and {second} are level {test}."
    if not paired.clear:
        return f"No clear difference {on}: {better} is ahead of {other} by {size}, within the margin of chance {test}."
    return f"{better} is better than {other} by {size} {on} {test}."


def verdict_text(validated: CrossValidated) -> str:
    """The network beside its best baseline on the same folds; '' where none was fitted."""
    metric = validated.metric
    scores = validated.baseline_scores()
    known = [
        (score.mean, name)
        for name, by_metric in scores.items()
        if (score := by_metric.get(metric)) is not None and score.mean is not None
    ]
    if not known:
        return ""
    _, rival = max(known)
    text = paired_text(validated.against_baseline(rival), "the network", f"the {rival}")
    return text[:1].upper() + text[1:]
