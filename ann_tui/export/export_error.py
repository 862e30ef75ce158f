"""What another program can't be given."""


class ExportError(ValueError):
    """A model, or an option of it, that can't be exported; its text is one line."""
