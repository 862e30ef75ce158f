"""What ONNX lacks for ranks on a bell curve: where a number stands among sorted ones, and the normal distribution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ann_tui.export.as_onnx.graph import Graph

_CENTRE = (
    (
        2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
        13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
    ),
    (
        5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
        5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0,
    ),
)  # fmt: skip
_SHOULDER = (
    (
        7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
        3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
    ),
    (
        1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
        0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0,
    ),
)  # fmt: skip
"""Of Wichura's quotients of polynomials, highest power first; see `normal_quantile`."""
_SHARE = (
    (
        3.52624965998911e-02, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
        220.206867912376,
    ),
    (
        8.83883476483184e-02, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
        793.826512519948, 440.413735824752,
    ),
)  # fmt: skip
"""Of Hart's quotient; see `normal_share`."""
_OUTERMOST = 7.0
"""Beyond so many deviations lies a share of 1e-12."""


def normal_quantile(graph: Graph, share: str) -> str:
    """The number below which lies this share, double, of a normal distribution, for shares of 1e-10 to 1 - 1e-10.

    Others count as these. Wichura, Algorithm AS 241: The Percentage Points of the Normal Distribution, 1988.
    """
    add, double = graph.add, graph.double
    share = graph.clip(share, double(1e-10), double(1 - 1e-10))
    off = add("Sub", share, double(0.5))
    central = add("LessOrEqual", add("Abs", off), double(0.425))
    square = add("Sub", double(0.180625), add("Mul", off, off))
    centre = add("Mul", off, _quotient(graph, square, _CENTRE))
    tail = add("Min", share, add("Sub", double(1.0), share))
    root = add("Sub", add("Sqrt", add("Neg", add("Log", tail))), double(1.6))
    shoulder = add("Mul", add("Sign", off), _quotient(graph, root, _SHOULDER))
    return graph.where(central, centre, shoulder)


def normal_share(graph: Graph, number: str) -> str:
    """The share of a normal distribution that lies below numbers, double.

    Hart, Computer Approximations, 1968, no. 5666, as in West, Better Approximations to Cumulative Normal Functions,
    2005.
    """
    add, double = graph.add, graph.double
    size = add("Min", add("Abs", number), double(_OUTERMOST))
    bell = add("Exp", add("Mul", add("Mul", size, size), double(-0.5)))
    below = add("Mul", bell, _quotient(graph, size, _SHARE))
    return graph.where(add("Greater", number, double(0.0)), add("Sub", double(1.0), below), below)


def _quotient(graph: Graph, x: str, polynomials: tuple[tuple[float, ...], tuple[float, ...]]) -> str:
    above, below = (graph.polynomial(x, each) for each in polynomials)
    return graph.add("Div", above, below)


def count_up_to(graph: Graph, x: str, known: NDArray[np.float64], *, inclusive: bool) -> str:
    """How many of some rising numbers lie below double numbers, int64; or at them too, with `inclusive`.

    Found by halving, so that many rows take little room.
    """
    add = graph.add
    steps = len(known).bit_length()
    padded = graph.double([*known, *[np.inf] * ((1 << steps) - len(known))])
    place = add("Mul", graph.cast(add("Mul", x, graph.double(0.0)), "int64"), graph.whole(0))
    for step in (1 << power for power in reversed(range(steps))):
        further = add("Add", place, graph.whole(step))
        there = add("Gather", padded, add("Sub", further, graph.whole(1)))
        reached = add("GreaterOrEqual" if inclusive else "Greater", x, there)
        place = graph.where(reached, further, place)
    return place


def interpolated(
    graph: Graph, x: str, known: NDArray[np.float64], values: NDArray[np.float64], *, inclusive: bool = True
) -> str:
    """Rising numbers `known`, two or more, joined to `values` by straight lines, at double numbers between them.

    A number that is known several times gets the last one's value with `inclusive`, else the first one's. One outside
    gets the value of the nearest end.
    """
    add = graph.add
    x = graph.clip(x, graph.double(known[0]), graph.double(known[-1]))
    place = graph.clip(
        add("Sub", count_up_to(graph, x, known, inclusive=inclusive), graph.whole(1)),
        graph.whole(0),
        graph.whole(len(known) - 2),
    )
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rises = np.diff(values) / np.diff(known)
    steep = np.where(np.isfinite(rises), rises, 0.0)
    begin, slope, low = (
        add("Gather", graph.double(each), place) for each in (known[:-1], steep, values[:-1])
    )
    between = add("Add", low, add("Mul", slope, add("Sub", x, begin)))
    if not inclusive:
        return between
    last = add("GreaterOrEqual", x, graph.double(known[-1]))
    return graph.where(last, graph.double(values[-1]), between)
