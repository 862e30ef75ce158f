"""What goes wrong with a model file."""


class ModelError(ValueError):
    """A model file that can't be read or written; the message is one line that says what is wrong."""
