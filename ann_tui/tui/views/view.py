"""What a view is, what it is shown, and the registries of views.

To add a view, put a widget into a file of this folder and enter it with `@view` into the registry of the screen that
is to have it: the key `v`, the help and the command palette list it by themselves. A screen's views come in the order
of the files' names, and in each file in theirs; the first one is seen first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from textual.containers import Vertical
from textual.message import Message

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ann_tui.evaluation.evaluation import Evaluation
    from ann_tui.experiments.chosen_row import ChosenRow
    from ann_tui.experiments.run import Run
    from ann_tui.network.network import Network
    from ann_tui.training.snapshot import Snapshot


class Shown(Protocol):
    """What the views of a screen are shown."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the target; () for a number."""

    @property
    def drawn_from(self) -> tuple[object, ...]:
        """What a drawing follows from: where these are the same, it is."""


Data = TypeVar("Data", bound=Shown)


@dataclass
class Focus:
    """The class that the person looks at, None for all together; views that look at one class share it."""

    classes: tuple[str, ...] = ()
    chosen: int | None = None


@dataclass(frozen=True, eq=False)
class Judged:
    """What the views of Evaluate are shown: an evaluation, the decision threshold, and the class looked at."""

    evaluation: Evaluation
    threshold: float
    focus: Focus

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the target; () for a number."""
        return self.evaluation.classes

    @property
    def drawn_from(self) -> tuple[object, ...]:
        """The answers, the threshold and the class."""
        return self.evaluation.outputs, self.threshold, self.focus.chosen


@dataclass(frozen=True, eq=False)
class Moment:
    """What the views of Train are shown: a run, and a snapshot of it."""

    run: Run
    snapshot: Snapshot

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the target; () for a number."""
        return self.run.prepared.fitted.target.classes

    @property
    def drawn_from(self) -> tuple[object, ...]:
        """The snapshot, the threshold of two classes, and the judgement."""
        return self.snapshot, self.run.threshold, self.run.evaluation


@dataclass
class Cursor:
    """Where a person stands in a network: a table of weights, a unit and an input in it, and the member."""

    table: int = 0
    unit: int = 0
    input: int = 0
    member: int = 0

    def reset(self) -> None:
        """Back to where it begins; the member stays."""
        self.table = self.unit = self.input = 0

    def go_to(self, table: int, sizes: Sequence[tuple[int, int]]) -> None:
        """To another table, as far as there is one; `sizes` are units and inputs of each."""
        self.table = max(0, min(len(sizes) - 1, table))
        units, inputs = sizes[self.table]
        self.unit, self.input = min(self.unit, units - 1), min(self.input, inputs - 1)

    @property
    def all(self) -> tuple[int, int, int, int]:
        """All four."""
        return self.table, self.unit, self.input, self.member


@dataclass(frozen=True, eq=False)
class Inside:
    """What the views of a network's inside are shown: a copy of the network as it was after an epoch of a run.

    All views share the `cursor` and the chosen `row`.
    """

    run: Run
    snapshot: Snapshot
    epoch: int
    network: Network
    cursor: Cursor
    row: ChosenRow | None

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the target; () for a number."""
        return self.run.prepared.fitted.target.classes

    @property
    def drawn_from(self) -> tuple[object, ...]:
        """The run, the epoch, the row and the cursor."""
        return self.run, self.epoch, self.row, *self.cursor.all


@dataclass(frozen=True, eq=False)
class Behind:
    """Rows behind what is marked: their places in the judged rows int64 (m,), a title, and the answers (m,).

    `none` says that there are no rows, where there are none.
    """

    places: NDArray[Any]
    title: str
    answers: Sequence[Any]
    none: str = ""


class ViewWidget(Vertical, Generic[Data]):
    """The widget of a view. A subclass composes it and brings it up to date in `draw`."""

    DEFAULT_CSS = """
    ViewWidget { height: auto; }
    ViewWidget.-fills { height: 1fr; }
    """
    FILLS: ClassVar[bool] = False
    """Whether it takes all the height there is, whatever it shows; see `fills`."""
    OPENS_ROWS: ClassVar[bool] = False
    """Whether rows stand behind what is marked."""

    class Rearranged(Message):
        """It shows more or less than before: its heading and the next view may be others."""

    def __init__(self) -> None:
        super().__init__()
        self._drawn_from: tuple[object, ...] = ()
        self.data: Data | None = None

    def show(self, data: Data) -> None:
        """Show this, if what is drawn doesn't follow from the same already."""
        self.data = data
        self.set_class(self.fills(data), "-fills")
        now = (*data.drawn_from, self.app.theme)
        if len(now) != len(self._drawn_from) or not all(map(_same, now, self._drawn_from)):
            self._drawn_from = now
            self.draw(data)

    def fills(self, data: Data) -> bool:
        """Whether it takes all the height there is to show this; else as much as it needs."""
        return self.FILLS

    def draw(self, data: Data) -> None:
        """Bring the widget up to date."""
        raise NotImplementedError

    def heading(self, title: str, data: Data) -> str:
        """What stands above it, with the title of its entry."""
        return title

    @property
    def shows_too(self) -> tuple[str, ...]:
        """The names of views of which it shows now all that they would."""
        return ()

    def move(self, down: int, across: int) -> None:
        """Move what is marked, where something is."""

    @property
    def cursor_line(self) -> int | None:
        """The line of what is marked, which is to be seen."""
        return None

    def behind(self, data: Data) -> Behind | None:
        """The rows behind what is marked."""
        return None


def _same(one: object, other: object) -> bool:
    return one is other or (isinstance(one, str | int | float) and one == other)


@dataclass(frozen=True)
class View(Generic[Data]):
    """One entry of a registry: what the view is called, a line about it, its widget, and the targets it is for.

    Views of a lower `place` come first.
    """

    name: str
    title: str
    summary: str
    make: Callable[[], ViewWidget[Data]]
    classes: bool = True
    numbers: bool = True
    place: int = 0

    def stands(self, data: Data) -> bool:
        """Whether it is for a target like this."""
        return self.classes if data.classes else self.numbers


EVALUATE: dict[str, View[Judged]] = {}
"""The views of the answers on the judged rows."""
TRAIN: dict[str, View[Moment]] = {}
"""The views of a training's answers, beside its cost."""
INSIDE: dict[str, View[Inside]] = {}
"""The views of the inside of a network that trains or has trained."""

Make = TypeVar("Make", bound=Callable[[], ViewWidget[Any]])


def view(
    registry: dict[str, View[Data]],
    name: str,
    title: str,
    summary: str,
    *,
    classes: bool = False,
    numbers: bool = False,
    place: int = 0,
) -> Callable[[Make], Make]:
    """Enter the decorated widget into a screen's registry, for a target of classes, of numbers, or for both.

    Views of a lower `place` come first.
    """

    def enter(make: Make) -> Make:
        registry[name] = View(name, title, summary, make, classes, numbers, place)
        return make

    return enter


def all_of(registry: Mapping[str, View[Data]]) -> list[View[Data]]:
    """A registry's views, after every file of this folder has entered its own."""
    import ann_tui.tui.views as room

    for module in sorted(each.name for each in iter_modules(room.__path__)):
        import_module(f"{room.__name__}.{module}")
    return sorted(registry.values(), key=lambda view: view.place)
