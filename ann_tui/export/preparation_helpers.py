"""Definitions for preparing rows that scikit-learn lacks, each as it stands in a script that uses it."""

from __future__ import annotations

from ann_tui.export.code_text import Helper

PREPROCESS = 0
"""The section in which rows are prepared."""

IMPORTS: dict[str, str] = {
    "Path": "from pathlib import Path",
    "copy": "import copy",
    "json": "import json",
    "math": "import math",
    "os": "import os",
    "re": "import re",
    "sys": "import sys",
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "load_file": "from safetensors.numpy import load_file",
    "BaseEstimator": "from sklearn.base import BaseEstimator",
    "TransformerMixin": "from sklearn.base import TransformerMixin",
    "make_column_transformer": "from sklearn.compose import make_column_transformer",
    "TransformedTargetRegressor": "from sklearn.compose import TransformedTargetRegressor",
    "IsolationForest": "from sklearn.ensemble import IsolationForest",
    "enable_iterative_imputer": "from sklearn.experimental import enable_iterative_imputer",
    "HashingVectorizer": "from sklearn.feature_extraction.text import HashingVectorizer",
    "IterativeImputer": "from sklearn.impute import IterativeImputer",
    "KNNImputer": "from sklearn.impute import KNNImputer",
    "MissingIndicator": "from sklearn.impute import MissingIndicator",
    "SimpleImputer": "from sklearn.impute import SimpleImputer",
    "LogisticRegression": "from sklearn.linear_model import LogisticRegression",
    "Ridge": "from sklearn.linear_model import Ridge",
    **{
        name: f"from sklearn.metrics import {name}"
        for name in (
            "accuracy_score",
            "confusion_matrix",
            "log_loss",
            "mean_absolute_error",
            "r2_score",
            "root_mean_squared_error",
        )
    },
    "MLPClassifier": "from sklearn.neural_network import MLPClassifier",
    "MLPRegressor": "from sklearn.neural_network import MLPRegressor",
    "KFold": "from sklearn.model_selection import KFold",
    "make_pipeline": "from sklearn.pipeline import make_pipeline",
    **{
        name: f"from sklearn.preprocessing import {name}"
        for name in (
            "FunctionTransformer",
            "MinMaxScaler",
            "OneHotEncoder",
            "OrdinalEncoder",
            "QuantileTransformer",
            "RobustScaler",
            "StandardScaler",
            "TargetEncoder",
        )
    },
    "norm": "from scipy.stats import norm",
}
"""The line that imports each name which scripts use to prepare rows."""

HELPERS: dict[str, Helper] = {
    name: Helper(PREPROCESS, code)
    for name, code in {
        "Fence": '''
class Fence(TransformerMixin, BaseEstimator):
    """Numbers outside of the usual range are pulled to its ends, or taken as missing."""

    def __init__(self, method, limit, missing=False):
        self.method, self.limit, self.missing = method, limit, missing

    def fit(self, x, y=None):
        x = np.asarray(x, float)
        if self.method == "iqr":
            low, high = np.nanpercentile(x, (25, 75), axis=0)
            reach = self.limit * (high - low)
        else:
            low = high = np.nanmean(x, axis=0)
            reach = self.limit * np.nanstd(x, axis=0)
        known, apart = (~np.isnan(x)).sum(axis=0) >= 4, reach > 0
        self.low_ = np.where(known & apart, low - reach, -np.inf)
        self.high_ = np.where(known & apart, high + reach, np.inf)
        return self

    def transform(self, x):
        x = np.asarray(x, float)
        if self.missing:
            return np.where((x < self.low_) | (x > self.high_), np.nan, x)
        return np.clip(x, self.low_, self.high_)
''',
        "ForestFence": '''
class ForestFence(TransformerMixin, BaseEstimator):
    """The usual range is that of the rows which an isolation forest does not set apart."""

    def __init__(self, share, seed, missing=False):
        self.share, self.seed, self.missing = share, seed, missing

    def fit(self, x, y=None):
        x = np.asarray(x, float)
        filled = np.where(np.isnan(x), np.nanmedian(x, axis=0), x).astype(np.float32)
        usual = IsolationForest(contamination=self.share, random_state=self.seed).fit_predict(filled) > 0
        low, high = np.nanmin(x[usual], axis=0), np.nanmax(x[usual], axis=0)
        self.low_, self.high_ = np.where(high > low, low, -np.inf), np.where(high > low, high, np.inf)
        return self

    def transform(self, x):
        x = np.asarray(x, float)
        if self.missing:
            return np.where((x < self.low_) | (x > self.high_), np.nan, x)
        return np.clip(x, self.low_, self.high_)
''',
        "SmoothClip": '''
class SmoothClip(TransformerMixin, BaseEstimator):
    """Robust scaling, then x / sqrt(1 + (x / 3)^2), which lies between -3 and 3."""

    def fit(self, x, y=None):
        low, self.middle_, high = np.percentile(x, (25, 50, 75), axis=0)
        width = np.where(high > low, high - low, np.ptp(x, axis=0) / 2)
        self.factor_ = np.divide(1, width, out=np.zeros_like(width), where=width > 0)
        return self

    def transform(self, x):
        x = (np.asarray(x, float) - self.middle_) * self.factor_
        return x / np.sqrt(1 + (x / 3) ** 2)
''',
        "Bins": '''
class Bins(TransformerMixin, BaseEstimator):
    """One input a bin: 0 below it, 1 above it, linear within (Gorishniy et al. 2022)."""

    def __init__(self, bins):
        self.bins = bins

    def fit(self, x, y=None):
        ranks = np.linspace(0, 1, self.bins + 1)
        found = [np.unique(np.quantile(column, ranks, method="nearest")) for column in np.asarray(x).T]
        self.edges_ = [edges if len(edges) > 2 else edges[:0] for edges in found]
        return self

    def transform(self, x):
        pieces = [
            np.clip((column[:, None] - edges[:-1]) / np.diff(edges), 0, 1)
            for column, edges in zip(np.asarray(x).T, self.edges_)
            if len(edges)
        ]
        return np.hstack(pieces) if pieces else np.empty((len(x), 0))
''',
        "binary_digits": '''
def binary_digits(places, digits):
    """The place of a label from 1 in binary digits, lowest first; 0 for an unknown one."""
    places = np.asarray(places, int)[:, :, None] + 1
    return (places >> np.arange(digits) & 1).reshape(len(places), -1)
''',
        "days": '''
def days(seconds):
    """Days since 1970-01-01."""
    return np.asarray(seconds) / 86400
''',
        "year": '''
def year(seconds):
    """The year."""
    return pd.to_datetime(np.ravel(seconds), unit="s").year.to_numpy(float)[:, None]
''',
        "day": '''
def day(seconds):
    """The day of the month."""
    return pd.to_datetime(np.ravel(seconds), unit="s").day.to_numpy(float)[:, None]
''',
        "month": '''
def month(seconds):
    """The month as a point on a circle."""
    return circle(pd.to_datetime(np.ravel(seconds), unit="s").month - 1, 12)
''',
        "weekday": '''
def weekday(seconds):
    """The day of the week, from Monday, as a point on a circle."""
    return circle(pd.to_datetime(np.ravel(seconds), unit="s").day_of_week, 7)
''',
        "hour": '''
def hour(seconds):
    """The time of the day as a point on a circle."""
    return circle(np.ravel(seconds) % 86400 / 3600, 24)
''',
        "circle": '''
def circle(values, period):
    """Sine and cosine, so that the last value stands beside the first."""
    angle = 2 * np.pi * np.asarray(values, float) / period
    return np.column_stack([np.sin(angle), np.cos(angle)])
''',
        "signed_log": '''
def signed_log(y):
    """sign(y) log(1 + |y|)."""
    return np.sign(y) * np.log1p(np.abs(y))
''',
        "signed_exp": '''
def signed_exp(y):
    """The inverse of signed_log."""
    return np.sign(y) * np.expm1(np.abs(y))
''',
    }.items()
}
"""By the name that calls for them."""
