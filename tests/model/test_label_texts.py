"""Labels that training tells apart stay apart: from the file to a saved model to the answers on new files."""

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from command_line import Run
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.choices.split import Split
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.prepare import prepare
from ann_tui.data.profile.table_profile import profile_table
from ann_tui.data.reading.read_table import read_table
from ann_tui.model.cell_reading import CellReader

SPELLED = [
    "3.1", "3.10", "3", "3.0", "1E2", "100", "+5", "5", "007",
    "7", "1.234", "1,234", "a", "10000000000000001", "10000000000000002",
]  # fmt: skip
TEXTS = st.one_of(
    st.from_regex(r"[+-]?[0-9]{1,3}(\.[0-9]{0,3})?", fullmatch=True),
    st.sampled_from(SPELLED),
)


def fitted(path: Path) -> FittedPreparation:
    """Fitted on all rows of a file whose columns are labels, and kept as a model file keeps it."""
    kinds = {"x": "category", "y": "category"}
    source = Source(str(path), target="y", kinds=kinds, dialect=Dialect(), missing_marks=())
    table = read_table(source)
    split = Split(validation=0, test=0)
    prepared = prepare(table, profile_table(table, source), source, Preparation(split=split))
    return FittedPreparation.from_dict(json.loads(json.dumps(prepared.fitted.to_dict())))


def written(path: Path, texts: list[str]) -> Path:
    """Each text twice, as a feature and as the target."""
    rows = "".join(f'"{text}","{text}",{place % 3}\n' for place, text in enumerate([*texts, *texts]))
    path.write_text("x,y,n\n" + rows)
    return path


@settings(deadline=None, max_examples=60)
@given(st.lists(TEXTS, min_size=2, max_size=8, unique=True))
def test_distinct_texts_are_distinct_classes_and_categories(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        model = fitted(written(Path(folder) / "train.csv", texts))
        assert sorted(model.target.classes) == sorted(texts)
        cells = pd.DataFrame({"x": texts, "y": texts, "n": "1"}, dtype=object)
        frame = CellReader(model, Source(""), ".").frame(cells)
        codes, missing = model.encode_target(frame["y"])
        assert not missing.any() and [model.target.classes[code] for code in codes] == texts
        inputs, report = model.transform(frame.assign(n=1.0))
        assert not report.unseen and len({row.tobytes() for row in inputs}) == len(texts)


@pytest.mark.parametrize(
    "known, new, read",
    [
        (["1", "2"], "1.0", "1"),
        (["1.0", "2.0"], "1", "1.0"),
        (["3.10", "3.9"], "3,10", "3.10"),
        (["3.1", "3.9"], "3.10", "3.10"),
        (["3.1", "3.10"], "3.100", "3.100"),
        (["1", "1.0"], "1.00", "1.00"),
        (["100", "7"], "1E2", "1E2"),
        (["7", "8"], "007", "007"),
        (["1234", "5"], "1,234", "1234"),
        (["caf\u00e9", "b"], "cafe\u0301", "caf\u00e9"),
        (["cafe\u0301", "b"], "caf\u00e9", "caf\u00e9"),
        (["9007199254740993", "5"], "9007199254740992", "9007199254740992"),
    ],
)
def test_a_label_that_training_did_not_know(tmp_path: Path, known: list[str], new: str, read: str) -> None:
    model = fitted(written(tmp_path / "train.csv", known))
    cells = pd.DataFrame({"x": [new], "y": [new], "n": ["1"]}, dtype=object)
    frame = CellReader(model, Source(""), ".").frame(cells)
    assert frame["x"].tolist() == frame["y"].tolist() == [read]


def test_versions_are_predicted_as_they_are_written(tmp_path: Path, cases: Path, run: Run) -> None:
    path, model, answers = (
        cases / "trailing_zero_codes/train_target.csv",
        tmp_path / "m.ann",
        tmp_path / "a.csv",
    )
    about = ("--target", "python", "--task", "classification", "--epochs", "30", "--no-baselines")
    ended = run("train", path, *about, "--save", model, "--json")
    assert ended.code == 0 and json.loads(ended.out)["classes"] == ["3.1", "3.10", "3.11", "3.8", "3.9"]
    other = tmp_path / "other.csv"
    header, *rows = path.read_text().splitlines()
    other.write_text("\n".join([header, *rows[1:], rows[1]]) + "\n")
    assert run("predict", model, other, "-o", answers).code == 0
    predicted = pd.read_csv(answers, dtype=str)
    assert set(predicted["prediction"]) <= {"3.1", "3.10", "3.11", "3.8", "3.9"}
    assert {"probability_3.1", "probability_3.10"} <= set(predicted.columns)
    evaluated = json.loads(run("evaluate", model, other, "--json").out)
    expected = Counter(pd.read_csv(other, dtype=str)["python"])
    counts = [sum(row) for row in evaluated["confusion_matrix"]["counts"]]
    assert dict(zip(evaluated["confusion_matrix"]["labels"], counts, strict=True)) == expected
