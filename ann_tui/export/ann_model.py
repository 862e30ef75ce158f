"""A trained model as a script for ann-tui from Python."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.atomic_file import atomic_file

if TYPE_CHECKING:
    from ann_tui.model.trained_model import TrainedModel

SCRIPT = '''"""Answers of the network for {target} in {file}, by ann-tui from Python."""

from pathlib import Path

import pandas as pd

import ann_tui

model = ann_tui.load(Path(__file__).with_name({file!r}))


def predict(frame):
    """{what} for a frame of raw columns."""
    return model.predict(frame)


if __name__ == "__main__":
    import sys

    frame = pd.read_csv(sys.argv[1])
    print(frame.assign(prediction=predict(frame)).to_csv(index=False), end="")
'''


def write_ann_model(model: TrainedModel, path: Path, out: Path) -> list[str]:
    """Write a script to `out` and the model, read from `path`, beside it. Raises OSError."""
    beside = out.with_suffix(".ann")
    if not (beside.exists() and beside.samefile(path)):
        with path.open("rb") as read, atomic_file(beside) as written:
            shutil.copyfileobj(read, written)
    what = "Class labels" if model.classes else "Numbers"
    with atomic_file(out) as file:
        file.write(SCRIPT.format(target=repr(model.target), file=beside.name, what=what).encode())
    return [f"reads {beside.name}, which stands beside it"]
