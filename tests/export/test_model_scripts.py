"""A trained model as a script: it answers as the model does. scikit-learn's can run here; see test_frameworks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from export.cases import OPTIONS, TOGETHER, agree, experiment, raw, run_script, trained

from ann_tui.data.choices.preparation import ColumnPreparation
from ann_tui.data.choices.source import Source
from ann_tui.export.export_error import ExportError
from ann_tui.export.writing import write_model


@pytest.mark.parametrize(("field", "option"), OPTIONS)
def test_each_option_of_a_preparation(field: str, option: str, table: Path, tmp_path: Path) -> None:
    """All of them can be written."""
    kind = "number" if field == "target_transform" else "multiclass"
    model, _ = trained(experiment(table, kind, preparation={field: option}))
    agree(model, raw(table), tmp_path)


@pytest.mark.parametrize("chosen", TOGETHER, ids=str)
def test_options_together(chosen: dict[str, Any], table: Path, tmp_path: Path) -> None:
    """And several at once, with members."""
    model, _ = trained(experiment(table, "binary", preparation=chosen, design={"members": 2}))
    agree(model.at(0.3), raw(table), tmp_path)


def test_exceptions_of_columns(table: Path, tmp_path: Path) -> None:
    """Rules for single columns, and scalings of their own."""
    columns = {
        "width": ColumnPreparation(minimum=4.0, maximum=15.0, scaling="robust"),
        "height": ColumnPreparation(scaling="quantile", number_encoding="piecewise linear"),
        "depth": ColumnPreparation(scaling="smooth clip", indicator=True, outliers="iqr"),
        "colour": ColumnPreparation(merge={"Red": "red"}, allowed=("red", "green", "blue"), indicator=True),
    }
    model, _ = trained(experiment(table, columns=columns))
    agree(model, raw(table), tmp_path)


@pytest.mark.parametrize("cost", ["poisson", "squared error"])
def test_numbers_in_their_own_unit(cost: str, table: Path, tmp_path: Path) -> None:
    """With an input scale, which goes into the first weights."""
    model, _ = trained(experiment(table, "number", design={"cost": cost}, layers="input scale, 6 tanh"))
    agree(model, raw(table), tmp_path)


def test_the_stored_rows_are_checked(table: Path, tmp_path: Path) -> None:
    """Another number among the weights is told at once."""
    model, _ = trained(experiment(table))
    write_model("sklearn", model, tmp_path / "model.ann", tmp_path / "script.py")
    stored = json.loads((tmp_path / "script.prepared.json").read_text(encoding="utf-8"))
    assert len(stored["rows"]) == len(stored["answers"]) == 5
    stored["answers"][2][0] += 0.001
    (tmp_path / "script.prepared.json").write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(AssertionError):
        run_script(tmp_path / "script.py")


def test_what_a_model_can_not_be_is_named(table: Path, tmp_path: Path) -> None:
    """And then nothing is written."""
    model, _ = trained(experiment(table, layers="6 gelu, batch norm"))
    with pytest.raises(ExportError, match="activation gelu, batch norm"):
        write_model("sklearn", model, tmp_path / "model.ann", tmp_path / "script.py")
    assert not list(tmp_path.iterdir())


def test_no_framework_is_imported(table: Path, tmp_path: Path) -> None:
    """Neither by the command nor by what writes."""
    code = (
        "import sys; from pathlib import Path; import ann_tui.cli, ann_tui.export.writing as w; "
        "print([name for name in ('torch', 'keras', 'onnx', 'jax') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("sample", ["penguins", "churn", "cars", "digits", "spirals"])
def test_each_sample(sample: str, tmp_path: Path) -> None:
    """As everybody begins, but for the time that it takes."""
    from ann_tui.experiments.derived import load, suggested_experiment

    path = Path(__file__).resolve().parents[2] / "sample_data" / f"{sample}.csv"
    source = Source(str(path))
    found = suggested_experiment(source, load(source))
    model, _ = trained(found, epochs=2)
    agree(model, pd.read_csv(path, nrows=200), tmp_path)
