"""Predictions of and in Parquet files: the same answers, and the columns with the types that they had."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ann_tui.data.reading import chunked_parquet
from ann_tui.experiments.derived import LoadedData
from ann_tui.model.file_answers import FileAnswers, open_rows
from ann_tui.model.prediction_writer import Form, form_of, write_predictions
from ann_tui.model.trained_model import TrainedModel
from ann_tui.tui.file_prediction import predict_file, problem_with_output, suggested_output

pyarrow = pytest.importorskip("pyarrow")
from pyarrow import parquet  # noqa: E402

Trained = tuple[TrainedModel, LoadedData]


def _answers(model: TrainedModel, path: Path, form: Form) -> bytes:
    out = io.BytesIO()
    with open_rows(model, str(path)) as table:
        write_predictions(FileAnswers(model, table), out, form=form)
    return out.getvalue()


@pytest.fixture
def table(penguins: Trained, tmp_path: Path) -> Path:
    """The penguins in Parquet, with columns of several types that the network doesn't know."""
    frame = pd.read_csv(penguins[1].table.path)
    frame["moment"] = pd.date_range("2020-01-01", periods=len(frame), freq="h")
    frame["prediction"] = pd.array([None, 1] * (len(frame) // 2), dtype="Int64")
    rows = pyarrow.Table.from_pandas(frame, preserve_index=False)
    rows = rows.append_column("list", pyarrow.array([[1, 2]] * len(frame)))
    path = tmp_path / "penguins.parquet"
    parquet.write_table(rows, path)
    return path


def test_columns_keep_their_types_and_answers_are_those_of_the_text(
    penguins: Trained, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In several pieces."""
    monkeypatch.setattr(chunked_parquet, "BATCH", 100)
    model, data = penguins
    rows = parquet.read_table(table)
    found = parquet.read_table(io.BytesIO(_answers(model, table, "parquet")))
    assert found.select(rows.column_names).equals(rows)
    assert found.column_names[len(rows.column_names) :] == [
        "prediction_2",
        *(f"probability_{label}" for label in model.classes),
    ]
    text = pd.read_csv(io.BytesIO(_answers(model, data.table.path, "csv")))
    assert found["prediction_2"].to_pylist() == text["prediction"].tolist()
    for label in model.classes:
        column = found[f"probability_{label}"].to_numpy()
        assert column.dtype == np.float32
        assert column.tobytes() == text[f"probability_{label}"].to_numpy(np.float32).tobytes()


def test_text_stays_text(cars: Trained, tmp_path: Path) -> None:
    """As it is written, with quotes and line breaks; a number is a float64 with all of its bits."""
    model, data = cars
    lines = data.table.path.read_text().splitlines()
    lines[1] = lines[1].replace("chevrolet chevelle malibu", '"a, ""b""\nc"')
    path = tmp_path / "cars.csv"
    path.write_text("\n".join(lines) + "\n")
    found = parquet.read_table(io.BytesIO(_answers(model, path, "parquet"))).to_pandas()
    text = pd.read_csv(io.BytesIO(_answers(model, path, "csv")), dtype=str, keep_default_na=False)
    assert found["Name"][0] == 'a, "b"\nc'
    own = found.drop(columns="prediction").fillna("")
    pd.testing.assert_frame_equal(own, text.drop(columns="prediction"), check_dtype=False)
    assert (own == "").to_numpy().any()
    assert found["prediction"].tolist() == [float(cell) for cell in text["prediction"]]


def test_the_app_writes_and_reads_it_too(penguins: Trained, table: Path, tmp_path: Path) -> None:
    out = suggested_output(str(table))
    assert out == str(tmp_path / "penguins-predictions.parquet")
    done = predict_file(penguins[0], str(table), out, progress=lambda text: None, cancelled=lambda: False)
    assert done.rows == 344 == len(parquet.read_table(out)) and "accuracy" in done.score
    assert problem_with_output(str(table), str(tmp_path / "x.ann")) is not None
    assert problem_with_output(str(table), out) is None


def test_the_name_says_how_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {
        None: "csv",
        "a.TSV": "tsv",
        "a.csv": "csv",
        "a": "csv",
        "a.parquet": "parquet",
        "a.PQ": "parquet",
    }
    assert {name: form_of(name) for name in names} == names
    with pytest.raises(ValueError, match="written as text or Parquet, not as"):
        form_of("a.ANN")
    monkeypatch.setattr("ann_tui.model.prediction_writer.find_spec", lambda name: None)
    assert form_of("a.csv") == "csv"
    with pytest.raises(ValueError, match="needs pyarrow"):
        form_of("a.parquet")
