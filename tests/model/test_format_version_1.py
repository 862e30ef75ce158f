"""Files of format version 1, made when it was new, stay readable and say the same for good."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ann_tui.model.storage import load_model

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.mark.parametrize("name", ["classes", "number"])
def test_file_of_version_1(name: str) -> None:
    """Other libraries and processors may round the last digits in another way."""
    model = load_model(FIXTURES / f"version_1_{name}.ann")
    expected = json.loads((FIXTURES / f"version_1_{name}.json").read_text())
    predictions = model.predict(pd.read_csv(FIXTURES / f"version_1_{name}.csv", dtype=str))
    if predictions.probabilities is None:
        np.testing.assert_allclose(predictions.values, expected["values"], rtol=1e-4)
    else:
        assert predictions.values.tolist() == expected["values"]
        np.testing.assert_allclose(predictions.probabilities, expected["probabilities"], atol=1e-5)
    assert model.saved == "2026-01-01T00:00:00+00:00" and model.versions["ann-tui"] == "0.1.0"
    assert [row.epoch for row in model.summary.history] == [1, 2, 3]
    assert model.source.target == model.target and model.preparation.columns
