"""A dialog about one unit of a network, in which keys walk to other units, layers and members."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding

from ann_tui.tui.dialog import Dialog
from ann_tui.tui.views.inside import tables_of
from ann_tui.tui.views.view import Inside


class NetworkDialog(Dialog[None]):
    """Moves the cursor of what the views show; a subclass shows what stands there in `show_unit`."""

    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar = [
        Binding("escape,q", "leave", "leave", show=False),
        Binding("left", "unit(-1)", "unit before", show=False),
        Binding("right", "unit(1)", "next unit", show=False),
        Binding("up", "weight(-1)", "weight before", show=False),
        Binding("down", "weight(1)", "next weight", show=False),
        Binding("pageup", "weight(-10)", "weights before", show=False),
        Binding("pagedown", "weight(10)", "next weights", show=False),
        Binding("left_square_bracket", "table(-1)", "layer before", show=False),
        Binding("right_square_bracket", "table(1)", "next layer", show=False),
        Binding("comma", "member(-1)", "member before", show=False),
        Binding("full_stop", "member(1)", "next member", show=False),
        Binding("y", "app.copy", "copy", show=False),
        Binding("f1,question_mark", "app.help", "help", show=False),
    ]

    def __init__(self, data: Inside) -> None:
        """The unit under the cursor of what the views show."""
        super().__init__()
        self.data = data

    @property
    def places_in_focus(self) -> tuple[str, ...]:
        """What help speaks of first."""
        return ("inside-panel",)

    def show_unit(self, *, other_unit: bool = False, other_member: bool = False) -> None:
        """Show the unit under the cursor; what is another one than before."""
        raise NotImplementedError

    def action_leave(self) -> None:
        """Back to the network."""
        self.dismiss(None)

    def action_unit(self, step: int) -> None:
        """Another unit of the layer."""
        cursor = self.data.cursor
        cursor.unit = (cursor.unit + step) % tables_of(self.data)[cursor.table].units
        self.show_unit(other_unit=True)

    def action_table(self, step: int) -> None:
        """Another layer."""
        self.data.cursor.go_to(
            self.data.cursor.table + step, [(t.units, t.inputs) for t in tables_of(self.data)]
        )
        self.show_unit(other_unit=True)

    def action_member(self, step: int) -> None:
        """Another member."""
        cursor = self.data.cursor
        cursor.member = (cursor.member + step) % self.data.network.members
        self.show_unit(other_member=True)
