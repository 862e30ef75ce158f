"""What a network answered for the rows of a part, in a form in which two networks can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers for n rows that were kept from the training.

    `lines` int64 (n,) are where the rows stand in the file, which tells a row however it was read; `actual` and
    `given` (n,) are class codes int64, or numbers float64 in the target's unit. `classes` are the texts of the codes,
    () for a number.
    """

    lines: NDArray[np.int64]
    actual: NDArray[Any]
    given: NDArray[Any]
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.lines)

    def at(self, places: NDArray[np.integer]) -> Answers:
        """Some of the rows."""
        return Answers(self.lines[places], self.actual[places], self.given[places], self.classes)

    def coded_as(self, classes: tuple[str, ...]) -> Answers:
        """The same answers in the codes of these classes, which must hold all of its own."""
        if classes == self.classes:
            return self
        code = np.array([classes.index(label) for label in self.classes], np.int64)
        return Answers(self.lines, code[self.actual], code[self.given], classes)
