"""An experiment file gives back the same experiment, and says in one line what is wrong with it."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.data.choices.preparation import CHOICES, ColumnPreparation, Preparation, Split
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.experiment_file import (
    ExperimentError,
    experiment_from_text,
    read_experiment,
    with_choices,
)
from ann_tui.experiments.experiment_writing import experiment_text, write_experiment
from ann_tui.experiments.named_choices import named_choices
from ann_tui.network.design import LayerDesign, NetworkDesign
from ann_tui.training.changes import Change
from ann_tui.training.plan import TrainingPlan

HERE = Path()
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
names = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8)
shares = st.floats(0.0, 0.49)
columns = st.builds(
    ColumnPreparation,
    missing=st.sampled_from([None, "median", "constant"]),
    fill=st.none() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    indicator=st.none() | st.booleans(),
    minimum=st.none() | st.floats(-10, 0),
    maximum=st.none() | st.floats(0, 10),
    allowed=st.none() | st.lists(texts, max_size=3).map(tuple),
    merge=st.none() | st.dictionaries(texts, texts, max_size=3),
    order=st.none() | st.lists(texts, max_size=3).map(tuple),
)
preparations = st.builds(
    Preparation,
    **{name: st.sampled_from(list(known)) for name, known in CHOICES.items()},
    fill_number=st.floats(allow_nan=False, allow_infinity=False),
    fill_category=texts,
    outlier_limit=st.none() | st.floats(0.1, 9),
    split=st.builds(
        Split, test=shares, validation=shares, seed=st.integers(0, 2**31), column=st.none() | texts
    ),
    columns=st.dictionaries(names, columns, max_size=3),
)
sources = st.builds(
    Source,
    path=st.text(string.ascii_letters + string.digits + " _-ü\"'", min_size=1, max_size=9).map(
        lambda name: f"d/{name}x"
    ),
    target=st.none() | texts,
    kinds=st.dictionaries(names, st.sampled_from(["number", "category"]), max_size=3),
    excluded=st.lists(texts, max_size=3).map(tuple),
    dialect=st.none()
    | st.builds(Dialect, delimiter=texts, quote=texts, comment=texts, skip=st.integers(0, 9)),
    missing_marks=st.lists(texts, max_size=3).map(tuple),
    column_marks=st.dictionaries(names, st.lists(texts, max_size=2).map(tuple), max_size=2),
    number_forms=st.dictionaries(
        names, st.sampled_from(["", "12 kg", "12k", "12-", "1.234", "12 %"]), max_size=2
    ),
    date_forms=st.dictionaries(
        names, st.sampled_from(["%d/%m/%Y", "%m-%d-%y", "%d.%m.%Y %H:%M"]), max_size=2
    ),
    rules=st.lists(texts, max_size=2).map(tuple),
    task=st.sampled_from([None, "classification", "regression"]),
    sample_rows=st.none() | st.integers(1, 10**9),
)
layers = st.one_of(
    st.builds(LayerDesign, units=st.integers(1, 999), activation=st.sampled_from([None, "relu", "leaky relu"]),
              initializer=st.sampled_from([None, "he normal"])),
    st.builds(LayerDesign, kind=st.just("dropout"), rate=st.floats(0, 0.99)),
    st.builds(LayerDesign, kind=st.sampled_from(["batch norm", "layer norm", "input scale"])),
    st.builds(LayerDesign, kind=st.just("activation"), activation=st.just("tanh")),
)  # fmt: skip
designs = st.builds(
    NetworkDesign,
    layers=st.lists(layers, max_size=4).map(tuple),
    label_smoothing=shares,
    focal_gamma=st.floats(0, 10),
)
plans = st.builds(
    TrainingPlan,
    optimizer=st.sampled_from(["adam", "gradient descent"]),
    learning_rate=st.floats(0, 10),
    batch=st.integers(1, 10**6),
    early_stopping=st.booleans(),
    max_norm=st.none() | st.floats(1e-9, 9),
    l2=st.floats(0, 1),
    seed=st.integers(0, 2**63 - 1),
)


@settings(max_examples=80, deadline=None)
@given(st.builds(Experiment, sources, preparations, designs, plans))
def test_every_experiment_comes_back_exactly(experiment: Experiment) -> None:
    assert experiment_from_text(experiment_text(experiment, HERE), HERE) == experiment


@settings(max_examples=40, deadline=None)
@given(st.builds(Experiment, sources, preparations, designs, plans))
def test_no_further_choice_changes_nothing(experiment: Experiment) -> None:
    assert with_choices(experiment, ()) == experiment


def test_choices_by_their_name_in_the_file() -> None:
    experiment = with_choices(
        Experiment(Source("data.csv")),
        [
            "training.schedule=cosine restarts",
            "training.clip_norm=1",
            "training.early_stopping = false",
            "network.layers=16 tanh, dropout 0.1",
            'source.excluded=["a", "b"]',
            "preparation.split.test=0.3",
            'preparation.columns."bill length".missing=mean',
            "preparation.columns.sex.missing=most frequent",
        ],
    )
    assert experiment.plan == TrainingPlan(schedule="cosine restarts", clip_norm=1.0, early_stopping=False)
    assert experiment.design.text == "16 tanh, dropout 0.1"
    assert experiment.source.excluded == ("a", "b")
    assert experiment.preparation.split == Split(test=0.3)
    assert {name: each.missing for name, each in experiment.preparation.columns.items()} == {
        "bill length": "mean",
        "sex": "most frequent",
    }


@pytest.mark.parametrize(
    ("assignment", "says"),
    [
        ("training.epochs", "write it as training.epochs=50"),
        ("training.epoch=3", "did you mean epochs"),
        ("training.epochs=many", "expected a whole number"),
        ("training.schedule=cosinus", "unknown schedule 'cosinus'"),
        ("nothing.epochs=3", "did you mean|it can have"),
        ("a b=3", "no name of a choice"),
        ("network.layers=64 rely", "no activation or initializer"),
    ],
)
def test_a_choice_that_cannot_be_is_told_in_one_line(assignment: str, says: str) -> None:
    with pytest.raises(ExperimentError, match=says) as caught:
        with_choices(Experiment(Source("data.csv")), [assignment])
    assert "\n" not in str(caught.value)


def test_every_field_stands_in_the_file_with_every_table_explained() -> None:
    text = experiment_text(Experiment(Source("data.csv")), HERE)
    for kind in (Source, Preparation, Split, TrainingPlan, NetworkDesign):
        for name in kind.__dataclass_fields__:
            assert (
                f"\n{name} =" in text or f"\n# {name} (not set)" in text or f"\n[preparation.{name}]" in text
            ), name
    for table in ("source", "preparation", "preparation.split", "network", "training"):
        after = text.split(f"\n[{table}]\n")[1]
        assert after.startswith("# ")


def test_the_path_is_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "experiments").mkdir()
    monkeypatch.chdir(tmp_path)
    write_experiment(Experiment(Source("data/x.csv")), "experiments/e.toml")
    assert 'path = "../data/x.csv"' in (tmp_path / "experiments" / "e.toml").read_text()
    assert read_experiment("experiments/e.toml").source.path == "data/x.csv"
    monkeypatch.chdir("/")
    assert read_experiment(tmp_path / "experiments" / "e.toml").source.path == str(
        tmp_path / "data" / "x.csv"
    )
    write_experiment(Experiment(Source("/somewhere/x.csv")), tmp_path / "e.toml")
    assert read_experiment(tmp_path / "e.toml").source.path == "/somewhere/x.csv"


def test_a_few_lines_are_enough() -> None:
    text = '[source]\npath = "x.csv"\n[network]\nlayers = ["8 tanh", {kind = "dropout", rate = 0.5}]\n'
    experiment = experiment_from_text(text, HERE)
    assert experiment.design.text == "8 tanh, dropout 0.5" and experiment.plan == TrainingPlan()


SOURCE = '[source]\npath = "x.csv"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", r"\[source\]"),
        ("x =", "no TOML"),
        ("source = 3", "source must be a table"),
        ("[source]\npath = 3", r"\[source\] path: expected text, got a whole number"),
        (SOURCE + "target = 3", r"\[source\] target"),
        (SOURCE + 'task = "clustering"', r"\[source\] unknown task 'clustering': choose from classification"),
        (SOURCE + "sample_rows = 0", r"\[source\] sample rows 0: it must be a whole number, 1 or more"),
        (SOURCE + "[source.dialect]\nskip = -1", r"\[source\] dialect: skip -1: it must be a whole number of lines"),
        (SOURCE + "[trainig]", "did you mean training"),
        (SOURCE + "[source.dialect]\ndelimter = ','", r"\[source.dialect\] has no 'delimter': did you mean delimiter"),
        (SOURCE + "[training]\nepochs = 0", r"\[training\] epochs 0"),
        (SOURCE + "[training]\nepochs = 1.5", r"\[training\] epochs"),
        (SOURCE + "[training]\nlearning_rate = nan", r"\[training\] learning rate"),
        (SOURCE + "[network]\nlayers = 3", r"\[network\] layers"),
        (SOURCE + "[network]\nlayers = '64 sparkle'", "sparkle"),
        (SOURCE + "[network]\nlayers = [{kind = 'dense', unit = 3}]", "did you mean units"),
        (SOURCE + "[preparation]\nscaling = 'some'", r"\[preparation\] scaling is 'some'"),
        (SOURCE + "[preparation.split]\ntest = true", r"\[preparation\] split.test: expected a number"),
        (SOURCE + "[preparation.columns.age]\nminimun = 1", r"\[preparation.columns.age\] has no 'minimun'"),
        (SOURCE + "[preparation.columns]\nage = 3", r"\[preparation.columns.age\] expected a table"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "e.toml"
    path.write_text(text)
    with pytest.raises(ExperimentError, match=says) as told:
        read_experiment(path)
    assert str(told.value).startswith(f"{path}: ") and "\n" not in str(told.value)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "e.toml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "e.toml", tmp_path, tmp_path / "none.toml"):
        with pytest.raises(ExperimentError) as told:
            read_experiment(path)
        assert "\n" not in str(told.value)


def test_further_choices_leave_paths_as_they_are() -> None:
    source = Source("link/../data.csv")
    assert with_choices(Experiment(source), ["training.epochs=3"]).source == source


def test_what_was_steered_is_told_and_makes_no_other_experiment() -> None:
    steering = (Change(2, 5, "learning_rate", 0.008), Change(7, 0, "stop", 0.0))
    plain = Experiment(Source("data.csv"))
    steered = Experiment(Source("data.csv"), steering=steering)
    assert steered == plain and hash(steered) == hash(plain)
    again = experiment_from_text(experiment_text(steered, HERE), HERE)
    assert again.steering == steering
    assert with_choices(steered, ["training.epochs=5"]).steering == steering
    by_hand = "\n[[steering]]\nepoch = 9\nbatch = 0\nfield = 'batch'\nvalue = 24\n"
    read = experiment_from_text(experiment_text(steered, HERE) + by_hand, HERE)
    assert read.steering == (*steering, Change(9, 0, "batch", 24.0))
    assert experiment_text(read, HERE).count("[[steering]]") == 3
    assert "steering" not in experiment_text(plain, HERE)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("steering = 3", "steering"),
        ("[[steering]]\nepoch = 1", "steering"),
        ("[[steering]]\nepoch = 1\nbatch = 0\nfield = 'stop'\nvalue = 0.0\nwhy = 'x'", "why"),
    ],
)
def test_steering_that_makes_no_sense_is_refused(text: str, says: str) -> None:
    data = '[source]\npath = "d.csv"'
    with pytest.raises(ExperimentError, match=says):
        experiment_from_text(f"{text}\n{data}", HERE)


def test_a_number_is_taken_as_a_text_where_one_belongs() -> None:
    """Whichever of several choices it is in, and only there."""
    changed = with_choices(
        Experiment(Source("a.csv")),
        [
            "source.target=2020",
            "training.epochs=7",
            "source.number_forms.x=1.234",
            'source.kinds."2020"=number',
        ],
    )
    assert changed.source.target == "2020" and changed.source.number_forms == {"x": "1.234"}
    assert changed.plan.epochs == 7 and changed.source.kinds == {"2020": "number"}
    with pytest.raises(ExperimentError, match="epochs: expected a whole number"):
        with_choices(Experiment(Source("a.csv")), ["source.target=2020", "training.epochs=many"])


def test_the_word_for_no_value_takes_a_value_away() -> None:
    for name in (name for name, known in named_choices().items() if known.may_be_none):
        table, field = name.split(".")
        valued = with_choices(Experiment(Source("a.csv")), [f"{name}=0.5"])
        holder = {"training": "plan"}.get(table, table)
        assert getattr(getattr(valued, holder), field) == 0.5
        without = with_choices(valued, [f"{name}={named_choices()[name].about.none}"])
        assert getattr(getattr(without, holder), field) is None
