"""The first of the four choices: which file, how it is read, and what its columns mean."""

from dataclasses import dataclass, field
from datetime import datetime

from ann_tui.choice_fields import ChoiceField, Option, Range, choice, refusal, unknown, untaken
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.number_form import NumberForm

DEFAULT_MISSING_MARKS = (
    "", "NA", "N/A", "NaN", "null", "none", "?", "-", "--", ".", "#N/A", "unknown", "<NA>", "\\N",
)  # fmt: skip
"""The texts that stand for a missing value; upper and lower case and surrounding spaces do not matter."""


@dataclass(frozen=True)
class Task(Option):
    """What to tell of the target; `kind` says how the target's cells are read for it."""

    kind: ColumnKind = ColumnKind.CATEGORY


TASKS = {
    task.name: task
    for task in (
        Task("classification", "tell which class a row belongs to"),
        Task("regression", "tell a number for each row", kind=ColumnKind.NUMBER),
    )
}
LINES = Range(0, whole=True, typed=1_000_000)


@dataclass(frozen=True)
class Dialect:
    """How a text file spells a table. The defaults are those of RFC 4180 with a header.

    `skip` counts the lines above the header, `footer` the records below the last row; both are
    reported, never silently left out. `quote`, `thousands`, `comment` and `escape` are empty where
    the file has none. `collapse` joins a run of delimiters into one (columns aligned with spaces) and
    `trim` ignores the spaces that follow a delimiter.
    """

    encoding: str = choice(
        "utf-8",
        ChoiceField(
            "encoding", "How the bytes of the file stand for characters; wrong where é looks like Ã©"
        ),
    )
    delimiter: str = choice(",", ChoiceField("delimiter", "What stands between two cells of a line"))
    quote: str = choice(
        '"', ChoiceField("quote", "What stands around a cell that holds a delimiter or a line break")
    )
    decimal: str = choice(".", ChoiceField("decimal sign", "1.5 or 1,5"))
    thousands: str = choice("", ChoiceField("thousands separator", "1,234 or 1.234 for one thousand"))
    header: bool = choice(
        True, ChoiceField("header", "Whether the first line of the table names the columns")
    )
    comment: str = choice("", ChoiceField("comment", "Lines that begin with this are skipped"))
    skip: int = choice(
        0,
        ChoiceField(
            "preamble lines",
            "Lines above the header that are no part of the table",
            range=LINES,
            unit="lines",
            steps=1,
        ),
    )
    footer: int = choice(
        0,
        ChoiceField(
            "footer lines",
            "Lines below the last row that are no part of the table, such as totals",
            range=LINES,
            unit="lines",
            steps=1,
        ),
    )
    escape: str = choice("", ChoiceField("escape", "What stands before a quote inside a quoted cell"))
    collapse: bool = choice(
        False,
        ChoiceField(
            "repeated delimiters", "Take a run of delimiters as one, as in columns aligned with spaces"
        ),
    )
    trim: bool = choice(False, ChoiceField("trim spaces", "Ignore the spaces that follow a delimiter"))

    def __post_init__(self) -> None:
        """Raise ValueError for a field that can't have its value."""
        for name, value, about in untaken(self):
            raise ValueError(refusal(name, value, about))


@dataclass(frozen=True)
class Source:
    """Which file, which target, and what the person decided about the columns.

    Only what differs from the detected or inferred is stored, so that an empty source of a path means
    "as the file says". `included` names columns that a finding would leave out and the person keeps.
    `sample_rows` reads that many random rows in file order instead of all of them.
    """

    path: str = field(metadata=ChoiceField("file", "The table to learn from").metadata)
    target: str | None = choice(
        None, ChoiceField("target", "The column to predict; without it, it is guessed")
    )
    kinds: dict[str, str] = field(
        default_factory=dict,
        metadata=ChoiceField(
            "kinds",
            "Columns that are something else than they look like: number, category, boolean, date, text or identifier",
        ).metadata,
    )
    excluded: tuple[str, ...] = choice((), ChoiceField("left out", "Columns that are left out"))
    included: tuple[str, ...] = choice(
        (), ChoiceField("kept", "Columns that are kept although they look useless")
    )
    dialect: Dialect | None = field(
        default=None,
        metadata=ChoiceField(
            "dialect", "How the file is written; without this table it is detected", parts=Dialect
        ).metadata,
    )
    missing_marks: tuple[str, ...] = choice(
        DEFAULT_MISSING_MARKS,
        ChoiceField(
            "missing marks",
            "Texts that stand for a missing value",
        ),
    )
    column_marks: dict[str, tuple[str, ...]] = field(
        default_factory=dict,
        metadata=ChoiceField(
            "missing marks of one column", "Texts that stand for a missing value in this column alone"
        ).metadata,
    )
    number_forms: dict[str, str] = field(
        default_factory=dict,
        metadata=ChoiceField(
            "numbers of one column",
            "How the numbers of a column are written: 12 kg (or another unit), 12k, 12-, or 1.234 for thousands",
        ).metadata,
    )
    date_forms: dict[str, str] = field(
        default_factory=dict,
        metadata=ChoiceField(
            "dates of one column",
            "How the dates of a column are written where day and month could be exchanged: %d/%m/%Y or %m/%d/%Y",
        ).metadata,
    )
    rules: tuple[str, ...] = choice(
        (), ChoiceField("rules", 'What values a column can have: "age in 0..120", "sex in {male, female}"')
    )
    task: str | None = choice(
        None,
        ChoiceField(
            "task", "What to tell of the target; without it, it follows from the target", options=TASKS
        ),
    )
    sample_rows: int | None = choice(
        None,
        ChoiceField(
            "rows of a sample", "So many random rows are read, instead of all", range=Range(1, whole=True)
        ),
    )

    def __post_init__(self) -> None:
        """Raise ValueError for a field that can't have its value."""
        for name, value, about in untaken(self):
            raise ValueError(refusal(name, value, about))
        for column, kind in self.kinds.items():
            if kind not in tuple(ColumnKind):
                raise ValueError(unknown(f"kind of the column {column!r}:", kind, tuple(ColumnKind)))
        for column, form in self.number_forms.items():
            try:
                NumberForm.of(form)
            except ValueError as error:
                raise ValueError(f"numbers of the column {column!r}: {error}") from None

        for column, form in self.date_forms.items():
            if not _is_date_form(form):
                raise ValueError(
                    f"dates of the column {column!r}: {form!r} is no way to write dates: %d/%m/%Y, or %m/%d/%Y, say"
                )

    @property
    def forms(self) -> dict[str, NumberForm | str]:
        """How the numbers of some columns are written, and the date formats of others."""
        numbers = {column: NumberForm.of(form) for column, form in self.number_forms.items()}
        return {**self.date_forms, **numbers}


def _is_date_form(form: str) -> bool:
    day = datetime(2001, 12, 31)
    try:
        return datetime.strptime(day.strftime(form), form) == day
    except ValueError:
        return False
