"""The words of Data and Prepare."""

from __future__ import annotations

from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.plain_text import printable
from ann_tui.data.profile.table_profile import feature_columns
from ann_tui.experiments.workbench import Workbench
from ann_tui.figures import counted, number
from ann_tui.tui.words.word import Here, Word


def _names(names: list[str]) -> str:
    shown = [printable(name, 24) for name in names[:3]]
    if len(names) > 3:
        return f"{', '.join(shown)} and {len(names) - 3:,} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _features(workbench: Workbench) -> str:
    if workbench.derived is None:
        return ""
    names = list(feature_columns(workbench.derived.profile))
    return (
        f"{counted(len(names), 'column is a feature', 'columns are features')} here: {_names(names)}."
        if names
        else ""
    )


def _target(workbench: Workbench) -> str:
    derived = workbench.derived
    if derived is None or derived.profile.target is None:
        return "None is chosen yet: g makes the column under the cursor the target."
    profile = derived.profile
    guess = " That is a guess: g changes it." if profile.guessed else ""
    what = f"one of {len(profile.classes):,} classes" if profile.classes else "a number"
    return f"Here it is {printable(profile.target or '', 24)}, {what}.{guess}"


def _classes(workbench: Workbench) -> str:
    derived = workbench.derived
    if derived is None or derived.profile.target is None or not derived.profile.classes:
        return ""
    column = derived.profile.column(derived.profile.target)
    most = [f"{printable(label, 16)} ({counted(rows, 'row')})" for label, rows in column.top[:3]]
    classes = derived.profile.classes
    rest = f", and {len(classes) - len(most)} more" if len(classes) > len(most) else ""
    return f"Here: {', '.join(most)}{rest}." if most else ""


def _count_of(field: str, noun: str) -> Here:
    """How many there are in the table, and in which columns; `field` is the profile's count of a column."""

    def here(workbench: Workbench) -> str:
        if workbench.derived is None:
            return ""
        counts = {column.name: getattr(column, field) for column in workbench.derived.profile.columns}
        found = [name for name, times in counts.items() if times]
        if not found:
            return "There is none in this table."
        return f"Here: {counted(sum(counts.values()), noun)}, in {_names(found)}."

    return here


def _identifiers(workbench: Workbench) -> str:
    if workbench.derived is None:
        return ""
    found = [
        column.name for column in workbench.derived.profile.columns if column.kind == ColumnKind.IDENTIFIER
    ]
    return f"Here: {_names(found)}." if found else "There is none in this table."


def _share_of(part: str) -> Here:
    """How many of the rows are in a part of the split."""

    def here(workbench: Workbench) -> str:
        prepared = None if workbench.derived is None else workbench.derived.prepared
        if prepared is None:
            return ""
        rows = len(getattr(prepared, part).rows)
        whole = sum(len(each.rows) for each in (prepared.training, prepared.validation, prepared.test))
        return f"Here: {rows:,} of {whole:,}."

    return here


def _scaling(workbench: Workbench) -> str:
    derived = workbench.derived
    if derived is None:
        return ""
    numbers = [
        column
        for column in derived.profile.columns
        if column.kind == ColumnKind.NUMBER and column.used and column.name != derived.profile.target
    ]
    if not numbers or numbers[0].minimum is None:
        return ""
    first = numbers[0]
    return (
        f"Here: {derived.experiment.preparation.scaling}; {printable(first.name, 24)} runs from "
        f"{number(first.minimum)} to {number(first.maximum)} in the file."
    )


def _encoding(workbench: Workbench) -> str:
    derived = workbench.derived
    prepared = None if derived is None else derived.prepared
    if derived is None or prepared is None:
        return ""
    columns, inputs = len(feature_columns(derived.profile)), len(prepared.fitted.input_names)
    return f"Here {counted(columns, 'feature becomes', 'features become')} {counted(inputs, 'input')} of the network."


def _seed(workbench: Workbench) -> str:
    experiment = workbench.experiment
    return (
        "" if experiment is None else f"Here it is {experiment.preparation.split.seed}; n takes another one."
    )


def _imputation(workbench: Workbench) -> str:
    experiment = workbench.experiment
    preparation = Preparation() if experiment is None else experiment.preparation
    return f"Here numbers get the {preparation.missing_number}, words the {preparation.missing_category}."


OUTLIERS = _count_of("outliers", "number")

DATA_WORDS = (
    Word(
        "feature",
        "a column that the network may look at when it answers",
        "input variable, predictor, X",
        _features,
        ("columns-panel",),
    ),
    Word(
        "target",
        "the column that the network learns to predict: a class (word) or a number. A class is told by its "
        "probability, a number by itself",
        "label, response, y",
        _target,
    ),
    Word("class", "one of the values of a target of words", "category, level", _classes),
    Word(
        "histogram",
        "how many rows have a value in each bar's range: the higher the bar, the more rows. Where its strips differ "
        "between the classes, the column tells them apart",
        places=("column-panel",),
    ),
    Word(
        "outlier",
        "a number more than 1.5 times the middle half's width beyond that half; it may be right, or a mistake",
        here=OUTLIERS,
    ),
    Word(
        "missing value",
        "a cell without a value: empty, or a mark such as NA",
        "null, NaN",
        _count_of("missing", "cell"),
        ("rows-panel",),
    ),
    Word(
        "identifier",
        "a column that only names the row; a network would learn it by heart, and know nothing of a new one",
        "id, key",
        _identifiers,
    ),
)

PREPARE_WORDS = (
    Word(
        "imputation",
        "filling a missing value with a likely one, found in the training rows",
        "filling in",
        _imputation,
        ("choices-panel:missing_number", "choices-panel:missing_category"),
    ),
    Word(
        "outlier",
        "a value far away from the others, often a mistake; it may be clipped, or taken as missing",
        here=OUTLIERS,
        places=("choices-panel:outliers", "choices-panel:outlier_limit", "choices-panel:outlier_action"),
    ),
    Word(
        "scaling",
        "bringing numbers to one size, so that none drowns the others: a weight of 1 then means as much for each",
        "standardization, normalization",
        _scaling,
        ("choices-panel:scaling", "change-panel"),
    ),
    Word(
        "number encoding",
        "piecewise linear: beside a number stands an input for each of its bins (age 31–38), 0 below it, 1 above, a "
        "straight line within, so that a year more may count otherwise at 30 than at 60",
        places=("choices-panel:number_encoding",),
    ),
    Word(
        "encoding",
        "making numbers of words: one-hot gives each category its own 0/1 column",
        "dummy variables",
        _encoding,
        ("choices-panel:encoding", "effects-panel"),
    ),
    Word(
        "training rows",
        "the rows that the network learns from",
        "training set",
        _share_of("training"),
        ("choices-panel",),
    ),
    Word(
        "validation rows",
        "rows kept aside to see when training is at its best, and which of several networks is",
        "development set",
        _share_of("validation"),
    ),
    Word(
        "test rows",
        "rows kept aside to the very end, to judge the network honestly: nothing is ever chosen by them",
        "hold-out set",
        _share_of("test"),
    ),
    Word(
        "seed",
        "a number that decides which rows are drawn; the same seed draws the same ones",
        "random state",
        _seed,
        ("choices-panel:split.seed",),
    ),
)
