"""The ways to make numbers of labels that can be chosen, each with the labels that it lists.

To add one, enter it here: the app, the command line and the experiment file list it by themselves. What is done with
the listed labels stands in `preparing/encoding.py`, by the `form`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from ann_tui.choice_fields import Option

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Counts = npt.NDArray[np.int64]


class Stated(NamedTuple):
    """What the person states about the labels.

    A label in fewer rows than the share `rare`, or in one row only, is rare, but for those of `keep`; with 0 none is.
    `order` has the labels from low to high, () where none is stated.
    """

    rare: float
    keep: tuple[str, ...]
    order: tuple[str, ...]


@dataclass(frozen=True)
class Encoding(Option):
    """One entry of `ENCODING`.

    `lists` gives the labels that are told apart, of the labels in the training rows with their counts int64 (m,), each
    at least 1. By the `form` each of them gets a 0/1 column ("one-hot"), is a number by its place ("ordinal"), or is
    its place in 0/1 digits ("binary"); "target" takes the mean target of every label, whatever is listed.
    """

    form: Literal["one-hot", "ordinal", "binary", "target"] = field(kw_only=True)
    lists: Callable[[Sequence[str], Counts, Stated], Sequence[str]] = field(kw_only=True)


def natural_key(label: str) -> tuple[int, float, str]:
    """Sorts numbers by their value, before words by their letters."""
    try:
        value = float(label)
    except ValueError:
        return 1, 0.0, label
    return (0, value, label) if math.isfinite(value) else (1, 0.0, label)


def _all(labels: Sequence[str], counts: Counts, stated: Stated) -> Sequence[str]:
    return sorted(labels, key=natural_key)


def _in_order(labels: Sequence[str], counts: Counts, stated: Stated) -> Sequence[str]:
    return stated.order or _all(labels, counts, stated)


def _frequent(labels: Sequence[str], counts: Counts, stated: Stated) -> Sequence[str]:
    least = max(2, math.ceil(stated.rare * int(counts.sum()))) if stated.rare > 0 else 1
    found = [
        label for label, count in zip(labels, counts, strict=True) if count >= least or label in stated.keep
    ]
    return sorted(found, key=natural_key)


ENCODING: dict[str, Encoding] = {
    each.name: each
    for each in (
        Encoding(
            "one-hot",
            "one 0/1 column for each frequent category, one for all the rare ones",
            form="one-hot",
            lists=_frequent,
        ),
        Encoding(
            "ordinal", "one column: the place of the category in its order", form="ordinal", lists=_in_order
        ),
        Encoding(
            "target",
            "the mean target of the category, computed on other folds of the training rows",
            form="target",
            lists=_all,
        ),
        Encoding(
            "binary",
            "the number of the category in 0/1 digits: few columns for many categories",
            form="binary",
            lists=_all,
        ),
    )
}
