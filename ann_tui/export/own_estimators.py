"""An experiment as a script for ann-tui's own estimators, as far as their parameters go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ann_tui.export.answers_code import evaluation_code, prediction_code
from ann_tui.export.code_text import assembled, written
from ann_tui.export.export_error import UnsayableError
from ann_tui.export.preparation_helpers import HELPERS, IMPORTS
from ann_tui.network.design import NetworkDesign
from ann_tui.training.monitors import MONITORS
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan

if TYPE_CHECKING:
    from ann_tui.export.experiment_facts import Facts
    from ann_tui.export.first_step import FirstStep

OWN_IMPORTS = {
    "ANNClassifier": "from ann_tui import ANNClassifier",
    "ANNRegressor": "from ann_tui import ANNRegressor",
}
FIXED = (
    "warm_up", "plateau_patience", "smallest_change", "refit", "l1", "weight_decay", "max_norm", "clip_norm",
    "clip_value", "dropout", "frozen_layers", "average", "momentum", "rho", "beta_1", "beta_2", "epsilon",
)  # fmt: skip
"""Fields of the plan that the estimators leave at their usual value."""


def own_script(facts: Facts, step: FirstStep) -> str:
    """The whole script. Raises ExportError that names all that the estimators have no parameter for."""
    if found := _obstacles(facts, step):
        name = _class(facts)
        raise UnsayableError(f"ann-tui's {name} has no parameter for", found)
    kind = "the numbers, standardized" if facts.outputs.kind == "number" else "the classes, as numbers from 0"
    return assembled(
        facts.doc(step, "ann-tui's own estimators", "ann-tui pandas scikit-learn"),
        [
            ("1. Preprocess: all that is fitted is fitted on the training rows", step.code),
            (
                "2. Functions: activations, cost and optimizer are named where they are used",
                f"# y holds {kind}",
            ),
            ("3. Layers", _model(facts, step)),
            ("4. Fit", _fit(facts)),
            ("Evaluate, on rows that the network has never seen", evaluation_code(facts, step)),
            ("Predict", prediction_code(facts, step)),
        ],
        HELPERS,
        {**IMPORTS, **OWN_IMPORTS},
        step.before,
    )


def _class(facts: Facts) -> str:
    return "ANNRegressor" if facts.outputs.kind == "number" else "ANNClassifier"


def _obstacles(facts: Facts, step: FirstStep) -> dict[str, str]:
    """What no parameter says, each with the setting in place of it."""
    plan, usual, design = facts.plan, TrainingPlan(), facts.design
    unknown = {plan.optimizer} - set(OPTIMIZERS) | {plan.monitor} - set(MONITORS)
    if unknown:
        return dict.fromkeys(sorted(unknown), "")
    asked = set(OPTIMIZERS[plan.optimizer].asks)
    found = {}
    for name in FIXED:
        idle = name in ("momentum", "rho", "beta_1", "beta_2", "epsilon") and name not in asked
        idle |= name == "plateau_patience" and plan.schedule != "plateau"
        idle |= name == "smallest_change" and not plan.early_stopping
        idle |= name == "refit" and not facts.validation
        if getattr(plan, name) != getattr(usual, name) and not idle:
            found[name.replace("_", " ")] = f"training.{name}={_setting(getattr(usual, name))}"
    if plan.monitor != "validation cost":
        found[f"judged by {plan.monitor}"] = "training.monitor=validation cost"
    if plan.early_stopping and plan.patience != usual.patience:
        found[f"patience {plan.patience}"] = f"training.patience={usual.patience}"
    if step.bins:
        found["numbers in bins"] = "preparation.number_encoding=as they are"
    if facts.begins_linear:
        found["start as a linear model"] = "network.start=random"
    if design.members > 1:
        found[f"{design.members} members"] = "network.members=1"
    plain = NetworkDesign()
    for name in ("label_smoothing", "focal_gamma", "huber_delta", "quantile"):
        if getattr(design, name) != getattr(plain, name):
            found[name.replace("_", " ")] = f"network.{name}={getattr(plain, name)}"
    return found


def _setting(value: object) -> str:
    """A value as it is typed behind `--set`."""
    return "none" if value is None else str(value).lower()


def _model(facts: Facts, step: FirstStep) -> str:
    plan = facts.plan
    lines = [
        f"layers={written(facts.design.text)}",
        f"cost={written(facts.cost)}",
        f"optimizer={written(plan.optimizer)}",
        f"learning_rate={plan.learning_rate}",
        f"schedule={written(plan.schedule)}",
        f"batch_size={plan.batch}",
        f"epochs={plan.epochs}",
        *([f"l2={plan.l2}"] if plan.l2 else []),
        f"early_stopping={plan.early_stopping}",
        "random_state=SEED",
        *(["class_weight=dict(enumerate(class_weights))"] if step.weights else []),
    ]
    return f"model = {_class(facts)}(\n" + "".join(f"    {each},\n" for each in lines) + ")"


def _fit(facts: Facts) -> str:
    validation = ", validation=(x_valid, y_valid)" if facts.validation else ""
    asked = "predict" if facts.outputs.kind == "number" else "predict_proba"
    return (
        f"model.fit(x_train, y_train{validation})\n\n\n"
        'def answers(x):\n    """What the network says of prepared rows."""\n'
        f"    return model.{asked}(x)\n"
    )
