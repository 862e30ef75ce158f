"""A trained model as a script for ann-tui from Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.export.code_text import in_docstring, missing_files, written
from ann_tui.export.reading_code import UNNAMED, read_csv_options
from ann_tui.export.stored_rows import file_dialect, stored_rows, tolerance

if TYPE_CHECKING:
    from ann_tui.model.trained_model import TrainedModel

SCRIPT = '''"""{title}, by ann-tui from Python.

Needs: pip install ann-tui pandas
Beside it: {shown}, the model.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

import ann_tui

MODEL = Path(__file__).with_name({file})

{missing}

model = ann_tui.load(MODEL{decimal})

{predict}


# Check: the answers for the stored rows are those of the network that was trained

rows = {rows}
answers = {answers}
np.testing.assert_allclose({asked}(pd.DataFrame(rows)), answers, rtol=1e-5, atol={atol})

if __name__ == "__main__":
    for file in sys.argv[1:]:
        try:
            frame = pd.read_csv(file, dtype=str, keep_default_na=False{options}){names}
            answered = frame.assign(prediction=predict(frame))
        except (OSError, ValueError) as error:
            raise SystemExit(f"{{file}}: {{error}}") from None
        print(answered.to_csv(index=False), end="")
'''
PREDICT = '''
def predict(frame):
    """{what} for a frame of raw columns."""
    return model.predict(frame)
'''
PROBABILITIES = '''

def predict_proba(frame):
    """The probability of each of model.classes, (rows, classes), for a frame of raw columns."""
    return model.predict_proba(frame)
'''


def ann_script(model: TrainedModel, path: Path, out: Path) -> tuple[str, dict[str, bytes]]:
    """The script at `out`, and the model, read from `path`, that stands beside it by name. Raises OSError."""
    beside = f"{out.stem}.ann"
    dialect = file_dialect(model)
    rows, answers = stored_rows(model, dialect)
    options = {key: written(value) for key, value in read_csv_options(dialect).items()}
    decimal = "" if dialect.decimal == "." else f", decimal={written(dialect.decimal)}"
    script = SCRIPT.format(
        title=in_docstring(f"{model.target} by the network of {model.data.file}", 80),
        shown=in_docstring(beside, 80),
        file=written(beside),
        missing=missing_files("MODEL").rstrip(),
        decimal=decimal,
        predict=(
            PREDICT.format(what="Class labels" if model.classes else "Numbers")
            + PROBABILITIES * bool(model.classes)
        ).rstrip("\n"),
        rows="[\n" + "".join(f"    {written(row, 4)},\n" for row in rows) + "]",
        answers="[\n" + "".join(f"    {written(each, 4)},\n" for each in answers) + "]",
        asked="predict_proba" if model.classes else "predict",
        atol=tolerance(model),
        names="" if dialect.header else f"\n            {UNNAMED}",
        options="".join(f", {key}={value}" for key, value in options.items()),
    )
    return script, {beside: path.read_bytes()}
