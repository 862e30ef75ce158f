"""The lesson's network: two columns that tell, four neurons, and the same rows in the same parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from ann_tui.data.choices.source import Source
from ann_tui.data.samples import samples
from ann_tui.experiments.derived import derive, first_experiment
from ann_tui.experiments.lesson_network import lesson_experiment, telling_columns, unexplained


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_it_is_small_and_its_rows_stay_in_their_parts(sample: object) -> None:
    experiment, derived = first_experiment(Source(str(sample.path)))  # type: ignore[attr-defined]
    small = derive(lesson_experiment(experiment, derived), derived)
    assert small.prepared is not None and derived.prepared is not None
    assert 1 <= len(small.prepared.fitted.input_names) <= 2
    for part in ("training", "validation", "test"):
        np.testing.assert_array_equal(
            getattr(small.prepared, part).rows, getattr(derived.prepared, part).rows
        )
    plan = small.experiment.plan
    assert plan.optimizer == "sgd" and plan.seed == experiment.plan.seed


def test_the_columns_that_tell_are_found(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    a, b, noise = rng.normal(size=(3, 300))
    near = a + 0.3 * rng.normal(size=300)
    lines = [f"{n},{c},{x},{y},{2 * x + y}" for n, c, x, y in zip(noise, near, a, b, strict=True)]
    path = tmp_path / "t.csv"
    path.write_text("noise,near,a,b,target\n" + "\n".join(lines) + "\n")
    _, derived = first_experiment(Source(str(path), target="target"))
    assert telling_columns(derived) == ("a", "b")  # `near` tells much by itself, and nothing beside `a`.


def test_what_is_unexplained_is_one_less_the_share_of_a_linear_model() -> None:
    rng = np.random.default_rng(5)
    x, wanted = rng.normal(size=(80, 3)), rng.normal(size=(80, 2))
    wanted[:, 0] += x[:, 1]
    model = LinearRegression().fit(x, wanted)
    left = ((wanted - model.predict(x)) ** 2).sum() / ((wanted - wanted.mean(0)) ** 2).sum()
    assert unexplained(x, wanted) == pytest.approx(left)
    assert unexplained(x, np.ones((80, 1))) == 1.0
