"""A run as it was after one of its earlier epochs, from the weights that were kept of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ann_tui.network.scoring import predict

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ann_tui.experiments.run import Run
    from ann_tui.network.network import Network
    from ann_tui.training.observers.timeline import KeptWeights
    from ann_tui.training.snapshot import Snapshot


def rewound(run: Run, kept: KeptWeights, outputs: NDArray[Any] | None, outputs_epoch: int) -> Snapshot:
    """The snapshot of a run up to the epoch of the kept weights, with what `outputs_of` gave for an epoch."""
    snapshot, epoch = run.snapshot, kept.epoch
    history = snapshot.history[:epoch]
    return replace(
        snapshot,
        epoch=epoch,
        batch=0,
        history=history,
        validation_outputs=outputs,
        outputs_epoch=outputs_epoch,
        learning_rate=history[-1].learning_rate if history else snapshot.history[0].learning_rate,
    )


def outputs_of(run: Run, kept: KeptWeights) -> NDArray[Any] | None:
    """What the kept weights give for the validation rows, as `predict` does; None where there are no such rows."""
    validation = run.prepared.validation
    if not len(validation.rows):
        return None
    network = run.network.copy()
    network.weights[:], network.statistics[:] = kept.weights, kept.statistics
    outputs: NDArray[Any] = predict(network, validation.x)
    outputs.flags.writeable = False
    return outputs


def network_at(run: Run, epoch: int) -> tuple[int, Network]:
    """The network as it was after an epoch, or the kept one that is nearest, and which epoch that is; a copy.

    Of a run whose weights aren't kept it is the one that the validation rows chose.
    """
    network = run.network.copy()
    kept = None if run.timeline is None else run.timeline.nearest(epoch)
    if kept is None:
        return run.snapshot.outputs_epoch, network
    network.weights[:], network.statistics[:] = kept.weights, kept.statistics
    return kept.epoch, network


def effort(run: Run) -> int:
    """How many multiplications `outputs_of` takes, about."""
    return len(run.prepared.validation.rows) * int(run.network.weights.size)
