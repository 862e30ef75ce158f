"""Which rows a training looks at next."""

from __future__ import annotations

from ann_tui.network.arrays import Array
from ann_tui.network.network import Network
from ann_tui.training.batches import count_batches
from ann_tui.training.loop import batch_rows
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.position import Position


def next_batch(network: Network, plan: TrainingPlan, rows: int, epoch: int) -> Array:
    """The places, among so many training rows, of the first batch after `epoch` whole epochs, in their order.

    It is that of the epoch's first attempt.
    """
    batch = batch_rows(plan, rows)
    batches = count_batches(rows, batch, mixes_rows=network.mixes_rows)
    position = Position(plan, rows, batches)
    position.epoch = epoch
    position.draw_order()
    found: Array = position.order[: batch if batches > 1 else rows].copy()
    return found
