"""A trained model as a script: its fitted preparation, its layers with their weights, answers, and a check of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.plain_text import printable
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD
from ann_tui.data.preparing.targets import NumberTarget
from ann_tui.export import fitted_helpers, preparation_helpers
from ann_tui.export.code_text import Helper, assembled
from ann_tui.export.fitted_code import fitted_code
from ann_tui.export.stored_rows import stored_rows

if TYPE_CHECKING:
    from ann_tui.model.trained_model import TrainedModel

WEIGHTS_FILE, FITTED_FILE = "weights.safetensors", "prepared.json"
TOLERANCE = 1e-5


@dataclass(frozen=True)
class NetworkPart:
    """What a framework says of a trained network.

    `functions`, `layers` and `weights` are the code of steps 2 to 4, of which the last makes `model` and defines
    `answers(x)`, as NumPy: probabilities (rows, classes), or numbers as they are learned (rows,). `arrays` are what the
    weights' file holds.
    """

    framework: str
    packages: str
    functions: str
    layers: str
    weights: str
    arrays: Mapping[str, NDArray[Any]]
    helpers: Mapping[str, Helper] = field(default_factory=dict)
    imports: Mapping[str, str] = field(default_factory=dict)
    early: str = ""


def model_script(model: TrainedModel, part: NetworkPart) -> tuple[str, dict[str, bytes]]:
    """The script, and the files beside it by name. Raises ExportError for what can't be written as code."""
    from safetensors.numpy import save

    made = fitted_code(model.fitted)
    rows, answers = stored_rows(model)
    doc = (
        f"{_text(model.target)} by the network of {_text(model.data.file)}, with {part.framework}.\n\n"
        f"Needs: pip install {part.packages}\n"
        f"Beside it: {WEIGHTS_FILE}, and {FITTED_FILE} with what was fitted on {model.fitted.training_rows:,} rows.\n"
    )
    values = {**made.values, "classes": list(model.classes), "rows": rows, "answers": answers}
    sections = [
        ("1. Preprocess, by what was fitted on the training rows", f"{_read(FITTED_FILE)}\n\n\n{made.code}"),
        ("2. Functions", part.functions),
        ("3. Layers", part.layers),
        ("4. The weights that were trained", part.weights),
        ("Predict", _predict(model)),
        (
            "Check: the answers for the stored rows are those of the network that was trained",
            _check(model),
        ),
    ]
    text = assembled(
        doc,
        sections,
        {**fitted_helpers.HELPERS, **preparation_helpers.HELPERS, **part.helpers},
        {**preparation_helpers.IMPORTS, **part.imports},
        "HERE = Path(__file__).parent\n",
        part.early,
    )
    fitted = json.dumps(values, ensure_ascii=False, indent=1).encode()
    return text, {FITTED_FILE: fitted, WEIGHTS_FILE: save(dict(part.arrays))}


def _text(text: str) -> str:
    return printable(text, 60).replace('"', "'").replace("\\", "/")


def _read(name: str) -> str:
    return f'fitted = json.loads((HERE / "{name}").read_text(encoding="utf-8"))'


def _predict(model: TrainedModel) -> str:
    """`predict(frame)`, and `predict_proba(frame)` for classes."""
    target = model.fitted.target
    if isinstance(target, NumberTarget):
        return (
            'def predict(frame):\n    """The number for each row of raw columns."""\n'
            f"    y = answers(preprocess(frame)).astype(float)\n{_own_unit(target)}"
        )
    proba = (
        'def predict_proba(frame):\n    """The probability of each class, (rows, classes), of raw columns."""\n'
        "    return answers(preprocess(frame))\n\n\n"
    )
    codes = "predict_proba(frame).argmax(axis=1)"
    doc = "The class of each row of raw columns."
    if len(model.classes) == 2 and model.threshold != DEFAULT_THRESHOLD:
        codes = f"(predict_proba(frame)[:, 1] > {model.threshold}).astype(int)"
        doc = f"The class of each row: the second where its probability is above {model.threshold}."
    return (
        f'{proba}def predict(frame):\n    """{doc}"""\n'
        f'    return np.array(fitted["classes"], object)[{codes}]\n'
    )


def _own_unit(target: NumberTarget) -> str:
    scale = target.scale
    code = "y"
    if scale.scaler.method != "none":
        code = f"y * {scale.scaler.scale!r} + {scale.scaler.center!r}"
    if scale.quantiles is not None:
        known = list(scale.quantiles.quantiles)
        return (
            f"    y = {code}\n    known = np.array({known})\n"
            "    y = np.clip(y, -5.199337582290661, 5.199337582290661)\n"
            "    found = np.interp(norm.cdf(y), np.linspace(0, 1, len(known)), known)\n"
            "    return np.where(y <= -5.1993374, known[0], np.where(y >= 5.1993374, known[-1], found))\n"
        )
    return f"    return signed_exp({code})\n" if scale.transform == "log" else f"    return {code}\n"


def _check(model: TrainedModel) -> str:
    asked = "predict" if not model.classes else "predict_proba"
    return (
        'stored = pd.DataFrame(fitted["rows"])\n'
        f'np.testing.assert_allclose({asked}(stored), fitted["answers"], rtol={TOLERANCE}, atol={_atol(model)})\n\n'
        'if __name__ == "__main__":\n    import sys\n\n'
        "    for file in sys.argv[1:]:\n"
        f"        frame = pd.read_csv(file{_words(model)})\n"
        '        print(frame.assign(prediction=predict(frame)).to_csv(index=False), end="")\n'
    )


def _words(model: TrainedModel) -> str:
    from ann_tui.data.preparing.columns import LabelColumn
    from ann_tui.export.code_text import written

    words = [column.name for column in model.fitted.columns if isinstance(column, LabelColumn)]
    return f", dtype=dict.fromkeys({written(words, 8)}, str)" if words else ""


def _atol(model: TrainedModel) -> float:
    """A hundred-thousandth: of a probability, or of the scale of a number."""
    target = model.fitted.target
    if not isinstance(target, NumberTarget):
        return TOLERANCE
    return float(np.format_float_scientific(TOLERANCE * max(target.scale.scaler.scale, 1e-30), 1))
