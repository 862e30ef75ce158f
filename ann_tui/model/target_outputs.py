"""Which output layer a prepared target asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ann_tui.network.outputs import Outputs

if TYPE_CHECKING:
    from ann_tui.data.preparing.fitted import FittedPreparation


def outputs_of(fitted: FittedPreparation) -> Outputs:
    """One unit for a number or for two classes, else one for each class."""
    if fitted.task == "regression":
        return Outputs("number", 1)
    if len(fitted.classes) == 2:
        return Outputs("binary", 1)
    return Outputs("multiclass", len(fitted.classes))
