"""What scripts are written for; see `writing.FRAMEWORKS` for what writes them."""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "pytorch": "PyTorch",
    "keras": "Keras 3",
    "sklearn": "scikit-learn",
}
"""What each is called, by the name that follows `--to`."""
