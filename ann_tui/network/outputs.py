"""What the output layer gives; it follows from the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Outputs:
    """The output layer: one unit for a binary target or a number, one for each class otherwise.

    `binary` is one sigmoid unit (the probability of the second class), `multiclass` a softmax over
    `units` classes, `number` one linear unit.
    """

    kind: Literal["binary", "multiclass", "number"]
    units: int = 1

    def __post_init__(self) -> None:
        """Refuse a number of units that the kind can't have."""
        if self.kind not in ("binary", "multiclass", "number"):
            raise ValueError(f"outputs of kind {self.kind!r}: choose binary, multiclass or number")
        if self.kind == "multiclass" and self.units < 2:
            raise ValueError("multiclass outputs need at least two units")
        if self.kind != "multiclass" and self.units != 1:
            raise ValueError(f"{self.kind} outputs have exactly one unit")

    @classmethod
    def telling(cls, classes: int) -> Outputs:
        """The outputs that tell so many classes apart; for 0 the one that tells a number."""
        if classes in (0, 2):
            return cls("binary" if classes else "number")
        return cls("multiclass", classes)

    @property
    def classes(self) -> int:
        """How many classes the outputs tell apart; 0 for a number."""
        return {"binary": 2, "multiclass": self.units, "number": 0}[self.kind]
