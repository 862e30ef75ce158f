"""Turn a CSV into a trained neural network in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ann_tui.estimators import ANNClassifier, ANNRegressor
    from ann_tui.model.raw_rows import load

__all__ = ["ANNClassifier", "ANNRegressor", "load"]


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is first asked for: scikit-learn takes a second to import."""
    if name == "load":
        from ann_tui.model.raw_rows import load

        return load
    if name in __all__:
        from ann_tui import estimators

        return getattr(estimators, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
