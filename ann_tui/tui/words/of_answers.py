"""The words of Evaluate and Predict."""

from __future__ import annotations

from ann_tui.evaluation.evaluation import Evaluation
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.evaluation.verdict import difference_text
from ann_tui.experiments.workbench import Workbench
from ann_tui.figures import percent
from ann_tui.tui.words.word import Here, Word


def _evaluation(workbench: Workbench) -> Evaluation | None:
    run = workbench.judged
    return None if run is None else run.evaluation


def _is(metric: str) -> Here:
    """The metric on the judged rows, with its interval where there is one."""

    def here(workbench: Workbench) -> str:
        evaluation = _evaluation(workbench)
        if evaluation is None:
            return ""
        score = evaluation.scores[evaluation.judged]
        value = score.metrics.get(metric)
        if value is None:
            return ""
        interval = evaluation.intervals.get(metric)
        between = (
            ""
            if interval is None
            else f"; on other such rows likely {metric_text(metric, interval.low)} to "
            f"{metric_text(metric, interval.high)}"
        )
        return f"Here {metric_text(metric, value)} on {score.rows:,} {evaluation.judged} rows{between}."

    return here


def _baselines(workbench: Workbench) -> str:
    evaluation = _evaluation(workbench)
    if evaluation is None or not evaluation.baselines:
        return ""
    metric = evaluation.measures.first
    value = evaluation.scores[evaluation.judged].metrics.get(metric)
    others = [
        f"{each.name} {metric_text(metric, each.metrics[metric])}"
        for each in evaluation.baselines
        if each.metrics.get(metric) is not None
    ]
    return f"Here, as {METRIC_TITLES[metric]}: {', '.join(others)}, and the network {metric_text(metric, value)}."


def _ahead(workbench: Workbench) -> str:
    evaluation = _evaluation(workbench)
    if evaluation is None:
        return ""
    first = next((each for each in reversed(evaluation.baselines) if each.difference is not None), None)
    if first is None or first.difference is None:
        return ""
    low, high = first.difference.low, first.difference.high
    chance = "it holds 0, so that the difference may be chance" if low <= 0 <= high else "0 lies outside"
    return f"Against {first.name} it is {difference_text(evaluation, first.difference)}: {chance}."


def _right(workbench: Workbench) -> str:
    evaluation = _evaluation(workbench)
    if evaluation is None or evaluation.confusion is None:
        return ""
    counts = evaluation.confusion.counts
    right = int(sum(counts[place, place] for place in range(len(counts))))
    return f"Here {right:,} of {int(counts.sum()):,} {evaluation.judged} rows lie on the diagonal."


def _threshold(workbench: Workbench) -> str:
    evaluation = _evaluation(workbench)
    if evaluation is None or len(evaluation.classes) != 2:
        return ""
    return f"Here {percent(evaluation.threshold)}."


EVALUATE_WORDS = (
    Word(
        "confusion matrix",
        "how often each true class was given each predicted class, on rows that had no part in the training; right "
        "answers lie on the diagonal",
        "error matrix",
        _right,
        ("answers-panel:matrix",),
    ),
    Word(
        "baseline",
        "what one gets without a network: always the most frequent class (or the mean), a linear model, boosted "
        "trees. A network that does not beat them is not worth its trouble",
        "reference model",
        _baselines,
        ("metrics-panel",),
    ),
    Word(
        "ahead by, 95 %",
        "by how much the network beats a baseline, as the range in which that difference lies for 95 of 100 draws of "
        "such rows; where the range holds 0, the two may be equally good",
        "confidence interval of the difference",
        _ahead,
    ),
    Word("accuracy", "the share of right answers", here=_is("accuracy")),
    Word(
        "balanced accuracy",
        "the mean recall of the classes: a rare class counts as much as a frequent one",
        "macro recall",
        _is("balanced_accuracy"),
    ),
    Word(
        "log cost",
        "how surprised the network is by the truth, on average: -ln of the probability that it gave to the right "
        "answer. 0 is perfect, 0.69 is a coin's toss between two",
        "log loss, cross-entropy",
        _is("log_loss"),
    ),
    Word(
        "ROC AUC",
        "how well the probabilities sort the classes: of one row of a class and one of another, how often the first "
        "has the larger one. 1 is perfect, 0.5 is chance",
        "area under the ROC curve, c-statistic",
        _is("roc_auc"),
        ("answers-panel:roc",),
    ),
    Word(
        "average precision",
        "the precision over all thresholds: 1 is perfect, the class's share is chance",
        "area under the precision-recall curve",
        _is("average_precision"),
        ("answers-panel:precision-recall",),
    ),
    Word(
        "F1",
        "precision and recall in one: high only where both are (their harmonic mean)",
        here=_is("f1_macro"),
    ),
    Word("macro, weighted", "averaged over classes: each counting the same, or by its rows"),
    Word(
        "Matthews correlation",
        "answers and truth compared in one number: 1 is perfect, 0 is chance",
        "phi",
        _is("matthews"),
    ),
    Word(
        "calibration",
        "whether of the answers given with 80 % some 80 % are right",
        "reliability",
        places=("answers-panel:calibration",),
    ),
    Word(
        "threshold",
        "with two classes: the probability from which on the second is the answer. It belongs to the network: Predict, "
        "written files and the saved model decide by it. c lets the validation rows choose it",
        "cut-off",
        _threshold,
    ),
    Word(
        "R²",
        "the share of the target's variance that is explained; 1 is perfect, 0 is what always giving the mean reaches",
        "coefficient of determination",
        _is("r2"),
        ("answers-panel:actual", "answers-panel:residuals"),
    ),
    Word(
        "RMSE, MAE",
        "how far off the predictions are, in the target's unit: root mean square, and mean",
        "typical error",
        _is("rmse"),
    ),
    Word(
        "folds",
        "k: the rows are divided into parts that judge in turn, each what was trained on the others, so that every row "
        "judges once and the scores of the parts tell how far one split can be trusted",
        "cross-validation",
    ),
    Word(
        "split by group, by time",
        "where rows belong together, some of them in training tell of the others in the test: the same network is "
        "trained after both splits of the training and validation rows to show what that is worth",
        "leakage",
    ),
)

PREDICT_WORDS = (
    Word(
        "probability",
        "how sure the network is; over all classes they add up to 100 %. It is the network's own opinion, not a "
        "promise: v on Evaluate shows by its calibration how far to trust it",
        "confidence",
        places=("answer-panel",),
    ),
    Word(
        "what it would do",
        "the answer over the range of one field, all else being as it is: where the bars rise, a larger value "
        "speaks for the class in the heading",
        "individual conditional expectation",
        places=("form-panel",),
    ),
)
