"""Small trained models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import LoadedData, load, prepare_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import Run
from ann_tui.model.storage import save_model
from ann_tui.model.trained_model import TrainedModel
from ann_tui.network.design import NetworkDesign

Train = Callable[..., tuple[TrainedModel, LoadedData]]
DESIGN = "8 prelu, batch norm, dropout 0.2, residual 4 gelu"


def trained(
    path: Path, layers: str = DESIGN, epochs: int = 2, **source: object
) -> tuple[TrainedModel, LoadedData]:
    """A model trained for a moment on a file."""
    experiment = Experiment(Source(str(path), **source), design=NetworkDesign.from_text(layers))  # type: ignore[arg-type]
    experiment = replace(experiment, plan=replace(experiment.plan, epochs=epochs))
    data = load(experiment.source)
    run = Run(experiment, prepare_experiment(experiment, data))
    run.train()
    run.judge()
    return TrainedModel.from_result(run.result()), data


@pytest.fixture
def train() -> Train:
    """Trains a model."""
    return trained


@pytest.fixture(scope="session")
def penguins() -> tuple[TrainedModel, LoadedData]:
    """A model of three classes, with batch norm, and its data."""
    return trained(Path(__file__).resolve().parents[2] / "sample_data" / "penguins.csv")


@pytest.fixture(scope="session")
def cars() -> tuple[TrainedModel, LoadedData]:
    """A model of a number, and its data."""
    return trained(Path(__file__).resolve().parents[2] / "sample_data" / "cars.csv", "6 relu")


@pytest.fixture(scope="session")
def penguins_file(
    penguins: tuple[TrainedModel, LoadedData], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The file of the model of three classes."""
    path = tmp_path_factory.mktemp("models") / "penguins.ann"
    save_model(penguins[0], path, saved="2026-01-01T00:00:00+00:00")
    return path
