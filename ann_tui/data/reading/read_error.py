"""What goes wrong while a file is read, each as one line for the person."""


class ReadError(ValueError):
    """The file cannot be read as a table; the message says in one line what it is and what to do."""


class TooLargeError(ReadError):
    """The table would not fit in memory; `rows` random rows would.

    `needed` and `available` are bytes.
    """

    def __init__(self, message: str, *, needed: int, available: int, rows: int) -> None:
        super().__init__(message)
        self.needed = needed
        self.available = available
        self.rows = rows


class ReadCancelledError(ReadError):
    """The person stopped the reading."""
