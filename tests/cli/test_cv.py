"""`cv`: the record and the tables, the answers as a file, looks, two experiments, and how it ends."""

from __future__ import annotations

import csv
import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from command_line import Run as RunCommand
from experiment.small import shells
from rich.progress import Task, TaskID

from ann_tui.cli import commands
from ann_tui.commands.progress import _TimeLeft
from ann_tui.experiments import looks
from ann_tui.experiments.folds import cross_validation
from ann_tui.figures import percent

TOML = """
[source]
path = "shells.csv"
target = "kind"
[network]
layers = "4 relu"
[training]
epochs = 3
"""


@pytest.fixture
def experiment(tmp_path: Path) -> Path:
    """An experiment file, on a small table of classes."""
    shells(tmp_path)
    path = tmp_path / "shells.toml"
    path.write_text(TOML)
    return path


def _record(text: str) -> dict[str, Any]:
    """A record without what the clock said, and the count of looks."""
    record: dict[str, Any] = json.loads(text)
    assert record.pop("seconds") > 0
    record.pop("looks"), record.pop("cautions")
    return record


def _interrupt(monkeypatch: pytest.MonkeyPatch, training: int) -> None:
    """Ctrl-C comes while this training begins."""
    left = [training]
    run_fold: Callable[..., Any] = cross_validation.run_fold

    def interrupt(*given: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            signal.raise_signal(signal.SIGINT)
        return run_fold(*given, **more)

    monkeypatch.setattr(cross_validation, "run_fold", interrupt)


def test_the_record(run: RunCommand, experiment: Path) -> None:
    ended = run("cv", experiment, "--json", "--folds", 4, "--seeds", 2)
    assert (ended.code, ended.err) == (0, "")
    record = json.loads(ended.out)
    assert (record["task"], record["target"], record["classes"]) == ("classification", "kind", ["a", "b"])
    assert (record["folds"], record["repeats"], record["seeds"]) == (4, 1, [0, 1]) and record["finished"]
    for score in record["metrics"].values():
        assert set(score) == {"mean", "std", "low", "high", "folds"} and len(score["folds"]) == 4
        assert score["mean"] == pytest.approx(sum(score["folds"]) / 4)
        assert score["low"] <= score["mean"] <= score["high"]
    assert record["confusion_matrix"]["labels"] == ["a", "b"]
    assert sum(map(sum, record["confusion_matrix"]["counts"])) == 60 * 2
    assert (record["rows"]["total"], record["rows"]["judged"], record["rows"]["dropped"]) == (60, 60, [])
    assert list(record["baselines"]) == ["majority class", "logistic regression", "gradient boosting"]
    assert len(record["baselines"]["majority class"]["accuracy"]["folds"]) == 4


def test_two_processes_print_the_same(run: RunCommand, experiment: Path) -> None:
    words = ("cv", experiment, "--json", "--folds", 3)
    assert _record(run(*words).out) == _record(run(*words, "--jobs", 2).out)


def test_it_is_one_look_at_the_table_and_says_so(run: RunCommand, experiment: Path) -> None:
    words = ("cv", experiment, "--folds", 3, "--no-baselines", "--json")
    counts = [json.loads(run(*words, "--seed", seed).out)["looks"] for seed in (0, 0, 1)]
    assert counts == [1, 1, 2]
    assert "it is look 2 at the rows of this table" in run(*words[:-1], "--seed", 1).out
    assert json.loads(run("train", experiment, "--no-baselines", "--json").out)["looks"] == 3


def test_the_tables(run: RunCommand, experiment: Path) -> None:
    ended = run("cv", experiment, "--folds", 3, "--repeats", 2)
    lines = ended.out.splitlines()
    assert lines[0] == "shells.csv → kind (classification): 3 stratified folds, 2 repeats; 60 rows judge"
    assert lines[3].startswith("on the same folds") and lines[4].startswith("network")
    heading = ["network", "mean", "spread", "95", "%", "of", "mean"]
    heading += [word for fold in range(1, 7) for word in ("fold", str(fold))]
    assert [line.split() for line in lines].index(heading) > 4
    assert "ROC AUC and average precision take 'b' as the positive class." in lines
    assert any("corrected resampled t-test" in line for line in lines)
    assert (
        run("cv", experiment, "--folds", 7, "--no-baselines").out.splitlines()[3].endswith("lowest   highest")
    )


def test_every_answer_goes_into_the_file(run: RunCommand, experiment: Path, tmp_path: Path) -> None:
    out = tmp_path / "answers.csv"
    words = ("cv", experiment, "--folds", 3, "--seeds", 2, "--no-baselines", "--json", "-o", out)
    record = json.loads(run(*words).out)
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    lines = (tmp_path / "shells.csv").read_text().splitlines()
    assert len(rows) == 120 and [int(row["line"]) for row in rows] == sorted(int(row["line"]) for row in rows)
    counts = [[0, 0], [0, 0]]
    for row in rows:
        assert lines[int(row["line"]) - 1].split(",")[4] == row["kind"]
        shares = {label: float(row[f"probability_{label}"]) for label in "ab"}
        assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
        assert row["prediction"] == max(shares, key=lambda label: shares[label])
        counts["ab".index(row["kind"])]["ab".index(row["prediction"])] += 1
    assert record["confusion_matrix"]["counts"] == counts
    refused = run(*words)
    assert refused.code == 2 and "exists" in refused.err
    assert run(*words, "--force").code == 0


@pytest.mark.parametrize("name", ["line", "repeat", "Fold", "seed", "prediction", "probability_a", "kind"])
def test_every_column_of_the_answers_has_a_name_of_its_own(
    name: str, run: RunCommand, experiment: Path, tmp_path: Path
) -> None:
    table, out = experiment.with_name("shells.csv"), tmp_path / "answers.csv"
    head, *lines = table.read_text().splitlines()
    table.write_text("\n".join([head.replace("kind", name), *lines]) + "\n")
    words = ("--target", name, "--epochs", 1, "--folds", 2, "--no-baselines")
    assert run("cv", table, *words, "-o", out).code == 0
    with out.open(newline="") as file:
        names, *rows = csv.reader(file)
    assert len({each.casefold() for each in names}) == len(names)
    true = names.index("kind" if name == "kind" else f"true_{name}")
    assert all(lines[int(row[0]) - 2].split(",")[4] == row[true] for row in rows)


def test_two_experiments(run: RunCommand, experiment: Path) -> None:
    other = experiment.with_name("other.toml")
    other.write_text(TOML.replace("4 relu", "").replace("epochs = 3", "epochs = 1"))
    words = ("cv", experiment, "--folds", 4, "--no-baselines")
    record = json.loads(run(*words, "--against", other, "--json").out)["against"]
    assert record["names"] == ["shells.toml", "other.toml"] and record["difference"]["pairs"] == 4
    text = run(*words, "--against", other).out.replace("\n", "")
    assert "on the same 4 folds" in text and "other.toml" in text
    same = json.loads(run(*words, "--against", experiment, "--json").out)["against"]
    assert same["text"].startswith(
        "shells.toml and shells.toml are as good as each other on the same 4 folds"
    )
    assert json.loads(run(*words, "--against", "plain", "--json").out)["against"]["names"][1] == "plain"


def test_ctrl_c_shows_what_is_finished(
    run: RunCommand, experiment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _interrupt(monkeypatch, 3)
    before = signal.getsignal(signal.SIGINT)
    ended = run("cv", experiment, "--json")
    assert (ended.code, ended.err) == (130, "stopped after 2 of 5 trainings\n")
    record = json.loads(ended.out)
    assert not record["finished"]
    assert [each is None for each in record["metrics"]["accuracy"]["folds"]] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_before_anything_is_finished_shows_nothing(
    run: RunCommand, experiment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _interrupt(monkeypatch, 1)
    ended = run("cv", experiment)
    assert (ended.code, ended.out, ended.err) == (130, "", "stopped after 0 of 5 trainings\n")


def test_it_takes_every_choice_of_train() -> None:
    train, cv = (commands.commands[name].params for name in ("train", "cv"))

    def of(params: list[click.Parameter]) -> set[str]:
        return {option for param in params for option in param.opts if option.startswith("--")}

    own = {"--resume", "--save", "--keep", "--save-experiment"}
    assert of(train) - own <= of(cv)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("cv none.csv", "none.csv"),
        ("cv shells.csv --target nothing", "nothing"),
        ("cv shells.csv --target kind --folds 1", "1"),
        ("cv shells.csv --target kind --folds 61", "60 usable rows are too few for 61 folds"),
        ("cv shells.toml --set preparation.split.method=time --folds 60", "take a row more than folds"),
        ("cv shells.toml --set preparation.split.method=time --repeats 2", "makes the same folds each time"),
        ("cv shells.toml --against somewhere", "--against takes an experiment (.toml) or a preset"),
        ("cv shells.toml --against other.toml", "not about the same"),
        (
            "cv shells.toml --against plain --against strong",
            "--against compares with one experiment, not with 2",
        ),
        ("cv shells.toml --threshold 2", "2"),
    ],
)
def test_what_can_t_be_is_told_in_one_line(
    words: str, says: str, run: RunCommand, experiment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(experiment.parent)
    Path("other.toml").write_text(TOML.replace("kind", "colour"))
    ended = run(*words.split())
    assert (ended.code, ended.out) == (2, "")
    assert len(ended.err.splitlines()) == 1 and says in ended.err


def test_one_row_can_judge_at_a_time(run: RunCommand, experiment: Path) -> None:
    """Leave-one-out: every row judges alone, which is cautioned of."""
    shells(experiment.parent, rows=12)
    words = ("cv", experiment, "--folds", 12, "--no-baselines", "--set", "training.epochs=1")
    record = json.loads(run(*words, "--json").out)
    folds = record["metrics"]["accuracy"]["folds"]
    assert len(folds) == 12 and set(folds) <= {0.0, 1.0} and record["rows"]["judged"] == 12
    assert sum(map(sum, record["confusion_matrix"]["counts"])) == 12
    assert any("1 row judges in a fold" in caution for caution in record["cautions"])
    assert "rows judge in a fold" not in run(*words[:2], "--folds", 4, *words[4:]).out


def test_numbers_are_in_random_folds(run: RunCommand, experiment: Path) -> None:
    words = ("cv", experiment.with_name("shells.csv"), "--target", "length", "--epochs", "1", "--folds", 3,
             "--no-baselines")  # fmt: skip
    assert json.loads(run(*words, "--json").out)["split"] == "random"
    assert "3 random folds" in run(*words).out
    assert json.loads(run("cv", experiment, *words[4:], "--json").out)["split"] == "stratified"


def test_rows_that_judge_once_are_not_wrong_in_most_folds(run: RunCommand, experiment: Path) -> None:
    words = ("cv", experiment, "--folds", 3, "--no-baselines")
    once, twice = run(*words).out, run(*words, "--repeats", 2).out
    assert "wrong out of fold: line" in once and "most folds" not in once
    assert "wrong in most folds: line" in twice


def _rare(folder: Path, rare: int, rows: int = 120) -> Path:
    """A table of two classes, one with so few rows."""
    path = folder / "rare.csv"
    cells = [f"{row * 7 % 31},{row % 5},{'bad' if row < rare else 'good'}" for row in range(rows)]
    path.write_text("\n".join(["length,width,kind", *cells]) + "\n")
    return path


def test_a_class_smaller_than_the_folds_is_cautioned_of(run: RunCommand, tmp_path: Path) -> None:
    words = ("cv", _rare(tmp_path, 2), "--target", "kind", "--epochs", 1, "--no-baselines")
    record = json.loads(run(*words, "--json").out)
    few = [each for each in record["cautions"] if "'bad' has 2 rows, fewer than the 5 folds" in each]
    undefined = sum(value is None for value in record["metrics"]["roc_auc"]["folds"])
    assert len(few) == 1 and undefined >= 3
    told = f"ROC AUC and average precision can't be told in {undefined} of 5 folds"
    assert any(each.startswith(told) for each in record["cautions"])
    text = run(*words).out.replace("\n", " ")
    assert few[0] in text and told in text
    enough = " ".join(json.loads(run(*words, "--folds", 2, "--json").out)["cautions"])
    assert "fewer than" not in enough and "can't be told" not in enough


def test_where_nearly_all_rows_are_of_a_class_accuracy_says_little(run: RunCommand, tmp_path: Path) -> None:
    def cautions(rare: int) -> tuple[dict[str, Any], list[str]]:
        words = ("cv", _rare(tmp_path, rare), "--target", "kind", "--epochs", 1, "--no-baselines", "--json")
        record = json.loads(run(*words).out)
        return record, [each for each in record["cautions"] if "accuracy says little" in each]

    record, said = cautions(6)
    (bad, good) = record["confusion_matrix"]["counts"]
    balanced = (bad[0] / sum(bad) + good[1] / sum(good)) / 2
    assert len(said) == 1 and said[0].startswith("95.0 % of the rows are 'good'")
    assert f"is {percent(balanced)} for all out-of-fold answers" in said[0]
    assert cautions(12)[1] == []


def test_a_failed_fold_is_said_first_and_no_interval_is_explained_where_none_is(
    run: RunCommand, experiment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_fold: Callable[..., Any] = cross_validation.run_fold

    def fail(one: Any, prepared: Any, place: Any, **more: Any) -> Any:
        if place.fold:
            raise ValueError("it rains")
        return run_fold(one, prepared, place, **more)

    monkeypatch.setattr(cross_validation, "run_fold", fail)
    lines = run("cv", experiment, "--folds", 3, "--no-baselines").out.splitlines()
    assert lines[2] == "caution: 2 trainings of 3 failed: it rains"
    assert not any("Nadeau" in line for line in lines)
    monkeypatch.setattr(cross_validation, "run_fold", run_fold)
    assert "Nadeau" in run("cv", experiment, "--folds", 3, "--no-baselines").out


def test_test_rows_are_named_only_where_there_are_some(run: RunCommand, experiment: Path) -> None:
    words = ("cv", experiment, "--folds", 3, "--no-baselines")
    experiment.with_name("second.csv").write_text(experiment.with_name("shells.csv").read_text())
    for more, named in (
        ((), True),
        (("--test-fraction", 0), False),
        (("--set", "preparation.split.method=file", "--set", "preparation.split.file=second.csv"), False),
    ):
        said = run(*words, *more).out.replace("\n", " ")
        assert ("this scores 60 rows" in said, "the test rows among them" in said) == (True, named)


def test_a_time_that_nobody_knows_yet_is_said_to_be_so() -> None:
    task = Task(TaskID(0), "", 3, 0, _get_time=lambda: 0.0)
    assert str(_TimeLeft().render(task)) == "time not known yet"


def test_looks_that_can_t_be_counted_are_said(
    run: RunCommand, experiment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "looks_folder", lambda: experiment / "no folder")
    words = ("cv", experiment, "--folds", 3, "--no-baselines")
    assert "looks at this table can't be counted" in run(*words).out.replace("\n", " ")
    assert json.loads(run(*words, "--json").out)["looks"] is None
