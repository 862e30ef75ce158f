"""Turn a CSV into a trained neural network in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ann_tui.estimators import ANNClassifier, ANNRegressor

__all__ = ["ANNClassifier", "ANNRegressor"]


def __getattr__(name: str) -> Any:
    """Load the estimators when they are first asked for: scikit-learn takes a second to import."""
    if name in __all__:
        from ann_tui import estimators

        return getattr(estimators, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
