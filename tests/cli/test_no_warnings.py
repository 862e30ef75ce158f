"""Nothing is printed but the program's own lines, where Python makes an error of every warning."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

OWN = ("note: ", "target: ", "score on ")


def test_no_warning_of_a_library_reaches_the_terminal(cases: Path) -> None:
    """Of 240 rows with 240 classes scikit-learn warns, as it does of every odd target."""
    table = str(cases / "number_target_as_classes" / "trail_minus.csv")
    words = ("train", table, "--target", "price", "--epochs", "2", "--task", "classification")
    own = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    ended = subprocess.run(
        [sys.executable, "-m", "ann_tui", *words], env=own, capture_output=True, text=True, check=False
    )
    lines = ended.stderr.splitlines()
    assert lines and all(line.startswith((*OWN, "ann-tui: error: ")) for line in lines), lines


def test_what_scikit_learn_warns_of_leaves_no_baseline_out(tmp_path: Path) -> None:
    """Though Python makes an error of every warning: more than half of the rows have a class of their own."""
    table = tmp_path / "t.csv"
    table.write_text(
        "a,b,y\n" + "".join(f"{place % 17},{place % 5},w{place % 150}\n" for place in range(240))
    )
    words = [sys.executable, "-m", "ann_tui", "train", str(table), "--target", "y", "--epochs", "1"]
    ended = subprocess.run(
        words, env=os.environ | {"PYTHONWARNINGS": "error"}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0 and "could not be fitted" not in ended.stdout + ended.stderr, ended


def test_a_table_from_end_to_end(sample_data: Path, tmp_path: Path) -> None:
    """In processes of their own: what comes while libraries are imported counts too."""
    table, model = str(sample_data / "cars.csv"), str(tmp_path / "m.ann")
    for words in (
        ("profile", table),
        ("train", table, "--epochs", "3", "--save", model),
        ("evaluate", model, table),
        ("predict", model, table, "-o", str(tmp_path / "out.csv")),
    ):
        ended = subprocess.run(
            [sys.executable, "-m", "ann_tui", *words],
            env=os.environ | {"PYTHONWARNINGS": "error"},
            capture_output=True,
            text=True,
            check=False,
        )
        odd = [line for line in ended.stderr.splitlines() if not line.startswith(OWN)]
        assert (ended.returncode, odd) == (0, []), words
