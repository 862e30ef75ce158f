"""What views of answers have in common: a picture with figures under it, and which rows are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from numpy.typing import NDArray
from rich.text import Text
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Static

from ann_tui.experiments.standing import Grounds, StandingLine, grounds_of, standing
from ann_tui.figures import counted
from ann_tui.training.snapshot import ENDED
from ann_tui.tui.views.view import Data, Judged, Moment, ViewWidget
from ann_tui.tui.widgets.standing_view import StandingView
from ann_tui.tui.widgets.target_looks import look_of

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run


class Captioned(ViewWidget[Data]):
    """A picture, and figures under it."""

    DEFAULT_CSS = """
    Captioned {
        & > .caption { height: auto; padding: 1 1 0 1; }
        & > ConfusionView { padding: 0 1; }
        & > Chart { height: 1fr; }
    }
    """

    _lines: Sequence[int] = ()
    _said: Text | None = None

    PACKS: ClassVar[bool] = False
    """Whether figures share lines where it fills the height, for the picture to have more of it."""

    def picture(self) -> Widget:
        """The widget above the figures."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The picture and the figures."""
        yield self.picture()
        yield Static("", classes="caption")

    def say(self, text: Text) -> None:
        """Show figures; the place for them changes with their lines alone."""
        self._said = text
        width = max(1, self.size.width - 2)
        if self.PACKS and self.has_class("-fills"):
            text = packed(text, width)
        lines = [-(-len(line) // width) for line in text.plain.split("\n")]
        self.query_one(".caption", Static).update(text, layout=lines != self._lines)
        self._lines = lines

    def on_resize(self) -> None:
        """Other figures may share a line."""
        if self._said is not None:
            self.say(self._said)


def packed(text: Text, width: int) -> Text:
    """The same text in fewer lines: those that fit beside one another into `width` columns share one."""
    lines: list[Text] = []
    for line in text.split("\n"):
        if lines and len(lines[-1]) + 3 + len(line) <= width:
            lines[-1].append("   ").append_text(line)
        else:
            lines.append(line)
    return Text("\n", no_wrap=text.no_wrap).join(lines)


class OfJudged(Captioned[Judged]):
    """A view of the answers on the judged rows."""

    def heading(self, title: str, data: Judged) -> str:
        """With the number of rows."""
        judged = data.evaluation.judged
        return f"{title} · {counted(data.evaluation.scores[judged].rows, f'{judged} row')}"


class OfValidation(Captioned[Moment]):
    """A view of the answers on the validation rows while a network trains; a subclass draws them in `answers`.

    Under the figures stands what is known of the training; a picture that fills the height leaves it out where it
    would get fewer than `picture_lines`.
    """

    _grounds: tuple[Run, Grounds] | None = None
    _standing: tuple[StandingLine, ...] = ()
    _figures: Text | None = None

    def compose(self) -> ComposeResult:
        """The picture, the figures and what is known."""
        yield from super().compose()
        yield StandingView()

    def heading(self, title: str, data: Moment) -> str:
        """With their epoch and the number of rows, as soon as there are answers."""
        if data.snapshot.validation_outputs is None:
            return "Validation"
        rows = counted(len(data.run.prepared.validation.rows), "row")
        return f"{title} · validation, epoch {data.snapshot.outputs_epoch:,}, {rows}"

    def answers(self, data: Moment, outputs: NDArray[Any]) -> Text:
        """Draw the network's outputs on the validation rows; the figures about them."""
        raise NotImplementedError

    def picture_lines(self, data: Moment) -> int:
        """How many lines a picture that fills the height has at least where more than its figures stands under it."""
        return 0

    def draw(self, data: Moment) -> None:
        """The answers and what is known, or why there are none."""
        snapshot = data.snapshot
        self.children[0].display = snapshot.validation_outputs is not None
        if self._grounds is None or self._grounds[0] is not data.run:
            self._grounds = data.run, grounds_of(data.run.prepared)
        self._standing = standing(data.run, snapshot, self._grounds[1])
        if snapshot.validation_outputs is None:
            self._figures = Text(_why_none(data))
        else:
            self._figures = self.answers(data, snapshot.validation_outputs)
            if snapshot.state in ENDED and snapshot.outputs_epoch == snapshot.best_epoch:
                self._figures.append(
                    f"\nepoch {snapshot.outputs_epoch:,}, whose weights are kept", style="dim"
                )
        self._tell(data)

    def on_resize(self) -> None:
        """There may be room for what is known, or none."""
        if self.data is not None and self._figures is not None:
            self._tell(self.data)

    def _tell(self, data: Moment) -> None:
        """The figures, and what is known where it has room; else the training figure stands with the others."""
        assert self._figures is not None
        view = self.query_one(StandingView)
        lines = view.show(self._standing, self.size.width)
        figures = len(self._figures.plain.split("\n")) + 1
        room = self.size.height - self.picture_lines(data) - figures
        view.display = bool(self._standing) and (not self.fills(data) or lines <= room)
        text = self._figures.copy()
        epoch, history = data.snapshot.outputs_epoch, data.snapshot.history
        if not view.display and data.snapshot.validation_outputs is not None and 1 <= epoch <= len(history):
            look = look_of(data.run.prepared.fitted.target)
            measured = look.first_metric(history[epoch - 1].training_metric)
            text.append(f"\ntraining {measured} in the course of the epoch", style="dim")
        self.say(text)


def _why_none(data: Moment) -> str:
    if not len(data.run.prepared.validation.rows):
        return "No validation rows are set aside: see 2 Prepare."
    if data.snapshot.state == "failed":
        return "No epoch was finished: nothing to compare."
    if data.run.told is not None:
        return (
            "What it said of the validation rows is not kept: it was trained again on them. ← shows the answers of an "
            "epoch before."
        )
    return "No epoch is finished yet."
