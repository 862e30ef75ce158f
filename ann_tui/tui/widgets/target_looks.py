"""How answers to a target look: on the form, as one figure, and row by row."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from numpy.typing import NDArray
from rich.text import Text

from ann_tui.data.preparing.deciding import decided
from ann_tui.figures import number, percent
from ann_tui.tui.text import plain, right
from ann_tui.tui.widgets.probability_bars import probability_bars

if TYPE_CHECKING:
    from ann_tui.data.preparing.targets import ClassTarget, NumberTarget, Target
    from ann_tui.evaluation.evaluation import Evaluation

MOST_BARS = 12


class TargetLook(ABC):
    """The look of one kind of target; `outputs` are what `scoring.predict` gives."""

    figures: ClassVar[tuple[Text, ...]]
    """The headings of `cells`."""

    @abstractmethod
    def answer(self, outputs: NDArray[Any], threshold: float) -> str:
        """The answer for a single row, (1,) or (1, classes); two classes are told apart at `threshold`."""

    @abstractmethod
    def sure_answer(self, outputs: NDArray[Any], threshold: float) -> str:
        """The answer for a single row, with how sure the network is where it tells."""

    @abstractmethod
    def under_answer(
        self, outputs: NDArray[Any], error: float | None, judged: str, width: int, accent: str
    ) -> Text:
        """What stands under it; `error` is the mean one over the `judged` rows."""

    @abstractmethod
    def first_metric(self, value: float) -> str:
        """The metric that a training measures, with its name."""

    @abstractmethod
    def cells(self, evaluation: Evaluation, place: int, answer: Any, warning: str) -> list[Text]:
        """What was and what was said in a judged row, and how far apart they are."""


class ClassLook(TargetLook):
    """Labels and probabilities."""

    figures: ClassVar[tuple[Text, ...]] = (Text("true"), right("predicted"), right("probability"))

    def __init__(self, target: ClassTarget) -> None:
        self._target = target

    def answer(self, outputs: NDArray[Any], threshold: float) -> str:
        """The label."""
        return plain(self._target.answers(outputs, threshold)[0][0], 40).plain

    def sure_answer(self, outputs: NDArray[Any], threshold: float) -> str:
        """The label and its probability."""
        return (
            f"{self.answer(outputs, threshold)}  {percent(float(outputs[0, decided(outputs, threshold)[0]]))}"
        )

    def under_answer(
        self, outputs: NDArray[Any], error: float | None, judged: str, width: int, accent: str
    ) -> Text:
        """All probabilities."""
        shares = [float(share) for share in outputs[0]]
        return probability_bars(self._target.classes, shares, width, MOST_BARS, accent)

    def first_metric(self, value: float) -> str:
        """The accuracy."""
        return f"accuracy {percent(value)}"

    def cells(self, evaluation: Evaluation, place: int, answer: Any, warning: str) -> list[Text]:
        """Both labels, and the probability of the answer."""
        true, classes = int(evaluation.actual[place]), self._target.classes
        return [
            plain(classes[true], 20),
            plain(classes[answer], 20, "" if true == answer else warning),
            right(percent(float(evaluation.outputs[place, answer]))),
        ]


class NumberLook(TargetLook):
    """Numbers in the target's unit."""

    figures: ClassVar[tuple[Text, ...]] = (right("true"), right("predicted"), right("error"))

    def __init__(self, target: NumberTarget) -> None:
        self._target = target

    def answer(self, outputs: NDArray[Any], threshold: float) -> str:
        """The number."""
        return number(float(self._target.decode(outputs)[0]), 4)

    def sure_answer(self, outputs: NDArray[Any], threshold: float) -> str:
        """The number: the network does not tell how sure it is."""
        return self.answer(outputs, threshold)

    def under_answer(
        self, outputs: NDArray[Any], error: float | None, judged: str, width: int, accent: str
    ) -> Text:
        """The mean error."""
        return Text(f"off by {number(error, 3)} on average over the {judged} rows", style="dim")

    def first_metric(self, value: float) -> str:
        """R²."""
        return f"R² {number(value, 3)}"

    def cells(self, evaluation: Evaluation, place: int, answer: Any, warning: str) -> list[Text]:
        """Both numbers, and the error."""
        actual, given = float(evaluation.actual[place]), float(evaluation.outputs[place])
        return [right(number(actual)), right(number(given)), right(number(given - actual, 3), warning)]


def look_of(target: Target) -> TargetLook:
    """How answers to a target look."""
    return target.either(ClassLook, NumberLook)
