"""Scripts run by themselves on files: cells are read as the app reads them, or one line says what can't be."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from export.cases import experiment, run_script, trained
from export.written_files import FILES, found_in

from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import load, suggested_experiment
from ann_tui.export.writing import write_experiment, write_model
from ann_tui.model.file_answers import FileAnswers, open_rows
from ann_tui.model.storage import save_model
from ann_tui.model.trained_model import TrainedModel
from ann_tui.network.design import NetworkDesign

ROWS = 120
OWN_MARK = "not told"


def write_messy(path: Path) -> Path:
    """Decimal commas, units, shares, thousands, marks of missing values, yes and no, dates; in another encoding."""
    random = np.random.default_rng(1)
    weight, share = random.uniform(20, 90, ROWS), random.uniform(0, 100, ROWS)
    lines = ["weight;height;share;income;café;smokes;seen;target"]
    for row in range(ROWS):
        cells = [
            f"{weight[row]:.1f} kg".replace(".", ","),
            f"{random.uniform(1, 2):.2f}".replace(".", ","),
            f"{share[row]:.0f} %",
            f"{random.integers(1, 90)}.{random.integers(100, 999)},5",
            random.choice(["Zoë", "Ana", "1,5"]),
            random.choice(["yes", "no"]),
            f"{random.integers(1, 28):02}.{random.integers(1, 12):02}.2021",
            "big" if weight[row] + share[row] / 5 > 60 else "small",
        ]
        if row % 9 == 4:
            cells[row % 7] = ["?", "unknown", OWN_MARK, "", "-"][row % 5]
        lines.append(";".join(cells))
    path.write_bytes(("\n".join(lines) + "\n").encode("cp1252"))
    return path


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, TrainedModel]:
    """The table and a model of it."""
    path = write_messy(tmp_path_factory.mktemp("messy") / "messy.csv")
    source = Source(str(path), target="target", missing_marks=("?", "unknown", OWN_MARK, "", "-"))
    return path, trained(suggested_experiment(source, load(source)), epochs=2)[0]


def run(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    return subprocess.run(
        [sys.executable, str(script), *arguments], capture_output=True, text=True, check=False, env=here
    )


def of_app(model: TrainedModel, table: Path) -> list[object]:
    with open_rows(model, str(table)) as rows:
        return [each for piece in FileAnswers(model, rows) for each in piece.predictions.values]


@pytest.fixture(params=["sklearn", "ann"])
def script(request: pytest.FixtureRequest, messy: tuple[Path, TrainedModel], tmp_path: Path) -> Path:
    """The script of the model, for one of the frameworks."""
    save_model(messy[1], tmp_path / "m.ann")
    write_model(request.param, messy[1], tmp_path / "m.ann", tmp_path / "script.py")
    return tmp_path / "script.py"


def test_the_training_file_gets_the_answers_of_the_app(
    messy: tuple[Path, TrainedModel], script: Path
) -> None:
    """Two files at once, too; and no file is fine."""
    table, model = messy
    ended = run(script, str(table), str(table))
    assert ended.returncode == 0, ended.stderr
    half = ended.stdout[: len(ended.stdout) // 2]
    assert ended.stdout == half + half
    answered = pd.read_csv(StringIO(half))
    assert list(answered["prediction"]) == of_app(model, table)
    assert run(script).returncode == 0


def test_the_stored_rows_are_cells_of_the_file(messy: tuple[Path, TrainedModel], tmp_path: Path) -> None:
    """As they are written there, a gap among them."""
    table, model = messy
    write_model("sklearn", model, tmp_path / "m.ann", tmp_path / "script.py")
    stored = json.loads((tmp_path / "script.prepared.json").read_text(encoding="utf-8"))["rows"]
    raw = pd.read_csv(table, sep=";", encoding="cp1252", dtype=str, keep_default_na=False)
    known = {tuple(row) for row in raw[list(stored[0])].itertuples(index=False)}
    assert all(tuple(cell or "" for cell in row.values()) in known for row in stored)
    assert any(cell in ("?", "unknown", OWN_MARK, "", "-", None) for row in stored for cell in row.values())


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("weight", "48,9 lbs", "give it as a number in kg"),
        ("height", "tall", "height: 'tall' can't be read; give it as a number"),
        ("share", "45", "give it as a number in %"),
        ("seen", "yesterday", "give it as a date like %d.%m.%Y"),
    ],
)
def test_what_can_not_be_read_is_one_line(
    messy: tuple[Path, TrainedModel], tmp_path: Path, column: str, cell: str, said: str
) -> None:
    """It is not taken as missing."""
    table, model = messy
    write_model("sklearn", model, tmp_path / "m.ann", tmp_path / "script.py")
    raw = pd.read_csv(table, sep=";", encoding="cp1252", dtype=str, keep_default_na=False)
    raw.loc[3, column] = cell
    raw.to_csv(tmp_path / "new.csv", sep=";", index=False, encoding="cp1252")
    ended = run(tmp_path / "script.py", str(tmp_path / "new.csv"))
    assert ended.returncode == 1 and said in ended.stderr and ended.stderr.count("\n") == 1
    raw.drop(columns=column).to_csv(tmp_path / "new.csv", sep=";", index=False, encoding="cp1252")
    assert (
        f"the column '{column}' is missing" in run(tmp_path / "script.py", str(tmp_path / "new.csv")).stderr
    )


def test_marks_of_single_columns_and_words_like_marks(tmp_path: Path) -> None:
    """NA may be a label of one column, and a text of its own a gap in another."""
    random = np.random.default_rng(2)
    size = random.integers(1, 50, 80)
    code = random.choice(["NA", "DE", "FR", "IT", "ES", "PT", "SE"], 80)
    frame = pd.DataFrame(
        {"size": size, "more": size * 2, "code": code, "kind": np.where(size > 25, "a", "b")}
    )
    frame["size"] = frame["size"].astype(object).where(frame.index % 9 > 0, "not told")
    frame.to_csv(tmp_path / "t.csv", index=False)
    source = Source(
        str(tmp_path / "t.csv"), target="kind", column_marks={"size": ("not told",), "code": ("FR",)}
    )
    model, _ = trained(suggested_experiment(source, load(source)), epochs=2)
    write_model("sklearn", model, tmp_path / "m.ann", tmp_path / "script.py")
    ended = run(tmp_path / "script.py", str(tmp_path / "t.csv"))
    assert ended.returncode == 0, ended.stderr
    assert list(pd.read_csv(StringIO(ended.stdout))["prediction"]) == of_app(model, tmp_path / "t.csv")
    raw = pd.read_csv(tmp_path / "t.csv", dtype=str, keep_default_na=False)
    with open_rows(model, str(tmp_path / "t.csv")) as rows:
        expected = np.vstack(
            [np.array(piece.predictions.probabilities) for piece in FileAnswers(model, rows)]
        )
    assert np.abs(run_script(tmp_path / "script.py")["predict_proba"](raw) - expected).max() < 1e-5


WRITTEN = (
    "thousands as k", "k and K and a point", "thousands of euros", "lakhs", "minus behind", "minus as brackets",
    "a true minus", "no header", "a mark of the table", "marks of a column", "infinite", "currency in groups",
    "minus before a currency", "points between thousands", "moments of a zone", "per mille",
)  # fmt: skip


@pytest.mark.filterwarnings("ignore:cells that can't be read")
@pytest.mark.parametrize("name", WRITTEN)
def test_a_model_reads_its_own_file_however_it_is_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By each script the answers of the app; the rows that it checks itself on stand in the file."""
    file, path = FILES[name], tmp_path / "t.csv"
    path.write_bytes(file.data.encode() if isinstance(file.data, str) else file.data)
    model, _ = trained(found_in(path, file), epochs=2)
    save_model(model, tmp_path / "m.ann")
    monkeypatch.setattr(sys, "argv", ["script.py", str(path)])
    for framework in ("sklearn", "ann"):
        write_model(framework, model, tmp_path / "m.ann", tmp_path / f"script_{framework}.py")
        runpy.run_path(str(tmp_path / f"script_{framework}.py"), run_name="__main__")
        answered = pd.read_csv(StringIO(capsys.readouterr().out))
        assert list(answered["prediction"]) == of_app(model, path), framework
    stored = json.loads((tmp_path / "script_sklearn.prepared.json").read_text(encoding="utf-8"))["rows"]
    assert all(isinstance(cell, str | None) for row in stored for cell in row.values())


def test_other_words_for_yes_and_whole_numbers(messy: tuple[Path, TrainedModel], tmp_path: Path) -> None:
    """True in a typed frame is the yes of training."""
    table, model = messy
    write_model("sklearn", model, tmp_path / "m.ann", tmp_path / "script.py")
    raw = pd.read_csv(table, sep=";", encoding="cp1252", dtype=str, keep_default_na=False)
    raw = raw[raw["smokes"].isin(["yes", "no"])]
    names = run_script(tmp_path / "script.py")
    expected = names["predict_proba"](raw)
    for yes, no in ((True, False), ("TRUE", "FALSE"), ("1", "0"), (" Yes ", " NO")):
        found = names["predict_proba"](
            raw.assign(smokes=[yes if each == "yes" else no for each in raw["smokes"]])
        )
        assert np.array_equal(found, expected)


@pytest.mark.parametrize("scaling", ["standard", "robust", "min-max", "smooth clip", "quantile"])
def test_huge_and_infinite_numbers(table: Path, tmp_path: Path, scaling: str) -> None:
    """They are cut or missing, as in the app."""
    model, _ = trained(experiment(table, "binary", preparation={"scaling": scaling}))
    write_model("sklearn", model, tmp_path / "m.ann", tmp_path / "script.py")
    frame = pd.read_csv(table, dtype={"code": str, "ok": str, "colour": str}).head(8)
    frame["width"] = [1e300, -1e300, 1e308, np.inf, -np.inf, 1e12, -1e12, np.nan]
    expected = model.predict(frame.astype(object).where(frame.notna(), None)).probabilities
    found = run_script(tmp_path / "script.py")["predict_proba"](frame)
    assert expected is not None and np.abs(found - expected).max() < 1e-5


@pytest.mark.parametrize("transform", ["none", "log", "quantile"])
def test_numbers_told_for_huge_ones(table: Path, tmp_path: Path, transform: str) -> None:
    """Finite, as in the app."""
    model, _ = trained(experiment(table, "number", preparation={"target_transform": transform}))
    write_model("sklearn", model, tmp_path / "m.ann", tmp_path / "script.py")
    frame = pd.read_csv(table, dtype={"code": str, "ok": str, "colour": str}).head(5)
    frame["width"] = [1e300, -1e300, np.inf, 1e12, -1e12]
    expected = model.predict(frame.astype(object).where(frame.notna(), None)).values
    found = run_script(tmp_path / "script.py")["predict"](frame)
    assert np.isfinite(found).all() and np.allclose(found, expected, rtol=1e-4)


def test_files_that_are_gone_or_of_another_table_are_one_line(table: Path, tmp_path: Path) -> None:
    """The script names them."""
    copy = tmp_path / "things.csv"
    copy.write_bytes(table.read_bytes())
    simple = {"optimizer": "adam", "schedule": "constant"}
    found = experiment(copy, "binary", plan=simple, layers="6 relu")
    model, _ = trained(found)
    write_model("sklearn", model, tmp_path / "m.ann", tmp_path / "script.py")
    write_experiment("sklearn", found, tmp_path / "train.py")
    assert run(tmp_path / "train.py").returncode == 0
    lines = copy.read_text(encoding="utf-8").splitlines(keepends=True)
    copy.write_text("".join(lines[:-1]), encoding="utf-8")
    ended = run(tmp_path / "train.py")
    assert ended.returncode == 1 and "has 149 rows" in ended.stderr and ended.stderr.count("\n") == 1
    for script, gone in (("train.py", "train.parts.csv"), ("script.py", "script.weights.safetensors")):
        (tmp_path / gone).unlink()
        ended = run(tmp_path / script)
        assert (
            ended.returncode == 1 and f"{gone} is missing" in ended.stderr and ended.stderr.count("\n") == 1
        )


def test_the_fitted_preparation_can_be_kept(table: Path, tmp_path: Path) -> None:
    """No name of a function is given to a transformer; and what can't be read in new rows is missing."""
    simple = {"optimizer": "adam", "schedule": "constant"}
    write_experiment("sklearn", experiment(table, "binary", plan=simple), tmp_path / "train.py")
    code = (tmp_path / "train.py").read_text(encoding="utf-8")
    code += """
import joblib
joblib.dump(preprocess, HERE / "preprocess.joblib")
assert (joblib.load(HERE / "preprocess.joblib").transform(test) == preprocess.transform(test)).all()
odd, gaps = test.astype(object), test.astype(object)
odd["width"], odd["made"] = "broad", "some day"
gaps["width"], gaps["made"] = None, None
assert (predict(odd) == predict(gaps)).all()
"""
    (tmp_path / "train.py").write_text(code, encoding="utf-8")
    ended = run(tmp_path / "train.py")
    assert ended.returncode == 0, ended.stderr


def test_columns_called_as_things_in_the_script(tmp_path: Path) -> None:
    """No name of a column is taken for a name of the code, in training, in a model, or in quotes."""
    random = np.random.default_rng(4)
    size, count = random.normal(0, 1, 100).round(3), random.integers(1, 60, 100)
    frame = pd.DataFrame(
        {
            "self": size,
            "np": [f"{each}k" for each in count],
            "frame": random.choice(["a'b", 'c"d', "e\\f", "{g}", "%s"], 100),
            "TARGET": random.choice(["yes", "no"], 100),
            'two\nlines and a "quote"': size * 2 + random.normal(0, 1, 100),
            "class": np.where(size > 0, "p'q", 'r"s\\'),
        }
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    source = Source(str(tmp_path / "t.csv"), target="class", number_forms={"np": "12k"})
    found = suggested_experiment(source, load(source))
    plain = {"optimizer": "adam", "schedule": "constant", "average": "none", "refit": False, "epochs": 3}
    found = replace(found, plan=replace(found.plan, **plain), preparation=Preparation())
    found = replace(found, design=NetworkDesign.from_text("4 relu"))
    write_experiment("sklearn", found, tmp_path / "train.py")
    model, _ = trained(found)
    save_model(model, tmp_path / "m.ann")
    write_model("sklearn", model, tmp_path / "m.ann", tmp_path / "script.py")
    for script, arguments in (("train.py", ()), ("script.py", (str(tmp_path / "t.csv"),))):
        ended = run(tmp_path / script, *arguments)
        assert ended.returncode == 0, ended.stderr
    assert list(pd.read_csv(StringIO(ended.stdout))["prediction"]) == of_app(model, tmp_path / "t.csv")
