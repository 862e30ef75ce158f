"""All cost functions by name."""

from __future__ import annotations

from ann_tui.network import class_costs, number_costs
from ann_tui.network.cost import COSTS, Cost, CostEntry, Gradient, default_cost

__all__ = ["COSTS", "Cost", "CostEntry", "Gradient", "class_costs", "default_cost", "number_costs"]
