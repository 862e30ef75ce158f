"""A file of any writing and length: one row out for one row in, cells as they stand, the same answers."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.data.choices.preparation import PreparationError
from ann_tui.data.choices.source import Source
from ann_tui.data.reading import chunked_reading
from ann_tui.data.reading.chunked_reading import open_chunked
from ann_tui.evaluation.metrics import classification_metrics, regression_metrics
from ann_tui.evaluation.running_score import RunningClassScore, RunningNumberScore, RunningScore
from ann_tui.experiments.derived import LoadedData, load
from ann_tui.model.file_answers import FileAnswers, open_rows
from ann_tui.model.prediction_writer import Form, write_predictions, written_numbers
from ann_tui.model.trained_model import TrainedModel

Trained = tuple[TrainedModel, LoadedData]


def _predict(
    model: TrainedModel, path: Path, form: Form = "csv"
) -> tuple[str, FileAnswers, RunningScore | None]:
    out = io.BytesIO()
    with open_rows(model, str(path)) as table:
        answers = FileAnswers(model, table)
        score = write_predictions(answers, out, form=form)
    return out.getvalue().decode(), answers, score


def _cells(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.fixture
def rows(sample_data: Path) -> list[list[str]]:
    """The cells of the penguins, header included."""
    return _cells((sample_data / "penguins.csv").read_text())


def test_whole_file_says_what_the_table_says(penguins: Trained, cars: Trained) -> None:
    for model, data in (penguins, cars):
        text, answers, _ = _predict(model, data.table.path)
        lines = data.table.path.read_text().splitlines()
        assert all(line.startswith(f"{own},") for line, own in zip(text.splitlines(), lines, strict=True))
        found = pd.read_csv(io.StringIO(text))
        expected = model.predict(load(Source(str(data.table.path))).table.frame)
        assert found["prediction"].tolist() == expected.values.tolist()
        if expected.probabilities is not None:
            columns = found[[f"probability_{label}" for label in model.classes]]
            assert columns.to_numpy().astype(np.float32).tobytes() == expected.probabilities.tobytes()
        assert answers.report.imputed == expected.report.imputed
        assert answers.report.outside == expected.report.outside


def test_pieces_of_any_size_say_the_same(
    penguins: Trained, tmp_path: Path, rows: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "long.csv"
    body = "".join(",".join(row) + "\n" for row in rows[1:])
    path.write_text(",".join(rows[0]) + "\n" + 60 * body)
    whole, _, score = _predict(penguins[0], path)
    # Smaller than the beginning that is read at once, so that several pieces follow it.
    monkeypatch.setattr(chunked_reading, "CHUNK_BYTES", 50_000)
    pieces, answers, again = _predict(penguins[0], path)
    assert whole == pieces and whole.count("\n") == 60 * 344 + 1
    assert answers.report.rows == 60 * 344
    assert score is not None and again is not None and score.metrics() == pytest.approx(again.metrics())


WRITINGS: dict[str, dict[str, Any]] = {
    "semicolon": {"delimiter": ";"},
    "tab": {"delimiter": "\t"},
    "all quoted": {"quoting": csv.QUOTE_ALL},
    "windows": {"lineterminator": "\r\n"},
    "quoted and windows": {"quoting": csv.QUOTE_ALL, "lineterminator": "\r\n"},
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_every_writing_gives_the_same_cells(
    penguins: Trained, tmp_path: Path, rows: list[list[str]], writing: str
) -> None:
    plain, _, _ = _predict(penguins[0], penguins[1].table.path)
    path = tmp_path / "other.csv"
    with path.open("w", newline="") as file:
        csv.writer(file, **({"lineterminator": "\n"} | WRITINGS[writing])).writerows(rows)
    text, _, _ = _predict(penguins[0], path)
    assert _cells(text) == _cells(plain)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_encodings(penguins: Trained, tmp_path: Path, rows: list[list[str]], encoding: str) -> None:
    plain, _, _ = _predict(penguins[0], penguins[1].table.path)
    path = tmp_path / "other.csv"
    path.write_text("".join(",".join(row) + "\n" for row in rows), encoding=encoding)
    assert _predict(penguins[0], path)[0] == plain


def test_decimal_comma(penguins: Trained, tmp_path: Path, rows: list[list[str]]) -> None:
    plain = _cells(_predict(penguins[0], penguins[1].table.path)[0])
    path = tmp_path / "german.csv"
    german = [[cell.replace(".", ",") for cell in row] for row in rows]
    path.write_text("".join(";".join(row) + "\n" for row in german))
    found = _cells(_predict(penguins[0], path)[0])
    assert [row[8:] for row in found] == [row[8:] for row in plain]
    assert [row[:8] for row in found] == german


def test_columns_in_another_order_and_more_of_them(
    penguins: Trained, tmp_path: Path, rows: list[list[str]]
) -> None:
    plain = _cells(_predict(penguins[0], penguins[1].table.path)[0])
    path = tmp_path / "other.csv"
    path.write_text("".join(",".join([*row[::-1], "[red]x", "prediction"]) + "\n" for row in rows))
    text, answers, _ = _predict(penguins[0], path)
    found = _cells(text)
    assert found[0][8:11] == ["[red]x", "prediction", "prediction_2"]
    assert [row[10:] for row in found[1:]] == [row[8:] for row in plain[1:]]
    assert set(answers.report.ignored) == {"[red]x", "prediction"}


def test_cells_are_written_as_they_are_read(penguins: Trained, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(
        "species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year,note\n"
        'Adelie,"Torg""ersen",39.10,1.87e1,181,"3,750",male,2007,"two\nlines"\n'
        'x,"Dream, far", 36 ,17.0,0187,3700.000,MALE,2009,=1+1\n'
    )
    text, answers, score = _predict(penguins[0], path)
    first, second = _cells(text)[1:]
    assert first[:9] == [
        "Adelie",
        'Torg"ersen',
        "39.10",
        "1.87e1",
        "181",
        "3,750",
        "male",
        "2007",
        "two\nlines",
    ]
    assert second[:9] == ["x", "Dream, far", " 36 ", "17.0", "0187", "3700.000", "MALE", "2009", "=1+1"]
    assert answers.unknown_target == 1 and score is not None and score.rows == 1
    assert set(answers.report.unseen) >= {"island"}


def test_missing_column_is_named(penguins: Trained, cars: Trained) -> None:
    with (
        open_chunked(Source(str(cars[1].table.path))) as table,
        pytest.raises(PreparationError, match="'island'"),
    ):
        FileAnswers(penguins[0], table)


def test_a_column_of_words_where_numbers_are_due(
    penguins: Trained, tmp_path: Path, rows: list[list[str]]
) -> None:
    path = tmp_path / "words.csv"
    path.write_text("".join(",".join([*row[:2], row[0], *row[3:]]) + "\n" for row in rows).replace(
        "species,island,species", "species,island,bill_length_mm"))  # fmt: skip
    with pytest.raises(PreparationError, match="'bill_length_mm' should hold numbers"):
        _predict(penguins[0], path)


def test_a_few_unreadable_cells_are_missing_and_told(
    penguins: Trained, tmp_path: Path, rows: list[list[str]]
) -> None:
    path = tmp_path / "few.csv"
    rows[5][2] = "broken"
    path.write_text("".join(",".join(row) + "\n" for row in rows))
    text, answers, _ = _predict(penguins[0], path)
    assert answers.report.unparseable["bill_length_mm"].before == ("broken",)
    assert text.splitlines()[5].startswith("Adelie,Torgersen,broken,")


def test_records_that_cannot_be_read_are_counted(
    penguins: Trained, tmp_path: Path, rows: list[list[str]]
) -> None:
    path = tmp_path / "ragged.csv"
    rows[7] += ["too", "many"]
    path.write_text("".join(",".join(row) + "\n" for row in rows))
    text, answers, _ = _predict(penguins[0], path)
    assert len(_cells(text)) == len(rows) - 1
    assert [row.line for row in answers.dropped] == [8] and answers.dropped_count == 1


def test_running_score_is_scikit_learns(penguins: Trained, cars: Trained) -> None:
    model, data = penguins
    frame = data.table.frame
    codes, _ = model.fitted.encode_target(frame["species"])
    probabilities = model.predict(frame).probabilities
    assert probabilities is not None
    expected = classification_metrics(codes, probabilities)
    score = RunningClassScore(model.classes)
    for start in range(0, len(codes), 100):
        score.add(codes[start : start + 100], probabilities[start : start + 100])
    assert score.metrics() == pytest.approx({name: expected[name] for name in score.metrics()})

    true = cars[1].table.frame["Miles_per_Gallon"].to_numpy()
    known = ~np.isnan(true)
    given = cars[0].predict(cars[1].table.frame).values
    number = RunningNumberScore()
    for start in range(0, len(true), 77):
        part = slice(start, start + 77)
        number.add(true[part][known[part]], given[part][known[part]])
    expected = regression_metrics(true[known], given[known])
    assert number.metrics() == pytest.approx({name: expected[name] for name in number.metrics()})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), max_size=30))
def test_written_numbers_give_back_the_same_bits(values: list[float]) -> None:
    numbers = np.array(values, dtype=np.float32)
    again = np.array([float(text) for text in written_numbers(numbers)], dtype=np.float32)
    assert again.tobytes() == (numbers + 0.0).tobytes() or again.tobytes() == numbers.tobytes()


def test_parquet_says_what_the_text_table_says(penguins: Trained, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "penguins.parquet"
    pd.read_csv(penguins[1].table.path).to_parquet(path)
    found, plain = (_cells(_predict(penguins[0], place)[0]) for place in (path, penguins[1].table.path))
    assert [row[8:] for row in found] == [row[8:] for row in plain]
    assert [row[:2] for row in found] == [row[:2] for row in plain]
