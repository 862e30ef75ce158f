"""Whose training a state is: the network's design, the rows, and the plan, of which some fields may change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import msgspec

from ann_tui.choice_fields import MayChange, described
from ann_tui.network.network import Network
from ann_tui.training.examples import Examples, TrainingError
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.state import Part, Section, State, Taking


class Identity(Part):
    """Refuses the state of another design, of other rows, or of a plan that differs in what may never change."""

    name = "of"

    def __init__(
        self, network: Network, training: Examples, validation: Examples | None, plan: TrainingPlan
    ) -> None:
        """Digests are taken once."""
        self.plan = plan
        self._digests = {
            "design": _digest(repr((network.design, network.inputs, network.outputs, network.dtype.str))),
            "rows": _digest(*_arrays(training)),
            "validation_rows": "" if validation is None else _digest(*_arrays(validation)),
        }

    def state(self) -> State:
        """Digests of design and rows, and the plan as JSON."""
        return {**self._digests, "plan": msgspec.json.encode(asdict(self.plan)).decode()}

    def check(self, found: Section) -> Taking:
        """Take nothing; compare."""
        words = {
            "design": "it is of another network: its layers, its cost, or how many features or classes it has differ",
            "rows": "its training rows are others: a feature, a label or a weight differs",
            "validation_rows": "its validation rows are others: a feature, a label or a weight differs",
        }
        for key, digest in self._digests.items():
            if found.text(key) != digest:
                raise TrainingError(f"the saved training doesn't fit: {words[key]}")
        changed = self.changed_fields(found)
        for name, about in described(TrainingPlan).items():
            if name in changed and about.may_change is MayChange.NEVER:
                raise TrainingError(
                    f"the saved training doesn't fit: {name} was {changed[name]!r}, and can't become "
                    f"{getattr(self.plan, name)!r} on the way"
                )
        return lambda: None

    def changed_fields(self, found: Section) -> dict[str, Any]:
        """The fields of the plan that have another value now, with what they had. Raises `TrainingError`.

        A field that the state does not know is of a later version, and had its default.
        """
        try:
            before: Mapping[str, Any] = msgspec.json.decode(found.text("plan"), type=dict[str, Any])
        except msgspec.MsgspecError:
            raise found.refuse("plan", "can't be read") from None
        now = asdict(self.plan)
        before = {**asdict(TrainingPlan()), **before}
        return {name: before[name] for name, value in now.items() if before[name] != value}


def _arrays(examples: Examples) -> list[Any]:
    weight = [] if examples.weight is None else [examples.weight]
    return [repr(examples.x.shape), examples.x, examples.y.dtype.str, examples.y, *weight]


def _digest(*pieces: Any) -> str:
    """Of texts and C-contiguous arrays, in hexadecimal."""
    found = hashlib.blake2b(digest_size=16)
    for piece in pieces:
        found.update(piece.encode() if isinstance(piece, str) else memoryview(piece).cast("B"))
    return found.hexdigest()
