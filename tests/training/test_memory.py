"""An epoch needs little besides the matrix."""

import tracemalloc

import numpy as np
import pytest

from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.training.examples import Examples
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer


@pytest.mark.parametrize("choice", [{"batch": 256}, {"optimizer": "gradient descent"}])
def test_no_second_copy_of_the_data(choice: dict[str, object]) -> None:
    """All that the training allocates stays under a tenth of the float32 matrix (100 MB here)."""
    rows, inputs = 250_000, 100
    x = np.ones((rows, inputs), np.float32)
    y = np.zeros(rows, np.int64)
    y[::2] = 1
    tracemalloc.start()
    try:
        network = Network(NetworkDesign.from_text("4 relu"), inputs, Outputs("binary"))
        Trainer(network, Examples(x, y), None, TrainingPlan(epochs=1, **choice)).run()  # type: ignore[arg-type]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 0.1 * x.nbytes
