"""What a file with test rows, or with rows to score, holds that training did not: refused, or said beside the score."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Ended, Run


def by_file(run: Run, table: Path, test: Path, *more: object) -> Ended:
    choices = ("--set", "preparation.split.method=file", "--set", f"preparation.split.file={test}")
    return run("train", table, "--target", "y", *choices, "--epochs", 3, "--no-baselines", *more)


@pytest.mark.parametrize(
    ("table", "test", "says"),
    [
        ("train", "words", "the column 'income' should hold numbers, but 60 of its 60 cells hold something else, such"),
        ("train_cat", "cat_other", "training saw none of the words in the column 'colour' ('blau', 'rot'); it should"),
        ("train", "newlabel", "no row with a usable value of the target 'y': no training row has its classes ('RICH'"),
    ],
)  # fmt: skip
def test_a_test_file_of_something_else_is_refused(
    run: Run, cases: Path, table: str, test: str, says: str
) -> None:
    folder = cases / "test_file_unreadable"
    ended = by_file(run, folder / f"{table}.csv", folder / f"test_{test}.csv")
    assert ended.code == 2 and ended.err.count("\n") == 1, ended
    assert f"the test file {folder / f'test_{test}.csv'}" in ended.err and says in ended.err


def test_an_empty_column_of_a_test_file_is_said_beside_the_score(run: Run, cases: Path) -> None:
    folder = cases / "test_file_unreadable"
    ended = by_file(run, folder / "train.csv", folder / "test_all_missing.csv")
    assert ended.code == 0
    assert "caution: in the test rows, income: 60 missing, filled, although training had none" in ended.out
    found = json.loads(by_file(run, folder / "train.csv", folder / "test_all_missing.csv", "--json").out)
    assert [each["kind"] for each in found["cautions"] if "income: 60" in each["text"]] == ["cells"]


def test_a_few_cells_that_cannot_be_read_are_said_and_counted_once(
    run: Run, cases: Path, tmp_path: Path
) -> None:
    folder, test = cases / "test_file_unreadable", tmp_path / "some.csv"
    lines = (folder / "test_words.csv").read_text().splitlines()
    test.write_text("\n".join([*lines[:6], *(line.removeprefix("about ") for line in lines[6:])]) + "\n")
    ended = by_file(run, folder / "train.csv", test)
    out = " ".join(ended.out.split())
    assert ended.code == 0
    assert "in the test rows, income: 5 cells that could not be read, taken as missing (about 8648.27" in out
    assert "missing, filled" not in out


def test_rows_at_random_are_not_told_of(run: Run, cases: Path) -> None:
    """Their cells are those of the training file, which the Data screen tells of."""
    ended = run("train", cases / "test_file_unreadable" / "train.csv", "--epochs", 1, "--no-baselines")
    assert ended.code == 0 and "in the test rows" not in ended.out


def test_classes_that_the_model_does_not_know_are_named_and_counted(
    run: Run, cases: Path, tmp_path: Path
) -> None:
    """With the score that there would be if the rows counted as wrong."""
    folder, model = cases / "evaluate_labels", tmp_path / "m.ann"
    assert run("train", folder / "train.csv", "--target", "kind", "--save", model, "--no-baselines").code == 0
    unseen = folder / "eval_unseen.csv"
    out = " ".join(run("evaluate", model, unseen).out.split())
    found = json.loads(run("evaluate", model, unseen, "--json").out)
    rows = found["rows"]["test"]
    accuracy = found["metrics"]["test"]["accuracy"]
    assert rows == 43 and accuracy > 0.8
    assert "17 rows of the file of a class that no training row has ('fox' 17) were set aside" in out
    assert f"with them, accuracy is {accuracy * 43 / 60:.1%}".replace("%", " %") in out
    assert [each["kind"] for each in found["cautions"]] == ["unknown class"]
    ended = run("evaluate", model, folder / "eval_case.csv")
    assert ended.code == 2
    assert (
        "the target 'kind': it has 'CAT', 'DOG', 'OWL', and the model knows 'cat', 'dog', 'owl'" in ended.err
    )


def test_a_whole_file_of_new_words_is_refused_and_a_few_rows_are_noted(
    run: Run, cases: Path, tmp_path: Path
) -> None:
    folder, model = cases / "test_file_unreadable", tmp_path / "m.ann"
    table = folder / "train_cat.csv"
    assert run("train", table, "--target", "y", "--epochs", 1, "--no-baselines", "--save", model).code == 0
    for command in ("predict", "evaluate"):
        ended = run(command, model, folder / "test_cat_other.csv")
        assert ended.code == 2 and "training saw none of the words in the column 'colour'" in ended.err
    few = tmp_path / "few.csv"
    few.write_text("colour,n\nrot,9\n")
    ended = run("predict", model, few)
    assert ended.code == 0 and "colour: 1 cell with a label that training never saw ('rot')" in ended.err
