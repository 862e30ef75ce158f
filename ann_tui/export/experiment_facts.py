"""What scripts of every framework are written from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ann_tui.data.preparing.encoding import TargetMeans
from ann_tui.export.code_text import in_docstring
from ann_tui.export.export_error import ExportError
from ann_tui.model.building import outputs_for
from ann_tui.network.build import build_layers
from ann_tui.network.costs import COSTS
from ann_tui.network.layers.layer import Layer
from ann_tui.network.linear_start import LINEAR, obstacle
from ann_tui.training.averages import AVERAGES
from ann_tui.training.monitors import MONITORS
from ann_tui.training.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.export.first_step import FirstStep
    from ann_tui.network.design import NetworkDesign
    from ann_tui.network.outputs import Outputs
    from ann_tui.training.plan import TrainingPlan

SHORT = {"training": "train", "validation": "valid", "test": "test"}
"""What variables call the parts of the split."""


@dataclass(frozen=True)
class Facts:
    """An experiment and its prepared rows, with what follows from both."""

    experiment: Experiment
    prepared: PreparedData

    def __post_init__(self) -> None:
        """Raise ExportError for what no script can say."""
        if self.experiment.steering:
            raise ExportError(
                "a script can't repeat what a person changed while the network trained (steering): leave [[steering]] "
                "out of the experiment"
            )
        plan = self.plan
        if plan.average not in ("none", "ema", "swa") or plan.average not in AVERAGES:
            raise ExportError(f"average weights by {plan.average!r} can't be written as code")
        known = ("validation cost", "validation metric", "training cost", "training metric", "newest")
        if plan.monitor not in known or plan.monitor not in MONITORS:
            raise ExportError(f"epochs judged by {plan.monitor!r} can't be written as code")

    @property
    def design(self) -> NetworkDesign:
        """The hidden layers and the cost."""
        return self.experiment.design

    @property
    def plan(self) -> TrainingPlan:
        """How it is trained."""
        return self.experiment.plan

    @property
    def outputs(self) -> Outputs:
        """What the output layer gives."""
        return outputs_for(self.prepared.fitted)

    @property
    def inputs(self) -> int:
        """How many numbers the first layer sees."""
        return len(self.prepared.fitted.input_names)

    @cached_property
    def layers(self) -> list[Layer]:
        """The layers of one member."""
        return build_layers(self.design, self.inputs, self.outputs)

    @property
    def cost(self) -> str:
        """The cost's name."""
        return self.design.cost_for(self.outputs)

    @property
    def raw_target(self) -> bool:
        """Whether a number is learned in its own unit."""
        return COSTS[self.cost].raw_target

    @property
    def mixes_rows(self) -> bool:
        """Whether a layer looks at a batch as a whole."""
        return any(layer.mixes_rows for layer in self.layers)

    @property
    def searches(self) -> bool:
        """Whether the optimizer searches for its steps, without a learning rate."""
        return OPTIMIZERS[self.plan.optimizer].searches

    @property
    def decay(self) -> float:
        """By how much weights shrink in each step, as a share of the learning rate."""
        return (
            0.0 if self.searches else self.plan.weight_decay or OPTIMIZERS[self.plan.optimizer].weight_decay
        )

    @property
    def batch(self) -> int | None:
        """How many rows a step looks at; None for all."""
        return None if OPTIMIZERS[self.plan.optimizer].whole else self.plan.batch

    @property
    def refits(self) -> bool:
        """Whether it is trained again on the validation rows too."""
        return self.plan.refit and self.validation

    @property
    def begins_linear(self) -> bool:
        """Whether it begins as the linear model of its training rows."""
        return self.design.start == LINEAR and obstacle(self.layers[:-1], self.outputs.units) is None

    @property
    def validation(self) -> bool:
        """Whether there are validation rows."""
        return bool(len(self.prepared.validation.rows))

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that have rows, as variables call them."""
        return tuple(short for name, short in SHORT.items() if len(getattr(self.prepared, name).rows))

    def doc(self, step: FirstStep, framework: str, packages: str, note: str = "") -> str:
        """The text that a script begins with; `note` says what the framework does otherwise."""
        target = in_docstring(self.prepared.fitted.target.name, 60)
        table = in_docstring(self.prepared.table.path.name, 60)
        note = f"\n{note}\n" if note else ""
        if self.design.start == LINEAR and not self.begins_linear:
            note = "\nIt begins with random weights: these layers can't pass a linear model on.\n"
        if any(
            isinstance(getattr(each, "encoder", None), TargetMeans) for each in self.prepared.fitted.columns
        ):
            packages = packages.replace("scikit-learn", "'scikit-learn>=1.9'")
        return (
            f"{target} from {table}, with {framework}.\n\n"
            f"Needs: pip install {packages}\n"
            f"Beside it: {step.beside}.\n" + note
        )
