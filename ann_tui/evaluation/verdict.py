"""Whether the network earns its keep, in one sentence."""

from __future__ import annotations

from ann_tui.data.plain_text import printable
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD
from ann_tui.evaluation.aimed import aim_text, aim_title, difference_of, figure_beside, own_figure
from ann_tui.evaluation.bootstrap import Interval
from ann_tui.evaluation.decision import answers_at, at_threshold
from ann_tui.evaluation.evaluation import Evaluation
from ann_tui.evaluation.metrics import METRIC_TITLES, PERCENT_METRICS, metric_text
from ann_tui.evaluation.threshold import Aim
from ann_tui.figures import counted, number

FEWEST_ROWS = 10
"""With fewer judged rows drawing them anew says little, so that no difference is called a win."""


def verdict(evaluation: Evaluation) -> str:
    """Whether the network is better than its best baseline, by the target's first metric on the judged rows.

    Where the validation rows chose its threshold, by what they chose it for instead; where a person set it, at 0.5.

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
    if evaluation.aim is not None:
        return _for_aim(evaluation, evaluation.aim)
    if evaluation.threshold != DEFAULT_THRESHOLD:
        return (
            f"At the usual threshold of {DEFAULT_THRESHOLD:g}, where all can be compared: "
            f"{_by_first_metric(at_threshold(evaluation, DEFAULT_THRESHOLD))} It decides at {evaluation.threshold:g} "
            "here, for which accuracy was not what mattered."
        )
    return _by_first_metric(evaluation)


def _by_first_metric(evaluation: Evaluation) -> str:
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
    difference = rival.difference
    return _sentence(
        evaluation,
        rival.name,
        METRIC_TITLES[metric],
        (metric_text(metric, own), metric_text(metric, best)),
        own - best,
        difference,
        "" if difference is None else difference_text(evaluation, difference),
    )


def _for_aim(evaluation: Evaluation, aim: Aim) -> str:
    """By what the threshold was chosen for; each baseline has one that was chosen for the same on the same rows."""
    own, way = own_figure(evaluation, aim), -1 if aim.costs else 1
    known = [
        (value, baseline)
        for baseline in evaluation.baselines
        if (value := figure_beside(evaluation, aim, baseline)) is not None
    ]
    if not known:
        return "There are too few rows to compare."
    best, rival = max(known, key=lambda pair: way * pair[0])
    assert rival.answers is not None
    answers = answers_at(evaluation, evaluation.threshold)
    found = difference_of(aim, evaluation.actual, answers, rival.answers)
    ahead = found if way > 0 else Interval(-found.high, -found.low)
    unit, digits, points = (1, 3, "") if aim.costs else (100, 1, " points")
    low, high = (f"{end * unit:+.{digits}f}" for end in (found.low, found.high))
    said = _sentence(
        evaluation,
        rival.name,
        aim_title(evaluation, aim),
        (aim_text(aim, own), aim_text(aim, best)),
        way * (own - best),
        ahead,
        f"{low} … {high}{points}",
    )
    return (
        f"{said} Each decides at the threshold that the validation rows chose for {aim.text_of(evaluation.classes)}; "
        "accuracy was not the aim."
    )


def _sentence(
    evaluation: Evaluation,
    rival: str,
    title: str,
    values: tuple[str, str],
    gain: float,
    ahead: Interval | None,
    between: str,
) -> str:
    """Who wins, by a figure of which the network has the first of two values: by `gain`, above 0 where it is better."""
    figures = f"{title} {values[0]} against {values[1]}"
    rows = evaluation.scores[evaluation.judged].rows
    if rows < FEWEST_ROWS:
        judged = counted(rows, f"{evaluation.judged} row")
        return f"Too few rows to tell the network from the {rival}: {figures}, on {judged}."
    if ahead is not None:
        figures += f" (difference {between})"
    if gain == 0:
        return f"The network is as good as the {rival} ({title} {values[0]}), which is simpler."
    if ahead is not None and ahead.low <= 0 <= ahead.high:
        way = "ahead of" if gain > 0 else "behind"
        return (
            f"No clear winner: the network is {way} the {rival}, but within the margin of chance: {figures}."
        )
    if gain > 0:
        return f"The network beats the {rival}: {figures}."
    return f"The network does not win, the {rival} is better: {figures}."


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
