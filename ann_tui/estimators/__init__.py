"""scikit-learn's interface over the same engine, for matrices of numbers."""

from ann_tui.estimators.classifier import ANNClassifier
from ann_tui.estimators.regressor import ANNRegressor

__all__ = ["ANNClassifier", "ANNRegressor"]
