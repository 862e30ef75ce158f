"""The proof of an exported model: ONNX Runtime answers rows, and must say what the model itself says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.plain_text import printable
from ann_tui.export.as_onnx.columns import input_ports
from ann_tui.export.as_onnx.odd_rows import Cells, as_matrix, odd_rows
from ann_tui.export.export_error import ExportError

if TYPE_CHECKING:
    from ann_tui.model.trained_model import TrainedModel

NEAR = 1e-5
"""So far may a probability be off; and a number, as a share of its size and of the target's spread."""


@dataclass(frozen=True)
class Proof:
    """How far ONNX Runtime's answers to some rows are from the model's own.

    `farthest` is the largest difference of a probability, or of a number as a share of its size and the target's
    spread. `close` counts rows whose label hangs by less than `NEAR`, of which `other` got another label. `unsteady`
    counts rows that the comparison leaves out: there the model's own answer moves by more than `NEAR` when it is
    computed in float64, so that no two programs agree.
    """

    rows: int
    farthest: float
    close: int = 0
    other: int = 0
    unsteady: int = 0

    @property
    def text(self) -> str:
        """The proof in words."""
        said = [f"ONNX Runtime agrees on {self.rows - self.unsteady:,} rows, odd ones among them"]
        said[0] += f" (farthest apart: {self.farthest:.1e})"
        if self.close:
            said.append(f"{self.close:,} too close to call, of which {self.other:,} got another label")
        if self.unsteady:
            said.append(f"{self.unsteady:,} extreme ones left out, whose answer hangs on how float32 rounds")
        return "; ".join(said)


def proven(model: TrainedModel, onnx_bytes: bytes, cells: Cells | None = None) -> Proof:
    """The proof of a graph, on these cells or on `odd_rows`. Raises ExportError with one line where they differ."""
    cells = odd_rows(model.fitted) if cells is None else cells
    matrix, report = as_matrix(model.fitted, cells)
    own = model.answers(matrix, report)
    given = answered(model, onnx_bytes, cells)
    with np.errstate(all="ignore"):
        exact = _in_double(model, matrix)
        judged, found = (np.atleast_2d(np.asarray(each).T).T for each in (own.judged, given[-1]))
        unit = np.ones_like(judged) if model.classes else _unit(model, judged)
        apart = (np.abs(found - judged) / unit).max(axis=1)
        unsteady = ~((np.abs(exact - judged) / unit).max(axis=1) <= NEAR)
    apart = np.where(np.isnan(apart), np.inf, apart)
    farthest = float(apart[~unsteady].max(initial=0.0))
    if farthest > NEAR:
        row = int(np.argmax(np.where(unsteady, -1.0, apart)))
        raise ExportError(
            f"ONNX Runtime answers otherwise than the model, by {farthest:.1e} for {_shown(cells, row)}: "
            "nothing was written"
        )
    if not model.classes:
        return Proof(len(matrix), farthest, unsteady=int(unsteady.sum()))
    close = _margins(model, judged) <= NEAR
    other = np.asarray(given[0] != own.values, bool)
    wrong = other & ~close & ~unsteady
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise ExportError(
            f"ONNX Runtime says '{printable(given[0][row], 40)}' where the model says "
            f"'{printable(own.values[row], 40)}', for {_shown(cells, row)}: nothing was written"
        )
    return Proof(len(matrix), farthest, int(close.sum()), int((other & close).sum()), int(unsteady.sum()))


def answered(model: TrainedModel, onnx_bytes: bytes, cells: Cells) -> list[NDArray[Any]]:
    """ONNX Runtime's outputs for typed cells: `prediction`, and behind it `probability` for classes."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(onnx_bytes, options, providers=["CPUExecutionProvider"])
    ports = input_ports(model.fitted)
    given = {ports[name].name: values.reshape(-1, 1) for name, values in cells.items()}
    outputs: list[NDArray[Any]] = session.run(None, given)
    return outputs


def _in_double(model: TrainedModel, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
    """The model's answers where the network computes in float64: (n, classes), or (n, 1)."""
    from ann_tui.network.network import Network
    from ann_tui.network.scoring import predict

    own = model.network
    network = Network(own.design, own.features, own.outputs, dtype=np.float64, bins=own.bins)
    network.weights[:], network.statistics[:] = own.weights, own.statistics
    found = model.fitted.target.decode(predict(network, matrix.astype(np.float64)))
    return np.asarray(found.reshape(len(matrix), -1), np.float64)


def _unit(model: TrainedModel, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a difference is measured by: a number's size and how far the training rows' numbers usually spread."""
    low, high = model.fitted.target.decode(np.array([-1.0, 1.0]))
    return np.asarray(np.abs(numbers) + abs(high - low) / 2, np.float64)


def _margins(model: TrainedModel, probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """By how much each row's label is decided, float64 (n,)."""
    if len(model.classes) == 2:
        return np.abs(probabilities[:, 1].astype(np.float64) - model.threshold)
    ordered = np.sort(probabilities.astype(np.float64), axis=1)
    return np.asarray(ordered[:, -1] - ordered[:, -2])


def _shown(cells: Cells, row: int) -> str:
    shown = [f"{printable(name, 30)} = {printable(str(values[row]), 30)}" for name, values in cells.items()]
    return ", ".join(shown[:4]) + (", …" if len(shown) > 4 else "")
