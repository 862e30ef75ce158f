"""The section of figures: scores beside baselines, the confusion matrix, curves, residuals."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ann_tui.evaluation.aimed import aim_rows
from ann_tui.evaluation.confusion import ConfusionMatrix, with_most_mistakes
from ann_tui.evaluation.curves import Curve, calibration, roc
from ann_tui.evaluation.evaluation import Evaluation
from ann_tui.evaluation.label_metrics import class_scores
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.evaluation.verdict import difference_text, interval_text
from ann_tui.figures import counted, number, percent
from ann_tui.model.trained_model import SPLIT_KEYS
from ann_tui.reports.drawings.plot import STYLES, Series, plot, thinned
from ann_tui.reports.page.blocks import Block, Figure, Grid, Paragraph, Section
from ann_tui.reports.reported_run import ReportedRun

MOST_CLASSES, MOST_CURVES, MOST_DOTS = 20, 6, 700


def quantitative_analyses(run: ReportedRun) -> Section:
    """All figures of the judged rows."""
    evaluation = run.evaluation
    if evaluation is None:
        return Section("Quantitative analyses", tuple(_kept(run)))
    sections = [Section("Scores", tuple(_scores(evaluation)))]
    if evaluation.baselines:
        sections.append(Section("Beside the baselines", tuple(_baselines(evaluation))))
    if evaluation.confusion is not None:
        sections.append(
            Section("Confusion matrix", tuple(_confusion(evaluation.confusion, evaluation.judged)))
        )
        sections += [Section(title, (figure,)) for title, figure in _curves(evaluation)]
    else:
        sections.append(Section("Predictions and residuals", tuple(_residuals(evaluation))))
    return Section("Quantitative analyses", (), tuple(sections))


def _kept(run: ReportedRun) -> list[Block]:
    """What a model file tells without its rows."""
    metrics, judged = run.summary.metrics, run.summary.judged
    if not metrics:
        return [Paragraph("The run ended before its network was judged.")]
    names = list(dict.fromkeys(name for each in metrics.values() for name in each))
    rows = tuple(
        (METRIC_TITLES.get(name, name), *(metric_text(name, each.get(name)) for each in metrics.values()))
        for name in names
    )
    found: list[Block] = [Grid(("metric", *metrics), rows, None, "As they were when the model was saved")]
    if run.summary.confusion_matrix is not None:
        kept = run.summary.confusion_matrix
        matrix = ConfusionMatrix(kept.labels, np.array(kept.counts, np.int64))
        found += _confusion(matrix, judged)
    return found


def _scores(evaluation: Evaluation) -> list[Block]:
    metrics = evaluation.scores[evaluation.judged].metrics
    order = list(SPLIT_KEYS)
    scores = dict(sorted(evaluation.scores.items(), key=lambda each: order.index(each[0])))
    rows = [
        (
            METRIC_TITLES[name],
            *(metric_text(name, score.metrics.get(name)) for score in scores.values()),
            interval_text(name, evaluation.intervals.get(name)),
        )
        for name in metrics
    ]
    counts = ("rows", *(f"{score.rows:,}" for score in scores.values()), "")
    return [Grid(("metric", *scores, f"95 % of {evaluation.judged}"), (*rows, counts))]


def _baselines(evaluation: Evaluation) -> list[Block]:
    own, baselines = evaluation.scores[evaluation.judged].metrics, evaluation.baselines
    rows = [
        (
            METRIC_TITLES[name],
            metric_text(name, value),
            *("failed" if each.problem else metric_text(name, each.metrics.get(name)) for each in baselines),
        )
        for name, value in own.items()
    ]
    rows += [(title, mine, *theirs) for title, mine, theirs in aim_rows(evaluation)]
    first = METRIC_TITLES[evaluation.measures.first]
    rows.append(
        (
            f"{first}: network less it, 95 %",
            "",
            *(
                "" if each.difference is None else difference_text(evaluation, each.difference)
                for each in baselines
            ),
        )
    )
    rows.append(("fitted on rows", f"{evaluation.learnt_rows:,}", *(f"{each.rows:,}" for each in baselines)))
    headings = (f"{evaluation.judged} rows", "network", *(each.name for each in baselines))
    found: list[Block] = [Grid(headings, tuple(rows))]
    found += [
        Paragraph(f"The {each.name} could not be fitted: {each.problem}.")
        for each in baselines
        if each.problem
    ]
    return found


def _confusion(matrix: ConfusionMatrix, judged: str) -> list[Block]:
    places = tuple(range(len(matrix.labels)))
    said = "Rows are true classes, columns what the network answers."
    if len(places) > MOST_CLASSES:
        places = with_most_mistakes(matrix, MOST_CLASSES)
        said += f" Of {len(matrix.labels)} classes the {MOST_CLASSES} with the most mistakes."
    chosen = matrix.counts[np.ix_(places, places)]
    totals = np.maximum(matrix.counts.sum(axis=1)[list(places)], 1)
    shares = chosen / totals[:, None]
    names = [matrix.labels[place] for place in places]
    rows = tuple(
        (name, *(f"{count:,}" for count in counts))
        for name, counts in zip(names, chosen.tolist(), strict=True)
    )
    shades = tuple((None, *line) for line in shares.tolist())
    found: list[Block] = [
        Grid(
            (f"{judged} rows: true ↓", *names),
            rows,
            None,
            said,
            shades,
            key="Shaded by the share of a true class.",
        )
    ]
    scores = [class_scores(matrix)[place] for place in places]
    figures = tuple(
        (
            score.label,
            f"{score.rows:,}",
            *(percent(each, 0) for each in (score.recall, score.precision, score.f1)),
        )
        for score in scores
    )
    return [*found, Grid(("class", "rows", "recall", "precision", "F1"), figures)]


def _curves(evaluation: Evaluation) -> list[tuple[str, Figure]]:
    classes = evaluation.classes
    if len(classes) == 2:
        wanted: list[tuple[str, int | None]] = [(classes[1], 1)]
    elif len(classes) <= MOST_CURVES:
        wanted = [(label, place) for place, label in enumerate(classes)]
    else:
        wanted = [("all classes", None)]
    found = []
    if rocs := _told(evaluation, wanted, roc):
        areas = ", ".join(f"{name} {curve.figure:.3f}" for name, curve in rocs)
        found.append(
            (
                "ROC",
                _unit_plot(
                    "ROC", "share of the others taken for it", "share of the class found", rocs,
                    f"What is found against what is wrongly taken for it, at every threshold; area: {areas} (0.5 is "
                    "chance).", "",
                ),
            )
        )  # fmt: skip
    one: list[tuple[str, int | None]] = wanted if len(classes) == 2 else [("the answer", None)]
    if bins := _told(evaluation, one, calibration):
        name, curve = bins[0]
        found.append(
            (
                "Calibration",
                _unit_plot(
                    "calibration", "probability given", "share that was right", bins,
                    f"How often {name} was right where the network gave it a probability, in bins of as many rows. "
                    f"Mean distance of the two: {percent(curve.figure)}.",
                    "On the diagonal it is as sure as it is right.",
                ),
            )
        )  # fmt: skip
    return found


def _told(
    evaluation: Evaluation, wanted: list[tuple[str, int | None]], curve_of: object
) -> list[tuple[str, Curve]]:
    assert callable(curve_of)
    curves = ((name, curve_of(evaluation, place)) for name, place in wanted)
    return [(name, curve) for name, curve in curves if curve is not None]


def _unit_plot(
    title: str, across: str, up: str, curves: list[tuple[str, Curve]], caption: str, key: str
) -> Figure:
    series = [
        Series(name, thinned(list(zip(curve.x.tolist(), curve.y.tolist(), strict=True))), style)
        for (name, curve), style in zip(curves, STYLES, strict=False)
    ]
    chance = Series("diagonal", [(0.0, 0.0), (1.0, 1.0)], "rest")
    return Figure(plot(title, across, up, [*series, chance], square=True, unit=True), caption, key)


def _residuals(evaluation: Evaluation) -> list[Block]:
    actual, predicted = (np.asarray(each, np.float64) for each in (evaluation.actual, evaluation.outputs))
    finite = np.isfinite(actual) & np.isfinite(predicted)
    actual, predicted = actual[finite], predicted[finite]
    if not len(actual):
        return [Paragraph("There is no number to draw.")]
    order = np.argsort(actual, kind="stable")
    ends = [float(min(actual.min(), predicted.min())), float(max(actual.max(), predicted.max()))]
    name, errors = evaluation.target.name, predicted - actual
    pairs = thinned(list(zip(actual[order].tolist(), predicted[order].tolist(), strict=True)), MOST_DOTS)
    order = np.argsort(predicted, kind="stable")
    rest = thinned(list(zip(predicted[order].tolist(), errors[order].tolist(), strict=True)), MOST_DOTS)
    rows = counted(len(actual), f"{evaluation.judged} row")
    quarter, middle, three = (float(each) for each in np.percentile(errors, (25, 50, 75)))
    diagonal = Series("as it was", [(ends[0], ends[0]), (ends[1], ends[1])], "rest")
    shown = "" if len(pairs) == len(actual) else f"; {len(pairs):,} rows are drawn"
    spread = math.sqrt(float(np.mean(np.square(errors))))
    return [
        Figure(
            plot(f"predicted against actual {name}", f"actual {name}", "predicted",
                 [Series("a row", pairs, "a", dots=True), diagonal], square=True),
            f"Predicted against actual {name} of {rows}: they correlate by {_correlation(actual, predicted)}.",
            f"The nearer to the diagonal, the better{shown}.",
        ),
        Figure(
            plot("residuals", f"predicted {name}", "predicted less actual",
                 [Series("a row", rest, "b", dots=True)], levels=[(0.0, "no error")]),
            f"Errors, predicted less actual: half of them between {number(quarter)} and {number(three)}, the middle "
            f"one {number(middle)}, RMSE {number(spread)}.",
            "A pattern is something that the network has not learned.",
        ),
    ]  # fmt: skip


def _correlation(actual: NDArray[np.float64], predicted: NDArray[np.float64]) -> str:
    """Pearson's, – where either does not vary."""
    spreads = np.ptp(actual), np.ptp(predicted)
    if not all(0 < spread < np.inf for spread in spreads):
        return "–"
    scaled = ((each - each.min()) / spread for each, spread in zip((actual, predicted), spreads, strict=True))
    return f"{float(np.corrcoef(*scaled)[0, 1]):.3f}"
