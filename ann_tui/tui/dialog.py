"""What every question and panel over a screen shares: it is asked once, and answered once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.events import Event
from textual.message import Message
from textual.screen import ModalScreen, Screen, ScreenResultCallbackType

Answer = TypeVar("Answer")

if TYPE_CHECKING:
    Base = Screen[Any]
else:
    Base = object


class AnsweredOnce(Base):
    """Mixed into a screen that gives an answer: what comes in behind the answer does nothing.

    Keys and clicks that arrive in one packet reach a dialog before it has closed, however it is answered.
    """

    answered = False

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close with this answer, unless it has been answered or another screen lies over it."""
        if self.answered or self.app.screen is not self:
            return AwaitComplete()
        self.answered = True
        return super().dismiss(result)

    async def _on_message(self, message: Message) -> None:
        """Nothing that a widget of the dialog reports is acted on behind the answer."""
        reported = not isinstance(message, Event) and type(message).__module__ != "textual.messages"
        if not (self.answered and reported):
            await super()._on_message(message)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key of a dialog acts behind its answer."""
        return None if self.answered else super().check_action(action, parameters)


class Dialog(AnsweredOnce, ModalScreen[Answer]):
    """A screen over the others that gives one answer."""

    BINDINGS: ClassVar = [
        Binding("greater_than_sign", "app.turn_page(1)", "next page of the lesson", show=False),
        Binding("less_than_sign", "app.turn_page(-1)", "page of the lesson before", show=False),
    ]


class Asks(Base):
    """Mixed into a screen that asks questions: one at a time."""

    def ask(self, question: Screen[Answer], answered: ScreenResultCallbackType[Answer] | None = None) -> None:
        """Lay a question over this screen, unless another one lies there already."""
        if self.app.screen is self:
            self.app.push_screen(question, answered)
