"""A model written as a file of ONNX, after ONNX Runtime has proved it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.atomic_file import atomic_file
from ann_tui.export.as_onnx.whole_model import onnx_model
from ann_tui.export.export_error import ExportError

if TYPE_CHECKING:
    from ann_tui.export.as_onnx.proof import Proof
    from ann_tui.model.trained_model import TrainedModel


def export_onnx(model: TrainedModel, path: str | Path) -> Proof:
    """Writes the model to `path`, atomically, once ONNX Runtime's answers to a few hundred rows agree with its own.

    Raises ExportError with one line where ONNX can't express the model, where the two don't agree, or where onnx and
    onnxruntime are not installed, and OSError where the file can't be written.
    """
    from ann_tui.export.as_onnx.proof import proven

    try:
        written: bytes = onnx_model(model).SerializeToString()
        proof = proven(model, written)
    except ModuleNotFoundError as error:
        if error.name not in ("onnx", "onnxruntime"):
            raise
        raise ExportError(
            f"{error.name} is not installed: pip install 'ann-tui[onnx]' gives what ONNX needs"
        ) from None
    with atomic_file(path) as file:
        file.write(written)
    return proof
