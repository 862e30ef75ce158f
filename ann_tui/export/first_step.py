"""Step 1 of a script that trains anew: rows, their parts, the fitted preparation and the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ann_tui.data.cells.values import Labels
from ann_tui.data.choices.target_options import CLASS_WEIGHTS, TARGET_TRANSFORMS
from ann_tui.data.preparing.targets import ClassTarget, NumberTarget, Target
from ann_tui.export.code_text import in_docstring, missing_files, written
from ann_tui.export.export_error import ExportError
from ann_tui.export.preparation_code import PreparationCode, preparation_code

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.export.source_rows import RowsCode

WEIGHTS = {
    "balanced": "counts.sum() / (len(counts) * counts)",
    "square root": "np.sqrt(counts.sum() / (len(counts) * counts))",
}
"""What a class weighs, by the option."""

TRANSFORMS = {
    "none": "StandardScaler()",
    "log": "make_pipeline(FunctionTransformer(signed_log, signed_exp), StandardScaler())",
    "quantile": "make_pipeline(\n    QuantileTransformer(n_quantiles={quantiles}, "
    'output_distribution="normal", subsample=None),\n    StandardScaler(),\n)',
}
"""What makes of a number target what is learned, by the option."""


@dataclass(frozen=True)
class FirstStep:
    """`code` gives x_train, y_train, x_valid, y_valid, x_test and y_test as NumPy arrays, and what `names` say.

    `bins` is how many of the last inputs are bins; `weights` says that `class_weights` holds a weight for each class,
    and `scaled` that `scale_y` has made the target what is learned. `numbers` is code of the list of number columns, ""
    where there are none. `before` names the files, the target and the seed, `beside` tells of the files in words.
    With `reads` the code has a function `read(file)` that gives a frame.
    """

    code: str
    bins: int
    weights: bool
    scaled: bool
    numbers: str
    before: str
    beside: str
    reads: bool = False


def first_step(
    prepared: PreparedData, rows: RowsCode, *, seed: int, raw_target: bool, as_codes: bool = True
) -> FirstStep:
    """Step 1 of an experiment's script; with `as_codes` the classes are numbers from 0, else they stay as they are.

    With `raw_target` a number is learned in its own unit. Raises ExportError for an option that can't be written.
    """
    made = preparation_code(prepared, rows.dates)
    target = prepared.fitted.target
    parts = [each for each in ("training", "validation", "test") if len(getattr(prepared, each).rows)]
    short = {"training": "train", "validation": "valid", "test": "test"}
    lines = [
        rows.code,
        'parts = pd.read_csv(PARTS, index_col="row")["part"]',
        f"if len(frame) != {len(prepared.table.frame)}:",
        '    raise SystemExit(f"{TABLE} has {len(frame)} rows, but {PARTS.name} is of a table of '
        f'{len(prepared.table.frame)}")',
        *(f'{each} = frame.loc[parts.index[parts == "{each}"]]' for each in parts),
        *(f"# {note}" for note in made.notes),
        "",
        *([_clean(made)] if made.rules else []),
        *(f"{variable} = {code}" for variable, code in made.lists.items()),
        *made.named,
        _transformer(made),
        "",
    ]
    weights = prepared.preparation.class_weights if target.classes else "none"
    y, before = _target(prepared, target, raw_target=raw_target, as_codes=as_codes)
    lines += before
    lines += [f"y_{short[each]} = {y.format(rows=each)}" for each in parts]
    if CLASS_WEIGHTS[weights].of is not None:
        if weights not in WEIGHTS:
            raise ExportError(f"class weights {weights!r} can't be written as code")
        counts = "np.bincount(y_train)" if as_codes else "training[TARGET].value_counts()[classes].to_numpy()"
        lines += [
            f"counts = {counts}",
            f"class_weights = {WEIGHTS[weights]}",
            "class_weights *= counts.sum() / (class_weights * counts).sum()",
        ]
    lines += [
        "x_train = preprocess.fit_transform(training, y_train)",
        *(f"x_{short[each]} = preprocess.transform({each})" for each in parts[1:]),
    ]
    return FirstStep(
        "\n".join(lines),
        made.bins,
        CLASS_WEIGHTS[weights].of is not None,
        isinstance(target, NumberTarget) and not raw_target,
        " + ".join(made.numbers),
        f"HERE = Path(__file__).parent\nTABLE, PARTS = {rows.table}, HERE / {written(rows.parts)}\n"
        f"TARGET = {written(target.name)}\nSEED = {seed}\n\n{missing_files('TABLE', 'PARTS')}",
        _beside(rows),
        rows.reads,
    )


def _beside(rows: RowsCode) -> str:
    table, parts = (in_docstring(name, 90) for name in (rows.file, rows.parts))
    return f"{table}, the table, and\n{parts}, which tells the part of each row: training, validation or test"


def _clean(made: PreparationCode) -> str:
    body = "".join(f"    {line}\n" for rule in made.rules for line in rule.split("\n"))
    doc = '    """What is done to raw rows before anything is fitted."""\n'
    return f"\ndef clean(frame):\n{doc}    frame = frame.copy()\n{body}    return frame\n\n"


def _transformer(made: PreparationCode) -> str:
    if not made.rules:
        return made.transformer
    inner = made.transformer.removeprefix("preprocess = ").replace("\n", "\n    ")
    return f"preprocess = make_pipeline(\n    FunctionTransformer(clean),\n    {inner},\n)"


def _target(
    prepared: PreparedData, target: Target, *, raw_target: bool, as_codes: bool
) -> tuple[str, list[str]]:
    """What is learned of rows, as code with a place for them, and the lines before it."""
    if isinstance(target, ClassTarget):
        values = target.read(prepared.table.parsed[target.name])
        assert isinstance(values, Labels)
        merged = {
            label: became for label in values.labels if (became := target.rules.replaced(label)) != label
        }
        lines = []
        if merged:
            lines = ["same_labels = " + written(merged)]
        replaced = ".replace(same_labels)" if merged else ""
        if list(target.classes) == sorted(target.classes):
            lines.append(f"classes = sorted(training[TARGET]{replaced}.unique())")
        else:
            lines.append(f"classes = {written(list(target.classes))}")
        codes = ".map(classes.index)" if as_codes else ""
        return f"{{rows}}[TARGET]{replaced}{codes}.to_numpy()", lines
    assert isinstance(target, NumberTarget)
    if raw_target:
        return "{rows}[TARGET].to_numpy(float)", []
    transform = prepared.preparation.target_transform
    if transform not in TRANSFORMS or transform not in TARGET_TRANSFORMS:
        raise ExportError(f"number target as {transform!r} can't be written as code")
    code = TRANSFORMS[transform].format(quantiles=min(1000, prepared.fitted.training_rows))
    if not as_codes:
        return "{rows}[TARGET].to_numpy(float)", [f"scale_y = {code}"]
    lines = [f"scale_y = {code}", "scale_y.fit(training[[TARGET]].to_numpy(float))"]
    return "scale_y.transform({rows}[[TARGET]].to_numpy(float))[:, 0]", lines
