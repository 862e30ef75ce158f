"""A trained model as one graph of ONNX, with what a program needs to know of it."""

from __future__ import annotations

import json
from importlib import metadata
from typing import TYPE_CHECKING, Any

from ann_tui.export.as_onnx.answers import class_answers, number_answers, output_ports
from ann_tui.export.as_onnx.columns import input_ports, matrix
from ann_tui.export.as_onnx.graph import Graph, Port
from ann_tui.export.as_onnx.layers import output_sums

if TYPE_CHECKING:
    from ann_tui.model.trained_model import TrainedModel


def onnx_model(model: TrainedModel) -> Any:
    """The model as an `onnx.ModelProto`: an input for each raw column, (rows, 1), and the outputs of `output_ports`.

    Raises ExportError with one line that names what ONNX can't express.
    """
    fitted, network = model.fitted, model.network
    ports = input_ports(fitted)
    graph = Graph(list(ports.values()), output_ports(model.classes, model.target))
    sums = output_sums(graph, network, matrix(graph, fitted, ports))
    fitted.target.either(
        lambda target: class_answers(graph, network, target, model.threshold, sums),
        lambda target: number_answers(graph, network, target, sums),
    )
    about = f"{model.target} from {len(ports)} raw columns, as ann-tui learned it from {model.data.file}"
    return graph.model("ann-tui", about, _metadata(model, ports), metadata.version("ann-tui"))


def _metadata(model: TrainedModel, ports: dict[str, Port]) -> dict[str, str]:
    inputs = [
        {
            "name": ports[column.name].name,
            "column": column.name,
            "kind": column.kind,
            "about": ports[column.name].about,
        }
        for column in model.fitted.columns
    ]
    found = {
        "task": model.task,
        "target": model.target,
        "classes": json.dumps(model.classes, ensure_ascii=False),
        "inputs": json.dumps(inputs, ensure_ascii=False),
        "training_file": model.data.file,
        "training_file_sha256": model.data.sha256,
        "training_rows": str(model.fitted.training_rows),
        "layers": model.design.text,
        "saved": model.saved,
    }
    if len(model.classes) == 2:
        found["threshold"] = repr(model.threshold)
    if not model.classes:
        found["unit"] = model.fitted.target.form or "as in the training file"
    return found
