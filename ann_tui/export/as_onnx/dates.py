"""Parts of dates as operations of ONNX, of whole seconds since 1970-01-01."""

from __future__ import annotations

import math
from collections.abc import Callable

from ann_tui.data.choices.date_parts import PARTS
from ann_tui.data.preparing.date_features import DatePart
from ann_tui.export.as_onnx.graph import Graph
from ann_tui.export.as_onnx.scaling import scaled
from ann_tui.export.export_error import ExportError

DAY = 86400.0
_FROM_MARCH_0000 = 719468.0
"""Days from 1 March of the year 0 to 1 January 1970."""
_ERA, _CENTURY, _FOUR_YEARS, _YEAR = 146097.0, 36524.0, 1460.0, 365.0

Part = Callable[[Graph, str], str]


def date_features(graph: Graph, part: DatePart, seconds: str) -> list[str]:
    """The features of a part, each double (n, 1). Raises ExportError where ONNX is not told of the part yet."""
    if part.part not in DATE_PARTS_IN_ONNX:
        raise ExportError(f"the date part '{part.part}' can't be given to ONNX")
    value = DATE_PARTS_IN_ONNX[part.part](graph, seconds)
    period = PARTS[part.part].period
    if part.scaler is not None or period is None:
        return [value if part.scaler is None else scaled(graph, part.scaler, value)]
    turn = graph.add("Div", graph.add("Mul", graph.double(2 * math.pi), value), graph.double(period))
    return [graph.add(wave, turn) for wave in ("Sin", "Cos")]


def _whole(graph: Graph, number: str, divisor: float) -> str:
    """How many whole times a divisor goes into whole numbers below 2^52, rounded down."""
    return graph.add("Floor", graph.add("Div", number, graph.double(divisor)))


def _rest(graph: Graph, number: str, divisor: float) -> str:
    whole = graph.add("Mul", _whole(graph, number, divisor), graph.double(divisor))
    return graph.add("Sub", number, whole)


def _days(graph: Graph, seconds: str) -> str:
    return graph.add("Div", seconds, graph.double(DAY))


def _weekday(graph: Graph, seconds: str) -> str:
    day = graph.add("Add", _whole(graph, seconds, DAY), graph.double(3.0))
    return _rest(graph, day, 7.0)


def _hour(graph: Graph, seconds: str) -> str:
    return graph.add("Div", _rest(graph, seconds, DAY), graph.double(3600.0))


def _calendar(graph: Graph, seconds: str) -> tuple[str, str, str]:
    """Year, month from 0, and day from 1, each double, in the Gregorian calendar.

    Years are counted from March, so that the leap day is their last (Hinnant, chrono-Compatible Low-Level Date
    Algorithms).
    """
    add, double = graph.add, graph.double
    days = add("Add", _whole(graph, seconds, DAY), double(_FROM_MARCH_0000))
    in_era = _rest(graph, days, _ERA)
    leaps = add("Sub", _whole(graph, in_era, _CENTURY), _whole(graph, in_era, _FOUR_YEARS))
    leaps = add("Sub", leaps, _whole(graph, in_era, _ERA - 1))
    of_era = _whole(graph, add("Add", in_era, leaps), _YEAR)
    before = add("Mul", of_era, double(_YEAR))
    before = add("Add", before, _whole(graph, of_era, 4.0))
    before = add("Sub", before, _whole(graph, of_era, 100.0))
    in_year = add("Sub", in_era, before)
    march = _whole(graph, add("Add", add("Mul", in_year, double(5.0)), double(2.0)), 153.0)
    first = _whole(graph, add("Add", add("Mul", march, double(153.0)), double(2.0)), 5.0)
    day = add("Add", add("Sub", in_year, first), double(1.0))
    late = add("GreaterOrEqual", march, double(10.0))
    month = add("Add", march, graph.where(late, double(-10.0), double(2.0)))
    year = add("Add", of_era, add("Mul", _whole(graph, days, _ERA), double(400.0)))
    return add("Add", year, graph.where(late, double(1.0), double(0.0))), month, day


DATE_PARTS_IN_ONNX: dict[str, Part] = {
    "days": _days,
    "year": lambda graph, seconds: _calendar(graph, seconds)[0],
    "day": lambda graph, seconds: _calendar(graph, seconds)[2],
    "month": lambda graph, seconds: _calendar(graph, seconds)[1],
    "weekday": _weekday,
    "hour": _hour,
}
"""The parts of `PARTS` in operations of ONNX."""
