"""What can't be written."""


class ExportError(ValueError):
    """A network that can't be written as asked; the message is one line that names the option and says what to do."""
