"""A model file gives back the model that was saved, to the last bit, or one line that says why not."""

from __future__ import annotations

import io
import json
import math
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load, save

from ann_tui.data.choices.preparation import PreparationError
from ann_tui.experiments.derived import LoadedData
from ann_tui.model.model_error import ModelError
from ann_tui.model.storage import load_model, save_model
from ann_tui.model.trained_model import TrainedModel

Trained = tuple[TrainedModel, LoadedData]
MOMENT = "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize("name", ["penguins", "cars"])
def test_reloaded_model_is_equal_to_the_last_bit(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    model, data = request.getfixturevalue(name)
    save_model(model, tmp_path / "a.ann")
    again = load_model(tmp_path / "a.ann")
    assert again.fitted == model.fitted and again.design == model.design and again.plan == model.plan
    assert again.network.weights.tobytes() == model.network.weights.tobytes()
    assert again.network.statistics.tobytes() == model.network.statistics.tobytes()
    before, after = model.predict(data.table.frame), again.predict(data.table.frame)
    assert before.values.tolist() == after.values.tolist()
    if before.probabilities is not None and after.probabilities is not None:
        assert before.probabilities.tobytes() == after.probabilities.tobytes()
    else:
        assert before.values.tobytes() == after.values.tobytes()
    assert again.summary == replace(
        model.summary,
        history=tuple(replace(row, seconds=0.0, layer_gradient_norms=()) for row in model.summary.history),
    )


@pytest.mark.bits
def test_another_process_predicts_the_same_bits(penguins: Trained, penguins_file: Path) -> None:
    model, data = penguins
    code = (
        "import sys; from ann_tui.model.storage import load_model; from ann_tui.data.choices.source import Source; "
        "from ann_tui.experiments.derived import load; "
        "frame = load(Source(sys.argv[2])).table.frame; "
        "print(load_model(sys.argv[1]).predict(frame).probabilities.tobytes().hex())"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(penguins_file), str(data.table.path)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    answers = model.predict(data.table.frame).probabilities
    assert answers is not None and told.stdout.strip() == answers.tobytes().hex()


def test_same_model_gives_the_same_file(penguins: Trained, tmp_path: Path) -> None:
    save_model(penguins[0], tmp_path / "a.ann", saved=MOMENT)
    save_model(penguins[0], tmp_path / "b.ann", saved=MOMENT)
    save_model(load_model(tmp_path / "a.ann"), tmp_path / "c.ann", saved=MOMENT)
    assert len({(tmp_path / name).read_bytes() for name in ("a.ann", "b.ann", "c.ann")}) == 1


def test_a_row_is_answered_alike_whatever_stands_beside_it(penguins: Trained, cars: Trained) -> None:
    for model, data in (penguins, cars):
        frame = data.table.frame
        whole = model.predict(frame)
        for rows in ([0], [5, 3], list(range(7, 300))):
            part = model.predict(frame.iloc[rows])
            assert part.values.tolist() == whole.values[rows].tolist()
            if part.probabilities is not None and whole.probabilities is not None:
                assert part.probabilities.tobytes() == whole.probabilities[rows].tobytes()


def test_model_does_not_change_with_the_run_that_it_comes_from(
    train: Callable[..., Trained], sample_data: Path
) -> None:
    from ann_tui.data.choices.source import Source
    from ann_tui.experiments.derived import load, prepare_experiment
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.run import Run

    experiment = Experiment(Source(str(sample_data / "spirals.csv")))
    experiment = replace(experiment, plan=replace(experiment.plan, epochs=1))
    data = load(experiment.source)
    run = Run(experiment, prepare_experiment(experiment, data))
    run.train()
    run.judge()
    model = TrainedModel.from_result(run.result())
    before = model.network.weights.copy()
    run.network.weights += 1.0
    assert np.array_equal(model.network.weights, before)


def test_file_is_a_zip_of_json_and_safetensors(penguins_file: Path) -> None:
    with zipfile.ZipFile(penguins_file) as archive:
        assert sorted(archive.namelist()) == ["model.json", "weights.safetensors"]
        plain = json.loads(archive.read("model.json"))
        from safetensors.numpy import load

        tensors = load(archive.read("weights.safetensors"))
    assert plain["version"] == 1 and plain["target"] == "species" and plain["data"]["rows"] == 344
    assert plain["run"]["metrics"]["test"]["accuracy"] > 0.2
    assert tensors["output.weights"].dtype == np.float32


def test_paths_in_the_file_are_relative_to_it(penguins: Trained, tmp_path: Path) -> None:
    model = replace(penguins[0], source=replace(penguins[0].source, path=str(tmp_path / "data" / "x.csv")))
    (tmp_path / "models").mkdir()
    save_model(model, tmp_path / "models" / "a.ann")
    with zipfile.ZipFile(tmp_path / "models" / "a.ann") as archive:
        assert json.loads(archive.read("model.json"))["experiment"]["source"]["path"] == "../data/x.csv"
    assert load_model(tmp_path / "models" / "a.ann").source.path == str(tmp_path / "data" / "x.csv")


def test_a_save_that_fails_leaves_the_earlier_file(
    penguins: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.ann"
    path.write_bytes(b"before")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as told:
        save_model(penguins[0], path)
    assert told.value.filename == str(path)
    assert path.read_bytes() == b"before" and [each.name for each in tmp_path.iterdir()] == ["a.ann"]


def test_a_link_keeps_pointing_and_a_mode_is_kept(penguins: Trained, tmp_path: Path) -> None:
    real = tmp_path / "real.ann"
    save_model(penguins[0], real)
    assert real.stat().st_mode & 0o777 == 0o666 & ~_umask()
    real.chmod(0o640)
    (tmp_path / "link.ann").symlink_to(real)
    save_model(penguins[0], tmp_path / "link.ann")
    assert (tmp_path / "link.ann").is_symlink() and real.stat().st_mode & 0o777 == 0o640


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


def _repacked(path: Path, **contents: bytes) -> bytes:
    """The model file with other contents, packed anew."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, contents.get(name.split(".")[0], old.read(name)))
    return packed.getvalue()


def _changed(path: Path, **fields: object) -> bytes:
    with zipfile.ZipFile(path) as archive:
        plain = json.loads(archive.read("model.json"))
    for place, value in fields.items():
        *keys, last = place.split("__")
        table = plain
        for key in keys:
            table = table[int(key) if key.isdigit() else key]
        table[last] = value
    return _repacked(path, model=json.dumps(plain).encode())


def _weighing(path: Path, name: str, number: float) -> bytes:
    """The model file with one number in each tensor that has this in its name."""
    tensors = load(_weights(path))
    chosen = {key: np.full_like(array, number) for key, array in tensors.items() if name in key}
    assert chosen
    return _repacked(path, weights=save(tensors | chosen))


def _repeating(path: Path, field: str) -> bytes:
    """The model file whose classes, or the like, are all the first of them."""
    with zipfile.ZipFile(path) as archive:
        names = json.loads(archive.read("model.json"))[field]
    repeated = [names[0]] * len(names)
    return _changed(path, **{field: repeated, f"preparation__{field}": repeated})


def _zip(*entries: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: b"", "no model file"),
        (lambda path: b"a,b\n1,2\n", "no model file"),
        (lambda path: path.read_bytes()[:-30], "no model file"),
        (lambda path: path.read_bytes()[:100], "no model file"),
        (lambda path: _zip(("model.json", b"{}")), "no model file"),
        (lambda path: _zip(("../model.json", b"{}"), ("weights.safetensors", b"")), "no model file"),
        (lambda path: _zip(("model.json", b"{}"), ("weights.safetensors", b"")), "format"),
        (lambda path: _zip(("model.json", b"[" * 100_000), ("weights.safetensors", b"")), "model.json"),
        (lambda path: _zip(("model.json", b"{}" + b" " * 5_000_000), ("weights.safetensors", b"")), "times its size"),
        (lambda path: _zip(("model.json", bytes(40 << 20)), ("weights.safetensors", b"")), "no model needs"),
        (lambda path: _changed(path, format="other"), "another format"),
        (lambda path: _changed(path, version=2), "update ann-tui"),
        (lambda path: _changed(path, target="sex"), "belong together"),
        (lambda path: _changed(path, classes=["a", "b"]), "belong together"),
        (lambda path: _changed(path, experiment__network__layers=[{"kind": "os.system"}]), "unknown layer"),
        (lambda path: _changed(path, experiment__network__layers=[{"kind": "dense", "units": 60000}] * 200),
         "weights take"),
        (lambda path: _changed(path, experiment__network__layers=[{"kind": "dense", "units": 2}]), "belong"),
        (lambda path: _changed(path, preparation__columns=[]), "no input|column"),
        (lambda path: _repacked(path, weights=b""), "weights take"),
        (lambda path: _repacked(path, weights=b"\xff" * 8 + _weights(path)[8:]), "impossible length"),
        (lambda path: _repacked(path, weights=_weights(path)[:-4] + b"\0\0\x80\x7f"), "not finite"),
        (lambda path: _weighing(path, "output.bias", 3e38), "'output.bias' holds 3e.38, which no training gives"),
        (lambda path: _weighing(path, "output.weights", -1e19), "'output.weights' holds 1e.19"),
        (lambda path: _weighing(path, "variance", -1.0), "no finite number for ordinary rows"),
        (lambda path: _weighing(path, "", 1e17), "no finite number for ordinary rows"),
        (lambda path: _repeating(path, "classes"), "class 'Adelie' is there twice"),
        (lambda path: _changed(path, preparation__columns__2__name="bill_length_mm"), "is there twice"),
        (lambda path: _changed(path, preparation__columns__1__name="species"), "column 'species' is there twice"),
        (lambda path: _changed(path, preparation__columns__0__encoder__labels=["Dream", "Dream"]), "label 'Dream'"),
        (lambda path: _changed(path, preparation__columns__1__scaler__scale=0.0), "no such scaling"),
        (lambda path: _changed(path, preparation__columns__1__scaler__center=math.nan), "can't be read"),
        (lambda path: _changed(path, preparation__columns__1__fill=1e999), "can't be read"),
        (lambda path: _changed(path, preparation__class_weights=[1, 1, -1]), "class weight is negative"),
        (lambda path: _repacked(path, weights=_weights(path).replace(b"output.bias", b"output.bios")), "output"),
        (lambda path: _repacked(path, weights=_weights(path).replace(b'"F32"', b'"I32"')), "float32"),
    ],
)  # fmt: skip
def test_what_is_no_model_gets_one_line(
    penguins_file: Path, tmp_path: Path, make: Callable[[Path], bytes], says: str
) -> None:
    path = tmp_path / "x.ann"
    path.write_bytes(make(penguins_file))
    with pytest.raises(ModelError, match=says) as told:
        load_model(path)
    assert str(told.value).startswith(str(path)) and "\n" not in str(told.value)


def _weights(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("weights.safetensors")


def test_what_is_no_file_gets_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ann")
    for path in (tmp_path, tmp_path / "none.ann", tmp_path / "pipe.ann", Path("/dev/zero"), Path("a\0b")):
        with pytest.raises(ModelError) as told:
            load_model(path)
        assert "\n" not in str(told.value)


def test_a_model_whose_numbers_answer_nothing_says_so(cars: Trained, tmp_path: Path) -> None:
    """Each of them is finite; together they are not."""
    path = tmp_path / "cars.ann"
    save_model(cars[0], path)
    path.write_bytes(_changed(path, preparation__number_target__scaler__scale=1e308))
    absurd = load_model(path)
    with pytest.raises(PreparationError, match="no finite number"):
        absurd.predict(cars[1].table.frame)
