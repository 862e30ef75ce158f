"""Small problems to train on."""

from collections.abc import Mapping, Sequence

import numpy as np

from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.training.changes import Change
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import Examples
from ann_tui.training.observer import Observer
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer

OUTPUTS = {"binary": Outputs("binary"), "multiclass": Outputs("multiclass", 3), "number": Outputs("number")}


def draw(kind: str, rows: int, inputs: int = 4, seed: int = 0, weighted: bool = False) -> Examples:
    """Rows whose target follows from the features, with a bend."""
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(rows, inputs)).astype(np.float32)
    signal = x[:, 0] * x[:, -1] + np.sin(x[:, 0])
    weight = generator.uniform(0.2, 3, rows).astype(np.float32) if weighted else None
    if kind == "number":
        return Examples(x, signal.astype(np.float32), weight)
    edges = [0.0] if kind == "binary" else [-0.4, 0.4]
    return Examples(x, np.digitize(signal, edges).astype(np.int64), weight)


class StopAtLook(TrainingControl):
    """Stops when the trainer looks at it for the n-th time: between any two batches."""

    def __init__(self, looks: int) -> None:
        self.looks = looks
        super().__init__()

    @property
    def attention(self) -> bool:  # type: ignore[override]
        self.looks -= 1
        if self.looks == 0:
            self.stop()
        return self.asked

    @attention.setter
    def attention(self, value: bool) -> None:
        self.asked = value


class SteerAtLooks(TrainingControl):
    """Multiplies the rate at some looks of the trainer, and stops at a last one, if any."""

    def __init__(self, factors: Mapping[int, float], stop: int | None = None) -> None:
        self.factors, self.stop_at, self.looks = factors, stop, 0
        super().__init__()

    @property
    def attention(self) -> bool:  # type: ignore[override]
        self.looks += 1
        if self.looks in self.factors:
            self.scale_learning_rate(self.factors[self.looks])
        if self.looks == self.stop_at:
            self.stop()
        return self.asked

    @attention.setter
    def attention(self, value: bool) -> None:
        self.asked = value


class StopAfter(TrainingControl):
    """Stops between two epochs, after so many of them."""

    def __init__(self, epochs: int) -> None:
        self.left = epochs
        super().__init__()

    def epoch_ended(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.stop()


def make_trainer(
    kind: str = "multiclass",
    layers: str = "8 relu",
    rows: int = 90,
    validation: int = 40,
    control: TrainingControl | None = None,
    weighted: bool = False,
    network_seed: int = 3,
    inputs: int = 4,
    observers: Sequence[Observer] = (),
    replay: Sequence[Change] = (),
    keep: int = 0,
    **plan: object,
) -> Trainer:
    """A trainer of `layers` on `rows` rows; everything else goes into the plan."""
    network = Network(NetworkDesign.from_text(layers), inputs, OUTPUTS[kind], seed=network_seed)
    held_out = draw(kind, validation, inputs, seed=1, weighted=weighted) if validation else None
    defaults: dict[str, object] = {"batch": 16, "epochs": 6}
    chosen = TrainingPlan(**{**defaults, **plan})  # type: ignore[arg-type]
    training = draw(kind, rows, inputs, weighted=weighted)
    return Trainer(
        network, training, held_out, chosen, control, observers=observers, replay=replay, keep=keep
    )
