"""A model as ONNX answers every row as the model itself does, whatever its preparation, layers, activations and cost.

The options are those of the registries, so that a new one fails here until it is written in ONNX or refused by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ann_tui.data.choices.date_parts import PARTS
from ann_tui.data.choices.outliers import OUTLIER_ACTIONS
from ann_tui.data.choices.preparation import CHOICES, ColumnPreparation, Preparation
from ann_tui.data.choices.scalings import SCALING
from ann_tui.data.choices.source import Source
from ann_tui.data.choices.target_options import TARGET_TRANSFORMS
from ann_tui.data.preparing.encoding import OneHot
from ann_tui.experiments.derived import LoadedData, load, prepare_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.presets import PRESETS, with_preset
from ann_tui.experiments.run import Run
from ann_tui.export.as_onnx.answers import COSTS_IN_ONNX
from ann_tui.export.as_onnx.dates import DATE_PARTS_IN_ONNX
from ann_tui.export.as_onnx.layers import ACTIVATIONS_IN_ONNX, LAYERS_IN_ONNX
from ann_tui.export.export_error import ExportError
from ann_tui.model.trained_model import TrainedModel
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.costs import COSTS
from ann_tui.network.design import NetworkDesign
from ann_tui.network.layer_kinds import LAYER_KINDS

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ann_tui.export.as_onnx.exporting import export_onnx
from ann_tui.export.as_onnx.odd_rows import Cells, as_matrix, odd_rows
from ann_tui.export.as_onnx.proof import Proof, answered, proven
from ann_tui.export.as_onnx.whole_model import onnx_model

ROWS = 240
SAMPLES = sorted(path.name for path in (Path(__file__).resolve().parents[2] / "sample_data").glob("*.csv"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tables stand."""
    return tmp_path_factory.mktemp("onnx")


def write_table(path: Path, target: str) -> Path:
    """Rows of every kind of column but free text, with gaps; targets of two and three classes, numbers and counts."""
    rng = np.random.default_rng(3)
    lines = ["age,pay,height,city,size,member,joined,at,target"]
    for row in range(ROWS):
        age = "" if row % 9 == 4 else f"{rng.normal(40, 12):.1f}"
        pay = "" if row % 7 == 2 else f"{np.exp(rng.normal(7, 1)):.2f}"
        city = ["", "Oslo", "oslo", "Rome", "Lima", "Straße", "Bonn"][int(rng.integers(0, 7))]
        city = "Rare" if row in (3, 77) else city
        size = ["small", "medium", "large"][int(rng.integers(0, 3))]
        member = ["yes", "no", ""][int(rng.integers(0, 3))]
        joined = f"{1960 + row % 70}-{row % 12 + 1:02d}-{row % 28 + 1:02d}" if row % 11 else ""
        at = f"2024-02-{row % 29 + 1:02d} {row % 24:02d}:{row % 60:02d}:00"
        told = {
            "two": "ab"[int(rng.integers(0, 2))],
            "three": ["low", "middle", "high"][int(rng.integers(0, 3))],
            "number": f"{np.exp(rng.normal(3, 1)):.3f}",
            "count": str(int(rng.poisson(20)) * (1 + row % 3)),
        }[target]
        lines.append(f"{age},{pay},{rng.normal(170, 9):.0f},{city},{size},{member},{joined},{at},{told}")
    path.write_text("\n".join(lines) + "\n")
    return path


TABLES: dict[str, LoadedData] = {}


def model_of(
    folder: Path, target: str, preparation: Preparation | None = None, design: NetworkDesign | None = None
) -> TrainedModel:
    """A network with weights of chance, large enough to matter, on a table with this target."""
    source = Source(str(folder / f"{target}.csv"), target="target")
    if target not in TABLES:
        write_table(folder / f"{target}.csv", target)
        TABLES[target] = load(source)
    design = design or NetworkDesign.from_text("8 tanh, 5 relu")
    experiment = Experiment(source, preparation or Preparation(), design)
    experiment = replace(experiment, plan=replace(experiment.plan, epochs=1))
    run = Run(experiment, prepare_experiment(experiment, TABLES[target]))
    run.train()
    shake(run)
    return TrainedModel.from_result(run.result())


def shake(run: Run) -> None:
    """Weights that no layer begins with; variances stay above 0."""
    rng = np.random.default_rng(1)
    network = run.network
    network.weights += rng.normal(0, 0.3, network.weights.shape).astype(np.float32)
    network.statistics += rng.random(network.statistics.shape).astype(np.float32)


def agreed(model: TrainedModel, cells: Cells | None = None) -> Proof:
    """The proof of the model's graph; nearly all rows are told to the last label."""
    proof = proven(model, onnx_model(model).SerializeToString(), cells)
    assert proof.unsteady <= proof.rows / 10
    assert proof.other == 0 or proof.other <= proof.close
    return proof


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample(sample: str, sample_data: Path, tmp_path: Path) -> None:
    """With the choices that the app makes for it, trained for a moment."""
    experiment = Experiment(Source(str(sample_data / sample)))
    experiment = replace(experiment, plan=replace(experiment.plan, epochs=1))
    run = Run(experiment, prepare_experiment(experiment, load(experiment.source)))
    run.train()
    model = TrainedModel.from_result(run.result())
    proof = export_onnx(model, tmp_path / "model.onnx")
    assert proof.rows > 300 and proof.unsteady == 0 and f"{proof.rows:,} rows" in proof.text


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("target", ["two", "number"])
def test_every_preset(folder: Path, preset: str, target: str) -> None:
    """With all that it chooses for a small table."""
    experiment = Experiment(Source("table.csv"))
    chosen = with_preset(experiment, preset, ROWS)
    agreed(model_of(folder, target, chosen.preparation, chosen.design))


REFUSED = {("missing_number", "knn"): "'age'"}
"""What ONNX can't express, with what the refusal names."""


def preparations() -> Iterator[tuple[str, str]]:
    """Each option of each choice of a preparation."""
    for name, known in CHOICES.items():
        for option in known:
            if name != "text":
                yield name, option


@pytest.mark.parametrize(("name", "option"), list(preparations()))
def test_every_preparation_option(folder: Path, name: str, option: str) -> None:
    """On a table with gaps and columns of all kinds, where options work together that only do so together."""
    more: dict[str, Any] = {"indicator": True, "rare": 0.05}
    if name == "outlier_action":
        more |= {"outliers": "iqr", "outlier_limit": 0.3}
    if name == "number_encoding":
        more |= {"scaling": "robust"}
    target = "number" if name == "target_transform" else "two"
    if name == "unparseable":
        option = "missing"
    preparation = Preparation(**(more | {name: option}))
    model = model_of(folder, target, preparation)
    if (name, option) in REFUSED:
        with pytest.raises(ExportError, match=REFUSED[name, option]):
            onnx_model(model)
    else:
        agreed(model)


@pytest.mark.parametrize("scaling", SCALING)
@pytest.mark.parametrize("action", OUTLIER_ACTIONS)
def test_scaling_after_outliers_and_bins(folder: Path, scaling: str, action: str) -> None:
    """Every scaling under every action, with bins and indicators."""
    preparation = Preparation(
        scaling=scaling,
        outliers="iqr",
        outlier_limit=0.5,
        outlier_action=action,
        number_encoding="piecewise linear",
        indicator=True,
    )
    # Numbers as they are, up to thousands, are rounded so coarsely in float32 that extreme rows tell nothing.
    model = model_of(folder, "three", preparation)
    agreed(model) if scaling != "none" else proven(model, onnx_model(model).SerializeToString())


def test_rules_of_columns(folder: Path) -> None:
    """Limits, allowed labels, merged labels and spellings, an order, and constants, each on columns of their own."""
    columns = {
        "age": ColumnPreparation(minimum=20.0, maximum=60.0, missing="constant", fill=33.5),
        "pay": ColumnPreparation(missing="iterative"),
        "height": ColumnPreparation(missing="iterative", maximum=175.0, scaling="quantile"),
        "city": ColumnPreparation(merge={"Oslo": "Rome", "Kristiania": "Rome"}, merge_labels=True, rare=0.0),
        "size": ColumnPreparation(encoding="ordinal", order=("small", "medium", "large"), allowed=("small", "large")),
        "member": ColumnPreparation(missing="constant", fill="unknown", indicator=True),
        "joined": ColumnPreparation(dates="number", scaling="smooth clip"),
    }  # fmt: skip
    agreed(model_of(folder, "three", Preparation(columns=columns)))


def test_every_part_of_a_date_is_written() -> None:
    """The parts that dates can have."""
    assert set(DATE_PARTS_IN_ONNX) == set(PARTS)


def test_dates_far_back_and_ahead(folder: Path) -> None:
    """Every day for 1,000 years around leap days, and moments before 1970."""
    model = model_of(folder, "two", Preparation(scaling="none"))
    cells = odd_rows(model.fitted, 4_000)
    days = np.arange(-180_000, 180_000, 91)[:3_900]
    cells["joined"][: len(days)] = days * 86400.0
    cells["at"][:1_000] = np.arange(-500, 500) * 7_201.0
    agreed(model, cells)


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation(folder: Path, activation: str, members: int) -> None:
    """In a dense layer, in a residual block, and alone."""
    text = f"6 {activation}, residual 4 {activation}, layer norm, {activation}"
    proof = agreed(model_of(folder, "three", design=replace(NetworkDesign.from_text(text), members=members)))
    assert proof.rows > 300


def test_all_activations_and_layers_and_costs_are_written() -> None:
    """What the registries list."""
    assert set(ACTIVATIONS_IN_ONNX) == set(ACTIVATIONS)
    assert set(LAYERS_IN_ONNX) == set(LAYER_KINDS)
    assert set(COSTS_IN_ONNX) == set(COSTS)


LAYERS = {
    "dense": "7 relu",
    "dropout": "7 relu, dropout 0.3",
    "batch norm": "7 linear, batch norm, relu",
    "layer norm": "7 relu, layer norm",
    "input scale": "input scale, 7 relu",
    "residual": "residual 5 silu",
    "activation": "7 linear, prelu",
}


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("kind", LAYER_KINDS)
def test_every_layer(folder: Path, kind: str, members: int) -> None:
    """Of one network and of several."""
    design = replace(NetworkDesign.from_text(LAYERS[kind]), members=members)
    assert kind in {layer.kind for layer in design.layers}
    agreed(model_of(folder, "number", design=design))


def costs() -> Iterator[tuple[str, str]]:
    """Each cost with each target that it can judge."""
    for name, entry in COSTS.items():
        for kind in entry.kinds:
            targets = {"binary": "two", "multiclass": "three", "number": "count"}
            yield name, targets[kind]


@pytest.mark.parametrize("members", [1, 4])
@pytest.mark.parametrize(("cost", "target"), list(costs()))
def test_every_cost(folder: Path, cost: str, target: str, members: int) -> None:
    """With the answers of several members brought together as the cost does it."""
    design = replace(NetworkDesign.from_text("6 tanh"), cost=cost, members=members)
    agreed(model_of(folder, target, design=design))


@pytest.mark.parametrize("transform", TARGET_TRANSFORMS)
def test_every_target_transform(folder: Path, transform: str) -> None:
    """A number in its own unit."""
    agreed(model_of(folder, "number", Preparation(target_transform=transform)))


@pytest.mark.parametrize("threshold", [0.0, 0.2, 0.5, 0.93, 1.0])
def test_the_threshold(folder: Path, threshold: float) -> None:
    """`prediction` obeys it."""
    import onnxruntime

    model = model_of(folder, "two").at(threshold)
    made = onnx_model(model)
    agreed(model)
    session = onnxruntime.InferenceSession(made.SerializeToString())
    cells = odd_rows(model.fitted, 200)
    labels, shares = session.run(None, {name: each.reshape(-1, 1) for name, each in cells.items()})
    assert (labels == np.where(shares[:, 1] > np.float32(threshold), "b", "a")).all()
    assert session.get_modelmeta().custom_metadata_map["threshold"] == repr(threshold)


@pytest.mark.parametrize(("layers", "bias"), [("3 step", 0.0), ("3 relu", 100.0), ("3 relu", -100.0)])
def test_on_the_very_edge(folder: Path, layers: str, bias: float) -> None:
    """A sum of exactly 0 does not step, and a probability of exactly the threshold is not above it."""
    model = model_of(folder, "two", design=NetworkDesign.from_text(layers))
    network = model.network
    network.weights[:] = 0.0
    network.parameters["output.weights"][:] = 1.0
    network.parameters["output.bias"][:] = bias
    for threshold in (0.0, 0.5, 1.0):
        edge = model.at(threshold)
        cells = odd_rows(edge.fitted, 20)
        labels, shares = answered(edge, onnx_model(edge).SerializeToString(), cells)
        own = edge.answers(*as_matrix(edge.fitted, cells))
        assert (labels == own.values).all() and (shares == own.probabilities).all()


def test_what_a_program_reads_of_it(folder: Path, tmp_path: Path) -> None:
    """Inputs by the names of the columns, outputs, and the metadata."""
    import onnx
    import onnxruntime

    model = model_of(folder, "three")
    export_onnx(model, tmp_path / "m.onnx")
    onnx.checker.check_model(onnx.load(tmp_path / "m.onnx"), full_check=True)
    session = onnxruntime.InferenceSession(tmp_path / "m.onnx")
    names = [column.name for column in model.fitted.columns]
    assert [each.name for each in session.get_inputs()] == names
    kinds = {"number": "tensor(double)", "date": "tensor(double)"}
    assert [each.type for each in session.get_inputs()] == [
        kinds.get(column.kind, "tensor(string)") for column in model.fitted.columns
    ]
    assert [each.name for each in session.get_outputs()] == ["prediction", "probability"]
    held = session.get_modelmeta().custom_metadata_map
    assert json.loads(held["classes"]) == list(model.classes)
    assert held["target"] == "target"
    assert held["training_file_sha256"] == model.data.sha256 != ""
    empty = {
        each.name: np.empty((0, 1), object if each.type == "tensor(string)" else np.float64)
        for each in session.get_inputs()
    }
    labels, shares = session.run(None, empty)
    assert labels.shape == (0,) and shares.shape == (0, 3)


def test_columns_named_like_outputs(tmp_path: Path) -> None:
    """And like operations; each has an input of its own."""
    path = tmp_path / "names.csv"
    rng = np.random.default_rng(0)
    lines = ["prediction,probability,/Add_3,prediction input,kind"]
    lines += [
        f"{a:.2f},{b:.2f},{c:.2f},{d:.2f},{'xy'[int(a > b)]}" for a, b, c, d in rng.normal(size=(80, 4))
    ]
    path.write_text("\n".join(lines) + "\n")
    experiment = Experiment(Source(str(path), target="kind"), design=NetworkDesign.from_text("4 relu"))
    experiment = replace(experiment, plan=replace(experiment.plan, epochs=2))
    run = Run(experiment, prepare_experiment(experiment, load(experiment.source)))
    run.train()
    model = TrainedModel.from_result(run.result())
    assert len(model.fitted.columns) == 4
    agreed(model)


@pytest.mark.parametrize("option", ["hashed words", "hashed letters"])
def test_free_text_is_refused_by_name(tmp_path: Path, option: str) -> None:
    """Nothing is written."""
    path = tmp_path / "texts.csv"
    lines = ["x,remark,kind"]
    lines += [
        f"{row % 7},a remark of quite some words no {row} about it,{'ab'[row % 2]}" for row in range(60)
    ]
    path.write_text("\n".join(lines) + "\n")
    source = Source(str(path), target="kind", kinds={"remark": "text"}, included=("remark",))
    experiment = Experiment(source, Preparation(text=option))
    experiment = replace(experiment, plan=replace(experiment.plan, epochs=1))
    run = Run(experiment, prepare_experiment(experiment, load(experiment.source)))
    run.train()
    with pytest.raises(ExportError, match="'remark' is free text"):
        export_onnx(TrainedModel.from_result(run.result()), tmp_path / "m.onnx")
    assert not (tmp_path / "m.onnx").exists()


def test_a_graph_that_answers_otherwise_is_not_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A one-hot that says another label."""
    model = model_of(folder, "two")
    (tmp_path / "m.onnx").write_bytes(b"as it was")
    city = next(column for column in model.fitted.columns if column.name == "city")
    assert isinstance(city.encoder, OneHot)
    from ann_tui.export.as_onnx import labels

    made = labels.rows_of
    monkeypatch.setattr(labels, "rows_of", lambda column, words: made(column, words)[::-1].copy())
    with pytest.raises(ExportError, match="nothing was written"):
        export_onnx(model, tmp_path / "m.onnx")
    assert (tmp_path / "m.onnx").read_bytes() == b"as it was"


CELLS = {
    "age": st.one_of(st.floats(allow_nan=True), st.floats(0, 100)),
    "pay": st.one_of(st.floats(allow_nan=True), st.floats(0, 1e5)),
    "height": st.floats(100, 250),
    "city": st.one_of(
        st.sampled_from(["", "Oslo", "OSLO", "rome", "STRASSE", "straße", " Bonn"]),
        st.text("abOslo ", max_size=5),
    ),
    "size": st.sampled_from(["small", "medium", "LARGE", "", "x"]),
    "member": st.sampled_from(["yes", "YES", "no", "True", "oui", "", "?", "nEin"]),
    "joined": st.one_of(st.just(np.nan), st.integers(-60_000, 60_000).map(lambda day: day * 86400.0)),
    "at": st.integers(-(10**9), 2 * 10**9).map(float),
}  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=8))
def test_any_row(folder: Path, rows: list[dict[str, Any]]) -> None:
    """Any numbers and any words, in ways of writing that the preparation takes together."""
    if "any" not in KEPT:
        preparation = Preparation(merge_labels=True, scaling="smooth clip", indicator=True, rare=0.0)
        KEPT["any"] = model_of(folder, "three", preparation)
        GRAPHS["any"] = onnx_model(KEPT["any"]).SerializeToString()
    cells: Cells = {}
    for name in CELLS:
        is_text = name in ("city", "size", "member")
        values = [" ".join(row[name].split(" ")) if is_text else row[name] for row in rows]
        cells[name] = np.array([*values, None], object)[:-1] if is_text else np.array(values, np.float64)
    cells["city"] = np.array([*(" ".join(word.split()) for word in cells["city"]), None], object)[:-1]
    proven(KEPT["any"], GRAPHS["any"], cells)


@pytest.mark.parametrize("merged", [False, True])
def test_spaces_around_words(folder: Path, merged: bool) -> None:
    """Up to two on each side, in any case, of words that mean yes or no, and of merged ones."""
    model = model_of(folder, "three", Preparation(merge_labels=merged, indicator=True))
    words = {"member": ["yes", "NO", "True", "nEin", "1"], "city": ["Oslo", "oslo", "Rome", "BONN", "new"]}
    around = [(" " * before, " " * behind) for before in range(3) for behind in range(3)]
    cells = odd_rows(model.fitted, len(around) * 5)
    for name, known in words.items():
        spaced = [f"{before}{word}{behind}" for word in known for before, behind in around]
        cells[name] = np.array([*spaced, None], object)[:-1]
    agreed(model, cells)


@pytest.mark.parametrize("merged", [False, True])
def test_spaces_that_the_graph_does_not_know_are_told(folder: Path, merged: bool) -> None:
    """Where the preparation counts every space, so does the graph; where it passes over them, the limit is named."""
    model = model_of(folder, "three", Preparation(merge_labels=merged, indicator=True, rare=0.0))
    graph = onnx_model(model)
    (held,) = (json.loads(each.value) for each in graph.metadata_props if each.key == "inputs")
    told = {each["column"]: each["about"] for each in held}
    assert ("up to 2 spaces around it don't matter" in told["city"]) == merged
    assert ("each space as its file spells it" in told["city"]) != merged
    assert "up to 2 spaces around it don't matter" in told["member"]
    cells = odd_rows(model.fitted, 8)
    cells["city"] = np.array(
        ["   Oslo", "Oslo    ", "new   york", "\tOslo", "OSLO", "oslo", " ", None], object
    )
    cells["city"][-1] = ""
    if merged:
        with pytest.raises(ExportError, match="otherwise than the model"):
            proven(model, graph.SerializeToString(), cells)
    else:
        agreed(model, cells)


KEPT: dict[str, TrainedModel] = {}
GRAPHS: dict[str, bytes] = {}


def test_neither_library_is_imported_before_it_is_asked_for() -> None:
    """The command itself, and what lists the targets."""
    import subprocess
    import sys

    code = (
        "import sys, ann_tui.cli, ann_tui.commands.export, ann_tui.model.storage; "
        "print([name for name in ('onnx', 'onnxruntime') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
