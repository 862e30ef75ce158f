"""`ann-tui export`: scripts and what belongs beside them, or one line."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from command_line import Run

from ann_tui.commands.export_targets import EXPORT_TARGETS

EPOCHS = ("--epochs", "2", "--no-baselines", "--preset", "plain")


@pytest.fixture
def made(run: Run, sample_data: Path, tmp_path: Path) -> Path:
    """A folder with a model and an experiment."""
    penguins = str(sample_data / "penguins.csv")
    both = ("--save", str(tmp_path / "m.ann"), "--save-experiment", str(tmp_path / "e.toml"))
    assert (
        run(
            "train", penguins, *EPOCHS, *both, "--set", "training.optimizer=adam", "--schedule", "constant"
        ).code
        == 0
    )
    return tmp_path


@pytest.mark.parametrize("target", ["pytorch", "keras", "sklearn", "ann"])
@pytest.mark.parametrize("file", ["m.ann", "e.toml"])
def test_a_script_and_its_neighbours(run: Run, made: Path, target: str, file: str) -> None:
    """No framework is imported for it."""
    out = made / "out.py"
    ended = run("export", str(made / file), "--to", target, "-o", str(out))
    assert ended.code == 0, ended.err
    compile(out.read_text(encoding="utf-8"), str(out), "exec")
    beside = (
        "out.parts.csv" if file == "e.toml" else "out.ann" if target == "ann" else "out.weights.safetensors"
    )
    assert (made / beside).exists() and beside in ended.err
    again = run("export", str(made / file), "--to", target, "-o", str(out))
    assert again.code == 2 and "--force" in again.err
    assert run("export", str(made / file), "--to", target, "-o", str(out), "--force").code == 0


def test_what_can_not_be_said_is_one_line(run: Run, made: Path, sample_data: Path) -> None:
    """And nothing is written."""
    out = made / "other.py"
    good = str(made / "good.toml")
    penguins = str(sample_data / "penguins.csv")
    assert run("train", penguins, "--epochs", "1", "--no-baselines", "--save-experiment", good).code == 0
    ended = run("export", good, "--to", "sklearn", "-o", str(out))
    assert ended.code == 2 and "optimizer adamw" in ended.err and ended.err.count("\n") == 1
    assert not out.exists() and not (made / "other.parts.csv").exists()


def test_another_framework_is_named_only_where_it_can(run: Run, made: Path, sample_data: Path) -> None:
    """Neither scikit-learn nor PyTorch can say everything."""
    name = str(made / "other.toml")
    for options, can in ((("--optimizer", "adamw"), True), (("--optimizer", "muon"), False)):
        begun = ("train", str(sample_data / "penguins.csv"), *EPOCHS, *options, "--save-experiment", name)
        assert run(*begun).code == 0
        one, other = (
            run("export", name, "--to", target, "-o", str(made / "o.py"), "--force")
            for target in ("sklearn", "pytorch")
        )
        assert one.code == 2 and ("--to pytorch can" in one.err) == can
        assert (other.code == 0) == can


def test_a_guessed_target_is_said(run: Run, made: Path, sample_data: Path) -> None:
    out = str(made / "scripted.py")
    assert "species, is a guess" in run("export", str(made / "e.toml"), "--to", "pytorch", "-o", out).err
    name = str(made / "named.toml")
    begun = ("train", str(sample_data / "penguins.csv"), *EPOCHS, "--target", "species")
    assert run(*begun, "--save-experiment", name).code == 0
    assert "guess" not in run("export", name, "--to", "pytorch", "-o", out, "--force").err


@pytest.mark.parametrize("preset", ["good", "strong", "plain"])
@pytest.mark.parametrize("target", ["sklearn", "ann"])
@pytest.mark.parametrize("sample", ["penguins", "cars"])
def test_a_refusal_names_what_can_be_said(
    run: Run, sample_data: Path, tmp_path: Path, target: str, preset: str, sample: str
) -> None:
    """With the settings that it names the experiment is exported."""
    train = (
        "train",
        str(sample_data / f"{sample}.csv"),
        "--epochs",
        "1",
        "--no-baselines",
        "--preset",
        preset,
    )
    assert run(*train, "--save-experiment", str(tmp_path / "e.toml")).code == 0
    ended = run("export", str(tmp_path / "e.toml"), "--to", target, "-o", str(tmp_path / "out.py"))
    if ended.code:
        settings = shlex.split(ended.err[ended.err.index("--set") :])
        assert run(*train, *settings, "--save-experiment", str(tmp_path / "other.toml")).code == 0
        ended = run("export", str(tmp_path / "other.toml"), "--to", target, "-o", str(tmp_path / "out.py"))
    assert ended.code == 0, ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("m.ann", "--to", "pytorch", "-o", "out.txt"), "ends in .py"),
        (("nothing.ann", "--to", "pytorch", "-o", "out.py"), "no such file"),
        (("m.ann", "--to", "fortran", "-o", "out.py"), "fortran"),
    ],
)
def test_mistakes(run: Run, made: Path, arguments: tuple[str, ...], said: str) -> None:
    """One line each."""
    places = [str(made / each) if "." in each else each for each in arguments]
    ended = run("export", *places)
    assert ended.code == 2 and said in ended.err


@pytest.mark.parametrize(("file", "beside"), [("e.toml", "out.parts.csv"), ("m.ann", "out.prepared.json")])
def test_a_file_of_somebody_else_stays(run: Run, made: Path, file: str, beside: str) -> None:
    """Unless --force is said."""
    (made / beside).write_text("my,own\n", encoding="utf-8")
    call = ("export", str(made / file), "--to", "pytorch", "-o", str(made / "out.py"))
    ended = run(*call)
    assert ended.code == 2 and f"{beside} is there already" in ended.err and "--force" in ended.err
    assert not (made / "out.py").exists() and (made / beside).read_text(encoding="utf-8") == "my,own\n"
    assert run(*call, "--force").code == 0


def test_another_model_stays(run: Run, made: Path) -> None:
    """That a script for ann-tui would write over; and a model can be exported beside itself."""
    (made / "other.ann").write_bytes(b"another model")
    ended = run("export", str(made / "m.ann"), "--to", "ann", "-o", str(made / "other.py"))
    assert ended.code == 2 and "other.ann is there already" in ended.err
    assert run("export", str(made / "m.ann"), "--to", "ann", "-o", str(made / "m.py")).code == 0


def test_two_exports_in_one_folder_do_not_meet(run: Run, made: Path) -> None:
    """What the first reads stays as it is."""
    assert run("export", str(made / "e.toml"), "--to", "sklearn", "-o", str(made / "one.py")).code == 0
    assert run("export", str(made / "m.ann"), "--to", "sklearn", "-o", str(made / "one_model.py")).code == 0
    before = {path: path.read_bytes() for path in made.iterdir()}
    assert run("export", str(made / "e.toml"), "--to", "sklearn", "-o", str(made / "two.py")).code == 0
    assert run("export", str(made / "m.ann"), "--to", "sklearn", "-o", str(made / "two_model.py")).code == 0
    assert before.items() <= {path: path.read_bytes() for path in made.iterdir()}.items()


def test_a_library_is_not_hidden(run: Run, made: Path) -> None:
    """A script of its name would be read in its place."""
    ended = run("export", str(made / "m.ann"), "--to", "sklearn", "-o", str(made / "sklearn.py"))
    assert ended.code == 2 and "would hide the library" in ended.err


def test_each_target_says_what_it_is() -> None:
    """In the help."""
    assert all(target.summary and target.suffix.startswith(".") for target in EXPORT_TARGETS.values())
