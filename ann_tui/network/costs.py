"""All cost functions by name."""

from __future__ import annotations

from ann_tui.network import costs_of_classes, costs_of_numbers
from ann_tui.network.cost import COSTS, Cost, CostEntry, Gradient, default_cost

__all__ = ["COSTS", "Cost", "CostEntry", "Gradient", "costs_of_classes", "costs_of_numbers", "default_cost"]
