"""The choice of the rows that train, those that choose the best epoch, and those that judge."""

from __future__ import annotations

from dataclasses import dataclass

from ann_tui.choice_fields import SEED_OF_ROWS, ChoiceField, Range, choice, even_steps
from ann_tui.data.choices.checks import PreparationError, check
from ann_tui.data.choices.splits import SPLITS, SplitMethod

PART = Range(0, 1, open_high=True, typed=0.9)
PARTS = even_steps(0.05, 0.0, 0.6)


@dataclass(frozen=True)
class Split:
    """Which rows train, which choose the best epoch (validation), and which judge (test).

    `column` is the column of a group or time split.
    """

    method: str = choice(
        "stratified", ChoiceField("split", "Which rows train and which judge", options=SPLITS)
    )
    test: float = choice(
        0.2,
        ChoiceField(
            "test rows",
            "Share of the rows that judge the network, at the end; 0 for none",
            range=PART,
            unit="rows",
            steps=PARTS,
            percent=True,
        ),
    )
    validation: float = choice(
        0.2,
        ChoiceField(
            "validation rows",
            "Share of the rows that choose the best epoch; 0 for none",
            range=PART,
            unit="rows",
            steps=PARTS,
            percent=True,
        ),
    )
    seed: int = choice(
        0,
        ChoiceField(
            "seed of the split",
            "Another seed draws other rows; the same seed always the same ones",
            range=SEED_OF_ROWS,
            steps=1,
        ),
    )
    column: str | None = choice(
        None, ChoiceField("column of the split", "The column that names the groups, or the times")
    )
    file: str | None = choice(None, ChoiceField("second file", "The second file, which is the test"))

    def __post_init__(self) -> None:
        """Checks the choice. Raises PreparationError."""
        check(self, "the split's ")
        taken = self.validation if self.way.second_file else self.test + self.validation
        if taken >= 1:
            raise PreparationError(
                f"test and validation take {taken:.0%} of the rows: leave some to train on (20% is usual)"
            )
        for name, problem in self.way.needs.items():
            if not getattr(self, name):
                raise PreparationError(problem)

    @property
    def way(self) -> SplitMethod:
        """What the method is and does."""
        return SPLITS[self.method]
