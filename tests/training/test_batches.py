"""How the rows of an epoch fall into batches, where a layer measures each batch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training.problems import OUTPUTS, draw

from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.training.batches import count_batches
from ann_tui.training.epoch import SmallBatches
from ann_tui.training.examples import Examples, TrainingError, checked
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer


@given(rows=st.integers(2, 500), batch=st.integers(1, 500))
def test_a_batch_that_is_measured_is_never_a_small_rest(rows: int, batch: int) -> None:
    """Each row is in one batch; the last one has half of the others' rows or more, and never a single one."""
    plain = count_batches(rows, batch, mixes_rows=False)
    assert plain == -(-rows // batch)
    measured = count_batches(rows, batch, mixes_rows=True)
    last = rows - (measured - 1) * batch
    assert measured in (plain, plain - 1) and measured >= 1 and last >= 1
    if rows > batch > 1:
        assert last >= 2 and batch / 2 <= last < 2 * batch


@settings(max_examples=40)
@given(
    rows=st.integers(2, 60),
    batch=st.integers(2, 20),
    count=st.integers(1, 4),
    layers=st.sampled_from(["3 tanh", "3 tanh, batch norm"]),
    weighted=st.booleans(),
)
def test_every_row_counts_once_in_the_batch_it_is_in(
    rows: int, batch: int, count: int, layers: str, weighted: bool
) -> None:
    """Whatever chunks the rows are gathered in: targets, weights and costs are those of each batch by itself."""
    data, batch = draw("number", rows), min(batch, rows)
    weight = np.random.default_rng(rows).uniform(0.5, 2, rows) if weighted else None
    network = Network(NetworkDesign.from_text(layers), data.x.shape[1], OUTPUTS["number"], seed=0)
    examples = checked(Examples(data.x, data.y, weight), network, "training")
    generator = np.random.default_rng(0)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ann_tui.training.epoch.CHUNK_BYTES", count * batch * network.inputs * 4)
        batches = SmallBatches(network, examples, batch, np.empty_like(network.weights), generator)
    order, found = generator.permutation(rows), []
    sizes = [batch] * (batches.total - 1) + [batches.last]
    for first in range(0, batches.total, batches.count):
        loaded = batches.load(order, first)
        for slot, size in zip(batches.now[:loaded], sizes[first : first + loaded], strict=True):
            assert slot.z.shape == slot.targets.shape == (1, size)
            rows_of_batch = order[sum(map(len, found)) :][:size]
            weights = 1.0 if examples.weight is None else examples.weight[rows_of_batch]
            np.testing.assert_allclose(
                np.ravel(slot.scale), np.ravel(network.cost.factor / size * weights), rtol=1e-6
            )
            slot.z[:] = 0.0
            found.append(slot.targets[0].copy())
        costs = batches.results(0, loaded)[0]
        own = [network.cost.values(slot.z, slot.targets) for slot in batches.now[:loaded]]
        if weight is None:
            np.testing.assert_allclose(costs, [values.sum() for values in own], rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(np.concatenate(found), examples.y[order])


@pytest.mark.parametrize(
    "layers", ["32 relu, batch norm, 16 relu", "32, batch norm, activation relu, 16 relu"]
)
@pytest.mark.parametrize("left_over", [1, 2, 5])
def test_a_rest_does_not_spoil_what_batch_norm_measures(layers: str, left_over: int) -> None:
    """On fresh rows the network tells the target as well as with batches without a rest."""
    generator = np.random.default_rng(3)
    x, fresh = generator.normal(size=(97, 3)), generator.normal(size=(500, 3))
    y = 3 * x[:, 0] - x[:, 1] + 0.1 * generator.normal(size=97)
    network = Network(NetworkDesign.from_text(layers), 3, OUTPUTS["number"], seed=0)
    plan = TrainingPlan(batch=97 - left_over, epochs=60, learning_rate=0.02)
    final = Trainer(network, Examples(x, y), Examples(fresh, 3 * fresh[:, 0] - fresh[:, 1]), plan).run()
    assert final.batches == 1
    metric = final.history[-1].validation_metric
    assert metric is not None and metric > 0.95


@pytest.mark.parametrize(
    ("layers", "rows", "batch", "message"),
    [
        ("4 relu, batch norm", 10, 1, "batch norm needs two rows or more in each batch"),
        ("4 relu, batch norm", 1, 8, "batch norm needs two rows or more in each batch"),
        ("1 relu, layer norm", 10, 8, "layer norm over one unit gives the same for every row"),
    ],
)
def test_what_has_no_variance_is_refused(layers: str, rows: int, batch: int, message: str) -> None:
    """By name, before anything is trained."""
    data = draw("number", rows)
    network = Network(NetworkDesign.from_text(layers), data.x.shape[1], OUTPUTS["number"], seed=0)
    with pytest.raises(TrainingError, match=message):
        Trainer(network, data, None, TrainingPlan(batch=batch))
