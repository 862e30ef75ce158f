"""`train`, `evaluate` and `predict` of the samples: the same figures and the same bits from each."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command_line import Run as RunCommand

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import load, prepare_experiment
from ann_tui.experiments.experiment_file import read_experiment
from ann_tui.experiments.run import Run
from ann_tui.model.storage import load_model, save_model
from ann_tui.model.trained_model import TrainedModel

SAMPLES = ("penguins", "churn", "cars", "digits", "spirals")


def _contents(path: Path) -> dict[str, Any]:
    """A model file's contents but for the time stamp."""
    with zipfile.ZipFile(path) as archive:
        document = json.loads(archive.read("model.json"))
        document.pop("saved")
        return {"document": document, "weights": archive.read("weights.safetensors")}


@pytest.mark.parametrize("name", SAMPLES)
def test_train_save_evaluate(name: str, run: RunCommand, sample_data: Path, tmp_path: Path) -> None:
    file, model, experiment = sample_data / f"{name}.csv", tmp_path / "m.ann", tmp_path / "e.toml"
    trained = run("train", file, "--epochs", 3, "--json", "--save", model, "--save-experiment", experiment)
    assert (trained.code, trained.err) == (0, "")
    record = json.loads(trained.out)
    assert record.pop("model") == str(model) and record.pop("seconds") > 0
    assert record.pop("notes") == []
    scored = json.loads(run("evaluate", model, file, "--json").out)
    scored.pop("seconds")
    assert scored == record

    again = json.loads(run("train", experiment, "--json", "--save", tmp_path / "n.ann").out)
    assert again["metrics"] == record["metrics"]
    assert _contents(tmp_path / "n.ann") == _contents(model)
    other = run("train", experiment, "--seed", 1, "--json", "--save", tmp_path / "o.ann")
    assert other.code == 0 and _contents(tmp_path / "o.ann")["weights"] != _contents(model)["weights"]


def test_the_app_and_the_command_line_save_the_same_file(
    run: RunCommand, sample_data: Path, tmp_path: Path
) -> None:
    """The app trains and saves as this test does: an absolute path, a run, `from_result`."""
    file = sample_data / "spirals.csv"
    assert (
        run(
            "train",
            file,
            "--epochs",
            2,
            "--save",
            tmp_path / "m.ann",
            "--save-experiment",
            tmp_path / "e.toml",
        ).code
        == 0
    )
    experiment = read_experiment(tmp_path / "e.toml")
    data = load(experiment.source)
    own = Run(experiment, prepare_experiment(experiment, data))
    own.train()
    own.judge()
    save_model(
        TrainedModel.from_result(own.result()), tmp_path / "n.ann", saved=load_model(tmp_path / "m.ann").saved
    )
    assert (tmp_path / "m.ann").read_bytes() == (tmp_path / "n.ann").read_bytes()


def test_evaluate_scores_new_rows_together(run: RunCommand, sample_data: Path, tmp_path: Path) -> None:
    run("train", sample_data / "penguins.csv", "--epochs", 3, "--save", tmp_path / "m.ann")
    rows = (sample_data / "penguins.csv").read_text().splitlines()
    rows[3] = "Dodo" + rows[3].removeprefix("Adelie")
    rows[4] = rows[4].removeprefix("Adelie")
    new = tmp_path / "new.csv"
    new.write_text("\n".join([*rows[:100], *rows[200:]]) + "\n")
    record = json.loads(run("evaluate", tmp_path / "m.ann", new, "--json").out)
    assert record["rows"]["total"] == 244 and record["rows"]["test"] == 242 and record["rows"]["train"] == 0
    assert [row["line"] for row in record["rows"]["dropped"]] == [4, 5]
    assert "Dodo" in record["rows"]["dropped"][0]["reason"]
    assert sum(map(sum, record["confusion_matrix"]["counts"])) == 242
    text = run("evaluate", tmp_path / "m.ann", new)
    assert text.code == 0 and "accuracy" in text.out and "242 rows" in text.out

    predicted = run("predict", tmp_path / "m.ann", new)
    found = list(csv.DictReader(io.StringIO(predicted.out)))
    right = sum(row["prediction"] == row["species"] for row in found)
    assert len(found) == 244 and right / 242 == record["metrics"]["test"]["accuracy"]
    assert "score on 242 rows" in predicted.err


def test_predict_writes_the_same_to_a_file(run: RunCommand, sample_data: Path, tmp_path: Path) -> None:
    file = sample_data / "spirals.csv"
    run("train", file, "--epochs", 1, "--save", tmp_path / "m.ann")
    shown = run("predict", tmp_path / "m.ann", file)
    written = run("predict", tmp_path / "m.ann", file, "-o", tmp_path / "out.csv")
    assert (shown.code, written.code, written.out) == (0, 0, "")
    assert (tmp_path / "out.csv").read_bytes().decode() == shown.out
    again = run("predict", tmp_path / "m.ann", file, "-o", tmp_path / "out.csv", "--force")
    assert again.code == 0 and (tmp_path / "out.csv").read_bytes().decode() == shown.out
    tabs = run("predict", tmp_path / "m.ann", file, "-o", tmp_path / "out.tsv")
    assert tabs.code == 0
    assert (tmp_path / "out.tsv").read_text() == shown.out.replace(",", "\t")


def test_target_and_columns_override_the_experiment(
    run: RunCommand, sample_data: Path, tmp_path: Path
) -> None:
    experiment = tmp_path / "e.toml"
    experiment.write_text(
        f'[source]\npath = "{sample_data.as_posix()}/penguins.csv"\ntarget = "species"\n[training]\nepochs = 1\n'
    )
    ended = run(
        "train",
        experiment,
        "--target",
        "sex",
        "--drop",
        "year",
        "--layers",
        "4 tanh",
        "--save",
        tmp_path / "m.ann",
    )
    assert ended.code == 0
    model = load_model(tmp_path / "m.ann")
    assert model.target == "sex" and model.source.excluded == ("year",) and model.design.text == "4 tanh"
    assert "year" not in {column.name for column in model.fitted.inputs}
    assert model.summary.epochs == 1


def test_markup_in_names_is_shown_as_it_is(run: RunCommand, tmp_path: Path) -> None:
    file = tmp_path / "[bold]x.csv"
    classes = ("[red]a", "[/]")
    rows = [f"{number % 7},{classes[number % 2]}" for number in range(60)]
    file.write_text("[/],[link=x]y\n" + "\n".join(rows) + "\n")
    ended = run("train", file, "--target", "[link=x]y", "--epochs", 1, "--save", tmp_path / "m.ann")
    assert ended.code == 0 and "[red]a" in ended.out and "[/]" in ended.out and "[bold]x.csv" in ended.out
    predicted = run("predict", tmp_path / "m.ann", file)
    assert predicted.out.splitlines()[0] == "[/],[link=x]y,prediction,probability_[/],probability_[red]a"
    text = run("evaluate", tmp_path / "m.ann", file)
    assert "[link=x]y" in text.out and "[red]a" in text.out


def test_experiment_of_a_model_opens_again(run: RunCommand, sample_data: Path, tmp_path: Path) -> None:
    from ann_tui.experiments.experiment import experiment_of

    run("train", sample_data / "cars.csv", "--epochs", 1, "--save", tmp_path / "m.ann")
    experiment = experiment_of(load_model(tmp_path / "m.ann"))
    assert Path(experiment.source.path).samefile(sample_data / "cars.csv")
    assert replace(experiment, source=Source("x")).plan.epochs == 1


def test_a_score_of_training_rows_is_called_one(run: RunCommand, sample_data: Path, tmp_path: Path) -> None:
    """Not that of other rows, nor that of rows which have no target to compare with."""
    file, other, without = sample_data / "spirals.csv", tmp_path / "other.csv", tmp_path / "without.csv"
    run("train", file, "--epochs", 1, "--save", tmp_path / "m.ann")
    rows = file.read_text().splitlines()
    other.write_text("\n".join([*rows[:-1], rows[1]]) + "\n")
    without.write_text("\n".join(row.rpartition(",")[0] for row in rows) + "\n")
    says = "the file that the network was trained on"
    assert says in run("predict", tmp_path / "m.ann", file).err
    for new in (other, without):
        ended = run("predict", tmp_path / "m.ann", new)
        assert ended.code == 0 and says not in ended.err and ended.out.count("\n") == 1001


def test_intervals_and_scores_by_class_are_told_too(
    run: RunCommand, sample_data: Path, tmp_path: Path
) -> None:
    """About the judged rows' figures; by class they follow from the matrix, and are undefined where it says nothing."""
    file = tmp_path / "three.csv"
    rows = [f"{number % 10},{'ab'[number % 10 > 4]}" for number in range(200)] + ["3,c"]
    file.write_text("x,class\n" + "\n".join(rows) + "\n")
    words = ("train", file, "--target", "class", "--epochs", 30, "--test-fraction", 0.3)
    record = json.loads(run(*words, "--json").out)
    figures = record["metrics"]["test"]
    for name, (low, high) in record["intervals"].items():
        assert low <= figures[name] <= high, name
    assert {"accuracy", "f1_macro", "matthews"} <= set(record["intervals"])
    matrix = record["confusion_matrix"]
    for place, score in enumerate(record["per_class"]):
        counts = matrix["counts"]
        own, true, said = counts[place][place], sum(counts[place]), sum(row[place] for row in counts)
        assert score["label"] == matrix["labels"][place] and score["rows"] == true
        assert score["recall"] == (own / true if true else None)
        assert score["precision"] == (own / said if said else None)
        assert score["f1"] == (2 * own / (true + said) if true + said else None)
    text = run(*words).out
    assert "95 % of test" in text and "precision" in text and "F1" in text
    number = json.loads(run("train", sample_data / "cars.csv", "--epochs", 2, "--json").out)
    assert number["per_class"] is None and number["intervals"]["r2"][0] < number["metrics"]["test"]["r2"]


def test_any_choice_can_be_made_by_its_name(run: RunCommand, sample_data: Path, tmp_path: Path) -> None:
    file, saved = sample_data / "cars.csv", tmp_path / "e.toml"
    ended = run(
        "train", file, "--json", "--cost", "huber", "--schedule", "linear", "--epochs", 2, "--save-experiment", saved,
        *("--set", "network.huber_delta=0.5", "--set", "preparation.scaling=robust"),
        *("--set", "source.target=Horsepower"),
    )  # fmt: skip
    assert ended.code == 0 and json.loads(ended.out)["target"] == "Horsepower"
    made = read_experiment(saved)
    assert (made.design.cost, made.design.huber_delta) == ("huber", 0.5)
    assert (made.plan.schedule, made.plan.epochs) == ("linear", 2)
    assert made.preparation.scaling == "robust" and made.source.target == "Horsepower"
    again = run("train", saved, "--set", "training.epochs=1", "--json")
    assert json.loads(again.out)["epochs"] == 1
    wrong = run("train", file, "--set", "training.epoch=1")
    assert wrong.code == 2 and len(wrong.err.splitlines()) == 1 and "did you mean epochs" in wrong.err


def test_choices_lists_every_option_and_finds_some(run: RunCommand) -> None:
    everything = run("choices")
    assert everything.code == 0 and everything.err == ""
    for name in (
        "leaky relu",
        "quantile",
        "one cycle",
        "l-bfgs",
        "orthogonal",
        "swa",
        "one-hot",
        "stratified",
    ):
        assert f"\n  {name} " in everything.out
    some = run("choices", "Optimizer").out
    assert some.startswith("training.optimizer\n") and "nadam" in some and "one-hot" not in some
    wrong = run("choices", "nothing like it")
    assert wrong.code == 2 and len(wrong.err.splitlines()) == 1


def test_an_unsure_target_is_said_to_be_a_guess_and_among_which(run: RunCommand, tmp_path: Path) -> None:
    table = tmp_path / "unsure.csv"
    rows = [f"{row},{'ab'[row % 2]},{row * row % 31},{row % 17}.5" for row in range(60)]
    table.write_text("\n".join(["first,side,middle,last", *rows]), encoding="utf-8")
    ended = run("train", table, "--epochs", 1)
    assert (ended.code, ended.err) == (
        0,
        "target: last (a guess; it may be side, first; --target names another)\n",
    )
    assert run("train", table, "--epochs", 1, "--target", "side").err == ""
    ended = run("train", table, "--epochs", 1, "--json")
    assert ended.err == "" and json.loads(ended.out)["target_candidates"] == ["last", "side", "first"]


def test_of_many_classes_the_worst_and_the_most_confused_are_told(run: RunCommand, tmp_path: Path) -> None:
    """No matrix that would fit no terminal; names that begin alike stay apart."""
    generator = np.random.default_rng(0)
    codes = generator.integers(0, 60, 1_800)
    begin = "a class with a long name of which there are many number "
    lines = [f"{code + generator.normal(0, 0.6):.3f},{begin}{code:02}\n" for code in codes]
    (tmp_path / "many.csv").write_text("size,class\n" + "".join(lines))
    ended = run("train", tmp_path / "many.csv", "--target", "class", "--epochs", 5, "--no-baselines")
    assert ended.code == 0 and "the 20 of 60 classes that are told worst" in ended.out
    told = [line.split() for line in ended.out.split("most often confused")[1].splitlines()[1:11]]
    assert len(told) == 10 and all(len(cells) == 3 and cells[0] != cells[1] for cells in told)
