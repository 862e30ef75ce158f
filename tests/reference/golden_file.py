"""PyTorch's figures, kept in `golden/pytorch.npz`, so that we are compared with them where torch is not installed.

After a change of the comparisons, `pytest tests/reference --write-golden` writes them anew; it needs torch.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from reference.comparisons import COMPARISONS, Figures

PATH = Path(__file__).with_name("golden") / "pytorch.npz"
VERSION = "version of torch"


def write(torch: Any) -> None:
    """Compute and keep the figures of all comparisons."""
    found = {
        f"{comparison.name}/{name}": figure
        for comparison in COMPARISONS
        for name, figure in comparison.theirs(torch).items()
    }
    PATH.parent.mkdir(exist_ok=True)
    np.savez_compressed(PATH, **{VERSION: np.array(torch.__version__), **found})


def read() -> dict[str, Figures]:
    """The kept figures by comparison and name."""
    found: dict[str, Figures] = {}
    with np.load(PATH) as archive:
        for key in archive.files:
            if key != VERSION:
                comparison, name = key.split("/")
                found.setdefault(comparison, {})[name] = archive[key]
    return found
