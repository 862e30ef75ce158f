"""The code that prepares rows anew gives the matrix that the app trains on, for every option; or it is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from export.cases import TOLERANCE, check, experiment

from ann_tui.data.choices.preparation import CHOICES, ColumnPreparation
from ann_tui.data.choices.split import Split
from ann_tui.data.choices.splits import SPLITS
from ann_tui.experiments.experiment import Experiment
from ann_tui.export.export_error import ExportError

APPROXIMATE = {("missing_number", "knn"): 2.0, ("missing_number", "iterative"): 2.0}
"""Fitted in the app on a choice of rows, or in rounds of its own: how far a filled gap may be off."""

OPTIONS = [(field, option) for field, known in CHOICES.items() for option in known]
OWN: list[dict[str, Any]] = [
    {"indicator": True},
    {"outliers": "iqr"},
    {"outliers": "iqr", "outlier_action": "mark missing", "indicator": True},
    {"outliers": "z-score", "outlier_limit": 2.0},
    {"outliers": "z-score", "outlier_action": "drop"},
    {"outliers": "isolation forest"},
    {"outliers": "isolation forest", "outlier_action": "mark missing"},
    {"missing_number": "constant", "fill_number": -3.5},
    {"missing_category": "constant", "fill_category": "unknown", "rare": 0.0},
    {"number_encoding": "piecewise linear", "scaling": "quantile"},
    {"number_encoding": "piecewise linear", "scaling": "smooth clip", "indicator": True},
    {"encoding": "ordinal", "scaling": "min-max"},
    {"merge_labels": True},
    {"rare": 0.3},
    {"text": "hashed letters"},
    {"duplicates": "once", "unparseable": "drop rows"},
]


@pytest.mark.parametrize(("field", "option"), OPTIONS)
def test_each_option(field: str, option: str, table: Path, tmp_path: Path) -> None:
    """Each option of each field, for the target that it is about."""
    kind = "number" if field == "target_transform" else "multiclass"
    try:
        check(
            experiment(table, kind, preparation={field: option}),
            tmp_path,
            APPROXIMATE.get((field, option), TOLERANCE),
        )
    except ExportError as refused:
        assert option in str(refused)
        assert (field, option) in {("text", "none of all")}


@pytest.mark.parametrize("chosen", OWN, ids=str)
def test_options_together(chosen: dict[str, Any], table: Path, tmp_path: Path) -> None:
    """Those that ask for others, and switches and numbers."""
    check(experiment(table, preparation=chosen), tmp_path)


def test_exceptions_of_columns(table: Path, tmp_path: Path) -> None:
    """Rules, and other options than those of all columns."""
    columns = {
        "width": ColumnPreparation(minimum=4.0, maximum=15.0, scaling="robust"),
        "height": ColumnPreparation(missing="mean", number_encoding="piecewise linear"),
        "colour": ColumnPreparation(merge={"Red": "red"}, allowed=("red", "green", "blue"), indicator=True),
        "code": ColumnPreparation(encoding="ordinal", order=("A", "9", "10", "007")),
        "ok": ColumnPreparation(missing="constant", fill="yes"),
    }
    check(experiment(table, columns=columns), tmp_path)


@pytest.mark.parametrize("method", [name for name, way in SPLITS.items() if not way.second_file])
def test_each_split(method: str, table: Path, tmp_path: Path) -> None:
    """parts.csv tells it, whatever it is."""
    split = Split(method, column="code" if method == "group" else None)
    check(experiment(table, preparation={"split": split}), tmp_path)


def test_a_second_file(table: Path, tmp_path: Path) -> None:
    """Its rows stand below those of the first one, in a copy."""
    split = Split("file", file=str(table))
    check(experiment(table, preparation={"split": split}), tmp_path)
    assert (tmp_path / "things.rows.csv").exists()


@pytest.mark.parametrize("kind", ["number", "binary", "multiclass"])
def test_each_target_and_target_encoding(kind: str, table: Path, tmp_path: Path) -> None:
    """Cross-fitted, as in the app."""
    check(experiment(table, kind, preparation={"encoding": "target"}), tmp_path)


def test_a_file_that_pandas_reads_otherwise_is_read_in_a_few_lines_more(tmp_path: Path) -> None:
    """Units, commas and a note above the header need no copy."""
    lines = [f"{n};{n},5 kg;{'a' if n % 2 else 'b'};{'yes' if n % 3 else 'no'}" for n in range(60)]
    path = tmp_path / "odd.csv"
    path.write_text("# a note\nn;weight;kind;good\n" + "\n".join(lines) + "\n", encoding="utf-8")
    from ann_tui.data.choices.source import Source

    check(Experiment(Source(str(path), target="good")), tmp_path)
    assert not (tmp_path / "things.rows.csv").exists()
