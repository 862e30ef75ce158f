"""What is known against a score stands beside it, in the text and for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command_line import Run


def _record(run: Run, *words: object) -> dict[str, Any]:
    ended = run("train", *words, "--json")
    assert ended.code == 0
    return dict(json.loads(ended.out))


def _of_kind(record: dict[str, Any], kind: str) -> dict[str, Any] | None:
    return next((each for each in record["cautions"] if each["kind"] == kind), None)


def test_rows_that_training_has_seen_are_counted(run: Run, cases: Path) -> None:
    record = _record(run, cases / "duplicate_rows_leak" / "train.csv", "--epochs", 2)
    caution = _of_kind(record, "repeated rows")
    assert caution is not None and caution["text"].startswith("300 of the 300 test rows repeat training rows")
    dropped = _record(
        run,
        cases / "duplicate_rows_leak" / "train.csv",
        "--epochs",
        2,
        "--set",
        "preparation.duplicates=once",
    )
    assert _of_kind(dropped, "repeated rows") is None
    assert dropped["metrics"]["test"]["accuracy"] < 0.7


def test_the_score_on_the_other_rows_is_told(run: Run, tmp_path: Path) -> None:
    """Rows that stand twice are learnt by heart; the answers of all others are thrown dice."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(300, 4)).round(3), columns=list("abcd"))
    frame["y"] = rng.choice(["no", "yes"], 300)
    path = tmp_path / "t.csv"
    pd.concat([frame, frame[:150]]).to_csv(path, index=False)
    record = _record(run, path, "--layers", "256 relu, 256 relu", "--validation-fraction", 0)
    told = _of_kind(record, "repeated rows")
    assert told is not None
    repeated, others = int(told["text"].split()[0]), int(told["text"].split("on the other ")[1].split(";")[0])
    assert repeated + others == record["rows"]["test"] and 20 < repeated < 60
    accuracy = float(told["text"].split("accuracy ")[1].split()[0]) / 100
    assert accuracy < 0.65 < record["metrics"]["test"]["accuracy"]


@pytest.mark.parametrize(
    ("case", "kind", "method", "column"),
    [
        ("time_series_shuffled", "time order", "time", "date"),
        ("grouped_rows", "groups", "group", "patient"),
    ],
)
def test_a_stricter_split_is_advised_with_what_it_costs(
    case: str, kind: str, method: str, column: str, run: Run, cases: Path
) -> None:
    file = cases / case / "train.csv"
    caution = _of_kind(_record(run, file), kind)
    assert caution is not None
    cost = caution["cost"]
    assert (cost["method"], cost["column"]) == (method, column)
    assert cost["at_random"] > 0.9 and cost["strict"] < 0.6
    followed = _record(
        run,
        file,
        "--epochs",
        2,
        "--set",
        f"preparation.split.method={method}",
        "--set",
        f"preparation.split.column={column}",
    )
    assert _of_kind(followed, kind) is None
    quick = _of_kind(_record(run, file, "--epochs", 2, "--no-baselines"), kind)
    assert quick is not None and "cost" not in quick


def test_no_test_row_is_looked_at_for_the_advice(run: Run, cases: Path, tmp_path: Path) -> None:
    """Other targets in the test rows leave what the advice costs as it was."""
    table = pd.read_csv(cases / "time_series_shuffled" / "train.csv")
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    words = ("--target", "close", "--epochs", 3, "--set", "preparation.split.method=random")
    table.to_csv(first, index=False)
    cost = _of_kind(_record(run, first, *words), "time order")
    from sklearn.model_selection import train_test_split

    _, test = train_test_split(np.arange(len(table)), test_size=round(0.2 * len(table)), random_state=0)
    table.loc[test, "close"] += 0.01
    table.to_csv(second, index=False)
    again = _of_kind(_record(run, second, *words), "time order")
    assert cost is not None and again is not None and cost["cost"] == again["cost"]


def test_a_leak_suspect_that_the_network_used_is_named(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=200), "late": rng.normal(size=200)})
    frame["y"] = np.where(frame["late"] > 0, "yes", "no")
    path = tmp_path / "t.csv"
    frame.to_csv(path, index=False)
    caution = _of_kind(_record(run, path, "--epochs", 1), "leak suspect")
    assert caution is not None and caution["text"].startswith("late predicts y alone (")
    assert _of_kind(_record(run, path, "--epochs", 1, "--drop", "late"), "leak suspect") is None


def test_test_rows_of_a_class_that_training_lacks_are_named(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"t": np.arange(100), "a": rng.normal(size=100)})
    frame["y"] = ["old", "new"] * 45 + ["unheard"] * 10
    path = tmp_path / "t.csv"
    frame.to_csv(path, index=False)
    record = _record(run, path, "--target", "y", "--epochs", 1, "--set", "preparation.split.method=time")
    caution = _of_kind(record, "unknown class")
    assert caution is not None and caution["text"].startswith("10 test rows of a class that no training row")


def test_the_text_says_it_too(run: Run, cases: Path, tmp_path: Path) -> None:
    file, model = cases / "grouped_rows" / "train.csv", tmp_path / "m.ann"
    said = " ".join(run("train", file, "--epochs", 3, "--save", model).out.split())
    assert "caution: rows of the same patient are alike" in said and "after one by group (patient)" in said
    said = " ".join(run("evaluate", model, file, "--no-baselines").out.split())
    assert (
        "caution: rows of the same patient are alike" in said and "split by group: patient would tell" in said
    )


def test_rows_of_another_file_that_training_had_are_counted(
    run: Run, sample_data: Path, tmp_path: Path
) -> None:
    file, model, new = sample_data / "penguins.csv", tmp_path / "m.ann", tmp_path / "new.csv"
    trained = _record(run, file, "--target", "species", "--epochs", 2, "--save", model)
    lines = file.read_text().splitlines()
    new.write_text("\n".join(lines[:-1]) + "\n")
    scored = run("evaluate", model, new, "--json")
    caution = _of_kind(json.loads(scored.out), "repeated rows")
    assert caution is not None
    counts = {trained["rows"]["train"] - 1, trained["rows"]["train"]}
    assert int(caution["text"].split()[0]) in counts and "rows of the file" in caution["text"]
    assert "of a row that the network was trained on" in run("predict", model, new).err
    shifted = pd.read_csv(file).dropna()
    shifted["body_mass_g"] += 0.5
    shifted.to_csv(new, index=False)
    assert _of_kind(json.loads(run("evaluate", model, new, "--json").out), "repeated rows") is None
    assert "was trained on" not in run("predict", model, new).err


def test_each_network_whose_test_score_is_shown_is_one_look(
    run: Run, sample_data: Path, tmp_path: Path
) -> None:
    file, model = sample_data / "penguins.csv", tmp_path / "m.ann"
    words = (file, "--target", "species", "--epochs", 1)
    assert _record(run, *words)["looks"] == 1
    assert _record(run, *words, "--save", model)["looks"] == 1, "the same network"
    assert _record(run, *words, "--seed", 1)["looks"] == 2
    assert json.loads(run("evaluate", model, file, "--json").out)["looks"] == 2
    assert _record(run, file, "--target", "sex", "--epochs", 1)["looks"] == 1
    assert _record(run, *words, "--test-fraction", 0)["looks"] is None
    said = " ".join(run("train", *words, "--seed", 2).out.split())
    assert "caution: the test rows of this table have judged 3 networks by now" in said


def test_no_cost_is_told_where_the_stricter_split_leaves_one_class(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=200)})
    frame["day"] = pd.date_range("2024-01-01", periods=200).strftime("%Y-%m-%d")
    frame["y"] = np.where(np.arange(200) < 90, rng.choice(["on", "off"], 200), "off")
    path = tmp_path / "t.csv"
    frame.to_csv(path, index=False)
    caution = _of_kind(_record(run, path, "--target", "y", "--epochs", 2), "time order")
    assert caution is not None and "cost" not in caution


@pytest.mark.parametrize("shares", [(0, 0.85), (0.85, 0)])
def test_shares_that_leave_no_room_for_the_usual_ones_hinder_nothing(
    shares: tuple[float, float], run: Run, cases: Path
) -> None:
    words = ("--epochs", 1, "--test-fraction", shares[0], "--validation-fraction", shares[1])
    caution = _of_kind(_record(run, cases / "grouped_rows" / "train.csv", *words), "groups")
    assert caution is not None and "cost" not in caution


@pytest.mark.parametrize("rare", [("rare",), ("rare", "rarer")])
def test_classes_without_test_rows_are_named(run: Run, tmp_path: Path, rare: tuple[str, ...]) -> None:
    """One row of a class is trained on, so that the score can't be about it."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(100, 2)).round(3), columns=list("ab"))
    frame["y"] = [*rng.choice(["no", "yes"], 100 - len(rare)), *rare]
    path = tmp_path / "t.csv"
    frame.to_csv(path, index=False)
    record = _record(run, path, "--target", "y", "--epochs", 1)
    counts = dict(zip(record["classes"], map(sum, record["confusion_matrix"]["counts"]), strict=True))
    missing = [name for name, count in counts.items() if not count]
    assert sorted(missing) == sorted(rare)
    told = _of_kind(record, "class not judged")
    names = ", ".join(f"'{name}'" for name in missing)
    which = f"class {names}: the score says nothing about it"
    if len(rare) > 1:
        which = f"classes {names}: the score says nothing about them"
    assert told is not None and told["text"] == f"no test row is of the {which}"
    frame[: -len(rare)].to_csv(path, index=False)
    assert _of_kind(_record(run, path, "--target", "y", "--epochs", 1), "class not judged") is None


def test_the_score_on_rows_that_were_not_trained_on_stands_first(run: Run, tmp_path: Path) -> None:
    """A file of old and new rows; the figures are those of a file of the new rows alone."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(300, 4)).round(3), columns=list("abcd"))
    frame["y"] = rng.choice(["no", "yes"], 300)
    old, both, new = tmp_path / "old.csv", tmp_path / "both.csv", tmp_path / "new.csv"
    frame[:200].to_csv(old, index=False)
    frame.to_csv(both, index=False)
    model = tmp_path / "m.ann"
    words = ("--validation-fraction", 0, "--test-fraction", 0, "--epochs", 20, "--no-baselines", "--save")
    assert run("train", old, *words, model).code == 0
    frame[200:].to_csv(new, index=False)
    text = run("evaluate", model, both).out
    alone = json.loads(run("evaluate", model, new, "--json").out)["metrics"]["test"]
    everything = json.loads(run("evaluate", model, both, "--json").out)["metrics"]["test"]
    headings, accuracy = (
        next(line for line in text.splitlines() if line.strip().startswith(word))
        for word in ("not trained on", "accuracy")
    )
    assert headings.split("   ")[0].strip() != "all rows"
    shown = [float(part) for part in accuracy.replace("%", " ").split()[1:]]
    assert shown == [round(100 * alone["accuracy"], 1), round(100 * everything["accuracy"], 1)]
    assert "scored on 300 rows, 100 of them not trained on" in text
    assert "not trained on" not in run("evaluate", model, new).out
