"""What a new option's entry does is what is done: in training, in the saved model, and when that answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command_line import Run as RunCommand

from ann_tui.choice_fields import Option
from ann_tui.data.choices.date_parts import DateOption
from ann_tui.data.choices.encodings import Encoding
from ann_tui.data.choices.imputations import LabelFill, NumberFill
from ann_tui.data.choices.number_encodings import NumberEncoding
from ann_tui.data.choices.outliers import OutlierAction, Outliers
from ann_tui.data.choices.row_options import Duplicates, Unparseable
from ann_tui.data.choices.scalings import Scaling
from ann_tui.data.choices.splits import SplitMethod
from ann_tui.data.choices.target_options import ClassWeights, TargetTransform
from ann_tui.data.choices.texts import TextOption
from ann_tui.data.preparing.targets import ClassTarget, NumberTarget
from ann_tui.experiments.named_choices import options_by_name
from ann_tui.model.storage import load_model
from ann_tui.model.trained_model import TrainedModel
from ann_tui.training.averages import Average
from ann_tui.training.monitors import Monitor

NEW = "brand new"
ROWS = 90
NAMED = (NEW, "an option that did not exist before")


def _table(path: Path) -> Path:
    """Two numbers (one with gaps, cells that can't be read, and an outlier), a date, a word, a text and a class."""
    lines = ["size,weight,day,word,text,kind"]
    for n in range(ROWS):
        size = "" if n % 9 == 0 else "oops" if n % 30 == 13 else "999.5" if n == 20 else f"{n % 7}.5"
        word = "" if n % 10 == 3 else ("red", "green", "blue")[n % 3]
        text = f"this is the note of number {n} and it says that nothing at all was found on that day"
        day = f"20{n % 20:02d}-{1 + n % 12:02d}-{1 + n % 28:02d}"
        lines.append(f"{size},{n + 0.25},{day},{word},{text},{('no', 'yes', 'maybe')[n % 5 % 3]}")
    lines.append(lines[2])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _column(model: TrainedModel, name: str) -> Any:
    return next(column for column in model.fitted.columns if column.name == name)


def _reasons(record: dict[str, Any]) -> list[str]:
    return [row["reason"] for row in record["rows"]["dropped"]]


@dataclass(frozen=True)
class Own:
    """An entry of our own, what shows in the model and in the record that it ran, and what else is to be said."""

    entry: Option
    ran: Callable[[TrainedModel, dict[str, Any]], bool]
    words: tuple[str, ...] = field(default=())


def _sent_to_zero(mean: Any, weights: Any, plan: object) -> Callable[[int], None]:
    return lambda count: mean.fill(0.0)


OWN = {
    "preparation.missing_number": Own(
        NumberFill(*NAMED, fit=lambda values, constant: 1234.5, done="a surprise"),
        lambda model, record: _column(model, "size").fill == 1234.5,
    ),
    "preparation.missing_category": Own(
        LabelFill(*NAMED, fit=lambda labels, counts, constant: "made up"),
        lambda model, record: _column(model, "word").fill == "made up",
    ),
    "preparation.outliers": Own(
        Outliers(*NAMED, fence=lambda values, limit: (-3.0, 33.0)),
        lambda model, record: (_column(model, "size").fence.lower, _column(model, "size").fence.upper) == (-3, 33),
        ("--set", "preparation.outliers=iqr"),
    ),
    "preparation.outlier_action": Own(
        OutlierAction(*NAMED, apply=lambda values, low, high: np.where(values > high, 7.75, values)),
        lambda model, record: _features(model, size="99999", weight="1") == _features(model, size="7.75", weight="1"),
        ("--set", "preparation.outliers=iqr"),
    ),
    "preparation.scaling": Own(
        Scaling(*NAMED, fit=lambda values: (0.0, 1000.0)),
        lambda model, record: _column(model, "size").scaler.text == "0 becomes 0, 1000 becomes 1",
    ),
    "preparation.number_encoding": Own(
        NumberEncoding(*NAMED, edges=lambda values, columns: (-7.0, 5.0, 70.0)),
        lambda model, record: _column(model, "size").bin_names == ("size -7 to 5", "size 5 to 70"),
    ),
    "preparation.encoding": Own(
        Encoding(*NAMED, form="one-hot", lists=lambda labels, counts, stated: ["blue"]),
        lambda model, record: _column(model, "word").feature_names == ("word=blue", "word=other"),
    ),
    "preparation.dates": Own(
        DateOption(*NAMED, parts=lambda seconds: ("weekday",)),
        lambda model, record: [part.part for part in _column(model, "day").parts] == ["weekday"],
    ),
    "preparation.text": Own(
        TextOption(*NAMED, cut=lambda text: [text[-1]], pieces="ends"),
        lambda model, record: (
            _column(model, "text").feature_names[0] == "text ends 1"
            and _features(model, text="all is well") == _features(model, text="l")
            != _features(model, text="all is good")
        ),
        ("--set", 'source.included=["text"]', "--set", "preparation.text=hashed letters"),
    ),
    "preparation.duplicates": Own(
        Duplicates(*NAMED, again=lambda rows: np.arange(len(rows)) < 4),
        lambda model, record: _reasons(record) == ["repeats an earlier training row"] * 4,
    ),
    "preparation.unparseable": Own(
        Unparseable(*NAMED, then="left out"),
        lambda model, record: set(_reasons(record)) == {"'size' can't be read (training rows only)"},
        ("--set", "source.kinds.size=number"),
    ),
    "preparation.target_transform": Own(
        TargetTransform(*NAMED, encode=lambda values: values / 1000, decode=lambda values: values * 1000),
        lambda model, record: (
            isinstance(model.fitted.target, NumberTarget)
            and model.fitted.target.scale.scaler.scale < 0.1
            and bool(np.isclose(model.fitted.target.decode(np.zeros(1))[0], 45, atol=15))
        ),
        ("--target", "weight"),
    ),
    "preparation.class_weights": Own(
        ClassWeights(*NAMED, of=lambda counts: np.arange(1.0, 1 + len(counts))),
        lambda model, record: (
            isinstance(model.fitted.target, ClassTarget)
            and len(weights := model.fitted.target.weights) == 3
            and np.divide(weights, weights[0]).tolist() == pytest.approx([1, 2, 3])
        ),
    ),
    "preparation.split.method": Own(
        SplitMethod(*NAMED, assign=lambda draw: (np.arange(7), np.arange(7, 12))),
        lambda model, record: (record["rows"]["test"], record["rows"]["validation"]) == (7, 5),
    ),
    "training.monitor": Own(
        Monitor(*NAMED, figure=lambda row: abs(row.epoch - 2)),
        lambda model, record: (record["best_epoch"], record["epochs"]) == (2, 4),
    ),
    "training.average": Own(
        Average(*NAMED, each_batch=_sent_to_zero),
        lambda model, record: not model.network.weights.any(),
    ),
}  # fmt: skip


def _features(model: TrainedModel, **cells: str) -> list[float]:
    import pandas as pd

    blank = {column.name: "" for column in model.fitted.columns}
    return model.fitted.transform(pd.DataFrame([blank | cells], dtype=object))[0][0].tolist()


def test_all_options_of_a_preparation_are_tried() -> None:
    assert {name for name in options_by_name() if name.startswith("preparation.")} <= set(OWN)


@pytest.mark.parametrize("name", OWN)
def test_what_an_entry_does_is_done(
    name: str, monkeypatch: pytest.MonkeyPatch, run: RunCommand, tmp_path: Path
) -> None:
    monkeypatch.setattr("ann_tui.evaluation.baselines.TREES", 10)
    own, file, model = OWN[name], _table(tmp_path / "t.csv"), tmp_path / "m.ann"
    if "--target" not in own.words:
        own = Own(own.entry, own.ran, (*own.words, "--target", "kind"))
    words = ("train", file, *own.words, "--epochs", 4, "--save", model, "--json")

    ended = run(*words)
    assert ended.code == 0, ended.err
    assert not own.ran(load_model(model), json.loads(ended.out)), "it shows without the entry, too"

    monkeypatch.setitem(options_by_name()[name], NEW, own.entry)  # type: ignore[arg-type]
    ended = run(*words, "--set", f"{name}={NEW}")
    assert ended.code == 0, ended.err
    assert own.ran(load_model(model), json.loads(ended.out))
    assert run("evaluate", model, file).code == 0
