"""A graph of ONNX as it grows: operations by name, and the arrays that they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

OPSET, ML_OPSET, IR_VERSION = 15, 2, 8
"""Of 2021: runtimes since ONNX Runtime 1.10 read it."""
ML = "ai.onnx.ml"


@dataclass(frozen=True)
class Port:
    """An input or output of the graph; `element` is "text", "double", "float", `width` its columns, None for a vector.

    `about` says what it holds.
    """

    name: str
    element: str
    width: int | None
    about: str


@dataclass(frozen=True)
class _Node:
    op: str
    inputs: tuple[str, ...]
    output: str
    domain: str
    attributes: Mapping[str, Any]


class Graph:
    """Operations in the order in which they were added. Names of its own begin with a prefix that no port has.

    Matrices hold an example a row.
    """

    def __init__(self, inputs: Sequence[Port], outputs: Sequence[Port]) -> None:
        """Without an operation."""
        self.inputs, self.outputs = tuple(inputs), tuple(outputs)
        self._prefix = "/"
        while any(port.name.startswith(self._prefix) for port in (*inputs, *outputs)):
            self._prefix += "/"
        self._nodes: list[_Node] = []
        self._arrays: dict[tuple[str, tuple[int, ...], bytes], tuple[str, NDArray[Any]]] = {}

    def add(
        self, op: str, *inputs: str, domain: str = "", output: str | None = None, **attributes: Any
    ) -> str:
        """Adds an operation, whose only output has the name that is given back."""
        name = output or f"{self._prefix}{op}_{len(self._nodes)}"
        self._nodes.append(_Node(op, inputs, name, domain, attributes))
        return name

    def constant(self, values: Any, dtype: Any = None) -> str:
        """The name of an array; equal ones are kept once. Texts are of dtype object."""
        array = np.ascontiguousarray(np.asarray(values, dtype)).reshape(np.shape(values))
        held = repr(array.tolist()).encode() if array.dtype == object else array.tobytes()
        key = array.dtype.str, array.shape, held
        if key not in self._arrays:
            self._arrays[key] = f"{self._prefix}constant_{len(self._arrays)}", array
        return self._arrays[key][0]

    def double(self, values: Any) -> str:
        """The name of numbers of float64."""
        return self.constant(values, np.float64)

    def single(self, values: Any) -> str:
        """The name of numbers of float32."""
        return self.constant(values, np.float32)

    def whole(self, values: Any) -> str:
        """The name of numbers of int64."""
        return self.constant(values, np.int64)

    def cast(self, name: str, element: str) -> str:
        """The same as "double", "float" or "int64"."""
        return self.add("Cast", name, to=_ELEMENTS[element])

    def where(self, condition: str, then: str, otherwise: str) -> str:
        """`then` where the condition holds."""
        return self.add("Where", condition, then, otherwise)

    def clip(self, name: str, low: str, high: str) -> str:
        """Numbers that are not NaN, held between two bounds."""
        return self.add("Min", self.add("Max", name, low), high)

    def polynomial(self, x: str, coefficients: Sequence[float]) -> str:
        """The polynomial of double numbers with these coefficients, that of the highest power first."""
        found = self.double(coefficients[0])
        for each in coefficients[1:]:
            found = self.add("Add", self.add("Mul", found, x), self.double(each))
        return found

    def model(self, name: str, about: str, metadata: Mapping[str, str], version: str) -> Any:
        """The graph as an `onnx.ModelProto`."""
        from onnx import helper, numpy_helper

        def value(port: Port) -> Any:
            shape: list[str | int | None] = ["rows"] if port.width is None else ["rows", port.width]
            kind = _ELEMENTS[port.element]
            return helper.make_tensor_value_info(port.name, kind, shape, doc_string=port.about)

        nodes = [
            helper.make_node(
                each.op, each.inputs, [each.output], name=each.output, domain=each.domain, **each.attributes
            )
            for each in self._nodes
        ]
        arrays = [
            _texts(label, array) if array.dtype == object else numpy_helper.from_array(array, label)
            for label, array in self._arrays.values()
        ]
        graph = helper.make_graph(
            nodes,
            name,
            [value(port) for port in self.inputs],
            [value(port) for port in self.outputs],
            arrays,
            doc_string=about,
        )
        made = helper.make_model(
            graph,
            producer_name="ann-tui",
            producer_version=version,
            ir_version=IR_VERSION,
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(ML, ML_OPSET)],
            doc_string=about,
        )
        helper.set_model_props(made, dict(metadata))
        return made


_ELEMENTS = {"float": 1, "int64": 7, "text": 8, "double": 11}
"""The numbers by which ONNX knows the types of elements."""


def _texts(name: str, array: NDArray[Any]) -> Any:
    from onnx import helper

    held = [each.encode() for each in array.ravel().tolist()]
    return helper.make_tensor(name, _ELEMENTS["text"], array.shape, held)
