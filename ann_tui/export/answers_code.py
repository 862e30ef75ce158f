"""The ends of scripts that train anew: the score of the test rows, and answers for raw rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ann_tui.export.experiment_facts import Facts
    from ann_tui.export.first_step import FirstStep


def evaluation_code(facts: Facts, step: FirstStep) -> str:
    """The score of the test rows (else of the validation rows), by `answers(x)`: probabilities, or scaled numbers.

    y_test are NumPy arrays, or tensors that NumPy takes.
    """
    part = facts.parts[-1]
    if facts.outputs.kind != "number":
        return (
            f"probabilities = answers(x_{part})\n"
            f'print("accuracy:", accuracy_score(y_{part}, probabilities.argmax(axis=1)))\n'
            f'print("log loss:", log_loss(y_{part}, probabilities, labels=range(len(classes))))\n'
            f"print(confusion_matrix(y_{part}, probabilities.argmax(axis=1)))"
        )
    name = {"train": "training", "valid": "validation", "test": "test"}[part]
    return (
        f"true = {name}[TARGET].to_numpy(float)\n"
        f"predicted = {_own_unit(step, f'answers(x_{part})')}\n"
        'print("R²:", r2_score(true, predicted))\n'
        'print("RMSE:", root_mean_squared_error(true, predicted))\n'
        'print("MAE:", mean_absolute_error(true, predicted))'
    )


def _own_unit(step: FirstStep, answers: str) -> str:
    if not step.scaled:
        return answers
    return f"scale_y.inverse_transform({answers}[:, None])[:, 0]"


def prediction_code(facts: Facts, step: FirstStep) -> str:
    """`predict(frame)` over raw columns, and a call of it."""
    if facts.outputs.kind != "number":
        doc, body = "The class of each row", "answers(x).argmax(axis=1)"
        lines = f"    return np.array(classes)[{body}]"
    else:
        doc = "The number for each row"
        lines = f"    return {_own_unit(step, 'answers(x)')}"
    name = {"train": "training", "valid": "validation", "test": "test"}[facts.parts[-1]]
    frame = "a frame as read(file) gives it" if step.reads else "raw columns"
    return (
        f'def predict(frame):\n    """{doc} of {frame}; what can not be read as a number or date is missing."""\n'
        f"{_typed(step)}"
        f"    x = preprocess.transform(frame)\n{lines}\n\n\nprint(predict({name}.head()))"
    )


def _typed(step: FirstStep) -> str:
    """Numbers made of texts."""
    if not step.numbers:
        return ""
    return (
        f"    frame = frame.copy()\n    for name in {step.numbers}:\n"
        '        frame[name] = pd.to_numeric(frame[name], errors="coerce")\n'
    )
