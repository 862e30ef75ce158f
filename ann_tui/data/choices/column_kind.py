"""What a column holds, as far as learning from it is concerned."""

from enum import StrEnum


class ColumnKind(StrEnum):
    """The kind of a column; the value is the word used in files, screens and on the command line."""

    NUMBER = "number"
    CATEGORY = "category"
    BOOLEAN = "boolean"
    DATE = "date"
    TEXT = "text"
    IDENTIFIER = "identifier"
