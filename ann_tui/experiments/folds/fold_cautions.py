"""What is known against the scores of a cross-validation, in sentences, for the command line and the screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ann_tui.data.plain_text import printable
from ann_tui.evaluation.metrics import METRIC_TITLES
from ann_tui.figures import counted, percent

if TYPE_CHECKING:
    from ann_tui.experiments.folds.cross_validated import CrossValidated

FEW = 2
"""Where no more rows than these judge in a fold, its score says little."""
MOST_OF_ALL = 0.9
"""Where a larger share of the rows is of one class, accuracy says little."""
MOST_NAMED = 5


def fold_cautions(validated: CrossValidated) -> list[str]:
    """All but the count of looks, trainings that failed first; none where nothing is known."""
    return [
        *failures(validated),
        *(each.text for each in validated.known),
        *_repeated(validated),
        *(_few_judging(validated) or _small_classes(validated)),
        *_undefined(validated),
        *_mostly_one_class(validated),
    ]


def failures(validated: CrossValidated) -> list[str]:
    """How many trainings failed, and of what."""
    return [
        f"{counted(len(places), 'training')} of {len(validated.validation)} failed: {problem}"
        for problem, places in validated.problems.items()
    ]


def looks_said(validated: CrossValidated, looks: int | None) -> str:
    """That all rows were looked at, after so many looks at the table; None where these can't be counted."""
    often = (
        "; looks at this table can't be counted here"
        if looks is None
        else f"; it is look {looks:,} at the rows of this table"
    )
    among = ", the test rows among them" if validated.validation.test_rows else ""
    return (
        f"this scores {counted(validated.judged_rows, 'row')}{among}{often}: what is chosen by it needs other rows "
        "to be judged on"
    )


def _repeated(validated: CrossValidated) -> Iterator[str]:
    if validated.repeated:
        answers = sum(len(result.rows) for result in validated.judged())
        yield (
            f"{validated.repeated:,} of {answers:,} answers are for rows that repeat one which the network was trained "
            "on"
        )


def _few_judging(validated: CrossValidated) -> list[str]:
    fewest = min(len(fold.test) for folds in validated.validation.assigned for fold in folds)
    if fewest > FEW:
        return []
    return [
        f"{counted(fewest, 'row judges', 'rows judge')} in a fold: what is told fold by fold, the spread and the "
        "interval are those of single rows, and metrics that need several rows say little; fewer folds tell more"
    ]


def _small_classes(validated: CrossValidated) -> list[str]:
    """The classes of which some fold can have no row to judge."""
    folds = validated.validation.folds
    small = [(name, size) for name, size in validated.validation.class_sizes.items() if size < folds]
    if not small:
        return []
    shown = ", ".join(
        f"'{printable(name, 40)}' has {counted(size, 'row')}" for name, size in small[:MOST_NAMED]
    )
    more = f" and {len(small) - MOST_NAMED} more classes have few" if len(small) > MOST_NAMED else ""
    them = "it" if len(small) == 1 else "them"
    return [
        f"{shown}{more}, fewer than the {folds} folds: some folds have none of {them} to judge, and balanced accuracy "
        f"leaves {them} out there"
    ]


def _undefined(validated: CrossValidated) -> Iterator[str]:
    """The metrics that can't be told in some folds that were judged, those of as many folds together."""
    folds = validated.validation.folds
    judged = {result.place.repeat * folds + result.place.fold for result in validated.judged()}
    without = defaultdict(list)
    for metric, score in validated.scores().items():
        if count := sum(score.folds[place] is None for place in judged):
            without[count].append(METRIC_TITLES[metric])
    why = "whose rows are not of every class" if validated.classes() else "whose rows are all alike"
    for count, titles in without.items():
        names = " and ".join(filter(None, (", ".join(titles[:-1]), titles[-1])))
        mean = "" if count == len(judged) else ": the mean is that of the others"
        yield f"{names} can't be told in {count} of {len(judged)} folds, {why}{mean}"


def _mostly_one_class(validated: CrossValidated) -> Iterator[str]:
    sizes = validated.validation.class_sizes
    if not sizes or max(sizes.values()) <= MOST_OF_ALL * sum(sizes.values()):
        return
    most = max(sizes, key=lambda name: sizes[name])
    matrix = validated.confusion()
    balanced = "–" if matrix is None else percent(matrix.balanced_accuracy)
    yield (
        f"{percent(sizes[most] / sum(sizes.values()))} of the rows are '{printable(most, 40)}', and whoever always "
        "says so is right as often, so that accuracy says little: balanced accuracy, the mean recall of the classes, "
        f"is {balanced} for all out-of-fold answers together, where that would give {percent(1 / len(sizes))}"
    )
