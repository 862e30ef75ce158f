"""What views of answers have in common: a picture with figures under it, and which rows are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from numpy.typing import NDArray
from rich.text import Text
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Static

from ann_tui.figures import counted
from ann_tui.training.snapshot import ENDED
from ann_tui.tui.views.view import Data, Judged, Moment, ViewWidget
from ann_tui.tui.widgets.target_looks import look_of


class Captioned(ViewWidget[Data]):
    """A picture, and figures under it."""

    DEFAULT_CSS = """
    Captioned {
        & > .caption { height: auto; padding: 1 1 0 1; }
        & > ConfusionView { padding: 0 1; }
        & > QuietPlot { height: 1fr; }
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
    """A view of the answers on the validation rows while a network trains; a subclass draws them in `answers`."""

    def heading(self, title: str, data: Moment) -> str:
        """With their epoch and the number of rows, as soon as there are answers."""
        if data.snapshot.validation_outputs is None:
            return "Validation"
        rows = counted(len(data.run.prepared.validation.rows), "row")
        return f"{title} · validation, epoch {data.snapshot.outputs_epoch:,}, {rows}"

    def answers(self, data: Moment, outputs: NDArray[Any]) -> Text:
        """Draw the network's outputs on the validation rows; the figures about them."""
        raise NotImplementedError

    def draw(self, data: Moment) -> None:
        """The answers and the newest training figure, or why there are none."""
        snapshot = data.snapshot
        self.children[0].display = snapshot.validation_outputs is not None
        if snapshot.validation_outputs is None:
            self.say(Text(_why_none(data)))
            return
        text = self.answers(data, snapshot.validation_outputs)
        epoch = snapshot.outputs_epoch
        known = 1 <= epoch <= len(snapshot.history)
        metric = snapshot.history[epoch - 1].training_metric if known else None
        if metric is not None:
            shown = look_of(data.run.prepared.fitted.target).first_metric(metric)
            text.append(f"\ntraining {shown}", style="dim")
        if snapshot.state in ENDED and epoch == snapshot.best_epoch:
            text.append(f"\nepoch {epoch:,}, whose weights are kept", style="dim")
        self.say(text)


def _why_none(data: Moment) -> str:
    if not len(data.run.prepared.validation.rows):
        return "No validation rows are set aside: see 2 Prepare."
    if data.snapshot.state == "failed":
        return "No epoch was finished: nothing to compare."
    return "No epoch is finished yet."
