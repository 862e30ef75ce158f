"""A trained model as a script: its fitted preparation, its layers with their weights, answers, and a check of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from ann_tui.data.choices.target_options import FARTHEST
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD
from ann_tui.data.preparing.targets import NumberTarget
from ann_tui.export import cell_helpers, fitted_helpers, preparation_helpers
from ann_tui.export.code_text import Helper, assembled, in_docstring, missing_files, written
from ann_tui.export.fitted_code import fitted_code
from ann_tui.export.reading_code import UNNAMED, read_csv_options
from ann_tui.export.stored_rows import TOLERANCE, file_dialect, stored_rows, tolerance

if TYPE_CHECKING:
    from ann_tui.data.choices.source import Dialect
    from ann_tui.model.trained_model import TrainedModel

WEIGHTS_FILE, FITTED_FILE = "{stem}.weights.safetensors", "{stem}.prepared.json"
READ = 'fitted = json.loads(FITTED.read_text(encoding="utf-8"))'


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


def model_script(model: TrainedModel, part: NetworkPart, stem: str) -> tuple[str, dict[str, bytes]]:
    """The script `stem`.py, and the files beside it by name. Raises ExportError for what can't be written as code.

    The code of `part` finds the weights' file under the name WEIGHTS.
    """
    from safetensors.numpy import save

    dialect = file_dialect(model)
    made = fitted_code(model.fitted, model.source, dialect.decimal)
    rows, answers = stored_rows(model, dialect)
    weights, prepared = (name.format(stem=stem) for name in (WEIGHTS_FILE, FITTED_FILE))
    target, table = in_docstring(model.target, 60), in_docstring(model.data.file, 60)
    doc = (
        f"{target} by the network of {table}, with {part.framework}.\n\n"
        f"Needs: pip install {part.packages}\n"
        f"Beside it: {in_docstring(weights, 60)}, and\n"
        f"{in_docstring(prepared, 60)} with what was fitted on {model.fitted.training_rows:,} rows.\n\n"
        f"`python {in_docstring(stem, 60)}.py new.csv` answers the rows of a file, `predict(frame)` those of a frame.\n"
        f"When it starts it checks that {len(rows)} stored rows get the answers of the network that was trained.\n"
    )
    values = {**made.values, "classes": list(model.classes), "rows": rows, "answers": answers}
    sections = [
        ("1. Preprocess, by what was fitted on the training rows", f"{READ}\n\n\n{made.code}"),
        ("2. Functions", part.functions),
        ("3. Layers", part.layers),
        ("4. The weights that were trained", part.weights),
        ("Predict", _predict(model)),
        (
            "Check: the answers for the stored rows are those of the network that was trained",
            f"{_check(model)}\n{_main(dialect)}",
        ),
    ]
    text = assembled(
        doc,
        sections,
        {**cell_helpers.HELPERS, **fitted_helpers.HELPERS, **preparation_helpers.HELPERS, **part.helpers},
        {**preparation_helpers.IMPORTS, **part.imports},
        f"HERE = Path(__file__).parent\n"
        f"WEIGHTS = HERE / {written(weights)}\nFITTED = HERE / {written(prepared)}\n\n"
        f"{missing_files('WEIGHTS', 'FITTED')}",
        part.early,
    )
    if "\nfrom sklearn" not in text:
        text = text.replace(" scikit-learn\n", "\n", 1)  # not every preparation needs it
    fitted = json.dumps(values, ensure_ascii=False, indent=1).encode()
    return text, {prepared: fitted, weights: save(dict(part.arrays))}


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
    far = f"{FARTHEST:g}"
    return (
        f"    return signed_exp(np.clip({code}, -{far}, {far}))\n"
        if scale.transform == "log"
        else f"    return {code}\n"
    )


def _check(model: TrainedModel) -> str:
    asked = "predict" if not model.classes else "predict_proba"
    return (
        'stored = pd.DataFrame(fitted["rows"])\n'
        f'np.testing.assert_allclose({asked}(stored), fitted["answers"], rtol={TOLERANCE}, atol={tolerance(model)})\n'
    )


def _main(dialect: Dialect) -> str:
    """Answers for the files that are named, whose cells stay as they are written."""
    options = {"dtype": "str", "keep_default_na": "False"} | {
        key: written(value) for key, value in read_csv_options(dialect).items()
    }
    names = "" if dialect.header else f"            {UNNAMED}\n"
    return (
        'if __name__ == "__main__":\n'
        "    for file in sys.argv[1:]:\n"
        "        try:\n"
        f"            frame = pd.read_csv(file, {', '.join(f'{key}={value}' for key, value in options.items())})\n"
        f"{names}"
        "            answered = frame.assign(prediction=predict(frame))\n"
        "        except KeyError as error:\n"
        '            raise SystemExit(f"{file}: the column {error} is missing") from None\n'
        "        except (OSError, ValueError) as error:\n"
        '            raise SystemExit(f"{file}: {error}") from None\n'
        '        print(answered.to_csv(index=False), end="")\n'
    )
